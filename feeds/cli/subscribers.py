"""`feeds subscribers`: add, remove, list, import, export, forget, read, rotate-key."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli import options
from feeds.cli.people import STATUSES, print_people, print_people_json
from feeds.cli.printing import count, print_json, show_findings
from feeds.errors import FeedsError, Finding, UsageError, printable

if TYPE_CHECKING:
    from feeds.config import Settings
    from feeds.delivery.addresses import Address
    from feeds.delivery.book import Book
    from feeds.delivery.subscribers import Change
    from feeds.delivery.tokens import Keys

_SHOWN = 50

_Command = Callable[..., Any]


@click.group()
def command() -> None:
    """Keep the list of those who get the newsletter by mail.

    It lies in one file with what was sent to whom, outside of the project.
    """


def _project(function: _Command) -> _Command:
    for option in (options.LEDGER, options.CONFIG, options.ROOT):
        function = option(function)
    return function


_STATUS = click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(STATUSES),
    metavar="STATUS",
    help=f"Only these: {', '.join(STATUSES[:-1])} or {STATUSES[-1]}.",
)
_ADDRESS = click.argument("address", metavar="ADDRESS", help="A mail address.")
_HOW = click.option("--how", default="", metavar="TEXT", help="How they consented, kept as the proof of it.")
_RESUBSCRIBE = click.option(
    "--resubscribe", is_flag=True, help="Take back who unsubscribed, bounced or was forgotten."
)


@command.command()
@_ADDRESS
@_project
@click.option("--name", default="", metavar="NAME", help="Their name, which letters are addressed to.")
@click.option(
    "--language", default="", metavar="TAG", help="The language that they read, such as en or pt-BR."
)
@click.option(
    "--category", "categories", multiple=True, metavar="NAME", help="A category to follow (default: all)."
)
@click.option("--all-categories", is_flag=True, help="Follow everything again.")
@_HOW
@_RESUBSCRIBE
def add(
    address: str,
    root: Path,
    config: Path | None,
    ledger: Path | None,
    name: str,
    language: str,
    categories: tuple[str, ...],
    all_categories: bool,
    how: str,
    resubscribe: bool,
) -> None:
    """Add somebody who asked for it, or change what is known of them."""
    from feeds.delivery.addresses import clean_line, clean_name, mask
    from feeds.delivery.people import Entry
    from feeds.delivery.subscribers import Change, enter
    from feeds.subscribing import unknown_categories

    if categories and all_categories:
        raise UsageError("--category and --all-categories exclude each other", help="give one of them")
    entry = Entry(
        _parse(address),
        name=clean_name(name),
        language=clean_line(language).replace("_", "-"),
        categories=frozenset(map(clean_line, categories)) or None,
        knows_categories=bool(categories) or all_categories,
        consent_at=options.clock(),
        consent_how=clean_line(how) or "added by hand",
    )
    with _opened(root, config, ledger, create=True) as at:
        show_findings(unknown_categories(at.settings, categories))
        ((_, change),) = enter(at.book, at.keys, [entry], at.now, resubscribe=resubscribe)
    who = mask(entry.address.sent)
    if change is Change.KEPT_OUT:
        raise FeedsError(
            f"{who} is on the suppression list: they unsubscribed, bounced, complained or were forgotten",
            help="if they consented anew, pass --resubscribe; who complained can only subscribe by mail",
            rule="suppressed",
        )
    click.echo(f"{who} {'is on the list already' if change is Change.UNCHANGED else change.value}")


@command.command()
@_ADDRESS
@_project
def remove(address: str, root: Path, config: Path | None, ledger: Path | None) -> None:
    """Unsubscribe somebody; no import brings them back."""
    from feeds.delivery.addresses import mask
    from feeds.delivery.people import Status
    from feeds.delivery.subscribers import find, reason_of, stop
    from feeds.delivery.tokens import subject_of

    wanted = _parse(address)
    with _opened(root, config, ledger) as at:
        book, now, subject = at.book, at.now, subject_of(at.keys, wanted.key)
        if find(book, subject) is None and not reason_of(book, subject):
            raise _unknown(wanted)
        is_news = stop(book, subject, Status.UNSUBSCRIBED, now)
    click.echo(f"{mask(wanted.sent)} {'is unsubscribed' if is_news else 'was off the list already'}")


@command.command()
@_ADDRESS
@_project
def forget(address: str, root: Path, config: Path | None, ledger: Path | None) -> None:
    """Erase all that is known of somebody.

    A hash of the address stays, by which it is never mailed again.
    """
    from feeds.delivery.addresses import mask
    from feeds.delivery.subscribers import find, reason_of
    from feeds.delivery.subscribers import forget as erase
    from feeds.delivery.tokens import subject_of

    wanted = _parse(address)
    with _opened(root, config, ledger) as at:
        book, now, subject = at.book, at.now, subject_of(at.keys, wanted.key)
        if find(book, subject) is None and not reason_of(book, subject):
            raise _unknown(wanted)
        erased = erase(book, subject, now)
    click.echo(
        f"{mask(wanted.sent)} is forgotten" if erased else f"{mask(wanted.sent)} was forgotten already"
    )


@command.command("list")
@click.argument("text", required=False, default="", metavar="[TEXT]", help="A part of an address or name.")
@_project
@_STATUS
@click.option("--category", default="", metavar="NAME", help="Only who follows it.")
@click.option("--language", default="", metavar="TAG", help="Only who reads it.")
@click.option("--full", is_flag=True, help="Show addresses and names, which are hidden otherwise.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=_SHOWN,
    metavar="N",
    help=f"How many (default: {_SHOWN}; 0: all).",
)
@options.JSON
def list_(
    text: str,
    root: Path,
    config: Path | None,
    ledger: Path | None,
    statuses: tuple[str, ...],
    category: str,
    language: str,
    full: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Show who is on the list, and how many."""
    from feeds.delivery.people import Status
    from feeds.delivery.subscribers import Filter, forgotten, select
    from feeds.delivery.subscribers import count as count_of

    wanted = Filter(tuple(map(Status, statuses)), category, language, text)
    with _opened(root, config, ledger) as at:
        counts = count_of(at.book, wanted)
        found = select(at.book, wanted, limit=limit)
        if as_json:
            print_people_json(counts, forgotten(at.book), found, full)
            return
        people = list(found)
        hashes = forgotten(at.book)
    if people:
        print_people(people, full)
    if more := counts.total() - len(people):
        click.echo(f"  … and {more:,} more (--limit 0 shows all)")
    parts = [f"{counts[status]:,} {status}" for status in STATUSES if counts[status] or status == "active"]
    click.echo(", ".join(parts) + (f", {hashes:,} forgotten" if hashes else ""))


