"""The words of a letter: fixed phrases, and what its period is called."""

from __future__ import annotations

from collections.abc import Mapping

from feeds.locales import format_days, format_skeleton
from feeds.newsletter.periods import Period
from feeds.newsletter.phrases import PHRASES

STRINGS: Mapping[str, str] = PHRASES["en"]
"""What the templates say in words of their own, in English."""


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
    skeleton = {"monthly": "yMMMM", "quarterly": "yQQQ"}.get(period.kind)
    if skeleton:
        return format_skeleton(period.first, skeleton, language)
    return format_days(period.first, period.last, language)
