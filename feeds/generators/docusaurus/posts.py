"""Docusaurus' posts in one language: which files they are, and how they are read."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feeds.config import Settings
from feeds.data import parse_yaml
from feeds.errors import FeedsError, Location
from feeds.generators.base import web_address
from feeds.generators.dates import at_time
from feeds.generators.docusaurus.config import Docusaurus, Instance, Locale
from feeds.generators.docusaurus.dates import parse_docusaurus_date, parse_text_date
from feeds.generators.docusaurus.paths import (
    absolute,
    encoded,
    file_date,
    file_slug,
    file_title,
    find_title,
    joined,
    permalink,
)
from feeds.generators.docusaurus.values import flag_in, is_empty, kebab_case, text_in, text_of, wrong
from feeds.generators.globs import match_globs
from feeds.generators.overrides import own_keys, own_permalink, own_posts, own_status
from feeds.generators.rules import Dates, Rules, no_date, read_post, stem_of
from feeds.generators.values import first_key, line, warn
from feeds.model import (
    Author,
    Blog,
    Excerpting,
    Fields,
    Matter,
    Naming,
    Post,
    Reading,
    Report,
    Source,
    Value,
)
from feeds.texts import is_file, load_text

_AUTHOR_KEYS = (
    "author",
    "author_title",
    "authorTitle",
    "author_url",
    "authorURL",
    "author_image_url",
    "authorImageURL",
)
_NO_KEY = "Docusaurus builds no site with this; add them to {0}, or write name: … below authors:"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the posts of a blog lie in one language, below the docs folder: all, and the translated ones."""

    content: str
    localized: str
    docs: Path
    translates: bool = True

    def inner(self, path: str) -> str:
        """A post's path below its blog's folder."""
        for folder in (self.localized, self.content):
            if path.startswith(f"{folder}/"):
                return path[len(folder) + 1 :]
        return path

    def has(self, folder: str, inner: str) -> bool:
        """Whether a file is there."""
        if folder == self.localized and not self.translates:
            return False
        try:
            return is_file(self.docs / folder / inner)
        except (OSError, ValueError):  # a name that no disk can hold
            return False

    def find(self, name: str) -> tuple[Path, str] | None:
        """A file beside the posts, the translated one first, and how messages name it."""
        for folder in (self.localized, self.content):
            if self.has(folder, name):
                return self.docs / folder / name, posixpath.join(folder, name)
        return None


