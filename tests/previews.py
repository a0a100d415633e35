"""A preview that runs as a user starts it, and what can be asked of it."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SECONDS = 60


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Running:
    """A preview and its address."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 80

    def get(self, path: str = "/", *, method: str = "GET", host: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.putrequest(method, path, skip_host=True)
        for each in [f"127.0.0.1:{self.port}"] if host is None else host.split("|"):
            connection.putheader("Host", each)
        connection.endheaders()
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        text = answer.read().decode()
        connection.close()
        return Answer(answer.status, headers, text)

    def builds(self) -> Iterator[str]:
        """The number of the newest build, then of each that follows, as a page is told of them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request("GET", "/events")
        answer = connection.getresponse()
        try:
            while line := answer.readline():
                if line.startswith(b"data: "):
                    yield line.decode().removeprefix("data: ").strip()
        finally:
            connection.close()

    def settled(self) -> str:
        """The page, once there is a first build."""
        for number in self.builds():
            if not number.endswith("-0"):
                break
        return self.get().text

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)


@contextmanager
def previewing(root: Path, *flags: str, temporary: Path | None = None) -> Iterator[Running]:
    """Start `feeds preview` in a project's folder; it is ended at the end."""
    arguments: Sequence[str] = [sys.executable, "-m", "feeds", "preview", "--now", "2026-11-22", *flags]
    environment = {**os.environ, "PYTHONUTF8": "1", **({"TMPDIR": str(temporary)} if temporary else {})}
    with subprocess.Popen(
        arguments, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout
            yield Running(process, process.stdout.readline().split()[0])
        finally:
            process.kill()
