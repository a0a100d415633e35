"""Feeds as files: each in every format, the site's under its old paths too, and none of them too large."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from feeds.config import FeedsSettings, Settings
from feeds.errors import Finding, Severity
from feeds.formats import FORMATS, STYLE, Format, feed_files, feed_url
from feeds.formats.opml import OPML, render_opml
from feeds.index import Index, digest, program_version
from feeds.model import Entry, Feed, Output, Report, Site
from feeds.newsletter.wording import words
from feeds.pages import Address, Listed, NewsletterLink, render_subscribe
from feeds.selection import Selection, archived, compile_feed
from feeds.templating import Templates

_FORMAT_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_ARCHIVED = ("rss", "atom")
"""The formats that RFC 5005 is for."""

LARGE = 250_000
"""Bytes of a feed over which many readers fetch it seldom, and some not at all."""


def compile_feeds(
    site: Site, settings: FeedsSettings, selections: Sequence[Selection], entries: Mapping[str, Entry]
) -> tuple[Feed, ...]:
    """Every feed with its entries, in the order of the selections."""
    return tuple(
        replace(
            compile_feed(site, selection, entries, settings.content),
            hub=settings.hub,
            archives=len(archived(selection, settings.archive)),
        )
        for selection in selections
    )


def feed_outputs(
    site: Site,
    settings: FeedsSettings,
    selections: Sequence[Selection],
    feeds: Sequence[Feed],
    entries: Mapping[str, Entry],
    report: Report,
    index: Index | None = None,
) -> tuple[Output, ...]:
    """The files of every feed.

    Args:
        site: what they are feeds of.
        settings: their formats, what they carry, other paths of the first, and how large they may be.
        selections: the feeds before they were compiled; the first is the site's own.
        feeds: the same, compiled.
        entries: every entry by its post's id.
        report: told of feeds that are too large.
        index: what the last build made.
    """
    outputs: list[Output] = []
    for selection, feed in zip(selections, feeds, strict=True):
        outputs += _feed_files(site, settings, selection, feed, entries, index)
    for output in outputs:
        check_size(output, settings.max_kilobytes * 1000, report)
    return tuple(outputs)


def list_feeds(site: Site, settings: FeedsSettings, feeds: Sequence[Feed]) -> tuple[Listed, ...]:
    """Every feed with its address in each format."""
    formats = [FORMATS[name] for name in settings.formats]
    return tuple(Listed(feed, tuple(_address(site, feed, form) for form in formats)) for feed in feeds)


def listing_outputs(
    site: Site,
    settings: Settings,
    feeds: Sequence[Feed],
    newsletter: NewsletterLink | None,
    index: Index | None = None,
) -> Iterator[Output]:
    """What leads people and programs to the feeds: a page, an OPML file, and the style that browsers need.

    Args:
        site: what they are feeds of.
        settings: their formats, and where the user's templates lie.
        feeds: every feed, the site's own first.
        newsletter: the newsletter, if there is one.
        index: what the last build made.
    """
    formats = [FORMATS[name] for name in settings.feeds.formats]
    if not formats:
        return
    listed = list_feeds(site, settings.feeds, feeds)
    folder = settings.newsletter.templates
    yield render_subscribe(site, folder, listed, newsletter, words(site.language), index)
    issues = (newsletter.feed.feed,) if newsletter and newsletter.feed else ()
    yield _opml_output(site, (*feeds, *issues), formats[0], index)
    if any(form.name in _ARCHIVED for form in formats):
        yield _style_output(Templates(site.root, folder, {}))


def _address(site: Site, feed: Feed, form: Format) -> Address:
    return Address(_FORMAT_NAMES[form.name], form.media_type, feed_url(site, feed, form))


def _opml_output(site: Site, feeds: Sequence[Feed], form: Format, index: Index | None) -> Output:
    def render() -> bytes:
        return render_opml(site, feeds, form)

    if index is None:
        return Output(OPML, render())
    about = [(feed.title, feed.description, feed.language, feed.home_url, feed.updated) for feed in feeds]
    urls = [feed_url(site, feed, form) for feed in feeds]
    key = f"opml-{digest([program_version(), site.title, about, urls])}"
    return Output(OPML, index.file(key, site.output / OPML, render))


def _style_output(templates: Templates) -> Output:
    """The style sheet with which browsers show feeds: the bundled one, then the user's of that name."""
    return Output(STYLE, "".join(text for _, text in templates.texts(STYLE)).encode())


def _feed_files(
    site: Site,
    settings: FeedsSettings,
    selection: Selection,
    feed: Feed,
    entries: Mapping[str, Entry],
    index: Index | None,
) -> Iterator[Output]:
    """One feed in every format, with its archive documents, and the site's own under its old paths too."""
    older = archived(selection, settings.archive)
    yield from feed_files(site, feed, settings.formats, index)
    for name in (name for name in settings.formats if name in _ARCHIVED):
        for number, posts in enumerate(older, 1):
            page = compile_feed(site, replace(selection, posts=posts), entries, settings.content)
            yield from feed_files(site, replace(page, archive=number), [name], index)
    for alias in settings.aliases if not selection.folder else ():
        name, _, path = alias.partition(":")
        yield from feed_files(site, replace(feed, path=path), [name], index)


def check_size(output: Output, limit: int, report: Report) -> None:
    """Report a feed's file of more bytes than the limit (0: there is none), or than many readers like."""
    size = len(output.data)
    message = f"{output.path} has {size / 1000:,.1f} kB with {output.entries} entries"
    help = "carry fewer posts (limit under [feeds]), or excerpts instead of their full text (content)"
    if limit and size > limit:
        message = f"{message}; the limit is {limit / 1000:,.0f} kB"
        help = f"{help}; or allow it (max_kilobytes)"
        report(Finding(Severity.ERROR, "feed-too-large", message, help=help))
    elif size > LARGE:
        message = f"{message}; many readers fetch a feed over {LARGE / 1000:,.0f} kB seldom"
        report(Finding(Severity.WARNING, "large-feed", message, help=help))


def report_clashes(outputs: Sequence[Output], report: Report) -> None:
    """Files of which a disk would hold only one: two at one path, or one where another's folder must be."""
    names = [unicodedata.normalize("NFC", output.path).casefold() for output in outputs]
    folders = {parent.as_posix() for name in names for parent in PurePosixPath(name).parents}
    seen: set[str] = set()
    for output, name in zip(outputs, names, strict=True):
        if name in seen or name in folders:
            message = f"two files have the path {output.path}"
            if name in folders:
                message = f"the file {output.path} would stand where a folder of feeds is"
            help = "give one another path, under [[feed]] or in aliases"
            report(Finding(Severity.ERROR, "same-path", message, help=help))
        seen.add(name)
