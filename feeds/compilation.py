"""Everything a build is about to write, in memory: posts in, feeds and the newest letter out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from feeds.config import Settings
from feeds.errors import FeedsError, Finding, ProblemsError, Severity
from feeds.feedfiles import compile_feeds, feed_outputs, list_feeds, listing_outputs, report_clashes
from feeds.formats import FORMATS
from feeds.history import load_history
from feeds.lockfile import Lock, apply_lock, load_lock
from feeds.model import Entry, Letter, Output, Post, Report, Site
from feeds.newsletter import (
    Plan,
    compile_issue,
    letter_outputs,
    newest_issue,
    newsletter_title,
    page_output,
    plan_issue,
    render_letter,
)
from feeds.pages import MARK, SUBSCRIBE, Listed, NewsletterLink
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses
from feeds.posts.entries import render_entry
from feeds.posts.links import Links
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope
from feeds.posts.titles import heading_title
from feeds.record import Record, with_files
from feeds.selection import Selection, Wanted, archived, main_posts, newest_first, select_feeds
from feeds.witness import check_permalinks, find_built

PREVIEW_LETTERS = ".letters"
"""Where the letters of a preview lie, below its output."""

Progress = Callable[[int, int], None]
"""Told how many posts are rendered, of how many."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line asks of one build.

    `now` decides which posts are due; `own_output` says that the output folder was named for this build only;
    `look_up` whether every post has to be in the built site, if that is there.
    """

    now: dt.datetime
    own_output: bool = False
    drafts: bool = False
    future: bool = False
    strict: bool = False
    issue: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    look_up: bool = True

    @property
    def preview(self) -> bool:
        """Whether the build shows what is not published."""
        return self.drafts or self.future


@dataclass(frozen=True, slots=True)
class Compiled:
    """Everything a build is about to write.

    `letters` are files below the folder of letters; those of a preview are among the outputs. `letter_files`
    are the same by their names, whichever it is; `pictures` the files that the rendered posts show, by the
    address that each will have.
    """

    site: Site
    collection: Collection
    outputs: tuple[Output, ...]
    letters: tuple[Output, ...]
    listed: tuple[Listed, ...]
    record: Record
    letter: Letter | None
    letter_files: Mapping[str, bytes]
    pictures: Mapping[str, Path]


def compile_all(
    settings: Settings,
    site: Site,
    choices: Choices,
    before: Record | None,
    findings: list[Finding],
    progress: Progress,
) -> Compiled:
    """Make every feed and the letter.

    Args:
        settings: the project's.
        site: what they are made of.
        choices: what the command line asks for.
        before: what the last build left.
        findings: what was found so far; what is found here is added.
        progress: told how far it is.

    Raises:
        FeedsError: what is wrong in the user's files, all of it where it can be looked further.
    """
    report = findings.append
    renderer = Renderer(site, report)
    collection = _load_posts(settings, site, choices, renderer, report)
    lock = load_lock(settings.root)
    posts = newest_first(apply_lock(collection.published, lock, report) if lock else collection.published)
    if not posts and not _has_errors(findings):
        report(_no_posts(site, collection))
    selections = select_feeds(site, posts, collection.blogs, _wanted(settings, before, lock))
    main = main_posts(site, posts, collection.blogs)
    # With posts missing, an issue may seem empty; what stands in the others is looked through all the same.
    plan = None if _has_errors(findings) else _plan(settings, choices, main)
    shown = _shown(selections, plan, settings.feeds.archive)
    _check_built(settings, site, choices, before, posts, shown, report)
    links = Links(site, page_addresses(site, collection))
    entries = _render_entries(settings, site, collection, renderer, links, shown, report, progress)
    stop_on_problems(findings, strict=False)
    letter = _letter(settings, site, plan, entries, report)
    feeds = compile_feeds(site, settings.feeds, selections, entries)
    outputs = [*feed_outputs(site, settings.feeds, selections, feeds, entries, report)]
    listings = listing_outputs(site, settings, feeds, _newsletter(settings, site, main))
    outputs += [output for output in listings if not _is_foreign(site, output.path, before, report)]
    letters = letter_outputs(site, settings.newsletter, letter) if letter else ()
    outputs += [page_output(letter)] if letter else []
    report_clashes(outputs, report)
    if choices.preview:
        outputs += [replace(each, path=f"{PREVIEW_LETTERS}/{each.path}") for each in letters]
    titles = {selection.folder: selection.title for selection in selections}
    record = Record(choices.preview, ids={post.id: post.title for post in posts}, feeds=titles)
    return Compiled(
        site=site,
        collection=collection,
        outputs=tuple(outputs),
        letters=() if choices.preview else letters,
        listed=list_feeds(site, settings.feeds, feeds),
        record=with_files(record, {output.path: output.data for output in outputs}),
        letter=letter,
        letter_files={PurePosixPath(each.path).name: each.data for each in letters},
        pictures=links.pictures,
    )


def _load_posts(
    settings: Settings, site: Site, choices: Choices, renderer: Renderer, report: Report
) -> Collection:
    history = load_history(site.root, site.docs, settings.environ, settings.posts.dates)
    return load_posts(
        site,
        _policy(settings, choices),
        lambda source: heading_title(source, renderer),
        report,
        lambda source: history(source.path),
    )


def _policy(settings: Settings, choices: Choices) -> Policy:
    time = settings.posts.default_time
    return Policy(
        now=choices.now,
        future=settings.posts.future,
        default_time=dt.time.fromisoformat(time) if time else dt.time(),
        with_drafts=choices.drafts,
        with_future=choices.future,
    )


def _wanted(settings: Settings, before: Record | None, lock: Lock | None) -> Wanted:
    """Which feeds there are to be, those that were there before among them."""
    known = {**(lock.feeds if lock else {}), **(before.feeds if before and not before.preview else {})}
    return Wanted(settings.feeds.by, settings.feed, known, settings.feeds.limit)


def _no_posts(site: Site, collection: Collection) -> Finding:
    where = ", ".join(
        sorted({(site.docs_name + name).rstrip("/") or "." for blog in site.blogs for name in blog.folders})
    )
    message = f"no published post was found in {where}, so the feeds are empty"
    hidden = collection.drafts + len(collection.held)
    waiting = "1 post is a draft or to come" if hidden == 1 else f"{hidden:,} posts are drafts or to come"
    help = waiting if hidden else "are the posts in another folder?"
    return Finding(Severity.WARNING, "no-posts", message, help=help)


def _plan(settings: Settings, choices: Choices, posts: Sequence[Post]) -> Plan | None:
    return plan_issue(
        settings.newsletter, posts, issue_id=choices.issue, since=choices.since, until=choices.until
    )


def _shown(selections: Sequence[Selection], plan: Plan | None, archive: int) -> dict[str, Post]:
    """The posts that some feed, archive document or issue shows, by id."""
    chosen = [post for selection in selections for post in selection.posts]
    chosen += [post for each in selections for page in archived(each, archive) for post in page]
    chosen += plan.posts if plan else ()
    return {post.id: post for post in chosen}


def _check_built(
    settings: Settings,
    site: Site,
    choices: Choices,
    before: Record | None,
    posts: Sequence[Post],
    shown: Mapping[str, Post],
    report: Report,
) -> None:
    """Look up the posts' addresses in the built site, if it is there."""
    if choices.preview or not choices.look_up:
        return
    named = settings.root / settings.site.built if settings.site.built else None
    own = before.files if before else {}
    try:
        built = find_built(site.output, named, own)
    except FeedsError as error:
        for finding in error.findings:
            report(finding)
        return
    if built:
        check_permalinks(built, site.url, posts, report, shown=shown, own=own)


