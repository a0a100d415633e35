"""What a format is, and where a feed lies in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

from feeds.model import Feed, Site


class Format(NamedTuple):
    """A feed format: its name in the configuration, its media type, its file's name, and what writes it."""

    name: str
    media_type: str
    filename: str
    render: Callable[[Site, Feed], bytes]


STYLE = "feed.css"
"""The style sheet with which browsers show a feed, at the output's root."""


def feed_path(feed: Feed, format: Format) -> str:
    """Where the feed's file lies below the output folder, with `/`."""
    if feed.archive:
        return _below(feed.folder, f"archive/{feed.archive}/{format.filename}")
    if feed.path:
        return feed.path
    return _below(feed.folder, format.filename)


def archive_url(site: Site, feed: Feed, format: Format, number: int) -> str:
    """The address of one of the feed's archive documents; of the feed itself for number 0."""
    return feed_url(site, replace(feed, archive=number, path=""), format)


def _below(folder: str, path: str) -> str:
    folder = folder.strip("/")
    return f"{folder}/{path}" if folder else path


def feed_url(site: Site, feed: Feed, format: Format) -> str:
    """The address of the feed's file: what people subscribe to."""
    return site.url + quote(feed_path(feed, format))
