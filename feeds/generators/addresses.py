"""Where MkDocs and Material's blog plugin publish posts and pages, below the site's URL."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable

from feeds.errors import FeedsError
from feeds.generators.base import quoted
from feeds.generators.slugs import Slugify
from feeds.locales import format_pattern
from feeds.model import Naming

_MATERIAL = ("date", "slug", "file", "categories")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NUMERIC_DATE = re.compile(r"(?:yyyy(?!y)|MM(?!M)|dd(?!d)|[-/._ ])*")
_PLAIN_PATH = re.compile(r"[\w-]+(?:/[\w-]+)*")
_INDEXES = ("index", "README")
_MAX_SEGMENT = 255
_LONGEST = _MAX_SEGMENT - len(".md")


def check_pattern(pattern: str) -> str:
    """The pattern itself, of the blog plugin's own configuration.

    Raises:
        FeedsError: it holds a placeholder that does not exist.
    """
    for name in _PLACEHOLDER.findall(pattern):
        if name not in _MATERIAL:
            raise FeedsError(
                f"the permalink pattern {pattern!r} has the unknown placeholder {{{name}}}",
                help="use {date}, {slug}, {file} and {categories}",
                rule="permalink",
            )
    return pattern


def own_address(pattern: str, folder: str, directory_urls: bool) -> tuple[str, str, bool]:
    """A pattern of the settings as `permalink` takes it: with the folder and kind of address that it means.

    One that begins with `/` counts from the site, one that ends with `.html` names the file itself.
    """
    below = "" if pattern.startswith("/") else folder
    return pattern.removesuffix(".html"), below, directory_urls and not pattern.endswith(".html")


def permalink_rule(
    pattern: str,
    *,
    folder: str,
    date: Callable[[dt.datetime], str],
    slugify: Slugify,
    categories: Slugify,
    max_categories: int,
    directory_urls: bool,
) -> Callable[[Naming], str]:
    """Gives the path of a post below the site's URL, percent-encoded, as the blog plugin and MkDocs make it.

    It raises FeedsError where the path leads out of the site, or no disk could hold its name.
    """
    values: dict[str, Callable[[Naming], str]] = {
        "date": lambda naming: date(naming.date),
        "year": lambda naming: f"{naming.date.year:04}",
        "month": lambda naming: f"{naming.date.month:02}",
        "day": lambda naming: f"{naming.date.day:02}",
        "slug": lambda naming: naming.slug or slugify(naming.heading),
        "file": lambda naming: naming.stem,
        "path": lambda naming: posixpath.splitext(naming.path)[0],
        "categories": lambda naming: "/".join(map(categories, naming.categories[:max_categories])),
    }
    first, *rest = _PLACEHOLDER.split(pattern)
    parts = [(values[name], literal) for name, literal in zip(rest[::2], rest[1::2], strict=True)]
    prefix, ending = f"{folder}/" if folder else "", "/" if directory_urls else ".html"

    def rule(naming: Naming) -> str:
        filled = first
        for value, literal in parts:
            filled += value(naming) + literal
        path = prefix + filled
        if _PLAIN_PATH.fullmatch(path) and not path.endswith(_INDEXES):
            encoded = path if path.isascii() else quoted(path)
            if len(encoded) <= _LONGEST:
                return encoded + ending
        path = posixpath.normpath(posixpath.join(folder, posixpath.normpath(filled.strip("/"))))
        return page_address(_checked(path), directory_urls)

    return rule


def _checked(path: str) -> str:
    if path == ".." or path.startswith(("../", "/")) or "\0" in path:
        raise FeedsError(
            f"the address {path!r} leads out of the site", help="change the slug", rule="permalink"
        )
    if len(path.encode()) > _LONGEST and any(len(part.encode()) > _LONGEST for part in path.split("/")):
        raise FeedsError(
            f"the address has a part longer than {_MAX_SEGMENT} bytes",
            help="give the post a shorter slug",
            rule="permalink",
        )
    return path


def page_address(path: str, directory_urls: bool) -> str:
    """Where MkDocs publishes the page of a path without its ending, percent-encoded."""
    parent, stem = posixpath.split(path)
    if not directory_urls:
        return quoted(posixpath.join(parent, "index.html" if stem == "README" else f"{stem}.html"))
    if stem in _INDEXES:
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


def page_rule(url: str, directory_urls: bool) -> Callable[[str], str]:
    """Gives the absolute address of the page of a Markdown file, as MkDocs publishes it."""
    return lambda path: url + page_address(posixpath.splitext(path)[0], directory_urls)


def media_rule(url: str, moves: tuple[tuple[str, str], ...] = ()) -> Callable[[str, str, str], str]:
    """Gives the absolute address of a file that is no page: its path, save for those among the posts.

    Args:
        url: the site's URL.
        moves: folders whose files are published elsewhere, with that path below the site's URL.
    """

    def rule(path: str, source: str, page: str) -> str:
        for folder, home in moves:
            if folder not in ("", ".") and path.startswith(f"{folder.rstrip('/')}/"):
                return url + home + quoted(path.removeprefix(f"{folder.rstrip('/')}/"))
        return url + quoted(path)

    return rule
