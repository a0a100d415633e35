from __future__ import annotations

import os
import resource
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feeds.errors import FeedsError
from feeds.model import Output
from feeds.output import Written, remove_files, write_file, write_outputs


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def age(path: Path) -> None:
    """Make a file so old that any writing shows."""
    os.utime(path, (1, 1))


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """Let no file grow beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_outputs_are_written_into_folders_that_are_made(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    outputs = [
        Output("feed.xml", b"<rss/>", 3),
        Output("category/news/atom.xml", b"", 0),
        Output("a b/é.json", b"{}"),
    ]
    assert write_outputs(folder, outputs) == (
        Written("feed.xml", 6, 3, True),
        Written("category/news/atom.xml", 0, 0, True),
        Written("a b/é.json", 2, None, True),
    )
    assert tree(folder) == {"feed.xml": b"<rss/>", "category/news/atom.xml": b"", "a b/é.json": b"{}"}


def test_nothing_to_write_makes_no_folder(tmp_path: Path) -> None:
    assert write_outputs(tmp_path / "out", []) == ()
    assert not (tmp_path / "out").exists()


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    same, other = Output("same.xml", b"same"), Output("other.xml", b"old!")
    write_outputs(tmp_path, [same, other])
    for path in tmp_path.iterdir():
        age(path)
    written = write_outputs(tmp_path, [same, Output("other.xml", b"new!")])
    assert [each.changed for each in written] == [False, True]
    assert (tmp_path / "same.xml").stat().st_mtime == 1
    assert (tmp_path / "other.xml").stat().st_mtime > 1


@pytest.mark.parametrize(
    ("before", "after"), [(b"", b"a"), (b"a", b""), (b"a", b"b"), (b"ab", b"a"), (b"a\r\n", b"a\n")]
)
def test_any_other_bytes_are_written(before: bytes, after: bytes, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    assert write_file(path, before)
    assert write_file(path, after)
    assert not write_file(path, after)
    assert path.read_bytes() == after


def test_nobody_ever_sees_a_file_that_is_half_written(tmp_path: Path) -> None:
    path, contents = tmp_path / "feed.xml", [bytes([letter]) * 500_000 for letter in b"ab"]
    write_file(path, contents[0])
    done, seen = threading.Event(), set()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(60):
            write_file(path, contents[number % 2])
    finally:
        done.set()
        reader.join()
    assert seen <= set(contents)
    assert tree(tmp_path) == {"feed.xml": contents[1]}


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    write_file(path, b"old")
    with full_disk(1000), pytest.raises(FeedsError) as caught:
        write_file(path, b"x" * 100_000)
    assert caught.value.rule == "unwritable"
    assert str(caught.value) == f"{path}: cannot write this file: File too large"
    assert tree(tmp_path) == {"feed.xml": b"old"}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o444])
def test_a_file_keeps_its_permissions(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    write_file(path, b"old")
    path.chmod(mode)
    assert write_file(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_permissions_of_any_new_file(mask: int, mode: int, tmp_path: Path) -> None:
    with umask(mask):
        write_file(tmp_path / "new.xml", b"new")
        assert os.umask(mask) == mask
    assert stat.S_IMODE((tmp_path / "new.xml").stat().st_mode) == mode


def test_what_a_killed_build_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    ours = [".feed.xml.abc123.part", ".feed.xml..part"]
    theirs = [
        "feed.xml.abc123.part",
        ".atom.xml.abc123.part",
        ".feed.xml.abc123.part.bak",
        "film.part",
        ".feed.xml",
    ]
    for name in (*ours, *theirs):
        (tmp_path / name).write_bytes(b"x")
    write_outputs(tmp_path, [Output("feed.xml", b"<rss/>")])
    assert set(tree(tmp_path)) == {"feed.xml", *theirs}


def test_names_are_no_patterns(tmp_path: Path) -> None:
    (tmp_path / ".a.xml.1.part").write_bytes(b"x")
    (tmp_path / ".[ab].xml.1.part").write_bytes(b"x")
    write_outputs(tmp_path, [Output("[ab].xml", b"new")])
    assert tree(tmp_path) == {".a.xml.1.part": b"x", "[ab].xml": b"new"}


@pytest.mark.parametrize(
    ("there", "path"),
    [
        pytest.param("folder", "feed.xml", id="a folder stands in its place"),
        pytest.param("file", "feed.xml/atom.xml", id="its folder is a file"),
        pytest.param("file", "feed.xml/a/b/atom.xml", id="the folder above it is a file"),
        pytest.param("", "x" * 300 + ".xml", id="its name is too long"),
        pytest.param("leftover", "feed.xml", id="a leftover is a folder"),
    ],
)
def test_what_cannot_be_written_is_named(there: str, path: str, tmp_path: Path) -> None:
    match there:
        case "folder":
            (tmp_path / "feed.xml").mkdir()
        case "file":
            (tmp_path / "feed.xml").write_bytes(b"x")
        case "leftover":
            (tmp_path / ".feed.xml.1.part").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FeedsError) as caught:
        write_outputs(tmp_path, [Output(path, b"new")])
    assert caught.value.rule == "unwritable"
    assert str(caught.value).startswith(f"{tmp_path}/")
    assert ": cannot " in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_the_right_to_write_is_named(tmp_path: Path) -> None:
    write_outputs(tmp_path, [Output("out/feed.xml", b"old")])
    (tmp_path / "out").chmod(0o555)
    try:
        with pytest.raises(FeedsError, match="cannot write this file: Permission denied"):
            write_outputs(tmp_path, [Output("out/feed.xml", b"new")])
        assert write_outputs(tmp_path, [Output("out/feed.xml", b"old")])[0].changed is False
        with pytest.raises(FeedsError, match="cannot remove this file: Permission denied"):
            remove_files(tmp_path, ["out/feed.xml"])
    finally:
        (tmp_path / "out").chmod(0o755)


# Removing


def folder_with(root: Path, *files: str) -> None:
    write_outputs(root, [Output(name, b"x") for name in files])


def test_files_are_removed_with_the_folders_that_this_empties(tmp_path: Path) -> None:
    folder_with(tmp_path, "feed.xml", "a/b/c/feed.xml", "a/index.html", "d/feed.xml", "d/atom.xml")
    removed = remove_files(
        tmp_path, ["d/feed.xml", "a/b/c/feed.xml", "gone.xml", "a/b/gone/x.xml", "feed.xml"]
    )
    assert removed == ("a/b/c/feed.xml", "d/feed.xml", "feed.xml")
    assert set(tree(tmp_path)) == {"a/index.html", "d/atom.xml"}
    assert not (tmp_path / "a/b").exists()


def test_the_output_folder_itself_stays(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder_with(folder, "feed.xml", "a/feed.xml")
    remove_files(folder, ["feed.xml", "a/feed.xml"])
    assert list(tmp_path.rglob("*")) == [folder]


def test_folders_with_hidden_files_or_other_folders_stay(tmp_path: Path) -> None:
    folder_with(tmp_path, "a/feed.xml", "a/.keep", "b/feed.xml")
    (tmp_path / "b/empty").mkdir()
    remove_files(tmp_path, ["a/feed.xml", "b/feed.xml"])
    assert set(tree(tmp_path)) == {"a/.keep"}
    assert (tmp_path / "b/empty").is_dir()


@pytest.mark.parametrize("path", ["gone.xml", "gone/feed.xml", "file/feed.xml"])
def test_files_that_are_gone_already_are_no_fault(path: str, tmp_path: Path) -> None:
    folder_with(tmp_path, "file")
    assert remove_files(tmp_path, [path]) == ()
    assert set(tree(tmp_path)) == {"file"}


def test_a_folder_is_never_removed_as_a_file(tmp_path: Path) -> None:
    folder_with(tmp_path, "feed.xml/inner")
    with pytest.raises(FeedsError, match="cannot remove this file") as caught:
        remove_files(tmp_path, ["feed.xml"])
    assert caught.value.rule == "unwritable"
    assert set(tree(tmp_path)) == {"feed.xml/inner"}


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    folder_with(tmp_path, "real.xml", "out/other.xml")
    (tmp_path / "out/feed.xml").symlink_to(tmp_path / "real.xml")
    assert remove_files(tmp_path / "out", ["feed.xml"]) == ("feed.xml",)
    assert set(tree(tmp_path)) == {"real.xml", "out/other.xml"}
