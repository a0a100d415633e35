"""Which characters a regular expression cannot do without, so that texts without them need no search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

_MAX_CHARACTERS = 16


@cache
def needed_characters(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Characters of which every text that the pattern matches in holds one; None where that is not known.

    Found in the tree that the standard library makes of the pattern: of a sequence, one part is enough; of
    alternatives, each counts; what may be missing tells nothing.
    """
    try:
        from re import _constants as kinds  # type: ignore[attr-defined]
        from re import _parser as parser  # type: ignore[attr-defined]
    except ImportError:  # no part of the documented library
        return None
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    return _of_sequence(tree, bool(tree.state.flags & re.IGNORECASE), kinds)


def _of_sequence(items: Iterable[tuple[Any, Any]], folds: bool, kinds: Any) -> frozenset[str] | None:
    """The fewest characters that one part of a sequence needs."""
    found = [need for kind, value in items if (need := _of_part(kind, value, folds, kinds)) is not None]
    return min(found, key=len, default=None)


def _of_part(kind: Any, value: Any, folds: bool, kinds: Any) -> frozenset[str] | None:
    if kind is kinds.LITERAL:
        return _of_codes([value], folds)
    if kind is kinds.IN:
        return _of_set(value, folds, kinds)
    if kind is kinds.BRANCH:
        return _of_alternatives([_of_sequence(branch, folds, kinds) for branch in value[1]])
    if kind is kinds.SUBPATTERN:
        _, added, removed, part = value
        return _of_sequence(
            part, bool((folds or added & re.IGNORECASE) and not removed & re.IGNORECASE), kinds
        )
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
        least, _, part = value
        return _of_sequence(part, folds, kinds) if least else None
    if kind is kinds.ATOMIC_GROUP:
        return _of_sequence(value, folds, kinds)
    if kind is kinds.ASSERT:
        return _of_sequence(value[1], folds, kinds)
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
