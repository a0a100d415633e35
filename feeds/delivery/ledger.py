"""Sending an issue as the ledger sees it: one row for each recipient, claimed, marked, and written off once.

What keeps the promise that nobody gets a letter twice and nobody is forgotten: a row is claimed, and that is
safe on the disk, before anything is done for it; it is marked as being sent before the first byte of its
letter leaves; and what the server answers is written down at once.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from feeds.delivery.book import Book, Row
from feeds.delivery.frozen import FrozenIssue
from feeds.delivery.rates import HOUR, Rates, Window
from feeds.delivery.states import (
    IN_HAND,
    LONGEST_WAIT,
    SPREAD,
    Event,
    State,
    is_dead,
    recovery,
    sources,
    target,
)
from feeds.errors import FeedsError, Location

MAX_REPLY = 200
"""Characters of a server's answer that are kept."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody whose letter is claimed: `number` is the subscriber's, `variant` which letter, from 0.

    `state` is that before the claim; `attempts` and `first_at` tell of those before.
    """

    state: State
    number: int
    variant: int
    address: str
    key: str
    subject: str
    name: str
    language: str
    attempts: int
    first_at: float | None

    @property
    def domain(self) -> str:
        """The part of the address behind the `@`."""
        return self.key.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Block:
    """What a claim took: the recipients, how many had unsubscribed, how many rows were looked at in all."""

    taken: tuple[Addressee, ...]
    suppressed: int
    seen: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one recipient's letter: SMTP's `code` or 0, `due` when a deferred one is tried again."""

    recipient: Addressee
    event: Event
    at: float
    code: int
    reply: str
    due: float | None = None


@dataclass(frozen=True, slots=True)
class Recovered:
    """What killed runs left behind: how many letters they had not touched, and how many are in doubt."""

    released: int
    unknown: int
    retried: int


@dataclass(slots=True)
class Limits:
    """The windows that claims are counted in: of all letters, and of each domain."""

    rates: Rates
    whole: Window | None
    domains: dict[str, Window]
    waiting: dict[str, int] = field(default_factory=dict)


# --- a run -------------------------------------------------------------------------------------------------


def resume(
    book: Book, issue: FrozenIssue, boot: str, now: float, *, retry_unknown: bool = False
) -> tuple[int, Recovered]:
    """Begin a run: its number, and what was made of the letters that killed runs had in hand.

    Args:
        book: the ledger, of which the caller holds the run lock.
        issue: what is to be sent.
        boot: what names this boot of this machine; "" where that cannot be known.
        now: seconds since 1970.
        retry_unknown: letters in doubt are sent again, at the risk that somebody gets two.
    """
    with book.write() as db:
        done = {Event.RELEASE: 0, Event.LOSE: 0}
        here = "run IN (SELECT id FROM runs WHERE boot = ? AND boot != '')"
        for state in sorted(IN_HAND):
            for same_boot in (True, False):
                event = recovery(state, same_boot=same_boot)
                assert event is not None
                done[event] += db.execute(
                    "UPDATE deliveries SET state = ?, due = ?, at = ? WHERE issue = ? AND state = ? AND "
                    + (here if same_boot else f"NOT coalesce({here}, 0)"),
                    (target(event), _due(event), now, issue.number, state, boot),
                ).rowcount
        # As a clock that was ahead leaves them; limits by the hour put others off for longer once more.
        latest = now + LONGEST_WAIT * (1 + SPREAD)
        db.execute("UPDATE deliveries SET due = ? WHERE issue = ? AND due > ?", (now, issue.number, latest))
        # Of an issue that is too old they would expire, as though it were known that they never left.
        again = retry_unknown and now < issue.expires_at
        retried = _apply_all(db, issue, Event.RETRY, now) if again else 0
        run = db.execute(
            "INSERT INTO runs (issue, boot, started_at) VALUES (?, ?, ?)", (issue.number, boot, now)
        ).lastrowid
        assert run is not None
    return run, Recovered(done[Event.RELEASE], done[Event.LOSE], retried)


