"""Astro: content collections, Markdown pages, and Starlight's blog plugin (https://docs.astro.build/)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from feeds.config import Settings
from feeds.errors import FeedsError, Location
from feeds.generators.astro.config import (
    FILENAMES,
    AstroConfig,
    Collection,
    Route,
    load_collections,
    load_config,
    load_routes,
    mentions_drafts,
    site_address,
)
from feeds.generators.astro.posts import ENDINGS, Address, Place, Reader
from feeds.generators.astro.slugs import content_id, github_slug
from feeds.generators.base import Generator, output_folder, site_url, web_address
from feeds.generators.braces import matcher
from feeds.generators.javascript.reading import Js, Members
from feeds.generators.values import line
from feeds.model import Author, Blog, MarkdownExtension, Report, Scalar, Site

NAMES = ("blog", "posts", "post", "articles", "article", "writing", "journal", "news", "entries")
"""What sites call the collection of their posts, or the folder of pages that they are."""

_WHERE = "astro.config.mjs does not say it as plain text (site: 'https://…'); "
_ASK = 'write posts = ["src/content/blog/**"] and permalink = "/blog/{path}/" under [generator] in feeds.toml'
_EXTENSIONS = ("tables", "strikethrough", "footnotes", "task-lists", "autolinks")
_PLUGINS = {
    "remark-math": "math",
    "remark-emoji": "emoji",
    "remark-breaks": "hard-breaks",
    "remark-directive": "admonitions",
}


def detect(root: Path) -> Path | None:
    """The configuration of Astro."""
    return next((root / name for name in FILENAMES if (root / name).is_file()), None)


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that Astro builds of a project, as far as its files tell without being run.

    Raises:
        FeedsError: the configuration is malformed, the site's URL is not known, or nothing tells which files
            are posts.
    """
    root, own = settings.root, load_config(settings.root, config)
    url = site_url(settings, site_address(own, report), _WHERE)
    address = Address(own.word("build", "format") or "directory", own.word("trailingSlash") or "ignore")
    starlight = own.call("starlight")
    hides = lru_cache(maxsize=1)(lambda: starlight is not None or mentions_drafts(root, own))
    language = settings.site.language or _language(own, starlight)
    reader = Reader(settings, url, address, hides, report)
    plugin = own.call("starlightBlog") if starlight is not None else None
    if starlight is not None and plugin is not None:
        blogs = tuple(_starlight(reader, own, starlight, plugin, url, language))
    else:
        blogs = _blogs(reader, root, own, settings, language)
    title = _worded(starlight.get("title"), language) if starlight else ""
    about = _worded(starlight.get("description"), language) if starlight else ""
    return Site(
        root=root,
        docs=root,
        docs_name="",
        output=output_folder(settings, root / (own.word("outDir") or "dist")),
        generator="astro",
        title=settings.site.title or title or own.told("title", "name") or "Blog",
        url=url,
        description=settings.site.description or about or own.told("description", "desc"),
        language=language,
        timezone=settings.site.timezone or "UTC",
        author=settings.site.author or own.told("author"),
        copyright="",
        blogs=blogs,
        markdown=_extensions(own, starlight is not None),
        category_slug=github_slug,
        category_page=lambda name: "",
        excluded=_exclusion(own, blogs),
        page_url=_page_rule(own, url, address, starlight is not None),
        media_url=lambda path, source, page: None,  # their names are made of what is in them
        endings=ENDINGS,
        flavour="commonmark",
        templating="mdx",
        variables={"format": "detect"},
    )


def _language(config: AstroConfig, starlight: Members | None) -> str:
    found = config.word("i18n", "defaultLocale")
    if starlight is not None:
        locales = starlight.get("locales")
        default = starlight.get("defaultLocale", "root")
        own = locales.get(str(default)) if isinstance(locales, Members) else None
        lang = own.get("lang") if isinstance(own, Members) else None
        found = str(lang) if isinstance(lang, Scalar) else "" if default == "root" else str(default)
    return found or config.told("lang", "language", "locale") or "en"


