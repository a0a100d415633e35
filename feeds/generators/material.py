"""Material for MkDocs: its blog plugin's conventions (https://squidfunk.github.io/mkdocs-material/plugins/blog/)."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from feeds.config import Settings
from feeds.data import parse_yaml, place
from feeds.errors import FeedsError, Location
from feeds.generators.base import Generator, output_folder, quoted, shown, site_url
from feeds.generators.mkdocs import (
    FILENAMES,
    MkDocsConfig,
    Plugin,
    flag_of,
    load_mkdocs,
    text_of,
)
from feeds.generators.slugs import Slugify, known_slugify, pymdownx_slugify
from feeds.locales import format_pattern
from feeds.model import Author, Blog, Fields, Naming, Report, Scalar, Site, Value

META_FILE = ".meta.yml"
_NUMERIC_DATE = re.compile(r"(?:yyyy(?!y)|MM(?!M)|dd(?!d)|[-/._ ])*")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COMMENT = re.compile(r"\s*<!--\s*(.*?)\s*-->\s*", re.DOTALL)
_MAX_SEGMENT = 255
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
    url = site_url(settings, mkdocs.text("site_url"), f"set site_url in {name}")
    docs_name = shown(docs, settings.root)
    defaults = tuple(load_defaults(docs, docs_name)) if mkdocs.plugin("meta", "material/meta") else ()
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
        blogs=tuple(
            _blog(plugin, docs, docs_name, url, language, directory_urls, defaults, settings)
            for plugin in plugins
        ),
        markdown=mkdocs.markdown,
        category_slug=_category_slug(plugins[0].options),
        category_page=_category_page(plugins[0].options, directory_urls),
        excluded=_excluded(mkdocs),
        excerpt_mark=_excerpt_mark(plugins[0].options),
        directory_urls=directory_urls,
    )


def _blog(
    plugin: Plugin,
    docs: Path,
    docs_name: str,
    url: str,
    language: str,
    directory_urls: bool,
    defaults: tuple[tuple[str, Fields], ...],
    settings: Settings,
) -> Blog:
    options = plugin.options
    folder = posixpath.normpath(text_of(options, "blog_dir", "blog"))
    home = "" if folder == "." else f"{folder}/"
    posts = posixpath.normpath(text_of(options, "post_dir", "{blog}/posts").replace("{blog}", folder))
    authors: dict[str, Author] = {}
    names_authors = flag_of(options, "authors", True)
    if names_authors:
        file = text_of(options, "authors_file", "{blog}/.authors.yml").replace("{blog}", folder)
        path = posixpath.normpath(file)
        profile = _profile_page(options, folder, directory_urls)
        authors = load_authors(docs / path, posixpath.join(docs_name, path), url, profile)
    return Blog(
        posts=posts,
        home=quoted(home),
        authors=authors,
        permalink=_permalink(options, folder, language, directory_urls, settings),
        defaults=defaults,
        holds_future=flag_of(options, "draft_if_future_date", False),
        strict=True,
        names_authors=names_authors,
    )


def load_authors(path: Path, name: str, url: str, profile: Callable[[str, str], str]) -> dict[str, Author]:
    """The authors' file, by id; empty when there is none.

    Args:
        path: the file; `authors:` and, as before Material 9.5, a flat mapping are understood.
        name: what messages call it.
        url: the site's URL, for relative addresses.
        profile: the path of an author's page by slug and name, "" when there is none.

    Raises:
        FeedsError: the file is no YAML, or an author has no name.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise FeedsError(f"cannot read the authors: {error}", Location(name), rule="authors") from None
    fields = parse_yaml(text, name)
    table = fields.values.get("authors", fields.values)
    authors = {}
    for key, value in table.items() if isinstance(table, dict) else ():
        given = value if isinstance(value, dict) else {}
        person = text_of(given, "name")
        if not person:
            at = place(value, name)
            raise FeedsError(f"the author {key!r} has no name", at, "write name: below it", rule="authors")
        page = profile(text_of(given, "slug", key), person)
        authors[key] = Author(
            name=" ".join(person.split()),
            id=key,
            url=_absolute(text_of(given, "url"), url) or (url + page if page else ""),
            email=text_of(given, "email"),
            avatar=_absolute(text_of(given, "avatar"), url),
        )
    return authors


