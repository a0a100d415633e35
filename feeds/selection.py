"""Which posts each feed holds: selection works on metadata, before anything is rendered."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import NamedTuple
from urllib.parse import quote

from feeds.config import FilterSettings, NamedFeedSettings
from feeds.generators.globs import compile_globs
from feeds.model import Blog, Entry, Feed, Post, Site

_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MAX_SLUG = 100


@dataclass(frozen=True, slots=True)
class Selection:
    """A feed before its entries are rendered; the fields are those of `Feed`.

    `posts` are those that it shows, `everything` all that it could, the newest first.
    """

    title: str
    description: str
    folder: str
    home_url: str
    language: str
    posts: tuple[Post, ...]
    everything: tuple[Post, ...]


class _Edition(NamedTuple):
    """A set of feeds: the site's, or that of one of its blogs or languages, in a folder of its own."""

    folder: str
    title: str
    home_url: str
    language: str
    blogs: tuple[Blog, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which feeds are to be made.

    `by` are the groupings that have feeds ("category", "tag", "author"), `named` feeds of the author's
    choice, `known` the titles of feeds made before, by folder, which stay when nothing is left in them;
    `limit` is the most entries a feed holds, 0 for all.
    """

    by: tuple[str, ...] = ("category",)
    named: tuple[NamedFeedSettings, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    limit: int = 20


def select_feeds(
    site: Site, posts: Sequence[Post], blogs: Mapping[str, Blog], wanted: Wanted
) -> tuple[Selection, ...]:
    """The feeds of the site, of its groupings and of its other languages, then those of the author's choice.

    Args:
        site: what they are feeds of.
        posts: every published post, newest first.
        blogs: the blog of each post, by the post's source path.
        wanted: which feeds.
    """
    found: list[Selection] = []
    for edition in _editions(site):
        own = [post for post in posts if blogs.get(post.source.path) in edition.blogs]
        found += _edition_feeds(site, edition, own, wanted)
    found += (_named_feed(site, posts, feed, wanted.limit) for feed in wanted.named)
    made = {selection.folder for selection in found}
    for folder, title in sorted(wanted.known.items()):
        if folder not in made and any(f"/{by}/" in f"/{folder}" for by in wanted.by):
            found.append(Selection(title, title, folder, site.url, site.language, (), ()))
    return tuple(found)


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


def _edition_feeds(
    site: Site, edition: _Edition, posts: Sequence[Post], wanted: Wanted
) -> Iterator[Selection]:
    described = site.description or f"The posts of {edition.title}"

    def selection(title: str, description: str, folder: str, home: str, chosen: Sequence[Post]) -> Selection:
        path = "/".join(part for part in (edition.folder, folder) if part)
        shown = _newest(chosen, wanted.limit)
        return Selection(title, description, path, home, edition.language, shown, tuple(chosen))

    yield selection(edition.title, described, "", edition.home_url, posts)
    for kind in wanted.by:
        grouping = _GROUPINGS[kind]
        members = _members(posts, grouping.names)
        folders = group_folders(site, kind, members)
        for name in sorted(members, key=lambda name: (name.casefold(), name)):
            page = site.category_page(name) if kind == "category" and not edition.folder else ""
            home = site.url + page if page else edition.home_url
            description = f"{grouping.described} {name}. {described}"
            title = f"{edition.title}: {grouping.mark}{name}"
            yield selection(title, description, folders[name], home, members[name])


class _Grouping(NamedTuple):
    """How posts are gathered: the names that each goes by, and how a feed of one of them is called."""

    names: Callable[[Post], Iterable[str]]
    described: str
    mark: str = ""


_GROUPINGS = {
    "category": _Grouping(lambda post: post.categories, "Posts in the category"),
    "tag": _Grouping(lambda post: post.tags, "Posts with the tag", "#"),
    "author": _Grouping(lambda post: dict.fromkeys(a.name for a in post.authors), "Posts by"),
}


def _members(posts: Iterable[Post], names: Callable[[Post], Iterable[str]]) -> dict[str, list[Post]]:
    """The posts of each name; spellings that differ in case alone are one name, written as most posts do."""
    members: dict[str, list[Post]] = {}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for post in posts:
        for name in names(post):
            same = _on_disk(name)
            spellings[same][name] += 1
            found = members.setdefault(same, [])
            if not found or found[-1] is not post:
                found.append(post)
    return {
        min(counts, key=lambda name: (-counts[name], name)): members[same]
        for same, counts in spellings.items()
    }


def _newest(posts: Sequence[Post], limit: int) -> tuple[Post, ...]:
    return tuple(posts[:limit] if limit else posts)


def _named_feed(site: Site, posts: Sequence[Post], feed: NamedFeedSettings, limit: int) -> Selection:
    described = feed.description or site.description or f"The posts of {site.title}"
    title = feed.title or f"{site.title}: {feed.path}"
    takes, leaves = matcher(site, feed.include), matcher(site, feed.exclude, any_of=True)
    chosen = [post for post in posts if takes(post) and not leaves(post)]
    shown = _newest(chosen, limit)
    return Selection(title, described, feed.path, site.url, site.language, shown, tuple(chosen))


def matcher(site: Site, given: FilterSettings, *, any_of: bool = False) -> Callable[[Post], bool]:
    """Whether a post has one of each list that is given; with `any_of`, one of any list."""
    paths = compile_globs(given.paths) if given.paths else None
    tests: list[tuple[tuple[str, ...], Callable[[Post], Iterable[str]]]] = [
        (given.categories, lambda post: post.categories),
        (given.tags, lambda post: post.tags),
        (given.authors, lambda post: [name for author in post.authors for name in (author.name, author.id)]),
        (given.languages, lambda post: (post.language,)),
    ]
    checks: list[Callable[[Post], bool]] = [
        partial(lambda names, values, post: not names.isdisjoint(values(post)), frozenset(names), values)
        for names, values in tests
        if names
    ]
    if paths:
        checks.append(lambda post: paths(site.docs_name + post.source.path))
    if any_of:
        return lambda post: any(check(post) for check in checks)
    return lambda post: all(check(post) for check in checks)


def group_folders(site: Site, kind: str, names: Iterable[str]) -> dict[str, str]:
    """The folder of each feed of a grouping: its kind and the generator's own slug, such as `category/maps`.

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
            return {name: f"{kind}/{slug}" for name, slug in folders.items()}
        marked |= clashing


def _marked(name: str, slug: str) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{slug}-{digest}" if slug else digest


def archived(selection: Selection, size: int) -> tuple[tuple[Post, ...], ...]:
    """The posts of each archive document, counted from the oldest, none where a feed shows all of its posts.

    A document that is full never changes when posts are added (RFC 5005, section 4).

    Args:
        selection: a feed.
        size: how many posts a document holds; 0 makes none.
    """
    if not size or len(selection.posts) == len(selection.everything):
        return ()
    oldest_first = selection.everything[::-1]
    starts = range(0, len(oldest_first), size)
    return tuple(oldest_first[start : start + size][::-1] for start in starts)


def compile_feed(site: Site, selection: Selection, entries: Mapping[str, Entry], content: str) -> Feed:
    """The feed with its entries, which `entries` has by the post's id."""
    return Feed(
        id=site.url + quote(f"{selection.folder}/" if selection.folder else ""),
        title=selection.title,
        description=selection.description,
        folder=selection.folder,
        home_url=selection.home_url,
        language=selection.language,
        updated=max((post.updated for post in selection.posts), default=_NEVER),
        entries=tuple(entries[post.id] for post in selection.posts),
        content=content,
        is_complete=len(selection.posts) == len(selection.everything),
    )


def _safe_slug(slug: str) -> str:
    """One path segment that any disk can hold."""
    cleaned = "".join("-" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in slug).strip(". ")
    if len(cleaned.encode()) <= _MAX_SLUG:
        return cleaned
    digest = hashlib.sha256(slug.encode()).hexdigest()[:6]
    return cleaned.encode()[:_MAX_SLUG].decode(errors="ignore") + f"-{digest}"


@lru_cache(maxsize=1024)
def _on_disk(slug: str) -> str:
    return unicodedata.normalize("NFC", slug).casefold()
