"""Which files Hugo makes pages of: bundles, sections and languages, as they lie on the disk."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from feeds.errors import FeedsError, Location
from feeds.generators.base import shown, walk_folders
from feeds.generators.hugo.config import HugoConfig, Table, flag_in, text_in, texts_in
from feeds.generators.hugo.matter import Cascade, cascades_of, go_text, is_draft, load_matter
from feeds.generators.hugo.paths import HTML, MARKDOWN, OTHER_MARKUP, ContentPath, normal, parse_path
from feeds.generators.hugo.permalinks import Section
from feeds.generators.values import warn
from feeds.model import Fields, Report, Scalar, Value
from feeds.texts import load_head

PAGES = MARKDOWN + HTML
_CONTENT = PAGES + OTHER_MARKUP
_USUAL = ("posts", "post", "blog", "news", "articles")
_EMPTY = Fields("", {})
_HEAD = 4096
_TYPE = re.compile(rb"(?im)^[ \t]*[\"']?type[\"']?[ \t]*[:=]")


@dataclass(frozen=True, slots=True)
class Language:
    """One language of a site: its key in the configuration, what that says of it, its part of addresses."""

    key: str
    table: Table
    prefix: str = ""
    is_default: bool = False

    def text(self, config: HugoConfig, key: str) -> str:
        """A text of the language, else of the whole site."""
        return text_in(self.table, key) or config.text(key)

    def locale(self, config: HugoConfig) -> str:
        """Its tag, such as `en-US`."""
        own = text_in(self.table, "locale") or text_in(self.table, "languagecode")
        whole = config.text("locale") or config.text("languagecode")
        return (own or (whole if self.is_default else "") or self.key).replace("_", "-")


def load_languages(config: HugoConfig) -> tuple[Language, ...]:
    """The languages that are published, the default one first."""
    default = config.text("defaultcontentlanguage", "en").lower()
    tables = {key: table for key, table in config.table("languages").items() if isinstance(table, dict)}
    off = disabled_languages(config)
    tables = {key: table for key, table in tables.items() if key not in off}
    if tables and default not in tables and "defaultcontentlanguage" not in config.values:
        default = min(tables, key=lambda key: (_weight(tables[key]), key))
    keys = sorted(tables, key=lambda key: (key != default, _weight(tables[key]), key)) or [default]
    below = config.flag("defaultcontentlanguageinsubdir")
    hosts = any("baseurl" in table for table in tables.values())

    def prefix(key: str) -> str:
        return "" if hosts or (key == default and not below) else key

    return tuple(Language(key, tables.get(key, {}), prefix(key), key == default) for key in keys)


def disabled_languages(config: HugoConfig) -> frozenset[str]:
    """The keys of languages that are configured and not published."""
    tables = {key: table for key, table in config.table("languages").items() if isinstance(table, dict)}
    off = {key for key, table in tables.items() if flag_in(table, "disabled", False)}
    return frozenset(off | {name.lower() for name in texts_in(config.values, "disablelanguages") or ()})


def _weight(table: Table) -> int:
    text = text_in(table, "weight")
    return int(text) if text.lstrip("-").isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Root:
    """A folder of content: where it lies below the docs folder, what Hugo has it as, its files' language."""

    folder: str
    target: str
    language: str


def content_roots(root: Path, config: HugoConfig, languages: tuple[Language, ...], own: str) -> list[Root]:
    """The folders of content, relative to the project's: those mounted, else each language's `contentDir`.

    Args:
        root: the project's folder.
        config: the configuration.
        languages: those of the site, the default one first.
        own: the folder that the user's settings name in their place, "" for none.
    """
    if own:
        return [Root(_clean(own), "", languages[0].key)]
    mounts = config.table("module").get("mounts")
    found = [mount for mount in mounts if isinstance(mount, dict)] if isinstance(mounts, list) else []
    roots = [each for each in (_mounted(mount, languages[0].key) for mount in found) if each]
    if not roots:
        roots = [
            Root(_clean(each.text(config, "contentdir") or "content"), "", each.key) for each in languages
        ]
    seen: dict[tuple[str, str], Root] = {}
    for each in roots:
        if (root / each.folder).is_dir() and not each.folder.startswith(".."):
            seen.setdefault((each.folder, each.target), each)
    return list(seen.values())


def _mounted(mount: Table, default: str) -> Root | None:
    target = posixpath.normpath(text_in(mount, "target", "."))
    source = _clean(text_in(mount, "source"))
    if target.split("/")[0] != "content" or posixpath.isabs(source):
        return None
    sites: Value | None = dict(mount)
    for key in ("sites", "matrix", "languages"):
        sites = sites.get(key) if isinstance(sites, dict) else None
    names = [str(item) for item in sites if isinstance(item, Scalar)] if isinstance(sites, list) else []
    language = text_in(mount, "lang") or (names[0] if names else default)
    return Root(source, target.partition("/")[2], language)


