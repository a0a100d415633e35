"""What a MkDocs site's files are and hold: the endings of pages, values of its YAML."""

from __future__ import annotations

from collections.abc import Mapping

from feeds.data import as_bool, is_null
from feeds.model import Scalar, Value

MARKDOWN_ENDINGS = (".markdown", ".mdown", ".mkdn", ".mkd", ".md")
"""What MkDocs takes for a page (`mkdocs.utils.markdown_extensions`)."""


def text_of(values: Mapping[str, Value], key: str, default: str = "") -> str:
    """A text value; `default` when it is missing, empty, or no text."""
    value = values.get(key)
    return str(value) if isinstance(value, Scalar) and not is_null(value) else default


def flag_of(values: Mapping[str, Value], key: str, default: bool) -> bool:
    """A boolean value; `default` when it is missing or no boolean."""
    found = as_bool(values.get(key, Scalar("", "null")))
    return default if found is None else found
