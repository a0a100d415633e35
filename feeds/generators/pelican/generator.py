"""Pelican (https://docs.getpelican.com/): `pelicanconf.py` read as data, articles by Pelican's own rules."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.generators import overrides
from feeds.generators.base import Generator, output_folder, shown, site_url
from feeds.generators.pelican.addresses import named_parts
from feeds.generators.pelican.links import ENDINGS, Places
from feeds.generators.pelican.markup import markdown_extensions
from feeds.generators.pelican.matter import matters
from feeds.generators.pelican.posts import Articles
from feeds.generators.pelican.settings import FILENAME, PUBLISHED, PelicanConfig, load_config
from feeds.generators.pelican.slugs import plain_title
from feeds.generators.pelican.translations import find_translations, tell_unread
from feeds.generators.rules import read_post
from feeds.generators.values import line, warn
from feeds.model import Blog, Excerpting, Matter, Report, Site

_CONTENT = "content"
_YAML_PLUGINS = ("yaml_metadata", "pelican.plugins.yaml_metadata")
_SUMMARY_MARK = "PELICAN_END_SUMMARY"
_TOP = "/content"
_NEVER = frozenset({".git", "__pycache__", "node_modules"})

_ADDRESSES = ("ARTICLE_URL", "ARTICLE_LANG_URL", "ARTICLE_SAVE_AS", "ARTICLE_LANG_SAVE_AS")


def detect(root: Path) -> Path | None:
    """The `pelicanconf.py` of a folder, else its `publishconf.py`."""
    return next((root / name for name in (FILENAME, PUBLISHED) if (root / name).is_file()), None)


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that a `pelicanconf.py`, and a `publishconf.py` beside it, describe.

    Raises:
        FeedsError: the configuration cannot be read, or cannot be known without running it.
    """
    if config is None:
        raise FeedsError(f"there is no {FILENAME} here", help="name its folder with -C", rule="generator")
    pelican = load_config(config, settings.root, report)
    if settings.generator.permalink:
        pelican = pelican.without(*_ADDRESSES)
    if settings.generator.posts:
        pelican = pelican.without("ARTICLE_PATHS")
    url = site_url(
        settings,
        "" if settings.site.url else pelican.text("SITEURL"),
        f"set SITEURL in {PUBLISHED} or {FILENAME}, or ",
    )
    docs = _docs(settings, config, pelican)
    docs_name = shown(docs, settings.root)
    docs_name = f"{docs_name}/" if docs_name != "." else ""
    language = "" if settings.site.language else pelican.text("DEFAULT_LANG").lower()
    articles = _articles(settings, pelican, url, language or settings.site.language.lower(), report)
    own_output = settings.site.output or pelican.text("OUTPUT_PATH") or "output"
    output = (settings.root if settings.site.output else config.parent) / own_output
    files = _Files(pelican, docs, output, bool(settings.generator.posts))
    is_article = overrides.own_posts(settings, docs_name, files.is_article)
    places = Places(articles, docs, docs_name, files.is_page)
    tell_unread(docs, docs_name, files.is_readable, files.excluded, report)
    translations = find_translations(articles, places, docs, is_article, files.excluded)
    _tell_plugins(pelican, report)
    _tell_months(pelican, articles.language, report)
    return Site(
        root=settings.root,
        docs=docs,
        docs_name=docs_name,
        output=output_folder(settings, output),
        generator="pelican",
        title=settings.site.title or line(plain_title(pelican.text("SITENAME"))),
        url=url,
        description=settings.site.description or line(plain_title(pelican.optional("SITESUBTITLE"))),
        language=settings.site.language or articles.language.replace("_", "-"),
        timezone=settings.site.timezone or _timezone(pelican),
        author=articles.author,
        copyright="",
        blogs=_blogs(articles, is_article, translations, files.folders, settings),
        markdown=markdown_extensions(pelican, report),
        category_slug=partial(articles.name_slug, "CATEGORY"),
        category_page=_category_page(places, pelican, url),
        excluded=files.excluded,
        page_url=places.page_url,
        media_url=None,
        rewrite_link=places.rewrite,
        endings=ENDINGS,
    )


