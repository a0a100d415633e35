"""A letter's size: what it may be, which entries cost most, and how it is shortened to fit.

Gmail cuts a letter off at about 102 KB of HTML, and hides the foot with the link to unsubscribe. A letter
beyond `TOO_LARGE` is therefore shortened to `TARGET`, step by step, by a rule that depends on nothing but the
issue and the bytes of its entries:

1. The section whose entries have the most bytes gives its last entry, which becomes a line with its title.
   The lead never does, and no section gives its only entry while another has more than one. Of sections of
   the same size the later one gives.
2. A section shows `TITLES` such lines at most; what goes beyond is counted: "12 more on the site".
3. Once no entry is left, the section with the most titles gives its last one to that count.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise
from typing import NamedTuple

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import UNSUBSCRIBE_URL, Entry, Issue, Report, Section

LARGE = 80_000
"""Bytes of HTML from which a letter is near the size at which Gmail cuts it off."""

TARGET = 90_000
"""Bytes that a letter which has to be shortened keeps to."""

TOO_LARGE = 100_000
"""Bytes of HTML beyond which Gmail cuts a letter off; measured limits lie between 100 and 105 KB."""

TITLES = 10
"""The most posts of a section that a shortened letter shows by their titles."""

LINK = 200
"""Bytes at which each link to unsubscribe is counted: a reader's own address is longer than its stand-in."""

_LINE = 300
"""Bytes of a title's line besides title and address, until a letter with such lines is measured."""

_PASSES = 6
_NAMED = 5
_TAG = re.compile(r"<[a-zA-Z]")
_MARK = re.compile(r"feeds[.-]invalid[/-](?:entry|end)-(\d+)[/.]")


class Cost(NamedTuple):
    """An entry and its bytes of HTML in a letter."""

    entry: Entry
    size: int


def letter_size(html: str) -> int:
    """Bytes of a letter's HTML once each reader's own links stand in it."""
    return len(html.encode()) + html.count(UNSUBSCRIBE_URL) * (LINK - len(UNSUBSCRIBE_URL))


def fit(
    issue: Issue,
    render: Callable[[Issue], str],
    inline: Callable[[str, Issue], str],
    overflow: str,
    report: Report,
) -> tuple[Issue, str]:
    """The issue as its letter shows it, and the letter's HTML.

    Args:
        issue: all that the letter is to hold.
        render: makes HTML of an issue, without its styles.
        inline: writes the styles into that HTML.
        overflow: `shorten` or `fail`, for what is to become of a letter that is too large.
        report: told of a letter that is large, or was shortened.

    Raises:
        FeedsError: the letter is too large and is not to be shortened.
    """
    shown, raw = issue, render(issue)
    # Styles only add bytes: what is too large without them needs no inlining to know it.
    if overflow == "shorten" and letter_size(raw) > TOO_LARGE:
        shown = shorten_issue(issue, _costs(issue, render, raw), letter_size(raw) - TOO_LARGE)
        raw = render(shown)
    html = inline(raw, shown)
    size = letter_size(html)
    if shown is issue and (size <= TOO_LARGE or overflow == "fail"):
        _check_size(issue, size, lambda: _costs(issue, render, html), report)
        return issue, html
    for _ in range(_PASSES):
        if size <= TARGET:
            break
        shorter = shorten_issue(shown, _costs(shown, render, html), size - TARGET)
        if shorter == shown:
            break
        shown = shorter
        html = inline(render(shown), shown)
        size = letter_size(html)
    report(_shortened(issue, shown, size))
    return shown, html


def shorten_issue(issue: Issue, costs: Sequence[Cost], excess: int) -> Issue:
    """The issue with so many entries less that about `excess` bytes are saved, by the rule of this module."""
    size = {cost.entry.post.id: cost.size for cost in costs}
    rooms = [_Room(section, size) for section in issue.sections]
    while excess > 0 and (room := _giving(rooms)):
        excess -= room.give(size)
    return replace(issue, sections=tuple(room.section for room in rooms))


class _Room:
    """A section while it is shortened."""

    def __init__(self, section: Section, size: Mapping[str, int]) -> None:
        self._section = section
        self.entries = list(section.entries)
        self.titles = list(section.titles)
        self.more = section.more
        self.bytes = sum(size[entry.post.id] for entry in section.entries)

    @property
    def section(self) -> Section:
        entries, titles = tuple(self.entries), tuple(self.titles)
        return replace(self._section, entries=entries, titles=titles, more=self.more)

    def give(self, size: Mapping[str, int]) -> int:
        """Show a post less, and return about how many bytes that saves."""
        before, saved = self._lines(), 0
        if self.entries:
            last = self.entries.pop()
            saved = size[last.post.id]
            self.bytes -= saved
            self.titles.insert(0, last.post)
            self.more += len(self.titles[TITLES:])
            del self.titles[TITLES:]
        else:
            self.titles.pop()
            self.more += 1
        return saved + before - self._lines()

    def _lines(self) -> int:
        """About the bytes of the lines of titles and of the count."""
        titles = sum(len(post.title.encode()) + len(post.url) + _LINE for post in self.titles)
        return titles + (_LINE if self.more else 0)


