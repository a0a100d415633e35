"""What each connection's thread does: take a letter, mark it, send it, write down the answer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from feeds.delivery.book import Book
from feeds.delivery.frozen import FrozenIssue
from feeds.delivery.ledger import Addressee, Result, mark_sending, record
from feeds.delivery.rates import Pace, Rates
from feeds.delivery.states import Event, State, next_attempt, target
from feeds.delivery.streaks import Streaks
from feeds.delivery.transport import Connection, Envelope, Fault, Lost, Outcome, Reply, Transport
from feeds.errors import FeedsError

SLICE = 0.2
"""Seconds after which a wait looks up, to see whether the run is to end."""

RECONNECTS = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds before each attempt to connect; after the last one the connection is given up."""

FIRST_TRIES = 4
"""How many of these attempts there are while no connection has ever worked: the address may be wrong."""

MOST_LOST = 3
"""How often the line may break on one letter before that letter is put off."""

_EVENTS = {
    Outcome.ACCEPTED: Event.ACCEPT,
    Outcome.DEFERRED: Event.DEFER,
    Outcome.REJECTED: Event.REJECT,
    Outcome.UNKNOWN: Event.LOSE,
}

Make = Callable[[Addressee], tuple[Envelope, Sequence[bytes]]]
"""Makes the envelope and the pieces of one recipient's message; called by several threads. A FeedsError of it
refuses that recipient."""


