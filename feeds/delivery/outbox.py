"""Mail into a folder: a file for each message, to look at or to hand to another program."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from feeds.delivery.transport import Envelope, Fault, Outcome, Reply

_MAX_NAME = 150
_PART = ".part"


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder, made when it is first needed; only its owner may read what is in it."""

    folder: Path
    name: str

    def connect(self) -> OutboxConnection:
        """The folder, ready to be written to.

        Raises:
            Fault: there can be no such folder.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _fault(self.name, error) from error
        return OutboxConnection(self)


@dataclass(frozen=True, slots=True)
class OutboxConnection:
    """Writes messages, each as the very bytes that a server would get, without the envelope."""

    outbox: Outbox

    def send(self, envelope: Envelope, chunks: Sequence[bytes], before_data: Callable[[], None]) -> Reply:
        """Write one message to a file called after its recipient and a hash of its bytes.

        So the same message replaces itself, and another to the same person stands beside it. Nothing is ever
        half there: `before_data` is called once the bytes are on the disk, and the file gets its name then.

        Raises:
            Fault: it cannot be written.
        """
        data = b"".join(chunks)
        name = f"{_file_name(envelope.recipient)}.{hashlib.sha256(data).hexdigest()[:8]}.eml"
        path = self.outbox.folder / name
        part = path.with_name(f".{name}{_PART}")
        try:
            _write(part, data)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise _fault(self.outbox.name, error) from error
        try:
            before_data()
            part.replace(path)
        except OSError as error:
            return Reply(Outcome.DEFERRED, 0, f"the file got no name: {error.strerror}")
        finally:
            part.unlink(missing_ok=True)
        return Reply(Outcome.ACCEPTED, 250, "written")

    def close(self) -> None:
        """Nothing is left open."""


def _write(path: Path, data: bytes) -> None:
    """All bytes, on the disk, for the owner alone."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _file_name(address: str) -> str:
    """An address as every file system can hold it."""
    return re.sub(r"[^\w.+@-]", "_", address, flags=re.ASCII).lstrip(".")[:_MAX_NAME] or "_"


def _fault(name: str, error: OSError) -> Fault:
    return Fault(f"{name} cannot be written: {error.strerror}", rule="transport")
