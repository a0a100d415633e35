"""The entries of a feed that another program wrote: their ids, so that a blog that moves can keep them."""

from __future__ import annotations

import datetime as dt
import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from feeds.errors import FeedsError, Location
from feeds.model import Post, lasting_path

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Adopted:
    """An entry of a foreign feed: its id as readers know it, its link, title and day, "" where it has none.

    `day` is that of its publication in UTC, such as `2026-11-22`.
    """

    id: str
    link: str
    title: str
    day: str = ""


def load_foreign_feed(path: Path) -> tuple[Adopted, ...]:
    """The entries of an RSS, Atom or JSON feed, in its order; those without an id or link are left out.

    Raises:
        FeedsError: the file cannot be read, or is no feed.
    """
    at = Location(path.as_posix())
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise FeedsError(f"the file is larger than {_MAX_BYTES:,} bytes", at, rule="adopt")
        data = path.read_bytes()
    except OSError as error:
        raise FeedsError(f"this cannot be read: {error.strerror}", at, rule="adopt") from None
    found = _json_entries(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else _xml_entries(data)
    if found is None:
        raise FeedsError(
            "this is no RSS, Atom or JSON feed", at, "name a file that readers fetch", rule="adopt"
        )
    return tuple(entry for entry in found if entry.id)


def _json_entries(data: bytes) -> list[Adopted] | None:
    try:
        return [_json_item(item) for item in json.loads(data.decode("utf-8-sig"))["items"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _json_item(item: Mapping[str, Any]) -> Adopted:
    id, url, title, date = (str(item.get(key) or "") for key in ("id", "url", "title", "date_published"))
    return Adopted(id or url, url, title, _day(date))


def _xml_entries(data: bytes) -> list[Adopted] | None:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    entries = [_atom_entry(entry) for entry in root.iter(f"{_ATOM}entry")]
    for prefix in ("", _RSS1):
        entries += [_rss_item(item, prefix) for item in root.iter(f"{prefix}item")]
    is_feed = entries or root.tag in (f"{_ATOM}feed", "rss")
    return entries if is_feed else None


def _atom_entry(entry: Any) -> Adopted:
    links = [
        link.get("href", "")
        for link in entry.findall(f"{_ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    date = _text(entry, f"{_ATOM}published") or _text(entry, f"{_ATOM}updated")
    title = _text(entry, f"{_ATOM}title")
    return Adopted(_text(entry, f"{_ATOM}id"), (links or [""])[0].strip(), title, _day(date))


def _rss_item(item: Any, prefix: str) -> Adopted:
    link, title = _text(item, f"{prefix}link"), _text(item, f"{prefix}title")
    date = _text(item, f"{prefix}pubDate") or _text(item, f"{_DC}date")
    return Adopted(_text(item, f"{prefix}guid") or link, link, title, _day(date))


def _day(date: str) -> str:
    """The day of a date as feeds write it, in UTC; "" for what is none."""
    for parse in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            return _utc_day(parse(date))
        except (ValueError, OverflowError):
            continue
    return ""


def _utc_day(instant: dt.datetime) -> str:
    return (instant.astimezone(dt.UTC) if instant.tzinfo else instant).date().isoformat()


def _text(parent: Any, name: str) -> str:
    found = parent.find(name)
    return "".join(found.itertext()).strip() if found is not None else ""


def match_posts(posts: Sequence[Post], entries: Sequence[Adopted]) -> dict[str, str]:
    """The id of each post that an entry is of, by the post's path: told by its address, else by its title.

    Addresses are the same whatever their host, scheme and final slash: a blog that moves changes those. What
    several posts share, as a title of each year's report, counts together with the day.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key_of_post, key_of_entry in _SIGNS:
        rest = [post for post in posts if lasting_path(post) not in found]
        ids: dict[str, set[str]] = {}
        for entry in entries:
            if entry.id not in taken and (key := key_of_entry(entry)):
                ids.setdefault(key, set()).add(entry.id)
        for key, path in _unique(rest, key_of_post):
            if len(same := ids.get(key, set())) == 1:
                found[path] = next(iter(same))
                taken |= same
    return found


def _unique(posts: Sequence[Post], key_of: Callable[[Post], str]) -> Iterator[tuple[str, str]]:
    """Each key that only one post has, with the post's path."""
    paths: dict[str, list[str]] = {}
    for post in posts:
        paths.setdefault(key_of(post), []).append(lasting_path(post))
    yield from ((key, found[0]) for key, found in paths.items() if key and len(found) == 1)


def _address(url: str) -> str:
    """What of an address a move leaves alone: its path, without an ending and a final slash."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    path = re.sub(r"/index\.html?$", "/", path).rstrip("/")
    stem, ending = posixpath.splitext(path)
    return (stem if ending in (".html", ".htm", ".php") else path).casefold()


def _name(url: str) -> str:
    """The last part of an address."""
    return _address(url).rpartition("/")[2]


def _title(text: str) -> str:
    """The letters and digits of a title, which some feeds write as HTML."""
    return "".join(re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", "", text)).casefold()))


def _with_day(key: str, day: str) -> str:
    return f"{day} {key}" if key and day else ""


_SIGNS: Sequence[tuple[Callable[[Post], str], Callable[[Adopted], str]]] = (
    (lambda post: _address(post.url), lambda entry: _address(entry.link or entry.id)),
    (lambda post: _name(post.url), lambda entry: _name(entry.link or entry.id)),
    (lambda post: _title(post.title), lambda entry: _title(entry.title)),
    (
        lambda post: _with_day(_name(post.url), _utc_day(post.published)),
        lambda entry: _with_day(_name(entry.link or entry.id), entry.day),
    ),
    (
        lambda post: _with_day(_title(post.title), _utc_day(post.published)),
        lambda entry: _with_day(_title(entry.title), entry.day),
    ),
)


def unmatched(entries: Sequence[Adopted], ids: Mapping[str, str]) -> tuple[Adopted, ...]:
    """The entries that no post was found for."""
    taken = set(ids.values())
    return tuple(entry for entry in entries if entry.id not in taken)
