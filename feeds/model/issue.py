"""An issue of the newsletter, and the letter made of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from feeds.model.post import Entry, Post

UNSUBSCRIBE_URL = "https://feeds.invalid/unsubscribe"
"""Stands in letters for each recipient's own address; `.invalid` leads nowhere (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of an issue: its entries, newest first, then the posts that only their titles stand for.

    `more` counts posts beyond those, which are on the site; `url` is the category's page, "" without one.
    """

    title: str
    slug: str
    entries: tuple[Entry, ...]
    titles: tuple[Post, ...] = ()
    more: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """A newsletter's issue: which posts, under which headings, from day `first` to day `last`.

    `intro` is the editor's introduction as clean HTML with absolute URLs, `intro_text` its plain-text twin;
    `lead` the entry that stands before all sections, and in none of them.
    """

    id: str
    title: str
    subject: str
    preheader: str
    first: dt.date
    last: dt.date
    url: str
    sections: tuple[Section, ...]
    intro: str = ""
    intro_text: str = ""
    lead: Entry | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry once, in the order of the letter."""
        lead = (self.lead,) if self.lead else ()
        return lead + tuple(entry for section in self.sections for entry in section.entries)

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post once, in the order of the letter, those of titles alone too."""
        lead = (self.lead.post,) if self.lead else ()
        rest = (
            post
            for section in self.sections
            for post in (*(entry.post for entry in section.entries), *section.titles)
        )
        return lead + tuple(rest)


@dataclass(frozen=True, slots=True)
class Letter:
    """An issue as it goes out: `html` with its CSS inlined, and `text`, its plain-text twin."""

    issue: Issue
    html: str
    text: str