def load_defaults(docs: Path, docs_name: str) -> Iterator[tuple[str, Fields]]:
    """The front matter for whole folders: each `.meta.yml` with the folder it stands in ("" at the top).

    Raises:
        FeedsError: a file is not readable as YAML.
    """
    for path in sorted(docs.rglob(META_FILE), key=lambda path: path.parent):
        name = posixpath.join(docs_name, path.relative_to(docs).as_posix())
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise FeedsError(f"cannot read this file: {error}", Location(name), rule="meta") from None
        folder = path.parent.relative_to(docs).as_posix()
        yield ("" if folder == "." else folder), parse_yaml(text, name)


def _absolute(url: str, base: str) -> str:
    from urllib.parse import urljoin

    try:
        return urljoin(base, url) if url else ""
    except ValueError:
        return ""


def permalink(
    naming: Naming,
    *,
    pattern: str,
    folder: str,
    date: Callable[[dt.datetime], str],
    slugify: Slugify,
    categories: Slugify,
    max_categories: int,
    directory_urls: bool,
) -> str:
    """The path of a post below the site's URL, percent-encoded, as the blog plugin and MkDocs make it.

    Raises:
        FeedsError: the path leads out of the site, or no disk could hold its name.
    """
    values = {
        "date": lambda: date(naming.date),
        "slug": lambda: naming.slug or slugify(naming.heading),
        "file": lambda: naming.stem,
        "categories": lambda: "/".join(categories(name) for name in naming.categories[:max_categories]),
    }
    filled = _PLACEHOLDER.sub(lambda found: values[found[1]](), pattern)
    path = posixpath.normpath(posixpath.join(folder, posixpath.normpath(filled.strip("/"))))
    if path == ".." or path.startswith(("../", "/")) or "\0" in path:
        raise FeedsError(
            f"the address {path!r} leads out of the site", help="change the slug", rule="permalink"
        )
    if any(len(part.encode()) > _MAX_SEGMENT - len(".md") for part in path.split("/")):
        raise FeedsError(
            f"the address has a part longer than {_MAX_SEGMENT} bytes",
            help="give the post a shorter slug",
            rule="permalink",
        )
    return _address(path, directory_urls)


def _address(path: str, directory_urls: bool) -> str:
    """Where MkDocs publishes the page of a path without its ending, percent-encoded."""
    parent, stem = posixpath.split(path)
    if not directory_urls:
        return quoted(posixpath.join(parent, "index.html" if stem == "README" else f"{stem}.html"))
    if stem in ("index", "README"):
        path = parent
    return quoted(f"{path}/" if path not in ("", ".") else "")


def _permalink(
    options: Mapping[str, Value], folder: str, language: str, directory_urls: bool, settings: Settings
) -> Callable[[Naming], str]:
    pattern = settings.generator.permalink or text_of(options, "post_url_format", "{date}/{slug}")
    for name in _PLACEHOLDER.findall(pattern):
        if name not in ("date", "slug", "file", "categories"):
            raise FeedsError(
                f"the permalink pattern {pattern!r} has the unknown placeholder {{{name}}}",
                help="use {date}, {slug}, {file} and {categories}",
                rule="permalink",
            )
    separator = text_of(options, "post_slugify_separator", "-")
    limit = options.get("post_url_max_categories")
    return partial(
        permalink,
        pattern=pattern,
        folder=folder,
        date=_date_format(text_of(options, "post_url_date_format", "yyyy/MM/dd"), language),
        slugify=_slugify(options, "post_slugify", separator),
        categories=_category_slug(options),
        max_categories=int(limit) if isinstance(limit, Scalar) and limit.kind == "int" else 1,
        directory_urls=directory_urls,
    )


