"""Patterns of files as JavaScript's tools have them: with braces, and counted from the project's root."""

from __future__ import annotations

import re
from collections.abc import Callable

from feeds.generators.globs import compile_globs

_BRACES = re.compile(r"\{([^{}]*)\}")
_MAX_GLOBS = 200


def matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a path from the root matches one of the patterns, and none of those that begin with `!`."""
    lines = []
    for pattern in sorted(patterns, key=lambda pattern: pattern.startswith("!")):
        for line in _expanded(pattern):
            name = line.removeprefix("!").removeprefix("./").lstrip("/")
            mark = "!" if line.startswith("!") else ""
            lines.append(mark + (name if name.startswith("**/") else f"/{name}"))
    try:
        return compile_globs(lines)
    except ValueError:
        return lambda path: False


def _expanded(pattern: str) -> list[str]:
    """The patterns without braces that one with braces stands for."""
    done: list[str] = []
    left = [pattern]
    while left and len(done) + len(left) < _MAX_GLOBS:
        line = left.pop(0)
        found = _BRACES.search(line)
        if found:
            left += [line[: found.start()] + part + line[found.end() :] for part in found[1].split(",")]
        else:
            done.append(line)
    return done
