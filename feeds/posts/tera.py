"""Zola's shortcodes, and the components that took their place in 0.23, as plain Markdown and HTML.

Their templates are not run: those that many sites have are known by name, of all others the body is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from feeds.posts.scope import Scope
from feeds.posts.tera_shortcodes import inline, with_body

_TOKEN = re.compile(
    r"\{\{(?P<print>(?:(?!\{\{|\}\}).)*+)\}\}"
    r"|\{%(?P<tag>(?:(?!\{%|%\}).)*+)%\}"
    r"|\{#(?P<note>(?:(?!\{#|#\}).)*+)#\}",
    re.DOTALL,
)
_CALL = re.compile(r"\s*+(?P<name>[A-Za-z_]\w*+)\s*+\((?P<args>.*)\)\s*", re.DOTALL | re.ASCII)
_TEXT = r"\"[^\"]*+\"|'[^']*+'|`[^`]*+`"
_ARGUMENT = re.compile(
    rf"\s*+(?P<name>[A-Za-z_]\w*+)\s*+=\s*+(?P<value>{_TEXT}|[-\w.]++|\[(?:{_TEXT}|[^\]\"'`])*+\])\s*+,?",
    re.ASCII,
)
_ATTRIBUTE = re.compile(
    rf"\s*+(?P<name>[A-Za-z_][\w-]*+)(?:\s*+=\s*+(?P<value>{_TEXT}|\{{[^{{}}]*+\}}))?+\s*+", re.ASCII
)
_COMPONENT = re.compile(
    r"-?\s*+<\s*(?P<name>[A-Za-z_][\w.]*+)(?P<args>.*?)(?P<closed>/?)>\s*+-?", re.DOTALL | re.ASCII
)
_CLOSING = re.compile(r"-?\s*+</\s*(?P<name>[A-Za-z_][\w.]*+)\s*+>\s*+-?", re.ASCII)
_VARIABLE = re.compile(r"-?\s*+(?P<path>[A-Za-z_]\w*+(?:\??\.\w++)*+)\s*+(?:\|\s*+\w++\s*+)*+-?", re.ASCII)
_ESCAPED = re.compile(r"/\*(?P<text>.*)\*/", re.DOTALL)
_MAX_DEPTH = 50


@dataclass(slots=True)
class _Frame:
    """A shortcode or component whose body is being read, or the text as a whole."""

    name: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    line: int = 1
    indent: str | None = ""  # what stands before it on its line; None for text
    component: bool = False
    parts: list[str] = field(default_factory=list)


def expand(text: str, scope: Scope) -> str:
    """The text without shortcodes, components, and what Zola escapes to show them.

    Zola expands them in code too. Up to 0.22 it leaves what is no valid call as it is; since 0.23 posts are
    templates as a whole, which the site's variables tell as `components`.
    """
    if not any(mark in text for mark in ("{{", "{%", "{#")):
        return text
    return _Expander(scope, text).run()


class _Expander:
    def __init__(self, scope: Scope, text: str) -> None:
        self.scope, self.text = scope, text
        is_new = scope.site.variables.get("components") is True
        self.is_new = is_new or "{{<" in text or "{% <" in text
        self.stack = [_Frame()]
        self.literal = ""  # the tag that ends what is shown as written
        self.line, self.counted = 1, 0

    def run(self) -> str:
        at = 0
        for token in _TOKEN.finditer(self.text):
            self._put(self.text[at : token.start()])
            self._count(token.start())
            self._token(token)
            at = token.end()
        self._put(self.text[at:])
        while len(self.stack) > 1:
            frame = self.stack[-1]
            self._warn(f"{frame.name!r} is never closed", frame.line, "close it, or Zola refuses the post")
            self._close()
        return "".join(self.stack[0].parts)

    def _token(self, token: re.Match[str]) -> None:
        raw = token[0]
        if self.literal:
            is_end = token["tag"] is not None and _squeezed(token["tag"]) == self.literal
            self._end_literal(raw) if is_end else self._put(raw)
        elif token["note"] is not None:
            self._put("" if self.is_new else raw)
        elif token["print"] is not None:
            self._put(self._printed(raw, token["print"]))
        else:
            self._tag(raw, token["tag"])

    def _end_literal(self, raw: str) -> None:
        if self.literal != "endraw":
            self._put("{% end %}")
        self.literal = ""

    def _printed(self, raw: str, inner: str) -> str:
        if escaped := _ESCAPED.fullmatch(inner):
            return f"{{{{{escaped['text']}}}}}"
        if (call := _call(inner)) is not None and not (self.is_new and call[0].startswith("get_")):
            return self._inline(*call)
        if self.is_new and (component := _component(inner)):
            return self._inline(component[0], component[1])
        return self._value(inner) if self.is_new else raw

    def _inline(self, name: str, args: Mapping[str, str]) -> str:
        before = "".join(self.stack[-1].parts[-1:]).rpartition("\n")[2]
        found = inline(name, args, self.scope, alone=not before.strip())
        if found is None:
            self._warn(f"the shortcode {name!r} is left out", self.line, "its template is not run here")
        return found or ""

    def _value(self, inner: str) -> str:
        """A variable of the site's or the page's; nothing, with a warning, for anything else."""
        if (call := _call(inner)) and (path := call[1].get("path") or call[1].get("name")):
            return path if path.startswith("@/") else self.scope.site.url + path.lstrip("/")
        found = _VARIABLE.fullmatch(inner)
        value: object = {**self.scope.site.variables, "page": self.scope.source.fields.values}
        for key in found["path"].replace("?", "").split(".") if found else ():
            value = value.get(key) if isinstance(value, Mapping) else None
        if found and isinstance(value, str):
            return value
        self._warn(f"the template {inner.strip()!r} is left out", self.line)
        return ""

    def _tag(self, raw: str, inner: str) -> None:
        words = inner.strip(" \t\r\n-")
        if escaped := _ESCAPED.fullmatch(words):
            self._put(f"{{%{escaped['text']}%}}")
            self.literal = "" if escaped["text"].strip() == "end" else "/*end*/"
        elif words == "end" and not self.stack[-1].component and len(self.stack) > 1:
            self._close()
        elif (call := _call(words)) is not None:
            self._open(*call, component=False)
        elif self.is_new:
            self._new_tag(words)
        else:
            self._put("" if words == "end" else raw)

    def _new_tag(self, words: str) -> None:
        if words == "raw":
            self.literal = "endraw"
        elif closing := _CLOSING.fullmatch(words):
            if any(frame.component and frame.name == closing["name"] for frame in self.stack):
                while self.stack[-1].name != closing["name"]:
                    self._close()
                self._close()
        elif component := _component(words):
            if component[2]:
                self._put(self._inline(component[0], component[1]))
            else:
                self._open(component[0], component[1], component=True)
        else:
            self._warn(f"the template {words!r} is left out", self.line)

    def _open(self, name: str, args: Mapping[str, str], *, component: bool) -> None:
        before = "".join(self.stack[-1].parts[-1:]).rpartition("\n")[2]
        indent = None if before.strip() else before
        if len(self.stack) < _MAX_DEPTH:
            self.stack.append(_Frame(name, args, self.line, indent, component))
        else:
            self._warn(f"{name!r} stands inside more than {_MAX_DEPTH} others", self.line)

    def _close(self) -> None:
        frame = self.stack.pop()
        body = "".join(frame.parts).strip()
        found = body if frame.indent is None else with_body(frame.name, frame.args, body)
        if found is None:
            message = f"only the body of the shortcode {frame.name!r} is shown"
            self._warn(message, frame.line, "its template is not run here")
        if found in (None, body):
            self._put(body)
        else:
            self._put(f"{found}\n".replace("\n", f"\n{frame.indent}"))

    def _put(self, text: str) -> None:
        self.stack[-1].parts.append(text)

    def _count(self, end: int) -> None:
        self.line += self.text.count("\n", self.counted, end)
        self.counted = end

    def _warn(self, message: str, line: int, help: str = "") -> None:
        self.scope.warn("shortcode", message, line, help)


def _call(inner: str) -> tuple[str, dict[str, str]] | None:
    """The name and arguments of `name(key="value")`; None for anything else."""
    found = _CALL.fullmatch(inner)
    args = _arguments(found["args"]) if found else None
    return (found["name"], args) if found and args is not None else None


def _arguments(text: str) -> dict[str, str] | None:
    args: dict[str, str] = {}
    at, text = 0, text.strip()
    while at < len(text):
        found = _ARGUMENT.match(text, at)
        if not found:
            return None
        args[found["name"]] = _unquoted(found["value"])
        at = found.end()
    return args


def _component(inner: str) -> tuple[str, dict[str, str], bool] | None:
    """The name and attributes of `<name key="value" other={1} />`, and whether it has no body."""
    found = _COMPONENT.fullmatch(inner)
    if not found:
        return None
    args: dict[str, str] = {}
    at, text = 0, found["args"].strip()
    while at < len(text):
        attribute = _ATTRIBUTE.match(text, at)
        if not attribute or not attribute[0]:
            return None
        value = attribute["value"]
        args[attribute["name"]] = "true" if value is None else _unquoted(value.strip("{}"))
        at = attribute.end()
    return found["name"].rpartition(".")[2], args, bool(found["closed"])


def _squeezed(tag: str) -> str:
    return re.sub(r"\s+", "", tag).strip("-")


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] in "\"'`" and value[-1] == value[0] else value
