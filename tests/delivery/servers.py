"""Real SMTP servers on loopback, which answer each recipient as the address says.

What a local part begins with, up to the first `-`, names the answers: `gone-1@site.example` does not exist. All
others are taken.
"""

import asyncio
import threading
from collections import Counter
from contextlib import suppress

from aiosmtpd.smtp import SMTP

FIRST_TIME = {
    # what the local part begins with: answers to RCPT and after the message, the first time it is tried
    "greylisted": ("450 4.2.0 come back later", ""),
    "busy": ("", "451 4.3.0 too much to do"),
    "hangup": ("hang up", ""),
    "lost": ("", "hang up"),
    "silent": ("", "say nothing"),
}
ALWAYS = {
    "gone": ("550 5.1.1 no such mailbox", ""),
    "full": ("552 5.2.2 mailbox full", ""),
    "unwanted": ("", "554 5.7.1 we do not want this"),
    "tired": ("450 4.2.1 not now", ""),
    "refused": ("550 5.7.1 sender not allowed", ""),
}
KEEPS = {"hang up", "say nothing", ""}
"""After which of the answers to a message the server has it."""


class MailServer:
    """A server that runs until its `with` ends; it remembers all that it was asked, by recipient.

    `began` counts DATA commands, `kept` messages that it has taken; `messages` holds those, the last of each.
    """

    def __init__(self, patience: float = 30.0, at_most: int = 100) -> None:
        self.began: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.messages: dict[str, bytes] = {}
        self.connections = 0
        self.open = 0
        self.port = 0
        self._at_most = at_most
        self._patience = patience
        self._tried: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "MailServer":
        self._thread.start()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        asyncio.run_coroutine_threadsafe(self._cancel(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        make = self._loop.create_server(self._greet, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(make, self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Listen no more; who is connected stays."""
        self._loop.call_soon_threadsafe(self._server.close)

    def idle(self) -> bool:
        """Whether nobody is connected any more, so that nothing more can come in."""
        return self.open == 0

    async def _cancel(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _greet(self) -> SMTP:
        self.connections += 1
        return _Session(self)

    def answer(self, recipient: str, step: int) -> str:
        """What to answer to RCPT (0) or to the message (1); "" to take it."""
        kind = recipient.partition("-")[0]
        self._tried[recipient, str(step)] += 1
        if kind in ALWAYS:
            return ALWAYS[kind][step]
        return FIRST_TIME.get(kind, ("", ""))[step] if self._tried[recipient, str(step)] == 1 else ""

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if reply := self.answer(address, 0):
            return reply
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        reply = self.answer(address, 0)
        if reply == "hang up":
            server.transport.abort()
        elif not reply:
            envelope.rcpt_tos.append(address)
        return reply or "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        (recipient,) = envelope.rcpt_tos
        reply = self.answer(recipient, 1)
        if reply in KEEPS:
            self.kept[recipient] += 1
            self.messages[recipient] = envelope.content
        if reply == "hang up":
            server.transport.abort()
        elif reply == "say nothing":
            await asyncio.sleep(self._patience)
            server.transport.abort()
        return reply or "250 2.0.0 taken"


class _Session(SMTP):
    def __init__(self, room: MailServer) -> None:
        super().__init__(room, hostname="loopback.example", ident="test")
        self._room = room

    def connection_made(self, transport):
        self._room.open += 1
        super().connection_made(transport)
        if self._room.open > self._room._at_most:
            transport.write(b"421 4.7.0 too many connections\r\n")
            transport.close()

    def connection_lost(self, error):
        self._room.open -= 1
        with suppress(asyncio.CancelledError):
            super().connection_lost(error)

    async def smtp_DATA(self, arg):  # noqa: N802 - aiosmtpd's name
        for recipient in self.envelope.rcpt_tos if self.envelope else ():
            self._room.began[recipient] += 1
        await super().smtp_DATA(arg)
