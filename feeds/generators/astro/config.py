"""Astro's configuration, its content collections and its pages, read as text (https://docs.astro.build/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feeds.errors import FeedsError, Location
from feeds.generators.base import walk_folders
from feeds.generators.eleventy.config import choice_of_address
from feeds.generators.javascript.reading import Call, Items, Js, Members, Script, Unknown, parse_javascript
from feeds.generators.values import line, warn
from feeds.model import Report, Scalar
from feeds.texts import load_text

FILENAMES = tuple(f"astro.config.{ending}" for ending in ("mjs", "ts", "js", "cjs", "mts", "cts"))
_CONTENT_CONFIGS = tuple(
    f"{stem}.{ending}"
    for stem in ("content.config", "content/config")
    for ending in ("ts", "mts", "js", "mjs")
)
_CONSTANTS = (
    "consts",
    "constants",
    "config",
    "site.config",
    "site-config",
    "siteConfig",
    "data/site",
    "data/config",
    "data/constants",
    "config/index",
    "lib/config",
    "utils/config",
)
_TABLES = (
    "SITE",
    "site",
    "siteConfig",
    "SITE_CONFIG",
    "SITE_METADATA",
    "siteMetadata",
    "config",
    "SITE_INFO",
)

_COLLECTION = re.compile(r"getCollection\s*(?:<[^>(]{0,200}>)?\(\s*[\"'`]([\w-]+)[\"'`]")
_PARAMS = re.compile(
    r"params\s*:\s*\{\s*([A-Za-z_]\w*)\s*(?::\s*([^,{}()]{1,200}(?:\([^(){}]{0,200}\))?[^,{}]{0,200}?))?\s*,?\s*\}"
)
_PATH_OF = re.compile(r"getPath\(\s*[A-Za-z_]\w*\.id\s*,\s*[A-Za-z_]\w*\.filePath\s*,\s*false\s*\)")
_OWN_ID = re.compile(r"\(?\s*[A-Za-z_]\w*\.(id|slug)\s*\)?")
_DYNAMIC = re.compile(r"\[(\.\.\.)?([A-Za-z_]\w*)\]")
_LISTS = frozenset(
    "tag tags category categories topic topics author authors page pages archive archives series".split()
)
_MAX_PAGE = 200_000
_MAX_PAGES = 2_000


@dataclass(frozen=True, slots=True)
class Collection:
    """A content collection: files below `base` that match `patterns`, which count from there.

    `legacy` are those of Astro 2 to 4, which leave out files and folders that begin with `_`.
    """

    name: str
    base: str
    patterns: tuple[str, ...] = ("**/*.md", "**/*.mdx")
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A page that shows the entries of a collection: its path, the folder that its address begins with, and
    what its parameter is made of, "" where it is the entry's id, `skips` that without folders of `_` names.
    """

    path: str
    folder: str
    collections: tuple[str, ...]
    worked_out: str = ""
    skips: bool = False


@dataclass(frozen=True, slots=True)
class AstroConfig:
    """What the configuration says; `source` is the folder of all sources, from the project's root."""

    path: str
    options: Mapping[str, Js]
    text: str
    source: str = "src"
    calls: tuple[Call, ...] = ()
    constants: Mapping[str, Js] = field(default_factory=dict)

    def option(self, *keys: str) -> Js | None:
        """The value of an option, or of one within it."""
        value: Js | None = None
        members: Mapping[str, Js] = self.options
        for key in keys:
            value = members.get(key)
            members = value if isinstance(value, Members) else {}
        return value

    def word(self, *keys: str) -> str:
        """The text of an option; "" where it is none."""
        value = self.option(*keys)
        return line(value) if isinstance(value, Scalar) and value.kind in ("str", "bool") else ""

    def call(self, name: str) -> Members | None:
        """What an integration is given, by the name of its function; None where it is not used."""
        for call in self.calls:
            if call.name == name:
                given = call.arguments[0] if call.arguments else Members()
                return given if isinstance(given, Members) else Members()
        return None

    def constant(self, name: str) -> str:
        """The text that one of the site's own constants is, or has: `SITE_URL`, `SITE.website`."""
        table, _, key = name.partition(".")
        value = self.constants.get(table)
        if key:
            value = value.get(key) if isinstance(value, Members) else None
        return line(value) if isinstance(value, Scalar) and value.kind == "str" else ""

    def told(self, *keys: str) -> str:
        """What the site's own constants say under one of the keys, in a table or by itself."""
        for name in _TABLES:
            table = self.constants.get(name)
            for key in keys if isinstance(table, Members) else ():
                value = table.get(key)  # type: ignore[union-attr]
                if isinstance(value, Scalar) and value.kind == "str" and value.strip():
                    return line(value)
        for key in keys:
            value = self.constants.get(f"SITE_{key.upper()}")
            if isinstance(value, Scalar) and value.kind == "str":
                return line(value)
        return ""


def load_config(root: Path, config: Path | None) -> AstroConfig:
    """The configuration of a project.

    Raises:
        FeedsError: it cannot be read, or is malformed.
    """
    path = config.relative_to(root).as_posix() if config and config.is_relative_to(root) else FILENAMES[0]
    text = _text(config, path) if config else ""
    script = parse_javascript(text, path) if config else None
    exported = script.exports.get("default") if script else None
    options: Mapping[str, Js] = exported if isinstance(exported, Members) else {}
    given = options.get("srcDir")
    source = posixpath.normpath(given) if isinstance(given, Scalar) else "src"
    calls = script.calls if script else ()
    return AstroConfig(path, options, text, source, calls, dict(_constants(root / source)))


