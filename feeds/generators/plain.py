"""A folder of Markdown files without any generator's configuration, read by Material's conventions."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from functools import partial
from pathlib import Path

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.generators.addresses import media_rule, own_address, page_rule, permalink_rule
from feeds.generators.authors import load_authors
from feeds.generators.base import Generator, output_folder, quoted, shown, site_url, walk_folders
from feeds.generators.conventions import Conventions, is_draft
from feeds.generators.defaults import merge_defaults
from feeds.generators.meta import load_defaults
from feeds.generators.mkdocs.values import MARKDOWN_ENDINGS
from feeds.generators.overrides import own_keys, own_marks, own_posts, own_slugify, own_status
from feeds.generators.rules import dates_of, read_post
from feeds.generators.slugs import pymdownx_slugify
from feeds.model import NO_POST, Blog, Excerpting, Fields, Matter, Report, Site, Source

FOLDERS = ("content", "docs")
_POSTS = "posts"
_AUTHORS = ".authors.yml"


def detect(root: Path) -> Path | None:
    """Nothing to find: this is what is left when no generator is recognised."""
    return None


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that lies in `content/`, `docs/`, or the folder that `[posts] folder` names.

    Every folder called `posts` makes its parent a blog; where there is none, every Markdown file with a
    date in its front matter is a post.

    Raises:
        FeedsError: there is no such folder, or the site's URL is not known.
    """
    docs = _docs(settings)
    url = site_url(settings, "", "no generator's configuration is here to say it; ")
    name = shown(docs, settings.root)
    walked = list(walk_folders(docs))
    defaults = tuple(load_defaults(docs, name, walked=walked))
    folders = sorted(
        folder for folder, _ in walked if posixpath.basename(folder) == _POSTS and not _hidden(folder)
    )
    outermost = [f for f in folders if not any(f.startswith(f"{other}/") for other in folders)]
    slugify = pymdownx_slugify()
    blogs = tuple(_blog(folder, docs, name, url, defaults, settings) for folder in outermost or [""])
    return Site(
        root=settings.root,
        docs=docs,
        docs_name=f"{name}/" if name != "." else "",
        output=output_folder(settings, settings.root / "public"),
        generator="plain",
        title=settings.site.title or "Blog",
        url=url,
        description=settings.site.description,
        language=settings.site.language or "en",
        timezone=settings.site.timezone or "UTC",
        author=settings.site.author,
        copyright="",
        blogs=blogs,
        markdown=(),
        category_slug=slugify,
        category_page=lambda name: "",
        excluded=lambda path: _hidden(path) or _is_twin(path, docs),
        page_url=page_rule(url, directory_urls=True),
        media_url=media_rule(url, tuple((folder, blog.home) for blog in blogs for folder in blog.folders)),
        endings=MARKDOWN_ENDINGS,
    )


def _docs(settings: Settings) -> Path:
    names = (settings.posts.folder,) if settings.posts.folder else FOLDERS
    for name in names:
        if (settings.root / name).is_dir():
            return settings.root / name
    raise FeedsError(
        f"no posts were found: there is no folder {' or '.join(repr(name) for name in names)} here",
        help="name the project's folder with -C, or the folder of the posts as folder under [posts]",
        rule="docs-folder",
    )


def _blog(
    posts: str,
    docs: Path,
    docs_name: str,
    url: str,
    defaults: tuple[tuple[str, Fields], ...],
    settings: Settings,
) -> Blog:
    folder = posixpath.dirname(posts)
    keys = settings.generator
    pattern, below, directory_urls = own_address(keys.permalink or "{date}/{slug}", folder, True)
    dated = own_keys(keys.date, ("date",))
    authors = posixpath.join(folder, _AUTHORS)
    rules = Conventions(
        url=url,
        language=settings.site.language or "en",
        authors=load_authors(docs / authors, posixpath.join(docs_name, authors), url, lambda slug, name: ""),
        permalink=permalink_rule(
            pattern,
            folder=below,
            date=lambda date: f"{date.year:04}/{date.month:02}/{date.day:02}",
            slugify=own_slugify(settings, pymdownx_slugify()),
            categories=pymdownx_slugify(),
            max_categories=1,
            directory_urls=directory_urls,
        ),
        excerpting=Excerpting(own_marks(settings, "more")),
    ).rules()
    if keys.date or keys.updated:
        rules = replace(rules, dates=dates_of(dated, own_keys(keys.updated, ("updated",))))
    return Blog(
        folders=(posts,),
        home=quoted(f"{folder}/" if folder else ""),
        is_post=own_posts(
            settings,
            f"{docs_name}/" if docs_name != "." else "",
            lambda path: not posts or path.startswith(f"{posts}/"),
        ),
        status=own_status(settings, partial(_status, posts, dated)),
        read=lambda source, reading: read_post(source, reading, rules),
        matter=Matter(optional=not posts),
        complete=lambda source: (
            merge_defaults(source, defaults) if _is_post(posts, dated, source) else source
        ),
        holds_future=True,
    )


def _is_post(posts: str, dated: tuple[str, ...], source: Source) -> bool:
    """Whether a file is a post: without a folder of posts, it is one if it has a date of its own."""
    return bool(posts) or any(key in source.fields for key in dated)


def _status(posts: str, dated: tuple[str, ...], source: Source) -> str:
    if not _is_post(posts, dated, source):
        return NO_POST
    return "draft" if is_draft(source, strict=False) else ""


def _is_twin(path: str, docs: Path) -> bool:
    """Whether a `README.md` gives way to the `index.md` beside it."""
    is_readme = posixpath.basename(path) == "README.md"
    return is_readme and (docs / posixpath.dirname(path) / "index.md").exists()


def _hidden(path: str) -> bool:
    return path.startswith((".", "_")) or "/." in path or "/_" in path


PLAIN = Generator("plain", detect, load_site)
