"""A feed as every format can carry it, so that RSS, Atom and JSON Feed say the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

from feeds.formats.text import clean, clean_line, clean_uri
from feeds.model import Author, Entry, Excerpt, Feed, Media, Post, Site


class TidyFeed(Feed):
    """A feed that is tidy already, and need not be made so for each format."""

    __slots__ = ()


def tidy_feed(site: Site, feed: Feed) -> TidyFeed:
    """The feed with clean text, ASCII addresses and whole seconds, and nothing empty that a format needs.

    A title falls back to the address of what it names. A post without authors gets the site's, as an Atom or
    JSON feed's author counts for its entries, but many readers do not look there and RSS has no place for it.
    `Entry.content` is None where the feed does not carry it, or it is empty.
    """
    if isinstance(feed, TidyFeed):
        return feed
    home_url = clean_uri(feed.home_url)
    tidied = replace(
        feed,
        id=clean_line(feed.id) or home_url,
        title=clean_line(feed.title) or clean_line(site.title) or home_url,
        description=clean_line(feed.description),
        home_url=home_url,
        hub=clean_uri(feed.hub),
        language=clean_line(feed.language),
        updated=_moment(feed.updated),
        entries=tuple(_tidy_entry(site, feed, entry) for entry in feed.entries),
    )
    return TidyFeed(*(getattr(tidied, each.name) for each in fields(tidied)))


def site_authors(site: Site) -> tuple[Author, ...]:
    """The site's own author, if it names one."""
    return _tidy_authors((Author(site.author),))


def labels(post: Post) -> tuple[str, ...]:
    """The post's categories, then its tags, each once; readers know only one kind."""
    return tuple(dict.fromkeys((*post.categories, *post.tags)))


def _tidy_entry(site: Site, feed: Feed, entry: Entry) -> Entry:
    carried = "" if feed.content == "excerpt" else entry.content or ""
    return replace(
        entry,
        post=_tidy_post(site, entry.post),
        excerpt=Excerpt(clean(entry.excerpt.html), clean_line(entry.excerpt.text), entry.excerpt.is_whole),
        content=clean(carried) or None,
        image=_tidy_media(entry.image),
        enclosure=_tidy_media(entry.enclosure),
    )


def _tidy_media(file: Media | None) -> Media | None:
    return replace(file, url=clean_uri(file.url), type=clean_line(file.type)) if file and file.url else None


def _tidy_post(site: Site, post: Post) -> Post:
    url = clean_uri(post.url)
    return replace(
        post,
        id=clean_line(post.id) or url,
        url=url,
        title=clean_line(post.title) or url,
        published=_moment(post.published),
        updated=_moment(post.updated),
        authors=_tidy_authors(post.authors) or site_authors(site),
        categories=_tidy_names(post.categories),
        tags=_tidy_names(post.tags),
        language=clean_line(post.language),
        comments=clean_uri(post.comments),
        rights=clean_line(post.rights),
    )


def _tidy_authors(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    tidied = (
        Author(
            clean_line(author.name),
            author.id,
            clean_uri(author.url),
            clean_line(author.email),
            clean_uri(author.avatar),
        )
        for author in authors
    )
    return tuple(dict.fromkeys(author for author in tidied if author.name))


def _tidy_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in map(clean_line, names) if name)


def _moment(date: dt.datetime) -> dt.datetime:
    """The date to the second; in UTC if its offset has seconds, which RFC 822 and RFC 3339 cannot write."""
    date = date.replace(microsecond=0)
    offset = date.utcoffset() or dt.timedelta()
    return date.astimezone(dt.UTC) if offset % dt.timedelta(minutes=1) else date
