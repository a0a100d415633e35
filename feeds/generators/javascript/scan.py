"""Where a JavaScript file declares, changes, exports and calls, found in one pass over its tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from feeds.generators.javascript.tokens import LAST, Token

_OPENERS = frozenset({"(", "[", "{", "${", "`"})
_ENDS = frozenset({",", ";", ")", "]", "}", ""})
_DECLARES = frozenset({"const", "let", "var"})
_CHANGES = frozenset({"=", "+=", "-=", "*=", "/=", "||=", "&&=", "??=", "++", "--"})
_TYPE_PREFIXES = frozenset(
    {"typeof", "keyof", "readonly", "unique", "infer", "is", "extends", "as", "satisfies"}
)
_PREFIXES = frozenset(
    {"typeof", "await", "new", "void", "delete", "return", "async", "yield", "throw", "in", "of"}
)
_JOINERS = frozenset({"in", "of", "instanceof", "as", "satisfies"})
_CONTROL = frozenset({"if", "for", "while", "switch", "catch", "with", "await"})
_NO_CALLS = _CONTROL | _PREFIXES | {"function", "import", "super"}

_LONGEST_TYPE = 1000
"""Tokens of a type, beyond which it is not read on."""

Variable = tuple[int, str]
"""A scope, by the index of its curly bracket (-1 is the file), and a name in it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A later assignment: the members that it goes through, and where the value begins (-1: not known)."""

    scope: int
    members: tuple[str, ...]
    value: int


@dataclass(slots=True)
class Scan:
    """What a file declares. All numbers are indexes of tokens; -1 stands for what is not known.

    `declared` tells where the value of a variable begins, `changes` its later assignments, `exported` where
    the value of an export begins, `aliases` which variable an export names, `imports` the module that a name
    comes from, `called` the first token and the opening parenthesis of each call, `bodies` the curly brackets
    of functions, `heads` the names that are declared.
    """

    tokens: list[Token]
    declared: dict[Variable, int] = field(default_factory=dict)
    changes: dict[Variable, list[Change]] = field(default_factory=dict)
    exported: dict[str, int] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    called: list[tuple[int, int]] = field(default_factory=list)
    bodies: set[int] = field(default_factory=set)
    heads: set[int] = field(default_factory=set)

    def variable(self, name: str, scope: int) -> Variable | None:
        """The variable that a name means in a scope; None for one that the file does not declare."""
        while (scope, name) not in self.declared:
            if scope == -1:
                return None
            scope = self.tokens[scope].scope
        return scope, name


def scan(tokens: list[Token]) -> Scan:
    """What the tokens of a file declare, change, export, import and call."""
    found = Scan(tokens)
    changes: list[tuple[str, Change]] = []
    at = 0
    while at < len(tokens) - LAST:
        at = _step(found, at, changes)
    for name, change in changes:
        if variable := found.variable(name, change.scope):
            found.changes.setdefault(variable, []).append(change)
    return found


def skip(tokens: list[Token], at: int) -> int:
    """The end of the expression that begins at a token: a comma, a closing bracket, or the line's end."""
    start = at
    while (token := tokens[at]).kind != "sign" or token.text not in _ENDS:
        if at > start and not _goes_on(tokens, at):
            break
        at = token.pair + 1 if token.text in _OPENERS and token.kind == "sign" else at + 1
    return at


def skip_item(tokens: list[Token], at: int) -> int:
    """The comma or closing bracket after an item of a list or an object."""
    while (token := tokens[at]).kind != "sign" or token.text not in (",", ")", "]", "}", ""):
        at = token.pair + 1 if token.text in _OPENERS and token.kind == "sign" else at + 1
    return at


def skip_type(tokens: list[Token], at: int) -> int:
    """The end of the TypeScript type that begins at a token."""
    angles, whole, last = 0, False, min(at + _LONGEST_TYPE, len(tokens) - 1)
    while at < last:
        token = tokens[at]
        text = token.text
        if token.kind != "sign":
            if whole and not angles:
                return at
            whole = text not in _TYPE_PREFIXES
        elif text in ("<", ">"):
            angles += 1 if text == "<" else -1
            if angles < 0:
                return at
            whole = text == ">"
        elif text in _OPENERS:
            if whole and not angles and text != "[":
                return at
            at, whole = token.pair, True
        elif _ends_type(tokens, at, angles):
            return at
        else:
            whole = False
        at += 1
    return last


