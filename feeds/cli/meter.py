"""How far a send is: a line that is drawn anew on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from feeds.delivery.engine import Progress

_OFTEN = 0.2
_SELDOM = 60.0
_BAR = 24


class Meter:
    """Shows the progress of a send on the standard error stream; `silent` shows nothing.

    A terminal that is gone, or a log on a full disk, does not stop a send: then nothing more is shown.
    """

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent or sys.stderr is None  # None: the command was started without one
        self._drawn = not self._silent and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._began = self._shown = time.monotonic()
        self._dirty = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._dirty:
            self._print("\r\x1b[2K", nl=False)

    def show(self, progress: Progress) -> None:
        """Tell how far it is, unless that was told just now."""
        now = time.monotonic()
        if self._silent or now - self._shown < (_OFTEN if self._drawn else _SELDOM):
            return
        self._shown = now
        line = describe(progress, now - self._began)
        if self._drawn:
            self._dirty = True
            self._print(f"\r\x1b[2K{line}", nl=False)
        else:
            self._print(line)

    def _print(self, text: str, *, nl: bool = True) -> None:
        try:
            click.echo(text, nl=nl, err=True)
        except OSError:
            self._silent = True


def describe(progress: Progress, seconds: float) -> str:
    """One line: a bar, how many letters are through, how fast, and how long the rest will take."""
    from feeds.delivery.states import IN_HAND, WAITING

    total = sum(progress.counts.values())
    waiting = sum(progress.counts.get(state, 0) for state in WAITING | IN_HAND)
    done = total - waiting
    part = done / total if total else 1.0
    bar = "█" * round(part * _BAR) + "░" * (_BAR - round(part * _BAR))
    rate = progress.accepted / seconds if seconds else 0.0
    left = f", {duration(waiting / rate)} left" if rate else ""
    if progress.waits_until:
        left = f", waiting until {time.strftime('%H:%M', time.localtime(progress.waits_until))}"
    return f"{bar} {done:,} of {total:,}  {rate:.1f}/s{left}"


def duration(seconds: float) -> str:
    """About so long: `12 s`, `3 min`, `2 h 5 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
