"""The file that says who the authors are: `.authors.yml` of Material's blog plugin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from feeds.data import parse_yaml, place
from feeds.errors import FeedsError
from feeds.generators.base import web_address
from feeds.generators.mkdocs.values import text_of
from feeds.model import Author
from feeds.texts import load_text


def load_authors(path: Path, name: str, url: str, profile: Callable[[str, str], str]) -> dict[str, Author]:
    """The authors' file, by id; empty when there is none.

    Args:
        path: the file; `authors:` and, as before Material 9.5, a flat mapping are understood.
        name: what messages call it.
        url: the site's URL, for relative addresses.
        profile: the path of an author's page by slug and name, "" when there is none.

    Raises:
        FeedsError: the file is no YAML, or an author has no name.
    """
    if not path.exists():
        return {}
    fields = parse_yaml(load_text(path, name), name)
    table = fields.values.get("authors", fields.values)
    authors = {}
    for key, value in table.items() if isinstance(table, dict) else ():
        given = value if isinstance(value, dict) else {}
        person = text_of(given, "name")
        if not person:
            at = place(value, name)
            raise FeedsError(f"the author {key!r} has no name", at, "write name: below it", rule="authors")
        page = profile(text_of(given, "slug", key), person)
        authors[key] = Author(
            name=" ".join(person.split()),
            id=key,
            url=web_address(text_of(given, "url"), url) or (url + page if page else ""),
            email=text_of(given, "email"),
            avatar=web_address(text_of(given, "avatar"), url),
        )
    return authors
