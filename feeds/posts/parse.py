"""A Markdown file's front matter as a post's metadata."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from feeds.data import as_bool, is_null, place, scalars
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.generators.base import web_address
from feeds.model import Author, Blog, Naming, Post, Report, Scalar, Site, Source, Value
from feeds.posts.dates import parse_date
from feeds.posts.load import stem_of
from feeds.posts.titles import markdown_heading_for_slug

MAX_CATEGORIES = 200
"""Categories of one post, each of which makes feeds that name all the others."""

_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_TRUE_WORDS = frozenset({"true", "yes", "on", "1"})
_FALSE_WORDS = frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How posts are read: `heading` gives a text's own title; `zone` and `time` complete dates."""

    site: Site
    heading: Callable[[Source], str | None]
    zone: dt.tzinfo
    time: dt.time
    report: Report


def is_draft(source: Source, blog: Blog) -> bool:
    """Whether the author marked the post as a draft; where the generator is lenient, quotes do not matter.

    Raises:
        FeedsError: `draft` is neither true nor false: guessing could publish what is not to be seen.
    """
    value = source.fields.values.get("draft")
    if is_null(value):
        return False
    found = as_bool(value) if value is not None else None
    if found is not None:
        return found
    word = value.strip().lower() if isinstance(value, Scalar) and not blog.strict else ""
    if word in _TRUE_WORDS or word in _FALSE_WORDS:
        return word in _TRUE_WORDS
    raise FeedsError("draft must be true or false, without quotes", source.fields.at("draft"), rule="draft")


def parse_post(source: Source, blog: Blog, reading: Reading) -> Post:
    """The metadata of a post; its image still as written.

    Raises:
        FeedsError: the date or the title is missing, or a key holds what cannot be understood.
    """
    site, fields = reading.site, source.fields
    published, updated = _dates(source, blog, reading)
    categories = _categories(source, blog, reading.report)
    title = _title(source, blog, reading)
    naming = Naming(
        stem=stem_of(source.path),
        slug=_slug(source, blog),
        heading=_slug_heading(source),
        date=published,
        categories=categories,
    )
    try:
        url = site.url + blog.permalink(naming)
    except FeedsError as error:
        raise FeedsError(error.message, error.at or fields.at("slug"), error.help, rule=error.rule) from None
    return Post(
        id=_id(source, reading.report) or url,
        url=url,
        title=title,
        published=published,
        updated=max(published, updated),
        authors=_authors(source, blog, site.url, reading.report),
        categories=categories,
        tags=_names(source, "tags", False, reading.report),
        language=_language(source, reading.report) or site.language,
        description=_text(source, "description"),
        image=_text(source, "image"),
        pinned=as_bool(fields.values.get("pin", Scalar("", "null"))) is True,
        source=source,
    )


def _dates(source: Source, blog: Blog, reading: Reading) -> tuple[dt.datetime, dt.datetime]:
    fields = source.fields
    value = fields.values.get("date")
    if value is None or is_null(value):
        raise FeedsError(
            "the post has no date",
            fields.at("date") if "date" in fields else Location(fields.path, 1),
            "write date: 2026-11-22 into its front matter",
            rule="no-date",
        )

    def parse(given: Value) -> dt.datetime:
        return parse_date(given, fields, zone=reading.zone, default_time=reading.time, strict=blog.strict)

    if not isinstance(value, dict):
        published = parse(value)
        later = None if blog.strict else fields.values.get("updated")
        return published, parse(later) if later is not None and not is_null(later) else published
    created = value.get("created")
    if created is None or is_null(created):
        raise FeedsError("date has no created: in it", fields.at("date"), rule="no-date")
    published, updated = parse(created), value.get("updated")
    return published, parse(updated) if updated is not None and not is_null(updated) else published


def _title(source: Source, blog: Blog, reading: Reading) -> str:
    fields = source.fields
    if "title" not in fields:
        return reading.heading(source) or name_as_title(source.path)
    value = fields.values["title"]
    refused = blog.strict and "slug" not in fields  # an address cannot be made of a number
    if not isinstance(value, Scalar) or is_null(value) or (refused and value.kind != "str"):
        raise FeedsError(
            "the title is no text", fields.at("title"), 'put it in quotes: title: "…"', rule="title"
        )
    if title := _line(value):
        return title
    title = reading.heading(source) or name_as_title(source.path)
    _warn(reading.report, "title", f"the title is empty, {title!r} is shown", fields.at("title"))
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
    heading = markdown_heading_for_slug(source.body)
    return name_as_title(source.path) if heading is None else heading


def _slug(source: Source, blog: Blog) -> str:
    value = source.fields.values.get("slug")
    if value is None or is_null(value):
        return ""
    if not isinstance(value, Scalar) or (blog.strict and value.kind != "str"):
        raise FeedsError(
            "the slug is no text", source.fields.at("slug"), 'put it in quotes: slug: "…"', rule="slug"
        )
    return str(value)


