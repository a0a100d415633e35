"""Material for MkDocs: its blog plugin's conventions (https://squidfunk.github.io/mkdocs-material/plugins/blog/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from feeds.config import Settings
from feeds.errors import FeedsError, Finding, Severity
from feeds.generators.addresses import (
    check_pattern,
    date_format,
    media_rule,
    page_rule,
    permalink,
    view_address,
)
from feeds.generators.authors import load_authors
from feeds.generators.base import Generator, output_folder, quoted, shown, site_url
from feeds.generators.conventions import Conventions, is_draft
from feeds.generators.defaults import merge_defaults
from feeds.generators.globs import compile_globs
from feeds.generators.meta import META_FILE, load_defaults
from feeds.generators.mkdocs import (
    FILENAMES,
    MARKDOWN_ENDINGS,
    MkDocsConfig,
    Plugin,
    flag_of,
    load_mkdocs,
    text_of,
)
from feeds.generators.rules import read_post
from feeds.generators.slugs import Slugify, known_slugify, pymdownx_slugify
from feeds.generators.values import flag
from feeds.model import Author, Blog, Excerpting, Fields, Naming, Report, Scalar, Site, Source, Value

_COMMENT = re.compile(r"\s*<!--\s*(.*?)\s*-->\s*", re.DOTALL)
_ALWAYS_EXCLUDED = (".*", "/templates/")


def detect(root: Path) -> Path | None:
    """The `mkdocs.yml` of a folder."""
    return next((root / name for name in FILENAMES if (root / name).is_file()), None)


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that a `mkdocs.yml` with the blog plugin describes.

    Raises:
        FeedsError: the configuration cannot be read, or does not say the site's URL.
    """
    if config is None:
        raise FeedsError(f"there is no {FILENAMES[0]} here", help="name its folder with -C", rule="generator")
    name = shown(config, settings.root)
    mkdocs = load_mkdocs(config, name, settings.environ, report)
    docs = config.parent / (settings.posts.folder or mkdocs.text("docs_dir", "docs"))
    if not docs.is_dir():
        at = mkdocs.fields.at("docs_dir") if "docs_dir" in mkdocs.fields else None
        raise FeedsError(f"the folder {shown(docs, settings.root)!r} does not exist", at, rule="docs-folder")
    theme = mkdocs.fields.values.get("theme")
    language = text_of(theme, "language", "en") if isinstance(theme, dict) else "en"
    plugins = [p for p in mkdocs.plugins if p.name in ("blog", "material/blog") and p.enabled]
    if not plugins:
        raise FeedsError(
            "the blog plugin is not configured",
            mkdocs.fields.at("plugins"),
            "add it under plugins:, or name another generator with --generator (plain reads any folder)",
            rule="generator",
        )
    directory_urls = flag_of(mkdocs.fields.values, "use_directory_urls", True)
    url = site_url(settings, mkdocs.text("site_url"), f"set site_url in {name}, or ")
    docs_name = shown(docs, settings.root)
    meta = mkdocs.plugin("meta", "material/meta")
    file = text_of(meta.options, "meta_file", META_FILE) if meta else META_FILE
    defaults = tuple(load_defaults(docs, docs_name, file)) if meta else ()
    shared = _MkDocs(settings, docs, docs_name, url, language, directory_urls, defaults)
    blogs = tuple(_blog(plugin, shared, mkdocs, report) for plugin in plugins)
    return Site(
        root=settings.root,
        docs=docs,
        docs_name=f"{docs_name}/" if docs_name != "." else "",
        output=output_folder(settings, config.parent / mkdocs.text("site_dir", "site")),
        generator="material",
        title=settings.site.title or mkdocs.text("site_name", "Blog"),
        url=url,
        description=settings.site.description or mkdocs.text("site_description"),
        language=settings.site.language or language.replace("_", "-"),
        timezone=settings.site.timezone or "UTC",
        author=settings.site.author or mkdocs.text("site_author"),
        copyright=_plain(mkdocs.text("copyright")),
        blogs=blogs,
        markdown=mkdocs.markdown,
        category_slug=_slugify(plugins[0].options, "categories") or pymdownx_slugify(),
        category_page=_category_page(plugins[0].options, directory_urls),
        excluded=_excluded(mkdocs, docs),
        page_url=page_rule(url, directory_urls),
        media_url=media_rule(url, tuple((folder, blog.home) for blog in blogs for folder in blog.folders)),
        endings=MARKDOWN_ENDINGS,
    )


@dataclass(frozen=True, slots=True)
class _MkDocs:
    """What all blogs of a site share."""

    settings: Settings
    docs: Path
    docs_name: str
    url: str
    language: str
    directory_urls: bool
    defaults: tuple[tuple[str, Fields], ...]


