"""Jekyll, and GitHub Pages, which builds with it (https://jekyllrb.com/docs/)."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds.config import Settings
from feeds.data import parse_json, parse_yaml
from feeds.errors import FeedsError, Location
from feeds.generators.base import Generator, output_folder, quoted, shown, site_url
from feeds.generators.jekyll.config import NAMES, Config, load_config, load_defaults
from feeds.generators.jekyll.data import DataFolder
from feeds.generators.jekyll.files import POSTS, Files, parse_name
from feeds.generators.jekyll.pages import Pages, post_template
from feeds.generators.jekyll.permalinks import slugify
from feeds.generators.jekyll.posts import Documents, first_text, known_authors
from feeds.generators.jekyll.values import native, text_of, truth
from feeds.generators.overrides import own_keys, own_permalink, own_posts, own_status
from feeds.generators.rules import read_post
from feeds.generators.values import warn
from feeds.model import NO_POST, Author, Blog, Fields, MarkdownExtension, Matter, Post, Report, Site, Source
from feeds.texts import load_text

_MARKDOWN = "markdown,mkdown,mkdn,mkd,md"
_HTML = (".html", ".htm")
_OTHER_MARKUP = (".textile", ".adoc", ".asciidoc", ".org", ".rst")
_EXTENSIONS = (
    "kramdown",
    "tables",
    "strikethrough",
    "footnotes",
    "definition-lists",
    "attributes",
    "typographer",
)
_NOT_JEKYLL = ("_toc.yml",)
"""What stands beside the `_config.yml` of a Jupyter Book."""


def detect(root: Path) -> Path | None:
    """The configuration file of a folder, or its `_posts`, as GitHub Pages needs no configuration."""
    config = next((root / name for name in NAMES if (root / name).is_file()), None)
    if config is None:
        return root / POSTS if _is_bare(root) else None
    return None if _is_another(root) else config


def _is_bare(root: Path) -> bool:
    """Whether a folder holds posts and nothing that tells of another program, which may call them so too."""
    posts = root / POSTS
    if not posts.is_dir() or (root / "package.json").exists():
        return False
    return any(parse_name(path.name) for path in posts.rglob("*"))


def _is_another(root: Path) -> bool:
    """Whether the configuration is that of Hexo or Jupyter Book, which have the same name for it."""
    if any((root / name).exists() for name in _NOT_JEKYLL):
        return True
    try:
        package = json.loads(load_text(root / "package.json", "package.json"))
    except (FeedsError, ValueError, RecursionError):
        return False
    needs = package.get("dependencies") if isinstance(package, dict) else None
    return isinstance(needs, dict) and "hexo" in needs


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that a `_config.yml` describes, or that lies in a folder without one.

    Raises:
        FeedsError: the configuration cannot be read, or does not say the site's URL.
    """
    root = settings.root
    name = shown(config, root) if config and config.is_file() else NAMES[0]
    own = load_config(config, name, report) if config and config.is_file() else Config(Fields(name, {}))
    source = root / (settings.posts.folder or own.text("source", "."))
    if not source.is_dir():
        at = own.fields.at("source") if "source" in own.fields else None
        raise FeedsError(f"the folder {shown(source, root)!r} does not exist", at, rule="docs-folder")
    docs_name = shown(source, root)
    docs_name = f"{docs_name}/" if docs_name != "." else ""
    url = site_url(settings, _own_url(own), f"{_domain(source)}set url in {name}, or ")
    output = root / own.text("destination", "_site")
    files = _files(own, source, output)
    markdown = tuple(f".{ending.strip()}" for ending in own.text("markdown_ext", _MARKDOWN).split(","))
    language = (settings.site.language or own.text("lang") or own.text("locale") or "en").replace("_", "-")
    data = source / own.text("data_dir", "_data")
    authors = known_authors(_load_authors(data, root), url)
    documents = _documents(settings, own, files, url, language, authors)
    style = own.text("permalink", "date")
    pages = Pages(files, documents.defaults, own.collections, style, url, markdown)
    return Site(
        root=root,
        docs=source,
        docs_name=docs_name,
        output=output_folder(settings, output),
        generator="jekyll",
        title=settings.site.title or own.text("title") or own.text("name") or "Blog",
        url=url,
        description=settings.site.description or " ".join(own.text("description").split()),
        language=language,
        timezone=settings.site.timezone or _timezone(own, report),
        author=settings.site.author or _author(own, authors),
        copyright="",
        blogs=(_blog(settings, documents, docs_name, own, markdown, report),),
        markdown=_extensions(own),
        category_slug=slugify,
        category_page=_category_page(own),
        excluded=files.excluded,
        page_url=pages.address,
        endings=(*markdown, *_HTML, *_OTHER_MARKUP),
        flavour="commonmark",
        templating="liquid",
        variables=_variables(own, data, source, root, report),
    )


def _extensions(own: Config) -> tuple[MarkdownExtension, ...]:
    """What kramdown is told to read, and the emoji of GitHub Pages."""
    names = [*_EXTENSIONS]
    if truth(own.table("kramdown").get("hard_wrap")):
        names.append("hard-breaks")
    if "jemoji" in own.plugins:
        names.append("emoji")
    return tuple(MarkdownExtension(name) for name in names)


def _files(own: Config, source: Path, output: Path) -> Files:
    """Which files of the source folder are read."""
    return Files(
        source=source,
        include=own.include,
        exclude=own.exclude,
        collections=own.text("collections_dir").strip("/"),
        labels=tuple(label for label in own.collections if label != "posts"),
        output=_below(output, source),
    )


