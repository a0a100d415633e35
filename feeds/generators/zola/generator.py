"""Zola: its configuration and its pages (https://www.getzola.org/documentation/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from feeds.config import Settings
from feeds.data import as_bool, parse_toml
from feeds.errors import FeedsError
from feeds.generators.base import Generator, output_folder, shown, site_url, walk_folders
from feeds.generators.overrides import own_keys, own_marks, own_permalink, own_posts, own_slugify, own_status
from feeds.generators.rules import Rules, dates_of, excerpting_of, read_post, slug_of, title_of
from feeds.generators.values import first_key, names, people, table, text
from feeds.generators.zola.config import (
    CATEGORIES,
    category_rules,
    exclusion,
    markdown_of,
    slug_mode,
    text_in,
)
from feeds.generators.zola.pages import (
    ENDING,
    Pages,
    encoded,
    is_draft,
    is_index,
    is_section,
    load_fields,
)
from feeds.generators.zola.slugs import zola_slugify
from feeds.model import (
    NO_POST,
    Author,
    Blog,
    Excerpting,
    Fields,
    Matter,
    Naming,
    Post,
    Reading,
    Report,
    Scalar,
    Site,
    Source,
    Value,
)
from feeds.texts import is_file, load_bytes, load_text

FILENAMES = ("zola.toml", "config.toml")
_CONTENT = "content"
_OWN_KEY = re.compile(r"^[ \t]*[\"']?base_url[\"']?[ \t]*=", re.MULTILINE)
_GIT = ("git", "git-created")
_AUTHORS = ("authors", "author")
_IMAGES = ("image", "og_image", "social_media_card", "thumbnail", "featured_image", "banner", "cover")


def detect(root: Path) -> Path | None:
    """The configuration of a folder: `zola.toml`, or a `config.toml` that is not Hugo's."""
    own, shared = (root / name for name in FILENAMES)
    if own.is_file():
        return own
    try:
        text = load_bytes(shared, shared.name).decode("utf-8-sig", "replace")
        return shared if _OWN_KEY.search(text) else None
    except FeedsError:
        return None


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that a `zola.toml` or `config.toml` describes.

    Raises:
        FeedsError: the configuration or a section cannot be read, or the site's URL is not known.
    """
    if config is None:
        raise FeedsError(f"there is no {FILENAMES[0]} here", help="name its folder with -C", rule="generator")
    zola = _load(settings, config)
    pages, fields = zola.pages, zola.fields
    base = fields.values
    main = table(fields, "languages").get(pages.language)
    main = main if isinstance(main, dict) else {}
    home = (
        load_fields(zola.docs / "_index.md", f"{zola.docs_name}_index.md")
        if zola.has_home
        else Fields("", {})
    )
    slug, page = category_rules(fields, pages.language)
    return Site(
        root=settings.root,
        docs=zola.docs,
        docs_name=zola.docs_name,
        output=output_folder(settings, config.parent / (text(fields, "output_dir") or "public")),
        generator="zola",
        title=settings.site.title
        or text(fields, "title")
        or text_in(main, "title")
        or text(home, "title")
        or "Blog",
        url=zola.url,
        description=settings.site.description
        or text(fields, "description")
        or text_in(main, "description")
        or text(home, "description"),
        language=settings.site.language or pages.language,
        timezone=settings.site.timezone or "UTC",
        author=settings.site.author or text(fields, "author"),
        copyright="",
        blogs=tuple(_blog(zola, code) for code in (pages.language, *pages.others)),
        markdown=markdown_of(table(fields, "markdown")),
        category_slug=slug,
        category_page=page,
        excluded=exclusion(base.get("ignored_content"), _CONTENT),
        page_url=zola.page_url,
        media_url=zola.media_url,
        rewrite_link=rewrite_link,
        endings=(ENDING,),
        flavour="commonmark",
        templating="tera",
        variables={
            "config": _plain(base),
            "components": _has_components(settings.root, text(fields, "theme")),
        },
    )


@dataclass(frozen=True, slots=True)
class _Zola:
    """A site's configuration, and where its content lies; `drafts` are the folders of draft sections."""

    settings: Settings
    fields: Fields
    docs: Path
    docs_name: str
    url: str
    pages: Pages
    drafts: tuple[str, ...]

    @property
    def has_home(self) -> bool:
        """Whether the root section has a file of its own."""
        return (self.docs / "_index.md").is_file()

    def page_url(self, path: str) -> str | None:
        """The address of a page that is no post, or of a section; None where it has none that is known."""
        if is_section(path):
            return self.url + encoded(self.pages.section_path(path))
        try:
            fields = load_fields(self.docs / path, self.docs_name + path)
            return None if is_draft(fields) else self.url + encoded(self.pages.page_path(path, fields))
        except FeedsError:  # the page is no post: whoever links to it is told that it has no address
            return None

    def media_url(self, path: str, source: str, page: str) -> str | None:
        """The address of a file in the content: beside the page, or the section, whose folder it lies in."""
        folder = posixpath.dirname(source)
        if is_index(source) and path.startswith(f"{folder}/"):
            return page + encoded(path.removeprefix(f"{folder}/"))
        parent = posixpath.dirname(path)
        while parent:
            if is_file(self.docs / parent / "index.md"):
                address = self.page_url(f"{parent}/index.md")
                return address + encoded(path.removeprefix(f"{parent}/")) if address else None
            parent = posixpath.dirname(parent)
        return self.url + encoded(path)


