from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from feeds.errors import FeedsError, Finding
from feeds.generators.mkdocs.values import MARKDOWN_ENDINGS
from feeds.model import Matter, Site
from feeds.posts.limits import MAX_BYTES
from feeds.posts.load import Tree, load_source, load_tree

NOT_AS_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")


def site_of(docs: Path, excluded: Callable[[str], bool] = lambda path: False) -> Site:
    """A site whose pages lie in a folder that messages call `docs/`."""
    return Site(
        root=docs.parent,
        docs=docs,
        docs_name="docs/",
        output=docs.parent / "site",
        generator="material",
        title="Blog",
        url="https://example.org/",
        description="",
        language="en",
        timezone="UTC",
        author="",
        copyright="",
        blogs=(),
        markdown=(),
        category_slug=str,
        category_page=str,
        excluded=excluded,
        endings=MARKDOWN_ENDINGS,
    )


def make(docs: Path, *files: str) -> None:
    for name in files:
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text("---\ntitle: A\n---\nText\n", "utf-8")


def tree_of(docs: Path, *files: str, excluded: Callable[[str], bool] = lambda path: False) -> Tree:
    make(docs, *files)
    return load_tree(site_of(docs, excluded))


def refusal(docs: Path, path: str) -> str:
    with pytest.raises(FeedsError) as caught:
        load_source(site_of(docs), path, Matter(), lambda finding: None)
    assert caught.value.at is not None
    assert caught.value.at.path == f"docs/{path}"
    return f"{caught.value.rule}: {caught.value.message}"


# What there is


def test_pages_and_media_are_told_apart_by_their_endings(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        "a.md",
        "b/c.markdown",
        "d.mdown",
        "e.mkdn",
        "f.mkd",
        "g.MD",
        "h.png",
        "i",
        "md",
        "b/j.md.bak",
    )
    assert tree.pages == ("a.md", "b/c.markdown", "d.mdown", "e.mkdn", "f.mkd")
    assert tree.media == ("b/j.md.bak", "g.MD", "h.png", "i", "md")


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty" / "deeper").mkdir(parents=True)
    assert load_tree(site_of(tmp_path)) == Tree((), ())


def test_the_order_is_that_of_the_names_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    names = [
        "B.md",
        "a-b.md",
        "a.md",
        "a/b.md",
        "a/é.md",
        "ab.md",
        "b.md",
        "Ä.md",
        "日.md",
        "10.md",
        "9.md",
        " .md",
    ]
    for seed in range(3):
        docs = tmp_path / str(seed)
        random.Random(seed).shuffle(names)
        assert tree_of(docs, *names).pages == tuple(sorted(names))


@pytest.mark.parametrize(
    "name",
    ["a b.md", "#.md", "100%.md", "a?b.md", "-rf.md", "new\nline.md", "tab\t.md", "\x1b[31m.md", "e\u0301.md", "\u202e.md",
     "'\".md", "*.md", "[a].md", ".md", "a.md.md", "\u00a0.md", "C:.md", "\\.md"]
)  # fmt: skip
def test_any_name_will_do(name: str, tmp_path: Path) -> None:
    assert tree_of(tmp_path, name, f"in/{name}").pages == tuple(sorted([name, f"in/{name}"]))
    source = load_source(site_of(tmp_path), name, Matter(), lambda finding: None)
    assert source is not None
    assert (source.path, source.fields.path, source.body) == (name, f"docs/{name}", "Text\n")


def test_names_that_are_no_utf8_are_found(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("x", "utf-8")
    except OSError:
        pytest.skip("this disk takes UTF-8 names only")
    assert load_tree(site_of(tmp_path)).pages == (os.fsdecode(b"caf\xe9.md"),)


def test_a_folder_that_is_called_like_a_page_is_a_folder(tmp_path: Path) -> None:
    assert tree_of(tmp_path, "a.md/b.md", "a.md/c.png") == Tree(("a.md/b.md",), ("a.md/c.png",))


def test_what_is_excluded_is_left_out(tmp_path: Path) -> None:
    def excluded(path: str) -> bool:
        return path in ("b.md", "c/") or path.endswith(".tmp")

    tree = tree_of(tmp_path, "a.md", "b.md", "c/d.md", "e/b.md", "x.tmp", "e/c.png", excluded=excluded)
    assert tree == Tree(("a.md", "e/b.md"), ("e/c.png",))


@NOT_AS_ROOT
def test_a_folder_that_is_excluded_need_not_be_readable(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "secret/b.md")
    (tmp_path / "secret").chmod(0)
    try:
        assert load_tree(site_of(tmp_path, lambda path: path == "secret/")).pages == ("a.md",)
        with pytest.raises(FeedsError, match=r"^docs/secret: cannot read this folder: Permission denied"):
            load_tree(site_of(tmp_path))
    finally:
        (tmp_path / "secret").chmod(0o755)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match=r"^docs/: cannot read this folder: No such file or directory"):
        load_tree(site_of(tmp_path / "gone"))


