"""What `docusaurus.config.js` says of a site and its blogs; it is read as text (https://docusaurus.io/docs/api)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from feeds.config import Settings
from feeds.data import as_bool, is_null
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.generators.base import site_url
from feeds.generators.docusaurus.paths import encoded
from feeds.generators.javascript.reading import (
    Call,
    Items,
    Js,
    Members,
    Pattern,
    Script,
    Unknown,
    parse_javascript,
    unknown_error,
)
from feeds.model import Report, Scalar
from feeds.texts import load_text

FILENAMES = tuple(f"docusaurus.config.{ending}" for ending in ("js", "mjs", "cjs", "ts", "mts", "cts"))
INCLUDE = ("**/*.{md,mdx}",)
EXCLUDE = (
    "**/_*.{js,jsx,ts,tsx,md,mdx}",
    "**/_*/**",
    "**/*.test.{js,jsx,ts,tsx}",
    "**/__tests__/**",
)
PLUGIN = "docusaurus-plugin-content-blog"
_DEFAULT_ID = "default"
_PRESETS = frozenset({"classic", "@docusaurus/classic", "@docusaurus/preset-classic"})
_PLUGINS = frozenset({"content-blog", "@docusaurus/content-blog", "@docusaurus/plugin-content-blog"})
_BLOG_KEYS = frozenset({"path", "routeBasePath", "blogTitle", "authorsMapPath", "postsPerPage"})
_BLANKS = re.compile(r"\\s[*+?]?|\(\?:|[()\s]|\\(?=[/{}*!<>-])")
_MARK = re.compile(r"(?:<!--|\{/\*|/\*)?([\w-]+)(?:--+>|\*/\}?)?")
_WRITE_OUT = "write it there as a plain text"


@dataclass(frozen=True, slots=True)
class Instance:
    """One blog as the plugin is told of it; paths count from the site's folder, routes have no outer `/`.

    `tags` is the file of known tags, None where there is to be none, `must_have_tags` whether it has to be
    there; `marks` are the texts of the comments that end an excerpt.
    """

    id: str = _DEFAULT_ID
    path: str = "blog"
    route: str = "blog"
    include: tuple[str, ...] = INCLUDE
    exclude: tuple[str, ...] = EXCLUDE
    authors: str = "authors.yml"
    authors_route: str = "authors"
    tags: str | None = "tags.yml"
    must_have_tags: bool = False
    description: str = ""
    marks: tuple[str, ...] = ("truncate",)

    @property
    def localized(self) -> str:
        """The name of its folder in that of a translation."""
        return PLUGIN if self.id == _DEFAULT_ID else f"{PLUGIN}-{self.id}"


@dataclass(frozen=True, slots=True)
class Locale:
    """A language of the site: where it is published, with a final `/`, where its translations lie, if any."""

    name: str
    language: str
    url: str
    folder: str
    translates: bool = True


@dataclass(frozen=True, slots=True)
class Docusaurus:
    """A site's configuration. `url` ends with `/`; `trailing_slash` None leaves addresses as they are made.

    The first of the locales is the default one. `format` tells which files are MDX: "mdx" all, "detect" those
    that end so, "md" none; `math` tells whether formulas are set, `is_known` whether there is a configuration
    at all.
    """

    title: str
    tagline: str
    url: str
    base: str
    trailing_slash: bool | None
    copyright: str
    locales: tuple[Locale, ...]
    instances: tuple[Instance, ...]
    static: tuple[str, ...]
    math: bool
    format: str
    is_known: bool


def load_docusaurus(path: Path | None, name: str, settings: Settings, report: Report) -> Docusaurus:
    """What the configuration says, or Docusaurus' defaults where there is none.

    Args:
        path: the file.
        name: what messages call it.
        settings: what the user says wins.
        report: told of what only running the file would tell, where a default may do.

    Raises:
        FeedsError: the file cannot be read, or does not tell what is needed.
    """
    reader, root, text = _Reader(name, report, {}), Members(), ""
    if path is not None:
        text = load_text(path, name)
        script = parse_javascript(text, name)
        reader = _Reader(name, report, script.imports)
        root = _root(script, settings, reader)
    url = _url(root, settings, reader, name if path else "")
    locales = _locales(root, url, settings, reader)
    theme = root.get("themeConfig")
    footer = theme.get("footer") if isinstance(theme, Members) else None
    return Docusaurus(
        title=settings.site.title
        or reader.text(root, "title", "Blog", 'write title = "…" under [site] in feeds.toml'),
        tagline=settings.site.description or reader.optional(root, "tagline"),
        url=url,
        base=urlsplit(url).path,
        trailing_slash=reader.flag(root, "trailingSlash"),
        copyright=reader.optional(footer, "copyright") if isinstance(footer, Members) else "",
        locales=locales,
        instances=_chosen(_instances(root, settings, reader), settings, name),
        static=reader.texts(root, "staticDirectories", ("static",)),
        math="remark-math" in text,
        format=reader.text(reader.members(root, "markdown"), "format", "mdx", _WRITE_OUT),
        is_known=path is not None,
    )


def _root(script: Script, settings: Settings, reader: _Reader) -> Members:
    value = script.exports.get("default")
    if isinstance(value, Members):
        return value
    help = f"write the object in {script.path}, or url under [site] and folder under [posts] in feeds.toml"
    if isinstance(value, Unknown) and not (settings.site.url and settings.posts.folder):
        raise unknown_error(value, "the configuration", script.path, help)
    if value is None and not settings.site.url:
        message = "the configuration exports nothing that can be read"
        raise FeedsError(message, Location(script.path), help, rule="javascript")
    reader.warn("the configuration cannot be read; Docusaurus' defaults are taken", None, help)
    return Members()


def _url(root: Members, settings: Settings, reader: _Reader, name: str) -> str:
    help = 'write url = "https://example.org/" under [site] in feeds.toml, or use --base-url'
    own = ""
    if not settings.site.url:
        address = reader.text(root, "url", "", help)
        base = reader.text(root, "baseUrl", "/", help)
        own = f"{address.rstrip('/')}/{encoded(base.strip('/'))}" if address else ""
    where = f"set url in {name}, or " if name else "no docusaurus.config.js is here to say it; "
    return site_url(settings, own, where)


def _locales(root: Members, url: str, settings: Settings, reader: _Reader) -> tuple[Locale, ...]:
    i18n = reader.members(root, "i18n")
    default = reader.text(
        i18n, "defaultLocale", settings.site.language or "en", f"{_WRITE_OUT}, or not at all"
    )
    names = reader.texts(i18n, "locales", (default,))
    folder = reader.text(i18n, "path", "i18n", _WRITE_OUT)
    configs = reader.members(i18n, "localeConfigs")
    found = []
    for name in dict.fromkeys((default, *names)):
        own = reader.members(configs, name)
        given = {key: reader.text(own, key, "", _WRITE_OUT) for key in ("htmlLang", "path", "url", "baseUrl")}
        address = url if name == default else f"{url}{name}/"
        if given["url"] or given["baseUrl"]:
            host = given["url"].rstrip("/") or "{0.scheme}://{0.netloc}".format(urlsplit(url))
            base = given["baseUrl"] or urlsplit(address).path
            address = f"{host}/{encoded(base.strip('/'))}".rstrip("/") + "/"
        language = (given["htmlLang"] or name).replace("_", "-")
        if name == default and settings.site.language:
            language = settings.site.language
        translates = reader.flag(own, "translate") is not False
        found.append(Locale(name, language, address, f"{folder}/{given['path'] or name}", translates))
    return tuple(found)


def _instances(root: Members, settings: Settings, reader: _Reader) -> list[Instance]:
    found: list[Instance] = []
    presets = root.get("presets")
    for name, options in reader.entries(presets):
        if name in _PRESETS:
            blog = options.get("blog") if options else None
            if not (isinstance(blog, Scalar) and as_bool(blog) is False):
                found.append(_instance(reader.members(options or Members(), "blog"), settings, reader))
    for name, options in reader.entries(root.get("plugins")):
        # A plugin of the site's own that wraps Docusaurus' blog is given the options of a blog.
        wraps = "blog" in name.lower() and options is not None and bool(_BLOG_KEYS & options.keys())
        if name in _PLUGINS or wraps:
            found.append(_instance(options or Members(), settings, reader))
    if not found and not root:
        found.append(Instance())
    elif not found and (root.unknown or isinstance(presets, Unknown)):
        unknown = presets if isinstance(presets, Unknown) else root.unknown[0]
        reader.warn("the presets are not known; a blog in blog/ is taken", unknown, _WRITE_OUT)
        found.append(Instance())
    return found


def _chosen(instances: list[Instance], settings: Settings, name: str) -> tuple[Instance, ...]:
    """The blogs that are meant: where the settings name a folder, the one that lies there."""
    if folder := settings.posts.folder.strip("/"):
        there = [instance for instance in instances if instance.path == folder]
        return tuple(there or [replace(instance, path=folder) for instance in instances[:1] or [Instance()]])
    if not instances:
        help = "add a blog to the preset classic, or name its folder as folder under [posts] in feeds.toml"
        raise FeedsError("the site has no blog", Location(name), help, rule="generator")
    return tuple(instances)


def _instance(options: Members, settings: Settings, reader: _Reader) -> Instance:
    at_folder = 'write folder = "blog" under [posts] in feeds.toml'
    path = settings.posts.folder or reader.text(options, "path", "blog", at_folder)
    tags = options.get("tags")
    has_tags = not (isinstance(tags, Scalar) and (is_null(tags) or as_bool(tags) is False))
    if options.unknown:
        reader.warn("what this adds to the blog's options is not known", options.unknown[0], _WRITE_OUT)
    return Instance(
        id=reader.text(options, "id", _DEFAULT_ID, _WRITE_OUT),
        path=posixpath.normpath(path),
        route=reader.text(options, "routeBasePath", "blog", _WRITE_OUT).strip("/"),
        include=reader.texts(options, "include", INCLUDE),
        exclude=reader.texts(options, "exclude", EXCLUDE),
        authors=reader.text(options, "authorsMapPath", "authors.yml", _WRITE_OUT),
        authors_route=reader.text(options, "authorsBasePath", "authors", _WRITE_OUT),
        tags=reader.text(options, "tags", "tags.yml", _WRITE_OUT) if has_tags else None,
        must_have_tags=has_tags and tags is not None,
        description=reader.optional(options, "blogDescription"),
        marks=_marks(options.get("truncateMarker"), settings, reader),
    )


def _marks(value: Js | None, settings: Settings, reader: _Reader) -> tuple[str, ...]:
    """The texts of the comments that a regular expression for the mark finds."""
    if settings.generator.excerpt_mark:
        return (settings.generator.excerpt_mark,)
    if value is None:
        return ("truncate",)
    if isinstance(value, Pattern):
        parts = [_MARK.fullmatch(part) for part in _BLANKS.sub("", value.source).split("|")]
        known = tuple(part[1] for part in parts if part)
        if len(known) == len(parts):
            return tuple(dict.fromkeys(known))
    message = "which comments the truncateMarker finds is not known"
    at = Location(reader.name, value.line, value.column if not isinstance(value, Members | Items) else None)
    help = 'write excerpt_mark = "truncate" under [generator] in feeds.toml, the text of that comment'
    raise FeedsError(message, at, help, rule="javascript")


class _Reader:
    """Takes texts and flags out of objects; asks for what has to be known and is not."""

    def __init__(self, name: str, report: Report, imports: Mapping[str, str]) -> None:
        self.name, self.report, self.imports = name, report, imports

    def warn(self, message: str, unknown: Unknown | None, help: str) -> None:
        at = Location(self.name, unknown.line, unknown.column) if unknown else Location(self.name)
        self.report(Finding(Severity.WARNING, "javascript", message, at, help))

    def text(self, members: Members, key: str, default: str, help: str) -> str:
        """The text of a key, which has to be known if it is there."""
        value = members.get(key)
        if isinstance(value, Unknown):
            raise unknown_error(value, key, self.name, help)
        return str(value) if isinstance(value, Scalar) and not is_null(value) else default

    def optional(self, members: Members, key: str) -> str:
        """The text of a key; "" where it is missing, or is not known."""
        value = members.get(key)
        return str(value) if isinstance(value, Scalar) and not is_null(value) else ""

    def flag(self, members: Members, key: str) -> bool | None:
        value = members.get(key)
        if isinstance(value, Unknown):
            raise unknown_error(value, key, self.name, f"write {key}: true or {key}: false")
        return as_bool(value) if isinstance(value, Scalar) else None

    def members(self, members: Members, key: str) -> Members:
        """The object of a key; an empty one where it is none, or is not known."""
        value = members.get(key)
        if isinstance(value, Unknown):
            self.warn(f"{key} is not known; Docusaurus' defaults are taken", value, _WRITE_OUT)
        return value if isinstance(value, Members) else Members()

    def texts(self, members: Members, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """The texts of a list, which have to be known if they are there."""
        value = members.get(key)
        for item in value if isinstance(value, Items) else (value,):
            if isinstance(item, Unknown):
                raise unknown_error(item, key, self.name, "write the list out there as plain texts")
        if not isinstance(value, Items):
            return default
        return tuple(str(item) for item in value if isinstance(item, Scalar))

    def entries(self, value: Js | None) -> list[tuple[str, Members | None]]:
        """The names and options of presets or plugins; those that are not known by name are left out."""
        found = []
        for entry in value if isinstance(value, Items) else ():
            named, options = (entry, None) if not isinstance(entry, Items) else (*entry, None, None)[:2]
            if name := self._name_of(named):
                found.append((name, options if isinstance(options, Members) else None))
        return found

    def _name_of(self, value: Js | None) -> str:
        if isinstance(value, Call) and value.name in ("require", "require.resolve") and value.arguments:
            value = value.arguments[0]
        if isinstance(value, Unknown):
            return self.imports.get(value.text, "")
        return str(value) if isinstance(value, Scalar) else ""
