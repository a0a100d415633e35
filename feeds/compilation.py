"""Everything a build is about to write, in memory: posts in, feeds and the newest letter out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from feeds.archive import Archive, is_issue_page, next_issue_due, plan_archive
from feeds.config import Settings
from feeds.errors import FeedsError, Finding, ProblemsError, Severity, has_errors
from feeds.feedfiles import compile_feeds, feed_outputs, list_feeds, listing_outputs, report_clashes
from feeds.gathering import Gathered, gather
from feeds.index import Index
from feeds.model import Entry, Letter, Output, Post, Report, Site
from feeds.newsletter import Plan
from feeds.pages import ARCHIVE, MARK, SUBSCRIBE, Listed
from feeds.planning import choose_plan, find_plans
from feeds.posts.collect import Collection
from feeds.publication import OnTheWeb, Publication
from feeds.record import Record, with_files
from feeds.rendering import Progress, Rendering
from feeds.selection import Selection, Wanted, archived, select_feeds
from feeds.witness import check_permalinks, find_built

PREVIEW_LETTERS = ".letters"
"""Where the letters of a preview lie, below its output."""

_MARKS = (MARK.encode(), b"<generator>feeds</generator>")
"""What pages and feeds of ours hold, and those of the site's own do not."""


class Choices(NamedTuple):
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


class Compiled(NamedTuple):
    """Everything a build is about to write.

    `letters` are files below the folder of letters; those of a preview are among the outputs. `letter_files`
    are the same by their names, whichever it is; `pictures` the files that the rendered posts show, by the
    address that each will have. `plans` are all issues, the oldest first, `plan` is the letter's; `due` is
    when the first of them is over that is not yet, and the clock alone changes the outputs (None: never).
    """

    site: Site
    collection: Collection
    entries: Mapping[str, Entry]
    outputs: tuple[Output, ...]
    letters: tuple[Output, ...]
    listed: tuple[Listed, ...]
    record: Record
    letter: Letter | None
    letter_files: Mapping[str, bytes]
    pictures: Mapping[str, Path]
    plans: tuple[Plan, ...]
    plan: Plan | None
    due: dt.datetime | None


def compile_all(
    settings: Settings,
    site: Site,
    choices: Choices,
    before: Record | None,
    findings: list[Finding],
    progress: Progress | None = None,
    index: Index | None = None,
) -> Compiled:
    """Make every feed and the letter.

    Args:
        settings: the project's.
        site: what they are made of.
        choices: what the command line asks for.
        before: what the last build left.
        findings: what was found so far; what is found here is added.
        progress: told how far it is.
        index: what the last build made.

    Raises:
        FeedsError: what is wrong in the user's files, all of it where it can be looked further.
    """
    gathered = _gather(settings, site, choices, findings, index)
    selections = _select(gathered, before)
    plans = find_plans(gathered, findings, index)
    plan = None if has_errors(findings) else _plan(gathered, choices, plans)
    archive = plan_archive(site, plans, settings.newsletter.pages, None if choices.future else choices.now)
    shown = _shown(selections, plan, archive, settings.feeds.archive)
    _check_built(settings, site, choices, before, gathered.posts, shown, findings.append)
    rendering = Rendering(gathered, len(shown), progress, index)
    publication = _begun(gathered, plan, archive, rendering, findings, index)
    with publication or nullcontext():
        entries = rendering.entries(shown.values())
        stop_on_problems(findings, strict=False)
        is_foreign = partial(_is_foreign, site, before, findings.append)
        web = publication.on_the_web(entries, choices.now, is_foreign) if publication else OnTheWeb()
        feeds = compile_feeds(site, settings.feeds, selections, entries)
        files = feed_outputs(site, settings.feeds, selections, feeds, entries, findings.append, index)
        listings = listing_outputs(site, settings, feeds, web.link, index)
        letter, letters = publication.letter(findings.append) if publication else (None, ())
    outputs = [*files, *web.outputs]
    outputs += (each for each in listings if each.path != SUBSCRIBE or not is_foreign(SUBSCRIBE))
    report_clashes(outputs, findings.append)
    outputs += (replace(each, path=f"{PREVIEW_LETTERS}/{each.path}") for each in letters if choices.preview)
    return Compiled(
        site=site,
        collection=gathered.collection,
        entries=entries,
        outputs=tuple(outputs),
        letters=() if choices.preview else letters,
        listed=list_feeds(site, settings.feeds, (*feeds, *web.feeds)),
        record=_record(choices, gathered.posts, selections, outputs),
        letter=letter,
        letter_files={PurePosixPath(each.path).name: each.data for each in letters},
        pictures=gathered.links.pictures,
        plans=plans,
        plan=plan,
        due=next_issue_due(site, plans, choices.now),
    )


