"""Dates as JavaScript has them: YAML's own by js-yaml, texts by `Date`."""

from __future__ import annotations

import datetime as dt
import re

_YAML_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_YAML_TIME = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?"
    r"(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?",
    re.ASCII,
)
_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_CLOCK = (
    r"(?:[T, ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?: ?([AaPp])[Mm])?)?"
    r"(?: ?(Z|GMT|UTC|UT)?([-+]\d\d:?\d\d)?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}", re.ASCII)
_MONTH_FIRST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_CLOCK}", re.ASCII)
_WORDED = re.compile(
    rf"(?:[a-z]+,? )?(?:([a-z]{{3,}})\.? (\d{{1,2}})|(\d{{1,2}})[ -]([a-z]{{3,}}))\.?,?[ -](\d{{4}}){_CLOCK}",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def yaml_date(text: str) -> dt.datetime | None:
    """A timestamp of YAML without quotes, as js-yaml makes a `Date` of it; None for what it takes for a text.

    What is too large counts on: `2017-02-29` is the first of March.

    Raises:
        OverflowError, ValueError: the year cannot be held.
    """
    if day := _YAML_DAY.fullmatch(text):
        return _rolled(*map(int, day.groups()))
    found = _YAML_TIME.fullmatch(text)
    if not found:
        return None
    *numbers, fraction, zone, sign, hours, minutes = found.groups()
    date = _rolled(*map(int, numbers)) + dt.timedelta(milliseconds=_milliseconds(fraction))
    if zone and sign:
        offset = dt.timedelta(hours=int(hours), minutes=int(minutes or 0))
        date = date - offset if sign == "+" else date + offset
    return date


def text_date(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    """What `new Date(text)` gives; None for what is no date.

    Args:
        text: ISO 8601, of which days count in UTC, or what engines take besides, such as `Jul 08 2022`.
        zone: of dates that name none, as it is set where the site is built.

    Raises:
        OverflowError, ValueError: a part is out of its bounds.
    """
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, fraction, offset = found.groups()
        own = dt.UTC if hour is None else zone
        moment = (
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
        )
        return _zoned(dt.datetime(*moment, _milliseconds(fraction) * 1000, tzinfo=own), offset)
    if found := _YEAR_FIRST.fullmatch(text):
        return _local(found[1], found[2], found[3], found.groups()[3:], zone)
    if found := _MONTH_FIRST.fullmatch(text):
        return _local(found[3], found[1], found[2], found.groups()[3:], zone)
    if found := _WORDED.fullmatch(text):
        name, day, other_day, other_name, year, *clock = found.groups()
        short = (name or other_name)[:3].lower()
        if short in _MONTHS:
            return _local(year, str(_MONTHS.index(short) + 1), day or other_day, tuple(clock), zone)
    return None


def _local(year: str, month: str, day: str, clock: tuple[str | None, ...], zone: dt.tzinfo) -> dt.datetime:
    hour, minute, second, fraction, half, name, offset = clock
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half in "pP" else 0)
    start = dt.datetime(int(year), int(month), 1, hours, int(minute or 0), int(second or 0), tzinfo=zone)
    if not 1 <= int(day) <= 31:
        raise ValueError("there is no such day")
    date = start + dt.timedelta(days=int(day) - 1, milliseconds=_milliseconds(fraction))
    return _zoned(date.replace(tzinfo=dt.UTC) if name else date, offset)


def _zoned(date: dt.datetime, offset: str | None) -> dt.datetime:
    if not offset or offset == "Z":
        return date.replace(tzinfo=dt.UTC) if offset else date
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    shift = dt.timedelta(hours=hours, minutes=minutes)
    return date.replace(tzinfo=dt.timezone(-shift if offset[0] == "-" else shift))


def _milliseconds(fraction: str | None) -> int:
    return int((fraction or "")[:3].ljust(3, "0"))


def _rolled(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> dt.datetime:
    first = dt.datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=dt.UTC)
    return first + dt.timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)
