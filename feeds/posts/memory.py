"""Entries as they are remembered by the next build: what they were made of, and whether that holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from feeds.errors import Finding
from feeds.index import digest, pack_finding, unpack_finding
from feeds.model import Entry, Excerpt, Media, Post, Scalar, Site, Source
from feeds.posts.links import Links
from feeds.posts.load import file_digest
from feeds.posts.rendering import Renderer
from feeds.sight import State, state_of

Answer = str | bool | list[int] | None
Trace = list[list[Any]]
"""Questions about addresses: the method, its arguments, and what it answered."""


class TracedLinks(Links):
    """Links that remember what they were asked, and what they answered."""

    def __init__(self, links: Links) -> None:
        self.__dict__.update(links.__dict__)
        self.trace: Trace = []

    def resolve(self, url: str, source_path: str, page_url: str) -> str | None:
        """As `Links.resolve`."""
        found = super().resolve(url, source_path, page_url)
        self._note(["resolve", url, source_path, page_url, found])
        return found

    def missing(self, url: str, source_path: str) -> str | None:
        """As `Links.missing`."""
        found = super().missing(url, source_path)
        self._note(["missing", url, source_path, found])
        return found

    def local_file(self, url: str, source_path: str) -> Path | None:
        """As `Links.local_file`; with what tells whether the file is another one later."""
        found = super().local_file(url, source_path)
        self._note(["local_file", url, source_path, _state(found)])
        return found

    def is_file(self, url: str, source_path: str) -> bool:
        """As `Links.is_file`."""
        found = super().is_file(url, source_path)
        self._note(["is_file", url, source_path, found])
        return found

    def _note(self, asked: list[Any]) -> None:
        if asked not in self.trace:
            self.trace.append(asked)


def holds(trace: Trace, links: Links, is_settled: Callable[[State], bool]) -> bool:
    """Whether the same questions are answered in the same way now.

    Args:
        trace: the questions, with their answers.
        links: answers them now.
        is_settled: whether a file's times tell that it is the same.
    """
    for method, *arguments, answer in trace:
        found = getattr(links, method)(*arguments)
        if method == "local_file":
            if answer is not None and (found is None or not is_settled(state_of(found.stat()))):
                return False
            found = _state(found)
        if found != answer:
            return False
    return True


def _state(file: Path | None) -> list[int] | None:
    if file is None:
        return None
    return [*state_of(file.stat())]


def key_of_site(site: Site, renderer: Renderer, program: str, *, full: bool) -> str:
    """What all entries of a site are made of besides their posts, and the files that these take in.

    Args:
        site: the site.
        renderer: its Markdown, with its options.
        program: tells the version of this program and of its libraries, and the site's configuration.
        full: whether entries carry whole posts.
    """
    flavour = (site.flavour, site.templating, site.generator)
    return digest([program, site.url, site.docs_name, flavour, spelt(renderer.options), full])


def key_of_entry(site_key: str, post: Post, source: Source) -> str:
    """What one entry is made of; `source` has the post's text without templates."""
    fields = post.source.fields
    shown = (post.id, post.url, post.title, post.description, post.image, post.excerpting)
    places = (source.path, fields.path, source.body_line)
    if file := file_digest(source):
        held: object = ("file", file)
    else:
        held = (sorted(fields.places.items()), spelt(fields.values), source.body)
    return f"entry-{digest([site_key, shown, places, held])}"


def spelt(value: object) -> object:
    """A value in which whatever differs is told apart by `repr`."""
    if isinstance(value, Scalar):
        return (str(value), value.kind, value.quoted, value.line, value.column)
    if isinstance(value, Mapping):
        return [(str(key), spelt(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [spelt(item) for item in value]
    return value


def pack_entry(entry: Entry, trace: Trace, findings: Sequence[Finding]) -> dict[str, Any]:
    """An entry as JSON can hold it."""
    return {
        "excerpt": [entry.excerpt.html, entry.excerpt.text, entry.excerpt.is_whole],
        "content": entry.content,
        "image": list(astuple(entry.image)) if entry.image else None,
        "enclosure": list(astuple(entry.enclosure)) if entry.enclosure else None,
        "reading": entry.reading_minutes,
        "below": entry.below,
        "trace": trace,
        "findings": [pack_finding(finding) for finding in findings],
    }


def unpack_entry(value: Mapping[str, Any], post: Post) -> tuple[Entry, list[Finding]]:
    """The entry, and what was found when it was rendered; its reading time is 0 where that is not known."""
    entry = Entry(
        post=post,
        excerpt=Excerpt(*value["excerpt"]),
        content=value["content"],
        reading_minutes=value["reading"],
        image=Media(*value["image"]) if value["image"] else None,
        enclosure=Media(*value["enclosure"]) if value["enclosure"] else None,
        below=value["below"],
    )
    return entry, [unpack_finding(finding) for finding in value["findings"]]
