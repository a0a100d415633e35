"""Nunjucks left in the Markdown of Eleventy's posts, expanded or removed.

Eleventy runs Nunjucks over the whole text before Markdown, code included. What its own filters and plain data
tell is put in; shortcodes, which are functions of the site's own, become the Markdown they usually stand for.
(https://www.11ty.dev/docs/languages/nunjucks/)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from feeds.generators.eleventy.templating import evaluate, value_of
from feeds.generators.eleventy.values import CannotTellError, Filter, Term, as_text, is_true
from feeds.model import Scalar
from feeds.posts.nunjucks_shortcodes import Arguments, paired, parse_arguments, single
from feeds.posts.nunjucks_values import load_include, names_in, page_address, prefixed
from feeds.posts.scope import Scope

MAX_INCLUDES = 10
"""Files that include each other, beyond which an include is left out."""

MAX_TEXT = 1_000_000
"""Characters that includes may add to one post."""

_MAX_OPEN = 50
_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_NAME = re.compile(r"\s*([A-Za-z_$][\w$]*)\s*")
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)\s*(?:=(.*))?", re.DOTALL)
_RAW_END = {name: re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}") for name in ("raw", "verbatim")}
_LOOPS = frozenset({"for", "asyncEach", "asyncAll"})
_UNSHOWN = frozenset({"css", "js", "macro"}) | _LOOPS
"""Tags whose inside is not shown where it stands."""
_SILENT = frozenset({"import", "from", "extends", "block", "elif", "else", "elseif"})
_COMPARED = re.compile(r"(.+?)(===?|!==?)(.+)", re.DOTALL)
_PAIRED_END = re.compile(r"\{%-?\s*end(\w+)")


def expand(text: str, scope: Scope) -> str:
    """The text of a post without Nunjucks.

    Args:
        text: Markdown.
        scope: the post, and who is told of what is removed.
    """
    override = scope.source.fields.values.get("templateEngineOverride")
    if isinstance(override, Scalar) and override.kind == "str" and "njk" not in override:
        return text
    return _Expansion(scope).run(text, depth=0)


@dataclass(slots=True)
class _Open:
    """A tag that is open: what is written in it, and whether it is shown; an `if` is shown at most once."""

    name: str
    arguments: str = ""
    shown: bool = True
    parts: list[str] = field(default_factory=list)
    chosen: bool = False
    before: str = ""


class _Expansion:
    """The expansion of one post."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._data: dict[str, Term] = names_in(scope)
        self._filters: Mapping[str, Filter] = {
            "url": lambda value, *rest: prefixed(as_text(value), scope),
            "inputPathToUrl": lambda value: page_address(as_text(value), scope),
        }
        self._line = 1
        self._added = 0

    def run(self, text: str, depth: int) -> str:
        """The text expanded; `depth` counts the files that include each other."""
        stack = [_Open("")]
        pairs = frozenset(_PAIRED_END.findall(text))
        closings: dict[str, int] = {}
        at = counted = 0
        trims = False
        while (opening := _OPENING.search(text, at)) is not None:
            end = _next(text, _CLOSING[opening[0]], opening.end(), closings)
            plain = text[at : opening.start() if end >= 0 else opening.end()]
            stack[-1].parts.append(plain.lstrip() if trims else plain)
            trims = False
            if end < 0:
                at = opening.end()
                continue
            if depth == 0:
                self._line += text.count("\n", counted, opening.start())
                counted = opening.start()
            inside, at = text[opening.end() : end], end + 2
            if inside.startswith("-"):
                _trim(stack[-1].parts)
            trims = inside.endswith("-")
            inside = inside.removeprefix("-").removesuffix("-")
            if opening[0] == "{{" and stack[-1].shown:
                stack[-1].parts.append(self._output(inside))
            elif opening[0] == "{%":
                at = self._tag(inside, text, at, stack, pairs, depth)
        stack[-1].parts.append(text[at:].lstrip() if trims else text[at:])
        while len(stack) > 1:
            self._close(stack)
        return "".join(stack[0].parts)

    def _output(self, code: str) -> str:
        try:
            return evaluate(code, self._data, "njk", self._filters)
        except CannotTellError as error:
            self._warn(
                f"`{{{{ {_short(code)} }}}}` is removed, as only Eleventy can tell `{_short(str(error))}`"
            )
            return ""

    def _tag(
        self, inside: str, text: str, at: int, stack: list[_Open], pairs: frozenset[str], depth: int
    ) -> int:
        """Acts on a tag; gives where to go on."""
        found = _NAME.match(inside)
        name, arguments = (found[1], inside[found.end() :].strip()) if found else ("", inside.strip())
        shown = stack[-1].shown
        if name in _RAW_END:
            end = _RAW_END[name].search(text, at)
            stack[-1].parts.append(text[at : end.start() if end else len(text)])
            return end.end() if end else len(text)
        if name.startswith("end"):
            self._end(name.removeprefix("end"), stack)
        elif name in ("else", "elif", "elseif") and stack[-1].name == "if":
            self._other(name, arguments, stack)
        elif len(stack) <= _MAX_OPEN and self._opens(name, arguments, pairs):
            holds = shown and name not in _UNSHOWN and (name != "if" or self._holds(arguments))
            stack.append(_Open(name, arguments, holds, chosen=holds))
            if name in _LOOPS and shown:
                self._warn(f"`{{% {name} {_short(arguments)} %}}` is removed, with what it repeats")
        elif shown:
            stack[-1].parts.append(self._single(name, arguments, depth))
        return at

    def _opens(self, name: str, arguments: str, pairs: frozenset[str]) -> bool:
        """Whether a tag has an end: an assignment has one only without `=`."""
        if name == "set":
            return "=" not in arguments
        return name in pairs and name not in _SILENT

    def _other(self, name: str, arguments: str, stack: list[_Open]) -> None:
        """Goes on with the next part of an `if`."""
        branch = stack[-1]
        if branch.shown:
            branch.before, branch.parts = "".join(branch.parts), []
        outer = stack[-2].shown
        holds = outer and not branch.chosen and (name == "else" or self._holds(arguments))
        branch.parts = []
        branch.shown, branch.chosen = holds, branch.chosen or holds

    def _end(self, name: str, stack: list[_Open]) -> None:
        """Closes the tag of a name, and those that stand open within it."""
        if any(opened.name == name for opened in stack[1:]):
            while self._close(stack) != name:
                pass

    def _close(self, stack: list[_Open]) -> str:
        closed = stack.pop()
        inner = closed.before + ("".join(closed.parts) if closed.shown else "")
        if closed.name == "set":
            self._data[closed.arguments] = inner
        elif closed.name == "if":
            stack[-1].parts.append(inner)
        elif closed.shown and stack[-1].shown:
            shown = paired(closed.name, self._arguments(closed.arguments), inner)
            if shown is None:
                self._warn(
                    f"the shortcode {closed.name!r} is the site's own; its content is shown without it"
                )
            stack[-1].parts.append(inner if shown is None else shown)
        return closed.name

    def _holds(self, condition: str) -> bool:
        """Whether the condition of an `if` holds; one that is not known does not."""
        negated = condition.startswith("not ")
        code = condition.removeprefix("not ")
        try:
            if compared := _COMPARED.fullmatch(code):
                sides = [self._term(side) for side in (compared[1], compared[3])]
                equal = as_text(sides[0]) == as_text(sides[1])
                return equal == compared[2].startswith("=") and not negated
            return is_true(self._term(code)) != negated
        except CannotTellError:
            self._warn(
                f"`{{% if {_short(condition)} %}}` is removed with its content, as only Eleventy can tell it"
            )
            return False

    def _term(self, code: str) -> Term:
        value = value_of(code, self._data, "njk", self._filters)
        if isinstance(value, CannotTellError):
            raise value
        return as_text(value) if not isinstance(value, Scalar | list | dict | int | float | None) else value

    def _single(self, name: str, arguments: str, depth: int) -> str:
        """What a tag without an end shows."""
        if name == "set":
            self._assign(arguments)
            return ""
        if name == "include":
            return self._include(arguments, depth)
        if name in _SILENT:
            return ""
        shown = single(name, self._arguments(arguments))
        if shown is None:
            self._warn(f"the shortcode {name!r} is removed, as it is a function of the site's own")
        return shown or ""

    def _assign(self, arguments: str) -> None:
        found = _ASSIGNED.fullmatch(arguments)
        if found and found[2]:
            try:
                value = value_of(found[2], self._data, "njk", self._filters)
                self._data[found[1]] = (
                    as_text(value) if not isinstance(value, Scalar | list | dict) else value
                )
            except CannotTellError as error:
                self._data[found[1]] = error

    def _arguments(self, arguments: str) -> Arguments:
        return parse_arguments(arguments, self._data, self._filters)

    def _include(self, arguments: str, depth: int) -> str:
        """The text of a local file, expanded as it stands."""
        given = self._arguments(arguments).positional
        name = given[0] if given else ""
        text = load_include(name, self._scope)
        self._added += len(text or "")
        if text is None or depth >= MAX_INCLUDES or self._added > MAX_TEXT:
            self._warn(f"the include {name!r} is removed: there is no such file, or it includes too much")
            return ""
        return self.run(text, depth + 1)

    def _warn(self, message: str) -> None:
        self._scope.warn(
            "template", message, self._line, "write what readers of the feed are to see as Markdown"
        )


def _next(text: str, closing: str, start: int, known: dict[str, int]) -> int:
    """Where a closing mark next stands from a place on; -1 where none does. Each text is searched once."""
    at = known.get(closing, 0)
    if 0 <= at < start:
        at = known[closing] = text.find(closing, start)
    return at


def _trim(parts: list[str]) -> None:
    """Takes blanks from the end of what is written."""
    while parts and not parts[-1].strip():
        parts.pop()
    if parts:
        parts[-1] = parts[-1].rstrip()


def _short(code: str) -> str:
    text = " ".join(code.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
