"""Which files Jekyll reads: folders of posts, drafts and collections, pages, and what is left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

POSTS, DRAFTS = "_posts", "_drafts"

_SPECIAL = (".", "_", "#", "~")
_DATED = re.compile(r"(?:.+/)?(\d{2,4}-\d{1,2}-\d{1,2})-([^/]*)(\.[^./]+)", re.DOTALL)
_UNDATED = re.compile(r"(?:.+/)?([^/]*)(\.[^./]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileName:
    """What Jekyll reads in a post's file name; `date` is "" where there is none."""

    date: str
    slug: str
    ending: str


def parse_name(path: str, *, draft: bool = False) -> FileName | None:
    """The parts of a post's file name; None for one that is no post's."""
    if found := _DATED.fullmatch(path):
        return FileName(found[1], found[2].rstrip("."), found[3])
    if draft and (found := _UNDATED.fullmatch(path)):
        return FileName("", found[1].rstrip("."), found[2])
    return None


@dataclass(frozen=True, slots=True)
class Files:
    """What the configuration says of the files below the source folder.

    `collections` is the folder of the posts and collections ("" for the source itself), `labels` are those of
    the collections besides the posts, `output` is the site's folder below the source ("": it lies elsewhere).
    """

    source: Path
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    collections: str = ""
    labels: tuple[str, ...] = ()
    output: str = ""

    def place(self, path: str) -> tuple[str, str] | None:
        """The folder of posts or drafts that a file lies in, and its path in it; None if it lies in none."""
        parts = path.split("/")
        for index, part in enumerate(parts[:-1]):
            if part in (POSTS, DRAFTS):
                return "/".join(parts[: index + 1]), "/".join(parts[index + 1 :])
        return None

    def is_post(self, path: str) -> bool:
        """Whether a file is a post or a draft by its path."""
        place = self.place(path)
        return bool(place and parse_name(path, draft=place[0].endswith(DRAFTS)))

    def relative(self, path: str) -> str:
        """A path as Jekyll counts it for documents: from the folder of the collections."""
        return path.removeprefix(f"{self.collections}/") if self.collections else path

    def excluded(self, path: str) -> bool:
        """Whether a file, or everything in a folder whose path ends with `/`, is not read."""
        folder = path.endswith("/")
        parts = path.rstrip("/").split("/")
        if self.output and f"{path}/".startswith(f"{self.output}/"):
            return True
        for index, part in enumerate(parts):
            base, is_folder = "/".join(parts[:index]), folder or index < len(parts) - 1
            if is_folder and part in (POSTS, DRAFTS) and self._holds_posts(base):
                return self._rejects_below("/".join(parts[: index + 1]), parts[index + 1 :], folder)
            if is_folder and base == self.collections and part[:1] == "_" and part[1:] in self.labels:
                return self._rejects_below("/".join(parts[: index + 1]), parts[index + 1 :], folder)
            if is_folder and base == "" and self.collections.split("/")[0] == part:
                continue
            if self._rejects(base, part, is_folder):
                return True
        return False

    def _holds_posts(self, base: str) -> bool:
        """Whether posts are looked for in a folder."""
        return not self.collections or f"{base}/".startswith(f"{self.collections}/")

    def _rejects_below(self, top: str, parts: list[str], folder: bool) -> bool:
        """Whether something in a folder of posts is left out; Jekyll looks at its whole path there."""
        if any(part.startswith(".") for part in parts):
            return True
        entry = "/".join(parts)
        if folder:
            return len(parts) == 1 and entry.startswith(_SPECIAL) and not _matches(self.include, entry, True)
        return self._rejects(top, entry, folder)

    def _rejects(self, base: str, entry: str, folder: bool) -> bool:
        """`Jekyll::EntryFilter`: whether an entry of a folder is left out."""
        if entry.endswith("."):
            return True
        name = entry.rpartition("/")[2]
        if _matches(self.include, entry, folder) or _matches(self.include, name, folder):
            return False
        patterns = tuple(pattern for pattern in self.exclude if pattern not in self.include)
        if _matches(patterns, f"{base}/{entry}".lstrip("/"), folder):
            return True
        return entry.startswith(_SPECIAL) or name.startswith(_SPECIAL) or entry.endswith("~")


def _matches(patterns: tuple[str, ...], path: str, folder: bool) -> bool:
    """Whether a path matches a pattern or begins like one: `bin` is `binary.md` too."""
    for pattern in patterns:
        pattern = re.sub("//+", "/", pattern).removeprefix("/")
        if path.startswith(pattern) or (folder and pattern == f"{path}/"):
            return True
        if any(mark in pattern for mark in "*?[") and fnmatchcase(path, pattern):
            return True
    return False
