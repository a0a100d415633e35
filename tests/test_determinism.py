"""The same input gives the same bytes, wherever and however it is built."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import CHECKOUT, build_project, files_below, run
from sites import SITES, Sample

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


TITLES = ("High tide", "Ébb, 日本 🌊", "Ground swell", "slack")
BUILD_ALL = """
import sys
from pathlib import Path
from projects import build_project
for folder in sorted(Path(sys.argv[1]).iterdir()):
    build_project(folder)
"""


def posts_of(sample: Sample) -> dict[str, str]:
    """Four posts on days of a month, with categories, a link to another, a picture and a local time."""
    day = next(key for key in sample.keys if key != "title")
    found = {}
    for number, title in enumerate(TITLES, 1):
        name = sample.name.replace("high-tide", f"tide-{number}").replace("-11-01", f"-11-0{number}")
        keys = {"title": f'"{title}"', day: f"2026-11-0{number} 23:3{number}:00", "tags": "[sea, Ebb]"}
        text = f"The *{title}* is ‘here’.\n\n![A wave](wave.png) and [more]({sample.name})\n\n<!-- more -->\n\nEnd.\n"
        found[name] = sample.post(text, **keys, categories="[Moon, sea]")
    return found


def write_all(top: Path, *, later: bool) -> Path:
    """A small site of each generator; `later` writes files the other way round, and makes them old."""
    for name in reversed(SITES) if later else SITES:
        posts = dict(sorted(posts_of(SITES[name]).items(), reverse=later))
        flags = f'[generator]\nname = "{name}"\n[site]\nurl = "https://tides.example/"\n'
        root = SITES[name].write(top / name, posts, flags)
        for path in root.rglob("*"):
            if later:
                os.utime(path, (1_000_000_000, 1_000_000_000))
    return top


def test_small_sites_of_every_generator_are_the_same_bytes_in_other_surroundings(tmp_path: Path) -> None:
    surroundings = (
        {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0", "PYTHONUTF8": "0"},
        {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "999"},
    )
    tests = str(Path(__file__).parent)
    results = []
    for number, own in enumerate(surroundings):
        top = write_all(tmp_path / ("deep/er/" * number) / f"all{number}", later=bool(number))
        done = subprocess.run(
            [sys.executable, "-c", BUILD_ALL, str(top)],
            env={**os.environ, **own, "PYTHONPATH": tests},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        results.append(files_below(top))
    assert sum(name.endswith("feed.xml") for name in results[0]) > len(SITES)
    assert results[0].keys() == results[1].keys()
    assert [name for name, data in results[0].items() if results[1][name] != data] == []


@pytest.mark.parametrize("name", SITES)
def test_a_second_build_changes_nothing(name: str, tmp_path: Path) -> None:
    flags = f'[generator]\nname = "{name}"\n[site]\nurl = "https://tides.example/"\n'
    SITES[name].write(tmp_path, posts_of(SITES[name]), flags)
    first = build_project(tmp_path)
    assert first.posts == len(TITLES)
    before = files_below(tmp_path)
    again = build_project(tmp_path)
    assert files_below(tmp_path) == before
    assert not any(file.changed for file in (*again.written, *again.letters))


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="there is one processor"
)
def test_one_processor_makes_the_same_bytes_as_all(tmp_path: Path) -> None:
    def posts(root: Path) -> Path:
        flags = '[site]\nurl = "https://tides.example/"\n[newsletter]\nsender = "Ebb <ebb@tides.example>"\n'
        (root / "docs/posts").mkdir(parents=True)
        (root / "feeds.toml").write_text(flags, "utf-8")
        for number in range(900):
            title = ("*High* tide", "Ebb", "`slack` & more", "Ébb 🌊")[number % 4]
            odd = ("", "draft: true\n", "tags: [[sea], Ebb]\n", "id: no URI\n", 'title: ""\n')[
                number % 5 * (number % 3 == 0)
            ]
            matter = f"date: 20{number % 25:02}-0{number % 9 + 1}-1{number % 10}\nslug: tide-{number}\n{odd}"
            text = f"# {title} {number}\n\nIt *rises* by {number} [cm](no.md).\n\n<!-- more -->\n\nEnd.\n"
            (root / f"docs/posts/tide-{number}.md").write_text(f"---\n{matter}---\n{text}", "utf-8")
        return root

    everywhere = os.sched_getaffinity(0)
    results = []
    for name, processors in (("one", {min(everywhere)}), ("all", everywhere)):
        root = posts(tmp_path / name)
        os.sched_setaffinity(0, processors)
        try:
            done = run(["build", "--now", "2026-11-22", "--json"], root)
        finally:
            os.sched_setaffinity(0, everywhere)
        assert done.returncode == 0, done.stderr
        made = {**files_below(root / "public"), **files_below(root / ".feeds")}
        results.append((done.stdout.replace(str(root), ""), done.stderr, made))
    assert "are taken as one" in results[0][0]
    assert len(results[0][2]) > 100
    for one, all_of_them in zip(*results, strict=True):
        assert one == all_of_them
