"""A look at stylesheets before they are inlined: what would be lost or break says so, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from feeds.errors import Finding, Location, Severity
from feeds.newsletter.css import (
    Declaration,
    Stylesheet,
    canonical,
    is_conditional,
    parse_block,
    parse_rules,
    parse_sheet,
    selectors_of,
    written,
)
from feeds.newsletter.support import unsupported, unsupported_token

_INLINED_PSEUDO_CLASSES = frozenset({"first-child", "last-child"})
_OF_PROGRAMS = frozenset(
    {"data-ogsb", "data-ogsc", "externalclass", "messageviewbody", "moz-text-html", "x-apple-data-detectors"}
)
_COLOUR_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla"})
_HEAD_SHEET = "move it to digest-head.css, which stays in the letter's head as it is"
_COLOUR = "write it as #rrggbb or rgba(r, g, b, a)"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TIGHT = re.compile(r"[^\s;{]!important", re.IGNORECASE)


def check_styles(inlined: Sequence[Stylesheet], head: Sequence[Stylesheet]) -> tuple[Finding, ...]:
    """What is wrong with the stylesheets of a letter; a feature that programs do not know is named once."""
    found = [finding for sheet in inlined for finding in check_inlined(sheet)]
    found += [finding for sheet in head for finding in check_head(sheet)]
    return each_feature_once(found)


def each_feature_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without a second one about the same feature that mail programs do not know."""
    kept: dict[object, Finding] = {}
    for finding in findings:
        kept.setdefault(finding.message if finding.rule == "mail-support" else finding, finding)
    return tuple(kept.values())


# --- sheets that are inlined --------------------------------------------------------------------------------


def check_inlined(sheet: Stylesheet) -> tuple[Finding, ...]:
    """What in a stylesheet would not survive being inlined.

    An error is what the inliner loses or fails on; a warning is what it copies though many mail programs
    do not know it (caniemail.com).
    """
    found: list[Finding] = []
    for rule in parse_sheet(sheet.text):
        at = sheet.at(rule)
        if rule.type == "error":
            found.append(_error("this is not CSS: " + rule.message, at))
        elif rule.type == "at-rule":
            found.append(
                _error(f"an @{rule.lower_at_keyword} rule cannot be inlined", at, _at_rule_help(rule))
            )
        else:
            if any(token.type == "comment" for token in rule.prelude):
                found.append(_error("a rule with a comment in its selector is not inlined", at))
            for tokens in selectors_of(rule):
                found += _check_selector(tokens, at)
            found += check_declarations(parse_block(rule.content), sheet)
    return tuple(found)


def _check_selector(tokens: list[Any], at: Location) -> Iterator[Finding]:
    if not tokens:
        yield _error("a selector is missing", at, "name what the rule is for")
        return
    if "\\" in written(tokens):
        yield _error("`\\` in a selector is not understood", at, "use a class of letters and hyphens")
    for number, (token, after) in enumerate(zip(tokens, [*tokens[1:], None], strict=True)):
        if token in ("*", "|", "||"):
            yield _error(f"rules with `{token.value}` are not inlined", at, "name the elements or a class")
        elif _is_of_a_program(token) or (number == 0 and _is_gmails(tokens)):
            message = f"`{written([token])}` matches only inside a mail program, so that it is never inlined"
            yield _error(message, at, _HEAD_SHEET)
        elif token.type == "ident" and token.value != token.lower_value and _is_element(tokens, number):
            message = f"`{token.value}` matches no element, as their names are in small letters"
            yield _error(message, at, f"write `{token.lower_value}`")
        elif token == "&":
            yield _error("nested rules are not inlined", at, "write the whole selector")
        elif token == ":" and getattr(after, "type", "") == "function":
            yield _error(f"rules with `:{after.lower_name}()` are not inlined", at, "write the selectors out")
        elif token == ":" and getattr(after, "type", "") == "ident":
            yield from _check_pseudo(after, tokens[number + 2 :], tokens[:number], at)
        elif token.type == "error":
            yield _error("this is not CSS: " + token.message, at)
        elif token.type == "[] block":
            yield from _check_attribute_selector(token.content, at)


def _is_element(tokens: Sequence[Any], number: int) -> bool:
    return number == 0 or tokens[number - 1] not in (".", ":")


def _is_of_a_program(token: Any) -> bool:
    """Whether a part of a selector means something that mail programs write into a letter."""
    if token.type == "[] block":
        return any(each.type == "ident" and each.lower_value in _OF_PROGRAMS for each in token.content)
    return token.type in ("ident", "hash") and token.value.lower() in _OF_PROGRAMS


def _is_gmails(tokens: Sequence[Any]) -> bool:
    """Whether a selector is of the form `u + .body`: Gmail turns the document type into a <u>."""
    return tokens[0].type == "ident" and tokens[0].value == "u" and written(tokens[1:]).startswith("+")


def _check_pseudo(name: Any, rest: Sequence[Any], before: Sequence[Any], at: Location) -> Iterator[Finding]:
    if name.lower_value not in _INLINED_PSEUDO_CLASSES:
        yield _warning(f"`:{name.value}` cannot be inlined", at, _HEAD_SHEET)
    elif rest or not before or ":" in before:
        message = f"`:{name.value}` is inlined only at the end of a selector, on its own"
        yield _warning(message, at, "use a class")


