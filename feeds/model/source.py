"""A file as it was read: its front matter, with lines, and its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from feeds.errors import Location


class Scalar(str):
    """A YAML, TOML or JSON scalar as its source text, with what the format takes it for and where it stands.

    `kind` is one of `str`, `int`, `float`, `bool`, `null`, `timestamp`; `quoted` tells `"no"` from `no`.
    """

    __slots__ = ("column", "kind", "line", "quoted")

    kind: str
    quoted: bool
    line: int | None
    column: int | None

    def __new__(
        cls,
        text: str,
        kind: str = "str",
        *,
        quoted: bool = False,
        line: int | None = None,
        column: int | None = None,
    ) -> Scalar:
        """A scalar; `line` and `column` count from 1 and are None where the format does not tell them."""
        self = super().__new__(cls, text)
        self.kind, self.quoted, self.line, self.column = kind, quoted, line, column
        return self


def scalar_at(text: str, kind: str, quoted: bool, line: int, column: int) -> Scalar:
    """The same where all is known, made in a third of the time."""
    made = str.__new__(Scalar, text)
    made.kind = kind
    made.quoted = quoted
    made.line = line
    made.column = column
    return made


Value = Scalar | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Fields:
    """Front matter or a configuration file: values, and line and column (from 1) of each top-level key."""

    path: str
    values: Mapping[str, Value]
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def at(self, key: str) -> Location:
        """Where a key stands; the file alone when that is not known."""
        return Location(self.path, *self.places.get(key, (None, None)))

    def __contains__(self, key: str) -> bool:
        return key in self.values


@dataclass(frozen=True, slots=True)
class Source:
    """A Markdown file: path relative to the docs folder (with `/`), fields, text, and the text's first line.

    `fields.path` is the path that messages show, relative to the project's root. `text` may be what loads
    the text once it is asked for: of thousands of posts, few are shown.
    """

    path: str
    fields: Fields
    text: str | Callable[[], str]
    body_line: int

    @property
    def body(self) -> str:
        """The text below the front matter."""
        return self.text if isinstance(self.text, str) else self.text()
