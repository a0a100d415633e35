"""Front matter as Material's blog plugin has it; a folder without a generator shares that, less strictly."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from feeds.data import is_null, place, scalars
from feeds.errors import FeedsError, Location
from feeds.generators.dates import parse_date
from feeds.generators.rules import Dates, Rules, no_date
from feeds.generators.values import flag, line, people, turned, warn
from feeds.model import Author, Excerpting, Fields, Naming, Reading, Report, Scalar, Source, Value

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
            dates=lambda source, reading: _dates(source, self, reading),
            title=lambda source, reading: _title(source, self, reading),
            categories=lambda source, reading: _names(source, "categories", self.strict, reading.report),
            tags=lambda source, reading: _names(source, "tags", False, reading.report),
            authors=lambda source, reading: _authors(source, self, reading.report),
            slug=lambda source: _slug(source, self),
            heading=_slug_heading,
            excerpting=lambda source: self.excerpting,
            stem=stem_of,
        )


def stem_of(path: str) -> str:
    """A file's name without its ending, `README` being `index`, as MkDocs has it."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
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


def _dates(source: Source, own: Conventions, reading: Reading) -> Dates:
    fields = source.fields
    value = fields.values.get("date")
    history = reading.history(source)
    if value is None or is_null(value):
        if history and history.created and not own.strict:
            return Dates(history.created, history.updated)
        raise no_date(source, uncommitted=history is not None and not own.strict)

    def parse(given: Value) -> dt.datetime:
        return parse_date(given, fields, zone=reading.zone, default_time=reading.time, strict=own.strict)

    later = history.updated if history else None
    nested = value if isinstance(value, dict) else {"created": value}
    if is_null(nested.get("created")):
        raise FeedsError("date has no created: in it", fields.at("date"), rule="no-date")
    changed = nested.get("updated") if nested is value or own.strict else fields.values.get("updated")
    return Dates(parse(nested["created"]), later if changed is None or is_null(changed) else parse(changed))


def _title(source: Source, own: Conventions, reading: Reading) -> str:
    fields = source.fields
    if "title" not in fields:
        return reading.heading(source) or name_as_title(source.path)
    value = fields.values["title"]
    refused = own.strict and "slug" not in fields  # an address cannot be made of a number
    if not isinstance(value, Scalar) or is_null(value) or (refused and value.kind != "str"):
        raise FeedsError(
            "the title is no text", fields.at("title"), 'put it in quotes: title: "…"', rule="title"
        )
    if title := line(value):
        return title
    title = reading.heading(source) or name_as_title(source.path)
    warn(reading.report, "title", f"the title is empty, {title!r} is shown", fields.at("title"))
    return title


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


def _slug(source: Source, own: Conventions) -> str:
    value = source.fields.values.get("slug")
    if value is None or is_null(value):
        return ""
    if not isinstance(value, Scalar) or (own.strict and value.kind != "str"):
        raise FeedsError(
            "the slug is no text", source.fields.at("slug"), 'put it in quotes: slug: "…"', rule="slug"
        )
    return str(value)


def _names(source: Source, key: str, strict: bool, report: Report) -> tuple[str, ...]:
    """The texts of a list, each once, in its order.

    A strict reader takes them as written, as slugs are made of them; a lenient one takes a single text or a
    nested list too.
    """
    fields = source.fields
    value = fields.values.get(key)
    if value is None or is_null(value):
        return ()
    wanted = f"{key} must be a list of texts"
    plain = isinstance(value, list) and all(isinstance(item, Scalar) for item in value)
    if isinstance(value, dict) or (strict and not plain):
        help = f"write {key}: [one, two], or each on a line with a dash"
        raise FeedsError(wanted, _place(value, key, fields), help, rule=key)
    found = []
    for item in scalars(value):
        if strict and item.kind != "str":
            message, help = f"{wanted}, {str(item)!r} is none", f'put it in quotes: "{item}"'
            raise FeedsError(message, place(item, fields.path), help, rule=key)
        name = turned(item) if strict else line(item)
        if name.strip() and item.kind != "null":
            found.append(name)
    if isinstance(value, list) and not plain:
        warn(report, key, f"{wanted}; the lists inside it are taken as one", _place(value, key, fields))
    return tuple(dict.fromkeys(found))


def _place(value: Value, key: str, fields: Fields) -> Location:
    """Where a value stands, or else its key."""
    at = place(value, fields.path)
    return at if at.line else fields.at(key)


def _authors(source: Source, own: Conventions, report: Report) -> tuple[Author, ...]:
    """The authors, by id or as written out; `author` is read where `authors` is missing."""
    fields = source.fields
    if own.strict and not own.names_authors:
        return ()
    key = "authors" if own.strict or "authors" in fields else "author"
    value = fields.values.get(key)
    if value is None or is_null(value):
        return ()
    if own.strict:
        return tuple(_known_author(name, source, own) for name in _names(source, key, True, report))
    return people(value, source, known=own.authors, base=own.url, report=report)


def _known_author(name: str, source: Source, own: Conventions) -> Author:
    if author := own.authors.get(name):
        return author
    from difflib import get_close_matches

    close = get_close_matches(name, own.authors, 1)
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
    first = body.lstrip().split("\n", 1)[0].strip()
    return first.lstrip(_HEADING_MARK) if first.startswith(_HEADING_MARK) else None
