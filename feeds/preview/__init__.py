"""`feeds preview`: the newest letter, the feeds and the posts in a browser, renewed with each change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from feeds.compilation import Choices, compile_all, stop_on_problems
from feeds.config import Settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.posts.listing import list_posts
from feeds.preview.server import serving
from feeds.preview.state import Board, State, View
from feeds.preview.watching import changes, check_watching
from feeds.record import load_record

__all__ = ["State", "View", "preview"]


def preview(
    root: Path,
    load: Callable[[], Settings],
    choose: Callable[[], Choices],
    *,
    port: int,
    started: Callable[[str], None],
    told: Callable[[State], None],
) -> None:
    """Serve a preview of a project until it is interrupted; nothing is written anywhere.

    Args:
        root: the project's folder.
        load: reads its settings, before each build.
        choose: what each build is asked for.
        port: of 127.0.0.1; 0 takes a free one.
        started: told of the address, once there is an answer at it.
        told: told of each build.

    Raises:
        UsageError: watchfiles is not installed, or the port cannot be had.
        FeedsError: the project's folder cannot be watched.
    """
    check_watching()
    board = Board()

    def is_ignored(path: Path) -> bool:
        view = board.state.view
        return view is not None and any(path.is_relative_to(folder) for folder in _outputs(view))

    with serving(board, port) as address:
        started(address)
        while True:
            folders = _folders(root, board.state.view)
            for changed in changes(folders, is_ignored):
                if changed or not board.state.number:
                    told(_renew(board, load, choose))
                if _folders(root, board.state.view) != folders:
                    break


def look(settings: Settings, choices: Choices) -> View:
    """Build without writing anything.

    Raises:
        ProblemsError: everything that is wrong in the user's files.
        FeedsError: what makes it pointless to look further.
    """
    findings: list[Finding] = []
    site = load_site(settings, findings.append)
    before = load_record(settings.root, site.output)
    compiled = compile_all(settings, site, choices, before, findings)
    stop_on_problems(findings, strict=False)
    read = None if choices.preview else compiled.collection
    listing = list_posts(settings, site, choices.now, findings, read)
    return View(compiled, listing, tuple(dict.fromkeys(listing.findings)))


def _renew(board: Board, load: Callable[[], Settings], choose: Callable[[], Choices]) -> State:
    try:
        return board.show(look(load(), choose()))
    except FeedsError as error:
        return board.fail(error.findings)


def _folders(root: Path, view: View | None) -> tuple[Path, ...]:
    """What to watch: the project's folder, and that of the posts where it lies elsewhere."""
    docs = (view.compiled.site.docs if view else root).resolve()
    return (root,) if docs.is_relative_to(root.resolve()) else (root, docs)


def _outputs(view: View) -> tuple[Path, ...]:
    """The folders in which only what is built lies."""
    site = view.compiled.site
    return () if site.docs.is_relative_to(site.output) else (site.output,)
