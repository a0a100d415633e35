from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
import reading_samples
from projects import write_files
from reading_samples import authors, read

from feeds.config import GeneratorSettings, Override, Settings, load_settings
from feeds.errors import FeedsError, Finding, UsageError
from feeds.generators import load_site
from feeds.generators.authors import load_authors
from feeds.generators.meta import load_defaults
from feeds.model import Author, Blog, Fields, Naming, Scalar, Site, Source, Value

CONFIG = "site_name: Blog\nsite_url: https://example.org/sub/\n"


def site_of(
    root: Path,
    config: str = "plugins: [blog]\n",
    files: Mapping[str, str] | None = None,
    **overrides: Override,
) -> Site:
    """The site of a folder with this `mkdocs.yml` (a name and a URL are added) and these files."""
    (root / "docs").mkdir(exist_ok=True)
    for name, text in {"mkdocs.yml": CONFIG + config, **(files or {})}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    given = {name.replace("__", "."): value for name, value in overrides.items()}
    return load_site(load_settings(root, overrides=given), lambda finding: None)


def blog_of(
    root: Path,
    options: str = "",
    config: str = "",
    files: Mapping[str, str] | None = None,
    **overrides: Override,
) -> Blog:
    """The only blog of a site, from the options of its plugin, one a line."""
    lines = "".join(f"      {line}\n" for line in options.split("\n") if line)
    (blog,) = site_of(root, f"plugins:\n  - blog:\n{lines}{config}", files, **overrides).blogs
    return blog


SUB = "https://example.org/sub/"


def link(blog: Blog, named: Naming) -> str:
    return reading_samples.link(blog, named, SUB)


def mark_of(blog: Blog) -> str:
    """The comment that ends the excerpts of a blog's posts."""
    fields = {"title": Scalar("A"), "date": Scalar("2026-11-22", "timestamp")}
    (mark,) = read(blog, fields).excerpting.marks
    return mark


def refusal(
    root: Path, config: str, files: Mapping[str, str] | None = None, **overrides: Override
) -> FeedsError:
    with pytest.raises(FeedsError) as caught:
        site_of(root, config, files, **overrides)
    return caught.value


def naming(
    heading: str = "Hello World", *, slug: str = "", stem: str = "a", day: str = "2026-03-05", categories: tuple[str, ...] = ()
) -> Naming:  # fmt: skip
    return Naming(
        f"{stem}.md", stem, slug, heading, dt.datetime.fromisoformat(f"{day}T00:30:00+02:00"), categories
    )


# The site


def test_a_site_is_what_mkdocs_yml_says(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        "site_description: About mountains\nsite_author: Ada\nsite_dir: out\ndocs_dir: pages\n"
        "copyright: 'Copyright &copy; 2026 <a href=\"/\">Ada</a>'\n"
        "theme: {name: material, language: pt-BR}\nuse_directory_urls: false\nplugins: [search, blog]\n"
        "markdown_extensions: [admonition]\n",
        {"pages/index.md": ""},
    )
    assert (site.generator, site.title, site.url) == ("material", "Blog", "https://example.org/sub/")
    assert (site.description, site.author, site.copyright) == (
        "About mountains",
        "Ada",
        "Copyright © 2026 Ada",
    )
    assert (site.docs, site.docs_name, site.output) == (tmp_path / "pages", "pages/", tmp_path / "out")
    assert (site.language, site.timezone, site.page_url("a.md")) == ("pt-BR", "UTC", f"{SUB}a.html")
    assert [each.name for each in site.markdown] == ["toc", "tables", "fenced_code", "admonition"]


def test_what_mkdocs_yml_leaves_out_has_the_defaults_of_mkdocs(tmp_path: Path) -> None:
    site = site_of(tmp_path)
    assert (site.docs_name, site.output) == ("docs/", tmp_path / "site")
    assert (site.description, site.author, site.copyright, site.language) == ("", "", "", "en")
    assert site.page_url("a.md") == f"{SUB}a/"
    blog = site.blogs[0]
    assert (blog.folders, blog.home, blog.holds_future) == (("blog/posts",), "blog/", False)
    assert mark_of(blog) == "more"


