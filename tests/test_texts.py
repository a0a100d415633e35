"""Files that are read: what is given, and what is refused, with its place."""

import os
from pathlib import Path

import pytest

from feeds.errors import FeedsError
from feeds.texts import MAX_BYTES, is_file, load_bytes, load_head, load_text


def refusal(path: Path) -> str:
    with pytest.raises(FeedsError) as caught:
        load_text(path, path.name)
    return str(caught.value).split("\n")[0]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"\xef\xbb\xbfa", "a"),
        ("é".encode(), "é"),
        (b"", ""),
    ],
)
def test_a_text_has_line_feeds_and_no_byte_order_mark(data: bytes, text: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(data)
    assert load_text(tmp_path / "a", "a") == text


def test_what_is_no_utf_8_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\r\ntw\xe9\n")
    assert refusal(tmp_path / "a") == "a:2:3: this is not UTF-8 text: byte 0xe9"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        file.truncate(10**12)
    assert refusal(tmp_path / "a") == f"a: the file has 1,000,000,000,000 bytes; the limit is {MAX_BYTES:,}"
    assert load_head(tmp_path / "a", "a", 3) == b"\0\0\0"
    (tmp_path / "b").write_bytes(b"abc")
    assert load_bytes(tmp_path / "b", "b", limit=3) == b"abc"
    with pytest.raises(FeedsError, match=r"^b: the file has 3 bytes; the limit is 2$"):
        load_bytes(tmp_path / "b", "b", limit=2)


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path.name}: cannot read this file: Is a directory"
    assert refusal(tmp_path / "gone") == "gone: cannot read this file: No such file or directory"
    (tmp_path / "loop").symlink_to("loop")
    assert refusal(tmp_path / "loop") == "loop: cannot read this file: Too many levels of symbolic links"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert refusal(tmp_path / "pipe") == "pipe: this is not a regular file"
    if Path("/dev/zero").exists():
        assert refusal(Path("/dev/zero")) == "zero: this is not a regular file"


@pytest.mark.parametrize("name", ["", "gone", "x" * 5000, "a\0b", "x/" * 3000])
def test_names_that_no_disk_can_hold_are_no_files(name: str, tmp_path: Path) -> None:
    assert not is_file(tmp_path / name)
