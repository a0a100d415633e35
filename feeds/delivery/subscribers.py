"""The list of subscribers and the list of those who must not be mailed, in the ledger file.

Whoever unsubscribed, bounced, complained or was forgotten is on the second by the keyed hash of the address
alone, so that no import brings anybody back unasked.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any

from feeds.delivery.book import Book, translated
from feeds.delivery.people import FORGOTTEN, WEIGHTS, Entry, Status, Subscriber
from feeds.delivery.tokens import Keys, subject_of

BLOCK = 10_000
"""How many rows of an import are written in one transaction."""

SOFT_BOUNCES = 4
"""How many letters may come back for reasons that can pass, within `SOFT_DAYS`, before no more are sent."""

SOFT_DAYS = 180

_COLUMNS = "id, address, key, subject, name, language, categories, status, changed, consent_at, consent_how"
_MAX_VARIABLES = 500


class Change(Enum):
    """What became of an entry that was put on the list."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STOPPED = "stopped"
    """It says that no more letters are wanted, and none go out."""
    KEPT_OUT = "kept out"
    """It would have brought back somebody who is on the suppression list."""
    PENDING = "pending"
    """It never was confirmed, and is not taken."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which subscribers are meant: an empty field asks for nothing, `text` is part of an address or name."""

    statuses: tuple[Status, ...] = ()
    category: str = ""
    language: str = ""
    text: str = ""


def active(book: Book) -> Iterator[Subscriber]:
    """Everybody who gets letters, in the order of their ids, one at a time.

    Raises:
        FeedsError: the ledger cannot be read.
    """
    left_out = "subject NOT IN (SELECT subject FROM suppressions)"
    sql = f"SELECT {_COLUMNS} FROM subscribers WHERE status = 'active' AND {left_out} ORDER BY id"
    return _subscribers(book, sql)


def suppressed(book: Book, subjects: Collection[str]) -> set[str]:
    """Those of the subjects that must not be mailed."""
    found: set[str] = set()
    pending = iter(subjects)
    while block := list(islice(pending, _MAX_VARIABLES)):
        marks = ", ".join("?" * len(block))
        found.update(
            row[0] for row in book.rows(f"SELECT subject FROM suppressions WHERE subject IN ({marks})", block)
        )
    return found


def select(book: Book, wanted: Filter, *, limit: int = 0) -> Iterator[Subscriber]:
    """The subscribers that are meant, by address, one at a time; `limit` 0 is all of them."""
    where, values = _where(wanted)
    sql = f"SELECT {_COLUMNS} FROM subscribers {where} ORDER BY key LIMIT ?"
    return _subscribers(book, sql, [*values, limit or -1])


def count(book: Book, wanted: Filter) -> Counter[str]:
    """How many of the subscribers that are meant have each status."""
    where, values = _where(wanted)
    sql = f"SELECT status, count(*) FROM subscribers {where} GROUP BY status"
    return Counter(dict(book.rows(sql, values)))


def forgotten(book: Book) -> int:
    """How many people are kept from being mailed by their hash alone."""
    row = book.one("SELECT count(*) FROM suppressions WHERE reason = ?", [FORGOTTEN])
    return int(row[0]) if row else 0


def find(book: Book, subject: str) -> Subscriber | None:
    """The subscriber of a subject; None if there is none, or none any more."""
    return next(_subscribers(book, f"SELECT {_COLUMNS} FROM subscribers WHERE subject = ?", [subject]), None)


def reason_of(book: Book, subject: str) -> str:
    """Why somebody is on the suppression list; "" for who is not."""
    row = book.one("SELECT reason FROM suppressions WHERE subject = ?", [subject])
    return str(row[0]) if row else ""


def enter(
    book: Book, keys: Keys, entries: Iterable[Entry], now: dt.datetime, *, resubscribe: bool = False
) -> Iterator[tuple[Entry, Change]]:
    """Put people on the list, a block at a time, and tell of each what became of it.

    Args:
        book: the ledger.
        keys: its keys.
        entries: who; however many.
        now: when this happens.
        resubscribe: take back who unsubscribed, bounced or was forgotten; never who complained.

    Raises:
        FeedsError: the ledger cannot be written; earlier blocks are on the list.
    """
    pending = iter(entries)
    while block := list(islice(pending, BLOCK)):
        with book.write() as db:
            done = [_enter_one(db, keys, entry, now, resubscribe) for entry in block]
        yield from zip(block, done, strict=True)


