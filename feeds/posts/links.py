"""Addresses in posts made absolute: by the source file for what generators move, else as browsers do."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from feeds.model import Site
from feeds.posts.tree import plain_characters
from feeds.watch import note_looked

WEB_SCHEMES = frozenset({"http", "https"})
"""What an image can be fetched from."""

LINK_SCHEMES = WEB_SCHEMES | {"mailto", "tel", "xmpp"}
"""What a link can lead to; all others are dropped, `javascript:` and `data:` first."""

PICTURES = (".apng", ".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
"""The endings of pictures."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FILE_NAME = re.compile(r"[^/]\.[A-Za-z][A-Za-z0-9]{0,9}$")
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_PATH_SAFE = "%/:@!$&'()*+,;=~"
_UNUSUAL = re.compile(r"[^!-\[\]-~]")
"""What browsers may read in another way: blanks, control characters, backslashes; and what is not ASCII."""

_CHARACTERS = rf"(?:[A-Za-z0-9._{_PATH_SAFE.replace('%', '')}-]|%[0-9A-Fa-f]{{2}}"
_PLAIN_ADDRESS = re.compile(
    rf"https?://[a-z0-9._-]+(?:/{_CHARACTERS})*)?(?:\?{_CHARACTERS}|\?)+)?(?:#{_CHARACTERS}|\?)+)?"
)
"""An address in which nothing has to be changed."""

_OUTER_BLANKS = "".join(map(chr, range(0x21)))


class Links:
    """Where the addresses in a site's posts lead.

    Args:
        site: its URL, its docs folder, and the folders of posts that are published elsewhere.
        pages: the absolute URL of every page by its path relative to the docs folder.
    """

    def __init__(self, site: Site, pages: Mapping[str, str]) -> None:
        self._site = site
        self._way_back = "../" * site.docs_name.count("/") + site.docs_name
        self.pages = pages
        self.pictures: dict[str, Path] = {}
        """The files behind the pictures that were resolved so far, by their absolute URLs."""

    def resolve(self, url: str, source_path: str, page_url: str) -> str | None:
        """The absolute, percent-encoded URL that an address means; None if a feed must not carry it.

        Args:
            url: as written in the post.
            source_path: the post's file, relative to the docs folder.
            page_url: where the post is published.
        """
        url = _as_browsers_read(self._site.rewrite_link(url, source_path))
        if scheme := _SCHEME.match(url):
            return _absolute(url) if scheme[1].lower() in LINK_SCHEMES else None
        if url.startswith(("#", "?", "//")) or not url:
            return _join(page_url, url)
        if not (parts := _split(url)):
            return None
        target = self._target(unquote(parts.path), source_path)
        if page := self.pages.get(target):
            return _join(page, urlunsplit(("", "", "", parts.query, parts.fragment)))
        media_url = self._site.media_url
        if media_url and not url.startswith("/") and self._moves_with_source(target, parts.path, page_url):
            media = media_url(target, source_path, page_url)
            found = _join(media, urlunsplit(("", "", "", parts.query, parts.fragment))) if media else None
        else:
            found = _join(page_url, url)
        if found and target.lower().endswith(PICTURES) and self._is_file(target):
            self.pictures[found] = self._site.docs / target
        return found

    def missing(self, url: str, source_path: str) -> str | None:
        """The Markdown file that an address names although the site has none such; None if all is well."""
        url = _as_browsers_read(self._site.rewrite_link(url, source_path))
        if not url or _SCHEME.match(url) or url.startswith(("#", "?", "//")) or not (parts := _split(url)):
            return None
        target = self._target(unquote(parts.path), source_path)
        # Pages may be written in HTML, but a link to .html names what is published.
        written = target.lower().endswith(self._site.endings) and not target.lower().endswith(
            (".html", ".htm")
        )
        known = target in self.pages or not written
        return None if known else target

    def local_file(self, url: str, source_path: str) -> Path | None:
        """The file of the docs folder that an address in a post names, and that is published as it is."""
        url = _as_browsers_read(self._site.rewrite_link(url, source_path))
        parts = _split(url)
        if not url or _SCHEME.match(url) or url.startswith(("#", "?", "//")) or not parts:
            return None
        target = self._target(unquote(parts.path), source_path)
        if target.lower().endswith(self._site.endings):  # what is published there is another file
            return None
        return self._site.docs / target if self._is_file(target) else None

    def is_file(self, url: str, source_path: str) -> bool:
        """Whether an address names a file beside the post's source."""
        url = _as_browsers_read(self._site.rewrite_link(url, source_path))
        if not url or _SCHEME.match(url) or url.startswith(("#", "?", "/")) or not (parts := _split(url)):
            return False
        return self._is_file(self._target(unquote(parts.path), source_path))

    def _target(self, path: str, source_path: str) -> str:
        """A path of the docs folder; it begins with `..` where it leads out of it."""
        if path.startswith("/"):
            return posixpath.normpath(path).lstrip("/")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source_path), path))
        return target.removeprefix(self._way_back) if target.startswith("../") else target

    def _moves_with_source(self, target: str, path: str, page_url: str) -> bool:
        """Whether the address names a file beside the source, and not one beside the published page.

        In raw HTML authors write what works on the site; generators leave that as it is.
        """
        if (
            target.startswith("../")
            or target.lower().endswith(self._site.endings)
            or not _FILE_NAME.search(path)
        ):
            return False
        if self._is_file(target):
            return True
        beside_page = _join(page_url, path) or ""
        return not self._is_file(unquote(beside_page.removeprefix(self._site.url)))

    def _is_file(self, path: str) -> bool:
        note_looked(f"{self._site.docs}/{path}")
        return os.path.isfile(os.path.join(self._site.docs, path))  # noqa: PTH113 - in a third of the time


def _as_browsers_read(url: str) -> str:
    """Without blanks around it, tabs, line ends, and backslashes for slashes (URL standard, section 4.4)."""
    if not _UNUSUAL.search(url):
        return url
    url = re.sub(r"[\t\n\r]", "", plain_characters(url).strip(_OUTER_BLANKS))
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in WEB_SCHEMES:
        return url
    return re.sub(r"^[^?#]+", lambda path: path[0].replace("\\", "/"), url)


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # http://[bad
        return None


def _join(base: str, url: str) -> str | None:
    try:
        return _absolute(urljoin(base, url) if url else base.split("#")[0])
    except ValueError:
        return None


def _absolute(url: str) -> str | None:
    """An absolute URL in ASCII; None if it names no host."""
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    parts = _split(_STRAY_PERCENT.sub("%25", url))
    if parts is None:
        return None
    scheme = parts.scheme.lower()
    if scheme not in WEB_SCHEMES:
        return f"{scheme}:{_quote(url.split(':', 1)[1], '?#')}" if scheme in LINK_SCHEMES else None
    authority = _authority(parts)
    if authority is None:
        return None
    return urlunsplit(
        (scheme, authority, _quote(parts.path), _quote(parts.query, "?"), _quote(parts.fragment, "?"))
    )


def _authority(parts: SplitResult) -> str | None:
    user, at, _ = parts.netloc.rpartition("@")
    try:
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except ValueError:  # a port that is no number, a name that IDNA forbids
        return None
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host):
        return None
    return f"{_quote(user)}{at}{host}" + (f":{port}" if port is not None else "")


def _quote(text: str, more: str = "") -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=_PATH_SAFE + more)
