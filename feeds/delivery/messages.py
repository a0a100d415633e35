"""A letter as the messages that leave for its readers: built once, and completed for each of them in no time.

All readers of a variant get the same bytes but for who it is to, the message's id, and the token by which
they unsubscribe. So everything else is encoded once, and cut at the places of these three.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import quote as quote_url

from feeds.delivery.quoting import WIDTH, quote
from feeds.delivery.tokens import TOKEN_LENGTH
from feeds.delivery.transport import Envelope
from feeds.errors import FeedsError
from feeds.headers import ascii_domain, ascii_url, mailbox_field, parse_mailbox, text_field
from feeds.model import UNSUBSCRIBE_URL

MAX_LINE = 998
"""Bytes of a line without its CRLF (RFC 5322, 2.1.1)."""

_MAX_LOCAL_PART = 64
_MAX_ADDRESS = 254
"""Bytes of an address and of what stands before its `@` (RFC 5321, 4.5.3.1)."""

_VERSION = 1
_TEST = "test"
"""The token of a test copy: no key has signed it, so that following its links changes nothing."""

_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{1,{WIDTH}}}")
_ADDRESS = re.compile(r"[^\s\x00-\x20\x7f-\x9f\"(),:;<>@\[\\\]]+@[A-Za-z0-9.-]+")
_TO_GAP, _ID_GAP, _TOKEN_GAP = "\0to\0", "\0id\0", "\0token\0"
"""The places of what is each reader's own, while the message is built; NUL is in no message."""

_GAP = re.compile(r"\0([a-z]+)\0")


