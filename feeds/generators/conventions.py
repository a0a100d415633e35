"""Front matter as Material's blog plugin has it; a folder without a generator shares that, less strictly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from feeds.data import is_null, place
from feeds.errors import FeedsError, Location
from feeds.generators import rules
from feeds.generators.dates import parse_date
from feeds.generators.rules import Dates, Rules, no_date
from feeds.generators.values import distinct, flag, flat, line, people, turned, warn
from feeds.model import Author, Excerpting, Fields, Naming, Reading, Report, Scalar, Source, Value

_FIRST_LINE = re.compile(r"\s*([^\n]*)")
_HEADING_MARK = "# "


@dataclass(frozen=True, slots=True)
class Conventions:
    """What one blog makes of the conventions.

    `permalink` gives the path of a post below the site's URL, percent-encoded. `strict` tells whether front
    matter is refused that YAML does not type as Material wants it; `names_authors` whether authors must stand
    in the authors' file.
    """

    url: str
    language: str
    authors: Mapping[str, Author]
    permalink: Callable[[Naming], str]
    excerpting: Excerpting = field(default_factory=Excerpting)
    strict: bool = False
    names_authors: bool = False

    def rules(self) -> Rules:
        """The rules that posts are read by."""
        return Rules(
            url=self.url,
            language=self.language,
            permalink=lambda source, naming: self.permalink(naming),
            dates=self._dates,
            title=self._title,
            categories=lambda source, reading: _names(source, "categories", self.strict, reading.report),
            tags=lambda source, reading: _names(source, "tags", False, reading.report),
            authors=self._authors,
            slug=self._slug,
            heading=_slug_heading,
            excerpting=lambda source: self.excerpting,
            stem=stem_of,
        )

    def _dates(self, source: Source, reading: Reading) -> Dates:
        fields = source.fields
        value = fields.values.get("date")
        history = reading.history(source)
        if value is None or is_null(value):
            if history and history.created and not self.strict:
                return Dates(history.created, history.updated)
            raise no_date(source, uncommitted=history is not None and not self.strict)
        if isinstance(value, dict):
            created, changed = value.get("created"), value.get("updated")
            if created is None or is_null(created):
                raise FeedsError("date has no created: in it", fields.at("date"), rule="no-date")
        else:
            created, changed = value, None if self.strict else fields.values.get("updated")
        published = self._date(created, fields, reading)
        if changed is None or is_null(changed):
            return Dates(published, history.updated if history else None)
        return Dates(published, self._date(changed, fields, reading))

    def _date(self, value: Value, fields: Fields, reading: Reading) -> dt.datetime:
        return parse_date(value, fields, zone=reading.zone, default_time=reading.time, strict=self.strict)

    def _title(self, source: Source, reading: Reading) -> str:
        fields = source.fields
        if "title" not in fields:
            return reading.heading(source) or name_as_title(source.path)
        value = fields.values["title"]
        refused = self.strict and "slug" not in fields  # an address cannot be made of a number
        if not isinstance(value, Scalar) or is_null(value) or (refused and value.kind != "str"):
            raise FeedsError(
                "the title is no text", fields.at("title"), 'put it in quotes: title: "…"', rule="title"
            )
        if title := line(value):
            return title
        title = reading.heading(source) or name_as_title(source.path)
        warn(reading.report, "title", f"the title is empty, {title!r} is shown", fields.at("title"))
        return title

    def _slug(self, source: Source) -> str:
        value = source.fields.values.get("slug")
        if value is None or is_null(value):
            return ""
        if not isinstance(value, Scalar) or (self.strict and value.kind != "str"):
            raise FeedsError(
                "the slug is no text", source.fields.at("slug"), 'put it in quotes: slug: "…"', rule="slug"
            )
        return str(value)

    def _authors(self, source: Source, reading: Reading) -> tuple[Author, ...]:
        """The authors, by id or as written out; `author` is read where `authors` is missing."""
        fields = source.fields
        if self.strict and not self.names_authors:
            return ()
        key = "authors" if self.strict or "authors" in fields else "author"
        value = fields.values.get(key)
        if value is None or is_null(value):
            return ()
        if self.strict:
            return tuple(
                _known_author(name, source, self.authors)
                for name in _names(source, key, True, reading.report)
            )
        return people(value, source, known=self.authors, base=self.url, report=reading.report)


def stem_of(path: str) -> str:
    """A file's name without its ending, `README` being `index`, as MkDocs has it."""
    stem = rules.stem_of(path)
    return "index" if stem == "README" else stem


