"""Material for MkDocs: its blog plugin's conventions (https://squidfunk.github.io/mkdocs-material/plugins/blog/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from feeds.config import Settings
from feeds.errors import FeedsError, Finding, Severity
from feeds.generators.addresses import check_pattern, date_format, own_address, permalink_rule, view_address
from feeds.generators.authors import load_authors
from feeds.generators.base import Generator, quoted, shown
from feeds.generators.conventions import Conventions, is_draft
from feeds.generators.mkdocs.config import FILENAMES, MkDocsConfig, Plugin, load_mkdocs
from feeds.generators.mkdocs.generator import pages_site
from feeds.generators.mkdocs.site import Project, open_project
from feeds.generators.mkdocs.values import flag_of, text_of
from feeds.generators.overrides import own_keys, own_marks, own_posts, own_slugify, own_status
from feeds.generators.rules import dates_of, read_post
from feeds.generators.slugs import Slugify, known_slugify, pymdownx_slugify
from feeds.generators.values import flag
from feeds.model import Author, Blog, Excerpting, Naming, Report, Scalar, Site, Source, Value

BLOG = ("blog", "material/blog")
_COMMENT = re.compile(r"\s*<!--\s*(.*?)\s*-->\s*", re.DOTALL)


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
    mkdocs = load_mkdocs(config, shown(config, settings.root), settings.environ, report)
    if is_feed_of_pages(settings, mkdocs):
        return pages_site(open_project(settings, config, mkdocs, narrows=True), "mkdocs")
    return blog_site(open_project(settings, config, mkdocs), "material", report)


def is_feed_of_pages(settings: Settings, config: MkDocsConfig) -> bool:
    """Whether a site without a blog has a feed of its pages, made by the plugin that is known for that."""
    return not (settings.generator.name or config.plugin(*BLOG)) and config.plugin("rss") is not None


def blog_site(project: Project, generator: str, report: Report) -> Site:
    """The site of a project with the blog plugin, in one or more instances.

    Args:
        project: its configuration, in the form of a `mkdocs.yml`.
        generator: the name of what builds it.
        report: told of what is odd.

    Raises:
        FeedsError: the blog plugin is not configured, or in a way that cannot be followed.
    """
    config = project.config
    plugins = [p for p in config.plugins if p.name in BLOG and p.enabled]
    if not plugins:
        add = "add [project.plugins.blog]" if generator == "zensical" else "add it under plugins:"
        raise FeedsError(
            "the blog plugin is not configured",
            config.fields.at("plugins"),
            f"{add}; where pages with a date are the posts, use --generator mkdocs, or write "
            'name = "mkdocs" under [generator] in feeds.toml',
            rule="generator",
        )
    blogs = tuple(_blog(plugin, project, report, alone=len(plugins) == 1) for plugin in plugins)
    options = plugins[0].options
    return project.site(
        generator,
        blogs,
        category_slug=_slugify(options, "categories", project) or pymdownx_slugify(),
        category_page=_category_page(options, project),
    )


def _blog(plugin: Plugin, project: Project, report: Report, *, alone: bool) -> Blog:
    options, settings = plugin.options, project.settings
    folder = posixpath.normpath(text_of(options, "blog_dir", "blog"))
    posts = posixpath.normpath(text_of(options, "post_dir", "{blog}/posts").replace("{blog}", folder))
    names_authors = flag_of(options, "authors", True)
    conventions = Conventions(
        url=project.url,
        language=project.language,
        authors=_authors(options, folder, project) if names_authors else {},
        permalink=_permalink(options, folder, project),
        excerpting=Excerpting(own_marks(settings, _excerpt_mark(options, project.config, report))),
        strict=True,
        names_authors=names_authors,
    )
    rules = conventions.rules()
    keys = settings.generator
    if keys.date or keys.updated:
        dates = dates_of(own_keys(keys.date, ("date",)), own_keys(keys.updated, ("updated",)))
        rules = replace(rules, dates=dates)
    return Blog(
        folders=(posts,),
        home=quoted("" if folder == "." else f"{folder}/"),
        # The plugin takes every path that begins with the folder's name: `posts.md` and `posts-old/a.md` too.
        is_post=own_posts(settings, project.docs_name, lambda path: path.startswith(posts)),
        status=own_status(settings, lambda source: "draft" if is_draft(source, strict=True) else ""),
        read=lambda source, reading: read_post(source, reading, rules),
        complete=project.complete,
        shows_drafts=flag_of(options, "draft", False),
        holds_future=flag_of(options, "draft_if_future_date", False),
        ignores_date=_says_draft,
        feeds="" if alone or folder == "." else folder,
    )


def _authors(options: Mapping[str, Value], folder: str, project: Project) -> dict[str, Author]:
    file = text_of(options, "authors_file", "{blog}/.authors.yml").replace("{blog}", folder)
    path = posixpath.normpath(file)
    profile = _profile_page(options, folder, project.directory_urls)
    return load_authors(project.docs / path, f"{project.docs_name}{path}", project.url, profile)


def _says_draft(source: Source) -> bool:
    """Whether `draft` stands in the front matter: the plugin then leaves the date out of account."""
    return flag(source.fields, "draft", words=False) is not None


def _permalink(options: Mapping[str, Value], folder: str, project: Project) -> Callable[[Naming], str]:
    own = check_pattern(text_of(options, "post_url_format", "{date}/{slug}"))
    settings = project.settings
    limit = options.get("post_url_max_categories")
    pattern, directory_urls = own, project.directory_urls
    if settings.generator.permalink:
        pattern, folder, directory_urls = own_address(settings.generator.permalink, folder, directory_urls)
    return permalink_rule(
        pattern,
        folder=folder,
        date=date_format(text_of(options, "post_url_date_format", "yyyy/MM/dd"), project.date_language),
        slugify=own_slugify(
            settings, _slugify(options, "post", project) or partial(_unknown_slugify, "post")
        ),
        categories=_slugify(options, "categories", project) or partial(_unknown_slugify, "categories"),
        max_categories=int(limit) if isinstance(limit, Scalar) and limit.isdecimal() else 1,
        directory_urls=directory_urls,
    )


def _category_page(options: Mapping[str, Value], project: Project) -> Callable[[str], str]:
    """The path of a category's page, percent-encoded; "" where there is none or its slug is not known."""
    slug = _slugify(options, "categories", project)
    if not slug or not flag_of(options, "categories", True):
        return lambda name: ""
    folder = text_of(options, "blog_dir", "blog")
    pattern = text_of(options, "categories_url_format", "category/{slug}")
    return lambda name: view_address(folder, pattern.replace("{slug}", slug(name)), project.directory_urls)


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