def site_address(config: AstroConfig, report: Report) -> str:
    """The site's URL as far as it is known, with the folder that the site lies in."""
    value = config.option("site")
    url = line(value) if isinstance(value, Scalar) and value.kind == "str" else ""
    if isinstance(value, Unknown) and not (url := config.constant(value.text)):
        url = choice_of_address(value, config.text) or config.told("website", "url", "site", "href", "origin")
        if url:
            message = f"the site's URL is worked out by `{value.text}`; {url!r} is taken for it"
            at = Location(config.path, value.line, value.column)
            warn(report, "site-url", message, at, "write url under [site] in feeds.toml to be sure")
    base = config.word("base").strip("/")
    return f"{url.rstrip('/')}/{base}/" if url and base else url


def load_collections(root: Path, config: AstroConfig) -> tuple[Collection, ...]:
    """The content collections, in order; every folder of `content` where none is configured.

    Raises:
        FeedsError: their configuration is malformed.
    """
    for name in _CONTENT_CONFIGS:
        path = root / config.source / name
        if path.is_file():
            shown = f"{config.source}/{name}"
            return tuple(_collections(parse_javascript(_text(path, shown), shown), config.source))
    folder = root / config.source / "content"
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
    return tuple(Collection(name, f"{config.source}/content/{name}", legacy=True) for name in names)


def _collections(script: Script, source: str) -> Iterator[Collection]:
    exported = script.exports.get("collections")
    for name, value in exported.items() if isinstance(exported, Members) else ():
        if not isinstance(value, Call) or not value.arguments:
            continue
        given = value.arguments[0]
        loader = given.get("loader") if isinstance(given, Members) else None
        if isinstance(loader, Call):
            if found := _globbed(name, loader):
                yield found
            elif loader.name == "docsLoader":
                yield Collection(name, f"{source}/content/docs", ("**/[^_]*.md", "**/[^_]*.mdx"))
        elif isinstance(given, Members) and given.get("type", "content") == "content":
            yield Collection(name, f"{source}/content/{name}", legacy=True)


def _globbed(name: str, loader: Call) -> Collection | None:
    options = loader.arguments[0] if loader.arguments else None
    if loader.name != "glob" or not isinstance(options, Members):
        return None
    base, pattern = options.get("base"), options.get("pattern")
    given = pattern if isinstance(pattern, Items) else [pattern]
    patterns = tuple(str(item) for item in given if isinstance(item, Scalar))
    if isinstance(base, Unknown) or not patterns or "generateId" in options:
        return None
    folder = posixpath.normpath(str(base).lstrip("/")) if isinstance(base, Scalar) else "."
    return Collection(name, "" if folder == "." else folder, patterns)


def load_routes(root: Path, config: AstroConfig) -> tuple[Route, ...]:
    """The pages with a parameter in their path that show entries of collections, but for lists of them."""
    top = root / config.source / "pages"
    found: list[Route] = []
    count = 0
    for folder, names in walk_folders(top) if top.is_dir() else ():
        for name in names:
            path = posixpath.join(folder, name)
            count += 1
            if name.endswith(".astro") and "[" in path and count <= _MAX_PAGES:
                route = _route(path, top / path)
                found += [route] if route else []
    return tuple(found)


def _route(path: str, file: Path) -> Route | None:
    parts = path.removesuffix(".astro").removesuffix("/index").split("/")
    dynamic = [part for part in parts if "[" in part]
    if len(dynamic) != 1 or dynamic[0] != parts[-1] or not _DYNAMIC.fullmatch(parts[-1]):
        return None
    parameter = _DYNAMIC.fullmatch(parts[-1])
    if not _LISTS.isdisjoint(parts[:-1]) or (parameter and parameter[2] in _LISTS):
        return None
    try:
        text = load_text(file, path)[:_MAX_PAGE]
    except FeedsError:
        return None
    if "getStaticPaths" not in text and "getEntry" not in text:
        return None
    params = _PARAMS.search(text)
    value = (params[2] or params[1]) if params else ""
    skips = _PATH_OF.fullmatch(value) is not None and _skips_folders(file.parents[path.count("/") + 1])
    worked_out = "" if not params or skips or _OWN_ID.fullmatch(value) else " ".join(value.split())
    folder = "/".join(parts[:-1])
    return Route(path, f"{folder}/" if folder else "", tuple(_COLLECTION.findall(text)), worked_out, skips)


def _skips_folders(source: Path) -> bool:
    """Whether the `getPath` of the sources leaves out the folders whose names begin with `_` (AstroPaper)."""
    try:
        text = (source / "utils" / "getPath.ts").read_text("utf-8-sig")[:_MAX_PAGE]
    except (OSError, UnicodeDecodeError):
        return False
    return re.search(r"""!\w+\.startsWith\(["']_["']\)""", text) is not None


def mentions_drafts(root: Path, config: AstroConfig) -> bool:
    """Whether the site's own code looks at `draft` anywhere."""
    top = root / config.source
    for folder, names in walk_folders(top) if top.is_dir() else ():
        for name in names:
            if name.endswith((".astro", ".ts", ".js", ".mjs", ".tsx", ".jsx")) and not name.startswith(
                ("content.config", "config.")
            ):
                try:
                    if re.search(r"\bdraft\b", load_text(top / folder / name, name)[:_MAX_PAGE]):
                        return True
                except FeedsError:
                    continue
    return False


def _constants(source: Path) -> Iterator[tuple[str, Js]]:
    for stem in _CONSTANTS:
        for ending in ("ts", "js", "mjs"):
            path = source / f"{stem}.{ending}"
            if path.is_file():
                try:
                    script = parse_javascript(_text(path, path.name), path.name)
                except FeedsError:
                    continue
                yield from script.variables.items()
                if isinstance(default := script.exports.get("default"), Members):
                    yield "site", default


def _text(path: Path, name: str) -> str:
    return load_text(path, name)
