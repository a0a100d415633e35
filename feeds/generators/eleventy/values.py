"""The values in Eleventy's templates: what data says, dates, and what is made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from feeds.data import as_bool, is_null
from feeds.model import Scalar, Value

UNKNOWN = "unknown"
"""The kind of a `Scalar` that stands for what only running the configuration would tell."""


class CannotTellError(Exception):
    """A template that only Eleventy itself can work out; the text says which part of it."""


Term = Value | dt.datetime | str | int | float | CannotTellError | None
Filter = Callable[..., "Term | Safe"]


class Names(dict[str, Term]):
    """What the names in a template mean: a page's own, else those of the site, read when they are asked for.

    Args:
        own: the page's names.
        site: the site's; what they hold is not read before.
        missing: gives the value of a name that neither has.
    """

    def __init__(
        self, own: Mapping[str, Term], site: Mapping[str, object], missing: Callable[[str], Term]
    ) -> None:
        super().__init__(own)
        self._site, self._missing = site, missing

    def get(self, name: str, default: Term = None) -> Term:  # type: ignore[override]
        """The value of a name."""
        if name in self:
            return self[name]
        value = self._site.get(name)
        return value if isinstance(value, Scalar | list | dict) else self._missing(name)


@dataclass(frozen=True, slots=True)
class Safe:
    """Text that is not escaped any more."""

    text: str


def as_text(value: Term | Safe) -> str:
    """A value as templates show it."""
    if isinstance(value, Safe):
        return value.text
    if value is None or (isinstance(value, Scalar) and is_null(value)):
        return ""
    if isinstance(value, CannotTellError):
        raise value
    if isinstance(value, Scalar) and value.kind == UNKNOWN:
        raise CannotTellError(value)
    if isinstance(value, Scalar) and value.kind in ("int", "float"):
        return _number_text(value)
    if isinstance(value, dt.datetime):
        raise CannotTellError("a date without a format")
    if isinstance(value, float):
        return _number_text(repr(value))
    if isinstance(value, list):
        return ",".join(map(as_text, value))
    if isinstance(value, dict):
        return "[object Object]"
    return str(value)


def _number_text(text: str) -> str:
    """A number as JavaScript writes it."""
    try:
        number = float(text.replace("_", ""))
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 1e21 else repr(number)


def bare(value: Term | Safe) -> Term:
    """The value without the mark that it is not escaped."""
    return value.text if isinstance(value, Safe) else value


def is_true(value: Term) -> bool:
    """Whether JavaScript takes a value for true."""
    if value is None or isinstance(value, CannotTellError):
        return False
    if isinstance(value, Scalar):
        if value.kind == "bool":
            return as_bool(value) is True
        if value.kind in ("int", "float"):
            return _number_text(value) not in ("0", "nan", ".nan")
        return not is_null(value) and value != ""
    return True if isinstance(value, list | dict | dt.datetime) else bool(value)
