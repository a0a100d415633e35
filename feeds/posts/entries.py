"""A post as an entry of a feed: its templates expanded, rendered once, its excerpt cut, everything clean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import NamedTuple

from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity
from feeds.index import Index
from feeds.model import Entry, Excerpt, Excerpting, Media, Post, Report, Source
from feeds.posts.attributes import Resolve
from feeds.posts.below import END, note_of_excerpt
from feeds.posts.cleaning import clean_nodes
from feeds.posts.excerpt import Part, before_mark, cut_at_mark, cut_beginning, cut_lead, drop_title
from feeds.posts.expand import expand
from feeds.posts.files import entry_enclosure, entry_image
from feeds.posts.limits import check_limits
from feeds.posts.links import Links
from feeds.posts.load import has_changed, held
from feeds.posts.memory import TracedLinks, holds, key_of_entry, pack_entry, unpack_entry
from feeds.posts.minutes import reading_minutes
from feeds.posts.plaintext import nodes_to_text
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
    page = _Page(scope, post, post.source, renderer, links, scope.report)
    needs_text = scope.site.templating or renderer.reads_files
    try:
        with held(post.source) if needs_text else nullcontext():
            if scope.site.templating:
                text = expand(post.source.body, replace(scope, report=told.append))
                page = page._replace(source=replace(post.source, text=text))
            return _entry(page, told, full=full, index=index, site_key=site_key)
    except FeedsError as error:
        for finding in (*told, *error.findings):
            scope.report(finding)
        return None


def _entry(
    page: _Page, told: Sequence[Finding], *, full: bool, index: Index | None, site_key: str | None
) -> Entry:
    """The entry of a page, whose templates told of these findings, from the last build if that is certain."""
    depends = page.scope.site.templating and page.post.excerpting.automatic
    if index is None or site_key is None or told or depends or page.renderer.reads(page.source):
        with held(page.post.source):
            return _render(page, told, full=full)
    return _remembered(page, index, key_of_entry(site_key, page.post, page.source), full=full)


def _remembered(page: _Page, index: Index, key: str, *, full: bool) -> Entry:
    """The entry as the last build made it, if what it was made of is the same; else rendered, and kept."""
    value = index.recall(key)
    is_settled = (lambda state: True) if index.is_learned(key) else index.is_settled
    if value is not None and holds(value["trace"], page.links, is_settled):
        entry, findings = unpack_entry(value, page.post)
    else:
        traced, findings = TracedLinks(page.links), list[Finding]()
        made = page._replace(links=traced, report=findings.append)
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
    page = page._replace(resolve=_resolver(links, post.source, post.url, report))
    made = None if full else _from_head(page)
    if made is None:
        page = page._replace(nodes=parse_html(page.renderer.html(page.source)))
        made = (*_excerpt(page), entry_image(post, page.nodes, links), None)
    excerpt, step, image, below = made
    end = _last_line(post, step) if told and not full else None
    for finding in told:
        line = finding.at.line if finding.at else None
        if end is None or line is None or line <= end:  # what no feed shows is no trouble
            report(finding)
    return Entry(
        post=post,
        image=image,
        enclosure=entry_enclosure(post, links, report),
        excerpt=excerpt,
        content=page.clean(page.nodes)[0] if full else None,
        reading_minutes=reading_minutes(post.source),
        below=below,
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
    html, nodes = clean_nodes(nodes, _resolver(links, source, page_url, report), page_url)
    return Excerpt(html, nodes_to_text(nodes), is_whole=True) if html else None


class _Page(NamedTuple):
    """A rendered post: its text without templates, and its nodes; with whom to ask and whom to tell."""

    scope: Scope
    post: Post
    source: Source
    renderer: Renderer
    links: Links
    report: Report
    resolve: Resolve = lambda url: None
    nodes: tuple[Node, ...] = ()

    def clean(self, nodes: Iterable[Node]) -> tuple[str, tuple[Node, ...]]:
        """Some of its nodes as feeds carry them, without a heading that repeats the title."""
        return clean_nodes(drop_title(nodes, self.post.title), self.resolve, self.post.url)

    def excerpt(self, part: Part) -> Excerpt | None:
        """A part of it as its excerpt; None if that would show nothing."""
        html, nodes = self.clean(part.nodes)
        return Excerpt(html, nodes_to_text(nodes), part.is_whole) if html else None


Step = Callable[[_Page], Excerpt | None]
"""A way to an excerpt."""

_LEAST = 1000
"""Characters of Markdown in which most excerpts that no author chose have their end."""

_Made = tuple[Excerpt, Step, Media | None, str | None]
"""An excerpt, the way to it, the picture; a note of what these are made of, if that ends at the mark."""


def _from_head(page: _Page) -> _Made | None:
    """Excerpt and picture of what lies above the mark; None where the rest may matter."""
    rule = page.post.excerpting
    head = None if rule.summary and rule.summary_first else page.renderer.head(page.source, rule.marks)
    if head is None:
        return _from_beginning(page) if page.renderer.is_unmarked(page.source) else None
    nodes = parse_html(head.text)
    if "<!--" in head.text or "footnote" in head.text:
        nodes = before_mark(nodes, rule.marks)
    return _pictured(page, page.excerpt(Part(nodes, is_whole=False)), _marked, nodes, head.rest, head.source)


def _from_beginning(page: _Page) -> _Made | None:
    """The same of a post that has no mark."""
    check_limits(page.source)
    if excerpt := _summary(page):
        return _pictured(page, excerpt, _summary, (), page.source.body)
    rule = page.post.excerpting
    if not rule.automatic and (excerpt := _description(page)):
        return _pictured(page, excerpt, _description, (), page.source.body)
    nodes, rest = tuple[Node, ...](), page.source.body
    if rule.automatic != "jekyll":
        head = page.renderer.beginning(page.source, _LEAST)
        if head is None:
            return None
        nodes, rest = before_mark(parse_html(head.text), ()), head.rest
        page = page._replace(nodes=nodes)
    part: Part | None
    if cut := _AUTOMATIC.get(rule.automatic):
        part, step = cut(page, rule), _automatic
    else:
        part, step = cut_beginning(drop_title(nodes, page.post.title)), _lead
    excerpt = page.excerpt(part) if part and not part.is_whole else None
    return _pictured(page, excerpt, step, nodes, rest)


def _pictured(
    page: _Page, excerpt: Excerpt | None, step: Step, nodes: tuple[Node, ...], rest: str, marked: str = ""
) -> _Made | None:
    """An excerpt with the first picture of the nodes, else of the Markdown behind them; None as above.

    `marked` is the Markdown of an excerpt that ends at a mark.
    """
    if excerpt is None:
        return None
    image = entry_image(page.post, nodes, page.links)
    looked_at: list[str] = []
    if image is None and not page.post.image:
        for address in page.renderer.pictures(rest):
            if address is None:
                return None
            looked_at.append(address)
            if image := entry_image(page.post, (Element("img", {"src": address}),), page.links):
                break
        else:
            looked_at.append(END)
    return excerpt, step, image, note_of_excerpt(marked, looked_at) if marked else None


def _excerpt(page: _Page) -> tuple[Excerpt, Step]:
    """The first that there is: the author's own, by mark or field; the generator's; a description; a lead."""
    rule = page.post.excerpting
    steps: tuple[Step, ...] = (_marked, _summary)
    if rule.summary_first:
        steps = (_summary, _marked)
    for step in (*steps, _automatic, _description):
        if found := step(page):
            return found, step
    return _lead(page), _lead


def _mark_of(post: Post) -> Location:
    """Where the mark that ends the excerpt stands."""
    marks = "|".join(map(re.escape, post.excerpting.marks))
    found = re.search(rf"(?i)(?:<!--|\{{/\*)\s*(?:{marks})\s*(?:-->|\*/\}})", post.source.body)
    return _place(post.source, found.start() if found else -1)


def _last_line(post: Post, step: Step) -> int | None:
    """The last line of the post's file that an excerpt shows; None where that is not known."""
    if step is _marked:
        return _mark_of(post).line
    return 0 if step in (_summary, _description) else None


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


