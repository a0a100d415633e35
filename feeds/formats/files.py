"""A feed as files: in each format, and as the last build left them where nothing of them has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from feeds.formats.atom import ATOM
from feeds.formats.format import Format, feed_path
from feeds.formats.jsonfeed import JSON
from feeds.formats.rss import RSS
from feeds.formats.tidy import tidy_feed
from feeds.index import Index, digest, program_version, spelt_entry
from feeds.model import Feed, Output, Site

FORMATS: dict[str, Format] = {format.name: format for format in (RSS, ATOM, JSON)}
"""By the names that the configuration uses."""


def feed_files(site: Site, feed: Feed, names: Iterable[str], index: Index | None = None) -> Iterator[Output]:
    """The feed in some formats.

    Args:
        site: what it is a feed of.
        feed: what it holds.
        names: the formats, as in `FORMATS`.
        index: what the last build made.
    """
    tidied = cache(lambda: tidy_feed(site, feed))
    key = _key(site, feed) if index else ""
    for form in (FORMATS[name] for name in names):
        path = feed_path(feed, form)

        def render(form: Format = form) -> bytes:
            return form.render(site, tidied())

        data = index.file(f"{form.name}-{key}", site.output / path, render) if index else render()
        yield Output(path, data, len(feed.entries), is_topic=not feed.archive)


def _key(site: Site, feed: Feed) -> str:
    """Tells all that stands in the files of a feed."""
    about = (site.title, site.url, site.description, site.language, site.author, site.copyright)
    shown = [spelt_entry(entry) for entry in feed.entries]
    return digest([program_version(), about, replace(feed, entries=()), shown])