def _documents(
    settings: Settings, own: Config, files: Files, url: str, language: str, authors: Mapping[str, Author]
) -> Documents:
    """How its posts are read."""
    mark = settings.generator.excerpt_mark
    return Documents(
        files=files,
        defaults=load_defaults(own, files.source, files.collections),
        template=post_template(own.text("permalink", "date"), own.collections),
        url=url,
        language=language,
        ends=own.text("excerpt_separator", "\n\n"),
        unpublished=own.flag("unpublished"),
        drafts=own.flag("show_drafts"),
        headings=_titles_from_headings(own),
        known=authors,
        dates=own_keys(settings.generator.date, ("date",)),
        updates=own_keys(settings.generator.updated, ("last_modified_at", "updated")),
        marks=(mark,) if mark else (),
    )


def _blog(
    settings: Settings,
    documents: Documents,
    docs_name: str,
    own: Config,
    markdown: tuple[str, ...],
    report: Report,
) -> Blog:
    rules = documents.rules()
    rules = replace(
        rules, permalink=own_permalink(settings, rules.permalink, home="", slugify=slugify, names=slugify)
    )

    def status(source: Source) -> str:
        if source.path.endswith((*markdown, *_HTML)):
            return documents.status(source)
        ending = posixpath.splitext(source.path)[1]
        at, help = Location(source.fields.path, 1), "write it in Markdown"
        warn(report, "markup", f"a post in another markup ({ending}) is left out", at, help)
        return NO_POST

    return Blog(
        folders=("",),
        home="",
        is_post=own_posts(settings, docs_name, documents.files.is_post),
        status=own_status(settings, status),
        read=lambda source, reading: _illustrated(read_post(source, reading, rules), documents.url),
        matter=Matter(optional=True),
        complete=documents.complete,
        holds_future=not own.flag("future"),
    )


def _illustrated(post: Post, url: str) -> Post:
    """The post with its picture below the site's address, where jekyll-feed looks for it."""
    base = f"{urlsplit(url).path.rstrip('/')}/"
    if not post.image or ":" in post.image or post.image.startswith(("//", base)):
        return post
    return replace(post, image=base + post.image.lstrip("/"))


def _own_url(own: Config) -> str:
    """The address that the configuration gives; "" without one."""
    url, base = own.text("url").strip(), own.text("baseurl").strip("/ ")
    return f"{url.rstrip('/')}/{base}" if url else ""


def _domain(source: Path) -> str:
    """What `CNAME`, the file of GitHub Pages, tells of the address; a hint, as it says too little."""
    try:
        name = load_text(source / "CNAME", "CNAME").strip()
    except FeedsError:
        return ""
    return f"CNAME names {name}; " if name.replace(".", "").replace("-", "").isalnum() else ""


def _below(folder: Path, source: Path) -> str:
    """A folder's path below the source; "" if it lies elsewhere."""
    path = shown(folder, source)
    return "" if path == "." or path.startswith("..") else path


def _timezone(own: Config, report: Report) -> str:
    """The zone of the configuration; UTC stands for the build machine's own, which nobody else has."""
    name = own.text("timezone", "UTC")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        at = own.fields.at("timezone")
        warn(
            report, "timezone", f"{name!r} is no time zone; UTC is taken", at, "write one like Europe/Berlin"
        )
        return "UTC"
    return name


def _author(own: Config, known: Mapping[str, Author]) -> str:
    name = first_text(own.fields.values.get("author"))
    return known[name].name if name in known else name


def _load_authors(data: Path, root: Path) -> Fields | None:
    """The authors' file among the data files, if there is one."""
    for ending, parse in ((".yml", parse_yaml), (".yaml", parse_yaml), (".json", parse_json)):
        path = data / f"authors{ending}"
        if path.is_file():
            try:
                text = load_text(path, shown(path, root))
            except FeedsError:
                return None
            return parse(text, shown(path, root))
    return None


def _titles_from_headings(own: Config) -> bool:
    """Whether jekyll-titles-from-headings is told to look at posts too."""
    options = own.table("titles_from_headings")
    enabled = native(options.get("enabled")) is not False
    return (
        "jekyll-titles-from-headings" in own.plugins
        and enabled
        and native(options.get("collections")) is True
    )


def _category_page(own: Config) -> Callable[[str], str]:
    """The path of a category's page, percent-encoded, where jekyll-archives makes one."""
    options = own.table("jekyll-archives")
    enabled = options.get("enabled")
    names = [text_of(item) for item in enabled] if isinstance(enabled, list) else []
    if "jekyll-archives" not in own.plugins or not (
        "categories" in names or native(enabled) in ("all", True)
    ):
        return lambda name: ""
    links = options.get("permalinks")
    own_link = links.get("category") if isinstance(links, dict) else None
    pattern = text_of(own_link) if truth(own_link) else "/category/:name/"
    return lambda name: quoted(pattern.replace(":name", slugify(name)).lstrip("/"))


def _variables(own: Config, data: Path, source: Path, root: Path, report: Report) -> dict[str, object]:
    """What Liquid in posts can name, the configuration and data files as `site`; and where includes lie."""
    values = {key: native(value) for key, value in own.fields.values.items()}
    site = {"baseurl": "", "url": "", **values, "data": DataFolder(data, root, report)}
    return {"site": site, "includes": source / own.text("includes_dir", "_includes")}


JEKYLL = Generator("jekyll", detect, load_site)
