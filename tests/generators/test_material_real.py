"""Random blogs, built by the real mkdocs-material and read by us: the same posts at the same addresses."""

import datetime as dt
import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material_samples import blogs

from feeds.config import load_settings
from feeds.generators import load_site
from feeds.posts.collect import Policy, load_posts
from feeds.posts.rendering import Renderer
from feeds.posts.titles import heading_title

pytest.importorskip("material", reason="mkdocs-material is not installed")

SITE_URL = "https://example.org/sub/"


@dataclass(frozen=True)
class Published:
    """What both sides must agree on."""

    url: str
    published: dt.datetime
    categories: tuple[str, ...]


def write_blog(
    root: Path, options: dict[str, object], files: dict[str, str], *, language: str, pretty: bool
) -> None:
    folder = root / "docs" / str(options["blog_dir"]) / "posts"
    for name, text in files.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    config = {
        "site_name": "Random",
        "site_url": SITE_URL,
        "use_directory_urls": pretty,
        "theme": {"name": "material", "language": language},
        "plugins": [{"blog": options}],
    }
    (root / "mkdocs.yml").write_text(json.dumps(config), "utf-8")


def real_posts(root: Path) -> dict[str, Published]:
    """The posts as the blog plugin itself resolves them, by path."""
    from mkdocs.config import load_config
    from mkdocs.structure.files import get_files

    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site"))
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)
    files = get_files(config)
    blog = config.plugins["material/blog"]
    blog.on_files(files, config=config)
    return {
        post.file.src_uri: Published(
            post.canonical_url, post.config.date.created, tuple(post.config.categories)
        )
        for post in blog.blog.posts
    }


def our_posts(root: Path) -> dict[str, Published]:
    findings: list[object] = []
    site = load_site(load_settings(root, environ={}), findings.append)
    renderer = Renderer(site, findings.append)
    found = load_posts(
        site, Policy(dt.datetime.now(dt.UTC)), lambda source: heading_title(source, renderer), findings.append
    )
    return {
        post.source.path: Published(post.url, post.published, post.categories) for post in found.published
    }


def check(blog: tuple[dict[str, object], dict[str, str]], language: str, pretty: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_blog(root, *blog, language=language, pretty=pretty)
        assert our_posts(root) == real_posts(root)


LANGUAGES = st.sampled_from(["en", "de", "fr", "zh-Hant"])


@given(blogs(), LANGUAGES, st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_post_of_a_random_blog_has_the_address_that_material_gives_it(
    blog: tuple[dict[str, object], dict[str, str]], language: str, pretty: bool
) -> None:
    check(blog, language, pretty)


@pytest.mark.slow
@given(blogs(), LANGUAGES, st.booleans())
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
def test_many_random_blogs_have_the_addresses_that_material_gives_them(
    blog: tuple[dict[str, object], dict[str, str]], language: str, pretty: bool
) -> None:
    check(blog, language, pretty)
