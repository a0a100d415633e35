"""Docusaurus: a configuration and a post go in; an address, a date, a title come out."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from projects import build_project, write_files

from feeds.config import Override, load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.generators.docusaurus.assets import _md4, asset_path, md4
from feeds.generators.docusaurus.paths import encoded, file_date, file_slug, file_title, joined, permalink
from feeds.generators.docusaurus.values import kebab_case, text_of
from feeds.model import Excerpting, Post, Scalar, Site
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses
from feeds.posts.links import Links

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
CONFIG = """
// Nothing here is run.
const config = {
  title: 'Tides', tagline: 'High and low', url: 'https://tides.example', baseUrl: '/sea/',
  %s
  presets: [['classic', { blog: { %s } }]],
};
module.exports = config;
"""


def site_of(
    root: Path,
    files: Mapping[str, str | bytes],
    options: str = "",
    config: str = "",
    findings: list[Finding] | None = None,
    **overrides: Override,
) -> Site:
    """The site of a folder with these files, these options of the blog, and these of the site."""
    write_files(root, {"docusaurus.config.js": CONFIG % (config, options), "blog/.keep": "", **files})
    given = {name.replace("__", "."): value for name, value in overrides.items()}
    report = (findings if findings is not None else []).append
    return load_site(load_settings(root, overrides=given, environ={}), report)


def collect(site: Site, findings: list[Finding] | None = None) -> Collection:
    report = (findings if findings is not None else []).append
    return load_posts(site, Policy(NOW), lambda source: None, report)


def post_of(
    root: Path,
    path: str = "2026-01-02-a.md",
    matter: str = "",
    body: str = "Text.\n",
    options: str = "",
    config: str = "",
    files: Mapping[str, str] | None = None,
    **overrides: Override,
) -> Post:
    """The only post of a site; nothing is warned of."""
    findings: list[Finding] = []
    text = f"---\n{matter}\n---\n{body}" if matter else body
    site = site_of(root, {f"blog/{path}": text, **(files or {})}, options, config, findings, **overrides)
    (post,) = collect(site, findings).published
    assert not findings
    return post


def refused(root: Path, matter: str, path: str = "2026-01-02-a.md") -> str:
    """What is said of the only post of a site, which is not published for it."""
    findings: list[Finding] = []
    site = site_of(root, {f"blog/{path}": f"---\n{matter}\n---\n", "blog/authors.yml": "ann: {name: Ann}\n"})
    assert not collect(site, findings).published
    return str(findings[0])


# The site


def test_a_site_is_what_its_configuration_says(tmp_path: Path) -> None:
    site = site_of(tmp_path, {}, config="themeConfig: { footer: { copyright: '© Ada' } },")
    assert (site.generator, site.title, site.description) == ("docusaurus", "Tides", "High and low")
    assert (site.url, site.language, site.copyright) == ("https://tides.example/sea/", "en", "© Ada")
    assert (site.docs, site.docs_name, site.output) == (tmp_path, "", tmp_path / "build")
    assert (site.flavour, site.templating, site.timezone) == ("commonmark", "mdx", "UTC")
    assert site.blogs[0].home == "blog"


def test_settings_win_over_the_configuration(tmp_path: Path) -> None:
    site = site_of(
        tmp_path, {}, site__title="Feeds", site__url="https://other.example/x", site__language="de"
    )
    assert (site.title, site.url, site.language) == ("Feeds", "https://other.example/x/", "de")


def test_without_a_configuration_the_posts_lie_in_blog(tmp_path: Path) -> None:
    write_files(tmp_path, {"blog/2026-01-02-a.md": "---\nauthor: Ada\n---\n# A\n"})
    given = {"site.url": "https://tides.example/", "generator.name": "docusaurus"}
    site = load_site(load_settings(tmp_path, overrides=given, environ={}), lambda finding: None)
    (post,) = collect(site).published
    assert (post.url, post.title) == ("https://tides.example/blog/2026/01/02/a", "A")


@pytest.mark.parametrize("ending", ["js", "mjs", "cjs", "ts"])
def test_the_configuration_may_be_typescript(ending: str, tmp_path: Path) -> None:
    text = "export default { title: 'T', url: 'https://a.example', presets: ['classic'] } satisfies Config;"
    write_files(tmp_path, {f"docusaurus.config.{ending}": text, "blog/x.md": ""})
    site = load_site(load_settings(tmp_path, environ={}), lambda finding: None)
    assert (site.generator, site.title) == ("docusaurus", "T")


def test_nothing_of_the_configuration_is_run(tmp_path: Path) -> None:
    target = tmp_path / "ran"
    write_files(
        tmp_path,
        {
            "docusaurus.config.js": f"""
            const fs = require('fs'); fs.writeFileSync({str(target)!r}, 'x');
            module.exports = {{ title: 'T', url: 'https://a.example', baseUrl: '/',
              tagline: fs.writeFileSync({str(target)!r}, 'x'), presets: [['classic', {{ blog: {{
                editUrl: eval("require('child_process').execSync('touch {target}')") }} }}]] }};
            """,
            "blog/2026-01-02-a.md": "Text\n",
        },
    )
    site = load_site(load_settings(tmp_path, environ={}), lambda finding: None)
    assert len(collect(site).published) == 1
    assert not target.exists()


@pytest.mark.parametrize(
    ("config", "message", "help"),
    [
        (
            "url: process.env.URL,",
            "url is worked out by `process.env.URL`",
            'write url = "https://example.org/" under',
        ),
        ("title: name(),", "title is worked out by `name()`", 'write title = "…" under [site]'),
        ("trailingSlash: x ? true : false,", "trailingSlash is worked out by", "write trailingSlash: true"),
        (
            "i18n: { defaultLocale: 'en', locales: all() },",
            "locales is worked out by `all()`",
            "write the list out",
        ),
    ],
)
def test_what_cannot_be_known_is_asked_for(config: str, message: str, help: str, tmp_path: Path) -> None:
    with pytest.raises(FeedsError) as raised:
        site_of(tmp_path, {}, config=config)
    assert raised.value.message.startswith(message)
    assert raised.value.help.startswith(help)
    assert raised.value.at
    assert raised.value.at.line == 5


def test_a_known_url_is_not_asked_for(tmp_path: Path) -> None:
    site = site_of(tmp_path, {}, config="url: process.env.URL,", site__url="https://tides.example/sea/")
    assert site.url == "https://tides.example/sea/"


def test_a_site_without_a_blog_says_so(tmp_path: Path) -> None:
    text = "export default { title: 'T', url: 'https://a.example', presets: [['classic', { blog: false }]] }"
    write_files(tmp_path, {"docusaurus.config.js": text})
    with pytest.raises(FeedsError, match="the site has no blog"):
        load_site(load_settings(tmp_path, environ={}), lambda finding: None)


def test_a_blog_whose_folder_is_not_there_has_no_posts(tmp_path: Path) -> None:
    plugins = "plugins: [['@docusaurus/plugin-content-blog', { id: 'b', path: 'b', routeBasePath: 'b' }]],"
    site = site_of(tmp_path, {"b/2026-01-02-a.md": "Text\n"}, "path: 'missing'", plugins)
    assert [post.url for post in collect(site).published] == ["https://tides.example/sea/b/2026/01/02/a"]
    with pytest.raises(FeedsError, match="the folder 'missing' does not exist"):
        site_of(tmp_path, {}, "path: 'missing'")


def test_a_post_in_mdx_becomes_an_entry(tmp_path: Path) -> None:
    text = """---
