"""Slugs as Astro makes the ids of Markdown files: those of github-slugger, for each part of the path."""

from __future__ import annotations

import unicodedata

_KEPT = frozenset({"Nd", "Nl", "Pc"})
_CIRCLED = ((0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189))


def github_slug(text: str) -> str:
    """The slug of a heading on GitHub: small letters, marks and digits; a hyphen for each blank."""
    return "".join(filter(_is_kept, text.lower())).replace(" ", "-")


def content_id(path: str) -> str:
    """The id of a file of a content collection, of its path below the collection, without its ending."""
    return "/".join(map(github_slug, path.split("/"))).removesuffix("/index")


def _is_kept(character: str) -> bool:
    if character in " -":
        return True
    category = unicodedata.category(character)
    if category[0] in "LM" or category in _KEPT:
        return True
    return any(first <= ord(character) <= last for first, last in _CIRCLED)