def _load(settings: Settings, config: Path) -> _Zola:
    name = shown(config, settings.root)
    fields = parse_toml(load_text(config, name), name)
    docs = config.parent / _CONTENT
    if not docs.is_dir():
        raise FeedsError(f"the folder {shown(docs, settings.root)!r} does not exist", rule="docs-folder")
    language = text(fields, "default_language") or "en"
    rules = table(fields, "slugify")
    pages = Pages(
        language=language,
        others=tuple(code for code in table(fields, "languages") if code != language),
        slugify=own_slugify(settings, zola_slugify(slug_mode(fields, "paths"))),
        keeps_dates=as_bool(rules.get("paths_keep_dates", Scalar("", "null"))) is True,
    )
    docs_name = f"{shown(docs, settings.root)}/"
    url = site_url(settings, text(fields, "base_url"), f"set base_url in {name}, or ")
    return _Zola(
        settings, fields, docs, docs_name, url, pages, tuple(_draft_sections(docs, docs_name, pages))
    )


def _draft_sections(docs: Path, docs_name: str, pages: Pages) -> Iterable[str]:
    """The folders whose section is a draft in any language: Zola then reads no page below them."""
    wanted = {"_index.md", *(f"_index.{code}.md" for code in pages.others)}
    for folder, files in walk_folders(docs):
        for name in sorted(wanted.intersection(files)):
            if is_draft(load_fields(docs / folder / name, posixpath.join(docs_name, folder, name))):
                yield folder


def _blog(zola: _Zola, code: str) -> Blog:
    settings, pages = zola.settings, zola.pages
    is_main = code == pages.language
    options = table(zola.fields, "languages").get(code)
    wanted = own_posts(settings, zola.docs_name, lambda path: True)
    below = _narrowed(settings, zola)
    rules = _rules(zola, settings.site.language if is_main and settings.site.language else code)
    return Blog(
        folders=("",),
        home="" if is_main else f"{code}/",
        is_post=lambda path: (
            path.endswith(ENDING)
            and not posixpath.basename(path).startswith(".")
            and not is_section(path)
            and path.startswith(below)
            and pages.language_of(path) == code
            and wanted(path)
        ),
        status=own_status(settings, lambda source: _status(source, zola)),
        read=lambda source, reading: _read(source, reading, pages, rules),
        matter=Matter(yaml="1.2", loose=True),
        language=rules.language,
        title="" if is_main or not isinstance(options, dict) else text_in(options, "title"),
        feeds="" if is_main else code,
    )


