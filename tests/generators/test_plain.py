from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from reading_samples import URL, authors, link, read

from feeds.config import Override, load_settings
from feeds.errors import FeedsError
from feeds.generators import load_site
from feeds.model import Author, Naming, Scalar, Site
from feeds.posts.load import load_tree

DAY = Scalar("2026-11-22", "timestamp")


def site_of(root: Path, *files: str, texts: Mapping[str, str] | None = None, **overrides: Override) -> Site:
    """The site of a folder with these files, published at https://example.org/blog/."""
    for name, text in {**dict.fromkeys(files, ""), **(texts or {})}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    given = {"site.url": "https://example.org/blog/"} | {
        name.replace("__", "."): value for name, value in overrides.items()
    }
    return load_site(load_settings(root, overrides=given), lambda finding: None)


def blogs(site: Site) -> dict[str, list[str]]:
    """The posts of each blog by the folder they lie in."""
    pages = load_tree(site).pages
    return {blog.folders[0]: [path for path in pages if blog.is_post(path)] for blog in site.blogs}


def test_a_folder_without_any_configuration_is_a_site(tmp_path: Path) -> None:
    site = site_of(tmp_path, "content/posts/a.md")
    assert (site.generator, site.title, site.url) == ("plain", "Blog", "https://example.org/blog/")
    assert (site.description, site.author, site.copyright) == ("", "", "")
    assert (site.language, site.timezone) == ("en", "UTC")
    assert (site.docs, site.docs_name, site.output) == (tmp_path / "content", "content/", tmp_path / "public")
    assert (site.markdown, site.page_url("a.md")) == ((), "https://example.org/blog/a/")
    blog = site.blogs[0]
    assert (blog.folders, blog.holds_future) == (("posts",), True)
    assert site.category_slug("News & More") == "news--more"
    assert site.category_page("News") == ""


def test_the_settings_say_the_rest(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        "content/a.md",
        site__title="Notes",
        site__description="About mountains",
        site__language="de",
        site__timezone="Europe/Berlin",
        site__author="Ada",
        site__output="out/feeds",
    )
    assert (site.title, site.description, site.author) == ("Notes", "About mountains", "Ada")
    assert (site.language, site.timezone, site.output) == ("de", "Europe/Berlin", tmp_path / "out/feeds")


@pytest.mark.parametrize(
    ("files", "folder", "docs"),
    [
        (["content/a.md"], None, "content"),
        (["docs/a.md"], None, "docs"),
        (["content/a.md", "docs/a.md"], None, "content"),
        (["content/a.md", "notes/a.md"], "notes", "notes"),
        (["content/a.md", "deep/er/a.md"], "deep/er", "deep/er"),
        (["a.md"], ".", ""),
    ],
)
def test_the_folder_is_the_one_that_is_named_else_content_else_docs(
    files: list[str], folder: str | None, docs: str, tmp_path: Path
) -> None:
    site = site_of(tmp_path, *files, posts__folder=folder)
    assert (site.docs, site.docs_name) == (tmp_path / docs, f"{docs}/" if docs else "")


@pytest.mark.parametrize(
    ("folder", "names"), [(None, "'content' or 'docs'"), ("notes", "'notes'"), ("file.md", "'file.md'")]
)
def test_a_folder_that_is_missing_is_named(folder: str | None, names: str, tmp_path: Path) -> None:
    with pytest.raises(FeedsError) as caught:
        site_of(tmp_path, "file.md", posts__folder=folder)
    assert caught.value.message == f"no posts were found: there is no folder {names} here"
    assert caught.value.rule == "docs-folder"
    assert "-C" in caught.value.help


