"""When git says that files were first and last committed."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.errors import FeedsError, Location
from feeds.model import History

if TYPE_CHECKING:
    import subprocess

_COMMIT = "\x01"
"""What the line of a commit begins with: no status of a file does."""

_SAFE = {
    "GIT_ALLOW_PROTOCOL": "",  # a partial clone would fetch what it lacks, by a command of its configuration
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OPTIONS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false")
_ORDER = "-O" + os.devnull  # git's own way to undo a configured order of files
_WALK = (
    *("log", "-z", "--reverse", "--topo-order", f"--format={_COMMIT}%ad", "--date=raw", "--name-status"),
    # The same renames whatever is configured; of a merge, what differs from all that it merges.
    *("--find-renames=50%", "-l1000", "-c", "--combined-all-paths"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--no-notes", "--root", _ORDER),
)

_OFFSET = re.compile("([+-])([01][0-9]|2[0-3])([0-5][0-9])")

_Span = list[dt.datetime]
"""The earliest and the latest date of the commits that touched a file; mutable while they are read."""

_INSTEAD = "or give every post a date of its own and remove dates under [posts]"


def load_history(
    root: Path, docs: Path, environ: Mapping[str, str], dates: str = "git"
) -> Callable[[str], History | None]:
    """What tells of a path below `docs` when git first and last committed the file.

    Both are the dates of authors, with their offsets: the earliest and the latest of all commits that touched
    the file, under any name that it had. A file that was removed and came back is the same file; a copy is a
    new one. Files in submodules and behind links are looked up in the repository that they lie in.

    Args:
        root: the project's folder, which messages name paths from.
        docs: the folder that paths count from.
        environ: the environment, where `PATH` and `HOME` are looked up; what it says of git is left out.
        dates: `git`, or `git-created` or `git-updated` for one of the two alone; "" asks nothing of git.

    Raises:
        FeedsError: git is not there, or knows no history or only a part of it.
    """
    if not dates:
        return lambda path: None
    import shutil

    git = shutil.which("git", path=environ.get("PATH", os.defpath))
    if git is None:
        message = "dates are to come from git, which is not installed here"
        raise FeedsError(message, help=f"install git, {_INSTEAD}", rule="git")

    @cache
    def spans(repository: str) -> Mapping[str, _Span]:
        return _load_spans(git, repository, root, environ)

    @cache
    def place(folder: str) -> tuple[str, str]:
        return _repository(folder, root)

    def look_up(path: str) -> History | None:
        folder, name = os.path.split(os.path.realpath(docs / path))
        repository, prefix = place(folder)
        span = spans(repository).get(prefix + name)
        if span is None:
            return None if dates == "git-updated" else History(None, None)
        created, updated = span
        return History(
            None if dates == "git-updated" else created, None if dates == "git-created" else updated
        )

    spans(place(os.path.realpath(docs))[0])  # what stands in the way is told at once
    return look_up


def _repository(folder: str, root: Path) -> tuple[str, str]:
    """The top of the repository that a folder lies in, and the folder's path below it, ending with `/`."""
    for top in (Path(folder), *Path(folder).parents):
        if (top / ".git").exists():
            return str(top), "".join(f"{part}/" for part in Path(folder).relative_to(top).parts)
    message = "dates are to come from git, and this folder lies in no repository"
    raise FeedsError(message, _place(folder, root), f"run it in a clone, {_INSTEAD}", rule="git")


def _load_spans(git: str, top: str, root: Path, environ: Mapping[str, str]) -> Mapping[str, _Span]:
    """The first and last date of every file that a repository's commits name."""
    import subprocess

    env = {name: value for name, value in environ.items() if not name.startswith("GIT_")} | _SAFE
    at = _place(top, root)

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                [git, *_OPTIONS, *arguments], cwd=top, env=env, stdin=subprocess.DEVNULL, capture_output=True
            )
        except OSError as error:
            raise FeedsError(f"cannot run git: {error.strerror}", at, rule="git") from None

    shallow = run("rev-parse", "--is-shallow-repository")
    if shallow.returncode:
        raise _refused(shallow.stderr, at, top)
    if shallow.stdout.strip() == b"true":
        raise FeedsError(
            "this clone of the repository is shallow: it has the newest commits only, not the posts' dates",
            at,
            "in CI, clone the whole: fetch-depth: 0 under with: of actions/checkout (GitHub), "
            'GIT_DEPTH: "0" under variables: (GitLab); here, run git fetch --unshallow',
            rule="git-shallow",
        )
    if run("rev-parse", "--quiet", "--verify", "HEAD^{commit}").returncode:
        return {}  # nothing is committed yet
    walk = run(*_WALK, "HEAD")
    if walk.returncode:
        raise _refused(walk.stderr, at, top)
    return _parse_walk(os.fsdecode(walk.stdout))