def _ends_type(tokens: list[Token], at: int, angles: int) -> bool:
    """Whether a sign cannot belong to a type; the arrow after one is that of the function that returns it."""
    text = tokens[at].text
    if text == "=>":
        return tokens[at - 1].text != ")"
    return text in (")", "]", "}", "") or (not angles and text not in (".", "|", "&"))


def body_of(tokens: list[Token], at: int) -> int | None:
    """Where the body begins of the function that begins at a token; None if none does.

    The body is a curly bracket, or what follows an arrow.
    """
    if tokens[at].text == "async" and tokens[at].kind == "name" and tokens[at + 1].line == tokens[at].line:
        at += 1
    token, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else tokens[at]
    if token.kind == "name" and token.text == "function":
        at += 2 if after.text == "*" else 1
        at += tokens[at].kind == "name"
        at = skip_type(tokens, at) if tokens[at].text == "<" else at
        if tokens[at].text != "(":
            return None
        at = tokens[at].pair + 1
        if tokens[at].text == ":":
            at = skip_type(tokens, at + 1)
        return at if tokens[at].text == "{" else None
    if token.kind == "name":
        return at + 2 if after.text == "=>" else None
    if token.text == "(" and token.kind == "sign":
        at = token.pair + 1
        if tokens[at].text == ":" and tokens[at].kind == "sign":
            at = skip_type(tokens, at + 1)
        return at + 1 if tokens[at].text == "=>" else None
    return None


def returns_of(found: Scan, body: int) -> list[int]:
    """Where the values begin that a function returns, whose body opens at a curly bracket."""
    tokens, at, values = found.tokens, body + 1, []
    while at < tokens[body].pair:
        token = tokens[at]
        if token.text == "{" and token.kind == "sign" and _is_function(found, at):
            at = token.pair
        elif token.kind == "name" and token.text == "return" and tokens[at - 1].text not in (".", "?."):
            values.append(at + 1)
        at += 1
    return values


def _goes_on(tokens: list[Token], at: int) -> bool:
    """Whether the token still belongs to the expression before it: no line ends there, or none could."""
    before, token = tokens[at - 1], tokens[at]
    if before.line == token.line or token.text in _JOINERS:
        return True
    if before.kind == "name":
        whole = before.text not in _PREFIXES
    else:
        whole = before.kind != "sign" or before.text in (")", "]", "}", "`")
    return not whole or (token.kind == "sign" and token.text != "{")


def _is_function(found: Scan, brace: int) -> bool:
    """Whether a curly bracket opens the body of a function or of a method."""
    before = found.tokens[brace - 1]
    if brace in found.bodies:
        return True
    return before.text == ")" and before.pair > 0 and found.tokens[before.pair - 1].text not in _CONTROL


def _step(found: Scan, at: int, changes: list[tuple[str, Change]]) -> int:
    """Take note of what begins at a token; gives the next one to look at."""
    tokens = found.tokens
    token = tokens[at]
    if token.text in ("(", "=>") and token.kind == "sign":
        _note_call(found, at)
        if token.text == "=>":
            _note_body(found, tokens[at - 1].pair if tokens[at - 1].text == ")" else at - 1, at, at + 1)
        return at + 1
    if token.kind != "name":
        return at + 1
    before = tokens[at - 1] if at else tokens[-1]
    if before.kind == "sign" and before.text in (".", "?."):
        return at + 1
    if token.text == "function" and (body := body_of(tokens, at)) is not None:
        if tokens[at + 1].kind == "name":
            found.declared.setdefault((token.scope, tokens[at + 1].text), at)
        _note_body(found, at, body, body)
        return at + 2
    if token.text in _DECLARES and before.text != "as":
        return _note_variables(found, at)
    if token.scope == -1 and token.text in ("import", "export"):
        return _note_import(found, at) if token.text == "import" else _note_export(found, at)
    return _note_change(found, at, before, changes)


def _note_call(found: Scan, at: int) -> None:
    tokens = found.tokens
    start = at - 1
    if tokens[at].text != "(" or start < 0 or tokens[start].kind != "name" or tokens[start].text in _NO_CALLS:
        return
    while start > 1 and tokens[start - 1].text in (".", "?.") and tokens[start - 2].kind == "name":
        start -= 2
    before = tokens[start - 1].text if start else ""
    after = tokens[tokens[at].pair + 1].text
    if before not in (".", "?.", "function", "new", "*") and after != "{":
        found.called.append((start, at))