def _docs(settings: Settings, config: Path, pelican: PelicanConfig) -> Path:
    """The folder of the content: that of PATH; without it, the one that Pelican's own Makefile names."""
    if settings.posts.folder:
        docs = settings.root / settings.posts.folder
    elif path := pelican.text("PATH"):
        docs = config.parent / path
    else:
        docs = config.parent / _CONTENT if (config.parent / _CONTENT).is_dir() else config.parent
    if not docs.is_dir():
        message = f"the folder {shown(docs, settings.root)!r} does not exist"
        raise FeedsError(message, pelican.at("PATH"), rule="docs-folder")
    return docs


def _articles(
    settings: Settings, pelican: PelicanConfig, url: str, language: str, report: Report
) -> Articles:
    return Articles(
        config=pelican,
        settings=settings,
        matters=matters(pelican, yaml=bool(set(_YAML_PLUGINS) & set(_plugins(pelican))), report=report),
        url=url,
        language=language,
        author=settings.site.author or pelican.text("AUTHOR"),
        titles=pelican.slugs(),
        names={kind: pelican.slugs(kind) for kind in ("CATEGORY", "TAG", "AUTHOR")},
        report=report,
    )


def _plugins(pelican: PelicanConfig) -> tuple[str, ...]:
    value = pelican.names.values.get("PLUGINS")
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()


def _tell_plugins(pelican: PelicanConfig, report: Report) -> None:
    for name in _plugins(pelican):
        if name.rpartition(".")[2] == "i18n_subsites":
            message = "the plugin i18n_subsites builds sites of their own, which are not read here"
            warn(report, "pelican-plugin", message, pelican.at("PLUGINS"))


def _timezone(pelican: PelicanConfig) -> str:
    name = pelican.text("TIMEZONE") or "UTC"
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        help = "write it as Europe/Berlin"
        raise FeedsError(f"TIMEZONE {name!r} is no time zone", pelican.at("TIMEZONE"), help) from None
    return name


def _tell_months(pelican: PelicanConfig, language: str, report: Report) -> None:
    """Names of months in addresses are those of the machine's locale, which Pelican takes over."""
    named = [key for key in ("ARTICLE_URL", "ARTICLE_LANG_URL") if named_parts(pelican.text(key))]
    locales = pelican.names.values.get("LOCALE")
    own = locales if isinstance(locales, str) else (locales or [""])[0] if isinstance(locales, list) else ""
    english = str(own).startswith(("C", "en", "POSIX")) or (not own and language.startswith("en"))
    if named and not english:
        message = f"the names of months or days in {named[0]} are written in English here"
        help = "write months and days as numbers: {date:%Y}/{date:%m}"
        warn(report, "permalink", message, pelican.at(named[0]), help)


def _blogs(
    articles: Articles,
    is_article: Callable[[str], bool],
    translations: Mapping[str, str],
    folders: tuple[str, ...],
    settings: Settings,
) -> tuple[Blog, ...]:
    """The blog of the main list, and one for each language that articles are translated into."""
    pelican = articles.config
    length, paragraphs = pelican.get("SUMMARY_MAX_LENGTH"), pelican.get("SUMMARY_MAX_PARAGRAPHS")
    excerpting = Excerpting(
        marks=overrides.own_marks(settings, _SUMMARY_MARK),
        summary_first=True,
        automatic="pelican",
        words=length if isinstance(length, int) else 0,
        paragraphs=paragraphs if isinstance(paragraphs, int) else 0,
        ending=pelican.text("SUMMARY_END_SUFFIX"),
        typographic=pelican.flag("TYPOGRIFY"),
    )
    rules = articles.rules(excerpting)
    main = Blog(
        folders=folders,
        home="",
        is_post=lambda path: is_article(path) and path not in translations,
        status=overrides.own_status(settings, articles.status),
        read=lambda source, reading: read_post(source, reading, rules),
        complete=articles.matters.merged,
        matter=Matter(yaml="1.1", fold_case=True, headers=not articles.matters.yaml, optional=True),
        holds_future=not pelican.flag("WITH_FUTURE_DATES"),
    )

    def translated(language: str) -> Blog:
        tag = language.replace("_", "-")
        return replace(
            main,
            is_post=lambda path: translations.get(path) == language and is_article(path),
            language=tag,
            feeds=tag.lower(),
        )

    return main, *(translated(language) for language in sorted(set(translations.values())))