@command.command("import")
@click.argument("file", type=options.PATH, metavar="FILE", help="A CSV file.")
@_project
@_HOW
@click.option(
    "--category-column",
    default="",
    metavar="TITLE",
    help="The column that names the categories followed (default: categories).",
)
@click.option("--strict", is_flag=True, help="Take nobody if a row is bad.")
@_RESUBSCRIBE
@options.JSON
def import_(
    file: Path,
    root: Path,
    config: Path | None,
    ledger: Path | None,
    how: str,
    category_column: str,
    strict: bool,
    resubscribe: bool,
    as_json: bool,
) -> None:
    """Take over a list from a CSV file.

    Exports of Buttondown, Mailchimp, listmonk and Ghost are understood, and those of feeds subscribers
    export. Who had unsubscribed there, or whose address did not work, gets no letters from here either. Doing
    it again only takes over what is new.
    """
    from feeds.delivery.addresses import clean_line
    from feeds.delivery.subscribers import Change
    from feeds.subscribing import check_file, import_file

    findings: list[Finding] = []
    check_file(file, findings.append, category_column=category_column, strict=strict)
    with _opened(root, config, ledger, create=True) as at:
        counts = import_file(
            at.book,
            at.keys,
            file,
            at.now,
            findings.append,
            how=clean_line(how),
            category_column=category_column,
            resubscribe=resubscribe,
        )
    bad = any(finding.rule == "subscriber-row" for finding in findings)
    numbers = {change.value: counts[change] for change in Change}
    if as_json:
        print_json({name.replace(" ", "_"): number for name, number in numbers.items()}, findings, ok=not bad)
    else:
        show_findings(findings)
        click.echo(", ".join(f"{number:,} {name}" for name, number in numbers.items() if number) or "no rows")
        _explain(counts)
    if bad:
        sys.exit(FeedsError.exit_code)


