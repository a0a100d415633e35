"""Mailboxes on disk, one mail at a time: mbox (RFC 4155), Maildir, or a file that holds a single mail.

Anybody may write to a mailbox, so nothing here depends on what a mail says of its own size or depth.
"""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from pathlib import Path
from typing import BinaryIO

from feeds.delivery.addresses import Address, parse_address
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Report

MAX_BYTES = 1_000_000
"""How much of one mail is looked at; what follows is left out."""

MAX_PARTS = 100
"""Parts, counted by their headers, beyond which a mail is not looked at: nobody's bounce has so many."""

_MAX_HEADER = 4_000
_MAX_COMMENTS = 20
"""Comments in a header of addresses; the standard library follows them into each other without end."""

_MAX_LINE = 64_000
_PART = re.compile(rb"^content-type[ \t]*:", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: where it stands, what it says, and an `id` by which it is known when it is read again."""

    at: Location
    message: Message
    id: str


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir."""
    return (path / "new").is_dir() or (path / "cur").is_dir()


def read_mails(path: Path, shown: str, report: Report) -> Iterator[Mail]:
    """The mails of a mailbox, in their order.

    Args:
        path: an mbox, a Maildir, or a file with one mail.
        shown: what messages call it.
        report: told of mails that cannot be looked at.

    Raises:
        FeedsError: it cannot be read.
    """
    for at, data in _raw_mails(path, shown):
        if len(_PART.findall(data)) > MAX_PARTS:
            message = f"this mail has more than {MAX_PARTS} parts and was not looked at"
            report(Finding(Severity.WARNING, "mail-parts", message, at))
            continue
        try:
            parsed = email.message_from_bytes(data)
        except (MessageError, ValueError):  # ValueError: what the standard library meets in broken headers
            report(Finding(Severity.WARNING, "mail-broken", "this is no mail that can be read", at))
            continue
        yield Mail(at, parsed, _id(parsed, data))


def header(message: Message, name: str) -> str:
    """A header as people read it, on one line; "" where it is missing."""
    value = str(message.get(name, ""))[:_MAX_HEADER]
    with suppress(HeaderParseError, LookupError, ValueError):  # what cannot be decoded stands for itself
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())


def addresses(message: Message, *names: str) -> list[str]:
    """The addresses in headers, as they are written, without people's names."""
    values = [str(value)[:_MAX_HEADER] for name in names for value in message.get_all(name, [])]
    values = [value for value in values if value.count("(") <= _MAX_COMMENTS]
    return [address for _, address in getaddresses(values) if address]


def sender_of(message: Message) -> Address | None:
    """The one address that a mail is from; None if it is from none, or from several."""
    found = addresses(message, "From")
    try:
        return parse_address(found[0]) if len(found) == 1 else None
    except FeedsError:
        return None


def text_of(part: Message) -> str:
    """The text of a part that is not made of others, as far as it can be decoded."""
    data = part.get_payload(decode=True)
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""


def _id(message: Message, data: bytes) -> str:
    """A hash of the Message-ID and who wrote it (ids can be taken from others), else of the whole mail."""
    own = header(message, "Message-ID")
    text = "\n".join((own, header(message, "From"), header(message, "Date"))).encode("utf-8", "replace")
    return hashlib.sha256(text if own else data).hexdigest()[:32]


def _raw_mails(path: Path, shown: str) -> Iterator[tuple[Location, bytes]]:
    try:
        if path.is_dir():
            for folder in ("cur", "new"):
                for file in sorted((path / folder).glob("*")):
                    if file.is_file():
                        with file.open("rb") as opened:
                            yield Location(f"{shown}/{folder}/{file.name}"), opened.read(MAX_BYTES)
            return
        with path.open("rb") as opened:
            if opened.read(5) == b"From ":
                opened.seek(0)
                yield from ((Location(shown, line), data) for line, data in _split(opened))
            else:
                opened.seek(0)
                yield Location(shown), opened.read(MAX_BYTES)
    except OSError as error:
        raise FeedsError(
            f"cannot read this file: {error.strerror}", Location(shown), rule="unreadable"
        ) from None


def _split(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The mails of an mbox and the lines at which they begin: with `From `, after a blank line."""
    number = start = size = 0
    lines: list[bytes] = []
    is_blank, is_whole = True, True
    while line := file.readline(_MAX_LINE):
        number += is_whole
        if is_blank and line.startswith(b"From "):
            if start:
                yield start, b"".join(lines)
            lines, start, size = [], number, 0
        elif size < MAX_BYTES:
            lines.append(line)
            size += len(line)
        is_whole = line.endswith(b"\n")
        is_blank = is_whole and not line.strip()
    yield start, b"".join(lines)
