"""All posts of a site: published, held back, and left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from feeds.errors import Finding, Severity
from feeds.model import NO_POST, Blog, History, Post, Reading, Report, Site, Source
from feeds.posts.known import Known
from feeds.posts.load import Tree, load_tree
from feeds.posts.reader import Reader, is_unicode


class Policy(NamedTuple):
    """Which posts count: `now` decides which are due, `future` overrides what the generator does."""

    now: dt.datetime
    future: str = ""
    default_time: dt.time = dt.time()
    with_drafts: bool = False
    with_future: bool = False


class Hidden(NamedTuple):
    """A post that its author keeps back: its file as messages name it, why, and its title as far as known."""

    path: str
    reason: str
    title: str


class Collection(NamedTuple):
    """The posts of a site: published, held back until their date, expired, and kept back by their authors."""

    published: tuple[Post, ...]
    held: tuple[Post, ...]
    expired: tuple[Post, ...]
    hidden: tuple[Hidden, ...]
    blogs: Mapping[str, Blog]
    tree: Tree

    @property
    def drafts(self) -> int:
        """How many posts their authors keep back, one that stands in for its translations counted once."""
        return len({post.path for post in self.hidden})


def load_posts(
    site: Site,
    policy: Policy,
    heading: Callable[[Source], str | None],
    report: Report,
    history: Callable[[Source], History | None] = lambda source: None,
    known: Known | None = None,
    has_told: Callable[[], bool] = lambda: False,
) -> Collection:
    """Read every post of the site; problems are reported, and the posts that have them left out.

    Args:
        site: where to look.
        policy: which posts count.
        heading: the title that stands in a post's text, if any.
        report: told of every error and warning.
        history: what git knows of a post's file, where dates are to come from there.
        known: what the last build read.
        has_told: tells whether `heading` reported anything of its own.
    """
    told: list[Finding] = []
    zone = ZoneInfo(site.timezone)
    reading = Reading(zone, policy.default_time, heading, told.append, history)
    tree = load_tree(site)
    published: list[Post] = []
    held: list[Post] = []
    expired: list[Post] = []
    hidden: list[Hidden] = []
    blogs: dict[str, Blog] = {}
    own, borrowed = [*posts_of(site, tree)], [*_borrowed(site, tree)]
    reader = Reader(site, reading, told, known or Known(site, zone), has_told, policy.with_drafts)
    for (path, blog), found in zip((*own, *borrowed), reader.read_all(own, borrowed), strict=True):
        for finding in found.findings:
            report(finding)
        if found.failed:
            continue
        post = found.post
        if found.status and not (policy.with_drafts or blog.shows_drafts):
            if found.status != NO_POST:
                hidden.append(Hidden(site.docs_name + path, found.status, found.title))
            continue
        if post is None:
            continue
        blogs[post.source.path] = blog
        if post.expires and post.expires <= policy.now:
            expired.append(post)
        else:
            (held if _is_held(post, blog, policy, report) else published).append(post)
    _check_addresses(published, report)
    held.sort(key=lambda post: post.due or post.published)
    return Collection(tuple(published), tuple(held), tuple(expired), tuple(hidden), blogs, tree)


def posts_of(site: Site, tree: Tree) -> Iterator[tuple[str, Blog]]:
    """The path of every file that lies where a blog's posts do, with the first such blog."""
    for path in tree.pages:
        for blog in site.blogs:
            if blog.is_post(path):
                yield path, blog
                break


def _borrowed(site: Site, tree: Tree) -> Iterator[tuple[str, Blog]]:
    """The path of every file that a blog publishes besides its own, with that blog."""
    for blog in site.blogs:
        yield from ((path, blog) for path in tree.pages if blog.borrows(path))


def page_addresses(site: Site, collection: Collection) -> dict[str, str]:
    """The absolute address of every page by its path in the docs folder.

    Posts stand at their permalinks, those that are not published nowhere; other pages, and those that the
    generator makes of categories and authors, where it publishes them.
    """
    posts = {post.source.path: post.url for post in collection.published}
    hidden = {path for path, blog in posts_of(site, collection.tree) if blog.folders != ("",)}
    pages = {
        path: url
        for path in collection.tree.pages
        if path not in hidden and is_unicode(path) and (url := site.page_url(path))
    }
    return {_view_source(url, site): url for url in _views(site, collection)} | pages | posts


def _views(site: Site, collection: Collection) -> Iterator[str]:
    """The addresses of the pages of categories and authors."""
    for name in {name for post in collection.published for name in post.categories}:
        if page := site.category_page(name):
            yield site.url + page
    urls = {author.url for post in collection.published for author in post.authors}
    yield from sorted(url for url in urls if url.startswith(site.url))


def _view_source(url: str, site: Site) -> str:
    """The path that a link to such a page names: `blog/category/news/` stands for `blog/category/news.md`."""
    return unquote(url.removeprefix(site.url)).removesuffix("/").removesuffix(".html") + ".md"


def _is_held(post: Post, blog: Blog, policy: Policy, report: Report) -> bool:
    """Whether the post waits for its date; one in the future that does not is pointed out."""
    due = post.due or post.published
    if due <= policy.now:
        return False
    holds = policy.future == "hold" or (
        policy.future != "publish"
        and blog.holds_future
        and not blog.shows_drafts
        and not blog.ignores_date(post.source)
    )
    if holds:
        return not policy.with_future
    if not policy.with_future:
        message = f"the post is dated {due.date()}, which is to come, and is published all the same"
        at, help = post.source.fields.at("date"), 'future = "hold" under [posts] makes it wait'
        report(Finding(Severity.WARNING, "future", message, at, help))
    return False


def _check_addresses(posts: Sequence[Post], report: Report) -> None:
    """Two posts at one address, or with one id, would be one to every reader."""
    for post, other in _repeated(posts, lambda post: post.url):
        report(_clash(post, other, "address", post.url, "slug", "give one of them another slug"))
    for post, other in _repeated(posts, lambda post: post.id):
        if post.url != other.url:
            report(_clash(post, other, "id", post.id, "id", "give each an id of its own"))


def _repeated(posts: Sequence[Post], key: Callable[[Post], str]) -> Iterator[tuple[Post, Post]]:
    """Each post whose key an earlier one has, with that one."""
    first: dict[str, Post] = {}
    for post in posts:
        other = first.setdefault(key(post), post)
        if other is not post:
            yield post, other


def _clash(post: Post, other: Post, what: str, value: str, field: str, help: str) -> Finding:
    message = f"the {what} {value} is also that of {other.source.fields.path}"
    return Finding(Severity.ERROR, f"same-{what}", message, post.source.fields.at(field), help)
