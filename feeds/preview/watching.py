"""Notices that a project's files have changed: the only module that knows watchfiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from feeds.errors import FeedsError, UsageError

_OWN = (".cache", ".feeds", ".ruff_cache", ".jekyll-cache", ".sass-cache", ".docusaurus", ".astro")
"""Folders that programs keep for themselves, besides those that watchfiles leaves out."""

_STEP, _DEBOUNCE, _TIMEOUT = 50, 400, 100
"""Milliseconds: without a change until changes are told; at most; between looks at whether there are any."""


def check_watching() -> None:
    """Find out whether changes can be noticed at all.

    Raises:
        UsageError: watchfiles is not installed.
    """
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        raise UsageError(
            "the preview needs watchfiles, which is not installed",
            help="pip install 'feeds[preview]'",
            rule="missing-extra",
        ) from None


def changes(folders: tuple[Path, ...], is_ignored: Callable[[Path], bool]) -> Iterator[frozenset[Path]]:
    """The files that have changed, again and again; nothing at first, as soon as changes are noticed.

    Args:
        folders: what to watch, with all that lies below.
        is_ignored: whether nothing is to be told of a path.

    Raises:
        FeedsError: the folders cannot be watched.
    """
    from watchfiles import Change, DefaultFilter, watch

    class Filter(DefaultFilter):
        """Leaves out what editors, version control and other programs keep for themselves."""

        ignore_dirs = (*DefaultFilter.ignore_dirs, *_OWN)

        def __call__(self, change: Change, path: str) -> bool:
            return super().__call__(change, path) and not is_ignored(Path(path))

    try:
        for found in watch(
            *folders,
            watch_filter=Filter(),
            step=_STEP,
            debounce=_DEBOUNCE,
            rust_timeout=_TIMEOUT,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield frozenset(Path(path) for _, path in found)
    except OSError as error:
        message = f"the project's folder cannot be watched: {error}"
        raise FeedsError(message, help="a system allows only so many watched folders", rule="watch") from None
