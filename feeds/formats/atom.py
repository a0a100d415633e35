"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from feeds.formats.feedgen_adapter import Extra, media_extras, render_xml
from feeds.formats.format import Format
from feeds.formats.tidy import tidy_feed
from feeds.model import Entry, Feed, Site


def render(site: Site, feed: Feed) -> bytes:
    """The feed as Atom 1.0.

    What the feed carries of a post, excerpt or whole text, is the entry's `content`, which every reader
    shows; where it carries both, the excerpt is the `summary`.
    """
    return render_xml(ATOM, site, tidy_feed(site, feed), _extras)


def _extras(entry: Entry) -> tuple[Extra, ...]:
    post, file = entry.post, entry.enclosure
    extras = [*media_extras(entry)]
    if file:
        size = {"length": str(file.length)} if file.length is not None else {}
        extras.append(_link("enclosure", file.url, file.type, **size))
    if post.comments:
        extras.append(_link("replies", post.comments, "text/html"))
    if post.rights:
        extras.append(Extra("rights", post.rights))
    return tuple(extras)


def _link(relation: str, url: str, media_type: str, **more: str) -> Extra:
    return Extra("link", attributes={"rel": relation, "href": url, "type": media_type, **more})


ATOM = Format("atom", "application/atom+xml", "atom.xml", render)
