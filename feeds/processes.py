"""Work done beside this process, by copies of it: forked, so that they know all that it knows.

Where there can be no copy, or one fails for whatever reason, the work is done here, which then shows why;
what is made is the same.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Generic, NoReturn, TypeVar

from feeds.watch import forget_seen, seen, take_over

_SIZE = 8
"""Bytes before what was made, which tell how much there is of it."""

Item = TypeVar("Item")
Made = TypeVar("Made")


def spread(work: Callable[[Sequence[Item]], list[Made]], items: Sequence[Item], least: int) -> list[Made]:
    """What `work(items)` gives, made by as many processes as there are processors, of a slice each.

    Args:
        work: makes a list of one thing for each item, which can be pickled.
        items: what it is made of.
        least: how many items make a process of their own worth its while.
    """
    first, *others = slices(items, least)
    beside = [Beside(work, part) for part in others]
    try:
        return sum((each.result() for each in beside), start=work(first))
    finally:
        for each in beside:
            each.stop()


def slices(items: Sequence[Item], least: int) -> list[Sequence[Item]]:
    """The items in as many parts as there are processors, but of `least` at the least, if not of all."""
    count = max(1, min(_processors(), len(items) // least))
    bounds = [len(items) * number // count for number in range(count + 1)]
    return [items[start:end] for start, end in pairwise(bounds)]


class Beside(Generic[Item, Made]):
    """`work(item)`, begun in a process of its own where there is a processor for it; it can be pickled."""

    def __init__(self, work: Callable[[Item], Made], item: Item) -> None:
        self._work = work
        self._item = item
        self._child: tuple[int, int] | None = None
        if _processors() > 1:
            with _uninterrupted():
                self._child = _fork(work, item)

    def result(self) -> Made:
        """What was made, once it is; it is asked for once.

        Raises:
            Exception: what the work raises.
        """
        made = self.made()
        return self._work(self._item) if made is None else made

    def made(self) -> Made | None:
        """What was made beside, once it is; None if nothing was; it is asked for once."""
        if self._child is None:
            return None
        try:
            data = _read(self._child[1])
        finally:
            self.stop()
        size = int.from_bytes(data[:_SIZE])
        if not size or len(data) != _SIZE + size:  # it came to grief
            return None
        made, opened = pickle.loads(data[_SIZE:])
        take_over(opened)
        return made  # type: ignore[no-any-return]

    def stop(self) -> None:
        """End the process, which is done, or whose work is no longer wanted."""
        if self._child is not None:
            with _uninterrupted():
                (process, pipe), self._child = self._child, None
                os.close(pipe)
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)

    def __del__(self) -> None:
        self.stop()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Have Ctrl-C wait for what is done meanwhile, which must not be left half done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _fork(work: Callable[[Item], object], item: Item) -> tuple[int, int] | None:
    """A process that does the work, and the pipe that gives what it made; None if there can be no more."""
    if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:  # then nobody could wait for it
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        pipe, end = os.pipe()
    except OSError:
        return None
    gc.freeze()  # so that the copy need not look through, and so duplicate, all that is there
    try:
        process = os.fork()
    except OSError:
        process = -1
    if process == 0:
        _work_and_exit(work, item, pipe, end)
    gc.unfreeze()
    os.close(end)
    if process < 0:
        os.close(pipe)
        return None
    return process, pipe


def _work_and_exit(work: Callable[[Item], object], item: Item, pipe: int, end: int) -> NoReturn:
    """Do the work, write what was made, and be gone: all else that an end brings is for the first process."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
        os.close(pipe)  # so that the end of the first process is the end of the pipe
        forget_seen()
        data = pickle.dumps((work(item), seen()))
        with os.fdopen(end, "wb") as file:
            file.writelines((len(data).to_bytes(_SIZE), data))
    finally:
        os._exit(0)


def _read(pipe: int) -> bytes:
    with os.fdopen(pipe, "rb", closefd=False) as file:
        return file.read()


def _processors() -> int:
    """How many processes can work at a time; 1 where no copy of this one would be sound.

    Another thread may hold a lock that a copy would wait for, for ever; and the libraries of macOS do not
    bear being copied (as the documentation of `os.fork` and of `multiprocessing` tells).
    """
    if not hasattr(os, "fork") or sys.platform == "darwin" or threading.active_count() > 1:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
