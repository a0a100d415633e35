"""The ledger file: one SQLite database that holds the subscribers and what was sent to whom."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import platformdirs

from feeds.delivery.schema import APPLICATION, TABLES, VERSION
from feeds.errors import FeedsError, Location

Row = tuple[Any, ...]

WAIT = 60.0
"""Seconds to wait for another program that writes to the file."""

_CREATE = (
    "add the first subscriber with feeds subscribers add or import, or pass --first-run to feeds send; "
    "where it is kept elsewhere, bring it back first, or name it as ledger under [send]"
)
_RESTORE = "put a backup in its place; it knows who was mailed already, so do not start with a new one"
_DAMAGED = ("this file is damaged", _RESTORE, "damaged")
_PROBLEMS = {
    sqlite3.SQLITE_ERROR: ("this file has not the tables that it should have", _RESTORE, "damaged"),
    sqlite3.SQLITE_BUSY: ("another program is writing to this file", "wait until it is done", "locked"),
    sqlite3.SQLITE_LOCKED: ("another program is writing to this file", "wait until it is done", "locked"),
    sqlite3.SQLITE_FULL: ("there is no room left to write to this file", "make room on the disk", "full"),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: ("this is no ledger of feeds", _RESTORE, "damaged"),
    sqlite3.SQLITE_IOERR: ("this file cannot be read or written", "see whether its disk is full", "disk"),
    sqlite3.SQLITE_READONLY: (
        "this file may not be written",
        "see to its permissions and its folder's",
        "unwritable",
    ),
    sqlite3.SQLITE_CANTOPEN: ("this file cannot be opened", "see to its permissions", "unreadable"),
    sqlite3.SQLITE_PERM: ("this file may not be opened", "see to its permissions", "unreadable"),
    sqlite3.SQLITE_AUTH: ("this file may not be opened", "see to its permissions", "unreadable"),
    sqlite3.SQLITE_PROTOCOL: ("another program is writing to this file", "wait until it is done", "locked"),
    sqlite3.SQLITE_NOLFS: ("this file is too large for its disk", "move it to another disk", "full"),
    sqlite3.SQLITE_NOMEM: ("there is too little memory to read this file", "", "memory"),
}
"""What SQLite's primary result codes mean to a person: message, help, rule."""


