"""What the last build of each output folder wrote and published, kept beside the sources."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from feeds.output import write_file

_VERSION = 1
_FOLDER = Path(".cache", "feeds")


@dataclass(frozen=True, slots=True)
class Record:
    """One output folder: files written (path → SHA-256), ids published (id → title), feeds (folder → title).

    `preview` tells whether they show what is not published, `changed` are the files of feeds that a hub has
    not been told of.
    """

    preview: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    feeds: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()


def record_path(root: Path, output: Path) -> Path:
    """The file that holds an output folder's record."""
    relative = os.path.relpath(output, root).replace(os.sep, "/")
    return (
        root / _FOLDER / f"{hashlib.sha256(relative.encode(errors='surrogateescape')).hexdigest()[:16]}.json"
    )


def load_record(root: Path, output: Path) -> Record | None:
    """The last build's record; None when there is none that can be understood."""
    try:
        found = json.loads(record_path(root, output).read_bytes())
        if found["version"] != _VERSION:
            return None
        files, ids = _texts(found["files"]), _texts(found["ids"])
        if not all(map(_stays_below, files)):
            return None
        feeds, changed = _texts(found.get("feeds", {})), found.get("changed", [])
        if not all(isinstance(path, str) and _stays_below(path) for path in changed):
            return None
        return Record(bool(found["preview"]), files, ids, feeds, frozenset(changed))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None  # it can always be made again, at the price of forgetting what to tidy up


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise TypeError
    return value


def _stays_below(path: str) -> bool:
    """Whether a path leads to a file below the folder that it counts from."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\0" not in path


def write_record(root: Path, output: Path, record: Record) -> bool:
    """Keep the record for the next build; False when it was the same already.

    Raises:
        FeedsError: it cannot be written.
    """
    document = {
        "version": _VERSION,
        "preview": record.preview,
        "files": dict(sorted(record.files.items())),
        "ids": dict(sorted(record.ids.items())),
        "feeds": dict(sorted(record.feeds.items())),
        "changed": sorted(record.changed),
    }
    data = json.dumps(document, ensure_ascii=True).encode()
    return write_file(record_path(root, output), data + b"\n")


def merged(before: Record | None, now: Record) -> Record:
    """What may lie in the folder while a build writes it: the files of both, a preview's if either is one."""
    if before is None:
        return now
    return Record(
        before.preview or now.preview,
        {**before.files, **now.files},
        {**before.ids, **now.ids},
        {**before.feeds, **now.feeds},
        before.changed | now.changed,
    )


def stale_files(output: Path, record: Record, keep: Mapping[str, str]) -> tuple[str, ...]:
    """The files that an earlier build wrote, that this one does not, and that nobody has changed since.

    Those of a preview go in any case: they may show drafts.
    """
    return tuple(
        path
        for path, digest in record.files.items()
        if path not in keep and (record.preview or digest_of(output / path) == digest)
    )


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a file, None when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def with_files(record: Record, files: Mapping[str, bytes]) -> Record:
    """The record with the files that a build writes."""
    return replace(record, files={path: hashlib.sha256(data).hexdigest() for path, data in files.items()})