def _render_entries(
    settings: Settings,
    site: Site,
    collection: Collection,
    renderer: Renderer,
    links: Links,
    shown: Mapping[str, Post],
    report: Report,
    progress: Progress,
) -> dict[str, Entry]:
    by_path = {post.source.path: post for post in collection.published}
    full = settings.feeds.content != "excerpt"
    entries = {}
    for number, (id, post) in enumerate(shown.items(), 1):
        scope = Scope(site, post.source, post.url, by_path, links.pages, report)
        entry = render_entry(scope, post, renderer, links, full=full)
        if entry is not None:
            entries[id] = entry
        progress(number, len(shown))
    return entries


def _letter(
    settings: Settings, site: Site, plan: Plan | None, entries: Mapping[str, Entry], report: Report
) -> Letter | None:
    if plan is None:
        return None
    issue = compile_issue(site, settings.newsletter, plan, entries)
    names = settings.feeds.formats
    feed = FORMATS[names[0]].filename if names else ""
    return render_letter(site, settings.newsletter, issue, report, feed=feed)


def _newsletter(settings: Settings, site: Site, posts: Sequence[Post]) -> NewsletterLink | None:
    """The newsletter as the page that lists the feeds shows it, with its newest issue in any case."""
    found = newest_issue(site, settings.newsletter, posts)
    title = newsletter_title(site, settings.newsletter)
    return NewsletterLink(title, *found, settings.newsletter.signup) if found else None


def _is_foreign(site: Site, path: str, before: Record | None, report: Report) -> bool:
    """Whether a page of the site's own stands where the page that lists the feeds would."""
    page = site.output / path
    if path != SUBSCRIBE or (before and path in before.files) or not page.is_file():
        return False
    if MARK.encode() in page.read_bytes():
        return False
    message = f"the site has a page of its own at {path}, which is left as it is"
    help = "link to the feeds from it; all of them stand in feeds.opml"
    report(Finding(Severity.WARNING, "foreign-page", message, help=help))
    return True


def stop_on_problems(findings: Sequence[Finding], *, strict: bool) -> None:
    """Raise ProblemsError if there is an error among the findings; where `strict`, if there is any."""
    if _has_errors(findings) or (strict and findings):
        raise ProblemsError(tuple(findings))


def _has_errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
