"""A post: its metadata, and what subscribers see of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from feeds.model.source import Source


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post; everything but the name may be empty. `id` is the key in the authors' file."""

    name: str
    id: str = ""
    url: str = ""
    email: str = ""
    avatar: str = ""


@dataclass(frozen=True, slots=True)
class Excerpting:
    """Where a post's excerpt comes from.

    `marks` are the texts of the comments that end it; `summary` is what the author wrote for one in the front
    matter, as Markdown, which counts before the marks where `summary_first`. `automatic` names the
    generator's own rule for posts that have neither ("hugo", "jekyll", "pelican"), `words` its length,
    `separator` the text that ends it in the source, `paragraphs` how many it is made of (0: all), `ending`
    what shows that it was cut, `typographic` whether words count once quotes and capitals are set apart;
    without a rule the description counts, then the first paragraphs.
    """

    marks: tuple[str, ...] = ("more",)
    summary: str = ""
    summary_first: bool = False
    automatic: str = ""
    words: int = 0
    separator: str = ""
    cjk: bool = False
    paragraphs: int = 0
    ending: str = "…"
    typographic: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A post's metadata; no HTML. Datetimes are aware; URLs absolute; `published` <= `updated`.

    `due` is when the generator begins to publish it (None: at `published`), `expires` when it ceases to;
    `comments` is the address of the page where it is talked about, `rights` who holds them.
    """

    id: str
    url: str
    title: str
    published: dt.datetime
    updated: dt.datetime
    authors: tuple[Author, ...]
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    description: str
    image: str
    pinned: bool
    source: Source
    excerpting: Excerpting = Excerpting()
    due: dt.datetime | None = None
    expires: dt.datetime | None = None
    comments: str = ""
    rights: str = ""


def newest_first(posts: Iterable[Post]) -> tuple[Post, ...]:
    """The posts in the order of every feed and section: newest first, posts of one instant by id."""
    by_id = sorted(posts, key=lambda post: post.id)
    return tuple(sorted(by_id, key=lambda post: post.published, reverse=True))


def lasting_path(post: Post) -> str:
    """The path that names a post for good: as shown; its own if it stands in for a translation."""
    shown, own = post.source.fields.path, post.source.path
    return shown if shown.endswith(own) else own


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, recording or other file: address, media type, bytes, pixels; "", None where not known."""

    url: str
    type: str = ""
    length: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What subscribers see of a post: clean HTML with absolute URLs, and its plain-text twin."""

    html: str
    text: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A post with its excerpt and, where a feed carries it, the whole post as clean HTML.

    `image` is the picture that stands for it, `enclosure` the file that it is published for;
    `reading_minutes` is how long the whole post takes to read. `below` is a note of what has a part in the
    excerpt and the picture where that is less than the whole post, None elsewhere.
    """

    post: Post
    excerpt: Excerpt
    content: str | None = None
    reading_minutes: int = 1
    image: Media | None = None
    enclosure: Media | None = None
    below: str | None = None
