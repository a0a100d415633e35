"""What makes issues: a file, a period of the calendar, or a single post."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote, urlsplit

from feeds.columns import one_line
from feeds.config import NewsletterSettings
from feeds.locales import format_day, format_days
from feeds.model import Post, Site, lasting_path
from feeds.newsletter.issuefiles import IssueFile, ListedPost, plain_path
from feeds.newsletter.periods import Period, parse_period
from feeds.newsletter.plans import Gap, Plan, PlannedSection, as_listed, by_category, choose_lead
from feeds.newsletter.wording import format_period

EACH = "post"
"""The period that makes an issue of each post."""

_MAX_SLUG = 90


@dataclass(frozen=True, slots=True)
class Shelf:
    """The posts that the files of issues can name, by `plain_path`.

    `posts` are published, `reasons` say why others are not ("is a draft"); `path_now` gives the path that a
    post has today by the id of the issue and the path in its file.
    """

    posts: Mapping[str, Post]
    reasons: Mapping[str, str] = field(default_factory=dict)
    path_now: Callable[[str, str], str] = lambda issue, path: path

    def find(self, issue: str, path: str) -> Post | str | None:
        """The post; else why it is not published; None where there is no such post."""
        now = plain_path(self.path_now(issue, path))
        return self.posts.get(now) or self.reasons.get(now)


def shelf_of(posts: Iterable[Post]) -> Shelf:
    """A shelf of nothing but published posts."""
    return Shelf({plain_path(lasting_path(post)): post for post in posts})


def newsletter_title(site: Site, settings: NewsletterSettings) -> str:
    """The newsletter's name, on one line: its own, else the site's."""
    return one_line(settings.title or site.title)


def post_issue_id(post: Post) -> str:
    """The id of the issue that a post is by itself: words of its id, and digits that no other post has.

    Both come from the post's id alone, so that a new date, title or address makes no new issue of it.
    """
    path = unquote(urlsplit(post.id).path) if "://" in post.id else post.id
    parts = [part for part in re.sub(r"(/index)?\.html?$", "", path).split("/") if part]
    last = unicodedata.normalize("NFC", parts[-1].casefold()) if parts else ""
    words = re.sub(r"[\W_]+", "-", last).strip("-")
    slug = words.encode()[:_MAX_SLUG].decode(errors="ignore").rstrip("-")
    digest = hashlib.sha256(post.id.encode()).hexdigest()
    return f"{slug}-{digest[:6]}" if slug else digest[:16]


def filed_plan(site: Site, settings: NewsletterSettings, file: IssueFile, shelf: Shelf) -> Plan:
    """The issue that a file describes; it may hold no post."""
    gaps: list[Gap] = []
    seen: set[str] = set()

    def found(listed: ListedPost) -> Iterator[Post]:
        post = shelf.find(file.id, listed.path)
        if not isinstance(post, Post):
            help = "it joins the issue once it is published; it cannot be sent before" if post else ""
            gaps.append(Gap(listed.path, post or "", listed.at, help))
        elif post.id in seen:
            gaps.append(Gap(listed.path, "is listed under its new name too", listed.at, "keep one of them"))
        else:
            seen.add(post.id)
            yield post

    groups: list[PlannedSection] = []
    for section in file.sections:
        posts = [post for listed in section.posts for post in found(listed)]
        if section.title and posts:
            groups.append(PlannedSection(section.title, tuple(posts)))
        elif posts:
            groups += as_listed(settings, posts, site.language)
    lead: Post | None = None
    if file.lead:
        wanted = shelf.find(file.id, file.lead.path)
        if isinstance(wanted, Post) and wanted.id in seen:
            lead = wanted
        elif lead := next(found(file.lead), None):
            groups = _with_first(groups, as_listed(settings, [lead], site.language)[0])
    plan = listed_plan(site, settings, file.id, groups, lead)
    name = f"{newsletter_title(site, settings)}: {file.subject}"
    named = file.subject and (plan.is_post or not parse_period(file.id))
    return replace(
        plan,
        title=plan.title if not named else file.subject if plan.is_post else name,
        day=file.date or plan.day,
        subject=file.subject,
        preheader=file.preheader,
        intro=file.intro,
        at=file.at,
        date=file.date,
        gaps=tuple(gaps),
    )


def _with_first(groups: Sequence[PlannedSection], lead: PlannedSection) -> list[PlannedSection]:
    """The sections with one more, which begins the section of its name if there is one."""
    same = [group for group in groups if group.title.casefold() == lead.title.casefold()]
    if not same:
        return [lead, *groups]
    joined = PlannedSection(same[0].title, (*lead.posts, *same[0].posts))
    return [joined if group is same[0] else group for group in groups]


def listed_plan(
    site: Site,
    settings: NewsletterSettings,
    id: str,
    groups: Sequence[PlannedSection],
    lead: Post | None = None,
) -> Plan:
    """The issue of posts that somebody chose; it may hold none.

    Args:
        site: its language is that of titles.
        settings: the newsletter's name, and whether it is one mail a post.
        id: the issue's; that of a period gives it its days.
        groups: the posts under their headings.
        lead: the one of them that stands before all others, if one was chosen.
    """
    posts = [post for group in groups for post in group.posts]
    days = [day_of(post) for post in posts] or [dt.date.min]
    period = parse_period(id)
    is_post = settings.period == EACH and len(posts) == 1
    first, last = (period.first, period.last) if period and not is_post else (min(days), max(days))
    when = name_days(site, id, first, last)
    return Plan(
        id=id,
        title=one_line(posts[0].title) if is_post else f"{newsletter_title(site, settings)}: {when}",
        url=posts[0].url if is_post else _page_url(site, id),
        when=when,
        first=first,
        last=last,
        day=last,
        groups=(PlannedSection("", tuple(posts)),) if is_post else tuple(groups),
        lead=choose_lead(groups, lead, is_post=is_post),
        is_post=is_post,
    )


def period_plan(site: Site, settings: NewsletterSettings, period: Period, posts: Sequence[Post]) -> Plan:
    """The issue of a period; it is as new as its newest post."""
    groups = by_category(settings, posts, site.language)
    when = format_period(period, site.language)
    return Plan(
        id=period.id,
        title=f"{newsletter_title(site, settings)}: {when}",
        url=_page_url(site, period.id),
        when=when,
        first=period.first,
        last=period.last,
        day=max(map(day_of, posts)),
        groups=groups,
        lead=choose_lead(groups, None, is_post=False),
    )


def single_plan(post: Post) -> Plan:
    """The issue that a post is by itself; the post's own page shows it."""
    day = day_of(post)
    groups = (PlannedSection("", (post,)),)
    title = one_line(post.title)
    return Plan(post_issue_id(post), title, post.url, "", day, day, day, groups, lead=post, is_post=True)


def name_days(site: Site, id: str, first: dt.date, last: dt.date) -> str:
    """What the days of an issue are called: by the period that its id names, else from first to last."""
    if period := parse_period(id):
        return format_period(period, site.language)
    return format_day(first, site.language) if first == last else format_days(first, last, site.language)


def page_path(id: str) -> str:
    """Where the page of an issue lies below the output."""
    return f"newsletter/{id}/index.html"


def _page_url(site: Site, id: str) -> str:
    return site.url + quote(page_path(id).removesuffix("index.html"))


def day_of(post: Post) -> dt.date:
    """The calendar day as written in the post, in its own offset."""
    return post.published.date()
