"""How Eleventy's posts are told from its other pages, and read with all the data that it gives them."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable
from dataclasses import replace

from feeds.config import Settings
from feeds.data import as_bool, scalars
from feeds.errors import FeedsError
from feeds.generators.braces import matcher
from feeds.generators.eleventy.config import COLLECTIONS, EleventyConfig
from feeds.generators.eleventy.data import Cascade, GlobalData, layout_fields
from feeds.generators.eleventy.dates import parse_eleventy_date, read_dates
from feeds.generators.eleventy.paths import file_slug, path_date
from feeds.generators.eleventy.permalinks import COMPUTED, Permalinks
from feeds.generators.eleventy.slugs import slugify
from feeds.generators.eleventy.templating import render
from feeds.generators.eleventy.values import CannotTellError, is_true
from feeds.generators.overrides import own_keys, own_marks, own_permalink, own_posts, own_slugify, own_status
from feeds.generators.rules import Rules, excerpting_of, names_of, people_of, read_post, slug_of, title_of
from feeds.generators.values import first_key, warn
from feeds.model import NO_POST, Blog, Excerpting, Fields, Matter, Post, Reading, Report, Scalar, Source

_FOLDERS = frozenset({*COLLECTIONS, "writing", "_posts"})
_UPDATED = ("updated", "lastmod", "modified", "lastModified", "last_modified", "dateModified", "updatedDate")
_IMAGES = ("image", "thumbnail", "cover", "hero", "heroImage", "featuredImage", "featured_image", "ogImage")
_NO_TAGS = frozenset({"all", "nav"})
_MARK = "excerpt"


class Posts:
    """The posts of one site.

    Args:
        settings: the settings, which win.
        config: Eleventy's configuration.
        cascade: gives posts their data.
        about: the data of the site itself, which templates may name.
        url: the site's URL.
        report: told of what is odd.
    """

    def __init__(
        self,
        settings: Settings,
        config: EleventyConfig,
        cascade: Cascade,
        about: GlobalData,
        url: str,
        report: Report,
    ) -> None:
        self._settings, self._config, self._cascade = settings, config, cascade
        self._url, self._report = url, report
        self._docs_name = f"{config.input}/" if config.input else ""
        self._hides_drafts = config.mentions("draft") or config.mentions("drafts")
        self._links = Permalinks(config.input, config.engine, about, self._hides_drafts)
        globs = tuple(glob for name in COLLECTIONS for glob in config.globs.get(name, ()))
        self._in_collection = matcher(globs) if globs else None
        self._warned: set[str] = set()

    def blog(self, folder: str, language: str, feeds: str) -> Blog:
        """The blog of the posts below a folder of the input, which ends with `/` ("": the rest)."""
        below = self._settings.posts.folder
        chosen = own_posts(self._settings, self._docs_name, lambda path: self._lies_in(path, below))
        rules = self._rules(language)
        return Blog(
            folders=("",),
            home="",
            is_post=lambda path: path.startswith(folder) and path.endswith(".md") and chosen(path),
            status=own_status(self._settings, self._status),
            read=lambda source, reading: self._read(source, reading, rules),
            matter=Matter(yaml="1.2", optional=True),
            language=language,
            feeds=feeds,
        )

    def page_url(self, path: str) -> str | None:
        """The absolute address of a page; None where only Eleventy itself could tell it, or it has none."""
        shown = self._docs_name + path
        try:
            fields = Fields(shown, layout_fields(self._settings.root / shown, shown))
            source = self._cascade.merged(Source(path, fields, "", 2))
            return self._url + self._links.path(source, None) if self._links.is_written(source) else None
        except FeedsError:
            return None

    def _lies_in(self, path: str, folder: str) -> bool:
        return not folder or f"{self._docs_name}{path}".startswith(f"{folder.strip('/')}/")

    def _status(self, source: Source) -> str:
        source = self._cascade.merged(source)
        collection = _collection(source)
        if not self._is_post(source, collection):
            return NO_POST
        excluded = source.fields.values.get("eleventyExcludeFromCollections")
        names = (
            {name for item in scalars(excluded) for name in item.split(",")}
            if excluded is not None
            else set()
        )
        if excluded is not None and (as_bool(excluded) is True if isinstance(excluded, Scalar) else False):
            return "unlisted"
        if collection in names:
            return "unlisted"
        if not self._links.is_written(source):
            return "hidden"
        return self._draft(source)

    def _is_post(self, source: Source, collection: str) -> bool:
        """Whether a page is a post: by a tag, by the pattern of a collection, or by its folder and a date."""
        if collection or self._settings.generator.posts or self._settings.posts.folder:
            return True
        if self._in_collection:
            return self._in_collection(self._docs_name + source.path)
        folders = posixpath.dirname(self._docs_name + source.path).split("/")
        return not _FOLDERS.isdisjoint(folders) and self._is_dated(source)

    def _is_dated(self, source: Source) -> bool:
        if first_key(source.fields, own_keys(self._settings.generator.date, ("date",))):
            return True
        try:
            return path_date(self._docs_name + source.path) is not None
        except ValueError:
            return True

    def _draft(self, source: Source) -> str:
        """`draft` hides a post where the site's own code looks at it; elsewhere too, but that is told."""
        value = source.fields.values.get("draft")
        if value is None or not is_true(value):
            return ""
        if not self._hides_drafts and source.path not in self._warned:
            self._warned.add(source.path)
            message = "the draft is left out, though nothing in the configuration makes Eleventy do so"
            warn(
                self._report,
                "draft",
                message,
                source.fields.at("draft"),
                "remove the key to publish the post",
            )
        return "draft"

    def _read(self, source: Source, reading: Reading, rules: Rules) -> Post:
        source = self._computed(self._cascade.merged(source), reading.report)
        return read_post(self._marked(source), reading, rules)

    def _rules(self, language: str) -> Rules:
        own = self._settings.generator
        keys = own_keys(own.date, ("date",))
        updated = own_keys(own.updated, _UPDATED)
        marks = own_marks(self._settings, _MARK, "more")
        link = own_permalink(
            self._settings,
            lambda source, naming: self._links.path(source, naming.date),
            home="",
            slugify=own_slugify(self._settings, slugify),
            names=slugify,
        )
        return Rules(
            url=self._url,
            language=language,
            permalink=link,
            dates=lambda source, reading: read_dates(
                source, keys, updated, self._docs_name + source.path, reading
            ),
            title=title_of("title", otherwise=lambda source, reading: reading.heading(source) or ""),
            categories=names_of("categories", "category"),
            tags=_tags,
            authors=people_of("authors", "author", known={}, base=self._url),
            slug=slug_of("slug"),
            excerpting=excerpting_of(Excerpting(marks=marks), "excerpt", "summary"),
            descriptions=("description", "summary", "subtitle"),
            images=_IMAGES,
            stem=file_slug,
        )

    def _computed(self, source: Source, report: Report) -> Source:
        """The source with the texts of `eleventyComputed`, which are templates."""
        computed = source.fields.values.get(COMPUTED)
        values = dict(source.fields.values)
        for key in ("title", "description", "excerpt", "author"):
            template = computed.get(key) if isinstance(computed, dict) else None
            if not isinstance(template, Scalar) or template.kind != "str":
                continue
            try:
                data = self._links.data(source, self._date(source))
                values[key] = Scalar(render(template, data, self._links.engine_of(source)), quoted=True)
            except CannotTellError as error:
                message = f"the computed {key} is left out: it is worked out by `{error}`"
                warn(report, "computed", message, source.fields.at(COMPUTED))
        return replace(source, fields=replace(source.fields, values=values))

    def _date(self, source: Source) -> dt.datetime | None:
        value = source.fields.values.get("date")
        return parse_eleventy_date(value, source) if value is not None else None

    def _marked(self, source: Source) -> Source:
        """The source with a comment where its excerpt ends, if a text of the configuration ends it."""
        own = source.fields.values.get("excerpt_separator")
        separator = (
            str(own)
            if isinstance(own, Scalar) and own and self._config.excerpt_mark
            else self._config.excerpt_mark
        )
        at = source.body.find(separator) if separator else -1
        if at < 0:
            return source
        body = f"{source.body[:at]}<!-- {_MARK} -->{source.body[at + len(separator) :]}"
        return replace(source, text=body)


def _collection(source: Source) -> str:
    """The tag by which a page belongs to the collection of posts; "" if it has none."""
    tags = source.fields.values.get("tags")
    given = {str(tag) for tag in scalars(tags)} if tags is not None else set()
    return next((name for name in COLLECTIONS if name in given), "")


def _tags(source: Source, reading: Reading) -> tuple[str, ...]:
    """The tags of a post without those that only make collections of pages."""
    collection = _collection(source)
    found: Callable[[Source, Reading], tuple[str, ...]] = names_of("tags", "keywords")
    return tuple(tag for tag in found(source, reading) if tag != collection and tag not in _NO_TAGS)
