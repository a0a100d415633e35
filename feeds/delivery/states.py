"""What can become of one recipient's letter: its states, what leads from one to another, when to try again.

No file and no clock is touched here. The one thing that SMTP cannot tell, whether a message was taken when
the line broke after its data (RFC 5321, 4.5.3.2.6), has a state of its own, `unknown`, that nothing leaves by
itself.
"""

from __future__ import annotations

import re
from enum import StrEnum


class State(StrEnum):
    """Where a recipient's letter stands."""

    PENDING = "pending"
    """Not tried, or given back before anything left."""
    CLAIMED = "claimed"
    """A run has it in its block, and that is safe on the disk; nothing has left."""
    SENDING = "sending"
    """Its bytes are about to leave, or on their way."""
    ACCEPTED = "accepted"
    """The server took it."""
    DEFERRED = "deferred"
    """The server said: not now."""
    REJECTED = "rejected"
    """The server said: never; or it said "not now" for too long."""
    SUPPRESSED = "suppressed"
    """The recipient unsubscribed, or was removed, before it was sent."""
    UNKNOWN = "unknown"
    """It may have been taken, or not: nobody here can know."""
    EXPIRED = "expired"
    """The issue was too old when its turn came."""


class Event(StrEnum):
    """What happens to a letter."""

    CLAIM = "claim"
    SEND = "send"
    ACCEPT = "accept"
    DEFER = "defer"
    REJECT = "reject"
    LOSE = "lose"
    RELEASE = "release"
    SUPPRESS = "suppress"
    EXPIRE = "expire"
    RETRY = "retry"
    REOPEN = "reopen"


_CHANGES: dict[Event, tuple[frozenset[State], State]] = {
    Event.CLAIM: (frozenset({State.PENDING, State.DEFERRED}), State.CLAIMED),
    Event.SEND: (frozenset({State.CLAIMED}), State.SENDING),
    Event.ACCEPT: (frozenset({State.SENDING}), State.ACCEPTED),
    Event.DEFER: (frozenset({State.CLAIMED, State.SENDING}), State.DEFERRED),
    Event.REJECT: (frozenset({State.CLAIMED, State.SENDING}), State.REJECTED),
    Event.LOSE: (frozenset({State.CLAIMED, State.SENDING}), State.UNKNOWN),
    Event.RELEASE: (frozenset({State.CLAIMED, State.SENDING}), State.PENDING),
    Event.SUPPRESS: (frozenset({State.PENDING, State.DEFERRED}), State.SUPPRESSED),
    Event.EXPIRE: (frozenset({State.PENDING, State.DEFERRED}), State.EXPIRED),
    Event.RETRY: (frozenset({State.UNKNOWN}), State.PENDING),
    Event.REOPEN: (frozenset({State.REJECTED}), State.PENDING),
}
"""From which states an event leads where. Only what the user asks for (RETRY), and refusals of everybody that
were no fault of theirs (REOPEN), leave a state that is final otherwise; nothing leaves ACCEPTED."""

WAITING = frozenset({State.PENDING, State.DEFERRED})
"""May still be sent."""

IN_HAND = frozenset({State.CLAIMED, State.SENDING})
"""Of a run that goes on, or was killed."""

FIRST_WAIT = 60.0
LONGEST_WAIT = 4 * 3600.0
"""Seconds before the second attempt, doubled for each further one; and the most of it."""

GIVE_UP = 48 * 3600.0
"""Seconds after the first attempt within which the last one may be."""

SPREAD = 0.25
"""By which part of itself a wait is made longer or shorter, so that not all come back at once."""

_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\d)")
_DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
"""No such mailbox, no such host, no such syntax, moved, takes no mail (RFC 3463, 3.2; RFC 7505); the other
5.1.x are about the sender's address or say nothing certain."""


def sources(event: Event) -> frozenset[State]:
    """The states in which an event can happen."""
    return _CHANGES[event][0]


def target(event: Event) -> State:
    """The state that an event leads to."""
    return _CHANGES[event][1]


def after(state: State, event: Event) -> State:
    """The state after an event.

    Raises:
        ValueError: it cannot happen there.
    """
    if state not in sources(event):
        raise ValueError(f"{event} cannot happen to a letter that is {state}")
    return target(event)


def recovery(state: State, *, same_boot: bool) -> Event | None:
    """What a new run makes of a letter that a run left behind which was killed.

    A killed process leaves what it wrote: a letter that is only claimed was not sent. A machine that went
    down leaves no more than what was safe on its disk, the claim alone: every letter in hand is in doubt.
    """
    if state not in IN_HAND:
        return None
    return Event.RELEASE if same_boot and state is State.CLAIMED else Event.LOSE


def next_attempt(attempts: int, first_at: float, now: float, chance: float) -> float | None:
    """When to try again after a server said "not now"; None when it is time to give up.

    Args:
        attempts: how many there were, 1 or more.
        first_at: when the first was, in seconds since 1970.
        now: the time, in the same.
        chance: a random number from 0 up to 1.
    """
    wait = min(FIRST_WAIT * 2.0 ** min(attempts - 1, 30), LONGEST_WAIT)
    due = now + wait * (1 + SPREAD * (2 * chance - 1))
    return due if due <= first_at + GIVE_UP else None


def kind_of(code: int, text: str) -> str:
    """What sort of reply this is: its enhanced status code (RFC 3463) if it has one, or the plain code."""
    found = _STATUS.match(text)
    return found[1] if found and found[1][0] == str(code)[0] else str(code)


def is_dead(code: int, text: str) -> bool:
    """Whether a refusal says that the address does not exist, rather than that this mail is not wanted."""
    return kind_of(code, text) in _DEAD
