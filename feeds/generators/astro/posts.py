"""The posts of Astro's content collections and pages: where they are published, and how they are read."""

from __future__ import annotations

import datetime as dt
import posixpath
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from feeds.config import Settings
from feeds.data import is_null, place
from feeds.errors import FeedsError
from feeds.generators.astro.slugs import content_id, github_slug
from feeds.generators.base import quoted
from feeds.generators.dates import at_time
from feeds.generators.javascript.dates import text_date, yaml_date
from feeds.generators.overrides import own_keys, own_marks, own_permalink, own_posts, own_slugify, own_status
from feeds.generators.rules import (
    Rules,
    dates_of,
    excerpting_of,
    names_of,
    people_of,
    read_post,
    slug_of,
    title_of,
)
from feeds.generators.values import flag, warn
from feeds.model import (
    Author,
    Blog,
    Excerpting,
    Matter,
    Naming,
    Post,
    Reading,
    Report,
    Scalar,
    Source,
    Value,
)

ENDINGS = (".md", ".mdx")

_DATES = (
    "pubDate",
    "date",
    "publishDate",
    "publishedAt",
    "pubDatetime",
    "published",
    "publishedDate",
    "datePublished",
    "created",
    "createdAt",
)
_UPDATED = (
    "updatedDate",
    "lastUpdated",
    "updated",
    "updatedAt",
    "modDatetime",
    "lastmod",
    "modified",
    "dateModified",
)
_IMAGES = ("heroImage", "image", "cover", "coverImage", "ogImage", "thumbnail")
_HELP = "write it as 2026-11-22, or with a time as 2026-11-22T09:30:00Z"


