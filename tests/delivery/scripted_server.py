"""A mail server on loopback that answers as a test tells it to, and remembers what it was told."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATES = Path(__file__).parent / "certificates"
"""A key and certificate for localhost, and the authority that signed it; made for these tests alone."""

AUTHORITY = str(CERTIFICATES / "authority.pem")

HANG_UP = "hang up"
STALL = "stall"

ANSWERS = {
    "GREETING": "220 mail.example ESMTP",
    "EHLO": "",
    "HELO": "250 mail.example",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "",
    "MESSAGE": "250 2.0.0 queued as 4F2A",
    "RSET": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}


class Gone(Exception):  # noqa: N818 - no mistake of anybody
    """The client or the server has closed the connection."""


@dataclass
class ScriptedServer:
    """What it offers, how it answers, and what it got.

    `answers` are by the beginning of a command, the longest that fits; a list is used up from its front. They
    are lines, `HANG_UP`, or `STALL`, which is no answer until the client goes away.
    """

    port: int
    offers: tuple[str, ...]
    answers: dict[str, str | list[str]]
    secure: ssl.SSLContext | None
    commands: list[str] = field(default_factory=list)
    reads: list[bytes] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def verbs(self) -> list[str]:
        """The commands by their first word."""
        return [command.split()[0].upper() if command else "" for command in self.commands]

    def answer(self, command: str) -> str:
        keys = [key for key in self.answers if command.upper().startswith(key.upper())]
        if not keys:
            return "500 5.5.2 what?"
        value = self.answers[max(keys, key=len)]
        if isinstance(value, list):
            value = value.pop(0) if len(value) > 1 else value[0]
        return value


class _Session:
    """One connection."""

    def __init__(self, server: ScriptedServer, sock: socket.socket) -> None:
        self.server, self.sock, self.pending = server, sock, b""
        self.has_recipient = False

    def run(self, *, encrypt: bool) -> None:
        if encrypt:
            self.encrypt()
        self.say(self.server.answer("GREETING"))
        while True:
            command = self.line().decode()
            self.server.commands.append(command)
            verb = command.split()[0].upper() if command else ""
            answer = self.server.answer(command) or self.usual(verb)
            self.say(answer)
            self.has_recipient = answer.startswith("2") if verb == "RCPT" else self.has_recipient
            if verb == "STARTTLS" and answer.startswith("220"):
                self.encrypt()
            elif verb == "DATA" and answer.startswith("354"):
                self.message()
            elif verb == "AUTH" and answer.startswith("334"):
                self.log_in()
            elif verb == "QUIT":
                raise Gone

    def usual(self, verb: str) -> str:
        if verb == "EHLO":
            offers = (f"250-{offer}" for offer in self.server.offers)
            return "\r\n".join(["250-mail.example", *offers, "250 HELP"])
        return "354 go ahead" if self.has_recipient else "554 5.5.1 no valid recipients"

    def encrypt(self) -> None:
        self.sock = self.server.secure.wrap_socket(self.sock, server_side=True)

    def log_in(self) -> None:
        self.server.commands.append(self.line().decode())
        self.say("334 UGFzc3dvcmQ6")
        self.server.commands.append(self.line().decode())
        self.say("235 2.7.0 welcome")

    def message(self) -> None:
        if self.server.answer("BODY") == HANG_UP:
            raise Gone
        lines = []
        while (line := self.line()) != b".":
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.messages.append(b"".join(line + b"\r\n" for line in lines))
        self.say(self.server.answer("MESSAGE"))

    def line(self) -> bytes:
        while b"\r\n" not in self.pending:
            data = self.sock.recv(65536)
            if not data:
                raise Gone
            self.server.reads.append(data)
            self.pending += data
        line, _, self.pending = self.pending.partition(b"\r\n")
        return line

    def say(self, answer: str) -> None:
        if answer == HANG_UP:
            raise Gone
        if answer == STALL:
            while self.sock.recv(65536):
                continue
            raise Gone
        self.sock.sendall(answer.encode() + b"\r\n")


@contextlib.contextmanager
def scripted_server(
    *offers: str, answers: Mapping[str, str | list[str]] | None = None, security: str = "smtp"
) -> Iterator[ScriptedServer]:
    """A server that runs while the block does."""
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(CERTIFICATES / "server.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = ScriptedServer(listener.getsockname()[1], offers, {**ANSWERS, **(answers or {})}, secure)
        socks: list[socket.socket] = []
        threads: list[threading.Thread] = []

        def serve(sock: socket.socket) -> None:
            session = _Session(server, sock)
            with contextlib.suppress(OSError, Gone):
                session.run(encrypt=security == "smtps")
            session.sock.close()

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    sock, _ = listener.accept()
                    socks.append(sock)
                    server.connections += 1
                    threads.append(threading.Thread(target=serve, args=(sock,), daemon=True))
                    threads[-1].start()

        threads.append(threading.Thread(target=accept, daemon=True))
        threads[0].start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for sock in socks:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(5)
