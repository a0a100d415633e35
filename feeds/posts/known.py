"""What is known of posts' files from the last build, so that those that have not changed are not read.

There may be tens of thousands, and each build looks at all of them: so a file is remembered not as JSON, but
as texts with separators between them that stand in none, which are taken apart ten times as fast.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from feeds.errors import Finding
from feeds.index import SEPARATOR, Index, pack_finding, unpack_finding
from feeds.model import Author, Excerpting, Post, Site, Source
from feeds.posts.load import Body, digest_of, let_go
from feeds.sight import State, state_of

_NAME, _TEXT = "\x1d", "\x1f"
"""What ends a name in a list, and what stands between the texts of a file (ASCII's own separators)."""

_encode = json.JSONEncoder(separators=(",", ":")).encode

Load = Callable[[], tuple[Source, str]]
"""Reads a file again: the source, and the file's digest."""


class KnownFile(NamedTuple):
    """What became of a file: why it is no published post ("" if it is one), its title, the post, findings.

    `failed` tells that it could not be read, `digest` what it holds, `state` how it was before it was read.
    """

    status: str
    title: str
    post: Post | None
    findings: tuple[Finding, ...] = ()
    failed: bool = False
    digest: str = ""
    state: State | None = None


@dataclass(slots=True)
class Known:
    """The files that the last build read, by their paths, and those of this one.

    Args:
        site: whose posts they are.
        zone: that of dates without one of their own.
        is_alone: whether each post is made of its own file and the configuration alone.
        index: where they are remembered; None remembers nothing.
        key: what the reading of every post is made of besides its file.
    """

    site: Site
    zone: dt.tzinfo
    is_alone: bool = False
    index: Index | None = None
    key: str = ""
    _docs: str = field(init=False)
    _before: dict[str, bytes] = field(init=False)
    _now: dict[str, bytes] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._docs = str(self.site.docs)
        parts = self.index.take_parts(self.key) if self.index is not None else []
        self._before = dict(zip(map(bytes.decode, parts[::2]), parts[1::2], strict=False))

    def find(self, path: str, load: Load) -> KnownFile | None:
        """What is known of a file; None if it has changed, or was not there.

        Args:
            path: the file's, relative to the docs folder.
            load: reads it again, should it be asked for.
        """
        if self.index is None or (data := self._before.get(path)) is None:
            return None
        try:
            state = state_of(os.stat(f"{self._docs}/{path}"))  # noqa: PTH116 - thousands of files
        except (OSError, ValueError):
            return None
        texts = _texts(data)
        stamped, now = texts[0], _spelt(state)
        if stamped != now or not self.index.is_settled(state):
            if stamped.split()[0] != str(state[0]) or _digest(f"{self._docs}/{path}") != texts[1]:
                return None
            data = _bytes([now, *texts[1:]])
        self._now[path] = data
        return self._known(path, texts, load)

    def packed(self, found: KnownFile) -> bytes | None:
        """A file that was read, as it is remembered; None for one that cannot be."""
        assert found.state is not None
        findings = _encode(list(map(pack_finding, found.findings))) if found.findings else ""
        post = found.post
        line = str(post.source.body_line) if post else ""
        texts = [_spelt(found.state), found.digest, found.status, found.title, line, findings]
        texts += _packed(post, self.zone) if post else ()
        names = len(post.categories) + len(post.tags) if post else 0
        data = _bytes(texts)
        counts = (data.count(_TEXT.encode()), data.count(_NAME.encode()))
        return data if counts == (len(texts) - 1, names) and _is_in_one(data) else None

    def unpacked(self, path: str, data: bytes, load: Load) -> KnownFile:
        """A file that was read elsewhere, as `packed` gave it; it is kept."""
        if self.index is not None and _is_in_one(path.encode()):
            self._now[path] = data
        return self._known(path, _texts(data), load)

    def remember(self) -> None:
        """Have the next build know what was read in this one."""
        if self.index is not None and self._now:
            parts = chain.from_iterable((path.encode(), data) for path, data in self._now.items())
            self.index.keep_parts(self.key, parts)

    def _known(self, path: str, texts: list[str], load: Load) -> KnownFile:
        _, digest, status, title, line, found, *packed = texts
        post = None
        if packed:
            source = let_go(path, self.site.docs_name + path, int(line), Body(load, digest))
            post = _unpacked(packed, source, self.zone)
        findings = tuple(map(unpack_finding, json.loads(found))) if found else ()
        return KnownFile(status, title, post, findings, False, digest)


def _packed(post: Post, zone: dt.tzinfo) -> tuple[str, ...]:
    return (
        post.id,
        post.url if post.url != post.id else "",
        post.title,
        _packed_instant(post.published, zone),
        _packed_instant(post.updated, zone) if post.updated is not post.published else "",
        _packed_instant(post.due, zone) if post.due else "",
        _packed_instant(post.expires, zone) if post.expires else "",
        _packed_authors(post.authors),
        "".join([f"{name}{_NAME}" for name in post.categories]),
        "".join([f"{name}{_NAME}" for name in post.tags]),
        post.language,
        post.description,
        post.image,
        "pinned" if post.pinned else "",
        _packed_rule(post.excerpting),
        post.comments,
        post.rights,
    )


def _unpacked(packed: list[str], source: Source, zone: dt.tzinfo) -> Post:
    """The post that was packed; what is the same in many posts is one value."""
    id, url, title, published, updated, due, expires, authors, categories, tags, language, *more = packed
    description, image, pinned, rule, comments, rights = more
    instant = _instant(published, zone)
    return Post(
        id,
        url or id,
        title,
        instant,
        _instant(updated, zone) if updated else instant,
        _authors(authors),
        _names(categories),
        tuple(tags.split(_NAME)[:-1]),
        language,
        description,
        image,
        pinned != "",
        source,
        _rule(rule),
        _instant(due, zone) if due else None,
        _instant(expires, zone) if expires else None,
        comments,
        rights,
    )


def _instant(packed: str, zone: dt.tzinfo) -> dt.datetime:
    instant = dt.datetime.fromisoformat(packed)
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _packed_instant(instant: dt.datetime, zone: dt.tzinfo) -> str:
    """With its own offset; without one where it is that of the site's zone."""
    return (instant.replace(tzinfo=None) if instant.tzinfo is zone else instant).isoformat()


@lru_cache
def _packed_authors(authors: tuple[Author, ...]) -> str:
    return _encode(list(map(astuple, authors))) if authors else ""


@lru_cache
def _authors(packed: str) -> tuple[Author, ...]:
    return tuple(Author(*author) for author in json.loads(packed)) if packed else ()


@lru_cache
def _packed_rule(rule: Excerpting) -> str:
    return _encode(astuple(rule))


@lru_cache
def _rule(packed: str) -> Excerpting:
    marks, *rest = json.loads(packed)
    return Excerpting(tuple(marks), *rest)


@lru_cache
def _names(packed: str) -> tuple[str, ...]:
    return tuple(packed.split(_NAME)[:-1])


def _spelt(state: State) -> str:
    size, changed, moved, inode = state
    return f"{size} {changed} {moved} {inode}"


def _texts(data: bytes) -> list[str]:
    return data.decode("utf-8", "surrogatepass").split(_TEXT)


def _bytes(texts: list[str]) -> bytes:
    return _TEXT.join(texts).encode("utf-8", "surrogatepass")


def _is_in_one(data: bytes) -> bool:
    """Whether nothing in it would part it."""
    return SEPARATOR not in data and b"\n" not in data


def _digest(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return digest_of(file.read())
    except OSError:
        return None