@dataclass(frozen=True, slots=True)
class Mailing:
    """What all letters of an issue have in common, apart from their text; values as in the settings.

    Attributes:
        issue: the issue's id.
        host: of the site's address; ids lie in it, and the newsletter's name for filters (`List-Id`).
        title: the newsletter's name.
        sender: name and address.
        date: when the issue was frozen; with an offset.
        reply_to: where answers go, if not to the sender.
        unsubscribe: the https address with `{token}` that takes one-click requests (RFC 8058).
        mailbox: the address that takes requests by mail.
        bounces: the envelope sender, with or without `{token}`, if not the sender.
        archive: the address of the web page of all issues.
        signup: the address of the page to sign up on.
        is_test: whether it is a copy for the editor's eyes: marked as such, and its links change nothing.
    """

    issue: str
    host: str
    title: str
    sender: tuple[str, str]
    date: dt.datetime
    reply_to: str = ""
    unsubscribe: str = ""
    mailbox: str = ""
    bounces: str = ""
    archive: str = ""
    signup: str = ""
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a message is to.

    Attributes:
        address: as it goes out, its domain in ASCII.
        name: "" for none.
        subject: the keyed hash by which the ledger knows the address.
        token: what proves a request to unsubscribe.
        bounce: what tells whose letter came back, in the envelope sender.
    """

    address: str
    name: str
    subject: str
    token: str
    bounce: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A letter, encoded, with gaps for what is each reader's own; `stored` is all of it, for `load`."""

    seed: str
    host: str
    sender: str
    token: str
    chunks: tuple[bytes, ...]
    gaps: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes that all its messages have in common."""
        return sum(map(len, self.chunks))

    @property
    def stored(self) -> bytes:
        """The variant in a form that lasts."""
        values: dict[str, Any] = {name: getattr(self, name) for name in ("seed", "host", "sender", "token")}
        values |= {"gaps": self.gaps, "chunks": [chunk.decode("ascii") for chunk in self.chunks]}
        return json.dumps({"version": _VERSION, **values}, sort_keys=True).encode()

    @classmethod
    def load(cls, stored: bytes) -> Variant:
        """The variant that was stored.

        Raises:
            FeedsError: a newer release has stored it.
        """
        values = json.loads(stored)
        if values.pop("version") != _VERSION:
            raise FeedsError(
                "the issue was frozen by a newer release of feeds",
                help="send it with that release",
                rule="ledger",
            )
        values["chunks"] = tuple(chunk.encode("ascii") for chunk in values["chunks"])
        return cls(**{**values, "gaps": tuple(values["gaps"])})


def compile_variant(mailing: Mailing, subject: str, html: str, text: str) -> Variant:
    """Build the message of a letter, in which `UNSUBSCRIBE_URL` stands for each reader's own address.

    Raises:
        FeedsError: there is no way to unsubscribe, or an address cannot stand in a message.
    """
    host = ascii_domain(mailing.host)
    if not host:
        raise FeedsError(f"the site's host {mailing.host!r} is no domain", rule="site-url")
    links = _unsubscribe_links(mailing)
    boundary = "=_" + hashlib.sha256(f"{mailing.issue}@{host}".encode()).hexdigest()[:32]
    body = _body(boundary, links[0], html, text)
    shown = f"[Test] {subject}" if mailing.is_test else subject
    lines = [*_headers(mailing, host, shown), *_list_headers(mailing, host, links)]
    lines += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"', "", body]
    whole = "\r\n".join(lines)
    _check_lines(whole)
    # Mail programs show one copy of an id: that of a test must not hide the letter itself, nor another test.
    seed = hashlib.sha256(whole.encode()).hexdigest() if mailing.is_test else mailing.issue
    pieces = _GAP.split(whole)
    return Variant(
        seed=seed,
        host=host,
        sender=_envelope_sender(mailing),
        token=_TEST if mailing.is_test else "",
        chunks=tuple(piece.encode("ascii") for piece in pieces[::2]),
        gaps=tuple(pieces[1::2]),
    )


def message(variant: Variant, recipient: Recipient) -> list[bytes]:
    """The message to one reader as it goes over the wire, in pieces.

    It depends on nothing but its arguments: a second copy has the same bytes, and the same id.

    Raises:
        FeedsError: the address or the token cannot stand in a message; the message does not hold the address.
    """
    token = variant.token or recipient.token
    if not _TOKEN.fullmatch(token):
        raise FeedsError(f"{token!r} is no token", rule="token")
    if not _ADDRESS.fullmatch(recipient.address) or len(recipient.address.encode()) > _MAX_ADDRESS:
        raise FeedsError("a recipient's address cannot stand in a header", rule="address")
    identity = hmac.digest(recipient.subject.encode(), variant.seed.encode(), "sha256")[:16].hex()
    values = {
        "to": _person("To", recipient.name, recipient.address).encode(),
        "id": f"{identity}@{variant.host}".encode(),
        "token": token.encode(),
    }
    chunks = [variant.chunks[0]]
    for gap, chunk in zip(variant.gaps, variant.chunks[1:], strict=True):
        chunks += (values[gap], chunk)
    return chunks


def envelope(variant: Variant, recipient: Recipient) -> Envelope:
    """From and to whom a message goes; the sender tells whose letter came back (VERP) if so configured."""
    sender = variant.sender.replace("{token}", variant.token or recipient.bounce)
    return Envelope(sender, recipient.address)


def _envelope_sender(mailing: Mailing) -> str:
    if not mailing.bounces:
        return mailing.sender[1]
    sender = _mailbox("bounces", mailing.bounces)[1]
    if len(sender.replace("{token}", "x" * TOKEN_LENGTH).rpartition("@")[0]) > _MAX_LOCAL_PART:
        raise FeedsError(
            f"the envelope sender would have more than {_MAX_LOCAL_PART} characters before its @",
            help="shorten what stands around {token} in [send] bounces",
            rule="config-value",
        )
    return sender


def _headers(mailing: Mailing, host: str, subject: str) -> Iterator[str]:
    yield mailbox_field("From", *mailing.sender)
    yield _TO_GAP
    yield text_field("Subject", subject)
    yield f"Date: {format_datetime(mailing.date.astimezone(dt.UTC))}"
    yield f"Message-ID: <{_ID_GAP}>"
    if mailing.reply_to:
        yield _person("Reply-To", *_mailbox("reply_to", mailing.reply_to))


def _list_headers(mailing: Mailing, host: str, links: list[str]) -> Iterator[str]:
    """What mail programs and filters know a newsletter by (RFC 2369, 2919, 3834, 8058).

    Addresses in angle brackets are neither encoded nor folded: programs that read them do not undo either.
    """
    owner = _mailbox("reply_to", mailing.reply_to)[1] if mailing.reply_to else mailing.sender[1]
    signup = _web_address("newsletter.signup", mailing.signup) if mailing.signup else ""
    yield mailbox_field("List-Id", mailing.title, f"newsletter.{host}")
    if links != [UNSUBSCRIBE_URL]:
        yield "List-Unsubscribe: " + ",\r\n ".join(f"<{link}>" for link in links)
    if mailing.unsubscribe:
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    if mailing.mailbox:
        yield f"List-Subscribe: <{_mailto(_mailbox('mailbox', mailing.mailbox)[1], 'subscribe')}>"
    elif signup:
        yield f"List-Subscribe: <{signup}>"
    yield f"List-Help: <{signup or _mailto(owner, 'help')}>"
    yield f"List-Owner: <{_mailto(owner)}>"
    if mailing.archive:
        yield f"List-Archive: <{_web_address('site.url', mailing.archive)}>"
    yield "List-Post: NO"
    yield f"Feedback-ID: {_feedback_id(mailing, host)}"
    yield "Auto-Submitted: auto-generated"
    yield "Precedence: bulk"


def _feedback_id(mailing: Mailing, host: str) -> str:
    """Campaign, list, kind and sender, by which Gmail counts complaints; the sender's never changes."""
    campaign = re.sub(r"[^A-Za-z0-9._-]", "-", mailing.issue)[:50]
    kind = _TEST if mailing.is_test else "letter"
    return f"{campaign}:newsletter:{kind}:{hashlib.sha256(host.encode()).hexdigest()[:12]}"