@command.command()
@click.argument("file", type=options.PATH, required=False, metavar="[FILE]", help="Where to write it.")
@_project
@_STATUS
def export(
    file: Path | None, root: Path, config: Path | None, ledger: Path | None, statuses: tuple[str, ...]
) -> None:
    """Write the whole list as CSV, to FILE or the standard output.

    The file is for your eyes only; keep it out of the repository.
    """
    from feeds.delivery.csvfiles import write_rows
    from feeds.delivery.people import Status
    from feeds.delivery.subscribers import Filter, select
    from feeds.subscribing import export_file

    wanted = Filter(tuple(map(Status, statuses)))
    with _opened(root, config, ledger) as at:
        people = select(at.book, wanted)
        if file is None:
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", newline="")  # the same file wherever it is written
            write_rows(sys.stdout, people)
            return
        findings: list[Finding] = []
        number = export_file(at.settings, file, people, findings.append)
    show_findings(findings)
    click.echo(f"{count(number, 'subscriber')} written to {printable(file.as_posix())}")


@command.command()
@click.argument(
    "files", type=options.PATH, nargs=-1, required=True, metavar="FILE...", help="What is to be read."
)
@_project
@options.JSON
def read(
    files: tuple[Path, ...], root: Path, config: Path | None, ledger: Path | None, as_json: bool
) -> None:
    """Apply what comes back: who unsubscribes or subscribes, and which addresses do not work.

    Each FILE is a list of tokens, a web server's log, or a mailbox: mbox, Maildir, or a single mail. Reading
    one again changes nothing.
    """
    from feeds.delivery.reading import Result
    from feeds.subscribing import read_files

    findings: list[Finding] = []
    total = Counter[Result]()
    code = 0
    with _opened(root, config, ledger) as at:
        done = read_files(at.settings, at.book, at.keys, files, at.now, findings.append)
        try:
            for path, counts in done:
                total += counts
                if not as_json:
                    numbers = [f"{counts[result]:,} {result.value}" for result in Result if counts[result]]
                    click.echo(f"{printable(path.as_posix())}: {', '.join(numbers) or 'nothing'}")
        except FeedsError as error:
            findings += error.findings
            code = error.exit_code
    if as_json:
        print_json({each.value.replace(" ", "_"): total[each] for each in Result}, findings, ok=not code)
    else:
        show_findings(findings)
    sys.exit(code)


@command.command("rotate-key")
@_project
@click.option(
    "--older-than", type=click.IntRange(0), default=0, metavar="DAYS", help="Only if the key is so old."
)
def rotate_key(root: Path, config: Path | None, ledger: Path | None, older_than: int) -> None:
    """Sign the tokens of coming letters with a new key.

    Links in letters that went out go on working.
    """
    from feeds.delivery.tokens import rotate_key as rotate

    with _opened(root, config, ledger) as at:
        is_new = rotate(at.book, at.now, older_than=older_than)
    click.echo("tokens are signed with a new key from now on" if is_new else "the key is young enough")


@dataclass(frozen=True, slots=True)
class _Opened:
    settings: Settings
    book: Book
    keys: Keys
    now: dt.datetime


@contextmanager
def _opened(
    root: Path, config: Path | None, ledger: Path | None, *, create: bool = False
) -> Iterator[_Opened]:
    from feeds.ledgerfile import opened

    settings = options.project_settings(root, config, {"send.ledger": options.ledger_text(ledger)})
    now = options.clock()
    with opened(settings, now, create=create) as (book, keys):
        yield _Opened(settings, book, keys, now)


def _parse(text: str) -> Address:
    """The address of the command line."""
    from feeds.delivery.addresses import parse_address

    try:
        return parse_address(text)
    except FeedsError as error:
        raise UsageError(error.message, help=error.help, rule=error.rule) from None


def _unknown(address: Address) -> FeedsError:
    from feeds.delivery.addresses import mask

    help = "feeds subscribers list shows who is"
    return FeedsError(f"{mask(address.sent)} is not on the list", help=help, rule="unknown-subscriber")


def _explain(counts: Counter[Change]) -> None:
    from feeds.delivery.subscribers import Change

    if counts[Change.KEPT_OUT]:
        click.echo(
            "  kept out: they unsubscribed, bounced, complained or were forgotten; --resubscribe takes back "
            "those who consented anew"
        )
    if counts[Change.PENDING]:
        click.echo("  pending: they never confirmed that they want letters, and were not taken")
