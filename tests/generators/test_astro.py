"""Astro: a small configuration and a file go in; address, title, date and status come out."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from feeds.config import load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.generators.astro.slugs import content_id, github_slug
from feeds.model import Post, Site
from feeds.posts.collect import Collection, Policy, load_posts

CONFIG = "import { defineConfig } from 'astro/config';\nexport default defineConfig({ site: 'https://example.org' });\n"
COLLECTIONS = """
import { glob } from 'astro/loaders';
const blog = defineCollection({ loader: glob({ base: './src/content/blog', pattern: '**/*.{md,mdx}' }) });
export const collections = { blog };
"""
ROUTE = """---
export async function getStaticPaths() {
  const posts = await getCollection('blog');
  return posts.map((post) => ({ params: { slug: post.id }, props: post }));
}
---
<h1>A post</h1>
"""
BLOG = {
    "astro.config.mjs": CONFIG,
    "src/content.config.ts": COLLECTIONS,
    "src/pages/blog/[...slug].astro": ROUTE,
}
DAY = "pubDate: 2026-01-02"


def site_of(root: Path, files: Mapping[str, str], findings: list[Finding] | None = None) -> Site:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    report = (findings if findings is not None else []).append
    return load_site(load_settings(root, environ={}), report)


def collect(root: Path, files: Mapping[str, str], findings: list[Finding] | None = None) -> Collection:
    found: list[Finding] = [] if findings is None else findings
    site = site_of(root, files, found)
    return load_posts(site, Policy(dt.datetime(2030, 1, 1, tzinfo=dt.UTC)), lambda source: None, found.append)


def one(root: Path, files: Mapping[str, str]) -> Post:
    (post,) = collect(root, files).published
    return post


def path_of(post: Post) -> str:
    return post.url.removeprefix("https://example.org")


def page(*lines: str) -> str:
    return "---\n" + "\n".join(lines) + "\n---\n\nText.\n"


# --- the site ---------------------------------------------------------------------------------------------


def test_the_configuration_makes_a_site(tmp_path: Path) -> None:
    constants = "export const SITE_TITLE = 'Hills';\nexport const SITE_DESCRIPTION = 'Up and down';\n"
    site = site_of(tmp_path, {**BLOG, "src/consts.ts": constants})
    assert (site.generator, site.title, site.description) == ("astro", "Hills", "Up and down")
    assert (site.url, site.output, site.flavour) == ("https://example.org/", tmp_path / "dist", "commonmark")
    assert [extension.name for extension in site.markdown][-1] == "typographer"
    assert (site.docs, site.templating, site.variables) == (tmp_path, "mdx", {"format": "detect"})


def test_only_sources_are_looked_at(tmp_path: Path) -> None:
    site = site_of(tmp_path, BLOG)
    folders = ("node_modules/", "dist/", "public/", "src/", "src/content/")
    assert [site.excluded(path) for path in folders] == [True, True, True, False, False]


def test_the_base_is_a_part_of_every_address(tmp_path: Path) -> None:
    config = "export default { site: 'https://example.org', base: '/sub' };"
    files = {**BLOG, "astro.config.mjs": config, "src/content/blog/a.md": page(DAY)}
    assert path_of(one(tmp_path, files)) == "/sub/blog/a/"


def test_an_address_that_depends_on_the_surroundings_is_told(tmp_path: Path) -> None:
    config = "const site = process.env.URL ? `https://${process.env.URL}` : 'https://example.net';\nexport default { site };"
    findings: list[Finding] = []
    site = site_of(tmp_path, {**BLOG, "astro.config.mjs": config}, findings)
    assert site.url == "https://example.net/"
    assert [finding.rule for finding in findings] == ["site-url"]


@pytest.mark.parametrize(
    ("value", "constants"),
    [
        ("SITE.website", "export const SITE = { website: 'https://example.net/' } as const;"),
        ("SITE_URL", "export const SITE_URL = 'https://example.net/';"),
    ],
)
def test_an_address_that_a_constant_of_the_site_has_is_known(
    tmp_path: Path, value: str, constants: str
) -> None:
    name = value.partition(".")[0]
    config = f"import {{ {name} }} from './src/config';\nexport default {{ site: {value} }};"
    findings: list[Finding] = []
    site = site_of(tmp_path, {**BLOG, "astro.config.mjs": config, "src/config.ts": constants}, findings)
    assert (site.url, findings) == ("https://example.net/", [])


def test_a_site_without_an_address_asks_for_it(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="URL is not known"):
        site_of(tmp_path, {**BLOG, "astro.config.mjs": "export default {};"})


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "line", "address"),
    [
        ("a.md", "", "/blog/a/"),
        ("Hello World.mdx", "", "/blog/hello-world/"),
        ("Deep/Er/index.md", "", "/blog/deep/er/"),
        ("index.md", "", "/blog/index/"),
        ("2026-01-01-a.b.md", "", "/blog/2026-01-01-ab/"),
        ("été C++.md", "", "/blog/%C3%A9t%C3%A9-c/"),
        ("a.md", "slug: My/Own x", "/blog/My/Own%20x/"),
    ],
)
def test_the_id_is_a_slug_of_the_path(tmp_path: Path, file: str, line: str, address: str) -> None:
    assert path_of(one(tmp_path, {**BLOG, f"src/content/blog/{file}": page(DAY, line)})) == address


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ("trailingSlash: 'never'", "/blog/a"),
        ("trailingSlash: 'always'", "/blog/a/"),
        ("build: { format: 'file' }", "/blog/a.html"),
        ("build: { format: 'directory' }", "/blog/a/"),
    ],
)
def test_addresses_end_as_the_configuration_says(tmp_path: Path, options: str, address: str) -> None:
    config = f"export default {{ site: 'https://example.org', {options} }};"
    files = {**BLOG, "astro.config.mjs": config, "src/content/blog/a.md": page(DAY)}
    assert path_of(one(tmp_path, files)) == address


PAPER = {
    "src/pages/blog/[...slug].astro": ROUTE.replace("post.id", "getPath(post.id, post.filePath, false)"),
    "src/utils/getPath.ts": "export const getPath = () => parts.filter((path) => !path.startsWith('_'));",
}


@pytest.mark.parametrize(
    ("file", "line", "address"),
    [
        ("a.md", "", "/blog/a/"),
        ("_Old/a.md", "", "/blog/a/"),
        ("My Trips/_2026/Lisbon.md", "", "/blog/my-trips/lisbon/"),
        ("trips/a.md", "slug: own", "/blog/trips/own/"),
    ],
)
def test_folders_that_astropaper_leaves_out_are_not_in_addresses(
    tmp_path: Path, file: str, line: str, address: str
) -> None:
    assert path_of(one(tmp_path, {**BLOG, **PAPER, f"src/content/blog/{file}": page(DAY, line)})) == address


def test_a_getpath_of_the_site_s_own_is_asked_about(tmp_path: Path) -> None:
    files = {**BLOG, **PAPER, "src/utils/getPath.ts": "export const getPath = () => 'x';"}
    findings: list[Finding] = []
    assert (
        collect(tmp_path, {**files, "src/content/blog/a.md": page("title: A", DAY)}, findings).published == ()
    )
    assert "worked out by `getPath(post.id, post.filePath, false)`" in findings[0].message


def test_the_page_that_shows_a_collection_says_where_it_is(tmp_path: Path) -> None:
    files = {name: text for name, text in BLOG.items() if "pages" not in name}
    files |= {
        "src/pages/[slug].astro": ROUTE.replace("post.id", "post.slug"),
        "src/pages/tags/[tag].astro": ROUTE,
        "src/pages/blog/[page].astro": ROUTE,
        "src/content/blog/a.md": page(DAY),
    }
    assert path_of(one(tmp_path, files)) == "/a/"


@pytest.mark.parametrize(
    "routes",
    [
        {},
        {"src/pages/a/[...slug].astro": ROUTE, "src/pages/b/[...slug].astro": ROUTE},
        {"src/pages/blog/[...slug].astro": ROUTE.replace("post.id", "pathOf(post)")},
    ],
    ids=["none", "two", "worked-out"],
)
def test_where_posts_are_is_asked_for_if_it_is_not_known(tmp_path: Path, routes: dict[str, str]) -> None:
    files = {name: text for name, text in BLOG.items() if "pages" not in name}
    files |= {**routes, "src/content/blog/x/A b.md": page(DAY, "title: A")}
    findings: list[Finding] = []
    assert not collect(tmp_path, files, findings).published
    assert [(finding.rule, "[generator]" in finding.help) for finding in findings] == [("permalink", True)]
    settings = '[generator]\npermalink = "/notes/{path}/"\n'
    assert path_of(one(tmp_path, {**files, "feeds.toml": settings})) == "/notes/x/a-b/"


def test_patterns_tell_which_files_are_entries(tmp_path: Path) -> None:
    config = COLLECTIONS.replace("'**/*.{md,mdx}'", "['**/[^_]*.md', '!old/**']")
    names = ("a.md", "_b.md", "c.mdx", "deep/d.md", "old/e.md")
    files = {**BLOG, "src/content.config.ts": config} | {
        f"src/content/blog/{name}": page(DAY) for name in names
    }
    found = [
        post.source.path.removeprefix("src/content/blog/") for post in collect(tmp_path, files).published
    ]
    assert found == ["a.md", "deep/d.md"]


def test_collections_of_older_astro_leave_out_underscores(tmp_path: Path) -> None:
    config = "const posts = defineCollection({ type: 'content' });\nexport const collections = { posts };"
    files = {
        "astro.config.mjs": CONFIG,
        "src/content/config.ts": config,
        "src/pages/p/[slug].astro": ROUTE.replace("'blog'", '"posts"').replace("post.id", "post.slug"),
        "src/content/posts/a.md": page(DAY),
        "src/content/posts/_b.md": page(DAY),
        "src/content/posts/_c/d.md": page(DAY),
    }
    assert path_of(one(tmp_path, files)) == "/p/a/"


def test_pages_may_be_posts(tmp_path: Path) -> None:
    files = {
        "astro.config.mjs": CONFIG,
        "src/pages/blog/A post.md": page(DAY, "title: T"),
        "src/pages/blog/index.md": page("title: All"),
        "src/pages/blog/_draft.md": page(DAY),
    }
    post = one(tmp_path, files)
    assert (path_of(post), post.title) == ("/blog/A%20post/", "T")


# --- front matter -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "instant"),
    [
        ("pubDate: 2026-01-02", "2026-01-02T00:00:00+00:00"),
        ("pubDate: 'Jan 02 2026'", "2026-01-02T00:00:00+00:00"),
        ("date: 'January 2, 2026 3:04 PM'", "2026-01-02T15:04:00+00:00"),
        ("publishDate: '2 Jan 2026 10:00 GMT+0200'", "2026-01-02T10:00:00+02:00"),
        ("publishedAt: 2026/01/02", "2026-01-02T00:00:00+00:00"),
        ("pubDatetime: 2026-01-02T03:04:05.006Z", "2026-01-02T03:04:05.006000+00:00"),
        ("pubDate: 2017-02-29", "2017-03-01T00:00:00+00:00"),
        ("pubDate: 'Fri, 02 Jan 2026 03:04:05 GMT'", "2026-01-02T03:04:05+00:00"),
    ],
)
def test_dates_are_those_of_javascript(tmp_path: Path, line: str, instant: str) -> None:
    post = one(tmp_path, {**BLOG, "src/content/blog/a.md": page(line)})
    assert post.published.isoformat() == instant


def test_the_site_may_be_built_in_another_zone(tmp_path: Path) -> None:
    files = {**BLOG, "feeds.toml": '[site]\ntimezone = "Europe/Berlin"\n'}
    post = one(tmp_path, {**files, "src/content/blog/a.md": page("pubDate: 'Jul 02 2026'")})
    assert post.published.isoformat() == "2026-07-02T00:00:00+02:00"


def test_what_else_front_matter_says(tmp_path: Path) -> None:
    text = page(
        DAY,
        "updatedDate: 2026-02-03",
        "title: A title",
        "description: About it",
        "tags: [a, b]",
        "author: Ada",
        "heroImage: {src: /a.png, alt: A}",
        "excerpt: In *short*",
    )
    post = one(tmp_path, {**BLOG, "src/content/blog/a.md": text})
    assert (post.title, post.description, post.tags) == ("A title", "About it", ("a", "b"))
    assert ([author.name for author in post.authors], post.image) == (["Ada"], "/a.png")
    assert (post.updated.date(), post.excerpting.summary) == (dt.date(2026, 2, 3), "In *short*")


def test_a_draft_is_left_out_and_told_where_no_code_does_so(tmp_path: Path) -> None:
    findings: list[Finding] = []
    files = {**BLOG, "src/content/blog/a.md": page(DAY, "draft: true")}
    assert [post.reason for post in collect(tmp_path, files, findings).hidden] == ["draft"]
    assert [finding.rule for finding in findings] == ["draft"]
    findings.clear()
    code = "export const posts = () => getCollection('blog', ({ data }) => !data.draft);"
    collect(tmp_path, {**files, "src/posts.ts": code}, findings)
    assert findings == []


@pytest.mark.parametrize(("line", "message"), [("title: x", "has no date"), ("date: soon", "is not a date")])
def test_a_date_is_needed(tmp_path: Path, line: str, message: str) -> None:
    findings: list[Finding] = []
    assert not collect(tmp_path, {**BLOG, "src/content/blog/a.md": page(line)}, findings).published
    assert any(message in finding.message for finding in findings)


def test_images_among_the_sources_have_no_known_address(tmp_path: Path) -> None:
    rule = site_of(tmp_path, BLOG).media_url
    assert rule
    assert rule("src/assets/a.png", "src/content/blog/a.md", "https://example.org/blog/a/") is None


# --- Starlight's blog plugin ------------------------------------------------------------------------------

STARLIGHT = """
import starlight from '@astrojs/starlight';
export default defineConfig({ site: 'https://example.org', integrations: [ starlight({
  title: 'Docs', description: 'All about it',
  locales: { root: { label: 'English', lang: 'en' }, fr: { label: 'Français', lang: 'fr' } },
  plugins: [ starlightBlog({ prefix: 'news', title: { en: 'News', fr: 'Nouvelles' },
    authors: { ada: { name: 'Ada', url: 'https://ada.example', picture: '/ada.png' } } }) ],
}) ] });
"""


def test_starlight_has_a_blog_in_each_language(tmp_path: Path) -> None:
    files = {
        "astro.config.mjs": STARLIGHT,
        "src/content/docs/news/First Post.md": page("date: 2026-01-02", "title: One", "lastUpdated: false"),
        "src/content/docs/news/index.mdx": page("title: All"),
        "src/content/docs/fr/news/a.md": page("date: 2026-01-02", "authors: [ada, {name: Bob}]"),
        "src/content/docs/guide.md": page("title: Guide"),
    }
    site = site_of(tmp_path, files)
    assert (site.title, site.description, site.language) == ("Docs", "All about it", "en")
    assert [(blog.title, blog.language, blog.feeds) for blog in site.blogs] == [
        ("News", "en", ""),
        ("Nouvelles", "fr", "fr"),
    ]
    assert site.page_url("src/content/docs/guide.md") == "https://example.org/guide/"
    found = {path_of(post): post for post in collect(tmp_path, files).published}
    assert list(found) == ["/fr/news/a/", "/news/first-post/"]
    first, french = found["/news/first-post/"], found["/fr/news/a/"]
    assert [(a.name, a.id, a.avatar) for a in first.authors] == [
        ("Ada", "ada", "https://example.org/ada.png")
    ]
    assert ([author.name for author in french.authors], french.language) == (["Ada", "Bob"], "fr")
    assert first.excerpting.marks == ("excerpt", "more")


# --- nothing is run ---------------------------------------------------------------------------------------


def test_hostile_configuration_is_not_run(tmp_path: Path) -> None:
    mark = (tmp_path / "ran").as_posix()
    evil = f"import {{ execSync }} from 'node:child_process';\nexecSync('touch {mark}');\n"
    files = {
        **{name: text if name.endswith(".astro") else evil + text for name, text in BLOG.items()},
        "src/consts.ts": evil
        + f"export const SITE_TITLE = (() => {{ execSync('touch {mark}'); return 'x' }})();",
        "src/content/blog/a.mdx": page(DAY) + f"\n{{require('child_process').execSync('touch {mark}')}}\n",
    }
    assert path_of(one(tmp_path, files)) == "/blog/a/"
    assert not (tmp_path / "ran").exists()


# --- slugs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", "hello-world"),
        ("a  b - c", "a--b---c"),
        ("C++ & C#", "c--c"),
        ("Été_à.Paris", "été_àparis"),
        ("日本 語 🦄", "日本-語-"),
        ("Ⓐ½²", "ⓐ"),
    ],
)
def test_slugs_are_those_of_github(text: str, expected: str) -> None:
    assert github_slug(text) == expected


def test_an_index_below_the_top_is_its_folder() -> None:
    assert [content_id(path) for path in ("A B/index", "index", "x/y.z")] == ["a-b", "index", "x/yz"]
