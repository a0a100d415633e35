"""What is remembered of a build: values by what they were made of, in a file that may be damaged in any way."""

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import blog, build_project, material_blog, post, write_files

from feeds import processes
from feeds.build import Choices, build
from feeds.config import load_settings
from feeds.errors import Finding, Location, Severity
from feeds.index import FILE, Index, digest, pack_finding, unpack_finding
from feeds.posts import commonmark, dialect, entries, frontmatter
from feeds.sight import state_of

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def remembering(root: Path):
    """Build a project with the index of the last time."""
    index = Index(root / ".cache/feeds" / FILE)
    return build(load_settings(root, environ={}), Choices(NOW), index=index)


def age(root: Path) -> None:
    """Make all that lies in a folder an hour old, but for what cannot be: the time of the last change."""
    old = time.time_ns() - 3_600_000_000_000
    for path in root.rglob("*"):
        os.utime(path, ns=(old, old))


@pytest.fixture
def counts(monkeypatch) -> dict[str, int]:
    """How many files were read as front matter, and how many texts were rendered, all by this process."""
    monkeypatch.setattr(processes, "_processors", lambda: 1)
    counted = {"read": 0, "rendered": 0}

    def counting(kind, function):
        def counted_function(*arguments, **named):
            counted[kind] += 1
            return function(*arguments, **named)

        return counted_function

    parse = frontmatter.frontmatter.parse
    monkeypatch.setattr(frontmatter.frontmatter, "parse", counting("read", parse))
    monkeypatch.setattr(dialect.Dialect, "convert", counting("rendered", dialect.Dialect.convert))
    monkeypatch.setattr(commonmark.CommonMark, "convert", counting("rendered", commonmark.CommonMark.convert))
    return counted


def numbered(count: int) -> dict[str, str]:
    """So many posts, one a day, each with an excerpt."""
    return {
        f"p{number}.md": post(
            f"# Post {number}\n\nOne.\n\n<!-- more -->\n\nTwo.\n", date=f"2026-10-{number + 1:02}"
        )
        for number in range(count)
    }


# --- values -------------------------------------------------------------------------------------------------


def test_a_value_is_found_by_its_key_until_nobody_asks_for_it(tmp_path):
    first = Index(tmp_path / FILE)
    first.keep("a", {"text": "ä\n", "number": 1})
    first.keep("b", {})
    first.save()
    second = Index(tmp_path / FILE)
    assert second.recall("a") == {"text": "ä\n", "number": 1}
    assert second.recall("c") is None
    second.save()
    third = Index(tmp_path / FILE)
    assert third.recall("a") is not None
    assert third.recall("b") is None


def test_parts_are_taken_once_and_kept_only_anew(tmp_path):
    first = Index(tmp_path / FILE)
    first.keep_parts("a", [b"one", b"", "zwölf \x1f \x1d".encode()])
    first.save()
    second = Index(tmp_path / FILE)
    assert second.take_parts("b") == []
    parts = second.take_parts("a")
    assert parts == [b"one", b"", "zwölf \x1f \x1d".encode()]
    assert second.take_parts("a") == []
    second.keep_parts("a", parts)
    second.save()
    third = Index(tmp_path / FILE)
    assert third.recall("a") is None
    assert third.take_parts("a") == parts
    third.save()
    assert Index(tmp_path / FILE).take_parts("a") == []


def test_a_value_may_change_until_it_is_saved(tmp_path):
    index, value = Index(tmp_path / FILE), {"reading": None}
    index.keep("a", value)
    value["reading"] = 7
    index.save()
    assert Index(tmp_path / FILE).recall("a") == {"reading": 7}


def test_a_file_is_made_again_only_of_something_else_or_if_it_is_another(tmp_path):
    made, file = [], tmp_path / "page.html"

    def make() -> bytes:
        made.append(len(made))
        return b"page %d" % len(made)

    def next_build(key: str) -> bytes:
        index = Index(tmp_path / FILE)
        data = index.file(key, file, make)
        file.write_bytes(data)
        index.save()
        return data

    assert [next_build(key) for key in ("a", "a", "b", "b")] == [b"page 1", b"page 1", b"page 2", b"page 2"]
    file.write_bytes(b"of somebody else")
    assert next_build("b") == b"page 3"
    file.unlink()
    assert next_build("b") == b"page 4"


def test_what_was_looked_at_is_looked_at_once(tmp_path):
    found = (Finding(Severity.WARNING, "rule", "message", Location("a.css", 3, 1), "help"),)
    for look in (lambda: found, lambda: pytest.fail("it is known")):
        index = Index(tmp_path / FILE)
        assert index.findings("a", look) == found
        index.save()


