"""What every command prints: findings, JSON, numbers, paths and colours."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.errors import Finding, Severity, printable

if TYPE_CHECKING:
    from feeds.posts.listing import Listing

_MAX_ALIKE = 10
_WIDTH = 80


def show_findings(findings: Sequence[Finding], *, stopped: bool = False) -> None:
    """Warnings, then errors, each once, so that what stopped the command comes last, if anything did."""
    for line in finding_lines(findings, stopped=stopped):
        click.echo(line, err=True)


def finding_lines(findings: Sequence[Finding], *, stopped: bool = False) -> Iterator[str]:
    """The same as texts."""
    findings = list(dict.fromkeys(findings))
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    warnings = [finding for finding in findings if finding.severity is Severity.WARNING]
    shown, hidden = _first_of_each_rule(warnings)
    for finding in (*shown, *errors):
        first, _, rest = str(finding).partition("\n")
        colour = "red" if finding.severity is Severity.ERROR else "yellow"
        yield styled(first, fg=colour) + (f"\n{rest}" if rest else "")
    for rule, number in hidden.items():
        more = count(number, "more warning")
        yield f"… and {more} of this kind: {rule} (--json lists all)"
    if (stopped and len(findings) > 1) or (stopped and not errors):
        counts = [
            count(len(found), noun) for found, noun in ((errors, "error"), (warnings, "warning")) if found
        ]
        yield f"{' and '.join(counts)}; nothing was written"


def _first_of_each_rule(warnings: Sequence[Finding]) -> tuple[list[Finding], dict[str, int]]:
    """The warnings to show, and how many of each rule are not, so that one kind cannot bury the others."""
    shown: list[Finding] = []
    counts = Counter[str]()
    for finding in warnings:
        counts[finding.rule] += 1
        if counts[finding.rule] <= _MAX_ALIKE:
            shown.append(finding)
    return shown, {rule: count - _MAX_ALIKE for rule, count in counts.items() if count > _MAX_ALIKE}


def finding_document(finding: Finding) -> dict[str, object]:
    """A finding as JSON shows it."""
    return {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "message": finding.message,
        "path": finding.at.path if finding.at else None,
        "line": finding.at.line if finding.at else None,
        "column": finding.at.column if finding.at else None,
        "help": finding.help,
    }


def print_json(document: dict[str, object], findings: Sequence[Finding], *, ok: bool = True) -> None:
    """Print a result as JSON: `ok`, what the document holds, then the findings."""
    click.echo(json_text(document, findings, ok=ok))


def json_text(document: dict[str, object], findings: Sequence[Finding], *, ok: bool = True) -> str:
    """The same as a text."""
    import json

    found = [finding_document(finding) for finding in dict.fromkeys(findings)]
    whole = {"ok": ok, **document, "findings": found}
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode()


def styled(text: str, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
    """The text in a colour; click takes it out again where no terminal shows it."""
    if os.environ.get("NO_COLOR") or not (fg or bold or dim):
        return text
    return click.style(text, fg=fg, bold=bold or None, dim=dim or None)


def terminal_width() -> int | None:
    """How many columns the terminal has that the result is printed on; None if it goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    return os.get_terminal_size(sys.stdout.fileno()).columns or _WIDTH  # some terminals know no width


def shown(path: Path, root: Path) -> str:
    """A path as the current folder `root` knows it."""
    relative = os.path.relpath(path, root)
    return printable(str(path) if relative.startswith("..") else relative)


def summary(listing: Listing) -> str:
    """How many posts have each status: those that their authors keep back by name, then the others."""
    last = ("held", "expired", "error")
    hidden = sorted({row.status for row in listing.rows} - {"published", *last})
    names = {"held": "held back", "error": "with errors"}
    parts = [f"{count(listing.count('published'), 'post')} published"]
    for status in (*hidden, *last):
        number = listing.count(status)
        if status == "draft":
            parts.append(count(number, "draft"))
        elif number:
            parts.append(f"{number:,} {printable(names.get(status, status))}")
    return ", ".join(parts)


def printable_lines(text: str) -> str:
    """A text of several lines without what would upset a terminal."""
    return "\n".join(map(printable, text.split("\n")))


def count(number: int, noun: str) -> str:
    """A number of things: `1 entry`, `2 entries`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def size(number: int) -> str:
    """A number of bytes."""
    return f"{number:,} B" if number < 1000 else f"{number / 1000:,.1f} kB"
