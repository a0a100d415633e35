"""All feeds of a site in one file that feed readers import: OPML 2.0 (opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import format_datetime

from feeds.formats.format import Format, feed_url
from feeds.formats.text import clean_line, clean_uri
from feeds.model import Feed, Site

OPML = "feeds.opml"
"""Where the file lies below the output."""


def render_opml(site: Site, feeds: Iterable[Feed], form: Format) -> bytes:
    """The feeds as outlines, in the order given.

    Args:
        site: what they are feeds of.
        feeds: all that can be subscribed to.
        form: the format whose files are named.
    """
    from xml.etree import ElementTree

    feeds = tuple(feeds)
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = clean_line(site.title)
    newest = max((feed.updated for feed in feeds), default=None)
    if newest:
        ElementTree.SubElement(head, "dateModified").text = format_datetime(newest)
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        title = clean_line(feed.title)
        # The type says that it is a feed, of whatever format: no other is defined.
        given = {"type": "rss", "text": title, "title": title, "description": clean_line(feed.description)}
        urls = {"xmlUrl": feed_url(site, feed, form), "htmlUrl": clean_uri(feed.home_url)}
        outline = {**given, **urls, "language": clean_line(feed.language)}
        ElementTree.SubElement(body, "outline", {name: text for name, text in outline.items() if text})
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + document + b"\n"
