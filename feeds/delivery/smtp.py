"""Mail to a server by SMTP (RFC 5321), over one connection for each thread."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from feeds.delivery.server import Server, dial, fault, one_line, parse_server, shown, socket_of
from feeds.delivery.transport import Envelope, Fault, Lost, Outcome, Reply

MESSAGES_PER_CONNECTION = 100
"""After as many messages a new connection is made: servers cut off those that stay for ever."""

_PATH = re.compile(r"[^\s\x00-\x20\x7f-\x9f<>]+@[^\s\x00-\x20\x7f-\x9f<>@]+")
"""An address that ends neither its brackets nor its line; no more, as it was checked when it came in."""


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """Connections to one server."""

    server: Server

    @property
    def name(self) -> str:
        """The server's URL, without user or password."""
        return self.server.name

    def connect(self) -> SmtpConnection:
        """A connection that is greeted, encrypted and logged in (see `dial`)."""
        return SmtpConnection(self.server)


def open_smtp(url: str, environ: Mapping[str, str], root: Path) -> SmtpTransport:
    """The server that a URL and the environment name (see `parse_server`)."""
    return SmtpTransport(parse_server(url, environ, root))


class SmtpConnection:
    """One connection, for one thread; it makes itself anew after a number of messages."""

    def __init__(self, server: Server, limit: int = MESSAGES_PER_CONNECTION) -> None:
        self._server = server
        self._limit = limit
        self._client: smtplib.SMTP | None = None
        self._sent = 0
        self._must_reset = False
        self._open()

    def send(self, envelope: Envelope, chunks: Sequence[bytes], before_data: Callable[[], None]) -> Reply:
        """Hand over one message (see `Connection.send`).

        An answer is deferred, not unknown, where the connection broke before the end of the message left: no
        server takes half of one.

        Raises:
            Lost: the connection broke before the message's first byte.
            Fault: the server refuses the sender, wants a login, or takes no message of this size.
        """
        if self._sent >= self._limit:
            self.close()
            self._open()
        client = self._client
        if client is None:
            raise Lost("the connection is closed")
        with self._until_data():
            if refused := self._offer(client, envelope, sum(map(len, chunks))):
                return refused
        try:
            before_data()
        except BaseException:
            self._break()  # anything else that was sent now would be taken for the message
            raise
        return self._transfer(client, _wire(chunks))

    def close(self) -> None:
        """Say goodbye; after a broken connection there is nobody to say it to."""
        if self._client is not None and self._client.sock is not None:
            with suppress(OSError):
                self._client.sock.settimeout(self._server.timeouts.quit)
                self._client.quit()
        self._break()

    def _open(self) -> None:
        self._client = dial(self._server)
        self._sent, self._must_reset = 0, False

    def _break(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    @contextmanager
    def _until_data(self) -> Iterator[None]:
        """What breaks the connection while nothing of a message has left."""
        try:
            yield
        except OSError as error:
            self._break()
            raise Lost(shown(error)) from error
        except (Lost, Fault):
            self._break()
            raise

    def _offer(self, client: smtplib.SMTP, envelope: Envelope, size: int) -> Reply | None:
        """Name sender and recipient; None if the server waits for the message now.

        Where the server offers PIPELINING all commands go out at once, DATA last (RFC 2920, 3.1).
        """
        if not _PATH.fullmatch(envelope.recipient):
            return Reply(Outcome.REJECTED, 0, "the address cannot stand in a command")
        if envelope.sender and not _PATH.fullmatch(envelope.sender):
            raise fault("the envelope sender cannot stand in a command", "mend [send] bounces")
        needs_utf8 = not (envelope.recipient + envelope.sender).isascii()
        if needs_utf8 and not client.has_extn("smtputf8"):
            return Reply(Outcome.REJECTED, 0, "the server takes only addresses in ASCII (no SMTPUTF8)")
        self._check_size(client, size)
        options = f" SIZE={size}" if client.has_extn("size") else ""
        options += " BODY=8BITMIME SMTPUTF8" if needs_utf8 else ""
        commands = ["RSET"] if self._must_reset else []
        commands += [f"MAIL FROM:<{envelope.sender}>{options}", f"RCPT TO:<{envelope.recipient}>", "DATA"]
        self._must_reset = True
        if client.has_extn("pipelining"):
            return self._offer_at_once(client, commands)
        for command in commands:
            self._put(client, command)
            if refused := _judged(command[:4], *self._answer(client, command[:4])):
                return refused
        return None

    def _offer_at_once(self, client: smtplib.SMTP, commands: list[str]) -> Reply | None:
        self._put(client, *commands)
        refused = None
        for verb in (command[:4] for command in commands):
            try:
                code, text = self._answer(client, verb)
                if refused and verb == "DATA" and code == 354:
                    # A server that waits although it took no recipient gets an empty message (RFC 2920, 3.1).
                    self._put(client, ".")
                    self._answer(client, verb)
            except OSError:
                if not refused:
                    raise
                self._break()
                break
            refused = refused or _judged(verb, code, text)
        return refused

    def _put(self, client: smtplib.SMTP, *commands: str) -> None:
        sock = socket_of(client)
        sock.settimeout(self._server.timeouts.command)
        sock.sendall("".join(f"{command}\r\n" for command in commands).encode())

    def _answer(self, client: smtplib.SMTP, verb: str) -> tuple[int, bytes]:
        timeouts = self._server.timeouts
        socket_of(client).settimeout(timeouts.data if verb == "DATA" else timeouts.command)
        return client.getreply()

    def _transfer(self, client: smtplib.SMTP, data: bytes) -> Reply:
        """The message itself, of which the server's last answer tells what became."""
        timeouts = self._server.timeouts
        self._sent += 1
        self._must_reset = False
        try:
            sock = socket_of(client)
            sock.settimeout(timeouts.block)
            sock.sendall(data)
        except OSError as error:
            self._break()
            return Reply(Outcome.DEFERRED, 0, f"the connection broke amid the message: {shown(error)}")
        try:
            sock.settimeout(timeouts.end)
            code, text = client.getreply()
        except OSError as error:
            self._break()
            return Reply(Outcome.UNKNOWN, 0, f"no answer came to the message: {shown(error)}")
        if code // 100 not in (2, 4, 5):
            self._break()
            return Reply(Outcome.UNKNOWN, 0, f"no answer to the message: {one_line(text)}")
        if code == 421:
            self._break()
        outcome = {2: Outcome.ACCEPTED, 4: Outcome.DEFERRED, 5: Outcome.REJECTED}[code // 100]
        return Reply(outcome, code, one_line(text))

    def _check_size(self, client: smtplib.SMTP, size: int) -> None:
        """The most that the server takes (RFC 1870), if it says so; 0 is no limit."""
        limit = client.esmtp_features.get("size", "").strip()
        if limit.isdecimal() and 0 < int(limit) < size:
            raise fault(f"the message has {size:,} bytes; {self._server.name} takes at most {int(limit):,}")


def _judged(verb: str, code: int, answer: bytes) -> Reply | None:
    """What an answer to a command means for the message; None: go on.

    Raises:
        Lost: the server is about to hang up, or does not speak SMTP.
        Fault: it refuses the sender, or wants a login, which it would do with all messages.
    """
    if code // 100 == (3 if verb == "DATA" else 2):
        return None
    text = one_line(answer)
    if code == 421 or code // 100 not in (4, 5) or verb == "RSET":
        raise Lost(f"{code} {text}")
    if code == 530:
        help = "set FEEDS_SMTP_USER and FEEDS_SMTP_PASSWORD"
        raise fault(f"the mail server wants a login: {code} {text}", help)
    if code // 100 == 5 and verb == "MAIL":
        raise fault(f"the mail server refuses the sender: {code} {text}")
    return Reply(Outcome.DEFERRED if code // 100 == 4 else Outcome.REJECTED, code, text)


def _wire(chunks: Sequence[bytes]) -> bytes:
    """A message as it follows DATA: dots that begin a line doubled, and a dot alone at its end (4.5.2)."""
    data = b"".join(chunks)
    if any(map(_may_begin_with_dot, chunks)):
        data = (b"." if data.startswith(b".") else b"") + data.replace(b"\r\n.", b"\r\n..")
    return data + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")


@lru_cache(64)
def _may_begin_with_dot(chunk: bytes) -> bool:
    """Whether a line of a piece may begin with a dot: remembered, as letters share their large pieces."""
    return chunk.startswith((b".", b"\n.")) or b"\r\n." in chunk
