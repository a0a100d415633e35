"""`feeds build`: posts in, feeds and the newest letter out; nothing is written while an error stands."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from feeds.archive import is_issue_page
from feeds.compilation import PREVIEW_LETTERS, Choices, Compiled, compile_all, stop_on_problems
from feeds.config import Settings
from feeds.errors import FeedsError, Finding, Severity, UsageError
from feeds.formats import FORMATS
from feeds.generators import load_site
from feeds.index import Index, digest
from feeds.model import Entry, Post, Report, Site
from feeds.output import Written, check_folder, remove_files, write_outputs
from feeds.posts.collect import Collection
from feeds.record import Record, digest_of, load_record, merged, record_path, stale_files, write_record
from feeds.rendering import Progress
from feeds.texts import recorded
from feeds.witness import find_built

__all__ = ["Built", "Choices", "Progress", "build"]


class Built(NamedTuple):
    """What a build did.

    `is_settled` tells whether it left everything as it was, `due` is the next instant at which a build would
    show something else; `record` is the file that remembers it, `witness` the built site that it looked into.
    """

    site: Site
    written: tuple[Written, ...]
    letters_folder: Path
    letters: tuple[Written, ...]
    removed: tuple[str, ...]
    findings: tuple[Finding, ...]
    posts: int
    drafts: int
    held: tuple[Post, ...]
    collection: Collection
    entries: tuple[Entry, ...]
    issue: str | None
    injected: int
    is_settled: bool
    due: dt.datetime | None
    record: Path
    witness: Path | None


def build(
    settings: Settings,
    choices: Choices,
    progress: Progress | None = None,
    index: Index | None = None,
) -> Built:
    """Build every feed and the letter, and write what has changed.

    Args:
        settings: the project's.
        choices: what the command line asks for.
        progress: told how far it is.
        index: what the last build made; it is saved.

    Raises:
        ProblemsError: everything that is wrong in the user's files; with `choices.strict` warnings too.
        FeedsError: what makes it pointless to look further.
    """
    findings: list[Finding] = []
    with recorded() as read:
        site = load_site(settings, findings.append)
    if index and not any(b"!ENV" in data for data in read.values()):
        files = sorted((os.path.relpath(path, settings.root), data) for path, data in read.items())
        index.configuration = digest([repr(replace(settings, root=Path())), files])
    before = load_record(settings.root, site.output)
    _check_preview(settings, site, choices, before)
    compiled = compile_all(settings, site, choices, before, findings, progress, index)
    stop_on_problems(findings, strict=choices.strict)
    # A post that is gone is no fault of this build, which could never be mended: it is told, not refused.
    _report_lost_ids(before, compiled, findings.append)
    if not choices.preview:
        _report_other_feeds(settings, before, compiled, findings.append)
    built = _write(settings, choices, before, compiled, findings)
    if index:
        index.save()
    return built


def _check_preview(settings: Settings, site: Site, choices: Choices, before: Record | None) -> None:
    """Keep drafts out of a folder that holds a build without them."""
    if not choices.preview or (before is not None and before.preview):
        return
    names = ("index.html", *(form.filename for form in FORMATS.values()))
    ours = any((site.output / name).exists() for name in names)
    if before is None and choices.own_output and not ours:
        return
    raise UsageError(
        f"drafts and posts to come would land in {str(site.output)!r}, which holds a build without them"
        if ours or before
        else "a build with drafts or posts to come needs an output folder of its own",
        help="name another folder with -o, such as -o preview",
    )


def _report_lost_ids(before: Record | None, now: Compiled, report: Report) -> None:
    if before is None or before.preview:
        return
    addresses = {post.url for post in now.collection.published}
    for id in sorted(before.ids.keys() - now.record.ids.keys()):
        title = before.ids[id]
        if id in addresses:
            message = f"the post {title!r} was published as {id}, and has another id now"
            help = "nothing to do if subscribers knew it by that before; else they will see it as new"
        else:
            message = f"the post {title!r} was published as {id} and is gone"
            help = (
                "if it only moved, give it that address as id: in its front matter, or subscribers "
                "will see it as new; pages of issues that show it stay until you remove them"
            )
        report(Finding(Severity.WARNING, "lost-id", message, help=help))


def _report_other_feeds(settings: Settings, before: Record | None, now: Compiled, report: Report) -> None:
    """Tell of another program's feeds that are about to be replaced, where they know posts by other ids."""
    addresses = {post.url for post in now.collection.published}
    known = {*now.record.ids, *(before.ids if before else ())}
    for form in map(FORMATS.__getitem__, settings.feeds.formats):
        file = now.site.output / form.filename
        if not file.is_file() or (before and before.files.get(form.filename) == digest_of(file)):
            continue
        from feeds.adopt import load_foreign_feed

        try:
            entries = load_foreign_feed(file)
        except FeedsError:  # no feed, so no subscriber knows it
            continue
        if any(entry.link in addresses and entry.id not in known for entry in entries):
            name = os.path.relpath(file, settings.root)
            message = f"{name} was made by another program, and is replaced: its posts have other ids there"
            help = (
                "subscribers will see them as new; to keep the ids, build the site once more, "
                f"then run feeds lock --adopt {name}"
            )
            report(Finding(Severity.WARNING, "other-feed", message, help=help))


