"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from feeds.formats.format import Format, feed_url
from feeds.formats.text import clean_line
from feeds.formats.tidy import labels, site_authors, tidy_feed
from feeds.model import Author, Entry, Feed, Site
from feeds.posts.plaintext import one_line


def render(site: Site, feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1.

    `content_html` is the whole post or, without that, the excerpt. `summary`, which is plain text and which
    readers list before the item is opened, is the excerpt beside a whole post; beside the excerpt itself it
    would only say the same twice, as readers without a summary list the start of the content.
    """
    feed = tidy_feed(site, feed)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed_url(site, feed, JSON),
        **_given(
            description=feed.description,
            language=feed.language,
            authors=_people(site_authors(site)),
            hubs=[{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
        ),
        "items": [_item(feed, entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _item(feed: Feed, entry: Entry) -> dict[str, Any]:
    post = entry.post
    is_excerpt = entry.content is None
    return {
        "id": post.id,
        "url": post.url,
        "title": post.title,
        "content_html": entry.excerpt.html if is_excerpt else entry.content,
        "date_published": post.published.isoformat(),
        **_given(
            date_modified=post.updated.isoformat() if post.updated != post.published else "",
            summary="" if is_excerpt else clean_line(one_line(entry.excerpt.html)),
            image=entry.image.url if entry.image else "",
            authors=_people(post.authors),
            tags=list(labels(post)),
            language=post.language if post.language != feed.language else "",
            attachments=_attachments(entry),
        ),
    }


def _attachments(entry: Entry) -> list[dict[str, Any]]:
    file = entry.enclosure
    if file is None:
        return []
    return [{"url": file.url, "mime_type": file.type, **_given(size_in_bytes=file.length)}]


def _people(authors: tuple[Author, ...]) -> list[dict[str, str]]:
    return [_given(name=author.name, url=author.url, avatar=author.avatar) for author in authors]


def _given(**optional: Any) -> dict[str, Any]:
    """The optional members that say something; JSON Feed has no use for null, empty text or empty lists."""
    return {name: value for name, value in optional.items() if value}


JSON = Format("json", "application/feed+json", "feed.json", render)
