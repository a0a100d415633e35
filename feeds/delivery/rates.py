"""How fast letters may go out: by the second, by the hour, and by the hour to one domain."""

from __future__ import annotations

import threading
from dataclasses import dataclass

HOUR = 61
"""Minutes in the window that limits by the hour look back on: one more, as letters are counted when they are
claimed and leave within a minute after that."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The most letters in any second, in any hour, and in any hour to one domain's addresses; 0: no limit."""

    per_second: float = 0
    per_hour: int = 0
    per_domain: int = 0


class Window:
    """Counts by the minute: no more than `limit` in any hour, whenever that begins.

    The minute that was running so long ago is counted in full: the limit is kept rather a little too well.
    """

    def __init__(self, limit: int, counts: dict[int, int] | None = None) -> None:
        self.limit = limit
        self._counts = dict(counts or {})

    def room(self, now: float) -> int:
        """How many more may go now."""
        self._forget(now)
        return max(0, self.limit - sum(self._counts.values()))

    def add(self, now: float, count: int) -> None:
        """So many went; fewer than none gives back what did not go after all, of this minute at most."""
        minute = int(now // 60)
        self._counts[minute] = max(0, self._counts.get(minute, 0) + count)

    def opens(self, now: float, ahead: int = 0) -> float:
        """From when one more may go, after so many others that wait already; seconds since 1970."""
        self._forget(now)
        excess = sum(self._counts.values()) + 1 - self.limit
        rounds, left = divmod(ahead, max(1, self.limit))
        start = now
        for minute in sorted(self._counts):
            if excess + left <= 0:
                break
            excess -= self._counts[minute]
            start = 60.0 * (minute + HOUR + 1)
        return start + rounds * 60.0 * (HOUR + 1)

    def _forget(self, now: float) -> None:
        oldest = int(now // 60) - HOUR
        for minute in [minute for minute in self._counts if minute < oldest]:
            del self._counts[minute]


class Pace:
    """Turns that are evenly spaced, for any number of threads: never more than `per_second` in a second."""

    def __init__(self, per_second: float, now: float) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = now + self._gap  # a run before this one may have had the last turn just now
        self._lock = threading.Lock()

    def turn(self, now: float) -> float:
        """Take the next turn; how many seconds it is away."""
        if not self._gap:
            return 0.0
        with self._lock:
            turn = max(now, self._next)
            self._next = turn + self._gap
        return turn - now
