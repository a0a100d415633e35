"""Posts' files read: those that are known from the last build are not, many others by several processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from feeds.errors import FeedsError, Finding, Location
from feeds.generators.values import text
from feeds.model import NO_POST, Blog, Reading, Report, Site, Source
from feeds.posts.known import Known, KnownFile
from feeds.posts.load import Body, load_post
from feeds.processes import spread
from feeds.sight import state_of

_LEAST = 200
"""Files that take as long to read as it takes to start another process, and to hear from it."""

File = tuple[str, Blog]
"""A file's path in the docs folder, and the blog whose post it is."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files of posts.

    Args:
        site: whose posts they are.
        reading: what front matter is read with; it reports to `told`.
        told: what was found in the file that is read.
        known: what the last build read.
        has_told: tells whether something was told that is told once for all posts.
        with_drafts: whether drafts count.
    """

    site: Site
    reading: Reading
    told: list[Finding]
    known: Known
    has_told: Callable[[], bool]
    with_drafts: bool

    def read_all(self, files: Sequence[File], borrowed: Sequence[File]) -> Iterator[KnownFile]:
        """What became of each file, and then of those that blogs publish besides their own."""
        found = [self._find(*file) for file in files]
        unread = [number for number, known in enumerate(found) if known is None]
        if self.known.is_alone:
            packed = spread(self._packed, [files[number] for number in unread], _LEAST)
            for number, data in zip(unread, packed, strict=True):
                if data is not None:
                    path, blog = files[number]
                    found[number] = self.known.unpacked(path, data, self._load(path, blog))
        for file, known in zip(files, found, strict=True):
            yield known or self._read(*file)
        for file in borrowed:
            yield self._read(*file)

    def _find(self, path: str, blog: Blog) -> KnownFile | None:
        """What is known of a file, where that is enough."""
        known = self.known.find(path, self._load(path, blog))
        return None if known and known.post is None and self._wants_drafts(blog) else known

    def _packed(self, files: Sequence[File]) -> list[bytes | None]:
        """Files as they are remembered; None for those that have to be read where they can be reported."""
        packed: list[bytes | None] = []
        for path, blog in files:
            if self.has_told():
                packed.append(None)
                continue
            found = self._read(path, blog)
            packed.append(None if found.failed or self.has_told() else self.known.packed(found))
        return packed

    def _read(self, path: str, blog: Blog) -> KnownFile:
        """A post, or why it is none, with what was found."""
        self.told.clear()
        try:
            found = self._read_post(path, blog)
        except FeedsError as error:
            found = KnownFile("", "", None, error.findings, failed=True)
        return found._replace(findings=(*self.told, *found.findings)) if self.told else found

    def _read_post(self, path: str, blog: Blog) -> KnownFile:
        read, digest, status = _load(self.site, path, blog, self.reading.report)
        body = Body(self._load(path, blog), digest, read)
        source = Source(read.path, read.fields, body, read.body_line)
        hidden = blog.status(source)
        title = text(source.fields, "title") if hidden else ""
        counts = not hidden or (hidden != NO_POST and self._wants_drafts(blog))
        post = blog.read(source, self.reading) if counts else None
        body.let_go()
        return KnownFile(hidden, title, post, digest=digest, state=state_of(status))

    def _wants_drafts(self, blog: Blog) -> bool:
        return self.with_drafts or blog.shows_drafts

    def _load(self, path: str, blog: Blog) -> Callable[[], tuple[Source, str]]:
        return partial(_load_again, self.site, path, blog)


def _load_again(site: Site, path: str, blog: Blog) -> tuple[Source, str]:
    """The same as at first, but for what was told then."""
    return _load(site, path, blog, lambda finding: None)[:2]


def _load(site: Site, path: str, blog: Blog, report: Report) -> tuple[Source, str, os.stat_result]:
    """A post's source with its folder's defaults, its file's digest, and how that was before it was read."""
    if not is_unicode(path):
        at = Location(site.docs_name + path)
        raise FeedsError("the file's name is not UTF-8", at, "rename it", rule="file-name")
    source, digest, status = load_post(site, path, blog.matter, report)
    if source is None:
        raise FeedsError(
            "the post has no front matter",
            Location(site.docs_name + path, 1),
            "begin the file with a line ---, then date: 2026-11-22, then ---",
            rule="front-matter",
        )
    return blog.complete(source), digest, status


def is_unicode(path: str) -> bool:
    """Whether the name of a file can be written."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
