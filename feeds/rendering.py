"""The entries of posts: each is rendered once, many of them by several processes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feeds.gathering import Gathered
from feeds.index import Index, program_version
from feeds.model import Entry, Post
from feeds.posts.entries import render_entry
from feeds.posts.memory import key_of_site
from feeds.posts.scope import Scope
from feeds.processes import Beside, slices

_FIRST = 8
"""Posts that had to be rendered anew, after which the others are taken to have to be as well."""

_LEAST = 30
"""Posts that take longer to render than another process takes to begin."""


class Progress:
    """Is told how far the rendering of posts is; this one makes nothing of it."""

    def begin(self, total: int) -> None:
        """So many posts will be rendered."""

    def rendered(self, file: str) -> None:
        """The post of a file was."""

    def beside(self) -> Progress:
        """What is told in another process; it can be pickled."""
        return Progress()

    def join(self, other: Progress | None) -> None:
        """That process was waited for; `other` is what it told, None if it came to grief."""


class Rendering:
    """The entries of posts, each rendered once, when it is asked for.

    Args:
        gathered: the posts, and what they are rendered with; problems are reported.
        total: how many will be asked for.
        progress: told how far it is.
        index: what the last build made; None renders all of them.
    """

    def __init__(
        self, gathered: Gathered, total: int, progress: Progress | None = None, index: Index | None = None
    ) -> None:
        self._gathered = gathered
        self._progress = progress or Progress()
        self._index = Index(None) if index is None else index
        self._published = {post.source.path: post for post in gathered.collection.published}
        self._full = gathered.settings.feeds.content != "excerpt"
        made_of = f"{program_version()} {self._index.configuration}"
        self._site_key = key_of_site(gathered.site, gathered.renderer, made_of, full=self._full)
        self._entries: dict[str, Entry | None] = {}
        self._progress.begin(total)

    def entries(self, posts: Iterable[Post]) -> dict[str, Entry]:
        """The entries of posts by their ids; posts that cannot be rendered are left out."""
        wanted = {post.id: post for post in posts}
        unknown = [post for id, post in wanted.items() if id not in self._entries]
        before = len(self._index.anew)
        for number, post in enumerate(unknown):
            if len(self._index.anew) - before >= _FIRST:
                self._render_together(unknown[number:])
                break
            self._render(post)
        made = ((id, self._entries[id]) for id in wanted)
        return {id: entry for id, entry in made if entry is not None}

    def _render_together(self, posts: Sequence[Post]) -> None:
        """Render posts in their order; other processes have rendered theirs by the time that they are due."""
        first, *others = slices(posts, _LEAST)
        beside = [Beside(self._rendered_beside, part) for part in others]
        try:
            for post in first:
                self._render(post)
            for part, each in zip(others, beside, strict=True):
                lines, progress = each.made() or ({}, None)
                self._index.learn(lines)
                self._progress.join(progress)
                for post in part:
                    self._render(post)
        finally:
            for each in beside:
                each.stop()

    def _rendered_beside(self, posts: Sequence[Post]) -> tuple[dict[str, bytes], Progress]:
        """What a copy of this process remembers of posts; whatever it reports is found there again."""
        self._progress = progress = self._progress.beside()
        before = len(self._index.anew)
        for post in posts:
            self._render(post)
        return self._index.lines(self._index.anew[before:]), progress

    def _render(self, post: Post) -> None:
        gathered = self._gathered
        pages, report = gathered.links.pages, gathered.report
        scope = Scope(gathered.site, post.source, post.url, self._published, pages, report)
        self._entries[post.id] = render_entry(
            scope,
            post,
            gathered.renderer,
            gathered.links,
            full=self._full,
            index=self._index,
            site_key=self._site_key,
        )
        self._progress.rendered(post.source.fields.path)


def render_entries(gathered: Gathered, posts: Sequence[Post]) -> dict[str, Entry]:
    """The entries of posts by their ids; posts that cannot be rendered, which are reported, are left out."""
    return Rendering(gathered, len(posts)).entries(posts)
