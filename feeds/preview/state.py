"""What a preview shows at a time, and the board from which pages learn of it."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, replace

from feeds.compilation import Compiled
from feeds.errors import Finding
from feeds.posts.listing import Listing


@dataclass(frozen=True, slots=True)
class View:
    """A build that went well: what it would write, every post, and the warnings."""

    compiled: Compiled
    listing: Listing
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class State:
    """The last build, by its number, and what stopped it; `view` is the last one that went well.

    Before the first build is done `number` is 0.
    """

    number: int = 0
    view: View | None = None
    problems: tuple[Finding, ...] = ()


class Board:
    """Holds the newest state; requests wait here for the next one. `name` tells one preview from the next."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(4)
        self._changed = threading.Condition()
        self._state = State()
        self._closed = False

    @property
    def state(self) -> State:
        """The newest state."""
        with self._changed:
            return self._state

    @property
    def closed(self) -> bool:
        """Whether the preview is at its end."""
        with self._changed:
            return self._closed

    def show(self, view: View) -> State:
        """A build went well."""
        return self._set(view, ())

    def fail(self, problems: tuple[Finding, ...]) -> State:
        """A build was stopped; the last good view stays."""
        return self._set(self.state.view, problems)

    def close(self) -> None:
        """Let everyone go who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, number: int, seconds: float) -> State:
        """The newest state, as soon as it is another than that of this number, at last after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._state.number != number, seconds)
            return self._state

    def _set(self, view: View | None, problems: tuple[Finding, ...]) -> State:
        with self._changed:
            number = self._state.number + 1
            self._state = replace(self._state, number=number, view=view, problems=problems)
            self._changed.notify_all()
            return self._state