def stop(book: Book, subject: str, status: Status, now: dt.datetime, *, durable: bool = True) -> bool:
    """Send no more letters to somebody, known or not, for this reason; whether that is news.

    With `durable` False a power cut may undo it until the next durable writing, such as that of `expire`.

    Raises:
        FeedsError: the ledger cannot be written.
    """
    with book.write(durable=durable) as db:
        return _stop(db, subject, status.value, now, None)


def unsubscribe(book: Book, wishes: Iterable[tuple[str, dt.datetime | None]], now: dt.datetime) -> int:
    """Unsubscribe people by their subjects, a block at a time; for how many that is news.

    Args:
        book: the ledger.
        wishes: who, and when they asked for it, where that is known: a consent that is younger stands.
        now: when this happens.

    Raises:
        FeedsError: the ledger cannot be written.
    """
    number = 0
    pending = iter(wishes)
    while block := list(islice(pending, BLOCK)):
        with book.write() as db:
            for subject, asked in block:
                number += _stop(db, subject, Status.UNSUBSCRIBED.value, now, asked)
    return number


def forget(book: Book, subject: str, now: dt.datetime) -> bool:
    """Erase all that is known of somebody but the hash on the suppression list; whether anything was.

    Raises:
        FeedsError: the ledger cannot be written.
    """
    with book.write() as db:
        _suppress(db, subject, FORGOTTEN, now)
        erased = db.execute("DELETE FROM subscribers WHERE subject = ?", [subject]).rowcount
        for table in ("bounces", "confirmations"):
            db.execute(f"DELETE FROM {table} WHERE subject = ?", [subject])
    book.scrub()
    return bool(erased)


def bounce(book: Book, subject: str, letter: str, code: str, now: dt.datetime) -> bool:
    """Count a letter that came back for a reason that may pass; whether it was one too many.

    A power cut may undo it until the next durable writing.

    Args:
        book: the ledger.
        subject: whose it was.
        letter: what tells the letter from others; each counts once.
        code: the status code of RFC 3463, or "".
        now: when it is counted.

    Raises:
        FeedsError: the ledger cannot be written.
    """
    with book.write(durable=False) as db:
        db.execute(
            "INSERT OR IGNORE INTO bounces VALUES (?, ?, ?, ?)", [subject, letter, now.isoformat(), code]
        )
        since = (now - dt.timedelta(days=SOFT_DAYS)).isoformat()
        sql = "SELECT count(*) FROM bounces WHERE subject = ? AND at >= ?"
        number = db.execute(sql, [subject, since]).fetchone()[0]
        return number >= SOFT_BOUNCES and _stop(db, subject, Status.BOUNCED.value, now, None)


def _enter_one(
    db: sqlite3.Connection, keys: Keys, entry: Entry, now: dt.datetime, resubscribe: bool
) -> Change:
    subject = subject_of(keys, entry.address.key)
    row = db.execute(f"SELECT {_COLUMNS} FROM subscribers WHERE subject = ?", [subject]).fetchone()
    known = _subscriber(row) if row else None
    barred = db.execute("SELECT reason FROM suppressions WHERE subject = ?", [subject]).fetchone()
    reason = barred[0] if barred else ""
    if entry.status is Status.PENDING:
        return Change.UNCHANGED if known else Change.PENDING
    if entry.status is not Status.ACTIVE:
        if known is None and not reason:
            _insert(db, entry, subject, entry.status, entry.changed or now)
        stopped = _stop(db, subject, entry.status.value, now, entry.changed)
        return Change.STOPPED if stopped else Change.UNCHANGED
    if reason and (reason == Status.COMPLAINED.value or not resubscribe):
        return Change.KEPT_OUT
    if known is None:
        _lift(db, subject)
        _insert(db, entry, subject, Status.ACTIVE, now)
        return Change.ADDED
    if reason or known.status is not Status.ACTIVE:
        _lift(db, subject)
        _update(db, known.id, entry, now, anew=True)
        return Change.ADDED
    return Change.UPDATED if _update(db, known.id, entry, now) else Change.UNCHANGED


