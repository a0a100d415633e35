"""Stamps builds that changed nothing, so that the next one need not find that out again."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from feeds import sight, stamp
from feeds.build import Built
from feeds.config import Settings
from feeds.index import FILE, Index
from feeds.marked import note_posts
from feeds.watch import Environment, Watch, module_files
from feeds.witness import SITE_FILES

_ALWAYS_ASKED = ("NO_COLOR", "SOURCE_DATE_EPOCH")
_PACKAGE = Path(stamp.__file__).parent


def load_index(root: Path, folder: Path | None) -> Index:
    """What the last build of a project made; `folder` is that of the cache, None for the usual one."""
    return Index((folder or root / stamp.FOLDER).absolute() / FILE, time.time_ns())


class Stamping:
    """Watches what a build reads, and stamps it if it changed nothing.

    Args:
        fixed_now: whether the command line names the instant that decides which posts are due.
        wanted: whether there is to be a stamp.
    """

    def __init__(self, *, fixed_now: bool, wanted: bool) -> None:
        self.environ = Environment(os.environ)
        """The environment, to be read through this."""
        self._arguments = sys.argv[1:]
        self._place = stamp.stamp_path(self._arguments, str(Path.cwd())) if wanted else None
        self._is_fixed = fixed_now or bool(os.environ.get("SOURCE_DATE_EPOCH"))
        self._started = time.time_ns()
        self._watch = Watch()

    def __enter__(self) -> None:
        self._watch.__enter__()

    def __exit__(self, *details: object) -> None:
        self._watch.__exit__(*details)

    def keep(self, settings: Settings, built: Built, out: Sequence[str], err: Sequence[str]) -> None:
        """Stamp the build, which printed these texts."""
        place = self._place
        if place is None or self._arguments[:1] != ["build"] or not built.is_settled:
            return
        if self._watch.ran_programs:  # git was asked, whose answers no look at files foretells
            return
        for name in _ALWAYS_ASKED:
            self.environ.get(name)
        docs, cache = os.path.abspath(built.site.docs), os.path.dirname(os.path.abspath(place))
        if _holds_files(built, cache):  # so that the stamp itself would be another file of the site
            return
        trees, skipped = _trees(settings, built, cache)
        coloured = "".join(f"{line}\n" for line in err)
        since, until = -stamp.FOREVER, stamp.FOREVER
        if not self._is_fixed:
            since, until = self._started, _nanoseconds(built.due)
        made = stamp.Stamp(
            stamp.key_of(self._arguments, str(Path.cwd())),
            since,
            until,
            environment=tuple(sorted(self.environ.asked.items())),
            trees=tuple(trees),
            skipped=tuple(sorted(skipped)),
            files=tuple(sorted({*_outputs(built), *self._opened(cache, trees, skipped), *self._program()})),
            printed=("".join(f"{line}\n" for line in out), click.unstyle(coloured), coloured),
        )
        note = partial(
            note_posts, settings, built.site, docs, built.collection, built.entries, built.findings
        )
        stamp.keep(place, made, self._started, note)

    def _opened(self, cache: str, trees: Sequence[str], skipped: Collection[str]) -> Iterator[str]:
        """What was read that no look through a tree comes by; not what Python read to run, and no memory."""
        passed_over = tuple(f"{path}{os.sep}" for path in (cache, sys.prefix, sys.base_prefix))
        for path in map(os.path.abspath, self._watch.opened):
            is_template = path.startswith(f"{_PACKAGE}{os.sep}")
            if path.endswith((".py", ".pyc", ".so")) or (path.startswith(passed_over) and not is_template):
                continue
            folder = os.path.dirname(path)
            if not any(sight.looks_into(folder, tree, skipped) for tree in trees):
                yield path

    def _program(self) -> Iterator[str]:
        """The files of this package that run, and the folders whose names tell the libraries' versions."""
        yield from map(os.path.abspath, module_files() | self._watch.modules)
        yield from (os.path.abspath(path) for path in sys.path if path.endswith("-packages"))


def _trees(settings: Settings, built: Built, cache: str) -> tuple[list[str], set[str]]:
    """The folders to look through, and those in them that are not, since what lies there is made here."""
    root, docs = os.path.abspath(settings.root), os.path.abspath(built.site.docs)
    output, letters = os.path.abspath(built.site.output), os.path.abspath(built.letters_folder)
    skipped = {cache, *(each for each in (output, letters) if not _holds_files(built, each))}
    wanted = [docs, *(os.path.join(docs, *folder.split("/")) for folder in built.collection.tree.unusual)]
    if built.witness:
        wanted.append(os.path.abspath(built.witness))
    if settings.feeds.inject == "yes":
        wanted.append(output)
    trees = [root]
    for folder in wanted:
        skipped.discard(folder)
        if not any(sight.looks_into(folder, tree, skipped) for tree in trees):
            trees.append(folder)
    return trees, skipped


def _holds_files(built: Built, folder: str) -> bool:
    """Whether files of the docs folder lie in a folder."""
    docs = os.path.abspath(built.site.docs)
    if f"{docs}{os.sep}".startswith(f"{folder}{os.sep}"):
        return True
    if not folder.startswith(f"{docs}{os.sep}"):
        return False
    name = f"{os.path.relpath(folder, docs).replace(os.sep, '/')}/"
    tree = built.collection.tree
    return any(path.startswith(name) for path in (*tree.pages, *tree.media))


def _outputs(built: Built) -> Iterator[str]:
    """What was written, and what would tell that the site lies there too."""
    for folder, files in ((built.site.output, built.written), (built.letters_folder, built.letters)):
        yield from (os.path.abspath(folder / file.path) for file in files)
    yield os.path.abspath(built.record)
    yield from (os.path.abspath(built.site.output / name) for name in SITE_FILES)


def _nanoseconds(instant: dt.datetime | None) -> int:
    return stamp.FOREVER if instant is None else int(instant.timestamp()) * 1_000_000_000
