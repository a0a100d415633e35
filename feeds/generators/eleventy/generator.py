"""Eleventy: which Markdown files are posts, and where they are published (https://www.11ty.dev/docs/)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from feeds.config import Settings
from feeds.generators.base import Generator, output_folder, site_url
from feeds.generators.eleventy.about import About
from feeds.generators.eleventy.config import FILENAMES, PACKAGE, EleventyConfig, load_config, uses_eleventy
from feeds.generators.eleventy.data import Cascade
from feeds.generators.eleventy.files import exclusion, link_rule, media_rule
from feeds.generators.eleventy.posts import Posts
from feeds.generators.eleventy.slugs import slugify
from feeds.generators.javascript.reading import Members
from feeds.model import Blog, MarkdownExtension, Report, Scalar, Site

_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2,4})?")
_WHERE = "no data file (_data/metadata.json, _data/site.js) says it as plain text; "
_ALWAYS = ("tables", "strikethrough")
_PLUGINS = {
    "markdown-it-footnote": "footnotes",
    "markdown-it-deflist": "definition-lists",
    "markdown-it-task-lists": "task-lists",
    "markdown-it-attrs": "attributes",
    "markdown-it-emoji": "emoji",
    "markdown-it-mark": "mark",
    "markdown-it-ins": "insert",
    "markdown-it-sub": "subscript",
    "markdown-it-sup": "superscript",
}
_OPTIONS = {"breaks": "hard-breaks", "linkify": "autolinks", "typographer": "typographer"}


def detect(root: Path) -> Path | None:
    """The configuration of Eleventy, which may lack all but a line of `package.json`."""
    named = next((root / name for name in FILENAMES if (root / name).is_file()), None)
    return named or (root / PACKAGE if uses_eleventy(root / PACKAGE) else None)


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that Eleventy builds of a project, as its configuration and its data say.

    Raises:
        FeedsError: the configuration is malformed, or the site's URL is not known.
    """
    root, own = settings.root, load_config(settings.root, config, report)
    cascade = Cascade(root, own, report)
    about = About(cascade.site_data(), own, root)
    url = site_url(settings, about.url(report), _WHERE)
    if not settings.site.url and own.prefix.strip("/"):
        url = urlsplit(url)._replace(path=f"/{own.prefix.strip('/')}/").geturl()
    language = settings.site.language or about.text("language", "lang", "locale") or "en"
    posts = Posts(settings, own, cascade, about.data, url, report)
    return Site(
        root=root,
        docs=root / own.input,
        docs_name=f"{own.input}/" if own.input else "",
        output=output_folder(settings, root / own.output),
        generator="eleventy",
        title=settings.site.title or about.text("title", "name", "siteTitle", "siteName") or "Blog",
        url=url,
        description=settings.site.description or about.text("description", "siteDescription", "subtitle"),
        language=language,
        timezone=settings.site.timezone or "UTC",
        author=settings.site.author or about.author(),
        copyright="",
        blogs=_blogs(posts, own, root / own.input, language),
        markdown=_extensions(own),
        category_slug=slugify,
        category_page=lambda name: "",
        excluded=exclusion(root, own),
        page_url=posts.page_url,
        media_url=media_rule(root, own, url),
        rewrite_link=link_rule(root, own),
        endings=(".md",),
        flavour="commonmark",
        templating={"njk": "nunjucks", "liquid": "liquid-eleventy"}.get(own.engine, ""),
        variables=about.data,
    )


def _blogs(posts: Posts, config: EleventyConfig, top: Path, language: str) -> tuple[Blog, ...]:
    """One blog, or one for each language where the plugin for languages names a default one."""
    plugin = config.plugin("I18n") or config.plugin("i18n")
    options = plugin.arguments[1] if plugin and len(plugin.arguments) > 1 else None
    default = options.get("defaultLanguage") if isinstance(options, Members) else None
    if not isinstance(default, Scalar) or not top.is_dir():
        return (posts.blog("", language, ""),)
    names = sorted(folder.name for folder in top.iterdir() if folder.is_dir())
    codes = [name for name in names if _LANGUAGE.fullmatch(name)]
    others = (posts.blog(f"{code}/", code, "" if code == default else code) for code in codes)
    return (*others, posts.blog("", str(default), ""))


def _extensions(config: EleventyConfig) -> tuple[MarkdownExtension, ...]:
    """markdown-it as Eleventy sets it up, with the plugins and options that the configuration names."""
    names = [*_ALWAYS, *(name for plugin, name in _PLUGINS.items() if plugin in config.text)]
    names += [name for option, name in _OPTIONS.items() if re.search(rf"\b{option}:\s*true\b", config.text)]
    options: dict[str, Mapping[str, object]] = {
        "attributes": {"blocks": True, "spans": True},
        "strikethrough": {"single": False},
    }
    plain = (MarkdownExtension(name, options.get(name, {})) for name in names)
    return (*plain, MarkdownExtension("indented-code", {"keep": False}))


ELEVENTY = Generator("eleventy", detect, load_site)
