"""The posts of a site, read and ready to be rendered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feeds.config import Settings
from feeds.history import load_history
from feeds.index import Index, digest, program_version
from feeds.lockfile import Lock, apply_lock, load_lock
from feeds.model import Entry, Post, Report, Site, newest_first
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses
from feeds.posts.entries import render_entry
from feeds.posts.known import Known
from feeds.posts.links import Links
from feeds.posts.memory import key_of_site, spelt
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope
from feeds.posts.titles import heading_title
from feeds.selection import main_posts

Progress = Callable[[int, int, str], None]
"""Told how many posts are rendered, of how many, and the file of the last one; of none of them at first."""


class Gathered(NamedTuple):
    """What was read, and what it is rendered with.

    `posts` are all that are published, newest first, with the ids of the lock; `main` those in the site's own
    language.
    """

    settings: Settings
    site: Site
    collection: Collection
    lock: Lock | None
    posts: tuple[Post, ...]
    main: tuple[Post, ...]
    renderer: Renderer
    links: Links
    report: Report


def gather(
    settings: Settings,
    site: Site,
    now: dt.datetime,
    report: Report,
    *,
    drafts: bool = False,
    future: bool = False,
    index: Index | None = None,
) -> Gathered:
    """Read every post; those with problems, which are reported, are left out.

    Args:
        settings: the project's.
        site: whose posts.
        now: decides which are due.
        report: told of every error and warning.
        drafts: whether drafts count too.
        future: whether posts to come do.
        index: what the last build read.
    """
    renderer = Renderer(site, report)
    time = settings.posts.default_time
    policy = Policy(
        now=now,
        future=settings.posts.future,
        default_time=dt.time.fromisoformat(time) if time else dt.time(),
        with_drafts=drafts,
        with_future=future,
    )
    history = load_history(site.root, site.docs, settings.environ, settings.posts.dates)
    known = _known(settings, site, renderer, index)
    collection = load_posts(
        site,
        policy,
        lambda source: heading_title(source, renderer),
        report,
        lambda source: history(source.path),
        known,
        lambda: renderer.has_told,
    )
    if not renderer.has_told:  # what is told once could not be told again without reading
        known.remember()
    lock = load_lock(settings.root)
    posts = newest_first(apply_lock(collection.published, lock, report) if lock else collection.published)
    main = main_posts(site, posts, collection.blogs)
    links = Links(site, page_addresses(site, collection))
    return Gathered(settings, site, collection, lock, posts, main, renderer, links, report)


def _known(settings: Settings, site: Site, renderer: Renderer, index: Index | None) -> Known:
    """The files that the last build read, where that can be told for certain."""
    zone = ZoneInfo(site.timezone)
    unknown = index is not None and not index.configuration
    if unknown or not is_of_its_file(settings, site, renderer):
        return Known(site, zone)
    if index is None:
        return Known(site, zone, is_alone=True)
    blogs = [(blog.folders, blog.home, blog.title, blog.feeds, blog.matter) for blog in site.blogs]
    texts = (site.url, site.docs_name, site.language, site.timezone, site.generator)
    parts = [program_version(), index.configuration, texts, blogs, spelt(renderer.options)]
    return Known(site, zone, True, index, f"posts-{digest(parts)}")


def is_of_its_file(settings: Settings, site: Site, renderer: Renderer) -> bool:
    """Whether a post is made of its own file alone, and of what holds for all of them.

    Some generators look at other files too when they read one.
    """
    simple = site.generator in ("material", "plain") and all(not blog.language for blog in site.blogs)
    return simple and not settings.posts.dates and not renderer.reads_files


class Rendering:
    """The entries of posts, each rendered once, when it is asked for.

    Args:
        gathered: the posts, and what they are rendered with; problems are reported.
        total: how many will be asked for.
        progress: told how far it is.
        index: what the last build made.
    """

    def __init__(
        self,
        gathered: Gathered,
        total: int,
        progress: Progress = lambda done, total, file: None,
        index: Index | None = None,
    ) -> None:
        self._gathered, self._total, self._progress, self._index = gathered, total, progress, index
        self._published = {post.source.path: post for post in gathered.collection.published}
        self._full = gathered.settings.feeds.content != "excerpt"
        self._site_key = None
        if index:
            made_of = f"{program_version()} {index.configuration}"
            self._site_key = key_of_site(gathered.site, gathered.renderer, made_of, full=self._full)
        self._entries: dict[str, Entry | None] = {}
        progress(0, total, "")

    def entries(self, posts: Iterable[Post]) -> dict[str, Entry]:
        """The entries of posts by their ids; posts that cannot be rendered are left out."""
        found: dict[str, Entry] = {}
        for post in posts:
            if post.id not in self._entries:
                self._entries[post.id] = self._render(post)
                self._progress(len(self._entries), self._total, post.source.fields.path)
            if entry := self._entries[post.id]:
                found[post.id] = entry
        return found

    def _render(self, post: Post) -> Entry | None:
        gathered = self._gathered
        pages, report = gathered.links.pages, gathered.report
        scope = Scope(gathered.site, post.source, post.url, self._published, pages, report)
        return render_entry(
            scope,
            post,
            gathered.renderer,
            gathered.links,
            full=self._full,
            index=self._index,
            site_key=self._site_key,
        )


def render_entries(gathered: Gathered, posts: Sequence[Post]) -> dict[str, Entry]:
    """The entries of posts by their ids; posts that cannot be rendered, which are reported, are left out."""
    return Rendering(gathered, len(posts)).entries(posts)
