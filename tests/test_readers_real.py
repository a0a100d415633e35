"""Subscribers live through rebuilds: real feed readers, subscribed to a served blog, get each post exactly once.

newsboat and rss2email are Debian's, `reader` is PyPI's; the feeds are fetched from this machine only.
"""

import hashlib
import importlib.util
import mailbox
import os
import re
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from projects import NOW, SETTINGS, blog, build_project, post, run_here

from feeds.config import load_settings
from feeds.lock import lock

pytestmark = pytest.mark.slow

POSTS = {
    f"p{day}.md": post(f"# Post {day}\n\nAbout the {day}th.\n", slug=f"post-{day}", date=f"2026-11-{day:02}")
    for day in range(1, 9)
}
FEEDS = ("feed.xml", "atom.xml")
TYPES = {".json": "application/feed+json", ".xml": "application/xml"}
SECONDS = 60


class _Site(ThreadingHTTPServer):
    """A folder, served as a host serves it: with an ETag, and 304 for what a reader has already."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        file = self.server.folder / unquote(self.path).lstrip("/")
        data = file.read_bytes() if file.is_file() else b""
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        code = 404 if not data else 304 if self.headers.get("If-None-Match") == tag else 200
        self.server.answers.append(code)
        self.send_response(code)
        self.send_header("ETag", tag)
        if code == 200:
            self.send_header("Content-Type", TYPES[file.suffix])
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if code == 200:
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[_Site]:
    with _Site(tmp_path / "blog" / "public") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


# Readers: each fetches and gives the titles of all that its user has been shown so far.

Shown = Callable[[], list[str]]


def call(home: Path, *command: str) -> str:
    """Run a program that keeps what it knows in a home of its own."""
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env |= {"HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    env |= {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    done = subprocess.run(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def newsboat(home: Path, url: str) -> Shown:
    (home / "urls").write_text(f"{url}\n")
    (home / "config").write_text("max-items 0\n")
    files = ("-u", str(home / "urls"), "-C", str(home / "config"), "-c", str(home / "cache.db"))

    def shown() -> list[str]:
        call(home, "newsboat", *files, "-x", "reload")
        cache = sqlite3.connect(home / "cache.db")
        try:
            return [title for (title,) in cache.execute("select title from rss_item where deleted = 0")]
        finally:
            cache.close()

    return shown


def rss2email(home: Path, url: str) -> Shown:
    (home / "mail").mkdir()
    command = ("r2e", "-c", str(home / "rss2email.cfg"), "-d", str(home / "rss2email.json"))
    call(home, *command, "new", "me@localhost")
    config = (home / "rss2email.cfg").read_text("utf-8")
    values = {"email-protocol": "maildir", "maildir-path": str(home / "mail"), "maildir-mailbox": "inbox"}
    for name, value in values.items():
        config, found = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", config)
        config = config if found else config.replace("[DEFAULT]\n", f"[DEFAULT]\n{name} = {value}\n")
    (home / "rss2email.cfg").write_text(config, "utf-8")
    call(home, *command, "add", "blog", url)

    def shown() -> list[str]:
        call(home, *command, "run")
        return [str(mail["Subject"]) for mail in mailbox.Maildir(home / "mail" / "inbox")]

    return shown


def reader(home: Path, url: str) -> Shown:
    from reader import make_reader

    def shown() -> list[str]:
        with make_reader(str(home / "reader.sqlite")) as library:
            library.add_feed(url, exist_ok=True)
            library.update_feed(url)
            return [str(entry.title) for entry in library.get_entries()]

    return shown


def missing(name: str) -> str:
    """Why a reader cannot be asked; "" if it can."""
    if name == "reader":
        found = importlib.util.find_spec("reader") and importlib.util.find_spec("sgmllib")
        return "" if found else "the package reader is not installed"
    program = {"rss2email": "r2e"}.get(name, name)
    return "" if shutil.which(program) else f"{program} is not installed"


READERS = {"newsboat": newsboat, "rss2email": rss2email, "reader": reader}
CASES = [
    pytest.param(
        name, feed, id=f"{name} {feed}", marks=pytest.mark.skipif(bool(missing(name)), reason=missing(name))
    )
    for name in READERS
    for feed in (*FEEDS, *(["feed.json"] if name == "reader" else []))
]


# What becomes of the blog


def write(root: Path, name: str, text: str) -> None:
    blog(root, {name: text}, (root / "feeds.toml").read_text("utf-8"))


def edit_an_excerpt(root: Path) -> None:
    write(root, "p3.md", POSTS["p3.md"].replace("About", "More about"))


def edit_a_title(root: Path) -> None:
    write(root, "p4.md", POSTS["p4.md"].replace("# Post 4", "# Post 4, mended"))


def rename_a_slug(root: Path) -> None:
    write(root, "p5.md", POSTS["p5.md"].replace("post-5", "elsewhere"))


def rename_a_file(root: Path) -> None:
    folder = root / "content" / "posts"
    (folder / "2026").mkdir()
    (folder / "p6.md").rename(folder / "2026" / "renamed.md")


def add_a_post(root: Path) -> None:
    write(root, "new.md", post("# Brand new\n\nHello.\n", date="2026-11-20"))


CHANGES = (edit_an_excerpt, edit_a_title, rename_a_slug, rename_a_file, add_a_post)


@pytest.mark.parametrize(("name", "feed"), CASES)
def test_a_subscriber_gets_each_post_exactly_once(
    name: str, feed: str, tmp_path: Path, site: _Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in [key for key in os.environ if key.lower().endswith("_proxy")]:
        monkeypatch.delenv(variable)
    root, home = tmp_path / "blog", tmp_path / "home"
    home.mkdir()
    blog(root, POSTS, SETTINGS.replace("https://blog.example/", site.url))

    def publish() -> None:
        lock(load_settings(root, environ={}), NOW)
        build_project(root)

    publish()
    shown = READERS[name](home, site.url + feed)
    before = shown()
    assert sorted(before) == [f"Post {day}" for day in range(1, 9)]
    assert 200 in site.answers
    for change in CHANGES:
        change(root)
        publish()
        after = shown()
        assert len(after) - len(before) == (change is add_a_post), change.__name__
        before = after
    assert before.count("Brand new") == 1
    publish()
    assert sorted(shown()) == sorted(before)


def test_without_a_lock_a_renamed_slug_is_told(tmp_path: Path) -> None:
    """What the readers above would show twice is at least no surprise."""
    blog(tmp_path, POSTS)
    build_project(tmp_path)
    rename_a_slug(tmp_path)
    done = run_here(["build"], tmp_path)
    assert "https://blog.example/2026/11/05/post-5/" in done.stdout + done.stderr
