"""MkDocs without a blog: a page with a date is a post."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from projects import write_files

from feeds.config import Override, load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.model import History, Post, Site
from feeds.posts.collect import Collection, Policy, load_posts

CONFIG = "site_name: Docs\nsite_url: https://docs.example/\n"
URL = "https://docs.example/"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
DATED = "---\ndate: 2026-11-01\n---\nText.\n"


def site_of(
    root: Path,
    config: str = "",
    files: Mapping[str, str] | None = None,
    name: str = "mkdocs",
    **overrides: Override,
) -> Site:
    """The site of a `mkdocs.yml` (a name and a URL are added) and these files of its docs folder."""
    (root / "docs").mkdir(exist_ok=True)
    write_files(root, {"mkdocs.yml": CONFIG + config})
    write_files(root, {f"docs/{path}": text for path, text in (files or {}).items()})
    given = {key.replace("__", "."): value for key, value in overrides.items()}
    return load_site(
        load_settings(root, overrides={"generator.name": name or None, **given}, environ={}),
        lambda finding: None,
    )


def collect(site: Site, heading: str | None = None) -> Collection:
    findings: list[Finding] = []
    found = load_posts(site, Policy(NOW), lambda source: heading, findings.append)
    assert not findings
    return found


def paths_of(site: Site) -> list[str]:
    return sorted(post.source.path for post in collect(site).published)


def post_of(root: Path, text: str, config: str = "", path: str = "a.md", heading: str | None = None) -> Post:
    (post,) = collect(site_of(root, config, {path: text}), heading).published
    return post


def test_pages_with_a_date_are_posts(tmp_path: Path) -> None:
    files = {
        "index.md": "# Home\n",
        "a.md": DATED,
        "news/b.md": DATED,
        "c.md": "---\ntitle: C\n---\n",
        "d.png": "",
    }
    site = site_of(tmp_path, files=files)
    assert (site.generator, site.title, site.url) == ("mkdocs", "Docs", URL)
    assert paths_of(site) == ["a.md", "news/b.md"]
    assert site.page_url("c.md") == f"{URL}c/"
    assert site.media_url("d.png", "a.md", f"{URL}a/") == f"{URL}d.png"


@pytest.mark.parametrize(
    ("path", "pretty", "plain"),
    [
        ("a.md", "a/", "a.html"),
        ("news/a b.md", "news/a%20b/", "news/a%20b.html"),
        ("news/index.md", "news/", "news/index.html"),
        ("news/README.md", "news/", "news/index.html"),
        ("index.md", "", "index.html"),
    ],
)
def test_a_page_stands_where_mkdocs_publishes_it(path: str, pretty: str, plain: str, tmp_path: Path) -> None:
    assert post_of(tmp_path, DATED, path=path).url == URL + pretty
    assert post_of(tmp_path, DATED, "use_directory_urls: false\n", path).url == URL + plain


@pytest.mark.parametrize(
    ("text", "config", "heading", "title"),
    [
        ("---\ndate: 2026-11-01\ntitle: Own\n---\n", "", "Heading", "Own"),
        (DATED, "", "Heading", "Heading"),
        (DATED, "", None, "My page"),
        (DATED, "nav:\n  - In the menu: my-page.md\n", "Heading", "In the menu"),
        (DATED, "nav:\n  - Part:\n      - First: my-page.md\n      - Second: my-page.md\n", None, "First"),
        (DATED, "nav:\n  - my-page.md\n", None, "My page"),
    ],
)
def test_a_title_is_the_one_that_mkdocs_shows(
    text: str, config: str, heading: str | None, title: str, tmp_path: Path
) -> None:
    assert post_of(tmp_path, text, config, "my-page.md", heading).title == title


def test_the_home_page_is_called_home(tmp_path: Path) -> None:
    assert post_of(tmp_path, DATED, path="index.md").title == "Home"


@pytest.mark.parametrize(
    ("config", "kept"),
    [
        ("exclude_docs: news/\n", ["a.md"]),
        ("draft_docs: a.md\n", ["news/b.md"]),
        ("not_in_nav: a.md\n", ["a.md", "news/b.md"]),
        ("plugins:\n  - rss: {match_path: 'news/.*'}\n", ["news/b.md"]),
        ("plugins:\n  - rss: {match_path: '(?!news)'}\n", ["a.md"]),
    ],
)
def test_what_mkdocs_and_its_feed_leave_out_is_left_out(config: str, kept: list[str], tmp_path: Path) -> None:
    assert paths_of(site_of(tmp_path, config, {"a.md": DATED, "news/b.md": DATED})) == kept


@pytest.mark.parametrize("folder", ["docs/news", "news"])
def test_a_folder_of_the_docs_narrows_what_posts_are(folder: str, tmp_path: Path) -> None:
    files = {"a.md": DATED, "news/b.md": DATED}
    site = site_of(tmp_path, files=files, posts__folder=folder)
    assert paths_of(site) == ["news/b.md"]
    assert [post.url for post in collect(site).published] == [f"{URL}news/b/"]


def test_patterns_of_posts_narrow_them_too(tmp_path: Path) -> None:
    files = {"a.md": DATED, "news/b.md": DATED}
    assert paths_of(site_of(tmp_path, files=files, generator__posts=["docs/a.md"])) == ["a.md"]


def test_a_draft_is_kept_back(tmp_path: Path) -> None:
    site = site_of(tmp_path, files={"a.md": "---\ndate: 2026-11-01\ndraft: true\n---\n"})
    assert [hidden.reason for hidden in collect(site).hidden] == ["draft"]


@pytest.mark.parametrize(
    ("matter", "dates", "published"),
    [
        ("date: 2026-11-01", "", "2026-11-01T00:00:00+00:00"),
        ("date: 2026-11-01 10:30", "", "2026-11-01T10:30:00+00:00"),
        ("date: {created: 2026-11-01, updated: 2026-11-05}", "", "2026-11-01T00:00:00+00:00"),
        ("date: 2026-11-01", "default_timezone: Europe/Paris", "2026-11-01T00:00:00+01:00"),
        ("date: 2026-11-01", "default_time: '09:30'", "2026-11-01T09:30:00+00:00"),
        ("made: 2026-11-01", "as_creation: made", "2026-11-01T00:00:00+00:00"),
        ("date: {published: 2026-11-01}", "as_creation: date.published", "2026-11-01T00:00:00+00:00"),
        ("date: 01/11/2026", "datetime_format: '%d/%m/%Y'", "2026-11-01T00:00:00+00:00"),
    ],
)
def test_dates_are_read_as_the_rss_plugin_is_told(
    matter: str, dates: str, published: str, tmp_path: Path
) -> None:
    config = f"plugins:\n  - rss:\n      date_from_meta: {{{dates}}}\n"
    assert post_of(tmp_path, f"---\n{matter}\n---\n", config).published.isoformat() == published


def test_git_can_tell_the_dates_of_pages_without_one(tmp_path: Path) -> None:
    site = site_of(tmp_path, files={"a.md": "# A\n", "b.md": "# B\n"}, posts__dates="git")
    created, updated = NOW - dt.timedelta(days=9), NOW - dt.timedelta(days=2)
    histories = {"a.md": History(created, updated), "b.md": History(created, created)}
    found = load_posts(
        site, Policy(NOW), lambda source: None, lambda finding: None, lambda source: histories[source.path]
    )
    assert [(post.published, post.updated) for post in found.published] == [
        (created, updated),
        (created, created),
    ]


def test_the_rss_plugin_names_the_feed_and_its_categories(tmp_path: Path) -> None:
    config = (
        "plugins:\n  - rss: {feed_title: Fresh, feed_description: What is new, categories: [topic, tags],"
        " abstract_delimiter: '<!-- cut -->'}\n"
    )
    text = "---\ndate: 2026-11-01\ntopic: [Sea]\ntags: [tide]\nauthor: Ada\n---\n"
    site = site_of(tmp_path, config, {"a.md": text})
    (post,) = collect(site).published
    assert (site.title, site.description) == ("Fresh", "What is new")
    assert (post.categories, post.tags, post.authors[0].name) == (("Sea",), ("tide",), "Ada")
    assert post.excerpting.marks == ("cut",)


def test_a_pattern_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match=r"^mkdocs.yml:3:1: match_path is no regular expression"):
        site_of(tmp_path, "plugins:\n  - rss: {match_path: '('}\n")


def test_without_a_name_the_rss_plugin_tells_that_pages_are_posts(tmp_path: Path) -> None:
    assert site_of(tmp_path, "plugins: [rss]\n", name="").generator == "mkdocs"
    assert site_of(tmp_path, "plugins: [rss, blog]\n", name="").generator == "material"
    with pytest.raises(FeedsError, match="the blog plugin is not configured") as caught:
        site_of(tmp_path, "plugins: [search]\n", name="")
    assert 'name = "mkdocs" under [generator]' in caught.value.help


I18N = (
    "plugins:\n  - i18n:\n      docs_structure: {}\n      languages:\n"
    "        - {{locale: en, name: English, default: true}}\n"
    "        - {{locale: pt_BR, name: Português, site_name: Documentos, nav_translations: {{News: Novidades}}}}\n"
    "        - {{locale: de, name: Deutsch, build: false}}\n"
    "nav:\n  - News: news.md\n"
)


@pytest.mark.parametrize(
    ("structure", "files", "addresses"),
    [
        (
            "suffix",
            [
                "news.md",
                "news.pt_BR.md",
                "sub/index.pt_BR.md",
                "c.en.md",
                "c.md",
                "d.en.md",
                "d.de.md",
                "e.py.md",
                "f.v1.md",
            ],
            {
                "news.md": ("news/", "en", "News"),
                "news.pt_BR.md": ("pt_BR/news/", "pt-BR", "Novidades"),
                "sub/index.pt_BR.md": ("pt_BR/sub/", "pt-BR", "Index"),
                "c.md": ("c/", "en", "C"),
                "d.en.md": ("d/", "en", "D"),
                "f.v1.md": ("f.v1/", "en", "F.v1"),
            },
        ),
        (
            "folder",
            ["en/news.md", "pt_BR/news.md", "pt_BR/sub/index.md", "en/c.md", "c.md", "de/d.md", "fr/e.md"],
            {
                "en/news.md": ("news/", "en", "News"),
                "pt_BR/news.md": ("pt_BR/news/", "pt-BR", "Novidades"),
                "pt_BR/sub/index.md": ("pt_BR/sub/", "pt-BR", "Index"),
                "en/c.md": ("c/", "en", "C"),
            },
        ),
    ],
)
def test_each_language_of_the_i18n_plugin_has_a_blog_of_its_own(
    structure: str, files: list[str], addresses: dict[str, tuple[str, str, str]], tmp_path: Path
) -> None:
    site = site_of(tmp_path, I18N.format(structure), dict.fromkeys(files, DATED))
    assert [(blog.language, blog.title, blog.feeds) for blog in site.blogs] == [
        ("en", "", ""),
        ("pt-BR", "Documentos", "pt_BR"),
    ]
    found = collect(site).published
    shown = {post.source.path: (post.url.removeprefix(URL), post.language, post.title) for post in found}
    assert shown == addresses
