"""`feeds issue`: the file of a new issue, and which issues there are."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feeds.cli import options
from feeds.cli.printing import count, print_json, show_findings, shown, terminal_width
from feeds.cli.tables import INDENT, Column, format_table
from feeds.errors import FeedsError, UsageError, has_errors, printable

if TYPE_CHECKING:
    from feeds.config import Settings
    from feeds.issuing import Issues, NewIssue
    from feeds.model import Post
    from feeds.newsletter import Plan

_COLUMNS = (
    Column("issue", least=12),
    Column("kind"),
    Column("days", wide=60),
    Column("posts"),
    Column("title", least=16),
)
_SHOWN = 10


@click.group()
def command() -> None:
    """Make and show the newsletter's issues.

    Without files, each week, month or quarter is an issue by itself. A file decides what its issue holds, in
    which order and with which introduction; commit it as you do a post.
    """


@command.command("new")
@click.argument("more", nargs=-1, metavar="[PATH]...", help="More posts, behind --posts.")
@click.option(
    "--period", metavar="ID", default="", help="The posts of this period: 2026-11, 2026-W47 or 2026-Q4."
)
@click.option("--since", type=options.Day(), metavar="DATE", help="The posts from this day on.")
@click.option("--until", type=options.Day(), metavar="DATE", help="The posts up to this day.")
@click.option("--posts", multiple=True, metavar="PATH", help="These posts, in this order.")
@click.option(
    "--id", "name", metavar="ID", default="", help="What the issue is called (default: its period)."
)
@options.ROOT
@options.CONFIG
@options.GENERATOR
@options.BASE_URL
@options.NOW
def new(
    more: tuple[str, ...],
    period: str,
    since: dt.date | None,
    until: dt.date | None,
    posts: tuple[str, ...],
    name: str,
    root: Path,
    config: Path | None,
    generator: str | None,
    base_url: str | None,
    now: dt.datetime | None,
) -> None:
    """Write the file of a new issue: subject, posts, and room for an introduction.

    Without a flag it takes the newest issue as it stands. Posts that another issue's file lists are left out,
    unless --posts names them.
    """
    from feeds.issuing import Wanted, new_issue

    if more and not posts:
        raise UsageError(f"{more[0]!r} is not understood", help="name posts behind --posts")
    settings = options.project_settings(root, config, {"site.url": base_url, "generator.name": generator})
    paths = tuple(_from_root(path, settings) for path in (*posts, *more))
    wanted = Wanted(period, since, until, paths, name)
    made = new_issue(settings, now or options.current_instant(), wanted)
    _show_new(made, settings)
    show_findings(made.findings)


@command.command("list")
@click.argument(
    "issue", required=False, default="", metavar="[ID]", help="An issue, or the file of a post in it."
)
@options.ROOT
@options.CONFIG
@options.GENERATOR
@options.BASE_URL
@options.NOW
@click.option("-v", "--verbose", is_flag=True, help="Show the posts of each issue.")
@options.JSON
def list_(
    issue: str,
    root: Path,
    config: Path | None,
    generator: str | None,
    base_url: str | None,
    now: dt.datetime | None,
    verbose: bool,
    as_json: bool,
) -> None:
    """Show every issue, and the published posts that are in none.

    With ID, show the posts of that issue.
    """
    from feeds.issuing import list_all

    try:
        settings = options.project_settings(root, config, {"site.url": base_url, "generator.name": generator})
        issues = list_all(settings, now or options.current_instant())
        plans = _named(issues, _from_root(issue, settings), issue) if issue else issues.plans
    except FeedsError as error:
        if as_json:
            print_json({}, error.findings, ok=False)
            sys.exit(error.exit_code)
        raise
    ok = not has_errors(issues.findings)
    if as_json:
        print_json(_document(issues, plans), issues.findings, ok=ok)
    else:
        _show_list(issues, plans, with_posts=verbose or bool(issue), with_rest=not issue)
        show_findings(issues.findings)
    if not ok:
        sys.exit(FeedsError.exit_code)


def _from_root(path: str, settings: Settings) -> str:
    """The path of a post from the project's folder, of one from there or from the current folder."""
    if (settings.root / path).is_file() or not Path(path).is_file():
        return Path(os.path.normpath(path)).as_posix()
    return Path(os.path.relpath(Path(path).absolute(), settings.root)).as_posix()