@dataclass(frozen=True, slots=True)
class Address:
    """How addresses end: `style` is `build.format`, `slash` is `trailingSlash`."""

    style: str = "directory"
    slash: str = "ignore"

    def of(self, path: str) -> str:
        """The address of a page, percent-encoded, by its path without slashes around it."""
        if not path:
            return ""
        path = unicodedata.normalize("NFC", path)
        if self.style == "directory":
            return quoted(path if self.slash == "never" else f"{path}/")
        return quoted(f"{path}/" if self.slash == "always" else f"{path}.html")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a blog's files lie, below `folder` from the project's root, and where they are published.

    `route` is what all addresses begin with ("blog/"), `base` the folder that ids count from; `matches` tells
    of a path from the root whether it is a post's, `slugs` whether ids are slugs of the path, or the path;
    `skips` tells that folders whose names begin with `_` are not in addresses.
    """

    folder: str
    base: str
    route: str
    matches: Callable[[str], bool]
    slugs: bool = True
    skips: bool = False

    def path(self, source: Source) -> str:
        """What the address of an entry ends with: its id, else its folders and the last part of that."""
        id = self.entry(source)
        if not self.skips:
            return id
        inner = source.path.removeprefix(f"{self.base}/" if self.base else "")
        folders = [github_slug(name) for name in inner.split("/")[:-1] if not name.startswith("_")]
        return "/".join([*folders, id.rpartition("/")[2]])

    def entry(self, source: Source) -> str:
        """The id of an entry: its own slug, or that of its path."""
        own = source.fields.values.get("slug")
        if self.slugs and isinstance(own, Scalar) and not is_null(own) and own:
            return str(own).strip("/")
        path = posixpath.splitext(source.path)[0].removeprefix(f"{self.base}/" if self.base else "")
        return content_id(path) if self.slugs else path.removesuffix("/index")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the posts of one site; `hides` tells whether its own code leaves drafts out."""

    settings: Settings
    url: str
    address: Address
    hides: Callable[[], bool]
    report: Report

    def blog(
        self,
        place: Place,
        language: str,
        *,
        feeds: str = "",
        title: str = "",
        known: Mapping[str, Author] | None = None,
        refused: Callable[[], FeedsError | None] = lambda: None,
    ) -> Blog:
        """One blog.

        Args:
            place: where its posts lie.
            language: of its posts.
            feeds: the folder of its own feeds.
            title: its own title.
            known: the authors of the site by id, who have written the posts that name none.
            refused: the error for every address, where the site's own code works them out.
        """
        rules = self._rules(place, language, known or {}, refused)
        chosen = own_posts(self.settings, "", place.matches)
        below = self.settings.posts.folder.strip("/")
        return Blog(
            folders=(place.folder,),
            home=quoted(place.route),
            is_post=lambda path: (
                path.endswith(ENDINGS) and (path.startswith(f"{below}/") or not below) and chosen(path)
            ),
            status=own_status(self.settings, self._status),
            read=lambda source, reading: _read(source, reading, rules, known or {}),
            matter=Matter(yaml="1.2", optional=True),
            language=language,
            title=title,
            feeds=feeds,
        )

    def _status(self, source: Source) -> str:
        """`draft` hides a post where the site's own code does so; elsewhere too, but that is told."""
        if not flag(source.fields, "draft"):
            return ""
        if not self.hides():
            message = "the draft is left out, though nothing in the site's code does so"
            warn(
                self.report, "draft", message, source.fields.at("draft"), "remove the key to publish the post"
            )
        return "draft"

    def _rules(
        self,
        place: Place,
        language: str,
        known: Mapping[str, Author],
        refused: Callable[[], FeedsError | None],
    ) -> Rules:
        own = self.settings.generator

        def address(source: Source, naming: Naming) -> str:
            if error := refused():
                raise error
            return self.address.of(place.route + place.path(source))

        link = own_permalink(
            self.settings,
            address,
            home=place.route,
            slugify=own_slugify(self.settings, github_slug),
            names=github_slug,
        )

        def permalink(source: Source, naming: Naming) -> str:
            entry = place.entry(source)
            return link(source, replace(naming, path=f"{entry}.md", stem=posixpath.basename(entry)))

        marks = own_marks(self.settings, "excerpt", "more")
        return Rules(
            url=self.url,
            language=language,
            permalink=permalink,
            dates=dates_of(own_keys(own.date, _DATES), own_keys(own.updated, _UPDATED), parse=_parse),
            title=title_of("title", otherwise=lambda source, reading: reading.heading(source) or ""),
            categories=names_of("categories", "category"),
            tags=names_of("tags", "keywords"),
            authors=people_of("authors", "author", known=known, base=self.url),
            slug=slug_of("slug"),
            excerpting=excerpting_of(Excerpting(marks=marks, summary_first=True), "excerpt"),
            descriptions=("description", "summary"),
            images=_IMAGES,
        )


def _read(source: Source, reading: Reading, rules: Rules, known: Mapping[str, Author]) -> Post:
    """The post; `lastUpdated` may be no date but a switch, and an image a table with its address."""
    values = dict(source.fields.values)
    for key in _UPDATED:
        value = values.get(key)
        if isinstance(value, Scalar) and value.kind == "bool":
            del values[key]
    for key in _IMAGES:
        value = values.get(key)
        if isinstance(value, dict):
            inner = next((value[name] for name in ("src", "url", "image", "light") if name in value), None)
            values[key] = inner if isinstance(inner, Scalar) else Scalar("", "null")
    post = read_post(replace(source, fields=replace(source.fields, values=values)), reading, rules)
    return post if post.authors or not known else replace(post, authors=tuple(known.values()))


def _parse(value: Value, source: Source, reading: Reading) -> dt.datetime:
    """A date: of YAML in UTC, of a text as JavaScript's `Date` reads it."""
    at = place(value, source.fields.path)
    if not isinstance(value, Scalar) or value.kind in ("int", "float", "bool"):
        raise FeedsError("a date is wanted here", at, _HELP, rule="date")
    try:
        found = None if value.quoted else yaml_date(value.strip())
        found = found or text_date(value, reading.zone)
    except (ValueError, OverflowError) as error:
        raise FeedsError(f"{str(value)!r} is not a date: {error}", at, _HELP, rule="date") from None
    if found is None:
        raise FeedsError(f"{str(value)!r} is not a date", at, _HELP, rule="date")
    return at_time(found, value, reading.time)
