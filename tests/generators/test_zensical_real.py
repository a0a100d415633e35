"""Random blogs, built by the real Zensical and read by us: the same posts, titles and dates at the same addresses."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material_samples import blogs

from feeds.config import load_settings
from feeds.errors import Finding
from feeds.generators import load_site
from feeds.posts.collect import Policy, load_posts
from feeds.posts.rendering import Renderer
from feeds.posts.titles import heading_title

SITE_URL = "https://example.org/sub/"
FIRST_WITH_BLOGS = (0, 0, 73)


def zensical() -> str:
    """The command; "" where there is none that builds blogs. `ZENSICAL` may name one."""
    beside = shutil.which("zensical", path=str(Path(sys.executable).parent))
    command = os.environ.get("ZENSICAL") or beside or shutil.which("zensical") or ""
    if not command:
        return ""
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = tuple(int(part) for part in version.strip().rpartition(" ")[2].split(".")[:3] if part.isdigit())
    return command if numbers >= FIRST_WITH_BLOGS else ""


COMMAND = zensical()
pytestmark = pytest.mark.skipif(
    not COMMAND, reason="there is no zensical 0.0.73 or newer, which builds blogs"
)


@dataclass(frozen=True)
class Published:
    """What both sides must agree on."""

    title: str
    published: dt.datetime
    categories: frozenset[str]


def toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def write_blog(
    root: Path, options: dict[str, object], files: dict[str, str], language: str, *, pretty: bool
) -> None:
    folder = root / "docs" / str(options["blog_dir"]) / "posts"
    for name, text in files.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace('"C#"', '"C-sharp"'), "utf-8")  # it refuses two names of one slug
    home = root / "docs" / str(options["blog_dir"]) / "index.md"
    home.write_text("# Blog\n", "utf-8")
    feed = {"match_path": ".*posts/", "length": 1000, "use_git": False, "categories": ["categories"]}
    lines = ["[project]", 'site_name = "Random"', f"site_url = {toml(SITE_URL)}"]
    lines += [f"use_directory_urls = {toml(pretty)}", "[project.theme]", f"language = {toml(language)}"]
    lines += ["[project.plugins.blog]", *(f"{key} = {toml(value)}" for key, value in options.items())]
    lines += ["[project.plugins.rss]", *(f"{key} = {toml(value)}" for key, value in feed.items())]
    (root / "zensical.toml").write_text("\n".join(lines), "utf-8")


def real_posts(root: Path) -> dict[str, Published] | None:
    """The posts that Zensical's own feed has, by address; None where it refuses two at one address."""
    built = subprocess.run([COMMAND, "build"], cwd=root, capture_output=True, text=True, check=False)
    if "has multiple owners" in built.stderr:
        return None
    assert built.returncode == 0, built.stdout + built.stderr
    feed = json.loads((root / "site" / "feed_json_created.json").read_text("utf-8"))
    return {
        item["url"]: Published(
            " ".join(unescape(item["title"]).split()).casefold(),
            date_on_page(root / "site", item["url"]),
            frozenset(item["tags"] or ()),
        )
        for item in feed["items"]
    }


def date_on_page(site: Path, url: str) -> dt.datetime:
    """The date that the post's own page shows first, which is when it was published."""
    path = unquote(url.removeprefix(SITE_URL))
    page = (site / (f"{path}index.html" if path.endswith("/") else path)).read_text("utf-8")
    found = re.search('<time datetime="([^"]+)"', page)
    assert found, url
    return dt.datetime.fromisoformat(found[1])


def our_posts(root: Path) -> dict[str, Published] | None:
    findings: list[Finding] = []
    site = load_site(load_settings(root, environ={}), findings.append)
    assert site.generator == "zensical"
    renderer = Renderer(site, findings.append)
    policy = Policy(dt.datetime.now(dt.UTC))
    found = load_posts(site, policy, lambda source: heading_title(source, renderer), findings.append)
    if any(finding.rule == "same-address" for finding in findings):
        return None
    return {
        post.url: Published(
            " ".join(post.title.split()).casefold(), post.published, frozenset(post.categories)
        )
        for post in found.published
    }


@pytest.mark.slow
@given(blogs(), st.sampled_from(["en", "de"]), st.booleans())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_post_of_a_random_blog_has_the_address_that_zensical_gives_it(
    blog: tuple[dict[str, object], dict[str, str]], language: str, pretty: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_blog(root, *blog, language, pretty=pretty)
        assert our_posts(root) == real_posts(root)
