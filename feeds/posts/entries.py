"""A post as an entry of a feed: its templates expanded, rendered once, its excerpt cut, everything clean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity
from feeds.index import Index
from feeds.model import Entry, Excerpt, Excerpting, Media, Post, Report, Source
from feeds.posts import summaries
from feeds.posts.attributes import Resolve
from feeds.posts.cleaning import clean_nodes
from feeds.posts.excerpt import Part, cut_at_mark, cut_lead, drop_title
from feeds.posts.expand import expand
from feeds.posts.files import entry_enclosure, entry_image
from feeds.posts.links import Links
from feeds.posts.load import has_changed, held
from feeds.posts.memory import TracedLinks, holds, key_of_entry, pack_entry, unpack_entry
from feeds.posts.minutes import reading_minutes
from feeds.posts.plaintext import html_to_text
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope
from feeds.posts.tree import Element, Node, collapse, parse_html


def render_entry(
    scope: Scope,
    post: Post,
    renderer: Renderer,
    links: Links,
    *,
    full: bool,
    index: Index | None = None,
    site_key: str | None = None,
) -> Entry | None:
    """The entry of a post, with its whole text where `full`; None, and a report, if it cannot be rendered.

    Args:
        scope: what the post's templates can see; told of problems, links that lead nowhere, and marks with
            nothing before them.
        post: what to render.
        renderer: for the site's Markdown.
        links: for the addresses in it.
        full: whether a feed carries the whole text.
        index: what the last build made.
        site_key: what all entries are made of, from `key_of_site`; None renders anew.
    """
    told: list[Finding] = []
    try:
        source = post.source
        if scope.site.templating:
            source = replace(source, text=expand(source.body, replace(scope, report=told.append)))
        page = _Page(scope, post, source, renderer, links, scope.report)
        if index is None or site_key is None or told or (scope.site.templating and post.excerpting.automatic):
            with held(post.source):
                return _render(page, told, full=full)
        return _remembered(page, index, key_of_entry(site_key, post, source), full=full)
    except FeedsError as error:
        for finding in (*told, *error.findings):
            scope.report(finding)
        return None


def _remembered(page: _Page, index: Index, key: str, *, full: bool) -> Entry:
    """The entry as the last build made it, if what it was made of is the same; else rendered, and kept."""
    value = index.recall(key)
    if value is not None and holds(value["trace"], page.links, index):
        entry, findings = unpack_entry(value, page.post)
    else:
        traced, findings = TracedLinks(page.links), list[Finding]()
        made = replace(page, links=traced, report=findings.append)
        try:
            with held(page.post.source):
                entry = _render(made, [], full=full)
        except FeedsError as error:
            raise ProblemsError((*findings, *error.findings)) from None
        value = pack_entry(entry, traced.trace, findings)
        # What is told once could not be told again without rendering; and what is not of its key is no use.
        if not page.renderer.has_told and not has_changed(page.post.source):
            index.keep(key, value)
    for finding in findings:
        page.report(finding)
    return entry


def _render(page: _Page, told: Sequence[Finding], *, full: bool) -> Entry:
    """The entry of a page, whose templates told of these findings."""
    post, links, report = page.post, page.links, page.report
    page = replace(page, resolve=_resolver(links, post.source, post.url, report))
    made = None if full else _from_head(page)
    if made is None:
        page = replace(page, nodes=parse_html(page.renderer.html(page.source)))
        made = (*_excerpt(page), entry_image(post, page.nodes, links))
    excerpt, end, image = made
    for finding in told:
        line = finding.at.line if finding.at else None
        if full or end is None or line is None or line <= end:  # what no feed shows is no trouble
            report(finding)
    return Entry(
        post=post,
        image=image,
        enclosure=entry_enclosure(post, links, report),
        excerpt=excerpt,
        content=page.clean(page.nodes) if full else None,
        reading_minutes=reading_minutes(post.source),
    )


def render_text(
    source: Source, page_url: str, renderer: Renderer, links: Links, report: Report
) -> Excerpt | None:
    """A text that is no post's, such as an introduction, as subscribers see it; None if it shows nothing.

    Args:
        source: the text, and the file that its links count from.
        page_url: where it is published.
        renderer: for the site's Markdown.
        links: for the addresses in it.
        report: told of links that lead nowhere.

    Raises:
        FeedsError: it passes a limit, or its Markdown cannot be read.
    """
    nodes = parse_html(renderer.html(source))
    html = clean_nodes(nodes, _resolver(links, source, page_url, report), page_url)
    return Excerpt(html, html_to_text(html), is_whole=True) if html else None


@dataclass(frozen=True, slots=True)
class _Page:
    """A rendered post: its text without templates, and its nodes; with whom to ask and whom to tell."""

    scope: Scope
    post: Post
    source: Source
    renderer: Renderer
    links: Links
    report: Report
    resolve: Resolve = lambda url: None
    nodes: tuple[Node, ...] = ()

    def clean(self, nodes: Iterable[Node]) -> str:
        """Some of its nodes as feeds carry them, without a heading that repeats the title."""
        return clean_nodes(drop_title(nodes, self.post.title), self.resolve, self.post.url)

    def excerpt(self, part: Part) -> Excerpt | None:
        """A part of it as its excerpt; None if that would show nothing."""
        html = self.clean(part.nodes)
        return Excerpt(html, html_to_text(html), part.is_whole) if html else None


def _from_head(page: _Page) -> tuple[Excerpt, int | None, Media | None] | None:
    """Excerpt, its last line, and picture, of what lies above the mark; None where the rest may matter."""
    post, renderer, links = page.post, page.renderer, page.links
    rule = post.excerpting
    head = None if rule.summary and rule.summary_first else renderer.head(page.source, rule.marks)
    if head is None:
        return None
    nodes = parse_html(head.text)
    part = cut_at_mark(nodes, rule.marks)
    image = entry_image(post, nodes, links)
    if image is None and head.picture:
        image = entry_image(post, parse_html(renderer.fragment(head.picture)), links)
        if image is None:
            return None
    excerpt = page.excerpt(replace(part, is_whole=False)) if part else None
    return (excerpt, _mark_of(post).line, image) if excerpt else None


def _excerpt(page: _Page) -> tuple[Excerpt, int | None]:
    """The first that there is: the author's own, by mark or field; the generator's; a description; a lead.

    With it the last line of the post's file that it shows, None where that is not known.
    """
    rule = page.post.excerpting
    steps: tuple[Callable[[_Page], Excerpt | None], ...] = (_marked, _summary)
    if rule.summary_first:
        steps = (_summary, _marked)
    for step in (*steps, _automatic, _description):
        if found := step(page):
            end = 0 if step in (_summary, _description) else None
            return found, _mark_of(page.post).line if step is _marked else end
    lead = cut_lead(drop_title(page.nodes, page.post.title))
    return page.excerpt(lead) or Excerpt("", "", lead.is_whole), None


def _mark_of(post: Post) -> Location:
    """Where the mark that ends the excerpt stands."""
    marks = "|".join(map(re.escape, post.excerpting.marks))
    return _place(post.source, rf"(?i)(?:<!--|\{{/\*)\s*(?:{marks})\s*(?:-->|\*/\}})")


def _marked(page: _Page) -> Excerpt | None:
    marks = page.post.excerpting.marks
    marked = cut_at_mark(page.nodes, marks)
    found = page.excerpt(marked) if marked else None
    if marked and not found:
        message, help = "nothing stands before the excerpt's mark", "move the mark below the first paragraph"
        page.report(Finding(Severity.WARNING, "empty-excerpt", message, _mark_of(page.post), help))
    return found


def _summary(page: _Page) -> Excerpt | None:
    summary = page.post.excerpting.summary
    if not summary:
        return None
    nodes = parse_html(page.renderer.fragment(summary))
    return page.excerpt(Part(nodes, is_whole=False))


def _automatic(page: _Page) -> Excerpt | None:
    rule = page.post.excerpting
    cut = _AUTOMATIC.get(rule.automatic)
    return page.excerpt(cut(page, rule)) if cut else None


def _jekyll(page: _Page, rule: Excerpting) -> Part:
    head = summaries.jekyll_head(page.post.source.body, rule)
    if head is None:
        return Part(page.nodes, is_whole=True)
    silent = replace(page.scope, report=lambda finding: None)  # all was told of with the whole post
    body = expand(head, silent)
    return Part(parse_html(page.renderer.html(replace(page.source, text=body))), is_whole=False)


_AUTOMATIC: dict[str, Callable[[_Page, Excerpting], Part]] = {
    "hugo": lambda page, rule: summaries.cut_hugo(page.nodes, rule),
    "jekyll": _jekyll,
    "pelican": lambda page, rule: summaries.cut_pelican(page.nodes, rule),
}


def _description(page: _Page) -> Excerpt | None:
    description = collapse(page.post.description)
    return page.excerpt(Part((Element("p", {}, (description,)),), is_whole=False)) if description else None


def _resolver(links: Links, source: Source, page_url: str, report: Report) -> Resolve:
    """Makes a text's addresses absolute; says once of each that it leads to no page."""
    told: set[str] = set()

    def resolve(url: str) -> str | None:
        missing = links.missing(url, source.path)
        if missing and missing not in told:
            told.add(missing)
            message = f"the link to {url} leads nowhere: {missing} is no page of the site"
            at = _place(source, rf"(?:\]\(\s*<?|\]:\s*<?|href=[\"']?){re.escape(url)}")
            report(Finding(Severity.WARNING, "dead-link", message, at, "mend the path, or remove the link"))
        found = links.resolve(url, source.path, page_url)
        if found is None and url not in told and links.is_file(url, source.path):
            told.add(url)
            message = f"the address of {url} is given by the generator when it builds, and is left out"
            help = "keep the file among those that are copied as they are, and name it by its address"
            report(
                Finding(Severity.WARNING, "unknown-address", message, _place(source, re.escape(url)), help)
            )
        return found

    return resolve


def _place(source: Source, pattern: str) -> Location:
    """Where something stands in a post's text, by its first line."""
    found = re.search(pattern, source.body)
    line = source.body_line + source.body.count("\n", 0, found.start()) if found else None
    return Location(source.fields.path, line)
