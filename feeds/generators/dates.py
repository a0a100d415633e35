"""Dates as posts write them, as aware datetimes."""

from __future__ import annotations

import datetime as dt
import re

from feeds.data import place
from feeds.errors import FeedsError
from feeds.model import Fields, Scalar, Value

# The timestamps of YAML 1.1 (https://yaml.org/type/timestamp.html), as PyYAML reads them.
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d*))?)?"
    r"(?:[ \t]*(?:(Z|z)|([-+])(\d\d?):?(\d\d)?))?)?",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HOUR = re.compile(r"\d:\d|\d[Tt]\d|\d ?[AaPp]\.?[Mm]")
_EARLIEST, _LATEST = 1000, 9998
_HELP = "write it as 2026-11-22, or with a time as 2026-11-22T09:30:00+01:00"


def parse_date(
    value: Value, fields: Fields, *, zone: dt.tzinfo, default_time: dt.time, strict: bool
) -> dt.datetime:
    """A front matter date as an aware datetime that keeps the offset it was written with.

    Args:
        value: what the key holds.
        fields: the front matter, for the place in messages.
        zone: of a date without an offset of its own.
        default_time: of a date without a time.
        strict: take only what YAML itself takes for a date, unquoted, as Material does.

    Raises:
        FeedsError: it is no date, no day of the calendar, or implausible (before the year 1000).
    """
    if not isinstance(value, Scalar):
        raise _refused("a date is wanted here", value, fields)
    if strict and value.kind == "str":
        if value.quoted and _TIMESTAMP.fullmatch(value):
            raise _refused(f"the date {str(value)!r} is quoted", value, fields, "remove the quotes")
        raise _refused(f"{str(value)!r} is not a date", value, fields)
    try:
        date = _combined(value, zone, default_time)
    except ValueError as error:
        raise _refused(f"{str(value)!r} is not a date: {error}", value, fields) from None
    if date is None:
        raise _refused(f"{str(value)!r} is not a date", value, fields)
    if not _EARLIEST <= date.year <= _LATEST:
        raise _refused(f"the year of {str(value)!r} cannot be meant", value, fields)
    return date


def _refused(message: str, value: Value, fields: Fields, help: str = _HELP) -> FeedsError:
    return FeedsError(message, place(value, fields.path), help, rule="date")


def at_time(date: dt.datetime, text: str, time: dt.time) -> dt.datetime:
    """A date at a time of day that the settings name, if its text names none."""
    return date if _HOUR.search(text) else dt.datetime.combine(date.date(), time, date.tzinfo)


def _combined(text: str, zone: dt.tzinfo, default_time: dt.time) -> dt.datetime | None:
    if _DAY.fullmatch(text):
        return dt.datetime.combine(dt.date.fromisoformat(text), default_time, zone)
    found = _TIMESTAMP.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, utc, sign, off_hours, off_minutes = found.groups()
    date = dt.date(int(year), int(month), int(day))
    if hour is None:
        return dt.datetime.combine(date, default_time, zone)
    time = dt.time(int(hour), int(minute), int(second or 0), int((fraction or "0")[:6].ljust(6, "0")))
    if utc:
        zone = dt.UTC
    elif sign:
        offset = dt.timedelta(hours=int(off_hours), minutes=int(off_minutes or 0))
        zone = dt.timezone(-offset if sign == "-" else offset)
    return dt.datetime.combine(date, time, zone)
