"""An issue as it goes out: the letter in HTML and plain text, its page on the site, and the files of both."""

from __future__ import annotations

import hashlib
import json
import re

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity
from feeds.model import Issue, Letter, Output, Report, Site
from feeds.newsletter.filters import letter_filters
from feeds.newsletter.inlining import inline
from feeds.newsletter.issues import newsletter_title
from feeds.newsletter.lines import one_line
from feeds.newsletter.message import render_eml, sender_of
from feeds.newsletter.periods import parse_period
from feeds.newsletter.stylesheet import Stylesheet, check_head, check_inlined
from feeds.newsletter.wording import STRINGS, format_period
from feeds.templating import Html, Templates

UNSUBSCRIBE_URL = "https://feeds.invalid/unsubscribe"
"""Stands in letters for each recipient's own address; `.invalid` leads nowhere (RFC 2606)."""

LARGE = 80_000
"""Bytes of HTML from which a letter is near the size at which Gmail cuts it off."""

TOO_LARGE = 100_000
"""Bytes of HTML beyond which Gmail cuts a letter off; measured limits lie between 100 and 105 KB."""

_FILLER = "\u034f\u200c\u00a0" * 80
"""Invisible, so that mail programs show nothing of the letter behind the preheader."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


_SITE_VALUES = ("title", "url", "description", "author", "language", "copyright")
"""What templates see of the site: nothing that would be another on another machine."""


def render_letter(
    site: Site, settings: NewsletterSettings, issue: Issue, report: Report, *, feed: str = "feed.xml"
) -> Letter:
    """The issue as a letter and as a page.

    Args:
        site: its language is that of the dates.
        settings: who sends the letter, and where the user's templates lie.
        issue: what it holds.
        report: told of what mail programs will not show well.
        feed: the path of the site's feed below its URL; "" for no link to it.

    Raises:
        FeedsError: a template or stylesheet cannot be used, or lacks the unsubscribe link.
    """
    templates = Templates(site.root, settings.templates, letter_filters(site))
    inlined, head = (
        [Stylesheet(path, text) for path, text in templates.texts(name)]
        for name in ("digest.css", "digest-head.css")
    )
    _check_styles(inlined, head, report)
    values = _values(site, settings, issue, f"{site.url}{feed}" if feed else "")
    values["head_css"] = Html("\n".join(sheet.text.strip() for sheet in head))
    letter = Letter(
        issue,
        html=inline(templates.render("digest.html", values), inlined),
        text=_tidy(templates.render("digest.txt", values)),
        page=inline(templates.render("issue.html", values), inlined),
    )
    _check_unsubscribing(letter)
    _check_size(letter, report)
    if settings.sender and not settings.address.strip():
        report(_no_address())
    return letter


def letter_outputs(site: Site, settings: NewsletterSettings, letter: Letter) -> tuple[Output, ...]:
    """The letter's files, below the folder of letters: HTML, text, what it holds, and the whole message."""
    count = len(letter.issue.entries)
    files = {
        "letter.html": letter.html.encode(),
        "letter.txt": letter.text.encode(),
        "letter.json": _render_json(letter),
        "letter.eml": render_eml(site, settings, letter),
    }
    return tuple(Output(f"{letter.issue.id}/{name}", data, count) for name, data in files.items())


def page_output(letter: Letter) -> Output:
    """The issue's page, below the site's output folder."""
    path = f"newsletter/{letter.issue.id}/index.html"
    return Output(path, letter.page.encode(), len(letter.issue.entries))


def _values(site: Site, settings: NewsletterSettings, issue: Issue, feed_url: str) -> dict[str, object]:
    period = parse_period(issue.id)
    return {
        "address": tuple(filter(None, map(one_line, settings.address.splitlines()))),
        "feed_url": feed_url,
        "issue": issue,
        "language": site.language or "en",
        "newsletter": newsletter_title(site, settings),
        "period": format_period(period, site.language) if period else issue.id,
        "preheader_filler": _FILLER,
        "sender": sender_of(site, settings)[0],
        "site": {name: getattr(site, name) for name in _SITE_VALUES},
        "strings": STRINGS,
        "unsubscribe_url": UNSUBSCRIBE_URL,
    }


def _check_styles(inlined: list[Stylesheet], head: list[Stylesheet], report: Report) -> None:
    findings = [finding for sheet in inlined for finding in check_inlined(sheet)]
    findings += [finding for sheet in head for finding in check_head(sheet)]
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise ProblemsError(tuple(findings))
    for finding in findings:
        report(finding)


def _check_unsubscribing(letter: Letter) -> None:
    """A letter without the link breaks the law; on a page it would be a stranger's."""
    for name, text in (("digest.html", letter.html), ("digest.txt", letter.text)):
        if UNSUBSCRIBE_URL not in text:
            raise FeedsError(
                f"the letter that {name} makes has no link to unsubscribe",
                help="show {{ unsubscribe_url }} in it",
                rule="no-unsubscribe",
            )
    if UNSUBSCRIBE_URL in letter.page:
        raise FeedsError(
            "the issue's page on the site would show the link to unsubscribe",
            help="in digest.html show {{ unsubscribe_url }} in the blocks `top` and `footer_links` only, "
            "which issue.html fills with other links",
            rule="unsubscribe-on-page",
        )


def _check_size(letter: Letter, report: Report) -> None:
    size = len(letter.html.encode())
    if size <= LARGE:
        return
    entries = sorted(letter.issue.entries, key=lambda entry: (-len(entry.excerpt.html), entry.post.id))
    largest = ", ".join(
        f"{each.post.source.fields.path} ({_kb(len(each.excerpt.html))})" for each in entries[:3]
    )
    message = f"the letter {letter.issue.id} has {_kb(size)} of HTML; "
    message += "Gmail cuts it off" if size > TOO_LARGE else f"Gmail cuts off what is beyond {_kb(TOO_LARGE)}"
    at = Location(entries[0].post.source.fields.path)
    help = f"shorten the longest excerpts: {largest}"
    report(Finding(Severity.WARNING, "letter-size", message, at, help))


def _no_address() -> Finding:
    return Finding(
        Severity.WARNING,
        "no-postal-address",
        "the letter does not say where its sender can be reached by post",
        help="set `address` of the newsletter: many countries' laws want it in letters to subscribers",
    )


def _kb(size: int) -> str:
    return f"{size / 1000:.0f} KB"


def _tidy(text: str) -> str:
    """Text without control characters, spaces at the ends of lines, and heaps of blank lines."""
    lines = "\n".join(line.rstrip() for line in _CONTROLS.sub("", text).split("\n"))
    return re.sub(r"\n{4,}", "\n\n\n", lines).strip("\n") + "\n"


def _render_json(letter: Letter) -> bytes:
    """What the letter holds, for whoever sends it."""
    issue, html, text = letter.issue, letter.html.encode(), letter.text.encode()
    document = {
        "issue": issue.id,
        "title": issue.title,
        "subject": issue.subject,
        "preheader": issue.preheader,
        "url": issue.url,
        "first": issue.first.isoformat(),
        "last": issue.last.isoformat(),
        "unsubscribe_url": UNSUBSCRIBE_URL,
        "html": {"sha256": hashlib.sha256(html).hexdigest(), "size": len(html)},
        "text": {"sha256": hashlib.sha256(text).hexdigest(), "size": len(text)},
        "posts": [
            {
                "id": entry.post.id,
                "url": entry.post.url,
                "title": entry.post.title,
                "source": entry.post.source.fields.path,
                "section": section.title,
            }
            for section in issue.sections
            for entry in section.entries
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
