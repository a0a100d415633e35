"""How Liquid shows values and dates, and filters whose library twins read the clock or take too long."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DIRECTIVE = re.compile(r"%([-0^_:]*)(\d{0,2})([A-Za-z%+])")
_COMPOUND = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "T": "%H:%M:%S",
    "X": "%H:%M:%S",
    "x": "%m/%d/%y",
    "v": "%e-%^b-%Y",
    "h": "%b",
}
_ISO = re.compile(
    r"\s*(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|UTC|[-+]\d\d:?\d\d)?)?\s*"
)


def shown(value: object) -> str:
    """A value as Liquid writes it into a text; "" for nothing."""
    if isinstance(value, str):
        return value
    if value is None or value is True or value is False:
        return "" if value is None else str(value).lower()
    if isinstance(value, dt.datetime):
        return strftime(value, "%Y-%m-%d %H:%M:%S %z")
    if isinstance(value, range):
        return f"{value.start}..{value.stop - 1}"
    if isinstance(value, Sequence):
        return "".join(map(shown, value))
    return "" if isinstance(value, Mapping) and not value else str(value)


def as_date(value: object) -> dt.datetime | None:
    """A value as a date; None for one that is none, `now` and `today` among them."""
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    *texts, zone = found.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in texts)
    try:
        date = dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
        if zone and zone not in ("Z", "UTC"):
            offset = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
            date = date.replace(tzinfo=dt.timezone(-offset if zone[0] == "-" else offset))
    except ValueError:
        return None
    return date


def strftime(date: dt.datetime, pattern: str) -> str:
    """A date as Ruby's `strftime` writes it, in English.

    Args:
        date: an aware date.
        pattern: with directives such as `%Y`, `%-d`, `%^b`; those that are not known stay.
    """
    return _DIRECTIVE.sub(lambda found: _directive(date, found), pattern)


def _directive(date: dt.datetime, found: re.Match[str]) -> str:
    flags, width, name = found.groups()
    if name in _COMPOUND:
        return strftime(date, _COMPOUND[name])
    if name not in _DIRECTIVES:
        return found[0]
    value, size, pad = _DIRECTIVES[name](date), *_SIZES.get(name, (0, " "))
    if name == "z":
        return f"{value[:3]}:{value[3:]}" if ":" in flags else value
    if "^" in flags:
        value = value.upper()
    if "-" in flags:
        return value
    pad = "0" if "0" in flags else " " if "_" in flags else pad
    return value.rjust(int(width or size), pad)


def _offset(date: dt.datetime) -> str:
    minutes = round((date.utcoffset() or dt.timedelta()).total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


_DIRECTIVES: Mapping[str, Callable[[dt.datetime], str]] = {
    "%": lambda date: "%",
    "A": lambda date: _DAYS[date.weekday()],
    "a": lambda date: _DAYS[date.weekday()][:3],
    "B": lambda date: _MONTHS[date.month - 1],
    "b": lambda date: _MONTHS[date.month - 1][:3],
    "C": lambda date: str(date.year // 100),
    "d": lambda date: str(date.day),
    "e": lambda date: str(date.day),
    "G": lambda date: str(date.isocalendar()[0]),
    "H": lambda date: str(date.hour),
    "I": lambda date: str((date.hour - 1) % 12 + 1),
    "j": lambda date: str(date.timetuple().tm_yday),
    "k": lambda date: str(date.hour),
    "L": lambda date: str(date.microsecond // 1000),
    "l": lambda date: str((date.hour - 1) % 12 + 1),
    "M": lambda date: str(date.minute),
    "m": lambda date: str(date.month),
    "P": lambda date: "am" if date.hour < 12 else "pm",
    "p": lambda date: "AM" if date.hour < 12 else "PM",
    "S": lambda date: str(date.second),
    "s": lambda date: str(int(date.timestamp())),
    "u": lambda date: str(date.isoweekday()),
    "V": lambda date: str(date.isocalendar()[1]),
    "w": lambda date: str(date.isoweekday() % 7),
    "Y": lambda date: str(date.year),
    "y": lambda date: str(date.year % 100),
    "Z": lambda date: date.tzname() or "",
    "z": _offset,
}
_SIZES = {
    **dict.fromkeys("CdGHIMmSVy", (2, "0")),
    **dict.fromkeys("ekl", (2, " ")),
    **dict.fromkeys("jL", (3, "0")),
    "Y": (4, "0"),
}


def date(value: object, pattern: object = "") -> object:
    """`date`: what is no date stays as it is; `now` is nothing, as outputs must not depend on the clock."""
    if value in ("now", "today"):
        return ""
    found = as_date(value)
    return strftime(found, shown(pattern)) if found and shown(pattern) else value


def strip_html(value: object) -> str:
    """`strip_html`: without tags, comments, scripts and styles."""
    text, kept, position = shown(value), [], 0
    for name, end in (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->")):
        text = _without(text, name, end)
    while (start := text.find("<", position)) >= 0 and (end_at := text.find(">", start)) >= 0:
        kept.append(text[position:start])
        position = end_at + 1
    return "".join((*kept, text[position:]))


def _without(text: str, opening: str, closing: str) -> str:
    """A text without what stands between two others; an opening without its end stays."""
    kept, position = [], 0
    while (start := text.find(opening, position)) >= 0 and (end := text.find(closing, start)) >= 0:
        kept.append(text[position:start])
        position = end + len(closing)
    return "".join((*kept, text[position:]))


FILTERS: Mapping[str, Callable[..., object]] = {"date": date, "strip_html": strip_html}
"""By their names in templates."""
