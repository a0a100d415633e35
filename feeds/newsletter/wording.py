"""The words of a letter: fixed phrases, and what its period is called."""

from __future__ import annotations

from collections.abc import Mapping

from feeds.locales import format_days, format_skeleton
from feeds.newsletter.periods import Period
from feeds.newsletter.phrases import PHRASES

STRINGS: Mapping[str, str] = PHRASES["en"]
"""What the templates say in words of their own, in English."""


_names: dict[str, dict[str, str]] = {}


def words(language: str) -> tuple[str, Mapping[str, str]]:
    """The words for a site's language, and the language that they are in: English where there are no others.

    Args:
        language: a BCP 47 tag such as `pt-BR`; Chinese words are in simplified characters.
    """
    primary, *rest = language.lower().replace("_", "-").split("-")
    is_other_script = primary == "zh" and bool({"hant", "hk", "mo", "tw"} & set(rest))
    if primary not in PHRASES or is_other_script:
        return "en", STRINGS
    return language, PHRASES[primary]


def format_period(period: Period, language: str) -> str:
    """What an issue is called: `November 2026`, `Q4 2026`, or the days from and to."""
    known = _names.setdefault(language, {})
    if period.id not in known:
        known[period.id] = _format(period, language)
    return known[period.id]


def known_names(language: str) -> Mapping[str, str]:
    """What periods are called in a language, by their ids: those that were asked for so far."""
    return _names.get(language, {})


def learn_names(language: str, names: Mapping[str, str]) -> None:
    """The same, from elsewhere: so that nothing has to be loaded which knows all languages."""
    _names.setdefault(language, {}).update(names)


def _format(period: Period, language: str) -> str:
    skeleton = {"monthly": "yMMMM", "quarterly": "yQQQ"}.get(period.kind)
    if skeleton:
        return format_skeleton(period.first, skeleton, language)
    return format_days(period.first, period.last, language)
