"""Letters and pages of issues that were drawn before: taken from where the last build wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from feeds.errors import Finding
from feeds.index import (
    Index,
    digest,
    load_same,
    pack_finding,
    program_version,
    sha256_of,
    spelt_entry,
    spelt_post,
    unpack_finding,
)
from feeds.model import Issue, Letter, Report
from feeds.newsletter import Look, render_letter, render_page
from feeds.newsletter.planners import page_path


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
        if known and (data := load_same(self._output / page_path(issue.id), known["sha256"])) is not None:
            return data.decode()
        page = render_page(self._look, issue, **neighbours)  # type: ignore[arg-type]
        self._index.keep(key, {"sha256": sha256_of(page.encode())})
        return page

    def letter(self, issue: Issue, report: Report) -> Letter:
        """The issue as a letter, as `render_letter` makes it; what was found then is reported again."""
        if self._index is None:
            return render_letter(self._look, issue, report)
        key, folder = self._key("letter", issue, {}), self._letters / issue.id
        if known := self._index.recall(key):
            html = load_same(folder / "letter.html", known["html"])
            text = load_same(folder / "letter.txt", known["text"])
            if html is not None and text is not None:
                for packed in known["findings"]:
                    report(unpack_finding(packed))
                return Letter(issue, html.decode(), text.decode())
        found: list[Finding] = []
        letter = render_letter(self._look, issue, found.append)
        for finding in found:
            report(finding)
        parts = {"html": sha256_of(letter.html.encode()), "text": sha256_of(letter.text.encode())}
        self._index.keep(key, {**parts, "findings": [pack_finding(finding) for finding in found]})
        return letter

    @cached_property
    def _base(self) -> str:
        look = self._look
        sheets = [(sheet.path, sheet.text) for sheet in (*look.inlined, *look.head)]
        return digest([program_version(), repr(look.settings), repr(dict(look.values)), sheets])

    def _key(self, kind: str, issue: Issue, more: Mapping[str, object]) -> str:
        return f"{kind}-{digest([self._base, _spelt(issue), sorted(more.items())])}"


def _spelt(issue: Issue) -> object:
    """All that the bundled templates show of an issue."""
    about = (issue.id, issue.title, issue.subject, issue.preheader, issue.first, issue.last, issue.url)
    sections = [
        (
            *(section.title, section.slug, section.more, section.url),
            [spelt_entry(entry) for entry in section.entries],
            [spelt_post(post) for post in section.titles],
        )
        for section in issue.sections
    ]
    lead = spelt_entry(issue.lead) if issue.lead else None
    return (about, issue.intro, issue.intro_text, lead, sections)
