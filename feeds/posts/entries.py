"""A post as an entry of a feed: rendered once, its excerpt cut, everything clean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from math import ceil

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Entry, Excerpt, Post, Report, Scalar, Site, Source
from feeds.posts.attributes import Resolve
from feeds.posts.cleaning import clean_nodes
from feeds.posts.excerpt import cut_at_mark, cut_lead, drop_title
from feeds.posts.links import Links
from feeds.posts.plaintext import html_to_text
from feeds.posts.rendering import Renderer
from feeds.posts.tree import Element, Node, collapse, parse_html, walk

_WORDS_A_MINUTE = 265
_UNREAD = frozenset({"object", "script", "style", "svg"})


def render_entry(
    site: Site, post: Post, renderer: Renderer, links: Links, *, full: bool, report: Report
) -> Entry | None:
    """The entry of a post, with its whole text where `full`; None, and a report, if it cannot be rendered.

    Args:
        site: its excerpt mark.
        post: what to render.
        renderer: for the site's Markdown.
        links: for the addresses in it.
        full: whether a feed carries the whole text.
        report: told of problems, links that lead nowhere, and marks with nothing before them.
    """
    try:
        nodes = parse_html(renderer.html(post.source))
    except FeedsError as error:
        for finding in error.findings:
            report(finding)
        return None
    body = drop_title(nodes, post.title)
    resolve = _resolver(links, post, report)
    image = links.resolve(post.image, post.source.path, post.url) if post.image else None
    return Entry(
        post=replace(post, image=image if image and image.startswith("http") else ""),
        excerpt=_excerpt(site, post, body, resolve, report),
        content=clean_nodes(body, resolve, post.url) if full else None,
        reading_minutes=_own_minutes(post.source) or reading_minutes(nodes),
    )


def _own_minutes(source: Source) -> int:
    """The minutes that the author gives as `readtime`, as Material reads it; 0 without one."""
    value = source.fields.values.get("readtime")
    return int(value) if isinstance(value, Scalar) and value.isdecimal() else 0


def reading_minutes(nodes: Iterable[Node]) -> int:
    """Minutes to read a rendered post, as Material for MkDocs counts them (its blog plugin's `readtime`)."""
    nodes = tuple(nodes)
    words = len(re.split(r"\W+", _read_text(nodes)))
    images = sum(part.tag == "img" for part in walk(nodes))
    seconds = ceil(words / _WORDS_A_MINUTE * 60) + sum(max(3, 12 - index) for index in range(images))
    return ceil(seconds / 60)


def _read_text(nodes: Iterable[Node]) -> str:
    return "".join(
        node if isinstance(node, str) else _read_text(node.children)
        for node in nodes
        if isinstance(node, str) or (isinstance(node, Element) and node.tag not in _UNREAD)
    )


def _excerpt(site: Site, post: Post, body: tuple[Node, ...], resolve: Resolve, report: Report) -> Excerpt:
    marked = cut_at_mark(body, site.excerpt_mark)
    if marked:
        if html := clean_nodes(marked.nodes, resolve, post.url):
            return Excerpt(html, html_to_text(html), marked.is_whole)
        at = _place(post.source, rf"(?i)<!--\s*{re.escape(site.excerpt_mark)}\s*-->")
        message, help = "nothing stands before the excerpt's mark", "move the mark below the first paragraph"
        report(Finding(Severity.WARNING, "empty-excerpt", message, at, help))
    if description := collapse(post.description):
        html = clean_nodes([Element("p", {}, (description,))], resolve, post.url)
        return Excerpt(html, html_to_text(html), is_whole=False)
    lead = cut_lead(body)
    html = clean_nodes(lead.nodes, resolve, post.url)
    return Excerpt(html, html_to_text(html), lead.is_whole)


def _resolver(links: Links, post: Post, report: Report) -> Resolve:
    """Makes a post's addresses absolute; says once of each that it leads to no page."""
    told: set[str] = set()

    def resolve(url: str) -> str | None:
        missing = links.missing(url, post.source.path)
        if missing and missing not in told:
            told.add(missing)
            message = f"the link to {url} leads nowhere: {missing} is no page of the site"
            at = _place(post.source, rf"(?:\]\(\s*<?|\]:\s*<?|href=[\"']?){re.escape(url)}")
            report(Finding(Severity.WARNING, "dead-link", message, at, "mend the path, or remove the link"))
        return links.resolve(url, post.source.path, post.url)

    return resolve


def _place(source: Source, pattern: str) -> Location:
    """Where something stands in a post's text, by its first line."""
    found = re.search(pattern, source.body)
    line = source.body_line + source.body.count("\n", 0, found.start()) if found else None
    return Location(source.fields.path, line)
