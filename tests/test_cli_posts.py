"""`feeds posts`: every post, published or why not; and one post in detail."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from projects import SETTINGS, blog, material_blog, post, write_files
from projects import run_here as run

from feeds.columns import columns

NOW = ["--now", "2026-11-22"]
POSTS = {
    "one.md": post("# One\n\nFirst.\n", categories="[News, Notes]"),
    "two.md": post("# Two\n\nSecond.\n", date="2026-11-05", slug="second"),
    "later.md": post("# Later\n", date="2031-01-01"),
    "draft.md": post("# Draft\n", draft="true", date="2026-11-10"),
    "undated.md": "---\ndraft: true\ntitle: No date yet\n---\n\nText.\n",
}
BROKEN = {"bad.md": post("# Bad\n", date="2026-13-45")}


def table(stdout: str) -> list[list[str]]:
    """The rows without their head: the texts between two blanks or more."""
    rows = [line for line in stdout.splitlines() if line.startswith("  ")]
    return [[text.strip() for text in row.split("  ") if text.strip()] for row in rows[1:]]


def test_every_post_has_a_line_newest_first(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    done = run(["posts", *NOW], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert table(done.stdout) == [
        ["2031-01-01", "held", "Later", "/2031/01/01/later/"],
        ["2026-11-10", "draft", "Draft", "/2026/11/10/draft/"],
        ["2026-11-05", "published", "Two", "/2026/11/05/second/"],
        ["2026-11-01", "published", "One", "/2026/11/01/one/", "News, Notes"],
        ["draft", "No date yet", "content/posts/undated.md"],
    ]
    assert done.stdout.splitlines()[-2:] == [
        "2 posts published, 2 drafts, 1 held back at https://blog.example/",
        "next: 'Later' falls due on 2031-01-01 00:00+00:00",
    ]


def test_what_is_found_twice_is_told_once(tmp_path: Path) -> None:
    config = "i18n: { defaultLocale: 'en', locales: ['en', 'fr'] }, presets: [['classic', { blog: {} }]]"
    site = f"export default {{ title: 'T', url: 'https://t.example', baseUrl: '/', {config} }};"
    write_files(tmp_path, {"docusaurus.config.js": site, "blog/a.md": post("# A\n", date="2031-01-01")})
    assert run(["posts", *NOW], tmp_path).stderr.count("which is to come, and is published") == 1
    assert len(json.loads(run(["posts", *NOW, "--json"], tmp_path).stdout)["findings"]) == 1


def test_what_is_not_published_can_be_seen_alone(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    done = run(["posts", "--hidden", *NOW], tmp_path)
    assert [row[-2] for row in table(done.stdout)] == ["Later", "Draft", "No date yet"]
    assert [
        row["status"] for row in json.loads(run(["posts", "--hidden", "--json"], tmp_path).stdout)["posts"]
    ] == [*("held", "draft", "draft")]


def test_the_instant_decides_what_is_held_back(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    assert "held" not in run(["posts", "--now", "2031-01-02"], tmp_path).stdout


def test_a_post_with_an_error_is_listed_and_the_command_fails(tmp_path: Path) -> None:
    blog(tmp_path, POSTS | BROKEN)
    done = run(["posts", *NOW], tmp_path)
    assert done.returncode == 1
    assert table(done.stdout)[-1] == ["error", "content/posts/bad.md"]
    assert "1 with errors" in done.stdout
    assert done.stderr.startswith("content/posts/bad.md:2:7: '2026-13-45' is not a date")


def test_posts_that_share_an_address_are_errors(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# Same\n"), "b.md": post("# Same\n")})
    done = run(["posts"], tmp_path)
    assert done.returncode == 1
    assert [row[1] for row in table(done.stdout)] == ["published", "error"]


def test_warnings_are_shown_below(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("Text.\n", title="' '")})
    done = run(["posts"], tmp_path)
    assert done.returncode == 0
    assert "content/posts/a.md:3:1: warning: the title is empty" in done.stderr


def test_letters_of_an_address_are_shown_as_they_are(tmp_path: Path) -> None:
    material_blog(tmp_path, {"a.md": post("# 行末の句読点\n")})
    assert "/blog/2026/11/01/行末の句読点/" in run(["posts"], tmp_path).stdout


def test_a_project_without_posts_says_where_it_looked(tmp_path: Path) -> None:
    write_files(tmp_path, {"feeds.toml": SETTINGS, "content/posts/notes.txt": "Nothing."})
    done = run(["posts"], tmp_path)
    assert (done.returncode, done.stdout) == (0, "no post was found in content/posts\n")


@pytest.mark.parametrize("width", [80, 120, 0])
def test_a_terminal_gets_colours_and_lines_that_fit(tmp_path: Path, width: int) -> None:
    pty = pytest.importorskip("pty", reason="there are no terminals here")
    termios = pytest.importorskip("termios")
    title = "# A title that is rather long, 長い題名, and goes on for more than a line\n"
    blog(tmp_path, {**POSTS, "long.md": post(title, categories="[News]")})
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, width))
    command = [sys.executable, "-m", "feeds", "posts", *NOW]
    environ = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=theirs, env={**environ, "PYTHONUTF8": "1"}
    ) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # what Linux says at the end
            while chunk := os.read(ours, 10_000):
                shown += chunk
        process.wait(timeout=60)
    os.close(ours)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
    assert b"\x1b[32mpublished\x1b[0m" in shown
    assert max(map(columns, lines[:-2])) == (width or 80)
    assert ("News" in "".join(lines)) == (width == 120)


# --- for machines -----------------------------------------------------------------------------------------


def test_machines_get_json(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    document = json.loads(run(["posts", "--json", *NOW], tmp_path).stdout)
    assert [document[key] for key in ("ok", "generator", "title", "url")] == [
        *(True, "plain", "Blog", "https://blog.example/")
    ]
    rows = {row["path"]: row for row in document["posts"]}
    assert rows["content/posts/one.md"] == {
        "path": "content/posts/one.md",
        "status": "published",
        "title": "One",
        "url": "https://blog.example/2026/11/01/one/",
        "id": "https://blog.example/2026/11/01/one/",
        "date": "2026-11-01T00:00:00+00:00",
        "updated": "2026-11-01T00:00:00+00:00",
        "due": None,
        "expires": None,
        "authors": [],
        "categories": ["News", "Notes"],
        "tags": [],
        "language": "en",
        "findings": [],
    }
    assert rows["content/posts/undated.md"]["url"] is None
    assert rows["content/posts/undated.md"]["title"] == "No date yet"


def test_machines_get_problems_too(tmp_path: Path) -> None:
    blog(tmp_path, BROKEN)
    done = run(["posts", "--json"], tmp_path)
    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr, document["ok"]) == (1, "", False)
    (row,) = document["posts"]
    assert (row["status"], row["findings"]) == ("error", document["findings"])
    assert (row["findings"][0]["path"], row["findings"][0]["line"]) == ("content/posts/bad.md", 2)
    missing = run(["posts", "--json", "nowhere.md"], tmp_path)
    assert (missing.returncode, json.loads(missing.stdout)["ok"]) == (2, False)


# --- one post ---------------------------------------------------------------------------------------------


def test_one_post_is_explained(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    done = run(["posts", "content/posts/one.md", *NOW], tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "One",
        "published",
        "",
        "  file         content/posts/one.md",
        "  title        One  (the first heading)",
        "  address      https://blog.example/2026/11/01/one/  (date, line 2; the first heading)",
        "  published    2026-11-01 00:00+00:00  (date, line 2)",
        "  categories   News, Notes  (categories, line 3)",
        "  language     en",
        "",
        "  First.",
    ]


def test_the_key_that_keeps_a_post_back_is_named(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    done = run(["posts", "content/posts/draft.md"], tmp_path)
    assert done.stdout.splitlines()[1] == "not published: draft  (draft, line 3)"
    done = run(["posts", "content/posts/later.md", *NOW], tmp_path)
    assert done.stdout.splitlines()[1] == "held back until 2031-01-01 00:00+00:00"


def test_errors_elsewhere_do_not_matter_to_one_post(tmp_path: Path) -> None:
    blog(tmp_path, POSTS | BROKEN)
    assert run(["posts", "content/posts/one.md"], tmp_path).returncode == 0
    done = run(["posts", "content/posts/bad.md", "--hidden"], tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        *("content/posts/bad.md", "not published: it has errors", "", "  file         content/posts/bad.md")
    ]
    assert "'2026-13-45' is not a date" in done.stderr


def test_warnings_of_its_text_are_shown_with_it(tmp_path: Path) -> None:
    blog(tmp_path, {"a.md": post("# A\n\n[gone](gone.md)\n")})
    assert "leads nowhere" not in run(["posts"], tmp_path).stderr
    assert "content/posts/a.md:" in run(["posts", "content/posts/a.md"], tmp_path).stderr


@pytest.mark.parametrize(
    "name",
    [
        "content/posts/two.md",
        "./content/../content/posts/two.md",
        "https://blog.example/2026/11/05/second/",
        "https://blog.example/2026/11/05/second",
    ],
)
def test_a_post_is_named_by_its_file_or_its_address(tmp_path: Path, name: str) -> None:
    blog(tmp_path, POSTS)
    assert run(["posts", name], tmp_path).stdout.startswith("Two\n")


def test_paths_start_from_the_current_folder_or_the_project(tmp_path: Path) -> None:
    blog(tmp_path / "project", POSTS)
    for name in ("project/content/posts/two.md", "content/posts/two.md"):
        assert run(["posts", "-C", "project", name], tmp_path).stdout.startswith("Two\n")


def test_what_is_no_post_is_said(tmp_path: Path) -> None:
    write_files(blog(tmp_path, POSTS), {"content/about.md": "# About\n"})
    done = run(["posts", "content/about.md"], tmp_path)
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        ["'content/about.md' is no post", "  help: posts lie in content/posts; feeds posts lists them all"],
    )
    assert "there is no post 'nowhere.md'" in run(["posts", "nowhere.md"], tmp_path).stderr


def test_origins_for_machines(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    done = run(["posts", "--json", "content/posts/two.md"], tmp_path)
    (row,) = json.loads(done.stdout)["posts"]
    place = {"path": "content/posts/two.md"}
    assert row["origins"]["url"] == [
        {"what": "date", **place, "line": 2},
        {"what": "slug", **place, "line": 3},
    ]
    assert row["origins"]["title"] == [{"what": "the first heading", "path": None, "line": None}]
    assert row["excerpt"] == {"text": "Second.", "whole": True}
