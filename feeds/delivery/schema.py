"""The tables of the ledger file, and the states that its rows may be in."""

from __future__ import annotations

APPLICATION = 0x66656564
"""What the file says it belongs to: `feed` (SQLite's `application_id`)."""

VERSION = 1
"""Raised whenever tables change; a file of a higher one is refused (SQLite's `user_version`)."""

TABLES = (
    # The subscribers. `key` is the normalised address; `subject` its keyed hash; `categories` a JSON list,
    # NULL for all; instants are ISO 8601 in UTC. An id is never given twice: deliveries outlive the person.
    """CREATE TABLE subscribers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        address TEXT NOT NULL,
        key TEXT NOT NULL UNIQUE,
        subject TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL DEFAULT '',
        categories TEXT,
        status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'unsubscribed', 'bounced', 'complained')),
        changed TEXT NOT NULL,
        consent_at TEXT,
        consent_how TEXT NOT NULL DEFAULT ''
    )""",
    # Who must not be mailed, whoever imports the address again: nothing but the hash is kept.
    """CREATE TABLE suppressions (
        subject TEXT PRIMARY KEY,
        reason TEXT NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'complained', 'forgotten')),
        at TEXT NOT NULL
    ) WITHOUT ROWID""",
    # What hashes and tokens are made with: 0 hashes addresses, the highest of the others signs tokens.
    "CREATE TABLE keys (number INTEGER PRIMARY KEY, secret BLOB NOT NULL, created TEXT NOT NULL)",
    # Letters that came back for a reason that may pass, one row for each.
    """CREATE TABLE bounces (
        subject TEXT NOT NULL,
        letter TEXT NOT NULL,
        at TEXT NOT NULL,
        code TEXT NOT NULL,
        PRIMARY KEY (subject, letter)
    ) WITHOUT ROWID""",
    # Hashes of mails that were read already, and when somebody was last asked to confirm.
    "CREATE TABLE mails_read (mail TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE confirmations (subject TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
    # An issue, frozen; times here and below are seconds since 1970, UTC. `details` is JSON of the caller's.
    """CREATE TABLE issues (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        subject TEXT NOT NULL,
        hash TEXT NOT NULL,
        frozen_at REAL NOT NULL,
        expires_at REAL NOT NULL,
        details TEXT NOT NULL DEFAULT '{}'
    )""",
    # The letters of an issue, one for each set of categories that subscribers follow.
    """CREATE TABLE variants (
        issue INTEGER NOT NULL REFERENCES issues (number),
        number INTEGER NOT NULL,
        hash TEXT NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (issue, number)
    ) WITHOUT ROWID""",
    # One row for each recipient of an issue. `due` says from when it may be tried, NULL where it may not.
    """CREATE TABLE deliveries (
        issue INTEGER NOT NULL REFERENCES issues (number),
        subscriber INTEGER NOT NULL,
        variant INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'sending', 'accepted', 'deferred',
            'rejected', 'suppressed', 'unknown', 'expired')),
        due REAL,
        attempts INTEGER NOT NULL DEFAULT 0,
        first_at REAL,
        at REAL,
        run INTEGER,
        code INTEGER,
        reply TEXT,
        PRIMARY KEY (issue, subscriber)
    ) WITHOUT ROWID""",
    "CREATE INDEX deliveries_due ON deliveries (issue, due) WHERE due IS NOT NULL",
    # Each start of a send: on which boot of which machine, and how it ended (NULL: it was killed).
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        issue INTEGER NOT NULL REFERENCES issues (number),
        boot TEXT NOT NULL,
        started_at REAL NOT NULL,
        ended_at REAL,
        end TEXT
    )""",
    # How many letters were claimed in a minute, for all ('') or one domain: limits by the hour count these.
    """CREATE TABLE rates (
        domain TEXT NOT NULL,
        minute INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (domain, minute)
    ) WITHOUT ROWID""",
)
