"""The page of a preview: what stopped the last build, the letter, the feeds, the posts."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlencode

from feeds.archive import FOLDER
from feeds.errors import Finding, Severity
from feeds.formats import FORMATS, feed_path
from feeds.locales import language_filters
from feeds.model import Entry, Feed, Letter, Post, Site
from feeds.newsletter.budget import LARGE, TOO_LARGE
from feeds.pages import ARCHIVE
from feeds.posts.files import TYPES
from feeds.posts.listing import PUBLISHED, Row
from feeds.preview.rewriting import Look, rewrite
from feeds.preview.state import State, View
from feeds.preview.views import LOOKS, TEXT
from feeds.templating import Html, Templates

PICTURES = "/pictures/"
"""Where the pictures of posts are, which lie among the sources and may not be online yet."""

_SCALE = 120_000
"""Bytes that the whole bar of a letter's size stands for."""

_FEW = 8
"""Feeds that are shown side by side; more of them are a list that opens."""

_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted")

_TYPES: Mapping[str, str] = {
    **TYPES,
    ".css": "text/css; charset=utf-8",
    ".eml": "message/rfc822",
    ".opml": "text/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "text/xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the page is asked to show: a view of the letter by its name, a feed by its folder."""

    view: str = ""
    feed: str = ""


def media_type(path: str) -> str:
    """The media type of a file by its ending: not that of the machine, which may be another on the next."""
    return _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")


def picture_paths(view: View) -> dict[str, str]:
    """The path that each picture has here, by the address that it will have on the site."""
    pictures = sorted(view.compiled.pictures.items())
    return {url: f"{PICTURES}{number}{file.suffix}" for number, (url, file) in enumerate(pictures)}


def render_page(state: State, wish: Wish, name: str, nonce: str) -> str:
    """The page.

    Args:
        state: what to show.
        wish: which parts of it.
        name: that of this preview, which tells it from one before at the same address.
        nonce: what the page's own script and style are allowed by (W3C CSP 3, 6.7.3).
    """
    view = state.view
    language = view.compiled.site.language if view else "en"
    values = {
        "number": f"{name}-{state.number}",
        "nonce": nonce,
        "is_first": state.number == 0,
        "problems": [_finding(finding) for finding in _errors_first(state.problems)],
        "site": None,
        "letter": None,
        "feed": None,
    }
    if view:
        values |= _values(view, wish)
    return Templates(Path(), "", language_filters(language)).render("preview.html", values)


def _values(view: View, wish: Wish) -> dict[str, object]:
    site, compiled = view.compiled.site, view.compiled
    feeds = {listed.feed.folder: listed.feed for listed in compiled.listed}
    folder = wish.feed if wish.feed in feeds else ""
    chosen = wish.view if wish.view in LOOKS or wish.view == TEXT else "wide"
    statuses = {row.path: row.status for row in view.listing.rows}
    found = _by_path(view.findings)
    letter = compiled.letter
    return {
        "site": {"title": site.title, "url": site.url},
        "letter": _letter(view, letter, chosen, folder, statuses) if letter else None,
        "feed": _feed(view, feeds, folder, chosen, statuses) if feeds else None,
        "rows": [_row(row, found.get(row.path, [])) for row in view.listing.rows],
        "warnings": [
            _finding(each) for path in sorted(found.keys() - statuses.keys()) for each in found[path]
        ],
        "counts": _counts(view.listing.rows),
    }


def _letter(
    view: View, letter: Letter, chosen: str, folder: str, statuses: Mapping[str, str]
) -> dict[str, object]:
    files = view.compiled.letter_files
    message = email.message_from_bytes(files["letter.eml"], policy=email.policy.default)
    size = len(files["letter.html"])
    names = {**{name: look.label for name, look in LOOKS.items()}, TEXT: "Text"}
    look = LOOKS.get(chosen)
    hidden = [post.title for post in _unpublished(letter.issue.entries, statuses)]
    return {
        "subject": letter.issue.subject,
        "preheader": letter.issue.preheader,
        "sender": _sender(message),
        "headers": [(name, str(message[name])) for name in _HEADERS if message[name]],
        "views": [
            _link(label, {"view": name, "feed": folder}, "letter", name == chosen)
            for name, label in names.items()
        ],
        "chosen": chosen,
        "about": look.about if look else "The part for mail programs and people that want no HTML.",
        "narrow": bool(look and look.narrow),
        "text": files["letter.txt"].decode() if chosen == TEXT else "",
        "size": f"{size / 1000:.1f} KB",
        "share": min(size / _SCALE, 1) * 100,
        "marks": [LARGE / _SCALE * 100, TOO_LARGE / _SCALE * 100],
        "level": "bad" if size > TOO_LARGE else "near" if size > LARGE else "good",
        "files": [(name, f"/letters/{name}") for name in files],
        "pages": _pages(view, letter),
        "hidden": hidden,
    }


def _pages(view: View, letter: Letter) -> list[tuple[str, str]]:
    """The issue's page on the site, and that of all issues, where there are such pages."""
    paths = {output.path for output in view.compiled.outputs}
    pages = {"page on the site": f"{FOLDER}/{letter.issue.id}/index.html", "all issues": ARCHIVE}
    return [(name, f"/files/{quote(path)}") for name, path in pages.items() if path in paths]


def _sender(message: Message) -> str:
    """Who a message is from, as lists of messages show it."""
    name, address = parseaddr(str(message["From"]))
    return name or address


def _feed(
    view: View, feeds: Mapping[str, Feed], folder: str, chosen: str, statuses: Mapping[str, str]
) -> dict[str, object]:
    feed = feeds[folder] if folder in feeds else next(iter(feeds.values()))
    site, pictures = view.compiled.site, picture_paths(view)
    paths = {output.path for output in view.compiled.outputs}
    files = [(form.filename, feed_path(feed, form)) for form in FORMATS.values()]
    return {
        "title": feed.title,
        "description": feed.description,
        "choices": [
            _link(
                each.title.removeprefix(f"{site.title}: ") if each.folder else "Everything",
                {"view": chosen, "feed": each.folder},
                "feeds",
                each is feed,
            )
            | {"count": len(each.entries)}
            for each in feeds.values()
        ],
        "many": len(feeds) > _FEW,
        "language": feed.language or "en",
        "entries": [_entry(entry, site, pictures, statuses) for entry in feed.entries],
        "files": [(name, f"/files/{quote(path)}") for name, path in files if path in paths],
    }


def _entry(
    entry: Entry, site: Site, pictures: Mapping[str, str], statuses: Mapping[str, str]
) -> dict[str, object]:
    post = entry.post
    image = entry.image.url if entry.image else ""
    excerpt = entry.excerpt.html
    return {
        "title": post.title,
        "url": post.url,
        "published": post.published,
        "authors": [author.name for author in post.authors],
        "categories": post.categories,
        "language": post.language or site.language or "en",
        "status": _status(post, statuses),
        "html": Html(rewrite(excerpt, Look(styles=False, pictures=pictures))),
        "image": pictures.get(image, image) if image and image not in excerpt else "",
        "is_whole": entry.excerpt.is_whole,
    }


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings by the file that they are about; "" for none."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.at.path if finding.at else "", []).append(finding)
    return found


def _row(row: Row, findings: Iterable[Finding]) -> dict[str, object]:
    return {
        "path": row.path,
        "status": row.status,
        "title": row.title or PurePosixPath(row.path).name,
        "url": row.post.url if row.post else "",
        "published": row.post.published if row.post else None,
        "due": row.post.due if row.post and row.status == "held" else None,
        "categories": row.post.categories if row.post else (),
        "findings": [_finding(each) for each in findings],
    }


def _counts(rows: Iterable[Row]) -> list[tuple[int, str]]:
    """How many posts have each status, those that are published first."""
    counts: dict[str, int] = {PUBLISHED: 0}
    for row in rows:
        counts[row.status] = counts.get(row.status, 0) + 1
    return [(number, status) for status, number in counts.items()]


def _unpublished(entries: Iterable[Entry], statuses: Mapping[str, str]) -> list[Post]:
    return [entry.post for entry in entries if _status(entry.post, statuses)]


def _status(post: Post, statuses: Mapping[str, str]) -> str:
    """Why a post is shown here though it is not published; "" for one that is."""
    status = statuses.get(post.source.fields.path, PUBLISHED)
    return "" if status == PUBLISHED else status


def _errors_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "place": str(finding.at) if finding.at else "",
        "message": finding.message,
        "help": finding.help,
        "is_error": finding.severity is Severity.ERROR,
    }


def _link(label: str, query: Mapping[str, str], anchor: str, is_current: bool) -> dict[str, object]:
    asked = urlencode({name: value for name, value in query.items() if value})
    return {"label": label, "href": f"/?{asked}#{anchor}", "is_current": is_current}
