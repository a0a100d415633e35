"""Where Eleventy publishes a template: by its path, or by its permalink."""

from __future__ import annotations

import datetime as dt
import posixpath
import re

ENDING = ".md"

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(.*)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INDEXES = ("/index.html", "/index/", "/index")


def file_slug(path: str) -> str:
    """`page.fileSlug`: the file's name without its date; for an `index`, that of its folder.

    Args:
        path: relative to the input folder.
    """
    folder, stem = _parted(path)
    stem = _undated(stem)
    return _undated(posixpath.basename(folder)) if stem == "index" else stem


def file_path_stem(path: str) -> str:
    """`page.filePathStem`: the path without the file's ending and date, with a leading slash."""
    folder, stem = _parted(path)
    return "/" + posixpath.normpath(posixpath.join(folder, _undated(stem)))


def default_address(path: str) -> str:
    """`page.url` of a file without a permalink; dates in names stay."""
    folder, stem = _parted(path)
    named = "" if stem == "index" or posixpath.basename(folder) == stem else f"{stem}/"
    return f"/{folder}/{named}" if folder else f"/{named}"


def address(link: str) -> str:
    """`page.url` of a permalink as rendered: with a leading slash, without a final `index.html`."""
    parent, name = posixpath.split(link + "index.html" if link.endswith("/") else link)
    path = posixpath.normpath(posixpath.join(parent, name))
    path = path if path.startswith("/") else f"/{path}"
    path = re.sub(r"\A//", "/", path)
    ending = next((ending for ending in _INDEXES if path.endswith(ending)), None)
    return f"{path.removesuffix(ending)}/" if ending else path


def path_date(path: str) -> dt.date | None:
    """The first date that stands anywhere in a path, from the project's root on; None where it is no day.

    Raises:
        ValueError: what stands there is no day of the calendar.
    """
    found = _DATE.search(path)
    return dt.date.fromisoformat(found[0]) if found else None


def _parted(path: str) -> tuple[str, str]:
    folder, name = posixpath.split(path)
    return folder, name.removesuffix(ENDING)


def _undated(name: str) -> str:
    found = _DATED.search(name)
    return found[1] if found else name