class Book:
    """The open file; one connection writes, under a lock, and each reading has its own.

    A book may be used by several threads; `open_book` makes it, and it is its own context manager.
    """

    def __init__(self, path: Path, writer: sqlite3.Connection) -> None:
        self.path = path
        self._writer = writer
        self._file = _identity(path)
        self._rescued: Path | None = None
        self._lock = threading.RLock()
        journal = writer.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        # Only with a write-ahead log does NORMAL keep the file whole through a power cut.
        self._quick = "NORMAL" if journal == "wal" else "FULL"
        self._set_synchronous(self._quick)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was committed stays."""
        with self._lock:
            self._writer.close()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: all that is done with the connection, or nothing of it where an exception leaves.

        Args:
            durable: on the disk when this returns, so that a power cut cannot undo it; otherwise it survives
                the end of this process but maybe not that of the machine.

        Raises:
            FeedsError: the file is locked, full or damaged; where `durable`, also if another lies there now.
        """
        with self._lock, translated(self.path):
            if durable:
                self._check_place()
                self._set_synchronous("FULL")
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    yield self._writer
                    self._writer.execute("COMMIT")
                except BaseException:
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                    raise
            finally:
                if durable:
                    self._set_synchronous(self._quick)

    def change(self, sql: str, values: Sequence[Any] = ()) -> int:
        """One quick statement, a transaction like `write(durable=False)`; how many rows it changed.

        Raises:
            FeedsError: the file is locked, full or damaged.
        """
        with self._lock, translated(self.path):
            return self._writer.execute(sql, values).rowcount

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Iterator[Row]:
        """What is committed now, row by row, however many; writing meanwhile changes nothing of it.

        Raises:
            FeedsError: the file cannot be read, or another lies there now.
        """
        with translated(self.path):
            self._check_place()
            reader = _connect(self.path)
            try:
                reader.execute("PRAGMA query_only = ON")
                yield from reader.execute(sql, values)
            finally:
                reader.close()

    def one(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        """The first row of an answer, None without one.

        Raises:
            FeedsError: the file cannot be read.
        """
        with self._lock, translated(self.path):
            row: Row | None = self._writer.execute(sql, values).fetchone()
            return row

    def check(self) -> None:
        """Read the whole file and see that it is sound; about a second for a million subscribers.

        Raises:
            FeedsError: it is damaged.
        """
        found = self.one("PRAGMA quick_check(1)")
        if found != ("ok",):
            message, help, rule = _DAMAGED
            raise FeedsError(message, Location(str(self.path)), help, rule=f"ledger-{rule}")

    def scrub(self) -> None:
        """Leave no copy of what was erased in the log; where another program reads it now, later."""
        with self._lock, translated(self.path):
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _check_place(self) -> None:
        """See that the file is still where it was, and rescue it if not: without a name it ends with us."""
        if _identity(self.path) == self._file:
            return
        raise FeedsError(
            "another program has removed or replaced this file while it was in use",
            Location(str(self.path)),
            self._rescue(),
            rule="ledger-replaced",
        )

    def _rescue(self) -> str:
        """Write what this process knows into a file beside the old place; what to do then.

        That is done anew whenever it is asked for: letters in hand may have been recorded since.
        """
        number = 1
        while self._rescued is None:
            path = self.path.with_name(f"{self.path.name}.rescued-{number}")
            self._rescued = None if path.exists() else path
            number += 1
        try:
            self._rescued.unlink(missing_ok=True)
            _make_private(self._rescued)
            with self._lock:
                self._writer.execute("VACUUM INTO ?", [str(self._rescued)])
        except (FeedsError, OSError, sqlite3.Error) as error:
            return f"what was written to it since is lost ({error}): send no issue that was begun again"
        return f"what it held is in {self._rescued}: put that in its place before anything else is sent"

    def _set_synchronous(self, level: str) -> None:
        self._writer.execute(f"PRAGMA synchronous = {level}")


def open_book(path: Path, *, create: bool, wait: float = WAIT) -> Book:
    """The ledger file, with its tables.

    Args:
        path: where it lies.
        create: make it where it is missing, with its folder: both readable by nobody but the user.
        wait: seconds to wait for another program that writes to it.

    Raises:
        FeedsError: it is missing, cannot be opened or made, is locked, damaged, something else, or written by
            a newer version.
    """
    path = Path(os.path.realpath(path))  # by whatever name: the lock of a send lies beside it
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        status = None
    except OSError as error:
        raise _unopened(path, error) from None
    if not create and (status is None or (stat.S_ISREG(status.st_mode) and status.st_size == 0)):
        raise FeedsError("there is no ledger here yet", Location(str(path)), _CREATE, rule="ledger-missing")
    if status and not stat.S_ISREG(status.st_mode):
        raise FeedsError("this is no file", Location(str(path)), rule="ledger-unreadable")
    _make_private(path)
    with translated(path):
        writer = _connect(path, wait)
        try:
            _check_kind(writer, path)
            book = Book(path, writer)
            if not _version(writer):
                _make_tables(book)
        except BaseException:
            writer.close()
            raise
    return book


def default_ledger(site_url: str) -> Path:
    """Where the ledger of a site lies unless told otherwise: in the user's data folder."""
    parts = urlsplit(site_url)
    slug = re.sub(r"[^\w.-]+", "-", f"{parts.netloc}{parts.path}".casefold()).strip("-.") or "site"
    return platformdirs.user_data_path("feeds", appauthor=False) / f"{slug[:100]}.sqlite"


def check_place(path: Path, forbidden: Sequence[Path]) -> None:
    """Refuse a ledger where it could be published or committed.

    Args:
        path: where it is to lie.
        forbidden: the project's folder, the output, the repository.

    Raises:
        FeedsError: the path leads into one of them.
    """
    real = Path(os.path.realpath(path))
    for folder in forbidden:
        if real.is_relative_to(os.path.realpath(folder)):
            raise FeedsError(
                f"the ledger holds people's addresses: it must not lie in {folder}, which may be published",
                Location(str(path)),
                "name a file outside as ledger under [send], or leave the key out: it is then kept in your "
                "data folder",
                rule="ledger-place",
            )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Say in plain words what SQLite says of the file; what can only be a mistake of ours passes.

    A value that no version of ours has written (a ValueError) is damage too.
    """
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        is_undecodable = isinstance(error, ValueError) or "Could not decode" in str(error)
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        known = _DAMAGED if is_undecodable else _PROBLEMS.get(code)
        if known is None:
            raise
        message, help, rule = known
        raise FeedsError(message, Location(str(path)), help, rule=f"ledger-{rule}") from error


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells one file from another that lies in its place; None without a file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _unopened(path: Path, error: OSError) -> FeedsError:
    message = f"cannot open this file: {error.strerror or error}"
    return FeedsError(message, Location(str(path)), rule="ledger-unreadable")


def _connect(path: Path, wait: float = WAIT) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, timeout=wait, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # who is forgotten is not left in free pages
    connection.execute("PRAGMA fullfsync = ON")  # macOS: past the drive's own cache
    connection.execute("PRAGMA cache_size = -8000")
    return connection


def _make_private(path: Path) -> None:
    """Make the file where there is none; nobody but the user may read it, nor a folder made for it."""
    try:
        folder = path.parent
        for part in reversed([folder, *folder.parents]):
            if not part.exists():
                part.mkdir(mode=0o700, exist_ok=True)
        new = not path.exists()
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if os.name == "posix":
            if new:
                _sync_folder(folder)
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                path.chmod(0o600)
    except OSError as error:
        raise _unopened(path, error) from None


def _sync_folder(folder: Path) -> None:
    """Make sure that a power cut does not take the new file's name away, and with it all that it knows."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and application != APPLICATION:
        message = "this is a database of another program, no ledger of feeds"
        raise FeedsError(message, Location(str(path)), "name another file as ledger", rule="ledger-foreign")
    if _version(connection) > VERSION:
        message = "this ledger was written by a newer version of feeds"
        raise FeedsError(message, Location(str(path)), "update feeds", rule="ledger-version")


def _make_tables(book: Book) -> None:
    with book.write() as db:
        if _version(db):  # another process was quicker
            return
        for statement in TABLES:
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {VERSION}")
