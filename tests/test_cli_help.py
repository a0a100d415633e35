"""The list of commands, which is shown without importing them."""

import subprocess
import sys

import click
import pytest

from feeds.cli import SUMMARIES, command


@pytest.mark.parametrize("name", SUMMARIES)
def test_each_command_is_listed_with_the_first_sentence_of_its_help(name):
    found = command.commands[name]
    assert isinstance(found, click.Command)
    assert " ".join((found.help or "").split("\n\n")[0].split()) == SUMMARIES[name]


def test_listing_the_commands_imports_none_of_them():
    code = "import sys; sys.argv = ['feeds', '--help']\nfrom feeds.__main__ import main\ntry:\n    main()\n"
    code += "except SystemExit:\n    pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *shown, modules = done.stdout.splitlines()
    assert all(any(line.startswith(f"  {name} ") for line in shown) for name in SUMMARIES)
    assert not {f"feeds.cli.{name}" for name in SUMMARIES} & set(modules.split())
