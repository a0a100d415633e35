"""The rules by which Pelican makes articles of files (`pelican.contents`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from feeds.config import Settings
from feeds.data import is_null, scalars
from feeds.errors import FeedsError, Location
from feeds.generators import overrides
from feeds.generators.pelican.addresses import Piece, absolute, check_file, fill
from feeds.generators.pelican.dates import parse_date
from feeds.generators.pelican.matter import Matters
from feeds.generators.pelican.settings import PelicanConfig
from feeds.generators.pelican.slugs import SlugRules, plain_title, slugify
from feeds.generators.rules import Dates, Rules, dates_of, excerpting_of, stem_of
from feeds.generators.values import line, warn
from feeds.model import Author, Excerpting, Fields, Naming, Reading, Report, Scalar, Source, Value

STATUSES = ("published", "draft", "hidden", "skip")


@dataclass(frozen=True, slots=True)
class Articles:
    """What a site's articles share; `url` ends with `/`, `language` is DEFAULT_LANG in lower case."""

    config: PelicanConfig
    settings: Settings
    matters: Matters
    url: str
    language: str
    author: str
    titles: SlugRules
    names: Mapping[str, SlugRules]
    report: Report

    # --- what is published --------------------------------------------------------------------------------

    def status(self, source: Source) -> str:
        """Why a complete article is not published: its status, or what it lacks, which Pelican only logs."""
        fields = source.fields
        status = status_of(fields)
        if status in ("draft", "hidden", "skip"):
            return status
        at, help = fields.at("status"), "write published, draft, hidden or skip"
        if status != "published":
            warn(self.report, "status", f"Pelican does not know the status {status!r}", at, help)
            return "unpublished"
        if "title" not in fields:
            help = "begin the file with a line Title: …"
            message = "the post has no title, and Pelican does not publish it"
            warn(self.report, "title", message, Location(fields.path, 1), help)
            return "unpublished"
        if not self.is_dated(fields):
            help = "write Date: 2026-11-22 into its header"
            message = "the post has no date, and Pelican does not publish it"
            warn(self.report, "no-date", message, Location(fields.path, 1), help)
            return "unpublished"
        return ""

    def is_dated(self, fields: Fields) -> bool:
        """Whether a date may be found: in the file, by its time, or where the settings look for it."""
        keys = overrides.own_keys(self.settings.generator.date, ("date",))
        elsewhere = self.config.get("DEFAULT_DATE") == "fs" or bool(self.settings.posts.dates)
        return elsewhere or any(not is_null(fields.values.get(key)) for key in keys)

    # --- how they are named -------------------------------------------------------------------------------

    def language_of(self, fields: Fields) -> str:
        """The language as written, else the site's."""
        return text_of(fields, "lang") or self.language

    def heading(self, fields: Fields, path: str) -> str:
        """What the slug is made of where none is given."""
        source = self.config.text("SLUGIFY_SOURCE")
        if source == "basename":
            return stem_of(path)
        return text_of(fields, "title") if source == "title" else ""

    def slug(self, fields: Fields, path: str) -> str:
        """The slug: as given, else made."""
        return text_of(fields, "slug").strip() or slugify(self.heading(fields, path), self.titles)[0]

    def pieces(self, fields: Fields, path: str, slug: str, date: dt.datetime | None) -> dict[str, Piece]:
        """What the addresses of a file can be made of."""
        known: dict[str, Piece] = {key: str(v) for key, v in fields.values.items() if isinstance(v, Scalar)}
        if date is None:
            known.pop("date", None)
        else:
            known["date"] = date
        people = self.people(fields)
        author = text_of(fields, "author") or (people[0] if people else "")
        return known | {
            "path": text_of(fields, "path") or path,
            "slug": slug,
            "lang": self.language_of(fields),
            "author": self.name_slug("AUTHOR", author),
            "category": self.name_slug("CATEGORY", text_of(fields, "category")),
        }

    def name_slug(self, kind: str, name: str) -> str:
        """The slug of the name of a category, a tag or an author."""
        return slugify(name, self.names[kind])[0] if name else ""

    def pattern(self, kind: str, fields: Fields, what: str) -> str:
        """The pattern of an address or file, of an article or page (`kind`), in its language."""
        translated = "" if self.language_of(fields) == self.language else "LANG_"
        if status_of(fields) == "draft":
            kind = "DRAFT" if kind == "ARTICLE" else f"DRAFT_{kind}"
        return self.config.text(f"{kind}_{translated}{what}")

    def file(self, fields: Fields, path: str, date: dt.datetime | None) -> str:
        """The path of the page's file below the output."""
        given = text_of(fields, "save_as")
        if "save_as" in fields:
            return given
        slug = self.slug(fields, path)
        return fill(self.pattern("ARTICLE", fields, "SAVE_AS"), self.pieces(fields, path, slug, date))

    def address(self, source: Source, naming: Naming) -> str:
        """The absolute address of an article."""
        fields = source.fields
        check_file(self.file(fields, source.path, naming.date) or "index.html")
        if "url" in fields:
            return absolute(text_of(fields, "url"), self.url, whole=True)
        slug = naming.slug or slugify(naming.heading, self.titles)[0]
        pattern = self.pattern("ARTICLE", fields, "URL")
        self._tell_unsure(fields, naming, pattern)
        return absolute(fill(pattern, self.pieces(fields, source.path, slug, naming.date)), self.url)

    def _tell_unsure(self, fields: Fields, naming: Naming, pattern: str) -> None:
        """Say which letters of an address are not known for sure."""
        if "{slug" in pattern and not naming.slug:
            unsure, key = slugify(naming.heading, self.titles)[1], "title"
        elif "{category" in pattern:
            unsure, key = slugify(text_of(fields, "category"), self.names["CATEGORY"])[1], "category"
        else:
            return
        if unsure:
            message = f"how Pelican spells {unsure} in an address is not known for sure"
            warn(self.report, "slug", message, fields.at(key), "write Slug: … into the header")

    # --- what they say ------------------------------------------------------------------------------------

    def people(self, fields: Fields) -> tuple[str, ...]:
        """The names of the authors: `authors`, else `author`, else AUTHOR."""
        if "authors" in fields:
            return split_list(fields.values["authors"])
        given = text_of(fields, "author").strip()
        return (given,) if given else (self.author,) if self.author else ()

    def title(self, source: Source, reading: Reading) -> str:
        """The title without its markup."""
        if title := line(plain_title(text_of(source.fields, "title"))):
            return title
        name, at = stem_of(source.path), source.fields.at("title")
        warn(reading.report, "title", f"the title is empty, {name!r} is shown", at, "write Title: …")
        return name

    def date(self, value: Value, source: Source, reading: Reading) -> dt.datetime:
        """A date in the zone that the post names, else the site's."""
        is_date = value is source.fields.values.get("date")
        return self._parsed(value, source.fields, is_date, reading.zone, reading.time)

    def dates(self, read: Callable[[Source, Reading], Dates], source: Source, reading: Reading) -> Dates:
        """The dates of an article; what its file's name has for one must be one, whatever the header says."""
        self.check_name(source.path, source.fields)
        return read(source, reading)

    def check_name(self, path: str, fields: Fields) -> None:
        """Read the dates in a file's name and path.

        Raises:
            FeedsError: they are none, for which Pelican leaves the file out.
        """
        named = Fields(fields.path, self.matters.of_name(path))
        for key in ("date", "modified"):
            try:
                self.dated(named, key)
            except FeedsError as error:
                message = f"the {key} in the file's name: {error.message}"
                raise FeedsError(message, Location(fields.path), "rename the file", rule="date") from None

    def dated(self, fields: Fields, key: str) -> dt.datetime | None:
        """The date that a key holds, as it is written, whatever its zone; None where it is missing."""
        value = fields.values.get(key)
        return None if value is None else self._parsed(value, fields, key == "date", dt.UTC, dt.time())

    def _parsed(
        self, value: Value, fields: Fields, is_date: bool, zone: dt.tzinfo, time: dt.time
    ) -> dt.datetime:
        if "timezone" in fields:
            zone = _zone(text_of(fields, "timezone"), fields)
        if is_date and isinstance(value, Scalar) and "_" in value:
            value = Scalar(value.replace("_", " "), line=value.line, column=value.column)
        return parse_date(value, fields, zone=zone, time=time)

    def rules(self, excerpting: Excerpting) -> Rules:
        """The rules that articles are read by, their fields merged already."""
        keys = self.settings.generator
        read = dates_of(
            overrides.own_keys(keys.date, ("date",)),
            overrides.own_keys(keys.updated, ("modified",)),
            parse=self.date,
            otherwise=_undated,
        )
        return Rules(
            url=self.url,
            language=self.settings.site.language or self.language.replace("_", "-"),
            permalink=overrides.own_permalink(
                self.settings,
                self.address,
                home="",
                slugify=lambda text: slugify(text, self.titles)[0],
                names=partial(self.name_slug, "CATEGORY"),
            ),
            dates=partial(self.dates, read),
            title=self.title,
            categories=lambda source, reading: _one(line(text_of(source.fields, "category"))),
            tags=lambda source, reading: tuple(
                dict.fromkeys(line(name) for name in split_list(source.fields.values.get("tags")))
            ),
            authors=lambda source, reading: tuple(Author(line(name)) for name in self.people(source.fields)),
            slug=lambda source: text_of(source.fields, "slug").strip(),
            heading=lambda source: self.heading(source.fields, source.path),
            excerpting=excerpting_of(excerpting, "summary"),
        )


