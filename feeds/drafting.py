"""The letters of an issue that is about to be sent: one for each set of categories that readers follow."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feeds.archive import archive_url
from feeds.compilation import stop_on_problems
from feeds.config import Settings
from feeds.delivery.messages import Mailing, Variant, compile_variant
from feeds.errors import Finding, Severity
from feeds.formats import main_feed
from feeds.gathering import Gathered, gather
from feeds.generators import load_site
from feeds.lockfile import digest_of
from feeds.model import Letter, Post, Site, lasting_path
from feeds.newsletter import Plan, load_look, narrowed, newsletter_title, render_letter, without
from feeds.newsletter.message import host_of, sender_of
from feeds.planning import compile_planned, load_plans
from feeds.preflight import Candidate, Checked, check
from feeds.rendering import render_entries

Audience = Mapping[str | None, int]
"""Each set of categories that people follow, as the ledger stores it (None: all), and how many they are."""


@dataclass(frozen=True, slots=True)
class SentPost:
    """A post that went out: in which issue, and what it was known by then."""

    issue: str
    id: str
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What issues are drafted from: the posts, every issue in the order of their days, and what was sent.

    `sent` gives the issue in which a post went out, by the post's id and by its path; `subjects` those of
    the issues that were sent, by their ids.
    """

    gathered: Gathered
    plans: tuple[Plan, ...]
    now: dt.datetime
    sent: Mapping[str, str]
    subjects: Mapping[str, str]
    findings: list[Finding]

    @property
    def site(self) -> Site:
        """The site whose posts they are."""
        return self.gathered.site

    def sent_in(self, post: Post) -> str:
        """The issue in which a post went out; "" if it did not."""
        return self.sent.get(post.id) or self.sent.get(lasting_path(post), "")

    @property
    def today(self) -> dt.date:
        """The day that it is on the site."""
        return self.now.astimezone(ZoneInfo(self.site.timezone)).date()


@dataclass(frozen=True, slots=True)
class Draft:
    """An issue that could be sent now.

    `audience` gives the letter of each set of categories, by its index in `letters`, None for those who get
    none; `left_out` are posts of its days that went out in an earlier issue; `hash` is of all letters.
    """

    site: Site
    plan: Plan
    letters: tuple[Letter, ...]
    audience: Mapping[str | None, int | None]
    people: Audience
    left_out: tuple[Post, ...]
    checks: tuple[Checked, ...]
    hash: str

    @property
    def recipients(self) -> int:
        """How many people get it."""
        return sum(count for key, count in self.people.items() if self.audience[key] is not None)

    @property
    def passed_over(self) -> int:
        """How many people follow nothing that is in it."""
        return sum(self.people.values()) - self.recipients

    @property
    def is_sound(self) -> bool:
        """Whether no check has found an error."""
        found = (finding for checked in self.checks for finding in checked.findings)
        return all(finding.severity is not Severity.ERROR for finding in found)


def open_desk(
    settings: Settings, now: dt.datetime, gone: Sequence[SentPost], subjects: Mapping[str, str]
) -> Desk:
    """Read the posts and plan every issue.

    Args:
        settings: the project's.
        now: decides which posts are due and which issues are over.
        gone: the posts that went out.
        subjects: those of the issues that were sent, by their ids.

    Raises:
        FeedsError: what is wrong in the user's files.
    """
    findings: list[Finding] = []
    site = load_site(settings, findings.append)
    gathered = gather(settings, site, now, findings.append)
    stop_on_problems(findings, strict=False)
    sent = _sent(gathered.posts, gone)
    return Desk(gathered, load_plans(gathered), now, sent, subjects, findings)


def _sent(posts: Sequence[Post], gone: Sequence[SentPost]) -> dict[str, str]:
    """The issues of posts that went out, by the posts' ids and paths.

    By path too, since without a lock a post's id is its address, in which its date may stand. Where neither
    is there any more, the one post that says the same is meant.
    """
    sent = {name: post.issue for post in gone for name in (post.id, post.path)}
    here = {name for post in posts for name in (post.id, lasting_path(post))}
    lost = {post.digest: post.issue for post in gone if here.isdisjoint((post.id, post.path))}
    if not lost:
        return sent
    digests = {post.id: digest_of(post) for post in posts}
    counts = Counter(digests.values())
    return sent | {id: lost[each] for id, each in digests.items() if each in lost and counts[each] == 1}


