"""Docusaurus: the blogs of its classic preset and of its blog plugin (https://docusaurus.io/docs/blog)."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from pathlib import Path

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.generators.base import Generator, output_folder, shown
from feeds.generators.docusaurus.config import FILENAMES, Docusaurus, Instance, Locale, load_docusaurus
from feeds.generators.docusaurus.links import Addresses
from feeds.generators.docusaurus.posts import BlogReader, Folders, load_reader
from feeds.generators.docusaurus.values import kebab_case
from feeds.model import MarkdownExtension, Report, Site

_MARKDOWN = (
    "tables",
    "strikethrough",
    "footnotes",
    "task-lists",
    "autolinks",
    "heading-ids",
    "admonitions",
    "emoji",
)
_ENDINGS = (".md", ".mdx")


def detect(root: Path) -> Path | None:
    """The `docusaurus.config.js` of a folder, or the same in TypeScript."""
    return next((root / name for name in FILENAMES if (root / name).is_file()), None)


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that a `docusaurus.config.js` describes; without one, the posts in `blog/`.

    Raises:
        FeedsError: the configuration cannot be read, or does not tell what is needed without being run.
    """
    home = config.parent if config else settings.root
    name = shown(config, settings.root) if config else ""
    site = load_docusaurus(config, name, settings, report)
    docs, prefix = _docs(home, site.instances)
    instances = [instance for instance in site.instances if (home / instance.path).is_dir()]
    if not instances:
        missing = shown(home / site.instances[0].path, settings.root)
        help = "name the folder of the posts as folder under [posts] in feeds.toml"
        raise FeedsError(f"the folder {missing!r} does not exist", help=help, rule="docs-folder")
    readers = [
        load_reader(settings, site, instance, locale, _folders(docs, prefix, instance, locale))
        for locale in site.locales
        for instance in instances
    ]
    addresses = Addresses(site, docs, prefix, tuple(readers))
    docs_name = shown(docs, settings.root)
    docs_name = f"{docs_name}/" if docs_name != "." else ""
    return Site(
        root=settings.root,
        docs=docs,
        docs_name=docs_name,
        output=output_folder(settings, home / "build"),
        generator="docusaurus",
        title=site.title,
        url=site.url,
        description=site.tagline or site.instances[0].description,
        language=site.locales[0].language,
        timezone=settings.site.timezone or "UTC",
        author=settings.site.author,
        copyright=site.copyright,
        blogs=tuple(reader.blog(docs_name) for reader in readers),
        markdown=_markdown(site),
        category_slug=kebab_case,
        category_page=lambda name: "",
        excluded=_excluded(readers),
        media_url=addresses.media_url,
        rewrite_link=addresses.rewrite_link,
        endings=_ENDINGS,
        flavour="commonmark",
        templating="mdx",
        variables={"format": site.format},
    )


def _docs(home: Path, instances: tuple[Instance, ...]) -> tuple[Path, str]:
    """The folder that holds the site and its posts, and where in it the site lies: "", or ending with `/`."""
    paths = [home.absolute(), *(Path(os.path.normpath(home.absolute() / i.path)) for i in instances)]
    docs = Path(os.path.commonpath(paths))
    if docs == home.absolute():
        return home, ""
    return docs, f"{shown(home.absolute(), docs)}/"


def _folders(docs: Path, prefix: str, instance: Instance, locale: Locale) -> Folders:
    content = posixpath.normpath(prefix + instance.path)
    localized = posixpath.normpath(f"{prefix}{locale.folder}/{instance.localized}")
    return Folders(content, localized, docs, locale.translates)


def _markdown(site: Docusaurus) -> tuple[MarkdownExtension, ...]:
    names = [MarkdownExtension(name) for name in (*_MARKDOWN, "highlight-comments")]
    if site.format == "mdx":
        names.append(MarkdownExtension("mdx"))
    return (*names, *([MarkdownExtension("math")] if site.math else []))


def _excluded(readers: list[BlogReader]) -> Callable[[str], bool]:
    """Everything but the folders of posts, and the folders that lead to them."""
    kept = {
        f"{folder}/" for reader in readers for folder in (reader.folders.content, reader.folders.localized)
    }

    def excluded(path: str) -> bool:
        if any(part.startswith(".") or part == "node_modules" for part in path.split("/")):
            return True
        inside = any(path.startswith(folder) or folder == "./" for folder in kept)
        leads = path.endswith("/") and any(folder.startswith(path) for folder in kept)
        return not inside and not leads

    return excluded


DOCUSAURUS = Generator("docusaurus", detect, load_site)
