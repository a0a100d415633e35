"""`feeds subscribers` and `feeds unsubscribe`: who gets the letters, kept in the ledger file."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from feeds.config import Settings
from feeds.config.forms import near
from feeds.delivery import subscribers
from feeds.delivery.book import Book
from feeds.delivery.csvfiles import read_rows, write_rows
from feeds.delivery.optin import Asker, Letterhead, expire
from feeds.delivery.people import Status, Subscriber
from feeds.delivery.reading import Reader, Result
from feeds.delivery.subscribers import Change
from feeds.delivery.tokens import LIST, UNSUBSCRIBE, Keys, find_tokens, read_token
from feeds.delivery.transport import Connection, open_transport
from feeds.delivery.weblog import target_pattern
from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity
from feeds.generators import load_site
from feeds.headers import parse_mailbox
from feeds.model import Report
from feeds.templating import Templates

MAX_PROBLEMS = 1_000
"""How many bad rows, lines and mails are told one by one."""

TEMPLATE = "confirm.txt"


def check_file(path: Path, report: Report, *, category_column: str = "", strict: bool = False) -> None:
    """See that a CSV file holds addresses, before anything is made of it; `strict`: that all rows are good.

    Raises:
        FeedsError: it cannot be read, or holds no addresses.
        ProblemsError: `strict`, and rows are bad.
    """
    problems = Problems(report if strict else _ignore)
    for _ in read_rows(path, path.as_posix(), problems, category_column=category_column):
        if not strict:
            return
    if strict:
        problems.stop()


def import_file(
    book: Book,
    keys: Keys,
    path: Path,
    now: dt.datetime,
    report: Report,
    *,
    how: str = "",
    category_column: str = "",
    resubscribe: bool = False,
) -> Counter[Change]:
    """Put everybody in a CSV file on the list; how many had what become of them.

    Args:
        book: the ledger.
        keys: its keys.
        path: the file.
        now: when this happens.
        report: told of rows that were left out, and of what was guessed, as warnings.
        how: how they consented, for those of whom the file does not say it.
        category_column: the title of the column with the categories followed; "" for `categories`.
        resubscribe: take back who unsubscribed, bounced or was forgotten.

    Raises:
        FeedsError: the file cannot be read, or holds no addresses.
    """
    problems = Problems(report)
    rows = read_rows(path, path.as_posix(), problems, category_column=category_column)
    source = how or f"imported from {path.name}"
    entries = (replace(row, consent_how=row.consent_how or source) for row in rows)
    done = subscribers.enter(book, keys, entries, now, resubscribe=resubscribe)
    counts = Counter(change for _, change in done)
    problems.tell()
    return counts


def export_file(settings: Settings, path: Path, people: Iterable[Subscriber], report: Report) -> int:
    """Write subscribers to a CSV file that only the user can read; how many they were.

    Raises:
        FeedsError: it cannot be written; what was there before stays.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            number = write_rows(file, people)
        part.replace(path)
    except OSError as error:
        message = f"cannot write this file: {error.strerror}"
        raise FeedsError(message, Location(path.as_posix()), rule="unwritable") from None
    finally:
        part.unlink(missing_ok=True)
    if path.resolve().is_relative_to(settings.root.resolve()):
        message = "this file holds people's addresses, and lies in the project"
        help = "move it elsewhere, so that it is neither committed nor published"
        report(Finding(Severity.WARNING, "export-place", message, Location(path.as_posix()), help))
    return number


def unknown_categories(settings: Settings, categories: Sequence[str]) -> list[Finding]:
    """Warnings for categories that the newsletter's settings, if they name any, do not name."""
    known = {name.casefold(): name for name in settings.newsletter.categories}
    found = []
    for name in categories:
        if known and name.casefold() not in known:
            meant = near(name.casefold(), known)
            help = f"did you mean {known[meant]}?" if meant else f"there are {', '.join(known.values())}"
            message = f"the newsletter's settings name no category {name!r}"
            found.append(Finding(Severity.WARNING, "unknown-category", message, help=help))
    return found


