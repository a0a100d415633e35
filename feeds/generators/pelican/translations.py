"""Which articles are translations of others, and which are of a kind that is not read."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from feeds.errors import FeedsError, Location
from feeds.generators.base import walk_folders
from feeds.generators.pelican.addresses import check_file
from feeds.generators.pelican.links import ENDINGS, Places
from feeds.generators.pelican.posts import Articles, status_of, text_of
from feeds.generators.values import warn
from feeds.model import Fields, Report

_HEAD = 8_192
_TELLING = ("lang", "translation")
_TELLS = re.compile(rb"^(?:\xef\xbb\xbf)?[ ]{0,3}(?:lang|translation):", re.IGNORECASE | re.MULTILINE)
_META_DATE = re.compile(rb"<meta\s[^>]{0,200}name=[\"']date[\"']", re.IGNORECASE)
_UNREAD = {
    ".rst": "reStructuredText",
    ".html": "HTML",
    ".htm": "HTML",
}


def find_translations(
    articles: Articles,
    places: Places,
    docs: Path,
    is_article: Callable[[str], bool],
    excluded: Callable[[str], bool],
) -> dict[str, str]:
    """The language of each article that Pelican keeps out of the main list, by its path.

    Of published articles that share ARTICLE_TRANSLATION_ID, the slug as a rule, those in the site's language
    stay there; if there are none, all do (`pelican.utils.process_translations`).
    """
    keys = _keys(articles)
    paths = [path for path in _walk(docs, excluded) if path.endswith(ENDINGS) and is_article(path)]
    if not keys or not any(_tells(articles, docs, path) for path in paths):
        return {}
    groups: defaultdict[tuple[str, ...], list[tuple[str, Fields]]] = defaultdict(list)
    for path in paths:
        fields = places.load(path)
        if fields is None or not _is_published(articles, fields, path):
            continue
        groups[tuple(_identity(articles, fields, path, key) for key in keys)].append((path, fields))
    return {
        path: articles.language_of(fields)
        for group in groups.values()
        for path, fields in _translations(articles, group)
    }


def _is_published(articles: Articles, fields: Fields, path: str) -> bool:
    """Whether Pelican publishes an article, as far as no clock is needed to tell."""
    if "title" not in fields or status_of(fields) != "published" or not articles.is_dated(fields):
        return False
    try:
        articles.check_name(path, fields)
        date = articles.dated(fields, "date")
        articles.dated(fields, "modified")
        check_file(articles.file(fields, path, date) or "index.html")
    except FeedsError:
        return False
    return True


def _translations(articles: Articles, group: list[tuple[str, Fields]]) -> list[tuple[str, Fields]]:
    candidates = [
        item for item in group if (text_of(item[1], "translation") or "false").lower() == "false"
    ] or group
    originals = [item for item in candidates if articles.language_of(item[1]) == articles.language]
    return [item for item in group if item not in (originals or candidates)]


def _keys(articles: Articles) -> tuple[str, ...]:
    value = articles.config.get("ARTICLE_TRANSLATION_ID")
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(key) for key in value) if isinstance(value, list | tuple) else ()


def _identity(articles: Articles, fields: Fields, path: str, key: str) -> str:
    return articles.slug(fields, path) if key == "slug" else text_of(fields, key)


def _tells(articles: Articles, docs: Path, path: str) -> bool:
    """Whether an article may say that it is a translation, by its language or in so many words."""
    named = articles.matters.of_path(path)
    return any(key in named for key in _TELLING) or bool(_TELLS.search(_head(docs / path)))


def _head(path: Path) -> bytes:
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def _walk(docs: Path, excluded: Callable[[str], bool]) -> Iterator[str]:
    """Every file of the content, without folders that are none of it."""
    for folder, files in walk_folders(docs):
        parts = folder.split("/") if folder else []
        if any(excluded("/".join(parts[: count + 1]) + "/") for count in range(len(parts))):
            continue
        yield from (posixpath.join(folder, name) for name in files)


def tell_unread(
    docs: Path,
    docs_name: str,
    is_readable: Callable[[str], bool],
    excluded: Callable[[str], bool],
    report: Report,
) -> None:
    """Say once of each kind of article that is not read that there are some."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in _walk(docs, excluded):
        kind = _UNREAD.get(posixpath.splitext(path)[1])
        if kind and is_readable(path) and (kind != "HTML" or _META_DATE.search(_head(docs / path))):
            found[kind].append(path)
    for kind, paths in sorted(found.items()):
        count = f"{len(paths)} articles are" if len(paths) > 1 else "an article is"
        message = f"{count} in {kind}, which is not read"
        at, help = Location(docs_name + sorted(paths)[0]), "write them in Markdown to have them in feeds"
        warn(report, "unread", message, at, help)
