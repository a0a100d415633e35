"""An issue of the newsletter, and the letter made of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from feeds.model.post import Entry


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of an issue with its entries, newest first."""

    title: str
    slug: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """A newsletter's issue: which posts, under which headings, from day `first` to day `last`."""

    id: str
    title: str
    subject: str
    preheader: str
    first: dt.date
    last: dt.date
    url: str
    sections: tuple[Section, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry once, in the order of the letter."""
        return tuple(entry for section in self.sections for entry in section.entries)


@dataclass(frozen=True, slots=True)
class Letter:
    """An issue as it goes out: `html` with its CSS inlined, `text` its twin, `page` the issue on the site."""

    issue: Issue
    html: str
    text: str
    page: str
