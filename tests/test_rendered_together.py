"""Posts that are rendered by several processes: the same entries, findings and notes as by one."""

import datetime as dt
import os
import signal
from pathlib import Path

import pytest
from projects import blog, build_project, files_below, post

from feeds import processes
from feeds.errors import ProblemsError
from feeds.posts import dialect

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no copies of a process here")

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000030000000208060000009d74668a")
SETTINGS = """
[site]
title = "Blog"
url = "https://blog.example/"
[feeds]
limit = 0
[newsletter]
sender = "Ebb <ebb@blog.example>"
"""


def many(root: Path, count: int = 150) -> Path:
    """A blog of posts that link to each other, to what is not there, and to pictures."""
    posts: dict[str, str | bytes] = {"tide.png": PNG}
    for number in range(count):
        date = dt.date(2026, 10, 31) - dt.timedelta(days=number)
        text = (
            f"# Post {number}\n\nNo. *{number}* after [the last](p{(number - 1) % count}.md) and"
            f" [none](no-{number}.md).[^1]\n\n![Tide](tide.png)\n\n<!-- more -->\n\n[^1]: A note.\n"
        )
        posts[f"p{number}.md"] = post(text, date=date.isoformat())
    return blog(root, posts, SETTINGS)


def built_by(count: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """Everything that so many processes make of a blog."""
    monkeypatch.setattr(processes, "_processors", lambda: count)
    built = build_project(root)
    return (
        files_below(root / "public"),
        files_below(root / ".feeds/letters"),
        built.findings,
        [entry.excerpt for entry in built.entries],
        [entry.image and entry.image.url for entry in built.entries],
    )


def test_many_processes_make_the_same_of_posts_as_one(tmp_path, monkeypatch):
    one = built_by(1, many(tmp_path / "one"), monkeypatch)
    assert sum(finding.rule == "dead-link" for finding in one[2]) == 150
    for count in (2, 3, 7):
        assert built_by(count, many(tmp_path / f"{count}"), monkeypatch) == one


def test_most_posts_are_rendered_by_others(tmp_path, monkeypatch):
    convert, here = dialect.Dialect.convert, []

    def noted(self, text, source):
        here.append(os.getpid())
        return convert(self, text, source)

    monkeypatch.setattr(dialect.Dialect, "convert", noted)
    built_by(3, many(tmp_path), monkeypatch)
    assert 70 <= len(here) <= 80  # an issue of 31, and 45 of the others
    assert {*here} == {os.getpid()}


def test_what_another_process_does_not_make_is_made_here(tmp_path, monkeypatch):
    one = built_by(1, many(tmp_path / "one"), monkeypatch)
    convert, me = dialect.Dialect.convert, os.getpid()

    def killed(self, text, source):
        if os.getpid() != me:
            os.kill(os.getpid(), signal.SIGKILL)
        return convert(self, text, source)

    monkeypatch.setattr(dialect.Dialect, "convert", killed)
    assert built_by(3, many(tmp_path / "three"), monkeypatch) == one


@pytest.mark.parametrize("count", [1, 2, 3])
def test_posts_that_cannot_be_rendered_are_told_of_in_their_order(count, tmp_path, monkeypatch):
    root = many(tmp_path)
    for number in (100, 20, 149):
        date = (dt.date(2026, 10, 31) - dt.timedelta(days=number)).isoformat()
        (root / f"content/posts/p{number}.md").write_text(post(f"{'>' * 200}\n", date=date), "utf-8")
    with pytest.raises(ProblemsError) as caught:
        built_by(count, root, monkeypatch)
    errors = [finding.at.path for finding in caught.value.findings if finding.rule == "post-too-large"]
    assert errors == [f"content/posts/p{number}.md" for number in (20, 100, 149)]


def test_a_post_that_takes_long_elsewhere_is_named(tmp_path, monkeypatch, capsys):
    from feeds.cli import main, watching

    monkeypatch.setattr(processes, "_processors", lambda: 2)
    monkeypatch.chdir(many(tmp_path, 90))
    monkeypatch.setattr("sys.argv", ["feeds", "build", "--now", "2026-11-22"])
    monkeypatch.setattr(watching, "_SLOW", 0.0)
    monkeypatch.setattr(watching, "_MAX_SLOW", 1000)
    main()
    printed = capsys.readouterr().err
    for number in range(90):
        assert f"note: content/posts/p{number}.md took " in printed
