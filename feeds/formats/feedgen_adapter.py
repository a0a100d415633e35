"""RSS 2.0 and Atom 1.0 through feedgen, the only module that knows it and its habits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from feeds.formats.format import Format, feed_url
from feeds.formats.text import clean_line
from feeds.formats.tidy import labels, site_authors
from feeds.model import Author, Entry, Feed, Site

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Extra:
    """An element of an entry that feedgen does not write: its name with a prefix of `NAMESPACES`."""

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
    # Loading feedgen loads lxml: too slow for a command that renders nothing.
    from feedgen.feed import FeedGenerator

    generator = FeedGenerator()
    generator.register_extension("feeds", _Extension, _Extension)
    _describe(generator, format, site, feed)
    for entry in feed.entries:
        more = extras(entry)
        generator.feeds.declare(more)
        # feedgen puts each new entry before the others unless told otherwise.
        _fill(generator.add_entry(order="append"), format, site, feed, entry, more)
    write = generator.rss_str if format.name == "rss" else generator.atom_str
    document: bytes = write(pretty=True, xml_declaration=False)
    return _DECLARATION + document


class _Extension:
    """What feedgen calls when it has written the feed's head or an entry: the duck type of its extensions."""

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}
        self.amend: Callable[[Any], None] = lambda element: None

    def declare(self, extras: tuple[Extra, ...]) -> None:
        prefixes = (extra.name.partition(":")[0] for extra in extras)
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


def _fill(item: Any, format: Format, site: Site, feed: Feed, entry: Entry, extras: tuple[Extra, ...]) -> None:
    post = entry.post
    # Calling id() as well would turn the permalink off.
    item.guid(post.id, permalink=post.id == post.url)
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
    if format.name == "atom":
        # In RSS feedgen would make one <author> of each author with an address; an item may hold one.
        item.author(_people(post.authors or _responsible(site, feed)))

    def amend(element: Any) -> None:
        if format.name == "atom":
            _amend_atom(element, post.language if post.language != feed.language else "")
        for extra in extras:
            _append(element, extra)

    item.feeds.amend = amend


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


def _append(parent: Any, extra: Extra) -> None:
    prefix, _, name = extra.name.partition(":")
    child = parent.makeelement(f"{{{NAMESPACES[prefix]}}}{name}", dict(extra.attributes))
    child.text = extra.text or None
    parent.append(child)
