"""The command line: the only place that prints, reads the clock and the environment, and exits."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds import __version__
from feeds.errors import FeedsError, Finding, Severity, UsageError, printable

if TYPE_CHECKING:
    from feeds.build import Built, Choices
    from feeds.config import Settings
    from feeds.output import Written

_MAX_ROWS = 40
_MAX_ALIKE = 10
_SIGPIPE = 128 + 13
"""What shells report of a command whose reader has gone."""

_PATIENCE = 1.0
"""Seconds until a progress bar appears."""

_SHELLS = ("bash", "fish", "zsh")
_ISSUE_HELP = "Write this issue of the newsletter: 2026-11, 2026-W47 or 2026-Q4."


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
        _show_findings(error.findings, stopped=True)
        sys.exit(error.exit_code)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="feeds")
def command() -> None:
    """Turn a folder of Markdown posts into RSS, Atom and JSON feeds and a newsletter."""


class _Instant(click.ParamType[dt.datetime]):
    """An instant in ISO 8601; without an offset it is in UTC."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        try:
            instant = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-22 or 2026-11-22T09:30+01:00", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


class _Day(click.ParamType[dt.date]):
    """A calendar day in ISO 8601."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-22", param, ctx)


class _Place(click.ParamType[Path]):
    """A path; an empty one, which an unset variable leaves, is not the current folder."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value):
            self.fail("the path is empty", param, ctx)
        return Path(value)


_PATH = _Place()


