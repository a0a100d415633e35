"""The files of a docs folder: which are there, and which of them are posts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
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
        text: the text.
        load: loads it again; raises FeedsError if that is no longer possible.
    """

    __slots__ = ("_load", "_text")

    def __init__(self, text: str, load: Callable[[], str]) -> None:
        self._text: str | None = text
        self._load = load

    def __call__(self) -> str:
        """The text."""
        return self._load() if self._text is None else self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and self() == other()

    __hash__ = None  # type: ignore[assignment]

    def let_go(self) -> None:
        """Keep no text: thousands of posts take more memory than the few that are shown are worth."""
        self._text = None


def load_source(site: Site, path: str, matter: Matter, report: Report) -> Source | None:
    """A file with its front matter; None where there is none, and a post needs one.

    Raises:
        FeedsError: the file cannot be read, is too large, no UTF-8, or its front matter is malformed.
    """
    shown = site.docs_name + path
    help = "split the post, or move its data to a file of its own"
    text = parse_text(load_bytes(site.docs / path, shown, help, limit=MAX_BYTES), shown, report)
    return parse_source(text, path, shown, report, matter)
