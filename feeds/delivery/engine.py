"""The run of a send: claim a block, hand its letters to several connections, write down what became of each.

The main thread claims and waits; a thread for each connection marks, sends and records. Whatever stops a run
(Ctrl-C, a fault of ours, a full disk): letters in hand are finished and recorded, and the others given back.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from feeds.delivery.accounts import Account, account, next_due
from feeds.delivery.book import Book
from feeds.delivery.frozen import FrozenIssue
from feeds.delivery.ledger import (
    Recovered,
    claim_block,
    end_run,
    expire,
    load_limits,
    record,
    release,
    reopen,
    resume,
)
from feeds.delivery.rates import Pace
from feeds.delivery.runlock import run_lock
from feeds.delivery.states import State
from feeds.delivery.transport import Fault, Transport
from feeds.delivery.workers import Clock, Letter, Make, Terms, Work, Worker
from feeds.errors import FeedsError

LONGEST_SILENCE = 15.0
"""Seconds of waiting after which progress is told again."""

QUEUE = 20
"""Seconds that a block may take at the given rate: what is claimed should leave soon."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a send is: letters of the issue by state, as this run knows them."""

    counts: Mapping[State, int]
    accepted: int
    """by this run"""
    waits_until: float | None = None
    """when nothing can be sent before then: seconds since 1970"""


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended: the issue's account, what it recovered, and what stopped it if anything did.

    `problem` is what went wrong; `interrupted` says that it was asked to stop.
    """

    account: Account
    recovered: Recovered
    accepted: int
    problem: FeedsError | None
    interrupted: bool


def send_issue(
    book: Book,
    issue: FrozenIssue,
    transport: Transport,
    make: Make,
    terms: Terms,
    *,
    clock: Clock,
    boot: str,
    stop: threading.Event,
    progress: Callable[[Progress], None] = lambda _: None,
    chance: Callable[[], float] = random.random,
) -> Summary:
    """Send an issue to everybody who is still to get it, or go on with that.

    Args:
        book: the ledger.
        issue: what is sent; it is frozen.
        transport: where the letters are handed over.
        make: makes each recipient's message.
        terms: how fast and how patiently.
        clock: the time.
        boot: what names this boot of this machine, such as Linux's `/proc/sys/kernel/random/boot_id`; ""
            where it is not known: what a killed run had in hand is then in doubt.
        stop: set, from another thread or a signal's handler, to end the run after the letters in hand.
        progress: told, several times a second, how far it is.
        chance: random numbers from 0 up to 1, for the waits.

    Raises:
        FeedsError: another send is running, or the ledger cannot be used; what was sent by then is recorded,
            or `unknown` to the next run. Other problems are the summary's.
    """
    with run_lock(book.path):
        book.check()
        return _Run(book, issue, terms, clock, boot, stop, progress).run(transport, make, chance)


class _Run:
    """One run: the main thread's part of it."""

    def __init__(
        self,
        book: Book,
        issue: FrozenIssue,
        terms: Terms,
        clock: Clock,
        boot: str,
        stop: threading.Event,
        progress: Callable[[Progress], None],
    ) -> None:
        self._book, self._issue, self._terms, self._clock = book, issue, terms, clock
        self._progress = progress
        now = clock.now()
        self._number, self._recovered = resume(book, issue, boot, now, retry_unknown=terms.retry_unknown)
        self._limits = load_limits(book, terms.rates, now)
        self._deadline: float | None = None
        self._work = Work(
            book,
            issue,
            self._number,
            clock,
            stop,
            Pace(terms.rates.per_second, now),
            account(book, issue).counts,
            terms.connections,
        )

    def run(self, transport: Transport, make: Make, chance: Callable[[], float]) -> Summary:
        """The whole of it."""
        workers = self._start(transport, make, chance)
        try:
            self._feed()
        except FeedsError as error:
            self._work.fail(error)
        except BaseException as error:
            self._work.fail(error)
            raise
        finally:
            self._finish(workers)
        problem = self._work.problem
        if problem is not None and not isinstance(problem, FeedsError):
            raise problem
        try:
            stands = account(self._book, self._issue)
        except FeedsError as error:  # what this run knows of it is true all the same
            problem = problem or error
            stands = Account(self._issue, self._work.counts, None, None)
        return Summary(stands, self._recovered, self._work.accepted, problem, self._work.stop.is_set())

    def _start(
        self, transport: Transport, make: Make, chance: Callable[[], float]
    ) -> tuple[threading.Thread, ...]:
        waiting = self._work.counts[State.PENDING] + self._work.counts[State.DEFERRED]
        self._work.lines = max(1, min(self._terms.connections, waiting))
        threads = []
        for number in range(self._work.lines):
            worker = Worker(self._work, transport, make, self._terms, chance)
            threads.append(threading.Thread(target=worker.serve, name=f"line {number + 1}", daemon=True))
            threads[-1].start()
        return tuple(threads)

    def _feed(self) -> None:
        """Claim and hand out until nobody is left whose turn comes within this run."""
        work = self._work
        while not work.ending():
            now = self._clock.now()
            if lapsed := expire(self._book, self._issue, now):
                work.count(State.EXPIRED, lapsed)
            if work.open > self._terms.connections:
                work.wait()
            elif (opens := self._opens(now)) > now:
                self._wait_until(opens, now)
            elif not self._claim(now):
                if work.open:
                    work.wait()
                elif (until := self._next_turn(now)) is None:
                    return
                else:
                    self._wait_until(until, now)
            self._progress(Progress(dict(work.counts), work.accepted))

    def _wait_until(self, instant: float, now: float) -> None:
        self._progress(Progress(dict(self._work.counts), self._work.accepted, instant))
        self._work.pause(min(instant - now, LONGEST_SILENCE))

    def _claim(self, now: float) -> bool:
        """Claim a block and put it before the workers; whether there was anything to look at."""
        room = self._terms.block
        if per_second := self._terms.rates.per_second:
            room = min(room, max(1, int(per_second * QUEUE)))
        if self._limits.whole is not None:
            room = min(room, self._limits.whole.room(now))
        block = claim_block(self._book, self._issue, self._number, room, now, self._limits)
        self._work.count(State.SUPPRESSED, block.suppressed)
        self._work.hand_out([Letter(recipient) for recipient in block.taken])
        return block.seen > 0

    def _opens(self, now: float) -> float:
        """From when letters may go: later than now when the hour is full, or we are put off everywhere.

        Raises:
            FeedsError: that has lasted for too long.
        """
        streaks = self._work.streaks
        if streaks.quiet > self._terms.patience:
            raise FeedsError(
                f"{self._work.last_reply}: the server puts every letter off",
                help="run the same again later: it goes on where it stopped",
                rule="send-deferred",
            )
        opens = streaks.quiet_until
        if self._limits.whole is not None and not self._limits.whole.room(now):
            opens = max(opens, self._limits.whole.opens(now))
        return opens

    def _next_turn(self, now: float) -> float | None:
        """When the next letter may be tried, if that is worth waiting for."""
        pending, deferred = next_due(self._book, self._issue)
        if pending is not None:
            return min(pending, deferred or pending)
        if deferred is None:
            return None
        if self._deadline is None:
            self._deadline = now + self._terms.patience
        return deferred if deferred <= self._deadline else None

    def _finish(self, threads: tuple[threading.Thread, ...]) -> None:
        """Wait for the letters in hand, give back the others, and close the run in the ledger."""
        work = self._work
        for _ in threads:
            work.letters.put(None)
        for thread in threads:
            thread.join()
        work.streaks.ended()
        if work.streaks.ours:
            work.fail(_refused(work.last_reply, len(work.streaks.refused)))
        elif work.streaks.silent:
            work.fail(_silent(work.last_reply, work.streaks.silence))
        try:
            self._settle(self._clock.now())
        except FeedsError as error:
            work.fail(error)

    def _settle(self, now: float) -> None:
        work = self._work
        for late in work.unrecorded:  # what could not be written at first may be now
            record(self._book, self._issue, late)
        release(self._book, self._issue, [letter.recipient for letter in work.rest()], now, self._limits)
        if work.streaks.ours:
            reopen(self._book, self._issue, work.streaks.refused, now)
        how = str(work.problem) if work.problem else "stopped" if work.stop.is_set() else "done"
        end_run(self._book, self._issue, self._number, now, how)


def _refused(reply: str, count: int) -> Fault:
    return Fault(
        f"{reply}: the last {count} letters were all refused like this, which is about the sender, not them",
        help="mend that, then run the same again: they are tried once more",
        rule="send-refused",
    )


def _silent(reply: str, count: int) -> FeedsError:
    return FeedsError(
        f"{reply}: so it went with the last {count} letters, and nobody knows whether they arrived",
        help="ask the mail server's log about them; the others were not tried",
        rule="send-silent",
    )
