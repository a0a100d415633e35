"""Plain text made to fit within a number of characters."""

from __future__ import annotations

from feeds.columns import may_part

WIDTH = 76
"""Columns of the text part; RFC 5322 section 2.1.1 wishes for at most 78."""


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis: at most `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and not may_part(text[end - 1], text[end]):
        end -= 1
    space = text.rfind(" ", 0, end + 1)
    if space > limit // 2:
        end = space
    return text[:end].rstrip(" ,;:.-–—·") + "…"
