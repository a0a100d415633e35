"""The documentation agrees with the program: flags, output and commands are compared with what runs.

`pytest tests/test_docs.py --rewrite` brings the generated parts up to date.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from projects import CHECKOUT, run

from feeds.cli import command

REFERENCE = CHECKOUT / "docs" / "reference.md"
README = CHECKOUT / "README.md"

pytestmark = pytest.mark.skipif(not REFERENCE.is_file(), reason="the documentation is not here")


def flags() -> str:
    """A table of each command's flags, from the command line itself."""
    return "\n\n".join("\n".join(_table(name, found)) for name, found in _commands(command))


def _commands(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    for own, found in sorted(group.commands.items()):
        if isinstance(found, click.Group):
            yield from _commands(found, f"{name}{own} ")
        else:
            yield f"{name}{own}", found


def _table(name: str, found: click.Command) -> Iterator[str]:
    assert found.help
    yield f"### `feeds {name}`\n\n{found.help.splitlines()[0]}\n"
    yield "| flag | what it does |"
    yield "| --- | --- |"
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            value = "" if parameter.is_flag else f" {parameter.metavar}"
            yield f"| {', '.join(f'`{flag}{value}`' for flag in parameter.opts)} | {parameter.help} |"
        else:
            choices = ", ".join(f"`{choice}`" for choice in getattr(parameter.type, "choices", ()))
            yield f"| `{parameter.human_readable_name}` | {parameter.help or choices} |"


def test_the_reference_lists_every_flag(rewrite: bool) -> None:
    text = REFERENCE.read_text("utf-8")
    expected = re.sub(
        r"(?s)(<!-- flags -->\n).*(<!-- /flags -->)",
        lambda found: f"{found[1]}\n{flags()}\n\n{found[2]}",
        text,
    )
    if rewrite:
        REFERENCE.write_text(expected, "utf-8")
    assert REFERENCE.read_text("utf-8") == expected


SESSION = re.compile(r"^\$ (feeds .*)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)
"""A command in a console block of the README, and what it prints there."""


def test_the_readme_shows_what_the_commands_print(tmp_path: Path, rewrite: bool) -> None:
    shutil.copytree(CHECKOUT / "content", tmp_path / "content")
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    text = README.read_text("utf-8")

    def printed(found: re.Match[str]) -> str:
        done = run(found[1].split()[1:], tmp_path, {"SOURCE_DATE_EPOCH": "1795780800"})  # 2026-11-27 12:00
        return f"$ {found[1]}\n{done.stdout}{done.stderr}"

    expected = SESSION.sub(printed, text)
    if rewrite:
        README.write_text(expected, "utf-8")
    assert len(SESSION.findall(text)) >= 5
    assert README.read_text("utf-8") == expected
