"""Plain text in columns: how wide it is on a terminal or in a letter, and where its lines may end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_NOT_AT_START = frozenset("、。，．・：；？！）」』】〉》〕｝ー々ゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ”’…")
_JOINER = "\u200d"
# What most texts are made of: a column each, and no place for a line to end but behind a blank. It is letters
# of Latin, Greek and Cyrillic and punctuation, but for soft hyphens and what combines.
_NOT_PLAIN = re.compile(r"[^ -~\xa0-\xac\xae-\u02ff\u0391-\u03a1\u03a3-\u0481\u048a-\u052f\u2010-\u2027]")
_BLANKS = re.compile(" +")


def columns(text: str) -> int:
    """How many columns the text takes: two for an East Asian wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return len(text) + sum(_columns(char) - 1 for char in _NOT_PLAIN.findall(text))


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
    if not _NOT_PLAIN.search(line):
        yield from _wrap_plain(line.strip(), indent, width - len(indent))
        return
    current, used = indent, columns(indent)
    for piece in _pieces(line.strip()):
        if current.strip() and used + columns(piece.rstrip()) > width:
            yield current.rstrip()
            current, used = indent, columns(indent)
        current += piece
        used += columns(piece)
    yield current.rstrip()


def _wrap_plain(text: str, indent: str, room: int) -> Iterator[str]:
    """The same for text in which a column is a character, and a line ends behind a blank."""
    while len(text) > room:
        end = text.rfind(" ", 0, room + 1)
        if end < 0 and (end := text.find(" ")) < 0:
            break
        yield f"{indent}{text[:end]}".rstrip()
        text = text[end:].lstrip(" ")
    yield f"{indent}{text}".rstrip()


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces after which a line may end: words with their space, single wide characters."""
    start = 0
    odd = [found.start() for found in _NOT_PLAIN.finditer(text)]
    blanks = [found.end() for found in _BLANKS.finditer(text)]
    for at in sorted({*odd, *(place + 1 for place in odd), *blanks} - {0, len(text)}):
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
