"""What is known of posts' files from the last build, so that those that have not changed are not read."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from feeds.errors import Finding
from feeds.index import Index, encoded, pack_finding, unpack_finding
from feeds.model import Author, Excerpting, Fields, Post, Scalar, Site, Source, Value
from feeds.posts.load import Body, digest_of

_AUTHOR = tuple(entry.name for entry in fields(Author))
_RULE = tuple(entry.name for entry in fields(Excerpting))

Packed = Any
"""What JSON can hold."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What became of a file: why it is no published post ("" if it is one), its title, the post, findings.

    `failed` tells that it could not be read, `digest` what it holds.
    """

    status: str
    title: str
    post: Post | None
    findings: tuple[Finding, ...] = ()
    failed: bool = False
    digest: str = ""


@dataclass(slots=True)
class Known:
    """The files that the last build read, by their paths, and those of this one.

    Args:
        index: where they are remembered.
        key: what the reading of every post is made of; None remembers nothing.
        site: whose posts they are.
    """

    index: Index | None
    key: str | None
    site: Site
    kept: list[str] = field(default_factory=list)
    authors: dict[tuple[str, ...], Author] = field(default_factory=dict)
    rules: dict[tuple[Any, ...], Excerpting] = field(default_factory=dict)

    def state_of(self, path: str) -> os.stat_result | None:
        """The state of a file, None where nothing is to be remembered of it."""
        if self.key is None:
            return None
        try:
            return os.stat(f"{self.site.docs}/{path}")  # noqa: PTH116 - as text, for thousands of files
        except (OSError, ValueError):
            return None

    def find(
        self, path: str, state: os.stat_result, body: Callable[[], tuple[str, str]], zone: dt.tzinfo
    ) -> KnownFile | None:
        """What is known of a file; None if it has changed, or was not there.

        Args:
            path: the file's, relative to the docs folder.
            state: how it is now.
            body: loads the text of the post and its digest, should it be asked for.
            zone: that of dates without one of their own.
        """
        if self.index is None or (value := self.index.recall(self._key_of(path))) is None:
            return None
        stamped, sha, status, title, post, findings = packed = value["file"]
        if stamped != _stamp(state) or not self.index.is_settled(state):
            if stamped[0] != state.st_size or _digest(f"{self.site.docs}/{path}") != sha:
                return None
            self._remember(path, [_stamp(state), *packed[1:]])
        made = self._unpacked(post, Body(None, body, sha), zone) if post else None
        return KnownFile(status, title, made, tuple(map(unpack_finding, findings)))

    def keep(self, path: str, state: os.stat_result, reading: KnownFile, zone: dt.tzinfo) -> None:
        """Remember a file that was read; `state` is how it was before."""
        if self.key is None:
            return
        digest = reading.digest
        post = _packed(reading.post, zone) if reading.post else None
        findings = list(map(pack_finding, reading.findings))
        self._remember(path, [_stamp(state), digest, reading.status, reading.title, post, findings])
        if reading.post and isinstance(body := reading.post.source.text, Body):
            body.digest = digest

    def forget(self) -> None:
        """Remember none of what was read in this build."""
        for key in self.kept if self.index else ():
            self.index.forget(key)  # type: ignore[union-attr]

    def _remember(self, path: str, packed: Packed) -> None:
        if self.index is not None:
            self.kept.append(key := self._key_of(path))
            self.index.keep(key, encoded({"file": packed}))  # thousands of values take less room as bytes

    def _key_of(self, path: str) -> str:
        named = f"{self.key}/{path}".encode("utf-8", "surrogateescape")
        return f"post-{hashlib.blake2b(named, digest_size=12).hexdigest()}"

    def _unpacked(self, packed: Packed, body: Body, zone: dt.tzinfo) -> Post:
        (path, shown, front_matter, line), texts, instants, people, names, pinned, rule = packed
        id, url, title, language, description, image, comments, rights = texts
        published, updated, due, expires = (_instant(each, zone) for each in instants)
        assert published is not None
        assert updated is not None
        matter = Fields(shown, _Values(front_matter), _Places(front_matter))
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
            source=Source(path, matter, body, line),
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


class _Lazy(Mapping[str, Any]):
    """A mapping that is made of what was remembered once it is asked for anything."""

    __slots__ = ("_made", "_packed")

    def __init__(self, packed: str) -> None:
        self._packed = packed
        self._made: dict[str, Any] | None = None

    def _make(self) -> dict[str, Any]:
        raise NotImplementedError

    def _dict(self) -> dict[str, Any]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, key: str) -> Any:
        return self._dict()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dict())

    def __len__(self) -> int:
        return len(self._dict())


class _Values(_Lazy):
    __slots__ = ()

    def _make(self) -> dict[str, Any]:
        return {key: _unpacked_value(value) for key, value in json.loads(self._packed)[0]}


class _Places(_Lazy):
    __slots__ = ()

    def _make(self) -> dict[str, Any]:
        return {key: (line, column) for key, line, column in json.loads(self._packed)[1]}


def _unpacked_value(packed: Packed) -> Value:
    kind, content = packed
    if kind == "list":
        return [_unpacked_value(item) for item in content]
    if kind == "dict":
        return {key: _unpacked_value(item) for key, item in content}
    text, quoted, line, column = content
    return Scalar(text, kind, quoted=quoted, line=line, column=column)


def _packed_value(value: Value) -> Packed:
    if isinstance(value, Scalar):
        return [value.kind, [str(value), value.quoted, value.line, value.column]]
    if isinstance(value, list):
        return ["list", [_packed_value(item) for item in value]]
    return ["dict", [[key, _packed_value(item)] for key, item in value.items()]]


def _packed(post: Post, zone: dt.tzinfo) -> Packed:
    source, matter = post.source, post.source.fields
    values = [[key, _packed_value(value)] for key, value in matter.values.items()]
    places = [[key, *place] for key, place in matter.places.items()]
    instants = (post.published, post.updated, post.due, post.expires)
    return [
        # As a text of its own, which is only read of the few posts of which it is asked for.
        [source.path, matter.path, json.dumps([values, places]), source.body_line],
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


def _stamp(state: os.stat_result) -> list[int]:
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns]


def _digest(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return digest_of(file.read())
    except OSError:
        return None
