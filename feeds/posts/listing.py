"""Every file that is a post, or was to be one: published, or why not."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feeds.config import Settings
from feeds.errors import FeedsError, Finding, Severity
from feeds.history import load_history
from feeds.model import Blog, Excerpt, Post, Reading, Site
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses, posts_of
from feeds.posts.entries import render_entry
from feeds.posts.links import Links
from feeds.posts.load import load_source
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope
from feeds.posts.titles import heading_title

PUBLISHED, HELD, EXPIRED, ERROR = "published", "held", "expired", "error"
"""What a post can be that no author keeps back; else its status is why the author does ("draft" …)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One file: its path as messages name it, what became of it, and what was found in it.

    `post` is what a post that is not published would be, too; None where that cannot be told.
    """

    path: str
    status: str
    title: str
    blog: Blog
    post: Post | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The files by date, newest first, then those without one and those with errors; and what was found.

    `reading` is what the posts were read with, but that it reports nothing.
    """

    site: Site
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    reading: Reading
    collection: Collection

    @property
    def held(self) -> tuple[Post, ...]:
        """The posts that wait for their date, those first that fall due first."""
        return self.collection.held

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that posts lie in, as messages name them."""
        site = self.site
        names = {site.docs_name + name for blog in site.blogs for name in blog.folders}
        return tuple(sorted(name.rstrip("/") or "." for name in names))

    def count(self, status: str) -> int:
        """How many files have a status."""
        return sum(row.status == status for row in self.rows)


def list_posts(
    settings: Settings,
    site: Site,
    now: dt.datetime,
    findings: Sequence[Finding] = (),
    collection: Collection | None = None,
) -> Listing:
    """Read every post of the site; what is wrong with one is a finding.

    Args:
        settings: the project's settings.
        site: where to look.
        now: decides which posts are due.
        findings: what was found in the configuration.
        collection: the posts, where they were read already, without drafts and posts to come.

    Raises:
        FeedsError: what makes it pointless to look further.
    """
    found = list(findings)
    policy = read_policy(settings, now)
    renderer = Renderer(site, found.append)
    history = load_history(site.root, site.docs, settings.environ, settings.posts.dates)
    reading = Reading(
        ZoneInfo(site.timezone),
        policy.default_time,
        lambda source: heading_title(source, renderer),
        lambda finding: None,
        lambda source: history(source.path),
    )
    if collection is None:
        collection = load_posts(site, policy, reading.heading, found.append, reading.history)
    rows = sorted(_rows(site, collection, reading, found), key=lambda row: row.path)
    rows.sort(
        key=lambda row: (row.status == ERROR, -row.post.published.timestamp() if row.post else math.inf)
    )
    return Listing(site, tuple(rows), tuple(found), reading, collection)


def read_policy(settings: Settings, now: dt.datetime) -> Policy:
    """Which posts count when nothing else is asked for."""
    time = settings.posts.default_time
    return Policy(now, settings.posts.future, dt.time.fromisoformat(time) if time else dt.time())


def render_excerpt(listing: Listing, post: Post) -> tuple[Excerpt | None, tuple[Finding, ...]]:
    """A post's excerpt as subscribers see it, None where it cannot be rendered; and what was found in it."""
    site, found = listing.site, list[Finding]()
    pages = page_addresses(site, listing.collection)
    published = {post.source.path: post for post in listing.collection.published}
    scope = Scope(site, post.source, post.url, published, pages, found.append)
    entry = render_entry(scope, post, Renderer(site, found.append), Links(site, pages), full=False)
    known = set(listing.findings)
    return entry.excerpt if entry else None, tuple(finding for finding in found if finding not in known)


def _rows(site: Site, collection: Collection, reading: Reading, findings: Sequence[Finding]) -> list[Row]:
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.at.path if finding.at else "", []).append(finding)
    posts = [(post, PUBLISHED) for post in collection.published]
    posts += [(post, HELD) for post in collection.held]
    posts += [(post, EXPIRED) for post in collection.expired]
    known = {post.source.path: (post, status, post.title) for post, status in posts}
    hidden = {hidden.path: hidden for hidden in collection.hidden}
    rows = []
    for path, blog in posts_of(site, collection.tree):
        shown = site.docs_name + path
        own = tuple(by_path.get(shown, ()))
        post, status, title = known.get(path, (None, "", ""))
        if shown in hidden:
            post = _peek(site, blog, path, reading)
            status, title = hidden[shown].reason, post.title if post else hidden[shown].title
        if any(finding.severity is Severity.ERROR for finding in own):
            status = ERROR
        if status:
            rows.append(Row(shown, status, title, blog, post, own))
    files = {path for path, _ in posts_of(site, collection.tree)}
    for path, (post, status, title) in known.items():
        if path not in files:  # it stands in for a translation that is not there
            rows.append(Row(post.source.fields.path, status, title, collection.blogs[path], post, ()))
    return rows


def _peek(site: Site, blog: Blog, path: str, reading: Reading) -> Post | None:
    """What a post that its author keeps back would be; a draft may lack what a post needs."""
    try:
        source = load_source(site, path, blog.matter, reading.report)
        return blog.read(blog.complete(source), reading) if source else None
    except FeedsError:
        return None
