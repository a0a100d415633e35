"""`feeds init`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli import options
from feeds.cli.printing import count, printable_lines, styled, summary, terminal_width
from feeds.cli.tables import INDENT, pad
from feeds.columns import columns, wrap
from feeds.errors import Severity, printable

if TYPE_CHECKING:
    from feeds.config import Override, Settings
    from feeds.model import Excerpting
    from feeds.survey import Survey

_FILE = "feeds.toml"
_NAMES = {"title": "title", "url": "address", "language": "language", "timezone": "time zone"}
_LABEL = max(map(len, _NAMES.values()))
_WIDEST = 44
"""How wide a value may be for what follows it to stand in one column with that of the others."""

_UNLIMITED = 10_000


@click.command()
@options.ROOT
@options.GENERATOR
@options.BASE_URL
@click.option("--dry-run", is_flag=True, help="Print feeds.toml instead of writing it.")
def command(root: Path, generator: str | None, base_url: str | None, dry_run: bool) -> None:
    """Show what is known of the site, and write feeds.toml.

    The file has a line, commented out, for each thing that was not found; settings that are there already
    stay as they are.
    """
    from feeds.output import write_file
    from feeds.survey import compile_settings, survey

    given = {"site.url": base_url, "generator.name": generator}

    def load(more: Mapping[str, Override]) -> Settings:
        return options.project_settings(root, None, {**given, **more})

    found = survey(load, options.current_instant())
    _show_site(found)
    text = compile_settings(found, {key: value for key, value in given.items() if value})
    click.echo()
    if dry_run:
        click.echo(printable_lines(text))
    elif found.elsewhere:
        click.echo("nothing was written: the site is in a folder below")
    elif found.settings.file or os.path.lexists(root / _FILE):
        click.echo(f"{found.settings.file or _FILE} is there already, and stays as it is")
    else:
        write_file(root / _FILE, text.encode())
        click.echo(f"{styled('wrote', fg='green')} {_FILE}{_for(found)}")
    _show_next(found, root)


def _show_site(found: Survey) -> None:
    """The generator, then a line for each thing that is known of the site."""
    from feeds.survey import label

    click.echo(
        styled(label(found.generator), bold=True) + (f"  {printable(found.config)}" if found.config else "")
    )
    for name, config in found.others:
        choose = f'to choose it, --generator {name}, or name = "{name}" under [generator]'
        click.echo(f"{label(name)} too ({printable(config)}), which is left aside; {choose}")
    click.echo()
    room = (terminal_width() or _UNLIMITED) - len(INDENT)
    lines = list(_lines(found))
    noted = max((columns(printable(line.value)) for line in lines if line.note), default=0)
    for line in lines:
        value = printable(line.value)
        noted_value = pad(value, min(noted, _WIDEST))
        if line.note and _LABEL + columns(noted_value) + columns(line.note) + 2 * len(INDENT) <= room:
            click.echo(
                f"{INDENT}{line.name:<{_LABEL}}{INDENT}{noted_value}{INDENT}{styled(line.note, dim=True)}"
            )
            continue
        head = f"{line.name:<{_LABEL}}"
        for part in wrap(value, room - _LABEL - len(INDENT)).split("\n"):
            click.echo(INDENT + styled(f"{head}{INDENT}{part}", fg="red" if line.missing else None))
            head = " " * _LABEL


@dataclass(frozen=True, slots=True)
class _Line:
    """What is known of a site: its name, its value, and where that comes from."""

    name: str
    value: str
    note: str = ""
    missing: bool = False


def _lines(found: Survey) -> Iterator[_Line]:
    from feeds.survey import label

    needed = {missing.key.partition(".")[2]: f"not found: {missing.message}" for missing in found.missing}
    facts = {fact.key: fact for fact in found.facts}
    for key, name in _NAMES.items():
        if key in needed:
            yield _Line(name, needed.pop(key), missing=True)
        elif key in facts:
            note = "assumed" if facts[key].assumed else str(facts[key].at or "")
            yield _Line(name, facts[key].value, note)
    for key, message in needed.items():
        yield _Line("generator" if key == "name" else key, message, missing=True)
    if found.listing is None:
        return
    yield _Line("posts", ", ".join(found.listing.folders), summary(found.listing))
    if found.excerpt:
        yield _Line("excerpts", _excerpts(found.excerpt, label(found.generator)))
    yield _Line("output", facts["output"].value, str(facts["output"].at or ""))


def _excerpts(rule: Excerpting, generator: str) -> str:
    """How excerpts are cut, from the first way to the last."""
    marks = " or ".join(f"<!-- {mark} -->" for mark in rule.marks)
    ways = [f"before {marks}"] if marks else []
    if rule.automatic:
        ways.append(f"{generator}'s own: {rule.words} words" if rule.words else f"{generator}'s own")
    else:
        ways.append("the description, else the first paragraphs")
    return ", else ".join(ways)


def _for(found: Survey) -> str:
    """What the file that was written is for."""
    names = [key.partition(".")[2] for key in found.unknown]
    return f" for what was not found: {', '.join(names)}" if names else ""


def _show_next(found: Survey, root: Path) -> None:
    """What to do now."""
    from feeds.survey import label

    where = "" if root == Path() else f" -C {shlex.quote(os.fspath(root))}"
    build = styled(f"feeds build{where}", bold=True)
    wrong = [finding for finding in found.findings if finding.severity is Severity.ERROR]
    if found.elsewhere:
        for name, folder in found.elsewhere:
            below = styled(f"feeds init -C {shlex.quote(os.fspath(root / folder))}", bold=True)
            click.echo(f"next: {below}, where {label(name)} is configured")
    elif found.missing:
        names = [missing.key.partition(".") for missing in found.missing]
        if found.settings.file is None:
            click.echo(f"next: fill in {' and '.join(name for _, _, name in names)} in {_FILE}, then {build}")
            return
        lines = " and ".join(
            f"{name} = {missing.example} under [{table}]"
            for (table, _, name), missing in zip(names, found.missing, strict=True)
        )
        click.echo(f"next: write {printable(lines)} in {found.settings.file}, then {build}")
    elif wrong:
        click.echo(
            f"next: {styled(f'feeds posts{where}', bold=True)}, which shows {count(len(wrong), 'error')}"
        )
    else:
        click.echo(f"next: {build}")