def _note_body(found: Scan, first: int, last: int, body: int) -> None:
    """The names between two tokens are the parameters of the function with that body."""
    if found.tokens[body].text == "{" and found.tokens[body].kind == "sign":
        found.bodies.add(body)
        for token in found.tokens[max(first, 0) : last]:
            if token.kind == "name":
                found.declared[(body, token.text)] = -1


def _note_variables(found: Scan, at: int) -> int:
    """`const a: T = …, b = …`: gives the token after the first `=`, so that what is inside is seen too."""
    tokens, scope = found.tokens, found.tokens[at].scope
    exported = tokens[at - 1].text == "export" if at else False
    if at and tokens[at - 1].text == "(":  # the variable of a loop
        return at + 1
    first = 0
    while True:
        at += 1
        token = tokens[at]
        found.heads.add(at)
        names = (
            [token] if token.kind == "name" else tokens[at : token.pair] if token.text in ("{", "[") else []
        )
        at = at + 1 if token.kind == "name" else max(token.pair + 1, at)
        if not names:
            return first or at
        if tokens[at].text == "!":
            at += 1
        if tokens[at].text == ":":
            at = skip_type(tokens, at + 1)
        known = tokens[at].text == "=" and token.kind == "name"
        for name in names:
            if name.kind == "name":
                found.declared[(scope, name.text)] = at + 1 if known else -1
                if exported:
                    found.aliases[name.text] = name.text
        first = first or at
        if tokens[at].text == "=":
            at = skip(tokens, at + 1)
        if tokens[at].text != ",":
            return first


def _note_import(found: Scan, at: int) -> int:
    """`import a, { b as c } from "d"`."""
    tokens = found.tokens
    names: list[str] = []
    start = at = at + 1
    while tokens[at].kind == "name" or tokens[at].text in ("{", "}", ",", "*"):
        if tokens[at].kind == "name":
            if tokens[at - 1].text == "as" and names and at - 2 >= start:
                names.pop()
            if tokens[at].text not in ("as", "from", "type"):
                names.append(tokens[at].text)
        at += 1
    if tokens[at].kind == "string":
        found.imports.update(dict.fromkeys(names, tokens[at].text[1:-1]))
    return at


def _note_export(found: Scan, at: int) -> int:
    """`export default …`, `export = …`, `export { a as b }`, `export function a() {}`."""
    tokens = found.tokens
    at += 1
    token = tokens[at]
    if token.text in ("default", "="):
        found.exported.setdefault("default", at + 1)
        return at + 1
    if token.text == "{" and tokens[token.pair + 1].text != "from":
        names = [item.text for item in tokens[at + 1 : token.pair]]
        item: list[str] = []
        for text in [*names, ","]:
            if text == "," and item:
                found.aliases[item[-1]] = item[0]
            item = [] if text == "," else [*item[:1], text]
        return token.pair + 1
    name = next((i for i in (at + 1, at + 2) if tokens[i - 1].text == "function"), 0)
    if name and tokens[name].kind == "name":
        found.aliases[tokens[name].text] = tokens[name].text
    return at


def _note_change(found: Scan, at: int, before: Token, changes: list[tuple[str, Change]]) -> int:
    """`a.b = …`, `a++`, `module.exports = …`, `exports.a = …`."""
    tokens, token = found.tokens, found.tokens[at]
    members: list[str] = []
    at += 1
    if at - 1 in found.heads:
        return at
    while tokens[at].text == "." and tokens[at].kind == "sign" and tokens[at + 1].kind == "name":
        members.append(tokens[at + 1].text)
        at += 2
    sign = tokens[at]
    if sign.kind != "sign" or sign.text not in _CHANGES:
        return at
    if before.kind == "name" and before.line == token.line:  # the name of a type
        return at
    path = [token.text, *members]
    if path[0] == "module" and path[1:2] == ["exports"]:
        path = path[1:]
    if path[0] == "exports" and sign.text == "=" and len(path) <= 2:
        found.exported[path[1] if len(path) == 2 else "default"] = at + 1
    value = at + 1 if sign.text == "=" else -1
    changes.append((token.text, Change(token.scope, tuple(members), value)))
    return at + 1
