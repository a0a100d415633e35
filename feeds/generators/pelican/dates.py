"""Dates as Pelican reads them (`pelican.utils.get_date`): in nearly any form, but nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re

from feeds.data import place
from feeds.errors import FeedsError
from feeds.model import Fields, Scalar, Value

_MAX_LENGTH = 100
_EARLIEST, _LATEST = 1000, 9998
_PIVOT = 2026  # two-digit years are those within half a century of this one, whatever year it is now
_HELP = "write it as 2026-11-22 09:30"

# Two days that share nothing: what differs between readings that begin with them was not written.
_DEFAULTS = (dt.datetime(2003, 2, 4, 1, 5), dt.datetime(2016, 9, 17, 20, 46))  # noqa: DTZ001
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)


def parse_date(value: Value, fields: Fields, *, zone: dt.tzinfo, time: dt.time) -> dt.datetime:
    """A date as an aware datetime that keeps the offset it was written with.

    Args:
        value: what the key holds; of several lines, the first counts.
        fields: the header, for the place in messages.
        zone: of a date without an offset of its own.
        time: of a date without a time.

    Raises:
        FeedsError: it is no date, or what it leaves out depends on the day or the machine.
    """
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, Scalar):
        raise FeedsError("a date is wanted here", place(value, fields.path), _HELP, rule="date")
    text = re.sub(" +", " ", first)
    try:
        date = _parse(text, zone, time)
        if not _EARLIEST <= date.year <= _LATEST:
            raise ValueError("such a year cannot be meant")
        return date
    except (ValueError, OverflowError, TypeError) as error:
        message = f"{str(first)!r} is not a date"
        reason = str(error) if isinstance(error, _LeftOpenError) else ""
        raise FeedsError(
            f"{message}: {reason}" if reason else message, place(first, fields.path), _HELP, rule="date"
        ) from None


class _LeftOpenError(ValueError):
    """Something that a date leaves to the day or the machine."""


def _parse(text: str, zone: dt.tzinfo, time: dt.time) -> dt.datetime:
    if found := _ISO.fullmatch(text):  # what nearly all posts write
        year, month, day, hour, minute, second = (
            None if part is None else int(part) for part in found.groups()
        )
        date = dt.date(year or 0, month or 0, day or 0)
        if hour is None:
            return dt.datetime.combine(date, time, zone)
        return dt.datetime.combine(date, dt.time(hour, minute or 0, second or 0), zone)
    if len(text) > _MAX_LENGTH:
        raise ValueError
    reading, other = (_read(text, default) for default in _DEFAULTS)
    if reading.date() != other.date():
        raise _LeftOpenError("day, month and year must be written")
    offset = reading.utcoffset()
    if reading.time() != other.time():
        if reading.hour == other.hour:
            reading = reading.replace(minute=0, second=0, microsecond=0)
        else:
            reading = dt.datetime.combine(reading.date(), time, reading.tzinfo)
    return reading.replace(tzinfo=zone if offset is None else dt.timezone(offset) if offset else dt.UTC)


def _read(text: str, default: dt.datetime) -> dt.datetime:
    from dateutil import parser  # type: ignore[import-untyped]

    class Names(parser.parserinfo):  # type: ignore[misc]
        """The words of dates, and a century that does not move on."""

        def convertyear(self, year: int, century_specified: bool = False) -> int:
            if year >= 100 or century_specified:
                return year
            year += _PIVOT // 100 * 100
            return year - 100 if year >= _PIVOT + 50 else year

    def offset(name: str | None, seconds: int | None) -> dt.tzinfo | None:
        if name is None and seconds is None:
            return None
        if seconds is None:
            raise _LeftOpenError(f"which offset {name} is depends on the machine; write +0100 instead")
        return dt.timezone(dt.timedelta(seconds=seconds))

    date: dt.datetime = parser.parser(Names()).parse(text, default=default, tzinfos=offset)
    return date