title: Waves
---
import Chart from './chart';

Up *and* <Chart data={[1]} /> down {'again'}.

:::tip[Mind]

See [the docs](/docs/x).

:::

{/* truncate */}

The rest.
"""
    site_of(tmp_path, {"blog/2026-01-02-a.mdx": text})
    built = build_project(tmp_path)
    feed = (tmp_path / "build" / "feed.json").read_text("utf-8")
    item = json.loads(feed)["items"][0]
    assert (item["url"], item["title"]) == ("https://tides.example/sea/blog/2026/01/02/a", "Waves")
    assert "Up <em>and</em> down again." in item["content_html"]
    assert "Mind" in item["content_html"]
    assert '<a href="https://tides.example/sea/docs/x">the docs</a>' in item["content_html"]
    assert "The rest" not in item["content_html"]
    assert [str(finding) for finding in built.findings if "mdx" in finding.rule] == [
        "blog/2026-01-02-a.mdx:6: warning: the component Chart is left out\n"
        "  help: write it as Markdown or plain HTML"
    ]


# Which files are posts


@pytest.mark.parametrize(
    ("path", "is_post"),
    [
        ("2026-01-02-a.md", True),
        ("deep/2026-01-02-a.mdx", True),
        ("2026-01-02-a/index.md", True),
        ("_2026-01-02-a.md", False),
        ("_parts/2026-01-02-a.md", False),
        (".2026-01-02-a.md", False),
        ("__tests__/2026-01-02-a.md", False),
        ("2026-01-02-a.markdown", False),
    ],
)
def test_posts_are_the_files_that_docusaurus_takes(path: str, is_post: bool, tmp_path: Path) -> None:
    assert bool(collect(site_of(tmp_path, {f"blog/{path}": "Text\n"})).published) == is_post


def test_only_the_folders_of_posts_are_looked_into(tmp_path: Path) -> None:
    site = site_of(tmp_path, {"docs/2026-01-02-a.md": "", "node_modules/x/2026-01-02-a.md": ""})
    assert [site.excluded(path) for path in ("docs/", "node_modules/", "i18n/", "blog/", "blog/a/")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_patterns_and_folders_are_those_of_the_options(tmp_path: Path) -> None:
    files = {
        f"posts/{name}": "Text\n" for name in ("2026-01-01-a.md", "2026-01-02-b.mdx", "x/2026-01-03-c.md")
    }
    site = site_of(tmp_path, files, "path: './posts', include: ['*.{md,mdx}'], exclude: ['**/*-b.*']")
    assert [post.source.path for post in collect(site).published] == ["posts/2026-01-01-a.md"]


@pytest.mark.parametrize(
    ("matter", "reason"),
    [
        ("draft: true", "draft"),
        ("draft: 'true'", "draft"),
        ("draft: 'false'", ""),
        ("unlisted: true", "unlisted"),
        ("unlisted: false", ""),
    ],
)
def test_drafts_and_unlisted_posts_are_not_published(matter: str, reason: str, tmp_path: Path) -> None:
    found = collect(site_of(tmp_path, {"blog/2026-01-02-a.md": f"---\n{matter}\n---\n"}))
    assert next((hidden.reason for hidden in found.hidden), "") == reason
    assert bool(found.published) == (not reason)


# Addresses


@pytest.mark.parametrize(
    ("path", "date", "slug", "title"),
    [
        ("2020-01-02-a.md", "2020-01-02", "/2020/01/02/a", "a"),
        ("2020-1-2-a b.mdx", "2020-1-2", "/2020/1/2/a b", "a b"),
        ("2020/01/02/a.md", "2020/01/02", "/2020/01/02/a", "a"),
        ("2020/01-02-a.md", "2020/01-02", "/2020/01/02/a", "a"),
        ("2020-01-02/index.md", "2020-01-02", "/2020/01/02/index", "index"),
        ("2020-01-02/a/index.md", "2020-01-02", "/2020/01/02/a", "a"),
        ("2020-01-02.md", "2020-01-02", "/2020/01/02/", ""),
        ("news/2020-01-02-a.md", "2020-01-02", "/2020/01/02/news/a", "a"),
        ("x-2020-01-02-a.md", "2020-01-02", "/2020/01/02/x-a", "a"),
        ("a.md", "", "/a", "a"),
        ("deep/a/index.mdx", "", "/deep/a", "deep/a"),
    ],
)
def test_dates_slugs_and_titles_come_from_files(path: str, date: str, slug: str, title: str) -> None:
    assert (file_date(path), file_slug(path), file_title(path)) == (date, slug, title)


@pytest.mark.parametrize(
    ("slug", "trailing", "expected"),
    [
        ("a", None, "/sea/blog/a"),
        ("/a/b", None, "/sea/blog/a/b"),
        ("a/", None, "/sea/blog/a/"),
        ("a", True, "/sea/blog/a/"),
        ("a/", False, "/sea/blog/a"),
        ("//a//b", None, "/sea/blog/a/b"),
        ("/", None, "/sea/blog/"),
        ("a?b=1", True, "/sea/blog/a/?b=1"),
    ],
)
def test_addresses_are_joined_as_docusaurus_joins_them(
    slug: str, trailing: bool | None, expected: str
) -> None:
    assert permalink("/sea/", "blog", slug, trailing) == expected


def test_paths_are_joined_and_encoded() -> None:
    assert joined("/", "", "/a") == "/a"
    assert joined("/sea/", "/", "x") == "/sea/x"
    assert encoded("/été/100%/a%20b/c+d") == "/%C3%A9t%C3%A9/100%25/a%20b/c+d"


@pytest.mark.parametrize(
    ("options", "config", "url"),
    [
        ("", "", "https://tides.example/sea/blog/2026/01/02/a"),
        ("routeBasePath: '/'", "", "https://tides.example/sea/2026/01/02/a"),
        ("routeBasePath: ''", "trailingSlash: true,", "https://tides.example/sea/2026/01/02/a/"),
        ("routeBasePath: 'news/all'", "baseUrl: '/',", "https://tides.example/news/all/2026/01/02/a"),
    ],
)
def test_where_a_post_stands(options: str, config: str, url: str, tmp_path: Path) -> None:
    text = (CONFIG % ("", options)).replace("baseUrl: '/sea/',", config or "baseUrl: '/sea/',")
    if "trailing" in config:
        text = CONFIG % (config, options)
    write_files(tmp_path, {"docusaurus.config.js": text, "blog/2026-01-02-a.md": "Text\n"})
    site = load_site(load_settings(tmp_path, environ={}), lambda finding: None)
    assert [post.url for post in collect(site).published] == [url]


def test_a_slug_takes_the_place_of_the_files_name(tmp_path: Path) -> None:
    assert post_of(tmp_path, matter="slug: /my slug").url == "https://tides.example/sea/blog/my%20slug"


def test_a_permalink_in_the_settings_wins(tmp_path: Path) -> None:
    post = post_of(tmp_path, generator__permalink="{year}/{file}")
    assert post.url == "https://tides.example/sea/blog/2026/2026-01-02-a"


# Dates


@pytest.mark.parametrize(
    ("matter", "published"),
    [
        ("", "2026-01-02T00:00:00+00:00"),
        ("date: 2021-05-06", "2021-05-06T00:00:00+00:00"),
        ("date: 2021-05-06T07:08:09.5+02:00", "2021-05-06T05:08:09.500000+00:00"),
        ("date: 2021-05-06 07:08", "2021-05-06T07:08:00+00:00"),
        ('date: "2021-05-06"', "2021-05-06T00:00:00+00:00"),
        ("date: 2021-5-6", "2021-05-06T00:00:00+00:00"),
        ("date: 2017-02-29", "2017-03-01T00:00:00+00:00"),
        ("date: 2021-13-01", "2022-01-01T00:00:00+00:00"),
        ("date: January 5, 2021", "2021-01-05T00:00:00+00:00"),
    ],
)
def test_dates_are_those_of_javascript_in_utc(matter: str, published: str, tmp_path: Path) -> None:
    assert post_of(tmp_path, matter=matter).published.isoformat() == published


def test_a_post_tells_when_it_was_last_changed(tmp_path: Path) -> None:
    post = post_of(tmp_path, matter="last_update: { date: 2026-03-04, author: Ada }")
    assert post.updated == dt.datetime(2026, 3, 4, tzinfo=dt.UTC)


def test_a_post_without_a_date_asks_for_one(tmp_path: Path) -> None:
    said = refused(tmp_path, "title: A", "a.md")
    assert said.startswith("blog/a.md:1: the post has no date\n  help: write date: 2026-11-22")
    assert said.endswith('or dates = "git" under [posts] in feeds.toml')


@pytest.mark.parametrize("date", ['"2021-05-06T07:08:09Z"', "soon", "[2021]", "2021-05-06T99:00:00:00"])
def test_what_is_no_date_for_docusaurus_is_refused(date: str, tmp_path: Path) -> None:
    assert "date" in refused(tmp_path, f"date: {date}")


# Titles, authors, tags, excerpts


@pytest.mark.parametrize(
    ("matter", "body", "title"),
    [
        ("title: Given", "# Heading\n", "Given"),
        ("title: 1.50", "", "1.5"),
        ("title: Given\n\t\nslug: x", "", "Given"),
        ("", "# A `heading` {#id}\n", "A heading"),
        ("", "import a from 'a'\n\n# After imports #\n", "After imports"),
        ("", "Underlined\n===\n", "Underlined"),
        ("", "Text\n\n# Later\n", "a"),
        ("", "## Second\n", "a"),
    ],
)
def test_titles(matter: str, body: str, title: str, tmp_path: Path) -> None:
    assert post_of(tmp_path, matter=matter, body=body).title == title


AUTHORS = """
ann:
  name: Ann
  url: https://ann.example/
  email: ann@tides.example
