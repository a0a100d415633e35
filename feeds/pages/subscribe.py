"""The page that lists every feed of the site, for people who have never met one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from feeds.index import Index
from feeds.model import Feed, Output, Post, Site
from feeds.pages.values import Words, page_values, render_listing

SUBSCRIBE = "subscribe/index.html"
"""Where the page lies below the output."""

MARK = '<meta name="generator" content="feeds">'
"""What tells a page of ours from one of the site's own."""

_LATEST = 3
_GROUPS: Mapping[str, str] = {
    "category": "By category",
    "tag": "By tag",
    "author": "By author",
    "": "More feeds",
}


class Address(NamedTuple):
    """One file of a feed: its format as people call it, its media type, and where it is."""

    format: str
    media_type: str
    url: str


class Listed(NamedTuple):
    """A feed with the addresses at which it can be subscribed to."""

    feed: Feed
    addresses: tuple[Address, ...]

    @property
    def kind(self) -> str:
        """The grouping that it belongs to; "" for a language's or one of the author's choice."""
        folders = PurePosixPath(self.feed.folder).parts[:-1]
        return folders[-1] if folders and folders[-1] in _GROUPS else ""

    @property
    def latest(self) -> tuple[Post, ...]:
        """Its newest posts."""
        return tuple(entry.post for entry in self.feed.entries[:_LATEST])

    @property
    def spelt(self) -> object:
        """Tells by its `repr` all that pages show of it."""
        posts = [(post.url, post.title, post.language, post.published) for post in self.latest]
        return (self.feed.title, self.feed.folder, self.feed.home_url, self.addresses, posts)


class NewsletterLink(NamedTuple):
    """The newsletter as the page shows it: its name, the newest issue, where to sign up ("" for none).

    `archive_url` is the list of all issues, `feed` that of the issues, if there are any.
    """

    title: str
    issue: str = ""
    issue_url: str = ""
    signup_url: str = ""
    archive_url: str = ""
    feed: Listed | None = None

    @property
    def spelt(self) -> object:
        """Tells by its `repr` all that the page shows of it."""
        about = (self.title, self.issue, self.issue_url, self.signup_url, self.archive_url)
        return (about, self.feed and self.feed.spelt)


def render_subscribe(
    site: Site,
    folder: str,
    feeds: Sequence[Listed],
    newsletter: NewsletterLink | None,
    words: Words,
    index: Index | None = None,
) -> Output:
    """The page `subscribe/index.html`.

    Args:
        site: what is subscribed to.
        folder: where the user's templates lie, relative to the project; "" for none.
        feeds: every feed, the site's own first.
        newsletter: the newsletter, if there is one.
        words: the letter's phrases in the site's language, or in English.
        index: what the last build made.

    Raises:
        FeedsError: a template cannot be used.
    """
    main, *others = feeds

    def values() -> dict[str, object]:
        return {
            **page_values(site, SUBSCRIBE, words),
            "main": _shown(site, main),
            "groups": _groups(site, others),
            "newsletter": newsletter,
        }

    spelt = [words, newsletter and newsletter.spelt, *(each.spelt for each in feeds)]
    return Output(SUBSCRIBE, render_listing(site, folder, SUBSCRIBE, "subscribe.html", values, spelt, index))


def _shown(site: Site, listed: Listed) -> dict[str, object]:
    """What the template sees of a feed; `name` is its title without the site's."""
    feed = listed.feed
    return {
        "title": feed.title,
        "name": feed.title.removeprefix(f"{site.title}: "),
        "home_url": feed.home_url,
        "addresses": listed.addresses,
        "latest": listed.latest,
    }


def _groups(site: Site, feeds: Sequence[Listed]) -> list[dict[str, object]]:
    """The other feeds under headings; of groupings only those that hold something."""
    groups: list[dict[str, object]] = []
    for kind, heading in _GROUPS.items():
        chosen = [each for each in feeds if each.kind == kind and (each.feed.entries or not kind)]
        if chosen:
            groups.append({"heading": heading, "feeds": [_shown(site, each) for each in chosen]})
    return groups
