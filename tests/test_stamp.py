"""The short way out: what a stamp holds, when it counts, and that a build with nothing to do takes it."""

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import blog, post

from feeds import stamp
from feeds.stamp import look, recall

ARGUMENTS = ["build"]
OLD = time.time_ns() - 3_600_000_000_000


def make(folder: Path) -> Path:
    """A blog whose files are an hour old; one post is to come, and one has a link that leads nowhere."""
    posts = {
        "a.md": post("One.\n", date="2020-11-01"),
        "b.md": post("A [link](nowhere.md).\n", date="2020-11-02"),
        "c.md": post("Three.\n", date="2999-01-01"),
    }
    age(root := blog(folder / "blog", posts))
    return root


@pytest.fixture(scope="module")
def settled(tmp_path_factory) -> tuple[Path, str]:
    """Such a blog, built until nothing changed, and what the last build printed; no test changes it."""
    root = make(tmp_path_factory.mktemp("settled"))
    return root, settle(root)


def age(root: Path) -> None:
    """Make all that lies in a folder an hour old, as far as times can be given."""
    for path in (*root.rglob("*"), root):
        os.utime(path, ns=(OLD, OLD))


def feeds(root: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder; SOURCE_DATE_EPOCH as given."""
    env = {**os.environ, "PYTHONPATH": str(Path(stamp.__file__).parents[1]), **environ}
    env.pop("NO_COLOR", None)
    return subprocess.run(
        [sys.executable, "-m", "feeds", *arguments],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def stamps(root: Path) -> list[Path]:
    return sorted((root / ".cache/feeds").glob("stamp-*"))


def settle(root: Path) -> str:
    """Build until a build has changed nothing and is stamped; what that one printed."""
    time.sleep(0.05)  # longer than a disk may give two changes one time
    feeds(root, "build")
    time.sleep(0.05)
    printed = feeds(root, "build").stdout
    assert len(stamps(root)) == 1
    return printed


def imported(root: Path) -> set[str]:
    """The modules that a build imports."""
    code = (
        "import sys; sys.argv[1:] = ['build']\nfrom feeds.__main__ import main\nmain()\nprint(*sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(stamp.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=env, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_a_build_with_nothing_to_do_imports_nothing_slow_and_prints_the_same(settled):
    root, printed = settled
    assert "nothing has changed" in printed
    modules = imported(root)
    assert not modules & {"click", "yaml", "re", "typing", "pathlib", "json", "feeds.build", "feeds.cli"}
    again = feeds(root, "build")
    assert (again.stdout, again.returncode) == (printed, 0)
    assert "leads nowhere" in again.stderr
    assert again.stderr == feeds(root, "build", "--no-cache").stderr


def test_whatever_changes_is_seen(tmp_path):
    root = make(tmp_path)
    settle(root)
    found = recall(ARGUMENTS, str(root), os.environ, time.time_ns)
    assert found is not None
    posts, public, cache = root / "content/posts", root / "public", root / ".cache/feeds"
    changes = {
        "edited": lambda: (posts / "a.md").write_text(post("Other.\n")),
        "added": lambda: (posts / "d.md").write_text(post("Four.\n")),
        "renamed": lambda: (posts / "b.md").rename(posts / "z.md"),
        "removed": lambda: (posts / "z.md").unlink(),
        "a folder": lambda: (posts / "more").mkdir(),
        "settings": lambda: (root / "feeds.toml").write_text("[site]\n"),
        "authors": lambda: (root / "content/.authors.yml").write_text("authors: {}\n"),
        "lock": lambda: (root / "feeds.lock").write_text(""),
        "output edited": lambda: (public / "feed.xml").write_text("changed"),
        "output removed": lambda: (public / "feed.xml").unlink(),
        "a site in the output": lambda: (public / "index.html").write_text("a site"),
        "record removed": lambda: next(cache.glob("*.json")).unlink(),
        "another time": lambda: os.utime(posts / "a.md", ns=(OLD, OLD + 1)),
    }
    seen = found.seen
    for what, change in changes.items():
        change()
        now = look(found.trees, found.skipped, found.files)
        assert now != seen, what
        assert recall(ARGUMENTS, str(root), os.environ, time.time_ns) is None
        seen = now


def test_other_arguments_folders_and_variables_are_other_builds(settled, tmp_path):
    root, _ = settled
    held = dict(os.environ)
    held.pop("NO_COLOR", None)
    assert recall(["build"], str(root), held, time.time_ns) is not None
    assert recall(["build", "-q"], str(root), held, time.time_ns) is None
    assert recall(["build", "--no-cache"], str(root), held, time.time_ns) is None
    assert recall(["build"], str(tmp_path), held, time.time_ns) is None
    assert recall(["build"], str(root), {**held, "SOURCE_DATE_EPOCH": "1"}, time.time_ns) is None
    assert recall(["build"], str(root), {**held, "UNRELATED": "1"}, time.time_ns) is not None


def test_a_post_that_falls_due_ends_it(settled):
    root, printed = settled
    assert "falls due on 2999-01-01" in printed
    due = int(dt.datetime(2999, 1, 1, tzinfo=dt.UTC).timestamp()) * 1_000_000_000
    assert recall(ARGUMENTS, str(root), os.environ, lambda: due - 1) is not None
    assert recall(ARGUMENTS, str(root), os.environ, lambda: due) is None
    assert recall(ARGUMENTS, str(root), os.environ, lambda: 0) is None  # a clock that was set back


def test_a_fixed_instant_needs_no_clock_and_what_changes_something_no_stamp(tmp_path):
    root, arguments = make(tmp_path), ["build", "--now", "2026-11-22"]
    time.sleep(0.05)
    feeds(root, *arguments)
    assert stamps(root) == []
    time.sleep(0.05)
    feeds(root, *arguments)
    assert recall(arguments, str(root), os.environ, lambda: 1 << 70) is not None


def test_what_is_changed_as_late_as_the_build_is_not_stamped(tmp_path):
    project = make(tmp_path)
    path = project / "content/posts/a.md"
    assert look([str(project)], (), (), before=time.time_ns() + 1_000_000_000) is not None
    path.write_text(post("New.\n"))
    now = path.stat().st_mtime_ns
    assert look([str(project)], (), (), before=now) is None
    assert look([str(project)], (), (), before=now + 1_000_000) is None
    os.utime(path, ns=(now // 1_000_000_000 * 1_000_000_000,) * 2)  # a disk that counts whole seconds
    assert path.stat().st_mtime_ns % 1_000_000_000 == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_stamp_is_none(tmp_path_factory, data):
    place = tmp_path_factory.mktemp("stamps") / "stamp-1"
    assert stamp.keep(
        str(place),
        ("key",),
        started=time.time_ns(),
        valid=(1, 2),
        environment={"A": None, "B": ""},
        trees=[],
        skipped=["x"],
        files=["/nowhere"],
        printed=("out\n", "err\n", "\x1b[33merr\n"),
    )
    whole = place.read_bytes()
    found = stamp._load(str(place))
    assert found is not None
    assert (found.key, found.environment, found.printed[2]) == (
        ("key",),
        (("A", None), ("B", "")),
        "\x1b[33merr\n",
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        damaged = whole[:at]
    else:
        damaged = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    place.write_bytes(damaged)
    assert stamp._load(str(place)) is None


def test_a_stamp_that_cannot_be_written_is_no_trouble(tmp_path):
    (tmp_path / "file").write_text("")
    kept = stamp.keep(
        str(tmp_path / "file/stamp"), (), started=time.time_ns(), valid=None, environment={}, trees=[],
        skipped=[], files=[], printed=("", "", ""),
    )  # fmt: skip
    assert kept is False


def test_the_version_needs_no_libraries():
    code = "import sys; sys.argv[1:] = ['--version']\nfrom feeds.__main__ import main\nmain()\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, modules = done.stdout.splitlines()
    assert first.startswith("feeds, version ")
    assert "click" not in modules.split()