def test_without_a_file_nothing_is_remembered():
    index = Index(None)
    index.keep("a", {})
    index.save()
    assert index.recall("a") is None


def test_an_index_that_cannot_be_written_is_no_trouble(tmp_path):
    write_files(tmp_path, {"file": ""})
    index = Index(tmp_path / "file" / FILE)
    index.keep("a", {})
    index.save()
    assert index.recall("a") is None


@settings(max_examples=200, deadline=None)
@given(data=st.data(), values=st.dictionaries(st.text("abc", min_size=1), st.text(), min_size=1, max_size=4))
def test_what_is_damaged_is_not_there_and_the_rest_is(tmp_path_factory, data, values):
    path = tmp_path_factory.mktemp("index") / FILE
    index = Index(path)
    for key, text in values.items():
        index.keep(key, {"text": text})
    index.keep_parts("parts", [b"one", b"two"])
    index.save()
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    scribble = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
    path.write_bytes(data.draw(st.sampled_from([whole[:at], whole[:at] + scribble + whole[at + 1 :]])))
    damaged = Index(path)
    found = {key: damaged.recall(key) for key in values}
    assert all(value in (None, {"text": values[key]}) for key, value in found.items())
    assert damaged.take_parts("parts") in ([], [b"one", b"two"])


def test_the_index_of_another_version_is_not_read(tmp_path):
    index = Index(tmp_path / FILE)
    index.keep("a", {})
    index.save()
    data = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(data.replace(b"feeds index", b"FEEDS index", 1))
    assert Index(tmp_path / FILE).recall("a") is None


def test_a_digest_tells_parts_apart():
    assert digest(["a", "b"]) == digest(["a", "b"])
    assert len({digest(parts) for parts in (["a", "b"], ["ab"], ["ab", ""], ["b", "a"], [1], ["1", ""])}) == 6


def test_a_finding_comes_back_as_it_was():
    for at in (None, Location("a.md"), Location("a.md", 1, 2)):
        finding = Finding(Severity.WARNING, "rule", "message", at, "help")
        assert unpack_finding(pack_finding(finding)) == finding


def test_a_file_changed_as_late_as_the_index_is_not_trusted(tmp_path):
    index = Index(tmp_path / FILE)
    index.keep("a", {})
    index.save()
    written = Index(tmp_path / FILE)
    assert not written.is_settled(state_of((tmp_path / FILE).stat()))
    assert not Index(None).is_settled(state_of((tmp_path / FILE).stat()))


def test_a_file_changed_while_the_build_ran_is_not_trusted(tmp_path):
    second = 1_000_000_000
    Index(tmp_path / FILE, started=5 * second).save()
    found = Index(tmp_path / FILE)
    assert found.is_settled((1, 2 * second, 2 * second, 1))
    assert found.is_settled((1, 4 * second + 1, 4 * second + 1, 1))
    assert not found.is_settled((1, 4 * second, 4 * second, 1))  # a clock of whole seconds, as it seems
    assert not found.is_settled((1, 6 * second + 1, 6 * second + 1, 1))
    assert not found.is_settled((1, 2 * second, 6 * second + 1, 1))


# --- builds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [blog, material_blog], ids=["plain", "material"])
def test_a_second_build_reads_and_renders_nothing(make, tmp_path, counts):
    root = make(tmp_path, numbered(5))
    time.sleep(0.05)
    remembering(root)
    assert counts == {"read": 10, "rendered": 5}  # each once more for the text of its excerpt
    counts.update(read=0, rendered=0)
    assert remembering(root).is_settled
    assert counts == {"read": 0, "rendered": 0}


def test_one_post_changed_is_one_post_read(tmp_path, counts):
    root = blog(tmp_path, numbered(20))
    time.sleep(0.05)
    remembering(root)
    counts.update(read=0, rendered=0)
    write_files(root, {"content/posts/p3.md": post("# Post 3\n\nOther.\n\n<!-- more -->\n\nTwo.\n")})
    built = remembering(root)
    assert any(file.changed for file in built.written)
    assert counts["read"] <= 2  # the post, and its text once more
    assert counts["rendered"] == 1


def test_a_change_below_the_mark_writes_no_feed_and_no_letter(tmp_path):
    root = blog(tmp_path, numbered(3))
    remembering(root)
    text = post("# Post 1\n\nOne.\n\n<!-- more -->\n\nThree.\n", date="2026-10-02")
    write_files(root, {"content/posts/p1.md": text})
    built = remembering(root)
    assert [file.path for file in (*built.written, *built.letters) if file.changed] == []


