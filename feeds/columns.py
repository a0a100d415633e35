"""Plain text in columns: how wide it is on a terminal or in a letter, and where its lines may end."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_NOT_AT_START = frozenset("、。，．・：；？！）」』】〉》〕｝ー々ゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ”’…")
_JOINER = "\u200d"


def columns(text: str) -> int:
    """How many columns the text takes: two for an East Asian wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def wrap(text: str, width: int) -> str:
    """Each line of the text broken into lines of at most `width` columns.

    A line that has to be broken goes on at its own indentation. Words that are longer, such as URLs, stay
    whole; scripts without spaces are broken between characters.
    """
    return "\n".join(part for line in text.split("\n") for part in _wrap_line(line, width))


def one_line(text: str) -> str:
    """The text without line breaks, control characters and runs of spaces, fit for a header or a heading."""
    spaced = " ".join(text.split())
    if spaced.isprintable():
        return spaced
    return "".join(char for char in spaced if unicodedata.category(char) != "Cc")


def may_part(before: str, after: str) -> bool:
    """Whether two neighbours are no single character to a reader: an accented letter, an emoji of several."""
    return (
        before != _JOINER
        and after != _JOINER
        and unicodedata.category(after) not in ("Mn", "Me", "Mc")
        and not "\U0001f3fb" <= after <= "\U0001f3ff"
    )


def _wrap_line(line: str, width: int) -> Iterator[str]:
    if columns(line) <= width:
        yield line.rstrip()
        return
    indent = line[: len(line) - len(line.lstrip())][: width // 2]
    current, used = indent, columns(indent)
    for piece in _pieces(line.strip()):
        if current.strip() and used + columns(piece.rstrip()) > width:
            yield current.rstrip()
            current, used = indent, columns(indent)
        current += piece
        used += columns(piece)
    yield current.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces after which a line may end: words with their space, single wide characters."""
    start = 0
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if after == " " or not may_part(before, after) or (after in _NOT_AT_START and before != " "):
            continue
        if before == " " or 2 in (_columns(before), _columns(after)):
            yield text[start:at]
            start = at
    yield text[start:]


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
