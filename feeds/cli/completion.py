"""`feeds completion`."""

from __future__ import annotations

import click

_SHELLS = ("bash", "fish", "zsh")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that completes this command in a shell.

    For bash: feeds completion bash > ~/.local/share/bash-completion/completions/feeds
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(context.find_root().command, {}, "feeds", "_FEEDS_COMPLETE").source())