def _write(
    settings: Settings,
    choices: Choices,
    before: Record | None,
    compiled: Compiled,
    findings: Sequence[Finding],
) -> Built:
    site, collection = compiled.site, compiled.collection
    folder = settings.root / settings.newsletter.letters
    for target in (site.output, folder, record_path(settings.root, site.output).parent):
        check_folder(target)
    # What is about to be written is on record before it is, so that a build that fails half-way leaves
    # nothing that a later one would not know as ours.
    recorded = write_record(settings.root, site.output, merged(before, compiled.record))
    written = write_outputs(site.output, compiled.outputs)
    letters = write_outputs(folder, compiled.letters)
    stale = stale_files(site.output, before, compiled.record.files) if before else ()
    # Mails link to the pages of issues: these stay, but for those of a preview, which may show drafts.
    is_preview = before is not None and before.preview
    removed = remove_files(site.output, [path for path in stale if is_preview or not is_issue_page(path)])
    topics = {output.path for output in compiled.outputs if output.is_topic}
    changed = {file.path for file in written if file.changed and file.path in topics}
    if before and not before.preview:
        changed |= before.changed & set(compiled.record.files)
    record = replace(compiled.record, changed=frozenset(changed))
    recorded |= write_record(settings.root, site.output, record)
    injected = 0
    if settings.feeds.inject == "yes" and not choices.preview:
        from feeds.injection import inject_links

        own = record.files
        injected = inject_links(
            site.output, site.url, compiled.listed, lambda path: path in own or is_issue_page(path)
        )
    return Built(
        site=site,
        written=written,
        letters_folder=site.output / PREVIEW_LETTERS if choices.preview else folder,
        letters=letters,
        removed=removed,
        findings=tuple(findings),
        posts=len(collection.published),
        drafts=collection.drafts,
        held=collection.held,
        collection=collection,
        entries=tuple(compiled.entries.values()),
        issue=compiled.letter.issue.id if compiled.letter else None,
        injected=injected,
        is_settled=not (
            recorded or removed or injected or any(file.changed for file in (*written, *letters))
        ),
        due=_next_change(compiled, choices.now),
        record=record_path(settings.root, site.output),
        witness=_witness(settings, site, record.files),
    )


def _next_change(compiled: Compiled, now: dt.datetime) -> dt.datetime | None:
    """The next instant at which a post falls due or expires, or an issue is over."""
    collection = compiled.collection
    posts = (*collection.published, *collection.held, *collection.expired)
    instants = [post.due or post.published for post in posts]
    instants += [instant for post in posts if (instant := post.expires)]
    instants += [compiled.due] if compiled.due else []
    return min((instant for instant in instants if instant > now), default=None)


def _witness(settings: Settings, site: Site, own: Mapping[str, str]) -> Path | None:
    try:
        return find_built(
            site.output, settings.root / settings.site.built if settings.site.built else None, own
        )
    except FeedsError:  # which was told
        return None
