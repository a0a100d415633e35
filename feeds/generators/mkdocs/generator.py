"""MkDocs without a blog: pages that say a date are posts (https://www.mkdocs.org/).

What mkdocs-rss-plugin is configured with says which pages, and which keys hold their dates.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds.config import Settings
from feeds.data import is_null
from feeds.errors import FeedsError
from feeds.generators.base import Generator, shown
from feeds.generators.conventions import is_draft, name_as_title, stem_of
from feeds.generators.mkdocs.config import FILENAMES, MkDocsConfig, load_mkdocs
from feeds.generators.mkdocs.languages import Language, Languages, languages_of
from feeds.generators.mkdocs.site import Project, open_project
from feeds.generators.mkdocs.values import text_of
from feeds.generators.overrides import own_keys, own_marks, own_permalink, own_posts, own_slugify, own_status
from feeds.generators.rules import Rules, dates_of, names_of, parse_value, people_of, read_post, slug_of
from feeds.generators.slugs import pymdownx_slugify
from feeds.generators.values import first_key, line, text
from feeds.generators.zensical.config import FILENAME as ZENSICAL_TOML
from feeds.generators.zensical.config import load_zensical
from feeds.model import (
    NO_POST,
    Blog,
    Excerpting,
    Fields,
    Matter,
    Post,
    Reading,
    Report,
    Scalar,
    Site,
    Source,
    Value,
)

_GIT = ("git", "git-created")
_COMMENT = re.compile(r"\s*<!--\s*(.*?)\s*-->\s*", re.DOTALL)
_DEFAULT_FORMAT = "%Y-%m-%d %H:%M"
_TAGS = ("tags", "tag")


@dataclass(frozen=True, slots=True)
class _Feed:
    """What the configuration of mkdocs-rss-plugin says; its defaults where it is not configured."""

    matches: Callable[[str], bool]
    created: tuple[str, ...]
    updated: tuple[str, ...]
    format: str
    time: str
    zone: str
    categories: tuple[str, ...]
    mark: str
    title: str
    description: str


def detect(root: Path) -> Path | None:
    """Nothing: a `mkdocs.yml` is Material's first; this generator is asked for by name."""
    return None


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site of a `mkdocs.yml` whose pages with a date are posts.

    Raises:
        FeedsError: the configuration cannot be read, or does not say the site's URL.
    """
    found = (settings.root / name for name in (ZENSICAL_TOML, *FILENAMES))
    file = config or next((path for path in found if path.is_file()), None)
    if file is None:
        raise FeedsError(f"there is no {FILENAMES[0]} here", help="name its folder with -C", rule="generator")
    name = shown(file, settings.root)
    if file.name == ZENSICAL_TOML:
        mkdocs = load_zensical(file, name)
    else:
        mkdocs = load_mkdocs(file, name, settings.environ, report)
    return pages_site(open_project(settings, file, mkdocs, narrows=True), "mkdocs")


def pages_site(project: Project, generator: str) -> Site:
    """The site of a project whose pages with a date are posts, in one or more languages.

    Raises:
        FeedsError: `match_path` of the rss plugin is no regular expression.
    """
    settings = project.settings
    feed = _feed(project.config)
    languages = languages_of(project.config, project.docs)

    def page_url(path: str) -> str | None:
        address = languages.address(path, project.directory_urls)
        return None if address is None else project.url + address

    site = project.site(
        generator,
        tuple(_blog(language, languages, feed, project) for language in languages.languages),
        category_slug=pymdownx_slugify(),
        page_url=page_url,
        moves=False,
    )
    language = languages.default
    return replace(
        site,
        title=settings.site.title or feed.title or language.site_name or site.title,
        description=settings.site.description or feed.description or site.description,
        language=settings.site.language or language.locale.replace("_", "-") or site.language,
        timezone=settings.site.timezone or feed.zone,
    )


def _blog(language: Language, languages: Languages, feed: _Feed, project: Project) -> Blog:
    settings = project.settings
    tag = language.locale.replace("_", "-")
    if language.is_default:
        tag = settings.site.language or tag or project.language
    rules = _rules(language, languages, feed, project, tag)
    keys = own_keys(settings.generator.date, feed.created)
    below = _narrowed(settings, project)
    wanted = own_posts(settings, project.docs_name, feed.matches)

    def status(source: Source) -> str:
        if not first_key(source.fields, keys) and settings.posts.dates not in _GIT:
            return NO_POST
        return "draft" if is_draft(source, strict=False) else ""

    def read(source: Source, reading: Reading) -> Post:
        time = (
            dt.time.fromisoformat(feed.time)
            if feed.time and not settings.posts.default_time
            else reading.time
        )
        return read_post(source, replace(reading, time=time), rules)

    return Blog(
        folders=("",),
        home=language.home,
        is_post=lambda path: (
            path.startswith(below) and languages.language_of(path) == language and wanted(path)
        ),
        status=own_status(settings, status),
        read=read,
        matter=Matter(optional=True),
        complete=lambda source: _flattened(project.complete(source), feed),
        language=tag,
        title="" if language.is_default else language.site_name,
        feeds="" if language.is_default else language.locale,
    )


def _narrowed(settings: Settings, project: Project) -> str:
    """The folder below the docs, with a final `/`, that the settings narrow posts to; "" for all of them."""
    folder = settings.posts.folder.strip("/")
    if not folder or f"{folder}/" == project.docs_name:
        return ""
    inside = folder.removeprefix(project.docs_name)
    if not (project.docs / inside).is_dir():
        message = f"the posts' folder {folder!r} is not in the docs folder"
        raise FeedsError(message, help="name one below it as folder under [posts]", rule="docs-folder")
    return f"{inside}/"


def _rules(language: Language, languages: Languages, feed: _Feed, project: Project, tag: str) -> Rules:
    settings = project.settings
    slugify = pymdownx_slugify()
    keys = settings.generator

    def parse(value: Value, source: Source, reading: Reading) -> dt.datetime:
        return _parse(value, source, reading, feed.format)

    return Rules(
        url=project.url,
        language=tag,
        permalink=own_permalink(
            settings,
            lambda source, naming: languages.address(source.path, project.directory_urls) or "",
            home="" if language.is_default else f"{language.locale}/",
            slugify=own_slugify(settings, slugify),
            names=slugify,
        ),
        dates=dates_of(own_keys(keys.date, feed.created), own_keys(keys.updated, feed.updated), parse=parse),
        title=lambda source, reading: _title(source, reading, language, languages),
        categories=names_of(*(key for key in feed.categories if key not in _TAGS)),
        tags=names_of(*_TAGS),
        authors=people_of("author", "authors", known={}, base=project.url),
        slug=slug_of("slug"),
        excerpting=lambda source: Excerpting(own_marks(settings, feed.mark)),
        stem=stem_of,
    )


def _title(source: Source, reading: Reading, language: Language, languages: Languages) -> str:
    """As MkDocs has it: the navigation's, the front matter's, the text's first heading, the file's name."""
    path = languages.neutral(source.path)
    named = language.titles.get(path, "") or language.titles.get(source.path, "")
    own = line(named) or text(source.fields, "title")
    if title := own or reading.heading(source):
        return title
    name = name_as_title(path)
    return "Home" if posixpath.splitext(path)[0] in ("index", "README") else line(name) or name


def _parse(value: Value, source: Source, reading: Reading, format: str) -> dt.datetime:
    """A date of the front matter, also in the form that the rss plugin is told of."""
    if format != _DEFAULT_FORMAT and isinstance(value, Scalar) and value.kind == "str":
        with suppress(ValueError):
            return dt.datetime.strptime(value.strip(), format).replace(tzinfo=reading.zone)
    return parse_value(value, source, reading)


def _flattened(source: Source, feed: _Feed) -> Source:
    """The page with the values of the keys that the rss plugin names with dots, such as `date.created`."""
    fields, found = source.fields, {}
    for key in (*feed.created, *feed.updated):
        value: Value | None = None
        head, *rest = key.split(".")
        if rest and not is_null(value := fields.values.get(head)):
            for part in rest:
                value = value.get(part) if isinstance(value, dict) else None
            if value is not None:
                found[key] = value
    if not found:
        return source
    places = {**fields.places, **{key: fields.places.get(key.split(".")[0], (1, 1)) for key in found}}
    return replace(source, fields=Fields(fields.path, {**fields.values, **found}, places))


def _feed(config: MkDocsConfig) -> _Feed:
    plugin = config.plugin("rss")
    options: Mapping[str, Value] = plugin.options if plugin else {}
    dates = options.get("date_from_meta")
    dates = dates if isinstance(dates, dict) else {}
    categories = options.get("categories")
    labels = (
        [str(item) for item in categories if isinstance(item, Scalar)] if isinstance(categories, list) else []
    )
    mark = _COMMENT.fullmatch(text_of(options, "abstract_delimiter", "<!-- more -->"))
    return _Feed(
        matches=_pattern(text_of(options, "match_path", ".*"), config),
        created=_keys(text_of(dates, "as_creation"), "date"),
        updated=_keys(text_of(dates, "as_update"), "updated"),
        format=text_of(dates, "datetime_format", _DEFAULT_FORMAT),
        time=_time(text_of(dates, "default_time")),
        zone=_zone(text_of(dates, "default_timezone")),
        categories=tuple(labels) or ("categories", "category"),
        mark=mark[1] if mark else "more",
        title=text_of(options, "feed_title"),
        description=text_of(options, "feed_description"),
    )


def _keys(named: str, default: str) -> tuple[str, ...]:
    """The keys of a date: the one that the rss plugin is told of, and the usual one."""
    return tuple(
        dict.fromkeys(key for key in (named, default) if key and key not in ("git", "true", "false"))
    )


def _pattern(pattern: str, config: MkDocsConfig) -> Callable[[str], bool]:
    try:
        matches = re.compile(pattern).match
    except re.error as error:
        at = config.fields.at("plugins")
        raise FeedsError(f"match_path is no regular expression: {error}", at, rule="match-path") from None
    return lambda path: matches(path) is not None


def _time(text: str) -> str:
    return text if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) else ""


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the plugin goes on with UTC too
        return "UTC"


MKDOCS = Generator("mkdocs", detect, load_site)