def _insert(db: sqlite3.Connection, entry: Entry, subject: str, status: Status, changed: dt.datetime) -> None:
    columns = _COLUMNS.removeprefix("id, ")
    values = (
        entry.address.sent,
        entry.address.key,
        subject,
        entry.name,
        entry.language,
        _categories_text(entry.categories),
        status.value,
        changed.isoformat(),
        entry.consent_at.isoformat() if entry.consent_at else None,
        entry.consent_how,
    )
    db.execute(f"INSERT INTO subscribers ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def _update(db: sqlite3.Connection, id: int, entry: Entry, now: dt.datetime, *, anew: bool = False) -> bool:
    """Take over what an entry says and the list does not, leaving what it does not say; `anew` consents."""
    changes: dict[str, Any] = {}
    if entry.name:
        changes["name"] = entry.name
    if entry.language:
        changes["language"] = entry.language
    if entry.knows_categories:
        changes["categories"] = _categories_text(entry.categories)
    if anew:
        changes |= {
            "status": Status.ACTIVE.value,
            "address": entry.address.sent,
            "consent_at": entry.consent_at.isoformat() if entry.consent_at else None,
            "consent_how": entry.consent_how,
        }
    elif entry.consent_at:
        db.execute(
            "UPDATE subscribers SET consent_at = ?, consent_how = ? WHERE id = ? AND consent_at IS NULL",
            [entry.consent_at.isoformat(), entry.consent_how, id],
        )
    if not changes:
        return False
    sets = ", ".join(f"{name} = ?" for name in changes)
    differs = " OR ".join(f"{name} IS NOT ?" for name in changes)
    sql = f"UPDATE subscribers SET {sets}, changed = ? WHERE id = ? AND ({differs})"
    values = [*changes.values(), now.isoformat(), id, *changes.values()]
    return bool(db.execute(sql, values).rowcount)


def _lift(db: sqlite3.Connection, subject: str) -> None:
    for table in ("suppressions", "bounces"):
        db.execute(f"DELETE FROM {table} WHERE subject = ?", [subject])


def _stop(
    db: sqlite3.Connection, subject: str, reason: str, now: dt.datetime, asked: dt.datetime | None
) -> bool:
    sql = "SELECT status, consent_at FROM subscribers WHERE subject = ?"
    status, consent = db.execute(sql, [subject]).fetchone() or ("", None)
    if asked and consent and status == Status.ACTIVE.value and dt.datetime.fromisoformat(consent) > asked:
        return False
    news = _suppress(db, subject, reason, now)
    if status and WEIGHTS.index(status) < WEIGHTS.index(reason):
        sql = "UPDATE subscribers SET status = ?, changed = ? WHERE subject = ?"
        db.execute(sql, [reason, now.isoformat(), subject])
        news = True
    return news


def _suppress(db: sqlite3.Connection, subject: str, reason: str, now: dt.datetime) -> bool:
    """Put a hash on the suppression list, for this reason unless it is there for a weightier one."""
    row = db.execute("SELECT reason FROM suppressions WHERE subject = ?", [subject]).fetchone()
    if row and WEIGHTS.index(row[0]) >= WEIGHTS.index(reason):
        return False
    db.execute("INSERT OR REPLACE INTO suppressions VALUES (?, ?, ?)", [subject, reason, now.isoformat()])
    return True


def _where(wanted: Filter) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if wanted.statuses:
        conditions.append(f"status IN ({', '.join('?' * len(wanted.statuses))})")
        values += [status.value for status in wanted.statuses]
    if wanted.category:
        own = "EXISTS (SELECT 1 FROM json_each(categories) WHERE value = ?)"
        conditions.append(f"(categories IS NULL OR {own})")
        values.append(wanted.category)
    if wanted.language:
        conditions.append("language = ? COLLATE NOCASE")
        values.append(wanted.language)
    if wanted.text:
        conditions.append("(instr(key, ?) OR instr(lower(name), ?))")
        values += [wanted.text.lower()] * 2
    return f"WHERE {' AND '.join(conditions)}" if conditions else "", values


def _categories_text(categories: frozenset[str] | None) -> str | None:
    return None if categories is None else json.dumps(sorted(categories), ensure_ascii=False)


def _subscribers(book: Book, sql: str, values: Sequence[Any] = ()) -> Iterator[Subscriber]:
    with translated(book.path):
        for row in book.rows(sql, values):
            yield _subscriber(row)


def _subscriber(row: Sequence[Any]) -> Subscriber:
    id, address, key, subject, name, language, categories, status, changed, consent_at, consent_how = row
    return Subscriber(
        id,
        address,
        key,
        subject,
        name,
        language,
        frozenset(json.loads(categories)) if categories is not None else None,
        Status(status),
        dt.datetime.fromisoformat(changed),
        dt.datetime.fromisoformat(consent_at) if consent_at else None,
        consent_how,
    )
