"""Posts that were changed below the mark of their excerpt only, which is the commonest change of all.

What of a file matters is noted once: all that stands above the mark, and what of the rest has a part in the
excerpt. Of a file that was changed later, that alone is compared. What is not certain is another post. This
lies on the short way out, so little is imported.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Sequence
from hashlib import blake2b
from itertools import chain, islice

from feeds.posts.bounds import is_within_all
from feeds.posts.heads import Splitter
from feeds.posts.minutes import count_minutes

END = "<>"
"""What is no address, and stands for there being no further picture."""

_REACH = 4096
"""Bytes of a file in which its mark has to stand."""

_MAX_BYTES = 200_000
"""Size of a file that is compared."""

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?s:.*?)^(?:---|\.\.\.)[ \t]*$\n*", re.MULTILINE)
_MARK = re.compile(r"^<!--([^\n]*?)-->[ ]*\n", re.MULTILINE)


def note_of(path: str, marks: Collection[str]) -> tuple[str, os.stat_result | None]:
    """A note of what stands above the mark of a post's excerpt; "" where what follows it may matter too.

    It is where the text begins and where the mark ends, in characters, the mark's line, and a digest of all
    that stands above. With it comes how the file was after it was read.

    Args:
        path: the file.
        marks: the texts of the comments that end an excerpt.
    """
    from feeds.posts.titles import is_certain

    data, status = _read(path, _REACH)
    text = _decoded(data[: data.rfind(b"\n") + 1])
    matter = _FRONT_MATTER.match(text)
    mark = _MARK.search(text, matter.end()) if matter else None
    if matter is None or mark is None or mark[1].strip() not in marks:
        return "", status
    above = text[matter.end() : mark.start()]
    if "\0" in text[: mark.end()] or not above.strip() or not is_certain(above):
        return "", status
    line = text.count("\n", 0, mark.end())
    return f"{matter.end()} {mark.end()} {line} {_digest(text[: mark.end()])}", status


def note_of_excerpt(text: str, addresses: Sequence[str | None]) -> str:
    """A note of what an excerpt is made of: how many addresses, and a digest.

    Args:
        text: the Markdown.
        addresses: those of the pictures below it that were looked at, and `END` if none would do.
    """
    return f"{len(addresses)} {_digest(repr((text, *addresses)))}"


def is_same(path: str, note: str, extensions: Collection[str]) -> bool:
    """Whether a file is certain to make the same post, and the same excerpt, as the one that was noted.

    Args:
        path: the file.
        note: that of `note_of`; if the excerpt is shown, that of `note_of_excerpt` follows, and the minutes
            that the post takes to read.
        extensions: the names of the Markdown extensions.
    """
    start, end, _, digest, *shown = note.split(" ")
    data, status = _read(path, _MAX_BYTES)
    if status is None or status.st_size != len(data):
        return False
    text = _decoded(data)
    above, body = text[: int(end)], text[int(start) :]
    if "\0" in text or _digest(above) != digest:
        return False
    if not shown:
        return True
    mark = above.split("\n")[-2].rstrip()[4:-3].strip()
    splitter = Splitter({name: {} for name in extensions}, is_commonmark=False)
    head = splitter.head(body, (mark,))
    if head is None or not is_within_all(body):
        return False
    addresses = [*islice(chain(splitter.pictures(head.rest), (END,)), int(shown[0]))]
    found = note_of_excerpt(head.text, addresses)
    return " ".join(shown) == f"{found} {count_minutes(body)}"


def _read(path: str, size: int) -> tuple[bytes, os.stat_result | None]:
    """The first bytes of a file, and how it was after that; nothing of what cannot be read."""
    try:
        # Opened without waiting, so that a pipe that nobody writes to cannot hold the build up.
        handle = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return b"", None
    try:
        data = os.read(handle, size)
        status = os.fstat(handle)
        return (data, status) if stat.S_ISREG(status.st_mode) else (b"", None)
    except OSError:
        return b"", None
    finally:
        os.close(handle)


def _decoded(data: bytes) -> str:
    """The text of a file as it is read for a post; a text without any of what is no UTF-8."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n") if b"\r" in data else text


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
