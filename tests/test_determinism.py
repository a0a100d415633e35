"""The same input gives the same bytes, wherever and however it is built."""

import shutil
from pathlib import Path

import pytest
from projects import CHECKOUT, files_below, run

SURROUNDINGS = [
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "4711"},
]


@pytest.mark.skipif(not (CHECKOUT / "content").is_dir(), reason="the sample blog is not here")
def test_two_builds_of_the_sample_blog_are_the_same_bytes(tmp_path: Path) -> None:
    results = []
    for number, surroundings in enumerate(SURROUNDINGS):
        root = tmp_path / f"deep/{number}" / ("er" * number) / "checkout"
        root.mkdir(parents=True)
        shutil.copytree(CHECKOUT / "content", root / "content")
        shutil.copy(CHECKOUT / "pyproject.toml", root)
        done = run(["build", "--now", f"2026-11-{22 + number}"], root, surroundings)
        assert done.returncode == 0, done.stderr
        results.append(files_below(root / "public") | files_below(root / ".feeds"))
    assert len(results[0]) > 20
    assert results[0] == results[1]
