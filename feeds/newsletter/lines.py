"""Plain text made to fit: on one line, within a number of characters, within a number of columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

WIDTH = 76
"""Columns of the text part; RFC 5322 section 2.1.1 wishes for at most 78."""

_NOT_AT_START = frozenset("、。，．・：；？！）」』】〉》〕｝ー々ゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ”’…")
_JOINER = "\u200d"


def one_line(text: str) -> str:
    """The text without line breaks, control characters and runs of spaces, fit for a header or a heading."""
    spaced = " ".join(text.split())
    return "".join(char for char in spaced if unicodedata.category(char) != "Cc")


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis: at most `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and not _may_part(text[end - 1], text[end]):
        end -= 1
    space = text.rfind(" ", 0, end + 1)
    if space > limit // 2:
        end = space
    return text[:end].rstrip(" ,;:.-–—·") + "…"


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: two for each East Asian wide character."""
    return sum(_columns(char) for char in text)


def wrap(text: str, width: int = WIDTH) -> str:
    """Each line of the text broken into lines of at most `width` columns.

    A line that has to be broken goes on at its own indentation. Words that are longer, such as URLs, stay
    whole; scripts without spaces are broken between characters.
    """
    return "\n".join(part for line in text.split("\n") for part in _wrap_line(line, width))


def _wrap_line(line: str, width: int) -> Iterator[str]:
    if columns(line) <= width:
        yield line.rstrip()
        return
    indent = line[: len(line) - len(line.lstrip())][: width // 2]
    current = indent
    for piece in _pieces(line.strip()):
        if current.strip() and columns(current + piece.rstrip()) > width:
            yield current.rstrip()
            current = indent
        current += piece
    yield current.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces after which a line may end: words with their space, single wide characters."""
    start = 0
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if after == " " or after in _NOT_AT_START or not _may_part(before, after):
            continue
        if before == " " or 2 in (_columns(before), _columns(after)):
            yield text[start:at]
            start = at
    yield text[start:]


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _may_part(before: str, after: str) -> bool:
    """Whether two neighbours are no single character to a reader: an accented letter, an emoji of several."""
    return (
        before != _JOINER
        and after != _JOINER
        and unicodedata.category(after) not in ("Mn", "Me", "Mc")
        and not "\U0001f3fb" <= after <= "\U0001f3ff"
    )
