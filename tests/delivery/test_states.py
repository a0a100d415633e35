"""The states of a letter, and what leads from one to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.delivery.states import (
    GIVE_UP,
    IN_HAND,
    LONGEST_WAIT,
    Event,
    State,
    after,
    is_dead,
    kind_of,
    next_attempt,
    recovery,
    sources,
    target,
)

HAPPY = (Event.CLAIM, Event.SEND, Event.ACCEPT)


def test_a_letter_is_claimed_marked_and_accepted():
    state, seen = State.PENDING, []
    for event in HAPPY:
        state = after(state, event)
        seen.append(state)
    assert seen == [State.CLAIMED, State.SENDING, State.ACCEPTED]


@pytest.mark.parametrize("event", list(Event))
def test_nothing_leaves_accepted(event):
    with pytest.raises(ValueError, match=f"{event} cannot happen to a letter that is accepted"):
        after(State.ACCEPTED, event)


@pytest.mark.parametrize("state", [State.UNKNOWN, State.REJECTED, State.SUPPRESSED, State.EXPIRED])
def test_only_what_is_asked_for_leaves_an_end(state):
    leaving = {event for event in Event if state in sources(event)}
    assert leaving <= {Event.RETRY, Event.REOPEN}


def test_nothing_is_accepted_that_was_not_marked_before():
    assert sources(Event.ACCEPT) == {State.SENDING}
    assert sources(Event.SEND) == {State.CLAIMED}


@given(st.lists(st.sampled_from([event for event in Event if event is not Event.RETRY])))
def test_whatever_happens_no_letter_is_taken_twice(events):
    state, bytes_left = State.PENDING, 0
    for event in events:
        if state in sources(event):
            # What a server refuses, or what never left, counts for nothing.
            if event in (Event.ACCEPT, Event.LOSE):
                bytes_left += 1
            state = target(event)
    assert bytes_left <= 1


@pytest.mark.parametrize(
    ("state", "same_boot", "event"),
    [
        (State.CLAIMED, True, Event.RELEASE),
        (State.SENDING, True, Event.LOSE),
        (State.CLAIMED, False, Event.LOSE),
        (State.SENDING, False, Event.LOSE),
        (State.ACCEPTED, True, None),
        (State.PENDING, False, None),
        (State.UNKNOWN, False, None),
    ],
)
def test_after_a_kill_what_was_begun_is_in_doubt_and_after_a_power_cut_all_in_hand(state, same_boot, event):
    assert recovery(state, same_boot=same_boot) is event


@given(st.sampled_from(list(State)), st.booleans())
def test_a_recovered_letter_is_in_nobodys_hand(state, same_boot):
    event = recovery(state, same_boot=same_boot)
    assert (after(state, event) if event else state) not in IN_HAND


def test_waits_double_and_are_spread():
    waits = [next_attempt(attempts, 0, 1000, 0.5) - 1000 for attempts in range(1, 12)]
    assert waits[:5] == [60, 120, 240, 480, 960]
    assert waits[-1] == LONGEST_WAIT
    assert next_attempt(1, 0, 0, 0) == 45
    assert next_attempt(1, 0, 0, 0.999) == pytest.approx(75, abs=0.1)


def test_nothing_is_tried_after_two_days():
    assert next_attempt(30, first_at=0, now=GIVE_UP - LONGEST_WAIT, chance=0.5) == GIVE_UP
    assert next_attempt(30, first_at=0, now=GIVE_UP - LONGEST_WAIT + 1, chance=0.5) is None


@given(st.floats(0, 0.999))
def test_a_letter_that_is_always_put_off_ends(chance):
    now, attempts = 1.8e9, 1
    while (due := next_attempt(attempts, 1.8e9, now, chance)) is not None:
        assert due > now
        now, attempts = due, attempts + 1
    assert 10 < attempts < 40
    assert now <= 1.8e9 + GIVE_UP


@pytest.mark.parametrize(
    ("code", "text", "kind", "dead"),
    [
        (550, "5.1.1 no such user", "5.1.1", True),
        (556, "5.1.10 takes no mail", "5.1.10", True),
        (550, "5.1.100 what is this", "5.1.100", False),
        (552, "5.2.2 mailbox full", "5.2.2", False),
        (550, "5.7.1 blocked", "5.7.1", False),
        (553, "5.1.8 bad sender", "5.1.8", False),
        (550, "no such user", "550", False),
        (450, "5.1.1 says two things", "450", False),
        (0, "", "0", False),
    ],
)
def test_only_an_address_that_does_not_exist_is_dead(code, text, kind, dead):
    assert kind_of(code, text) == kind
    assert is_dead(code, text) is dead
