"""Dates as Hugo finds and reads them (its package `pagemeta`, and the layouts of `spf13/cast`)."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from feeds.data import is_null, place
from feeds.errors import FeedsError, Location
from feeds.generators.hugo.config import HugoConfig, texts_in
from feeds.generators.rules import Dates, no_date, undated
from feeds.model import Reading, Scalar, Source, Value

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "date": (),
    "lastmod": ("modified",),
    "publishdate": ("pubdate", "published"),
    "expirydate": ("unpublishdate",),
}
_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "publishdate", "lastmod"),
    "lastmod": (":git", "lastmod", "date", "publishdate"),
    "publishdate": ("publishdate", "date"),
    "expirydate": ("expirydate",),
}
_PUBLICATION = frozenset({"date", "publishdate", "pubdate", "published"})
_ALWAYS = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_NUMBERED = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?: ?(Z|[-+]\d\d:?\d\d))?(?: [A-Z][A-Za-z]*)?)?",
    re.ASCII,
)
_NAMED = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, )?(\d\d)[ -]([A-Z][a-z]{2})[ -](\d{4}|\d\d)"
    r"(?: (\d\d):(\d\d)(?::(\d\d))? ([-+]\d{4}|[A-Z]{3,4}))?",
    re.ASCII,
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_EARLIEST, _LATEST = 1000, 9998
_HELP = "write it as 2026-11-22, or with a time as 2026-11-22T09:30:00+01:00"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where each of a page's four dates comes from, in the order in which they are tried (`frontmatter`)."""

    date: tuple[str, ...]
    lastmod: tuple[str, ...]
    publishdate: tuple[str, ...]
    expirydate: tuple[str, ...]
    git: bool = False
    future: bool = False
    expired: bool = False

    def use_file_name(self, values: Mapping[str, Value], name: str) -> bool:
        """Whether one of a page's dates comes from its file's name, which then gives the slug too."""
        chains = (self.date, self.lastmod, self.publishdate, self.expirydate)
        firsts = (
            next((key for key in chain if key == ":filename" or _holds(values, key)), "") for chain in chains
        )
        return ":filename" in firsts and file_date(name)[0] != ""


def _holds(values: Mapping[str, Value], key: str) -> bool:
    value = values.get(key)
    return value is not None and not is_null(value) and value != ""


def date_sources(config: HugoConfig, own: Mapping[str, tuple[str, ...]]) -> Sources:
    """The sources that the configuration names, or the user's own keys in place of them."""
    table = config.table("frontmatter")

    def of(name: str) -> tuple[str, ...]:
        if own.get(name):
            return tuple(key.lower() for key in own[name])
        given = texts_in(table, name)
        listed = _DEFAULTS[name] if given is None else tuple(key.lower() for key in given)
        expanded = (each for key in listed for each in (_DEFAULTS[name] if key == ":default" else (key,)))
        return tuple(dict.fromkeys(each for key in expanded for each in (key, *_ALIASES.get(key, ()))))

    return Sources(
        of("date"),
        of("lastmod"),
        of("publishdate"),
        of("expirydate"),
        git=config.flag("enablegitinfo"),
        future=config.flag("buildfuture"),
        expired=config.flag("buildexpired"),
    )


def file_date(name: str) -> tuple[str, str]:
    """The date that a file's name begins with and the slug that is left of it; both "" without one.

    Args:
        name: without its ending, for a bundle that of its folder.
    """
    base = posixpath.splitext(name)[0] if not name.startswith(".") else name
    for end, pattern in ((19, r"\d{4}-\d\d-\d\d.\d\d[-:]\d\d[-:]\d\d"), (10, r"\d{4}-\d\d-\d\d")):
        found = re.match(pattern, base, re.ASCII | re.DOTALL)
        if found and found.end() == end:
            text = base[:10] + ("T" + base[11:19].replace("-", ":") if end == 19 else "")
            if _numbered(text, dt.UTC, dt.time()):
                return text, base[end:].strip(" -_")
    return "", ""


def hugo_dates(source: Source, reading: Reading, sources: Sources, name: str) -> Dates:
    """A post's dates.

    Args:
        source: the post.
        reading: the zone and time that complete them, and what git knows.
        sources: where they come from.
        name: what `:filename` looks into.

    Raises:
        FeedsError: a key holds what Hugo cannot read either, or only the time of the file would tell.
    """
    reader = _Reader(source, reading, sources, name)
    history = reading.history(source)
    date = reader.first(sources.date) or (history.created if history else None)
    if date:
        reader.given.setdefault("date", date)
    elif ":git" in sources.date and sources.git and history is None:
        help = 'write dates = "git" under [posts] in feeds.toml'
        raise FeedsError(
            "the post's date comes from git", Location(source.fields.path, 1), help, rule="no-date"
        )
    elif ":filemodtime" in sources.date:
        raise no_date(source)
    keys = sources.lastmod
    if history and not sources.git:  # then the last commit counts before the date of publication
        keys = tuple(key for key in keys if key not in _PUBLICATION)
    changed = reader.first(keys) or (history.updated if history else None)
    due = reader.first(sources.publishdate)
    until = None if sources.expired else reader.first(sources.expirydate)
    return Dates(
        date or undated(source, reading), changed, due if due and not sources.future else _ALWAYS, until
    )


