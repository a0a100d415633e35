"""A text with Liquid taken apart into texts, outputs and tags, in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MAX_MARKUP = 2_000
"""Characters of one tag, beyond which it is left out."""

_ENDS = {"{{": "}}", "{%": "%}"}
_OPENING = re.compile(r"\{\{|\{%")
_TAG = re.compile(r"-?\s*(#|\w+)")
_RAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: plain text, an output or a tag with its name; `markup` is what these hold."""

    kind: Literal["text", "output", "tag"]
    text: str
    markup: str
    start: int


class Scanner:
    """Takes a text apart; each character is looked at a fixed number of times.

    Args:
        source: the text; `unclosed` and `long` then tell where outputs and tags are not as they should be.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.unclosed: list[int] = []
        self.long: list[int] = []
        self._missing: set[str] = set()
        self._strip = False

    def parts(self) -> Iterator[Part]:
        """Texts, outputs and tags, one after the other; comments are left out, `raw` is text."""
        source, position = self.source, 0
        while opening := _OPENING.search(source, position):
            close = self._find(_ENDS[opening[0]], opening.end())
            if close < 0:
                self.unclosed.append(opening.start())
                yield from self._text(position, opening.end(), strip=False)
                position = opening.end()
                continue
            yield from self._text(position, opening.start(), strip=source.startswith("-", opening.end()))
            inside = source[opening.end() : close]
            self._strip = inside.endswith("-")
            position = close + 2
            if len(inside) > MAX_MARKUP:
                self.long.append(opening.start())
            elif opening[0] == "{{":
                yield from self._output(opening.start(), inside)
            else:
                name, rest = self._split(inside)
                if name == "raw":
                    end = self._end_of_raw(position)
                    if end:
                        yield from self._text(position, end.start(), strip=end[0].startswith("{%-"))
                        self._strip, position = end[0].endswith("-%}"), end.end()
                elif name == "comment":
                    position = self._end_of_comment(position)
                elif name and name != "#":
                    yield Part("tag", name, rest, opening.start())
        yield from self._text(position, len(source), strip=False)

    def _text(self, start: int, end: int, *, strip: bool) -> Iterator[Part]:
        text = self.source[start:end]
        text = text.lstrip() if self._strip else text
        text = text.rstrip() if strip else text
        self._strip = self._strip and not text
        if text:
            yield Part("text", text, "", start)

    def _output(self, start: int, inside: str) -> Iterator[Part]:
        expression = inside.removeprefix("-").removesuffix("-").strip()
        if expression:
            yield Part("output", inside, expression, start)

    def _split(self, inside: str) -> tuple[str, str]:
        found = _TAG.match(inside)
        if not found:
            return "", ""
        return found[1], inside[found.end() :].removesuffix("-").strip()

    def _find(self, end: str, position: int) -> int:
        """Where a text comes next; once it is missing, it is not looked for again."""
        found = -1 if end in self._missing else self.source.find(end, position)
        if found < 0:
            self._missing.add(end)
        return found

    def _end_of_raw(self, position: int) -> re.Match[str] | None:
        found = None if "raw" in self._missing else _RAW.search(self.source, position)
        if not found:
            self._missing.add("raw")
        return found

    def _end_of_comment(self, position: int) -> int:
        depth, source = 1, self.source
        while depth:
            start = self._find("{%", position)
            close = self._find("%}", start + 2) if start >= 0 else -1
            if close < 0:
                return len(source)
            name, _ = self._split(source[start + 2 : min(close, start + 2 + MAX_MARKUP)])
            depth += (name == "comment") - (name == "endcomment")
            self._strip = source[close - 1] == "-"
            position = close + 2
        return position
