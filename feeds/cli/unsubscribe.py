"""`feeds unsubscribe`."""

from __future__ import annotations

from pathlib import Path

import click

from feeds.cli import options


@click.command()
@click.argument("token", metavar="TOKEN", help="The token, or the whole link, from a letter.")
@options.ROOT
@options.CONFIG
@options.LEDGER
def command(token: str, root: Path, config: Path | None, ledger: Path | None) -> None:
    """Unsubscribe the reader whose token this is.

    For the program behind your unsubscribe address. Doing it twice does no harm.
    """
    from feeds.delivery.addresses import mask
    from feeds.ledgerfile import opened
    from feeds.subscribing import unsubscribe

    settings = options.project_settings(root, config, {"send.ledger": options.ledger_text(ledger)})
    now = options.clock()
    with opened(settings, now) as (book, keys):
        person, is_news = unsubscribe(book, keys, token, now)
    who = mask(person.address) if person else "somebody whose address is forgotten"
    click.echo(f"{who} is unsubscribed" if is_news else f"{who} was unsubscribed already")
