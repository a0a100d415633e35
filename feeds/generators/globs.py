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
