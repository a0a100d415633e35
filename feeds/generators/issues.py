"""Where the files of the newsletter's issues lie: in a folder that is never read as posts or pages."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from pathlib import Path

from feeds.config import Settings
from feeds.generators.base import shown
from feeds.model import Site

ISSUE_ENDING = ".md"

_NAME = "newsletter"


def with_issues(site: Site, settings: Settings) -> Site:
    """The site with the folder of its issues, whose Markdown files are neither posts nor pages of it."""
    folder = _folder(site, settings)
    below = f"{shown(folder, site.docs)}/"
    excluded = site.excluded

    def is_excluded(path: str) -> bool:
        return (path.startswith(below) and is_issue_name(path.removeprefix(below))) or excluded(path)

    return replace(site, issues=folder, excluded=is_excluded)


def is_issue_name(name: str) -> bool:
    """Whether a path in the folder of issues is that of one: not its overview, and nothing hidden."""
    stem, ending = posixpath.splitext(name)
    is_other = "/" in name or name.startswith(("_", ".")) or stem.lower() in ("index", "readme")
    return ending == ISSUE_ENDING and not is_other


def _folder(site: Site, settings: Settings) -> Path:
    """The configured folder, else one beside the posts, else one that the generator does not read."""
    root = settings.root
    if settings.newsletter.issues:
        return root / settings.newsletter.issues
    if site.docs.resolve() == root.resolve():
        return root / f"_{_NAME}"
    if site.generator == "plain" and site.docs.resolve() == (root / "content").resolve():
        return site.docs / _NAME
    return root / _NAME