def _categories(source: Source, blog: Blog, report: Report) -> tuple[str, ...]:
    found = _names(source, "categories", blog.strict, report)
    if len(found) > MAX_CATEGORIES:
        raise FeedsError(
            f"the post has {len(found):,} categories; the limit is {MAX_CATEGORIES}",
            source.fields.at("categories"),
            "each has three feeds of its own; make tags of most of them",
            rule="limit-categories",
        )
    return found


def _names(source: Source, key: str, strict: bool, report: Report) -> tuple[str, ...]:
    """The texts of a list, each once, in its order.

    A strict reader takes them as written, as slugs are made of them; a lenient one takes a single text or a
    nested list too.
    """
    value = source.fields.values.get(key)
    if value is None or is_null(value):
        return ()
    at = place(value, source.fields.path)
    at = at if at.line else source.fields.at(key)
    wanted = f"{key} must be a list of texts"
    plain = isinstance(value, list) and all(isinstance(item, Scalar) for item in value)
    if isinstance(value, dict) or (strict and not plain):
        raise FeedsError(wanted, at, f"write {key}: [one, two], or each on a line with a dash", rule=key)
    found = []
    for item in scalars(value):
        if strict and item.kind != "str":
            message, help = f"{wanted}, {str(item)!r} is none", f'put it in quotes: "{item}"'
            raise FeedsError(message, place(item, at.path), help, rule=key)
        name = item.translate(_TURNING) if strict else _line(item)
        if name.strip() and item.kind != "null":
            found.append(name)
    if isinstance(value, list) and not plain:
        _warn(report, key, f"{wanted}; the lists inside it are taken as one", at)
    return tuple(dict.fromkeys(found))


def _authors(source: Source, blog: Blog, base: str, report: Report) -> tuple[Author, ...]:
    """The authors, by id or as written out; `author` is read where `authors` is missing."""
    fields = source.fields
    if blog.strict and not blog.names_authors:
        return ()
    key = "authors" if blog.strict or "authors" in fields else "author"
    value = fields.values.get(key)
    if value is None or is_null(value):
        return ()
    if blog.strict:
        names = _names(source, key, True, report)
        return tuple(_known_author(name, source, blog) for name in names)
    given = [item for item in _items(value) if not is_null(item)]
    authors = tuple(_any_author(item, source, blog, base, report) for item in given)
    return tuple(dict.fromkeys(author for author in authors if author.name))


def _known_author(name: str, source: Source, blog: Blog) -> Author:
    if author := blog.authors.get(name):
        return author
    from difflib import get_close_matches

    close = get_close_matches(name, blog.authors, 1)
    raise FeedsError(
        f"the author {name!r} is not in the authors' file",
        source.fields.at("authors"),
        f"did you mean {close[0]!r}?" if close else "add them to .authors.yml",
        rule="author",
    )


def _any_author(value: Value, source: Source, blog: Blog, base: str, report: Report) -> Author:
    if isinstance(value, dict):
        given = {
            key: _line(item) for key, item in value.items() if isinstance(item, Scalar) and not is_null(item)
        }
        return Author(
            given.get("name", ""),
            url=web_address(given.get("url", ""), base),
            email=given.get("email", ""),
            id=given.get("id", ""),
        )
    name = _line(next(scalars(value), Scalar("")))
    if name in blog.authors:
        return blog.authors[name]
    if name and blog.authors:
        at = place(value, source.fields.path)
        _warn(report, "author", f"the author {name!r} is not in the authors' file; shown as written", at)
    return Author(name)


def _items(value: Value) -> Iterator[Value]:
    if isinstance(value, list):
        for item in value:
            yield from _items(item)
    else:
        yield value


def _id(source: Source, report: Report) -> str:
    """An id of the author's own: a URI, or a UUID, which becomes one (RFC 4287, section 4.2.6)."""
    for key in ("id", "guid"):
        value = source.fields.values.get(key)
        if isinstance(value, Scalar) and not is_null(value):
            text = value.strip()
            if _UUID.fullmatch(text):
                return f"urn:uuid:{text.lower()}"
            if _URI.fullmatch(text):
                return text
            at = source.fields.at(key)
            _warn(report, "id", f"{key} {text!r} is no URI; the address is the id", at)
    return ""


def _language(source: Source, report: Report) -> str:
    for key in ("lang", "language"):
        value = source.fields.values.get(key)
        if isinstance(value, Scalar) and not is_null(value):
            tag = value.strip().replace("_", "-")
            if _LANGUAGE.fullmatch(tag):
                return tag
            _warn(report, "language", f"{str(value)!r} is no language tag", source.fields.at(key))
    return ""


def _text(source: Source, key: str) -> str:
    value = source.fields.values.get(key)
    return _line(value) if isinstance(value, Scalar) and not is_null(value) else ""


def _line(text: str) -> str:
    """The text on one line, without characters that would turn round whatever stands after it."""
    return " ".join(text.translate(_TURNING).split())


def _warn(report: Report, rule: str, message: str, at: Location) -> None:
    report(Finding(Severity.WARNING, rule, message, at))