def _category_slug(options: Mapping[str, Value]) -> Slugify:
    return _slugify(options, "categories_slugify", text_of(options, "categories_slugify_separator", "-"))


def _category_page(options: Mapping[str, Value], directory_urls: bool) -> Callable[[str], str]:
    """The path of a category's page, percent-encoded."""
    folder = text_of(options, "blog_dir", "blog")
    pattern = text_of(options, "categories_url_format", "category/{slug}")
    slug = _category_slug(options)
    if not flag_of(options, "categories", True):
        return lambda name: ""
    return lambda name: _view(folder, pattern.replace("{slug}", slug(name)), directory_urls)


def _profile_page(
    options: Mapping[str, Value], folder: str, directory_urls: bool
) -> Callable[[str, str], str]:
    """The path of an author's page, percent-encoded, by slug and name."""
    pattern = text_of(options, "authors_profiles_url_format", "author/{slug}")
    if not flag_of(options, "authors_profiles", False):
        return lambda slug, name: ""
    return lambda slug, name: _view(
        folder, pattern.replace("{slug}", slug).replace("{name}", name), directory_urls
    )


def _view(folder: str, path: str, directory_urls: bool) -> str:
    """The address of a page that the plugin itself adds to the blog."""
    return _address(posixpath.normpath(posixpath.join(folder, path.strip("/"))), directory_urls)


def _slugify(options: Mapping[str, Value], key: str, separator: str) -> Slugify:
    if key not in options:
        return pymdownx_slugify(separator)
    made = known_slugify(options[key], separator)
    return made or partial(_unknown_slugify, key)


def _unknown_slugify(key: str, _: str) -> str:
    raise FeedsError(
        f"the slug is made by a function of your own ({key} in the plugin's options), which is not run here",
        help="give the post a slug:, or set permalink under [generator] to a pattern without {slug}"
        if key == "post_slugify"
        else "write it as !!python/object/apply:pymdownx.slugs.slugify, or leave it out",
        rule="slugify",
    )


def _date_format(pattern: str, language: str) -> Callable[[dt.datetime], str]:
    """Dates by a Unicode pattern; locale data is loaded only where names of months or days may occur."""
    if _NUMERIC_DATE.fullmatch(pattern):
        return lambda date: (
            pattern.replace("yyyy", f"{date.year:04}")
            .replace("MM", f"{date.month:02}")
            .replace("dd", f"{date.day:02}")
        )

    return lambda date: format_pattern(date, pattern, language)


def _excluded(mkdocs: MkDocsConfig) -> Callable[[str], bool]:
    """MkDocs leaves out dot files, `templates/`, and what `exclude_docs` and `draft_docs` name."""
    from pathspec import GitIgnoreSpec

    lines = [*_ALWAYS_EXCLUDED, *mkdocs.text("exclude_docs").split("\n")]
    draft_lines = mkdocs.text("draft_docs").split("\n")
    files, drafts = GitIgnoreSpec.from_lines(lines), GitIgnoreSpec.from_lines(draft_lines)
    # A pattern with ! can bring single files of a folder back.
    whole_folders = not any(line.startswith("!") for line in (*lines, *draft_lines))

    def excluded(path: str) -> bool:
        if path.endswith("/") and not whole_folders:
            return False
        return bool(files.match_file(path) or drafts.match_file(path))

    return excluded


def _excerpt_mark(options: Mapping[str, Value]) -> str:
    found = _COMMENT.fullmatch(text_of(options, "post_excerpt_separator", "<!-- more -->"))
    return found[1] if found else "more"


def _plain(markup: str) -> str:
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]*>", "", markup)).split())


MATERIAL = Generator("material", detect, load_site)