def _category_page(places: Places, pelican: PelicanConfig, url: str) -> Callable[[str], str]:
    """The path of a category's page, percent-encoded; "" where the site has none."""
    if not pelican.text("CATEGORY_SAVE_AS") or not pelican.text("CATEGORY_URL"):
        return lambda name: ""
    return lambda name: places.name_url("CATEGORY", name).removeprefix(url)


@dataclass(frozen=True, slots=True)
class _Files:
    """Which files of the content are articles, pages, or nothing of the site's."""

    pelican: PelicanConfig
    docs: Path
    output: Path
    everywhere: bool

    @property
    def folders(self) -> tuple[str, ...]:
        """Where articles lie, relative to the content's folder."""
        return tuple(_normal(path) for path in self.pelican.texts("ARTICLE_PATHS"))

    def is_article(self, path: str) -> bool:
        """Whether a path is one of ARTICLE_PATHS, and no page."""
        excludes = (*self.pelican.texts("ARTICLE_EXCLUDES"), *self.pelican.texts("PAGE_PATHS"))
        return path.endswith(ENDINGS) and self._is_below(path, "ARTICLE_PATHS", excludes)

    def is_readable(self, path: str) -> bool:
        """Whether a path of any ending would be an article."""
        excludes = (*self.pelican.texts("ARTICLE_EXCLUDES"), *self.pelican.texts("PAGE_PATHS"))
        return self._is_below(path, "ARTICLE_PATHS", excludes)

    def is_page(self, path: str) -> bool:
        """Whether a path is one of PAGE_PATHS, and no article."""
        excludes = (*self.pelican.texts("PAGE_EXCLUDES"), *self.pelican.texts("ARTICLE_PATHS"))
        return path.endswith(ENDINGS) and self._is_below(path, "PAGE_PATHS", excludes)

    def _is_below(self, path: str, key: str, excludes: tuple[str, ...]) -> bool:
        """Whether Pelican finds a file when it walks the folders of a setting (`Generator.get_files`).

        It compares the folders that it leaves out by their spelling: `drafts/` names none, `drafts` does.
        """
        if self._is_ignored(posixpath.basename(path)):
            return False
        outside = {posixpath.join(_TOP, exclude) for exclude in excludes}
        for given in self.pelican.texts(key):
            start = _normal(given)
            if path == start:
                return True
            if start and not path.startswith(f"{start}/"):
                continue
            walked = posixpath.join(_TOP, given) if given else _TOP
            for folder in path[len(start) :].lstrip("/").split("/")[:-1]:
                walked = posixpath.join(walked, folder)
                if self._is_ignored(folder) or walked in outside:
                    break
            else:
                return True
        return False

    def _is_ignored(self, name: str) -> bool:
        """Whether IGNORE_FILES names a file or folder; left out, those that begin with a dot."""
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.pelican.texts("IGNORE_FILES"))

    def excluded(self, path: str) -> bool:
        """Whether a file, or all of a folder (with a final `/`), is no part of the content."""
        plain = path.rstrip("/")
        name = posixpath.basename(plain)
        keys = ("ARTICLE_PATHS", "PAGE_PATHS", "STATIC_PATHS")
        starts = [_normal(start) for key in keys for start in self.pelican.texts(key)]
        # A folder that is named itself is walked, whatever IGNORE_FILES says of folders within others.
        named = any(start == plain or start.startswith(f"{plain}/") for start in starts)
        if (self._is_ignored(name) and not named) or name in _NEVER:
            return True
        if self.docs / plain == self.output:
            return True
        if self.everywhere:
            return False
        inside = any(not start or plain == start or plain.startswith(f"{start}/") for start in starts)
        leads_there = path.endswith("/") and any(start.startswith(path) for start in starts)
        return not (inside or leads_there)


def _normal(path: str) -> str:
    normal = posixpath.normpath(path.strip("/")) if path.strip("/") else ""
    return "" if normal == "." else normal


PELICAN = Generator("pelican", detect, load_site)