# Links


def test_links_to_files_and_folders_are_followed(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    make(tmp_path, "elsewhere/a.md", "elsewhere/deep/b.md", "docs/own.md")
    (docs / "linked").symlink_to(tmp_path / "elsewhere")
    (docs / "file.md").symlink_to("own.md")
    assert load_tree(site_of(docs)).pages == ("file.md", "linked/a.md", "linked/deep/b.md", "own.md")


def test_a_folder_that_two_ways_lead_to_is_there_twice(tmp_path: Path) -> None:
    make(tmp_path, "one/a.md")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "three").symlink_to(tmp_path / "one")
    assert load_tree(site_of(tmp_path)).pages == ("one/a.md", "three/a.md", "two/a.md")


@pytest.mark.parametrize("target", [".", "..", "../..", "../b"])
def test_links_that_lead_back_end(target: str, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    make(docs, "a.md", "b/c.md")
    (docs / "b" / "back").symlink_to(target)
    pages = load_tree(site_of(docs)).pages
    assert [path for path in pages if "back" not in path] == ["a.md", "b/c.md"]
    assert len(pages) < 10


def test_two_folders_that_lead_to_each_other_end(tmp_path: Path) -> None:
    make(tmp_path, "a/x.md", "b/y.md")
    (tmp_path / "a" / "b").symlink_to("../b")
    (tmp_path / "b" / "a").symlink_to("../a")
    assert load_tree(site_of(tmp_path)).pages == ("a/b/y.md", "a/x.md", "b/a/x.md", "b/y.md")


def test_links_that_lead_nowhere_are_told_when_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere")
    (tmp_path / "self.md").symlink_to("self.md")
    assert load_tree(site_of(tmp_path)).pages == ("gone.md", "self.md")
    assert refusal(tmp_path, "gone.md") == "unreadable: cannot read this file: No such file or directory"
    assert (
        refusal(tmp_path, "self.md") == "unreadable: cannot read this file: Too many levels of symbolic links"
    )


# Reading


def test_a_post_is_read_with_its_places(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(
        "\ufeff---\r\ntitle: Été\r\ndate: 2026-11-22\r\n---\r\n\r\nText\r\n".encode()
    )
    source = load_source(site_of(tmp_path), "a.md", Matter(), lambda finding: None)
    assert source is not None
    assert (source.path, source.body, source.body_line) == ("a.md", "Text\n", 6)
    assert str(source.fields.at("date")) == "docs/a.md:3:1"


def test_a_file_without_front_matter_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Title\n", "utf-8")
    assert load_source(site_of(tmp_path), "a.md", Matter(), lambda finding: None) is None


def test_warnings_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\ntitle: B\n---\n\0", "utf-8")
    findings: list[Finding] = []
    load_source(site_of(tmp_path), "a.md", Matter(), findings.append)
    assert [finding.rule for finding in findings] == ["nul", "duplicate-key"]


def test_a_pipe_is_refused_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert load_tree(site_of(tmp_path)).pages == ("pipe.md",)
    assert refusal(tmp_path, "pipe.md") == "unreadable: this is not a regular file"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(device: str, tmp_path: Path) -> None:
    (tmp_path / "device.md").symlink_to(device)
    assert refusal(tmp_path, "device.md") == "unreadable: this is not a regular file"


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    assert refusal(tmp_path, "a.md") == "unreadable: cannot read this file: Is a directory"


@NOT_AS_ROOT
def test_a_file_without_the_right_to_read_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "a.md")
    (tmp_path / "a.md").chmod(0)
    assert refusal(tmp_path, "a.md") == "unreadable: cannot read this file: Permission denied"


@pytest.mark.parametrize("over", [0, 1])
def test_a_file_of_the_largest_size_is_read_and_a_larger_one_refused(over: int, tmp_path: Path) -> None:
    with (tmp_path / "a.md").open("wb") as file:
        file.write(b"---\na: 1\n---\n")
        file.truncate(MAX_BYTES + over)  # the rest is a hole
    if over:
        assert refusal(tmp_path, "a.md") == "limit-size: the file has 4,194,305 bytes; the limit is 4,194,304"
    else:
        assert load_source(site_of(tmp_path), "a.md", Matter(), lambda finding: None) is not None


def test_files_are_closed_again(tmp_path: Path) -> None:
    make(tmp_path, "a.md", "folder.md/b.md")
    os.mkfifo(tmp_path / "pipe.md")
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(5):
        load_source(site_of(tmp_path), "a.md", Matter(), lambda finding: None)
        for name in ("pipe.md", "folder.md", "gone.md"):
            refusal(tmp_path, name)
    assert len(list(Path("/dev/fd").iterdir())) == before
