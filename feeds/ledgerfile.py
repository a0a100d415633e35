"""Where the ledger of a project lies: never where it could be published or committed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feeds.config import Settings
from feeds.delivery.book import Book, check_place, default_ledger, open_book
from feeds.delivery.tokens import Keys, load_keys
from feeds.errors import FeedsError
from feeds.generators import load_site


def ledger_path(settings: Settings) -> Path:
    """Where the ledger lies, or is to lie: as configured, else in the user's data folder.

    Raises:
        FeedsError: the site's address is not known, or the place could be published or committed.
    """
    if settings.send.ledger:
        path = settings.root / _expanded(settings.send.ledger)
    else:
        path = default_ledger(settings.site.url or load_site(settings, lambda finding: None).url)
    output = [settings.root / settings.site.output] if settings.site.output else []
    check_place(path, [settings.root, *_repository(settings.root), *output])
    return path


@contextmanager
def opened(settings: Settings, now: dt.datetime, *, create: bool = False) -> Iterator[tuple[Book, Keys]]:
    """The ledger of the project and its keys; `create` makes one where there is none.

    Raises:
        FeedsError: there is none, it lies in a wrong place, or it cannot be used.
    """
    with open_book(ledger_path(settings), create=create) as book:
        yield book, load_keys(book, now)


def _expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        message = f"there is no home folder that {path!r} could lie in"
        raise FeedsError(message, help="name the ledger by its whole path", rule="ledger-place") from None


def _repository(root: Path) -> list[Path]:
    """The repository that a project lies in, if it is in one."""
    return [folder for folder in (root, *root.parents) if (folder / ".git").exists()][:1]
