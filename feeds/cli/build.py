"""`feeds build`."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli import options
from feeds.cli.printing import count, finding_lines, json_text, print_json, shown, size
from feeds.errors import FeedsError, printable

if TYPE_CHECKING:
    from feeds.build import Built, Choices
    from feeds.cli.stamping import Stamping
    from feeds.config import Settings
    from feeds.index import Index
    from feeds.output import Written

_MAX_ROWS = 40

_ISSUE_HELP = "Write this issue of the newsletter: 2026-11, 2026-W47, 2026-Q4, or that of a post's file."


@click.command()
@options.ROOT
@click.option("-o", "--output", type=options.PATH, metavar="OUTPUT", help="Write the feeds into this folder.")
@options.CONFIG
@options.GENERATOR
@options.BASE_URL
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help="The most entries of a feed; 0 for all."
)
@click.option(
    "--built", type=options.PATH, metavar="DIR", help="Look up the posts' addresses in the site built here."
)
@click.option("--inject", is_flag=True, help="Put links to the feeds into the heads of the site's pages.")
@click.option("--letters", type=options.PATH, metavar="DIR", help="Write the letters into this folder.")
@click.option("--issue", metavar="ID", help=_ISSUE_HELP)
@click.option("--since", type=options.Day(), metavar="DATE", help="Write an issue that begins on this day.")
@click.option("--until", type=options.Day(), metavar="DATE", help="Write an issue that ends on this day.")
@click.option("--drafts", is_flag=True, help="Preview: drafts too. Needs an -o of its own.")
@click.option("--future", is_flag=True, help="Preview: posts to come too. Needs an -o of its own.")
@options.NOW
@options.CACHE_DIR
@options.NO_CACHE
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@options.JSON
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but warnings and errors.")
def command(
    root: Path,
    output: Path | None,
    config: Path | None,
    generator: str | None,
    base_url: str | None,
    limit: int | None,
    built: Path | None,
    inject: bool,
    letters: Path | None,
    issue: str | None,
    since: dt.date | None,
    until: dt.date | None,
    drafts: bool,
    future: bool,
    now: dt.datetime | None,
    cache_dir: Path | None,
    no_cache: bool,
    strict: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the feeds, and the newest issue of the newsletter.

    Paths given here are relative to the current folder; those in feeds.toml to the project's.
    """
    from feeds.build import Choices
    from feeds.cli.stamping import Stamping, load_index

    overrides = {
        "site.output": str(output.absolute()) if output else None,
        "site.built": str(built.absolute()) if built else None,
        "site.url": base_url,
        "generator.name": generator,
        "feeds.limit": limit,
        "feeds.inject": "yes" if inject else None,
        "newsletter.letters": str(letters.absolute()) if letters else None,
    }
    choices = Choices(
        now or options.current_instant(),
        own_output=output is not None,
        drafts=drafts,
        future=future,
        strict=strict,
        issue=issue,
        since=since,
        until=until,
    )
    stamping = Stamping(fixed_now=now is not None, wanted=not no_cache)
    try:
        with stamping:
            settings = options.project_settings(root, config, overrides, stamping.environ)
            index = None if no_cache else load_index(root, cache_dir)
            done = _build_with_progress(settings, choices, quiet or as_json, index)
    except FeedsError as error:
        if as_json:
            print_json({}, error.findings, ok=False)
            sys.exit(error.exit_code)
        raise
    _show(settings, done, stamping, quiet=quiet, as_json=as_json)


def _show(settings: Settings, done: Built, stamping: Stamping, *, quiet: bool, as_json: bool) -> None:
    """Print what was done, and have it stamped."""
    out = [json_text(_document(done), done.findings)] if as_json else [] if quiet else [*_built_lines(done)]
    err = [] if as_json else [*finding_lines(done.findings)]
    for line in out:
        click.echo(line)
    for line in err:
        click.echo(line, err=True)
    stamping.keep(settings, done, out, err)


def _build_with_progress(settings: Settings, choices: Choices, silent: bool, index: Index | None) -> Built:
    """Build; someone who watches a terminal and has to wait sees how far it is, and what took long."""
    from feeds.build import build as run
    from feeds.cli.watching import Watching

    with Watching(silent=silent) as watching:
        built = run(settings, choices, watching, index)
    watching.show_slow()
    return built


def _built_lines(built: Built) -> Iterator[str]:
    root = Path.cwd()
    folders = ((built.site.output, built.written), (built.letters_folder, built.letters))
    files = [(folder / file.path, file) for folder, written in folders for file in written]
    rows = list(_rows([(path, file) for path, file in files if file.changed], root))
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    for folder, names, entries, total in rows[:_MAX_ROWS]:
        yield f"  {folder:<{widths[0]}}  {names:<{widths[1]}}  {entries:>{widths[2]}}  {total:>{widths[3]}}"
    if len(rows) > _MAX_ROWS:
        yield f"  … and {count(len(rows) - _MAX_ROWS, 'more folder')}"
    for removed in built.removed:
        yield f"  {shown(built.site.output / removed, root)}  removed"
    posts = f"{count(built.posts, 'post')}, {count(built.drafts, 'draft')}, {len(built.held)} held back"
    changed = sum(file.changed for _, file in files)
    if changed or built.removed:
        yield f"{posts}: {changed} of {count(len(files), 'file')} written"
    else:
        yield f"{posts}: nothing has changed, {count(len(files), 'file')} left as they are"
    if built.injected:
        yield f"links to the feeds put into {count(built.injected, 'page')}"
    if built.held:
        post = built.held[0]
        due = (post.due or post.published).isoformat(" ", "minutes")
        yield f"next: {printable(post.title)!r} falls due on {due}"


def _rows(files: Sequence[tuple[Path, Written]], root: Path) -> Iterator[tuple[str, str, str, str]]:
    """One row for each folder: its files, how many entries each of them holds, and their size together.

    The pages of issues, of which there may be hundreds, share one.
    """
    from feeds.archive import is_issue_page

    pages = {path for path, file in files if is_issue_page(file.path)}
    folders: dict[Path, list[tuple[Path, Written]]] = {}
    for path, file in files:
        many = path in pages and len(pages) > 1
        folders.setdefault(path.parents[1] / "*" if many else path.parent, []).append((path, file))
    for folder, found in folders.items():
        entries = [file.entries for _, file in found if file.entries is not None]
        held = count(max(entries), "entry") if entries else ""
        yield (
            f"{shown(folder, root)}/",
            ", ".join(dict.fromkeys(path.name for path, _ in found)),
            count(len(found), "issue") if folder.name == "*" else held,
            size(sum(file.size for _, file in found)),
        )


def _document(built: Built) -> dict[str, object]:
    root = Path.cwd()
    folders = ((built.site.output, built.written), (built.letters_folder, built.letters))
    return {
        "output": str(built.site.output),
        "posts": built.posts,
        "drafts": built.drafts,
        "held": [
            {
                "path": post.source.fields.path,
                "title": post.title,
                "due": (post.due or post.published).isoformat(),
            }
            for post in built.held
        ],
        "issue": built.issue,
        "injected": built.injected,
        "files": [
            {
                "path": shown(folder / file.path, root),
                "size": file.size,
                "entries": file.entries,
                "changed": file.changed,
            }
            for folder, files in folders
            for file in files
        ],
        "removed": [shown(built.site.output / path, root) for path in built.removed],
    }
