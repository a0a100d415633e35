"""Writing files so that none is ever half there, and none is touched that has not changed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from feeds.errors import FeedsError, Location
from feeds.model import Output

_PART = ".part"


class Written(NamedTuple):
    """What became of an output; `size` in bytes."""

    path: str
    size: int
    entries: int | None
    changed: bool


def check_folder(folder: Path) -> None:
    """Find out whether files can be written below a folder, before the first one is.

    Raises:
        FeedsError: the folder, or what it would be made in, is a file or may not be written.
    """
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise FeedsError(
            "files are to be written below this, and it is no folder", Location(str(there)), rule="unwritable"
        )
    if not os.access(there, os.W_OK | os.X_OK):
        raise FeedsError("this folder may not be written", Location(str(there)), rule="unwritable")


def write_outputs(folder: Path, outputs: Sequence[Output]) -> tuple[Written, ...]:
    """Write each output below the folder, unless the very same bytes are there already.

    Raises:
        FeedsError: a file cannot be written, or what a killed build left of it not be removed.
    """
    _sweep({folder / output.path for output in outputs})
    return tuple(
        Written(output.path, len(output.data), output.entries, write_file(folder / output.path, output.data))
        for output in outputs
    )


def write_file(path: Path, data: bytes) -> bool:
    """Replace a file in one step; False when it held these bytes already.

    It is not synced to the disk: after a power cut the next build compares, and writes it again.

    Raises:
        FeedsError: the file cannot be written.
    """
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except OSError as error:
        raise _not_written(path, error) from None
    replace_file(path, (data,))
    return True


def replace_file(path: Path, parts: Iterable[bytes]) -> None:
    """Replace a file in one step by what these parts are together.

    Raises:
        FeedsError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{_part_prefix(path)}{os.urandom(8).hex()}{_PART}")
        try:
            with open(part, "xb", opener=_private) as file:
                file.writelines(parts)
            part.chmod(_mode(path))
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _not_written(path, error) from None


def _private(name: str, flags: int) -> int:
    """Open a file that nobody else may read until it has the permissions of the one it replaces."""
    return os.open(name, flags, 0o600)


def remove_files(folder: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Remove files below the folder, and the folders that this leaves empty; the paths that were there."""
    removed = []
    for path in sorted(paths):
        file = folder / path
        try:
            file.unlink()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise _not_removed(file, error) from None
        removed.append(path)
        _prune(file.parent, folder)
    return tuple(removed)


def _sweep(paths: Collection[Path]) -> None:
    """Remove what a build that was killed while it wrote these files has left beside them."""
    prefixes = {(path.parent, _part_prefix(path)) for path in paths}
    for folder in sorted({path.parent for path in paths}):
        there = sorted(folder.iterdir()) if folder.is_dir() else ()
        for leftover in (path for path in there if path.name.endswith(_PART)):
            if (folder, f"{leftover.stem.rpartition('.')[0]}.") not in prefixes:
                continue
            try:
                leftover.unlink(missing_ok=True)
            except OSError as error:
                raise _not_removed(leftover, error) from None


def _not_written(path: Path, error: OSError) -> FeedsError:
    message = f"cannot write this file: {error.strerror or error}"
    return FeedsError(message, Location(str(path)), rule="unwritable")


def _not_removed(path: Path, error: OSError) -> FeedsError:
    message = f"cannot remove this file: {error.strerror or error}"
    return FeedsError(message, Location(str(path)), rule="unwritable")


def _part_prefix(path: Path) -> str:
    return f".{path.name[:100]}."


def _prune(folder: Path, top: Path) -> None:
    while folder != top and top in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return  # something else lives there
        folder = folder.parent


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, else what the process would give a new one."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
