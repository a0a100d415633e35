"""The filter `markdownify`, by which templates have Markdown made HTML among what they write themselves."""

from __future__ import annotations

from feeds.errors import FeedsError
from feeds.posts.commonmark import CommonMark
from feeds.posts.liquid_filters import shown
from feeds.posts.scope import Scope

_MAX_MARKDOWN = 200_000
"""Characters that templates may have made HTML in one post."""


class MarkdownFilter:
    """HTML by the site's own Markdown, of a limited amount of text in a post."""

    def __init__(self, scope: Scope) -> None:
        self._extensions = {each.name: each.options for each in scope.site.markdown}
        self._parser: CommonMark | None = None
        self._left = _MAX_MARKDOWN

    def __call__(self, value: object) -> str:
        """The HTML of a value.

        Raises:
            ValueError: it cannot be read, or there is too much of it.
        """
        text = shown(value)
        self._left -= len(text)
        if self._left < 0:
            raise ValueError("there is too much of it")
        parser = self._parser or CommonMark(self._extensions, lambda finding: None)
        self._parser = None  # a parser that raises is not used again
        try:
            rendered = parser.convert(text, None)
        except FeedsError as error:
            raise ValueError(error.message) from None
        self._parser = parser
        return rendered
