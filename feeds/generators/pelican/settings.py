"""`pelicanconf.py` and `publishconf.py` as data, with Pelican's own defaults."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from feeds.errors import FeedsError, Location
from feeds.generators.base import shown
from feeds.generators.pelican.slugs import SUBSTITUTIONS, SlugRules, check_pattern
from feeds.generators.python.expressions import Names, Unknown
from feeds.generators.python.literals import read_python
from feeds.generators.values import warn
from feeds.model import Report
from feeds.texts import load_text

FILENAME = "pelicanconf.py"
PUBLISHED = "publishconf.py"
_MAX_FILES = 20

DEFAULTS: Mapping[str, Any] = {
    "ARTICLE_PATHS": [""],
    "ARTICLE_EXCLUDES": [],
    "PAGE_PATHS": ["pages"],
    "PAGE_EXCLUDES": [],
    "STATIC_PATHS": ["images"],
    "IGNORE_FILES": [".*"],
    "OUTPUT_PATH": "output",
    "SITENAME": "A Pelican Blog",
    "USE_FOLDER_AS_CATEGORY": True,
    "DEFAULT_CATEGORY": "misc",
    "WITH_FUTURE_DATES": True,
    "INDEX_SAVE_AS": "index.html",
    "ARTICLE_URL": "{slug}.html",
    "ARTICLE_SAVE_AS": "{slug}.html",
    "ARTICLE_LANG_URL": "{slug}-{lang}.html",
    "ARTICLE_LANG_SAVE_AS": "{slug}-{lang}.html",
    "DRAFT_URL": "drafts/{slug}.html",
    "DRAFT_SAVE_AS": "drafts/{slug}.html",
    "DRAFT_LANG_URL": "drafts/{slug}-{lang}.html",
    "DRAFT_LANG_SAVE_AS": "drafts/{slug}-{lang}.html",
    "PAGE_URL": "pages/{slug}.html",
    "PAGE_LANG_URL": "pages/{slug}-{lang}.html",
    "DRAFT_PAGE_URL": "drafts/pages/{slug}.html",
    "DRAFT_PAGE_LANG_URL": "drafts/pages/{slug}-{lang}.html",
    "STATIC_URL": "{path}",
    "CATEGORY_URL": "category/{slug}.html",
    "CATEGORY_SAVE_AS": "category/{slug}.html",
    "TAG_URL": "tag/{slug}.html",
    "AUTHOR_URL": "author/{slug}.html",
    "DEFAULT_LANG": "en",
    "ARTICLE_TRANSLATION_ID": "slug",
    "FILENAME_METADATA": r"(?P<date>\d{4}-\d{2}-\d{2}).*",
    "SLUGIFY_SOURCE": "title",
    "SLUGIFY_USE_UNICODE": False,
    "SLUGIFY_PRESERVE_CASE": False,
    "SUMMARY_MAX_LENGTH": 50,
    "SUMMARY_END_SUFFIX": "…",
    "MARKDOWN": {
        "extension_configs": {
            "markdown.extensions.codehilite": {"css_class": "highlight"},
            "markdown.extensions.extra": {},
        },
    },
}
"""Pelican's defaults, as far as they matter here (`pelican.settings.DEFAULT_CONFIG`)."""

_ADDRESSES = ("ARTICLE_URL", "ARTICLE_LANG_URL", "PAGE_URL", "PAGE_LANG_URL", "DRAFT_URL", "DRAFT_LANG_URL")
_FILES = ("ARTICLE_SAVE_AS", "ARTICLE_LANG_SAVE_AS", "DRAFT_SAVE_AS", "DRAFT_LANG_SAVE_AS")
_HELP = {
    "SITEURL": 'write url = "https://example.org" under [site] in feeds.toml',
    "SITENAME": 'write title = "…" under [site] in feeds.toml',
    "TIMEZONE": 'write timezone = "Europe/Berlin" under [site] in feeds.toml',
    "DEFAULT_LANG": 'write language = "en" under [site] in feeds.toml',
    "AUTHOR": 'write author = "…" under [site] in feeds.toml',
    "PATH": 'write folder = "content" under [posts] in feeds.toml',
    "ARTICLE_PATHS": 'write posts = ["content/**"] under [generator] in feeds.toml',
    "ARTICLE_URL": 'write permalink = "/{slug}.html" under [generator] in feeds.toml',
    "OUTPUT_PATH": 'write output = "output" under [site] in feeds.toml',
}


