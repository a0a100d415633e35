"""Front matter for whole folders, merged as Material's meta plugin merges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from feeds.data import is_null, place
from feeds.errors import FeedsError
from feeds.generators.values import unplaced
from feeds.model import Fields, Scalar, Source, Value


def merge_defaults(source: Source, defaults: Sequence[tuple[str, Fields]]) -> Source:
    """The source with the defaults of its folders below its own fields: lists are joined, the rest replaced.

    A default belongs to every path that begins with its folder's name, as the plugin has it.

    Raises:
        FeedsError: a key is, say, a list here and a text there, which the plugin refuses.
    """
    below: dict[str, Value] = {}
    for folder, fields in defaults:
        if source.path.startswith(folder):
            below = _merge(below, fields.values, fields)
    if not below:
        return source
    own, elsewhere = source.fields, {key: unplaced(value) for key, value in below.items()}
    return replace(source, fields=replace(own, values=_merge(elsewhere, own.values, own)))


def _merge(below: Mapping[str, Value], over: Mapping[str, Value], fields: Fields) -> dict[str, Value]:
    merged = dict(below)
    for key, value in over.items():
        merged[key] = _merge_value(merged[key], value, key, fields) if key in merged else value
    return merged


def _merge_value(default: Value, value: Value, key: str, fields: Fields) -> Value:
    if isinstance(default, dict) and isinstance(value, dict):
        return _merge(default, value, fields)
    if isinstance(default, list) and isinstance(value, list):
        return [*default, *value]
    if _kind(default) != _kind(value):
        state = "empty" if is_null(value) else "another kind of value"
        at = place(value, fields.path)
        raise FeedsError(
            f"the key {key!r} is {state} here, and the folder's defaults give it a value",
            at if at.line else fields.at(key),
            "remove the key here, or write the same kind of value",
            rule="meta",
        )
    return value


def _kind(value: Value) -> str:
    return value.kind if isinstance(value, Scalar) else type(value).__name__