@dataclass(frozen=True, slots=True)
class BlogReader:
    """One blog in one language, with what its files of authors and tags say."""

    settings: Settings
    config: Docusaurus
    instance: Instance
    locale: Locale
    main: Locale
    folders: Folders
    authors: Mapping[str, Author] | None
    tags: Mapping[str, str]

    def blog(self, docs_name: str) -> Blog:
        """The blog as the core knows it."""
        folders, instance = self.folders, self.instance
        matches = _matcher(instance)
        wanted = own_posts(self.settings, docs_name, lambda path: matches(folders.inner(path)))
        is_main = self.locale == self.main

        def is_own(path: str) -> bool:
            if path.startswith(f"{folders.localized}/"):
                return (
                    folders.translates and wanted(path) and folders.has(folders.content, folders.inner(path))
                )
            return is_main and is_shared(path)

        def is_shared(path: str) -> bool:
            inside = path.startswith(f"{folders.content}/") and wanted(path)
            return inside and not folders.has(folders.localized, folders.inner(path))

        home = encoded(permalink(self.base, instance.route, "", self.config.trailing_slash))
        root = encoded(self.config.base)
        rules, borrowed = self.rules(self.locale.language), self.rules(self.main.language)
        return Blog(
            folders=(
                folders.content,
                *([folders.localized] if (folders.docs / folders.localized).is_dir() else []),
            ),
            home=home.removeprefix(root) if self.locale.url.startswith(self.config.url) else "",
            is_post=is_own,
            borrows=is_shared if not is_main else lambda path: False,
            status=own_status(self.settings, _status),
            read=partial(self._read, rules, borrowed),
            matter=Matter(yaml="1.2", optional=True),
            language=self.locale.language,
            feeds="" if is_main else self.locale.name,
        )

    def _read(self, rules: Rules, borrowed: Rules, source: Source, reading: Reading) -> Post:
        """A post; one that is not translated stands where its translation would."""
        if self.locale == self.main or source.path.startswith(f"{self.folders.localized}/"):
            return read_post(source, reading, rules)
        post = read_post(source, reading, borrowed)
        path = posixpath.join(self.folders.localized, self.folders.inner(source.path))
        return replace(post, source=replace(source, path=path))

    @property
    def base(self) -> str:
        """`baseUrl` in this language."""
        return _path_of(self.locale.url)

    def rules(self, language: str) -> Rules:
        """The rules that posts are read by."""
        folders, config, generator = self.folders, self.config, self.settings.generator
        route = f"{self.instance.route}/" if self.instance.route else ""

        def address(source: Source, naming: Naming) -> str:
            slug = text_in(source.fields, "slug") or file_slug(folders.inner(source.path))
            path = permalink(self.base, self.instance.route, slug, config.trailing_slash)
            return absolute(self.locale.url, path)

        return Rules(
            url=self.locale.url,
            language=language,
            permalink=own_permalink(self.settings, address, home=route, slugify=kebab_case, names=kebab_case),
            dates=partial(_dates, folders, own_keys(generator.date, ("date",)), generator.updated),
            title=partial(_title, folders),
            categories=lambda source, reading: (),
            tags=lambda source, reading: _tags(source.fields, self.tags),
            authors=lambda source, reading: self._authors(source, reading.report),
            slug=lambda source: text_in(source.fields, "slug") or "",
            heading=lambda source: _own_title(source) or file_title(folders.inner(source.path)),
            excerpting=lambda source: Excerpting(self.instance.marks),
        )

    def _authors(self, source: Source, report: Report) -> tuple[Author, ...]:
        fields = source.fields
        legacy = _legacy_author(fields, self.locale.url)
        if "authors" not in fields:
            return (legacy,) if legacy and legacy.name else ()
        given = fields.values["authors"]
        if legacy:
            message = "authors and author stand here both"
            raise FeedsError(message, fields.at("authors"), "keep authors alone", rule="author")
        entries = given if isinstance(given, list) else [given]
        found = [self._author(entry, fields, report) for entry in entries]
        return tuple(dict.fromkeys(author for author in found if author.name))

    def _author(self, entry: Value, fields: Fields, report: Report) -> Author:
        own = entry if isinstance(entry, dict) else {"key": entry}
        texts = {key: line(text) for key, value in own.items() if (text := text_of(value)) is not None}
        if not any(texts.get(name) for name in ("key", "name", "imageURL", "image_url")):
            raise wrong(entry, fields, "authors", "names of authors, or name: and url: of each")
        key = texts.get("key", "")
        known = (self.authors or {}).get(key) if key else Author("")
        if known is None:
            message = f"the author {key!r} is not in {self.instance.authors}"
            if self.config.is_known:
                help = _NO_KEY.format(self.instance.authors)
                raise FeedsError(message, fields.at("authors"), help, rule="author")
            warn(report, "author", f"{message}; shown as written", fields.at("authors"))
            known = Author(key)
        return replace(
            known,
            name=texts.get("name", known.name),
            id=key,
            url=web_address(texts.get("url", ""), self.locale.url) or known.url,
            email=texts.get("email", known.email),
        )


def load_reader(
    settings: Settings, config: Docusaurus, instance: Instance, locale: Locale, folders: Folders
) -> BlogReader:
    """One blog in one language, its authors and tags read.

    Raises:
        FeedsError: one of these files cannot be read, or a file of tags is named that is not there.
    """
    authors = folders.find(instance.authors)
    tags = folders.find(instance.tags) if instance.tags else None
    if instance.tags and instance.must_have_tags and not tags:
        place = Location(posixpath.join(folders.content, instance.tags))
        raise FeedsError(
            "the file of tags is not there", place, "make it, or mend the option tags", rule="tags"
        )
    route = joined(instance.route, instance.authors_route)
    base, slash = _path_of(locale.url), config.trailing_slash
    return BlogReader(
        settings,
        config,
        instance,
        locale,
        config.locales[0],
        folders,
        _load_authors(
            *authors, locale.url, lambda slug: absolute(locale.url, permalink(base, route, slug, slash))
        )
        if authors
        else None,
        _load_tags(*tags) if tags else {},
    )


def _matcher(instance: Instance) -> Callable[[str], bool]:
    """Whether a path below the blog's folder is that of a post."""
    try:
        included, excluded = match_globs(instance.include), match_globs(instance.exclude)
    except ValueError as error:
        raise FeedsError(f"the blog's include or exclude: {error}", rule="config-value") from None

    def matches(path: str) -> bool:
        hidden = any(part.startswith(".") for part in path.split("/"))
        return not hidden and included(path) and not excluded(path)

    return matches


def _status(source: Source) -> str:
    draft, unlisted = flag_in(source.fields, "draft"), flag_in(source.fields, "unlisted")
    if draft and unlisted:
        message = "a post is either a draft or unlisted"
        raise FeedsError(message, source.fields.at("unlisted"), "keep one of the two", rule="draft")
    return "draft" if draft else "unlisted" if unlisted else ""