bob: { name: Bob B., page: true }
"""


@pytest.mark.parametrize(
    ("matter", "authors"),
    [
        ("authors: ann", [("Ann", "https://ann.example/", "ann@tides.example")]),
        ("authors: [bob]", [("Bob B.", "https://tides.example/sea/blog/authors/bob", "")]),
        ("authors: { name: Eve, url: /eve }", [("Eve", "https://tides.example/eve", "")]),
        ("authors: [{ key: ann, name: Anna }]", [("Anna", "https://ann.example/", "ann@tides.example")]),
        ("author: Jo\nauthor_url: https://jo.example/", [("Jo", "https://jo.example/", "")]),
        ("author: A, B", [("A, B", "", "")]),
        ("", []),
    ],
)
def test_authors(matter: str, authors: list[tuple[str, str, str]], tmp_path: Path) -> None:
    post = post_of(tmp_path, matter=matter or "title: A", files={"blog/authors.yml": AUTHORS})
    assert [(author.name, author.url, author.email) for author in post.authors] == authors


@pytest.mark.parametrize(
    ("matter", "tags"),
    [
        ("tags: [a, C++, 2021, 1.50]", ("a", "C++", "2021", "1.5")),
        ("tags: [{ label: A b, permalink: /ab }]", ("A b",)),
        ("tags: [news, other]", ("Latest News", "Other")),
        ("tags: []", ()),
    ],
)
def test_tags(matter: str, tags: tuple[str, ...], tmp_path: Path) -> None:
    files = {"blog/tags.yml": "news: { label: Latest News }\nother:\n"}
    post = post_of(tmp_path, matter=matter, files=files)
    assert (post.tags, post.categories) == (tags, ())


@pytest.mark.parametrize(
    ("matter", "message"),
    [
        ("title:", "title must be a text"),
        ("title: [a]", "title must be a text"),
        ("slug: ''", "slug must be a text"),
        ("authors: nobody", "the author 'nobody' is not in authors.yml"),
        ("authors: ann\nauthor: Jo", "authors and author stand here both"),
        ("authors: ''", "authors must be names of authors"),
        ("authors: [{ title: x }]", "authors must be names of authors"),
        ("tags: a", "tags must be a list"),
        ("tags: [true]", "tags must be texts"),
        ("draft: yes", "draft must be true or false"),
        ("draft: true\nunlisted: true", "either a draft or unlisted"),
    ],
)
def test_what_docusaurus_refuses_is_refused(matter: str, message: str, tmp_path: Path) -> None:
    assert message in refused(tmp_path, matter)


@pytest.mark.parametrize(
    ("option", "marks"),
    [
        ("", ("truncate",)),
        ("truncateMarker: /<!--\\s*(more|truncate)\\s*-->/,", ("more", "truncate")),
        ("truncateMarker: /<!--more-->|\\{\\/\\*\\s*cut\\s*\\*\\/\\}/", ("more", "cut")),
    ],
)
def test_the_mark_of_an_excerpt(option: str, marks: tuple[str, ...], tmp_path: Path) -> None:
    assert post_of(tmp_path, options=option).excerpting == Excerpting(marks)


def test_a_mark_that_is_not_understood_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FeedsError) as raised:
        site_of(tmp_path, {}, "truncateMarker: /^-{3,}$/m")
    assert raised.value.help.startswith('write excerpt_mark = "truncate" under [generator]')
    assert post_of(
        tmp_path, options="truncateMarker: x()", generator__excerpt_mark="cut"
    ).excerpting.marks == ("cut",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.10", "1.1"),
        ("007", "7"),
        ("0x1F", "31"),
        ("1e21", "1e+21"),
        ("-0", "0"),
        ("12:30", "12:30"),
        ("true", None),
    ],
)
def test_texts_without_quotes_are_those_of_js_yaml(text: str, found: str | None) -> None:
    assert text_of(Scalar(text)) == found


def test_slugs_of_tags() -> None:
    assert [kebab_case(text) for text in ("ES6 Modules", "it's Été", "fooBar2", "日本")] == [
        "es-6-modules",
        "its-ete",
        "foo-bar-2",
        "日本",
    ]


# Several blogs and languages


def test_plugins_add_blogs(tmp_path: Path) -> None:
    plugins = """plugins: [
      ['@docusaurus/plugin-content-blog', { id: 'notes', path: './notes', routeBasePath: 'notes' }],
      [require.resolve('./src/blog-plugin'), { path: 'log', routeBasePath: 'log' }],
      './src/other-plugin.js',
    ],"""
    files = {f"{folder}/2026-01-02-a.md": "Text\n" for folder in ("blog", "notes", "log")}
    found = collect(site_of(tmp_path, files, config=plugins)).published
    assert sorted(post.url.removeprefix("https://tides.example/sea/") for post in found) == [
        "blog/2026/01/02/a",
        "log/2026/01/02/a",
        "notes/2026/01/02/a",
    ]


def test_each_language_has_its_own_posts_and_those_that_are_not_translated(tmp_path: Path) -> None:
    french = "i18n/fr/docusaurus-plugin-content-blog"
    files = {
        "blog/2026-01-02-a.md": "# A\n\n[b](./2026-01-03-b.md)\n",
        "blog/2026-01-03-b.md": "# B\n",
        f"{french}/2026-01-02-a.md": "# Le A\n",
        f"{french}/2026-01-09-only-french.md": "# C\n",
    }
    site = site_of(tmp_path, files, config="i18n: { defaultLocale: 'en', locales: ['en', 'fr'] },")
    found = collect(site)
    assert sorted((post.url, post.title, post.language) for post in found.published) == [
        ("https://tides.example/sea/blog/2026/01/02/a", "A", "en"),
        ("https://tides.example/sea/blog/2026/01/03/b", "B", "en"),
        ("https://tides.example/sea/fr/blog/2026/01/02/a", "Le A", "fr"),
        ("https://tides.example/sea/fr/blog/2026/01/03/b", "B", "en"),
    ]
    assert [(blog.language, blog.feeds, blog.home) for blog in site.blogs] == [
        ("en", "", "blog"),
        ("fr", "fr", "fr/blog"),
    ]
    links = Links(site, page_addresses(site, found))
    for source, url in ((f"{french}/2026-01-02-a.md", "fr/blog"), ("blog/2026-01-02-a.md", "blog")):
        there = links.resolve("./2026-01-03-b.md", source, f"https://tides.example/sea/{url}/2026/01/02/a")
        assert there == f"https://tides.example/sea/{url}/2026/01/03/b"


def test_a_language_without_translations_has_the_posts_of_the_default_one(tmp_path: Path) -> None:
    files = {
        "blog/2026-01-02-a.md": "# A\n",
        "i18n/fr/docusaurus-plugin-content-blog/2026-01-02-a.md": "# Le A\n",
    }
    i18n = (
        "i18n: { defaultLocale: 'en', locales: ['en', 'fr'], localeConfigs: { fr: { translate: false } } },"
    )
    titles = [
        (post.url[-18:], post.title) for post in collect(site_of(tmp_path, files, config=i18n)).published
    ]
    assert titles == [("/blog/2026/01/02/a", "A"), ("/blog/2026/01/02/a", "A")]


def test_a_language_may_have_an_address_of_its_own(tmp_path: Path) -> None:
    i18n = """i18n: { defaultLocale: 'en', locales: ['en', 'fr', 'pt'], localeConfigs: {
      fr: { url: 'https://marees.example', baseUrl: '/', htmlLang: 'fr-CA' }, pt: { baseUrl: '/mar/' } } },"""
    found = collect(site_of(tmp_path, {"blog/2026-01-02-a.md": "# A\n"}, config=i18n))
    assert [post.url for post in found.published] == [
        "https://tides.example/sea/blog/2026/01/02/a",
        "https://marees.example/blog/2026/01/02/a",
        "https://tides.example/mar/blog/2026/01/02/a",
    ]
    assert {found.blogs[post.source.path].language for post in found.published} == {"en", "fr-CA", "pt"}


def test_the_posts_may_lie_outside_the_sites_folder(tmp_path: Path) -> None:
    text = CONFIG % ("", "path: '../news'")
    write_files(tmp_path, {"web/docusaurus.config.js": text, "news/2026-01-02-a.md": "Text\n", "x/y.md": ""})
    site = load_site(load_settings(tmp_path / "web", environ={}), lambda finding: None)
    (post,) = collect(site).published
    assert (post.url, post.source.fields.path) == (
        "https://tides.example/sea/blog/2026/01/02/a",
        "../news/2026-01-02-a.md",
    )


# Links and pictures


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("./2026-01-03-b.mdx#part", "blog/2026/01/03/b#part"),
        ("2026-01-03-b.mdx", "blog/2026/01/03/b"),
        ("/2026-01-03-b.mdx", "blog/2026/01/03/b"),
        ("@site/blog/2026-01-03-b.mdx", "blog/2026/01/03/b"),
        ("/docs/x", "docs/x"),
        ("/sea/docs/x", "docs/x"),
        ("pathname:///x.html", "x.html"),
        ("@site/static/img/a.png", "img/a.png"),
        ("/img/a.png", "img/a.png"),
        ("other", "blog/2026/01/02/other"),
        ("https://other.example/", None),
    ],
)
def test_where_links_lead(url: str, expected: str | None, tmp_path: Path) -> None:
    files = {"blog/2026-01-02-a.md": "Text\n", "blog/2026-01-03-b.mdx": "Text\n", "static/img/a.png": ""}
    site = site_of(tmp_path, files)
    links = Links(site, page_addresses(site, collect(site)))
    found = links.resolve(url, "blog/2026-01-02-a.md", "https://tides.example/sea/blog/2026/01/02/a")
    assert found == (f"https://tides.example/sea/{expected}" if expected else url)


def test_pictures_beside_a_post_have_the_names_that_webpack_gives_them(tmp_path: Path) -> None:
    files = {
        "blog/2026-01-02-a/index.md": "Text\n",
        "blog/2026-01-02-a/big one.png": b"x" * 10_001,
        "blog/2026-01-02-a/small.png": b"x",
        "blog/2026-01-02-a/b.pdf": b"x",
    }
    site = site_of(tmp_path, files)
    links = Links(site, {})

    def resolve(url: str) -> str | None:
        return links.resolve(url, "blog/2026-01-02-a/index.md", "https://tides.example/sea/blog/2026/01/02/a")

    assert resolve("./big%20one.png") == (
        f"https://tides.example/sea/assets/images/big%20one-{md4(b'x' * 10_001)}.png"
    )
    assert resolve("b.pdf") == f"https://tides.example/sea/assets/files/b-{md4(b'x')}.pdf"
    assert resolve("small.png") is None
    assert asset_path(tmp_path / "missing.png") is None


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "31d6cfe0d16ae931b73c59d7e0c089c0"),
        (b"abc", "a448017aaf21d8525fc10ae87aa6729d"),
        (b"1234567890" * 8, "e33b4ddc9c38f2199c3e7b164fcc0536"),
    ],
)
def test_md4_is_that_of_its_standard(data: bytes, digest: str) -> None:
    assert (md4(data), _md4(data)) == (digest, digest)
