"""The issues of a project: its posts, the files of its issues and its lock, brought together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from feeds.errors import FeedsError, Finding, Location, has_errors
from feeds.gathering import Gathered
from feeds.generators.base import shown
from feeds.index import Index, digest, program_version
from feeds.lockfile import former_paths, path_finder
from feeds.model import Entry, Excerpt, Issue, lasting_path
from feeds.newsletter import Plan, Shelf, check_plans, choose, compile_issue, list_issues
from feeds.newsletter.issuefiles import IssueFile, issue_path, load_issue_files, named_paths, plain_path
from feeds.newsletter.planners import shelf_of
from feeds.newsletter.wording import known_names, learn_names
from feeds.posts.entries import render_text
from feeds.rendering import render_entries


def load_plans(gathered: Gathered, index: Index | None = None) -> tuple[Plan, ...]:
    """Every issue that there is, the oldest first.

    Args:
        gathered: the posts.
        index: what the last build knew of the names of their periods.

    Raises:
        ProblemsError: everything that is wrong in the files of issues.
        FeedsError: two issues would have one name.
    """
    files = load_issue_files(gathered.site)
    settings = gathered.settings.newsletter
    shelf = load_shelf(gathered, files) if files else None
    language = gathered.site.language
    key = f"periods-{digest([program_version(), language])}"
    if index and (names := index.recall(key)):
        learn_names(language, names)
    plans = list_issues(gathered.site, settings, gathered.main, files, shelf, gathered.report)
    if index:
        index.keep(key, dict(known_names(language)))
    return plans


def find_plans(gathered: Gathered, findings: list[Finding], index: Index | None = None) -> tuple[Plan, ...]:
    """The same, with what is wrong added to the findings.

    With an error among these posts may be missing, and issues seem empty: then there are none, but the files
    are looked through all the same.
    """
    try:
        if not has_errors(findings):
            return load_plans(gathered, index)
        load_issue_files(gathered.site)
    except FeedsError as error:
        findings += error.findings
    return ()


def load_shelf(gathered: Gathered, files: Sequence[IssueFile]) -> Shelf:
    """The posts that the files of issues can name, with why some of them are not published."""
    collection, lock = gathered.collection, gathered.lock
    reasons = {plain_path(hidden.path): _reason(hidden.reason) for hidden in collection.hidden}
    reasons |= {plain_path(lasting_path(post)): "has expired" for post in collection.expired}
    for post in collection.held:
        reasons[plain_path(lasting_path(post))] = f"waits for {(post.due or post.published).date()}"
    shelf = replace(shelf_of(gathered.posts), reasons=reasons)
    if not (lock and files):
        return shelf
    former = former_paths(gathered.posts, lock, named_paths(files))
    return replace(shelf, path_now=path_finder(gathered.posts, former))


def choose_plan(
    gathered: Gathered,
    plans: Sequence[Plan],
    *,
    issue_id: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Plan | None:
    """The issue that is asked for, else the newest; None when there is none.

    Args:
        gathered: the posts; what the files of issues list in vain is reported.
        plans: every issue that there is.
        issue_id: the issue's id, any period, or the file of a post in it.
        since: the first day, instead of an id.
        until: the last day, instead of an id.

    Raises:
        UsageError: there is no such issue.
        FeedsError: it has no posts.
    """
    site, settings = gathered.site, gathered.settings.newsletter
    if issue_id and all(plan.id != issue_id for plan in plans):
        file = issue_path(site, issue_id)
        if "/" not in issue_id and file.is_file():
            message = f"no post of the issue {issue_id} is published"
            raise FeedsError(message, Location(shown(file, site.root)), rule="empty-issue")
    chosen = choose(site, settings, plans, gathered.main, issue_id=issue_id, since=since, until=until)
    known = known_paths(gathered) if any(plan.gaps for plan in plans) else ()
    check_plans(plans, chosen, gathered.report, known)
    return chosen


def known_paths(gathered: Gathered) -> tuple[str, ...]:
    """The paths of all published posts, by which the files of issues name them."""
    return tuple(map(lasting_path, gathered.posts))


def compile_planned(gathered: Gathered, plan: Plan, entries: Mapping[str, Entry] | None = None) -> Issue:
    """The issue of a plan, with its introduction.

    Args:
        gathered: what it is rendered with; problems are reported.
        plan: what it holds.
        entries: the posts that were rendered already; left out, all of the plan's are.
    """
    if entries is None:
        entries = render_entries(gathered, plan.posts)
    return compile_issue(
        gathered.site, gathered.settings.newsletter, plan, entries, render_intro(gathered, plan)
    )


def render_intro(gathered: Gathered, plan: Plan) -> Excerpt | None:
    """The editor's introduction, None without one; problems are reported."""
    if plan.intro is None:
        return None
    try:
        return render_text(plan.intro, plan.url, gathered.renderer, gathered.links, gathered.report)
    except FeedsError as error:
        for finding in error.findings:
            gathered.report(finding)
        return None


def _reason(status: str) -> str:
    return "is a draft" if status == "draft" else f"is not published ({status})"
