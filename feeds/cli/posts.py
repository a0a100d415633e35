"""`feeds posts`."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import click

from feeds.cli import options
from feeds.cli.explain import detail_document, explain
from feeds.cli.printing import finding_document, print_json, show_findings, summary, terminal_width
from feeds.cli.tables import Column, format_table
from feeds.errors import FeedsError, Finding, UsageError, has_errors, printable

if TYPE_CHECKING:
    from feeds.config import Settings
    from feeds.posts.listing import Listing, Row

_COLUMNS = (
    Column("date"),
    Column("status"),
    Column("title", least=16),
    Column("address", least=16, from_end=True),
    Column("categories", least=10, wide=100),
)
_ENCODED = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
"""Letters that are not ASCII in an address."""

_COLOURS = {"published": "green", "held": "yellow", "error": "red"}


@click.command()
@click.argument(
    "post",
    required=False,
    default="",
    metavar="[POST]",
    help="A post's file or its address, for all about it.",
)
@options.ROOT
@options.CONFIG
@options.GENERATOR
@options.BASE_URL
@options.NOW
@click.option("--hidden", is_flag=True, help="Only the posts that are not published.")
@options.JSON
def command(
    post: str,
    root: Path,
    config: Path | None,
    generator: str | None,
    base_url: str | None,
    now: dt.datetime | None,
    hidden: bool,
    as_json: bool,
) -> None:
    """Show every post: published, or why not.

    With POST, show all that is known of that post, what each part was made of, and its excerpt.
    """
    try:
        overrides = {"site.url": base_url, "generator.name": generator}
        settings = options.project_settings(root, config, overrides)
        listing = _load(settings, now or options.current_instant())
        wanted = _row_of(listing, post, root) if post else None
    except FeedsError as error:
        if as_json:
            print_json({}, error.findings, ok=False)
            sys.exit(error.exit_code)
        raise
    findings = _show_one(listing, wanted, as_json) if wanted else _show_all(listing, hidden, as_json)
    if has_errors(findings):
        sys.exit(FeedsError.exit_code)


def _show_all(listing: Listing, hidden: bool, as_json: bool) -> Sequence[Finding]:
    rows = [row for row in listing.rows if not hidden or row.status != "published"]
    findings = listing.findings
    if as_json:
        posts = [_row_document(row) for row in rows]
        print_json(_document(listing, posts), findings, ok=not has_errors(findings))
    else:
        _show_table(listing, rows)
        show_findings(findings)
    return findings


def _show_one(listing: Listing, row: Row, as_json: bool) -> Sequence[Finding]:
    from feeds.posts.listing import render_excerpt

    excerpt, found = render_excerpt(listing, row.post) if row.post else (None, ())
    row = replace(row, findings=(*row.findings, *found))
    if as_json:
        post = _row_document(row) | detail_document(listing, row, excerpt)
        print_json(_document(listing, [post]), row.findings, ok=not has_errors(row.findings))
    else:
        explain(listing, row, excerpt)
        show_findings(row.findings)
    return row.findings


def _load(settings: Settings, now: dt.datetime) -> Listing:
    from feeds.generators import load_site
    from feeds.posts.listing import list_posts

    findings: list[Finding] = []
    site = load_site(settings, findings.append)
    return list_posts(settings, site, now, findings)


def _row_of(listing: Listing, wanted: str, root: Path) -> Row:
    """The post that is meant by a path, from the current folder or the project's, or by an address.

    Raises:
        UsageError: there is none.
    """
    path = os.path.realpath(wanted)
    for row in listing.rows:
        urls = (row.post.url, row.post.url.rstrip("/")) if row.post else ()
        if wanted in (row.path, *urls) or path == os.path.realpath(root / row.path):
            return row
    known = (root / wanted).exists() or Path(wanted).exists()
    message = f"{wanted!r} is no post" if known else f"there is no post {wanted!r}"
    raise UsageError(message, help=f"posts lie in {', '.join(listing.folders)}; feeds posts lists them all")


def _show_table(listing: Listing, rows: Sequence[Row]) -> None:
    if not listing.rows:
        click.echo(f"no post was found in {printable(', '.join(listing.folders))}")
        return
    if rows:
        cells = [_cells(listing, row) for row in rows]
        colours = [_COLOURS.get(row.status, "dim") for row in rows]
        for line in format_table(_COLUMNS, cells, colours, terminal_width()):
            click.echo(line)
    click.echo(f"{summary(listing)} at {printable(listing.site.url)}")
    if listing.held:
        post = listing.held[0]
        due = (post.due or post.published).isoformat(" ", "minutes")
        click.echo(f"next: {printable(post.title)!r} falls due on {due}")


def _cells(listing: Listing, row: Row) -> tuple[str, str, str, str, str]:
    post = row.post
    if post is None:
        return "", row.status, row.title, row.path, ""
    status = row.status
    if status == "held" and post.due and post.due.date() != post.published.date():
        status = f"held until {post.due.date()}"
    if status == "expired" and post.expires:
        status = f"expired {post.expires.date()}"
    date = post.published.date().isoformat()
    return date, status, row.title, _address(post.url, listing.site.url), ", ".join(post.categories)


def _address(url: str, site: str) -> str:
    """An address for people: without the host that it shares with the site, letters as they are."""
    parts, own = urlsplit(url), urlsplit(site)
    path = url[len(f"{parts.scheme}://{parts.netloc}") :] if parts[:2] == own[:2] else url
    return _ENCODED.sub(_decoded, path)


def _decoded(found: re.Match[str]) -> str:
    try:
        return unquote(found[0], errors="strict")
    except UnicodeDecodeError:
        return found[0]


def _document(listing: Listing, posts: list[dict[str, object]]) -> dict[str, object]:
    site = listing.site
    return {"generator": site.generator, "title": site.title, "url": site.url, "posts": posts}


def _row_document(row: Row) -> dict[str, object]:
    post = row.post
    instants = {
        "date": post and post.published,
        "updated": post and post.updated,
        "due": post and post.due,
        "expires": post and post.expires,
    }
    return {
        "path": row.path,
        "status": row.status,
        "title": row.title,
        "url": post.url if post else None,
        "id": post.id if post else None,
        **{name: instant.isoformat() if instant else None for name, instant in instants.items()},
        "authors": [author.name for author in post.authors] if post else [],
        "categories": list(post.categories) if post else [],
        "tags": list(post.tags) if post else [],
        "language": post.language if post else None,
        "findings": [finding_document(finding) for finding in row.findings],
    }