class _Reader:
    """Tries sources of dates one after the other; what one date has found is there for the next."""

    def __init__(self, source: Source, reading: Reading, sources: Sources, name: str) -> None:
        self.source, self.reading, self.sources, self.name = source, reading, sources, name
        self.given: dict[str, dt.datetime] = {}

    def first(self, keys: tuple[str, ...]) -> dt.datetime | None:
        for key in keys:
            if found := self._read(key):
                return found
        return None

    def _read(self, key: str) -> dt.datetime | None:
        if key == ":filename":
            text, _ = file_date(self.name)
            return _numbered(text, self.reading.zone, self.reading.time) if text else None
        if key == ":git":
            history = self.reading.history(self.source) if self.sources.git else None
            return history.updated if history else None
        if key == ":filemodtime":
            return None
        value = self.source.fields.values.get(key)
        if value is None or not _holds(self.source.fields.values, key):
            return self.given.get(key)
        if key == "published" and isinstance(value, Scalar) and value.kind == "bool":
            return None
        date = read_date(value, self.source, self.reading)
        self.given[key] = date
        return date


def read_date(value: Value, source: Source, reading: Reading) -> dt.datetime:
    """A date as Hugo reads it: in one of the layouts that Go's `cast` tries, or as seconds since 1970.

    Raises:
        FeedsError: it is none.
    """
    at = place(value, source.fields.path)
    if not isinstance(value, Scalar):
        raise FeedsError("a date is wanted here", at, _HELP, rule="date")
    if value.kind == "int" and not value.quoted and value.isascii() and value.isdecimal() and len(value) < 12:
        date: dt.datetime | None = dt.datetime.fromtimestamp(int(value), dt.UTC)
    else:
        date = _numbered(value, reading.zone, reading.time) or _named(value, reading.zone, reading.time)
    if date is None:
        raise FeedsError(f"{str(value)!r} is not a date", at, _HELP, rule="date")
    if not _EARLIEST <= date.year <= _LATEST:
        raise FeedsError(f"the year of {str(value)!r} cannot be meant", at, _HELP, rule="date")
    return date


def _numbered(text: str, zone: dt.tzinfo, time: dt.time) -> dt.datetime | None:
    found = _NUMBERED.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        date = dt.date(int(year), int(month), int(day))
        if hour is None:
            return in_zone(dt.datetime.combine(date, time), zone)
        micro = int((fraction or "0")[:6].ljust(6, "0"))
        wall = dt.datetime.combine(date, dt.time(int(hour), int(minute), int(second), micro))
        return wall.replace(tzinfo=_offset(offset)) if offset else in_zone(wall, zone)
    except (ValueError, OverflowError):
        return None


def _named(text: str, zone: dt.tzinfo, time: dt.time) -> dt.datetime | None:
    """A date that spells its month; a zone that is only named is the site's, as Go takes it."""
    found = _NAMED.fullmatch(text)
    if not found or found[2] not in _MONTHS:
        return None
    day, month, year, hour, minute, second, offset = found.groups()
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 69 else 2000)
    try:
        date = dt.date(full, _MONTHS.index(month) + 1, int(day))
        wall = dt.datetime.combine(date, dt.time(int(hour), int(minute), int(second or 0)) if hour else time)
        numeric = offset and offset[0] in "+-"
        return wall.replace(tzinfo=_offset(offset)) if numeric else in_zone(wall, zone)
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> dt.timezone:
    if text == "Z":
        return dt.UTC
    digits = text[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if text[0] == "-" else offset)


def in_zone(wall: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The instant at which clocks of a zone show a time; where there are two or none, the one Go takes."""
    near = wall.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset() or dt.timedelta()
    if near:
        near = (wall - near).replace(tzinfo=dt.UTC).astimezone(zone).utcoffset() or dt.timedelta()
    made = (wall - near).replace(tzinfo=dt.UTC).astimezone(zone)
    # With a fixed offset a time that comes twice equals the same instant of any other zone.
    return made.replace(tzinfo=dt.timezone(made.utcoffset() or dt.timedelta()), fold=0)
