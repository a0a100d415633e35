"""Where MkDocs and Material's blog plugin publish posts and pages, below the site's URL."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable

from feeds.config.forms import PLACEHOLDERS
from feeds.errors import FeedsError
from feeds.generators.base import quoted
from feeds.generators.slugs import Slugify
from feeds.locales import format_pattern
from feeds.model import Naming

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NUMERIC_DATE = re.compile(r"(?:yyyy(?!y)|MM(?!M)|dd(?!d)|[-/._ ])*")
_MAX_SEGMENT = 255


def check_pattern(pattern: str) -> str:
    """The pattern itself.

    Raises:
        FeedsError: it holds a placeholder that does not exist.
    """
    for name in _PLACEHOLDER.findall(pattern):
        if name not in PLACEHOLDERS:
            raise FeedsError(
                f"the permalink pattern {pattern!r} has the unknown placeholder {{{name}}}",
                help="use {date}, {slug}, {file} and {categories}",
                rule="permalink",
            )
    return pattern


def permalink(
    naming: Naming,
    *,
    pattern: str,
    folder: str,
    date: Callable[[dt.datetime], str],
    slugify: Slugify,
    categories: Slugify,
    max_categories: int,
    directory_urls: bool,
) -> str:
    """The path of a post below the site's URL, percent-encoded, as the blog plugin and MkDocs make it.

    Raises:
        FeedsError: the path leads out of the site, or no disk could hold its name.
    """
    values = {
        "date": lambda: date(naming.date),
        "slug": lambda: naming.slug or slugify(naming.heading),
        "file": lambda: naming.stem,
        "categories": lambda: "/".join(categories(name) for name in naming.categories[:max_categories]),
    }
    filled = _PLACEHOLDER.sub(lambda found: values[found[1]](), pattern)
    path = posixpath.normpath(posixpath.join(folder, posixpath.normpath(filled.strip("/"))))
    if path == ".." or path.startswith(("../", "/")) or "\0" in path:
        raise FeedsError(
            f"the address {path!r} leads out of the site", help="change the slug", rule="permalink"
        )
    if any(len(part.encode()) > _MAX_SEGMENT - len(".md") for part in path.split("/")):
        raise FeedsError(
            f"the address has a part longer than {_MAX_SEGMENT} bytes",
            help="give the post a shorter slug",
            rule="permalink",
        )
    return page_address(path, directory_urls)


def page_address(path: str, directory_urls: bool) -> str:
    """Where MkDocs publishes the page of a path without its ending, percent-encoded."""
    parent, stem = posixpath.split(path)
    if not directory_urls:
        return quoted(posixpath.join(parent, "index.html" if stem == "README" else f"{stem}.html"))
    if stem in ("index", "README"):
        path = parent
    return quoted(f"{path}/" if path not in ("", ".") else "")


def view_address(folder: str, path: str, directory_urls: bool) -> str:
    """Where a page that the plugin itself adds to the blog in `folder` is published, percent-encoded."""
    return page_address(posixpath.normpath(posixpath.join(folder, path.strip("/"))), directory_urls)


def date_format(pattern: str, language: str) -> Callable[[dt.datetime], str]:
    """Dates by a Unicode pattern; locale data is loaded only where names of months or days may occur."""
    if _NUMERIC_DATE.fullmatch(pattern):
        return lambda date: (
            pattern.replace("yyyy", f"{date.year:04}")
            .replace("MM", f"{date.month:02}")
            .replace("dd", f"{date.day:02}")
        )

    return lambda date: format_pattern(date, pattern, language)
