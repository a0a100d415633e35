"""Lines of `Key: value` at the top of a file, as Python-Markdown's Meta-Data extension reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.model import Fields, Scalar, Value

_KEY = re.compile(r" {0,3}([A-Za-z0-9_-]+):(\s*)(.*)")
_MORE = re.compile(r"( {4,})(.*)")
_TAB = 4


def split_headers(text: str, path: str) -> tuple[Fields, str, int]:
    """The header lines of a file with their places, its text, and the line on which that begins.

    Keys are lower-case. One that has several lines, indented by four blanks or with its key again, holds a
    list. A first line that begins with `---` is passed over; the header ends at an empty line, at one that
    begins with `---` or `...`, or before the first line that is no header
    (https://python-markdown.github.io/extensions/meta_data/).

    Args:
        text: the whole file, with line feeds only.
        path: what messages call it.
    """
    values: dict[str, list[Scalar]] = {}
    places: dict[str, tuple[int, int]] = {}
    key, end, body_line = "", 0, 1
    for number, start, line in _lines(text):
        end, body_line = start, number
        if number == 1 and line.startswith("---"):
            continue
        found = _KEY.match(line)
        if not line.strip() or line.startswith(("---", "...")):
            end, body_line = _next(text, start), number + 1
            break
        more = _MORE.match(line)
        if found:
            key = found[1].lower()
            places.setdefault(key, (number, found.start(1) + 1))
            values.setdefault(key, []).append(_scalar(found[3], number, found.start(3) + 1))
        elif more and key:
            values[key].append(_scalar(more[2], number, more.start(2) + 1))
        else:
            break
    else:
        end, body_line = len(text), text.count("\n") + 1
    held: dict[str, Value] = {k: list(v) if len(v) > 1 else v[0] for k, v in values.items()}
    return Fields(path, held, places), text[end:], body_line


def _scalar(value: str, line: int, column: int) -> Scalar:
    return Scalar(value.strip(), line=line, column=column)


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Each line with its number and where it begins; only as many as are asked for."""
    start, number = 0, 1
    while start < len(text):
        end = _next(text, start)
        yield number, start, text[start:end].rstrip("\n").expandtabs(_TAB)
        start, number = end, number + 1


def _next(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end + 1
