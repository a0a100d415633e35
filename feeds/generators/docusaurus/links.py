"""Where links and pictures in Docusaurus' posts lead (`@docusaurus/mdx-loader`, `resolveMarkdownLink`)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from feeds.generators.docusaurus.assets import asset_path
from feeds.generators.docusaurus.config import Docusaurus
from feeds.generators.docusaurus.posts import BlogReader
from feeds.texts import is_file

_PATHNAME = "pathname://"
_SITE = "@site/"
_ENDINGS = (".md", ".mdx")


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the links of posts are resolved with; `prefix` is where the site lies in the docs folder."""

    config: Docusaurus
    docs: Path
    prefix: str
    readers: tuple[BlogReader, ...]

    def rewrite_link(self, url: str, source: str) -> str:
        """A link as Docusaurus reads it: `baseUrl` before paths, `@site` for its folder, other posts."""
        reader = self._reader(source)
        base = reader.base if reader else self.config.base
        if url.startswith(_PATHNAME):
            return _based(url.removeprefix(_PATHNAME), base)
        path, mark, rest = _parted(url)
        if path.endswith(_ENDINGS) and ":" not in path:
            target = self._post(unquote(path), source, reader)
            return f"/{quote(target)}{mark}{rest}" if target else url
        if path.startswith(_SITE):
            return self._site_file(unquote(path.removeprefix(_SITE)), source, base) + mark + rest
        return _based(url, base) if path.startswith("/") and not path.startswith("//") else url

    def media_url(self, path: str, source: str, page: str) -> str | None:
        """The address of the copy that webpack makes of a file; None where it makes none."""
        reader = self._reader(source)
        found = asset_path(self._file(path, reader))
        return f"{reader.locale.url if reader else self.config.url}{found}" if found else None

    def _reader(self, source: str) -> BlogReader | None:
        for reader in reversed(self.readers):
            if source.startswith(f"{reader.folders.localized}/"):
                return reader
        return next((r for r in self.readers if source.startswith(f"{r.folders.content}/")), None)

    def _file(self, path: str, reader: BlogReader | None) -> Path:
        """A file by its path; beside a post that is not translated, where that lies."""
        if reader and not is_file(self.docs / path):
            folders = reader.folders
            return self.docs / folders.content / folders.inner(path)
        return self.docs / path

    def _post(self, path: str, source: str, reader: BlogReader | None) -> str:
        """The path of the post that a link names: beside the source, in the blog's folders, or the site's."""
        folders = [posixpath.dirname(source)]
        if reader:
            folders += [reader.folders.localized, reader.folders.content]
        folders.append(self.prefix.rstrip("/"))
        if path.startswith(_SITE):
            folders, path = folders[-1:], path.removeprefix(_SITE)
        elif path.startswith(("./", "../")):
            folders = folders[:1]
        for folder in folders:
            target = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
            if found := self._translated(target, reader):
                return found
        return ""

    def _translated(self, target: str, reader: BlogReader | None) -> str:
        """The path by which a post in the language at hand is known; "" if there is none."""
        if reader is None:
            return ""
        folders, inner = reader.folders, reader.folders.inner(target)
        if inner == target or not folders.has(folders.content, inner):
            return target if is_file(self.docs / target) else ""
        if reader.locale != reader.main or folders.has(folders.localized, inner):
            return posixpath.join(folders.localized, inner)
        return posixpath.join(folders.content, inner)

    def _site_file(self, path: str, source: str, base: str) -> str:
        for folder in self.config.static:
            if path.startswith(f"{folder}/"):
                return base + quote(path.removeprefix(f"{folder}/"))
        return quote(posixpath.relpath(self.prefix + path, posixpath.dirname(source) or "."))


def _based(url: str, base: str) -> str:
    return url if not url.startswith("/") or url.startswith(base) else base + url.lstrip("/")


def _parted(url: str) -> tuple[str, str, str]:
    at = min((at for sign in "?#" if (at := url.find(sign)) >= 0), default=len(url))
    return url[:at], url[at : at + 1], url[at + 1 :]
