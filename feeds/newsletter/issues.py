"""Which posts an issue holds, under which headings, and what the issue is called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError, UsageError
from feeds.model import Entry, Issue, Post, Section, Site
from feeds.newsletter.lines import one_line, shorten
from feeds.newsletter.periods import Period, day_range, parse_period, period_of
from feeds.newsletter.wording import STRINGS, format_period

SUBJECT_LENGTH = 70
"""Characters that a subject keeps to; the lists of mail programs show about as many."""

PREHEADER_LENGTH = range(40, 111)
"""Characters of the line that the lists of mail programs show behind the subject."""

_SHORTEST_LEAD = 24


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A heading and its posts, newest first."""

    title: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The posts of an issue, chosen by their metadata alone; each stands in exactly one section."""

    period: Period
    sections: tuple[PlannedSection, ...]

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post once, in the order of the letter."""
        return tuple(post for section in self.sections for post in section.posts)


def newsletter_title(site: Site, settings: NewsletterSettings) -> str:
    """The newsletter's name, on one line: its own, else the site's."""
    return one_line(settings.title or site.title)


def plan_issue(
    settings: NewsletterSettings,
    posts: Sequence[Post],
    *,
    issue_id: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Plan | None:
    """The posts of one issue under their headings; None when there are no posts at all.

    Args:
        settings: the period, the order of the sections and the heading of posts without a category.
        posts: those that may go out, in any order.
        issue_id: the issue, in any form of `parse_period`; without it, the period of the newest post.
        since: the first day, instead of an id; without it, the day of the first post.
        until: the last day, instead of an id; without it, the day of the last post.

    Raises:
        UsageError: the id names no period, or the days contradict each other.
        FeedsError: no post was published in the period.
    """
    if not posts:
        return None
    period = _period(settings, posts, issue_id, since, until)
    chosen = [post for post in posts if _day(post) in period]
    if not chosen:
        kind = settings.period if period.kind == "range" else period.kind
        raise FeedsError(
            f"no post was published in the issue {period.id}",
            help=f"issues that have posts: {', '.join(_nearest(posts, period, kind))}",
            rule="empty-issue",
        )
    return Plan(period, _sections(settings, chosen))


def newest_issue(site: Site, settings: NewsletterSettings, posts: Sequence[Post]) -> tuple[str, str] | None:
    """What the newest issue is called, and the address of its page; None when there are no posts."""
    plan = plan_issue(settings, posts)
    return (_title(site, settings, plan.period), _page_url(site, plan.period)) if plan else None


def compile_issue(
    site: Site, settings: NewsletterSettings, plan: Plan, entries: Mapping[str, Entry]
) -> Issue:
    """The issue of a plan, with title, subject and preheader; `entries` are found by the id of their post."""
    sections = tuple(
        Section(
            one_line(section.title),
            site.category_slug(section.title),
            tuple(entries[post.id] for post in section.posts),
        )
        for section in plan.sections
    )
    in_order = [entry for section in sections for entry in section.entries]
    return Issue(
        id=plan.period.id,
        title=_title(site, settings, plan.period),
        subject=_subject(in_order, format_period(plan.period, site.language)),
        preheader=_preheader(in_order),
        first=plan.period.first,
        last=plan.period.last,
        url=_page_url(site, plan.period),
        sections=sections,
    )


def _title(site: Site, settings: NewsletterSettings, period: Period) -> str:
    return f"{newsletter_title(site, settings)}: {format_period(period, site.language)}"


def _page_url(site: Site, period: Period) -> str:
    return f"{site.url}newsletter/{period.id}/"


def _period(
    settings: NewsletterSettings,
    posts: Sequence[Post],
    issue_id: str | None,
    since: dt.date | None,
    until: dt.date | None,
) -> Period:
    days = [_day(post) for post in posts]
    if issue_id is not None and (since or until):
        raise UsageError(
            "an issue is chosen by its id or by its days, not by both", help="leave one of them out"
        )
    if since or until:
        first, last = since or min(days), until or max(days)
        if first <= last:
            return day_range(first, last)
        raise UsageError(
            f"the issue would begin on {first} and end on {last}",
            help=f"the posts were published from {min(days)} to {max(days)}",
        )
    newest = period_of(max(days), settings.period)
    if issue_id is None:
        return newest
    if period := parse_period(issue_id):
        return period
    raise UsageError(
        f"{issue_id!r} names no issue",
        help="write it as 2026-11, 2026-W47, 2026-Q4 or 2026-11-03--2026-11-20; "
        f"the newest issue is {newest.id}",
    )


def _nearest(posts: Sequence[Post], wanted: Period, kind: str) -> list[str]:
    """The ids of up to three issues with posts that lie nearest to a period, the oldest first."""
    periods = {period.id: period for period in (period_of(_day(post), kind) for post in posts)}
    by_distance = sorted(periods.values(), key=lambda period: (abs(period.first - wanted.first), period.id))
    return sorted(period.id for period in by_distance[:3])


def _sections(settings: NewsletterSettings, posts: Sequence[Post]) -> tuple[PlannedSection, ...]:
    newest_first = sorted(posts, key=lambda post: post.id)
    newest_first.sort(key=lambda post: post.published, reverse=True)
    wanted = {category.casefold(): category for category in settings.categories}
    order = {key: number for number, key in enumerate(wanted)}
    other = settings.other or STRINGS["more" if any(post.categories for post in posts) else "posts"]
    titles: dict[str, str] = {}
    groups: dict[str, list[Post]] = {}
    for post in newest_first:
        title = _category(post, order) or other
        key = title.casefold()
        titles.setdefault(key, wanted.get(key, title))
        groups.setdefault(key, []).append(post)

    def rank(key: str) -> tuple[int, bool, str]:
        return order.get(key, len(order)), key == other.casefold(), key

    return tuple(PlannedSection(titles[key], tuple(groups[key])) for key in sorted(groups, key=rank))


def _category(post: Post, order: Mapping[str, int]) -> str | None:
    """The category under which a post stands: the first by the configured order, else the first it lists."""
    configured = [category for category in post.categories if category.casefold() in order]
    if configured:
        return min(configured, key=lambda category: order[category.casefold()])
    return next(iter(post.categories), None)


def _subject(entries: Sequence[Entry], when: str) -> str:
    """The first post's title, how many more there are, and the period, which no two issues share."""
    more = f" {STRINGS['more_posts'] % (len(entries) - 1)}" if len(entries) > 1 else ""
    tail = f"{more} ({when})"
    lead = one_line(entries[0].post.title)
    return shorten(lead, max(SUBJECT_LENGTH - len(tail), _SHORTEST_LEAD)) + tail


def _preheader(entries: Sequence[Entry]) -> str:
    """What the subject leaves out: the other titles, else the first lines of the only post."""
    titles = [one_line(entry.post.title) for entry in entries[1:]]
    texts = [f"{STRINGS['also']} {' · '.join(titles)}"] if titles else []
    texts += [one_line(entries[0].excerpt.text), STRINGS["preheader_end"]]
    preheader = ""
    for text in filter(None, texts):
        preheader = f"{preheader} — {text}" if preheader else text
        if len(preheader) >= PREHEADER_LENGTH.start:
            break
    return shorten(preheader, PREHEADER_LENGTH.stop - 1)


def _day(post: Post) -> dt.date:
    """The calendar day as written in the post, in its own offset."""
    return post.published.date()
