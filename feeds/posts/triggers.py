"""Which characters a regular expression cannot do without, so that no text is searched in vain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

_MAX_CHARACTERS = 16


def needed_characters(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Characters of which every text that the pattern matches in holds one; None where that is not known.

    Found in the tree that the standard library makes of the pattern: of a sequence, one part is enough; of
    alternatives, each counts; what may be missing tells nothing.
    """
    return _found_by(_of_sequence, pattern)


def leading_characters(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Characters with one of which every match of the pattern begins; None where that is not known."""
    return _found_by(_of_first, pattern)


_Find = Callable[[Iterable[tuple[Any, Any]], bool, Any], frozenset[str] | None]
"""Finds them in the parts of a sequence; told whether case does not matter, and the kinds of parts."""


@cache
def _found_by(find: _Find, pattern: re.Pattern[str]) -> frozenset[str] | None:
    try:
        from re import _constants as kinds  # type: ignore[attr-defined]
    except ImportError:  # no part of the documented library
        return None
    tree = _parsed(pattern)
    return find(tree, bool(tree.state.flags & re.IGNORECASE), kinds)


@cache
def _parsed(pattern: re.Pattern[str]) -> Any:
    from re import _parser as parser  # type: ignore[attr-defined]

    return parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)


def _of_sequence(items: Iterable[tuple[Any, Any]], folds: bool, kinds: Any) -> frozenset[str] | None:
    """The fewest characters that one part of a sequence needs."""
    needs = (_of_part(_of_sequence, kind, value, folds, kinds) for kind, value in items)
    return min((need for need in needs if need is not None), key=len, default=None)


def _of_first(items: Iterable[tuple[Any, Any]], folds: bool, kinds: Any) -> frozenset[str] | None:
    """Those that the first part of a sequence needs which takes any."""
    looks = (kinds.AT, kinds.ASSERT, kinds.ASSERT_NOT)
    first = next(((kind, value) for kind, value in items if kind not in looks), None)
    return _of_part(_of_first, *first, folds, kinds) if first else None


def _of_part(find: _Find, kind: Any, value: Any, folds: bool, kinds: Any) -> frozenset[str] | None:
    if kind is kinds.LITERAL:
        return _of_codes([value], folds)
    if kind is kinds.IN:
        return _of_set(value, folds, kinds)
    if kind is kinds.BRANCH:
        return _of_alternatives([find(branch, folds, kinds) for branch in value[1]])
    if kind is kinds.SUBPATTERN:
        _, added, removed, part = value
        return find(part, bool((folds or added & re.IGNORECASE) and not removed & re.IGNORECASE), kinds)
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
        least, _, part = value
        return find(part, folds, kinds) if least else None
    if kind is kinds.ATOMIC_GROUP:
        return find(value, folds, kinds)
    if kind is kinds.ASSERT:
        return find(value[1], folds, kinds)
    return None


def _of_alternatives(needs: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [need for need in needs if need is not None]
    together = frozenset[str]().union(*known)
    return together if len(known) == len(needs) and len(together) <= _MAX_CHARACTERS else None


def _of_set(members: list[tuple[Any, Any]], folds: bool, kinds: Any) -> frozenset[str] | None:
    codes: list[int] = []
    for kind, value in members:
        if kind is kinds.LITERAL:
            codes.append(value)
        elif kind is kinds.RANGE and value[1] - value[0] < _MAX_CHARACTERS:
            codes += range(value[0], value[1] + 1)
        else:
            return None
    return _of_codes(codes, folds) if len(codes) <= _MAX_CHARACTERS else None


def _of_codes(codes: list[int], folds: bool) -> frozenset[str] | None:
    characters = frozenset(map(chr, codes))
    # Without regard to case, a letter stands for others too, some of them in other alphabets.
    return None if folds and any(char.isalpha() for char in characters) else characters
