"""What mail servers write back: letters that could not be delivered (RFC 3464), complaints (RFC 5965).

Who a letter was for is told by our own tokens, in the address to which it returned or in the letter that is
sent back with the report: nobody else can write them. A report without any is worth little, since everybody
can write one; it counts like a letter that came back for a reason that may pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from feeds.delivery.addresses import parse_address
from feeds.delivery.mailbox import addresses, header, text_of
from feeds.delivery.tokens import BOUNCE, LIST, UNSUBSCRIBE, Keys, find_tokens, read_token, subject_of
from feeds.errors import FeedsError

_RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To")
_DAEMONS = re.compile(r"(mailer-daemon|postmaster|mail-daemon|mailerdaemon)@?", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_OUR_FAULT = ("5.1.7", "5.1.8", "5.1.9")
"""Codes of 5.1.x that are about the sender (RFC 3463, 3.2)."""

_MAX_TEXT = 64_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """A letter that came back.

    `subject` is whose it was ("" where that is not known), `code` the status (RFC 3463; "" for none),
    `letter` what tells it from other letters, `is_proven` whether a token of ours told whose it was.
    """

    subject: str
    code: str
    letter: str
    is_proven: bool

    @property
    def is_hard(self) -> bool:
        """Whether the address is wrong for good: 5.1.x, and a token tells whose it was."""
        return self.is_proven and self.code.startswith("5.1.") and self.code not in _OUR_FAULT

    @property
    def is_policy(self) -> bool:
        """Whether it is us who are refused, not the address (5.7.x, and what is about the sender)."""
        return self.code.startswith("5.7.") or self.code in _OUR_FAULT


@dataclass(frozen=True, slots=True)
class Complaint:
    """A reader called a letter spam; `is_proven` as for a bounce."""

    subject: str
    is_proven: bool


def parse_bounce(message: Message, keys: Keys) -> Bounce | None:
    """The letter that a mail reports as undeliverable; None if it does not, or not yet (a delay).

    Read are delivery reports, and plain mails of mail servers as far as a token of ours stands in them.
    """
    if _report_type(message) == "delivery-status":
        return _parse_report(message, keys)
    if not is_from_server(message):
        return None
    text = "\n".join(_texts(message))
    subject = _token_subject(message, keys, text)
    codes = _STATUS.findall(text)
    return Bounce(subject, codes[0] if codes else "", _letter(message), True) if subject else None


def parse_complaint(message: Message, keys: Keys) -> Complaint | None:
    """The complaint that a mail reports, in the Abuse Reporting Format; None if it does not."""
    if _report_type(message) != "feedback-report":
        return None
    fields = next(_parts(message, "message/feedback-report"), None)
    if fields is None:
        return None
    values = _fields(fields)
    if _first(values, "feedback-type").lower() == "not-spam":
        return None
    if subject := _token_subject(message, keys, "\n".join(_texts(message))):
        return Complaint(subject, is_proven=True)
    return Complaint(_subject_of(_first(values, "original-rcpt-to"), keys), is_proven=False)


def is_from_server(message: Message) -> bool:
    """Whether a mail server wrote a mail by itself, rather than somebody's program that answers for them."""
    return any(_DAEMONS.match(address) for address in addresses(message, "From"))


def has_no_sender(message: Message) -> bool:
    """Whether a mail came with the null envelope sender, to which nobody may answer (RFC 5321, 4.5.5)."""
    return str(message.get("Return-Path", "")).strip() == "<>"


def _parse_report(message: Message, keys: Keys) -> Bounce | None:
    report = next(_parts(message, "message/delivery-status"), None)
    if report is None:
        return None
    values = _fields(report)
    if "failed" not in [action.lower() for action in values.get("action", ["failed"])]:
        return None
    code = _first(values, "status")
    known = _STATUS.search(code)
    code = known[1] if known else ""
    told = _STATUS.search(_first(values, "diagnostic-code"))
    if told and (not code or code.endswith(".0.0")):  # many servers know better than their status says
        code = told[1]
    if subject := _token_subject(message, keys, "\n".join(_texts(message))):
        return Bounce(subject, code, _letter(message), is_proven=True)
    recipient = _first(values, "original-recipient") or _first(values, "final-recipient")
    subject = _subject_of(recipient.partition(";")[2] or recipient, keys)
    return Bounce(subject, code, _letter(message), is_proven=False)


def _token_subject(message: Message, keys: Keys, text: str) -> str:
    """Whose token a mail holds: in the addresses that it went to, else in the letter that it sends back."""
    for value in addresses(message, *_RECIPIENT_HEADERS):
        for token in find_tokens(value):
            if subject := read_token(keys, LIST, token, BOUNCE):
                return subject
    for token in find_tokens(text):
        for purpose in (UNSUBSCRIBE, BOUNCE):
            if subject := read_token(keys, LIST, token, purpose):
                return subject
    return ""


def _texts(message: Message) -> Iterator[str]:
    """What may hold a token: headers of the parts, among them the letter sent back, and their text."""
    left = _MAX_TEXT
    for part in message.walk():
        heads = [] if part is message else [f"{name}: {value}" for name, value in part.items()]
        text = "\n".join((*heads, "" if part.is_multipart() else text_of(part)))
        yield text[:left]
        left -= min(left, len(text))


def _letter(message: Message) -> str:
    """What tells the letter that came back from others: its Message-ID, else the report's own."""
    for part in message.walk():
        if part is not message and (own := header(part, "Message-ID")):
            return own[:200]
    for text in _texts(message):
        if found := re.search(r"^message-id:\s*(\S{1,200})", text, re.IGNORECASE | re.MULTILINE):
            return found[1]
    return header(message, "Message-ID")[:200]


def _report_type(message: Message) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    return str(message.get_param("report-type", "")).lower()


def _parts(message: Message, kind: str) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_content_type() == kind)


def _fields(part: Message) -> dict[str, list[str]]:
    """The fields of a machine's part, from all of its blocks, by their names in small letters."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else [part]
    found: dict[str, list[str]] = {}
    for block in blocks:
        if not isinstance(block, Message):
            continue
        items = block.items()
        if block is part:  # a feedback report is text, a delivery status is blocks of headers
            text = re.sub(r"\r?\n[ \t]+", " ", text_of(part))
            items = [(name, value) for name, _, value in (line.partition(":") for line in text.splitlines())]
        for name, value in items:
            found.setdefault(name.strip().lower(), []).append(" ".join(str(value).split()))
    return found


def _first(fields: dict[str, list[str]], name: str) -> str:
    return fields.get(name, [""])[0]


def _subject_of(address: str, keys: Keys) -> str:
    try:
        return subject_of(keys, parse_address(address.strip().strip("<>")).key)
    except FeedsError:
        return ""
