"""What must hold before an issue is sent: each check looks at one thing, and says what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from feeds.config import Settings
from feeds.errors import Finding, Location, Severity
from feeds.model import UNSUBSCRIBE_URL, Letter, Post, Site
from feeds.newsletter import Plan
from feeds.newsletter.budget import TOO_LARGE, letter_size

_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|TK|TKTK|XXX)\b|(?i:\blorem ipsum\b)")
"""What writers leave where something is still to come."""

_MERGE_TAG = re.compile(r"\*\|[A-Z_:]+\|\*|\{\{[^{}]*(?i:unsub)[^{}]*\}\}|%%(?i:unsub)\w*%%")
"""What other senders' programs would fill in."""

_SCHEMES = ("https://", "http://", "mailto:", "tel:", "sms:", "xmpp:", "geo:")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An issue about to be sent: its letters (the first is the whole one), and what was sent before.

    `sent_in` gives the issue in which a post went out, "" if it did not; `subjects` those of the issues that
    were sent, by their ids; `strays` are the sets of categories that no post has any of, and how many people
    follow each.
    """

    settings: Settings
    site: Site
    plan: Plan
    letters: Sequence[Letter]
    now: dt.datetime
    today: dt.date
    sent_in: Callable[[Post], str]
    subjects: Mapping[str, str]
    strays: Mapping[tuple[str, ...], int]

    @property
    def letter(self) -> Letter:
        """The whole letter."""
        return self.letters[0]


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: what it looked at, and what it found."""

    name: str
    findings: tuple[Finding, ...]


def check(candidate: Candidate) -> tuple[Checked, ...]:
    """Run every check, in the order in which a plan shows them."""
    return tuple(Checked(name, tuple(look(candidate))) for name, look in CHECKS.items())


def _period(candidate: Candidate) -> Iterator[Finding]:
    plan = candidate.plan
    if not plan.is_over(candidate.today):
        message = (
            f"the date of the issue {plan.id}, {plan.date}, is still to come"
            if plan.date
            else f"the issue {plan.id} is not over: posts until {plan.last} would not be in it"
        )
        yield _warning("not-over", message, plan.at, "wait for it, or send it now if that is meant")


def _posts(candidate: Candidate) -> Iterator[Finding]:
    for gap in candidate.plan.gaps:
        message = f"the issue lists {gap.path}, which {gap.reason or 'is no post'}"
        yield _error("unpublished", message, gap.at, gap.help or "publish it, or take it out of the issue")
    for post in candidate.plan.posts:
        if post.published > candidate.now:
            message = f"the post is dated {post.published.date()}, which is to come"
            at = post.source.fields.at("date")
            yield _error("unpublished", message, at, "wait for its date, or take it out of the issue")
        if (other := candidate.sent_in(post)) not in ("", candidate.plan.id):
            message = f"{post.title!r} went out in the issue {other} already"
            yield _warning("sent-before", message, candidate.plan.at, "take it out, unless that is meant")


def _words(candidate: Candidate) -> Iterator[Finding]:
    """Unfinished words in what an editor writes, and fields in templates; posts may be about such words."""
    issue, plan = candidate.letter.issue, candidate.plan
    told = " ".join([post.title for post in issue.posts] + [entry.excerpt.text for entry in issue.entries])
    own = {"subject": issue.subject, "preheader": issue.preheader, "introduction": issue.intro_text}
    for name, text in own.items():
        for word in sorted(set(_UNFINISHED.findall(text)).difference(_UNFINISHED.findall(told))):
            yield _error("unfinished", f"the {name} holds {word!r}", plan.at, "finish it")
    texts = (text for letter in candidate.letters for text in (letter.html, letter.text))
    fields = {field for text in texts for field in _MERGE_TAG.findall(text)}
    for field in sorted(fields.difference(_MERGE_TAG.findall(told))):
        message = f"{field} stands in the letter, which nothing would fill in"
        yield _error("placeholder", message, None, "show {{ unsubscribe_url }} in the template")