@command.command()
@click.option(
    "-C", "root", type=_PATH, default=Path(), metavar="ROOT", help="The project's folder (default: here)."
)
@click.option("-o", "--output", type=_PATH, metavar="OUTPUT", help="Write the feeds into this folder.")
@click.option("--config", type=_PATH, metavar="FILE", help="Read these settings instead of feeds.toml.")
@click.option("--generator", metavar="NAME", help="The site's generator: material or plain.")
@click.option("--base-url", metavar="URL", help="Where the site is published.")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help="The most entries of a feed; 0 for all."
)
@click.option("--letters", type=_PATH, metavar="DIR", help="Write the letters into this folder.")
@click.option("--issue", metavar="ID", help=_ISSUE_HELP)
@click.option("--since", type=_Day(), metavar="DATE", help="Write an issue that begins on this day.")
@click.option("--until", type=_Day(), metavar="DATE", help="Write an issue that ends on this day.")
@click.option("--drafts", is_flag=True, help="Preview: drafts too. Needs an -o of its own.")
@click.option("--future", is_flag=True, help="Preview: posts to come too. Needs an -o of its own.")
@click.option("--now", type=_Instant(), metavar="INSTANT", help="Which posts are due is decided as of then.")
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but warnings and errors.")
def build(
    root: Path,
    output: Path | None,
    config: Path | None,
    generator: str | None,
    base_url: str | None,
    limit: int | None,
    letters: Path | None,
    issue: str | None,
    since: dt.date | None,
    until: dt.date | None,
    drafts: bool,
    future: bool,
    now: dt.datetime | None,
    strict: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the feeds, and the newest issue of the newsletter.

    Paths given here are relative to the current folder; those in feeds.toml to the project's.
    """
    from feeds.build import Choices
    from feeds.config import load_settings

    if not root.is_dir():
        raise UsageError(f"there is no folder {str(root)!r}", help="name the project's folder with -C")
    overrides = {
        "site.output": str(output.absolute()) if output else None,
        "site.url": base_url,
        "generator.name": generator,
        "feeds.limit": limit,
        "newsletter.letters": str(letters.absolute()) if letters else None,
    }
    choices = Choices(
        now or _now(),
        own_output=output is not None,
        drafts=drafts,
        future=future,
        strict=strict,
        issue=issue,
        since=since,
        until=until,
    )
    try:
        settings = load_settings(root.absolute(), config=config, overrides=overrides, environ=os.environ)
        built = _build_with_progress(settings, choices, quiet or as_json)
    except FeedsError as error:
        if as_json:
            _print_json(error.findings)
            sys.exit(error.exit_code)
        raise
    if as_json:
        _print_json(built.findings, built)
        return
    if not quiet:
        _show_built(built)
    _show_findings(built.findings)


@command.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes this command in a shell.

    For bash: feeds completion bash > ~/.local/share/bash-completion/completions/feeds
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(command, {}, "feeds", "_FEEDS_COMPLETE").source())


def _now() -> dt.datetime:
    """The instant that decides which posts are due: `SOURCE_DATE_EPOCH`, else the clock.

    See https://reproducible-builds.org/specs/source-date-epoch/.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, which is no number of seconds") from None


def _build_with_progress(settings: Settings, choices: Choices, silent: bool) -> Built:
    """Build; someone who watches a terminal and has to wait sees how far it is."""
    from feeds.build import build as run

    if silent or not sys.stderr.isatty():
        return run(settings, choices)
    started = time.monotonic()
    with ExitStack() as stack:
        bars: list[Any] = []

        def progress(done: int, total: int) -> None:
            if not bars and time.monotonic() - started > _PATIENCE:
                bar = click.progressbar(length=total, label="rendering posts", file=sys.stderr)
                bars.append(stack.enter_context(bar))
            for bar in bars:
                bar.update(done - bar.pos)

        return run(settings, choices, progress)


def _show_built(built: Built) -> None:
    root = Path.cwd()
    folders = ((built.site.output, built.written), (built.letters_folder, built.letters))
    files = [(folder / file.path, file) for folder, written in folders for file in written]
    rows = list(_rows([(path, file) for path, file in files if file.changed], root))
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    for folder, names, entries, size in rows[:_MAX_ROWS]:
        click.echo(
            f"  {folder:<{widths[0]}}  {names:<{widths[1]}}  {entries:>{widths[2]}}  {size:>{widths[3]}}"
        )
    if len(rows) > _MAX_ROWS:
        click.echo(f"  … and {_count(len(rows) - _MAX_ROWS, 'more folder')}")
    for removed in built.removed:
        click.echo(f"  {_shown(built.site.output / removed, root)}  removed")
    posts = f"{_count(built.posts, 'post')}, {_count(built.drafts, 'draft')}, {len(built.held)} held back"
    changed = sum(file.changed for _, file in files)
    if changed or built.removed:
        click.echo(f"{posts}: {changed} of {_count(len(files), 'file')} written")
    else:
        click.echo(f"{posts}: nothing has changed, {_count(len(files), 'file')} left as they are")
    if built.held:
        post = built.held[0]
        click.echo(f"next: {printable(post.title)!r} falls due on {post.published.isoformat(' ', 'minutes')}")


def _rows(files: Sequence[tuple[Path, Written]], root: Path) -> Iterator[tuple[str, str, str, str]]:
    """One row for each folder: its files, how many entries each of them holds, and their size together."""
    for folder, group in groupby(files, key=lambda file: file[0].parent):
        found = list(group)
        entries = max((file.entries or 0 for _, file in found), default=0)
        yield (
            f"{_shown(folder, root)}/",
            ", ".join(path.name for path, _ in found),
            _count(entries, "entry"),
            _size(sum(file.size for _, file in found)),
        )


def _show_findings(findings: Sequence[Finding], *, stopped: bool = False) -> None:
    """Warnings, then errors, the last thing on the screen being what stopped the build, if anything did."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    warnings = [finding for finding in findings if finding.severity is Severity.WARNING]
    shown, hidden = _first_of_each_rule(warnings)
    for finding in (*shown, *errors):
        first, _, rest = str(finding).partition("\n")
        colour = "red" if finding.severity is Severity.ERROR else "yellow"
        click.echo(_styled(first, colour) + (f"\n{rest}" if rest else ""), err=True)
    for rule, number in hidden.items():
        more = _count(number, "more warning")
        click.echo(f"… and {more} of this kind: {rule} (--json lists all)", err=True)
    if (stopped and len(findings) > 1) or (stopped and not errors):
        counts = [
            _count(len(found), noun) for found, noun in ((errors, "error"), (warnings, "warning")) if found
        ]
        click.echo(f"{' and '.join(counts)}; nothing was written", err=True)


def _first_of_each_rule(warnings: Sequence[Finding]) -> tuple[list[Finding], dict[str, int]]:
    """The warnings to show, and how many of each rule are not, so that one kind cannot bury the others."""
    shown: list[Finding] = []
    counts = Counter[str]()
    for finding in warnings:
        counts[finding.rule] += 1
        if counts[finding.rule] <= _MAX_ALIKE:
            shown.append(finding)
    return shown, {rule: count - _MAX_ALIKE for rule, count in counts.items() if count > _MAX_ALIKE}


def _print_json(findings: Sequence[Finding], built: Built | None = None) -> None:
    import json

    document: dict[str, object] = {"ok": built is not None}
    if built is not None:
        root = Path.cwd()
        document |= {
            "output": str(built.site.output),
            "posts": built.posts,
            "drafts": built.drafts,
            "held": [
                {"path": post.source.fields.path, "title": post.title, "due": post.published.isoformat()}
                for post in built.held
            ],
            "issue": built.issue,
            "files": [
                {
                    "path": _shown(folder / f.path, root),
                    "size": f.size,
                    "entries": f.entries,
                    "changed": f.changed,
                }
                for folder, files in (
                    (built.site.output, built.written),
                    (built.letters_folder, built.letters),
                )
                for f in files
            ],
            "removed": [_shown(built.site.output / path, root) for path in built.removed],
        }
    document["findings"] = [
        {
            "severity": finding.severity.value,
            "rule": finding.rule,
            "message": finding.message,
            "path": finding.at.path if finding.at else None,
            "line": finding.at.line if finding.at else None,
            "column": finding.at.column if finding.at else None,
            "help": finding.help,
        }
        for finding in findings
    ]
    text = json.dumps(document, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "backslashreplace").decode())


def _styled(text: str, colour: str) -> str:
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=colour)


def _shown(path: Path, root: Path) -> str:
    relative = os.path.relpath(path, root)
    return printable(str(path) if relative.startswith("..") else relative)


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _size(number: int) -> str:
    return f"{number:,} B" if number < 1000 else f"{number / 1000:,.1f} kB"
