"""The newsletter on the web: every issue as a page, a page that lists them, a feed of those that are over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import PurePosixPath
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feeds.columns import one_line
from feeds.config import Settings
from feeds.formats import FORMATS, feed_files, feed_path
from feeds.index import Index
from feeds.model import Entry, Excerpt, Feed, Fields, Issue, Output, Post, Site, Source
from feeds.newsletter import Look, Plan, compile_issue, newsletter_title
from feeds.newsletter.planners import page_path
from feeds.newsletter.wording import STRINGS, words
from feeds.pages import Listed, ListedIssue, Newsletter, render_archive

FOLDER = "newsletter"
"""Where all of it lies below the output."""

_TITLES = 50
"""How many titles an entry of the feed of issues lists."""


class Archive(NamedTuple):
    """The issues that are shown, the oldest first.

    `whole` are the ids of those whose pages show excerpts; the pages of the others have titles alone.
    """

    plans: tuple[Plan, ...]
    whole: frozenset[str]

    @property
    def shown(self) -> tuple[Post, ...]:
        """The posts whose excerpts some page shows."""
        return tuple(post for plan in self.plans if plan.id in self.whole for post in plan.posts)


def plan_archive(site: Site, plans: Iterable[Plan], limit: int, now: dt.datetime | None) -> Archive:
    """Decide which issues are shown, and which of them with excerpts.

    An issue of which a file says a date to come waits for that. The newest are shown with excerpts, until
    `limit` posts are; an issue is never parted, so that the last of them may show some more.

    Args:
        site: its zone is that of dates.
        plans: every issue, the oldest first.
        limit: how many posts are shown with excerpts; 0 is all of them.
        now: decides which dates have come; None for all.
    """
    zone = ZoneInfo(site.timezone)
    shown = tuple(
        plan for plan in plans if plan.has_page and not (now and plan.date and _due(plan, zone) > now)
    )
    whole: list[str] = []
    count = 0
    for plan in reversed(shown):
        if limit and count >= limit:
            break
        whole.append(plan.id)
        count += len(plan.posts)
    return Archive(shown, frozenset(whole))


def compile_issues(
    site: Site,
    settings: Settings,
    archive: Archive,
    entries: Mapping[str, Entry],
    intros: Mapping[str, Excerpt | None],
) -> tuple[Issue, ...]:
    """Every issue, the oldest first.

    Args:
        site: whose newsletter it is.
        settings: those of the newsletter.
        archive: how the issues are planned.
        entries: those of the posts that are shown with excerpts, by the id of their post.
        intros: the editor's introductions, by the id of their issue.
    """
    return tuple(
        compile_issue(
            site,
            settings.newsletter,
            plan,
            entries if plan.id in archive.whole else {},
            intros.get(plan.id),
        )
        for plan in archive.plans
    )


def page_outputs(
    look: Look, issues: Sequence[Issue], feed: Listed | None, draw: Callable[..., Output]
) -> Iterator[Output]:
    """The page of every issue, linked to its neighbours and to the list of all.

    Args:
        look: what pages are made with.
        issues: all of them, the oldest first.
        feed: that of the issues; None where there is none.
        draw: makes the page of an issue, of what `render_page` makes it but for the look.

    Raises:
        FeedsError: a template cannot be used.
    """
    feeds = [(each.media_type, feed.feed.title, each.url) for each in feed.addresses] if feed else []
    title = newsletter_title(look.site, look.settings)
    links = [(issue_name(title, issue), issue.url) for issue in issues]
    for older, issue, newer in zip((None, *links), issues, (*links[1:], None), strict=False):
        yield draw(issue, archive_url=archive_url(look.site), newer=newer, older=older, feeds=feeds)


def archive_url(site: Site) -> str:
    """The address of the page that lists every issue."""
    return f"{site.url}{FOLDER}/"


def issue_name(title: str, issue: Issue) -> str:
    """What an issue is called where the newsletter's own title stands above it."""
    return issue.title.removeprefix(f"{title}: ")


def is_issue_page(path: str) -> bool:
    """Whether a file below the output is where the page of an issue lies."""
    parts = PurePosixPath(path).parts
    return len(parts) == 3 and parts[0] == FOLDER and parts[2] == "index.html"


def index_output(
    site: Site,
    settings: Settings,
    archive: Archive,
    issues: Sequence[Issue],
    feed: Listed | None,
    index: Index | None = None,
) -> Output:
    """The page that lists every issue.

    Args:
        site: whose newsletter it is.
        settings: the newsletter's name, templates and signup.
        archive: how the issues are planned.
        issues: all of them, the oldest first.
        feed: that of the issues; None where there is none.
        index: what the last build made.

    Raises:
        FeedsError: a template cannot be used.
    """
    title = newsletter_title(site, settings.newsletter)
    listed = [
        ListedIssue(
            name=issue_name(title, issue),
            url=issue.url,
            first=issue.first,
            last=issue.last,
            day=plan.day,
            posts=plan.posts,
        )
        for plan, issue in zip(archive.plans, issues, strict=True)
    ]
    newsletter = Newsletter(title, feed, settings.newsletter.signup)
    folder = settings.newsletter.templates
    return render_archive(site, folder, newsletter, listed, words(site.language), index)


