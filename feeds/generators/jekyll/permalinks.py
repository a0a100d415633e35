"""Where Jekyll publishes posts, pages and documents (https://jekyllrb.com/docs/permalinks/)."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import quote

from feeds.errors import FeedsError

STYLES = {
    "none": "/:categories/:title:output_ext",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}
"""The templates of the styles that `permalink` in the configuration may name."""

Placeholders = Mapping[str, Callable[[], str]]

_PLACEHOLDER = re.compile(":([a-z_]+)")
_PLAIN = re.compile("[a-zA-Z0-9./-]+")
_SAFE = "/:?#@!$&'()*+,;=~"
_PRETTY = "._~!$&'()+,;=@"
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def slugify(text: str, *, pretty: bool = False, cased: bool = False) -> str:
    """A slug as `Jekyll::Utils.slugify` makes it.

    Args:
        text: a title or a file's name.
        pretty: whether some marks that need no escape in addresses stay.
        cased: whether capital letters stay.
    """
    parts: list[str] = []
    for character in text:
        kept = unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Nd"
        if kept or (pretty and character in _PRETTY):
            parts.append(character)
        elif not parts or parts[-1] != "-":
            parts.append("-")
    slug = "".join(parts).removeprefix("-").removesuffix("-")
    return slug if cased else lower(slug)


def lower(text: str) -> str:
    """A text in lower case as Ruby has it, which knows no final sigma."""
    return text.replace("Σ", "σ").lower()


def titleize(slug: str) -> str:
    """The title that Jekyll makes of a file's name."""
    parts = slug.split("-")
    while parts and not parts[-1]:
        parts.pop()
    return " ".join(part[:1].title() + lower(part[1:]) for part in parts)


def fill(template: str, values: Placeholders) -> str:
    """The path of a template, as Jekyll gives it: from `/` on, and percent-encoded where it was filled in.

    Raises:
        FeedsError: the template holds a placeholder that Jekyll does not know.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        end = ""
        if name not in values and name.endswith("_") and name.removesuffix("_") in values:
            name, end = name.removesuffix("_"), "_"
        if name not in values:
            raise FeedsError(
                f"the permalink {template!r} has the unknown placeholder :{name}",
                help="Jekyll knows :title, :slug, :categories, :year, :month, :day and others",
                rule="permalink",
            )
        return _escaped(values[name]()) + end

    return clean(_PLACEHOLDER.sub(value, template))


def clean(path: str) -> str:
    """A path without `..`, `./` and doubled slashes, as `Jekyll::URL` leaves it."""
    return re.sub("//+", "/", f"/{path}".replace("..", "/").replace("./", ""))


def encoded(path: str) -> str:
    """A path with everything percent-encoded that must be and is not yet."""
    return quote(re.sub("%(?![0-9A-Fa-f]{2})", "%25", path), safe="/%:?@!$&'()*+,;=~")


def _escaped(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text, safe=_SAFE).replace("#", "%23")


def date_values(date: dt.datetime) -> dict[str, Callable[[], str]]:
    """The placeholders that are made of a date."""
    year, week, weekday = date.isocalendar()
    month, day_name = _MONTHS[date.month - 1], _DAYS[date.weekday()]
    texts = {
        "year": f"{date.year:04}",
        "month": f"{date.month:02}",
        "day": f"{date.day:02}",
        "hour": f"{date.hour:02}",
        "minute": f"{date.minute:02}",
        "second": f"{date.second:02}",
        "i_day": f"{date.day}",
        "i_month": f"{date.month}",
        "short_month": month[:3],
        "long_month": month,
        "short_year": f"{date.year % 100:02}",
        "w_year": f"{year:04}",
        "week": f"{week:02}",
        "w_day": f"{weekday}",
        "short_day": day_name[:3],
        "long_day": day_name,
        "y_day": f"{date.timetuple().tm_yday:03}",
    }
    return {name: partial(str, text) for name, text in texts.items()}


def name_values(
    path: str, slug: str, categories: Sequence[str], *, collection: str = "posts", ending: str = ".html"
) -> dict[str, Callable[[], str]]:
    """The placeholders that are made of names.

    Args:
        path: the file's path below the collection's parent folder.
        slug: the author's own slug, or that of the file's name.
        categories: those of the document, as Ruby writes them.
        collection: its label.
        ending: that of the page.
    """
    stem = posixpath.splitext(posixpath.basename(path))[0]

    def below() -> str:
        return posixpath.splitext(path)[0].replace(f"_{collection}", "", 1).rstrip(".")

    return {
        "collection": lambda: collection,
        "output_ext": lambda: ending,
        "path": below,
        "name": lambda: slugify(stem),
        "title": lambda: slugify(slug, pretty=True, cased=True),
        "slug": lambda: slugify(slug),
        "categories": lambda: "/".join(dict.fromkeys(map(lower, categories))),
        "slugified_categories": lambda: "/".join(dict.fromkeys(map(slugify, categories))),
    }


def with_suffix(template: str, style: str) -> str:
    """The template of a page or a document, with the ending that the site's style has."""
    if style == "pretty" or style.endswith("/"):
        return f"{template}/"
    if style in ("date", "ordinal", "none") or style.endswith(":output_ext"):
        return f"{template}:output_ext"
    return template
