"""Subscribing by mail: the address is asked, and is on the list when the answer comes (double opt-in).

To subscribe somebody else's address, one would have to read their mail. And nobody is pestered with such
questions: an address gets one a day at most, all together a limited number, and no text of whoever asked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from enum import Enum

from feeds.delivery.addresses import Address
from feeds.delivery.book import Book
from feeds.delivery.people import Status
from feeds.delivery.quoting import quote
from feeds.delivery.tokens import BOUNCE, CONFIRM, LIST, Keys, token_of
from feeds.delivery.transport import Connection, Envelope, Lost, Outcome
from feeds.errors import FeedsError
from feeds.headers import mailbox_field, text_field

DAYS = 30
"""How long a question stays open; then what was kept of the address is erased."""

A_DAY = 200
"""The most questions in 24 hours."""

Render = Callable[[dict[str, object]], str]


class Asked(Enum):
    """What became of a request to be subscribed."""

    SENT = "asked to confirm"
    TODAY = "asked today already"
    LATER = "to be asked later"
    REFUSED = "cannot be asked"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who asks, and how: name and address of the sender, the box that answers go to, and the envelope sender.

    `render` makes the text of the values `token`, `link` and `days`: the subject in its first line.
    """

    sender: tuple[str, str]
    mailbox: str
    bounces: str
    render: Render

    def opening(self) -> str:
        """The first word of the subject, in small letters, which answers begin with too."""
        return next(iter(self.render(_values(self, "")).split()), "").lower()


class Asker:
    """Sends the questions, over one connection that is made when the first has to be sent."""

    def __init__(
        self, book: Book, keys: Keys, letterhead: Letterhead, connect: Callable[[], Connection]
    ) -> None:
        self._book = book
        self._keys = keys
        self._head = letterhead
        self._connect = connect
        self._connection: Connection | None = None

    def opening(self) -> str:
        """The first word of the question, in small letters."""
        return self._head.opening()

    def ask(self, address: Address, subject: str, now: dt.datetime) -> Asked:
        """Ask an address whether it wants the letters. That it was asked is on the disk before it is.

        Raises:
            FeedsError: the ledger cannot be written, or the question's template not be used.
            Fault: the transport takes no mail of ours.
        """
        if address.needs_smtputf8:
            return Asked.REFUSED
        message = compile_question(self._head, self._keys, address, subject, now)
        if blocked := self._reserve(address, subject, now):
            return blocked
        bounce = token_of(self._keys, LIST, subject, BOUNCE)
        envelope = Envelope(self._head.bounces.replace("{token}", bounce), address.sent)
        try:
            outcome = self._send(envelope, message)
        except FeedsError:
            self._release(subject)
            raise
        if outcome in (Outcome.DEFERRED, Outcome.REJECTED):
            self._release(subject)
            return Asked.LATER if outcome is Outcome.DEFERRED else Asked.REFUSED
        return Asked.SENT

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _send(self, envelope: Envelope, message: bytes) -> Outcome:
        try:
            self._connection = self._connection or self._connect()
            return self._connection.send(envelope, [message], lambda: None).outcome
        except Lost:
            self.close()
            return Outcome.DEFERRED

    def _reserve(self, address: Address, subject: str, now: dt.datetime) -> Asked | None:
        """Write down that an address is asked now; or why it is not."""
        yesterday = (now - dt.timedelta(days=1)).isoformat()
        with self._book.write() as db:
            last = db.execute("SELECT at FROM confirmations WHERE subject = ?", [subject]).fetchone()
            if last and last[0] > yesterday:
                return Asked.TODAY
            number = db.execute("SELECT count(*) FROM confirmations WHERE at > ?", [yesterday]).fetchone()[0]
            if number >= A_DAY:
                return Asked.LATER
            db.execute("INSERT OR REPLACE INTO confirmations VALUES (?, ?)", [subject, now.isoformat()])
            columns = "(address, key, subject, status, changed)"
            values = [address.sent, address.key, subject, Status.PENDING.value, now.isoformat()]
            db.execute(f"INSERT OR IGNORE INTO subscribers {columns} VALUES (?, ?, ?, ?, ?)", values)
        return None

    def _release(self, subject: str) -> None:
        with self._book.write() as db:
            db.execute("DELETE FROM confirmations WHERE subject = ?", [subject])
            _erase_pending(db, "subject = ?", subject)


def confirm(book: Book, subject: str, now: dt.datetime) -> bool:
    """Put on the list who answers a question that is open; false where none is. It can be answered once.

    Whatever kept them off the list no longer counts, since they ask for it themselves.

    Raises:
        FeedsError: the ledger cannot be written.
    """
    with book.write() as db:
        asked = db.execute("SELECT at FROM confirmations WHERE subject = ?", [subject]).fetchone()
        if not asked or now - dt.datetime.fromisoformat(asked[0]) > dt.timedelta(days=DAYS):
            return False
        how = f"asked by mail on {asked[0][:10]}, and confirmed by answering the question sent back"
        for table in ("confirmations", "suppressions", "bounces"):
            db.execute(f"DELETE FROM {table} WHERE subject = ?", [subject])
        sets = "status = 'active', changed = :now, consent_at = :now, consent_how = :how"
        values = {"now": now.isoformat(), "how": how, "subject": subject}
        return bool(db.execute(f"UPDATE subscribers SET {sets} WHERE subject = :subject", values).rowcount)


def expire(book: Book, now: dt.datetime) -> int:
    """Erase who was asked `DAYS` ago and never answered; how many they were.

    Raises:
        FeedsError: the ledger cannot be written.
    """
    with book.write() as db:
        since = (now - dt.timedelta(days=DAYS)).isoformat()
        db.execute("DELETE FROM confirmations WHERE at < ?", [since])
        return _erase_pending(db, "changed < ?", since)


def compile_question(head: Letterhead, keys: Keys, address: Address, subject: str, now: dt.datetime) -> bytes:
    """The mail that asks an address, as it goes over the wire.

    It says that a program wrote it, so that none answers (RFC 3834).
    """
    token = token_of(keys, LIST, subject, CONFIRM)
    title, _, text = head.render(_values(head, token)).strip().partition("\n")
    identity = hashlib.sha256(f"{token}{now.isoformat()}".encode()).hexdigest()[:32]
    lines = [
        mailbox_field("From", *head.sender),
        f"To: {address.sent}",
        f"Reply-To: {head.mailbox}",
        text_field("Subject", title),
        f"Date: {format_datetime(now.astimezone(dt.UTC))}",
        f"Message-ID: <{identity}@{head.sender[1].rpartition('@')[2]}>",
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: All",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        quote([f"{text.strip()}\n"], ""),
    ]
    return "\r\n".join(lines).encode("ascii")


def _values(head: Letterhead, token: str) -> dict[str, object]:
    return {"token": token, "link": f"mailto:{head.mailbox}?subject=confirm%20{token}", "days": DAYS}


def _erase_pending(db: sqlite3.Connection, where: str, value: str) -> int:
    sql = f"DELETE FROM subscribers WHERE status = '{Status.PENDING.value}' AND {where}"
    return db.execute(sql, [value]).rowcount
