"""Markdown → the HTML that the site's own generator would make of it, as far as a feed can show it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from feeds.errors import Finding
from feeds.model import Report, Site, Source
from feeds.posts.extensions import DEFAULT_EXTENSIONS, appended_text, compile_extensions
from feeds.posts.heads import Head, Splitter
from feeds.posts.limits import check_limits

if TYPE_CHECKING:
    from feeds.posts.commonmark import CommonMark
    from feeds.posts.dialect import Dialect

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
        self._appended = "" if self._is_commonmark else appended_text(self._extensions)
        self._splitter = Splitter(self._extensions, self._appended, is_commonmark=self._is_commonmark)
        self._dialect: Dialect | CommonMark | None = None

    @property
    def options(self) -> object:
        """All that decides how it renders: the kind of Markdown, the extensions, what is appended."""
        return (self._is_commonmark, self._extensions, self._appended)

    @property
    def extensions(self) -> tuple[str, ...]:
        """The names of the Markdown extensions that it renders with."""
        return tuple(self._extensions)

    @property
    def reads_files(self) -> bool:
        """Whether posts may take in other files."""
        return "pymdownx.snippets" in self._extensions

    def reads(self, source: Source) -> bool:
        """Whether a post takes in other files, or may."""
        return self.reads_files and (self._appended is None or "8<" in source.body)

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
        if _is_html(source):
            return source.body
        return self._convert(source.body, source)

    def head(self, source: Source, marks: Collection[str]) -> Head | None:
        """The part above the excerpt's mark as HTML, where it is certain to be what it is in the whole post.

        Raises:
            FeedsError: the post passes a limit, or its Markdown cannot be read.
        """
        return self._head(source, None if _is_html(source) else self._splitter.head(source.body, marks))

    def beginning(self, source: Source, least: int) -> Head | None:
        """The beginning of a post without a mark in the same way, made of `least` characters at the least.

        Raises:
            FeedsError: the post passes a limit, or its Markdown cannot be read.
        """
        return self._head(source, None if _is_html(source) else self._splitter.beginning(source.body, least))

    def is_unmarked(self, source: Source) -> bool:
        """Whether a post certainly has no comment in it, and so no mark of an excerpt."""
        return not _is_html(source) and self._splitter.is_unmarked(source.body)

    def pictures(self, rest: str) -> Iterator[str | None]:
        """The addresses of the pictures in what is not rendered, in order; None where that is not certain."""
        return self._splitter.pictures(rest)

    def _head(self, source: Source, found: Head | None) -> Head | None:
        if found is None:
            return None
        check_limits(source)
        return Head(self._convert(found.text, source), found.rest, found.text)

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
            from feeds.posts.commonmark import CommonMark

            return CommonMark(self._extensions, self._report_once)
        from feeds.posts.dialect import Dialect

        return Dialect(self._extensions, self._root, self._report_once, self._appended)

    def _report_once(self, finding: Finding) -> None:
        if finding not in self._told:
            self._told.add(finding)
            self._report(finding)


def _is_html(source: Source) -> bool:
    return source.path.lower().endswith((".html", ".htm"))