def test_a_site_without_url_is_told_how_to_give_it(tmp_path: Path) -> None:
    with pytest.raises(FeedsError) as caught:
        site_of(tmp_path, "content/a.md", site__url=None)
    assert caught.value.message == "the site's URL is not known, and feeds need absolute links"
    assert 'write url = "https://example.org/" under [site] in feeds.toml' in caught.value.help


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["posts/a.md", "posts/2026/b.md", "about.md"], {"posts": ["posts/2026/b.md", "posts/a.md"]}),
        (["blog/posts/a.md", "index.md"], {"blog/posts": ["blog/posts/a.md"]}),
        (["en/posts/a.md", "de/posts/b.md"], {"de/posts": ["de/posts/b.md"], "en/posts": ["en/posts/a.md"]}),
        (["posts/x/posts/a.md", "posts/b.md"], {"posts": ["posts/b.md", "posts/x/posts/a.md"]}),
        (["posts/a.md", "posts.md", "posts-old/b.md", "postscript.md"], {"posts": ["posts/a.md"]}),
        (["a.md", "notes/b.md"], {"": ["a.md", "notes/b.md"]}),
        ([".posts/a.md", "b.md"], {"": ["b.md"]}),
        (["_drafts/posts/a.md", "b.md"], {"": ["b.md"]}),
        ([".trash/posts/a.md", "b/posts/c.md"], {"b/posts": ["b/posts/c.md"]}),
        (["posts/_draft.md", "posts/.hidden.md", "posts/a.md"], {"posts": ["posts/a.md"]}),
        (["a/posts", "b.md"], {"": ["b.md"]}),
        (["posts/a.markdown", "posts/b.MD", "posts/c.txt"], {"posts": ["posts/a.markdown"]}),
    ],
)
def test_every_folder_called_posts_is_a_blog_else_the_whole_folder_is_one(
    files: list[str], found: dict[str, list[str]], tmp_path: Path
) -> None:
    assert blogs(site_of(tmp_path, *(f"content/{name}" for name in files))) == found


@pytest.mark.parametrize(
    ("posts", "home", "permalink"),
    [
        ("posts/a.md", "", "2026/03/05/hello-world/"),
        ("blog/posts/a.md", "blog/", "blog/2026/03/05/hello-world/"),
        ("my notes/posts/a.md", "my%20notes/", "my%20notes/2026/03/05/hello-world/"),
        ("a.md", "", "2026/03/05/hello-world/"),
    ],
)
def test_addresses_are_those_of_material(posts: str, home: str, permalink: str, tmp_path: Path) -> None:
    (blog,) = site_of(tmp_path, f"content/{posts}").blogs
    named = Naming("a.md", "a", "", "Hello World", dt.datetime(2026, 3, 5, tzinfo=dt.UTC), ("News",))
    assert (blog.home, link(blog, named, f"{URL}blog/")) == (home, permalink)


def test_the_pattern_of_an_address_can_be_set(tmp_path: Path) -> None:
    (blog,) = site_of(tmp_path, "content/a.md", generator__permalink="{categories}/{file}").blogs
    named = Naming("a.md", "a", "", "Hello World", dt.datetime(2026, 3, 5, tzinfo=dt.UTC), ("Big News", "B"))
    assert link(blog, named, f"{URL}blog/") == "big-news/a/"


def test_authors_and_defaults_are_read_as_material_has_them(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        "content/en/posts/a.md",
        "content/de/posts/a.md",
        texts={
            "content/en/.authors.yml": "authors: {ada: {name: Ada, url: /ada/}}",
            "content/de/.authors.yml": "ada: {name: Frau Ada}",
            "content/de/.meta.yml": "lang: de",
        },
    )
    german, english = site.blogs
    assert authors(english, "ada") == {"ada": Author("Ada", "ada", "https://example.org/ada/")}
    assert authors(german, "ada") == {"ada": Author("Frau Ada", "ada")}
    assert [read(blog, {"date": DAY}, f"{blog.folders[0]}/a.md").language for blog in site.blogs] == [
        "de",
        "en",
    ]


def test_messages_name_files_from_the_projects_folder(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match=r"^content/blog/\.authors\.yml:1:9: the author 'ada' has no name"):
        site_of(tmp_path, "content/blog/posts/a.md", texts={"content/blog/.authors.yml": "ada:    1"})


def test_a_folder_outside_of_the_project_is_named_as_seen_from_it(tmp_path: Path) -> None:
    site = site_of(tmp_path / "project", "../notes/a.md", "feeds.toml", posts__folder="../notes")
    assert site.docs_name == "../notes/"


@pytest.mark.parametrize(
    ("description", "plain"),
    [
        ('By the <a href="https://example.org/">Walkers &amp; Co.</a>', "By the Walkers & Co."),
        ("On <table> and &amp;", "On <table> and &amp;"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_a_description_with_markup_loses_it(description: str, plain: str, tmp_path: Path) -> None:
    assert site_of(tmp_path, "docs/a.md", site__description=description).description == plain