def status_of(fields: Fields) -> str:
    """The status in lower case; that of a post which names none is `published`."""
    return text_of(fields, "status").strip().lower() or STATUSES[0]


def text_of(fields: Fields, key: str) -> str:
    """A text as written; "" where there is none."""
    value = fields.values.get(key)
    return str(value) if isinstance(value, Scalar) and not is_null(value) else ""


def split_list(value: Value | None) -> tuple[str, ...]:
    """Tags or authors of one text: between semicolons where it holds any, else between commas."""
    if value is None:
        return ()
    if isinstance(value, Scalar):
        parts = value.split(";" if ";" in value else ",")
    else:
        parts = [str(item) for item in scalars(value)]
    return tuple(dict.fromkeys(part for part in map(str.strip, parts) if part))


def _one(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


def _undated(source: Source, reading: Reading) -> dt.datetime:
    raise FeedsError(
        "the post has no date; Pelican takes the file's time (DEFAULT_DATE = 'fs'), which differs from one "
        "machine to another",
        Location(source.fields.path, 1),
        'write Date: 2026-11-22 into its header, or dates = "git" under [posts] in feeds.toml',
        rule="no-date",
    )


def _zone(name: str, fields: Fields) -> dt.tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        at, help = fields.at("timezone"), "write it as Europe/Berlin"
        raise FeedsError(f"{name!r} is no time zone", at, help, rule="time-zone") from None