def _slugify(options: Mapping[str, Value], what: str, project: Project) -> Slugify | None:
    """The slug function of `post` or `categories`; None for one that would have to be run."""
    separator = text_of(options, f"{what}_slugify_separator", "-")
    key = f"{what}_slugify"
    if key in options:
        return known_slugify(options[key], separator)
    return pymdownx_slugify(separator, keeps=project.keeps)


def _unknown_slugify(what: str, _: str) -> str:
    raise FeedsError(
        f"the slug is made by a function of your own ({what}_slugify), which is not run here",
        help="give the post a slug:, or write under [generator] in feeds.toml whose slugs it makes, such as "
        'slug = "material", or a pattern without {slug}, such as permalink = "{date}/{file}"'
        if what == "post"
        else "write under [generator] in feeds.toml a pattern without {categories}, such as "
        'permalink = "{date}/{slug}"',
        rule="slugify",
    )


def _excerpt_mark(options: Mapping[str, Value], mkdocs: MkDocsConfig, report: Report) -> str:
    separator = text_of(options, "post_excerpt_separator", "<!-- more -->")
    if found := _COMMENT.fullmatch(separator):
        return found[1]
    message = f"post_excerpt_separator is {separator!r}, which is no comment and does not end excerpts here"
    at, help = mkdocs.fields.at("plugins"), "write a comment, such as <!-- more -->"
    report(Finding(Severity.WARNING, "excerpt-mark", message, at, help))
    return "more"


MATERIAL = Generator("material", detect, load_site)