class Problems:
    """Gathers what is wrong with rows, as far as anybody will read it; `number` counts the bad rows."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._warn = _limited(report)
        self._errors: list[Finding] = []
        self.number = 0

    def __call__(self, finding: Finding) -> None:
        """Take an error, and hand on a warning."""
        if finding.severity is Severity.WARNING:
            self._warn(finding)
            return
        self.number += 1
        if len(self._errors) < MAX_PROBLEMS:
            self._errors.append(finding)

    def stop(self) -> None:
        """End here if there was an error.

        Raises:
            ProblemsError: all of them.
        """
        if self._errors:
            raise ProblemsError((*self._errors, *self._more()))

    def tell(self) -> None:
        """Hand on the errors as warnings: everything else was done."""
        for finding in (*self._errors, *self._more()):
            self._report(replace(finding, severity=Severity.WARNING))

    def _more(self) -> Iterator[Finding]:
        if more := self.number - len(self._errors):
            at = self._errors[-1].at
            message = f"{more:,} more rows are bad"
            yield Finding(Severity.ERROR, "more-rows", message, Location(at.path) if at else None)


def unsubscribe(book: Book, keys: Keys, text: str, now: dt.datetime) -> tuple[Subscriber | None, bool]:
    """Apply a token, or the link that holds it: whose it is (None: forgotten), and whether it is news.

    Raises:
        FeedsError: it is none of this list's tokens.
    """
    for token in find_tokens(text):
        if subject := read_token(keys, LIST, token, UNSUBSCRIBE):
            news = subscribers.stop(book, subject, Status.UNSUBSCRIBED, now)
            return subscribers.find(book, subject), news
    raise FeedsError("this is no token of this list", rule="token")


def read_files(
    settings: Settings, book: Book, keys: Keys, paths: Sequence[Path], now: dt.datetime, report: Report
) -> Iterator[tuple[Path, Counter[Result]]]:
    """Apply what each file tells of readers, one after the other; how often it led to what.

    Afterwards who was asked long ago and never answered is erased.

    Raises:
        ProblemsError: files could not be read, or the transport takes no mail; all others are applied.
    """
    problems: list[Finding] = []
    with _reader(settings, book, keys, now, _limited(report)) as reader:
        for path in paths:
            try:
                counts = reader.read(path, path.as_posix())
            except FeedsError as error:  # a log that is missing must not keep the wishes in another waiting
                problems += error.findings
                continue
            yield path, counts
    expire(book, now)
    if problems:
        raise ProblemsError(tuple(problems))


@contextmanager
def _reader(settings: Settings, book: Book, keys: Keys, now: dt.datetime, report: Report) -> Iterator[Reader]:
    send = settings.send
    target = target_pattern(send.unsubscribe) if send.unsubscribe else None
    has_verp = "{token}" in send.bounces
    letterhead = _letterhead(settings)
    if letterhead is None:
        yield Reader(book, keys, now, report, target, has_verp)
        return

    def connect() -> Connection:
        return open_transport(send.transport, settings.environ, settings.root).connect()

    with closing(Asker(book, keys, letterhead, connect)) as asker:
        yield Reader(book, keys, now, report, target, has_verp, asker)


def _letterhead(settings: Settings) -> Letterhead | None:
    """Who asks those who want to subscribe; None where something is missing that it takes."""
    sender, mailbox = parse_mailbox(settings.newsletter.sender), parse_mailbox(settings.send.mailbox)
    if not (settings.send.transport and sender and mailbox):
        return None
    bounces = settings.send.bounces or sender[1]
    return Letterhead(sender, mailbox[1], bounces, _question(settings, sender[0] or sender[1]))


def _question(settings: Settings, sender: str) -> Callable[[dict[str, object]], str]:
    """Renders the question; its template is read when the first has to be asked."""
    newsletter = settings.newsletter

    @cache
    def prepared() -> tuple[Templates, dict[str, object]]:
        title = newsletter.title or settings.site.title or load_site(settings, _ignore).title
        values: dict[str, object] = {"title": title, "sender": sender, "address": newsletter.address.strip()}
        return Templates(settings.root, newsletter.templates, {}), values

    def render(values: dict[str, object]) -> str:
        templates, common = prepared()
        return templates.render(TEMPLATE, {**common, **values})

    return render


def _limited(report: Report) -> Report:
    """Tells as much as anybody will read: a file may be odd in every line."""
    told = itertools.count()

    def tell(finding: Finding) -> None:
        if next(told) < MAX_PROBLEMS:
            report(finding)

    return tell


def _ignore(finding: Finding) -> None:
    """The build tells of what is odd about the site."""
