"""What a build reads: the files that it opens, the variables of the environment that it asks for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

_PROGRAMS = frozenset({"os.exec", "os.posix_spawn", "os.system", "subprocess.Popen"})


class Environment(Mapping[str, str]):
    """The environment, which remembers what it was asked for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.asked: dict[str, str | None] = {}
        """The variables that were asked for, with their values; None for those that are not set."""

    def __getitem__(self, name: str) -> str:
        self.asked[name] = self._environ.get(name)
        return self._environ[name]

    def __iter__(self) -> Iterator[str]:
        self.asked.update(self._environ)
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)


class Watch:
    """Remembers every file that is opened while it is on, by whatever library, and whether a program was run.

    Python tells of both as audit events (PEP 578). Only one can be on at a time.
    """

    def __init__(self) -> None:
        self.opened: set[str] = set()
        self.ran_programs = False
        self.modules: set[str] = set()
        """The files of this package's modules that other processes run."""

    def __enter__(self) -> Watch:
        if not _on:
            sys.addaudithook(_hear)  # which cannot be taken away again
        _on[:] = [self]
        return self

    def __exit__(self, *_: object) -> None:
        _on[:] = [None]


_on: list[Watch | None] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    watch = _on[0] if _on else None
    if watch is None:
        return
    if event == "open":
        path = arguments[0]
        if isinstance(path, str | bytes | os.PathLike):
            watch.opened.add(os.fsdecode(path))
    elif event in _PROGRAMS:
        watch.ran_programs = True


Seen = tuple[set[str], bool, set[str]]
"""Files that were opened, whether a program was run, and the files of this package's modules."""


def note_looked(path: str) -> None:
    """Let the watch that is on see a file of which it matters whether it is there, or how large it is."""
    for watch in _on:
        if watch is not None:
            watch.opened.add(path)


def forget_seen() -> None:
    """Begin anew, in a copy of this process."""
    for watch in _on:
        if watch is not None:
            watch.opened, watch.ran_programs = set(), False


def seen() -> Seen:
    """What the watch that is on has seen."""
    watch = _on[0] if _on else None
    return (watch.opened, watch.ran_programs, module_files()) if watch else (set(), False, set())


def take_over(found: Seen) -> None:
    """Let the watch that is on have seen what another process has."""
    for watch in _on:
        if watch is not None:
            watch.opened |= found[0]
            watch.ran_programs |= found[1]
            watch.modules |= found[2]


def module_files() -> set[str]:
    """The files of this package's modules that run here."""
    package = __name__.partition(".")[0]
    own = (module for name, module in [*sys.modules.items()] if name.partition(".")[0] == package)
    return {file for module in own if (file := getattr(module, "__file__", None))}
