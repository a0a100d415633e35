"""Files read safely: regular ones only, of a size that fits, as UTF-8."""

from __future__ import annotations

import codecs
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feeds.errors import FeedsError, Location

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)

_records: list[dict[str, bytes]] = []

MAX_BYTES = 4 * 1024 * 1024
"""Size of a file of text, beyond which it is refused."""


def load_bytes(path: Path, name: str, help: str = "", *, limit: int = MAX_BYTES) -> bytes:
    """What a file holds.

    Args:
        path: the file.
        name: what messages call it.
        help: what to do about a file that is too large.
        limit: how many bytes it may have.

    Raises:
        FeedsError: it cannot be read, is a device or a pipe, or is too large.
    """
    return load_file(path, name, help, limit=limit)[0]


def load_file(
    path: Path | str, name: str, help: str = "", *, limit: int = MAX_BYTES
) -> tuple[bytes, os.stat_result]:
    """The same, and how the file was before it was read."""
    data, status = _load(path, name, limit + 1)
    size = max(status.st_size, len(data))
    if size > limit:
        message = f"the file has {size:,} bytes; the limit is {limit:,}"
        raise FeedsError(message, Location(name), help, rule="limit-size")
    return data, status


def load_text(path: Path, name: str) -> str:
    """The text of a file, without its byte order mark, with line feeds only.

    Raises:
        FeedsError: it cannot be read, is no regular file, too large, or not UTF-8; the place is given.
    """
    return decoded(load_bytes(path, name), name)


def decoded(data: bytes, name: str) -> str:
    """The text that bytes are: UTF-8 with or without a byte order mark; line feeds only.

    Raises:
        FeedsError: the bytes are not UTF-8; the place is given.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return with_newlines(data.decode()) if b"\r" in data else data.decode()
    except UnicodeDecodeError as error:
        raise FeedsError(
            f"this is not UTF-8 text: byte 0x{data[error.start]:02x}",
            after(with_newlines(data[: error.start].decode()), name),
            "save the file as UTF-8",
            rule="encoding",
        ) from None


def with_newlines(text: str) -> str:
    """A text whose lines end with line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def after(before: str, name: str) -> Location:
    """The place of the character that follows the beginning of a file."""
    return Location(name, before.count("\n") + 1, len(before) - before.rfind("\n"))


def load_head(path: Path, name: str, size: int) -> bytes:
    """The beginning of a file, of at most so many bytes.

    Raises:
        FeedsError: it cannot be read, or is a device or a pipe.
    """
    return _load(path, name, size)[0]


@contextmanager
def recorded() -> Iterator[dict[str, bytes]]:
    """Remember what is read meanwhile, by this module: the files' paths, and what they hold."""
    found: dict[str, bytes] = {}
    _records.append(found)
    try:
        yield found
    finally:
        _records.remove(found)


def is_file(path: Path) -> bool:
    """Whether there is a regular file of that name, which may be one that no disk can hold."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _load(path: Path | str, name: str, size: int) -> tuple[bytes, os.stat_result]:
    """The first bytes of a file, and how it was before they were read."""
    try:
        # Opened without waiting, so that a pipe that nobody writes to cannot hold the build up.
        handle = os.open(path, _FLAGS)
        try:
            status = os.fstat(handle)
            if stat.S_ISDIR(status.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if not stat.S_ISREG(status.st_mode):
                raise FeedsError("this is not a regular file", Location(name), rule="unreadable")
            data = os.read(handle, min(size, status.st_size + 1))
            while (
                len(data) < size
                and len(data) != status.st_size
                and (more := os.read(handle, size - len(data)))
            ):
                data += more
            for record in _records:
                record[str(path)] = data
            return data, status
        finally:
            os.close(handle)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise FeedsError(f"cannot read this file: {reason}", Location(name), rule="unreadable") from None
    except ValueError:
        message = "cannot read this file: its name holds a NUL"
        raise FeedsError(message, Location(name), rule="unreadable") from None
