"""Random collections, built by the real Astro and read by us: the same posts at the same addresses and instants."""

import datetime as dt
import html
import json
import os
import random
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from feeds.config import load_settings
from feeds.generators import load_site
from feeds.generators.astro.slugs import content_id, github_slug
from feeds.posts.collect import Policy, load_posts

MODULES = os.environ.get("FEEDS_ASTRO", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (Path(MODULES) / "astro").is_dir(),
        reason="FEEDS_ASTRO names no folder of node_modules with astro and @astrojs/mdx in it",
    ),
]

COLLECTIONS = """import { defineCollection, z } from 'astro:content'
import { glob } from 'astro/loaders'
const blog = defineCollection({ loader: glob({ base: './src/content/blog', pattern: '**/[^_]*.{md,mdx}' }),
  schema: z.object({ title: z.string(), pubDate: z.coerce.date() }) })
export const collections = { blog }
"""
ROUTE = """---
import { getCollection } from 'astro:content'
export async function getStaticPaths() {
  const posts = await getCollection('blog')
  return posts.map((post) => ({ params: { slug: post.id }, props: post }))
}
const post = Astro.props
const told = JSON.stringify([post.filePath, Astro.url.pathname, post.data.pubDate.toISOString()])
---
<html><body><p data-told={told}></p></body></html>
"""
WORDS = "Hello|World|C++|été|Straße|日本|Привет|İ|🦄|v1.2|(2024)|don't|a b|_x|x_y|---|&|Ⓐ|½|index|2026-01-02|ŒUVRE|e\u0301".split(
    "|"
)
DATES = (
    "2026-01-02",
    "2017-02-29",
    "2026-01-02 03:04:05",
    "2026-01-02T03:04:05+05:30",
    "2026-1-2 3:04:05 -8",
    "'2026-01-02'",
    "'2026-01-02T03:04'",
    "'2026-01-02 03:04:05'",
    "'Jan 02 2026'",
    "'January 2, 2026'",
    "'2 Jan 2026'",
    "'2026/1/2'",
    "'1/2/2026 10:20'",
    "'Jan 2, 2026 3:04 PM'",
    "'Jan 2, 2026 12:04 am'",
    "'Fri, 02 Jan 2026 03:04:05 GMT'",
    "'2 Jan 2026 10:00 GMT+0200'",
    "'2026-01-02T03:04:05.678Z'",
    "'2026-01'",
    "'2026'",
)


def write_site(root: Path, seed: int, options: dict[str, object], folder: str) -> None:
    """A site of some hundred posts, with names and dates drawn by the seed."""
    drawn = random.Random(seed)
    files = {
        "package.json": '{"name": "site", "type": "module"}',
        "astro.config.mjs": "import mdx from '@astrojs/mdx'\nexport default "
        + json.dumps({"site": "https://example.org", **options})[:-1]
        + ", integrations: [mdx()] }\n",
        "src/content.config.ts": COLLECTIONS,
        f"src/pages/{folder}[...slug].astro": ROUTE,
    }
    ids: set[str] = set()
    for _ in range(300):
        parts = [" ".join(drawn.choices(WORDS, k=drawn.randint(1, 3))) for _ in range(drawn.randint(1, 3))]
        path = "/".join(parts)
        key = content_id(path)
        slug = f"Own {drawn.randint(0, 10**9)}/x" if drawn.random() < 0.1 else ""
        if key in ids or not all(re.search(r"\w", github_slug(part)) for part in parts):
            continue  # Astro takes the last of two entries with one id
        ids.add(key)
        lines = ["title: T", f"pubDate: {drawn.choice(DATES)}"] + ([f"slug: {slug}"] if slug else [])
        ending = drawn.choice([".md", ".md", ".mdx"])
        files[f"src/content/blog/{path}{ending}"] = "---\n" + "\n".join(lines) + "\n---\nText\n"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (root / "node_modules").symlink_to(MODULES)


def real_posts(root: Path) -> dict[str, tuple[str, str]]:
    """What the built pages tell of themselves."""
    env = {**os.environ, "TZ": "UTC", "ASTRO_TELEMETRY_DISABLED": "1"}
    astro = str(root / "node_modules" / "astro" / "astro.js")
    subprocess.run(["node", astro, "build"], cwd=root, env=env, check=True, capture_output=True)
    found = {}
    for path in (root / "dist").rglob("*.html"):
        for told in re.findall(r'data-told="([^"]*)"', path.read_text("utf-8")):
            file, url, date = json.loads(html.unescape(told))
            found[file] = (unquote(url), date)
    return found


def our_posts(root: Path) -> dict[str, tuple[str, str]]:
    findings: list[object] = []
    site = load_site(load_settings(root, environ={}), findings.append)
    now = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    posts = load_posts(site, Policy(now), lambda source: None, findings.append).published
    return {post.source.path: (unquote(urlsplit(post.url).path), _instant(post.published)) for post in posts}


def _instant(date: dt.datetime) -> str:
    date = date.astimezone(dt.UTC)
    return f"{date:%Y-%m-%dT%H:%M:%S}.{date.microsecond // 1000:03}Z"


@pytest.mark.parametrize(
    ("seed", "options", "folder"),
    [
        (1, {}, "blog/"),
        (2, {"base": "/sub", "trailingSlash": "always"}, "blog/"),
        (3, {"trailingSlash": "never"}, ""),
        (4, {"build": {"format": "file"}}, "a/b/"),
    ],
)
def test_every_post_of_a_random_collection_is_where_astro_has_it(
    tmp_path: Path, seed: int, options: dict[str, object], folder: str
) -> None:
    write_site(tmp_path, seed, options, folder)
    real, ours = real_posts(tmp_path), our_posts(tmp_path)
    assert len(real) > 100
    assert {path: (ours.get(path), post) for path, post in real.items() if ours.get(path) != post} == {}
    assert sorted(ours.keys() - real.keys()) == []