def test_settings_win_over_mkdocs_yml(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        "site_description: About mountains\nsite_author: Ada\nplugins: [blog]\n",
        {"pages/a.md": ""},
        site__title="Feeds",
        site__url="https://other.example/",
        site__description="Other",
        site__author="Zoë",
        site__language="fr",
        site__timezone="Europe/Paris",
        site__output="public",
        posts__folder="pages",
    )
    assert (site.title, site.url, site.description) == ("Feeds", "https://other.example/", "Other")
    assert (site.author, site.language, site.timezone) == ("Zoë", "fr", "Europe/Paris")
    assert (site.output, site.docs) == (tmp_path / "public", tmp_path / "pages")


@pytest.mark.parametrize(
    ("theme", "language"),
    [
        ("theme: material\n", "en"),
        ("theme: {name: material, language: zh-Hant}\n", "zh-Hant"),
        ("theme: {name: material, language: pt_BR}\n", "pt-BR"),
        ("theme: {name: material, language: }\n", "en"),
        ("theme:\n", "en"),
    ],
)
def test_the_language_is_that_of_the_theme(theme: str, language: str, tmp_path: Path) -> None:
    assert site_of(tmp_path, f"{theme}plugins: [blog]\n").language == language


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/blog", "https://example.org/blog/"),
        ("https://example.org/blog//", "https://example.org/blog/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
        ("https://example.org/?a=1#b", "https://example.org/"),
    ],
)
def test_the_sites_url_ends_with_a_slash(url: str, meant: str, tmp_path: Path) -> None:
    assert site_of(tmp_path, f"site_url: '{url}'\nplugins: [blog]\n").url == meant


@pytest.mark.parametrize("line", ["site_url:\n", "site_url: ''\n", "site_url: !ENV NOT_SET\n"])
def test_a_site_without_url_is_told_where_to_write_it(line: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, f"{line}plugins: [blog]\n")
    assert error.rule == "site-url"
    assert error.message == "the site's URL is not known, and feeds need absolute links"
    assert error.help.startswith("set site_url in mkdocs.yml, or write url = ")


@pytest.mark.parametrize(
    "url", ["/blog/", "example.org", "ftp://example.org/", "https://", "https://[x", "mailto:a@b.c"]
)
def test_a_url_that_is_not_absolute_is_refused(url: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, f"site_url: '{url}'\nplugins: [blog]\n")
    assert error.message == f"the site's URL {url!r} is not an absolute http(s) address"


def test_the_folder_of_the_pages_must_exist(tmp_path: Path) -> None:
    error = refusal(tmp_path, "docs_dir: pages\nplugins: [blog]\n")
    assert str(error) == "mkdocs.yml:3:1: the folder 'pages' does not exist"


@pytest.mark.parametrize(
    "plugins",
    [
        "plugins: [search]\n",
        "plugins: []\n",
        "",
        "plugins:\n  - blog: {enabled: false}\n",
        "plugins: {blog: {enabled: off}}\n",
    ],
)
def test_a_site_without_the_blog_plugin_is_refused(plugins: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, plugins)
    assert (error.message, error.rule) == ("the blog plugin is not configured", "generator")
    assert str(error).startswith("mkdocs.yml" + (":3:1: " if plugins else ": "))
    assert "--generator" in error.help


def test_the_plugin_may_be_named_in_full_and_stand_there_several_times(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        "plugins:\n  - material/blog: {blog_dir: news}\n  - blog: {blog_dir: notes, post_dir: '{blog}'}\n"
        "  - blog: {blog_dir: old, enabled: false}\n",
    )
    assert [(blog.home, *blog.folders) for blog in site.blogs] == [
        ("news/", "news/posts"),
        ("notes/", "notes"),
    ]


def test_each_of_several_blogs_has_feeds_of_its_own(tmp_path: Path) -> None:
    lines = "".join(f"  - blog: {{blog_dir: {folder}}}\n" for folder in ("news", "notes/all", "."))
    assert [blog.feeds for blog in site_of(tmp_path, f"plugins:\n{lines}").blogs] == ["news", "notes/all", ""]
    assert blog_of(tmp_path, "blog_dir: news").feeds == ""


