"""Feeds as bytes: one module a format, and `FORMATS` to find it by the name the configuration uses."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.formats.feedgen_adapter import load_feedgen
from feeds.formats.files import FORMATS, feed_files
from feeds.formats.format import STYLE, Format, feed_path, feed_url

__all__ = ["FORMATS", "STYLE", "Format", "feed_files", "feed_path", "feed_url", "load_feedgen", "main_feed"]


def main_feed(names: Sequence[str]) -> str:
    """The path of the site's feed in the first of these formats; "" where there is none."""
    return FORMATS[names[0]].filename if names else ""
