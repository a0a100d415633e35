"""Dates in the language of the site, by the Unicode locale data that Babel carries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

from feeds.errors import FeedsError
from feeds.lazily import absent

if TYPE_CHECKING:
    from babel import Locale

_WIDE_SPACES = dict.fromkeys(map(ord, "\u00a0\u2009\u202f"), " ")
_NAMED = ("full", "long", "medium", "short")

# What most sites show of dates, and need not load Babel for.
_AMERICAN = ("en", "en-US")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


_RTL_LANGUAGES = frozenset(
    {
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "he",
        "iw",
        "ji",
        "khw",
        "ks",
        "nqo",
        "ps",
        "sd",
        "syr",
        "ug",
        "ur",
        "yi",
    }
)
_RTL_SCRIPTS = frozenset({"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"})


@lru_cache(maxsize=256)
def direction(language: str) -> str:
    """`rtl` or `ltr`: how the language of a BCP 47 tag such as `ar`, `az-Arab` or `ar-Latn` is written."""
    primary, *rest = language.lower().replace("_", "-").split("-")
    script = next((tag for tag in rest if len(tag) == 4 and tag.isalpha()), None)
    is_rtl = script in _RTL_SCRIPTS if script else primary in _RTL_LANGUAGES
    return "rtl" if is_rtl else "ltr"


def language_filters(language: str) -> dict[str, Callable[..., object]]:
    """The filters that every template has: `day` writes one in the language, `direction` is the above."""
    return {"day": partial(format_day, language=language), "direction": direction}


def format_day(day: dt.date, language: str) -> str:
    """A day in full, such as `20 November 2026`; of an instant the day as written, in its own offset."""
    return _format_day(day.year, day.month, day.day, language)


@lru_cache(1 << 14)
def _format_day(year: int, month: int, day: int, language: str) -> str:
    if language in _AMERICAN:
        return f"{_MONTHS[month - 1]} {day}, {year}"
    return _plain(_babel().format_date(dt.date(year, month, day), "long", locale=_locale(language)))


def format_skeleton(day: dt.date, skeleton: str, language: str) -> str:
    """A day by a skeleton such as `yMMMM` (Unicode Technical Standard #35), for example `November 2026`."""
    if language in _AMERICAN and skeleton in ("yMMMM", "y"):
        return f"{_MONTHS[day.month - 1]} {day.year}" if skeleton == "yMMMM" else str(day.year)
    instant = dt.datetime.combine(day, dt.time(), dt.UTC)
    return _plain(_babel().format_skeleton(skeleton, instant, locale=_locale(language)))


def format_days(first: dt.date, last: dt.date, language: str) -> str:
    """A span of days, such as `Nov 3 – 20, 2026`."""
    return _plain(_babel().format_interval(first, last, "yMMMd", locale=_locale(language)))


def format_pattern(instant: dt.datetime, pattern: str, language: str) -> str:
    """An instant by a pattern such as `yyyy/MMM`, or one of the named formats `full` to `short`.

    Raises:
        FeedsError: the pattern or the language is not known.
    """
    from babel.core import UnknownLocaleError

    render = _babel().format_date if pattern in _NAMED else _babel().format_datetime
    try:
        return str(render(instant, pattern, locale=language.replace("-", "_")))
    except (UnknownLocaleError, KeyError, ValueError) as error:
        raise FeedsError(f"the date format {pattern!r} cannot be used: {error}", rule="date-format") from None


@cache
def _babel() -> Any:
    """Its module of dates. It looks up the machine's own zone, and with pytz looks for the files of all."""
    with absent("pytz"):
        import babel.dates
    return babel.dates


@cache
def _locale(language: str) -> Locale:
    """The language's locale, else that of the language without its region, else English."""
    from babel import Locale, UnknownLocaleError

    tag = language.replace("-", "_")
    for name in (tag, tag.split("_")[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def _plain(text: str) -> str:
    """With ordinary spaces in place of narrow and unbreakable ones, which headers need not carry."""
    return text.translate(_WIDE_SPACES)
