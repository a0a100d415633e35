"""Zola: a configuration and a page go in; an address, a date, a title come out."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from projects import write_files

from feeds.config import Override, load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.generators.zola.generator import rewrite_link
from feeds.generators.zola.slugs import zola_slugify
from feeds.model import Post, Site
from feeds.posts.collect import Collection, Policy, load_posts

BASE = 'base_url = "https://blog.example/sub"\n'
URL = "https://blog.example/sub/"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def site_of(
    root: Path, config: str = "", files: Mapping[str, str] | None = None, **overrides: Override
) -> Site:
    """The site of a folder with this `zola.toml` (a base URL is added) and these files."""
    (root / "content").mkdir(exist_ok=True)
    write_files(root, {"zola.toml": BASE + config, **(files or {})})
    given = {name.replace("__", "."): value for name, value in overrides.items()}
    return load_site(load_settings(root, overrides=given, environ={}), lambda finding: None)


def collect(site: Site, findings: list[Finding] | None = None) -> Collection:
    report = (findings if findings is not None else []).append
    return load_posts(site, Policy(NOW), lambda source: None, report)


def page(matter: str = "", body: str = "Text.\n") -> str:
    return f"+++\n{matter}\n+++\n{body}"


def post_of(root: Path, path: str, matter: str = "", config: str = "", **overrides: Override) -> Post:
    """The only post of a site, with a title."""
    findings: list[Finding] = []
    site = site_of(root, config, {f"content/{path}": page(f'title = "A"\n{matter}')}, **overrides)
    (post,) = collect(site, findings).published
    assert not findings
    return post


def status_of(
    root: Path, path: str, matter: str, files: Mapping[str, str] | None = None, config: str = ""
) -> str:
    """Why a page is not published; "" if it is, "no post" if it is none."""
    found = collect(site_of(root, config, {f"content/{path}": page(matter), **(files or {})}))
    return next((hidden.reason for hidden in found.hidden), "" if found.published else "no post")


# The site


def test_a_site_is_what_zola_toml_says(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        'title = "Notes"\ndescription = "About tides"\nauthor = "Ada"\ndefault_language = "de"\noutput_dir = "out"\n',
    )
    assert (site.generator, site.title, site.url, site.description) == ("zola", "Notes", URL, "About tides")
    assert (site.author, site.language, site.timezone) == ("Ada", "de", "UTC")
    assert (site.docs, site.docs_name, site.output) == (tmp_path / "content", "content/", tmp_path / "out")


def test_a_site_without_a_title_has_that_of_its_first_page(tmp_path: Path) -> None:
    home = page('title = "Tides"\ndescription = "High and low"')
    site = site_of(tmp_path, files={"content/_index.md": home})
    assert (site.title, site.description, site.language) == ("Tides", "High and low", "en")
    assert site.output == tmp_path / "public"


def test_settings_win_over_zola_toml(tmp_path: Path) -> None:
    site = site_of(tmp_path, 'title = "Notes"\n', site__title="Feeds", site__url="https://other.example/")
    assert (site.title, site.url) == ("Feeds", "https://other.example/")


@pytest.mark.parametrize(
    ("config", "generator"),
    [
        ("base_url = 'https://a.example'\n", "zola"),
        ('# baseURL\n  base_url="https://a.example"\n', "zola"),
        ("baseURL = 'https://a.example'\n", "hugo"),
    ],
)
def test_a_config_toml_is_zolas_if_it_has_zolas_key(config: str, generator: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"config.toml": config, "content/_index.md": page()})
    assert load_site(load_settings(tmp_path, environ={}), lambda finding: None).generator == generator


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("", []),
        ("smart_punctuation = true\nrender_emoji = true\n", ["typographer", "emoji"]),
        ("github_alerts = true\ndefinition_list = true\n", ["alerts", "definition-lists"]),
        ("smart_punctuation = false\n", []),
    ],
)
def test_markdown_is_what_the_configuration_turns_on(options: str, names: list[str], tmp_path: Path) -> None:
    always = ["tables", "footnotes", "task-lists", "heading-ids", "attributes", "strikethrough"]
    chosen = [each.name for each in site_of(tmp_path, f"[markdown]\n{options}").markdown]
    assert sorted(chosen) == sorted([*always, *names])


# Addresses


@pytest.mark.parametrize(
    ("path", "matter", "address"),
    [
        ("hello.md", "", "hello/"),
        ("blog/Hello World.md", "", "blog/hello-world/"),
        ("My Blog/été.md", "", "My%20Blog/ete/"),
        ("blog/hello/index.md", "", "blog/hello/"),
        ("blog/2026-11-01-hello.md", "", "blog/hello/"),
        ("blog/2026-11-01_hello.md", "", "blog/hello/"),
        ("blog/2026-11-01 - hello.md", "", "blog/hello/"),
        ("blog/2026-11-01.md", "", "blog/2026-11-01/"),
        ("blog/2026-11-01-hello/index.md", "", "blog/hello/"),
        ("blog/2026-11-01T10:30:00Z-hello.md", "", "blog/hello/"),
        ("blog/v1.2.md", "", "blog/v1-2/"),
        ("blog/a.md", 'slug = "My Slug"', "blog/my-slug/"),
        ("blog/a.md", 'path = "2026/11/Own Path"', "2026/11/Own%20Path/"),
        ("blog/a.md", 'path = "/own/"\nslug = "b"', "own/"),
        ("blog/a.md", 'path = "news@7"', "news@7/"),
    ],
)
def test_a_page_stands_where_its_file_or_front_matter_says(
    path: str, matter: str, address: str, tmp_path: Path
) -> None:
    assert post_of(tmp_path, path, f"date = 2026-11-01\n{matter}").url == URL + address


@pytest.mark.parametrize(
    ("config", "address"),
    [
        ('[slugify]\npaths = "on"\n', "2026-11-01-ete-a-paris/"),
        ('[slugify]\npaths = "safe"\n', "2026-11-01-%C3%89t%C3%A9%20%C3%A0%20Paris/"),
        ('[slugify]\npaths = "off"\n', "2026-11-01-%C3%89t%C3%A9%20%C3%A0%20Paris/"),
    ],
)
def test_slugs_and_dates_in_addresses_are_as_configured(config: str, address: str, tmp_path: Path) -> None:
    post = post_of(tmp_path, "2026-11-01-Été à Paris.md", config=f"{config}paths_keep_dates = true\n")
    assert post.url == URL + address


def test_a_mode_that_zola_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match=r"^zola.toml:2:2: paths under \[slugify\] is 'maybe'"):
        site_of(tmp_path, '[slugify]\npaths = "maybe"\n')


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("  --a__b  ", "a-b"),
        ("C++ & C#", "c-c"),
        ("Æther & Straße", "aether-strasse"),
        ("Łódź, Đà Nẵng", "lodz-da-nang"),
        ("Привет, мир", "privet-mir"),
        ("Ξένος ψυχή", "ksenos-psukhe"),
        ("안녕 세상", "annyeong-sesang"),
        ("a–b — c…", "a-b-c"),
        ("100 € ½", "100-eur-1-2"),
        ("№ 5™", "no-5tm"),
        ("e\u0301te\u0301", "ete"),
    ],
)
def test_slugs_are_ascii_as_zola_transliterates(text: str, slug: str) -> None:
    assert zola_slugify()(text) == slug


@pytest.mark.parametrize("text", ["日本", "🦀", "שלום", "नमस्ते"])
def test_a_slug_that_is_not_known_is_asked_for(text: str, tmp_path: Path) -> None:
    site = site_of(tmp_path, files={f"content/{text}.md": page('title = "A"\ndate = 2026-11-01')})
    findings: list[Finding] = []
    assert not collect(site, findings).published
    (finding,) = findings
    assert finding.rule == "slug"
    assert 'path = "' in finding.help
    assert "[generator]" in finding.help
    write_files(tmp_path, {f"content/{text}.md": page('title = "A"\ndate = 2026-11-01\npath = "a"')})
    assert [post.url for post in collect(site).published] == [f"{URL}a/"]


@pytest.mark.parametrize(("text", "kept"), [('a<b>:"/\\|?*c', "abc"), ("A b. ", "A b"), ("日本", "日本")])
def test_safe_slugs_only_lose_what_no_file_name_may_hold(text: str, kept: str) -> None:
    assert zola_slugify("safe")(text) == kept


def test_an_address_of_ones_own_wins(tmp_path: Path) -> None:
    post = post_of(
        tmp_path, "blog/2026-11-01-Hello.md", "date = 2026-11-01", generator__permalink="/{year}/{slug}.html"
    )
    assert post.url == f"{URL}2026/hello.html"


def test_another_way_to_make_slugs_wins(tmp_path: Path) -> None:
    post = post_of(tmp_path, "blog/Été à Paris.md", "date = 2026-11-01", generator__slug="material")
    assert post.url == f"{URL}blog/%C3%A9t%C3%A9-%C3%A0-paris/"


# Dates


@pytest.mark.parametrize(
    ("path", "matter", "published"),
    [
        ("a.md", "date = 2026-11-01", "2026-11-01T00:00:00+00:00"),
        ("a.md", 'date = "2026-11-01"', "2026-11-01T00:00:00+00:00"),
        ("a.md", "date = 2026-11-01T10:30:00", "2026-11-01T10:30:00+00:00"),
        ("a.md", "date = 2026-11-01T10:30:00+02:00", "2026-11-01T10:30:00+02:00"),
        ("2026-10-05-a.md", "", "2026-10-05T00:00:00+00:00"),
        ("2026-10-05-a.md", "date = 2026-11-01", "2026-11-01T00:00:00+00:00"),
        ("2026-10-05-a/index.md", "", "2026-10-05T00:00:00+00:00"),
        ("a.md", 'path = "2026/10/5/a"', "2026-10-05T00:00:00+00:00"),
        ("a.md", 'path = "news/2026/10/05/a"', "2026-10-05T00:00:00+00:00"),
        ("a.md", 'path = "news/2026-10-05-a"', "2026-10-05T00:00:00+00:00"),
    ],
)
def test_a_date_stands_in_the_front_matter_the_name_or_the_path(
    path: str, matter: str, published: str, tmp_path: Path
) -> None:
    assert post_of(tmp_path, path, matter).published.isoformat() == published


def test_the_last_change_is_told_by_updated(tmp_path: Path) -> None:
    post = post_of(tmp_path, "a.md", "date = 2026-11-01\nupdated = 2026-11-05T08:00:00Z")
    assert post.updated == dt.datetime(2026, 11, 5, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize("matter", ["", 'path = "v2026/a"', 'path = "2026/13/45/a"'])
def test_a_page_without_a_date_is_no_post(matter: str, tmp_path: Path) -> None:
    assert status_of(tmp_path, "about.md", matter) == "no post"


def test_yaml_front_matter_is_read_too(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2026-11-01\ntaxonomies:\n  tags: [one, two]\n---\nText.\n"
    (post,) = collect(site_of(tmp_path, files={"content/a.md": text})).published
    assert (post.title, post.tags) == ("A", ("one", "two"))


# Status


@pytest.mark.parametrize(
    ("matter", "status"),
    [
        ("draft = true", "draft"),
        ("draft = false", ""),
        ("render = false", "not rendered"),
        ("include_in_feeds = false", "hidden"),
        ("hidden = true", "hidden"),
        ("in_search_index = false", ""),
        ("weight = 3", ""),
    ],
)
def test_what_a_page_says_keeps_it_out(matter: str, status: str, tmp_path: Path) -> None:
    assert status_of(tmp_path, "a.md", f'title = "A"\ndate = 2026-11-01\n{matter}') == status


def test_a_draft_that_is_neither_true_nor_false_is_refused(tmp_path: Path) -> None:
    findings: list[Finding] = []
    files = {"content/a.md": page('title = "A"\ndate = 2026-11-01\ndraft = "true"')}
    assert not collect(site_of(tmp_path, files=files), findings).published
    assert [str(finding.at) for finding in findings] == ["content/a.md:4:1"]


def test_the_pages_of_a_draft_section_are_drafts(tmp_path: Path) -> None:
    files = {"content/blog/_index.md": page("draft = true")}
    assert status_of(tmp_path, "blog/deep/a.md", "date = 2026-11-01", files) == "draft"


@pytest.mark.parametrize("path", ["_index.md", "blog/_index.md", ".a.md", "blog/.a.md"])
def test_sections_and_hidden_files_are_no_posts(path: str, tmp_path: Path) -> None:
    assert status_of(tmp_path, path, "") == "no post"


@pytest.mark.parametrize(
    ("patterns", "kept"),
    [
        ('["*.md"]', ""),
        ('["*/drafts/*"]', "blog/a.md news/a.md"),
        ('["**/{blog,news}/a.md"]', "blog/drafts/b.md"),
        ('["*.{png,jpg}"]', "blog/a.md blog/drafts/b.md news/a.md"),
    ],
)
def test_ignored_content_is_not_read(patterns: str, kept: str, tmp_path: Path) -> None:
    paths = ("blog/a.md", "news/a.md", "blog/drafts/b.md")
    files = {f"content/{path}": page('title = "A"\ndate = 2026-11-01') for path in paths}
    found = collect(site_of(tmp_path, f"ignored_content = {patterns}\n", files)).published
    assert " ".join(sorted(post.source.path for post in found)) == kept


def test_a_folder_below_the_content_narrows_what_posts_are(tmp_path: Path) -> None:
    files = {f"content/{path}.md": page('title = "A"\ndate = 2026-11-01') for path in ("blog/a", "notes/b")}
    found = collect(site_of(tmp_path, files=files, posts__folder="content/blog")).published
    assert [post.source.path for post in found] == ["blog/a.md"]


def test_a_folder_that_is_not_in_the_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="'posts' is not in 'content/'"):
        site_of(tmp_path, posts__folder="posts")


# What a post says


def test_taxonomies_are_categories_tags_and_authors(tmp_path: Path) -> None:
    post = post_of(
        tmp_path,
        "a.md",
        'date = 2026-11-01\n[taxonomies]\ncategories = ["Sea"]\ntags = ["tide", "moon"]\nseries = ["Notes"]\n'
        'authors = ["Ada"]',
    )
    assert (post.categories, post.tags) == (("Sea",), ("tide", "moon", "Notes"))
    assert [author.name for author in post.authors] == ["Ada"]


@pytest.mark.parametrize(
    ("matter", "names"),
    [
        ('authors = ["Ada", "Zoë"]\n[extra]\nauthor = "Bob"', ["Ada", "Zoë"]),
        ('[extra]\nauthors = ["Bob"]', ["Bob"]),
        ('[extra]\nauthor = "Bob"', ["Bob"]),
        ("", []),
    ],
)
def test_authors_stand_in_the_front_matter_or_what_themes_read(
    matter: str, names: list[str], tmp_path: Path
) -> None:
    post = post_of(tmp_path, "a.md", f"date = 2026-11-01\n{matter}")
    assert [author.name for author in post.authors] == names


def test_description_and_image_are_those_of_the_page(tmp_path: Path) -> None:
    matter = 'date = 2026-11-01\ndescription = "About it"\n[extra]\nog_image = "a.png"'
    post = post_of(tmp_path, "a.md", matter)
    assert (post.description, post.image) == ("About it", "a.png")


@pytest.mark.parametrize(
    ("config", "page_path"),
    [
        ("", ""),
        ('taxonomies = [{name = "categories"}]\n', "categories/high-seas/"),
        ('taxonomies = [{name = "categories", render = false}]\n', ""),
        ('taxonomy_root = "blog"\ntaxonomies = [{name = "categories"}]\n', "blog/categories/high-seas/"),
        ('taxonomies = [{name = "categories"}]\n[slugify]\ntaxonomies = "off"\n', "categories/High%20Seas/"),
        ('[languages.en]\ntaxonomies = [{name = "categories"}]\n', "categories/high-seas/"),
    ],
)
def test_a_category_has_a_page_where_its_taxonomy_is_configured(
    config: str, page_path: str, tmp_path: Path
) -> None:
    assert site_of(tmp_path, config).category_page("High Seas") == page_path


# Languages


FRENCH = '[languages.fr]\ntitle = "Carnet"\n'


def test_each_language_has_a_blog_of_its_own(tmp_path: Path) -> None:
    files = {
        "content/blog/a.md": page('title = "A"\ndate = 2026-11-01'),
        "content/blog/a.fr.md": page('title = "Un"\ndate = 2026-11-01'),
        "content/blog/b/index.fr.md": page('title = "Deux"\ndate = 2026-11-01'),
        "content/c.fr.md": page('title = "Trois"\ndate = 2026-11-01\npath = "trois"'),
    }
    site = site_of(tmp_path, FRENCH, files)
    assert [(blog.language, blog.title, blog.feeds, blog.home) for blog in site.blogs] == [
        ("en", "", "", ""),
        ("fr", "Carnet", "fr", "fr/"),
    ]
    found = {
        post.source.path: (post.url.removeprefix(URL), post.language) for post in collect(site).published
    }
    assert found == {
        "blog/a.md": ("blog/a/", "en"),
        "blog/a.fr.md": ("fr/blog/a/", "fr"),
        "blog/b/index.fr.md": ("fr/blog/b/", "fr"),
        "c.fr.md": ("trois/", "fr"),
    }


def test_a_language_that_the_site_does_not_have_is_refused(tmp_path: Path) -> None:
    files = {"content/a.de.md": page('title = "A"\ndate = 2026-11-01')}
    findings: list[Finding] = []
    assert not collect(site_of(tmp_path, FRENCH, files), findings).published
    assert [finding.rule for finding in findings] == ["language"]


def test_without_languages_a_dot_in_the_name_means_nothing(tmp_path: Path) -> None:
    assert post_of(tmp_path, "a.fr.md", "date = 2026-11-01").url == f"{URL}a-fr/"


# Links and files


@pytest.mark.parametrize(
    ("url", "rewritten"),
    [
        ("@/blog/b.md", "/blog/b.md"),
        ("@/blog/b.md#part", "/blog/b.md#part"),
        ("@/blog/img.png", "img.png"),
        ("@/other/img.png", "../other/img.png"),
        ("https://a.example/", "https://a.example/"),
        ("b.md", "b.md"),
    ],
)
def test_internal_links_count_from_the_content(url: str, rewritten: str) -> None:
    assert rewrite_link(url, "blog/a.md") == rewritten


def test_pages_that_are_no_posts_have_addresses_too(tmp_path: Path) -> None:
    files = {
        "content/_index.md": page(),
        "content/blog/_index.fr.md": page(),
        "content/about.md": page('slug = "Who We Are"'),
        "content/secret.md": page("draft = true"),
        "content/broken.md": page("draft = maybe"),
    }
    site = site_of(tmp_path, FRENCH, files)
    assert site.page_url("_index.md") == URL
    assert site.page_url("blog/_index.fr.md") == f"{URL}fr/blog/"
    assert site.page_url("about.md") == f"{URL}who-we-are/"
    assert site.page_url("secret.md") is None
    assert site.page_url("broken.md") is None


def test_files_beside_a_page_are_published_beside_it(tmp_path: Path) -> None:
    files = {"content/blog/2026-11-01-a/index.md": page('title = "A"'), "content/blog/_index.md": page()}
    site = site_of(tmp_path, files=files)
    home = f"{URL}blog/a/"
    assert site.media_url("blog/2026-11-01-a/i/b.png", "blog/2026-11-01-a/index.md", home) == f"{home}i/b.png"
    assert site.media_url("blog/2026-11-01-a/b.png", "blog/other.md", f"{URL}blog/other/") == f"{home}b.png"
    assert site.media_url("blog/c d.png", "blog/other.md", f"{URL}blog/other/") == f"{URL}blog/c%20d.png"