def unsent(desk: Desk, plan: Plan) -> Plan | None:
    """The issue without the posts that went out in others; a file that lists one asks for it again."""
    if plan.at is not None:
        return plan
    ids = {post.id for post in plan.posts if desk.sent_in(post) not in ("", plan.id)}
    return without(plan, ids)


def make_draft(desk: Desk, plan: Plan, people: Audience) -> Draft:
    """Render the letters of an issue and look them over.

    Args:
        desk: what it is drafted from.
        plan: the issue as it is to go out (see `unsent`).
        people: who is to get it.

    Raises:
        FeedsError: what is wrong in the user's files.
    """
    gathered, settings = desk.gathered, desk.gathered.settings
    entries = render_entries(gathered, plan.posts)
    look = load_look(
        desk.site,
        settings.newsletter,
        desk.findings.append,
        feed=main_feed(settings.feeds.formats),
    )
    letters: list[Letter] = []
    numbers: dict[tuple[str, ...], int] = {}
    audience: dict[str | None, int | None] = {}
    # The whole letter comes first even if nobody follows everything: it is the one that is shown and checked.
    for stored in (None, *(key for key in people if key is not None)):
        part = narrowed(plan, None if stored is None else _categories(stored))
        if part is None:
            audience[stored] = None
            continue
        key = tuple(post.id for post in part.posts)
        if key not in numbers:
            numbers[key] = len(letters)
            issue = compile_planned(gathered, part, entries)
            letters.append(render_letter(look, issue, desk.findings.append))
        audience[stored] = numbers[key]
    stop_on_problems(desk.findings, strict=False)
    whole = next((each for each in desk.plans if each.id == plan.id), plan)
    ids = {post.id for post in plan.posts}
    candidate = Candidate(
        settings,
        desk.site,
        plan,
        letters,
        desk.now,
        desk.today,
        desk.sent_in,
        desk.subjects,
        _strays(gathered.posts, people),
    )
    return Draft(
        site=desk.site,
        plan=plan,
        letters=tuple(letters),
        audience=audience,
        people={None: 0, **people},
        left_out=tuple(post for post in whole.posts if post.id not in ids),
        checks=check(candidate),
        hash=_hash(letters),
    )


def make_variants(
    settings: Settings, draft: Draft, now: dt.datetime, *, is_test: bool = False
) -> tuple[Variant, ...]:
    """The letters as messages, complete but for who they are to.

    Raises:
        FeedsError: what a message needs is missing, or cannot stand in one.
    """
    site, send = draft.site, settings.send
    mailing = Mailing(
        issue=draft.plan.id,
        host=host_of(site),
        title=newsletter_title(site, settings.newsletter),
        sender=sender_of(site, settings.newsletter),
        date=now,
        reply_to=send.reply_to,
        unsubscribe=send.unsubscribe,
        mailbox=send.mailbox,
        bounces=send.bounces,
        archive=archive_url(site) if draft.plan.has_page else "",
        signup=settings.newsletter.signup,
        is_test=is_test,
    )
    return tuple(
        compile_variant(mailing, letter.issue.subject, letter.html, letter.text) for letter in draft.letters
    )


def _categories(stored: str) -> tuple[str, ...]:
    """The categories of a set, as the ledger stores it."""
    return tuple(json.loads(stored))


def _strays(posts: Sequence[Post], people: Audience) -> dict[tuple[str, ...], int]:
    """The sets of categories of which no post has any, with how many people follow each."""
    known = {category.casefold() for post in posts for category in post.categories}
    sets = {_categories(stored): count for stored, count in people.items() if stored is not None}
    return {names: count for names, count in sets.items() if known.isdisjoint(map(str.casefold, names))}


def _hash(letters: Sequence[Letter]) -> str:
    """What names these letters, whoever they go to and whenever."""
    digest = hashlib.sha256()
    for letter in letters:
        for part in (letter.issue.subject, letter.html, letter.text):
            digest.update(hashlib.sha256(part.encode()).digest())
    return digest.hexdigest()