def test_mkdocs_yml_is_what_makes_a_site_of_material(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yaml").write_text(f"{CONFIG}docs_dir: content\nplugins: [blog]\n", "utf-8")
    assert load_site(load_settings(tmp_path), lambda finding: None).generator == "material"
    (tmp_path / "mkdocs.yaml").unlink()
    settings = load_settings(tmp_path, overrides={"site.url": "https://example.org/"})
    assert load_site(settings, lambda finding: None).generator == "plain"


def test_a_generator_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    assert site_of(tmp_path, generator__name="plain", site__url="https://example.org/").generator == "plain"
    (tmp_path / "mkdocs.yml").unlink()
    settings = load_settings(tmp_path, overrides={"generator.name": "material"})
    with pytest.raises(FeedsError, match=r"^there is no mkdocs\.yml here"):
        load_site(settings, lambda finding: None)


def test_generators_that_are_not_known_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^the generator 'none' is not known\n  help: choose one of "):
        load_site(Settings(tmp_path, generator=GeneratorSettings(name="none")), lambda finding: None)


# Permalinks


@pytest.mark.parametrize(
    ("options", "named", "path"),
    [
        ("", naming(), "blog/2026/03/05/hello-world/"),
        ("", naming("A & B!"), "blog/2026/03/05/a--b/"),
        ("", naming("Été à Paris"), "blog/2026/03/05/%C3%A9t%C3%A9-%C3%A0-paris/"),
        ("", naming(slug="My Slug"), "blog/2026/03/05/My%20Slug/"),
        ("", naming(slug="a/b"), "blog/2026/03/05/a/b/"),
        ("", naming(slug="/a//b/"), "blog/2026/03/05/a/b/"),
        ("", naming(slug="../b"), "blog/2026/03/b/"),
        ("", naming(slug="index"), "blog/2026/03/05/"),
        ("", naming(slug="README"), "blog/2026/03/05/"),
        ("", naming(slug="v1.2"), "blog/2026/03/05/v1.2/"),
        ("", naming(slug="100%?#"), "blog/2026/03/05/100%25%3F%23/"),
        ("", naming(slug="{file}"), "blog/2026/03/05/%7Bfile%7D/"),
        ("post_url_format: '{slug}'", naming(), "blog/hello-world/"),
        ("post_url_format: '/{slug}/'", naming(), "blog/hello-world/"),
        ("post_url_format: '{date}/{file}'", naming(stem="My File"), "blog/2026/03/05/My%20File/"),
        ("post_url_format: '{file}'", naming(stem="index"), "blog/"),
        ("post_url_format: 'x/{slug}/y'", naming(), "blog/x/hello-world/y/"),
        ("post_url_format: '{categories}/{slug}'", naming(categories=("C++", "B b")), "blog/c/hello-world/"),
        ("post_url_format: '{categories}/{slug}'", naming(), "blog/hello-world/"),
        (
            "post_url_format: '{categories}/{slug}'\npost_url_max_categories: 2",
            naming(categories=("C++", "B b", "D")),
            "blog/c/b-b/hello-world/",
        ),
        ("post_slugify_separator: _", naming(), "blog/2026/03/05/hello_world/"),
        (
            "post_url_format: '{categories}/{slug}'\ncategories_slugify_separator: _",
            naming(categories=("B b",)),
            "blog/b_b/hello-world/",
        ),
        ("blog_dir: .", naming(), "2026/03/05/hello-world/"),
        ("blog_dir: .\npost_url_format: '{slug}'", naming(slug="index"), ""),
        ("blog_dir: news/all/", naming(), "news/all/2026/03/05/hello-world/"),
        ("blog_dir: мир", naming(slug="a"), "%D0%BC%D0%B8%D1%80/2026/03/05/a/"),
        ("post_slugify: !!python/object/apply:pymdownx.slugs.slugify {}", naming(), "blog/2026/03/05/Hello-World/"),
        ("post_url_date_format: yyyy", naming(), "blog/2026/hello-world/"),
        ("post_url_date_format: yyyy-MM", naming(), "blog/2026-03/hello-world/"),
        ("post_url_date_format: yyyyMMdd", naming(), "blog/20260305/hello-world/"),
        ("post_url_date_format: yyyy/M/d", naming(), "blog/2026/3/5/hello-world/"),
        ("post_url_date_format: yyyy/MMM", naming(), "blog/2026/Mar/hello-world/"),
        ("post_url_date_format: yyyy/MMMM/dd", naming(), "blog/2026/March/05/hello-world/"),
        ("post_url_date_format: EEEE", naming(), "blog/Thursday/hello-world/"),
        ("post_url_date_format: HHmm", naming(), "blog/0030/hello-world/"),
        ("post_url_date_format: long", naming(), "blog/March%205%2C%202026/hello-world/"),
    ],
)  # fmt: skip
def test_permalinks(options: str, named: Naming, path: str, tmp_path: Path) -> None:
    assert link(blog_of(tmp_path, options), named) == path


@pytest.mark.parametrize(
    ("options", "named", "path"),
    [
        ("", naming(), "blog/2026/03/05/hello-world.html"),
        ("", naming(slug="a/b"), "blog/2026/03/05/a/b.html"),
        ("", naming(slug="v1.2"), "blog/2026/03/05/v1.2.html"),
        ("", naming(slug="index"), "blog/2026/03/05/index.html"),
        ("", naming(slug="README"), "blog/2026/03/05/index.html"),
        ("blog_dir: .\npost_url_format: '{slug}'", naming(slug="index"), "index.html"),
    ],
)
def test_permalinks_without_directory_urls(options: str, named: Naming, path: str, tmp_path: Path) -> None:
    assert link(blog_of(tmp_path, options, "use_directory_urls: false\n"), named) == path


@pytest.mark.parametrize(
    ("language", "pattern", "path"),
    [
        ("de", "yyyy/MMMM", "blog/2026/M%C3%A4rz/a/"),
        ("fr", "EEEE", "blog/jeudi/a/"),
        ("pt-BR", "MMMM", "blog/mar%C3%A7o/a/"),
        ("de", "yyyy/MM/dd", "blog/2026/03/05/a/"),
    ],
)
def test_names_of_months_and_days_are_in_the_themes_language(
    language: str, pattern: str, path: str, tmp_path: Path
) -> None:
    blog = blog_of(tmp_path, f"post_url_date_format: {pattern}", f"theme: {{language: {language}}}\n")
    assert link(blog, naming(slug="a")) == path


@pytest.mark.parametrize(
    ("language", "pattern"), [("xx", "MMMM"), ("not a language", "MMMM"), ("en", "yyyy 'quarter'")]
)
def test_dates_that_cannot_be_written_out_are_refused(language: str, pattern: str, tmp_path: Path) -> None:
    blog = blog_of(tmp_path, f'post_url_date_format: "{pattern}"', f"theme: {{language: {language}}}\n")
    if language == "en":
        assert link(blog, naming(slug="a")) == "blog/2026%20quarter/a/"
    else:
        with pytest.raises(FeedsError, match="cannot be used: "):
            link(blog, naming(slug="a"))


@pytest.mark.parametrize("slug", ["../../../../../x", "../../../../..", "a/../../../../../../x"])
def test_an_address_outside_of_the_site_is_refused(slug: str, tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="leads out of the site") as caught:
        link(blog_of(tmp_path), naming(slug=slug))
    assert (caught.value.rule, caught.value.help) == ("permalink", "change the slug")


@pytest.mark.parametrize(("length", "fits"), [(252, True), (253, False)])
def test_a_part_that_no_disk_could_hold_is_refused(length: int, fits: bool, tmp_path: Path) -> None:
    blog = blog_of(tmp_path)
    if fits:
        assert link(blog, naming("x" * length)).endswith(f"/{'x' * length}/")
    else:
        with pytest.raises(FeedsError, match="a part longer than 255 bytes"):
            link(blog, naming("x" * length))
        with pytest.raises(FeedsError, match="a part longer than 255 bytes"):
            link(blog, naming("é" * (length // 2 + 1)))


def test_the_settings_pattern_wins(tmp_path: Path) -> None:
    blog = blog_of(tmp_path, "post_url_format: '{date}'", generator__permalink="{file}")
    assert link(blog, naming(stem="My-File")) == "blog/My-File/"


def test_a_placeholder_that_is_not_known_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, "plugins:\n  - blog: {post_url_format: '{year}/{slug}'}\n")
    assert error.message == "the permalink pattern '{year}/{slug}' has the unknown placeholder {year}"
    assert error.help == "use {date}, {slug}, {file} and {categories}"


@pytest.mark.parametrize(
    "function", ["!!python/name:mine.slugify", "!!python/object/apply:mine.slugify {}", "mine.slugify"]
)
def test_a_slug_function_of_ones_own_is_an_error_only_where_its_slug_is_needed(
    function: str, tmp_path: Path
) -> None:
    blog = blog_of(tmp_path, f"post_slugify: {function}")
    assert link(blog, naming(slug="written")) == "blog/2026/03/05/written/"
    with pytest.raises(FeedsError, match=r"a function of your own \(post_slugify") as caught:
        link(blog, naming("A title"))
    assert (caught.value.rule, "give the post a slug" in caught.value.help) == ("slugify", True)
    pattern = blog_of(tmp_path, f"post_slugify: {function}", generator__permalink="{date}/{file}")
    assert link(pattern, naming("A title")) == "blog/2026/03/05/a/"


# Categories


@pytest.mark.parametrize(
    ("options", "name", "page"),
    [
        ("", "News & More", "blog/category/news--more/"),
        ("", "Été", "blog/category/%C3%A9t%C3%A9/"),
        ("", "🎉", "blog/category/"),
        ("", "Index", "blog/category/"),
        ("categories_url_format: 'topics/{slug}/all'", "News", "blog/topics/news/all/"),
        ("blog_dir: .", "News", "category/news/"),
        (
            "categories_slugify: !!python/object/apply:pymdownx.slugs.slugify {}",
            "News",
            "blog/category/News/",
        ),
        ("categories: false", "News", ""),
    ],
)
def test_category_pages(options: str, name: str, page: str, tmp_path: Path) -> None:
    lines = "".join(f"      {line}\n" for line in options.split("\n"))
    assert site_of(tmp_path, f"plugins:\n  - blog:\n{lines}").category_page(name) == page


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("News", "blog/category/news.html"),
        ("Index", "blog/category/index.html"),
        ("🎉", "blog/category.html"),
    ],
)
def test_category_pages_without_directory_urls(name: str, page: str, tmp_path: Path) -> None:
    assert site_of(tmp_path, "use_directory_urls: false\nplugins: [blog]\n").category_page(name) == page


def test_category_slugs(tmp_path: Path) -> None:
    site = site_of(tmp_path, "plugins:\n  - blog: {categories_slugify_separator: _}\n")
    assert [site.category_slug(name) for name in ("Big News", "C++", "🎉")] == ["big_news", "c", ""]


def test_the_settings_can_name_what_a_slug_function_of_ones_own_does(tmp_path: Path) -> None:
    options = "post_slugify: !!python/name:mine.slugify ''"
    with pytest.raises(FeedsError, match=r"a function of your own \(post_slugify") as caught:
        link(blog_of(tmp_path, options), naming("Big News"))
    assert 'slug = "material"' in caught.value.help
    assert 'permalink = "{date}/{file}"' in caught.value.help
    own = blog_of(tmp_path, options, generator__slug="material")
    assert link(own, naming("Big News")) == "blog/2026/03/05/big-news/"
    own = blog_of(tmp_path, options, generator__permalink="{date}/{file}")
    assert link(own, naming("Big News")) == "blog/2026/03/05/a/"


def test_the_settings_can_say_what_the_plugin_does_not(tmp_path: Path) -> None:
    blog = blog_of(
        tmp_path,
        generator__posts=["docs/blog/**"],
        generator__hide=["unlisted"],
        generator__excerpt_mark="cut",
        generator__date=["made"],
        generator__updated=["changed"],
    )
    assert (blog.is_post("blog/a.md"), blog.is_post("index.md")) == (True, False)
    fields: dict[str, Value] = {
        "title": Scalar("A"),
        "made": Scalar("2026-03-05", "timestamp"),
        "changed": Scalar("2026-03-09", "timestamp"),
        "unlisted": Scalar("true", "bool"),
    }
    post = read(blog, fields)
    assert (post.published.day, post.updated.day, blog.status(post.source)) == (5, 9, "unlisted")
    assert post.excerpting.marks == ("cut",)


def test_a_category_function_of_ones_own_leaves_feeds_where_they_would_be_without_it(tmp_path: Path) -> None:
    plugin = "{categories_slugify: !!python/name:mine.slugify '', post_url_format: '{categories}/{slug}'}"
    site = site_of(tmp_path, f"plugins:\n  - blog: {plugin}\n")
    assert (site.category_slug("Big News"), site.category_page("Big News")) == ("big-news", "")
    with pytest.raises(FeedsError, match=r"a function of your own \(categories_slugify") as caught:
        link(site.blogs[0], naming(categories=("News",)))
    assert "without {categories}" in caught.value.help


# Options of the blog


@pytest.mark.parametrize(
    ("options", "home", "posts"),
    [
        ("blog_dir: news", "news/", "news/posts"),
        ("blog_dir: ./news/", "news/", "news/posts"),
        ("blog_dir: .", "", "posts"),
        ("blog_dir: my blog", "my%20blog/", "my blog/posts"),
        ("post_dir: '{blog}/articles'", "blog/", "blog/articles"),
        ("post_dir: articles", "blog/", "articles"),
        ("blog_dir: .\npost_dir: '{blog}/a/'", "", "a"),
    ],
)
def test_where_the_posts_lie(options: str, home: str, posts: str, tmp_path: Path) -> None:
    blog = blog_of(tmp_path, options)
    assert (blog.home, blog.folders) == (home, (posts,))


@pytest.mark.parametrize(("option", "holds"), [("true", True), ("false", False), ("", False)])
def test_future_posts_are_held_back_where_the_plugin_does(option: str, holds: bool, tmp_path: Path) -> None:
    assert blog_of(tmp_path, f"draft_if_future_date: {option}").holds_future is holds


@pytest.mark.parametrize(
    ("separator", "mark"),
    [
        ("<!-- more -->", "more"),
        ("<!--more-->", "more"),
        ("<!-- read on -->", "read on"),
        (" <!--\tEND\t--> ", "END"),
        ("---", "more"),
        ("", "more"),
    ],
)
def test_the_excerpt_mark_is_what_the_comment_says(separator: str, mark: str, tmp_path: Path) -> None:
    site = site_of(tmp_path, f'plugins:\n  - blog: {{post_excerpt_separator: "{separator}"}}\n')
    assert mark_of(site.blogs[0]) == mark


# Authors


AUTHORS = """\
  ada:
    name: Ada  Lovelace
    description: Programmer
    avatar: /img/ada.png
    url: https://ada.example/
    email: ada@example.org
  zoë:
    name: Zoë
    avatar: https://img.example/zoe.png
    url: about/zoe/
  bob:
    name: 007
    slug: bond
"""
PEOPLE = {
    "ada": Author(
        "Ada Lovelace", "ada", "https://ada.example/", "ada@example.org", "https://example.org/img/ada.png"
    ),
    "zoë": Author("Zoë", "zoë", "https://example.org/sub/about/zoe/", avatar="https://img.example/zoe.png"),
    "bob": Author("007", "bob"),
}


@pytest.mark.parametrize(
    "text",
    [f"authors:\n{AUTHORS}", AUTHORS.replace("\n  ", "\n").removeprefix("  "), f"\ufeffauthors:\n{AUTHORS}"],
    ids=["new", "flat", "byte order mark"],
)
def test_authors_are_read_in_both_forms(text: str, tmp_path: Path) -> None:
    assert authors(blog_of(tmp_path, files={"docs/blog/.authors.yml": text}), *PEOPLE) == PEOPLE


@pytest.mark.parametrize(
    ("options", "pages", "urls"),
    [
        ("authors_profiles: true", "", ["blog/author/zo%C3%AB/", "blog/author/bond/"]),
        ("authors_profiles: false", "", ["", ""]),
        ("authors_profiles: true\nblog_dir: .", "", ["author/zo%C3%AB/", "author/bond/"]),
        ("authors_profiles: true", "use_directory_urls: false\n", ["blog/author/zo%C3%AB.html", "blog/author/bond.html"]),
        (
            "authors_profiles: true\nauthors_profiles_url_format: '/team/{name}/'",
            "",
            ["blog/team/Zo%C3%AB%20X/", "blog/team/James/"],
        ),
        ("authors_profiles: true\nauthors_profiles_url_format: '{unknown}/{slug}'", "", ["blog/%7Bunknown%7D/zo%C3%AB/", "blog/%7Bunknown%7D/bond/"]),
    ],
)  # fmt: skip
def test_profiles_are_the_pages_of_authors_without_a_url(
    options: str, pages: str, urls: list[str], tmp_path: Path
) -> None:
    folder = "docs" if "blog_dir: ." in options else "docs/blog"
    text = "authors:\n  zoë: {name: Zoë X}\n  bob: {name: James, slug: bond}\n  ada: {name: Ada, url: https://ada.example/}\n"
    people = authors(blog_of(tmp_path, options, pages, {f"{folder}/.authors.yml": text}), "zoë", "bob", "ada")
    found = [people[key].url for key in ("zoë", "bob")]
    assert found == [f"https://example.org/sub/{url}" if url else "" for url in urls]
    assert people["ada"].url == "https://ada.example/"


@pytest.mark.parametrize(
    ("options", "file"),
    [
        ("authors_file: '{blog}/people.yml'", "docs/blog/people.yml"),
        ("authors_file: people.yml", "docs/people.yml"),
        ("authors_file: '../data/people.yml'", "data/people.yml"),
        ("blog_dir: news", "docs/news/.authors.yml"),
    ],
)
def test_the_authors_file_can_lie_elsewhere(options: str, file: str, tmp_path: Path) -> None:
    blog = blog_of(tmp_path, options, files={file: "authors: {ada: {name: Ada}}"})
    assert authors(blog, "ada")["ada"].name == "Ada"


def test_authors_that_are_switched_off_are_not_read(tmp_path: Path) -> None:
    blog = blog_of(tmp_path, "authors: false", files={"docs/blog/.authors.yml": "not: [closed"})
    assert authors(blog, "ada") == {}


@pytest.mark.parametrize("text", ["", "authors:\n", "authors: {}\n", "# nobody\n"])
def test_an_authors_file_may_be_empty(text: str, tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="the author 'ada' is not in the authors' file"):
        authors(blog_of(tmp_path, files={"docs/blog/.authors.yml": text}), "ada")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("authors:\n  ada:\n    url: /\n", "docs/blog/.authors.yml:3:10: the author 'ada' has no name"),
        ("authors:\n  ada: {name: ''}\n", "docs/blog/.authors.yml:2:15: the author 'ada' has no name"),
        ("authors:\n  ada: Ada\n", "docs/blog/.authors.yml:2:8: the author 'ada' has no name"),
        ("ada:\n  name:\n", "docs/blog/.authors.yml:2:8: the author 'ada' has no name"),
        ("authors: [a\n", "docs/blog/.authors.yml:2:1: this is not YAML: did not find expected ',' or ']'"),
        ("- ada\n", "docs/blog/.authors.yml:1: keys with values are wanted here, this is a list"),
    ],
)
def test_what_is_wrong_with_the_authors_is_told(text: str, message: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, "plugins: [blog]\n", {"docs/blog/.authors.yml": text})
    assert str(error).split("\n")[0] == message