def _worded(value: Js | None, language: str) -> str:
    """A text, or that of a language in a table of texts."""
    if isinstance(value, Members):
        value = value.get(language) or next(iter(value.values()), None)
    return line(value) if isinstance(value, Scalar) and value.kind == "str" else ""


# --- Starlight's blog plugin (https://starlight-blog-docs.vercel.app/) --------------------------


def _starlight(
    reader: Reader, config: AstroConfig, starlight: Members, plugin: Members, url: str, language: str
) -> Iterator[Blog]:
    given = plugin.get("prefix")
    prefix = str(given).strip("/") if isinstance(given, Scalar) else "blog"
    base = f"{config.source}/content/docs"
    locales = starlight.get("locales")
    default = starlight.get("defaultLocale")
    folders = {"": language}
    for name, about in locales.items() if isinstance(locales, Members) else ():
        lang = about.get("lang") if isinstance(about, Members) else None
        folders[name if name != "root" else ""] = str(lang) if isinstance(lang, Scalar) else name
    if isinstance(locales, Members) and "root" not in locales:
        del folders[""]
    for place, code in folders.items():
        inner = f"{place}/{prefix}" if place else prefix
        yield reader.blog(
            _starlight_place(base, inner),
            code,
            feeds="" if not place or place == default else place,
            title=_worded(plugin.get("title"), code),
            known=_authors(plugin.get("authors"), url),
        )


def _starlight_place(base: str, inner: str) -> Place:
    folder = f"{base}/{inner}"
    indexes = {f"{folder}/index{ending}" for ending in ENDINGS}
    return Place(folder, base, "", lambda path: path.startswith(f"{folder}/") and path not in indexes)


def _authors(value: Js | None, url: str) -> dict[str, Author]:
    found = {}
    for id, given in value.items() if isinstance(value, Members) else ():
        texts = (
            {key: line(item) for key, item in given.items() if isinstance(item, Scalar)}
            if isinstance(given, Members)
            else {}
        )
        if texts.get("name"):
            picture = web_address(texts.get("picture", ""), url)
            found[id] = Author(
                texts["name"], id=id, url=web_address(texts.get("url", ""), url), avatar=picture
            )
    return found


# --- collections and pages of the site's own ----------------------------------------------------


def _blogs(
    reader: Reader, root: Path, config: AstroConfig, settings: Settings, language: str
) -> tuple[Blog, ...]:
    """A blog for every collection of posts, else for every folder of pages that are posts."""
    collections, routes = load_collections(root, config), load_routes(root, config)
    named = [collection for collection in collections if collection.name in NAMES]
    shown = {name for route in routes for name in route.collections}
    chosen = named or [collection for collection in collections if collection.name in shown]
    if settings.generator.posts or settings.posts.folder:
        chosen = chosen or [*collections, Collection("posts", f"{config.source}/content")]
    elif not named and len(chosen) > 1:
        names = ", ".join(collection.name for collection in chosen)
        raise _unknown(f"which of the collections {names} holds the posts is not known", config)
    if chosen:
        return tuple(
            _of_collection(reader, collection, routes, settings, config, language) for collection in chosen
        )
    pages = posixpath.join(config.source, "pages")
    folders = [f"{pages}/{name}" for name in NAMES if any((root / pages / name).rglob("*.md*"))]
    if not folders:
        raise _unknown("no content collection and no folder of pages is known to hold posts", config)
    return tuple(reader.blog(_pages_place(pages, folder), language) for folder in folders)


def _pages_place(pages: str, folder: str) -> Place:
    def matches(path: str) -> bool:
        inner = path.removeprefix(f"{folder}/")
        hidden = any(part.startswith("_") for part in inner.split("/"))
        return inner != path and not hidden and posixpath.splitext(inner)[0] != "index"

    return Place(folder, pages, "", matches, slugs=False)


def _of_collection(
    reader: Reader,
    collection: Collection,
    routes: tuple[Route, ...],
    settings: Settings,
    config: AstroConfig,
    language: str,
) -> Blog:
    route, skips, error = _route_of(collection, routes, config)
    if error and not settings.generator.permalink:
        problem = error
        refused: Callable[[], FeedsError | None] = lambda: problem  # noqa: E731
    else:
        refused = lambda: None  # noqa: E731
    place = Place(collection.base, collection.base, route, _files_of(collection), skips=skips)
    return reader.blog(place, language, refused=refused)


