"""Letters and pages of issues that were drawn before: taken from where the last build wrote them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, fields
from functools import cached_property
from pathlib import Path

from feeds.errors import Finding
from feeds.index import Index, digest, pack_finding, program_version, unpack_finding
from feeds.model import Entry, Issue, Letter, Post, Report
from feeds.newsletter import Look, page_output, render_letter, render_page

_ABOUT_POST = tuple(entry.name for entry in fields(Post) if entry.name != "source")


class Drawer:
    """Draws issues with one look, those anew that have changed.

    A file is taken from the last build if it is the very one that was drawn of the same issue. Templates of
    the user's own may show anything of a post, so that what they draw is always drawn anew.

    Args:
        look: what letters and pages are made with.
        index: what the last build drew; None draws everything.
        output: the folder that pages are written to.
        letters: the folder that letters are written to.
    """

    def __init__(self, look: Look, index: Index | None, output: Path, letters: Path) -> None:
        self._look = look
        self._index = None if look.settings.templates else index
        self._output, self._letters = output, letters

    def page(self, issue: Issue, **neighbours: object) -> str:
        """The issue's page, as `render_page` makes it."""
        if self._index is None:
            return render_page(self._look, issue, **neighbours)  # type: ignore[arg-type]
        key = self._key("page", issue, neighbours)
        known = self._index.recall(key)
        if known and (page := _load(self._output / _place(issue), known["sha256"])) is not None:
            return page
        page = render_page(self._look, issue, **neighbours)  # type: ignore[arg-type]
        self._index.keep(key, {"sha256": _sha(page.encode())})
        return page

    def letter(self, issue: Issue, report: Report) -> Letter:
        """The issue as a letter, as `render_letter` makes it; what was found then is reported again."""
        if self._index is None:
            return render_letter(self._look, issue, report)
        key, folder = self._key("letter", issue, {}), self._letters / issue.id
        if known := self._index.recall(key):
            html = _load(folder / "letter.html", known["html"])
            text = _load(folder / "letter.txt", known["text"])
            if html is not None and text is not None:
                for packed in known["findings"]:
                    report(unpack_finding(packed))
                return Letter(issue, html, text)
        found: list[Finding] = []
        letter = render_letter(self._look, issue, found.append)
        for finding in found:
            report(finding)
        parts = {"html": _sha(letter.html.encode()), "text": _sha(letter.text.encode())}
        self._index.keep(key, {**parts, "findings": [pack_finding(finding) for finding in found]})
        return letter

    @cached_property
    def _base(self) -> str:
        look = self._look
        sheets = [(sheet.path, sheet.text) for sheet in (*look.inlined, *look.head)]
        return digest([program_version(), repr(look.settings), repr(dict(look.values)), sheets])

    def _key(self, kind: str, issue: Issue, more: Mapping[str, object]) -> str:
        return f"{kind}-{digest([self._base, _spelt(issue), sorted(more.items())])}"


def _place(issue: Issue) -> str:
    return page_output(issue, "").path


def _spelt(issue: Issue) -> object:
    """All that the bundled templates show of an issue."""
    about = (issue.id, issue.title, issue.subject, issue.preheader, issue.first, issue.last, issue.url)
    sections = [
        (
            *(section.title, section.slug, section.more, section.url),
            [_spelt_entry(entry) for entry in section.entries],
            [_spelt_post(post) for post in section.titles],
        )
        for section in issue.sections
    ]
    lead = _spelt_entry(issue.lead) if issue.lead else None
    return (about, issue.intro, issue.intro_text, lead, sections)


def _spelt_entry(entry: Entry) -> object:
    image = astuple(entry.image) if entry.image else None
    excerpt = (entry.excerpt.html, entry.excerpt.text, entry.excerpt.is_whole)
    return (_spelt_post(entry.post), excerpt, entry.reading_minutes, image, entry.enclosure)


def _spelt_post(post: Post) -> object:
    return (post.source.fields.path, *(getattr(post, name) for name in _ABOUT_POST))


def _load(path: Path, sha256: str) -> str | None:
    """The text of a file, if it is the one of that digest."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data.decode() if _sha(data) == sha256 else None


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
