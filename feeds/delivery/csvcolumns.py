"""What the columns of other programs' lists mean, and the words they have for what became of a subscriber.

Known are the exports of Buttondown (docs.buttondown.com, "Subscribers"), Mailchimp (audience export),
listmonk (`cmd/subscribers.go`), Ghost (`members-csv`), and ours; others as far as they speak alike.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from feeds.delivery.people import WEIGHTS, Status

OWN_COLUMNS = ("address", "name", "language", "categories", "status", "changed", "consent_at", "consent_how")
"""What we export."""

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "address": (
        "email_address",
        "email",
        "e_mail",
        "e_mail_address",
        "emailadresse",
        "e_mail_adresse",
        "adresse_e_mail",
        "adresse_email",
        "correo_electronico",
        "indirizzo_email",
        "mail",
        "address",
    ),
    "name": ("name", "full_name", "display_name", "subscriber_name"),
    "first": ("first_name", "fname", "vorname", "prenom", "nombre", "nome", "voornaam"),
    "last": ("last_name", "lname", "nachname", "nom", "apellidos", "cognome", "achternaam"),
    "language": ("language", "locale", "lang"),
    "categories": ("categories",),
    "status": ("status", "type", "subscriber_type", "email_marketing_status"),
    "subscribed": ("subscribed_to_emails", "subscribed"),
    "unsubscribed": ("unsub_time", "unsubscription_date", "unsubscribed_at", "deleted_at"),
    "bounced": ("clean_time", "undeliverability_date"),
    "complained": ("complained_at",),
    "changed": (
        "changed",
        "unsub_time",
        "clean_time",
        "unsubscription_date",
        "undeliverability_date",
        "last_changed",
        "updated_at",
    ),
    "consent_at": (
        "consent_at",
        "confirm_time",
        "confirmed_at",
        "optin_time",
        "subscription_date",
        "creation_date",
        "created_at",
    ),
    "consent_how": ("consent_how",),
}
"""By what a column holds: its names, those that count first before the others."""

_WORDS: Mapping[Status, str] = {
    Status.ACTIVE: "active subscribed enabled regular premium gifted trialed unpaid churning churned paused "
    "past_due confirmed free paid comped true yes 1",
    Status.UNSUBSCRIBED: "unsubscribed unsubscribe disabled blocklisted blocked removed spammy deleted "
    "opted_out false no 0",
    Status.BOUNCED: "bounced cleaned undeliverable hard_bounced invalid",
    Status.COMPLAINED: "complained complaint abuse spam",
    Status.PENDING: "pending unactivated unconfirmed nonsubscribed non_subscribed not_subscribed "
    "transactional",
}
_STATUSES = {word: status for status, words in _WORDS.items() for word in words.split()}

_FILES = {
    "unsubscribed": Status.UNSUBSCRIBED,
    "cleaned": Status.BOUNCED,
    "nonsubscribed": Status.PENDING,
    "unsubscribers": Status.UNSUBSCRIBED,
}
"""What the first word of a file's name says of all in it (Mailchimp, Buttondown)."""

_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)?(?: [A-Z]{3,4})?)?"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a file hold what: their indices by our names, and what the file's name says."""

    columns: Mapping[str, int]
    status: Status | None = None
    delimiter: str = ";"
    """What stands between categories."""

    def cell(self, row: Sequence[str], name: str) -> str:
        """The text of a column in a row, "" if either is not there."""
        index = self.columns.get(name, len(row))
        return row[index].strip() if index < len(row) else ""


def find_layout(titles: Sequence[str], file: str, category_column: str = "") -> Layout:
    """The layout of a file by the titles of its columns; without an `address` if none is known.

    Args:
        titles: the first line.
        file: the file's name without its folder.
        category_column: the title of the column whose words are the categories followed; "" for ours.
    """
    known = {_plain(title): index for index, title in reversed(list(enumerate(titles)))}
    columns = {
        name: known[title]
        for name, candidates in _COLUMNS.items()
        if (title := next((title for title in candidates if title in known), None)) is not None
    }
    if "address" not in columns:
        mails = [index for title, index in known.items() if "mail" in title and "type" not in title]
        columns |= {"address": mails[0]} if len(mails) == 1 else {}
    if category_column:
        columns["categories"] = list(titles).index(category_column)
    first_word = re.split(r"[^a-z]", file.lower(), maxsplit=1)[0]
    return Layout(columns, _FILES.get(first_word), "," if category_column else ";")


def status_of(layout: Layout, row: Sequence[str]) -> Status:
    """What became of the subscriber of a row; where columns differ, the one that lets fewer letters out.

    Raises:
        ValueError: the word for it is not known; its text is that word.
    """
    found = [layout.status] if layout.status else []
    for name in ("status", "subscribed"):
        if word := _plain(layout.cell(row, name)):
            if word not in _STATUSES:
                raise ValueError(layout.cell(row, name))
            found.append(_STATUSES[word])
    for status in (Status.UNSUBSCRIBED, Status.BOUNCED, Status.COMPLAINED):
        if layout.cell(row, status.value):
            found.append(status)
    return max(found, key=lambda status: WEIGHTS.index(status.value), default=Status.ACTIVE)


def name_of(layout: Layout, row: Sequence[str]) -> str:
    """The name in a row, or first and last name joined."""
    return layout.cell(row, "name") or f"{layout.cell(row, 'first')} {layout.cell(row, 'last')}".strip()


def parse_instant(text: str) -> dt.datetime | None:
    """An instant as these programs write it; without an offset it is in UTC. None if it is not understood."""
    found = _INSTANT.fullmatch(text.strip())
    if not found:
        return None
    day, time, zone = found.groups()
    offset = "+00:00" if zone in (None, "Z", "UTC") else zone
    try:
        return dt.datetime.fromisoformat(f"{day}T{time or '00:00'}{offset}").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1_000)
def _plain(title: str) -> str:
    """A title or word without accents, capitals and punctuation: `E-Mail Address` is `e_mail_address`."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
