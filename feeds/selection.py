"""Which posts each feed holds: selection works on metadata, before anything is rendered."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from feeds.model import Entry, Feed, Post, Site

_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MAX_SLUG = 100


@dataclass(frozen=True, slots=True)
class Selection:
    """A feed before its entries are rendered; the fields are those of `Feed`."""

    title: str
    description: str
    folder: str
    home_url: str
    posts: tuple[Post, ...]


def newest_first(posts: Iterable[Post]) -> tuple[Post, ...]:
    """The posts in the order of every feed: newest first, posts of one instant by id."""
    return tuple(
        sorted(sorted(posts, key=lambda post: post.id), key=lambda post: post.published, reverse=True)
    )


def select_feeds(site: Site, posts: Sequence[Post], limit: int) -> tuple[Selection, ...]:
    """The site's feed, then one for each category by name.

    Args:
        site: what they are feeds of.
        posts: every published post, newest first.
        limit: the most entries a feed holds; 0 for all.
    """
    blog_url = site.url + (site.blogs[0].home if len(site.blogs) == 1 else "")
    described = site.description or f"The posts of {site.title}"

    def selection(title: str, description: str, folder: str, home: str, chosen: Sequence[Post]) -> Selection:
        return Selection(title, description, folder, home, tuple(chosen[:limit] if limit else chosen))

    feeds = [selection(site.title, described, "", blog_url, posts)]
    members: dict[str, list[Post]] = {}
    for post in posts:
        for name in post.categories:
            members.setdefault(name, []).append(post)
    folders = category_folders(site, members)
    for name in sorted(members, key=lambda name: (name.casefold(), name)):
        page = site.category_page(name)
        home = site.url + page if page else blog_url
        description = f"Posts in the category {name}. {described}"
        feeds.append(selection(f"{site.title}: {name}", description, folders[name], home, members[name]))
    return tuple(feeds)


def category_folders(site: Site, names: Iterable[str]) -> dict[str, str]:
    """The folder of each category's feed: `category/` and the generator's own slug.

    Names whose slugs a disk could take for one (`C++` and `C#`; `News` and `news`), or that have none, get
    six hexadecimal digits of the SHA-256 of the name: a folder never depends on the order of the names.
    """
    slugs = {name: _safe_slug(site.category_slug(name)) for name in names}
    marked: set[str] = set()
    while True:
        folders = {name: _marked(name, slug) if name in marked else slug for name, slug in slugs.items()}
        uses = Counter(map(_on_disk, folders.values()))
        clashing = {name for name, slug in folders.items() if not slug or uses[_on_disk(slug)] > 1} - marked
        if not clashing:
            return {name: f"category/{slug}" for name, slug in folders.items()}
        marked |= clashing


def _marked(name: str, slug: str) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{slug}-{digest}" if slug else digest


def compile_feed(site: Site, selection: Selection, entries: Mapping[str, Entry], content: str) -> Feed:
    """The feed with its entries, which `entries` has by the post's id."""
    return Feed(
        id=site.url + (f"{selection.folder}/" if selection.folder else ""),
        title=selection.title,
        description=selection.description,
        folder=selection.folder,
        home_url=selection.home_url,
        language=site.language,
        updated=max((post.updated for post in selection.posts), default=_NEVER),
        entries=tuple(entries[post.id] for post in selection.posts),
        content=content,
    )


def _safe_slug(slug: str) -> str:
    """One path segment that any disk can hold."""
    cleaned = "".join("-" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in slug).strip(". ")
    if len(cleaned.encode()) <= _MAX_SLUG:
        return cleaned
    digest = hashlib.sha256(slug.encode()).hexdigest()[:6]
    return cleaned.encode()[:_MAX_SLUG].decode(errors="ignore") + f"-{digest}"


def _on_disk(slug: str) -> str:
    return unicodedata.normalize("NFC", slug).casefold()