def test_a_build_that_makes_nothing_anew_loads_nothing_to_make_it_with(tmp_path):
    root = blog(tmp_path, numbered(3))
    remembering(root)
    text = post("# Post 1\n\nOne.\n\n<!-- more -->\n\nThree.\n", date="2026-10-02")
    write_files(root, {"content/posts/p1.md": text})
    program = """
import datetime as dt, sys
from pathlib import Path
from feeds.build import Choices, build
from feeds.config import load_settings
from feeds.index import FILE, Index

now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
built = build(load_settings(Path(), environ={}), Choices(now), index=Index(Path(".cache/feeds") / FILE))
assert len(built.written) > 10
print({"babel", "feedgen", "jinja2", "premailer", "tinycss2"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=True)
    assert done.stdout.split() == [b"set()"]


def test_a_fresh_checkout_is_known_by_what_the_files_hold(tmp_path, counts):
    root = blog(tmp_path, numbered(5))
    remembering(root)
    age(root / "content")
    counts.update(read=0, rendered=0)
    remembering(root)
    assert counts == {"read": 0, "rendered": 0}


def test_what_was_told_is_told_again(tmp_path):
    root = blog(tmp_path, {"a.md": post("A [link](nowhere.md).\n", lang="'?'")})
    first = remembering(root).findings
    assert {finding.rule for finding in first} >= {"dead-link", "language"}
    assert remembering(root).findings == first == build_project(root).findings


def test_posts_of_one_moment_do_not_get_mixed_up(tmp_path):
    """Edits within what a disk can tell apart: the size stays the same, the time does."""
    root = blog(tmp_path, {"a.md": post("# One\n")})
    path = root / "content/posts/a.md"
    for word in ("One", "Two", "Six", "Ten"):
        old = path.stat()
        path.write_text(post(f"# {word}\n"))
        os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
        remembering(root)
        assert f"<title>{word}</title>" in (root / "public/feed.xml").read_text("utf-8")


# --- work that must not grow with the square ----------------------------------------------------------------


@pytest.mark.slow
def test_twenty_thousand_posts_are_read_once_and_few_are_rendered(tmp_path, counts):
    posts = {
        f"{number // 500}/p{number}.md": post(
            f"# Post {number}\n\nOne.\n\n<!-- more -->\n\nTwo.\n", date=f"{2000 + number // 800}-01-01"
        )
        for number in range(20_000)
    }
    root = blog(tmp_path, posts)
    built = remembering(root)
    assert built.posts == 20_000
    assert counts["read"] <= 20_000 + 2_000  # those shown are read again for their texts
    assert counts["rendered"] <= 3_000


@pytest.mark.slow
def test_five_thousand_categories_are_told_apart_in_one_pass(tmp_path, counts):
    posts = {
        f"p{number}.md": post(
            "One.\n\n<!-- more -->\n\nTwo.\n",
            categories=f"[{', '.join(f'c{number * 50 + n}' for n in range(50))}]",
        )
        for number in range(100)
    }
    settings = '[site]\ntitle = "Blog"\nurl = "https://blog.example/"\n[feeds]\nformats = ["json"]\n'
    built = remembering(blog(tmp_path, posts, settings))
    assert sum(file.path.startswith("category/") for file in built.written) == 5_000
    assert counts["rendered"] == 100


def test_a_post_that_takes_long_is_named_and_nothing_else_changes(tmp_path, monkeypatch, capsys):
    from feeds.cli import main, watching

    root = blog(tmp_path, {"a.md": post("One.\n"), "b.md": post("Two.\n", date="2026-11-02")})
    monkeypatch.chdir(root)
    monkeypatch.setattr("sys.argv", ["feeds", "build", "--now", "2026-11-22"])
    main()
    quick = (root / "public/feed.xml").read_bytes()
    capsys.readouterr()
    monkeypatch.setattr(watching, "_SLOW", 0.0)
    main()
    assert "note: content/posts/a.md took 0.0 s to render" in capsys.readouterr().err
    assert (root / "public/feed.xml").read_bytes() == quick


def test_a_post_edited_while_it_is_built_is_remembered_as_it_was_read(tmp_path, monkeypatch):
    root = blog(tmp_path, {"a.md": post("# A\n\nOne.\n\n<!-- more -->\n\nMore.\n")})
    path, before = root / "content/posts/a.md", (root / "content/posts/a.md").read_text()

    def edit_first(*arguments, key_of=entries.key_of_entry):
        path.write_text(before.replace("One.", "Two."))
        return key_of(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(entries, "key_of_entry", edit_first)
        remembering(root)
    path.write_text(before)
    remembering(root)
    assert "One." in (root / "public/feed.xml").read_text("utf-8")
