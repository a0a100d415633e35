"""Dates as Eleventy reads them: those of YAML by js-yaml, others by Luxon; all become instants."""

from __future__ import annotations

import datetime as dt
import re

from feeds.data import place
from feeds.errors import FeedsError, Location
from feeds.generators.dates import at_time
from feeds.generators.eleventy.paths import path_date
from feeds.generators.javascript.dates import yaml_date
from feeds.generators.rules import Dates, no_date
from feeds.generators.values import first_key, warn
from feeds.model import Reading, Scalar, Source, Value

_ISO_DAY = re.compile(
    r"(?P<year>\d{4})(?:-?W(?P<week>\d\d)(?:-?(?P<weekday>\d))?|-?(?P<yearday>\d{3})|-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?)?"
    r"(?:T(?P<time>.*))?",
    re.ASCII,
)
_ISO_TIME = re.compile(
    r"(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,30}))?)?)?(?:(Z)|([+-])(\d\d)(?::?(\d\d))?)?(?:\[[\w/+-]+\])?",
    re.ASCII | re.IGNORECASE,
)
_WORDS = {
    "git last modified": "updated",
    "last modified": "updated",
    "git created": "created",
    "created": "created",
}
_HELP = "write it as 2026-11-22, or with a time as 2026-11-22T09:30:00+01:00"
_GIT = (
    'write dates = "git" under [posts] in feeds.toml to take it from git, or date: 2026-11-22 into the post'
)


def read_dates(
    source: Source, keys: tuple[str, ...], updated: tuple[str, ...], shown: str, reading: Reading
) -> Dates:
    """When a post was published and changed.

    Args:
        source: the post, with the data of its folders.
        keys: of the date.
        updated: of the last change.
        shown: its path from the project's root on, in which a date may stand.
        reading: what git knows.

    Raises:
        FeedsError: a date is none, or there is none: Eleventy then takes when the file was made on its disk.
    """
    fields = source.fields
    key = first_key(fields, keys)
    value = fields.values[key] if key else None
    history = reading.history(source)
    if isinstance(value, Scalar) and (word := _WORDS.get(value.strip().lower())):
        date = getattr(history, word) if history else None
        if date is None:
            message = f"the date is {str(value)!r}, which only git or the disk knows"
            raise FeedsError(message, fields.at(key or ""), _GIT, rule="no-date")
    elif value is not None and not (isinstance(value, Scalar) and value == ""):
        date = at_time(parse_eleventy_date(value, source), str(value), reading.time)
    elif named := _named_date(source, shown):
        date = at_time(named, "", reading.time)
    elif history and history.created:
        date = history.created
    else:
        raise no_date(source, keys[0], uncommitted=history is not None)
    return Dates(date, _updated(source, updated, reading) or (history.updated if history else None))


def _named_date(source: Source, shown: str) -> dt.datetime | None:
    try:
        day = path_date(shown)
    except ValueError as error:
        message = f"the date in the file's path is none: {error}"
        raise FeedsError(
            message, Location(source.fields.path, 1), "rename it, or write date: 2026-11-22", rule="date"
        ) from None
    return dt.datetime.combine(day, dt.time(), dt.UTC) if day else None


def _updated(source: Source, keys: tuple[str, ...], reading: Reading) -> dt.datetime | None:
    key = first_key(source.fields, keys)
    if key is None:
        return None
    try:
        value = source.fields.values[key]
        return at_time(parse_eleventy_date(value, source), str(value), reading.time)
    except FeedsError as error:  # Eleventy itself gives these keys no meaning
        warn(reading.report, error.rule, error.message, error.at or source.fields.at(key), error.help)
        return None


def parse_eleventy_date(value: Value, source: Source) -> dt.datetime:
    """The instant that a value means, in UTC; days that do not exist roll over in YAML's own dates.

    Raises:
        FeedsError: it is none, for Eleventy either.
    """
    at = place(value, source.fields.path)
    if not isinstance(value, Scalar) or value.kind in ("int", "float", "bool"):
        raise FeedsError("a date is wanted here", at, _HELP, rule="date")
    text = value if value.quoted else value.strip()
    try:
        found = None if value.quoted else yaml_date(text)
        found = found or _iso_date(text)
    except (ValueError, OverflowError) as error:
        raise FeedsError(f"{str(value)!r} is not a date: {error}", at, _HELP, rule="date") from None
    if found is None:
        raise FeedsError(f"{str(value)!r} is not a date", at, _HELP, rule="date")
    return found.astimezone(dt.UTC)


def _iso_date(text: str) -> dt.datetime | None:
    """A date of ISO 8601 as Luxon reads it; UTC where it names no zone."""
    found = _ISO_DAY.fullmatch(text)
    if not found:
        return None
    year = int(found["year"])
    if found["week"]:
        day = dt.date.fromisocalendar(year, int(found["week"]), int(found["weekday"] or 1))
    elif found["yearday"]:
        day = dt.date(year, 1, 1) + dt.timedelta(days=int(found["yearday"]) - 1)
        if day.year != year or found["yearday"] == "000":
            raise ValueError("there is no such day in the year")
    else:
        day = dt.date(year, int(found["month"] or 1), int(found["day"] or 1))
    start = dt.datetime.combine(day, dt.time(), dt.UTC)
    if found["time"] is None:
        return start
    time = _ISO_TIME.fullmatch(found["time"])
    if not time:
        return None
    hour, minute, second, fraction, _, sign, hours, minutes = time.groups()
    if int(hour) == 24 and not (int(minute or 0) or int(second or 0)):
        start, hour = start + dt.timedelta(days=1), "0"
    millisecond = int((fraction or "0")[:3].ljust(3, "0"))
    clock = dt.time(int(hour), int(minute or 0), int(second or 0), millisecond * 1000)
    offset = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    date = dt.datetime.combine(start.date(), clock, dt.UTC)
    return date + offset if sign == "-" else date - offset
