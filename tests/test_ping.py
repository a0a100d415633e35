"""`feeds ping`, against a real hub on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from projects import SETTINGS, blog, build_project, post, run

from feeds.config import load_settings
from feeds.errors import FeedsError
from feeds.ping import PAUSES, Pinged, ping


class Hub(HTTPServer):
    """A hub that answers with the given codes in turn, then with 204; it keeps what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[int] = []
        self.told: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hub"

    @property
    def topics(self) -> list[str]:
        return [each["hub.url"][0] for each in self.told]


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(parse_qs(body))
        code = self.server.answers.pop(0) if self.server.answers else 204
        if code == 0:
            self.connection.close()  # no answer at all
            return
        self.send_response(code)
        self.end_headers()
        if code >= 400:
            self.wfile.write(b"not\nnow")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def project(root: Path, hub_url: str) -> Path:
    settings = f'{SETTINGS}[feeds]\nhub = "{hub_url}"\nformats = ["rss", "json"]\n'
    settings += '[newsletter]\nperiod = "post"\n'
    blog(
        root, {"a.md": post("# A\n\nText.\n", categories="[News]"), "b.md": post("# B\n\nText.\n")}, settings
    )
    build_project(root)
    return root


def pinged(root: Path, **choices: object) -> tuple[tuple[Pinged, ...], list[float]]:
    pauses: list[float] = []
    done = ping(load_settings(root, environ={}), sleep=pauses.append, **choices)  # type: ignore[arg-type]
    return done, pauses


ALL = [
    f"https://blog.example/{path}"
    for path in ("category/news/feed.json", "category/news/feed.xml", "feed.json", "feed.xml")
]


def test_the_hub_is_told_of_each_feed_once(tmp_path: Path, hub: Hub) -> None:
    project(tmp_path, hub.url)
    done, _ = pinged(tmp_path)
    assert hub.topics == ALL
    assert {tuple(each["hub.mode"]) for each in hub.told} == {("publish",)}
    assert done == tuple(map(Pinged, ALL))
    assert pinged(tmp_path)[0] == ()


def test_only_feeds_that_changed_are_told_of(tmp_path: Path, hub: Hub) -> None:
    project(tmp_path, hub.url)
    pinged(tmp_path)
    blog(tmp_path, {"b.md": post("# B\n\nMended.\n")}, (tmp_path / "feeds.toml").read_text("utf-8"))
    build_project(tmp_path)
    build_project(tmp_path)  # nothing changed since, and the news is not lost
    hub.told.clear()
    pinged(tmp_path)
    assert hub.topics == ["https://blog.example/feed.json", "https://blog.example/feed.xml"]


def test_every_feed_names_the_hub(tmp_path: Path, hub: Hub) -> None:
    public = project(tmp_path, hub.url) / "public"
    assert f'<atom:link rel="hub" href="{hub.url}"/>' in (public / "feed.xml").read_text("utf-8")
    assert f'"url": "{hub.url}"' in (public / "category" / "news" / "feed.json").read_text("utf-8")


def test_a_dry_run_tells_nobody(tmp_path: Path, hub: Hub) -> None:
    project(tmp_path, hub.url)
    assert pinged(tmp_path, dry_run=True)[0] == tuple(map(Pinged, ALL))
    assert hub.told == []
    assert len(pinged(tmp_path)[0]) == 4


@pytest.mark.parametrize("first", [[503], [0], [429, 500]])
def test_a_hub_that_is_busy_is_asked_again(first: list[int], tmp_path: Path, hub: Hub) -> None:
    hub.answers = list(first)
    project(tmp_path, hub.url)
    done, pauses = pinged(tmp_path)
    assert not any(each.problem for each in done)
    assert pauses == list(PAUSES[: len(first)])


def test_what_fails_is_told_and_tried_the_next_time(tmp_path: Path, hub: Hub) -> None:
    hub.answers = [204, 400, 204, 503, 503, 503]
    project(tmp_path, hub.url)
    done, _ = pinged(tmp_path)
    assert [each.problem for each in done] == [
        "",
        "the hub answered 400 Bad Request: not now",
        "",
        "the hub answered 503 Service Unavailable: not now",
    ]
    hub.told.clear()
    pinged(tmp_path)
    assert hub.topics == [ALL[1], ALL[3]]


def test_a_hub_that_is_not_there(tmp_path: Path, hub: Hub) -> None:
    project(tmp_path, "http://127.0.0.1:1/")
    done, pauses = pinged(tmp_path)
    assert len(done) == 4
    assert all(each.problem.startswith("the hub cannot be reached: ") for each in done)
    assert len(pauses) == len(PAUSES)


@pytest.mark.parametrize(
    ("hub_url", "message"), [("", "no hub is configured"), ("https://hub.example/", "no build of ")]
)
def test_what_is_missing_is_told(hub_url: str, message: str, tmp_path: Path) -> None:
    blog(
        tmp_path, {"a.md": post("# A\n")}, f'{SETTINGS}[feeds]\nhub = "{hub_url}"\n' if hub_url else SETTINGS
    )
    with pytest.raises(FeedsError, match=message):
        pinged(tmp_path)


def test_the_command_reports(tmp_path: Path, hub: Hub) -> None:
    project(tmp_path, hub.url)
    hub.answers = [204, 204, 204, 410]
    done = run(["ping"], tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "the hub was told of 3 feeds; 1 failed"
    assert "failed  https://blog.example/feed.xml: the hub answered 410 Gone: not now" in done.stderr
    done = run(["ping"], tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the hub was told of 1 feed")
    assert run(["ping"], tmp_path).stdout == "no feed has changed since the hub was told last\n"


def test_what_the_hub_was_told_before_the_run_was_broken_off_is_not_told_again(
    tmp_path: Path, hub: Hub
) -> None:
    project(tmp_path, hub.url)

    def break_off(each: Pinged) -> None:
        if each.url == ALL[2]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pinged(tmp_path, told=break_off)
    hub.told.clear()
    pinged(tmp_path)
    assert hub.topics == ALL[3:]


def test_a_hub_that_is_down_is_waited_for_once_only(tmp_path: Path, hub: Hub) -> None:
    hub.answers = [503] * 6
    project(tmp_path, hub.url)
    done, pauses = pinged(tmp_path)
    assert [bool(each.problem) for each in done] == [True] * 4
    assert pauses == list(PAUSES)
    assert hub.topics == [ALL[0]] * 3 + ALL[1:]