def _refused(stderr: bytes, at: Location, top: str) -> FeedsError:
    message = stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in message:
        return FeedsError(
            "the repository belongs to another user, and git does not read it",
            at,
            f"tell git that you trust it: git config --global --add safe.directory {top}",
            rule="git",
        )
    if "promisor" in message:
        return FeedsError(
            "this clone of the repository is partial: it lacks the texts by which renamed files are known",
            at,
            "clone it without --filter",
            rule="git-partial",
        )
    last = message.splitlines()[-1].removeprefix("fatal: ") if message else "it gave no reason"
    return FeedsError(f"git cannot tell the dates: {last}", at, rule="git")


def _parse_walk(output: str) -> dict[str, _Span]:
    """The dates of every path, from what `git log` prints of all commits, parents first."""
    spans: dict[str, _Span] = {}
    gone: set[str] = set()  # the names that files had before they were renamed
    for date, changes in _commits(output):
        before = [spans.get(old) for _, old, _ in changes]
        for (status, old, path), span in zip(changes, before, strict=True):
            if status == "D":
                continue
            if span is None or (status == "A" and path in gone):
                span = [date, date]
            spans[path] = span
            gone.discard(path)
            if status == "R":
                gone.add(old)
            span[:] = min(span[0], date), max(span[1], date)
        gone -= {path for status, _, path in changes if status == "R"}  # two files may have swapped names
    return spans


def _commits(output: str) -> Iterator[tuple[dt.datetime, list[tuple[str, str, str]]]]:
    """The date of each commit, and of each file that it touched the status, the old and the new path."""
    tokens = iter(output.split("\0"))
    date: dt.datetime | None = None
    changes: list[tuple[str, str, str]] = []
    for token in tokens:
        token = token.removeprefix("\n")
        if token.startswith(_COMMIT):
            if date is not None:
                yield date, changes
            date, changes = _parse_date(token.removeprefix(_COMMIT)) or date, []
        elif token:
            changes.append(_change(token, tokens))
    if date is not None:
        yield date, changes


def _change(status: str, tokens: Iterator[str]) -> tuple[str, str, str]:
    """One file of a commit; a merge has a letter and an old path for each of the commits that it merges."""
    if status[0] == "R" and status[1:].isdecimal():
        return "R", next(tokens), next(tokens)
    if len(status) == 1 or status[1:].isdecimal():
        path = next(tokens)
        return status[0], path, path
    olds, path = [next(tokens) for _ in status], next(tokens)
    if set(status) == {"A"}:
        return "A", path, path
    renamed = next((old for letter, old in zip(status, olds, strict=True) if letter == "R"), None)
    kept = next((old for letter, old in zip(status, olds, strict=True) if letter == "M"), None)
    return "M", kept or renamed or path, path


def _parse_date(text: str) -> dt.datetime | None:
    """Seconds since 1970 and an offset such as `+0130`; a broken commit may lack either."""
    seconds, _, offset = text.partition(" ")
    zone = dt.UTC
    if found := _OFFSET.fullmatch(offset):
        east = dt.timedelta(hours=int(found[2]), minutes=int(found[3]))
        zone = dt.timezone(-east if found[1] == "-" else east)
    try:
        return dt.datetime.fromtimestamp(int(seconds), zone)
    except (ValueError, OverflowError, OSError):
        return None


def _place(folder: str, root: Path) -> Location:
    return Location(Path(os.path.relpath(folder, root)).as_posix())
