"""What the templates in Eleventy's posts can name: the post's data, the site's, and addresses."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from feeds.generators.eleventy.paths import file_path_stem, file_slug
from feeds.generators.eleventy.values import CannotTellError, Names, Term
from feeds.posts.scope import Scope

_LIVE = ("collections", "pkg", "env", "content", "templateContent", "pagination", "loop", "super")
"""Names whose values come into being while the site is built."""


def names_in(scope: Scope) -> dict[str, Term]:
    """What the templates of a post can name."""
    post = scope.posts.get(scope.source.path)
    page: dict[str, Term] = {
        "url": "/" + scope.page_url.removeprefix(scope.site.url),
        "fileSlug": file_slug(scope.source.path),
        "filePathStem": file_path_stem(scope.source.path),
        "inputPath": f"./{scope.site.docs_name}{scope.source.path}",
        "outputFileExtension": "html",
        "date": post.published if post else None,
    }
    live: dict[str, Term] = {name: CannotTellError(name) for name in _LIVE}
    own: dict[str, Term] = {**live, **scope.source.fields.values, "page": page}  # type: ignore[dict-item]
    return Names(own, scope.site.variables, CannotTellError)


def prefixed(path: str, scope: Scope) -> str:
    """What the filter `url` makes of a path: with the site's prefix, if it begins with a slash."""
    prefix = urlsplit(scope.site.url).path
    if not path.startswith("/") or path.startswith("//"):
        return path
    joined = posixpath.normpath(prefix + path.lstrip("/"))
    return f"{joined}/" if path.endswith("/") and joined != "/" else joined


def page_address(path: str, scope: Scope) -> str:
    """What the filter `inputPathToUrl` makes of the path of a template.

    Raises:
        CannotTellError: there is no such page.
    """
    path, _, fragment = path.partition("#")
    for candidate in _candidates(path, scope):
        if candidate in scope.pages:
            return scope.pages[candidate] + (f"#{fragment}" if fragment else "")
    raise CannotTellError(path)


def _candidates(path: str, scope: Scope) -> Iterator[str]:
    name = posixpath.normpath(path.lstrip("/"))
    yield name.removeprefix(scope.site.docs_name)
    yield name
    yield posixpath.normpath(posixpath.join(posixpath.dirname(scope.source.path), path))


def load_include(name: str, scope: Scope) -> str | None:
    """The text of a file that a template includes; None if there is none in the project."""
    told = scope.site.variables.get("eleventy")
    places = told.get("directories", {}) if isinstance(told, dict) else {}
    pure = PurePosixPath(name)
    if not name or pure.is_absolute() or ".." in pure.parts:
        return None
    folders = [scope.site.root / str(places[key]) for key in ("includes", "input") if key in places]
    folders.append((scope.site.docs / scope.source.path).parent)
    texts = (scope.load_text(folder / name) for folder in folders)
    return next((found for found in texts if found is not None), None)
