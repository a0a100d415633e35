"""What a letter's stylesheets ask of its elements, compared with what inlining gave them.

The comparison is made by other means than the inlining: another parser of HTML and of CSS, and the cascade
as its specification counts it (CSS Cascading 3, 6).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from feeds.errors import Finding, Severity
from feeds.newsletter.css import Declaration, Rule, Stylesheet, declarations_of, parts_of, rules_of
from feeds.posts.tree import find_matches

_SIDES = ("top", "right", "bottom", "left")
_WHOLE = {
    "background": tuple(
        f"background-{part}"
        for part in ("color", "image", "position", "size", "repeat", "origin", "clip", "attachment")
    ),
    "font": (
        *(f"font-{part}" for part in ("style", "variant", "weight", "stretch", "size", "family")),
        "line-height",
    ),
    "list-style": tuple(f"list-style-{part}" for part in ("type", "position", "image")),
    "text-decoration": tuple(f"text-decoration-{part}" for part in ("line", "style", "color")),
    "border": tuple(f"border-{side}-{part}" for side in _SIDES for part in ("width", "style", "color")),
    **{
        f"border-{side}": tuple(f"border-{side}-{part}" for part in ("width", "style", "color"))
        for side in _SIDES
    },
}
"""Shorthands whose longhands are told apart by their names only."""

_BY_SIDE = {
    **{name: tuple(f"{name}-{side}" for side in _SIDES) for name in ("margin", "padding")},
    **{
        f"border-{part}": tuple(f"border-{side}-{part}" for side in _SIDES)
        for part in ("width", "style", "color")
    },
}
"""Shorthands of one to four values, for the top, the right, the bottom and the left."""


_OUTLOOKS_MARK = re.compile(r"^\[data-ogs[bc]\]\s+")
_MOMENTS = re.compile(r":(hover|focus|active|link|visited)\b")


@lru_cache(maxsize=4096)
def longhands(declaration: Declaration) -> dict[str, tuple[str, str]]:
    """The properties that a declaration sets, each with what gives it its value: a property and its value."""
    name, value = declaration.name, declaration.value
    if name in _BY_SIDE:
        parts = parts_of(value)
        if not 1 <= len(parts) <= 4:
            return {}
        sides = (parts * 4)[:4] if len(parts) != 3 else [*parts, parts[1]]
        return {side: (side, part) for side, part in zip(_BY_SIDE[name], sides, strict=True)}
    return dict.fromkeys(_WHOLE.get(name, (name,)), (name, value))


def compare_styles(
    before: str, after: str, inlined: Sequence[Stylesheet], head: Sequence[Stylesheet] = ()
) -> tuple[Finding, ...]:
    """What the stylesheets ask for and the letter does not show.

    That is each declaration that an element should have by the cascade and has not got, and each of the
    head that would change an element but is beaten by the element's own style, for want of `!important`.

    Args:
        before: the document, with the `style` attributes that its template wrote.
        after: the same document, inlined.
        inlined: the rules that went into it, later ones winning over earlier ones of equal weight.
        head: the rules that stay beside it.
    """
    rules = [rule for sheet in inlined for rule in rules_of(sheet) if _is_inlined(rule)]
    rules.sort(key=lambda rule: rule.specificity)
    kept = [rule for sheet in head for rule in rules_of(sheet, conditional=True)]
    originals, _ = find_matches(before, ())
    elements, matches = find_matches(after, [*(rule.selector for rule in rules), *map(_shown, kept)])
    # Inlining may add a <style> to the head, and nothing else.
    others = [each for each in originals if each[0] != "style"]
    if [tag for tag, _ in others] != [tag for tag, _ in elements if tag != "style"]:
        return (_moved(),)
    following = iter(others)
    own = ["" if tag == "style" else next(following)[1] for tag, _ in elements]
    asked: defaultdict[int, list[Rule]] = defaultdict(list)
    for rule, matched in zip(rules, matches, strict=False):
        for element in matched:
            asked[element].append(rule)
    lost: dict[tuple[Rule | None, Declaration], str] = {}
    seen: set[tuple[object, ...]] = set()
    for element, wanted in asked.items():
        tag, style = elements[element]
        key = (own[element], style, *map(id, wanted))
        if key not in seen:
            seen.add(key)
            for missing in _missing(wanted, own[element], style):
                lost.setdefault(missing, tag)
    found = [_lost(rule, declaration, tag) for (rule, declaration), tag in lost.items()]
    for rule, matched in zip(kept, matches[len(rules) :], strict=True):
        found += _powerless(rule, {elements[element] for element in matched})
    return tuple(dict.fromkeys(found))


def _shown(rule: Rule) -> str:
    """The selector of what a rule changes once the reader points at it, or Outlook marks it as darkened."""
    return _MOMENTS.sub("", _OUTLOOKS_MARK.sub("", rule.selector))


def _powerless(rule: Rule, elements: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """The declarations that an element's own style beats, each once."""
    weak = [declaration for declaration in rule.declarations if not declaration.important]
    for tag, style in sorted(elements) if weak else ():
        given = _given(style)
        beaten = [
            declaration
            for declaration in weak
            if any(given.get(name, value) != value for name, value in longhands(declaration).items())
        ]
        for declaration in beaten:
            weak.remove(declaration)
            asked = f"`{declaration.name}` of `{rule.selector}`"
            message = f"{asked} does nothing to a <{tag}>, whose own style sets it"
            help = "write ` !important` behind the value"
            yield Finding(Severity.WARNING, "powerless-style", message, declaration.at, help)


def _is_inlined(rule: Rule) -> bool:
    """Whether a rule is one that the inliner takes, and no pseudo-class that it leaves in the head."""
    return ":" not in rule.selector.removesuffix(":first-child").removesuffix(":last-child")


def _missing(rules: Iterable[Rule], own: str, style: str) -> Iterator[tuple[Rule | None, Declaration]]:
    """What rules and the element's own style ask for together, and its style has not."""
    wanted: list[tuple[Rule | None, Declaration]] = [
        (rule, declaration) for rule in rules for declaration in rule.declarations
    ]
    wanted += [(None, declaration) for declaration in declarations_of(own)]
    winners: dict[str, tuple[Rule | None, Declaration]] = {}
    for important in (False, True):
        for rule, declaration in wanted:
            if declaration.important is important:
                winners.update(dict.fromkeys(longhands(declaration), (rule, declaration)))
    given = _given(style)
    for name, (rule, declaration) in winners.items():
        if given.get(name) != longhands(declaration)[name]:
            yield rule, declaration


@lru_cache(maxsize=4096)
def _given(style: str) -> dict[str, tuple[str, str]]:
    """The properties that a `style` attribute sets, each with what gives it its value."""
    given: dict[str, tuple[str, str]] = {}
    for important in (False, True):
        for declaration in declarations_of(style):
            if declaration.important is important:
                given.update(longhands(declaration))
    return given


def _lost(rule: Rule | None, declaration: Declaration, tag: str) -> Finding:
    asked = f"`{declaration.name}: {declaration.value}`"
    where = f"`{rule.selector}`" if rule else "its own style"
    return Finding(
        Severity.WARNING,
        "lost-style",
        f"{asked} of {where} did not reach a <{tag}> of the letter",
        declaration.at,
        "the inliner counts classes and elements only: give the rule a class more, or write it last",
    )


def _moved() -> Finding:
    return Finding(
        Severity.WARNING,
        "inlining",
        "the letter's elements lie otherwise after inlining, so that its styles could not be compared",
        help="look for HTML that is not well-formed, such as an element that is never closed",
    )
