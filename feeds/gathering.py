"""The posts of a site, read and ready to be rendered."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feeds.config import Settings
from feeds.history import load_history
from feeds.index import Index, digest, program_version
from feeds.lockfile import Lock, apply_lock, load_lock
from feeds.model import Post, Report, Site, newest_first
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses
from feeds.posts.known import Known
from feeds.posts.links import Links
from feeds.posts.memory import spelt
from feeds.posts.rendering import Renderer
from feeds.posts.titles import heading_title
from feeds.selection import main_posts


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
