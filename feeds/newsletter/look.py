"""The look of a newsletter, read once for all its letters and pages: templates, stylesheets, theme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from feeds.columns import one_line
from feeds.config import NewsletterSettings
from feeds.errors import Finding, refuse_errors
from feeds.index import Index, digest, program_version
from feeds.model import Issue, Report, Site
from feeds.newsletter.css import Stylesheet
from feeds.newsletter.filters import letter_filters
from feeds.newsletter.issues import issue_period
from feeds.newsletter.message import sender_of
from feeds.newsletter.planners import newsletter_title
from feeds.newsletter.theme import compile_theme, fill
from feeds.newsletter.wording import words
from feeds.templating import Html, Templates, site_values

_FILLER = "\u034f\u200c\u00a0" * 80
"""Invisible, so that mail programs show nothing of the letter behind the preheader."""

_COMMENT = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*.*?\*/""", re.DOTALL)
"""A comment in CSS, or a string, in which there are none."""


@dataclass(frozen=True, slots=True)
class Look:
    """What every letter and page of a newsletter is made with.

    `inlined` are the stylesheets whose rules are written into the elements of a letter, `head` those that
    stay in its head; `values` what the templates see besides the issue.
    """

    site: Site
    settings: NewsletterSettings
    templates: Templates
    inlined: tuple[Stylesheet, ...]
    head: tuple[Stylesheet, ...]
    values: Mapping[str, object]

    def values_for(self, issue: Issue, head: tuple[Stylesheet, ...]) -> dict[str, object]:
        """What the templates see of an issue whose head holds these stylesheets."""
        period = issue_period(self.site, issue)
        return {**self.values, "issue": issue, "period": period, "head_css": _head_css(head)}


def load_look(
    site: Site,
    settings: NewsletterSettings,
    report: Report,
    *,
    feed: str = "feed.xml",
    index: Index | None = None,
) -> Look:
    """Read and check what the letters and pages of a newsletter are made with.

    Args:
        site: its language is that of the dates.
        settings: who sends the letters, the keys of their look, and where the user's templates lie.
        report: told of what mail programs will not show well.
        feed: the path of the site's feed below its URL; "" for no link to it.
        index: what the last build found in the stylesheets.

    Raises:
        FeedsError: there is no such folder of templates, or a file of it cannot be read.
        ProblemsError: what in the stylesheets would not survive.
    """
    theme = compile_theme(settings, report)
    templates = Templates(site.root, settings.templates, letter_filters(site, int(theme["column"])))
    inlined, head = (
        tuple(fill(Stylesheet(path, text), theme) for path, text in templates.texts(name))
        for name in ("digest.css", "digest-head.css")
    )
    refuse_errors(_look_through(inlined, head, index), report)
    language = site.language or "en"
    strings_language, strings = words(language)
    values: dict[str, object] = {
        "address": tuple(filter(None, map(one_line, settings.address.splitlines()))),
        "feed_url": f"{site.url}{feed}" if feed else "",
        "language": language,
        "newsletter": newsletter_title(site, settings),
        "preheader_filler": _FILLER,
        "sender": sender_of(site, settings)[0],
        "site": site_values(site),
        "strings": strings,
        "strings_language": strings_language,
        "theme": {**theme, "images": settings.images == "yes"},
    }
    return Look(site, settings, templates, inlined, head, values)


def _look_through(
    inlined: tuple[Stylesheet, ...], head: tuple[Stylesheet, ...], index: Index | None
) -> tuple[Finding, ...]:
    def check() -> tuple[Finding, ...]:
        from feeds.newsletter.stylesheet import check_styles

        return check_styles(inlined, head)

    if index is None:
        return check()
    return index.findings(f"styles-{digest([program_version(), inlined, head])}", check)


@lru_cache(maxsize=8)
def _head_css(sheets: tuple[Stylesheet, ...]) -> Html:
    """The sheets as they stand in the head of each letter or page."""
    return Html("\n".join(_without_comments(sheet.text) for sheet in sheets))


def _without_comments(css: str) -> str:
    """The rules without what is said about them, indentation and blank lines: each letter carries them."""
    lines = _COMMENT.sub(lambda found: found[1] or "", css).split("\n")
    return "\n".join(filter(None, map(str.strip, lines)))
