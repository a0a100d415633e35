"""Which days an issue covers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.newsletter.periods import day_range, parse_period, period_of


@pytest.mark.parametrize(
    ("id", "kind", "first", "last"),
    [
        ("2026-11", "monthly", "2026-11-01", "2026-11-30"),
        ("2024-02", "monthly", "2024-02-01", "2024-02-29"),
        ("2026-W47", "weekly", "2026-11-16", "2026-11-22"),
        ("2026-W01", "weekly", "2025-12-29", "2026-01-04"),
        ("2026-W53", "weekly", "2026-12-28", "2027-01-03"),
        ("2026-Q1", "quarterly", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "quarterly", "2026-10-01", "2026-12-31"),
        ("2026-11-03--2026-11-20", "range", "2026-11-03", "2026-11-20"),
        ("2026-11-03--2026-11-03", "range", "2026-11-03", "2026-11-03"),
    ],
)
def test_an_id_names_days(id, kind, first, last):
    period = parse_period(id)
    assert period is not None
    assert (period.id, period.kind) == (id, kind)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "november",
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "2026-11 ",
        "2026-w47",
        "2026-W00",
        "2025-W53",  # 2025 has 52 weeks
        "2026-Q5",
        "0000-01",
        "2026-11-20--2026-11-03",
        "2026-02-30--2026-03-01",
        "２０２６-11",
        "../2026-11",
    ],
)
def test_other_texts_name_none(text):
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-11-22", "2026-W47"),
        ("2026-11-23", "2026-W48"),
        ("2024-12-29", "2024-W52"),
        ("2024-12-30", "2025-W01"),
        ("2027-01-01", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("9999-12-31", "9999-W52"),
    ],
)
def test_weeks_are_those_of_iso_8601(day, week):
    assert period_of(dt.date.fromisoformat(day), "weekly").id == week


@given(st.dates(), st.sampled_from(["monthly", "weekly", "quarterly"]))
def test_the_period_of_a_day_holds_it_and_has_an_id_that_leads_back(day, kind):
    period = period_of(day, kind)
    assert day in period
    assert parse_period(period.id) == period


@given(st.dates(max_value=dt.date(9999, 12, 30)), st.sampled_from(["monthly", "weekly", "quarterly"]))
def test_periods_neither_overlap_nor_leave_gaps(day, kind):
    today, tomorrow = period_of(day, kind), period_of(day + dt.timedelta(days=1), kind)
    assert today == tomorrow or tomorrow.first - today.last == dt.timedelta(days=1)


@given(st.dates(), st.dates())
def test_a_range_is_its_own_id(a, b):
    period = day_range(min(a, b), max(a, b))
    assert parse_period(period.id) == period
