"""The syntax of MDX: where expressions, tags and module code end; read in linear time, and never run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MAX_SPAN = 20_000
"""Characters of one expression or tag, beyond which it is taken for text."""

_FENCE = re.compile(
    r"(?P<before>(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)"
)
_SPECIAL = re.compile(r"[{}\"'`\\]|/[/*]")
_STRING = {'"': re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'), "'": re.compile(r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'")}
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w.-]*(?::[\w-]+)?)?(?=[\s/>{])")
_ATTRIBUTE = re.compile(r"\s*(?P<name>[A-Za-z_:@][\w:.@-]*)(?:\s*=\s*)?")
_EQUALS = re.compile(r"\s*[A-Za-z_:@][\w:.@-]*\s*=\s*")
_BLANKS = re.compile(r"\s*")
_MODULE = re.compile(r"(?:import|export)[\s{*]")
_BRACKETS = re.compile(r"[\[({})\]]")
_CODE_BLOCK = "mdx-code-block"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of a post: code between fences as it stands, or text; `line` is the number of the first one."""

    text: str
    line: int
    is_code: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of JSX; `attributes` are in their quotes or braces as written, True for bare names."""

    name: str
    end: int
    closes: bool = False
    is_whole: bool = False
    attributes: Mapping[str, str | bool] = field(default_factory=dict)


def chunks_of(text: str) -> Iterator[Chunk]:
    """The lines of a post in chunks of code and of text."""
    lines = text.split("\n")
    start, at, fence, info = 0, 0, "", ""
    for at, line in enumerate(lines):
        if fence:
            bare = line.strip(" \t>")
            if len(bare) >= len(fence) and not bare.strip(fence[0]):
                yield from _code(lines[start : at + 1], start + 1, info)
                start, fence = at + 1, ""
        elif found := _FENCE.match(line):
            if at > start:
                yield Chunk("\n".join(lines[start:at]) + "\n", start + 1, False)
            start, fence, info = at, found["fence"], found["info"].strip()
    if start < len(lines):
        rest = "\n".join(lines[start:])
        yield Chunk(rest, start + 1, bool(fence) and info != _CODE_BLOCK)


def _code(lines: list[str], line: int, info: str) -> Iterator[Chunk]:
    if info == _CODE_BLOCK:  # what other programs must not see as MDX, though it is
        yield Chunk("\n".join(["", *lines[1:-1], ""]) + "\n", line, False)
    else:
        yield Chunk("\n".join(lines) + "\n", line, True)


def expression_end(text: str, start: int) -> int:
    """The end of the expression whose opening brace stands at a place; 0 if it does not end."""
    stack: list[str] = []
    at = start
    while (found := _SPECIAL.search(text, at, start + MAX_SPAN)) is not None:
        sign, at = found[0], found.end()
        inside = stack[-1] if stack else ""
        if inside == "`":
            if sign == "\\":
                at += 1
            elif sign == "`":
                stack.pop()
            elif sign == "{" and text[found.start() - 1] == "$":
                stack.append("{")
        elif sign == "{":
            stack.append("{")
        elif sign == "}":
            stack.pop()
            if not stack:
                return at
        elif sign == "`":
            stack.append("`")
        elif sign in _STRING:
            whole = _STRING[sign].match(text, found.start())
            at = whole.end() if whole else at
        elif sign == "/*":
            at = text.find("*/", at, start + MAX_SPAN) + 2
            if at < 2:
                return 0
        elif sign == "//":
            end = text.find("\n", at, start + MAX_SPAN)
            at = at if end < 0 else end
    return 0


def read_tag(text: str, start: int) -> Tag | None:
    """The tag that begins at a place; None if there is none, or it does not end."""
    found = _TAG.match(text, start)
    if not found:
        return None
    at, limit = found.end(), start + MAX_SPAN
    name = found["name"] or ""
    attributes: dict[str, str | bool] = {}
    while at < limit:
        blanks = _BLANKS.match(text, at)
        at = blanks.end() if blanks else at
        sign = text[at : at + 1]
        if sign == ">":
            return Tag(name, at + 1, bool(found["close"]), False, attributes)
        if text.startswith("/>", at):
            return Tag(name, at + 2, False, True, attributes)
        if sign == "{":
            at = expression_end(text, at)
            if not at:
                return None
            continue
        key = _ATTRIBUTE.match(text, at)
        if not key:
            return None
        equals = _EQUALS.match(text, at)
        if not equals:
            attributes[key["name"]] = True
            at = key.end()
            continue
        end = _value_end(text, equals.end())
        if not end:
            return None
        attributes[key["name"]] = text[equals.end() : end]
        at = end
    return None


def _value_end(text: str, at: int) -> int:
    """The end of an attribute's value; 0 if it does not end."""
    sign = text[at : at + 1]
    if sign == "{":
        return expression_end(text, at)
    if sign and sign in "\"'":
        return text.find(sign, at + 1, at + MAX_SPAN) + 1
    return 0


def module_end(text: str, start: int) -> tuple[int, int]:
    """The end of the `import` and `export` lines that begin at a place, and how far they were read.

    It is the place itself if none begin there. They go on to a blank line, but for one between brackets;
    those that are not closed end at the first one.
    """
    if not _MODULE.match(text, start):
        return start, start
    at, depth, first = start, 0, 0
    while at < min(len(text), start + MAX_SPAN):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if not line.strip():
            if depth <= 0:
                return at, at
            first = first or at
        depth += sum(1 if bracket in "[({" else -1 for bracket in _BRACKETS.findall(line))
        at = end + 1
    at = min(at, len(text))
    return first if first and depth > 0 else at, at
