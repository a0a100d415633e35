"""All posts of a site: published, held back, and left out."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.generators.addresses import page_address
from feeds.model import Blog, Post, Report, Site, Source
from feeds.posts.defaults import merge_defaults
from feeds.posts.load import Tree, load_source, load_tree, posts_of
from feeds.posts.parse import Reading, is_draft, parse_post


@dataclass(frozen=True, slots=True)
class Policy:
    """Which posts count: `now` decides which are due, `future` overrides what the generator does."""

    now: dt.datetime
    future: str = ""
    default_time: dt.time = dt.time()
    with_drafts: bool = False
    with_future: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """The posts of a site: those published, those held back until their date, and how many are drafts."""

    published: tuple[Post, ...]
    held: tuple[Post, ...]
    drafts: int
    tree: Tree


def load_posts(
    site: Site, policy: Policy, heading: Callable[[Source], str | None], report: Report
) -> Collection:
    """Read every post of the site; problems are reported, and the posts that have them left out.

    Args:
        site: where to look.
        policy: which posts count.
        heading: the title that stands in a post's text, if any.
        report: told of every error and warning.
    """
    reading = Reading(site, heading, ZoneInfo(site.timezone), policy.default_time, report)
    tree = load_tree(site)
    published: list[Post] = []
    held: list[Post] = []
    drafts = 0
    for blog in site.blogs:
        for path in posts_of(blog, tree):
            try:
                source = _load(site, blog, path, report)
                if source is None:
                    continue
                if is_draft(source, blog) and not (policy.with_drafts or blog.shows_drafts):
                    drafts += 1
                    continue
                post = parse_post(source, blog, reading)
            except FeedsError as error:
                for finding in error.findings:
                    report(finding)
                continue
            (held if _is_held(post, blog, policy, report) else published).append(post)
    _check_addresses(published, report)
    return Collection(tuple(published), tuple(sorted(held, key=lambda post: post.published)), drafts, tree)


def page_addresses(site: Site, collection: Collection) -> dict[str, str]:
    """The absolute address of every page by its path in the docs folder.

    Posts stand at their permalinks, those that are not published nowhere; the pages that the generator makes
    of categories and authors by the paths that MkDocs gives them.
    """
    posts = {post.source.path: post.url for post in collection.published}
    hidden = {path for blog in site.blogs if blog.posts for path in posts_of(blog, collection.tree)}
    pages = {
        path: site.url + page_address(posixpath.splitext(path)[0], site.directory_urls)
        for path in collection.tree.pages
        if path not in hidden and _is_unicode(path)
    }
    return {_view_source(url, site): url for url in _views(site, collection)} | pages | posts


def _views(site: Site, collection: Collection) -> Iterator[str]:
    """The addresses of the pages of categories and authors."""
    for name in {name for post in collection.published for name in post.categories}:
        if page := site.category_page(name):
            yield site.url + page
    for blog in site.blogs:
        yield from (author.url for author in blog.authors.values() if author.url.startswith(site.url))


def _view_source(url: str, site: Site) -> str:
    """The path that a link to such a page names: `blog/category/news/` stands for `blog/category/news.md`."""
    return unquote(url.removeprefix(site.url)).removesuffix("/").removesuffix(".html") + ".md"


def _load(site: Site, blog: Blog, path: str, report: Report) -> Source | None:
    """A post's source with its folder's defaults; None for a file that is no post, which is no fault."""
    shown = Location(site.docs_name + path)
    if not _is_unicode(path):
        raise FeedsError("the file's name is not UTF-8", shown, "rename it", rule="file-name")
    source = load_source(site, path, report)
    if source is None:
        if not blog.posts:
            return None
        raise FeedsError(
            "the post has no front matter",
            Location(shown.path, 1),
            "begin the file with a line ---, then date: 2026-11-22, then ---",
            rule="front-matter",
        )
    if not blog.posts and "date" not in source.fields:
        return None
    return merge_defaults(source, blog.defaults)


def _is_held(post: Post, blog: Blog, policy: Policy, report: Report) -> bool:
    """Whether the post waits for its date; one in the future that does not is pointed out."""
    if post.published <= policy.now:
        return False
    holds = policy.future == "hold" or (
        policy.future != "publish"
        and blog.holds_future
        and not blog.shows_drafts
        and not (blog.strict and _says_draft(post.source))
    )
    if holds:
        return not policy.with_future
    if not policy.with_future:
        message = (
            f"the post is dated {post.published.date()}, which is to come, and is published all the same"
        )
        help = "tell the generator to wait (Material: draft_if_future_date: true)" if blog.strict else ""
        at = post.source.fields.at("date")
        report(Finding(Severity.WARNING, "future", message, at, help))
    return False


def _says_draft(source: Source) -> bool:
    """Whether `draft` stands in the front matter: Material then leaves the date out of account."""
    value = source.fields.values.get("draft")
    return getattr(value, "kind", "") == "bool"


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


def _is_unicode(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