def _blog(plugin: Plugin, mkdocs: _MkDocs, config: MkDocsConfig, report: Report) -> Blog:
    options = plugin.options
    folder = posixpath.normpath(text_of(options, "blog_dir", "blog"))
    home = "" if folder == "." else f"{folder}/"
    posts = posixpath.normpath(text_of(options, "post_dir", "{blog}/posts").replace("{blog}", folder))
    authors: dict[str, Author] = {}
    names_authors = flag_of(options, "authors", True)
    if names_authors:
        file = text_of(options, "authors_file", "{blog}/.authors.yml").replace("{blog}", folder)
        path = posixpath.normpath(file)
        profile = _profile_page(options, folder, mkdocs.directory_urls)
        shown_path = posixpath.join(mkdocs.docs_name, path)
        authors = load_authors(mkdocs.docs / path, shown_path, mkdocs.url, profile)
    conventions = Conventions(
        url=mkdocs.url,
        language=mkdocs.settings.site.language or mkdocs.language.replace("_", "-"),
        authors=authors,
        permalink=_permalink(options, folder, mkdocs),
        excerpting=Excerpting((_excerpt_mark(options, config, report),)),
        strict=True,
        names_authors=names_authors,
    )
    rules = conventions.rules()
    return Blog(
        folders=(posts,),
        home=quoted(home),
        # The plugin takes every path that begins with the folder's name: `posts.md` and `posts-old/a.md` too.
        is_post=lambda path: path.startswith(posts),
        status=lambda source: "draft" if is_draft(source, strict=True) else "",
        read=lambda source, reading: read_post(source, reading, rules),
        complete=lambda source: merge_defaults(source, mkdocs.defaults),
        shows_drafts=flag_of(options, "draft", False),
        holds_future=flag_of(options, "draft_if_future_date", False),
        ignores_date=_says_draft,
    )


def _says_draft(source: Source) -> bool:
    """Whether `draft` stands in the front matter: the plugin then leaves the date out of account."""
    return flag(source.fields, "draft", words=False) is not None


def _permalink(options: Mapping[str, Value], folder: str, mkdocs: _MkDocs) -> Callable[[Naming], str]:
    own = check_pattern(text_of(options, "post_url_format", "{date}/{slug}"))
    pattern = mkdocs.settings.generator.permalink or own
    limit = options.get("post_url_max_categories")
    return partial(
        permalink,
        pattern=pattern,
        folder=folder,
        date=date_format(text_of(options, "post_url_date_format", "yyyy/MM/dd"), mkdocs.language),
        slugify=_slugify(options, "post") or partial(_unknown_slugify, "post"),
        categories=_slugify(options, "categories") or partial(_unknown_slugify, "categories"),
        max_categories=int(limit) if isinstance(limit, Scalar) and limit.isdecimal() else 1,
        directory_urls=mkdocs.directory_urls,
    )


def _category_page(options: Mapping[str, Value], directory_urls: bool) -> Callable[[str], str]:
    """The path of a category's page, percent-encoded; "" where there is none or its slug is not known."""
    slug = _slugify(options, "categories")
    if not slug or not flag_of(options, "categories", True):
        return lambda name: ""
    folder = text_of(options, "blog_dir", "blog")
    pattern = text_of(options, "categories_url_format", "category/{slug}")
    return lambda name: view_address(folder, pattern.replace("{slug}", slug(name)), directory_urls)


def _profile_page(
    options: Mapping[str, Value], folder: str, directory_urls: bool
) -> Callable[[str, str], str]:
    """The path of an author's page, percent-encoded, by slug and name."""
    pattern = text_of(options, "authors_profiles_url_format", "author/{slug}")
    if not flag_of(options, "authors_profiles", False):
        return lambda slug, name: ""
    return lambda slug, name: view_address(
        folder, pattern.replace("{slug}", slug).replace("{name}", name), directory_urls
    )


def _slugify(options: Mapping[str, Value], what: str) -> Slugify | None:
    """The slug function of `post` or `categories`; None for one that would have to be run."""
    separator = text_of(options, f"{what}_slugify_separator", "-")
    key = f"{what}_slugify"
    return known_slugify(options[key], separator) if key in options else pymdownx_slugify(separator)


def _unknown_slugify(what: str, _: str) -> str:
    raise FeedsError(
        f"the slug is made by a function of your own ({what}_slugify), which is not run here",
        help="give the post a slug:, or set permalink under [generator] to a pattern without {slug}"
        if what == "post"
        else "set permalink under [generator] to a pattern without {categories}",
        rule="slugify",
    )


def _excluded(mkdocs: MkDocsConfig, docs: Path) -> Callable[[str], bool]:
    """MkDocs leaves out dot files, `templates/`, and what `exclude_docs` and `draft_docs` name."""
    lines = [*_ALWAYS_EXCLUDED, *mkdocs.text("exclude_docs").split("\n")]
    draft_lines = mkdocs.text("draft_docs").split("\n")
    try:
        files, drafts = compile_globs(lines), compile_globs(draft_lines)
    except ValueError as error:
        at = mkdocs.fields.at("exclude_docs" if "exclude_docs" in mkdocs.fields else "draft_docs")
        raise FeedsError(f"this is no pattern of files: {error}", at, rule="exclude-docs") from None
    # A pattern with ! can bring single files of a folder back.
    whole_folders = not any(line.startswith("!") for line in (*lines, *draft_lines))

    def excluded(path: str) -> bool:
        if path.endswith("/") and not whole_folders:
            return False
        if posixpath.basename(path) == "README.md" and (docs / posixpath.dirname(path) / "index.md").exists():
            return True  # MkDocs makes one page of both (`mkdocs.structure.files.get_files`)
        return files(path) or drafts(path)

    return excluded


def _excerpt_mark(options: Mapping[str, Value], mkdocs: MkDocsConfig, report: Report) -> str:
    separator = text_of(options, "post_excerpt_separator", "<!-- more -->")
    if found := _COMMENT.fullmatch(separator):
        return found[1]
    message = f"post_excerpt_separator is {separator!r}, which is no comment and does not end excerpts here"
    at, help = mkdocs.fields.at("plugins"), "write a comment, such as <!-- more -->"
    report(Finding(Severity.WARNING, "excerpt-mark", message, at, help))
    return "more"


def _plain(markup: str) -> str:
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]*>", "", markup)).split())


MATERIAL = Generator("material", detect, load_site)
