"""Liquid in posts: Jekyll's, or that of another generator, expanded as far as its values are known."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from feeds.data import is_null
from feeds.model import Scalar, Value
from feeds.posts.liquid_dialect import Dialect
from feeds.posts.scope import Scope

_MARKS = ("{%", "{{")


def expand(text: str, scope: Scope) -> str:
    """The text of a post without Liquid.

    Args:
        text: Markdown.
        scope: the post, its site, and who is told of what cannot be expanded.
    """
    if scope.site.generator == "jekyll":
        from feeds.posts.liquid_jekyll import expand_jekyll

        return expand_jekyll(text, scope)
    return expand_liquid(text, Dialect({"page": page_variables(scope), **scope.site.variables}), scope)


def expand_liquid(text: str, dialect: Dialect, scope: Scope) -> str:
    """The text with the Liquid of a dialect expanded; the library is loaded only where there is some."""
    if not any(mark in text for mark in _MARKS):
        return text
    from feeds.posts.liquid_engine import render

    return render(text, dialect, lambda message, line: scope.warn("liquid", message, line))


def page_variables(scope: Scope) -> dict[str, object]:
    """What a post's front matter says, and its address, as Liquid sees them."""
    values = {key: plain(value) for key, value in scope.source.fields.values.items()}
    return {**values, "url": urlsplit(scope.page_url).path}


def plain(value: Value) -> object:
    """A value with numbers and booleans in place of their texts."""
    if isinstance(value, Scalar):
        return _scalar(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value]


def _scalar(value: Scalar) -> object:
    if is_null(value):
        return None
    if value.kind == "bool":
        return value.lower() in ("true", "yes", "on", "y")
    try:
        if value.kind == "int" and len(value) < 100:
            return int(value)
        if value.kind == "float" and len(value) < 100:
            return float(value)
    except ValueError:
        return str(value)
    return str(value)
