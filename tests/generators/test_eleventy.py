"""Eleventy: a small configuration and a file go in; address, title, date and status come out."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from feeds.config import Override, load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.generators.eleventy.config import uses_eleventy
from feeds.generators.eleventy.slugs import slug, slugify
from feeds.model import Post, Site
from feeds.posts.collect import Collection, Policy, load_posts

CONFIG = "module.exports = function (config) { return {}; };\n"
METADATA = '{"title": "Notes", "url": "https://example.org/"}'
TAGGED = {"posts/posts.json": '{"tags": "posts"}'}


def site_of(
    root: Path, files: Mapping[str, str], findings: list[Finding] | None = None, **overrides: Override
) -> Site:
    """The site of these files; those that say who it is are there unless they are given."""
    given = {"_data/metadata.json": METADATA, **files}
    if not any(name.startswith((".eleventy.", "eleventy.config")) for name in files):
        given[".eleventy.js"] = CONFIG
    for name, text in given.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    keys = {name.replace("__", "."): value for name, value in overrides.items()}
    report = (findings if findings is not None else []).append
    return load_site(load_settings(root, overrides=keys, environ={}), report)


def collect(
    root: Path, files: Mapping[str, str], findings: list[Finding] | None = None, **overrides: Override
) -> Collection:
    found: list[Finding] = [] if findings is None else findings
    site = site_of(root, files, found, **overrides)
    return load_posts(site, Policy(dt.datetime(2030, 1, 1, tzinfo=dt.UTC)), lambda source: None, found.append)


def posts(root: Path, files: Mapping[str, str], **overrides: Override) -> dict[str, Post]:
    return {post.source.path: post for post in collect(root, files, **overrides).published}


def one(root: Path, files: Mapping[str, str], **overrides: Override) -> Post:
    (post,) = collect(root, files, **overrides).published
    return post


def path_of(post: Post) -> str:
    return post.url.removeprefix("https://example.org")


def page(*lines: str) -> str:
    return "---\n" + "\n".join(lines) + "\n---\n\nText.\n"


DAY = "date: 2026-01-02"


# --- the site ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.ts"]
)
def test_a_configuration_of_eleventy_makes_a_site(tmp_path: Path, name: str) -> None:
    site = site_of(tmp_path, {name: CONFIG})
    assert (site.generator, site.title, site.url) == ("eleventy", "Notes", "https://example.org/")
    assert (site.docs, site.output, site.flavour) == (tmp_path, tmp_path / "_site", "commonmark")
    assert (site.templating, site.language) == ("liquid-eleventy", "en")


def test_a_package_that_needs_eleventy_is_a_site_too(tmp_path: Path) -> None:
    package = '{"scripts": {"build": "eleventy --input=src --output=out"}, "devDependencies": {"@11ty/eleventy": "3"}}'
    (tmp_path / "package.json").write_text(package, "utf-8")
    assert uses_eleventy(tmp_path / "package.json")
    files = {"src/_data/site.json": METADATA, "src/posts/a.md": page(DAY, "tags: posts")}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    site = load_site(load_settings(tmp_path, environ={}), lambda finding: None)
    assert (site.docs_name, site.output, site.title) == ("src/", tmp_path / "out", "Notes")


def test_folders_count_from_the_input(tmp_path: Path) -> None:
    config = """
        export default function (c) { c.setOutputDirectory("dist"); }
        export const config = { markdownTemplateEngine: "njk", pathPrefix: "/blog/",
          dir: { input: "content", includes: "../_includes", data: "../_data" } };
    """
    files = {"eleventy.config.js": config, "content/posts/a.md": page(DAY, "tags: posts", "title: A")}
    site = site_of(tmp_path, files)
    assert (site.docs_name, site.output) == ("content/", tmp_path / "dist")
    assert (site.url, site.templating) == ("https://example.org/blog/", "nunjucks")
    assert site.excluded("node_modules/")
    assert not site.excluded("posts/a.md")


def test_the_site_says_who_it_is_in_its_data(tmp_path: Path) -> None:
    data = """export default { title: "Hills", url: process.env.URL || "https://hills.example", language: "de",
      description: "Up and down", author: { name: "Ada" } };"""
    findings: list[Finding] = []
    site = site_of(tmp_path, {"_data/metadata.json": "{}", "_data/metadata.js": data}, findings)
    assert (site.title, site.url, site.language) == ("Hills", "https://hills.example/", "de")
    assert (site.description, site.author) == ("Up and down", "Ada")
    assert [str(finding.at) for finding in findings] == ["_data/metadata.js:1:39"]


def test_the_url_is_asked_for_where_nothing_says_it(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="URL is not known"):
        site_of(tmp_path, {"_data/metadata.json": "{}"})


def test_what_eleventy_ignores_is_no_post(tmp_path: Path) -> None:
    tagged = page(DAY, "tags: posts")
    names = (
        "a.md",
        "old/b.md",
        "_includes/c.md",
        "_site/d.md",
        "node_modules/x/e.md",
        ".github/f.md",
        "drafts/g.md",
    )
    files = dict.fromkeys(names, tagged) | {".eleventyignore": "old\n# no\n", ".gitignore": "drafts/*.md\n"}
    assert list(posts(tmp_path, files)) == ["a.md"]


# --- which pages are posts --------------------------------------------------------------------------------


def test_a_tag_makes_a_post_and_is_no_tag_of_it(tmp_path: Path) -> None:
    post = one(
        tmp_path, {**TAGGED, "posts/a.md": page(DAY, "title: A", "tags: [news, blog]"), "about.md": page(DAY)}
    )
    assert (post.source.path, post.tags) == ("posts/a.md", ("news", "blog"))


def test_without_a_tag_the_folder_and_a_date_make_one(tmp_path: Path) -> None:
    files = {"blog/a.md": page(DAY), "blog/index.md": page("title: All"), "about.md": page(DAY)}
    assert list(posts(tmp_path, files)) == ["blog/a.md"]


def test_the_pattern_of_a_collection_makes_them(tmp_path: Path) -> None:
    config = """module.exports = (c) => {
      c.addCollection("posts", (api) => api.getFilteredByGlob("./essays/**/*.md").reverse());
      c.addCollection("pages", (api) => api.getFilteredByGlob("pages/*.md")); };"""
    files = {
        ".eleventy.js": config,
        "essays/x/a.md": page(DAY),
        "pages/b.md": page(DAY),
        "blog/c.md": page(DAY),
    }
    assert list(posts(tmp_path, files)) == ["essays/x/a.md"]


def test_the_settings_win(tmp_path: Path) -> None:
    files = {
        "feeds.toml": '[generator]\nposts = ["essays/**"]\n',
        "essays/a.md": page(DAY),
        "blog/b.md": page(DAY),
    }
    assert list(posts(tmp_path, files)) == ["essays/a.md"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("draft: true", "draft"),
        ('draft: "false"', "draft"),  # a text, which JavaScript takes for true
        ("eleventyExcludeFromCollections: true", "unlisted"),
        ("eleventyExcludeFromCollections: [posts]", "unlisted"),
        ("permalink: false", "hidden"),
        ("permalink: {serverless: /x/}", "hidden"),
        ("draft: false", ""),
        ("draft:", ""),
        ("eleventyExcludeFromCollections: [news]", ""),
    ],
)
def test_what_keeps_a_post_back(tmp_path: Path, line: str, reason: str) -> None:
    found = collect(tmp_path, {**TAGGED, "posts/a.md": page(DAY, line)})
    assert [post.reason for post in found.hidden] == ([reason] if reason else [])
    assert len(found.published) == (not reason)


def test_a_draft_that_eleventy_would_publish_is_told(tmp_path: Path) -> None:
    findings: list[Finding] = []
    files = {**TAGGED, "posts/a.md": page(DAY, "draft: true")}
    collect(tmp_path, files, findings)
    assert [(finding.rule, str(finding.at)) for finding in findings] == [("draft", "posts/a.md:3:1")]
    config = 'module.exports = (c) => { c.addPreprocessor("drafts", "*", (data) => data.draft ? false : undefined); };'
    findings.clear()
    collect(tmp_path, {**files, ".eleventy.js": config}, findings)
    assert findings == []


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("posts/a.md", "/posts/a/"),
        ("posts/2026-01-01-a.md", "/posts/2026-01-01-a/"),
        ("posts/a/index.md", "/posts/a/"),
        ("posts/a/a.md", "/posts/a/"),
        ("posts/2026-01-01-index.md", "/posts/2026-01-01-index/"),
        ("posts/a b.md", "/posts/a%20b/"),
        ("posts/été.md", "/posts/%C3%A9t%C3%A9/"),
    ],
)
def test_the_address_is_made_of_the_path(tmp_path: Path, path: str, address: str) -> None:
    assert path_of(one(tmp_path, {path: page(DAY, "tags: posts")})) == address


@pytest.mark.parametrize(
    ("permalink", "address"),
    [
        ("/x/", "/x/"),
        ("x", "/x"),
        ("/x.html", "/x.html"),
        ("/x/index.html", "/x/"),
        ("/a//b/../c/", "/a/c/"),
        ("'/{{ title | slugify }}/'", "/hello-and-oe/"),
        ("'/{{ title | slug }}/'", "/hello-and-o/"),
        ("'/{{ page.fileSlug }}/'", "/a/"),
        ("'{{ page.filePathStem }}.html'", "/posts/a.html"),
        ("'/{{ page.date | date: \"%Y/%m\" }}/{{ slug }}/'", "/2026/01/own/"),
        ("'/{{ missing }}/{{ slug | upcase }}/'", "/OWN/"),
        ("'/{{ metadata.title | downcase }}/'", "/notes/"),
        ("{build: '/b/'}", "/b/"),
        ("''", "/posts/2026-01-01-a/"),
    ],
)
def test_a_permalink_is_worked_out(tmp_path: Path, permalink: str, address: str) -> None:
    text = page(DAY, "title: Hello & Ö", "slug: own", "tags: posts", f"permalink: {permalink}")
    assert path_of(one(tmp_path, {"posts/2026-01-01-a.md": text})) == address


@pytest.mark.parametrize(
    ("permalink", "address"),
    [
        (
            "'/{{ page.date.getFullYear() }}/{{ page.date.getMonth() + 1 }}/{{ slug or page.fileSlug }}/'",
            "/2026/1/a/",
        ),
        ("'/{{ \"x\" ~ page.fileSlug | upper }}/'", "/xA/"),
        ("'/{{ title }}/'", "/A%20&amp;%20B/"),
        ("'/{{ title | safe }}/'", "/A%20&%20B/"),
    ],
)
def test_nunjucks_escapes_and_counts(tmp_path: Path, permalink: str, address: str) -> None:
    config = 'module.exports = { markdownTemplateEngine: "njk" };'
    text = page(DAY, "title: A & B", "tags: posts", f"permalink: {permalink}")
    assert (
        path_of(one(tmp_path, {".eleventy.js": config, "a.md": text})).replace("%26", "&").replace("%3B", ";")
        == address
    )


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "posts/posts.11tydata.js",
            "module.exports = { tags: ['posts'], permalink: (data) => `/${data.slug}/` };",
        ),
        ("posts/posts.json", '{"tags": "posts", "permalink": "/{{ title | myFilter }}/"}'),
        ("posts/posts.json", '{"tags": "posts", "permalink": "/{% if x %}a{% endif %}/"}'),
    ],
)
def test_an_address_that_only_code_tells_is_asked_for(tmp_path: Path, file: str, text: str) -> None:
    findings: list[Finding] = []
    files = {file: text, "posts/a.md": page(DAY, "title: A")}
    assert not collect(tmp_path, files, findings).published
    (error,) = [finding for finding in findings if finding.rule == "permalink"]
    assert "permalink = " in error.help
    assert "[generator]" in error.help
    found = one(tmp_path, {**files, "feeds.toml": '[generator]\npermalink = "/{year}/{file}/"\n'})
    assert path_of(found) == "/2026/a/"


def test_a_computed_permalink_that_hides_drafts_is_no_other_address(tmp_path: Path) -> None:
    data = """module.exports = { tags: "posts", eleventyComputed: {
      permalink: (data) => data.draft ? false : data.permalink } };"""
    config = 'module.exports = (c) => { c.addPlugin(require("./drafts.js")); };'
    files = {".eleventy.js": config, "posts/posts.11tydata.js": data, "posts/a.md": page(DAY)}
    assert path_of(one(tmp_path, files)) == "/posts/a/"


# --- data -------------------------------------------------------------------------------------------------


def test_data_of_folders_and_files_is_merged(tmp_path: Path) -> None:
    files = {
        "posts/posts.json": '{"tags": ["posts", "outer"], "author": "Ada", "title": "Outer"}',
        "posts/in/in.11tydata.json": '{"tags": "inner", "author": "Bob"}',
        "posts/in/a.11tydata.js": "export default { description: `Own` };",
        "posts/in/a.md": page(DAY, "tags: [own]"),
    }
    post = one(tmp_path, files)
    assert (post.title, post.description, post.tags) == ("Outer", "Own", ("outer", "inner", "own"))
    assert [author.name for author in post.authors] == ["Bob"]


def test_a_key_may_override_what_would_be_joined(tmp_path: Path) -> None:
    assert one(tmp_path, {**TAGGED, "posts/a.md": page(DAY, "override:tags: [post, x]")}).tags == ("x",)


def test_layouts_and_global_data_count_too(tmp_path: Path) -> None:
    config = 'module.exports = (c) => { c.addGlobalData("permalink", "/all/{{ page.fileSlug }}/"); };'
    files = {
        ".eleventy.js": config,
        "_includes/entry.njk": "---\ntags: [posts]\nlayout: base\n---\n{{ content }}",
        "_includes/base.njk": "---\ntags: [base]\n---\n{{ content }}",
        "a.md": page(DAY, "layout: entry"),
    }
    post = one(tmp_path, files)
    assert (path_of(post), post.tags) == ("/all/a/", ("base",))


@pytest.mark.parametrize(
    "text",
    [
        '---json\n{"date": "2026-01-02", "title": "T", "tags": ["posts", "x"]}\n---\nText\n',
        '---js\n{ date: "2026-01-02", title: "T", tags: ["posts", "x"], page: () => 1 }\n---\nText\n',
        '---js\nconst title = "T";\nconst date = "2026-01-02";\nconst tags = ["posts", "x"];\n---\nText\n',
        "---toml\ndate = 2026-01-02\ntitle = 'T'\ntags = ['posts', 'x']\n---\nText\n",
    ],
)
def test_front_matter_may_be_in_another_language(tmp_path: Path, text: str) -> None:
    post = one(tmp_path, {"a.md": text})
    assert (post.title, post.tags, post.published.date()) == ("T", ("x",), dt.date(2026, 1, 2))
    assert (post.source.body, post.source.body_line) == ("Text\n", text.count("\n"))


def test_a_text_of_the_configuration_ends_the_excerpt(tmp_path: Path) -> None:
    config = 'module.exports = (c) => { c.setFrontMatterParsingOptions({ excerpt: true, excerpt_separator: "<!-- cut -->" }); };'
    post = one(
        tmp_path,
        {".eleventy.js": config, "a.md": f"---\n{DAY}\ntags: posts\n---\nLead\n<!-- cut -->\nRest\n"},
    )
    assert post.source.body == "Lead\n<!-- excerpt -->\nRest\n"
    assert "excerpt" in post.excerpting.marks


def test_what_is_not_plain_in_the_data_is_told(tmp_path: Path) -> None:
    findings: list[Finding] = []
    data = "const shared = require('./shared');\nmodule.exports = { ...shared, tags: shared.tags };\n"
    collect(tmp_path, {"posts/posts.11tydata.js": data, "posts/a.md": page(DAY, "tags: posts")}, findings)
    told = [finding.message for finding in findings if finding.rule == "javascript"]
    assert told == [
        "`require('./shared')` may hold data that is not known",
        "tags is worked out by `shared.tags`, and is left out",
    ]


# --- dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "instant"),
    [
        ("date: 2026-01-02", "2026-01-02T00:00:00+00:00"),
        ("date: 2017-02-29", "2017-03-01T00:00:00+00:00"),
        ("date: 2026-01-02 03:04:05 -8", "2026-01-02T11:04:05+00:00"),
        ("date: 2026-01-02T03:04:05.250+05:30", "2026-01-01T21:34:05.250000+00:00"),
        ('date: "2026-W02-1"', "2026-01-05T00:00:00+00:00"),
        ('date: "2026-01-02T03:04"', "2026-01-02T03:04:00+00:00"),
        ('date: "20260102"', "2026-01-02T00:00:00+00:00"),
        ("title: none", "2025-12-31T00:00:00+00:00"),
    ],
)
def test_dates_are_instants(tmp_path: Path, line: str, instant: str) -> None:
    post = one(tmp_path, {"posts/2025-12-31-x/a.md": page(line, "tags: posts")})
    assert post.published.isoformat() == instant


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("title: x", "the post has no date"),
        ("date: git Last Modified", "which only git or the disk knows"),
        ("date: 2026", "a date is wanted here"),
        ('date: "2017-02-29"', "is not a date"),
        ("date: tomorrow", "is not a date"),
    ],
)
def test_a_date_that_cannot_be_known_is_asked_for(tmp_path: Path, line: str, message: str) -> None:
    findings: list[Finding] = []
    assert not collect(tmp_path, {"a.md": page(line, "tags: posts")}, findings).published
    assert [message in finding.message for finding in findings if finding.severity.value == "error"] == [True]


# --- links, media, languages ------------------------------------------------------------------------------


def test_links_may_name_templates_from_the_root(tmp_path: Path) -> None:
    config = 'module.exports = { dir: { input: "src", data: "../_data" } };'
    site = site_of(tmp_path, {".eleventy.js": config, "src/posts/a.md": page(DAY), "src/b.md": page(DAY)})
    assert site.rewrite_link("src/posts/a.md#x", "b.md") == "/posts/a.md#x"
    assert site.rewrite_link("posts/a.md", "posts/b.md") == "/posts/a.md"
    assert site.rewrite_link("c.md", "b.md") == "c.md"
    assert site.page_url("b.md") == "https://example.org/b/"


def test_a_plugin_puts_the_prefix_before_links(tmp_path: Path) -> None:
    config = "export default (c) => { c.addPlugin(HtmlBasePlugin); return { pathPrefix: '/p/' }; };"
    site = site_of(tmp_path, {"eleventy.config.js": config})
    links = ("/a/", "b/", "//c.example/", "#d", "https://e.example/")
    assert [site.rewrite_link(link, "a.md") for link in links] == ["/p/a/", *links[1:]]


def test_copied_files_are_where_they_are_copied_to(tmp_path: Path) -> None:
    config = """module.exports = (c) => { c.addPassthroughCopy("src/img"); c.addPassthroughCopy({ "src/files": "/x" });
      return { dir: { input: "src", data: "../_data" } }; };"""
    files = {".eleventy.js": config, "src/img/a.png": "", "src/files/b/c.pdf": "", "src/posts/d.png": ""}
    rule = site_of(tmp_path, files).media_url
    assert rule
    page_url = "https://example.org/posts/a/"
    assert rule("img/a.png", "posts/a.md", page_url) == "https://example.org/img/a.png"
    assert rule("files/b/c.pdf", "posts/a.md", page_url) == "https://example.org/x/b/c.pdf"
    assert rule("posts/d.png", "posts/a.md", page_url) == "https://example.org/posts/a/d.png"


def test_images_that_are_made_anew_have_no_known_address(tmp_path: Path) -> None:
    config = 'import { eleventyImageTransformPlugin } from "@11ty/eleventy-img";\nexport default (c) => { c.addPlugin(eleventyImageTransformPlugin); };'
    rule = site_of(tmp_path, {"eleventy.config.js": config, "a.png": ""}).media_url
    assert rule
    assert rule("a.png", "a.md", "https://example.org/a/") is None


def test_each_language_has_a_blog(tmp_path: Path) -> None:
    config = 'export default (c) => { c.addPlugin(EleventyI18nPlugin, { defaultLanguage: "en" }); };'
    files = {"eleventy.config.js": config, "en/blog/a.md": page(DAY), "fr/blog/a.md": page(DAY)}
    site = site_of(tmp_path, files)
    assert [(blog.language, blog.feeds) for blog in site.blogs] == [("en", ""), ("fr", "fr"), ("en", "")]


# --- nothing is run ---------------------------------------------------------------------------------------


def test_hostile_configuration_and_data_are_not_run(tmp_path: Path) -> None:
    mark = (tmp_path / "ran").as_posix()
    evil = f"require('child_process').execSync('touch {mark}');\n"
    files = {
        ".eleventy.js": evil + "module.exports = function (c) { " + evil + " return {}; };",
        "_data/site.js": evil + "module.exports = () => { " + evil + " return { title: 'x' }; };",
        "posts/posts.11tydata.js": evil + 'module.exports = { tags: ["posts"] };',
        "posts/a.md": f'---js\n{{ date: "2026-01-02", title: (() => {{ {evil} return "x"; }})() }}\n---\nText\n',
    }
    collect(tmp_path, files)
    assert not (tmp_path / "ran").exists()


# --- slugs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Hello, World!", "hello-world", "hello-world!"),
        ("C++ & C#", "c-and-c", "c++-and-c"),
        ("Straße Ärger", "strasse-aerger", "strasse-arger"),
        ("it's don't, it’s", "its-don-t-it-s", "it's-don't-it's"),
        ("Привет", "privet", "privet"),
        ("a_b  c.d", "a-b-c-d", "a_b-c.d"),
        ("$5 100% ♥", "5-100-love", "dollar5-100percent-love"),
        ("日本", "", ""),
    ],
)
def test_slugs_are_those_of_the_filters(text: str, first: str, second: str) -> None:
    assert (slugify(text), slug(text)) == (first, second)
