"""What became of an issue: how many letters are in which state, and every recipient's line of a report."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from feeds.delivery.book import Book, translated
from feeds.delivery.frozen import FrozenIssue
from feeds.delivery.states import IN_HAND, WAITING, State


@dataclass(frozen=True, slots=True)
class Account:
    """How an issue stands: letters by state, when the next is tried again, and when it was last worked on."""

    issue: FrozenIssue
    counts: Mapping[State, int]
    next_at: float | None
    last_run_at: float | None

    @property
    def total(self) -> int:
        """How many recipients it has."""
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        """How many of them may still get it."""
        return sum(self.counts.get(state, 0) for state in WAITING | IN_HAND)


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient in a report; `address` and `key` are "" when the person has been forgotten since."""

    address: str
    subject: str
    variant: int
    state: State
    attempts: int
    at: float | None
    due: float | None
    code: int | None
    reply: str


def account(book: Book, issue: FrozenIssue) -> Account:
    """How an issue stands now."""
    counts = dict.fromkeys(State, 0)
    sql = "SELECT state, count(*) FROM deliveries WHERE issue = ? GROUP BY state"
    with translated(book.path):
        counts |= {State(state): count for state, count in book.rows(sql, (issue.number,))}
    last = book.one("SELECT max(started_at) FROM runs WHERE issue = ?", (issue.number,))
    return Account(issue, counts, next_due(book, issue)[1], last[0] if last else None)


def next_due(book: Book, issue: FrozenIssue) -> tuple[float | None, float | None]:
    """From when the next pending letter may be sent, and the next deferred one; None where there is none."""
    sql = "SELECT due FROM deliveries WHERE issue = ? AND due IS NOT NULL AND state = ? ORDER BY due LIMIT 1"
    pending, deferred = (book.one(sql, (issue.number, state)) for state in (State.PENDING, State.DEFERRED))
    return pending[0] if pending else None, deferred[0] if deferred else None


def report(book: Book, issue: FrozenIssue, states: Collection[State] = frozenset(State)) -> Iterator[Line]:
    """Every recipient of an issue, or those in some states, in the order in which they subscribed."""
    marks = ", ".join("?" * len(states))
    rows = book.rows(
        "SELECT coalesce(s.address, ''), coalesce(s.subject, ''), d.variant, d.state, d.attempts, d.at, "
        "d.due, d.code, coalesce(d.reply, '') FROM deliveries AS d "
        "LEFT JOIN subscribers AS s ON s.id = d.subscriber "
        f"WHERE d.issue = ? AND d.state IN ({marks}) ORDER BY d.subscriber",
        (issue.number, *states),
    )
    with translated(book.path):
        for address, subject, variant, state, *rest in rows:
            yield Line(address, subject, variant, State(state), *rest)
