"""What is known of posts' files from the last build, so that those that have not changed are not read."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from feeds.errors import Finding
from feeds.index import Index, encoded, pack_finding, unpack_finding
from feeds.model import Author, Excerpting, Post, Site, Source
from feeds.posts.load import Body, digest_of, let_go
from feeds.sight import State, state_of

_AUTHOR = tuple(entry.name for entry in fields(Author))
_RULE = tuple(entry.name for entry in fields(Excerpting))

Load = Callable[[], tuple[Source, str]]
"""Reads a file again: the source, and the file's digest."""

Packed = Any
"""What JSON can hold."""


@dataclass(frozen=True, slots=True)
class KnownFile:
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
    kept: list[str] = field(default_factory=list)
    authors: dict[tuple[str, ...], Author] = field(default_factory=dict)
    rules: dict[tuple[Any, ...], Excerpting] = field(default_factory=dict)

    def find(self, path: str, load: Load) -> KnownFile | None:
        """What is known of a file; None if it has changed, or was not there.

        Args:
            path: the file's, relative to the docs folder.
            load: reads it again, should it be asked for.
        """
        if self.index is None or (value := self.index.recall(key := self._key_of(path))) is None:
            return None
        if (state := self._state(path)) is None:
            return None
        stamped, sha, *rest = value["file"]
        if tuple(stamped) != state or not self.index.is_settled(state):
            if stamped[0] != state[0] or _digest(f"{self.site.docs}/{path}") != sha:
                return None
            self.index.keep(key, {"file": [state, sha, *rest]})
        self.kept.append(key)
        return self._known(sha, rest, load)

    def packed(self, found: KnownFile) -> bytes:
        """A file that was read, as it is remembered."""
        post = _packed(found.post, self.zone) if found.post else None
        findings = list(map(pack_finding, found.findings))
        return encoded({"file": [found.state, found.digest, found.status, found.title, post, findings]})

    def unpacked(self, path: str, data: bytes, load: Load) -> KnownFile:
        """A file that was read elsewhere, as `packed` gave it; it is kept."""
        _, sha, *rest = json.loads(data)["file"]
        self.keep(path, data)
        return self._known(sha, rest, load)

    def keep(self, path: str, data: bytes) -> None:
        """Remember a file."""
        if self.index is not None:
            self.kept.append(key := self._key_of(path))
            self.index.keep(key, data)

    def forget(self) -> None:
        """Remember none of what was read in this build."""
        for key in self.kept if self.index else ():
            self.index.forget(key)  # type: ignore[union-attr]

    def _state(self, path: str) -> State | None:
        try:
            return state_of(os.stat(f"{self.site.docs}/{path}"))  # noqa: PTH116 - thousands of files
        except (OSError, ValueError):
            return None

    def _key_of(self, path: str) -> str:
        named = f"{self.key}/{path}".encode("utf-8", "surrogateescape")
        return f"post-{hashlib.blake2b(named, digest_size=12).hexdigest()}"

    def _known(self, sha: str, rest: Sequence[Any], load: Load) -> KnownFile:
        status, title, post, findings = rest
        made = self._unpacked(post, Body(load, sha)) if post else None
        return KnownFile(status, title, made, tuple(map(unpack_finding, findings)), digest=sha)

    def _unpacked(self, packed: Packed, body: Body) -> Post:
        (path, shown, line), texts, instants, people, names, pinned, rule = packed
        id, url, title, language, description, image, comments, rights = texts
        published, updated, due, expires = (_instant(each, self.zone) for each in instants)
        assert published is not None
        assert updated is not None
        return Post(
            id=id,
            url=url,
            title=title,
            published=published,
            updated=updated,
            authors=tuple(self._author(tuple(each)) for each in people),
            categories=tuple(names[0]),
            tags=tuple(names[1]),
            language=language,
            description=description,
            image=image,
            pinned=pinned,
            source=let_go(path, shown, line, body),
            excerpting=self._rule(rule),
            due=due,
            expires=expires,
            comments=comments,
            rights=rights,
        )

    def _author(self, packed: tuple[str, ...]) -> Author:
        if packed not in self.authors:
            self.authors[packed] = Author(*packed)
        return self.authors[packed]

    def _rule(self, packed: Sequence[Any]) -> Excerpting:
        key = (tuple(packed[0]), *packed[1:])
        if key not in self.rules:
            self.rules[key] = Excerpting(*key)
        return self.rules[key]


def _instant(packed: str | None, zone: dt.tzinfo) -> dt.datetime | None:
    if packed is None:
        return None
    instant = dt.datetime.fromisoformat(packed)
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _packed(post: Post, zone: dt.tzinfo) -> Packed:
    source = post.source
    instants = (post.published, post.updated, post.due, post.expires)
    return [
        [source.path, source.fields.path, source.body_line],
        [
            post.id,
            post.url,
            post.title,
            post.language,
            post.description,
            post.image,
            post.comments,
            post.rights,
        ],
        [_packed_instant(each, zone) for each in instants],
        [[getattr(author, name) for name in _AUTHOR] for author in post.authors],
        [list(post.categories), list(post.tags)],
        post.pinned,
        [getattr(post.excerpting, name) for name in _RULE],
    ]


def _packed_instant(instant: dt.datetime | None, zone: dt.tzinfo) -> str | None:
    """With its own offset; without one where it is that of the site's zone."""
    if instant is None:
        return None
    return (instant.replace(tzinfo=None) if instant.tzinfo is zone else instant).isoformat()


def _digest(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return digest_of(file.read())
    except OSError:
        return None