def test_an_authors_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "docs/blog/.authors.yml").mkdir(parents=True)
    error = refusal(tmp_path, "plugins: [blog]\n")
    assert str(error) == "docs/blog/.authors.yml: cannot read this file: Is a directory"
    (tmp_path / "latin.yml").write_bytes(b"ada: {name: Ren\xe9}")
    with pytest.raises(FeedsError, match=r"^latin\.yml:1:16: this is not UTF-8 text: "):
        load_authors(tmp_path / "latin.yml", "latin.yml", "https://example.org/", lambda slug, name: "")


def test_addresses_that_are_none_are_left_out(tmp_path: Path) -> None:
    text = "ada: {name: Ada, url: 'https://[x', avatar: 'http://[y'}"
    blog = blog_of(tmp_path, files={"docs/blog/.authors.yml": text})
    assert authors(blog, "ada") == {"ada": Author("Ada", "ada")}


# Front matter for whole folders


META = {
    "docs/.meta.yml": "a: 1",
    "docs/blog/.meta.yml": "b: 2",
    "docs/blog/posts/.meta.yml": "\ufeffc: 3",
    "docs/-first/.meta.yml": "d: 4",
}


@pytest.mark.parametrize(
    ("plugins", "applies"),
    [
        ("[blog, meta]", True),
        ("[material/meta, blog]", True),
        ("[blog]", False),
        ("{blog: {}, meta: {enabled: false}}", False),
    ],
)
def test_defaults_count_where_the_meta_plugin_is_on(plugins: str, applies: bool, tmp_path: Path) -> None:
    blog = site_of(tmp_path, f"plugins: {plugins}\n", META).blogs[0]
    completed = blog.complete(Source("blog/posts/a.md", Fields("docs/blog/posts/a.md", {}), "", 1))
    assert list(completed.fields.values) == (["a", "b", "c"] if applies else [])


