"""The calendar of issues: which days an issue covers, and the id that says so."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_RANGE = "range"
_ID = re.compile(
    r"(?P<year>[0-9]{4})-(?:(?P<month>[0-9]{2})|W(?P<week>[0-9]{2})|Q(?P<quarter>[1-4]))"
    r"|(?P<first>[0-9]{4}-[0-9]{2}-[0-9]{2})--(?P<last>[0-9]{4}-[0-9]{2}-[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days in a row, `first` and `last` inclusive; `kind` is `monthly`, `weekly`, `quarterly` or `range`."""

    id: str
    kind: str
    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def parse_period(text: str) -> Period | None:
    """The period that an issue's id names; None when the text names none.

    `2026-11` is a month, `2026-W47` an ISO 8601 week (Monday to Sunday), `2026-Q4` a quarter and
    `2026-11-03--2026-11-20` the days from one to the other.
    """
    found = _ID.fullmatch(text)
    if found is None:
        return None
    try:
        if found["first"]:
            first, last = dt.date.fromisoformat(found["first"]), dt.date.fromisoformat(found["last"])
            return day_range(first, last) if first <= last else None
        year = int(found["year"])
        if found["month"]:
            return _month(dt.date(year, int(found["month"]), 1))
        if found["week"]:
            return _week(dt.date.fromisocalendar(year, int(found["week"]), 1))
        return _quarter(dt.date(year, 3 * int(found["quarter"]), 1))
    except ValueError:
        return None


def period_of(day: dt.date, kind: str) -> Period:
    """The month, week or quarter in which a day lies; `kind` as in `Period`, but for `range`."""
    return _KINDS[kind](day)


def day_range(first: dt.date, last: dt.date) -> Period:
    """The days from one to the other."""
    return Period(f"{first.isoformat()}--{last.isoformat()}", _RANGE, first, last)


def _month(day: dt.date) -> Period:
    return _month_of(day.year, day.month)


@lru_cache(maxsize=1024)
def _month_of(year: int, month: int) -> Period:
    first, days = dt.date(year, month, 1), calendar.monthrange(year, month)[1]
    return Period(f"{year:04d}-{month:02d}", "monthly", first, first.replace(day=days))


def _week(day: dt.date) -> Period:
    year, week, weekday = day.isocalendar()
    first = day - dt.timedelta(days=weekday - 1)
    last = first + dt.timedelta(days=min(6, (dt.date.max - first).days))
    return Period(f"{year:04d}-W{week:02d}", "weekly", first, last)


def _quarter(day: dt.date) -> Period:
    quarter = (day.month + 2) // 3
    last = _month(dt.date(day.year, 3 * quarter, 1)).last
    return Period(f"{day.year:04d}-Q{quarter}", "quarterly", dt.date(day.year, 3 * quarter - 2, 1), last)


_KINDS: dict[str, Callable[[dt.date], Period]] = {
    "monthly": _month,
    "weekly": _week,
    "quarterly": _quarter,
}
