"""`feeds send`: an issue goes to each reader once, and what became of every letter is written down."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from feeds.config import Settings
from feeds.delivery.accounts import Account, account
from feeds.delivery.addresses import parse_address
from feeds.delivery.book import Book
from feeds.delivery.engine import Progress, Summary, send_issue
from feeds.delivery.frozen import FrozenIssue, audiences, freeze, load_issues, load_letters
from feeds.delivery.ledger import Addressee, end_run, expire, resume
from feeds.delivery.messages import Recipient, Variant, envelope, message
from feeds.delivery.rates import Rates
from feeds.delivery.runlock import run_lock
from feeds.delivery.states import State
from feeds.delivery.tokens import BOUNCE, LIST, UNSUBSCRIBE, Keys, token_of
from feeds.delivery.transport import (
    Envelope,
    Fault,
    Lost,
    Outcome,
    Transport,
    open_transport,
)
from feeds.delivery.workers import Clock, Make, Terms
from feeds.drafting import Desk, Draft, SentPost, make_draft, make_variants, open_desk, unsent
from feeds.errors import FeedsError, Finding, Location
from feeds.lockfile import digest_of
from feeds.model import lasting_path
from feeds.newsletter import Plan, choose

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks for.

    `now` decides which posts are due and which issues are over, `at` is when it happens; `issue` is the one
    that is meant, "" for the next; `first_run` says that the ledger has rightly sent nothing yet. `patience`
    is how many seconds to stay for servers that put letters off; `retry_unknown` sends those in doubt again.
    """

    now: dt.datetime
    at: dt.datetime
    issue: str = ""
    first_run: bool = False
    patience: float = 900.0
    retry_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a send would do: send a draft, go on with an issue that was begun, or nothing.

    `reason` says why there is nothing to do; `stale` are issues that were not sent to everybody in time;
    `is_first` where the ledger has sent no issue yet.
    """

    draft: Draft | None = None
    begun: Account | None = None
    reason: str = ""
    stale: tuple[Account, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_first: bool = False


def look_ahead(settings: Settings, book: Book, order: Order) -> Outlook:
    """What a send would do now; nothing is changed.

    Raises:
        UsageError: there is no such issue.
        FeedsError: what is wrong in the user's files.
    """
    accounts = [account(book, issue) for issue in load_issues(book)]
    now = order.at.timestamp()
    stale = tuple(each for each in accounts if each.waiting and now >= each.issue.expires_at)
    begun = _begun(accounts, order, now)
    if begun:
        return Outlook(begun=begun, stale=tuple(each for each in stale if each is not begun))
    desk = _desk(settings, order.now, accounts)
    known = {each.issue.id: each for each in accounts}
    plan, reason = _next_plan(desk, settings, order, known)
    people = audiences(book)
    if plan and plan.id in known:  # it was named by the file of a post
        return Outlook(begun=known[plan.id], stale=stale)
    if plan and not people:
        reason = f"{plan.id} waits for the first subscriber (feeds subscribers add, or import)"
        plan = None
    draft = make_draft(desk, plan, people) if plan else None
    return Outlook(
        draft=draft,
        reason=reason,
        stale=stale,
        findings=tuple(desk.findings),
        is_first=not accounts,
    )


def freeze_draft(settings: Settings, book: Book, draft: Draft, order: Order) -> FrozenIssue:
    """Store the letters of a draft and who gets which: from then on they stand for good.

    Raises:
        FeedsError: a check has failed, the ledger has sent nothing yet and that was not said to be right, or
            the subscribers have changed meanwhile.
    """
    if not draft.is_sound:
        message = f"the issue {draft.plan.id} cannot be sent as it is"
        raise FeedsError(message, draft.plan.at, "mend what the checks name", rule="preflight")
    if not order.first_run and not load_issues(book):
        raise FeedsError(
            "this ledger has sent no issue yet, so it knows of nobody who got one",
            Location(str(book.path)),
            "say --first-run if that is right; otherwise name the ledger of earlier issues with --ledger",
            rule="first-run",
        )
    frozen_at = order.at.timestamp()
    posts = [
        {"id": post.id, "path": lasting_path(post), "title": post.title, "digest": digest_of(post)}
        for post in draft.plan.posts
    ]
    details = {"title": draft.plan.title, "url": draft.plan.url, "posts": posts}
    issue = FrozenIssue(
        number=0,
        id=draft.plan.id,
        subject=draft.letters[0].issue.subject,
        hash=draft.hash,
        frozen_at=frozen_at,
        expires_at=frozen_at + settings.send.expires * _HOUR,
        details=json.dumps(details, ensure_ascii=False),
    )
    variants = make_variants(settings, draft, order.at)
    return freeze(book, issue, [variant.stored for variant in variants], draft.audience)


def deliver(
    settings: Settings,
    book: Book,
    keys: Keys,
    issue: FrozenIssue,
    order: Order,
    *,
    clock: Clock,
    boot: str,
    stop: threading.Event,
    progress: Callable[[Progress], None],
) -> Summary:
    """Send a frozen issue to everybody who is still to get it.

    Args:
        settings: the transport and its limits.
        book: the ledger.
        keys: its keys.
        issue: what is sent.
        order: whether letters in doubt are sent again.
        clock: the time.
        boot: what names this boot of this machine.
        stop: set to end after the letters in hand.
        progress: told how far it is.

    Raises:
        FeedsError: another send is running, the transport is not usable, or the ledger is not.
    """
    send = settings.send
    terms = Terms(
        Rates(send.per_second, send.per_hour, send.per_domain),
        connections=send.connections,
        patience=order.patience,
        retry_unknown=order.retry_unknown,
    )
    variants = [Variant.load(stored) for stored in load_letters(book, issue)]
    make = _maker(variants, keys)
    return send_issue(
        book,
        issue,
        transport_of(settings),
        make,
        terms,
        clock=clock,
        boot=boot,
        stop=stop,
        progress=progress,
    )


def lapse(book: Book, issue: FrozenIssue, boot: str, now: float) -> None:
    """Close an issue that is too old: what waits expires, and what a killed run had in hand is in doubt.

    Raises:
        FeedsError: a send is running, or the ledger cannot be used.
    """
    with run_lock(book.path):
        run, _ = resume(book, issue, boot, now)
        expire(book, issue, now)
        end_run(book, issue, run, now, "expired")


def send_test(settings: Settings, order: Order, address: str) -> tuple[Draft, str, tuple[Finding, ...]]:
    """Send one marked copy of an issue to somebody; no ledger is read or written.

    Returns:
        what was sent, what the transport answered, and what was found on the way.

    Raises:
        FeedsError: the address is none, there is no such issue, something is wrong in the user's files, or
            the transport did not take it.
    """
    to = parse_address(address)
    desk = _desk(settings, order.now, ())
    plan = choose(
        desk.site,
        settings.newsletter,
        desk.plans,
        desk.gathered.main,
        issue_id=order.issue or None,
    )
    if plan is None:
        raise FeedsError("there is no post that an issue could hold", rule="empty-issue")
    draft = make_draft(desk, plan, {None: 1})
    variant = make_variants(settings, draft, order.at, is_test=True)[0]
    recipient = Recipient(to.sent, "", subject="test", token="test", bounce="test")
    try:
        connection = transport_of(settings).connect()
        try:
            reply = connection.send(envelope(variant, recipient), message(variant, recipient), lambda: None)
        finally:
            connection.close()
    except Lost as error:
        raise Fault(f"the transport cannot be reached: {error}", rule="transport") from None
    if reply.outcome is not Outcome.ACCEPTED:
        raise FeedsError(f"the test copy was not taken: {reply.text}", rule="transport")
    return draft, reply.text, tuple(desk.findings)


def transport_of(settings: Settings) -> Transport:
    """The configured transport.

    Raises:
        FeedsError: none is configured, or it cannot be used.
    """
    if not settings.send.transport:
        raise FeedsError(
            "it is not said who takes the letters",
            help='write transport = "smtp+starttls://mail.example.org:587" under [send], or give --transport',
            rule="transport",
        )
    return open_transport(settings.send.transport, settings.environ, settings.root)


def _desk(settings: Settings, now: dt.datetime, accounts: Sequence[Account]) -> Desk:
    gone = [post for each in accounts for post in _posts_of(each.issue)]
    subjects = {each.issue.id: each.issue.subject for each in accounts}
    return open_desk(settings, now, gone, subjects)


def _posts_of(issue: FrozenIssue) -> list[SentPost]:
    """What `freeze_draft` kept of the posts of an issue."""
    try:
        posts: list[dict[str, str]] = json.loads(issue.details)["posts"]
        return [
            SentPost(issue.id, *(post.get(name, "") for name in ("id", "path", "digest"))) for post in posts
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"the ledger is damaged: it does not say which posts the issue {issue.id} had"
        raise FeedsError(message, help="put a backup in its place", rule="ledger-damaged") from None


def _begun(accounts: Sequence[Account], order: Order, now: float) -> Account | None:
    """The issue that was begun and is meant: by its name, else the oldest that is not through."""
    if order.issue:
        return next((each for each in accounts if each.issue.id == order.issue), None)
    for each in accounts:
        again = order.retry_unknown and each.counts[State.UNKNOWN]
        if (each.waiting or again) and now < each.issue.expires_at:
            return each
    return None


def _next_plan(
    desk: Desk, settings: Settings, order: Order, accounts: Mapping[str, Account]
) -> tuple[Plan | None, str]:
    """The issue to send, without what went out before; else why there is none."""
    if order.issue:
        named = choose(desk.site, settings.newsletter, desk.plans, desk.gathered.main, issue_id=order.issue)
        if named is None:
            return None, "there is no post that an issue could hold"
        return unsent(desk, named), f"every post of {named.id} went out in an earlier issue"
    over = [plan for plan in desk.plans if plan.is_over(desk.today)]
    if not over:
        return None, f"no issue is over yet{_coming(desk)}"
    for plan in _candidates(over, accounts, desk):
        if plan.at and all(map(desk.sent_in, plan.posts)):  # such as a file that got another name
            again = f"to send it again: feeds send {plan.id} --yes"
            return None, f"every post of {plan.id} went out in an earlier issue; {again}"
        if (rest := unsent(desk, plan)) is not None:
            return rest, ""
    newest = over[-1]
    sent = accounts.get(newest.id)
    if newest.is_post or sent is None:
        return None, f"every post has gone out{_coming(desk)}"
    day = dt.datetime.fromtimestamp(sent.issue.frozen_at, dt.UTC).date()
    return None, f"the newest issue that is over, {newest.id}, was sent on {day}{_coming(desk)}"


def _candidates(over: Sequence[Plan], accounts: Mapping[str, Account], desk: Desk) -> Iterator[Plan]:
    """Issues that are over and were not sent, in the order in which they may go out.

    Of digests only the newest; once it is sent, older ones stay unsent. Where each post is an issue, those
    that came after the newest post that went out, the oldest first; the first time only the newest.
    """
    newest = over[-1]
    if not newest.is_post:
        if newest.id not in accounts:
            yield newest
        return
    gone = [
        number
        for number, plan in enumerate(over)
        if plan.id in accounts or any(desk.sent_in(post) for post in plan.posts)
    ]
    yield from over[gone[-1] + 1 :] if gone else over[-1:]


def _coming(desk: Desk) -> str:
    """Which issue is the next to be over."""
    coming = [plan for plan in desk.plans if not plan.is_over(desk.today)]
    if not coming:
        return ""
    plan = coming[0]
    day = plan.date or plan.last + dt.timedelta(days=1)
    return f"; the next, {plan.id}, can be sent from {day} on"


def _maker(variants: Sequence[Variant], keys: Keys) -> Make:
    """What makes each reader's message of the letters that were frozen."""

    def make(who: Addressee) -> tuple[Envelope, Sequence[bytes]]:
        variant = variants[who.variant]
        recipient = Recipient(
            who.address,
            who.name,
            who.subject,
            token=token_of(keys, LIST, who.subject, UNSUBSCRIBE),
            bounce=token_of(keys, LIST, who.subject, BOUNCE),
        )
        return envelope(variant, recipient), message(variant, recipient)

    return make
