"""What a browser makes of the page that lists the feeds, and of a feed that is opened by itself: Chromium."""

import re
import shutil
import struct
import subprocess
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from projects import SETTINGS, blog, build_project, post, write_files

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

WIDTH, SECONDS = 500, 90  # Chromium makes no window that is narrower than 500 pixels
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
POSTS = {
    **{f"p{day}.md": post(f"# Post {day}\n\nText.\n", date=f"2026-11-{day:02}") for day in range(1, 10)},
    "long.md": post(f"# {WORD}\n\nText.\n", date="2026-11-20", categories=f"[{WORD}]"),
}

PROBE = """<!DOCTYPE html><title>waiting</title><iframe src="subscribe/" width="375" height="600"></iframe>
<iframe src="subscribe/" sandbox="allow-same-origin"></iframe>
<iframe src="newsletter/" width="375" height="600"></iframe>
<script>
addEventListener("load", async () => {
  const [view, silent] = [frames[0], frames[1]], page = view.document, copied = [];
  Object.defineProperty(view.navigator, "clipboard", { value: { writeText: async text => copied.push(text) } });
  for (const part of page.querySelectorAll("details")) part.open = true;
  const buttons = [...page.querySelectorAll("button[data-copy]")];
  for (const button of buttons) button.click();
  await new Promise(done => setTimeout(done, 100));
  document.body.dataset.buttons = buttons.length;
  document.body.dataset.shown = buttons.filter(button => button.offsetHeight >= 24).length;
  document.body.dataset.copied = copied.filter((text, n) => text === buttons[n].dataset.copy).length;
  document.body.dataset.said = buttons[0].textContent;
  document.body.dataset.silent = [...silent.document.querySelectorAll("button")].filter(b => b.offsetHeight).length;
  document.body.dataset.width = page.documentElement.scrollWidth;
  document.body.dataset.archive = frames[2].document.documentElement.scrollWidth;
});
</script>
"""
"""A page with the other in a frame as wide as a telephone, which tells what came of pressing its buttons.

A second frame allows no scripts; a third has the list of all issues.
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A built blog, served where its pages and feeds say that it is."""
    root = tmp_path_factory.mktemp("blog")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=root / "public")) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        settings = SETTINGS.replace("https://blog.example/", address)
        blog(root, POSTS, f"{settings}[feeds]\nlimit = 5\narchive = 5\n")
        build_project(root)
        write_files(root / "public", {"probe.html": PROBE})
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


def browse(url: str, home: Path, *flags: str) -> str:
    """Open a page in a browser without a window, and give what it prints."""
    assert CHROMIUM is not None
    quiet = (
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    )
    plain = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-proxy-server")
    window = ("--hide-scrollbars", f"--window-size={WIDTH},400", f"--user-data-dir={home / 'profile'}")
    command = [CHROMIUM, *plain, *quiet, *window, *flags, url]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=True
    )
    return done.stdout


def picture(url: str, home: Path, *flags: str) -> bytes:
    """A screenshot."""
    file = home / "shot.png"
    browse(url, home, f"--screenshot={file}", *flags)
    return file.read_bytes()


DARK, LIGHT = "preferredColorScheme=0", "preferredColorScheme=1"


def colours(image: bytes) -> dict[tuple[int, ...], float]:
    """The share of each colour in a picture as Chromium writes it: PNG of 8 bits a channel (W3C PNG, 9.2)."""
    width, height, _, kind = struct.unpack(">IIBB", image[16:26])
    size = {2: 3, 6: 4}[kind]
    chunks, place = b"", 8
    while place < len(image):
        length, name = struct.unpack(">I4s", image[place : place + 8])
        chunks += image[place + 8 : place + 8 + length] if name == b"IDAT" else b""
        place += length + 12
    data, row, counts = zlib.decompress(chunks), bytes(width * size), Counter[tuple[int, ...]]()
    for start in range(0, len(data), width * size + 1):
        row = _unfiltered(data[start], bytearray(data[start + 1 : start + 1 + width * size]), row, size)
        counts.update(zip(*(row[channel::size] for channel in range(3)), strict=True))
    return {colour: count / (width * height) for colour, count in counts.items()}


def _unfiltered(kind: int, row: bytearray, above: bytes, size: int) -> bytes:
    for place in range(len(row)) if kind else ():
        left = row[place - size] if place >= size else 0
        corner = above[place - size] if place >= size else 0
        up = above[place]
        nearest = min((left, up, corner), key=lambda value: abs(left + up - corner - value))
        guess = (0, left, up, (left + up) // 2, nearest)[kind]
        row[place] = (row[place] + guess) & 255
    return bytes(row)


def luminance(colour: tuple[int, ...]) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_button_copies_its_address_and_nothing_is_wider_than_a_telephone(
    url: str, tmp_path: Path
) -> None:
    page = browse(f"{url}probe.html", tmp_path, "--dump-dom", "--virtual-time-budget=5000")
    told = dict(re.findall(r'data-(\w+)="([^"]*)"', page.partition("<body")[2].partition(">")[0]))
    assert told == {
        "buttons": "9",
        "shown": "9",
        "copied": "9",
        "said": "Copied",
        "silent": "0",  # without a script no button is shown
        "width": "375",
        "archive": "375",
    }


@pytest.mark.parametrize(
    "path", ["subscribe/", "feed.xml", "atom.xml", "archive/1/feed.xml", "archive/1/atom.xml"]
)
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_page_or_feed_can_be_read_by_day_and_by_night(
    path: str, scheme: str, url: str, tmp_path: Path
) -> None:
    shares = colours(picture(url + path, tmp_path, f"--blink-settings={scheme}"))
    paper = max(shares, key=lambda colour: shares[colour])
    assert (luminance(paper) < 0.05) == (scheme == DARK)
    assert shares[paper] > 0.3
    ink = sum(share for colour, share in shares.items() if contrast(colour, paper) >= 4.5)
    assert ink > 0.005  # there is text, and it stands out


@pytest.mark.parametrize("path", ["feed.xml", "atom.xml"])
def test_an_archive_says_that_it_is_one(path: str, url: str, tmp_path: Path) -> None:
    assert picture(url + path, tmp_path) != picture(f"{url}archive/1/{path}", tmp_path)
