"""`feeds build`: posts in, feeds and the newest letter out; nothing is written while an error stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feeds.config import Settings
from feeds.errors import FeedsError, Finding, ProblemsError, Severity, UsageError
from feeds.feedfiles import compile_feeds, feed_outputs, list_feeds, listing_outputs, report_clashes
from feeds.formats import FORMATS
from feeds.generators import load_site
from feeds.history import load_history
from feeds.injection import inject_links
from feeds.lockfile import apply_lock, load_lock
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
from feeds.output import Written, check_folder, remove_files, write_outputs
from feeds.pages import MARK, SUBSCRIBE, Listed, NewsletterLink
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses
from feeds.posts.entries import render_entry
from feeds.posts.links import Links
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope
from feeds.posts.titles import heading_title
from feeds.record import Record, load_record, merged, record_path, stale_files, with_files, write_record
from feeds.selection import Selection, Wanted, archived, main_posts, newest_first, select_feeds
from feeds.witness import check_permalinks, find_built

ISSUES = "newsletter/"
"""Where the pages of issues lie in the output; they are never removed."""

_PREVIEW_LETTERS = ".letters"

Progress = Callable[[int, int], None]
"""Told how many posts are rendered, of how many."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line asks of one build.

    `now` decides which posts are due; `own_output` says that the output folder was named for this build only.
    """

    now: dt.datetime
    own_output: bool = False
    drafts: bool = False
    future: bool = False
    strict: bool = False
    issue: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def preview(self) -> bool:
        """Whether the build shows what is not published."""
        return self.drafts or self.future


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    site: Site
    written: tuple[Written, ...]
    letters_folder: Path
    letters: tuple[Written, ...]
    removed: tuple[str, ...]
    findings: tuple[Finding, ...]
    posts: int
    drafts: int
    held: tuple[Post, ...]
    issue: str | None
    injected: int


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Everything a build is about to write."""

    site: Site
    collection: Collection
    outputs: tuple[Output, ...]
    letters: tuple[Output, ...]
    listed: tuple[Listed, ...]
    record: Record
    issue: str | None


def build(settings: Settings, choices: Choices, progress: Progress = lambda done, total: None) -> Built:
    """Build every feed and the letter, and write what has changed.

    Raises:
        ProblemsError: everything that is wrong in the user's files; with `choices.strict` warnings too.
        FeedsError: what makes it pointless to look further.
    """
    findings: list[Finding] = []
    site = load_site(settings, findings.append)
    before = load_record(settings.root, site.output)
    _check_preview(settings, site, choices, before)
    compiled = _compile(settings, site, choices, before, findings, progress)
    _stop_on_problems(findings, strict=choices.strict)
    # A post that is gone is no fault of this build, which could never be mended: it is told, not refused.
    _report_lost_ids(before, compiled.record, findings.append)
    return _write(settings, choices, before, compiled, findings)


def _compile(
    settings: Settings,
    site: Site,
    choices: Choices,
    before: Record | None,
    findings: list[Finding],
    progress: Progress,
) -> _Compiled:
    report = findings.append
    renderer = Renderer(site, report)
    history = load_history(site.root, site.docs, settings.environ, settings.posts.dates)
    collection = load_posts(
        site,
        _policy(settings, choices),
        lambda source: heading_title(source, renderer),
        report,
        lambda source: history(source.path),
    )
    lock = load_lock(settings.root)
    posts = newest_first(apply_lock(collection.published, lock, report) if lock else collection.published)
    if not posts and not _has_errors(findings):
        report(_no_posts(site, collection))
    known = {**(lock.feeds if lock else {}), **(before.feeds if before and not before.preview else {})}
    wanted = Wanted(settings.feeds.by, settings.feed, known, settings.feeds.limit)
    selections = select_feeds(site, posts, collection.blogs, wanted)
    main = main_posts(site, posts, collection.blogs)
    # With posts missing, an issue may seem empty; what stands in the others is looked through all the same.
    plan = None if _has_errors(findings) else _plan(settings, choices, main)
    shown = _shown(selections, plan, settings.feeds.archive)
    if not choices.preview:
        _check_built(settings, site, before, posts, shown, report)
    entries = _render_entries(settings, site, collection, renderer, shown, report, progress)
    _stop_on_problems(findings, strict=False)
    letter = _letter(settings, site, plan, entries, report)
    feeds = compile_feeds(site, settings.feeds, selections, entries)
    outputs = [*feed_outputs(site, settings.feeds, selections, feeds, entries, report)]
    listings = listing_outputs(site, settings, feeds, _newsletter(settings, site, main))
    outputs += [output for output in listings if not _is_foreign(site, output.path, before, report)]
    letters = letter_outputs(site, settings.newsletter, letter) if letter else ()
    if letter:
        outputs.append(page_output(letter))
    report_clashes(outputs, report)
    if choices.preview:
        outputs += [replace(each, path=f"{_PREVIEW_LETTERS}/{each.path}") for each in letters]
        letters = ()
    record = Record(
        choices.preview,
        ids={post.id: post.title for post in posts},
        feeds={selection.folder: selection.title for selection in selections},
    )
    record = with_files(record, {output.path: output.data for output in outputs})
    issue = letter.issue.id if letter else None
    listed = list_feeds(site, settings.feeds, feeds)
    return _Compiled(site, collection, tuple(outputs), tuple(letters), listed, record, issue)


