"""Small templates in data, such as permalinks: the outputs `{{ … }}` of Liquid and Nunjucks.

Only what the data says counts: names, texts, numbers, `+`, `~`, `or`, and filters. Everything else is
refused, so that nothing is ever guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from feeds.generators.eleventy.filters import FILTERS
from feeds.generators.eleventy.values import (
    UNKNOWN,
    CannotTellError,
    Filter,
    Safe,
    Term,
    as_text,
    bare,
    is_true,
)
from feeds.model import Scalar

_NONE: Mapping[str, Filter] = MappingProxyType({})

_METHODS: Mapping[str, Callable[[str], str]] = {
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
}
_MAX_PARTS = 200
_MAX_TEMPLATE = 2_000
_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<name>[A-Za-z_$][\w$-]*)|(?P<sign>[-|,:()\[\].+~]))""",
    re.DOTALL,
)
_OUTPUT = re.compile(r"\{\{-?(?P<code>.*?)-?\}\}|(?P<tag>\{%)|(?P<comment>\{#.*?#\})", re.DOTALL)
_ESCAPES = {"&": "&amp;", '"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;", "\\": "&#92;"}


def render(template: str, data: Mapping[str, Term], engine: str) -> str:
    """The text of a template.

    Args:
        template: with `{{ … }}`.
        data: what its names mean; those that are missing are empty, as they are to both engines.
        engine: "liquid" or "njk", which escapes what it shows; any other leaves the template as it is.

    Raises:
        CannotTellError: it holds tags, calls, or filters that are not Eleventy's or its engine's own.
    """
    if engine not in ("liquid", "njk") or "{" not in template:
        return template
    if len(template) > _MAX_TEMPLATE:
        raise CannotTellError(template[:60])

    def shown(found: re.Match[str]) -> str:
        if found["tag"] or (found["comment"] and engine == "liquid"):
            raise CannotTellError(found[0] if found["tag"] is None else template[found.start() :][:60])
        return evaluate(found["code"], data, engine) if found["code"] is not None else ""

    return _OUTPUT.sub(shown, template)


def evaluate(code: str, data: Mapping[str, Term], engine: str, filters: Mapping[str, Filter] = _NONE) -> str:
    """The text that the inside of `{{ … }}` shows.

    Args:
        code: what stands between the braces.
        data: what its names mean.
        engine: as for `render`.
        filters: more filters by name, which win.

    Raises:
        CannotTellError: as `render`.
    """
    value = value_of(code, data, engine, filters)
    if isinstance(value, Safe):
        return value.text
    text = as_text(value)
    return re.sub(r"""[&"'<>\\]""", lambda found: _ESCAPES[found[0]], text) if engine == "njk" else text


def value_of(
    code: str, data: Mapping[str, Term], engine: str, filters: Mapping[str, Filter] = _NONE
) -> Term | Safe:
    """The value of an expression, as `evaluate` would show it.

    Raises:
        CannotTellError: as `render`.
    """
    return _Reader(code, data, engine, filters).value()


class _Reader:
    """Reads one expression, which is worked out on the way."""

    def __init__(
        self, code: str, data: Mapping[str, Term], engine: str, filters: Mapping[str, Filter]
    ) -> None:
        self.code, self.data, self.engine = code.strip(), data, engine
        self.filters = {**FILTERS[engine], **filters}
        self.tokens = self._split()
        self.at = 0

    def _split(self) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(self.code):
            found = _TOKEN.match(self.code, position)
            if not found or len(tokens) >= _MAX_PARTS:
                raise CannotTellError(self.code)
            tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            position = found.end()
            if not self.code[position:].strip():
                break
        return tokens

    def _peek(self, text: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] in (("sign", text), ("name", text))

    def _take(self, text: str) -> bool:
        found = self._peek(text)
        self.at += found
        return found

    def value(self) -> Term | Safe:
        """The whole expression."""
        if not self.tokens:
            return None
        value = self._sum() if self.engine == "njk" else self._filters_of(self._operand())
        if self.at != len(self.tokens):
            raise CannotTellError(self.code)
        return value

    def _sum(self) -> Term | Safe:
        value = self._or()
        while self._peek("+") or self._peek("~"):
            joins = self.tokens[self.at][1] == "~"
            self.at += 1
            value = _added(bare(value), bare(self._or()), joins, self.code)
        return value

    def _or(self) -> Term | Safe:
        value = self._filters_of(self._operand())
        while self._take("or"):
            other = self._filters_of(self._operand())
            if isinstance(value, CannotTellError):
                raise value
            value = value if is_true(bare(value)) else other
        return value

    def _filters_of(self, value: Term | Safe) -> Term | Safe:
        """A value with the filters that follow it: in Nunjucks they bind to the last of several values."""
        while self._take("|"):
            value = self._filtered(value)
        return value

    def _operand(self) -> Term:
        if self.at >= len(self.tokens):
            raise CannotTellError(self.code)
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "string":
            return (
                re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if self.engine == "njk" else text[1:-1]
            )
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "sign" and text == "(" and self.engine == "njk":
            value = bare(self._sum())
            if not self._take(")"):
                raise CannotTellError(self.code)
            return value
        if kind != "name":
            raise CannotTellError(self.code)
        return self._path(text)

    def _path(self, name: str) -> Term:
        if name in ("true", "false"):
            return Scalar(name, "bool")
        value = self.data.get(name)
        while not isinstance(value, CannotTellError):
            if self._take("."):
                kind, key = self._next()
                if kind != "name":
                    raise CannotTellError(self.code)
                if self._take("("):
                    if not self._take(")"):
                        raise CannotTellError(self.code)
                    value = _called(value, key, self.code)
                else:
                    value = _member(value, key)
            elif self._take("["):
                kind, key = self._next()
                if kind not in ("string", "number") or not self._take("]"):
                    raise CannotTellError(self.code)
                value = _member(value, key[1:-1] if kind == "string" else key)
            else:
                break
        if self._peek("(") or isinstance(value, CannotTellError):
            raise CannotTellError(self.code)
        return value

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise CannotTellError(self.code)
        self.at += 1
        return self.tokens[self.at - 1]

    def _filtered(self, value: Term | Safe) -> Term | Safe:
        _, name = self._next()
        arguments: list[Term] = []
        if self._take(":" if self.engine == "liquid" else "("):
            while self.at < len(self.tokens) and not self._peek(")") and not self._peek("|"):
                arguments.append(self._operand())
                if not self._take(","):
                    break
            if self.engine == "njk" and not self._take(")"):
                raise CannotTellError(self.code)
        own = self.filters.get(name)
        if own is None:
            raise CannotTellError(f"the filter {name}")
        try:
            return own(bare(value), *arguments)
        except (TypeError, ValueError):
            raise CannotTellError(self.code) from None


def _member(value: Term, key: str) -> Term:
    if isinstance(value, Scalar) and value.kind == UNKNOWN:
        return value
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and key.isdecimal() and len(key) < 9:
        return value[int(key)] if int(key) < len(value) else None
    if key in ("length", "size") and isinstance(value, str | list):
        return len(value)
    return None


def _added(left: Term, right: Term, joins: bool, code: str) -> Term:
    if not joins and isinstance(left, int | float) and isinstance(right, int | float):
        return left + right
    if not joins and not (isinstance(left, str) or isinstance(right, str)):
        raise CannotTellError(code)
    return as_text(left) + as_text(right)


def _called(value: Term, name: str, code: str) -> Term:
    """Methods of dates and texts; dates are those of UTC, as on a server."""
    if isinstance(value, dt.datetime):
        date = value.astimezone(dt.UTC)
        numbers = {
            "FullYear": date.year,
            "Month": date.month - 1,
            "Date": date.day,
            "Day": date.isoweekday() % 7,
            "Hours": date.hour,
            "Minutes": date.minute,
        }
        part = name.removeprefix("get").removeprefix("UTC")
        if name.startswith("get") and part in numbers:
            return numbers[part]
        if name == "toISOString":
            return f"{date:%Y-%m-%dT%H:%M:%S}.{date.microsecond // 1000:03}Z"
    elif isinstance(value, str) and name in _METHODS:
        return _METHODS[name](value)
    raise CannotTellError(code)
