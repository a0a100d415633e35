"""The short way out: what a stamp holds, when it counts, and that a build with nothing to do takes it."""

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import SETTINGS, blog, feeds_here, files_below, material_blog, post, write_files

from feeds import stamp
from feeds.sight import changes, look, state_of, states
from feeds.stamp import Stamp, keep, recall

ARGUMENTS = ["build"]
OLD = time.time_ns() - 3_600_000_000_000
EXAMPLES = int(os.environ.get("FEEDS_EXAMPLES", "20"))
MARK = "<!-- more -->"
MARKED = f"One.\n\n{MARK}\n\nTwo.\n"


def make(folder: Path) -> Path:
    """A blog whose files are an hour old; one post is to come, and one has a link that leads nowhere."""
    posts = {
        "a.md": post(MARKED, date="2020-11-01"),
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


def make_stamp(**changes) -> Stamp:
    """A stamp of nothing much."""
    values = {
        "key": ("key",),
        "since": 1,
        "until": 2,
        "environment": (("A", None), ("B", "")),
        "trees": (),
        "skipped": ("x",),
        "files": ("/nowhere",),
        "printed": ("out\n", "err\n", "\x1b[33merr\n"),
    }
    return Stamp(**{**values, **changes})


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_stamp_is_none(tmp_path_factory, data):
    place = tmp_path_factory.mktemp("stamps") / "stamp-1"
    notes = {"/a.md": "1 2 3 abc 1 ", "/b.md": ""}
    assert keep(str(place), make_stamp(), time.time_ns(), lambda known, states: notes)
    whole = place.read_bytes()
    found = stamp._load(str(place))
    assert found is not None
    assert (found.key, found.environment, found.printed[2], stamp._unpack_notes(found.notes)) == (
        ("key",),
        (("A", None), ("B", "")),
        "\x1b[33merr\n",
        notes,
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        damaged = whole[:at]
    else:
        damaged = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    place.write_bytes(damaged)
    found = stamp._load(str(place))
    assert found is None or stamp._unpack_notes(found.notes) == {}


def test_a_stamp_that_cannot_be_written_is_no_trouble(tmp_path):
    (tmp_path / "file").write_text("")
    assert keep(str(tmp_path / "file/stamp"), make_stamp(), time.time_ns()) is False


def replace_link(link: Path, target: Path) -> None:
    link.unlink()
    link.symlink_to(target)


HIDDEN_CHANGES = {
    "a post below the output": (
        {},
        ["-o", "content/posts/out"],
        {"content/posts/out/x.md": post("X.\n")},
        lambda root: (root / "content/posts/out/x.md").write_text(post("Other.\n")),
    ),
    "a post below the letters": (
        {},
        ["--letters", "content/posts/mail"],
        {"content/posts/mail/x.md": post("X.\n")},
        lambda root: (root / "content/posts/mail/x.md").write_text(post("Other.\n")),
    ),
    "a post in a folder that others pass over": (
        {},
        [],
        {"content/posts/node_modules/x.md": post("X.\n")},
        lambda root: (root / "content/posts/node_modules/y.md").write_text(post("Y.\n")),
    ),
    "an enclosure in a hidden folder": (
        {},
        [],
        {
            "content/posts/.media/x.mp3": "sound",
            "content/posts/x.md": "---\ndate: 2020-01-01\nenclosure: .media/x.mp3\n---\n# X\n\nX.\n",
        },
        lambda root: (root / "content/posts/.media/x.mp3").write_text("more sound"),
    ),
    "a template that was not there": (
        {"newsletter": {"templates": ".look"}},
        [],
        {".look/other.html": ""},
        lambda root: (root / ".look/digest.txt").write_text("All new: {{ unsubscribe_url }}"),
    ),
    "a page to put links into": (
        {"feeds": {"inject": "yes"}},
        [],
        {},
        lambda root: (root / "public/more.html").write_text("<html><head></head><body></body></html>"),
    ),
    "what a link leads to": (
        {},
        [],
        {
            "../one.md": post("One.\n"),
            "../two.md": post("Two.\n"),
            "content/posts/x.md": Path("../../../one.md"),
        },
        lambda root: replace_link(root / "content/posts/x.md", Path("../../../two.md")),
    ),
}


@pytest.mark.parametrize("name", HIDDEN_CHANGES)
def test_what_no_look_through_the_folders_would_tell_is_seen_too(name, tmp_path):
    tables, arguments, files, change = HIDDEN_CHANGES[name]
    keys = "".join(
        f"[{table}]\n" + "".join(f'{key} = "{value}"\n' for key, value in values.items())
        for table, values in tables.items()
    )
    root = blog(tmp_path / "blog", {"a.md": post(MARKED)}, f"{SETTINGS}{keys}")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, Path):
            (root / path).symlink_to(text)
        else:
            (root / path).write_text(text)
    for path in (*tmp_path.glob("*.md"), *root.rglob("*")):
        os.utime(path, ns=(OLD, OLD))
    for _ in range(3):
        time.sleep(0.05)
        before = feeds_here(["build", *arguments], root)
    assert before.returncode == 0, before.stderr
    assert "nothing has changed" in before.stdout
    change(root)
    after = feeds_here(["build", *arguments], root)
    assert (
        "nothing has changed" not in after.stdout
        or after.stderr != before.stderr
        or "put into" in after.stdout
    )


def test_the_states_of_files_and_what_has_changed_are_read_from_what_was_seen(tmp_path):
    for name in ("b/c/d.md", "b/e.md", "a.md", "z.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "dangling").symlink_to("nowhere")
    look_at = ([str(tmp_path)], {str(tmp_path / "b/c")}, [str(tmp_path / "b/c/d.md"), "/no/file"])
    before = look(*look_at)
    found = states(before)
    assert set(found) == {
        *(str(tmp_path / name) for name in ("a.md", "z.md", "dangling", "b", "b/c", "b/e.md", "b/c/d.md")),
        "/no/file",
    }
    status = (tmp_path / "b/e.md").stat()
    assert found[str(tmp_path / "b/e.md")] == state_of(status)
    (tmp_path / "b/e.md").write_text("longer than before")
    (tmp_path / "b/c/d.md").write_text("this too is longer")
    now = look(*look_at)
    assert changes(before, now) == {
        path: states(now)[path] for path in (str(tmp_path / "b/e.md"), str(tmp_path / "b/c/d.md"))
    }
    (tmp_path / "b/new.md").write_text("")
    assert changes(now, look(*look_at)) == {}


# --- changes below the mark --------------------------------------------------------------------------------


def noted(root: Path) -> dict[str, str]:
    """What the stamp knows of posts, by the names of their files; without those of which everything matters."""
    found = stamp._load(str(stamps(root)[0]))
    assert found is not None
    return {Path(path).name: note for path, note in stamp._unpack_notes(found.notes).items() if path and note}


def settle_here(root: Path) -> None:
    """Build in this process until nothing has changed."""
    for _ in range(2):
        time.sleep(0.05)
        assert feeds_here(ARGUMENTS, root).returncode == 0


def found_same(root: Path) -> bool:
    """Whether a build takes the short way out."""
    time.sleep(0.05)
    return recall(ARGUMENTS, str(root), os.environ, time.time_ns) is not None


@pytest.fixture
def copied(settled, tmp_path) -> tuple[Path, str]:
    """The settled blog to be changed: with its stamp, as moving it makes it another."""
    root = tmp_path / "blog"
    shutil.copytree(settled[0], root, symlinks=True)
    for path in stamps(root):
        path.unlink()
    time.sleep(0.05)
    return root, feeds(root, "build").stdout


def test_a_post_changed_below_its_mark_is_told_without_slow_imports(copied):
    root, printed = copied
    path = root / "content/posts/a.md"
    path.write_text(path.read_text().replace("Two.", "Three, and four."))
    time.sleep(0.05)
    slow = {
        "click",
        "yaml",
        "typing",
        "pathlib",
        "json",
        "dataclasses",
        "feeds.build",
        "feeds.cli",
        "feeds.model",
    }
    before = stamps(root)[0].read_bytes()
    assert not imported(root) & slow
    assert stamps(root)[0].read_bytes() != before
    assert "feeds.posts.below" not in imported(root)  # as it is stamped now
    again = feeds(root, "build")
    assert (again.stdout, again.returncode) == (printed, 0)
    cold = feeds(root, "build", "--no-cache")
    assert (cold.stdout, cold.stderr) == (again.stdout, again.stderr)


def test_what_is_above_the_mark_is_built(copied):
    root, _ = copied
    path = root / "content/posts/a.md"
    path.write_text(path.read_text().replace("One.", "Once."))
    assert not found_same(root)
    assert "Once." in (
        "" if "nothing has changed" in feeds(root, "build").stdout else (root / "public/feed.xml").read_text()
    )


def test_a_change_too_new_to_tell_is_looked_at_again(copied):
    root, _ = copied
    path = root / "content/posts/a.md"
    path.write_text(path.read_text().replace("Two.", "Three."))
    later = time.time_ns() + 60_000_000_000
    os.utime(path, ns=(later, later))
    before = stamps(root)[0].read_bytes()
    assert found_same(root)
    assert stamps(root)[0].read_bytes() == before
    path.write_text(path.read_text().replace("One.", "Once."))
    os.utime(path, ns=(later, later))
    assert not found_same(root)


def test_with_damaged_notes_only_what_was_seen_is_known(copied):
    root, _ = copied
    place = stamps(root)[0]
    place.write_bytes(place.read_bytes()[:-5])
    assert found_same(root)
    path = root / "content/posts/a.md"
    path.write_text(path.read_text().replace("Two.", "Three."))
    assert not found_same(root)


def test_only_few_posts_are_compared(tmp_path):
    root = blog(tmp_path, {f"p{number}.md": post(f"# {number}\n\n{MARKED}") for number in range(51)})
    settle_here(root)
    files = sorted((root / "content/posts").glob("*.md"))
    for path in files[:50]:
        path.write_text(path.read_text() + "\nMore.\n")
    assert found_same(root)
    for path in files:
        path.write_text(path.read_text() + "\nEven more.\n")
    assert not found_same(root)


def test_every_post_with_a_mark_is_noted_shown_or_not(tmp_path):
    posts = {
        "shown.md": post(f"# A\n\n{MARKED}"),
        "draft.md": post(f"# B\n\n{MARKED}", draft="true"),
        "held.md": post(f"# C\n\n{MARKED}", date="2999-01-01"),
        "old.md": post(f"# D\n\n{MARKED}", date="2001-01-01"),
        "whole.md": post("# E\n\nOne.\n"),
        "summed-up.md": post(f"# F\n\n<b>One</b>\n\n{MARK}\n\nTwo.\n"),
    }
    root = blog(tmp_path, posts, SETTINGS + "[feeds]\nlimit = 3\n[newsletter]\npages = 1\n")
    settle_here(root)
    notes = noted(root)
    assert {name for name, note in notes.items() if len(note.split(" ")) > 4} == {"shown.md"}
    assert set(notes) == {"shown.md", "draft.md", "held.md", "old.md"}


def test_what_was_noted_is_not_read_again(tmp_path):
    root = blog(tmp_path, {"a.md": post(f"# A\n\n{MARKED}"), "b.md": post(f"# B\n\n{MARKED}", draft="true")})
    settle_here(root)
    before = noted(root)
    (root / "content/posts/c.md").write_text(post(f"# C\n\n{MARKED}"))
    settle_here(root)
    after = noted(root)
    assert {name: after[name] for name in before} == before
    assert set(after) == {"a.md", "b.md", "c.md"}


@pytest.mark.parametrize(
    ("settings", "posts"),
    [
        ('[feeds]\ncontent = "both"\n', {}),
        ('[newsletter]\ntemplates = "content"\n', {}),
        ("", {"content/posts/a.md": post(f'# A\n\nA [link](nowhere.md "]").\n\n{MARK}\n\n](nowhere.md\n')}),
        ("", {"content/posts/a.md": post(f"# A\n\nA <a href=nowhere.md>link</a>.\n\n{MARK}\n\nTwo.\n")}),
    ],
)
def test_nothing_is_noted_where_more_of_a_post_may_be_shown(tmp_path, settings, posts):
    root = blog(tmp_path, {"a.md": post(f"# A\n\n{MARKED}")}, SETTINGS + settings)
    for path, text in posts.items():
        (root / path).write_text(text)
    settle_here(root)
    assert noted(root) == {}


@pytest.mark.parametrize("snippets", [True, False])
def test_nothing_is_noted_where_posts_take_in_others(tmp_path, snippets):
    config = "plugins: [blog]\nmarkdown_extensions: [pymdownx.snippets]\n" if snippets else ""
    root = material_blog(tmp_path, {"a.md": post(f"# A\n\n{MARKED}")}, config)
    settle_here(root)
    assert set(noted(root)) == (set() if snippets else {"a.md"})


def test_nothing_is_noted_where_blogs_have_other_marks(tmp_path):
    blogs = "plugins:\n  - blog: {blog_dir: one}\n  - blog: {blog_dir: two, post_excerpt_separator: '<!-- cut -->'}\n"
    root = material_blog(tmp_path, {}, blogs)
    files = {f"docs/{name}/posts/a.md": post(f"# A\n\n{MARKED}") for name in ("one", "two")}
    settle_here(write_files(root, files))
    assert noted(root) == {}


def test_the_size_of_a_post_is_no_length_of_an_enclosure(tmp_path):
    root = blog(tmp_path, {"a.md": post(MARKED, enclosure="b.md"), "b.md": post(MARKED)})
    settle_here(root)
    path = root / "content/posts/b.md"
    path.write_text(path.read_text() + "\nMore.\n")
    assert found_same(root)
    assert "nothing has changed" in feeds_here(["build", "--no-cache"], root).stdout


PIECES = (
    *(
        "Words.",
        "More *words* and [a link](a.md).",
        "![Dog](dog.png)",
        "![Cat](cat.png)",
        "# Heading",
        "```",
        "~~~",
    ),
    *(
        "```python\ncode\n```",
        "[r]: https://r.example/",
        "*[HTML]: Hypertext",
        "[^1]: A note.",
        ": definition",
    ),
    *(
        "<div>",
        "</div>",
        "<!-- open",
        "-->",
        MARK,
        "word " * 300,
        "> " * 70,
        "\0",
        "    code",
        "- item",
        "///",
    ),
    *(
        '--8<-- "a.md"',
        "[TOC]",
        "{: .a}",
        "\\",
        "&amp;",
        "---",
        "...",
        "title: Other",
        "=====",
        "\u2028",
        "\x0c",
        "é",
    ),
)
HEADS = (
    *("One *word*.", "A [reference][r].", "A note.[^1]", "HTML and CSS.", "![Fox](fox.png)", "`<b>`", "term"),
    *(
        "A [dead link](nowhere.md).",
        "Setext\n======",
        "# Heading",
        "[r]: https://other.example/",
        "<div>",
        "```",
    ),
)
ENDS = (
    *((b"\n", b"\n"),) * 6,
    (b"\n", b"\r\n"),
    (b"\n", b"\r"),
    (b"---\n", b"\xef\xbb\xbf---\n"),
    (b"Words", b"W\xe9rds"),
    (b"-->\n", b"--> \n"),
)


def test_random_changes_give_what_a_cold_build_gives(tmp_path):
    draw = random.Random(os.environ.get("CI") and 1)
    matters = ({}, {}, {}, {"draft": "true"}, {"readtime": "3"}, {"title": "A"}, {"date": "2999-01-01"}, {})
    plain = {f"p{number}.md": (matter, ["One."], ["Two."], ENDS[0]) for number, matter in enumerate(matters)}
    root, parts, broken, short = blog(tmp_path, dict.fromkeys(plain, "")), {}, [*plain], 0
    for _ in range(EXAMPLES):
        changed = {name: plain[name] for name in broken}
        for name in () if broken else draw.choices([*plain], k=draw.choice((1, 1, 1, 2))):
            matter, head, below, ends = parts[name]
            below = [*draw.choice(((), ("Words.",), ("More.",))), *draw.choices(PIECES, k=draw.randrange(3))]
            if draw.random() < 0.15:
                head, ends = draw.choices(HEADS, k=draw.randrange(1, 3)), draw.choice(ENDS)
            changed[name] = (matter, head, below, ends)
        for name, (matter, head, below, ends) in changed.items():
            text = post("\n\n".join((f"# Title {name}", *head, MARK, *below)) + "\n", **matter)
            (root / "content/posts" / name).write_bytes(text.encode().replace(*ends))
        parts.update(changed)
        short += found_same(root)
        warm = feeds_here(ARGUMENTS, root)
        files = files_below(root / "public")
        cold = feeds_here(["build", "--no-cache"], root)
        assert (warm.returncode, warm.stderr) == (cold.returncode, cold.stderr)
        assert files_below(root / "public") == files
        broken = changed if warm.returncode else ()
        if not broken:
            assert "nothing has changed" in cold.stdout
            if draw.random() < 0.1:
                feeds_here(["lock"], root)
            time.sleep(0.03)
            feeds_here(ARGUMENTS, root)  # which is stamped, if the one before was not
    assert short or EXAMPLES < 20


def test_the_version_needs_no_libraries():
    code = "import sys; sys.argv[1:] = ['--version']\nfrom feeds.__main__ import main\nmain()\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, modules = done.stdout.splitlines()
    assert first.startswith("feeds, version ")
    assert "click" not in modules.split()
