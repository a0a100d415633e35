"""Which posts may be changed below the mark of their excerpt, and no feed, letter or page shows it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from math import inf

from feeds.config import Settings
from feeds.errors import Finding
from feeds.gathering import is_of_its_file
from feeds.index import digest, program_version
from feeds.model import Entry, Site
from feeds.posts.below import note_of
from feeds.posts.collect import Collection
from feeds.posts.rendering import Renderer
from feeds.sight import State, state_of


def note_posts(
    settings: Settings,
    site: Site,
    docs: str,
    collection: Collection,
    entries: Iterable[Entry],
    findings: Iterable[Finding],
    known: Mapping[str, str],
    states: Mapping[str, State],
) -> dict[str, str]:
    """What of each post matters, as `feeds.posts.below` compares it, by the absolute path of its file.

    By "" there is what all of it was made with: a digest, and the names of the Markdown extensions.

    Args:
        settings: the project's.
        site: whose posts.
        docs: the absolute path of the site's folder.
        collection: the posts.
        entries: those that something shows.
        findings: what was found, which may name lines of posts.
        known: notes of posts that have not changed since.
        states: the state of every file when it was read for the build.
    """
    renderer = Renderer(site, lambda finding: None)
    posts = (*collection.published, *collection.held, *collection.expired)
    rules = {post.excerpting.marks for post in posts}
    whole = settings.feeds.content != "excerpt" or site.templating or len(rules) != 1
    if whole or not is_of_its_file(settings, site, renderer):
        return {}
    marks = rules.pop()
    notes = {"": " ".join((digest([program_version(), marks]), *renderer.extensions))}
    if known.get("") != notes[""]:
        known = {}
    last = _last_lines(findings)
    templates = settings.newsletter.templates
    own = os.path.normpath(settings.root.absolute() / templates / "_")[:-1] if templates else ""
    for name, shown in _files(site, collection, entries):
        path = os.path.join(docs, *name.split("/"))
        if own and path.startswith(own):  # a template may take it in
            continue
        note = known.get(path)
        if note is None:
            note, status = note_of(path, marks)
            if status is None or states.get(path) != state_of(status):
                continue
        parts = note.split(" ")[:4]
        if not note or last.get(site.docs_name + name, 0) <= int(parts[2]):
            notes[path] = " ".join((*parts, *shown)) if note else ""
    return notes


def _files(
    site: Site, collection: Collection, entries: Iterable[Entry]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The files of posts of which not everything may matter; of those that are shown, how they are."""
    shown = {entry.post.source.path: entry for entry in entries}
    for post in (*collection.published, *collection.held, *collection.expired):
        entry = shown.get(post.source.path)
        if entry is None:
            yield post.source.path, ()
        elif entry.below is not None:
            yield post.source.path, (entry.below, str(entry.reading_minutes))
    for hidden in collection.hidden:
        yield hidden.path.removeprefix(site.docs_name), ()


def _last_lines(findings: Iterable[Finding]) -> dict[str, float]:
    """The last line of each file in which something was found; beyond all where the line is not known."""
    last: dict[str, float] = {}
    for finding in findings:
        if finding.at:
            last[finding.at.path] = max(last.get(finding.at.path, 0), finding.at.line or inf)
    return last
