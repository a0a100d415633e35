"""Which issues there are, from the calendar and from files, and which of them is meant."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from feeds.columns import one_line
from feeds.config import NewsletterSettings
from feeds.config.forms import near
from feeds.errors import FeedsError, Finding, Severity, UsageError
from feeds.model import Entry, Excerpt, Issue, Post, Report, Section, Site, lasting_path, newest_first
from feeds.newsletter.issuefiles import IssueFile, plain_path
from feeds.newsletter.periods import Period, day_range, parse_period, period_of
from feeds.newsletter.planners import (
    EACH,
    Shelf,
    day_of,
    filed_plan,
    name_days,
    period_plan,
    shelf_of,
    single_plan,
)
from feeds.newsletter.plans import Plan, PlannedSection
from feeds.newsletter.subjects import automatic_preheader, automatic_subject

_MAX_SUGGESTIONS = 5
"""Paths that lead nowhere for which a better one is looked for: it takes its time among thousands."""


def issue_period(site: Site, issue: Issue) -> str:
    """What the days of an issue are called: `November 2026`, or the day of a single post."""
    return name_days(site, issue.id, issue.first, issue.last)


def list_issues(
    site: Site,
    settings: NewsletterSettings,
    posts: Sequence[Post],
    files: Sequence[IssueFile] = (),
    shelf: Shelf | None = None,
    report: Report = lambda finding: None,
) -> tuple[Plan, ...]:
    """Every issue that there is, the oldest first.

    An issue with a file holds what that lists. Every other post belongs to the period that its day lies in,
    or is an issue of its own; a period of which there is a file takes nothing by itself.

    Args:
        site: its language is that of titles.
        settings: the period, the order of the sections and the heading of posts without a category.
        posts: those that periods take, in any order.
        files: the issues with files.
        shelf: what the files can name; left out, the posts.
        report: told of what files list in vain that have no published post, and so are no issue yet.

    Raises:
        FeedsError: two posts would make issues of one name.
    """
    shelf = shelf or shelf_of(posts if files else ())
    filed = [filed_plan(site, settings, file, shelf) for file in files]
    for plan in filed:
        if not plan.posts:
            check_plans([plan], None, report)
    listed = {post.id for plan in filed for post in plan.posts}
    names = {file.id for file in files}
    rest = [post for post in posts if post.id not in listed]
    if settings.period == EACH:
        made = [single_plan(post) for post in newest_first(rest)]
        _check_names(made)
    else:
        periods: dict[Period, list[Post]] = {}
        for post in rest:
            periods.setdefault(period_of(day_of(post), settings.period), []).append(post)
        made = [period_plan(site, settings, period, chosen) for period, chosen in periods.items()]
    plans = [plan for plan in filed if plan.posts] + [plan for plan in made if plan.id not in names]
    return tuple(sorted(plans, key=_age))


def choose(
    site: Site,
    settings: NewsletterSettings,
    plans: Sequence[Plan],
    posts: Sequence[Post],
    *,
    issue_id: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Plan | None:
    """The issue that is asked for, else the newest; None when there is none at all.

    Args:
        site: its language is that of titles.
        settings: the period, the order of the sections and the heading of posts without a category.
        plans: every issue that there is, the oldest first.
        posts: those that periods take, in any order.
        issue_id: the issue's id; any period in a form of `parse_period`; or the file of a post in it.
        since: the first day, instead of an id; without it, the day of the first post.
        until: the last day, instead of an id; without it, the day of the last post.

    Raises:
        UsageError: the id names no issue, or the days contradict each other.
        FeedsError: no post was published in the period that has not an issue already.
    """
    if issue_id is not None and (since or until):
        raise UsageError(
            "an issue is chosen by its id or by its days, not by both", help="leave one of them out"
        )
    if not plans:
        return None
    if since or until:
        return _of_period(site, settings, plans, posts, _span(posts, since, until))
    if issue_id is None:
        return plans[-1]
    if named := find_issue(plans, issue_id):
        return named
    if period := parse_period(issue_id):
        return _of_period(site, settings, plans, posts, period)
    meant = near(issue_id, [plan.id for plan in plans])
    raise UsageError(
        f"{issue_id!r} names no issue",
        help=(f"did you mean {meant}? " if meant else "")
        + "write it as 2026-11, 2026-W47, 2026-Q4 or 2026-11-03--2026-11-20; "
        f"the newest issue is {plans[-1].id}",
    )


def find_issue(plans: Sequence[Plan], wanted: str) -> Plan | None:
    """The issue of an id, else the newest that holds the post of a path; None where there is none."""
    path = plain_path(wanted)
    named = (plan for plan in plans if plan.id == wanted)
    holding = (
        plan for plan in reversed(plans) if any(plain_path(lasting_path(post)) == path for post in plan.posts)
    )
    return next(named, None) or next(holding, None)


def check_plans(
    plans: Iterable[Plan], chosen: Plan | None, report: Report, known: Collection[str] = ()
) -> None:
    """Report what the files of issues list in vain.

    A post that does not exist is an error in the issue that is chosen, and a warning in others, whose posts
    may have been removed since; so is one that is not published yet, and one that went out before.

    Args:
        plans: every issue.
        chosen: the one that is made.
        report: told of each post.
        known: the paths of posts, from which the one that was probably meant is taken.
    """
    plans = tuple(plans)
    for plan in plans:
        for number, gap in enumerate(plan.gaps):
            is_error = plan is chosen and not gap.reason
            rule = "issue-unpublished" if gap.reason else "issue-missing"
            message = f"the post {gap.path} {gap.reason or 'does not exist'}"
            if not is_error:
                message += f", and is left out of the issue {plan.id}"
            meant = nearest_path(gap.path, known) if is_error and number < _MAX_SUGGESTIONS else ""
            help = f"did you mean {meant}?" if meant else gap.help or "mend the path, or remove it"
            report(Finding(Severity.ERROR if is_error else Severity.WARNING, rule, message, gap.at, help))
    if chosen and chosen.at:
        earlier = {
            post.id: plan for plan in plans if plan.at and plan.day < chosen.day for post in plan.posts
        }
        for post in chosen.posts:
            if other := earlier.get(post.id):
                message = f"{lasting_path(post)} is in the issue {other.id} too"
                help = "nothing to do if readers are to get it again; else remove it"
                report(Finding(Severity.WARNING, "issue-again", message, chosen.at, help))


def nearest_path(path: str, known: Collection[str]) -> str:
    """The path that was probably meant, above all one of the same name; "" if none is like it."""
    name = posixpath.basename(path)
    same = [each for each in known if posixpath.basename(each) == name]
    return same[0] if len(same) == 1 else near(path, same or known)


def unclaimed(plans: Iterable[Plan], posts: Iterable[Post]) -> tuple[Post, ...]:
    """The posts that are in no issue, newest first."""
    held = {post.id for plan in plans for post in plan.posts}
    return newest_first(post for post in posts if post.id not in held)


def compile_issue(
    site: Site,
    settings: NewsletterSettings,
    plan: Plan,
    entries: Mapping[str, Entry],
    intro: Excerpt | None = None,
) -> Issue:
    """The issue of a plan, with title, subject and preheader.

    Args:
        site: gives categories their addresses.
        settings: those of the newsletter.
        plan: what it holds.
        entries: its posts by id; those that are not there are shown by their titles only.
        intro: the editor's introduction.
    """
    lead = entries.get(plan.lead.id) if plan.lead else None
    sections = tuple(
        Section(
            one_line(section.title),
            _of_name(site.category_slug, section.title),
            tuple(entries[post.id] for post in section.posts if post.id in entries) if entries else (),
            tuple(post for post in section.posts if post.id not in entries) if entries else section.posts,
            url=_category_url(site, section),
        )
        for section in (plan.sections if lead else plan.groups)
    )
    posts = plan.posts
    titles = [post.title for post in posts]
    opening = entries.get(posts[0].id)
    return Issue(
        id=plan.id,
        title=plan.title,
        subject=plan.subject or automatic_subject(titles, plan.when, site.language, is_post=plan.is_post),
        preheader=plan.preheader
        or automatic_preheader(titles, opening.excerpt.text if opening else "", site.language),
        first=plan.first,
        last=plan.last,
        url=plan.url,
        sections=sections,
        intro=intro.html if intro else "",
        intro_text=intro.text if intro else "",
        lead=lead,
    )


def _of_period(
    site: Site, settings: NewsletterSettings, plans: Sequence[Plan], posts: Sequence[Post], period: Period
) -> Plan:
    """An issue made for the asking, of the posts of any period that are in no issue with a file."""
    held = {post.id: plan.id for plan in plans if plan.at for post in plan.posts}
    loose = [post for post in posts if post.id not in held]
    within = [post for post in posts if day_of(post) in period]
    if chosen := [post for post in loose if day_of(post) in period]:
        return period_plan(site, settings, period, chosen)
    if within:
        others = ", ".join(sorted({held[post.id] for post in within}))
        raise FeedsError(
            f"every post of the issue {period.id} is in an issue already: {others}",
            help="write it into the file of an issue to send it again",
            rule="empty-issue",
        )
    own = settings.period if period.kind == "range" else period.kind
    raise FeedsError(
        f"no post was published in the issue {period.id}",
        help=f"issues that have posts: {', '.join(_nearest(plans, loose, period, own))}",
        rule="empty-issue",
    )


def _nearest(plans: Sequence[Plan], loose: Sequence[Post], wanted: Period, kind: str) -> list[str]:
    """The ids of up to three issues with posts that lie nearest to a period, the oldest first.

    They are those with files, and those that posts in no file make of a kind of period.
    """
    days = {plan.id: plan.first for plan in plans if plan.at or kind == EACH}
    if kind != EACH:
        days |= {period.id: period.first for period in (period_of(day_of(post), kind) for post in loose)}
    by_distance = sorted(days, key=lambda id: (abs(days[id] - wanted.first), id))
    return sorted(by_distance[:3], key=lambda id: (days[id], id))


def _span(posts: Sequence[Post], since: dt.date | None, until: dt.date | None) -> Period:
    days = [day_of(post) for post in posts]
    first, last = since or min(days), until or max(days)
    if first <= last:
        return day_range(first, last)
    raise UsageError(
        f"the issue would begin on {first} and end on {last}",
        help=f"the posts were published from {min(days)} to {max(days)}",
    )


def _category_url(site: Site, section: PlannedSection) -> str:
    """The page of the category that a heading names; "" where there is none."""
    heading = section.title.casefold()
    names = (name for post in section.posts for name in post.categories if name.casefold() == heading)
    page = _of_name(site.category_page, name) if (name := next(names, "")) else ""
    return site.url + page if page else ""


@lru_cache(maxsize=1024)
def _of_name(rule: Callable[[str], str], category: str) -> str:
    """What a rule of the site gives for a category, which stands in nearly every issue."""
    return rule(category)


def _check_names(plans: Iterable[Plan]) -> None:
    seen: dict[str, Plan] = {}
    for plan in plans:
        other = seen.setdefault(plan.id, plan)
        if other is not plan:
            first, second = (lasting_path(each.posts[0]) for each in (other, plan))
            message = f"the issues of {first} and {second} would both be called {plan.id}"
            raise FeedsError(message, help="give one of them an id: in its front matter", rule="issue-name")


def _age(plan: Plan) -> tuple[dt.date, dt.datetime, str]:
    return plan.day, max(post.published for post in plan.posts), plan.id
