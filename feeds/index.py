"""What the last build made, so that nothing is rendered twice: values by what they were made of.

One file of lines in the cache's folder, each a checksum, a key and a value: JSON, which runs nothing, or
parts with a separator between them. A key is a digest of all that the value was made of, so that nothing ever
has to be thrown out: a value that is not asked for in a build is not kept. A line that is damaged is no line,
and what it held is made again.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from feeds import __version__
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Entry, Post
from feeds.output import replace_file
from feeds.sight import State, is_settled

FILE = "index"
"""The file's name in the cache's folder."""

_HEAD = f"feeds index 1 {__version__}".encode()
_STARTED = "started"
_CHECKSUM = 8
SEPARATOR = b"\x1e"
"""What stands between the parts of a value, and so in none of them (ASCII's record separator)."""

_UNSHOWN = frozenset({"source", "excerpting", "due", "expires"})
_SHOWN = (field.name for field in fields(Post) if field.name not in _UNSHOWN)
_about_post = attrgetter("source.fields.path", *_SHOWN)
_encode = json.JSONEncoder(separators=(",", ":")).encode

Value = dict[str, Any]
"""What is remembered: anything that JSON can hold, by name."""


class Index:
    """The values of the last build, and those that this one keeps.

    Args:
        path: the file; None remembers nothing.
        started: when this build began, in nanoseconds since 1970; 0 where that is not known.
    """

    def __init__(self, path: Path | None, started: int = 0) -> None:
        self.configuration = ""
        """Tells the files of the site's configuration; "" where that is not known."""
        self._path = path
        self._lines: dict[str, bytes] = {}
        self._learned: frozenset[str] = frozenset()
        self._kept: dict[str, bytes | Value] = {}
        self.anew: list[str] = []
        """The keys of what was made in this build."""
        self._started = started
        self._since = 0
        if path is not None:
            self._load(path)

    def recall(self, key: str) -> Value | None:
        """The value of a key; None if there is none."""
        line = self._lines.get(key)
        if line is None:
            return None
        try:
            value = json.loads(_value(key, line))
        except ValueError:  # what was written is no JSON: it was not written here
            return None
        if not isinstance(value, dict):
            return None
        self._kept[key] = line
        return value

    def keep(self, key: str, value: Value) -> None:
        """Remember a value, as it will be when the build is done."""
        self._kept[key] = value
        self.anew.append(key)

    def lines(self, keys: Iterable[str]) -> dict[str, bytes]:
        """What is kept by some keys, for another process to learn; it can be pickled."""
        return {key: self._spelt(key) for key in keys}

    def learn(self, lines: Mapping[str, bytes]) -> None:
        """Recall from now on what another process has made in this build."""
        self._lines.update(lines)
        self._learned |= lines.keys()

    def is_learned(self, key: str) -> bool:
        """Whether what is recalled by a key was made in this build."""
        return key in self._learned

    def take_parts(self, key: str) -> list[bytes]:
        """The parts that were kept by a key, none if nothing was; they are not kept again of themselves."""
        line = self._lines.pop(key, None)
        return _value(key, line).split(SEPARATOR) if line else []

    def keep_parts(self, key: str, parts: Iterable[bytes]) -> None:
        """Remember parts, none of which holds the separator or the end of a line."""
        self._kept[key] = _line(key, SEPARATOR.join(parts))

    def file(self, key: str, path: Path, make: Callable[[], bytes]) -> bytes:
        """What a file holds, if the last build made that; else what is made now.

        Args:
            key: tells all that it is made of.
            path: the file, which is not written here.
            make: makes what it is to hold.
        """
        known = self.recall(key)
        if known and (data := load_same(path, known["sha256"])) is not None:
            return data
        data = make()
        self.keep(key, {"sha256": sha256_of(data)})
        return data

    def findings(self, key: str, look: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
        """What the last build found in something; else what is found now.

        Args:
            key: tells all that is looked at.
            look: looks at it.
        """
        if known := self.recall(key):
            return tuple(map(unpack_finding, known["findings"]))
        found = tuple(look())
        self.keep(key, {"findings": [pack_finding(finding) for finding in found]})
        return found

    def is_settled(self, state: State) -> bool:
        """Whether a file's times tell that it is the one that the last build looked at.

        A disk may give two changes one time: of what was changed as late as that, they tell nothing.
        """
        return is_settled(state, self._since)

    def save(self) -> None:
        """Write the values that were asked for or made; a disk that cannot hold them is no trouble."""
        if self._path is None:
            return
        if self._started:
            self._kept[_STARTED] = _line(_STARTED, b"%d" % self._started)
        try:
            replace_file(self._path, self._all_lines())
        except FeedsError:
            return

    def _all_lines(self) -> Iterator[bytes]:
        yield _HEAD + b"\n"
        for key in sorted(self._kept):
            yield self._spelt(key)
            yield b"\n"

    def _spelt(self, key: str) -> bytes:
        value = self._kept[key]
        return value if isinstance(value, bytes) else _line(key, _encode(value).encode())

    def _load(self, path: Path) -> None:
        try:
            data = path.read_bytes()
            self._since = path.stat().st_mtime_ns
        except OSError:
            return
        head, *lines = data.split(b"\n")
        for line in lines if head == _HEAD else ():
            if line[:_CHECKSUM] == _checksum(line):
                key = line[_CHECKSUM + 1 : line.find(b" ", _CHECKSUM + 1)]
                self._lines[key.decode("ascii", "replace")] = line
        if started := self._lines.get(_STARTED):
            self._since = int(_value(_STARTED, started))


@cache
def program_version() -> str:
    """What tells this program and its libraries from other versions, and from a checkout that has changed.

    It is the same wherever and whenever the same versions are installed.
    """
    package = Path(__file__).parent
    folders = [Path(folder) for folder in sys.path if folder.endswith("-packages")]
    installed = [sorted(path.name for path in folder.glob("*.dist-info")) for folder in folders]
    return digest(
        [__version__, sys.version, installed, [] if package.parent in folders else _sources(package)]
    )


def _sources(package: Path) -> list[tuple[str, int]]:
    """The files of a checkout, with their times."""
    files = (*package.rglob("*.py"), *package.parent.glob("templates/*"))
    return [(path.name, path.stat().st_mtime_ns) for path in sorted(files)]


def digest(parts: Iterable[object]) -> str:
    """A key for what is made of some parts, which are told apart by what `repr` shows of them."""
    hashed = hashlib.blake2b(digest_size=16)
    for part in parts:
        text = part if isinstance(part, str) else repr(part)
        data = text.encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(data))
        hashed.update(data)
    return hashed.hexdigest()


def spelt_entry(entry: Entry) -> object:
    """All that feeds, letters and pages show of an entry, and what is found in it, told apart by `repr`."""
    excerpt = (entry.excerpt.html, entry.excerpt.text, entry.excerpt.is_whole)
    more = (entry.content, entry.reading_minutes, entry.image, entry.enclosure)
    return (_about_post(entry.post), excerpt, more)


def load_same(path: Path, sha256: str) -> bytes | None:
    """What a file holds, if it is still the one of that digest."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if sha256_of(data) == sha256 else None


def sha256_of(data: bytes) -> str:
    """The SHA-256 of what a file holds."""
    return hashlib.sha256(data).hexdigest()


def pack_finding(finding: Finding) -> Value:
    """A finding as JSON can hold it."""
    return {**asdict(finding), "severity": finding.severity.value}


def unpack_finding(value: Value) -> Finding:
    """The finding."""
    at = Location(**value["at"]) if value["at"] else None
    return Finding(Severity(value["severity"]), value["rule"], value["message"], at, value["help"])


def _line(key: str, value: bytes) -> bytes:
    line = b"%08x %s %s" % (0, key.encode("ascii"), value)
    return _checksum(line) + line[_CHECKSUM:]


def _value(key: str, line: bytes) -> bytes:
    return line[_CHECKSUM + len(key) + 2 :]


def _checksum(line: bytes) -> bytes:
    """That of all that stands behind the checksum in a line."""
    return b"%08x" % zlib.crc32(memoryview(line)[_CHECKSUM:])
