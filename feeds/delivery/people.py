"""Who receives letters: the nouns of the subscribers' part."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from feeds.delivery.addresses import Address


class Status(Enum):
    """What became of a subscription."""

    PENDING = "pending"
    """Asked for by mail, and not confirmed yet."""
    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    """Letters came back for good."""
    COMPLAINED = "complained"
    """Called a letter spam."""


FORGOTTEN = "forgotten"
"""The reason on the suppression list of somebody of whom nothing else is kept."""

WEIGHTS = ("active", "pending", "bounced", "unsubscribed", FORGOTTEN, "complained")
"""Statuses and reasons by how much it takes to write to somebody again."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody on the list.

    `address` is how it goes out, `key` how it is compared, `subject` its keyed hash, `categories` those that
    are followed (None: all, also coming ones), `consent_at` and `consent_how` the record of the consent.
    """

    id: int
    address: str
    key: str
    subject: str
    name: str = ""
    language: str = ""
    categories: frozenset[str] | None = None
    status: Status = Status.ACTIVE
    changed: dt.datetime | None = None
    consent_at: dt.datetime | None = None
    consent_how: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file or a command says of somebody, to be put on the list.

    `categories` None is all; where `knows_categories` is false nothing was said about them.
    """

    address: Address
    status: Status = Status.ACTIVE
    name: str = ""
    language: str = ""
    categories: frozenset[str] | None = None
    knows_categories: bool = False
    changed: dt.datetime | None = None
    consent_at: dt.datetime | None = None
    consent_how: str = ""