def _named(issues: Issues, path: str, wanted: str) -> Sequence[Plan]:
    """The issue of an id, or of a post's path."""
    from feeds.newsletter.issues import find_issue

    found = find_issue(issues.plans, wanted) or find_issue(issues.plans, path)
    if not found:
        raise UsageError(f"there is no issue {wanted!r}", help="feeds issue list shows them all")
    return (found,)


def _show_new(made: NewIssue, settings: Settings) -> None:
    plan = made.plan
    click.echo(shown(settings.root / made.path, Path.cwd()))
    for line in _post_lines(plan):
        click.echo(line)
    click.echo(f"{count(len(plan.posts), 'post')} in the issue {plan.id}")
    for post, other in made.left_out[:_SHOWN]:
        click.echo(f"  left out, being in {other.id}: {_named_post(post)}")
    for post, other in made.again[:_SHOWN]:
        click.echo(f"  again, after {other.id}: {_named_post(post)}")
    if made.date:
        click.echo(f"it goes out from {made.date} on: write another date into the file for another day")
    if made.forgotten:
        click.echo(f"in no issue: {count(len(made.forgotten), 'post')}")
        for line in _rest_lines(made.forgotten):
            click.echo(line)


def _show_list(issues: Issues, plans: Sequence[Plan], *, with_posts: bool, with_rest: bool) -> None:
    if not plans:
        click.echo("there is no issue, since no post is published")
    elif with_posts:
        for plan in reversed(plans):
            place = f"  ({printable(plan.at.path)})" if plan.at else ""
            click.echo(f"{printable(plan.id)}  {printable(plan.title)}{place}")
            for line in _post_lines(plan):
                click.echo(line)
    else:
        rows = [_cells(plan) for plan in reversed(plans)]
        for line in format_table(_COLUMNS, rows, [""] * len(rows), terminal_width()):
            click.echo(line)
    if not with_rest:
        return
    files = sum(plan.at is not None for plan in plans)
    summary = f"{count(len(plans), 'issue')}, {files:,} with a file"
    if not issues.unclaimed:
        click.echo(f"{summary}; every post is in an issue")
        return
    click.echo(f"{summary}; in no issue: {count(len(issues.unclaimed), 'post')}")
    for line in _rest_lines(issues.unclaimed, None if with_posts else _SHOWN):
        click.echo(line)


def _cells(plan: Plan) -> tuple[str, str, str, str, str]:
    days = f"{plan.first}" if plan.first == plan.last else f"{plan.first} – {plan.last}"
    kind = "file" if plan.at else "post" if plan.is_post else "period"
    return plan.id, kind, days, f"{len(plan.posts):,}", plan.title


def _post_lines(plan: Plan) -> Iterator[str]:
    """The posts of an issue under their headings, as on its page."""
    if plan.lead:
        yield f"{INDENT}{_named_post(plan.lead)}"
    for section in plan.sections:
        if section.title:
            yield f"{INDENT}{printable(section.title)}"
        yield from (f"{INDENT * 2}{_named_post(post)}" for post in section.posts)
    for gap in plan.gaps:
        yield f"{INDENT}missing: {printable(gap.path)} {printable(gap.reason or 'does not exist')}"


def _rest_lines(posts: Sequence[Post], limit: int | None = _SHOWN) -> Iterator[str]:
    yield from (f"{INDENT}{_named_post(post)}" for post in posts[:limit])
    if limit and len(posts) > limit:
        yield f"{INDENT}… and {len(posts) - limit:,} more"


def _named_post(post: Post) -> str:
    from feeds.model import lasting_path

    return printable(f"{post.published.date()}  {post.title}  ({lasting_path(post)})")


def _document(issues: Issues, plans: Sequence[Plan]) -> dict[str, object]:
    return {
        "issues": [_issue_document(plan) for plan in plans],
        "in_no_issue": [_post_document(post) for post in issues.unclaimed],
    }


def _issue_document(plan: Plan) -> dict[str, object]:
    return {
        "id": plan.id,
        "title": plan.title,
        "url": plan.url,
        "first": plan.first.isoformat(),
        "last": plan.last.isoformat(),
        "file": plan.at.path if plan.at else None,
        "date": plan.date.isoformat() if plan.date else None,
        "lead": _post_document(plan.lead) if plan.lead else None,
        "sections": [
            {"title": section.title, "posts": [_post_document(post) for post in section.posts]}
            for section in plan.sections
        ],
        "missing": [{"path": gap.path, "reason": gap.reason or "does not exist"} for gap in plan.gaps],
    }


def _post_document(post: Post) -> dict[str, object]:
    from feeds.model import lasting_path

    return {"path": lasting_path(post), "id": post.id, "title": post.title, "url": post.url}
