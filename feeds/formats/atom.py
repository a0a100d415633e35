"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from feeds.formats.feedgen_adapter import Extra, render_xml
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
    image = entry.post.image
    return (Extra("media:thumbnail", attributes={"url": image}),) if image else ()


ATOM = Format("atom", "application/atom+xml", "atom.xml", render)
