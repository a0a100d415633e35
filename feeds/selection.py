"""Which posts each feed holds: selection works on metadata, before anything is rendered."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from feeds.model import Blog, Entry, Feed, Post, Site

_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MAX_SLUG = 100


@dataclass(frozen=True, slots=True)
class Selection:
    """A feed before its entries are rendered; the fields are those of `Feed`."""

    title: str
    description: str
    folder: str
    home_url: str
    language: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class _Edition:
    """A set of feeds: the site's, or that of one of its blogs or languages, in a folder of its own."""

    folder: str
    title: str
    home_url: str
    language: str
    blogs: tuple[Blog, ...]


def newest_first(posts: Iterable[Post]) -> tuple[Post, ...]:
    """The posts in the order of every feed: newest first, posts of one instant by id."""
    return tuple(
        sorted(sorted(posts, key=lambda post: post.id), key=lambda post: post.published, reverse=True)
    )


def select_feeds(
    site: Site, posts: Sequence[Post], blogs: Mapping[str, Blog], limit: int
) -> tuple[Selection, ...]:
    """The feeds of the site and of each category by name; likewise of each language and blog with its own.


    Args:
        site: what they are feeds of.
        posts: every published post, newest first.
        blogs: the blog of each post, by the post's source path.
        limit: the most entries a feed holds; 0 for all.
    """
    return tuple(
        selection
        for edition in _editions(site)
        for selection in _edition_feeds(
            site, edition, [post for post in posts if blogs.get(post.source.path) in edition.blogs], limit
        )
    )


def main_posts(site: Site, posts: Sequence[Post], blogs: Mapping[str, Blog]) -> tuple[Post, ...]:
    """The posts of the site's own language, in their order."""
    main = next(_editions(site))
    return tuple(post for post in posts if blogs.get(post.source.path) in main.blogs)


def _editions(site: Site) -> Iterator[_Edition]:
    """The site's own feeds, of all blogs in its language, then those that lie in folders of their own."""
    main = tuple(blog for blog in site.blogs if blog.language in ("", site.language)) or site.blogs
    home = site.url + (main[0].home if len(main) == 1 else "")
    yield _Edition("", site.title, home, site.language, main)
    for folder in dict.fromkeys(blog.feeds for blog in site.blogs if blog.feeds):
        blogs = tuple(blog for blog in site.blogs if blog.feeds == folder)
        language = blogs[0].language or site.language
        title = blogs[0].title or site.title
        if title == site.title:
            title = f"{title} ({language if language != site.language else folder})"
        yield _Edition(folder, title, site.url + blogs[0].home, language, blogs)


def _edition_feeds(site: Site, edition: _Edition, posts: Sequence[Post], limit: int) -> Iterator[Selection]:
    described = site.description or f"The posts of {edition.title}"

    def selection(title: str, description: str, folder: str, home: str, chosen: Sequence[Post]) -> Selection:
        path = "/".join(part for part in (edition.folder, folder) if part)
        shown = tuple(chosen[:limit] if limit else chosen)
        return Selection(title, description, path, home, edition.language, shown)

    yield selection(edition.title, described, "", edition.home_url, posts)
    members: dict[str, list[Post]] = {}
    for post in posts:
        for name in post.categories:
            members.setdefault(name, []).append(post)
    folders = category_folders(site, members)
    for name in sorted(members, key=lambda name: (name.casefold(), name)):
        page = "" if edition.folder else site.category_page(name)
        home = site.url + page if page else edition.home_url
        description = f"Posts in the category {name}. {described}"
        yield selection(f"{edition.title}: {name}", description, folders[name], home, members[name])


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
        language=selection.language,
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
