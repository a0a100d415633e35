"""`feeds issue`: the file of a new issue, and which issues there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from feeds.compilation import stop_on_problems
from feeds.config import Settings
from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity, UsageError
from feeds.gathering import Gathered, gather
from feeds.generators import load_site
from feeds.generators.base import shown
from feeds.lockfile import FILE, matched
from feeds.model import Post, Site, lasting_path
from feeds.newsletter import Plan, check_plans, choose, unclaimed
from feeds.newsletter.issuefiles import check_id, issue_path, render_issue_file
from feeds.newsletter.issues import nearest_path
from feeds.newsletter.periods import day_range
from feeds.newsletter.planners import day_of, listed_plan
from feeds.newsletter.plans import as_listed
from feeds.output import write_file
from feeds.planning import compile_planned, find_plans, known_paths, load_shelf
from feeds.rendering import render_entries


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts a new issue is to hold.

    Those of a period by its id, or from one day to another, or of these paths; without any of them, the
    newest period with posts that are in no file. `name` is the issue's id, "" for that of its days.
    """

    period: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    paths: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class NewIssue:
    """The file that was written, by its path from the project's folder, and what it holds.

    `date` is the day on which it goes out, where the file names one. `left_out` are the posts of its days
    that are in an earlier issue, with that; `again` those that are in one too, and were asked for.
    `forgotten` are older posts that are in no issue.
    """

    path: str
    plan: Plan
    date: dt.date | None
    left_out: tuple[tuple[Post, Plan], ...]
    again: tuple[tuple[Post, Plan], ...]
    forgotten: tuple[Post, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Issues:
    """Every issue, the oldest first, and the posts that are in none, the newest first."""

    site: Site
    plans: tuple[Plan, ...]
    unclaimed: tuple[Post, ...]
    findings: tuple[Finding, ...]


def list_all(settings: Settings, now: dt.datetime) -> Issues:
    """Every issue that there is.

    Raises:
        ProblemsError: what is wrong in the posts and the files of issues.
    """
    gathered, plans, findings = _gather(settings, now)
    check_plans(plans, plans[-1] if plans else None, findings.append, known_paths(gathered))
    return Issues(gathered.site, plans, unclaimed(plans, gathered.main), tuple(findings))


def new_issue(settings: Settings, now: dt.datetime, wanted: Wanted) -> NewIssue:
    """Write the file of a new issue, as the issue would be without one.

    Where its period is not over, the file says that it goes out after that.

    Raises:
        UsageError: there is no such period or post.
        FeedsError: the issue has a file already, or no posts; or the file cannot be written.
        ProblemsError: what is wrong in the posts and the files of issues.
    """
    gathered, plans, findings = _gather(settings, now)
    site = gathered.site
    plan = _listed(gathered, plans, wanted) if wanted.paths else _chosen(gathered, plans, wanted)
    if wanted.name:
        plan = replace(plan, id=wanted.name)
    check_id(plan.id)
    path = issue_path(site, plan.id)
    name = shown(path, site.root)
    if path.exists():
        help = "edit that file, or give the new issue a name with --id"
        raise FeedsError("there is an issue of that name already", Location(name), help, rule="issue-exists")
    _check_lock(gathered, plan)
    first = plan.posts[0]
    issue = compile_planned(gathered, plan, render_entries(gathered, [first]))
    stop_on_problems(findings, strict=False)
    sections = [(group.title, [lasting_path(post) for post in group.posts]) for group in plan.groups]
    lead = lasting_path(plan.lead) if plan.lead and not plan.is_post else ""
    date = _date(plan, wanted, now.astimezone(ZoneInfo(site.timezone)).date())
    write_file(path, render_issue_file(issue.subject, issue.preheader, sections, lead, date).encode())
    filed = {post.id: other for other in plans if other.at for post in other.posts}
    held = {post.id for post in plan.posts}
    days = day_range(plan.first, plan.last)
    others = [post for post in gathered.main if day_of(post) in days and post.id not in held]
    if wanted.paths:
        others = []
    return NewIssue(
        name,
        plan,
        date,
        left_out=tuple((post, filed[post.id]) for post in others if post.id in filed),
        again=tuple((post, filed[post.id]) for post in plan.posts if post.id in filed),
        forgotten=unclaimed([*(each for each in plans if each.id != plan.id), plan], gathered.main),
        findings=tuple(findings),
    )


def _date(plan: Plan, wanted: Wanted, today: dt.date) -> dt.date | None:
    """The day after a period that still runs; None for one that is over, and for posts of one's choice."""
    if plan.is_post or wanted.paths or wanted.name or plan.last < today:
        return None
    return plan.last + dt.timedelta(days=1)


def _gather(settings: Settings, now: dt.datetime) -> tuple[Gathered, tuple[Plan, ...], list[Finding]]:
    """The posts, every issue, and what was found; all that is wrong with either is told at once."""
    findings: list[Finding] = []
    site = load_site(settings, findings.append)
    gathered = gather(settings, site, now, findings.append)
    plans = find_plans(gathered, findings)
    stop_on_problems(findings, strict=False)
    return gathered, plans, findings


def _chosen(gathered: Gathered, plans: Sequence[Plan], wanted: Wanted) -> Plan:
    """The issue of a period; without one, the newest, unless that has a file."""
    site, settings = gathered.site, gathered.settings.newsletter
    if wanted.period or wanted.since or wanted.until:
        plan = choose(
            site,
            settings,
            plans,
            gathered.main,
            issue_id=wanted.period or None,
            since=wanted.since,
            until=wanted.until,
        )
    else:
        plan = next((plan for plan in reversed(plans) if not plan.at), None)
        newer = [each for each in plans if each.at and (plan is None or each.last >= plan.last)]
        if newer:
            message = f"the newest issue, {newer[-1].id}, has a file already"
            help = "edit that file, or name another period with --period; feeds issue list shows them all"
            raise FeedsError(message, newer[-1].at, help, rule="issue-exists")
    if plan is None:
        raise FeedsError("no post is published, so there is nothing to make an issue of", rule="empty-issue")
    return plan


def _listed(gathered: Gathered, plans: Sequence[Plan], wanted: Wanted) -> Plan:
    """The issue of the posts that were named, under their categories."""
    site, settings = gathered.site, gathered.settings.newsletter
    if wanted.since or wanted.until:
        raise UsageError("posts are named, or the days that they are of, not both", help="leave one out")
    paths = tuple(dict.fromkeys(wanted.paths))
    shelf = load_shelf(gathered, ())
    problems = []
    for path in paths:
        found = shelf.find("", path)
        if not isinstance(found, Post):
            meant = "" if found else nearest_path(path, known_paths(gathered))
            help = f"did you mean {meant}?" if meant else "" if found else "feeds posts lists them all"
            message = f"the post {path!r} {found}" if found else f"there is no post {path!r}"
            problems.append(Finding(Severity.ERROR, "no-post", message, help=help))
    if problems:
        raise ProblemsError(tuple(problems), UsageError.exit_code)
    posts = [post for path in paths if isinstance(post := shelf.find("", path), Post)]
    chosen = {post.id for post in posts}
    groups = as_listed(settings, posts, site.language)
    days = [day_of(post) for post in posts]
    same = (plan.id for plan in plans if not plan.at and {post.id for post in plan.posts} == chosen)
    id = wanted.name or wanted.period or next(same, day_range(min(days), max(days)).id)
    return listed_plan(site, settings, id, groups)


def _check_lock(gathered: Gathered, plan: Plan) -> None:
    """Refuse paths by which the lock still knows other posts: the file would seem to mean those."""
    if gathered.lock is None:
        return
    lines = matched(gathered.posts, gathered.lock)
    moved = {entry.path for path, entry in lines.items() if entry.path != path}
    for post in plan.posts:
        if (path := lasting_path(post)) in moved:
            message = f"{path} was the name of another post, which has been renamed"
            raise FeedsError(
                message, Location(FILE), "run feeds lock first, and commit it", rule="stale-lock"
            )
