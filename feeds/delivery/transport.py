"""What takes messages to where they are delivered: one connection after another, one message at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from feeds.errors import FeedsError


class Outcome(Enum):
    """What became of one message, as far as the transport can know."""

    ACCEPTED = "accepted"
    """Taken; the transport answers for it now."""
    DEFERRED = "deferred"
    """Not taken, but may be later."""
    REJECTED = "rejected"
    """Not taken, and not later either."""
    UNKNOWN = "unknown"
    """Its bytes left, and no answer came: it may have been taken or not."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a message is from and to, as they go over the wire: domains in ASCII (IDNA), no angle brackets."""

    sender: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one message: `code` of SMTP (RFC 5321, 4.2), 0 where none came.

    `text` is one printable line without any mail address.
    """

    outcome: Outcome
    code: int
    text: str


class Fault(FeedsError):  # noqa: N818 - as other parts of mail call it
    """Something of ours is wrong (login, sender, TLS, a policy for all): send nothing more."""


class Lost(Exception):  # noqa: N818 - a state of the line, not a mistake
    """There is no connection, and no byte of the message at hand was sent: connect again, try it again."""


class Connection(Protocol):
    """A line to the transport, for one thread. After `Lost` or an unknown outcome it is of no further use."""

    def send(self, envelope: Envelope, chunks: Sequence[bytes], before_data: Callable[[], None]) -> Reply:
        """Hand over one message: its wire form with CRLF, without dot-stuffing, in any number of pieces.

        `before_data` is called once, just before the first byte of the message leaves, and not at all for
        one that is refused before.

        Raises:
            Lost: the connection broke before that.
            Fault: it is our fault, and would happen to all.
        """

    def close(self) -> None:
        """Say goodbye, if anyone still listens; never raises."""


class Transport(Protocol):
    """Where to deliver; makes connections, from any thread."""

    @property
    def name(self) -> str:
        """As plans and reports show it; without secrets."""

    def connect(self) -> Connection:
        """A new connection, ready to send.

        Raises:
            Fault: it will not work before something is changed.
            Lost: it may work later.
        """


def open_transport(url: str, environ: Mapping[str, str], root: Path) -> Transport:
    """The transport that a URL names: `smtp://`, `smtps://`, `smtp+starttls://` or `folder:`.

    `environ` holds the credentials (see `smtp`), `root` is what the path of a `folder:` starts at.

    Raises:
        Fault: the URL names none, or what it needs is missing or cannot be read.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "folder":
        from feeds.delivery.outbox import Outbox

        return Outbox(root / rest, name=url)
    from feeds.delivery.smtp import open_smtp

    return open_smtp(url, environ, root)
