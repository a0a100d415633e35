"""One language of a site made with Hugo: its pages, and where they and files beside them are published."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote
from zoneinfo import ZoneInfo

from feeds.errors import FeedsError, Location
from feeds.generators.hugo.content import Content, Language, Located
from feeds.generators.hugo.dates import Sources, file_date, hugo_dates
from feeds.generators.hugo.matter import Cascade, build_option, go_text, hand_down, is_draft
from feeds.generators.hugo.paths import ContentPath, normal
from feeds.generators.hugo.permalinks import Addresses, Page
from feeds.generators.rules import UNDATED, Dates
from feeds.model import Reading, Scalar, Source, Value


@dataclass(frozen=True, slots=True)
class Edition:
    """The site in one language."""

    language: Language
    locale: str
    url: str
    addresses: Addresses
    cascades: tuple[Cascade, ...]
    content: Content
    dates: Sources
    zone: ZoneInfo | None = None

    def located(self, path: str) -> Located:
        """What is known of a page's file."""
        found = self.content.pages.get(path) or self.content.locate(path)
        if found is None:
            raise FeedsError("this file is no page of its own", Location(path), rule="no-page")
        return found

    def complete(self, source: Source) -> Source:
        """A page with what its sections and the configuration hand down to it."""
        found = self.located(source.path)
        kind = _kind(found)
        handed = hand_down(
            source, kind, normal(found.path.logical), found.language, self._handed(source.path)
        )
        values = dict(handed.fields.values)
        if "title" in values:
            values["title"] = _rewritten(values["title"])
        image = _first_image(values)
        if image:
            values["image"] = Scalar(image)
        return replace(handed, fields=replace(handed.fields, values=values))

    def is_of_type(self, path: str, types: tuple[str, ...]) -> bool:
        """Whether a page calls itself of one of the types, wherever it lies, or is told so by a section."""
        if not self.content.says_type(path) and not any("type" in each.values for each in self._handed(path)):
            return False
        source = self.complete(Source(path, self.content.matter(path), "", 1))
        return go_text(source.fields.values.get("type")) in types

    def _handed(self, path: str) -> tuple[Cascade, ...]:
        return (*self.content.cascades(self.located(path)), *self.cascades)

    def page(self, source: Source, date: dt.datetime = UNDATED) -> Page:
        """What the address of a completed page is made of."""
        found = self.located(source.path)
        values = source.fields.values
        url = go_text(values.get("url"))
        if url.startswith(("http://", "https://")):
            at = source.fields.at("url")
            raise FeedsError("url must be a path of this site", at, "remove the host", rule="permalink")
        page = Page(
            path=found.path,
            kind=_kind(found),
            title=go_text(values.get("title")),
            slug=self.slug(source),
            url=url,
            sections=self.content.sections(found),
        )
        return page if date is UNDATED else replace(page, date=date)

    def date(self, source: Source, reading: Reading) -> Dates:
        """A page's dates, in the language's own zone if it has one."""
        reading = replace(reading, zone=self.zone) if self.zone else reading
        return hugo_dates(source, reading, self.dates, self.located(source.path).path.base_name)

    def slug(self, source: Source) -> str:
        """The slug that the author wrote, or that stands in the file's name behind its date."""
        values = source.fields.values
        if "slug" in values:
            return go_text(values["slug"]).strip("-")
        name = self.located(source.path).path.base_name
        return file_date(name)[1] if self.dates.use_file_name(values, name) else ""


def _kind(found: Located) -> str:
    if found.path.kind != "branch":
        return "page"
    return "section" if found.path.folder else "home"


def _rewritten(value: Value) -> Value:
    if not isinstance(value, Scalar):
        return value
    return Scalar(go_text(value), "str", quoted=True, line=value.line, column=value.column)


def _first_image(values: Mapping[str, Value]) -> str:
    """A post's picture: `image`, the first of `images`, or what themes call its cover."""
    for key in ("image", "images", "cover", "featured_image", "featuredimage", "thumbnail"):
        value = values.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("image", value.get("src"))
        if text := go_text(value).strip():
            return text
    return ""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the pages of a site and the files beside them are published.

    `zone` completes dates, `drafts` tells whether drafts are published too.
    """

    content: Content
    editions: tuple[Edition, ...]
    zone: ZoneInfo
    drafts: bool = False

    def address(self, path: str) -> str | None:
        """The absolute address of a page by its file; None for what is not published."""
        found = self.content.pages.get(path)
        edition = next(
            (each for each in self.editions if found and each.language.key == found.language), None
        )
        if edition is None:
            return None
        source = edition.complete(Source(path, self.content.matter(path), "", 1))
        values = source.fields.values
        if (is_draft(values) and not self.drafts) or build_option(values, "render") == "never":
            return None
        reading = Reading(self.zone, dt.time(), lambda source: None, lambda finding: None)
        try:
            page = edition.page(source)
            if page.kind == "page":
                page = edition.page(source, edition.date(source, reading).published)
            return edition.url + edition.addresses.of(page)
        except FeedsError:  # told where the page is a post; others are no concern of ours
            return None

    def media(self, path: str, source: str, page: str) -> str | None:
        """The absolute address of a file beside content: it moves with the page or section it is part of.

        Args:
            path: the file, below the docs folder.
            source: the page that names it.
            page: where that is published.
        """
        folder = self.content.bundle(path)
        if folder is None:
            return self._beside_section(path, source)
        owner: str | None = page
        if self.content.bundle(source) != folder:
            files = (each for each in self.content.pages if posixpath.dirname(each) == folder)
            owner = next((url for each in files if (url := self.address(each))), None)
        return f"{_base(owner)}{quote(path[len(folder) :].lstrip('/'))}" if owner else None

    def _beside_section(self, path: str, source: str) -> str | None:
        """The address of a file that lies in a section: below that section's own."""
        found = self.content.pages.get(source)
        edition = next(
            (each for each in self.editions if found and each.language.key == found.language), None
        )
        below = self.content.below(path)
        if edition is None or below is None:
            return None
        key = edition.language.key
        folder, rest = posixpath.split(below)
        while folder and not self.content.is_section(key, folder):
            folder, name = posixpath.split(folder)
            rest = posixpath.join(name, rest)
        if file := self.content.branch(key, folder):
            owner = self.address(file)
        else:
            place = Located(ContentPath(folder, "_index", "", ".md", "branch"), key)
            page = Page(place.path, _kind(place), sections=self.content.sections(place))
            owner = edition.url + edition.addresses.of(page)
        return f"{_base(owner)}{quote(rest)}" if owner else None


def _base(url: str) -> str:
    """The address that the files of a page's own lie below."""
    url = url.removesuffix("index.html")
    return url if url.endswith("/") else f"{url.removesuffix('.html')}/"
