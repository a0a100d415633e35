"""What a format is, and where a feed lies in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from feeds.model import Feed, Site


@dataclass(frozen=True, slots=True)
class Format:
    """A feed format: its name in the configuration, its media type, its file's name, and what writes it."""

    name: str
    media_type: str
    filename: str
    render: Callable[[Site, Feed], bytes]


def feed_path(feed: Feed, format: Format) -> str:
    """Where the feed's file lies below the output folder, with `/`."""
    folder = feed.folder.strip("/")
    return f"{folder}/{format.filename}" if folder else format.filename


def feed_url(site: Site, feed: Feed, format: Format) -> str:
    """The address of the feed's file: what people subscribe to."""
    return site.url + quote(feed_path(feed, format))
