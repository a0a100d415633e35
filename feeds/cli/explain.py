"""One post in detail: what is known of it, what each part was made of, and its excerpt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from feeds.cli.printing import printable_lines, styled, terminal_width
from feeds.columns import wrap
from feeds.errors import printable

if TYPE_CHECKING:
    from feeds.model import Excerpt, Post
    from feeds.posts.listing import Listing, Row
    from feeds.posts.origins import Origin

_WIDTH = 80
_NAMES = {
    "url": "address",
    "published": "published",
    "updated": "updated",
    "due": "due",
    "expires": "expires",
    "authors": "authors",
    "categories": "categories",
    "tags": "tags",
    "language": "language",
    "description": "description",
    "image": "image",
    "id": "id",
}
"""What the parts are called that have a line of their own, in the order of the lines."""

_LABEL = max(map(len, _NAMES.values()))


def explain(listing: Listing, row: Row, excerpt: Excerpt | None) -> None:
    """Print all that is known of a post."""
    click.echo(styled(printable(row.title or row.path), bold=True))
    origins = _origins(listing, row)
    click.echo(_state(row) + _from(origins.get("status", ()), row))
    click.echo()
    _line("file", row.path)
    if row.title:
        _line("title", row.title, _from(origins.get("title", ()), row))
    for part, name in _NAMES.items():
        if row.post and (value := _value(row.post, part)):
            _line(name, value, _from(origins.get(part, ()), row))
    if excerpt:
        click.echo()
        width = min(terminal_width() or _WIDTH, _WIDTH)
        for line in wrap(printable_lines(excerpt.text), width - 2).split("\n"):
            click.echo(f"  {line}".rstrip())


def detail_document(listing: Listing, row: Row, excerpt: Excerpt | None) -> dict[str, object]:
    """What the parts of a post were made of, and its excerpt, as JSON shows them."""
    return {
        "origins": {
            {"published": "date"}.get(part, part): [
                {
                    "what": origin.what,
                    "path": origin.at.path if origin.at else None,
                    "line": origin.at.line if origin.at else None,
                }
                for origin in origins
            ]
            for part, origins in _origins(listing, row).items()
        },
        "excerpt": {"text": excerpt.text, "whole": excerpt.is_whole} if excerpt else None,
    }


def _origins(listing: Listing, row: Row) -> Mapping[str, Sequence[Origin]]:
    from feeds.posts.origins import find_origins

    return find_origins(row.post, row.blog, listing.reading) if row.post else {}


def _state(row: Row) -> str:
    post = row.post
    if row.status == "held" and post:
        return styled(
            f"held back until {(post.due or post.published).isoformat(' ', 'minutes')}", fg="yellow"
        )
    if row.status == "expired" and post and post.expires:
        return styled(f"expired on {post.expires.isoformat(' ', 'minutes')}", fg="yellow")
    if row.status == "error":
        return styled("not published: it has errors", fg="red")
    if row.status == "published":
        return styled("published", fg="green")
    return styled(f"not published: {printable(row.status)}", fg="yellow")


def _value(post: Post, part: str) -> str:
    """A part as text; "" for one that says nothing new."""
    value = getattr(post, part)
    if part == "authors":
        value = tuple(author.name for author in value)
    if (part == "id" and value == post.url) or (part == "updated" and value == post.published):
        return ""
    if part in ("published", "updated", "due", "expires"):
        return value.isoformat(" ", "minutes") if value else ""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _from(origins: Sequence[Origin], row: Row) -> str:
    """What a part was made of, in brackets; keys with their line."""
    texts = []
    for origin in origins:
        place = ""
        if origin.at and origin.at.line:
            elsewhere = f"{printable(origin.at.path)}:" if origin.at.path != row.path else ""
            place = f", {elsewhere or 'line '}{origin.at.line}"
        texts.append(printable(origin.what) + place)
    return styled(f"  ({'; '.join(texts)})", dim=True) if texts else ""


def _line(name: str, value: str, origin: str = "") -> None:
    click.echo(f"  {name:<{_LABEL}}  {printable(value)}{origin}")
