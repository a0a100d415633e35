"""The files of a docs folder: which are there, and which of them are posts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

from feeds.errors import FeedsError, Location
from feeds.model import Fields, Matter, Report, Site, Source
from feeds.posts.frontmatter import parse_source, parse_text
from feeds.posts.limits import MAX_BYTES
from feeds.sight import is_passed_over
from feeds.texts import load_file

_MAX_FOLDERS = 100
"""Folders inside each other, beyond which links that lead back are taken to be at work."""


class Tree(NamedTuple):
    """What lies in the docs folder, by path relative to it: pages (Markdown) and everything else.

    `unusual` are folders that other programs pass over: hidden, or for what they keep.
    """

    pages: tuple[str, ...]
    media: tuple[str, ...]
    unusual: tuple[str, ...] = ()


def load_tree(site: Site) -> Tree:
    """Every file of the docs folder that the generator publishes, sorted.

    Symbolic links are followed, as generators do; one that leads back to a folder above it is not.
    """
    pages: list[str] = []
    media: list[str] = []
    unusual: list[str] = []
    for path in sorted(_walk(site.docs, "", frozenset(), site)):
        if path.endswith("/"):
            unusual.append(path[:-1])
        else:
            (pages if path.endswith(site.endings) else media).append(path)
    return Tree(tuple(pages), tuple(media), tuple(unusual))


def _walk(folder: Path, prefix: str, above: frozenset[tuple[int, int]], site: Site) -> Iterator[str]:
    """The path of every file, and of folders that are passed over elsewhere, with `/` behind it."""
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        at = Location(site.docs_name + prefix.rstrip("/"))
        raise FeedsError(f"cannot read this folder: {error.strerror}", at, rule="unreadable") from None
    identity = (status.st_dev, status.st_ino)
    if identity in above or len(above) >= _MAX_FOLDERS:
        return
    for entry in entries:
        path = prefix + entry.name
        if _is_folder(entry):
            if not site.excluded(f"{path}/"):
                if is_passed_over(entry.name):
                    yield f"{path}/"
                yield from _walk(folder / entry.name, f"{path}/", above | {identity}, site)
        elif not site.excluded(path):
            yield path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link to itself: reading it says so


class Body:
    """The text of a post, and its front matter, which are let go and read again if they are asked for.

    Args:
        load: reads the post's file: the source, and its digest; raises FeedsError if it cannot be read.
        digest: that of the file when it was read first.
        source: what was read then, to be kept until `let_go`.
    """

    __slots__ = ("_load", "_source", "digest", "has_changed")

    def __init__(
        self, load: Callable[[], tuple[Source, str]], digest: str, source: Source | None = None
    ) -> None:
        self._load = load
        self._source = source
        self.digest = digest
        self.has_changed = False
        """Whether the file was another one when it was read again."""

    def __call__(self) -> str:
        """The text."""
        return self.source().body

    def source(self) -> Source:
        """The post's file as it was read."""
        if self._source is not None:
            return self._source
        source, digest = self._load()
        self.has_changed |= digest != self.digest
        return source

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and self() == other()

    __hash__ = None  # type: ignore[assignment]

    def let_go(self) -> None:
        """Keep nothing of the file any longer."""
        self._source = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Read the file once for what is done meanwhile."""
        self._source = self.source()
        try:
            yield
        finally:
            self.let_go()


class _Asked(Mapping[str, Any]):
    """A part of a post's front matter, read again when it is asked for."""

    __slots__ = ("_body",)

    def __init__(self, body: Body) -> None:
        self._body = body

    def _part(self) -> Mapping[str, Any]:
        raise NotImplementedError

    def __getitem__(self, key: str) -> Any:
        return self._part()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._part())

    def __len__(self) -> int:
        return len(self._part())


class _Values(_Asked):
    __slots__ = ()

    def _part(self) -> Mapping[str, Any]:
        return self._body.source().fields.values


class _Places(_Asked):
    __slots__ = ()

    def _part(self) -> Mapping[str, Any]:
        return self._body.source().fields.places


def file_digest(source: Source) -> str | None:
    """The digest of the file that a source is, where it keeps nothing of it; None of any other."""
    if isinstance(source.text, Body) and isinstance(source.fields.values, _Asked):
        return source.text.digest
    return None


def let_go(path: str, shown: str, body_line: int, body: Body) -> Source:
    """A source that keeps nothing of its file: of thousands of posts, few are shown.

    Args:
        path: the file's, relative to the docs folder.
        shown: what messages call it.
        body_line: the first line of its text.
        body: reads it again.
    """
    return Source(path, Fields(shown, _Values(body), _Places(body)), body, body_line)


def held(source: Source) -> AbstractContextManager[None]:
    """Have the file of a source read once for what is done meanwhile."""
    return source.text.held() if isinstance(source.text, Body) else nullcontext()


def has_changed(source: Source) -> bool:
    """Whether the file of a source was another one when it was read again."""
    return isinstance(source.text, Body) and source.text.has_changed


def load_source(site: Site, path: str, matter: Matter, report: Report) -> Source | None:
    """A file with its front matter; None where there is none, and a post needs one.

    Args:
        site: whose file it is.
        path: relative to the docs folder.
        matter: how the generator reads front matter.
        report: told of what is odd.

    Raises:
        FeedsError: the file cannot be read, is too large, no UTF-8, or its front matter is malformed.
    """
    return load_post(site, path, matter, report)[0]


def load_post(
    site: Site, path: str, matter: Matter, report: Report
) -> tuple[Source | None, str, os.stat_result]:
    """The same, with the file's digest, and how it was before it was read."""
    shown = site.docs_name + path
    help = "split the post, or move its data to a file of its own"
    data, status = load_file(f"{site.docs}/{path}", shown, help, limit=MAX_BYTES)
    source = parse_source(parse_text(data, shown, report), path, shown, report, matter)
    return source, digest_of(data), status


def digest_of(data: bytes) -> str:
    """What tells a file's content from others."""
    return hashlib.sha256(data).hexdigest()[:32]  # processors have instructions for it
