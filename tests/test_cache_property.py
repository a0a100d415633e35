"""A build that remembers the last one writes the same bytes as one that remembers nothing, whatever was edited."""

import datetime as dt
import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import NOW, write_files

from feeds.build import Built, Choices, build
from feeds.config import load_settings
from feeds.errors import FeedsError, ProblemsError
from feeds.index import FILE, Index

EXAMPLES = int(os.environ.get("FEEDS_EXAMPLES", "6"))
"""How many histories of edits are tried; 2,000 take about half an hour."""

CACHE = ".cache/feeds"
TOLD_ONCE = {"lost-id"}

NUMBERS = st.integers(0, 3)
HEADS = st.sampled_from(
    [
        "One *word*.",
        "A [link][r] and [another](p1.md).",
        "A note.[^1]",
        "HTML and CSS.",
        "![Cat](cat.png)",
        "`<b>` & <https://a.example/>",
        "- item\n- item",
        "",
    ]
)
TAILS = st.sampled_from(
    [
        "Rest.",
        "Rest.\n\n[r]: https://r.example/",
        "Rest.\n\n[^1]: A note.",
        "Rest.\n\n*[HTML]: Hypertext",
        "![Dog](dog.png)",
        "```\n![Code](x.png)\n```\n\n![Dog](dog.png)",
        ": a definition",
        "    code",
        "<div>\n\nRest.\n\n</div>",
    ]
)
MATTERS = st.sampled_from(
    [
        "date: 2026-11-01",
        "date: 2026-11-02\ncategories: [News]\nauthors: [ada]",
        "date: 2026-10-31 10:00\ndraft: true",
        "date: 2026-11-30",
        "date: 2026-11-21\ntitle: 'A: b'\nreadtime: 7",
        "date: 2026-11-03\nenclosure: cat.png",
        "date: 2026-11-03\ndescription: >-\n  Folded text",
        "date: yesterday",
    ]
)
SETTINGS = st.sampled_from(
    [
        '[site]\ntitle = "Blog"\nurl = "https://blog.example/"\n',
        '[site]\ntitle = "Other"\nurl = "https://blog.example/"\n[feeds]\nlimit = 2\n',
        '[site]\nurl = "https://other.example/"\ntimezone = "Europe/Rome"\n[feeds]\ncontent = "both"\n',
    ]
)
EDITS = st.one_of(
    st.tuples(st.just("post"), NUMBERS, MATTERS, HEADS, TAILS),
    st.tuples(st.just("above"), NUMBERS, HEADS),
    st.tuples(st.just("below"), NUMBERS, TAILS),
    st.tuples(st.just("rename"), NUMBERS, NUMBERS),
    st.tuples(st.just("delete"), NUMBERS),
    st.tuples(st.just("touch"), NUMBERS),
    st.tuples(st.just("settings"), SETTINGS),
    st.tuples(st.just("picture"), st.sampled_from(["cat.png", "dog.png"]), st.binary(max_size=3)),
    st.tuples(st.just("authors"), st.sampled_from(["Ada", "Ada Lovelace"])),
    st.tuples(st.just("clock"), st.integers(-30, 30)),
    st.tuples(st.just("scribble"), st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)),
    st.tuples(st.just("truncate"), st.integers(0, 1 << 20)),
    st.tuples(st.just("forget")),
)


class Blog:
    """A blog that is edited and built; `now` is when."""

    def __init__(self, root: Path) -> None:
        self.root, self.now = root, NOW
        self.parts: dict[int, list[str]] = {}
        first = '[site]\ntitle = "Blog"\nurl = "https://blog.example/"\n'
        write_files(root, {"feeds.toml": first, "content/posts/cat.png": b"", "content/posts/p9.md": _post()})

    def edit(self, edit: tuple) -> None:
        """Change one thing."""
        kind, *details = edit
        getattr(self, f"_{kind}")(*details)

    def _post(self, number: int, matter: str, head: str, tail: str) -> None:
        self.parts[number] = [matter, head, tail]
        self._write(number)

    def _above(self, number: int, head: str) -> None:
        if number in self.parts:
            self.parts[number][1] = head
            self._write(number)

    def _below(self, number: int, tail: str) -> None:
        if number in self.parts:
            self.parts[number][2] = tail
            self._write(number)

    def _rename(self, old: int, new: int) -> None:
        if old in self.parts and old != new:
            self.parts[new] = self.parts.pop(old)
            self._path(old).replace(self._path(new))

    def _delete(self, number: int) -> None:
        if self.parts.pop(number, None):
            self._path(number).unlink()

    def _touch(self, number: int) -> None:
        if number in self.parts:
            os.utime(self._path(number), (1_700_000_000, 1_700_000_000))

    def _settings(self, text: str) -> None:
        (self.root / "feeds.toml").write_text(text, "utf-8")

    def _picture(self, name: str, data: bytes) -> None:
        (self.root / "content/posts" / name).write_bytes(data)

    def _authors(self, name: str) -> None:
        (self.root / "content/.authors.yml").write_text(f"authors:\n  ada:\n    name: {name}\n", "utf-8")

    def _clock(self, days: int) -> None:
        self.now = NOW + dt.timedelta(days=days)

    def _scribble(self, place: int, data: bytes) -> None:
        index = self.root / CACHE / FILE
        if index.exists():
            held = bytearray(index.read_bytes())
            place %= len(held) or 1
            held[place : place + len(data)] = data
            index.write_bytes(held)

    def _truncate(self, size: int) -> None:
        index = self.root / CACHE / FILE
        if index.exists():
            index.write_bytes(index.read_bytes()[: size % (index.stat().st_size or 1)])

    def _forget(self) -> None:
        (self.root / CACHE / FILE).unlink(missing_ok=True)

    def _path(self, number: int) -> Path:
        return self.root / "content/posts" / f"p{number}.md"

    def _write(self, number: int) -> None:
        self._path(number).write_text(_post(*self.parts[number], number=number), "utf-8")

    def build(self, *, remembers: bool) -> Built | ProblemsError:
        """Build it, or find out why that cannot be done."""
        index = Index(self.root / CACHE / FILE) if remembers else None
        try:
            return build(load_settings(self.root, environ={}), Choices(self.now), index=index)
        except ProblemsError as error:
            return error


def _post(
    matter: str = "date: 2026-11-01", head: str = "One.", tail: str = "Rest.", *, number: int = 9
) -> str:
    return f"---\n{matter}\n---\n\n# Post {number}\n\n{head}\n\n<!-- more -->\n\n{tail}\n"


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EDITS, min_size=1, max_size=5))
def test_remembering_changes_nothing(edits):
    with tempfile.TemporaryDirectory() as folder:
        blog = Blog(Path(folder))
        for edit in edits:
            blog.edit(edit)
            remembering = blog.build(remembers=True)
            fresh = blog.build(remembers=False)
            findings = [
                [found for found in built.findings if found.rule not in TOLD_ONCE]
                for built in (remembering, fresh)
            ]
            assert findings[0] == findings[1]
            assert isinstance(remembering, FeedsError) == isinstance(fresh, FeedsError)
            if isinstance(fresh, Built):
                assert [file.path for file in (*fresh.written, *fresh.letters) if file.changed] == []
                assert fresh.removed == ()
                assert fresh.posts == remembering.posts
