"""The YAML of most front matter, read in one go: single values, quoted or not, and lists of them.

A full parser takes longer for ten such lines than a feed takes for the whole post. What is read here is read
exactly as PyYAML does; of anything else there is no reading, and PyYAML does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from feeds.model import Scalar, Value

Kinds = Callable[[str], str]
"""The kind of a text without quotes, as YAML 1.1 resolves it."""

Places = dict[str, tuple[int, int]]

_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]{0,99}):(?: +|$)")
_ITEM = re.compile(r"( *)- +(?=\S)")
_INDENTED = re.compile(r" +(?=\S)")
_QUOTED = re.compile(r""""([^"\\]*)"|'([^']*)'""")
_IN_FLOW = re.compile(r""" *(?:"([^"\\]*)"|'([^']*)'|([^\W_][\w ./+-]*?)) *([,\]])""")
_ELSEWHERE = re.compile("[\t\r\x85\u2028\u2029\ufeff]")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@` ")


def read_plain(text: str, first_line: int, kind_of: Kinds) -> tuple[dict[str, Value], Places] | None:
    """The values of a mapping, and line and column of each key; None where it holds anything but these.

    Args:
        text: the document, without characters that YAML forbids.
        first_line: the line of the file on which it starts.
        kind_of: resolves texts without quotes.
    """
    if _ELSEWHERE.search(text):
        return None
    lines = text.split("\n")
    values: dict[str, Value] = {}
    places: Places = {}
    index, end = 0, len(lines)
    while index < end:
        line = lines[index]
        index += 1
        if not line or line[0] == "#":
            continue
        found = _KEY.match(line)
        if found is None or found[1] in values:
            return None
        key, start, number = found[1], found.end(), first_line + index - 1
        places[key] = (number, 1)
        value: Value | None
        if start < len(line.rstrip(" ")):
            if line.startswith(">-", start):
                value, index = _folded(lines, index, number, start)
            else:
                value = _value(line, start, number, kind_of)
        else:
            value, index = _list(lines, index, first_line, kind_of)
            if value == []:
                value = Scalar("", "null", line=number, column=len(key) + 2)
        if value is None:
            return None
        values[key] = value
    return (values, places) if values else None


def _value(line: str, start: int, number: int, kind_of: Kinds) -> Value | None:
    """A single value, or a list in brackets, that ends with its line."""
    if line[start] == "[":
        return _flow(line, start, number, kind_of)
    return _scalar(line, start, number, kind_of)


def _scalar(line: str, start: int, number: int, kind_of: Kinds) -> Scalar | None:
    text = line[start:].rstrip(" ")
    if _QUOTED.fullmatch(text):
        return Scalar(text[1:-1], quoted=True, line=number, column=start + 1)
    if text[0] in _INDICATORS or ": " in text or " #" in text or text[-1] == ":":
        return None
    return Scalar(text, kind_of(text), line=number, column=start + 1)


def _flow(line: str, start: int, number: int, kind_of: Kinds) -> list[Value] | None:
    items: list[Value] = []
    at = start + 1
    while found := _IN_FLOW.match(line, at):
        at = found.end()
        plain = found[3]
        if plain is None:
            group = 1 if found[1] is not None else 2
            scalar = Scalar(found[group], quoted=True, line=number, column=found.start(group))
        else:
            scalar = Scalar(plain, kind_of(plain), line=number, column=found.start(3) + 1)
        items.append(scalar)
        if found[4] == "]":
            return None if line[at:].strip(" ") else items
    return None


def _list(lines: list[str], index: int, first_line: int, kind_of: Kinds) -> tuple[list[Value] | None, int]:
    """The items that follow a key, each on a line of its own, and the index of the line after them."""
    items: list[Value] = []
    indent = ""
    while index < len(lines) and (found := _ITEM.match(lines[index])):
        scalar = _scalar(lines[index], found.end(), first_line + index, kind_of)
        if scalar is None or (items and found[1] != indent):
            return None, index
        indent = found[1]
        items.append(scalar)
        index += 1
    return items, index


def _folded(lines: list[str], index: int, number: int, start: int) -> tuple[Scalar | None, int]:
    """A text behind `>-` that is a single line."""
    follows = lines[index + 1] if index + 1 < len(lines) else ""
    if lines[index - 1][start:] != ">-" or index >= len(lines) or not _INDENTED.match(lines[index]):
        return None, index
    text = lines[index].lstrip(" ")
    if text.endswith(" ") or (follows and not _KEY.match(follows)):
        return None, index
    return Scalar(text, quoted=True, line=number, column=start + 1), index + 1
