"""Patterns of files as `.gitignore` has them: the only module that knows pathspec."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def compile_globs(lines: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path with `/` matches the lines, of which later ones win and those with `!` take back.

    Raises:
        ValueError: a line is no pattern.
    """
    from pathspec import GitIgnoreSpec

    spec = GitIgnoreSpec.from_lines(lines)
    return lambda path: bool(spec.match_file(path))


_MAX_PATTERNS = 500
"""Patterns that one with braces may stand for."""


def match_globs(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path matches one of the patterns as JavaScript's tools have them: from the root, with braces.

    Raises:
        ValueError: one is no pattern, or stands for too many.
    """
    lines = [line for pattern in patterns for line in expand_braces(pattern.removeprefix("./"))]
    return compile_globs([line if line.startswith("**/") else f"/{line.lstrip('/')}" for line in lines])


def expand_braces(pattern: str) -> list[str]:
    """`*.{md,mdx}` as `*.md` and `*.mdx`.

    Raises:
        ValueError: it stands for too many patterns.
    """
    done: list[str] = []
    left = [pattern]
    while left:
        line = left.pop()
        opening = line.rfind("{")
        closing = line.find("}", opening)
        if opening < 0 or closing < 0:
            done.append(line)
        else:
            parts = line[opening + 1 : closing].split(",")
            left += [line[:opening] + part + line[closing + 1 :] for part in parts]
        if len(done) + len(left) > _MAX_PATTERNS:
            raise ValueError(f"{pattern!r} stands for more than {_MAX_PATTERNS} patterns")
    return done