def is_draft(source: Source, strict: bool) -> bool:
    """Whether the author marked the post as a draft; where the generator is lenient, quotes do not matter.

    Raises:
        FeedsError: `draft` is neither true nor false: guessing could publish what is not to be seen.
    """
    if is_null(source.fields.values.get("draft")):
        return False
    found = flag(source.fields, "draft", words=not strict)
    if found is not None:
        return found
    raise FeedsError("draft must be true or false, without quotes", source.fields.at("draft"), rule="draft")


def name_as_title(path: str) -> str:
    """A title from the file's name, as MkDocs makes it (`mkdocs.structure.pages.Page.title`)."""
    title = stem_of(path).replace("-", " ").replace("_", " ")
    return title.capitalize() if title.lower() == title else title


def _slug_heading(source: Source) -> str:
    """What MkDocs takes for the title when it makes the address, before anything is rendered."""
    title = source.fields.values.get("title")
    if isinstance(title, Scalar):
        return str(title)
    heading = markdown_heading(source.body)
    return name_as_title(source.path) if heading is None else heading


def _names(source: Source, key: str, strict: bool, report: Report) -> tuple[str, ...]:
    """The texts of a list, each once, in its order.

    A strict reader takes them as written, as slugs are made of them; a lenient one takes a single text or a
    nested list too.
    """
    fields = source.fields
    value = fields.values.get(key)
    if value is None or is_null(value):
        return ()
    items = flat(value)
    if isinstance(value, dict) or (strict and items is not value):
        help = f"write {key}: [one, two], or each on a line with a dash"
        raise FeedsError(f"{key} must be a list of texts", _place(value, key, fields), help, rule=key)
    if not strict:
        if isinstance(value, list) and items is not value:
            message = f"{key} must be a list of texts; the lists inside it are taken as one"
            warn(report, key, message, _place(value, key, fields))
        return distinct([item for item in items if item.kind != "null"])
    for item in items:
        if item.kind != "str":
            message, help = (
                f"{key} must be a list of texts, {str(item)!r} is none",
                f'put it in quotes: "{item}"',
            )
            raise FeedsError(message, place(item, fields.path), help, rule=key)
    return tuple(dict.fromkeys([name for name in map(turned, items) if name.strip()]))


def _place(value: Value, key: str, fields: Fields) -> Location:
    """Where a value stands, or else its key."""
    at = place(value, fields.path)
    return at if at.line else fields.at(key)


def _known_author(name: str, source: Source, authors: Mapping[str, Author]) -> Author:
    if author := authors.get(name):
        return author
    from difflib import get_close_matches

    close = get_close_matches(name, authors, 1)
    raise FeedsError(
        f"the author {name!r} is not in the authors' file",
        source.fields.at("authors"),
        f"did you mean {close[0]!r}?" if close else "add them to .authors.yml",
        rule="author",
    )


def markdown_heading(body: str) -> str | None:
    """The heading that MkDocs makes an address of, before anything is rendered; None without one.

    It is Markdown still: `{#id}` and closing `#` stay (`mkdocs.utils.get_markdown_title`).
    """
    found = _FIRST_LINE.match(body)
    first = found[1].strip() if found else ""
    return first.lstrip(_HEADING_MARK) if first.startswith(_HEADING_MARK) else None
