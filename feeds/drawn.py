"""Letters and pages of issues that were drawn before: taken from where the last build wrote them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from feeds.errors import Finding
from feeds.formats import load_feedgen
from feeds.index import (
    Index,
    digest,
    load_same,
    pack_finding,
    program_version,
    sha256_of,
    spelt_entry,
    unpack_finding,
)
from feeds.model import Issue, Letter, Output, Post, Report
from feeds.newsletter import Look, render_letter, render_page
from feeds.newsletter.planners import page_path
from feeds.processes import Beside

_Drawn = tuple[str, str, list[Finding]]
"""A letter's HTML, its text, and what was found in it."""


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
        self._begun: Beside[Issue, _Drawn] | None = None

    def page(self, issue: Issue, **neighbours: object) -> Output:
        """The issue's page, as `render_page` makes it."""

        def draw() -> bytes:
            return render_page(self._look, issue, **neighbours).encode()  # type: ignore[arg-type]

        path = page_path(issue.id)
        if self._index is None:
            data = draw()
        else:
            data = self._index.file(self._key("page", issue, neighbours), self._output / path, draw)
        return Output(path, data, len(issue.posts))

    def letter(self, issue: Issue) -> Callable[[Report], Letter]:
        """The issue as a letter, as `render_letter` makes it: begun now, given when it is asked for.

        What was found is reported then, also where it was found by an earlier build.
        """
        key = self._key("letter", issue, {}) if self._index else ""
        if known := self._known(key, issue.id):
            return lambda report: self._letter(issue, known, report)
        # What this process needs too, loaded once.
        self._look.templates.prepare()
        load_feedgen()
        begun = self._begun = Beside(self._draw, issue)

        def finish(report: Report) -> Letter:
            html, text, found = drawn = begun.result()
            if self._index:
                parts = {"html": sha256_of(html.encode()), "text": sha256_of(text.encode())}
                self._index.keep(key, {**parts, "findings": list(map(pack_finding, found))})
            return self._letter(issue, drawn, report)

        return finish

    def stop(self) -> None:
        """End a letter that was begun and is not wanted any more."""
        if self._begun:
            self._begun.stop()

    @staticmethod
    def _letter(issue: Issue, drawn: _Drawn, report: Report) -> Letter:
        html, text, found = drawn
        for finding in found:
            report(finding)
        return Letter(issue, html, text)

    def _draw(self, issue: Issue) -> _Drawn:
        found: list[Finding] = []
        letter = render_letter(self._look, issue, found.append)
        return letter.html, letter.text, found

    def _known(self, key: str, issue_id: str) -> _Drawn | None:
        """The letter as the last build wrote it."""
        known = self._index.recall(key) if self._index else None
        if known is None:
            return None
        html = load_same(self._letters / issue_id / "letter.html", known["html"])
        text = load_same(self._letters / issue_id / "letter.txt", known["text"])
        if html is None or text is None:
            return None
        return html.decode(), text.decode(), list(map(unpack_finding, known["findings"]))

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
            [_spelt_title(post) for post in section.titles],
        )
        for section in issue.sections
    ]
    lead = spelt_entry(issue.lead) if issue.lead else None
    return (about, issue.intro, issue.intro_text, lead, sections)


def _spelt_title(post: Post) -> object:
    """All that they show of a post by its title alone; there are thousands of these."""
    return (post.url, post.title, post.language, post.published.toordinal())
