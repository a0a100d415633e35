"""Front matter written as lines of `Key: value`, with or without a fence."""

from __future__ import annotations

from feeds.generators.pelican.headers import split_headers

__all__ = ["split_headers"]
