"""The files that belong to a post: its picture, and what it is published for; the network is never asked."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from feeds.data import is_null
from feeds.errors import Finding, Severity
from feeds.model import Media, Post, Report, Scalar, Value
from feeds.posts.links import Links
from feeds.posts.tree import Node, walk

TYPES: Mapping[str, str] = {
    ".apng": "image/apng",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mp4": "video/mp4",
    ".ogv": "video/ogg",
    ".webm": "video/webm",
    ".epub": "application/epub+zip",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".torrent": "application/x-bittorrent",
    ".txt": "text/plain",
    ".zip": "application/zip",
}
"""Media types by the file's ending (IANA): not those of the machine, which differ from one to the next."""

_ANY = "application/octet-stream"
_NO_PICTURES = frozenset({".svg"})
"""Endings of images that are badges and icons more often than pictures, and that few readers show."""


def entry_image(post: Post, nodes: Iterable[Node], links: Links) -> Media | None:
    """The picture that stands for a post: that of its front matter, else the first in its text.

    Size and type are read from the file where it lies among the sources.
    """
    if post.image:
        return _media(post.image, post, links)
    sources = (part.attrs.get("src", "") for part in walk(nodes) if part.tag == "img")
    found = (_media(source, post, links) for source in sources if _ending(source) not in _NO_PICTURES)
    return next((media for media in found if media), None)


def entry_enclosure(post: Post, links: Links, report: Report) -> Media | None:
    """The file that a post is published for: `enclosure` in its front matter, an address or a table.

    Args:
        post: its `enclosure` is an address or a path, or a table of `url`, `type` (a media type) and `length`
            (in bytes).
        links: for the address.
        report: told of one that cannot be used.
    """
    value = post.source.fields.values.get("enclosure")
    if value is None or is_null(value):
        return None
    given: Mapping[str, Value] = value if isinstance(value, dict) else {"url": value}
    written = {key: str(item).strip() for key, item in given.items() if isinstance(item, Scalar)}
    media = _media(written.get("url", ""), post, links)
    length = written.get("length", "")
    if media is None or (length and not re.fullmatch("[0-9]{1,15}", length)):
        message = f"the length {length!r} is no number of bytes" if media else "the enclosure has no address"
        help = "write enclosure: {url: /audio/1.mp3, type: audio/mpeg, length: 1234567}"
        report(Finding(Severity.WARNING, "enclosure", message, post.source.fields.at("enclosure"), help))
        return None
    kind = written.get("type") or media.type or _ANY
    return Media(media.url, kind, int(length) if length else media.length)


def _media(written: str, post: Post, links: Links) -> Media | None:
    url = links.resolve(written, post.source.path, post.url) if written else None
    if not url or not url.startswith(("http:", "https:")):
        return None
    file = links.local_file(written, post.source.path)
    kind = TYPES.get(_ending(url), "")
    if file is None:
        return Media(url, kind)
    width, height = _pixels(file) if kind.startswith("image/") else (None, None)
    return Media(url, kind, file.stat().st_size, width, height)


def _ending(url: str) -> str:
    try:
        return posixpath.splitext(urlsplit(url).path)[1].lower()
    except ValueError:
        return ""


def _pixels(file: Path) -> tuple[int | None, int | None]:
    """Width and height of a picture; None where the file does not tell them."""
    import imagesize

    try:
        width, height = imagesize.get(file)
    except (OSError, ValueError):
        return None, None
    return (int(width), int(height)) if width > 0 and height > 0 else (None, None)
