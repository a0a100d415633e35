"""The short way out: a build that has nothing to do is told from one look at the file system.

A build that left everything as it was stamps what it saw: the project's files, those that it read elsewhere,
what it had written before, the environment that it asked, and what it printed. The next one with the same
arguments that finds all of that unchanged prints the same, and imports nothing for it; so this module imports
nothing but what Python has loaded anyway.
"""

from __future__ import annotations

import os
import sys
import zlib
from array import array

from feeds import __version__

TYPE_CHECKING = False  # what `typing` says too, which takes longer to import than all of this to run
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

FOLDER = os.path.join(".cache", "feeds")
"""Where a project's stamps lie, below its folder."""

_MAGIC = b"feeds stamp 1\n"
_SKIPPED = frozenset({"__pycache__", "node_modules"})
_MAX_ENTRIES = 200_000
_MAX_DEPTH = 50
_GRAIN = 20_000_000
"""Nanoseconds within which a disk may give two changes one time; two seconds where it counts whole ones."""

_COARSE_GRAIN = 2_000_000_000

FOREVER = 1 << 80
"""An instant that never comes, in nanoseconds since 1970."""


class Stamp:
    """What a build saw, and what it printed.

    `key` is who built what: the program, the arguments, the current folder; `since` and `until` are the
    instants, in nanoseconds since 1970, between which no post falls due; `environment` has the variables that
    were asked for (None: not set); `trees` are folders that were looked through but for those in `skipped`,
    `files` those looked at one by one; `seen` is what there was; `printed` are the texts that went to
    standard output and to standard error, and the second as terminals show it.
    """

    def __init__(
        self,
        key: tuple[str, ...],
        since: int,
        until: int,
        environment: tuple[tuple[str, str | None], ...],
        trees: tuple[str, ...],
        skipped: tuple[str, ...],
        files: tuple[str, ...],
        seen: bytes,
        printed: tuple[str, str, str],
    ) -> None:
        self.key, self.since, self.until = key, since, until
        self.environment, self.trees, self.skipped, self.files = environment, trees, skipped, files
        self.seen, self.printed = seen, printed


def recall(
    arguments: Sequence[str], folder: str, environ: Mapping[str, str], now: Callable[[], int]
) -> Stamp | None:
    """The stamp that still holds for a command; None if there is none.

    Args:
        arguments: those of the command, `build` first.
        folder: the current one.
        environ: the environment.
        now: gives the instant, in nanoseconds since 1970.
    """
    place = stamp_path(arguments, folder)
    if place is None or "_FEEDS_COMPLETE" in environ:
        return None
    stamp = _load(place)
    if stamp is None or stamp.key != key_of(arguments, folder):
        return None
    if any(environ.get(name) != value for name, value in stamp.environment):
        return None
    if not stamp.since <= now() < stamp.until:
        return None
    return stamp if look(stamp.trees, stamp.skipped, stamp.files) == stamp.seen else None


def keep(
    place: str,
    key: tuple[str, ...],
    *,
    started: int,
    valid: tuple[int, int] | None,
    environment: Mapping[str, str | None],
    trees: Iterable[str],
    skipped: Iterable[str],
    files: Iterable[str],
    printed: tuple[str, str, str],
) -> bool:
    """Stamp a build that changed nothing; False, and no stamp, where something may have changed meanwhile.

    Args:
        place: the stamp's file.
        key: from `key_of`.
        started: when the build began, in nanoseconds since 1970.
        valid: the instants between which a build would do the same; None for any.
        environment: the variables that were asked for, with their values.
        trees: the folders whose files count, with all that lies in them.
        skipped: folders in them that do not.
        files: further files and folders, which may not be there.
        printed: what went to standard output and to standard error, and that in colour.
    """
    look_at = (tuple(trees), tuple(skipped), tuple(dict.fromkeys(files)))
    seen = look(*look_at, before=started)
    if seen is None:
        return False
    names = tuple(sorted(environment.items()))
    since, until = valid or (-FOREVER, FOREVER)
    data = _pack(Stamp(key, since, until, names, *look_at, seen, printed))
    part = f"{place}.{os.getpid()}.part"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(part, "wb") as file:
            file.write(data)
        os.replace(part, place)
    except OSError:  # without it the next build takes longer, and that is all
        return False
    return True


def key_of(arguments: Sequence[str], folder: str) -> tuple[str, ...]:
    """Who builds what: the program and the Python that runs it, the current folder, the arguments."""
    return (__version__, sys.version, sys.prefix, folder, *arguments)


def stamp_path(arguments: Sequence[str], folder: str) -> str | None:
    """The file of a command's stamp; None for one that is to have none."""
    root, cache, pending = folder, "", ""
    for argument in arguments:
        if pending:
            root, cache = (argument, cache) if pending == "-C" else (root, argument)
            pending = ""
        elif argument in ("-C", "--cache-dir"):
            pending = argument
        elif argument.startswith("--cache-dir="):
            cache = argument.partition("=")[2]
        elif argument.startswith("-C"):
            root = argument[2:]
        elif argument in ("--no-cache", "--help", "-h") or argument[:1] == "@":
            return None
    digest = zlib.crc32(_bytes("\0".join((folder, *arguments))))
    return os.path.join(folder, cache or os.path.join(root, FOLDER), f"stamp-{digest:08x}")