def _dates(
    folders: Folders, published: tuple[str, ...], updated: tuple[str, ...], source: Source, reading: Reading
) -> Dates:
    fields = source.fields
    key = first_key(fields, published)
    history = reading.history(source)
    named = file_date(folders.inner(source.path))
    if key and not is_empty(fields.values[key]):
        date = parse_docusaurus_date(fields.values[key], fields)
        date = at_time(date, str(fields.values[key]), reading.time)
    elif named:
        date = at_time(_named_date(named, fields), named, reading.time)
    elif history and history.created:
        date = history.created
    else:
        raise _no_date(source, uncommitted=history is not None)
    later = first_key(fields, updated)
    last = fields.values.get("last_update")
    value = fields.values[later] if later else last.get("date") if isinstance(last, dict) else None
    if value is not None and not is_empty(value):
        return Dates(date, at_time(parse_docusaurus_date(value, fields), str(value), reading.time))
    return Dates(date, history.updated if history else None)


def _named_date(text: str, fields: Fields) -> dt.datetime:
    date = parse_text_date(text)
    if date is None:
        message = f"the date {text!r} in the file's name is no day of the calendar"
        raise FeedsError(message, Location(fields.path), "rename the file, or write date: …", rule="date")
    return date


def _no_date(source: Source, *, uncommitted: bool) -> FeedsError:
    """Docusaurus takes the file's own time, which every copy of it changes."""
    error = no_date(source, uncommitted=uncommitted)
    if uncommitted:
        return error
    help = f'{error.help}, or dates = "git" under [posts] in feeds.toml'
    return FeedsError(error.message, error.at, help, rule=error.rule)


def _own_title(source: Source) -> str | None:
    title = text_in(source.fields, "title", may_be_empty=True)
    if title is not None:
        return title
    heading = find_title(source.body)
    return heading[0] if heading else None


def _title(folders: Folders, source: Source, reading: Reading) -> str:
    """The title; where Docusaurus shows an empty one, the file's name."""
    title = _own_title(source)
    found = line(file_title(folders.inner(source.path)) if title is None else title)
    if not found:
        found = stem_of(source.path)
        warn(reading.report, "title", f"the title is empty, {found!r} is shown", source.fields.at("title"))
    return found


def _tags(fields: Fields, known: Mapping[str, str]) -> tuple[str, ...]:
    if "tags" not in fields:
        return ()
    given = fields.values["tags"]
    if not isinstance(given, list):
        raise FeedsError("tags must be a list", fields.at("tags"), "write tags: [one, two]", rule="tags")
    found = []
    for tag in given:
        label = text_of(tag.get("label")) if isinstance(tag, dict) else text_of(tag)
        if not label or (isinstance(tag, dict) and not text_of(tag.get("permalink"))):
            raise wrong(tag, fields, "tags", "texts, or label: and permalink: of each")
        found.append(line(label if isinstance(tag, dict) else known.get(label, label)))
    return tuple(dict.fromkeys(name for name in found if name))


def _legacy_author(fields: Fields, base: str) -> Author | None:
    """The author as older keys name one; None without any of them."""
    given = {key: text_in(fields, key) or "" for key in _AUTHOR_KEYS}
    if not any(given.values()):
        return None
    return Author(given["author"], url=web_address(given["author_url"] or given["authorURL"], base))


def _load_authors(path: Path, name: str, base: str, page: Callable[[str], str]) -> dict[str, Author]:
    """The authors by key; `page` gives the address of an author's page by its slug."""
    found = {}
    for key, value in parse_yaml(load_text(path, name), name).values.items():
        given = value if isinstance(value, dict) else {}
        texts = {name: line(text) for name, item in given.items() if (text := text_of(item)) is not None}
        own = given.get("page")
        slug = text_of(own.get("permalink")) or "" if isinstance(own, dict) else ""
        if not slug and own is not None and str(own) in ("true", "True", "TRUE"):
            slug = kebab_case(key)
        found[key] = Author(
            name=texts.get("name", ""),
            id=key,
            url=web_address(texts.get("url", ""), base) or (page(slug) if slug else ""),
            email=texts.get("email", ""),
            avatar=web_address(texts.get("image_url") or texts.get("imageURL") or "", base),
        )
    return found


def _load_tags(path: Path, name: str) -> dict[str, str]:
    """The labels of known tags by key."""
    found = {}
    for key, value in parse_yaml(load_text(path, name), name).values.items():
        label = text_of(value.get("label")) if isinstance(value, dict) else None
        found[key] = label or key[:1].upper() + key[1:].lower()
    return found


def _path_of(url: str) -> str:
    """The path of an absolute address, not encoded."""
    return unquote(urlsplit(url).path)
