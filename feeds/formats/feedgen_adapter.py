"""RSS 2.0 and Atom 1.0 through feedgen, the only module that knows it and its habits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from feeds.formats.format import STYLE, Format, archive_url, feed_url
from feeds.formats.text import clean_line, clean_uri
from feeds.formats.tidy import labels, site_authors
from feeds.lazily import postponed
from feeds.model import Author, Entry, Feed, Site

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_STYLED = b'<?xml-stylesheet type="text/css" href="%s"?>\n'
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$")
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Extra:
    """An element that feedgen does not write: its name, with a prefix of `NAMESPACES` or of Atom's own."""

    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def render_xml(format: Format, site: Site, feed: Feed, extras: Callable[[Entry], tuple[Extra, ...]]) -> bytes:
    """The feed as an XML document.

    feedgen switches the process's locale for a moment to write RSS dates, so this must not run in threads.

    Args:
        format: RSS or Atom.
        site: the site that the feed belongs to.
        feed: a feed that `tidy_feed` made; feedgen refuses empty titles and characters that XML forbids.
        extras: what else stands in an entry.
    """
    generator = load_feedgen()()
    generator.register_extension("feeds", _Extension, _Extension)
    _describe(generator, format, site, feed)
    head = tuple(_head(format, site, feed))
    generator.feeds.declare(head)
    generator.feeds.amend = lambda root: _append_all(root[0] if format.name == "rss" else root, head)
    for entry in feed.entries:
        more = extras(entry)
        generator.feeds.declare(more)
        # feedgen puts each new entry before the others unless told otherwise.
        _fill(generator.add_entry(order="append"), format, site, feed, entry, more)
    write = generator.rss_str if format.name == "rss" else generator.atom_str
    document: bytes = write(pretty=True, xml_declaration=False)
    return _DECLARATION + _STYLED % clean_uri(site.url + STYLE).encode() + document


def load_feedgen() -> Any:
    """The class that makes feeds; loading it loads lxml: too slow for a command that renders nothing."""
    # For time zones of Windows and of no operating system, and for dates that are texts.
    with postponed("ctypes", "importlib.resources", "dateutil.parser"):
        from feedgen.feed import FeedGenerator

    return FeedGenerator


def media_extras(entry: Entry) -> Iterator[Extra]:
    """The entry's picture as Media RSS has it (rssboard.org/media-rss)."""
    image = entry.image
    if image is None:
        return
    pixels = {"width": image.width, "height": image.height}
    given = {"medium": "image", "type": image.type, "fileSize": image.length, **pixels}
    yield Extra("media:content", attributes={"url": image.url, **_texts(given)})
    yield Extra("media:thumbnail", attributes={"url": image.url, **_texts(pixels)})


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


class _Extension:
    """What feedgen calls when it has written the feed's head or an entry: the duck type of its extensions."""

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}
        self.amend: Callable[[Any], None] = lambda element: None

    def declare(self, extras: tuple[Extra, ...]) -> None:
        prefixes = (extra.name.partition(":")[0] for extra in extras if ":" in extra.name)
        self.namespaces |= {prefix: NAMESPACES[prefix] for prefix in prefixes}

    def extend_ns(self) -> dict[str, str]:
        return dict(sorted(self.namespaces.items()))

    def extend_rss(self, element: Any) -> None:
        self.amend(element)

    def extend_atom(self, element: Any) -> None:
        self.amend(element)


def _describe(generator: Any, format: Format, site: Site, feed: Feed) -> None:
    generator.id(feed.id)
    generator.title(feed.title)
    generator.link(href=feed_url(site, feed, format), rel="self", type=format.media_type)
    # RSS takes the link that was given last, whatever its relation, for the page of the feed.
    generator.link(href=feed.home_url, rel="alternate", type="text/html")
    # RSS requires a description, Atom does not.
    generator.description(feed.description or (feed.title if format.name == "rss" else ""))
    generator.updated(feed.updated)
    generator.language(feed.language)
    generator.rights(clean_line(site.copyright))
    generator.generator("feeds")
    generator.docs("")
    generator.author(_people(_responsible(site, feed)))


def _head(format: Format, site: Site, feed: Feed) -> Iterator[Extra]:
    """The links to a hub and to older posts, and the marks of RFC 5005; feedgen has no place for them."""
    link = "link" if format.name == "atom" else "atom:link"
    if feed.hub and not feed.archive:
        yield Extra(link, attributes={"rel": "hub", "href": feed.hub})
    if feed.archive:
        yield Extra(link, attributes={"rel": "current", "href": archive_url(site, feed, format, 0)})
    previous = feed.archive - 1 if feed.archive else feed.archives
    if previous > 0:
        address = archive_url(site, feed, format, previous)
        yield Extra(link, attributes={"rel": "prev-archive", "href": address, "type": format.media_type})
    if feed.archive:
        yield Extra("fh:archive")
    elif feed.is_complete:
        yield Extra("fh:complete")


def _fill(item: Any, format: Format, site: Site, feed: Feed, entry: Entry, extras: tuple[Extra, ...]) -> None:
    post = entry.post
    # Calling id() as well would turn the permalink off.
    item.guid(_atom_id(post.id, site) if format.name == "atom" else post.id, permalink=post.id == post.url)
    item.title(post.title)
    item.link(href=post.url, rel="alternate")
    item.published(post.published)
    item.updated(post.updated)
    item.category([{"term": label, "label": label} for label in labels(post)])
    body = entry.excerpt.html if entry.content is None else entry.content
    if entry.excerpt.html and entry.content is not None and feed.content == "both":
        item.summary(entry.excerpt.html, type="html")
    if body:
        # In RSS this is the description, unless there is a summary to be it.
        item.content(body, type="html")
    if format.name == "rss":
        if post.comments:
            item.comments(post.comments)
        if file := entry.enclosure:
            item.enclosure(file.url, str(file.length or 0), file.type)
    else:
        # In RSS feedgen would make one <author> of each author with an address; an item may hold one.
        item.author(_people(post.authors or _responsible(site, feed)))

    def amend(element: Any) -> None:
        if format.name == "atom":
            _amend_atom(element, post.language if post.language != feed.language else "")
        _append_all(element, extras)

    item.feeds.amend = amend


def _atom_id(id: str, site: Site) -> str:
    """The id as an IRI, which Atom wants (RFC 4287, 4.2.6); one brought from elsewhere need be none."""
    return id if _IRI.match(id) else f"{site.url}#{quote(id, safe='')}"


def _responsible(site: Site, feed: Feed) -> tuple[Author, ...]:
    """Whom an Atom feed names where nobody is known, as it must name someone (RFC 4287 section 4.1.1)."""
    return site_authors(site) or (Author(clean_line(site.title) or feed.title),)


def _people(authors: tuple[Author, ...]) -> list[dict[str, str]]:
    return [{"name": author.name, "uri": author.url, "email": author.email} for author in authors]


def _amend_atom(element: Any, language: str) -> None:
    # feedgen 1.0.0 loses every attribute of an entry's links but the address.
    for link in element.findall("link"):
        link.set("rel", "alternate")
        link.set("type", "text/html")
    if language:
        element.set(_XML_LANG, language)


def _append_all(parent: Any, extras: tuple[Extra, ...]) -> None:
    for extra in extras:
        prefix, _, name = extra.name.rpartition(":")
        # An element of Atom's own has no prefix: feedgen's tree has no namespace yet.
        tag = f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name
        child = parent.makeelement(tag, dict(extra.attributes))
        child.text = extra.text or None
        parent.append(child)
