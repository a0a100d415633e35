"""`python -m feeds`, and the command itself: what can be told at once is told before anything is imported."""

from __future__ import annotations

import atexit
import gc
import os
import sys

from feeds import __version__


def main() -> None:
    """Run the command."""
    arguments = sys.argv[1:]
    try:  # a pipe that is closed, a disk that is full
        told = _told(arguments)
    except OSError:  # the command says so
        told = False
    except KeyboardInterrupt:
        sys.exit(130)
    if not told:
        # What a command makes lasts to its end: looking for garbage as often as usual, and again at the end,
        # takes a tenth of its time.
        gc.set_threshold(200_000, 20, 20)
        atexit.register(gc.freeze)
        try:
            from feeds.cli import main as run
        except KeyboardInterrupt:  # Ctrl-C before anything was begun
            sys.exit(130)
        run()


def _told(arguments: list[str]) -> bool:
    """Answer what needs no more than a look; False if it was not that."""
    if arguments == ["--version"]:
        _print(sys.stdout, f"feeds, version {__version__}\n")
        return True
    if arguments[:1] != ["build"]:
        return False
    import time

    from feeds import stamp

    found = stamp.recall(arguments, os.getcwd(), os.environ, time.time_ns)  # noqa: PTH109 - without pathlib
    if found is None:
        return False
    out, err, coloured = found.printed
    _print(sys.stdout, out)
    _print(sys.stderr, coloured if sys.stderr.isatty() else err)
    return True


def _print(stream: object, text: str) -> None:
    stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]
    stream.write(text)  # type: ignore[attr-defined]
    stream.flush()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
