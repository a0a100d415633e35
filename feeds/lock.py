"""`feeds lock`: the ids of published posts written down, compared, or taken over from another feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feeds.adopt import Adopted, load_foreign_feed, match_posts, unmatched
from feeds.config import Settings
from feeds.errors import Finding, ProblemsError, Severity
from feeds.generators import load_site
from feeds.lockfile import Lock, load_lock, matched, updated_lock, write_lock
from feeds.model import Blog, Post, Site, lasting_path, newest_first
from feeds.newsletter.issuefiles import load_issue_files, named_paths
from feeds.posts.listing import list_posts
from feeds.selection import Wanted, select_feeds


@dataclass(frozen=True, slots=True)
class LockResult:
    """What became of the file: which posts are new in it, changed or renamed, by path, and if it was written.

    `outdated` tells that it is in conflict, or lacks a feed or what an issue's file means. `adopted` counts
    the ids taken over, `left` are the entries of the foreign feed that no post was found for.
    """

    posts: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[str, ...]
    outdated: bool
    written: bool
    adopted: int = 0
    left: tuple[Adopted, ...] = ()

    @property
    def is_stale(self) -> bool:
        """Whether the file was not as it should be."""
        return bool(self.new or self.changed or self.renamed or self.outdated)


def lock(
    settings: Settings, now: dt.datetime, *, check: bool = False, adopt: Path | None = None
) -> LockResult:
    """Bring `feeds.lock` up to date.

    Args:
        settings: the project's settings.
        now: the instant of changes that no front matter dates.
        check: only compare; nothing is written.
        adopt: a feed whose ids the posts are to keep.

    Raises:
        ProblemsError: posts that cannot be read.
        FeedsError: the lock or the feed cannot be read.
    """
    findings: list[Finding] = []
    site = load_site(settings, findings.append)
    listing = list_posts(settings, site, now, findings)
    errors = tuple(each for each in listing.findings if each.severity is Severity.ERROR)
    if errors:
        raise ProblemsError(errors)
    posts = newest_first(listing.collection.published)
    before = load_lock(settings.root) or Lock()
    entries = load_foreign_feed(adopt) if adopt else ()
    ids = match_posts(posts, entries)
    feeds = _feeds(settings, site, listing.collection.blogs, posts)
    named = named_paths(load_issue_files(site))
    after = _with_ids(updated_lock(posts, feeds, before, now, named), ids)
    compared = _compared(posts, before, after)
    outdated = (
        before.in_conflict or not feeds.items() <= before.feeds.items() or after.former != before.former
    )
    written = not check and write_lock(settings.root, after)
    return LockResult(
        len(posts),
        *compared,
        outdated=outdated,
        written=written,
        adopted=len(ids),
        left=unmatched(entries, ids),
    )


def _feeds(
    settings: Settings, site: Site, blogs: Mapping[str, Blog], posts: Sequence[Post]
) -> dict[str, str]:
    """The title of each feed of a category, tag or author, by folder: those that may run empty one day."""
    wanted = Wanted(settings.feeds.by)
    found = select_feeds(site, posts, blogs, wanted)
    return {each.folder: each.title for each in found if f"/{each.folder}".rpartition("/")[0]}


def _with_ids(after: Lock, ids: Mapping[str, str]) -> Lock:
    entries = {path: replace(entry, id=ids.get(path, entry.id)) for path, entry in after.posts.items()}
    return replace(after, posts=entries)


def _compared(
    posts: Sequence[Post], before: Lock, after: Lock
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The paths of posts that are new in the lock, changed since, and renamed."""
    lines = matched(posts, before)
    paths = [lasting_path(post) for post in posts]
    known = [path for path in paths if path in lines]
    return (
        tuple(path for path in paths if path not in lines),
        tuple(path for path in known if lines[path].digest != after.posts[path].digest),
        tuple(path for path in known if lines[path].path != path),
    )
