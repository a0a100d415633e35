"""What a JavaScript file says: texts and numbers, objects and lists, and what only running it would tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feeds.errors import FeedsError, Location
from feeds.model import Scalar, Value

MAX_VALUES = 100_000
"""Values inside one, beyond which it is not known."""

MAX_DEPTH = 60
"""Values inside each other, and constants made of constants, beyond which they are not known."""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only running the file would tell: its text on one line, and where it stands."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Call(Unknown):
    """A call, which is not made: the function as written (`require.resolve`), and its arguments."""

    name: str
    arguments: tuple[Js, ...]


@dataclass(frozen=True, slots=True)
class Pattern(Unknown):
    """A regular expression: its source between the slashes, and its flags."""

    source: str
    flags: str


@dataclass(frozen=True, slots=True)
class Function(Unknown):
    """A function, which is not called; `body` is where it begins, for the reader of the file."""

    body: int


class Members(dict[str, "Js"]):
    """An object; `line` is where it stands, `unknown` its spreads and computed keys, which may hold more."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.unknown: list[Unknown] = []
        self.size = self.depth = 1


class Items(list["Js"]):
    """A list; `line` is where it stands."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.size = self.depth = 1


Js = Scalar | Unknown | Members | Items


def unknown_error(value: Unknown, what: str, path: str, help: str) -> FeedsError:
    """The error for a value that is needed and not known; `help` says what to write instead."""
    message = f"{what} is worked out by `{value.text}`, and configuration is never run"
    return FeedsError(message, Location(path, value.line, value.column), help, rule="javascript")


def plain(value: Js) -> Value | None:
    """The value without what is not known; None if nothing of it is."""
    if isinstance(value, Members):
        return {key: known for key, item in value.items() if (known := plain(item)) is not None}
    if isinstance(value, Items):
        return [known for item in value if (known := plain(item)) is not None]
    return value if isinstance(value, Scalar) else None


def changed(value: Js, path: tuple[str, ...], told: Js, unknown: Unknown) -> Js:
    """The value after an assignment to one of its members."""
    if not path or not isinstance(value, Members):
        return unknown
    holder = value
    for name in path[:-1]:
        inner = holder.get(name)
        if not isinstance(inner, Members):
            holder[name] = unknown
            return value
        holder = inner
    holder[path[-1]] = told
    return value


def measure(value: Js) -> bool:
    """Whether a value, whose parts have been measured, is small enough to be walked through."""
    if not isinstance(value, Members | Items):
        return True
    parts = list(value.values() if isinstance(value, Members) else value)
    inner = [part for part in parts if isinstance(part, Members | Items)]
    value.size = 1 + len(parts) + sum(part.size for part in inner)
    value.depth = 1 + max((part.depth for part in inner), default=0)
    return value.size <= MAX_VALUES and value.depth <= MAX_DEPTH


def unescaped(text: str) -> str:
    """The text that a string literal stands for."""
    if "\\" not in text:
        return text

    def character(found: re.Match[str]) -> str:
        digits = found[1] or found[2] or found[3]
        if digits:
            code = int(digits, 16)
            return chr(code) if code < 0x110000 else "\ufffd"
        return _ESCAPES.get(found[4], found[4])

    joined = _ESCAPE.sub(character, text)
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
