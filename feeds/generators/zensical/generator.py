"""Zensical, which has Material's blog (https://zensical.org/docs/)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.generators.base import Generator, shown
from feeds.generators.material import blog_site, is_feed_of_pages
from feeds.generators.mkdocs.config import FILENAMES, load_mkdocs
from feeds.generators.mkdocs.generator import pages_site
from feeds.generators.mkdocs.site import open_project
from feeds.generators.zensical.config import FILENAME, load_zensical, with_defaults
from feeds.generators.zensical.slugs import is_alphabetic
from feeds.model import Blog, Post, Reading, Report, Site, Source

_PLAIN = "/!$'()*+,;=:@"


def detect(root: Path) -> Path | None:
    """The `zensical.toml` of a folder; a `mkdocs.yml`, which Zensical reads too, is taken for Material's."""
    return root / FILENAME if (root / FILENAME).is_file() else None


def load_site(settings: Settings, config: Path | None, report: Report) -> Site:
    """The site that a `zensical.toml`, or a `mkdocs.yml` where there is none, describes.

    Raises:
        FeedsError: the configuration cannot be read, has no blog, or does not say the site's URL.
    """
    found = (settings.root / name for name in FILENAMES)
    file = config or next((path for path in found if path.is_file()), None)
    if file is None:
        raise FeedsError(f"there is no {FILENAME} here", help="name its folder with -C", rule="generator")
    name = shown(file, settings.root)
    if file.name == FILENAME:
        loaded = load_zensical(file, name)
    else:
        loaded = with_defaults(load_mkdocs(file, name, settings.environ, report))
    if is_feed_of_pages(settings, loaded):
        return _encoded(pages_site(open_project(settings, file, loaded, narrows=True), "zensical"))
    project = replace(
        open_project(settings, file, loaded),
        date_language="en",  # whatever the theme's is
        keeps=is_alphabetic,
    )
    return _encoded(blog_site(project, "zensical", report))


def _encoded(site: Site) -> Site:
    """The site with addresses percent-encoded as Zensical does it, which leaves more characters alone."""

    def again(url: str) -> str:
        path = url.removeprefix(site.url)
        encoded = quote(unquote(path), safe=_PLAIN).replace("~", "%7E")
        return site.url + encoded if url.startswith(site.url) else encoded

    def read(blog: Blog, source: Source, reading: Reading) -> Post:
        post = blog.read(source, reading)
        url = again(post.url)
        return replace(post, url=url, id=url if post.id == post.url else post.id)

    def page_url(path: str) -> str | None:
        url = site.page_url(path)
        return again(url) if url else url

    return replace(
        site,
        blogs=tuple(replace(blog, read=partial(read, blog)) for blog in site.blogs),
        category_page=lambda name: again(site.category_page(name)),
        page_url=page_url,
    )


ZENSICAL = Generator("zensical", detect, load_site)
