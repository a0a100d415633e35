"""Hugo: its configuration, content and front matter (https://gohugo.io/documentation/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds.config import Settings
from feeds.errors import FeedsError, Location
from feeds.generators.base import Generator, output_folder, site_url
from feeds.generators.hugo.config import HugoConfig, config_file, load_config, text_in, texts_in
from feeds.generators.hugo.content import (
    PAGES,
    Content,
    Language,
    Located,
    content_roots,
    disabled_languages,
    docs_folder,
    load_languages,
)
from feeds.generators.hugo.dates import date_sources
from feeds.generators.hugo.edition import Edition, Pages
from feeds.generators.hugo.markup import load_markdown
from feeds.generators.hugo.matter import build_option, cascades_of, go_bool, go_text, is_draft
from feeds.generators.hugo.paths import OTHER_MARKUP, normal
from feeds.generators.hugo.permalinks import load_addresses
from feeds.generators.overrides import own_marks, own_permalink, own_posts, own_status
from feeds.generators.rules import Rules, names_of, people_of, read_post, title_of
from feeds.generators.values import warn
from feeds.model import Blog, Excerpting, Matter, Naming, Report, Scalar, Site, Source, Value

_CJK = re.compile(
    r"[\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3040-\u30ff\u1100-\u11ff\u3130-\u318f"
    r"\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff]"
)
_NOTHING: Mapping[str, Value] = {}


def detect(root: Path) -> Path | None:
    """The configuration file of a folder."""
    return config_file(root)


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that a configuration of Hugo's describes.

    Raises:
        FeedsError: the configuration cannot be read, does not say the site's URL, or there is no content.
    """
    if config is None:
        raise FeedsError("there is no hugo.toml here", help="name its folder with -C", rule="generator")
    hugo = load_config(settings.root, config, report)
    languages = load_languages(hugo)
    roots = content_roots(settings.root, hugo, languages, settings.posts.folder)
    if not roots:
        at = hugo.at("contentdir")
        raise FeedsError("there is no folder of content here", at, "set contentDir", rule="docs-folder")
    docs, docs_name, counted = docs_folder(settings.root, roots)
    content = Content(
        docs,
        docs_name,
        counted,
        tuple(language.key for language in languages),
        _ignored(hugo, report),
        disabled_languages(hugo),
        report,
    )
    editions = tuple(_edition(settings, hugo, language, content) for language in languages)
    main = editions[0]
    timezone = settings.site.timezone or hugo.text("timezone") or "UTC"
    site = Pages(content, editions, _zone(timezone, hugo), hugo.flag("builddrafts"))
    return Site(
        root=settings.root,
        docs=docs,
        docs_name=docs_name,
        output=output_folder(settings, settings.root / hugo.text("publishdir", "public")),
        generator="hugo",
        title=settings.site.title or languages[0].text(hugo, "title") or "Blog",
        url=main.url,
        description=settings.site.description or _param(hugo, languages[0], "description"),
        language=settings.site.language or languages[0].locale(hugo),
        timezone=timezone,
        author=settings.site.author or _author(hugo, languages[0]),
        copyright=languages[0].text(hugo, "copyright"),
        blogs=tuple(_blog(settings, hugo, edition, report) for edition in editions),
        markdown=load_markdown(hugo),
        category_slug=partial(_category_slug, main),
        category_page=_category_page(hugo, main),
        excluded=content.excluded,
        page_url=site.address,
        media_url=site.media,
        endings=PAGES + tuple(ending.upper() for ending in PAGES),
        flavour="commonmark",
        templating="hugo",
        variables={
            "params": {**hugo.table("params"), **_table(languages[0].table.get("params"))},
            "roots": tuple(each.folder for each in counted),
        },
    )


def _category_slug(edition: Edition, name: str) -> str:
    """The last part of a category's address, as it is read: without the language's folder, and no file."""
    return unquote(edition.addresses.term("", name)).strip("/").rpartition("/")[2].removesuffix(".html")


def _zone(name: str, config: HugoConfig) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        at = config.at("timezone")
        raise FeedsError(
            f"there is no time zone {name!r}", at, "write one as Europe/Berlin", rule="timezone"
        ) from None


def _table(value: Value | None) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else _NOTHING


def _param(config: HugoConfig, language: Language, key: str) -> str:
    return text_in(_table(language.table.get("params")), key) or text_in(config.table("params"), key)


def _author(config: HugoConfig, language: Language) -> str:
    """Who wrote the site: `params.author`, a name or a table of one, or the table `author` of old."""
    for table in (_table(language.table.get("params")), config.table("params"), config.values):
        name = text_in(table, "author") or text_in(_table(table.get("author")), "name")
        if name:
            return name
    return ""


def _ignored(config: HugoConfig, report: Report) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for text in texts_in(config.values, "ignorefiles") or ():
        try:
            patterns.append(re.compile(text))
        except re.error as error:
            message = f"ignoreFiles holds {text!r}, which cannot be read here: {error}"
            warn(report, "ignore-files", message, config.at("ignorefiles"))
    return tuple(patterns)


# --- one language -----------------------------------------------------------------------------------------


