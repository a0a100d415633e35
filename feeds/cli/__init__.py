"""The command line: the only place that prints, reads the clock and the environment, and exits."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections import UserDict
from collections.abc import Iterator
from importlib import import_module

import click

from feeds import __version__
from feeds.cli.printing import show_findings
from feeds.errors import FeedsError

_SIGPIPE = 128 + 13
"""What shells report of a command whose reader has gone."""


SUMMARIES = {
    "build": "Write the feeds, and the newest issue of the newsletter.",
    "completion": "Print the script that completes this command in a shell.",
    "init": "Show what is known of the site, and write feeds.toml.",
    "issue": "Make and show the newsletter's issues.",
    "lock": "Keep the ids of all posts in feeds.lock, whatever becomes of their names and addresses.",
    "ping": "Tell the WebSub hub which feeds have changed since it was told last.",
    "posts": "Show every post: published, or why not.",
    "preview": "Show the newest letter, the feeds and the posts in a browser, and keep them up to date.",
    "send": "Send an issue of the newsletter to everybody who subscribed to it, each once.",
    "subscribers": "Keep the list of those who get the newsletter by mail.",
    "unsubscribe": "Unsubscribe the reader whose token this is.",
}
"""The first sentence of each command's help, so that none has to be imported to be listed."""


class _Commands(UserDict[str, click.Command]):
    """The commands by name: each is imported, from the module of its name, when it is looked up."""

    names = tuple(SUMMARIES)

    def __getitem__(self, name: str) -> click.Command:
        if name not in self.names:
            raise KeyError(name)
        found = import_module(f"feeds.cli.{name}").command
        assert isinstance(found, click.Command)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def main() -> None:
    """Run the command, turning what is wrong into a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        command.main(prog_name="feeds", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_SIGPIPE)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.stdout = None  # flushing it at the end would fail again
        click.echo(f"cannot print the result: {error.strerror}", err=True)
        sys.exit(1)
    except FeedsError as error:
        show_findings(error.findings, stopped=True)
        sys.exit(error.exit_code)


class _Group(click.Group):
    """Lists its commands without importing them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = formatter.width - 6 - max(map(len, SUMMARIES))
        rows = [
            (name, click.Command(name, help=summary).get_short_help_str(width))
            for name, summary in SUMMARIES.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(
    cls=_Group,
    commands=_Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="feeds")
def command() -> None:
    """Turn a folder of Markdown posts into RSS, Atom and JSON feeds and a newsletter."""
