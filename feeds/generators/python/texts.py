"""Texts of a Python file put together as Python does it, but never larger than they are written."""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any


class NotUnderstood(Exception):  # noqa: N818 - it marks, and is never shown
    """An expression that is not understood."""


def plain(value: Any) -> str:
    """A text, a number or a path as `str()` writes it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | PurePosixPath):
        raise NotUnderstood
    return str(value)


def percent(text: str, given: Any) -> str:
    """`text % given` with plain `%s`, `%d` and `%(name)s`; no widths, which could ask for any amount."""
    parts = text.split("%%")
    values = iter(given if isinstance(given, tuple) else (given,))
    filled: list[str] = []
    for part in parts:
        pieces = part.split("%")
        made = pieces[0]
        for piece in pieces[1:]:
            if piece.startswith("(") and ")" in piece and isinstance(given, dict):
                name, rest = piece[1:].split(")", 1)
                value = plain(given[name])
            else:
                value, rest = plain(next(values, None)), piece
            if not rest.startswith(("s", "d")):
                raise NotUnderstood
            made += value + rest[1:]
        filled.append(made)
    if not isinstance(given, dict) and next(values, None) is not None:
        raise NotUnderstood
    return "%".join(filled)


def formatted(text: str, given: list[Any], words: Mapping[str, Any]) -> str:
    """`text.format(…)` with plain fields; no format specifications, which could ask for any amount."""
    made = ""
    count = 0
    for literal, name, spec, conversion in string.Formatter().parse(text):
        made += literal
        if name is None:
            continue
        if spec or conversion:
            raise NotUnderstood
        if name == "" or name.isdecimal():
            made += plain(given[int(name) if name else count])
            count += 1
        else:
            made += plain(words[name])
    return made