def _check_attribute_selector(content: list[Any], at: Location) -> Iterator[Finding]:
    values = [token.value for token in content if token.type in ("string", "ident", "literal")]
    if any(re.search("[,:*]", value) for value in values):
        yield _error("`,`, `:` and `*` in an attribute selector are not understood", at, "use a class")
    else:
        yield _warning("an attribute selector counts for less than a class here", at, "use a class")


def check_declarations(items: Sequence[Any], sheet: Stylesheet) -> Iterator[Finding]:
    """What of the declarations in a rule or a `style` attribute would be lost."""
    before: dict[str, str] = {}
    for item in items:
        at = sheet.at(item)
        if item.type == "error":
            yield _error("this is not CSS: " + item.message, at)
        elif item.type in ("qualified-rule", "at-rule"):
            yield _error(
                "nested rules are not inlined", at, "write each rule on its own, with its whole selector"
            )
        elif item.type == "declaration":
            declaration = Declaration(item.lower_name, canonical(item.value), item.important, at)
            yield from _check_declaration(declaration, before.get(declaration.name))
            before[declaration.name] = declaration.value
            for token in item.value:
                yield from _check_value(token, at)


def _check_declaration(declaration: Declaration, earlier: str | None) -> Iterator[Finding]:
    at = declaration.at
    if earlier not in (None, declaration.value):
        message = f"of two values of `{declaration.name}` in one rule only the last is inlined"
        yield _error(message, at, "write the one that every program knows")
    if not declaration.value:
        yield _error(f"`{declaration.name}` has no value", at)
    if declaration.value == "unset":
        yield _error("`unset` is dropped", at, "write the value itself, such as `none` or `0`")
    if declaration.important:
        message = "Outlook for Windows drops inlined values with `!important`; elsewhere nothing changes them"
        yield _warning(message, at, "leave it out here, and write it in digest-head.css")
    for feature, programs in unsupported(declaration):
        yield _unknown(feature, programs, at)


def _check_value(token: Any, at: Location) -> Iterator[Finding]:
    if token.type == "hash" and len(token.value) not in (3, 6):
        yield _error(f"the colour #{token.value} is dropped", at, _COLOUR)
    elif token.type in ("url", "function") and getattr(token, "lower_name", "url") == "url":
        yield _warning("images of a stylesheet are not shown by many mail programs", at)
    elif token.type == "function" and token.lower_name in _COLOUR_FUNCTIONS and "," not in token.arguments:
        yield _error(f"{token.lower_name}() without commas is dropped", at, _COLOUR)
    elif feature := unsupported_token(token):
        yield _unknown(*feature, at)
    for inner in getattr(token, "arguments", ()):
        yield from _check_value(inner, at)


def _at_rule_help(rule: Any) -> str:
    if rule.lower_at_keyword == "charset":
        return "leave it out: files are UTF-8"
    return "write the rules themselves" if rule.lower_at_keyword == "import" else _HEAD_SHEET


# --- sheets that stay in the head ---------------------------------------------------------------------------


def check_head(sheet: Stylesheet) -> tuple[Finding, ...]:
    """What must not stand in the stylesheet that stays in the letter's head, or is not read there."""
    found = list(_check_head_rules(parse_sheet(sheet.text), sheet, in_condition=False))
    if "</style" in sheet.text.lower():
        found.append(_error("`</style` would end the letter's stylesheet", Location(sheet.path, sheet.line)))
    for tight in _TIGHT.finditer(_COMMENT.sub(_blank, sheet.text)):
        line = None if sheet.line is None else sheet.line + sheet.text.count("\n", 0, tight.start())
        message = "Outlook drops a value that has no space before its `!important`"
        found.append(_warning(message, Location(sheet.path, line), "write ` !important`"))
    return tuple(found)


def _blank(comment: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", comment[0])


def _check_head_rules(rules: Sequence[Any], sheet: Stylesheet, *, in_condition: bool) -> Iterator[Finding]:
    for rule in rules:
        at = sheet.at(rule)
        if rule.type == "error":
            yield _error("this is not CSS: " + rule.message, at)
        elif rule.type == "qualified-rule":
            yield from _check_head_rule(rule, sheet)
        elif rule.lower_at_keyword == "import":
            yield _error("an @import rule fetches from elsewhere", at, "write the rules themselves")
        elif is_conditional(rule):
            if in_condition:
                message = f"Outlook removes an @{rule.lower_at_keyword} rule inside another"
                yield _warning(message, at, "write both conditions in one @media rule, joined by `and`")
            yield from _check_head_rules(parse_rules(rule.content), sheet, in_condition=True)


def _check_head_rule(rule: Any, sheet: Stylesheet) -> Iterator[Finding]:
    for item in parse_block(rule.content):
        if item.type == "error":
            yield _warning("this is not CSS: " + item.message, sheet.at(item))
        elif item.type in ("qualified-rule", "at-rule"):
            yield _warning("mail programs do not know nested rules", sheet.at(item), "write them out")


def _error(message: str, at: Location | None, help: str = "") -> Finding:
    return Finding(Severity.ERROR, "stylesheet", message, at, help)


def _warning(message: str, at: Location | None, help: str = "") -> Finding:
    return Finding(Severity.WARNING, "stylesheet", message, at, help)


def _unknown(feature: str, programs: str, at: Location | None) -> Finding:
    verb = "do" if " and " in programs else "does"
    message = f"{programs} {verb} not know {feature}"
    return Finding(Severity.WARNING, "mail-support", message, at, "the letter has to read well without it")
