"""What a browser makes of a preview: Chromium, told what to do by the DevTools protocol over pipes.

See https://chromedevtools.github.io/devtools-protocol/.
"""

import fcntl
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from previews import previewing
from projects import SETTINGS, blog, post, write_files

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

SECONDS = 60
FLAGS = (
    "--headless",
    "--hide-scrollbars",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-proxy-server",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
START = "import os, sys\nos.dup2(int(sys.argv[1]), 3)\nos.dup2(int(sys.argv[2]), 4)\nos.execv(sys.argv[3], sys.argv[3:])"
"""A program that gives Chromium its pipes, which it looks for at 3 and 4."""


class Tab:
    """One page of a browser."""

    def __init__(self, home: Path) -> None:
        assert CHROMIUM is not None
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        theirs = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (theirs_in, theirs_out)]
        command = [sys.executable, "-c", START, *map(str, theirs), CHROMIUM, *FLAGS]
        self._process = subprocess.Popen(
            [*command, f"--user-data-dir={home / 'profile'}"], pass_fds=theirs, stderr=subprocess.DEVNULL
        )
        for each in (theirs_in, theirs_out, *theirs):
            os.close(each)
        self._out, self._in = os.fdopen(ours_out, "wb"), os.fdopen(ours_in, "rb")
        self._numbers, self._session = itertools.count(1), ""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._out.close()
        self._in.close()

    def size(self, width: int, height: int) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def open(self, url: str) -> None:
        self._ask("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """What an expression is in the page; None while it cannot be told."""
        result = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return result.get("result", {}).get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression holds in the page."""
        end = time.monotonic() + SECONDS
        while not self.value(expression):
            assert time.monotonic() < end, f"{expression}: {self.value('document.body.innerText')}"
            time.sleep(0.05)

    def _ask(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        self._out.flush()
        while True:
            answer = json.loads(self._message())
            if answer.get("id") == number:
                result: dict[str, Any] = answer.get("result", {})
                return result

    def _message(self) -> bytes:
        parts = []
        while (byte := self._in.read(1)) != b"\0":
            assert byte, "the browser has ended"
            parts.append(byte)
        return b"".join(parts)


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    tab = Tab(tmp_path)
    try:
        yield tab
    finally:
        tab.close()


def test_the_page_follows_the_posts_by_itself(tab: Tab, tmp_path: Path) -> None:
    root = blog(tmp_path / "blog", {"a.md": post("# Apples\n\nRed.\n")}, SETTINGS)
    with previewing(root) as running:
        tab.open(running.url)
        tab.until("document.body.innerText.includes('Red.')")
        assert tab.value("document.getElementById('state').textContent") == "Up to date"

        write_files(root, {"content/posts/a.md": post("# Apples\n\nRipe.\n")})
        tab.until("document.body.innerText.includes('Ripe.')")

        write_files(root, {"content/posts/a.md": post("# Apples\n\nRotten.\n", date="2026-13-45")})
        tab.until("document.querySelector('#problems .place')?.textContent === 'content/posts/a.md:2:7'")
        assert tab.value("document.body.innerText.includes('Ripe.')")  # the last good view

        write_files(root, {"content/posts/a.md": post("# Apples\n\nPie.\n")})
        tab.until("document.body.innerText.includes('Pie.') && !document.getElementById('problems')")

        running.end()
        tab.until("document.getElementById('state').textContent === 'The preview has ended'")


def test_a_script_that_a_letter_smuggles_in_does_not_run(tab: Tab, tmp_path: Path) -> None:
    template = (
        '{% extends "feeds/digest.html" %}'
        "{% block intro %}<script>document.title = 'run'</script>"
        "<img src=x onerror=\"document.title = 'run'\"><p>Intro.</p>{% endblock %}"
    )
    settings = f'{SETTINGS}[newsletter]\ntemplates = "look"\n'
    root = blog(tmp_path / "blog", {"a.md": post("# Apples\n\nRed.\n")}, settings)
    write_files(root, {"look/digest.html": template})
    with previewing(root) as running:
        running.settled()
        for path in ("letter/wide", "letters/letter.html"):
            tab.open(running.url + path)
            tab.until("document.body.innerText.includes('Intro.')")
            assert tab.value("document.title") != "run"


@pytest.mark.parametrize("view", ["wide", "narrow", "text"])
def test_the_page_is_no_wider_than_a_telephone(view: str, tab: Tab, tmp_path: Path) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    table = "| a | b |\n|---|---|\n" + f"| {word} | {word} |\n"
    text = f"# {word}\n\n{table}\n\n    {word}{word}\n"
    root = blog(tmp_path / "blog", {f"{word}.md": post(text, categories=f"[{word}]")}, SETTINGS)
    with previewing(root) as running:
        running.settled()
        tab.size(375, 800)
        tab.open(f"{running.url}?view={view}")
        assert tab.value("document.documentElement.scrollWidth") == 375


def test_the_letter_is_dark_where_the_dark_view_shows_it(tab: Tab, tmp_path: Path) -> None:
    root = blog(tmp_path / "blog", {"a.md": post("# Apples\n\nRed.\n")}, SETTINGS)
    with previewing(root) as running:
        running.settled()
        found = []
        for view in ("wide", "dark"):
            tab.open(f"{running.url}letter/{view}")
            colour = tab.value("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
            found.append([int(part) for part in re.findall("[0-9]+", colour)])
        assert found[0] == [255, 255, 255]
        assert max(found[1]) < 50