def claim_block(book: Book, issue: FrozenIssue, run: int, size: int, now: float, limits: Limits) -> Block:
    """The next recipients whose turn it is, claimed for this run, and that is safe on the disk.

    Who has unsubscribed by now is passed over for good, and whose domain has had its share until later.
    """
    with book.write() as db:
        rows = _due_rows(db, issue, size, now)
        taken: list[Addressee] = []
        suppressed: list[int] = []
        for state, status, hashed, *person in rows:
            recipient = Addressee(State(state), *person)
            if status != "active" or hashed:
                suppressed.append(recipient.number)
            elif later := _later(limits, recipient.domain, now):
                db.execute(
                    "UPDATE deliveries SET due = ? WHERE issue = ? AND subscriber = ?",
                    (later, issue.number, recipient.number),
                )
            else:
                taken.append(recipient)
                _count(db, limits, recipient.domain, now, 1)
        _apply(db, issue, suppressed, Event.SUPPRESS, now)
        _apply(db, issue, [recipient.number for recipient in taken], Event.CLAIM, now, run)
    return Block(tuple(taken), len(suppressed), len(rows))


def _due_rows(db: sqlite3.Connection, issue: FrozenIssue, size: int, now: float) -> list[Row]:
    """First those whose wait is over, then those who were not tried yet."""
    rows: list[Row] = []
    for condition, order in (("d.due > 0 AND d.due <= :now", "d.due"), ("d.due = 0", "d.subscriber")):
        rows += db.execute(
            "SELECT d.state, s.status, p.subject, d.subscriber, d.variant, "
            "coalesce(s.address, ''), coalesce(s.key, ''), "
            "coalesce(s.subject, ''), coalesce(s.name, ''), coalesce(s.language, ''), d.attempts, "
            "d.first_at FROM deliveries AS d "
            "LEFT JOIN subscribers AS s ON s.id = d.subscriber "
            "LEFT JOIN suppressions AS p ON p.subject = s.subject "
            f"WHERE d.issue = :issue AND {condition} ORDER BY {order} LIMIT :size",
            {"issue": issue.number, "now": now, "size": size - len(rows)},
        ).fetchall()
    return rows


def mark_sending(book: Book, issue: FrozenIssue, run: int, recipient: Addressee, now: float) -> None:
    """Write down that the letter is about to leave; to be called just before its first byte does.

    Raises:
        FeedsError: that cannot be written, or the claim is not this run's any more: nothing may be sent.
    """
    changed = book.change(_MARK, (now, issue.number, recipient.number, run))
    if changed != 1:
        raise _lost(book)


def record(book: Book, issue: FrozenIssue, result: Result) -> None:
    """Write down what the server answered.

    Raises:
        FeedsError: that cannot be written; the letter then stays in doubt.
    """
    changed = book.change(
        _RECORD[result.event],
        (
            *(result.due, result.at, result.code, result.reply[:MAX_REPLY], result.at),
            *(issue.number, result.recipient.number),
        ),
    )
    if changed != 1:
        raise _lost(book)


def release(
    book: Book, issue: FrozenIssue, recipients: Iterable[Addressee], now: float, limits: Limits
) -> None:
    """Give back what was claimed and never left."""
    with book.write() as db:
        for recipient in recipients:
            _apply(db, issue, [recipient.number], Event.RELEASE, now)
            _count(db, limits, recipient.domain, now, -1)


def reopen(book: Book, issue: FrozenIssue, numbers: Iterable[int], now: float) -> None:
    """Take back refusals that were everybody's, and so none of the recipients' fault."""
    with book.write() as db:
        _apply(db, issue, numbers, Event.REOPEN, now)


def expire(book: Book, issue: FrozenIssue, now: float) -> int:
    """Let what still waits lapse, once the issue is too old; how many letters that were."""
    if now < issue.expires_at:
        return 0
    with book.write() as db:
        return _apply_all(db, issue, Event.EXPIRE, now)


def end_run(book: Book, issue: FrozenIssue, run: int, now: float, how: str) -> None:
    """Close a run, and take addresses that do not exist off the list."""
    at = _instant(now)
    with book.write() as db:
        rows = db.execute(
            "SELECT s.id, s.subject, s.changed, d.at, d.code, d.reply "
            "FROM deliveries AS d JOIN subscribers AS s ON s.id = d.subscriber "
            "WHERE d.issue = ? AND d.state = ? AND s.status = 'active'",
            (issue.number, State.REJECTED),
        ).fetchall()
        for number, subject, changed, refused, code, reply in rows:
            if changed <= _instant(refused) and is_dead(code or 0, reply or ""):
                db.execute(
                    "UPDATE subscribers SET status = 'bounced', changed = ? WHERE id = ?", (at, number)
                )
                db.execute("INSERT OR IGNORE INTO suppressions VALUES (?, 'bounced', ?)", (subject, at))
        db.execute("UPDATE runs SET ended_at = ?, end = ? WHERE id = ?", (now, how, run))


