"""CSS as values: rules, their declarations and where each stands; the only module that knows tinycss2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from feeds.errors import Location

_CONDITIONAL = frozenset({"container", "layer", "media", "supports"})


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """CSS text, the path by which messages name it, and the line of that file on which it begins."""

    path: str
    text: str
    line: int | None = 1

    def at(self, token: Any) -> Location:
        """Where a token of the sheet stands; without a line where that is not known."""
        if self.line is None:
            return Location(self.path)
        column = token.source_column if self.line == 1 else None
        return Location(self.path, self.line + token.source_line - 1, column)


class Declaration(NamedTuple):
    """A property and its value; `value` is canonical, so that one spelling can be compared with another."""

    name: str
    value: str
    important: bool
    at: Location | None


class Rule(NamedTuple):
    """One selector and what it declares; `specificity` counts ids, classes and elements (Selectors 3, 9)."""

    selector: str
    specificity: tuple[int, int, int]
    declarations: tuple[Declaration, ...]
    at: Location


@lru_cache(maxsize=64)
def parse_sheet(text: str) -> tuple[Any, ...]:
    """The rules of a stylesheet as tinycss2 reads them; what is malformed is among them as an error."""
    import tinycss2

    rules = tinycss2.parse_stylesheet(text, skip_whitespace=True)
    return tuple(rule for rule in rules if rule.type != "comment")


def plain_rules(text: str) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
    """The rules of a sheet as written: selectors, and name, value and importance of what they declare."""
    for rule in parse_sheet(text):
        if rule.type == "qualified-rule":
            items = [item for item in parse_block(rule.content) if item.type == "declaration"]
            yield (
                written(rule.prelude),
                [(item.lower_name, written(item.value), item.important) for item in items],
            )


def is_conditional(rule: Any) -> bool:
    """Whether this is an at-rule that holds other rules, such as `@media`."""
    return rule.type == "at-rule" and rule.lower_at_keyword in _CONDITIONAL and rule.content is not None


def parse_rules(content: Iterable[Any]) -> list[Any]:
    """The rules in the block of an at-rule such as `@media`."""
    import tinycss2

    rules: list[Any] = tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True)
    return rules


def parse_block(content: Iterable[Any] | str) -> list[Any]:
    """The declarations and nested rules in the block of a rule, or in a `style` attribute."""
    import tinycss2

    items: list[Any] = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return items


@lru_cache(maxsize=64)
def rules_of(sheet: Stylesheet, *, conditional: bool = False) -> tuple[Rule, ...]:
    """The rules of a sheet, one for each selector of a list, in their order.

    Args:
        sheet: where they stand.
        conditional: whether those inside `@media` and its like are among them.
    """
    return tuple(_rules(parse_sheet(sheet.text), sheet, conditional))


@lru_cache(maxsize=4096)
def declarations_of(style: str) -> tuple[Declaration, ...]:
    """What a `style` attribute declares, in its order."""
    return tuple(_declarations(parse_block(style), None))


def selectors_of(rule: Any) -> list[list[Any]]:
    """The selectors of a rule's list, each by its tokens."""
    selectors: list[list[Any]] = [[]]
    for token in rule.prelude:
        if token == ",":
            selectors.append([])
        elif token.type != "comment":
            selectors[-1].append(token)
    return [_stripped(tokens) for tokens in selectors]


def written(tokens: Sequence[Any]) -> str:
    """Tokens as CSS."""
    import tinycss2

    return str(tinycss2.serialize(tokens)).strip()


def canonical(tokens: Iterable[Any]) -> str:
    """A value in one spelling: no needless spaces, six digits of a colour, small letters, 0 without unit."""
    return "".join(map(_canonical, _stripped(list(tokens)))).replace(", ", ",").replace(" ,", ",")


def parts_of(value: str) -> list[str]:
    """The space-separated components of a canonical value."""
    import tinycss2

    tokens = tinycss2.parse_component_value_list(value)
    return [_canonical(token) for token in tokens if token.type != "whitespace"]


def _rules(items: Iterable[Any], sheet: Stylesheet, conditional: bool) -> Iterator[Rule]:
    for item in items:
        if item.type == "qualified-rule":
            declared = tuple(_declarations(parse_block(item.content), sheet))
            for tokens in selectors_of(item):
                yield Rule(written(tokens), _specificity(tokens), declared, sheet.at(item))
        elif conditional and is_conditional(item):
            yield from _rules(parse_rules(item.content), sheet, conditional)


def _declarations(items: Iterable[Any], sheet: Stylesheet | None) -> Iterator[Declaration]:
    for item in items:
        if item.type == "declaration":
            at = sheet.at(item) if sheet else None
            yield Declaration(item.lower_name, canonical(item.value), item.important, at)


def _stripped(tokens: list[Any]) -> list[Any]:
    while tokens and tokens[0].type == "whitespace":
        tokens = tokens[1:]
    while tokens and tokens[-1].type == "whitespace":
        tokens = tokens[:-1]
    return tokens


def _canonical(token: Any) -> str:
    kind = token.type
    if kind in ("whitespace", "comment"):
        return " "
    if kind == "hash":
        digits = token.value.lower()
        return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)
    if kind in ("number", "percentage", "dimension"):
        unit = token.lower_unit if kind == "dimension" else "%" if kind == "percentage" else ""
        return f"{token.value:g}{unit}" if token.value else "0"
    if kind == "ident":
        return str(token.lower_value)
    if kind == "string":
        return f'"{token.value}"'
    if kind == "url":
        return f'url("{token.value}")'
    if kind == "function":
        return f"{token.lower_name}({canonical(token.arguments)})"
    return str(token.serialize())


def _specificity(tokens: Sequence[Any]) -> tuple[int, int, int]:
    ids = classes = elements = 0
    before: Any = None
    for token in tokens:
        if token.type == "hash":
            ids += 1
        elif token.type == "[] block" or (token.type in ("ident", "function") and before in (".", ":")):
            classes += 1
        elif token.type == "ident":
            elements += 1
        before = token
    return ids, classes, elements