class Clock(Protocol):
    """The time, in seconds since 1970, and a way to let it pass; used by several threads."""

    def now(self) -> float:
        """The time."""

    def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How to send: `patience` and the waits of `reconnects` in seconds, `block` in letters.

    `patience` is how long a run waits, all in all, for servers that said "not now", once nothing else is left
    to do. `block` is how many letters are claimed at once: so many may be in doubt after a power cut.
    """

    rates: Rates
    connections: int = 4
    block: int = 50
    patience: float = 900.0
    retry_unknown: bool = False
    reconnects: Sequence[float] = RECONNECTS


@dataclass(slots=True)
class Letter:
    """One letter on its way through a run; `marked` once its first byte may have left."""

    recipient: Addressee
    marked: bool = False
    answered: bool = False
    losses: int = 0


class Work:
    """What the main thread and the workers of a run share."""

    def __init__(
        self,
        book: Book,
        issue: FrozenIssue,
        run: int,
        clock: Clock,
        stop: threading.Event,
        pace: Pace,
        counts: Mapping[State, int],
        connections: int,
    ) -> None:
        self.book, self.issue, self.run = book, issue, run
        self.clock, self.stop, self.pace = clock, stop, pace
        self.counts = dict(counts)
        self.accepted = 0
        self.letters: queue.SimpleQueue[Letter | None] = queue.SimpleQueue()
        self.open = 0
        """letters handed out and not done"""
        self.lines = 0
        """workers that still have, or may get, a connection"""
        self.reached = False
        """whether any connection has worked"""
        self.streaks = Streaks(self.counts[State.ACCEPTED], connections)
        self.last_reply = ""
        self.problem: BaseException | None = None
        self.unrecorded: list[Result] = []
        self._back: list[Letter] = []
        self._halt = threading.Event()
        self._changed = threading.Condition()

    def ending(self) -> bool:
        """Whether no further letter is to be begun."""
        return self.stop.is_set() or self._halt.is_set()

    def fail(self, error: BaseException) -> None:
        """End the run; the first reason is the one that is told."""
        with self._changed:
            self.problem = self.problem or error
            self._halt.set()
            self._changed.notify_all()

    def hand_out(self, letters: Sequence[Letter]) -> None:
        """Put letters before the workers."""
        with self._changed:
            self.open += len(letters)
        for letter in letters:
            self.letters.put(letter)

    def done(self) -> None:
        """A worker is through with a letter; the main thread is woken when it should hand out more."""
        with self._changed:
            self.open -= 1
            if self.open <= self.lines:
                self._changed.notify_all()

    def give_back(self, letter: Letter) -> None:
        """A letter that did not leave, to be released when the run ends."""
        with self._changed:
            self._back.append(letter)

    def rest(self) -> Iterable[Letter]:
        """Once no worker runs: every letter that was claimed and did not leave."""
        yield from self._back
        while not self.letters.empty():
            if (letter := self.letters.get()) is not None:
                yield letter

    def retire(self) -> bool:
        """A worker has no connection and gets none; whether others go on."""
        with self._changed:
            self.lines -= 1
            return self.lines > 0

    def wait(self) -> None:
        """Until the workers want more letters, or for a moment."""
        with self._changed:
            self._changed.wait(SLICE)

    def pause(self, seconds: float) -> None:
        """Let time pass, unless the run is to end."""
        end = self.clock.now() + seconds
        while (left := end - self.clock.now()) > 0 and not self.ending():
            self.clock.sleep(min(left, SLICE))

    def count(self, state: State, letters: int = 1, before: State = State.PENDING) -> None:
        """So many letters have changed their state."""
        with self._changed:
            self.counts[before] -= letters
            self.counts[state] += letters

    def tally(self, result: Result) -> None:
        """Take in what became of a letter."""
        recipient = result.recipient
        self.count(target(result.event), 1, recipient.state)
        with self._changed:
            if result.event is Event.ACCEPT:
                self.accepted += 1
                self.streaks.accepted()
                return
            self.last_reply = f"{result.code} {result.reply}".removeprefix("0 ")
            if result.event is Event.LOSE:
                self.streaks.unanswered()
            elif result.event is Event.DEFER or result.code // 100 == 4:
                self.streaks.deferred(result.at)
            else:
                self.streaks.rejected(recipient.number, recipient.domain, result.code, result.reply)
            if self.streaks.ours or self.streaks.silent:
                self._halt.set()


class Worker:
    """One connection and what goes over it."""

    def __init__(
        self, work: Work, transport: Transport, make: Make, terms: Terms, chance: Callable[[], float]
    ) -> None:
        self._work, self._transport, self._make = work, transport, make
        self._terms, self._chance = terms, chance
        self._line: Connection | None = None

    def serve(self) -> None:
        """Send letters until there are no more, or no connection for them."""
        going = True
        while going and (letter := self._work.letters.get()) is not None:
            try:
                going = self._handle(letter)
            except BaseException as error:  # noqa: BLE001 - the main thread raises it again
                self._salvage(letter, error)
                self._work.fail(error)
            finally:
                self._work.done()
        self._hang_up()

    def _handle(self, letter: Letter) -> bool:
        """Send one letter; False when there is no connection to be had."""
        work = self._work
        work.pause(work.pace.turn(work.clock.now()))
        if work.ending():
            work.give_back(letter)
            return True
        try:
            envelope, chunks = self._make(letter.recipient)
        except FeedsError as error:
            self._record(letter, Reply(Outcome.REJECTED, 0, error.message))
            return True
        while (reply := self._send(letter, envelope, chunks)) is None:
            if work.ending():
                work.give_back(letter)
                return True
            if self._line is None and not self._connect():
                return self._retire(letter)
        self._record(letter, reply)
        if reply.outcome is Outcome.UNKNOWN:
            self._hang_up()
        return True

    def _send(self, letter: Letter, envelope: Envelope, chunks: Sequence[bytes]) -> Reply | None:
        """The answer to a letter; None when the line was down, and it may be tried over another."""
        if self._line is None:
            return None
        try:
            reply = self._line.send(envelope, chunks, lambda: self._mark(letter))
            letter.answered = True
        except Lost:
            self._hang_up()
            letter.losses += 1
            if letter.losses < MOST_LOST:
                return None
            return Reply(Outcome.DEFERRED, 0, "the connection broke before the message was sent")
        return reply

    def _mark(self, letter: Letter) -> None:
        if not letter.marked:
            work = self._work
            mark_sending(work.book, work.issue, work.run, letter.recipient, work.clock.now())
            letter.marked = True

    def _record(self, letter: Letter, reply: Reply) -> None:
        work, recipient = self._work, letter.recipient
        event, text, due = _EVENTS[reply.outcome], reply.text, None
        now = work.clock.now()
        if event is Event.DEFER:
            first_at = recipient.first_at or now
            due = next_attempt(recipient.attempts + 1, first_at, now, self._chance())
            if due is None:
                event, text = Event.REJECT, f"{text} (given up after {recipient.attempts + 1} attempts)"
        result = Result(recipient, event, now, reply.code, text, due)
        try:
            record(work.book, work.issue, result)
        except FeedsError:
            work.unrecorded.append(result)
            raise
        work.tally(result)

    def _connect(self) -> bool:
        """Get a connection; whether there is one."""
        work = self._work
        for attempt, seconds in enumerate(self._terms.reconnects):
            if attempt >= FIRST_TRIES and not work.reached:
                break
            work.pause(seconds)
            if work.ending():
                return True  # the letter is given back
            try:
                self._line = self._transport.connect()
            except Lost as lost:
                work.last_reply = str(lost)
            else:
                work.reached = True
                return True
        return False

    def _retire(self, letter: Letter) -> bool:
        """Leave the letter to the other workers, or end the run when this was the last."""
        work = self._work
        if work.retire():
            work.hand_out([letter])
            return False
        work.give_back(letter)
        work.fail(
            FeedsError(
                f"{self._transport.name} cannot be reached: {work.last_reply or 'the line breaks at once'}",
                help="run the same again later: it goes on where it stopped",
                rule="send-unreachable",
            )
        )
        return False

    def _salvage(self, letter: Letter, error: BaseException) -> None:
        """After an exception: give the letter back where it surely was not taken, else leave it in doubt."""
        self._hang_up()
        if letter.answered:
            return  # `unrecorded` has it
        if not letter.marked or isinstance(error, Fault):
            self._work.give_back(letter)
        else:
            now = self._work.clock.now()
            self._work.unrecorded.append(Result(letter.recipient, Event.LOSE, now, 0, type(error).__name__))

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
