"""The languages of a MkDocs site with the plugin mkdocs-static-i18n, and where each has its pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feeds.data import as_bool
from feeds.generators.addresses import page_address
from feeds.generators.base import quoted
from feeds.generators.mkdocs.config import MkDocsConfig
from feeds.generators.mkdocs.values import text_of
from feeds.model import Scalar, Value

_LOCALE = re.compile(r"[a-z]{2}(?:(?:-[A-Za-z]{4})?(?:-[A-Z]{2})?|_[A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its locale ("" without the plugin), the site's name in it, titles of the navigation."""

    locale: str
    is_default: bool = True
    site_name: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """The language's path below the site's URL, percent-encoded."""
        return "" if self.is_default else quoted(f"{self.locale}/")


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages that are built. `by_folder` tells whether each has a folder, or its files a suffix."""

    docs: Path
    languages: tuple[Language, ...] = (Language(""),)
    by_folder: bool = False

    @property
    def default(self) -> Language:
        """The language whose pages stand at the site's own address."""
        return next(language for language in self.languages if language.is_default)

    def language_of(self, path: str) -> Language | None:
        """The language of a page by its path; None for one that no language is built from."""
        locale = self._locale(path)
        if self._gives_way(path, locale):
            return None
        if locale is None:
            return self.default
        return next((language for language in self.languages if language.locale == locale), None)

    def neutral(self, path: str) -> str:
        """The path of a page without its language."""
        locale = self._locale(path)
        if locale is None:
            return path
        if self.by_folder:
            return path.removeprefix(f"{locale}/")
        stem, ending = posixpath.splitext(path)
        return stem.removesuffix(f".{locale}") + ending

    def address(self, path: str, directory_urls: bool) -> str | None:
        """The path of a page below the site's URL, percent-encoded; None for one that is not published."""
        language = self.language_of(path)
        if language is None:
            return None
        stem = posixpath.splitext(self.neutral(path))[0]
        return page_address(stem if language.is_default else f"{language.locale}/{stem}", directory_urls)

    def _locale(self, path: str) -> str | None:
        """The locale that a path names, built or not; None for one that names none."""
        locales = {language.locale for language in self.languages}
        if locales == {""}:
            return None
        if self.by_folder:
            found = path.partition("/")[0] if "/" in path else ""
        else:
            found = posixpath.splitext(posixpath.splitext(path)[0])[1].removeprefix(".")
        return found if found in locales or _LOCALE.fullmatch(found) else None

    def _gives_way(self, path: str, locale: str | None) -> bool:
        """Whether another file of the default language, with or without its name, takes a page's place."""
        default = self.default.locale
        if not default or locale not in (default, None) or self.by_folder == (locale is not None):
            return False
        twin = f"{default}/{path}" if self.by_folder else self.neutral(path)
        return (self.docs / twin).is_file()


def languages_of(config: MkDocsConfig, docs: Path) -> Languages:
    """The languages that a `mkdocs.yml` has built; one without a name where it does not have the plugin."""
    titles = navigation_titles(config.fields.values.get("nav"))
    plugin = config.plugin("i18n")
    given = plugin.options.get("languages") if plugin else None
    found: list[Language] = []
    for item in given if isinstance(given, list) else []:
        if not isinstance(item, dict) or not text_of(item, "locale"):
            continue
        if as_bool(item.get("build", Scalar("true", "bool"))) is False or text_of(item, "locale") == "null":
            continue
        is_default = as_bool(item.get("default", Scalar("false", "bool"))) is True
        name = text_of(item, "site_name")
        found.append(Language(text_of(item, "locale"), is_default, name, _translated(titles, item)))
    if plugin is None or sum(language.is_default for language in found) != 1:
        return Languages(docs, (Language("", titles=titles),))
    return Languages(docs, tuple(found), text_of(plugin.options, "docs_structure", "suffix") == "folder")


def _translated(titles: Mapping[str, str], options: Mapping[str, Value]) -> Mapping[str, str]:
    """The titles of a language's own navigation, else those of the site's with their translations."""
    if own := options.get("nav"):
        return navigation_titles(own)
    words = options.get("nav_translations")
    words = words if isinstance(words, dict) else {}
    return {path: text_of(words, title, title) for path, title in titles.items()}


def navigation_titles(nav: Value | None) -> dict[str, str]:
    """The titles that the navigation gives pages, by path; the first one of each page counts."""
    titles: dict[str, str] = {}
    waiting: list[tuple[str, Value]] = [("", nav)] if nav is not None else []
    seen: set[str] = set()
    while waiting:
        title, value = waiting.pop()
        if isinstance(value, Scalar):
            path = posixpath.normpath(value)
            if path not in seen and title:
                titles[path] = title
            seen.add(path)
        elif isinstance(value, list):
            waiting += [("", item) for item in reversed(value)]
        else:
            waiting += reversed(list(value.items()))
    return titles
