"""Dates as Jekyll reads them: with Ruby's `Time.parse`, which takes many forms, in the site's zone."""

from __future__ import annotations

import datetime as dt
import re

from feeds.data import place
from feeds.errors import FeedsError
from feeds.generators.jekyll.values import stamp
from feeds.model import Fields, Scalar, Value

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAYS = (
    re.compile(r"(?P<year>\d{2,4})-(?P<month>\d\d?)-(?P<day>\d\d?)(?!\d)"),
    re.compile(r"(?P<year>\d{4})/(?P<month>\d\d?)/(?P<day>\d\d?)(?!\d)"),
    re.compile(r"(?P<year>\d{4})\.(?P<month>\d\d?)\.(?P<day>\d\d?)(?!\d)"),
    re.compile(r"(?P<day>\d\d?)[/.](?P<month>\d\d?)[/.](?P<year>\d{4})(?!\d)"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?!\d)"),
    re.compile(rf"(?P<day>\d\d?)(?:st|nd|rd|th)?[ -]+{_MONTH},?[ -]+(?P<year>\d{{4}})(?!\d)"),
    re.compile(rf"{_MONTH} +(?P<day>\d\d?)(?:st|nd|rd|th)?,? +(?P<year>\d{{4}})(?!\d)"),
)
_WEEKDAY = re.compile(r"(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,? +")
_TIME = re.compile(
    r"(?:t|,? +(?:at +)?)(?P<hour>\d\d?)(?::(?P<minute>\d\d?)(?::(?P<second>\d\d?)(?:[.,]\d+)?)?)?"
    r"(?P<half> *[ap]\.?m\b\.?)?(?: *(?P<zone>[-+]\d\d?(?::?\d\d){0,2}(?!\d)|[a-z][a-z/_]*))?"
)
_OFFSET = re.compile(r"([-+])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?")
_ZONES = {
    **dict.fromkeys(("utc", "z", "ut", "gmt"), 0),
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    **{letter: hours for hours, letter in enumerate("abcdefghi", 1)},
    **{letter: hours for hours, letter in enumerate("klm", 10)},
    **{letter: -hours for hours, letter in enumerate("nopqrstuvwxy", 1)},
}
_EARLIEST, _LATEST = 1000, 9998
_HELP = "write it as 2026-11-22, or with a time as 2026-11-22 09:30:00 +0100"


def parse_value(value: Value, fields: Fields, zone: dt.tzinfo) -> dt.datetime:
    """A front matter date in the site's zone.

    Raises:
        FeedsError: Ruby would find no date in it, or none that can be meant.
    """
    at = place(value, fields.path)
    if not isinstance(value, Scalar):
        raise FeedsError("a date is wanted here", at, _HELP, rule="date")
    date = stamp(value) or parse_text(value, zone)
    if date is None:
        raise FeedsError(f"{str(value)!r} is not a date", at, _HELP, rule="date")
    if not _EARLIEST <= date.year <= _LATEST:
        raise FeedsError(f"the year of {str(value)!r} cannot be meant", at, _HELP, rule="date")
    return date.astimezone(dt.UTC).astimezone(zone)  # by way of UTC, as some times of day do not exist


def parse_text(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    """The date and time in a text, those without a zone in the given one; None if there is no day in it.

    Days that a month does not have roll over into the next one.
    """
    text = text.strip().lower()
    if weekday := _WEEKDAY.match(text):
        text = text[weekday.end() :]
    found = next((found for pattern in _DAYS if (found := pattern.match(text))), None)
    if not found:
        return None
    parts = found.groupdict()
    month = _MONTHS.index(parts["name"]) + 1 if "name" in parts else int(parts["month"])
    try:
        first = dt.datetime(_year(parts["year"]), month, 1, tzinfo=zone)
        day = int(parts["day"])
        if not 1 <= day <= 31:
            return None
        clock, name = _time(_TIME.match(text, found.end()))
        return _placed(first + dt.timedelta(days=day - 1) + clock, _zone(name, zone, first.year) or zone)
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= 69 else 2000)


def _time(found: re.Match[str] | None) -> tuple[dt.timedelta, str]:
    if not found:
        return dt.timedelta(), ""
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["minute"] is None and not found["half"]:
        return dt.timedelta(), ""
    if found["half"]:
        hour = hour % 12 + (12 if "p" in found["half"] else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError
    return dt.timedelta(hours=hour, minutes=minute, seconds=second), found["zone"] or ""


def _zone(text: str, site: dt.tzinfo, year: int) -> dt.tzinfo | None:
    """The zone of an offset, or of an abbreviation that Ruby's `Time` knows or the site's own zone has.

    Ruby takes all others for none.
    """
    if found := _OFFSET.fullmatch(text):
        sign, *parts = found.groups()
        hours, minutes, seconds = (int(part or 0) for part in parts)
        offset = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return dt.timezone(-offset if sign == "-" else offset)
    if text in _ZONES:
        return dt.timezone(dt.timedelta(hours=_ZONES[text]))
    for month in (1, 7):
        date = dt.datetime(year, month, 1, tzinfo=site)
        if text and (date.tzname() or "").lower() == text:
            return dt.timezone(date.utcoffset() or dt.timedelta())
    return None


def _placed(clock: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """A time of day in a zone: the later one of two, and an hour later where the clock leaps over it."""
    date = clock.replace(tzinfo=zone)
    exists = date.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == clock.replace(tzinfo=None)
    return date.replace(fold=1) if exists else date
