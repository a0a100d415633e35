"""What Jekyll makes of a post's front matter: `Jekyll::Document`, part by part."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from feeds.data import is_null, scalars
from feeds.errors import FeedsError
from feeds.generators.dates import at_time
from feeds.generators.jekyll.config import Defaults, merge
from feeds.generators.jekyll.dates import parse_text, parse_value
from feeds.generators.jekyll.files import DRAFTS, FileName, Files, parse_name
from feeds.generators.jekyll.permalinks import date_values, encoded, fill, name_values, titleize
from feeds.generators.jekyll.values import flat, native, text_of, truth, written
from feeds.generators.rules import Dates, Rules, no_date
from feeds.generators.values import line, people, warn
from feeds.model import Author, Excerpting, Fields, Naming, Reading, Scalar, Source, Value

_HEADING = re.compile(r"\s*#{1,3}[ \t]+(.*)|\s*(.*)\n[-=]+[ \t]*(?:\n|\Z)")
_MARKUP = re.compile(r"\[\^[^\]]*\]|<[^<>]*>|[*_`]+|!?\[|\]\([^()]*\)|\]")
_CATEGORIES = "categories"


@dataclass(frozen=True, slots=True)
class Documents:
    """The rules of one site.

    `template` is the permalink of its posts, `url` its address, `ends` the separator of excerpts, `known` its
    authors by id; `unpublished` and `drafts` tell whether it shows those too, `headings` whether titles come
    from the first heading (jekyll-titles-from-headings); `dates` and `updates` are the keys of dates, `marks`
    the comments that the settings end excerpts at.
    """

    files: Files
    defaults: Defaults
    template: str
    url: str
    language: str
    ends: str
    unpublished: bool
    drafts: bool
    headings: bool
    known: Mapping[str, Author]
    dates: tuple[str, ...] = ("date",)
    updates: tuple[str, ...] = ("last_modified_at", "updated")
    marks: tuple[str, ...] = ()

    def complete(self, source: Source) -> Source:
        """A post with the front matter that the configuration gives it."""
        relative = self.files.relative(source.path)
        given = self.defaults.of(relative, "posts")
        values = merge(given, source.fields.values)
        if names := _union(self._folders(relative), given, source.fields):
            values[_CATEGORIES] = names
        image = values.get("image")
        if isinstance(image, dict) and isinstance(path := image.get("path"), Scalar):
            values["image"] = path
        return replace(source, fields=Fields(source.fields.path, values, source.fields.places))

    def _folders(self, relative: str) -> list[Value]:
        """The categories that a post has by the folders above `_posts`."""
        magic = DRAFTS if _is_draft(relative) else "_posts"
        if relative.startswith(magic):
            return []
        above = relative.split(magic, 1)[0].split("/")
        return [Scalar(name, quoted=True) for name in above if name and name != posixpath.basename(relative)]

    def status(self, source: Source) -> str:
        """Why a complete post is not published."""
        place = self.files.place(source.path)
        if place and place[0].endswith(DRAFTS) and not self.drafts:
            return "draft"
        values = source.fields.values
        hidden = "published" in values and not truth(values["published"])
        return "unpublished" if hidden and not self.unpublished else ""

    def rules(self) -> Rules:
        """The rules that posts are read by, once they are complete."""
        return Rules(
            url=self.url,
            language=self.language,
            permalink=self._permalink,
            dates=self._dates,
            title=self._title,
            categories=lambda source, reading: _shown(_categories(source.fields)),
            tags=lambda source, reading: _shown(_plural(source.fields, "tag", "tags")),
            authors=self._authors,
            slug=lambda source: self._slug(source),
            heading=lambda source: self._named(source) or titleize(self._name(source).slug),
            excerpting=self._excerpting,
            descriptions=("description",),
        )

    def _name(self, source: Source) -> FileName:
        place = self.files.place(source.path)
        inside = place[1] if place else posixpath.basename(source.path)
        name = parse_name(inside, draft=True)
        return name or FileName("", *posixpath.splitext(posixpath.basename(source.path)))

    def _slug(self, source: Source) -> str:
        value = source.fields.values.get("slug")
        return text_of(value) if truth(value) else self._name(source).slug

    def _permalink(self, source: Source, naming: Naming) -> str:
        own = source.fields.values.get("permalink")
        template = text_of(own) if truth(own) else self.template
        names = [written(name) for name in dict.fromkeys(map(written, _categories(source.fields)))]
        values = {
            **date_values(naming.date),
            **name_values(
                self.files.relative(source.path),
                self._slug(source),
                names,
                ending=posixpath.splitext(template)[1]
                if truth(own) and not template.endswith("/") and "." in posixpath.basename(template)
                else ".html",
            ),
        }
        return encoded(fill(template, values).removeprefix("/"))

    def _dates(self, source: Source, reading: Reading) -> Dates:
        fields = source.fields
        own = next((key for key in self.dates if truth(fields.values.get(key))), "")
        history = reading.history(source)
        if own:
            date = parse_value(fields.values[own], fields, reading.zone)
            date = at_time(date, str(fields.values[own]), reading.time)
        elif name := self._name(source).date:
            day = parse_text(name, reading.zone)
            if day is None:
                raise FeedsError(f"the date {name!r} in the file's name is none", fields.at(""), rule="date")
            date = at_time(day.astimezone(dt.UTC).astimezone(reading.zone), name, reading.time)
        elif history and history.created:
            date = history.created
        else:
            raise no_date(source, uncommitted=history is not None)
        return Dates(date, self._updated(source, reading) or (history.updated if history else None))

    def _updated(self, source: Source, reading: Reading) -> dt.datetime | None:
        fields = source.fields
        for key in self.updates:
            value = fields.values.get(key)
            if value is None or not truth(value):
                continue
            try:
                return at_time(parse_value(value, fields, reading.zone), str(value), reading.time)
            except FeedsError as error:
                warn(reading.report, error.rule or "date", error.message, error.at or fields.at(key))
        return None

    def _title(self, source: Source, reading: Reading) -> str:
        title = line(self._headed(source, reading) or self._named(source))
        return title or line(titleize(self._name(source).slug)) or self._name(source).slug

    def _named(self, source: Source) -> str:
        value = source.fields.values.get("title")
        return text_of(value) if truth(value) else ""

    def _headed(self, source: Source, reading: Reading) -> str:
        """The title that jekyll-titles-from-headings takes from the first line, whatever the key says."""
        if not self.headings or not (found := _HEADING.match(source.body)):
            return ""
        shown = reading.heading(source) if source.body.lstrip().startswith("# ") else None
        return shown or _MARKUP.sub("", found[1] or found[2] or "").rstrip("# ")

    def _authors(self, source: Source, reading: Reading) -> tuple[Author, ...]:
        values = source.fields.values
        key = next((key for key in ("authors", "author") if truth(values.get(key))), "")
        if not key:
            return ()
        return people(values[key], source, known=self.known, base=self.url, report=reading.report)

    def _excerpting(self, source: Source) -> Excerpting:
        values = source.fields.values
        own = values.get("excerpt_separator")
        ends = text_of(own) if truth(own) else self.ends
        given = values.get("excerpt")
        excerpt = text_of(given) if truth(given) and isinstance(given, Scalar) else ""
        return Excerpting(
            marks=self.marks,
            summary=excerpt,
            summary_first=True,
            automatic="jekyll" if ends else "",
            separator=ends,
        )


def _is_draft(relative: str) -> bool:
    """Whether a document is a draft: if `_posts` is nowhere in its path (`Jekyll::Document#draft?`)."""
    return "_posts" not in relative


def _union(folders: list[Value], given: Mapping[str, Value], own: Fields) -> list[Value]:
    """The categories of folders, defaults and front matter together, which hide each other in no case.

    Raises:
        FeedsError: they are neither a list nor a text, which Jekyll cannot read either.
    """
    names = list(folders)
    for value, at in ((given.get(_CATEGORIES), None), (own.values.get(_CATEGORIES), own.at(_CATEGORIES))):
        if value is None or is_null(value):
            continue
        if isinstance(native(value), str):
            value = [Scalar(word, quoted=True) for word in str(value).split()]
        if not isinstance(value, list):
            raise FeedsError(
                "categories must be a text or a list",
                at,
                "write categories: [one, two]; put a number in quotes",
                rule=_CATEGORIES,
            )
        names += value
    return names


def _categories(fields: Fields) -> list[object]:
    """The categories of a complete post, with empty and repeated ones (`populate_categories`)."""
    value = fields.values.get(_CATEGORIES)
    listed: list[object] = [written(native(item)) for item in value] if isinstance(value, list) else []
    return [*listed, *map(written, _plural(fields, "category", _CATEGORIES))]


def _plural(fields: Fields, singular: str, plural: str) -> list[object]:
    """The values of a singular key, a single text being one, else of a plural one, its text being split."""
    value = native(fields.values.get(singular))
    if value in (None, False):
        value = native(fields.values.get(plural))
        if isinstance(value, str):
            value = list(value.split())
        elif not isinstance(value, list):
            return []
    return [item for item in flat(value) if item is not None]


def _shown(values: list[object]) -> tuple[str, ...]:
    """Names as readers see them, each once."""
    names = (line(written(value)) for value in values if not isinstance(value, Mapping))
    return tuple(dict.fromkeys(name for name in names if name))


def known_authors(fields: Fields | None, base: str) -> dict[str, Author]:
    """The authors of `_data/authors.yml` by their ids; their keys are the themes' usual ones."""
    from feeds.generators.base import web_address

    found: dict[str, Author] = {}
    for key, value in (fields.values if fields else {}).items():
        if isinstance(value, dict):
            given = {name: line(item) for name, item in value.items() if isinstance(item, Scalar)}

            def first(*names: str, given: Mapping[str, str] = given) -> str:
                return next((given[name] for name in names if given.get(name)), "")

            found[key] = Author(
                first("name", "display_name", "title", "full_name") or key,
                id=key,
                url=web_address(first("url", "uri", "web", "website", "site", "home"), base),
                email=first("email"),
                avatar=web_address(first("avatar", "picture", "image", "gravatar"), base),
            )
        elif isinstance(value, Scalar):
            found[key] = Author(line(value) or key, id=key)
    return found


def first_text(value: Value | None) -> str:
    """The name in a text, a list or a table of an author."""
    if isinstance(value, dict):
        value = value.get("name")
    return line(next(scalars(value), Scalar(""))) if value is not None and not is_null(value) else ""
