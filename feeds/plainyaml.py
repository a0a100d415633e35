"""The YAML of most front matter, read in one go: single values, quoted or not, and lists of them.

A full parser takes longer for ten such lines than a feed takes for the whole post. What is read here is read
exactly as PyYAML does; of anything else there is no reading, and PyYAML does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from feeds.model import Value, scalar_at

Kinds = Callable[[str], str]
"""The kind of a text without quotes, as YAML 1.1 resolves it."""

Places = dict[str, tuple[int, int]]

_NAME = "[A-Za-z_][A-Za-z0-9_-]{0,99}"
# What ends a line, what YAML forbids, and what it takes for blanks or breaks besides blanks and line feeds.
_ODD = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_LINE = re.compile(
    rf"""
    ( ({_NAME}) : (?=[ \n]|\Z) [ ]*                               # a key
    | ([ ]*) - [ ]+ )                                             # an item
    (?: (\n) (?=[ ]*-[ ])                                         # items follow
    |   (?: ( [^{_ODD} \-?:,[\]{{}}\#&*!|>'"%@`]                  # a text without quotes
              (?: [^{_ODD}:\#]++ | :(?![ \n]|\Z) | (?<![ ])\# )*+ )
        |   ( "[^{_ODD}"\\]*" | '[^{_ODD}']*' ) [ ]*              # a text in quotes
        |   ( \[ [^{_ODD}]* )                                     # a list in brackets
        |   >- \n [ ]+ ( [^{_ODD} ] [^{_ODD}]*+ (?<![ ])          # a text that is folded, of a single line
              (?= \n? \Z | \n\n | \n{_NAME}:(?:[ \n]|\Z) ) )
        )?
        (?: \n | \Z ) )
    | \n
    | \# [^{_ODD}]* (?: \n | \Z )
    | ( [\s\S]+ )                                                 # anything else
    """,
    re.VERBOSE,
)
_IN_FLOW = re.compile(r""" *(?:"([^"\\]*)"|'([^']*)'|([^\W_][\w ./+-]*?)) *([,\]])""")


def read_plain(text: str, first_line: int, kind_of: Kinds) -> tuple[dict[str, Value], Places] | None:
    """The values of a mapping, and line and column of each key; None where it holds anything but these.

    Args:
        text: the document.
        first_line: the line of the file on which it starts.
        kind_of: resolves texts without quotes.
    """
    values: dict[str, Value] = {}
    places: Places = {}
    items: list[Value] | None = None
    margin = ""
    number = first_line - 1
    value: Value
    for head, key, indent, opens, plain, quoted, flow, folded, odd in _LINE.findall(text):
        number += 1
        if plain:
            plain = plain.rstrip(" ")
            value = scalar_at(plain, kind_of(plain), False, number, len(head) + 1)
        elif quoted:
            value = scalar_at(quoted[1:-1], "str", True, number, len(head) + 1)
        elif odd:
            return None
        elif not head:
            continue
        elif opens:
            value = items = []
        elif flow:
            if (listed := _flow(flow, number, len(head), kind_of)) is None:
                return None
            value = listed
        elif folded:
            value = scalar_at(folded, "str", True, number, len(head) + 1)
        else:
            value = scalar_at("", "null", False, number, len(key) + 2)
        if key:
            if key in values:
                return None
            values[key] = value
            places[key] = (number, 1)
            if not opens:
                items = None
            if folded:
                number += 1
        elif items is None or not (plain or quoted) or (items and indent != margin):
            return None
        else:
            margin = indent
            items.append(value)
    return (values, places) if values else None


def _flow(text: str, number: int, before: int, kind_of: Kinds) -> list[Value] | None:
    """A list in brackets that ends with its line; so many characters stand before it."""
    items: list[Value] = []
    at = 1
    while found := _IN_FLOW.match(text, at):
        at = found.end()
        plain = found[3]
        if plain is None:
            group = 1 if found[1] is not None else 2
            scalar = scalar_at(found[group], "str", True, number, before + found.start(group))
        else:
            scalar = scalar_at(plain, kind_of(plain), False, number, before + found.start(3) + 1)
        items.append(scalar)
        if found[4] == "]":
            return None if text[at:].strip(" ") else items
    return None