# --- changing rows -----------------------------------------------------------------------------------------


def _apply(
    db: sqlite3.Connection,
    issue: FrozenIssue,
    numbers: Iterable[int],
    event: Event,
    now: float,
    run: int | None = None,
) -> None:
    """The same event of some rows; one that is in no state for it stays as it is."""
    state, due = target(event).value, _due(event)
    db.executemany(
        "UPDATE deliveries SET state = ?, due = ?, at = ?, run = coalesce(?, run) "
        f"WHERE issue = ? AND subscriber = ? AND {_in(event)}",
        [(state, due, now, run, issue.number, number) for number in numbers],
    )


def _apply_all(db: sqlite3.Connection, issue: FrozenIssue, event: Event, now: float) -> int:
    """The event of every row in a state for it; how many they were."""
    return db.execute(
        f"UPDATE deliveries SET state = ?, due = ?, at = ? WHERE issue = ? AND {_in(event)}",
        (target(event), _due(event), now, issue.number),
    ).rowcount


def _in(event: Event) -> str:
    """The states in which an event can happen, as a condition in SQL."""
    states = ", ".join(f"'{state}'" for state in sorted(sources(event)))
    return f"state IN ({states})"


def _due(event: Event) -> int | None:
    return 0 if target(event) is State.PENDING else None


_MARK = (
    f"UPDATE deliveries SET state = '{target(Event.SEND)}', at = ? "
    f"WHERE issue = ? AND subscriber = ? AND run = ? AND {_in(Event.SEND)}"
)
_RECORD = {
    event: f"UPDATE deliveries SET state = '{target(event)}', due = ?, at = ?, code = ?, reply = ?, "
    "attempts = attempts + 1, first_at = coalesce(first_at, ?) "
    f"WHERE issue = ? AND subscriber = ? AND {_in(event)}"
    for event in (Event.ACCEPT, Event.DEFER, Event.REJECT, Event.LOSE)
}
"""What marks a letter, and writes its result down, by its event."""


def _instant(seconds: float) -> str:
    """As the subscribers' table has it."""
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).isoformat()


def _lost(book: Book) -> FeedsError:
    return FeedsError(
        "another program has changed the letters that this one was sending",
        Location(str(book.path)),
        "let only one program work with this file, then run the same again",
        rule="ledger-changed",
    )


# --- limits ------------------------------------------------------------------------------------------------


def load_limits(book: Book, rates: Rates, now: float) -> Limits:
    """The limits by the hour, with what earlier runs have used of them."""
    counts: dict[str, dict[int, int]] = {}
    minute = int(now // 60)  # later ones are of a clock that was ahead
    book.change("DELETE FROM rates WHERE minute NOT BETWEEN ? AND ?", (minute - HOUR, minute))
    for domain, minute, count in book.rows("SELECT domain, minute, count FROM rates"):
        counts.setdefault(domain, {})[minute] = count
    whole = Window(rates.per_hour, counts.pop("", None)) if rates.per_hour else None
    domains = {domain: Window(rates.per_domain, used) for domain, used in counts.items()}
    return Limits(rates, whole, domains)


def _later(limits: Limits, domain: str, now: float) -> float | None:
    """Until when a domain has had its share; None when it takes one more."""
    window = limits.domains.get(domain)
    if not limits.rates.per_domain or window is None or window.room(now):
        limits.waiting.pop(domain, None)
        return None
    ahead = limits.waiting.get(domain, 0)
    limits.waiting[domain] = ahead + 1
    return window.opens(now, ahead)


def _count(db: sqlite3.Connection, limits: Limits, domain: str, now: float, count: int) -> None:
    """Count a letter, or take back one that did not leave after all, here and in the file."""
    names = []
    if limits.whole is not None:
        limits.whole.add(now, count)
        names.append("")
    if limits.rates.per_domain:
        limits.domains.setdefault(domain, Window(limits.rates.per_domain)).add(now, count)
        names.append(domain)
    for name in names:
        db.execute(
            "INSERT INTO rates VALUES (?, ?, max(0, ?)) "
            "ON CONFLICT (domain, minute) DO UPDATE SET count = max(0, count + ?)",
            (name, int(now // 60), count, count),
        )
