"""What somebody sees who waits for a build: how far it is, and afterwards which posts took long."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import Any

import click

from feeds.errors import printable
from feeds.rendering import Progress

_PATIENCE = 1.0
"""Seconds until a progress bar appears."""

_SLOW, _MAX_SLOW = 1.0, 5
"""Seconds from which a post is said to take long; of those, so many are named."""


class Watching(Progress):
    """Shows the progress on a terminal, as long as it is entered; `silent` shows nothing."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._bar: Any = None
        self._stack = ExitStack()
        self._slow: list[tuple[float, str]] = []
        self._started = self._last = time.monotonic()
        self._done = self._total = 0

    def __enter__(self) -> Watching:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def begin(self, total: int) -> None:
        """So many posts will be rendered."""
        self._total = total
        self._last = time.monotonic()

    def rendered(self, file: str) -> None:
        """The post of a file was."""
        before, self._last = self._last, time.monotonic()
        if self._last - before > _SLOW:
            self._slow.append((self._last - before, file))
        self._done += 1
        if self._bar is None and self._last - self._started > _PATIENCE and self._is_watched():
            bar = click.progressbar(length=self._total, label="rendering posts", file=sys.stderr)
            self._bar = self._stack.enter_context(bar)
        if self._bar is not None:
            self._bar.update(self._done - self._bar.pos)

    def beside(self) -> Watching:
        """Measures in another process, and shows nothing there."""
        return Watching(silent=True)

    def join(self, other: Progress | None) -> None:
        """That process was waited for, which is no post's fault here."""
        self._last = time.monotonic()
        if isinstance(other, Watching):
            self._slow += other._slow

    def show_slow(self) -> None:
        """Name the posts that took longest."""
        for seconds, file in sorted(self._slow, reverse=True)[:_MAX_SLOW] if not self._silent else ():
            click.echo(f"note: {printable(file)} took {seconds:.1f} s to render", err=True)

    def _is_watched(self) -> bool:
        return not self._silent and sys.stderr.isatty()
