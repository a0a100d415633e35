"""An issue as it goes out: the letter in HTML and plain text, its page on the site, and the files of both."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError, Finding, Severity
from feeds.index import Index, digest, program_version
from feeds.model import UNSUBSCRIBE_URL, Issue, Letter, Output, Post, Report, Site
from feeds.newsletter.look import Look
from feeds.newsletter.message import render_eml

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def render_letter(look: Look, issue: Issue, report: Report) -> Letter:
    """The issue as a letter.

    Args:
        look: what every letter of the newsletter is made with.
        issue: what it holds.
        report: told of what mail programs will not show well.

    Raises:
        FeedsError: a template or stylesheet cannot be used, or lacks the unsubscribe link.
    """
    shown, html = _fitting(look, issue, report)
    letter = Letter(issue, html=html, text=_tidy(look.templates.render("digest.txt", _values(look, shown))))
    _check_unsubscribing(letter)
    if look.settings.sender and not look.settings.address.strip():
        report(_no_address())
    return letter


def render_page(
    look: Look,
    issue: Issue,
    *,
    archive_url: str = "",
    newer: tuple[str, str] | None = None,
    older: tuple[str, str] | None = None,
    feeds: Sequence[tuple[str, str, str]] = (),
) -> str:
    """The issue's page on the site, with its styles in its head; without what only a recipient needs.

    Args:
        look: what every page of the newsletter is made with.
        issue: what it holds.
        archive_url: the address of the list of all issues; "" for no link to it.
        newer: title and address of the issue after this one; None for the newest.
        older: title and address of the issue before this one; None for the first.
        feeds: media type, title and address of each file of the feed of issues.

    Raises:
        FeedsError: a template cannot be used, or shows the unsubscribe link.
    """
    neighbours = {"archive_url": archive_url, "newer": newer, "older": older, "feeds": feeds}
    values = look.values_for(issue, (*look.inlined, *look.head))
    values |= {**neighbours, "unsubscribe_url": UNSUBSCRIBE_URL}
    page = look.templates.render("issue.html", values)
    if UNSUBSCRIBE_URL in page:
        raise FeedsError(
            "the issue's page on the site would show the link to unsubscribe",
            help="in digest.html show {{ unsubscribe_url }} in the blocks `top` and `footer_links` only, "
            "which issue.html fills with other links",
            rule="unsubscribe-on-page",
        )
    return page


def letter_outputs(
    site: Site, settings: NewsletterSettings, letter: Letter, index: Index | None = None
) -> tuple[Output, ...]:
    """The letter's files, below the folder of letters: HTML, text, what it holds, and the whole message.

    Args:
        site: its host stands in the message.
        settings: who sends the letter.
        letter: what is in them.
        index: what the last build made.
    """
    count = len(letter.issue.entries)
    files = {
        "letter.html": letter.html.encode(),
        "letter.txt": letter.text.encode(),
        "letter.json": _render_json(letter),
        "letter.eml": _message(site, settings, letter, index),
    }
    return tuple(Output(f"{letter.issue.id}/{name}", data, count) for name, data in files.items())


def _message(site: Site, settings: NewsletterSettings, letter: Letter, index: Index | None) -> bytes:
    if index is None:
        return render_eml(site, settings, letter)
    issue = letter.issue
    about = (site.url, site.title, settings.title, settings.sender, issue.id, issue.subject)
    newest = max(post.published for post in issue.posts)
    key = f"message-{digest([program_version(), about, newest, letter.html, letter.text])}"
    path = site.root / settings.letters / issue.id / "letter.eml"
    return index.file(key, path, lambda: render_eml(site, settings, letter))


def _values(look: Look, issue: Issue) -> dict[str, object]:
    return {**look.values_for(issue, look.head), "unsubscribe_url": UNSUBSCRIBE_URL}


def _fitting(look: Look, issue: Issue, report: Report) -> tuple[Issue, str]:
    """The issue, shortened where it must be, and its HTML with the styles inlined."""
    from feeds.newsletter.budget import fit
    from feeds.newsletter.inlining import Styled, check_styled, move_styles
    from feeds.newsletter.markup import template_place

    told: set[Finding] = set()

    def tell(finding: Finding) -> None:
        if finding not in told:
            told.add(finding)
            report(finding)

    def render(shown: Issue) -> str:
        return look.templates.render("digest.html", _values(look, shown))

    styled: list[Styled] = []

    def inline(html: str, shown: Issue) -> str:
        locate = look.templates.locator("digest.html", _values(look, shown))
        place = template_place(locate, shown)
        styled[:] = [move_styles(html, look.inlined, tell, head=look.head, place=place)]
        return styled[0].html

    of_size: list[Finding] = []
    shown, html = fit(issue, render, inline, look.settings.overflow, of_size.append)
    check_styled(styled[0], look.inlined, tell, head=look.head)
    for finding in of_size:
        report(finding)
    return shown, html


def _check_unsubscribing(letter: Letter) -> None:
    """A letter without the link breaks the law."""
    for name, text in (("digest.html", letter.html), ("digest.txt", letter.text)):
        if UNSUBSCRIBE_URL not in text:
            raise FeedsError(
                f"the letter that {name} makes has no link to unsubscribe",
                help="show {{ unsubscribe_url }} in it",
                rule="no-unsubscribe",
            )


def _no_address() -> Finding:
    return Finding(
        Severity.WARNING,
        "no-postal-address",
        "the letter does not say where its sender can be reached by post",
        help="set `address` of the newsletter: many countries' laws want it in letters to subscribers",
    )


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
                "id": post.id,
                "url": post.url,
                "title": post.title,
                "source": post.source.fields.path,
                "section": title,
            }
            for title, posts in _posts(issue)
            for post in posts
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _posts(issue: Issue) -> Iterator[tuple[str, tuple[Post, ...]]]:
    """The posts of an issue by their heading, which is empty for the one before all sections."""
    if issue.lead:
        yield "", (issue.lead.post,)
    for section in issue.sections:
        yield section.title, (*(entry.post for entry in section.entries), *section.titles)
