"""Dates as Docusaurus has them: YAML's own by js-yaml, texts by JavaScript's `Date`, both in UTC."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from feeds.data import place
from feeds.errors import FeedsError
from feeds.generators.javascript.dates import yaml_date
from feeds.model import Fields, Scalar, Value

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?", re.ASCII)
_CLOCK = r"(?:[, ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?: ?[-+]\d\d:?\d\d)?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}", re.ASCII)
_MONTH_FIRST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_CLOCK}", re.ASCII)
_WORDED = re.compile(
    rf"(?:[a-z]+,? )?(?:([a-z]{{3,}})\.? (\d{{1,2}})|(\d{{1,2}})[ -]([a-z]{{3,}})),?[ -](\d{{4}}){_CLOCK}",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ZONED = re.compile(r".*\d(?:Z|[-+]\d\d:?\d\d)", re.DOTALL)
_EARLIEST, _LATEST = 1000, 9998
_HELP = "write it as 2026-11-22, or with a time as 2026-11-22T09:30:00Z"


def parse_docusaurus_date(value: Value, fields: Fields) -> dt.datetime:
    """The instant of a date in front matter; days that the month does not have roll over into the next.

    Raises:
        FeedsError: it is no date for Docusaurus either.
    """
    at = place(value, fields.path)
    if not isinstance(value, Scalar):
        raise FeedsError("a date is wanted here", at, _HELP, rule="date")
    date = _from_yaml(value) if not value.quoted else None
    if date is None:
        date = parse_text_date(value)
    if date is not None and _EARLIEST <= date.year <= _LATEST:
        return date
    help = "remove the quotes" if value.quoted and _ZONED.fullmatch(value) else _HELP
    raise FeedsError(f"{str(value)!r} is not a date that Docusaurus takes", at, help, rule="date")


def parse_text_date(text: str) -> dt.datetime | None:
    """What JavaScript makes of a text with a `Z` after it, which ends any time it has; None for no date."""
    text = text.lstrip()
    if found := _ISO.fullmatch(text):
        year, month, day, *clock = found.groups()
        return _checked(year, month or "1", day or "1", clock)
    if found := _YEAR_FIRST.fullmatch(text):
        return _checked(found[1], found[2], found[3], found.groups()[3:])
    if found := _MONTH_FIRST.fullmatch(text):
        return _checked(found[3], found[1], found[2], found.groups()[3:])
    if found := _WORDED.fullmatch(text):
        name, day, other_day, other_name, year, *clock = found.groups()
        short = (name or other_name)[:3].lower()
        if short in _MONTHS:
            return _checked(year, str(_MONTHS.index(short) + 1), day or other_day, clock)
    return None


def _from_yaml(text: str) -> dt.datetime | None:
    """What js-yaml takes for a date without quotes."""
    try:
        return yaml_date(text)
    except (ValueError, OverflowError):  # a year that cannot be meant
        return None


def _checked(year: str, month: str, day: str, clock: Sequence[str | None]) -> dt.datetime | None:
    """The instant in UTC of numbers that fit; only the day may be one that the month does not have."""
    hour, minute, second = (int(part or 0) for part in clock[:3])
    milliseconds = int((clock[3] or "")[:3].ljust(3, "0"))
    midnight = hour == 24 and not (minute or second or milliseconds)
    fits = 1 <= int(month) <= 12 and 1 <= int(day) <= 31 and minute < 60 and second < 60
    if not fits or not (hour < 24 or midnight):
        return None
    try:
        start = dt.datetime(int(year), int(month), 1, tzinfo=dt.UTC)
    except ValueError:  # the year 0
        return None
    return start + dt.timedelta(
        days=int(day) - 1, hours=hour, minutes=minute, seconds=second, milliseconds=milliseconds
    )