# --- what there is to see -----------------------------------------------------------------------------------


def look(
    trees: Sequence[str], skipped: Collection[str], files: Sequence[str], *, before: int | None = None
) -> bytes | None:
    """Size and times of every file, as bytes that are equal where nothing has changed.

    Args:
        trees: folders to look through.
        skipped: folders not to enter.
        files: further paths to look at.
        before: None is given back for anything changed at or after this instant, or so shortly before it
            that its time need not tell; left out, times do not matter.

    Returns:
        None also for more than can be looked at.
    """
    names: list[str] = []
    numbers: list[int] = []
    limit = FOREVER if before is None else before
    for tree in trees:
        if not _look_through(tree, frozenset(skipped), names, numbers, limit, 0):
            return None
    for path in files:
        names.append(path)
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            numbers.append(-1)
            continue
        if not _is_settled(status, limit):
            return None
        numbers += (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return _bytes("\0".join(names)) + b"\0\0" + array("q", numbers).tobytes()


def _look_through(
    folder: str, skipped: frozenset[str], names: list[str], numbers: list[int], limit: int, depth: int
) -> bool:
    """Add what a folder holds; False for what is too much, too deep, or too new."""
    below: list[str] = []
    check = limit != FOREVER
    try:
        if check and not _is_settled(os.stat(folder), limit):
            return False
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                names.append(name)
                if entry.is_dir():
                    numbers.append(-2)
                    if name[0] != "." and name not in _SKIPPED:
                        below.append(entry.path)
                    continue
                try:
                    status = entry.stat()
                except OSError:  # a link that leads nowhere
                    numbers.append(-1)
                    continue
                if check and not _is_settled(status, limit):
                    return False
                numbers += (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    except OSError:
        numbers.append(-3)  # what cannot be read now could be read later
    if depth > _MAX_DEPTH or len(names) > _MAX_ENTRIES:
        return False
    for path in below:
        if path not in skipped:
            names.append(path)
            if not _look_through(path, skipped, names, numbers, limit, depth + 1):
                return False
    return True


def looks_into(folder: str, tree: str, skipped: Collection[str]) -> bool:
    """Whether looking through a tree comes by a folder."""
    while folder != tree:
        parent, name = os.path.split(folder)
        if folder in skipped or name[:1] in (".", "") or name in _SKIPPED:
            return False
        folder = parent
    return True


def _is_settled(status: os.stat_result, limit: int) -> bool:
    newest = max(status.st_mtime_ns, status.st_ctime_ns)
    whole = status.st_mtime_ns % 1_000_000_000 == 0
    return newest < limit - (_COARSE_GRAIN if whole and newest == status.st_mtime_ns else _GRAIN)


# --- the file -----------------------------------------------------------------------------------------------


def _load(place: str) -> Stamp | None:
    """A stamp as it was written; None for anything else."""
    try:
        with open(place, "rb") as file:
            data = file.read()
    except OSError:
        return None
    head = len(_MAGIC) + 8
    if not data.startswith(_MAGIC) or data[len(_MAGIC) : head] != _checksum(data[head:]):
        return None
    return _unpack(data[head:])


def _checksum(data: bytes) -> bytes:
    return b"%08x" % zlib.crc32(data)


def _pack(stamp: Stamp) -> bytes:
    environment = [part for name, value in stamp.environment for part in (name, _marked(value))]
    times = (str(stamp.since), str(stamp.until))
    groups = (stamp.key, times, environment, stamp.trees, stamp.skipped, stamp.files)
    parts = [_bytes(part) for group in groups for part in (str(len(group)), *group)]
    for data in (stamp.seen, *map(_bytes, stamp.printed)):
        parts += (_bytes(str(len(data))), data)
    packed = b"\0".join(parts)
    return _MAGIC + _checksum(packed) + packed


def _unpack(data: bytes) -> Stamp | None:
    at = 0

    def field() -> bytes:
        nonlocal at
        end = data.index(b"\0", at)
        found, at = data[at:end], end + 1
        return found

    def group() -> tuple[str, ...]:
        return tuple(_text(field()) for _ in range(int(field())))

    def whole() -> bytes:
        nonlocal at
        size = int(field())
        found, at = data[at : at + size], at + size + 1
        return found

    try:
        key, (since, until), pairs, trees, skipped, files = (group() for _ in range(6))
        environment = tuple(zip(pairs[::2], map(_unmarked, pairs[1::2]), strict=True))
        seen, out, err, coloured = (whole() for _ in range(4))
        printed = (_text(out), _text(err), _text(coloured))
        return Stamp(key, int(since), int(until), environment, trees, skipped, files, seen, printed)
    except ValueError:  # another version's
        return None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _marked(value: str | None) -> str:
    return "-" if value is None else f"+{value}"


def _unmarked(text: str) -> str | None:
    return None if text == "-" else text[1:]
