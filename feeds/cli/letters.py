"""What `feeds send` prints and writes: plans, accounts, reports."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from feeds.cli.meter import duration
from feeds.cli.printing import count, size, styled
from feeds.errors import FeedsError, Location, Severity, UsageError, printable

if TYPE_CHECKING:
    from feeds.config import Settings
    from feeds.delivery.accounts import Account, Line
    from feeds.delivery.book import Book
    from feeds.delivery.engine import Summary
    from feeds.delivery.frozen import FrozenIssue
    from feeds.drafting import Draft

_LISTED = 50
"""How many recipients a status names at most; a report has all."""

_SETS = 4
"""How many sets of categories a plan names."""

_COLUMNS = ("address", "subject", "letter", "state", "attempts", "at", "due", "code", "reply")


def print_draft(settings: Settings, draft: Draft, *, is_first: bool = False) -> None:
    """What would be sent, to how many, and what was checked; `is_first` where nothing was ever sent."""
    plan, letter = draft.plan, draft.letters[0]
    click.echo(f"{plan.id}: {printable(letter.issue.subject)}\n")
    days = f"{plan.first} to {plan.last}" if plan.first != plan.last else f"{plan.first}"
    _row("posts", f"{count(len(plan.posts), 'post')}, {days}")
    if draft.left_out:
        titles = ", ".join(repr(printable(post.title)) for post in draft.left_out[:3])
        more = f" and {len(draft.left_out) - 3} more" if len(draft.left_out) > 3 else ""
        _row("left out", f"{titles}{more}: sent in an earlier issue")
    html, text = size(len(letter.html.encode())), size(len(letter.text.encode()))
    _row("letter", f"{html} of HTML, {text} of text, sha256 {draft.hash[:12]}")
    _row("recipients", _recipients(draft))
    if draft.passed_over:
        _row("no letter", f"{draft.passed_over:,}, following nothing that is in it")
    _row("transport", _transport(settings))
    _row("rate", _rate(settings, draft.recipients))
    _print_checks(draft)
    if draft.is_sound:
        flag = " --first-run" if is_first else ""
        click.echo(f"\nnothing was sent; to send it: feeds send {plan.id} --yes{flag}")


def _print_checks(draft: Draft) -> None:
    """What was looked at; what is wrong with it comes after the plan."""
    bad = {checked.name: {each.severity for each in checked.findings} for checked in draft.checks}
    passed = [name for name, severities in bad.items() if not severities]
    failed = [name for name, severities in bad.items() if Severity.ERROR in severities]
    odd = [name for name, severities in bad.items() if severities and name not in failed]
    _row("checks", f"passed: {', '.join(passed)}")
    if odd:
        _row("", styled(f"to look at: {', '.join(odd)}", fg="yellow"))
    if failed:
        _row("", styled(f"failed: {', '.join(failed)}", fg="red"))


def print_account(book: Book | None, account: Account, *, full: bool = False) -> None:
    """How an issue stands; with the ledger, whom it did not reach."""
    issue = account.issue
    click.echo(f"{issue.id}: {printable(issue.subject)}\n")
    _row("begun", f"{_instant(issue.frozen_at)}, sha256 {issue.hash[:12]}")
    _row("recipients", f"{account.total:,}")
    for state, number in account.counts.items():
        if number:
            _row(state, f"{number:,}")
    if account.next_at:
        _row("next", f"the next attempt is due on {_instant(account.next_at)}")
    if account.waiting:
        _row("expires", _instant(issue.expires_at))
        click.echo(f"\nto go on: feeds send {issue.id} --yes")
    if book:
        _print_lines(book, issue, full=full)


def _print_lines(book: Book, issue: FrozenIssue, *, full: bool) -> None:
    from feeds.delivery.accounts import report
    from feeds.delivery.states import State

    missed = [state for state in State if state not in (State.ACCEPTED, State.PENDING, State.SUPPRESSED)]
    for number, line in enumerate(report(book, issue, missed)):
        if number == _LISTED:
            click.echo("  … and more: --report FILE.csv has them all")
            break
        if number == 0:
            click.echo("")
        answer = f"{line.code or ''} {printable(line.reply)}".strip()
        click.echo(f"  {line.state:<9} {_address(line, full=full)}  {answer}".rstrip())


def print_issues(accounts: Sequence[Account]) -> None:
    """One line for each issue that was sent, the newest last."""
    if not accounts:
        click.echo("no issue was sent yet")
    for account in accounts:
        states = ", ".join(f"{number:,} {state}" for state, number in account.counts.items() if number)
        click.echo(f"  {account.issue.id}  {_instant(account.issue.frozen_at)}  {states or 'nobody'}")


def print_end(summary: Summary) -> None:
    """What a run did; and, as a warning, what is left and how to go on."""
    from feeds.delivery.states import State

    account, counts = summary.account, summary.account.counts
    if summary.recovered.unknown:
        letters = count(summary.recovered.unknown, "letter")
        click.echo(f"{letters} of a run that was cut off may have arrived, or not", err=True)
    states = ", ".join(f"{number:,} {state}" for state, number in counts.items() if number)
    click.echo(f"{account.issue.id}: {states or 'nobody to send it to'}")
    id = account.issue.id
    if counts[State.REJECTED]:
        click.echo(f"why letters were rejected tells: feeds send {id} --status", err=True)
    if counts[State.UNKNOWN]:
        them = "it may have arrived" if counts[State.UNKNOWN] == 1 else "they may have arrived"
        click.echo(
            f"in doubt: {count(counts[State.UNKNOWN], 'letter')}; {them}, and nobody here can know. "
            f"They are listed by: feeds send {id} --status",
            err=True,
        )
    if account.waiting:
        when = f" after {_instant(account.next_at)}" if account.next_at else ""
        click.echo(
            f"not through: {count(account.waiting, 'letter')}; go on{when} with: feeds send {id} --yes",
            err=True,
        )


def write_report(book: Book, issue: FrozenIssue, path: Path, *, full: bool) -> None:
    """Write a line for each recipient, as JSON or CSV by the ending; addresses are masked unless `full`.

    Raises:
        FeedsError: the file cannot be written; what was there before stays.
    """
    from feeds.delivery.accounts import report

    rows = (_document(line, full=full) for line in report(book, issue))
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "w", encoding="utf-8", newline="", opener=_private) as file:
            (_write_json if path.suffix == ".json" else _write_csv)(rows, file)
        part.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        with suppress(OSError):
            part.unlink()


def check_report(path: Path) -> None:
    """See that a report can be written there, before anything is done that it is to tell of.

    Raises:
        UsageError: its ending is none of those that tell a format.
        FeedsError: it cannot be written.
    """
    if path.suffix not in (".json", ".csv"):
        raise UsageError(f"{path} is neither a .json nor a .csv file", help="give it one of these endings")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> FeedsError:
    message = f"cannot write this file: {error.strerror or error}"
    return FeedsError(message, Location(str(path)), rule="unwritable")


def account_document(account: Account) -> dict[str, object]:
    """An account as JSON shows it."""
    issue = account.issue
    return {
        "issue": issue.id,
        "subject": issue.subject,
        "hash": issue.hash,
        "frozen": _iso(issue.frozen_at),
        "expires": _iso(issue.expires_at),
        "recipients": account.total,
        **{str(state): number for state, number in account.counts.items()},
        "next": _iso(account.next_at),
    }


def draft_document(draft: Draft) -> dict[str, object]:
    """A draft as JSON shows it."""
    letter = draft.letters[0]
    return {
        "issue": draft.plan.id,
        "subject": letter.issue.subject,
        "preheader": letter.issue.preheader,
        "hash": draft.hash,
        "letters": len(draft.letters),
        "html_size": len(letter.html.encode()),
        "recipients": draft.recipients,
        "passed_over": draft.passed_over,
        "posts": [post.id for post in draft.plan.posts],
        "left_out": [post.id for post in draft.left_out],
        "checks": {
            checked.name: not any(each.severity is Severity.ERROR for each in checked.findings)
            for checked in draft.checks
        },
    }


def _recipients(draft: Draft) -> str:
    total = f"{draft.recipients:,}"
    if len(draft.letters) == 1:
        return total
    groups: dict[int, int] = {}
    for stored, people in draft.people.items():
        index = draft.audience[stored]
        if index is not None:
            groups[index] = groups.get(index, 0) + people
    sets = {index: stored for stored, index in [*draft.audience.items()][::-1] if index is not None}
    shown = [f"{people:,} of {_set_name(sets[index])}" for index, people in groups.items() if people]
    more = f" and {len(shown) - _SETS} more kinds" if len(shown) > _SETS else ""
    return f"{total}: {'; '.join(shown[:_SETS])}{more}"


def _set_name(stored: str | None) -> str:
    """The categories of a set, as the ledger stores it."""
    return "all categories" if stored is None else printable(", ".join(json.loads(stored)))


def _transport(settings: Settings) -> str:
    send = settings.send
    return f"{send.transport}, {count(send.connections, 'connection')}" if send.transport else "none is named"


def _rate(settings: Settings, letters: int) -> str:
    send = settings.send
    limits = [
        f"{number:,} {unit}"
        for number, unit in (
            (send.per_second, "a second"),
            (send.per_hour, "an hour"),
            (send.per_domain, "an hour to a domain"),
        )
        if number
    ]
    seconds = max(
        letters / send.per_second if send.per_second else 0.0,
        letters * 3600 / send.per_hour if send.per_hour else 0.0,
    )
    took = f": about {duration(seconds)}" if seconds else ""
    return f"at most {', '.join(limits)}{took}" if limits else "as fast as the transport takes them"


def _row(name: str, text: str) -> None:
    click.echo(f"  {name:<12}{text}")


def _address(line: Line, *, full: bool) -> str:
    from feeds.delivery.addresses import mask

    if not line.address:
        return "(forgotten)"
    return printable(line.address) if full else mask(line.address)


def _document(line: Line, *, full: bool) -> dict[str, object]:
    values = (
        _address(line, full=full),
        line.subject,
        line.variant + 1,
        str(line.state),
        line.attempts,
        _iso(line.at),
        _iso(line.due),
        line.code,
        line.reply,
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _private(path: str, flags: int) -> int:
    """Open a file that nobody but the user may read."""
    return os.open(path, flags, 0o600)


def _write_json(rows: Iterator[dict[str, object]], file: TextIO) -> None:
    """A list, row by row: there may be a million of them."""
    file.write("[")
    for number, row in enumerate(rows):
        file.write(("," if number else "") + "\n  " + json.dumps(row, ensure_ascii=False))
    file.write("\n]\n")


def _write_csv(rows: Iterator[dict[str, object]], file: TextIO) -> None:
    from feeds.delivery.csvfiles import guard

    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    writer.writerows([guard(str("" if value is None else value)) for value in row.values()] for row in rows)


def _instant(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def _iso(seconds: float | None) -> str | None:
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).isoformat() if seconds else None
