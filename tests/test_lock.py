"""`feeds.lock`: ids that survive whatever becomes of a post."""

import datetime as dt
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import NOW, SETTINGS, blog, build_project, post, run

from feeds.config import load_settings
from feeds.errors import FeedsError, ProblemsError
from feeds.generators import load_site
from feeds.lock import LockResult, lock
from feeds.lockfile import Lock, matched, parse_lock, render_lock, updated_lock
from feeds.posts.listing import list_posts

LATER = NOW + dt.timedelta(days=9)


def written(root: Path, now: dt.datetime = NOW, **choices: object) -> LockResult:
    return lock(load_settings(root, environ={}), now, **choices)  # type: ignore[arg-type]


def items(root: Path) -> dict[str, dict[str, str]]:
    """The entries of the feed by title, built now."""
    build_project(root, output="public")
    return {item["title"]: item for item in json.loads((root / "public" / "feed.json").read_bytes())["items"]}


def move(root: Path, before: str, after: str) -> None:
    (root / "content" / "posts" / after).parent.mkdir(parents=True, exist_ok=True)
    (root / "content" / "posts" / before).rename(root / "content" / "posts" / after)


def test_without_a_lock_the_id_is_the_address(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    assert items(tmp_path)["A"]["id"] == "https://blog.example/2026/11/01/a/"


CHANGES = {
    "another slug": lambda root: blog(root, {"a.md": post("# A\n\nText.\n", slug="elsewhere")}),
    "another date": lambda root: blog(root, {"a.md": post("# A\n\nText.\n", date="2026-10-03")}),
    "another title": lambda root: blog(root, {"a.md": post("# B\n\nText.\n")}),
    "another file": lambda root: move(root, "a.md", "2026/b.md"),
    "another domain": lambda root: blog(root, {}, SETTINGS.replace("blog.example", "www.example.org/blog")),
    "another generator": lambda root: (root / "mkdocs.yml").write_text(
        "site_name: A\nsite_url: https://b.example/\ndocs_dir: content\n"
        "plugins: [{blog: {blog_dir: ., post_dir: posts}}]\n",
        "utf-8",
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_with_a_lock_the_id_stays(change, tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    assert written(tmp_path).new == ("content/posts/a.md",)
    change(tmp_path)
    for _ in range(2):  # before the lock is brought up to date, and after
        (item,) = items(tmp_path).values()
        assert item["id"] == "https://blog.example/2026/11/01/a/"
        if change is CHANGES["another domain"]:
            assert item["url"] == "https://www.example.org/blog/2026/11/01/a/"
        written(tmp_path, LATER)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("# A\n\nText.\n\n<!-- more -->\n\nMore and more.\n", False),
        ("#  A\n\nText.  \n\n\n<!--more-->\n", False),
        ("# A\n\nText, mended.\n\n<!-- more -->\n", True),
        ("# A, mended\n\nText.\n\n<!-- more -->\n", True),
    ],
)
def test_the_date_of_the_last_change_moves_with_title_and_excerpt_only(
    text: str, changed: bool, tmp_path: Path
) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n\n<!-- more -->\n\nMore.\n")})
    written(tmp_path)
    blog(tmp_path, {"a.md": post(text)})
    assert written(tmp_path, LATER).changed == (("content/posts/a.md",) if changed else ())
    (item,) = items(tmp_path).values()
    assert item.get("date_modified") == (LATER.isoformat() if changed else None)


def test_the_old_name_of_a_renamed_file_can_be_given_to_a_new_post(tmp_path: Path) -> None:
    blog(tmp_path, {"latest.md": post("# A\n\nText.\n")})
    written(tmp_path)
    move(tmp_path, "latest.md", "a.md")
    blog(tmp_path, {"latest.md": post("# B\n\nOther text.\n")})
    for _ in range(2):  # before the lock is brought up to date, and after
        assert {title: item["id"] for title, item in items(tmp_path).items()} == {
            "A": "https://blog.example/2026/11/01/a/",
            "B": "https://blog.example/2026/11/01/b/",
        }
        written(tmp_path, LATER)


def test_a_change_that_the_front_matter_dates_has_that_date(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    written(tmp_path)
    blog(tmp_path, {"a.md": post("# A\n\nMended.\n", updated="2026-11-03")})
    written(tmp_path, LATER)
    assert items(tmp_path)["A"]["date_modified"] == "2026-11-03T00:00:00+00:00"


def test_a_stale_lock_is_told_and_fails_a_check(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    written(tmp_path)
    assert not written(tmp_path, check=True).is_stale
    blog(tmp_path, {"b.md": post("# B\n\nText.\n")})
    (warning,) = build_project(tmp_path).findings
    assert str(warning) == (
        "feeds.lock: warning: it is not up to date: content/posts/b.md\n  help: run feeds lock, and commit it"
    )
    before = (tmp_path / "feeds.lock").read_bytes()
    assert written(tmp_path, check=True).is_stale
    assert (tmp_path / "feeds.lock").read_bytes() == before


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    assert run(["lock", "--check"], tmp_path).returncode == 1
    done = run(["lock"], tmp_path)
    assert done.stdout == "  new      content/posts/a.md\nfeeds.lock written: 1 post\n"
    done = run(["lock", "--check"], tmp_path)
    assert (done.returncode, done.stdout) == (0, "feeds.lock is up to date with 1 post\n")


def test_a_draft_keeps_its_line(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    written(tmp_path)
    blog(tmp_path, {"a.md": post("# A\n\nText.\n", draft="true", slug="new")})
    written(tmp_path, LATER)
    blog(tmp_path, {"a.md": post("# A\n\nText.\n", slug="new")})
    assert items(tmp_path)["A"]["id"] == "https://blog.example/2026/11/01/a/"


def test_the_file_is_sorted_and_the_same_on_any_machine(tmp_path: Path) -> None:
    blog(tmp_path, {"b.md": post("# B\n\nText.\n", categories="[News]"), "a.md": post("# A\n\nText.\n")})
    written(tmp_path)
    text = (tmp_path / "feeds.lock").read_text("utf-8")
    assert [line.split("\t")[0] for line in text.splitlines()[1:]] == [
        "@category/news",
        "content/posts/a.md",
        "content/posts/b.md",
    ]
    assert render_lock(parse_lock(text)) == text
    assert not written(tmp_path, LATER).written


def test_the_feed_of_a_category_that_was_emptied_stays_in_a_fresh_checkout(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n", categories="[News]")})
    written(tmp_path)
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    build_project(tmp_path)
    feed = json.loads((tmp_path / "public" / "category" / "news" / "feed.json").read_bytes())
    assert (feed["title"], feed["items"]) == ("Blog: News", [])


# Merges


def conflict(root: Path, *names: str) -> None:
    """A lock as git leaves it when each side added one of these posts."""
    lines = {}
    for name in names:
        (root / "feeds.lock").unlink(missing_ok=True)
        written(root)
        text = (root / "feeds.lock").read_text("utf-8")
        lines[name] = next(line for line in text.splitlines() if name in line)
    ours, theirs = lines.values()
    (root / "feeds.lock").write_text(f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> other\n", "utf-8")


def test_a_conflict_stops_a_build_and_is_mended_by_the_command(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n"), "b.md": post("# B\n\nText.\n")})
    conflict(tmp_path, "a.md", "b.md")
    with pytest.raises(ProblemsError) as caught:
        build_project(tmp_path)
    assert "run feeds lock" in str(caught.value)
    assert written(tmp_path).written
    assert len(parse_lock((tmp_path / "feeds.lock").read_text("utf-8")).posts) == 2
    assert build_project(tmp_path).findings == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.md\tid\n", "feeds.lock:1: this line has not the five parts that belong in it"),
        (
            "\na.md\tid\t2026-11-01\tx\t2026-11-01T00:00:00+00:00\n",
            "feeds.lock:2: this line has not the five parts that belong in it",
        ),
        (
            "a.md\tone\t2026-11-01T00:00:00Z\tx\t2026-11-01T00:00:00Z\na.md\ttwo\t2026-11-01T00:00:00Z\tx\t2026-11-01T00:00:00Z\n",
            "feeds.lock:2: a.md has another id in a line before",
        ),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(text: str, message: str, tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    (tmp_path / "feeds.lock").write_text(text, "utf-8")
    with pytest.raises(FeedsError) as caught:
        build_project(tmp_path)
    assert str(caught.value).split("\n")[0] == message


# Histories


class _Project:
    """A blog of which each post is known to us by a number, whatever becomes of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.posts: dict[int, dict[str, str]] = {}
        self.made = 0

    def write(self) -> None:
        folder = self.root / "content" / "posts"
        for path in folder.rglob("*.md"):
            path.unlink()
        texts = {
            each["file"]: post(f"{each['text']}\n", title=each["title"], slug=each["slug"], date=each["date"])
            for each in self.posts.values()
        }
        blog(self.root, texts)

    def step(self, kind: str, which: int, value: int) -> None:
        if kind == "add" or not self.posts:
            self.made += 1
            name = f"p{self.made}"
            date = f"2026-{self.made % 10 + 1:02}-01"
            self.posts[self.made] = {
                "file": f"{name}.md",
                "title": name,
                "slug": name,
                "date": date,
                "text": f"About {name}.",
            }
            return
        number = sorted(self.posts)[which % len(self.posts)]
        if kind == "delete":
            del self.posts[number]
        elif kind == "file":
            self.posts[number]["file"] = f"f{value}/{number}-{value}.md"
        elif kind == "date":
            self.posts[number]["date"] = f"2026-{value % 10 + 1:02}-02"
        else:
            self.posts[number][kind] = f"{kind} {value} of {number}"


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["add", "delete", "file", "date", "title", "slug", "text"]),
            st.integers(0, 9),
            st.integers(0, 99),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_becomes_of_posts_their_ids_stay_and_none_is_used_twice(
    steps: list[tuple[str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = _Project(tmp_path_factory.mktemp("history"))
    ids: dict[int, str] = {}
    for step in [("add", 0, 0), ("add", 0, 0), *steps]:
        project.step(*step)
        project.write()
        written(project.root)
        entries = parse_lock((project.root / "feeds.lock").read_text("utf-8")).posts
        for number, each in project.posts.items():
            id = entries[f"content/posts/{each['file']}"].id
            assert ids.setdefault(number, id) == id
    assert len(set(ids.values())) == len(ids)


# Ids from elsewhere

FOREIGN = {
    "rss": """<rss version="2.0"><channel><title>Old</title>
      <item><title>Another title</title><link>http://old.example/blog/2026/11/01/a/index.html</link><guid isPermaLink="false">old-1</guid></item>
      <item><title>B &amp; more</title><link>http://old.example/?p=2</link><guid>http://old.example/?p=2</guid></item>
      <item><title>Gone</title><link>http://old.example/gone</link></item></channel></rss>""",
    "atom": """<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title>
      <entry><title>A</title><id>old-1</id><link rel="enclosure" href="/a.mp3"/><link href="http://old.example/x/a.html"/></entry>
      <entry><title type="html">B &amp;amp; more</title><id>http://old.example/?p=2</id><link href="http://old.example/?p=2"/></entry>
      <entry><title>Gone</title><id>http://old.example/gone</id></entry></feed>""",
    "json": json.dumps(
        {
            "items": [
                {"id": "old-1", "url": "https://blog.example/2026/11/01/a"},
                {"id": "http://old.example/?p=2", "title": "B & more"},
                {"url": "http://old.example/gone", "title": "Gone"},
            ]
        }
    ),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_blog_that_moves_keeps_the_ids_that_readers_know(kind: str, tmp_path: Path) -> None:
    blog(
        tmp_path, {"a.md": post("Text.\n", title="A"), "b.md": post("Text.\n", title="B & more", slug="b-b")}
    )
    feed = tmp_path / "old.feed"
    feed.write_text(FOREIGN[kind], "utf-8")
    result = written(tmp_path, adopt=feed)
    assert result.adopted == 2
    assert [entry.title for entry in result.left] == ["Gone"]
    made = items(tmp_path)
    assert (made["A"]["id"], made["B & more"]["id"]) == ("old-1", "http://old.example/?p=2")
    atom = (tmp_path / "public" / "atom.xml").read_text("utf-8")
    assert "<id>https://blog.example/#old-1</id>" in atom
    assert '<guid isPermaLink="false">old-1</guid>' in (tmp_path / "public" / "feed.xml").read_text("utf-8")


@pytest.mark.parametrize(
    "data",
    [b"", b"text", b"{}", b'{"items": 3}', b"<html></html>", b"\xff\xfe", b"[" * 100_000, b"<a>" * 50_000],
)
def test_what_is_no_feed_is_refused(data: bytes, tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    (tmp_path / "old.feed").write_bytes(data)
    with pytest.raises(FeedsError, match="this is no RSS, Atom or JSON feed"):
        written(tmp_path, adopt=tmp_path / "old.feed")


def test_a_foreign_feed_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET", "utf-8")
    evil = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss><channel><item><guid>&x;</guid></item></channel></rss>'
    (tmp_path / "old.feed").write_text(evil, "utf-8")
    blog(tmp_path, {"a.md": post("# A\n\nText.\n")})
    assert all("SECRET" not in entry.id for entry in written(tmp_path, adopt=tmp_path / "old.feed").left)


DATES = {
    "rss": ("<pubDate>Sun, 01 Nov 2026 23:30:00 -0200</pubDate>", "<pubDate>nonsense</pubDate>"),
    "dc": ("<dc:date>2026-11-02</dc:date>", "<dc:date>2025-11-02T09:00:00Z</dc:date>"),
}


@pytest.mark.parametrize("dates", DATES.values(), ids=DATES)
def test_posts_of_one_title_are_told_apart_by_the_day(dates: tuple[str, str], tmp_path: Path) -> None:
    blog(
        tmp_path,
        {
            f"{year}.md": post("Text.\n", title="The year", slug=f"a{year}", date=f"{year}-11-02")
            for year in (2025, 2026)
        },
    )
    parts = "".join(
        f"<item><title>The year</title><guid>n{number}</guid>{date}</item>"
        for number, date in enumerate(dates)
    )
    rss = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{parts}</channel></rss>'
    (tmp_path / "old.feed").write_text(rss, "utf-8")
    written(tmp_path, adopt=tmp_path / "old.feed")
    entries = parse_lock((tmp_path / "feeds.lock").read_text("utf-8")).posts
    assert entries["content/posts/2026.md"].id == "n0"


def test_an_entry_that_a_feed_holds_twice_counts_once(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("Text.\n", title="A")})
    item = "<item><title>A</title><guid>old-1</guid></item>"
    (tmp_path / "old.feed").write_text(f"<rss><channel>{item}{item}</channel></rss>", "utf-8")
    assert written(tmp_path, adopt=tmp_path / "old.feed").adopted == 1


# Size


def test_ten_thousand_files_that_were_all_renamed_take_no_time(tmp_path: Path) -> None:
    count = 10_000
    site = blog(tmp_path, {"a.md": post("Text.\n", title="A")})
    settings_ = load_settings(site, environ={})
    (one,) = list_posts(settings_, load_site(settings_, print), NOW, []).collection.published
    posts = [
        replace(
            one,
            title=f"T{n}",
            source=replace(one.source, path=f"{n}", fields=replace(one.source.fields, path=f"{n}")),
        )
        for n in range(count)
    ]
    before = updated_lock(posts, {}, Lock(), NOW)
    renamed = Lock({f"old/{path}": replace(line, path=f"old/{path}") for path, line in before.posts.items()})
    began = time.perf_counter()
    assert len(matched(posts, renamed)) == count
    assert time.perf_counter() - began < 5


def test_a_post_that_stands_in_for_its_translation_has_a_line_of_its_own(tmp_path: Path) -> None:
    settings_ = load_settings(blog(tmp_path, {"a.md": post("Text.\n", title="A")}), environ={})
    (one,) = list_posts(settings_, load_site(settings_, print), NOW, []).collection.published
    french = replace(
        one, id="fr", url="https://blog.example/fr/a/", source=replace(one.source, path="fr/a.md")
    )
    both = updated_lock([one, french], {}, Lock(), NOW)
    assert {path: line.id for path, line in both.posts.items()} == {
        "content/posts/a.md": one.id,
        "fr/a.md": "fr",
    }
    assert {path: line.id for path, line in matched([one, french], both).items()} == {
        "content/posts/a.md": one.id,
        "fr/a.md": "fr",
    }
