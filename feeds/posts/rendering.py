"""Markdown → the HTML that the site's own generator would make of it, as far as a feed can show it."""

from __future__ import annotations

from collections.abc import Collection

from feeds.errors import Finding
from feeds.model import Report, Site, Source
from feeds.posts.commonmark import CommonMark
from feeds.posts.dialect import Dialect
from feeds.posts.extensions import DEFAULT_EXTENSIONS, compile_extensions
from feeds.posts.heads import Head, split_head
from feeds.posts.limits import check_limits

__all__ = ["DEFAULT_EXTENSIONS", "Renderer"]


class Renderer:
    """Renders the posts of one site, one after the other; not to be shared by threads.

    Args:
        site: its kind of Markdown with extensions, and the folder that snippets come from.
        report: told once of each extension or option that is left out, and of missing snippets.
    """

    def __init__(self, site: Site, report: Report) -> None:
        self._root = site.root
        self._report = report
        self._told: set[Finding] = set()
        self._is_commonmark = site.flavour == "commonmark"
        self._extensions = (
            {extension.name: extension.options for extension in site.markdown}
            if self._is_commonmark
            else compile_extensions(site, report)
        )
        self._dialect: Dialect | CommonMark | None = None

    @property
    def options(self) -> object:
        """All that decides how it renders: the kind of Markdown, the extensions and their options."""
        return (self._is_commonmark, self._extensions)

    @property
    def reads_files(self) -> bool:
        """Whether posts may take in other files."""
        return "pymdownx.snippets" in self._extensions

    @property
    def has_told(self) -> bool:
        """Whether it has reported anything while it rendered."""
        return bool(self._told)

    def html(self, source: Source) -> str:
        """The whole post as HTML, excerpt mark and all; it is not yet clean.

        Raises:
            FeedsError: the post passes a limit, or its Markdown cannot be read.
        """
        check_limits(source)
        if source.path.lower().endswith((".html", ".htm")):
            return source.body
        return self._convert(source.body, source)

    def head(self, source: Source, marks: Collection[str]) -> Head | None:
        """The part above the excerpt's mark as HTML, where it is certain to be what it is in the whole post.

        Raises:
            FeedsError: the post passes a limit, or its Markdown cannot be read.
        """
        if self._is_commonmark or source.path.lower().endswith((".html", ".htm")):
            return None
        found = split_head(source.body, marks, self._extensions)
        if found is None:
            return None
        check_limits(source)
        return Head(self._convert(found.text, source), found.picture)

    def fragment(self, text: str) -> str:
        """A piece of Markdown by itself as HTML.

        Raises:
            FeedsError: it passes a limit, or cannot be read.
        """
        return self._convert(text, None)

    def _convert(self, text: str, source: Source | None) -> str:
        dialect = self._dialect or self._new_dialect()
        # A parser that raises is not used again: what it had begun would show up in the next post.
        self._dialect = None
        rendered = dialect.convert(text, source)
        self._dialect = dialect
        return rendered

    def _new_dialect(self) -> Dialect | CommonMark:
        if self._is_commonmark:
            return CommonMark(self._extensions, self._report_once)
        return Dialect(self._extensions, self._root, self._report_once)

    def _report_once(self, finding: Finding) -> None:
        if finding not in self._told:
            self._told.add(finding)
            self._report(finding)
