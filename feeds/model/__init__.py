"""The nouns: frozen values that the steps hand to each other."""

from __future__ import annotations

from feeds.model.feed import Feed, Output
from feeds.model.issue import UNSUBSCRIBE_URL, Issue, Letter, Section
from feeds.model.post import Author, Entry, Excerpt, Excerpting, Media, Post, lasting_path, newest_first
from feeds.model.site import NO_POST, Blog, History, MarkdownExtension, Matter, Naming, Reading, Report, Site
from feeds.model.source import Fields, Scalar, Source, Value, scalar_at

__all__ = [
    "NO_POST",
    "UNSUBSCRIBE_URL",
    "Author",
    "Blog",
    "Entry",
    "Excerpt",
    "Excerpting",
    "Feed",
    "Fields",
    "History",
    "Issue",
    "Letter",
    "MarkdownExtension",
    "Matter",
    "Media",
    "Naming",
    "Output",
    "Post",
    "Reading",
    "Report",
    "Scalar",
    "Section",
    "Site",
    "Source",
    "Value",
    "lasting_path",
    "newest_first",
    "scalar_at",
]