def _gather(
    settings: Settings, site: Site, choices: Choices, findings: list[Finding], index: Index | None
) -> Gathered:
    drafts, future = choices.drafts, choices.future
    gathered = gather(settings, site, choices.now, findings.append, drafts=drafts, future=future, index=index)
    if not gathered.posts and not has_errors(findings):
        findings.append(_no_posts(site, gathered.collection))
    return gathered


def _record(
    choices: Choices, posts: Sequence[Post], selections: Sequence[Selection], outputs: Sequence[Output]
) -> Record:
    ids = {post.id: post.title for post in posts}
    titles = {selection.folder: selection.title for selection in selections}
    record = Record(choices.preview, ids=ids, feeds=titles)
    return with_files(record, {output.path: output.data for output in outputs})


def _select(gathered: Gathered, before: Record | None) -> tuple[Selection, ...]:
    """The feeds that there are to be, those that were there before among them."""
    settings, lock = gathered.settings, gathered.lock
    known = {**(lock.feeds if lock else {}), **(before.feeds if before and not before.preview else {})}
    wanted = Wanted(settings.feeds.by, settings.feed, known, settings.feeds.limit)
    return select_feeds(gathered.site, gathered.posts, gathered.collection.blogs, wanted)


def _no_posts(site: Site, collection: Collection) -> Finding:
    where = ", ".join(
        sorted({(site.docs_name + name).rstrip("/") or "." for blog in site.blogs for name in blog.folders})
    )
    message = f"no published post was found in {where}, so the feeds are empty"
    hidden = collection.drafts + len(collection.held)
    waiting = "1 post is a draft or to come" if hidden == 1 else f"{hidden:,} posts are drafts or to come"
    help = waiting if hidden else "are the posts in another folder?"
    return Finding(Severity.WARNING, "no-posts", message, help=help)


def _plan(gathered: Gathered, choices: Choices, plans: Sequence[Plan]) -> Plan | None:
    return choose_plan(gathered, plans, issue_id=choices.issue, since=choices.since, until=choices.until)


def _shown(
    selections: Sequence[Selection], plan: Plan | None, issues: Archive, archive: int
) -> dict[str, Post]:
    """The posts that the letter, a feed, an archive document or another issue shows, by id, in that order."""
    chosen = [*plan.posts] if plan else []
    chosen += [post for selection in selections for post in selection.posts]
    chosen += [post for each in selections for page in archived(each, archive) for post in page]
    chosen += issues.shown
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


def _begun(
    gathered: Gathered,
    plan: Plan | None,
    archive: Archive,
    rendering: Rendering,
    findings: list[Finding],
    index: Index | None,
) -> Publication | None:
    """The newsletter with its letter begun, for that takes longest; None where there is none to be made."""
    if plan is None:
        return None
    entries = rendering.entries(plan.posts)
    try:
        publication = Publication(gathered, plan, archive, index)
        if not has_errors(findings):
            publication.begin(entries)
    except FeedsError as error:
        findings += error.findings
        return None
    return publication


def _is_foreign(site: Site, before: Record | None, report: Report, path: str) -> bool:
    """Whether a file of the site's own stands where one of ours would, which then is not written."""
    file = site.output / path
    if (before and path in before.files) or not file.is_file():
        return False
    data = file.read_bytes()
    if any(mark in data for mark in _MARKS):
        return False
    kind = "page" if path.endswith(".html") else "feed"
    message = f"the site has a {kind} of its own at {path}, which is left as it is"
    report(Finding(Severity.WARNING, "foreign-page", message, help=_foreign_help(path)))
    return True


def _foreign_help(path: str) -> str:
    if path == SUBSCRIBE:
        return "link to the feeds from it; all of them stand in feeds.opml"
    if path == ARCHIVE:
        return "link to the issues from it, and to the feed of issues beside it"
    if is_issue_page(path):
        return "letters lead there; rename one of the two, or remove the page if an earlier build made it"
    return "so the issues have no feed; rename it, or remove it if an earlier build made it"


def stop_on_problems(findings: Sequence[Finding], *, strict: bool) -> None:
    """Raise ProblemsError if there is an error among the findings; where `strict`, if there is any."""
    if has_errors(findings) or (strict and findings):
        raise ProblemsError(tuple(findings))