def _clean(folder: str) -> str:
    cleaned = posixpath.normpath(folder or ".")
    return "" if cleaned == "." else cleaned


@dataclass(frozen=True, slots=True)
class Located:
    """A page's file: its path as Hugo has it, and the key of its language."""

    path: ContentPath
    language: str


class Content:
    """The content of a site, found on the disk once.

    Args:
        docs: the folder that all paths count from.
        docs_name: what messages call it, "" or ending with `/`.
        roots: the folders of content in it.
        languages: the keys of those that are published, the default one first.
        ignored: patterns of `ignoreFiles`.
        disabled: the keys of languages that are not published.
        report: told of sections whose front matter cannot be read.
    """

    def __init__(
        self,
        docs: Path,
        docs_name: str,
        roots: list[Root],
        languages: tuple[str, ...],
        ignored: tuple[re.Pattern[str], ...] = (),
        disabled: frozenset[str] = frozenset(),
        report: Report = lambda finding: None,
    ) -> None:
        self._docs, self.name, self._languages, self._ignored = docs, docs_name, languages, ignored
        self._roots = sorted(roots, key=lambda root: -len(root.folder))
        self._keys = disabled.union(languages)
        self._disabled, self._report = disabled, report
        self._matter: dict[str, Fields] = {}

    def excluded(self, path: str) -> bool:
        """Whether Hugo never looks at a file, or at a folder with a `/` behind its path."""
        folder = path.rstrip("/")
        if any(part.startswith((".", "#")) or part.endswith("~") for part in folder.split("/")):
            return True
        if not any(_within(folder, root.folder) for root in self._roots):
            return not (path.endswith("/") and any(_within(root.folder, folder) for root in self._roots))
        return any(pattern.search(f"/{self.name}{folder}") for pattern in self._ignored)

    def locate(self, path: str) -> Located | None:
        """What Hugo makes of a file; None for what is no page, or is part of a bundle."""
        if not path.lower().endswith(_CONTENT) or self.excluded(path) or self._bundled(path):
            return None
        root = next((root for root in self._roots if _within(path, root.folder)), None)
        below = self.below(path)
        if root is None or below is None:
            return None
        found = parse_path(below, self._keys)
        language = found.language or root.language or self._languages[0]
        return None if language in self._disabled else Located(found, language)

    def bundle(self, path: str) -> str | None:
        """The folder of the leaf bundle that a file lies in; None outside of them."""
        return next((folder for folder in _folders(path) if folder in self.bundles), None)

    def _bundled(self, path: str) -> bool:
        """Whether a file is a resource of a bundle, in any language and folder, and no page of its own."""
        below = self.below(path) or path
        folder = next((each for each in _folders(below) if each in self._leaves), None)
        own = posixpath.dirname(below) == folder and _is_leaf(path, self._keys)
        return folder is not None and not own

    @cached_property
    def _leaves(self) -> frozenset[str]:
        """The folders of all bundles, as Hugo has them once it has laid the folders of content together."""
        paths = (path for path in self.files if _is_leaf(path, self._keys))
        return frozenset(posixpath.dirname(self.below(path) or path) for path in paths)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every file of the content folders that Hugo looks at, sorted."""
        found = {path for root in self._roots for path in self._walk(root.folder)}
        return tuple(sorted(found))

    def _walk(self, folder: str) -> Iterator[str]:
        for below, names in walk_folders(self._docs / folder):
            paths = (posixpath.join(folder, below, name) for name in names)
            yield from (path for path in paths if not self.excluded(path))

    @cached_property
    def bundles(self) -> frozenset[str]:
        """The folders that hold an `index.md`."""
        return frozenset(posixpath.dirname(path) for path in self.files if _is_leaf(path, self._keys))

    @cached_property
    def pages(self) -> Mapping[str, Located]:
        """Every page's file."""
        return {path: found for path in self.files if (found := self.locate(path))}

    @cached_property
    def _branches(self) -> Mapping[tuple[str, str], str]:
        """The file of each section's own page, by language and normal path of the section."""
        return {
            (found.language, normal(found.path.folder)): path
            for path, found in self.pages.items()
            if found.path.kind == "branch"
        }

    @cached_property
    def _tops(self) -> frozenset[tuple[str, str]]:
        """The folders at the top that hold pages, by language."""
        return frozenset((found.language, normal(found.path.section)) for found in self.pages.values())

    def branch(self, language: str, folder: str) -> str | None:
        """The file of the page of a section, a folder as Hugo has it; None where it has none."""
        return self._branches.get((language, normal(folder)))

    def is_section(self, language: str, folder: str) -> bool:
        """Whether a folder is a section: one with a page of its own, or one at the top with any page."""
        return self.branch(language, folder) is not None or (
            "/" not in folder and (language, normal(folder)) in self._tops
        )

    def below(self, path: str) -> str | None:
        """A file's path as Hugo has it, below the content folder; None outside of it."""
        root = next((root for root in self._roots if _within(path, root.folder)), None)
        return posixpath.join(root.target, path[len(root.folder) :].lstrip("/")) if root else None

    def matter(self, path: str) -> Fields:
        """The front matter of a page; empty where it cannot be read.

        That is told of pages of sections, which hand values down to posts; posts tell it themselves, and of
        other pages no more than the address is wanted.
        """
        if path not in self._matter:
            try:
                self._matter[path] = load_matter(self._docs / path, self.name + path)
            except FeedsError as error:
                self._matter[path] = _EMPTY
                if posixpath.basename(path).startswith("_index."):
                    for finding in error.findings:
                        self._report(finding)
        return self._matter[path]

    def says_type(self, path: str) -> bool:
        """Whether a page's file begins with something like `type:`, which is faster to tell than to read."""
        try:
            return _TYPE.search(load_head(self._docs / path, self.name + path, _HEAD)) is not None
        except FeedsError:
            return False

    def sections(self, found: Located) -> tuple[Section, ...]:
        """The sections that a page lies in, the outermost first."""
        parts = found.path.folder.split("/") if found.path.folder else []
        if found.path.kind == "leaf":
            parts.pop()
        made: list[Section] = []
        for end in range(1, len(parts) + 1):
            folder = "/".join(parts[:end])
            path = self._branches.get((found.language, normal(folder)))
            if path:
                values = self.matter(path).values
                made.append(
                    Section(
                        normal(folder), go_text(values.get("title")), go_text(values.get("slug")).strip("-")
                    )
                )
            elif end == 1:
                made.append(Section(normal(folder), parts[0].replace("-", " ")))
        return tuple(made)

    def cascades(self, found: Located) -> tuple[Cascade, ...]:
        """What the pages of the sections above a page hand down to it, the nearest first."""
        parts = normal(found.path.folder).split("/") if found.path.folder else []
        if found.path.kind != "single" and parts:
            parts.pop()
        folders = ["/".join(parts[:end]) for end in range(len(parts), -1, -1)]
        if found.path.kind == "branch" and not found.path.folder:
            folders = []
        paths = (self._branches.get((found.language, folder)) for folder in folders)
        return tuple(
            cascade
            for path in paths
            if path
            for cascade in cascades_of(self.matter(path).values.get("cascade"))
        )

    def main_section(self, language: str, report: Report, config: str) -> str:
        """The section with the most pages, which Hugo takes for the main one where none is named."""
        members: dict[str, list[str]] = {}
        for path, found in self.pages.items():
            section = normal(found.path.section)
            if found.language == language and section and found.path.kind != "branch":
                members.setdefault(section, []).append(path)
        counts = {section: len(paths) for section, paths in members.items()}
        exact: set[str] = set()
        while counts:
            order = (*_USUAL, *sorted(counts))
            best = max(counts, key=lambda section: (counts[section], -order.index(section)))
            if best in exact or len(counts) == 1:
                self._tell_usual(best, counts, report, config)
                return best
            exact.add(best)
            counts[best] = sum(not is_draft(self.matter(path).values) for path in members[best])
        return ""

    def _tell_usual(self, best: str, counts: Mapping[str, int], report: Report, config: str) -> None:
        usual = next((section for section in _USUAL if section in counts), "")
        if usual and best not in _USUAL:
            message = (
                f"Hugo's main section is {best!r}, which has the most pages; posts seem to be in {usual!r}"
            )
            help = f'write mainSections = ["{usual}"] into the configuration'
            warn(report, "main-section", message, Location(config), help)


def _folders(path: str) -> Iterator[str]:
    """The folders that a file lies in, from the top ("") down."""
    parts = path.split("/")
    return ("/".join(parts[:end]) for end in range(len(parts)))


def _is_leaf(path: str, languages: frozenset[str]) -> bool:
    name = posixpath.basename(path)
    return (
        name.startswith("index.")
        and name.lower().endswith(_CONTENT)
        and parse_path(name, languages).kind == "leaf"
    )


def _within(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def docs_folder(root: Path, roots: list[Root]) -> tuple[Path, str, list[Root]]:
    """The folder above all content, its name, and the content's folders counted from there."""
    common = (
        posixpath.commonpath([each.folder for each in roots]) if all(each.folder for each in roots) else ""
    )
    docs = root / common
    name = shown(docs, root)
    length = len(common)
    counted = [Root(each.folder[length:].lstrip("/"), each.target, each.language) for each in roots]
    return docs, "" if name == "." else f"{name}/", counted
