"""Tokens: what a link to unsubscribe carries instead of an address, and how it is known to be ours.

A token is 40 small letters and digits (base 32): which key signed it, whom it is about, and the signature. It
holds no address, needs nothing stored, and outlives mail servers that change the case of addresses. Whom it
is about, the *subject*, is a keyed hash of the address: it is all that remains of somebody who asked to be
forgotten, and still stops letters to the same address.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
import re
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from feeds.delivery.book import Book
from feeds.errors import FeedsError

UNSUBSCRIBE, CONFIRM, BOUNCE = "unsubscribe", "confirm", "bounce"
"""What a token is for; one made for one purpose is none for another."""

LIST = "newsletter"
"""The list of a ledger: keys tell ledgers apart, and a link in an old letter outlives a new web address."""

MAX_KEYS = 255
TOKEN_LENGTH = 40
_KEY_BYTES = 32
_HASH_BYTES = 12
"""96 bits: nobody meets two addresses of one hash, nor guesses a signature."""

_TOKEN = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z2-7]{{{TOKEN_LENGTH}}}(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one ledger.

    `subject` hashes addresses and stays for ever. `signing` signs tokens, by number; the highest number is
    the current key, and the former ones still verify.
    """

    subject: bytes
    signing: dict[int, bytes]

    @property
    def current(self) -> int:
        """The number of the key that signs."""
        return max(self.signing)

    def __repr__(self) -> str:
        return f"Keys(current={self.current})"


def load_keys(book: Book, now: dt.datetime) -> Keys:
    """The keys of a ledger; a new one gets its first.

    Raises:
        FeedsError: the ledger cannot be read or written.
    """
    if not book.one("SELECT 1 FROM keys"):
        with book.write() as db:
            for number in (0, 1):
                _insert(db, number, now)
    found: dict[int, bytes] = dict(book.rows("SELECT number, secret FROM keys"))
    return Keys(found.pop(0), found)


def rotate_key(book: Book, now: dt.datetime, *, older_than: int = 0) -> bool:
    """Sign with a new key from now on, if the current one has so many days; whether there is a new one.

    Raises:
        FeedsError: the ledger cannot be written, or all numbers are used.
    """
    load_keys(book, now)
    with book.write() as db:
        number, created = db.execute("SELECT number, created FROM keys ORDER BY number DESC").fetchone()
        if now - dt.datetime.fromisoformat(created) < dt.timedelta(days=older_than):
            return False
        if number == MAX_KEYS:
            raise FeedsError(f"this ledger has had {MAX_KEYS} keys, and can have no more", rule="keys")
        _insert(db, number + 1, now)
    return True


def _insert(db: sqlite3.Connection, number: int, now: dt.datetime) -> None:
    secret = secrets.token_bytes(_KEY_BYTES)
    db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?, ?)", (number, secret, now.isoformat()))


def subject_of(keys: Keys, key: str) -> str:
    """The keyed hash of an address by its `key` (`Address.key`), as base 32 text."""
    return _text(_hash(keys.subject, "subject", key))


def make_token(keys: Keys, list_id: str, address_key: str, purpose: str) -> str:
    """The token of an address for a list and a purpose."""
    return token_of(keys, list_id, subject_of(keys, address_key), purpose)


def token_of(keys: Keys, list_id: str, subject: str, purpose: str) -> str:
    """The token of somebody whose subject is known, which is quicker than starting from the address."""
    number = keys.current
    person = _bytes(subject)
    signature = _sign(keys.signing[number], number, list_id, person, purpose)
    return _text(bytes([number]) + person + signature)


def read_token(keys: Keys, list_id: str, token: str, purpose: str) -> str | None:
    """The subject that a token is about; None if it is not a token of ours for this list and purpose.

    Capital letters and blanks around it do not matter.
    """
    try:
        whole = _bytes(token.strip().lower())
    except (binascii.Error, ValueError):
        return None
    number, person, given = whole[:1], whole[1 : 1 + _HASH_BYTES], whole[1 + _HASH_BYTES :]
    if len(given) != _HASH_BYTES:
        return None
    # A key that does not exist costs as much time as one that does.
    key = keys.signing.get(number[0])
    wanted = _sign(key or bytes(_KEY_BYTES), number[0], list_id, person, purpose)
    return _text(person) if hmac.compare_digest(wanted, given) and key else None


def find_tokens(text: str) -> Iterator[str]:
    """Everything in a text that has the form of a token, whether or not it is one of ours."""
    return (found[0].lower() for found in _TOKEN.finditer(text))


def _sign(key: bytes, number: int, list_id: str, person: bytes, purpose: str) -> bytes:
    return _hash(key, "token", str(number), list_id, person.hex(), purpose)


def _hash(key: bytes, *parts: str) -> bytes:
    """HMAC-SHA-256 (RFC 2104) of parts, none of which can pass for the end of another."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.digest(key, text.encode(), "sha256")[:_HASH_BYTES]


def _text(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def _bytes(text: str) -> bytes:
    if not text.isascii():
        raise ValueError(text)
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