def _policy(settings: Settings, choices: Choices) -> Policy:
    time = settings.posts.default_time
    return Policy(
        now=choices.now,
        future=settings.posts.future,
        default_time=dt.time.fromisoformat(time) if time else dt.time(),
        with_drafts=choices.drafts,
        with_future=choices.future,
    )


def _check_preview(settings: Settings, site: Site, choices: Choices, before: Record | None) -> None:
    """Keep drafts out of a folder that holds a build without them."""
    if not choices.preview or (before is not None and before.preview):
        return
    names = ("index.html", *(form.filename for form in FORMATS.values()))
    ours = any((site.output / name).exists() for name in names)
    if before is None and choices.own_output and not ours:
        return
    raise UsageError(
        f"drafts and posts to come would land in {str(site.output)!r}, which holds a build without them"
        if ours or before
        else "a build with drafts or posts to come needs an output folder of its own",
        help="name another folder with -o, such as -o preview",
    )


def _no_posts(site: Site, collection: Collection) -> Finding:
    where = ", ".join(
        sorted({site.docs_name + (name or ".") for blog in site.blogs for name in blog.folders})
    )
    message = f"no published post was found in {where}, so the feeds are empty"
    hidden = collection.drafts + len(collection.held)
    help = f"{hidden} posts are drafts or to come" if hidden else "are the posts in another folder?"
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
    before: Record | None,
    posts: Sequence[Post],
    shown: Mapping[str, Post],
    report: Report,
) -> None:
    """Look up the posts' addresses in the built site, if it is there."""
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
    shown: Mapping[str, Post],
    report: Report,
    progress: Progress,
) -> dict[str, Entry]:
    pages = page_addresses(site, collection)
    links = Links(site, pages)
    by_path = {post.source.path: post for post in collection.published}
    full = settings.feeds.content != "excerpt"
    entries = {}
    for number, (id, post) in enumerate(shown.items(), 1):
        scope = Scope(site, post.source, post.url, by_path, pages, report)
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


def _report_lost_ids(before: Record | None, now: Record, report: Report) -> None:
    if before is None or before.preview:
        return
    for id, title in sorted(before.ids.items()):
        if id not in now.ids:
            report(
                Finding(
                    Severity.WARNING,
                    "lost-id",
                    f"the post {title!r} was published as {id} and is gone",
                    help="if it only moved, give it that address as id: in its front matter, or subscribers "
                    "will see it as new; pages of issues that show it stay until you remove them",
                )
            )


def _stop_on_problems(findings: Sequence[Finding], *, strict: bool) -> None:
    if _has_errors(findings) or (strict and findings):
        raise ProblemsError(tuple(findings))


def _has_errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _write(
    settings: Settings,
    choices: Choices,
    before: Record | None,
    compiled: _Compiled,
    findings: Sequence[Finding],
) -> Built:
    site, collection = compiled.site, compiled.collection
    folder = settings.root / settings.newsletter.letters
    for target in (site.output, folder, record_path(settings.root, site.output).parent):
        check_folder(target)
    # What is about to be written is on record before it is, so that a build that fails half-way leaves
    # nothing that a later one would not know as ours.
    write_record(settings.root, site.output, merged(before, compiled.record))
    written = write_outputs(site.output, compiled.outputs)
    letters = write_outputs(folder, compiled.letters)
    stale = stale_files(site.output, before, compiled.record.files) if before else ()
    kept = "" if before and before.preview else ISSUES
    removed = remove_files(site.output, [path for path in stale if not kept or not path.startswith(kept)])
    topics = {output.path for output in compiled.outputs if output.is_topic}
    changed = {file.path for file in written if file.changed and file.path in topics}
    if before and not before.preview:
        changed |= before.changed & set(compiled.record.files)
    record = replace(compiled.record, changed=frozenset(changed))
    write_record(settings.root, site.output, record)
    injected = 0
    if settings.feeds.inject == "yes" and not choices.preview:
        own = record.files
        injected = inject_links(
            site.output, site.url, compiled.listed, lambda path: path in own or path.startswith(ISSUES)
        )
    return Built(
        site=site,
        written=written,
        letters_folder=site.output / _PREVIEW_LETTERS if choices.preview else folder,
        letters=letters,
        removed=removed,
        findings=tuple(findings),
        posts=len(collection.published),
        drafts=collection.drafts,
        held=collection.held,
        issue=compiled.issue,
        injected=injected,
    )
