"""The links to the feeds put into every page of a built site."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from feeds.errors import FeedsError, Location
from feeds.output import write_file
from feeds.pages import Listed
from feeds.pages.inject import inject, tags_by_page

_ENDINGS = (".html", ".htm")
_INDEX = re.compile(r"(?<![^/])index\.html?$")


def inject_links(output: Path, site_url: str, listed: Sequence[Listed], own: Callable[[str], bool]) -> int:
    """Put the links to the feeds into the head of each page; how many pages were changed.

    Args:
        output: the folder that holds the site.
        site_url: where it is published.
        listed: every feed, the site's own first.
        own: tells which files below it are not the site's but ours.

    Raises:
        FeedsError: a page cannot be read or written.
    """
    changed = 0
    tags_of = tags_by_page(site_url, listed)
    for path in _pages(output):
        if own(path):
            continue
        file = output / path
        try:
            page = file.read_bytes()
        except OSError as error:
            message = f"cannot read this page: {error.strerror}"
            raise FeedsError(message, Location(str(file)), rule="unreadable") from None
        made = inject(page, tags_of(_INDEX.sub("", path)))
        changed += made != page and write_file(file, made)
    return changed


def _pages(output: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(output):
        folders.sort()
        relative = Path(folder).relative_to(output)
        yield from ((relative / name).as_posix() for name in sorted(files) if name.endswith(_ENDINGS))
