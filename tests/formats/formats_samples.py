"""A small site with one feed, and short ways to make others."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from feeds.model import Author, Entry, Excerpt, Feed, Fields, Media, Post, Site, Source

SITE = Site(
    root=Path("/site"),
    docs=Path("/site/docs"),
    docs_name="docs/",
    output=Path("/site/public"),
    generator="material",
    title="Field Notes",
    url="https://notes.example/blog/",
    description="What grows, and why",
    language="en",
    timezone="Europe/Zurich",
    author="The Field Notes team",
    copyright="© 2024–2026 Field Notes",
    blogs=(),
    markdown=(),
    category_slug=str.lower,
    category_page=lambda name: f"category/{name.lower()}/",
    excluded=lambda path: False,
)

SUMMER = dt.timezone(dt.timedelta(hours=2))
ADA = Author("Ada Lovelace", "ada", "https://ada.example/", "ada@notes.example", "https://ada.example/me.png")
ZOE = Author("Zoë Ångström", "zoe")


def make_entry(
    html: str = "<p>Hello.</p>",
    content: str | None = None,
    text: str = "Hello.",
    image: Media | None = None,
    enclosure: Media | None = None,
    **post: Any,
) -> Entry:
    """An entry of which only what matters to a test is named."""
    published = post.get("published", dt.datetime(2026, 5, 1, 9, 30, tzinfo=SUMMER))
    values: dict[str, Any] = {
        "id": "tag:notes.example,2026:hello",
        "url": "https://notes.example/blog/hello/",
        "title": "Hello",
        "published": published,
        "updated": published,
        "authors": (),
        "categories": (),
        "tags": (),
        "language": "en",
        "description": "",
        "image": "",
        "pinned": False,
        "source": Source("blog/posts/hello.md", Fields("docs/blog/posts/hello.md", {}), "", 1),
    }
    excerpt = Excerpt(html, text, is_whole=False)
    return Entry(Post(**(values | post)), excerpt, content, image=image, enclosure=enclosure)


def make_feed(*entries: Entry, **feed: Any) -> Feed:
    """A feed of these entries, of which only what matters to a test is named."""
    values: dict[str, Any] = {
        "id": "tag:notes.example,2026:feed",
        "title": "Field Notes",
        "description": "What grows, and why",
        "folder": "",
        "home_url": "https://notes.example/blog/",
        "language": "en",
        "updated": max(
            (entry.post.updated for entry in entries), default=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        ),
    }
    return Feed(**(values | feed), entries=entries)


MOSS = make_entry(
    html='<p>Moss &amp; <em>more</em>, on\nten <a href="https://notes.example/blog/walls/">walls</a>.</p>',
    content="<p>Moss &amp; <em>more</em>.</p>\n<pre><code>if a &lt; b: ]]&gt;\n</code></pre>",
    text="Moss & more, on\nten walls.",
    id="tag:notes.example,2026:moss",
    url="https://notes.example/blog/moss/",
    title="Moss & <more>: ½ a year",
    published=dt.datetime(2026, 5, 2, 18, 5, tzinfo=SUMMER),
    updated=dt.datetime(2026, 6, 3, 7, 0, 30, tzinfo=dt.UTC),
    authors=(ADA, ZOE),
    categories=("Plants", "C++ & C#"),
    tags=("moss", "Plants", "plants"),
    image=Media("https://notes.example/blog/moss/wall.jpg", "image/jpeg", 48_000, 640, 480),
    enclosure=Media("https://notes.example/audio/moss.mp3", "audio/mpeg", 1_234_567),
    comments="https://talk.notes.example/moss",
    rights="© 2026 Ada Lovelace",
)
FLECHTE = make_entry(
    html="<p>Flechten sind „zwei“ 🌿.</p>",
    content="<p>Flechten sind „zwei“ 🌿.</p><p>Ende.</p>",
    text="Flechten sind „zwei“ 🌿.",
    id="https://notes.example/blog/flechten/",
    url="https://notes.example/blog/flechten/",
    title="Flechten",
    published=dt.datetime(2026, 1, 7, 8, 0, tzinfo=dt.UTC),
    language="de",
)

ANY_TEXT = st.text(
    st.characters() | st.sampled_from("\x00\x0b\x85\r\n\t \ud83c\udf3f\ufffe&<>]\"'%"), max_size=12
)
"""Text with every kind of character that a file or a careless program may leave in it."""

FEED = make_feed(MOSS, FLECHTE, folder="category/plants", title="Field Notes – Plants")
FULL = replace(FEED, content="full")
BOTH = replace(FEED, content="both")
EMPTY = make_feed()