def _giving(rooms: Sequence[_Room]) -> _Room | None:
    """The section that gives next; None when nothing is left to give."""
    for least in (2, 1):
        able = [room for room in rooms if len(room.entries) >= least]
        if able:
            return max(reversed(able), key=lambda room: room.bytes)
    able = [room for room in reversed(rooms) if room.titles]
    return max(able, key=lambda room: len(room.titles), default=None)


# --- what an entry costs ------------------------------------------------------------------------------------


def _costs(issue: Issue, render: Callable[[Issue], str], html: str) -> tuple[Cost, ...]:
    """The bytes of each entry of the issue in its letter, in their order.

    The issue is rendered once more with marks where entries begin and end; the tags between two marks are
    the same there and in the letter.
    """
    from statistics import median_low  # few letters are so large, and it takes long to import

    entries = issue.entries
    marked = render(_marked(issue))
    # Only the body: inlining may add a <style> to the head.
    theirs, ours = (
        [tag.start() for tag in _TAG.finditer(text, max(text.find("<body"), 0))] for text in (marked, html)
    )
    bounds = _bounds(marked, len(entries))
    if len(theirs) != len(ours) or None in bounds:
        share = len(html.encode()) / (1 + sum(len(entry.excerpt.html) for entry in entries))
        return tuple(Cost(entry, round(len(entry.excerpt.html) * min(share, 3))) for entry in entries)
    ours.append(len(html))
    spans = [
        (ours[bisect_right(theirs, begin) - 1], ours[bisect_left(theirs, end)])
        for begin, end in filter(None, bounds)
    ]
    # What stands around an entry is alike for all; between the last of a section and the next is a heading.
    around = median_low([after - before for (_, before), (after, _) in pairwise(spans)] or [0])
    sizes = [len(html[begin:end].encode()) + max(around, 0) for begin, end in spans]
    return tuple(Cost(entry, size) for entry, size in zip(entries, sizes, strict=True))


def _marked(issue: Issue) -> Issue:
    """The issue with addresses of entries, and ends of their excerpts, that occur nowhere else."""
    numbers = {entry.post.id: number for number, entry in enumerate(issue.entries)}

    def mark(entry: Entry) -> Entry:
        begin, end = _marks(numbers[entry.post.id])
        html = entry.excerpt.html.replace(escape(entry.post.url), begin)
        excerpt = replace(entry.excerpt, html=f"{html}{end}")
        return replace(entry, post=replace(entry.post, url=begin), excerpt=excerpt)

    return replace(
        issue,
        lead=issue.lead and mark(issue.lead),
        sections=tuple(
            replace(section, entries=tuple(map(mark, section.entries))) for section in issue.sections
        ),
    )


def _marks(number: int) -> tuple[str, str]:
    return f"https://feeds.invalid/entry-{number}/", f"feeds-invalid-end-{number}."


def _bounds(marked: str, count: int) -> list[tuple[int, int] | None]:
    """From where to where each entry goes; None for one of which neither address nor excerpt is shown."""
    bounds: list[tuple[int, int] | None] = [None] * count
    for mark in _MARK.finditer(marked):
        number = int(mark[1])
        if number < count:
            first, _ = bounds[number] or (mark.start(), 0)
            bounds[number] = first, mark.start()
    return bounds


# --- what is said about it ----------------------------------------------------------------------------------


def _check_size(issue: Issue, size: int, costs: Callable[[], Sequence[Cost]], report: Report) -> None:
    if size <= LARGE:
        return
    most = sorted(costs(), key=lambda cost: (-cost.size, cost.entry.post.id))[:_NAMED]
    named = ", ".join(f"{each.entry.post.source.fields.path} ({each.size:,} bytes)" for each in most)
    at = Location(most[0].entry.post.source.fields.path) if most else None
    message = f"the letter {issue.id} has {_kb(size)} of HTML; "
    if size > TOO_LARGE:
        help = f'these cost most: {named}; or write overflow = "shorten" to show the last ones by title'
        raise FeedsError(f"{message}Gmail cuts it off", at, help, rule="letter-size")
    message += f"Gmail cuts off what is beyond {_kb(TOO_LARGE)}"
    report(Finding(Severity.WARNING, "letter-size", message, at, f"these cost most: {named}"))


def _shortened(issue: Issue, shown: Issue, size: int) -> Finding:
    titles, more = (after - before for before, after in zip(_brief(issue), _brief(shown), strict=True))
    shown_as = [
        f"{titles:,} by their titles alone" if titles > 0 else "",
        f"{more:,} only counted" if more else "",
    ]
    what = f"shows {' and '.join(filter(None, shown_as))}" if any(shown_as) else "cannot be shortened"
    message = f"the letter {issue.id} is too large for Gmail, and {what}"
    if size > TOO_LARGE:
        message += f"; with {_kb(size)} it is still cut off"
        help = "choose a shorter period, or fewer categories"
    else:
        help = 'its page on the site has every post; write overflow = "fail" to shorten it yourself'
    return Finding(Severity.WARNING, "letter-size", message, help=help)


def _brief(issue: Issue) -> tuple[int, int]:
    """How many posts titles stand for, and how many are only counted."""
    sections = issue.sections
    return sum(len(section.titles) for section in sections), sum(section.more for section in sections)


def _kb(size: int) -> str:
    return f"{size / 1000:.0f} KB"
