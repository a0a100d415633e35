"""Zensical: `zensical.toml` says what a `mkdocs.yml` would, and its blog has Material's conventions."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest
from projects import write_files

from feeds.config import Override, load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.model import Post, Site
from feeds.posts.collect import Policy, load_posts

PROJECT = '[project]\nsite_name = "Notes"\nsite_url = "https://notes.example/"\n'
BLOG = "[project.plugins.blog]\n"
URL = "https://notes.example/"
POST = "---\ndate: 2026-11-01\ntitle: High tide\n---\nText.\n"


def site_of(
    root: Path, config: str = BLOG, files: Mapping[str, str] | None = None, **overrides: Override
) -> Site:
    """The site of a `zensical.toml` (a name and a URL are added) and these files of its docs folder."""
    (root / "docs").mkdir(exist_ok=True)
    write_files(root, {"zensical.toml": PROJECT + config})
    write_files(root, {f"docs/{path}": text for path, text in (files or {}).items()})
    given = {key.replace("__", "."): value for key, value in overrides.items()}
    return load_site(load_settings(root, overrides=given, environ={}), lambda finding: None)


def posts_of(site: Site) -> tuple[Post, ...]:
    findings: list[Finding] = []
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    found = load_posts(site, Policy(now), lambda source: None, findings.append)
    assert not findings
    return found.published


def test_a_site_is_what_zensical_toml_says(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        'site_description = "About tides"\nsite_author = "Ada"\nsite_dir = "out"\n'
        f'[project.theme]\nlanguage = "fr"\n{BLOG}',
    )
    assert (site.generator, site.title, site.url) == ("zensical", "Notes", URL)
    assert (site.description, site.author, site.language) == ("About tides", "Ada", "fr")
    assert (site.docs, site.output) == (tmp_path / "docs", tmp_path / "out")


def test_it_may_do_without_the_table_project(tmp_path: Path) -> None:
    write_files(tmp_path, {"docs/a.md": "", "zensical.toml": f'site_url = "{URL}"\nplugins = ["blog"]\n'})
    assert load_site(load_settings(tmp_path, environ={}), lambda finding: None).url == URL


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ("", "blog/2026/11/01/high-tide/"),
        ('post_url_format = "{slug}"\n', "blog/high-tide/"),
        ('blog_dir = "."\n', "2026/11/01/high-tide/"),
        ('post_url_date_format = "yyyy/MMMM"\n', "blog/2026/November/high-tide/"),
        ('post_slugify = "pymdownx.slugs.slugify"\n', "blog/2026/11/01/high-tide/"),
        ('post_slugify = { object = "pymdownx.slugs.slugify" }\n', "blog/2026/11/01/high-tide/"),
        ('post_slugify_separator = "_"\n', "blog/2026/11/01/high_tide/"),
    ],
)
def test_posts_stand_where_material_would_have_them(options: str, address: str, tmp_path: Path) -> None:
    folder = "posts" if "blog_dir" in options else "blog/posts"
    config = f'[project.theme]\nlanguage = "de"\n{BLOG}{options}'
    (post,) = posts_of(site_of(tmp_path, config, {f"{folder}/a.md": POST}))
    assert (post.url, post.id) == (URL + address, URL + address)


@pytest.mark.parametrize(
    ("slug", "address"),
    [("C++", "C++/"), ("a!$'()*,;=:@b", "a!$'()*,;=:@b/"), ("a~b", "a%7Eb/"), ("é b", "%C3%A9%20b/")],
)
def test_addresses_are_encoded_as_zensical_encodes_them(slug: str, address: str, tmp_path: Path) -> None:
    text = f'---\ndate: 2026-11-01\ntitle: A\nslug: "{slug}"\n---\n'
    config = f'{BLOG}post_url_format = "{{slug}}"\n'
    (post,) = posts_of(site_of(tmp_path, config, {"blog/posts/a.md": text, "a+b.md": ""}))
    assert post.url == f"{URL}blog/{address}"
    assert site_of(tmp_path, config).page_url("a+b.md") == f"{URL}a+b/"


@pytest.mark.parametrize(
    ("title", "slug"),
    [("हिन्दी में", "हिनदी-में"), ("नमः।", "नमः"), ("Ⓐ 🄵", "ⓐ-🄵"), ("❤️ x̄", "-x"), ("ภาษาไทย", "ภาษาไทย")],
)
def test_slugs_keep_vowel_signs(title: str, slug: str, tmp_path: Path) -> None:
    text = f"---\ndate: 2026-11-01\ntitle: {title}\n---\n"
    config = f'{BLOG}post_url_format = "{{slug}}"\n'
    (post,) = posts_of(site_of(tmp_path, config, {"blog/posts/a.md": text}))
    assert unquote(post.url) == f"{URL}blog/{slug}/"


def test_without_extensions_of_ones_own_zensical_has_many(tmp_path: Path) -> None:
    names = [each.name for each in site_of(tmp_path).markdown]
    assert {"toc", "tables", "admonition", "footnotes", "pymdownx.superfences", "pymdownx.tabbed"} <= set(
        names
    )
    assert len(names) == len(set(names))


def test_extensions_of_dotted_names_may_be_tables_in_tables(tmp_path: Path) -> None:
    config = (
        f"{BLOG}[project.markdown_extensions.admonition]\n"
        "[project.markdown_extensions.pymdownx.tabbed]\nalternate_style = true\n"
        "[project.markdown_extensions.pymdownx.blocks.tab]\n"
    )
    found = {each.name: dict(each.options) for each in site_of(tmp_path, config).markdown}
    assert list(found) == [
        "toc",
        "tables",
        "admonition",
        "pymdownx.tabbed",
        "pymdownx.blocks.tab",
        "pymdownx.superfences",
    ]
    assert found["pymdownx.tabbed"] == {"alternate_style": "true"}


def test_a_mkdocs_yml_is_zensicals_where_it_is_asked_for_by_name(tmp_path: Path) -> None:
    config = f"site_name: Notes\nsite_url: {URL}\nplugins: [blog]\n"
    write_files(tmp_path, {"docs/a.md": "", "mkdocs.yml": config})
    assert load_site(load_settings(tmp_path, environ={}), lambda finding: None).generator == "material"
    settings = load_settings(tmp_path, overrides={"generator.name": "zensical"}, environ={})
    site = load_site(settings, lambda finding: None)
    assert site.generator == "zensical"
    assert "pymdownx.tabbed" in [each.name for each in site.markdown]


def test_pages_with_a_date_are_posts_where_there_is_a_feed_but_no_blog(tmp_path: Path) -> None:
    site = site_of(tmp_path, "[project.plugins.rss]\n", {"a.md": POST, "b.md": "# B\n"})
    assert (site.generator, [post.url for post in posts_of(site)]) == ("zensical", [f"{URL}a/"])
    named = site_of(tmp_path, "", {"a.md": POST}, generator__name="mkdocs")
    assert [post.url for post in posts_of(named)] == [f"{URL}a/"]


def test_a_site_without_the_blog_plugin_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="the blog plugin is not configured"):
        site_of(tmp_path, "[project.plugins.search]\n")


def test_places_are_those_of_zensical_toml(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match=r"^zensical.toml:4:1: the folder 'pages' does not exist"):
        site_of(tmp_path, 'docs_dir = "pages"\n')
