"""The short way out: a build that has nothing to do is told from one look at the file system.

A build that left everything as it was stamps what it saw: the project's files, those that it read elsewhere,
what it had written before, the environment that it asked, and what it printed. The next one with the same
arguments that finds all of that unchanged prints the same, and imports nothing for it; so this module imports
nothing but what Python has loaded anyway. Where a few posts alone were changed, and those below the mark of
their excerpt, that is found out from notes of what stands above it, which lie with the stamp.
"""

from __future__ import annotations

import os
import sys
import zlib

from feeds import __version__
from feeds.sight import changes, is_settled, look, states

TYPE_CHECKING = False  # what `typing` says too, which takes longer to import than all of this to run
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from feeds.sight import State

FOLDER = os.path.join(".cache", "feeds")
"""Where a project's stamps lie, below its folder."""

_MAGIC = b"feeds stamp 3\n"
_HEAD = len(_MAGIC) + 8 + 10
_MAX_CHANGED = 50
"""Posts that are compared with what was noted of them."""

FOREVER = 1 << 80
"""An instant that never comes, in nanoseconds since 1970."""


class Stamp:
    """What a build saw, and what it printed.

    `key` is who built what: the program, the arguments, the current folder; `since` and `until` are the
    instants, in nanoseconds since 1970, between which no post falls due; `environment` has the variables that
    were asked for (None: not set); `trees` are folders that were looked through but for those in `skipped`,
    `files` those looked at one by one, which may not be there; `printed` are the texts that went to standard
    output and to standard error, and the second as terminals show it. `seen` is what there was, `notes` what
    of some posts matters, by their paths.
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
        printed: tuple[str, str, str],
        seen: bytes = b"",
        notes: bytes = b"",
    ) -> None:
        self.key, self.since, self.until = key, since, until
        self.environment, self.trees, self.skipped, self.files = environment, trees, skipped, files
        self.printed, self.seen, self.notes = printed, seen, notes


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
    started = now()
    if not stamp.since <= started < stamp.until:
        return None
    seen = look(stamp.trees, stamp.skipped, stamp.files)
    if seen == stamp.seen or (seen and _makes_no_difference(stamp, seen, place, started)):
        return stamp
    return None


def _makes_no_difference(stamp: Stamp, seen: bytes, place: str, started: int) -> bool:
    """Whether a few posts alone were changed, where no feed shows it; what was seen then is the new stamp."""
    changed = changes(stamp.seen, seen)
    notes = _unpack_notes(stamp.notes) if 0 < len(changed) <= _MAX_CHANGED else {}
    if not all(map(notes.get, changed)) or not notes:
        return False
    from feeds.posts.below import is_same

    extensions = notes.get("", "").split(" ")[1:]
    if not all(is_same(path, notes[path], extensions) for path in changed):
        return False
    if all(is_settled(state, started) for state in changed.values()):
        stamp.seen = seen
        _write(place, stamp)
    return True


def keep(
    place: str,
    stamp: Stamp,
    started: int,
    note: Callable[[Mapping[str, str], Mapping[str, State]], Mapping[str, str]] = lambda known, now: {},
) -> bool:
    """Stamp a build that changed nothing; False, and no stamp, where something may have changed meanwhile.

    Args:
        place: the stamp's file.
        stamp: the stamp; what there is to see is added.
        started: when the build began, in nanoseconds since 1970.
        note: gives what of some posts matters, by their paths; it is handed what is known of those that have
            not changed since, and the state of every file.
    """
    seen = look(stamp.trees, stamp.skipped, stamp.files, before=started)
    if seen is None:
        return False
    now, old = states(seen), _load(place)
    before = states(old.seen) if old else {}
    notes = _unpack_notes(old.notes) if old else {}
    known = {path: text for path, text in notes.items() if before.get(path) == now.get(path)}
    stamp.seen, stamp.notes = seen, _pack_notes(note(known, now))
    return _write(place, stamp)


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
        elif argument == "--cache-dir":
            pending = argument
        elif argument.startswith("--cache-dir="):
            cache = argument.partition("=")[2]
        elif argument[:1] == "-" and argument[1:].lstrip("q")[:1] == "C":  # also -qC ROOT
            root = argument[1:].lstrip("q")[1:]
            pending = "" if root else "-C"
        elif argument in ("--no-cache", "--help", "-h") or argument[:1] == "@":
            return None
    digest = zlib.crc32(_bytes("\0".join((folder, *arguments))))
    return os.path.join(folder, cache or os.path.join(root, FOLDER), f"stamp-{digest:08x}")


# --- the file -----------------------------------------------------------------------------------------------


def _load(place: str) -> Stamp | None:
    """A stamp as it was written; None for anything else."""
    try:
        with open(place, "rb") as file:
            data = file.read()
    except OSError:
        return None
    sized = len(_MAGIC) + 8
    if not data.startswith(_MAGIC) or not data[sized:_HEAD].isdigit():
        return None
    end = _HEAD + int(data[sized:_HEAD])
    if data[len(_MAGIC) : sized] != _checksum(data[sized:end]):
        return None
    stamp = _unpack(data[_HEAD:end])
    if stamp is not None:
        stamp.notes = data[end:]
    return stamp


def _write(place: str, stamp: Stamp) -> bool:
    packed = _pack(stamp)
    sized = b"%010d" % len(packed) + packed
    part = f"{place}.{os.getpid()}.part"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(part, "wb") as file:
            file.write(_MAGIC + _checksum(sized) + sized + stamp.notes)
        os.replace(part, place)
    except OSError:  # without it the next build takes longer, and that is all
        _remove(part)
        return False
    return True


def _remove(part: str) -> None:
    try:
        os.unlink(part)
    except OSError:  # it was never there
        return


def _checksum(data: bytes) -> bytes:
    return b"%08x" % zlib.crc32(data)


def _pack(stamp: Stamp) -> bytes:
    environment = [part for name, value in stamp.environment for part in (name, _marked(value))]
    times = (str(stamp.since), str(stamp.until))
    groups = (stamp.key, times, environment, stamp.trees, stamp.skipped, stamp.files)
    parts = [_bytes(part) for group in groups for part in (str(len(group)), *group)]
    for data in (*map(_bytes, stamp.printed), stamp.seen):
        parts += (_bytes(str(len(data))), data)
    return b"\0".join(parts)


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
        printed = (_text(whole()), _text(whole()), _text(whole()))
        return Stamp(key, int(since), int(until), environment, trees, skipped, files, printed, whole())
    except ValueError:  # another version's
        return None


def _pack_notes(notes: Mapping[str, str]) -> bytes:
    packed = _bytes("\0".join(part for item in notes.items() for part in item))
    return _checksum(packed) + packed


def _unpack_notes(data: bytes) -> dict[str, str]:
    """The notes as they were written; none if they were damaged."""
    parts = _text(data[8:]).split("\0") if data[:8] == _checksum(data[8:]) else []
    return dict(zip(parts[::2], parts[1::2], strict=False))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _marked(value: str | None) -> str:
    return "-" if value is None else f"+{value}"


def _unmarked(text: str) -> str | None:
    return None if text == "-" else text[1:]
