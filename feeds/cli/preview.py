"""`feeds preview`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli import options
from feeds.cli.printing import count, show_findings, styled, summary

if TYPE_CHECKING:
    from feeds.compilation import Choices
    from feeds.config import Settings
    from feeds.preview import State


@click.command()
@options.ROOT
@options.CONFIG
@options.GENERATOR
@options.BASE_URL
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Answer at this port of 127.0.0.1 (default: a free one).",
)
@click.option(
    "--issue", metavar="ID", help="Show this issue of the newsletter: 2026-11, 2026-W47 or its name."
)
@click.option("--drafts", is_flag=True, help="Show drafts too.")
@click.option("--future", is_flag=True, help="Show posts to come too.")
@options.NOW
def command(
    root: Path,
    config: Path | None,
    generator: str | None,
    base_url: str | None,
    port: int,
    issue: str | None,
    drafts: bool,
    future: bool,
    now: dt.datetime | None,
) -> None:
    """Show the newest letter, the feeds and the posts in a browser, and keep them up to date.

    Nothing is written: open the address that is printed, and edit your posts. Ctrl-C ends it.
    """
    from feeds.compilation import Choices
    from feeds.preview import preview

    def load() -> Settings:
        return options.project_settings(root, config, {"site.url": base_url, "generator.name": generator})

    def choose() -> Choices:
        instant = now or options.current_instant()
        return Choices(instant, drafts=drafts, future=future, issue=issue, look_up=False)

    if not root.is_dir():
        load()  # says so at once
    try:
        preview(root.absolute(), load, choose, port=port, started=_show_address, told=_show_state)
    except KeyboardInterrupt:
        click.echo()


def _show_address(address: str) -> None:
    click.echo(f"{styled(address, bold=True)}  (Ctrl-C ends it)")


def _show_state(state: State) -> None:
    if state.problems or state.view is None:
        show_findings(state.problems)
        return
    view = state.view
    letter = view.compiled.letter
    parts = [summary(view.listing), count(len(view.compiled.listed), "feed")]
    parts += [f"letter {letter.issue.id}"] if letter else []
    warnings = f"; {count(len(view.findings), 'warning')}" if view.findings else ""
    click.echo(f"built: {', '.join(parts)}{warnings}")
