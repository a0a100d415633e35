"""Slugs as Pelican makes them of titles and names (`pelican.utils.slugify`)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from feeds.generators.pelican.ascii import spell

Substitution = tuple[str, str]

SUBSTITUTIONS: tuple[Substitution, ...] = (
    (r"[^\w\s-]", ""),
    (r"(?u)\A\s*", ""),
    (r"(?u)\s*\Z", ""),
    (r"[-\s]+", "-"),
)
"""What Pelican puts in place of what in a slug, unless SLUG_REGEX_SUBSTITUTIONS says otherwise."""

MAX_SOURCE = 1_000
"""Characters of a title, beyond which a slug is made of its beginning: no disk could hold the page's name."""


@dataclass(frozen=True, slots=True)
class SlugRules:
    """How slugs are made: SLUGIFY_USE_UNICODE, SLUGIFY_PRESERVE_CASE, and substitutions in their order."""

    use_unicode: bool = False
    preserve_case: bool = False
    substitutions: tuple[Substitution, ...] = SUBSTITUTIONS


@lru_cache(maxsize=4096)
def slugify(text: str, rules: SlugRules) -> tuple[str, str]:
    """The slug of a title or name, and the characters in it whose spelling in ASCII is not known for sure."""
    plain, unsure = unicodedata.normalize("NFKC", plain_title(text[:MAX_SOURCE])), ""
    if not rules.use_unicode:
        plain, unsure = spell(plain)
    for found, instead in rules.substitutions:
        pattern, replacement = (unicodedata.normalize("NFKC", part) for part in (found, instead))
        plain = re.sub(pattern, replacement, plain, flags=re.IGNORECASE)
    if not rules.preserve_case:
        plain = plain.lower()
    return plain.strip(), unsure


def plain_title(text: str) -> str:
    """A title without tags and comments, on one line, its entities resolved (`Markup.striptags`)."""
    bare = without(without(text, "<!--", "-->"), "<", ">")
    return unescape(" ".join(bare.split()))


def without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between the marks, and them."""
    kept: list[str] = []
    start = 0
    while (begin := text.find(opening, start)) >= 0 and (end := text.find(closing, begin)) >= 0:
        kept.append(text[start:begin])
        start = end + len(closing)
    return "".join([*kept, text[start:]])


def check_pattern(pattern: str) -> str:
    """What is wrong with a regular expression, "" if nothing is.

    One that repeats what repeats itself, or alternatives, could take for ever over a hostile title.
    """
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is no regular expression: {error}"
    if _repeats_repeats(pattern):
        return "repeats a group that repeats or chooses, which could take for ever"
    return ""


def _repeats_repeats(pattern: str) -> bool:
    groups: list[bool] = [False]
    closed: bool | None = None
    index = 0
    while index < len(pattern):
        char = pattern[index]
        step = 1
        if char in "*+{" and (char != "{" or re.match(r"\{\d*,?\d*\}", pattern[index:])):
            if closed:
                return True
            groups[-1] = True
        was_closed, closed = closed, None
        if char == "\\":
            step = 2
        elif char == "[":
            step = _class_end(pattern, index) - index
        elif char == "(":
            groups.append(False)
        elif char == ")" and len(groups) > 1:
            closed = groups.pop()
            groups[-1] = groups[-1] or closed
        elif char == "|":
            groups[-1] = groups[-1] or len(groups) > 1
        elif char == "?" and was_closed is not None and pattern[index - 1] == ")":
            closed = None
        index += step
    return False


def _class_end(pattern: str, start: int) -> int:
    index = start + 1
    if pattern[index : index + 1] == "^":
        index += 1
    if pattern[index : index + 1] == "]":
        index += 1
    while index < len(pattern) and pattern[index] != "]":
        index += 2 if pattern[index] == "\\" else 1
    return index + 1