def _hugo(page: _Page, rule: Excerpting) -> Part:
    from feeds.posts.summaries import cut_hugo

    return cut_hugo(page.nodes, rule)


def _pelican(page: _Page, rule: Excerpting) -> Part:
    from feeds.posts.summaries import cut_pelican

    return cut_pelican(page.nodes, rule)


def _jekyll(page: _Page, rule: Excerpting) -> Part:
    from feeds.posts.summaries import jekyll_head

    head = jekyll_head(page.post.source.body, rule)
    if head is None:
        return Part(page.nodes, is_whole=True)
    silent = replace(page.scope, report=lambda finding: None)  # all was told of with the whole post
    body = expand(head, silent)
    return Part(parse_html(page.renderer.html(replace(page.source, text=body))), is_whole=False)


_AUTOMATIC: dict[str, Callable[[_Page, Excerpting], Part]] = {
    "hugo": _hugo,
    "jekyll": _jekyll,
    "pelican": _pelican,
}


def _description(page: _Page) -> Excerpt | None:
    description = collapse(page.post.description)
    return page.excerpt(Part((Element("p", {}, (description,)),), is_whole=False)) if description else None


def _lead(page: _Page) -> Excerpt:
    lead = cut_lead(drop_title(page.nodes, page.post.title))
    return page.excerpt(lead) or Excerpt("", "", lead.is_whole)


def _resolver(links: Links, source: Source, page_url: str, report: Report) -> Resolve:
    """Makes a text's addresses absolute; says once of each that it leads to no page."""
    told: set[str] = set()

    def resolve(url: str) -> str | None:
        missing = links.missing(url, source.path)
        if missing and missing not in told:
            told.add(missing)
            message = f"the link to {url} leads nowhere: {missing} is no page of the site"
            at = _place(source, _start_of_link(source.body, url))
            report(Finding(Severity.WARNING, "dead-link", message, at, "mend the path, or remove the link"))
        found = links.resolve(url, source.path, page_url)
        if found is None and url not in told and links.is_file(url, source.path):
            told.add(url)
            message = f"the address of {url} is given by the generator when it builds, and is left out"
            help = "keep the file among those that are copied as they are, and name it by its address"
            at = _place(source, source.body.find(url))
            report(Finding(Severity.WARNING, "unknown-address", message, at, help))
        return found

    return resolve


_BEFORE_ADDRESS = re.compile(r"(?:\]\(\s*<?|\]:\s*<?|href=[\"']?)\Z")


def _start_of_link(text: str, url: str) -> int:
    """Where a text has a link to an address; -1 where that is not found."""
    start = text.find(url)
    while start >= 0:
        if found := _BEFORE_ADDRESS.search(text, max(0, start - 100), start):
            return found.start()
        start = text.find(url, start + 1)
    return -1


def _place(source: Source, start: int) -> Location:
    """Where a part of a post's text stands, by its first line; the file alone where `start` is -1."""
    line = source.body_line + source.body.count("\n", 0, start) if start >= 0 else None
    return Location(source.fields.path, line)
