"""Ledgers to send from: subscribers and a frozen issue."""

from feeds.delivery.book import Book, open_book
from feeds.delivery.frozen import FrozenIssue, freeze

NOW = 1_800_000_000.0


def make_book(path, addresses=(), **columns) -> Book:
    """A new ledger whose subscribers are active; `columns` are the same for all."""
    book = open_book(path, create=True)
    subscribe(book, addresses, **columns)
    return book


def subscribe(book, addresses, **columns):
    names = ["address", "key", "subject", "status", "changed", *columns]
    with book.write() as db:
        db.executemany(
            f"INSERT INTO subscribers ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [
                (
                    address,
                    address,
                    f"subject of {address}",
                    "active",
                    "2026-11-01T00:00:00+00:00",
                    *columns.values(),
                )
                for address in addresses
            ],
        )


def freeze_one(book, id="2026-11", frozen_at=NOW, hours=72.0, audience=None, letters=(b"a letter",)):
    issue = FrozenIssue(0, id, "News", "hash", frozen_at, frozen_at + 3600 * hours, "{}")
    return freeze(book, issue, letters, audience or {None: 0})
