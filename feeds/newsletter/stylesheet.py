"""A look at a stylesheet before it is inlined: what would be lost or break says so, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from feeds.errors import Finding, Location, Severity

_INLINED_PSEUDO_CLASSES = frozenset({"first-child", "last-child"})
_HEAD_SHEET = "move it to digest-head.css, which stays in the letter's head as it is"


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """CSS text, and the path by which messages name it."""

    path: str
    text: str


def check_inlined(sheet: Stylesheet) -> tuple[Finding, ...]:
    """What in a stylesheet would not survive being inlined.

    An error is what the inliner loses or fails on; a warning is what it copies though many mail programs
    do not know it (caniemail.com).
    """
    import tinycss2

    found: list[Finding] = []
    for rule in tinycss2.parse_stylesheet(sheet.text, skip_comments=True, skip_whitespace=True):
        at = Location(sheet.path, rule.source_line, rule.source_column)
        if rule.type == "error":
            found.append(_error("this is not CSS: " + rule.message, at))
        elif rule.type == "at-rule":
            found.append(
                _error(f"an @{rule.lower_at_keyword} rule cannot be inlined", at, _at_rule_help(rule))
            )
        else:
            found += _check_selector(rule.prelude, at)
            found += _check_declarations(tinycss2.parse_blocks_contents(rule.content), sheet.path)
    return tuple(found)


def check_head(sheet: Stylesheet) -> tuple[Finding, ...]:
    """What must not stand in the stylesheet that stays in the letter's head."""
    import tinycss2

    found: list[Finding] = []
    for rule in tinycss2.parse_stylesheet(sheet.text, skip_comments=True, skip_whitespace=True):
        at = Location(sheet.path, rule.source_line, rule.source_column)
        if rule.type == "error":
            found.append(_error("this is not CSS: " + rule.message, at))
        elif rule.type == "at-rule" and rule.lower_at_keyword == "import":
            found.append(_error("an @import rule fetches from elsewhere", at, "write the rules themselves"))
    if "</style" in sheet.text.lower():
        found.append(_error("`</style` would end the letter's stylesheet", Location(sheet.path)))
    return tuple(found)


def _check_selector(prelude: list[Any], at: Location) -> Iterator[Finding]:
    for token, after in zip(prelude, [*prelude[1:], None], strict=True):
        if token == "*":
            yield _error("rules with `*` are not inlined", at, "name the elements or a class")
        elif token == "&":
            yield _error("nested rules are not inlined", at, "write the whole selector")
        elif token == ":" and getattr(after, "type", "") == "function":
            yield _error(f"rules with `:{after.lower_name}()` are not inlined", at, "write the selectors out")
        elif token == ":" and after != ":" and after.lower_value not in _INLINED_PSEUDO_CLASSES:
            yield _warning(f"`:{after.value}` cannot be inlined", at, _HEAD_SHEET)
        elif token.type == "error":
            yield _error("this is not CSS: " + token.message, at)
        elif token.type == "[] block":
            yield from _check_attribute_selector(token.content, at)


def _check_attribute_selector(content: list[Any], at: Location) -> Iterator[Finding]:
    values = [token.value for token in content if token.type in ("string", "ident", "literal")]
    if any(re.search("[,:*]", value) for value in values):
        yield _error("`,`, `:` and `*` in an attribute selector are not understood", at, "use a class")
    else:
        yield _warning("an attribute selector counts for less than a class here", at, "use a class")


def _check_declarations(content: list[Any], path: str) -> Iterator[Finding]:
    for item in content:
        at = Location(path, item.source_line, item.source_column)
        if item.type == "error":
            yield _error("this is not CSS: " + item.message, at)
        elif item.type in ("qualified-rule", "at-rule"):
            yield _error(
                "nested rules are not inlined", at, "write each rule on its own, with its whole selector"
            )
        elif item.type == "declaration":
            for token in item.value:
                yield from _check_value(token, at)


def _check_value(token: Any, at: Location) -> Iterator[Finding]:
    if token.type == "hash" and len(token.value) in (4, 8):
        yield _error(f"the colour #{token.value} is dropped", at, "write it as #rrggbb or rgba(r, g, b, a)")
    elif token.type == "function" and token.lower_name in ("rgb", "rgba", "hsl", "hsla"):
        if "," not in token.arguments:
            name = token.lower_name
            yield _error(f"{name}() without commas is dropped", at, "write it as #rrggbb or rgba(r, g, b, a)")
    elif token.type == "function" and token.lower_name == "var":
        yield _warning("mail programs such as Gmail and Outlook do not know var()", at, "write the value")
    elif token.type in ("url", "function") and getattr(token, "lower_name", "url") == "url":
        yield _warning("images of a stylesheet are not shown by many mail programs", at)


def _at_rule_help(rule: Any) -> str:
    return "write the rules themselves" if rule.lower_at_keyword == "import" else _HEAD_SHEET


def _error(message: str, at: Location, help: str = "") -> Finding:
    return Finding(Severity.ERROR, "stylesheet", message, at, help)


def _warning(message: str, at: Location, help: str = "") -> Finding:
    return Finding(Severity.WARNING, "stylesheet", message, at, help)