def _edition(settings: Settings, config: HugoConfig, language: Language, content: Content) -> Edition:
    own = {"date": settings.generator.date, "lastmod": settings.generator.updated}
    base = text_in(language.table, "baseurl") or config.text("baseurl")
    url = site_url(settings, base, f"set baseURL in {config.path}, or ")
    return Edition(
        language=language,
        locale=(settings.site.language if language.is_default else "") or language.locale(config),
        url=url,
        addresses=load_addresses(config, language.table, language.prefix),
        cascades=(*cascades_of(language.table.get("cascade")), *cascades_of(config.values.get("cascade"))),
        content=content,
        dates=date_sources(config, own),
        zone=_zone(zone, config) if (zone := text_in(language.table, "timezone")) else None,
    )


def _main_sections(config: HugoConfig, edition: Edition, report: Report) -> tuple[str, ...]:
    table = edition.language.table
    for values in (table, _table(table.get("params")), config.values, config.table("params")):
        found = texts_in(values, "mainsections")
        if found is not None:
            return found
    return (edition.content.main_section(edition.language.key, report, config.path),)


def _blog(settings: Settings, config: HugoConfig, edition: Edition, report: Report) -> Blog:
    content, key = edition.content, edition.language.key
    chosen = own_posts(settings, content.name, _any) if settings.generator.posts else None
    main = () if chosen else _main_sections(config, edition, report)
    mine = {
        path: found
        for path, found in content.pages.items()
        if found.language == key and found.path.kind != "branch"
    }
    posts = {
        path
        for path, found in mine.items()
        if (chosen(path) if chosen else normal(found.path.section) in main or edition.is_of_type(path, main))
    }
    for path in sorted(path for path in posts if path.lower().endswith(OTHER_MARKUP)):
        at, help = Location(content.name + path), "only .md and .html are read"
        warn(report, "markup", "this post is not written in Markdown, and is left out", at, help)
        posts.discard(path)
    rules = _rules(settings, config, edition)
    return Blog(
        folders=tuple(sorted({_section_folder(path, mine[path]) for path in posts})) or ("",),
        home=f"{edition.language.prefix}/" if edition.language.prefix else "",
        is_post=lambda path: path in posts,
        status=own_status(settings, partial(_status, config)),
        read=lambda source, reading: read_post(source, reading, rules),
        matter=Matter(yaml="1.2", fold_case=True, optional=True, loose=True),
        complete=edition.complete,
        holds_future=not config.flag("buildfuture"),
        language=edition.locale,
        title="" if edition.language.is_default else edition.language.text(config, "title"),
        feeds="" if edition.language.is_default else key,
    )


def _any(path: str) -> bool:
    return True


def _section_folder(path: str, found: Located) -> str:
    """The folder of a page's section, below the docs folder."""
    depth = len(found.path.folder.split("/")) if found.path.folder else 0
    parts = posixpath.dirname(path).split("/")
    return "/".join(parts[: len(parts) - depth + 1])


def _status(config: HugoConfig, source: Source) -> str:
    values = source.fields.values
    if is_draft(values) and not config.flag("builddrafts"):
        return "draft"
    if go_bool(values.get("headless")):
        return "hidden"
    if build_option(values, "render") == "never":
        return "unpublished"
    return "" if build_option(values, "list") == "always" else "unlisted"


def _rules(settings: Settings, config: HugoConfig, edition: Edition) -> Rules:
    plurals = [str(value) for value in config.table("taxonomies").values() if isinstance(value, Scalar)]
    others = tuple(
        name for name in plurals if name not in ("categories", "tags", "authors", "author", "series")
    )
    spelling = edition.addresses.spelling

    def permalink(source: Source, naming: Naming) -> str:
        return edition.addresses.of(edition.page(source, naming.date))

    return Rules(
        url=edition.url,
        language=edition.locale,
        permalink=own_permalink(
            settings,
            permalink,
            home=f"{edition.language.prefix}/" if edition.language.prefix else "",
            slugify=spelling.sanitise,
            names=spelling.sanitise,
        ),
        dates=edition.date,
        title=title_of("title", otherwise=lambda source, reading: reading.heading(source) or ""),
        categories=names_of("categories", *others),
        tags=names_of("tags"),
        authors=people_of("authors", "author", known={}, base=edition.url),
        slug=edition.slug,
        excerpting=partial(_excerpting, settings, config),
        stem=lambda path: edition.located(path).path.base_name,
    )


def _excerpting(settings: Settings, config: HugoConfig, source: Source) -> Excerpting:
    values = source.fields.values
    given = go_bool(values.get("iscjklanguage"))
    cjk = config.flag("hascjklanguage") and _CJK.search(source.body) is not None if given is None else given
    length = config.text("summarylength", "70")
    marks = own_marks(settings, "more")
    return Excerpting(
        # Hugo takes the comment only as `<!--more-->`, without blanks.
        marks=marks if settings.generator.excerpt_mark or "<!--more-->" in source.body else (),
        summary=go_text(values.get("summary")),
        automatic="hugo",
        words=int(length) if length.isdecimal() else 70,
        cjk=cjk,
    )


def _category_page(config: HugoConfig, edition: Edition) -> Callable[[str], str]:
    """The path of a category's page; "" where the site has none."""
    given = config.values.get("taxonomies")
    off = {name.lower() for name in texts_in(config.values, "disablekinds") or ()}
    named = given is None or any(str(value) == "categories" for value in _table(given).values())
    if not named or off & {"taxonomy", "taxonomyterm", "term"}:
        return lambda name: ""
    return lambda name: edition.addresses.term("categories", name)


HUGO = Generator("hugo", detect, load_site)
