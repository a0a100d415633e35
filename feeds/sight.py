"""What there is to see of files without reading them: their names, sizes and times."""

from __future__ import annotations

import os
from struct import iter_unpack, pack

TYPE_CHECKING = False  # what `typing` says too, which takes longer to import than all of this to run
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

State = tuple[int, int, int, int]
"""Size of a file, when it was changed and when its inode was, in nanoseconds since 1970, and the inode."""

_MISSING, _FOLDER, _UNREADABLE, _HEADING = ((number, 0, 0, 0) for number in (-1, -2, -3, -4))
"""What stands for the state of what is no file; the last for that of the folder that holds what follows."""

_SKIPPED = frozenset({"__pycache__", "node_modules"})
_MAX_ENTRIES = 200_000
_MAX_DEPTH = 50
_GRAIN = 20_000_000
"""Nanoseconds within which a disk may give two changes one time; two seconds where it counts whole ones."""

_COARSE_GRAIN = 2_000_000_000
_INODE = (1 << 63) - 1


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
    for tree in trees:
        if not _look_through(tree, frozenset(skipped), names, numbers, before, 0):
            return None
    for path in files:
        names.append(path)
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            numbers += _MISSING
            continue
        if before is not None and not is_settled(state_of(status), before):
            return None
        numbers += state_of(status)
    return "\0".join(names).encode("utf-8", "surrogateescape") + b"\0\0" + pack(f"={len(numbers)}q", *numbers)


def _look_through(
    folder: str,
    skipped: frozenset[str],
    names: list[str],
    numbers: list[int],
    before: int | None,
    depth: int,
) -> bool:
    """Add what a folder holds; False for what is too much, too deep, or too new."""
    below: list[str] = []
    names.append(folder)
    numbers += _HEADING
    try:
        if before is not None and not is_settled(state_of(os.stat(folder)), before):
            return False
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                names.append(name)
                if entry.is_dir():
                    numbers += _FOLDER
                    if not is_passed_over(name):
                        below.append(entry.path)
                    continue
                try:
                    status = entry.stat()
                except OSError:  # a link that leads nowhere
                    numbers += _MISSING
                    continue
                if before is not None and not is_settled(state_of(status), before):
                    return False
                numbers += state_of(status)
    except OSError:  # what cannot be read now could be read later
        names.append(folder)
        numbers += _UNREADABLE
    if depth > _MAX_DEPTH or len(names) > _MAX_ENTRIES:
        return False
    for path in below:
        if path not in skipped and not _look_through(path, skipped, names, numbers, before, depth + 1):
            return False
    return True


def states(seen: bytes) -> dict[str, State]:
    """The state of each path that `look` came by."""
    found: dict[str, State] = {}
    folder = ""
    for name, state in zip(*_unpacked(seen), strict=True):
        if state == _HEADING:
            folder = os.path.join(name, "")
        else:
            found[name if os.sep in name else folder + name] = state
    return found


def changes(before: bytes, now: bytes) -> dict[str, State]:
    """The paths whose state is another one now, with that; none where the paths themselves are others."""
    (names, old), (same_names, new) = _unpacked(before), _unpacked(now)
    if names != same_names:
        return {}
    return {_path(names, new, number): state for number, state in enumerate(new) if state != old[number]}


def _unpacked(seen: bytes) -> tuple[list[str], list[State]]:
    names, _, numbers = seen.partition(b"\0\0")
    return names.decode("utf-8", "surrogateescape").split("\0"), list(iter_unpack("=4q", numbers))


def _path(names: Sequence[str], states: Sequence[State], number: int) -> str:
    name = names[number]
    while os.sep not in name:
        number -= 1
        if states[number] == _HEADING:
            name = os.path.join(names[number], name)
    return name


def is_passed_over(name: str) -> bool:
    """Whether a folder of that name is not looked into, but where it is asked for."""
    return name[0] == "." or name in _SKIPPED


def looks_into(folder: str, tree: str, skipped: Collection[str]) -> bool:
    """Whether looking through a tree comes by a folder."""
    while folder != tree:
        parent, name = os.path.split(folder)
        if folder in skipped or not name or is_passed_over(name):
            return False
        folder = parent
    return True


def state_of(status: os.stat_result) -> State:
    """The state of a file."""
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _INODE)


def is_settled(state: State, before: int) -> bool:
    """Whether a file's times tell that it is the one that was there before an instant."""
    _, changed, moved, _ = state
    newest = max(changed, moved)
    whole = changed % 1_000_000_000 == 0
    return newest < before - (_COARSE_GRAIN if whole and newest == changed else _GRAIN)