def issues_feed(
    site: Site, settings: Settings, archive: Archive, issues: Sequence[Issue], now: dt.datetime
) -> Feed:
    """The feed with an entry for each issue that is over, the newest first.

    An entry's id is the address of the issue's page, its content the introduction and the titles. While no
    issue is over, the feed is as new as the first day of the first.

    Args:
        site: whose newsletter it is.
        settings: how many entries a feed holds, and its hub.
        archive: how the issues are planned.
        issues: all of them, the oldest first; at least one.
        now: decides which issues are over, and nothing else.
    """
    zone = ZoneInfo(site.timezone)
    dated = [(_due(plan, zone), plan, issue) for plan, issue in zip(archive.plans, issues, strict=True)]
    over = sorted(
        (each for each in dated if each[0] <= now),
        key=lambda each: (each[0], each[1].id),
        reverse=True,
    )
    chosen = over[: settings.feeds.limit] if settings.feeds.limit else over
    title, (_, strings) = newsletter_title(site, settings.newsletter), words(site.language)
    name = title if title != site.title else f"{title}: {strings['archive']}"
    return Feed(
        id=archive_url(site),
        title=name,
        description=f"Each issue of {title}, once it is complete" if strings is STRINGS else name,
        folder=FOLDER,
        home_url=archive_url(site),
        language=site.language,
        updated=chosen[0][0] if chosen else dt.datetime.combine(issues[0].first, dt.time(), zone),
        entries=tuple(_entry(site, plan, issue, due) for due, plan, issue in chosen),
        hub=settings.feeds.hub,
        is_complete=len(chosen) == len(over),
    )


def feed_paths(settings: Settings, feed: Feed) -> tuple[str, ...]:
    """Where the files of the feed lie below the output."""
    return tuple(feed_path(feed, FORMATS[name]) for name in settings.feeds.formats)


def issues_feed_outputs(
    site: Site, settings: Settings, feed: Feed, index: Index | None = None
) -> Iterator[Output]:
    """The files of the feed of issues, those that the last build made of the same taken from there."""
    return feed_files(site, feed, settings.feeds.formats, index)


def next_issue_due(site: Site, plans: Iterable[Plan], now: dt.datetime) -> dt.datetime | None:
    """When the feed and the list of issues change by the clock alone, next time; None for never."""
    zone = ZoneInfo(site.timezone)
    dues = (_due(plan, zone) for plan in plans if plan.has_page)
    return min((due for due in dues if due > now), default=None)


def _due(plan: Plan, zone: ZoneInfo) -> dt.datetime:
    """The instant from which an issue is over: the day of its file begins, else its last day has ended."""
    if plan.date:
        return dt.datetime.combine(plan.date, dt.time(), zone)
    if plan.last == dt.date.max:
        return dt.datetime.max.replace(tzinfo=dt.UTC)
    return dt.datetime.combine(plan.last + dt.timedelta(days=1), dt.time(), zone)


def _entry(site: Site, plan: Plan, issue: Issue, due: dt.datetime) -> Entry:
    """An issue as the entry of a feed: its source is its page, and it has no author but the site's."""
    post = Post(
        id=issue.url,
        url=issue.url,
        title=issue.subject,
        published=due,
        updated=due,
        authors=(),
        categories=(),
        tags=(),
        language=site.language,
        description="",
        image="",
        pinned=False,
        source=_source(issue),
    )
    return Entry(post, _content(site, plan, issue))


def _source(issue: Issue) -> Source:
    path = page_path(issue.id)
    return Source(path, Fields(path, {}), "", 1)


def _content(site: Site, plan: Plan, issue: Issue) -> Excerpt:
    """The introduction, the lead, then each heading with the titles below it, as far as readers look.

    It is the same whether the issue's page shows excerpts or not.
    """
    parts = [issue.intro] if issue.intro else []
    texts = [issue.intro_text] if issue.intro else []
    if plan.lead:
        parts.append(f"<p><b>{_title(plan.lead)}</b></p>")
        texts.append(plan.lead.title)
    room = _TITLES
    for section in plan.sections:
        posts = section.posts[:room]
        room -= len(posts)
        if posts:
            heading = one_line(section.title)
            items = "\n".join(f"<li>{_title(post)}</li>" for post in posts)
            parts.append(f"<h3>{escape(heading)}</h3>\n<ul>\n{items}\n</ul>")
            texts.append("\n".join([heading, *(f"- {post.title}" for post in posts)]))
    if more := sum(len(section.posts) for section in plan.sections) - (_TITLES - room):
        more_on_site = words(site.language)[1]["more_on_site"] % more
        parts.append(f'<p><a href="{escape(issue.url)}">{escape(more_on_site)}</a></p>')
        texts.append(more_on_site)
    return Excerpt("\n".join(parts), "\n\n".join(texts), is_whole=False)


def _title(post: Post) -> str:
    return f'<a href="{escape(post.url)}">{escape(post.title)}</a>'
