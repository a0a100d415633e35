"""One send at a time: a lock of the operating system, which lets go of it whenever the process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feeds.errors import FeedsError, Location


@contextmanager
def run_lock(ledger: Path) -> Iterator[None]:
    """Keep every other send from the same ledger out; the file of the lock lies beside it and stays there.

    Raises:
        FeedsError: another send is running, or the file cannot be made.
    """
    path = ledger.with_name(ledger.name + ".lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = f"cannot open this file: {error.strerror or error}"
        raise FeedsError(message, Location(str(path)), rule="ledger-unreadable") from None
    try:
        if not _try_lock(handle):
            raise FeedsError(
                "another send from this ledger is running",
                Location(str(ledger)),
                "wait until it is done, or stop it with Ctrl-C: it records what it has sent",
                rule="ledger-running",
            )
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
