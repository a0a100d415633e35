"""An issue by its metadata alone: which posts, under which headings; nothing is rendered yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from feeds.config import NewsletterSettings
from feeds.errors import Location
from feeds.model import Post, Source, newest_first
from feeds.newsletter.wording import words


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A heading and its posts, in the order of the letter."""

    title: str
    posts: tuple[Post, ...]


class Gap(NamedTuple):
    """A post that the file of an issue lists and that cannot go out.

    `reason` says why, such as "is a draft"; "" where there is no such post.
    """

    path: str
    reason: str
    at: Location
    help: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """An issue before its posts are rendered; each of them stands in exactly one place.

    `when` is what its days are called, `day` the one that it is as new as. `groups` has every post under its
    heading, `lead` the one of them that stands before all headings. `subject` and `preheader` are as its file
    gives them, "" for those that are made of the posts; `intro` is the file's text, `at` the file (None: the
    issue is a period), `date` the day before which it is not to go out; `gaps` are what the file lists in
    vain. With `is_post` the issue is one post, and looks like it.
    """

    id: str
    title: str
    url: str
    when: str
    first: dt.date
    last: dt.date
    day: dt.date
    groups: tuple[PlannedSection, ...]
    lead: Post | None = None
    subject: str = ""
    preheader: str = ""
    intro: Source | None = None
    at: Location | None = None
    date: dt.date | None = None
    gaps: tuple[Gap, ...] = ()
    is_post: bool = False

    @property
    def sections(self) -> tuple[PlannedSection, ...]:
        """The headings with the posts that stand below them: all but the lead."""
        return tuple(_without(self.groups, {self.lead.id})) if self.lead else self.groups

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post once, in the order of the letter."""
        lead = (self.lead,) if self.lead else ()
        return (*lead, *(post for section in self.sections for post in section.posts))

    @property
    def has_page(self) -> bool:
        """Whether the site has a page for the issue, besides those of its posts."""
        return not self.is_post

    def is_over(self, day: dt.date) -> bool:
        """Whether no more posts will join the issue by themselves, and its date has come.

        That is after the last day of a period, and for an issue with a file from the `date` in it.
        """
        if self.at is None:
            return self.is_post or self.last < day
        return self.date is None or self.date <= day


def narrowed(plan: Plan, categories: Collection[str] | None) -> Plan | None:
    """The issue for readers who follow some categories only; None when nothing is left of it.

    Args:
        plan: the whole issue.
        categories: by name, in any spelling of capitals; None for all, and for posts without any.
    """
    if categories is None:
        return plan
    wanted = {category.casefold() for category in categories}
    return without(
        plan,
        {post.id for post in plan.posts if wanted.isdisjoint(map(str.casefold, post.categories))},
    )


def without(plan: Plan, ids: Collection[str]) -> Plan | None:
    """The issue without the posts of these ids; None when nothing is left of it."""
    groups = tuple(_without(plan.groups, ids))
    if not groups:
        return None
    lead = plan.lead if plan.lead and plan.lead.id not in ids else None
    return replace(plan, groups=groups, lead=choose_lead(groups, lead, is_post=plan.is_post))


def choose_lead(groups: Sequence[PlannedSection], wanted: Post | None, *, is_post: bool) -> Post | None:
    """The post that stands before all others: the wanted one, else the newest that is pinned.

    A single post needs no such place, unless the issue is that post.
    """
    posts = [post for group in groups for post in group.posts]
    if len(posts) < 2:
        return posts[0] if is_post and posts else None
    pinned = newest_first(post for post in posts if post.pinned)
    return wanted or next(iter(pinned), None)


def by_category(
    settings: NewsletterSettings, posts: Sequence[Post], language: str
) -> tuple[PlannedSection, ...]:
    """The posts under their categories, in the order that is configured for these; the newest post first."""
    order = _order(settings)
    groups = _grouped(settings, newest_first(posts), language)
    other = _other(settings, posts, language).casefold()

    def rank(key: str) -> tuple[int, bool, str]:
        return order.get(key, len(order)), key == other, key

    return tuple(groups[key] for key in sorted(groups, key=rank))


def as_listed(
    settings: NewsletterSettings, posts: Sequence[Post], language: str
) -> tuple[PlannedSection, ...]:
    """The posts under their categories, everything in the order in which they are listed."""
    return tuple(_grouped(settings, posts, language).values())


def _grouped(settings: NewsletterSettings, posts: Sequence[Post], language: str) -> dict[str, PlannedSection]:
    """The sections by heading in small letters, in the order of their first posts."""
    order = _order(settings)
    wanted = {category.casefold(): category for category in settings.categories}
    other = _other(settings, posts, language)
    titles: dict[str, str] = {}
    groups: dict[str, list[Post]] = {}
    for post in posts:
        title = _category(post, order) or other
        key = title.casefold()
        titles.setdefault(key, wanted.get(key, title))
        groups.setdefault(key, []).append(post)
    return {key: PlannedSection(titles[key], tuple(found)) for key, found in groups.items()}


def _order(settings: NewsletterSettings) -> dict[str, int]:
    return {category.casefold(): number for number, category in enumerate(settings.categories)}


def _other(settings: NewsletterSettings, posts: Sequence[Post], language: str) -> str:
    return settings.other or words(language)[1]["more" if any(post.categories for post in posts) else "posts"]


def _category(post: Post, order: Mapping[str, int]) -> str | None:
    """The category under which a post stands: the first by the configured order, else the first it lists."""
    configured = [category for category in post.categories if category.casefold() in order] if order else []
    if configured:
        return min(configured, key=lambda category: order[category.casefold()])
    return next(iter(post.categories), None)


def _without(groups: Iterable[PlannedSection], ids: Collection[str]) -> Iterator[PlannedSection]:
    """The sections without some posts; those that this leaves empty are gone."""
    for group in groups:
        if posts := tuple(post for post in group.posts if post.id not in ids):
            yield replace(group, posts=posts)
