"""The filters of Liquid and Nunjucks, with those that Eleventy adds (https://www.11ty.dev/docs/filters/)."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from feeds.data import as_bool, is_null
from feeds.generators.eleventy.slugs import slug, slugify
from feeds.generators.eleventy.values import CannotTellError, Filter, Safe, Term, as_text, is_true
from feeds.model import Scalar

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def strftime(date: dt.datetime, pattern: str) -> str:
    """A date by the letters of `strftime` that LiquidJS knows, in English.

    Raises:
        CannotTellError: there is another letter.
    """
    date = date.astimezone(dt.UTC)
    parts = {
        "Y": f"{date.year:04}",
        "C": f"{date.year // 100:02}",
        "y": f"{date.year % 100:02}",
        "m": f"{date.month:02}",
        "d": f"{date.day:02}",
        "e": f"{date.day:2}",
        "j": f"{date.timetuple().tm_yday:03}",
        "H": f"{date.hour:02}",
        "I": f"{(date.hour - 1) % 12 + 1:02}",
        "M": f"{date.minute:02}",
        "S": f"{date.second:02}",
        "p": "AM" if date.hour < 12 else "PM",
        "B": _MONTHS[date.month - 1],
        "b": _MONTHS[date.month - 1][:3],
        "h": _MONTHS[date.month - 1][:3],
        "A": _DAYS[date.weekday()],
        "a": _DAYS[date.weekday()][:3],
        "u": str(date.isoweekday()),
        "w": str(date.isoweekday() % 7),
        "s": str(int(date.timestamp())),
        "F": f"{date.year:04}-{date.month:02}-{date.day:02}",
        "T": f"{date.hour:02}:{date.minute:02}:{date.second:02}",
        "%": "%",
    }

    def part(found: re.Match[str]) -> str:
        if found[2] not in parts:
            raise CannotTellError(f"the date format {found[0]}")
        text = parts[found[2]]
        return text.lstrip("0 ") or "0" if found[1] == "-" else text.upper() if found[1] == "^" else text

    return re.sub(r"%([-^]?)(.)", part, pattern)


def _date(value: Term, pattern: Term = None) -> Term:
    if not isinstance(value, dt.datetime) or not isinstance(pattern, str):
        raise CannotTellError("the filter date")
    return strftime(value, pattern)


def _url(value: Term) -> Term:
    """The path with the site's prefix, which addresses get elsewhere."""
    return as_text(value)


def _default(value: Term, other: Term = "") -> Term:
    empty = value is None or (isinstance(value, Scalar) and is_null(value)) or value == ""
    return other if empty or (isinstance(value, Scalar) and as_bool(value) is False) else value


def _defined(value: Term, other: Term = "", always: Term = None) -> Term:
    return other if value is None or (is_true(always) and not is_true(value)) else value


def _sliced(value: Term, start: int, length: int = 1) -> Term:
    text = as_text(value)
    start = start + len(text) if start < 0 else start
    return text[max(start, 0) : max(start, 0) + length]


def _joined(value: Term, between: Term = None) -> Term:
    items: Sequence[Term] = value if isinstance(value, list) else [value]
    return as_text(between).join(map(as_text, items))


def _parts(value: Term, at: Term) -> Term:
    return [Scalar(part) for part in as_text(value).split(as_text(at) or " ")]


def _item(index: int) -> Filter:
    return lambda value: (
        (value[index] if value else None) if isinstance(value, list) else as_text(value)[index:][:1]
    )


def _slugged(make: Callable[[str], str]) -> Filter:
    """A filter of Eleventy's own, which is JavaScript: what is missing is the text `undefined`."""

    def filter(value: Term) -> str:
        if isinstance(value, Scalar) and is_null(value):
            return make("null")
        return make("undefined" if value is None else as_text(value))

    return filter


def _of_text(change: Callable[[str], str]) -> Filter:
    return lambda value: change(as_text(value))


def _replaced(times: int) -> Filter:
    return lambda value, old, new="": as_text(value).replace(as_text(old), as_text(new), times)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:].lower()


_SHARED: Mapping[str, Filter] = {
    "slugify": _slugged(slugify),
    "slug": _slugged(slug),
    "url": _url,
    "htmlDateString": lambda value: _date(value, "%Y-%m-%d"),
    "replace": _replaced(-1),
    "join": _joined,
    "first": _item(0),
    "last": _item(-1),
}
FILTERS: Mapping[str, Mapping[str, Filter]] = {
    "liquid": {
        **_SHARED,
        "date": _date,
        "downcase": _of_text(str.lower),
        "upcase": _of_text(str.upper),
        "capitalize": _of_text(_capitalised),
        "strip": _of_text(str.strip),
        "lstrip": _of_text(str.lstrip),
        "rstrip": _of_text(str.rstrip),
        "strip_newlines": _of_text(lambda text: text.replace("\n", "")),
        "replace_first": _replaced(1),
        "remove": lambda value, old: as_text(value).replace(as_text(old), ""),
        "remove_first": lambda value, old: as_text(value).replace(as_text(old), "", 1),
        "append": lambda value, other: as_text(value) + as_text(other),
        "prepend": lambda value, other: as_text(other) + as_text(value),
        "default": _default,
        "slice": _sliced,
        "split": _parts,
        "escape": _of_text(html.escape),
        "url_encode": _of_text(lambda text: quote(text, safe="").replace("%20", "+")),
    },
    "njk": {
        **_SHARED,
        "lower": _of_text(str.lower),
        "upper": _of_text(str.upper),
        "capitalize": _of_text(_capitalised),
        "trim": _of_text(str.strip),
        "string": _of_text(str),
        "default": _defined,
        "d": _defined,
        "safe": lambda value: Safe(as_text(value)),
        "urlencode": _of_text(lambda text: quote(text, safe="!'()*-._~")),
    },
}
"""The filters of each engine, with those that Eleventy adds."""