def _links(candidate: Candidate) -> Iterator[Finding]:
    links = _Links()
    for letter in candidate.letters:
        links.feed(letter.html)
    links.close()
    for url in dict.fromkeys(links.found):
        if url.startswith("#"):
            if url[1:] not in links.anchors:
                yield _error("dead-anchor", f"the letter links to {url}, which is not in it", None, "mend it")
        elif not url.lower().startswith(_SCHEMES):
            help = "write the whole address, beginning with https://"
            yield _error("relative-link", f"the letter links to {url!r}, which leads nowhere", None, help)


def _size(candidate: Candidate) -> Iterator[Finding]:
    size = max(letter_size(letter.html) for letter in candidate.letters)
    if size > TOO_LARGE:
        message = f"the letter has {size:,} bytes of HTML, and Gmail cuts it off at about {TOO_LARGE:,}"
        help = 'shorten its excerpts, or set overflow = "shorten" under [newsletter]'
        yield _error("letter-size", message, None, help)


def _sender(candidate: Candidate) -> Iterator[Finding]:
    if not candidate.settings.newsletter.sender:
        help = 'write sender = "Ada <ada@example.org>" under [newsletter]'
        yield _error("sender", "it is not said who sends the letter", None, help)


def _address(candidate: Candidate) -> Iterator[Finding]:
    if not candidate.settings.newsletter.address.strip():
        message = "the letter does not say where its sender can be reached by post"
        help = "write address under [newsletter]: the law of many countries asks for it"
        yield _error("no-postal-address", message, None, help)


def _unsubscribe(candidate: Candidate) -> Iterator[Finding]:
    send = candidate.settings.send
    if not send.unsubscribe and not send.mailbox:
        message = "readers would have no way to unsubscribe"
        help = "write unsubscribe (an https address with {token}) or mailbox under [send]"
        yield _error("no-unsubscribe", message, None, help)
    for letter in candidate.letters:
        for name, text in (("HTML", letter.html), ("text", letter.text)):
            if UNSUBSCRIBE_URL not in text:
                message = f"the letter's {name} has no link to unsubscribe"
                yield _error("no-unsubscribe", message, None, "show {{ unsubscribe_url }} in the template")


def _subject(candidate: Candidate) -> Iterator[Finding]:
    """An editor's can be mended; a post that is called as one before must not stop all later ones."""
    found = _error if candidate.plan.at else _warning
    subject = candidate.letter.issue.subject
    for id, other in candidate.subjects.items():
        if other == subject and id != candidate.plan.id:
            message = f"the issue {id} had the same subject: {subject!r}"
            help = "write another: Gmail shows mails of one subject as a conversation and hides what repeats"
            yield found("same-subject", message, candidate.plan.at, help)


def _readers(candidate: Candidate) -> Iterator[Finding]:
    if strays := candidate.strays:
        people = sum(strays.values())
        who = "1 subscriber follows" if people == 1 else f"{people:,} subscribers follow"
        names = ", ".join(map(repr, next(iter(strays)))) or "an empty list"
        message = f"{who} nothing but categories that no post has, and would get no letter: {names}"
        yield _warning("stray-category", message, None, "see whether they are called otherwise now")


CHECKS: dict[str, Callable[[Candidate], Iterator[Finding]]] = {
    "period": _period,
    "posts": _posts,
    "subject": _subject,
    "words": _words,
    "links": _links,
    "size": _size,
    "sender": _sender,
    "address": _address,
    "unsubscribing": _unsubscribe,
    "readers": _readers,
}
"""Every check by what it looks at."""


class _Links(HTMLParser):
    """The addresses that a letter names, and the anchors that it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.found += [(values[name] or "").strip() for name in ("href", "src") if name in values]
        self.anchors.update(value for name in ("id", "name") if (value := values.get(name)))


def _error(rule: str, message: str, at: Location | None, help: str) -> Finding:
    return Finding(Severity.ERROR, rule, message, at, help)


def _warning(rule: str, message: str, at: Location | None, help: str) -> Finding:
    return Finding(Severity.WARNING, rule, message, at, help)
