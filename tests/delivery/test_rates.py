"""Limits by the second and by the hour."""

from hypothesis import given
from hypothesis import strategies as st

from feeds.delivery.rates import Pace, Window


@given(
    st.integers(1, 20),
    st.lists(st.floats(0, 4000), max_size=40),
    st.floats(0, 3600),
)
def test_no_hour_has_more_than_the_limit(limit, gaps, start):
    now, window, sent = 1.8e9 + start, Window(limit), []
    for gap in gaps:
        now += gap
        count = min(3, window.room(now))
        window.add(now, count)
        sent += [now] * count
    for first in sent:
        assert len([one for one in sent if first <= one < first + 3600]) <= limit


@given(st.integers(1, 5), st.lists(st.integers(0, 3599), min_size=1, max_size=5))
def test_a_full_window_opens_just_when_it_says(limit, ages):
    now, window = 1.8e9, Window(limit)
    for age in ages:
        window.add(now - age, 1)
    opens = window.opens(now)
    assert opens == now or window.room(opens - 1) == 0
    assert window.room(opens) >= 1


@given(st.integers(1, 5), st.integers(0, 30))
def test_who_waits_behind_others_waits_no_shorter(limit, ahead):
    now, window = 1.8e9, Window(limit)
    window.add(now, limit)
    assert now < window.opens(now, ahead) <= window.opens(now, ahead + 1)
    assert window.opens(now, ahead + limit) == window.opens(now, ahead) + 3720


def test_what_did_not_go_is_given_back():
    window = Window(2)
    window.add(60, 2)
    assert window.room(61) == 0
    window.add(61, -1)
    assert window.room(61) == 1


def test_what_is_given_back_late_makes_no_room_for_more_than_the_limit():
    window = Window(2)
    window.add(60, 2)
    window.add(600, -2)
    assert window.room(600) == 0
    assert window.room(63 * 60) == 2


def test_what_earlier_runs_used_counts():
    minute = int(1.8e9 // 60)
    assert Window(5, {minute - 10: 3, minute - 62: 2}).room(1.8e9) == 2


def test_turns_are_evenly_spaced_and_the_first_is_one_gap_away():
    pace = Pace(4, 100.0)
    assert [100.0 + pace.turn(100.0) for _ in range(3)] == [100.25, 100.5, 100.75]
    assert pace.turn(200.0) == 0


def test_no_limit_is_no_wait():
    pace = Pace(0, 100.0)
    assert {pace.turn(100.0) for _ in range(5)} == {0}
