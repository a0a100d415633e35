"""`feeds lock`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli import options
from feeds.cli.printing import count
from feeds.errors import FeedsError, printable

if TYPE_CHECKING:
    from feeds.lock import LockResult

_SHOWN = 10


@click.command()
@options.ROOT
@options.CONFIG
@options.GENERATOR
@options.BASE_URL
@options.NOW
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if the file is not up to date.")
@click.option(
    "--adopt", type=options.PATH, metavar="FILE", help="Take over the ids of this RSS, Atom or JSON feed."
)
def command(
    root: Path,
    config: Path | None,
    generator: str | None,
    base_url: str | None,
    now: dt.datetime | None,
    check: bool,
    adopt: Path | None,
) -> None:
    """Keep the ids of all posts in feeds.lock, whatever becomes of their names and addresses.

    Commit the file. With --adopt, a blog that moves here keeps the ids that its readers know.
    """
    from feeds.lock import lock

    settings = options.project_settings(root, config, {"site.url": base_url, "generator.name": generator})
    result = lock(settings, now or options.current_instant(), check=check, adopt=adopt)
    _show(result, check=check, adopted=adopt is not None)
    if check and result.is_stale:
        sys.exit(FeedsError.exit_code)


def _show(result: LockResult, *, check: bool, adopted: bool) -> None:
    for word, paths in (("new", result.new), ("changed", result.changed), ("renamed", result.renamed)):
        for path in paths[:_SHOWN]:
            click.echo(f"  {word:<8} {printable(path)}")
        if len(paths) > _SHOWN:
            click.echo(f"  {word:<8} … and {len(paths) - _SHOWN:,} more")
    if adopted:
        click.echo(f"{count(result.adopted, 'id')} taken over")
        for entry in result.left[:_SHOWN]:
            click.echo(f"  no post   {printable(entry.title or entry.link or entry.id)}")
        if len(result.left) > _SHOWN:
            click.echo(f"  no post   … and {len(result.left) - _SHOWN:,} more")
    posts = count(result.posts, "post")
    if check:
        click.echo(f"feeds.lock is {'not ' if result.is_stale else ''}up to date with {posts}")
        if result.is_stale:
            click.echo("  help: run feeds lock, and commit the file")
    else:
        click.echo(f"feeds.lock {'written' if result.written else 'is up to date'}: {posts}")
