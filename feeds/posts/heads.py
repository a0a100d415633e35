"""What of a post's Markdown has to be rendered for its excerpt, where that can be told for certain.

An excerpt that ends at the author's mark is a tenth of the post or less. The rest is rendered for nothing but
what it may say about the part above: definitions of links, notes and abbreviations, something opened above
and closed below. Where neither is possible, the part above alone gives the same HTML; anywhere else the whole
post is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

_KNOWN = frozenset(
    (
        *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "nl2br", "sane_lists"),
        *("smarty", "tables", "toc", "pymdownx.arithmatex", "pymdownx.betterem", "pymdownx.bracketspan"),
        *("pymdownx.caret", "pymdownx.details", "pymdownx.emoji", "pymdownx.highlight"),
        *("pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark"),
        *("pymdownx.smartsymbols", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist"),
        "pymdownx.tilde",
    )
)
"""The extensions whose work ends with the block that they find it in, save what `_REACHING` names."""

_REACHING = re.compile(
    r"```|~~~"  # code
    r"|\[\^|\*\[|///|8<|\[TOC\]"  # notes, abbreviations, blocks, snippets, the list of contents
    r"|[\x02\x03]"  # what the library itself puts for things set apart
    r"|<(?!https?://[^\s<>\"'`]*>|[ =\d])"  # HTML
)
_IN_CODE = re.compile(r"(?<=[^\s`])<(?!script>|style>|textarea>|title>|iframe>|xmp>|svg>|math>)[a-z]{1,20}>")
_MARK = re.compile(r"^<!--([^\n]*?)-->[ ]*$", re.MULTILINE)
_SHOWS_TEXT = re.compile(r"(?:#{1,6}[ ]+)?[^\W_]")
_PICTURE = re.compile(r"!\[|<im", re.IGNORECASE)
_PICTURE_LINE = re.compile(r"!\[[\w .,:;?/-]*\]\([\w./:?=&%+-]+\)")
_FENCE = re.compile(r"(?:```|~~~)[\w+.#-]*")


@dataclass(frozen=True, slots=True)
class Head:
    """The Markdown or HTML to the mark and with it; what of the rest shows a picture, "" if nothing does."""

    text: str
    picture: str


def split_head(body: str, marks: Collection[str], extensions: Mapping[str, Mapping[str, Any]]) -> Head | None:
    """The part of a post that has to be rendered; None where that is the whole.

    There is more text behind the mark, always.

    Args:
        body: the post's Markdown.
        marks: the texts of the comments that end an excerpt.
        extensions: the Markdown extensions by name, with their options.
    """
    if not extensions.keys() <= _KNOWN or extensions.get("toc", {}).get("marker"):
        return None
    mark = _MARK.search(body)
    if mark is None or " ".join(mark[1].split()).casefold() not in {each.casefold() for each in marks}:
        return None
    above, below = body[: mark.start()], body[mark.end() :]
    if (above and not above.endswith("\n\n")) or not below.startswith("\n\n") or _reaches(above):
        return None
    rest = below.lstrip("\n")
    if not _SHOWS_TEXT.match(rest) or any(part in below for part in ("*[", "///", "8<")):
        return None
    if "[" in above and _defines_links(below):
        return None
    picture = _picture(rest)
    return None if picture is None else Head(f"{body[: mark.end()]}\n\n", picture)


def _reaches(text: str) -> bool:
    """Whether a text may hold something that what follows it has a part in."""
    if "<" in text:
        text = _IN_CODE.sub("", text)
    return _REACHING.search(text) is not None


def _defines_links(text: str) -> bool:
    return "]:" in re.sub(r"\[\^[^\]\n]*\]:", "", text)


def _picture(text: str) -> str | None:
    """The paragraph that holds a text's first picture, "" if there is none; None if it is not for certain."""
    found = _PICTURE.search(text)
    if found is None:
        return ""
    start = found.start()
    line = text[start:].split("\n", 1)[0]
    behind = text[start + len(line) :]
    alone = text[:start].endswith("\n\n") and (not behind.strip("\n") or behind.startswith("\n\n"))
    if not alone or not _PICTURE_LINE.fullmatch(line):
        return None
    prose = _without_code(text[:start])
    return line if prose is not None and not _REACHING_BELOW.search(_IN_CODE.sub("", prose)) else None


_REACHING_BELOW = re.compile(r"```|~~~|[\x02\x03]|<(?!https?://[^\s<>\"'`]*>|[ =\d])")


def _without_code(text: str) -> str | None:
    """The text without its blocks of code; None if one is not closed, or not written in the plainest way."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        if fence:
            if line == fence:
                fence = ""
            elif "```" in line or "~~~" in line:
                return None
        elif _FENCE.fullmatch(line):
            fence = line[:3]
        else:
            kept.append(line)
    return None if fence else "\n".join(kept)
