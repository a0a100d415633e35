"""Mails of readers: please subscribe me, yes I mean it, please unsubscribe me.

Nobody is subscribed by one mail, whose sender anybody can write: the address is asked first, and only the
token in the answer, which nobody else has seen, counts (double opt-in). To unsubscribe, the token of a letter
or else the sender is enough: the law wants such a mail obeyed, and a forged one costs a letter, not a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from enum import Enum

from feeds.delivery.addresses import Address
from feeds.delivery.bounces import has_no_sender, is_from_server
from feeds.delivery.mailbox import addresses, header, sender_of
from feeds.delivery.tokens import CONFIRM, LIST, UNSUBSCRIBE, Keys, find_tokens, read_token, subject_of


class Wish(Enum):
    """What a mail asks for."""

    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Request:
    """A mail that asks for something: `subject` is who asks, `sender` their address as the mail has it.

    `has_token` says that a token told who asks.
    """

    wish: Wish
    subject: str
    sender: Address | None
    has_token: bool


_REPLY = re.compile(r"\s*(?:(?!auto|ooo)[^\W\d_]{2,5}(?:\[\d+\])?\s*[:\uff1a]\s*)*", re.IGNORECASE)
"""What programs put before the subject they answer: `Re:`, `AW:`, `Antw:`, `回复:`; nothing longer."""

_PRECEDENCES = ("auto_reply", "bulk", "junk", "list")
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


def is_automatic(message: Message) -> bool:
    """Whether a program wrote a mail by itself (RFC 3834, section 5, and what came before it)."""
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or header(message, "Precedence").lower() in _PRECEDENCES
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or is_from_server(message)
        or has_no_sender(message)
    )


def parse_request(message: Message, keys: Keys, opening: Callable[[], str] = str) -> Request | None:
    """What a reader's mail asks for; None if it asks for nothing that is understood.

    A token counts in the subject, or in the address behind a `+`; so do the words subscribe and unsubscribe.
    Whether a program wrote the mail is left to `is_automatic`.

    Args:
        message: the mail.
        keys: the keys of the ledger.
        opening: gives the first word of the question that is answered, in small letters, beside `confirm`.
    """
    sender = sender_of(message)
    title = header(message, "Subject")
    tags = [address.partition("@")[0].partition("+")[2].lower() for address in addresses(message, *_TO)]
    words = _REPLY.sub("", title, count=1).lower()
    for token in find_tokens(" ".join((title, *tags))):
        if subject := read_token(keys, LIST, token, UNSUBSCRIBE):
            return Request(Wish.UNSUBSCRIBE, subject, sender, has_token=True)
        if subject := read_token(keys, LIST, token, CONFIRM):
            # An answering machine repeats the subject behind words of its own.
            is_tagged = any(tag.startswith("confirm") for tag in tags)
            if is_tagged or words.startswith(("confirm", opening() or "confirm")):
                return Request(Wish.CONFIRM, subject, sender, has_token=True)
    if sender is None:
        return None
    subject = subject_of(keys, sender.key)
    if re.match(r"unsubscribe\b", words) or "unsubscribe" in tags:
        return Request(Wish.UNSUBSCRIBE, subject, sender, has_token=False)
    if re.match(r"subscribe\b", words) or "subscribe" in tags:
        return Request(Wish.SUBSCRIBE, subject, sender, has_token=False)
    return None