@dataclass(frozen=True, slots=True)
class PelicanConfig:
    """The settings of a site by their names; `file` is what messages call their file."""

    file: str
    names: Names

    def get(self, key: str) -> Any:
        """A setting as Python has it: the site's own, else Pelican's default, None without one.

        Raises:
            FeedsError: it cannot be known without running the file.
        """
        value = self.names.values.get(key, DEFAULTS.get(key))
        if isinstance(value, Unknown):
            raise FeedsError(
                f"{key} cannot be known without running {self.file}, which is never done",
                value.at,
                _HELP.get(key, f"write {key} as a plain value there, without a function or a condition"),
                rule="pelican-setting",
            )
        return value

    def without(self, *keys: str) -> PelicanConfig:
        """The same with Pelican's default for those of the keys that cannot be known."""
        values = {
            key: value
            for key, value in self.names.values.items()
            if key not in keys or not isinstance(value, Unknown)
        }
        return replace(self, names=replace(self.names, values=values))

    def at(self, key: str) -> Location:
        """Where a setting stands."""
        return self.names.places.get(key, Location(self.file))

    def wrong(self, key: str, wanted: str) -> FeedsError:
        """The error for a setting of the wrong type."""
        return FeedsError(f"{key} must be {wanted}", self.at(key), rule="pelican-setting")

    def text(self, key: str) -> str:
        """A text; "" where it is missing, empty or None."""
        value = self.get(key)
        if value is None or value is False:
            return ""
        if isinstance(value, PurePosixPath):
            return str(value)
        if not isinstance(value, str):
            raise self.wrong(key, "a text")
        return value

    def optional(self, key: str) -> str:
        """A text that may as well be missing; "" where it cannot be known."""
        value = self.names.values.get(key)
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        """Whether a setting is true, as Python takes it."""
        return bool(self.get(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; Pelican takes its default for a single text."""
        value = self.get(key)
        if isinstance(value, str):
            value = DEFAULTS.get(key, [])
        if not isinstance(value, list | tuple | None):
            raise self.wrong(key, "a list of texts")
        for item in value or ():
            if isinstance(item, Unknown):
                message = f"an item of {key} cannot be known without running {self.file}"
                raise FeedsError(message, item.at, _HELP.get(key, ""), rule="pelican-setting")
            if not isinstance(item, str | PurePosixPath):
                raise self.wrong(key, "a list of texts")
        return tuple(map(str, value or ()))

    def table(self, key: str) -> Mapping[str, Any]:
        """A mapping by texts; a list of pairs is taken for one, as Pelican does."""
        value = self.get(key)
        if isinstance(value, list | tuple):
            pairs = [tuple(item) for item in value if isinstance(item, list | tuple) and len(item) == 2]
            value = dict(pairs) if len(pairs) == len(value) else value
        if not isinstance(value, dict | None):
            raise self.wrong(key, "a mapping")
        return {name: item for name, item in (value or {}).items() if isinstance(name, str)}

    def regex(self, key: str) -> re.Pattern[str] | None:
        """A regular expression; None where it is missing or empty."""
        pattern = self.text(key) if isinstance(self.get(key), str | None) else str(DEFAULTS.get(key) or "")
        if not pattern:
            return None
        if problem := check_pattern(pattern):
            raise FeedsError(f"{key} {problem}", self.at(key), rule="pelican-setting")
        return re.compile(pattern)

    def slugs(self, kind: str = "SLUG") -> SlugRules:
        """How slugs are made: of titles ("SLUG"), or of names ("CATEGORY", "TAG", "AUTHOR")."""
        key = f"{kind}_REGEX_SUBSTITUTIONS"
        if key not in self.names.values:
            key = "SLUG_REGEX_SUBSTITUTIONS"
        value = self.get(key) if key in self.names.values else SUBSTITUTIONS
        substitutions: list[tuple[str, str]] = []
        for item in value or ():
            pair = tuple(item) if isinstance(item, list | tuple) else ()
            if len(pair) != 2 or not all(isinstance(part, str) for part in pair):
                raise self.wrong(key, "a list of pairs of texts")
            if problem := check_pattern(pair[0]):
                raise FeedsError(f"{key}: {pair[0]!r} {problem}", self.at(key), rule="pelican-setting")
            substitutions.append((pair[0], pair[1]))
        return SlugRules(
            self.flag("SLUGIFY_USE_UNICODE"), self.flag("SLUGIFY_PRESERVE_CASE"), tuple(substitutions)
        )


def load_config(path: Path, root: Path, report: Report) -> PelicanConfig:
    """The settings of a `pelicanconf.py`, with those of a `publishconf.py` beside it over them.

    Args:
        path: the file.
        root: the project's folder, which paths in messages count from.
        report: told of modules that settings come from and that are not here.

    Raises:
        FeedsError: a file is no Python.
    """
    files = _Files(path.parent, root)
    found = [files.load(name) for name in (path.stem, Path(PUBLISHED).stem)]
    names = Names()
    for part in found:
        if part is not None:
            names.values |= part.values
            names.places |= part.places
            names.missing += [missing for missing in part.missing if missing not in names.missing]
    for module, at in names.missing:
        message = f"settings are taken from {module}, which is no file beside this one; they are not read"
        warn(report, "pelican-setting", message, at)
    # SITEURL is empty in a file for the author's own machine, and often in one that only a script completes.
    own = [part.values.get("SITEURL") for part in found if part is not None]
    if own and not own[-1] and own[0]:
        names.values["SITEURL"] = own[0]
    return PelicanConfig(shown(path, root), _renewed(names))


class _Files:
    """The Python files of a folder, each read once."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.root = root
        self.known: dict[str, Names | None] = {}

    def load(self, module: str) -> Names | None:
        name = module.lstrip(".")
        if name not in self.known:
            self.known[name] = None  # a module that takes over its own names has none yet
            path = self.folder / f"{name.replace('.', '/')}.py"
            if len(self.known) <= _MAX_FILES and path.is_file():
                self.known[name] = read_python(self._text(path), shown(path, self.root), self.load)
        return self.known[name]

    def _text(self, path: Path) -> str:
        return load_text(path, shown(path, self.root))


def _renewed(names: Names) -> Names:
    """Settings of older versions by the names and in the forms that they have now."""
    values = names.values
    for kind in ("ARTICLE", "PAGE"):
        if f"{kind}_DIR" in values:
            folder = values.pop(f"{kind}_DIR")
            values[f"{kind}_PATHS"] = folder if isinstance(folder, Unknown) else [folder]
            names.places[f"{kind}_PATHS"] = names.places[f"{kind}_DIR"]
    if values.get("CLEAN_URLS") is True:
        values |= {"ARTICLE_URL": "{slug}/", "ARTICLE_LANG_URL": "{slug}-{lang}/"}
        values |= {"PAGE_URL": "pages/{slug}/", "PAGE_LANG_URL": "pages/{slug}-{lang}/"}
    structure = values.get("ARTICLE_PERMALINK_STRUCTURE")
    if isinstance(structure, str) and structure:
        structure = re.sub(r"%\((\w+)\)s", r"{\g<1>}", structure)
        structure = re.sub(r"(%[A-z])", r"{date:\g<1>}", structure).removeprefix("/")
        for key in (*_ADDRESSES, *_FILES):
            before = values.get(key, DEFAULTS[key])
            values[key] = posixpath.join(structure, before) if isinstance(before, str) else before
    if not any(f"{kind}_REGEX_SUBSTITUTIONS" in values for kind in ("SLUG", "CATEGORY", "TAG", "AUTHOR")):
        _renew_substitutions(values)
    return names


def _renew_substitutions(values: dict[str, Any]) -> None:
    """SLUG_SUBSTITUTIONS and its kin, pairs of plain texts with or without a flag, as regular expressions."""
    given = {
        kind: list(values[f"{kind}_SUBSTITUTIONS"])
        for kind in ("SLUG", "CATEGORY", "TAG", "AUTHOR")
        if isinstance(values.get(f"{kind}_SUBSTITUTIONS"), list | tuple)
    }
    if given.get("SLUG"):
        for kind in ("CATEGORY", "TAG"):
            if given.get(kind):
                given[kind] = given["SLUG"] + given[kind]
        given.setdefault("AUTHOR", [])
    for kind, pairs in given.items():
        if not all(isinstance(pair, list | tuple) and len(pair) in (2, 3) for pair in pairs):
            continue
        keeps_marks = any(len(pair) == 3 and pair[2] for pair in pairs)
        own = [(re.escape(str(pair[0])), str(pair[1]).replace("\\", r"\\")) for pair in pairs]
        rest = SUBSTITUTIONS[1:3] if keeps_marks else SUBSTITUTIONS
        values[f"{kind}_REGEX_SUBSTITUTIONS"] = [*own, *rest]
