"""How `feeds subscribers list` shows people: hidden from eyes that pass by, unless asked otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from feeds.cli.printing import terminal_width
from feeds.cli.tables import Column, format_table

if TYPE_CHECKING:
    from feeds.delivery.people import Subscriber

STATUSES = ("active", "pending", "unsubscribed", "bounced", "complained")
_COLUMNS = (
    Column("address", least=16),
    Column("status"),
    Column("name", least=10),
    Column("language"),
    Column("categories", least=10),
    Column("since"),
)
_COLOURS = {"active": "green", "pending": "yellow"}


def print_people(people: Sequence[Subscriber], full: bool) -> None:
    """Print a table; `full` shows addresses and names."""
    cells = [_cells(person, full) for person in people]
    colours = [_COLOURS.get(person.status.value, "dim") for person in people]
    for line in format_table(_COLUMNS, cells, colours, terminal_width()):
        click.echo(line)


def print_people_json(counts: Counter[str], hashes: int, people: Iterator[Subscriber], full: bool) -> None:
    """Print the list as JSON, one subscriber after the other, however many they are."""
    import json

    numbers = {status: counts[status] for status in STATUSES} | {"forgotten": hashes}
    head = json.dumps({"ok": True, "counts": numbers}, indent=2)
    click.echo(f'{head[:-2]},\n  "subscribers": [', nl=False)
    for number, person in enumerate(people):
        text = json.dumps(_document(person, full), ensure_ascii=False)
        click.echo(f"{',' if number else ''}\n    {text}", nl=False)
    click.echo("\n  ]\n}")


def _cells(person: Subscriber, full: bool) -> tuple[str, ...]:
    shown = _document(person, full)
    since = person.consent_at.date().isoformat() if person.consent_at else ""
    categories = "all" if person.categories is None else ", ".join(sorted(person.categories))
    return str(shown["address"]), person.status.value, str(shown["name"]), person.language, categories, since


def _document(person: Subscriber, full: bool) -> dict[str, object]:
    from feeds.delivery.addresses import mask

    return {
        "address": person.address if full else mask(person.address),
        "name": person.name if full else f"{person.name[:1]}…" if person.name else "",
        "language": person.language,
        "categories": None if person.categories is None else sorted(person.categories),
        "status": person.status.value,
        "changed": person.changed.isoformat() if person.changed else None,
        "consent_at": person.consent_at.isoformat() if person.consent_at else None,
        "consent_how": person.consent_how,
    }