def test_defaults_know_their_file(tmp_path: Path) -> None:
    site_of(tmp_path, files=META)
    assert [(str(f.at(next(iter(f.values)))), dict(f.values)) for _, f in load_defaults(tmp_path / "docs", "docs")] == [
        ("docs/.meta.yml:1:1", {"a": "1"}),
        ("docs/-first/.meta.yml:1:1", {"d": "4"}),
        ("docs/blog/.meta.yml:1:1", {"b": "2"}),
        ("docs/blog/posts/.meta.yml:1:1", {"c": "3"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: b: c", "docs/blog/.meta.yml:1:5: this is not YAML: "),
        (b"- a", "docs/blog/.meta.yml:1: keys with values are wanted here"),
        (b"a: \xe9", "docs/blog/.meta.yml:1:4: this is not UTF-8 text: "),
    ],
)
def test_defaults_that_cannot_be_read_are_refused(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "docs/blog/.meta.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert str(refusal(tmp_path, "plugins: [blog, meta]\n")).startswith(message)


# What is not published


FILES = [
    "a.md", "index.md", ".hidden.md", ".hidden/a.md", "templates/a.md", "blog/templates/a.md", "drafts/a.md", "drafts/keep.md",
    "blog/drafts/a.md", "blog/b.md", "blog/b.draft.md", ".well-known/x.md", "_under.md", "é ü.md", "#hash.md",
]  # fmt: skip


@pytest.mark.parametrize(
    "config",
    [
        "",
        "exclude_docs: drafts/\n",
        "exclude_docs: /drafts/\n",
        "exclude_docs: |\n  drafts\n  !drafts/keep.md\n",
        "exclude_docs: |\n  drafts/\n  !drafts/keep.md\n",
        "exclude_docs: |\n  # a comment\n  *.draft.md\n\n  /blog/b.md\n",
        "exclude_docs: '!.well-known'\n",
        "exclude_docs: '!.well-known/'\n",
        "exclude_docs: '*'\n",
        "exclude_docs: |\n  *\n  !*.draft.md\n",
        "exclude_docs: '!/templates/'\n",
        "draft_docs: drafts/\n",
        "exclude_docs: _*\ndraft_docs: |\n  drafts/\n  !drafts/keep.md\n",
        "exclude_docs: |\n  \\#hash.md\n",
        "not_in_nav: drafts/\n",
    ],
)
def test_the_same_files_are_published_as_by_mkdocs(config: str, tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed")
    from mkdocs.config import load_config
    from mkdocs.structure.files import InclusionLevel, get_files

    from feeds.posts.load import load_tree

    site = site_of(tmp_path, f"plugins: [blog]\n{config}", {f"docs/{name}": "" for name in FILES})
    (tmp_path / "real.yml").write_text(f"{CONFIG}plugins: []\n{config}", "utf-8")
    real = get_files(load_config(str(tmp_path / "real.yml")))
    left_out = (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)
    published = {file.src_uri for file in real if file.inclusion not in left_out}
    assert {path for path in FILES if not site.excluded(path)} == published
    assert set(load_tree(site).pages) == published


def test_a_user_name_in_the_sites_url_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, "site_url: https://ada:secret@example.org/\nplugins: [blog]\n")
    assert "user name or password" in error.message
    assert "secret" not in error.message


def test_a_separator_that_is_no_comment_is_pointed_out(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "mkdocs.yml": "site_name: A\nsite_url: https://example.org/\n"
            "plugins: [{blog: {post_excerpt_separator: '~~~'}}]\n",
            "docs/index.md": "",
        },
    )
    findings: list[Finding] = []
    assert mark_of(load_site(load_settings(tmp_path), findings.append).blogs[0]) == "more"
    assert [finding.rule for finding in findings] == ["excerpt-mark"]
