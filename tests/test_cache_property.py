"""A build that remembers the last one writes the same bytes as one that remembers nothing, whatever was edited."""

import datetime as dt
import os
import subprocess
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import NOW, feeds_here, files_below, write_files

from feeds.build import Built, Choices, build
from feeds.config import load_settings
from feeds.errors import FeedsError, ProblemsError
from feeds.index import FILE, Index

EXAMPLES = int(os.environ.get("FEEDS_EXAMPLES", "6"))
"""How many histories of edits are tried, in each of two ways; 2,000 take about an hour."""

CACHE = ".cache/feeds"
TOLD_ONCE = {"lost-id"}

NUMBERS = st.integers(0, 3)
HEADS = st.sampled_from(
    [
        "One *word*.",
        "A [link][r] and [another](p1.md).",
        "A note.[^1]",
        "HTML and CSS.",
        "# Another heading",
        "```\nopen",
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
        "More.\n\n## Heading\n\n![Dog](dog.png)\n\n![Cat](cat.png)",
        "Rest.\n\n```\nclosed",
        "Rest, " + "and more " * 200,
        "Rest.\n\n<!-- more -->\n\n---\ndate: 2026-11-05\n---",
        "",
    ]
)
DISGUISES = st.sampled_from(
    [
        (b"\0", b""),  # none
        (b"\n", b"\r\n"),
        (b"---\ndate", b"\xef\xbb\xbf---\ndate"),
        (b"Rest", b"Re\0st"),
        (b"Rest", b"R\xe9st"),
        (b"-->\n\n", b"-->\n"),
        (b"more -->", b"More -->"),
        (b"<!-- more -->", b""),
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
    st.tuples(st.just("disguise"), NUMBERS, DISGUISES),
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
        self.disguises: dict[int, tuple[bytes, bytes]] = {}
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

    def _disguise(self, number: int, disguise: tuple[bytes, bytes]) -> None:
        self.disguises[number] = disguise
        if number in self.parts:
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
        for path in self._remembered():
            held = bytearray(path.read_bytes())
            at = place % (len(held) or 1)
            held[at : at + len(data)] = data
            path.write_bytes(held)

    def _truncate(self, size: int) -> None:
        for path in self._remembered():
            path.write_bytes(path.read_bytes()[: size % (path.stat().st_size or 1)])

    def _forget(self) -> None:
        (self.root / CACHE / FILE).unlink(missing_ok=True)

    def _remembered(self) -> list[Path]:
        folder = self.root / CACHE
        return [path for path in (folder / FILE, *sorted(folder.glob("stamp-*"))) if path.exists()]

    def _path(self, number: int) -> Path:
        return self.root / "content/posts" / f"p{number}.md"

    def _write(self, number: int) -> None:
        old, new = self.disguises.get(number, (b"\0", b""))
        self._path(number).write_bytes(_post(*self.parts[number], number=number).encode().replace(old, new))

    def build(self, *, remembers: bool) -> Built | ProblemsError:
        """Build it, or find out why that cannot be done."""
        index = Index(self.root / CACHE / FILE) if remembers else None
        try:
            return build(load_settings(self.root, environ={}), Choices(self.now), index=index)
        except ProblemsError as error:
            return error

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Build it by the command, which may know that there is nothing to do."""
        time.sleep(0.03)  # longer than a disk may give two changes one time
        return feeds_here(["build", "--now", self.now.isoformat(), *arguments], self.root)


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


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EDITS, min_size=1, max_size=5))
def test_the_short_way_out_changes_nothing(edits):
    with tempfile.TemporaryDirectory() as folder:
        blog = Blog(Path(folder))
        for number, head in enumerate(("One *word*.", "A note.[^1]")):
            blog.edit(("post", number, f"date: 2026-11-0{number + 1}", head, "Rest."))
        blog.run(), blog.run()
        for edit in edits:
            blog.edit(edit)
            warm = blog.run()
            files = files_below(blog.root / "public")
            cold = blog.run("--no-cache")
            told = [_lasting(done.stderr) for done in (warm, cold)]
            assert told[0] == told[1]
            assert warm.returncode == cold.returncode
            assert files_below(blog.root / "public") == files
            if warm.returncode == 0:
                assert "nothing has changed" in cold.stdout
                blog.run()


def _lasting(printed: str) -> list[str]:
    """What is printed of findings, but for those that are told once."""
    once = ("was published as", "see it as new")
    return [line for line in printed.splitlines() if not any(part in line for part in once)]
