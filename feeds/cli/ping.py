"""`feeds ping`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli import options
from feeds.cli.printing import count, styled
from feeds.errors import FeedsError, printable

if TYPE_CHECKING:
    from feeds.ping import Pinged


@click.command()
@options.ROOT
@click.option("-o", "--output", type=options.PATH, metavar="OUTPUT", help="The folder that was built.")
@options.CONFIG
@options.GENERATOR
@options.BASE_URL
@click.option("--dry-run", is_flag=True, help="Only say which feeds the hub would be told of.")
def command(
    root: Path,
    output: Path | None,
    config: Path | None,
    generator: str | None,
    base_url: str | None,
    dry_run: bool,
) -> None:
    """Tell the WebSub hub which feeds have changed since it was told last.

    Run it when the new feeds are online: the hub fetches them at once.
    """
    from feeds.ping import ping

    overrides = {
        "site.url": base_url,
        "generator.name": generator,
        "site.output": str(output.absolute()) if output else None,
    }
    settings = options.project_settings(root, config, overrides)
    done = ping(settings, dry_run=dry_run, sleep=time.sleep, told=lambda pinged: _show(pinged, dry_run))
    failed = [pinged for pinged in done if pinged.problem]
    told = count(len(done) - len(failed), "feed")
    if not done:
        click.echo("no feed has changed since the hub was told last")
    elif dry_run:
        click.echo(f"the hub would be told of {told}")
    else:
        click.echo(f"the hub was told of {told}" + (f"; {len(failed)} failed" if failed else ""))
    if failed:
        click.echo("  help: run feeds ping again; those it was told of are not told again", err=True)
        sys.exit(FeedsError.exit_code)


def _show(pinged: Pinged, dry_run: bool) -> None:
    if pinged.problem:
        failed = f"  failed  {printable(pinged.url)}: {printable(pinged.problem)}"
        click.echo(styled(failed, fg="red"), err=True)
    else:
        click.echo(f"  {'would' if dry_run else 'told '}  {printable(pinged.url)}")
