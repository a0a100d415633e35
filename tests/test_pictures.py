"""The pictures of the README are there, and are those that the script in docs/ takes."""

import re
import runpy
import struct
from pathlib import Path

import pytest
from projects import CHECKOUT

README = CHECKOUT / "README.md"
SCRIPT = CHECKOUT / "docs" / "pictures.py"
PICTURES = CHECKOUT / "docs" / "pictures"

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="the documentation is not here")


def wanted() -> dict[str, tuple[int, int]]:
    """The size in pixels of each picture that the script takes, by its name."""
    script = runpy.run_path(str(SCRIPT))
    return {each.name: (2 * each.width, 2 * each.height) for each in script["WANTED"]}


def size(file: Path) -> tuple[int, int]:
    """Width and height of a PNG, by its header (PNG specification, 11.2.2)."""
    data = file.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", data[16:24])


def test_every_picture_that_the_readme_shows_is_there() -> None:
    shown = re.findall(r"""(?:\]\(|src(?:set)?=")(docs/pictures/[^)"\s]+)""", README.read_text("utf-8"))
    assert [path for path in shown if not (CHECKOUT / path).is_file()] == []


def test_the_pictures_are_those_that_the_script_takes() -> None:
    assert {file.name: size(file) for file in sorted(PICTURES.iterdir())} == wanted()


def test_no_picture_is_large() -> None:
    assert [file.name for file in PICTURES.iterdir() if file.stat().st_size > 300_000] == []