def _unsubscribe_links(mailing: Mailing) -> list[str]:
    """The addresses at which a reader unsubscribes, the one that a letter shows first."""
    links = []
    if mailing.unsubscribe:
        address = _web_address("send.unsubscribe", mailing.unsubscribe)
        links.append(address.replace("%7Btoken%7D", _TOKEN_GAP))
    if mailing.mailbox:
        address = _mailbox("mailbox", mailing.mailbox)[1]
        links.append(_mailto(address, f"unsubscribe {_TOKEN_GAP}"))
    if not links and not mailing.is_test:
        raise FeedsError(
            "readers would have no way to unsubscribe",
            help="name an address for it in [send] unsubscribe, or a mailbox in [send] mailbox",
            rule="no-unsubscribe",
        )
    return links or [UNSUBSCRIBE_URL]


def _body(boundary: str, link: str, letter: str, text: str) -> str:
    """Both parts; as `=` is always encoded in them, no line of theirs passes for the boundary."""
    body = ""
    for subtype, content, shown in (("plain", text, link), ("html", letter, escape(link))):
        pieces = content.replace("\0", "").replace(UNSUBSCRIBE_URL, shown).split(_TOKEN_GAP)
        body += f"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        body += f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{quote(pieces, _TOKEN_GAP)}\r\n"
    return f"{body}--{boundary}--\r\n"


def _check_lines(whole: str) -> None:
    """Only an address in angle brackets can be too long, as all else is folded."""
    for line in whole.split("\r\n"):
        if len(line) + WIDTH > MAX_LINE:
            shown = line.strip().replace("\0", "")[:60]
            raise FeedsError(f"an address is too long for a header: {shown}…", rule="header")


def _person(field: str, name: str, address: str) -> str:
    return mailbox_field(field, name, address) if name.strip() else f"{field}: {address}"


def _mailbox(key: str, text: str) -> tuple[str, str]:
    mailbox = parse_mailbox(text)
    if mailbox is None:
        raise FeedsError(f"{text!r} in [send] {key} is no mail address", rule="config-value")
    return mailbox


def _web_address(key: str, text: str) -> str:
    address = ascii_url(text)
    if not address:
        raise FeedsError(f"{key} {text!r} is no web address", rule="config-value")
    return address


def _mailto(address: str, subject: str = "") -> str:
    """The address of a mail to write (RFC 6068)."""
    local, _, domain = address.rpartition("@")
    link = f"mailto:{quote_url(local, safe='')}@{domain}"
    return f"{link}?subject={subject.replace(' ', '%20')}" if subject else link
