"""The page that lists every issue of the newsletter, by year, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from feeds.index import Index
from feeds.locales import format_skeleton
from feeds.model import Output, Post, Site
from feeds.pages.subscribe import SUBSCRIBE, Listed
from feeds.pages.values import Words, page_url, page_values, render_listing

ARCHIVE = "newsletter/index.html"
"""Where the page lies below the output."""

_FIRST = 3
"""Posts of an issue that are named; the others are counted, but for a single one, whose title says more."""


class ListedIssue(NamedTuple):
    """An issue as the page lists it: its name, the address of its page, its days, its posts in their order.

    `day` is the one that stands beside its name.
    """

    name: str
    url: str
    first: dt.date
    last: dt.date
    day: dt.date
    posts: tuple[Post, ...]

    @property
    def year(self) -> int:
        """The year in which most of its days lie: that of an ISO week is the one its number counts in."""
        return (self.first + (self.last - self.first) // 2).year


class Newsletter(NamedTuple):
    """What the page says besides the issues.

    `feed` is that of the issues, None where there are no feeds; `signup_url` where readers sign up, "" for
    nowhere.
    """

    title: str
    feed: Listed | None = None
    signup_url: str = ""


def render_archive(
    site: Site,
    folder: str,
    newsletter: Newsletter,
    issues: Sequence[ListedIssue],
    words: Words,
    index: Index | None = None,
) -> Output:
    """The page `newsletter/index.html`.

    Args:
        site: whose newsletter it is.
        folder: where the user's templates lie, relative to the project; "" for none.
        newsletter: its name, and how to subscribe to it.
        issues: all of them, the oldest first.
        words: the letter's phrases in the site's language, or in English.
        index: what the last build made.

    Raises:
        FeedsError: a template cannot be used.
    """

    def values() -> dict[str, object]:
        return {
            **page_values(site, ARCHIVE, words),
            "newsletter": newsletter,
            "years": list(_years(site, issues)),
            "count": len(issues),
            "subscribe_url": page_url(site, SUBSCRIBE) if newsletter.feed else "",
        }

    feed = newsletter.feed and newsletter.feed.spelt
    spelt = [words, newsletter.title, newsletter.signup_url, feed, *map(_spelt, issues)]
    page = render_listing(site, folder, ARCHIVE, "archive.html", values, spelt, index)
    return Output(ARCHIVE, page, len(issues))


def _spelt(issue: ListedIssue) -> object:
    """Tells all that the page shows of an issue."""
    posts = [(post.url, post.title, post.language) for post in issue.posts[: _FIRST + 1]]
    return (issue.name, issue.url, issue.first, issue.last, issue.day, len(issue.posts), posts)


def _years(site: Site, issues: Sequence[ListedIssue]) -> Iterator[dict[str, object]]:
    newest_first = sorted(issues, key=lambda issue: (issue.year, issue.last), reverse=True)
    for year, found in groupby(newest_first, key=lambda issue: issue.year):
        name = format_skeleton(dt.date(year, 1, 1), "y", site.language)
        yield {"id": f"{year:04d}", "name": name, "issues": [_shown(issue) for issue in found]}


def _shown(issue: ListedIssue) -> dict[str, object]:
    """What the template sees of an issue."""
    first = _FIRST if len(issue.posts) > _FIRST + 1 else _FIRST + 1
    return {
        "name": issue.name,
        "url": issue.url,
        "day": issue.day,
        "count": len(issue.posts),
        "posts": issue.posts[:first],
        "more": len(issue.posts[first:]),
    }
