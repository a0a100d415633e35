"""Pelican's own forms of links: `{filename}`, `{static}`, `{attach}`, `{category}` and so on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from feeds.errors import FeedsError
from feeds.generators.pelican.addresses import absolute, fill
from feeds.generators.pelican.posts import Articles, status_of, text_of
from feeds.generators.rules import UNDATED
from feeds.model import Fields

ENDINGS = (".md", ".markdown", ".mkd", ".mdown")
"""What Pelican reads as Markdown."""

_FORM = re.compile(r"[{|]([^{}|]*)[|}](.*)", re.DOTALL)


class Places:
    """Where the files of a site lead to.

    Args:
        articles: how addresses are made.
        docs: the folder of the content, which paths count from.
        docs_name: how messages name it.
        is_page: whether a path is that of a page.
    """

    def __init__(
        self, articles: Articles, docs: Path, docs_name: str, is_page: Callable[[str], bool]
    ) -> None:
        self._articles = articles
        self._docs = docs
        self._docs_name = docs_name
        self._is_page = is_page
        self.load = lru_cache(maxsize=1024)(self._load)

    def _load(self, path: str) -> Fields | None:
        try:
            return self._articles.matters.load(self._docs / path, path, self._docs_name + path)
        except (OSError, ValueError):  # a name that no disk can hold
            return None

    def page_url(self, path: str) -> str | None:
        """The address of a page that is no article; None for a file that is none, or is not published."""
        fields = self.load(path) if self._is_page(path) else None
        if fields is None or "title" not in fields or status_of(fields) == "skip":
            return None
        own = self._articles
        if "url" in fields:
            return absolute(text_of(fields, "url"), own.url, whole=True)
        try:
            pieces = own.pieces(fields, path, own.slug(fields, path), None)
            return absolute(fill(own.pattern("PAGE", fields, "URL"), pieces), own.url)
        except FeedsError:
            return None

    def static_url(self, path: str) -> str:
        """The address of a file that is copied as it is."""
        fields = Fields(path, self._articles.matters.of_path(path))
        if "url" in fields:
            return absolute(text_of(fields, "url"), self._articles.url, whole=True)
        pieces = self._articles.pieces(fields, path, "", None)
        return absolute(fill(self._articles.config.text("STATIC_URL"), pieces), self._articles.url)

    def attached_url(self, path: str, source: str) -> str:
        """The address of a file that moves to the page of the article that names it."""
        fields = Fields(path, self._articles.matters.of_path(path))
        article = self.load(source)
        if article is None or "url" in fields or "save_as" in fields:
            return self.static_url(path)
        beside = posixpath.relpath(path, posixpath.dirname(source) or ".")
        if beside.startswith("../"):
            beside = posixpath.basename(path)
        try:
            date = self._articles.dated(article, "date") or UNDATED
            page = self._articles.file(article, source, date)
        except FeedsError:
            return self.static_url(path)
        return absolute(
            posixpath.normpath(posixpath.join(posixpath.dirname(page), beside)), self._articles.url
        )

    def rewrite(self, url: str, source: str) -> str:
        """A link of an article: to a page, by its path from the content's folder; to all else, absolute."""
        found = _FORM.match(url.strip())
        if not found:
            return url
        what, rest = found[1], found[2]
        try:
            parts = urlsplit(unescape(rest))
        except ValueError:
            return url
        made = self._target(what, unquote(parts.path), source)
        if made is None:
            return url
        own = urlsplit(made)
        return urlunsplit((own.scheme, own.netloc, own.path, parts.query, parts.fragment))

    def _target(self, what: str, path: str, source: str) -> str | None:
        own = self._articles
        if what in ("filename", "static", "attach"):
            target = posixpath.normpath(
                path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(source), path)
            )
            if target.split("/")[0] == "..":
                return None
            if what == "filename" and target.lower().endswith((*ENDINGS, ".rst", ".html", ".htm")):
                return f"/{quote(target)}"
            return self.attached_url(target, source) if what == "attach" else self.static_url(target)
        if what == "index":
            return absolute(own.config.text("INDEX_SAVE_AS"), own.url)
        if what in ("category", "tag", "author"):
            return self.name_url(what.upper(), path)
        return None

    def name_url(self, kind: str, name: str) -> str:
        """The address of the page of a category, a tag or an author."""
        slug = self._articles.name_slug(kind, name)
        pieces = {"slug": slug, "name": name}
        return absolute(fill(self._articles.config.text(f"{kind}_URL"), dict(pieces)), self._articles.url)