def _route_of(
    collection: Collection, routes: tuple[Route, ...], config: AstroConfig
) -> tuple[str, bool, FeedsError | None]:
    """What the addresses of a collection's entries begin with, whether they skip folders whose names begin
    with `_`, and why that is not enough.
    """
    fitting = [route for route in routes if collection.name in route.collections]
    fitting = fitting or [
        route for route in routes if not route.collections and route.folder.startswith(NAMES)
    ]
    known = [route for route in fitting if not route.worked_out] or fitting
    what = f"where the posts of the collection {collection.name!r} are published"
    if not known:
        return "", False, _unknown(f"{what} is not known: no page with a parameter shows them", config)
    if len({route.folder for route in known}) > 1:
        paths = " and ".join(route.path for route in known)
        return "", False, _unknown(f"{what} is not known: {paths} show them", config)
    route = known[0]
    if route.worked_out:
        at = posixpath.join(config.source, "pages", route.path)
        message = f"{what} is worked out by `{route.worked_out}`, and code is never run"
        return route.folder, False, _unknown(message, config, Location(at))
    return route.folder, route.skips, None


def _unknown(message: str, config: AstroConfig, at: Location | None = None) -> FeedsError:
    return FeedsError(message, at or Location(config.path), _ASK, rule="permalink")


def _files_of(collection: Collection) -> Callable[[str], bool]:
    start = f"{collection.base}/" if collection.base else ""
    matches = matcher(collection.patterns)

    def is_entry(path: str) -> bool:
        inner = path.removeprefix(start)
        if not path.startswith(start) or (
            collection.legacy and any(p.startswith("_") for p in inner.split("/"))
        ):
            return False
        return matches(inner)

    return is_entry


def _extensions(config: AstroConfig, asides: bool) -> tuple[MarkdownExtension, ...]:
    """What Astro adds to CommonMark by itself, and what the plugins that the configuration names add."""
    names = [*_EXTENSIONS, *(name for plugin, name in _PLUGINS.items() if plugin in config.text)]
    if asides and "admonitions" not in names:
        names.append("admonitions")
    if config.word("markdown", "gfm") == "false":
        names = [name for name in names if name not in _EXTENSIONS]
    if config.word("markdown", "smartypants") != "false":
        names.append("typographer")
    options: dict[str, Mapping[str, object]] = {
        "math": {"inline": [["$", "$"]], "block": [["$$", "$$"]]},
        "strikethrough": {"single": True},
    }
    return tuple(MarkdownExtension(name, options.get(name, {})) for name in names)


def _exclusion(config: AstroConfig, blogs: tuple[Blog, ...]) -> Callable[[str], bool]:
    """All but the folders of sources and of the collections is left alone."""
    tops = {config.source, *(folder for blog in blogs for folder in blog.folders)}

    def excluded(path: str) -> bool:
        if any(part.startswith(".") or part == "node_modules" for part in path.split("/")):
            return True
        return not any(
            f"{path.rstrip('/')}/".startswith(f"{top}/")
            or (path.endswith("/") and f"{top}/".startswith(path))
            or not top
            for top in tops
        )

    return excluded


def _page_rule(
    config: AstroConfig, url: str, address: Address, starlight: bool
) -> Callable[[str], str | None]:
    """The address of a Markdown page, or of a page of Starlight's docs."""
    pages, docs = f"{config.source}/pages/", f"{config.source}/content/docs/"

    def rule(path: str) -> str | None:
        stem = posixpath.splitext(path)[0]
        if path.startswith(pages):
            inner = stem.removeprefix(pages)
            return url + address.of("" if inner == "index" else inner.removesuffix("/index"))
        if starlight and path.startswith(docs):
            inner = content_id(stem.removeprefix(docs))
            return url + address.of("" if inner == "index" else inner)
        return None

    return rule


ASTRO = Generator("astro", detect, load_site)
