"""Keys, people and files of people for the tests of subscribers."""

import datetime as dt
from collections import Counter
from pathlib import Path

from feeds.delivery.addresses import parse_address
from feeds.delivery.book import Book, open_book
from feeds.delivery.csvfiles import read_rows
from feeds.delivery.people import Entry
from feeds.delivery.subscribers import Change, Filter, enter, select
from feeds.delivery.tokens import LIST, Keys, load_keys, make_token, subject_of
from feeds.errors import Finding

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
KEYS = Keys(b"s" * 32, {1: b"k" * 32})


def make_entry(address: str = "ada@example.org", **fields) -> Entry:
    return Entry(parse_address(address), **{"consent_at": NOW, "consent_how": "asked", **fields})


def make_list(folder: Path, *addresses: str) -> tuple[Book, Keys]:
    """A new ledger with these people on the list."""
    book = open_book(folder / "ledger.sqlite", create=True)
    keys = load_keys(book, NOW)
    put(book, keys, *map(make_entry, addresses))
    return book, keys


def put(
    book: Book, keys: Keys, *entries: Entry, now: dt.datetime = NOW, resubscribe: bool = False
) -> list[Change]:
    return [change for _, change in enter(book, keys, entries, now, resubscribe=resubscribe)]


def statuses(book: Book) -> dict[str, str]:
    """What became of whom."""
    return {person.key: person.status.value for person in select(book, Filter())}


def subject(keys: Keys, address: str = "ada@example.org") -> str:
    return subject_of(keys, address)


def token(keys: Keys, address: str = "ada@example.org", purpose: str = "unsubscribe") -> str:
    return make_token(keys, LIST, address, purpose)


def read_csv(
    folder: Path, data: bytes | str, name: str = "list.csv", **choices
) -> tuple[list[Entry], list[str]]:
    """The good rows of a file, and what was found wrong, line by line."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    findings: list[Finding] = []
    entries = list(read_rows(path, name, findings.append, **choices))
    return entries, [f"{finding.at.line or ''}: {finding.message}" for finding in findings if finding.at]


def count(results) -> dict[str, int]:
    return {result.value: number for result, number in Counter(results).items() if number}
