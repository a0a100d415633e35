"""What the templates left in a post's Markdown can see: the site, the other posts, and local files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Post, Report, Site, Source
from feeds.texts import load_text


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds while the templates of one post are expanded.

    `page_url` is the post's own address; `posts` has every published post, and `pages` the absolute address
    of every page, by its path relative to the docs folder.
    """

    site: Site
    source: Source
    page_url: str
    posts: Mapping[str, Post]
    pages: Mapping[str, str]
    report: Report

    def warn(self, rule: str, message: str, line: int | None = None, help: str = "") -> None:
        """Report what could not be expanded; `line` counts from 1 in the post's text."""
        at = Location(self.source.fields.path, self.source.body_line + line - 1 if line else None)
        self.report(Finding(Severity.WARNING, rule, message, at, help))

    def load_text(self, path: Path) -> str | None:
        """The text of a file of the project; None for one outside it, missing, too large, or no UTF-8."""
        try:
            found = path.resolve()
            inside = found.is_relative_to(self.site.root.resolve())
            return load_text(found, path.name) if inside else None
        except (FeedsError, OSError, ValueError):  # a loop of links, a name that no disk can hold
            return None
