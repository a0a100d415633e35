"""Freezing an issue: from then on its letters, and who gets which of them, stand for good."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from feeds.delivery.book import Book, translated
from feeds.delivery.states import State
from feeds.errors import FeedsError, Location


@dataclass(frozen=True, slots=True)
class FrozenIssue:
    """An issue whose letters and recipients stand for good; instants in seconds since 1970.

    `number` is the ledger's own; `hash` is of all letters; `details` is JSON that the caller keeps with it.
    """

    number: int
    id: str
    subject: str
    hash: str
    frozen_at: float
    expires_at: float
    details: str


def audiences(book: Book) -> dict[str | None, int]:
    """Each set of categories that active subscribers follow, as it is stored, with how many they are."""
    sql = "SELECT categories, count(*) FROM subscribers WHERE status = 'active' GROUP BY 1 ORDER BY 2 DESC, 1"
    found: dict[str | None, int] = dict(book.rows(sql))
    with translated(book.path):
        for categories in found:
            json.loads(categories or "[]")
    return found


def freeze(
    book: Book,
    issue: FrozenIssue,
    letters: Sequence[bytes],
    audience: Mapping[str | None, int | None],
) -> FrozenIssue:
    """Store an issue's letters and who gets which; from now on neither is chosen or made again.

    Args:
        book: the ledger.
        issue: what it is; its `number` is given here.
        letters: its variants, as bytes that the caller can read again.
        audience: for each set of categories (see `audiences`) the index of its letter, None for no letter.

    Raises:
        FeedsError: it is frozen already, or somebody follows categories that `audience` does not name.
    """
    at = Location(str(book.path))
    with book.write() as db:
        if db.execute("SELECT 1 FROM issues WHERE id = ?", (issue.id,)).fetchone():
            message = f"another send has begun the issue {issue.id} meanwhile"
            help = f"feeds send {issue.id} --status tells how it stands"
            raise FeedsError(message, at, help, rule="ledger-frozen")
        known = {stored or "" for stored in audience}
        found = {
            row[0]
            for row in db.execute(
                "SELECT DISTINCT coalesce(categories, '') FROM subscribers WHERE status = 'active'"
            )
        }
        if not found <= known:
            raise FeedsError(
                "the subscribers changed while the letters were made",
                at,
                "run the same again",
                rule="ledger-frozen",
            )
        number = db.execute(
            "INSERT INTO issues (id, subject, hash, frozen_at, expires_at, details) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (issue.id, issue.subject, issue.hash, issue.frozen_at, issue.expires_at, issue.details),
        ).lastrowid
        assert number is not None
        db.executemany(
            "INSERT INTO variants (issue, number, hash, data) VALUES (?, ?, ?, ?)",
            [(number, index, _sha256(data), data) for index, data in enumerate(letters)],
        )
        _freeze_recipients(db, number, audience)
    return replace(issue, number=number)


def _freeze_recipients(
    db: sqlite3.Connection, number: int, audience: Mapping[str | None, int | None]
) -> None:
    """A row for each active subscriber; within SQLite, so that a million of them take no memory of ours."""
    db.execute("CREATE TEMP TABLE audience (categories TEXT PRIMARY KEY, variant INTEGER) WITHOUT ROWID")
    db.executemany(
        "INSERT INTO audience VALUES (?, ?)",
        [(stored or "", index) for stored, index in audience.items() if index is not None],
    )
    db.execute(
        "INSERT INTO deliveries (issue, subscriber, variant, state, due) "
        "SELECT ?, subscribers.id, audience.variant, ?, 0 FROM subscribers "
        "JOIN audience ON audience.categories = coalesce(subscribers.categories, '') "
        "WHERE subscribers.status = 'active' ORDER BY subscribers.id",
        (number, State.PENDING),
    )
    db.execute("DROP TABLE audience")


def find_issue(book: Book, id: str) -> FrozenIssue | None:
    """The frozen issue of this id, if there is one."""
    return next((issue for issue in load_issues(book) if issue.id == id), None)


def load_issues(book: Book) -> tuple[FrozenIssue, ...]:
    """Every frozen issue, in the order in which they were frozen."""
    sql = "SELECT number, id, subject, hash, frozen_at, expires_at, details FROM issues ORDER BY number"
    return tuple(FrozenIssue(*row) for row in book.rows(sql))


def load_letters(book: Book, issue: FrozenIssue) -> tuple[bytes, ...]:
    """The letters of a frozen issue, just as they were stored.

    Raises:
        FeedsError: one of them has changed since.
    """
    letters = []
    sql = "SELECT hash, data FROM variants WHERE issue = ? ORDER BY number"
    for stored, data in book.rows(sql, (issue.number,)):
        if _sha256(data) != stored:
            message = f"a letter of issue {issue.id} is not what was frozen"
            raise FeedsError(message, Location(str(book.path)), "restore a backup", rule="ledger-damaged")
        letters.append(data)
    return tuple(letters)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
