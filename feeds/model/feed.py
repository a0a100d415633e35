"""What is subscribed to, and what is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from feeds.model.post import Entry


@dataclass(frozen=True, slots=True)
class Feed:
    """One set of entries that can be subscribed to, in every format.

    `folder` is the path below the site's URL ("" or "category/news"); `home_url` the page a reader opens;
    `updated` the newest change among the entries; `title` is unique among the site's feeds. `path` is where
    its file lies below the output, if not in its folder under the format's own name.

    `hub` is the WebSub hub that is told of changes. `is_complete` says that it holds every post there is;
    else older ones may lie in `archives` documents, numbered from the oldest, of which this is number
    `archive` (0: it is the one that people subscribe to).
    """

    id: str
    title: str
    description: str
    folder: str
    home_url: str
    language: str
    updated: dt.datetime
    entries: tuple[Entry, ...]
    content: str = "excerpt"
    path: str = ""
    hub: str = ""
    is_complete: bool = False
    archive: int = 0
    archives: int = 0


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written: path below its folder, bytes, entries in it, whether people subscribe to it."""

    path: str
    data: bytes
    entries: int | None = None
    is_topic: bool = False
