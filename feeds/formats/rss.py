"""RSS 2.0 (rssboard.org/rss-specification)."""

from __future__ import annotations

import re

from feeds.formats.feedgen_adapter import Extra, media_extras, render_xml
from feeds.formats.format import Format
from feeds.formats.tidy import tidy_feed
from feeds.model import Entry, Feed, Site

# Nothing but an element begins with `<`: in text it is always a reference.
_PLAIN = re.compile(rb"<(?:title|category|dc:creator|dc:rights)>[^<]*")


def render(site: Site, feed: Feed) -> bytes:
    """The feed as RSS 2.0.

    An item's `description` is its excerpt, or all of it in a feed of whole posts; with both, the whole stands
    in `content:encoded` behind it. Authors are `dc:creator`, as RSS's own `author` is an e-mail address, and
    one only.
    """
    document = render_xml(RSS, site, tidy_feed(site, feed), _extras)
    head, mark, items = document.partition(b"<item>")
    return _spell(head) + mark + _PLAIN.sub(lambda text: _spell(text[0]), items)


def _spell(text: bytes) -> bytes:
    """Plain text with the references that the RSS Best Practices Profile asks for, in the same meaning.

    Many readers take RSS titles and the channel's description for HTML; these spellings mislead the fewest.
    """
    return text.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def _extras(entry: Entry) -> tuple[Extra, ...]:
    post = entry.post
    extras = [Extra("dc:creator", author.name) for author in post.authors]
    if post.updated != post.published:
        extras.append(Extra("atom:updated", post.updated.isoformat()))
    if post.rights:
        extras.append(Extra("dc:rights", post.rights))
    return (*extras, *media_extras(entry))


RSS = Format("rss", "application/rss+xml", "feed.xml", render)
