"""The files of a docs folder: which are there, and which of them are posts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from feeds.errors import FeedsError, Location
from feeds.model import Matter, Report, Site, Source
from feeds.posts.frontmatter import parse_source, parse_text
from feeds.posts.limits import MAX_BYTES
from feeds.texts import load_bytes

_MAX_FOLDERS = 100
"""Folders inside each other, beyond which links that lead back are taken to be at work."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies in the docs folder, by path relative to it: pages (Markdown) and everything else."""

    pages: tuple[str, ...]
    media: tuple[str, ...]


def load_tree(site: Site) -> Tree:
    """Every file of the docs folder that the generator publishes, sorted.

    Symbolic links are followed, as generators do; one that leads back to a folder above it is not.
    """
    pages: list[str] = []
    media: list[str] = []
    for path in sorted(_walk(site.docs, "", frozenset(), site)):
        (pages if path.endswith(site.endings) else media).append(path)
    return Tree(tuple(pages), tuple(media))


def _walk(folder: Path, prefix: str, above: frozenset[tuple[int, int]], site: Site) -> Iterator[str]:
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
                yield from _walk(folder / entry.name, f"{path}/", above | {identity}, site)
        elif not site.excluded(path):
            yield path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link to itself: reading it says so


class Body:
    """The text of a post, which can be let go and is loaded again if it is asked for.

    Args:
        text: the text; None if it is not loaded yet.
        load: loads it again, with the file's digest; raises FeedsError if that is no longer possible.
        digest: that of the file when it was read first; "" if it is not known.
    """

    __slots__ = ("_load", "_text", "digest", "has_changed")

    def __init__(self, text: str | None, load: Callable[[], tuple[str, str]], digest: str = "") -> None:
        self._text = text
        self._load = load
        self.digest = digest
        self.has_changed = False
        """Whether the file was another one when it was loaded again."""

    def __call__(self) -> str:
        """The text."""
        if self._text is not None:
            return self._text
        text, digest = self._load()
        self.has_changed |= digest != self.digest
        return text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and self() == other()

    __hash__ = None  # type: ignore[assignment]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Load the text once for what is done meanwhile."""
        self._text = self()
        try:
            yield
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Keep no text: thousands of posts take more memory than the few that are shown are worth."""
        self._text = None


def held(source: Source) -> AbstractContextManager[None]:
    """Have the text of a source loaded once for what is done meanwhile."""
    return source.text.held() if isinstance(source.text, Body) else nullcontext()


def has_changed(source: Source) -> bool:
    """Whether the file of a source was another one when its text was loaded again."""
    return isinstance(source.text, Body) and source.text.has_changed


def load_source(
    site: Site, path: str, matter: Matter, report: Report, digests: list[str] | None = None
) -> Source | None:
    """A file with its front matter; None where there is none, and a post needs one.

    Args:
        site: whose file it is.
        path: relative to the docs folder.
        matter: how the generator reads front matter.
        report: told of what is odd.
        digests: takes the digest of the file, if that is wanted.

    Raises:
        FeedsError: the file cannot be read, is too large, no UTF-8, or its front matter is malformed.
    """
    shown = site.docs_name + path
    help = "split the post, or move its data to a file of its own"
    data = load_bytes(site.docs / path, shown, help, limit=MAX_BYTES)
    if digests is not None:
        digests.append(digest_of(data))
    return parse_source(parse_text(data, shown, report), path, shown, report, matter)


def digest_of(data: bytes) -> str:
    """What tells a file's content from others."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
