"""The values of a JavaScript file, worked out from its tokens; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from feeds.generators.javascript.scan import (
    Scan,
    Variable,
    body_of,
    returns_of,
    scan,
    skip,
    skip_item,
    skip_type,
)
from feeds.generators.javascript.tokens import Token
from feeds.generators.javascript.values import (
    MAX_DEPTH,
    Call,
    Function,
    Items,
    Js,
    Members,
    Pattern,
    Unknown,
    changed,
    measure,
    unescaped,
)
from feeds.model import Scalar

MAX_TEXT = 1_000_000
"""Characters of a joined text, beyond which it is not known."""

_SHOWN = 80
_WORDS = {"true": "bool", "false": "bool", "null": "null", "undefined": "null"}
_OPERATORS = frozenset({"typeof", "new", "class", "delete", "void", "yield", "throw"})
_WRAPPERS = frozenset({"defineConfig", "Object.freeze"})
_ENDS = frozenset({",", ";", ")", "]", "}", ""})


class Evaluation:
    """The values of one file, each worked out when it is asked for, and once."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens, self.source = tokens, text
        self.scan: Scan = scan(tokens)
        self.depth = 0
        self.known: dict[int, tuple[Js, int]] = {}
        self.values: dict[Variable, Js] = {}

    def exports(self) -> Mapping[str, Js]:
        """What the file exports, by name."""
        found: dict[str, Js] = {}
        for name, local in self.scan.aliases.items():
            found[name] = self._given_back(self._named(local, -1, 0))
        for name, at in self.scan.exported.items():
            found[name] = self._given_back(self._expression(at)[0])
        if not found and self.tokens[0].text == "{":
            found["default"] = self._expression(0)[0]
        changed = self.scan.exported.keys() & {"default"} and found.get("default")
        if isinstance(changed, Members):  # `module.exports = {}; module.exports.url = …`
            for name, value in found.items():
                if name != "default":
                    changed[name] = value
        return found

    def variables(self) -> Mapping[str, Js]:
        """The variables at the top of the file."""
        return {name: self._named(name, -1, 0) for scope, name in self.scan.declared if scope == -1}

    def calls(self) -> tuple[Call, ...]:
        """Every call in the file."""
        return tuple(self._call(start, at) for start, at in self.scan.called)

    def _given_back(self, value: Js) -> Js:
        """What a function returns, or what a wrapper that changes nothing is given."""
        for _ in range(MAX_DEPTH):
            if isinstance(value, Call) and value.name in _WRAPPERS and value.arguments:
                value = value.arguments[0]
            elif isinstance(value, Function):
                value = self._returned(value)
            else:
                break
        return value

    def _returned(self, function: Function) -> Js:
        token = self.tokens[function.body]
        if token.text != "{" or token.kind != "sign":
            return self._expression(function.body)[0]
        values = returns_of(self.scan, function.body)
        if len(values) == 1:
            return self._expression(values[0])[0]
        return function if not values else self._unknown(values[0] - 1, skip(self.tokens, values[0]))

    def _unknown(self, start: int, end: int) -> Unknown:
        return Unknown(self._text(start, end), *self._place(start))

    def _text(self, start: int, end: int) -> str:
        first, last = self.tokens[start].start, self.tokens[max(end - 1, start)].end
        text = " ".join(self.source[first : min(last, first + 4 * _SHOWN)].split())
        return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

    def _place(self, at: int) -> tuple[int, int]:
        return self.tokens[at].line, self.tokens[at].column

    def _scalar(self, text: str, kind: str, at: int, *, quoted: bool = False) -> Scalar:
        line, column = self._place(at)
        return Scalar(text, kind, quoted=quoted, line=line, column=column)

    def _expression(self, at: int) -> tuple[Js, int]:
        """The value of the expression that begins at a token, and the token after it."""
        if at not in self.known:
            if self.depth >= MAX_DEPTH:
                end = skip(self.tokens, at)
                return self._unknown(at, end), end
            self.depth += 1
            self.known[at] = self._operation(at)
            self.depth -= 1
        return self.known[at]

    def _operation(self, start: int) -> tuple[Js, int]:
        tokens = self.tokens
        value, at = self._operand(start)
        while True:
            token, before = tokens[at], tokens[at - 1]
            if token.kind == "sign" and token.text in _ENDS:
                return value, at
            if token.kind == "name" and token.text in ("as", "satisfies"):
                at = skip_type(tokens, at + 1)
                continue
            if token.kind == "sign" and token.text == "+":
                other, at = self._operand(at + 1)
                joined = self._joined([value, other], start)
                if joined is not None:
                    value = joined
                    continue
            elif token.line > before.line and (token.kind != "sign" or token.text == "{"):
                return value, at
            end = max(skip(tokens, start), at)
            return self._unknown(start, end), end

    def _joined(self, parts: list[Js], at: int) -> Scalar | None:
        """Texts and numbers joined to one text; None where that is not known."""
        texts = [part for part in parts if isinstance(part, Scalar)]
        fits = len(texts) == len(parts) and sum(map(len, texts)) <= MAX_TEXT
        if not fits or not any(part.kind == "str" for part in texts):
            return None
        return self._scalar("".join(texts), "str", at, quoted=True)

    def _operand(self, at: int) -> tuple[Js, int]:
        token = self.tokens[at]
        body = body_of(self.tokens, at)
        if body is not None:
            opener = self.tokens[body]
            end = opener.pair + 1 if opener.text == "{" else skip(self.tokens, body)
            return Function(self._text(at, end), *self._place(at), body), end
        if token.kind == "name":
            return self._name(at)
        value: Js
        if token.kind == "string":
            value = self._scalar(unescaped(token.text[1:-1]), "str", at, quoted=True)
        elif token.kind == "number":
            value = self._number(token.text, at)
        elif token.kind == "pattern":
            source, _, flags = token.text[1:].rpartition("/")
            value = Pattern(self._text(at, at + 1), *self._place(at), source, flags)
        elif token.text == "`" and token.pair > at:
            value = self._template(at)
        elif token.text == "[":
            value = self._items(at)
        elif token.text == "{":
            value = self._members(at)
        elif token.text == "(":
            value, end = self._expression(at + 1)
            if end != token.pair:
                value = self._unknown(at, token.pair + 1)
        elif token.text == "-" and self.tokens[at + 1].kind == "number":
            value = self._number(f"-{self.tokens[at + 1].text}", at)
            return value, at + 2
        else:
            end = max(skip(self.tokens, at), at)
            return self._unknown(at, end), end
        end = max(token.pair, at) + 1
        return (value, end) if not self._is_taken_on(end) else self._chain(at, end, value)

    def _is_taken_on(self, at: int) -> bool:
        """Whether a value is but the beginning of `a.b`, `a()`, `a[b]`."""
        token = self.tokens[at]
        opens = token.text in ("(", "[") or (token.text == "`" and token.pair > at)
        return token.kind == "sign" and (opens or token.text in (".", "?."))

    def _number(self, text: str, at: int) -> Scalar:
        digits = text.replace("_", "").rstrip("n" if "x" not in text.lower() else "")
        if re.fullmatch(r"-?\d+", digits):
            return self._scalar(digits, "int", at)
        if re.fullmatch(r"-?0[xXoObB]\w{1,100}", digits):
            return self._scalar(str(int(digits, 0)), "int", at)
        return self._scalar(digits, "float", at)

    def _template(self, at: int) -> Js:
        end, start = self.tokens[at].pair, at
        parts: list[Js] = [self._scalar("", "str", at, quoted=True)]
        at += 1
        while at < end:
            token = self.tokens[at]
            if token.kind == "text":
                parts.append(self._scalar(unescaped(token.text), "str", at, quoted=True))
                at += 1
            else:
                parts.append(self._expression(at + 1)[0])
                at = token.pair + 1
        joined = self._joined(parts, start)
        return self._unknown(start, end + 1) if joined is None else joined

    def _name(self, at: int) -> tuple[Js, int]:
        token = self.tokens[at]
        if token.text == "await":
            return self._operand(at + 1)
        if token.text in _OPERATORS:
            end = skip(self.tokens, at)
            return self._unknown(at, end), end
        if token.text in _WORDS:
            return self._scalar(token.text, _WORDS[token.text], at), at + 1
        value = self._named(token.text, token.scope, at)
        return self._chain(at, at + 1, value)

    def _chain(self, start: int, at: int, value: Js) -> tuple[Js, int]:
        """`a.b.c(…)`: members of known objects, and calls."""
        tokens = self.tokens
        called = tokens[start].kind != "name"
        while True:
            token = tokens[at]
            if token.kind != "sign":
                return value, at
            if token.text in (".", "?.") and tokens[at + 1].kind == "name":
                inner = value.get(tokens[at + 1].text) if isinstance(value, Members) else None
                at += 2
                value = self._unknown(start, at) if inner is None else inner
            elif token.text == "(" and token.pair > at:
                end = token.pair + 1
                value = self._unknown(start, end) if called else self._call(start, at)
                called, at = True, end
            elif token.text == "<" and not called and (end := self._generic(at)):
                at = end
            elif token.text in ("[", "?.") or (token.text == "`" and token.pair > at):
                at = max(token.pair, at) + 1
                value, called = self._unknown(start, at), True
            else:
                return value, at

    def _generic(self, at: int) -> int:
        """The parenthesis after the types of `f<T>(…)`; 0 if there is none."""
        end = skip_type(self.tokens, at)
        return end if self.tokens[end - 1].text == ">" and self.tokens[end].text == "(" else 0

    def _call(self, start: int, at: int) -> Call:
        end = self.tokens[at].pair + 1
        name = "".join(
            self.tokens[i].text for i in range(start, at) if self.tokens[i].kind == "name" or i > start
        )
        if at not in self.known:
            self.known[at] = self._items(at), end
        items = self.known[at][0]
        arguments = tuple(items) if isinstance(items, Items) else (items,)
        return Call(self._text(start, end), *self._place(start), name.split("<")[0], arguments)

    def _named(self, name: str, scope: int, at: int) -> Js:
        """The value of a variable, with what is later assigned to it."""
        unknown = self._unknown(at, at + 1)
        variable = self.scan.variable(name, scope)
        start = self.scan.declared[variable] if variable else -1
        if variable is None or start == -1:
            return unknown
        if variable not in self.values:
            self.values[variable] = unknown  # what it is made of itself is not known
            value = self._expression(start)[0]
            for change in self.scan.changes.get(variable, ()):
                told: Js = unknown
                if change.value != -1:
                    told, end = self._expression(change.value)
                    told = told if change.scope == variable[0] else self._unknown(change.value, end)
                value = changed(value, change.members, told, unknown)
            self.values[variable] = value if measure(value) else unknown
        return self.values[variable]

    def _items(self, at: int) -> Js:
        start, end = at, self.tokens[at].pair
        items = Items(self.tokens[at].line)
        at += 1
        while at < end:
            if self.tokens[at].text == "," and self.tokens[at].kind == "sign":
                at += 1
                continue
            first = at
            spread = self.tokens[at].text == "..."
            value, at = self._expression(at + spread)
            if self.tokens[at].text != "," and at != end:
                at = skip_item(self.tokens, first)
                value = self._unknown(first, at)
            if spread and isinstance(value, Items):
                items += value
            else:
                items.append(value)
        return items if measure(items) else self._unknown(start, end + 1)

    def _members(self, at: int) -> Js:
        start, end = at, self.tokens[at].pair
        members = Members(self.tokens[at].line)
        at += 1
        while at < end:
            token, after = self.tokens[at], self.tokens[at + 1]
            if token.text == "," and token.kind == "sign":
                at += 1
                continue
            first, known = at, token.kind in ("name", "string", "number")
            key = unescaped(token.text[1:-1]) if token.kind == "string" else token.text
            value: Js
            if token.text == "..." and token.kind == "sign":
                value, at = self._expression(at + 1)
            elif known and after.text == ":":
                value, at = self._expression(at + 2)
            elif known and (after.text == "," or at + 1 == end):
                value, at = self._named(key, self.tokens[start].scope, at), at + 1
            else:
                at = skip_item(self.tokens, at)
                value = self._unknown(first, at)
                known = known and after.text == "("
            if self.tokens[at].text != "," and at != end:
                at = skip_item(self.tokens, first)
                value = self._unknown(first, at)
            if known:
                members[key] = value
            elif isinstance(value, Members):
                members.update(value)
                members.unknown += value.unknown
            elif isinstance(value, Unknown):
                members.unknown.append(value)
        return members if measure(members) else self._unknown(start, end + 1)