def _narrowed(settings: Settings, zola: _Zola) -> str:
    """The folder below the content, with a final `/`, that the settings narrow posts to; "" for all of it."""
    folder = settings.posts.folder.strip("/")
    if not folder or f"{folder}/" == zola.docs_name:
        return ""
    if not f"{folder}/".startswith(zola.docs_name):
        message = f"the posts' folder {folder!r} is not in {zola.docs_name!r}, where Zola's content lies"
        raise FeedsError(message, help="name one below it as folder under [posts]", rule="docs-folder")
    return f"{folder}/".removeprefix(zola.docs_name)


def _status(source: Source, zola: _Zola) -> str:
    """Why a page is not in Zola's own feeds either: it has no date, is a draft, or is kept out."""
    fields = source.fields
    keys = own_keys(zola.settings.generator.date, ("date",))
    if not first_key(zola.pages.dated(source).fields, keys) and zola.settings.posts.dates not in _GIT:
        return NO_POST
    if is_draft(fields) or any(not folder or source.path.startswith(f"{folder}/") for folder in zola.drafts):
        return "draft"
    if as_bool(fields.values.get("render", Scalar("", "null"))) is False:
        return "not rendered"
    in_feeds = as_bool(fields.values.get("include_in_feeds", Scalar("", "null")))
    hidden = as_bool(fields.values.get("hidden", Scalar("", "null")))
    return "hidden" if in_feeds is False or hidden else ""


def _read(source: Source, reading: Reading, pages: Pages, rules: Rules) -> Post:
    post = read_post(pages.dated(source), reading, rules)
    extra = Fields(source.fields.path, table(source.fields, "extra"))
    return replace(post, image=text(extra, *_IMAGES)) if not post.image else post


def _rules(zola: _Zola, language: str) -> Rules:
    settings, pages = zola.settings, zola.pages
    keys = settings.generator

    def permalink(source: Source, naming: Naming) -> str:
        return encoded(pages.page_path(source.path, source.fields))

    return Rules(
        url=zola.url,
        language=language,
        permalink=own_permalink(
            settings,
            permalink,
            home="",
            slugify=pages.slugify,
            names=zola_slugify(slug_mode(zola.fields, "taxonomies")),
        ),
        dates=dates_of(own_keys(keys.date, ("date",)), own_keys(keys.updated, ("updated",))),
        title=title_of("title"),
        categories=lambda source, reading: _terms(source, lambda name: name in CATEGORIES),
        tags=lambda source, reading: _terms(source, lambda name: name not in (*CATEGORIES, *_AUTHORS)),
        authors=lambda source, reading: _authors(source, zola.url, reading.report),
        slug=slug_of("slug"),
        heading=lambda source: pages.slug_name(pages.name_of(source.path)),
        stem=lambda path: pages.slug_name(pages.name_of(path)),
        excerpting=excerpting_of(Excerpting(own_marks(settings, "more"))),
    )


def _terms(source: Source, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    """The terms of the taxonomies of certain names, each once, in their order."""
    given = table(source.fields, "taxonomies")
    found = [term for name, value in given.items() if wanted(name) for term in names(value)]
    return tuple(dict.fromkeys(found))


def _authors(source: Source, base: str, report: Report) -> tuple[Author, ...]:
    """The authors: Zola's own key, else a taxonomy, else what themes read from `[extra]`."""
    fields = source.fields
    for values in (fields.values, table(fields, "taxonomies"), table(fields, "extra")):
        for key in _AUTHORS:
            if found := people(values.get(key), source, known={}, base=base, report=report):
                return found
    return ()


def rewrite_link(url: str, source: str) -> str:
    """Zola's `@/blog/post.md#part` as a path from the content folder, a file's as one from the post."""
    if not url.startswith("@/"):
        return url
    target = url[1:]
    if target.partition("#")[0].endswith(ENDING):
        return target
    return posixpath.relpath(target, posixpath.join("/", posixpath.dirname(source)))


def _has_components(root: Path, theme: str) -> bool:
    """Whether posts are written for Zola 0.23 and later, where components took the place of shortcodes."""
    folders = [root / "templates", *([root / "themes" / theme / "templates"] if theme else [])]
    return any((folder / "components").is_dir() for folder in folders)


def _plain(value: Value | Mapping[str, Value]) -> object:
    """A value as templates see it: texts, lists and mappings."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else str(value)


ZOLA = Generator("zola", detect, load_site)
