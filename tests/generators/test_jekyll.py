"""Jekyll: what its configuration, its folders and its front matter make of posts."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feeds.config import Override, load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.generators.jekyll.dates import parse_text
from feeds.generators.jekyll.generator import JEKYLL
from feeds.generators.jekyll.permalinks import slugify, titleize
from feeds.model import Excerpting, Post, Site
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses

URL = "https://example.org/"
POST = "_posts/2026-11-22-hello-world.md"
NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def site_of(
    root: Path,
    config: str = "",
    files: Mapping[str, str] | None = None,
    findings: list[Finding] | None = None,
    **overrides: Override,
) -> Site:
    """The site of a configuration, published at https://example.org/ unless that says otherwise."""
    url = "" if "url:" in config else f"url: {URL}\n"
    write(root, {"_config.yml": f"{url}{config}", **(files or {})})
    given = {name.replace("__", "."): value for name, value in overrides.items()}
    report = (findings if findings is not None else []).append
    return load_site(load_settings(root, overrides=given), report)


def collect(site: Site, findings: list[Finding] | None = None) -> Collection:
    report = (findings if findings is not None else []).append
    return load_posts(site, Policy(now=NOW), lambda source: "The heading", report)


def post_of(root: Path, matter: str = "", path: str = POST, config: str = "", body: str = "Text.") -> Post:
    """The one post of a site."""
    (post,) = collect(site_of(root, config, {path: f"---\n{matter}\n---\n{body}\n"})).published
    return post


def link_of(root: Path, matter: str = "", path: str = POST, config: str = "") -> str:
    return post_of(root, matter, path, config).url.removeprefix(URL)


# --- pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "base", "found"),
    [
        ("/assets/a.jpg", "/blog", "/blog/assets/a.jpg"),
        ("a.jpg", "/blog", "/blog/a.jpg"),
        ("/blog/a.jpg", "/blog", "/blog/a.jpg"),
        ("{path: /a.jpg, alt: A}", "/blog", "/blog/a.jpg"),
        ("https://example.net/a.jpg", "/blog", "https://example.net/a.jpg"),
        ("//example.net/a.jpg", "/blog", "//example.net/a.jpg"),
        ("/a.jpg", "", "/a.jpg"),
        ("a.jpg", "", "/a.jpg"),
    ],
)
def test_a_picture_counts_from_the_site_s_address(tmp_path: Path, image: str, base: str, found: str) -> None:
    assert post_of(tmp_path, f"image: {image}", config=f"baseurl: '{base}'\nurl: {URL}\n").image == found


# --- the site ----------------------------------------------------------------------------------------------


def test_the_configuration_tells_of_the_site(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        "url: https://example.org\nbaseurl: /blog\ntitle: Notes\ndescription: >-\n  About\n  mountains\n"
        "timezone: Europe/Berlin\nlang: pt_BR\nauthor:\n  name: Ada\n  email: ada@example.org\n"
        "destination: ./out\nsource: src\n",
        {"src/_posts/2026-11-22-a.md": ""},
    )
    assert (site.generator, site.title, site.url) == ("jekyll", "Notes", "https://example.org/blog/")
    assert (site.description, site.author) == ("About mountains", "Ada")
    assert (site.language, site.timezone) == ("pt-BR", "Europe/Berlin")
    assert (site.docs, site.docs_name, site.output) == (tmp_path / "src", "src/", tmp_path / "out")
    assert (site.flavour, site.templating) == ("commonmark", "liquid")


def test_a_folder_of_posts_needs_no_configuration(tmp_path: Path) -> None:
    write(tmp_path, {POST: "Hello.\n"})
    settings = load_settings(tmp_path, overrides={"site.url": URL})
    site = load_site(settings, lambda finding: None)
    (post,) = collect(site).published
    assert (site.generator, site.title, site.timezone) == ("jekyll", "Blog", "UTC")
    assert (post.title, post.url) == ("Hello World", f"{URL}2026/11/22/hello-world.html")


def test_a_toml_configuration_is_read_too(tmp_path: Path) -> None:
    write(tmp_path, {"_config.toml": f'url = "{URL}"\npermalink = "pretty"\n', POST: ""})
    (post,) = collect(load_site(load_settings(tmp_path), lambda finding: None)).published
    assert post.url == f"{URL}2026/11/22/hello-world/"


@pytest.mark.parametrize(
    "files", [{"_toc.yml": "a: b"}, {"package.json": '{"dependencies": {"hexo": "7"}}'}], ids=["book", "hexo"]
)
def test_the_same_file_of_another_program_is_left_to_it(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {"_config.yml": "title: x", **files})
    assert JEKYLL.detect(tmp_path) is None


def test_a_site_without_an_address_is_asked_for_it(tmp_path: Path) -> None:
    write(tmp_path, {"_config.yml": "title: x\n", "CNAME": "notes.example\n", POST: ""})
    with pytest.raises(FeedsError, match="URL is not known") as caught:
        load_site(load_settings(tmp_path), lambda finding: None)
    assert caught.value.help.startswith("CNAME names notes.example; set url in _config.yml, or write url = ")


@pytest.mark.parametrize(
    "files", [{"_posts/hello.md": ""}, {POST: "", "package.json": "{}"}], ids=["names", "npm"]
)
def test_a_folder_of_other_posts_is_no_site_of_jekyll(tmp_path: Path, files: dict[str, str]) -> None:
    assert JEKYLL.detect(write(tmp_path, files)) is None


def test_an_unknown_zone_is_told_of_and_utc_is_taken(tmp_path: Path) -> None:
    findings: list[Finding] = []
    site = site_of(tmp_path, "timezone: Mars/Olympus\n", {POST: ""}, findings)
    assert site.timezone == "UTC"
    assert [finding.message for finding in findings] == ["'Mars/Olympus' is no time zone; UTC is taken"]


# --- which files are posts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "is_read"),
    [
        ("_posts/2026-11-22-a.md", True),
        ("_posts/26-1-5-a.markdown", True),
        ("_posts/2026/2026-11-22-a.md", True),
        ("news/sub/_posts/2026-11-22-a.md", True),
        ("_posts/2026-11-22-a.html", True),
        ("_posts/a.md", False),
        ("_posts/_later/2026-11-22-a.md", False),
        ("_posts/x/_later/2026-11-22-a.md", True),
        ("_posts/.hidden/2026-11-22-a.md", False),
        ("_posts/2026-11-22-a.md~", False),
        ("_pages/_posts/2026-11-22-a.md", False),
        ("node_modules/x/_posts/2026-11-22-a.md", False),
        ("_site/_posts/2026-11-22-a.md", False),
        ("2026-11-22-a.md", False),
    ],
)
def test_posts_are_dated_files_in_folders_called_posts(tmp_path: Path, path: str, is_read: bool) -> None:
    found = collect(site_of(tmp_path, "", {path: "Text.\n"})).published
    assert bool(found) == is_read


def test_the_configuration_includes_and_excludes(tmp_path: Path) -> None:
    config = "exclude: [old, 'news/_posts/*-b.md']\ninclude: [_pages]\n"
    paths = ["old/_posts/2026-11-22-a.md", "news/_posts/2026-11-22-b.md", "_pages/_posts/2026-11-22-c.md"]
    site = site_of(tmp_path, config, dict.fromkeys(paths, "Text.\n"))
    assert [post.source.path for post in collect(site).published] == [paths[2]]
    assert site.excluded("node_modules/")
    assert site.excluded("older.md"), "it begins like what is left out, as Jekyll has it"


def test_a_folder_of_collections_holds_the_posts(tmp_path: Path) -> None:
    files = {"stuff/_posts/2026-11-22-a.md": "", "_posts/2026-11-22-b.md": ""}
    (post,) = collect(site_of(tmp_path, "collections_dir: stuff\n", files)).published
    assert post.url == f"{URL}2026/11/22/a.html"


@pytest.mark.parametrize(
    ("matter", "config", "reason"),
    [
        ("", "", ""),
        ("published: false", "", "unpublished"),
        ("published:", "", "unpublished"),
        ('published: "false"', "", ""),
        ("draft: true", "", ""),
        ("published: false", "unpublished: true\n", ""),
        ("", "defaults: [{scope: {path: _posts}, values: {published: false}}]\n", "unpublished"),
    ],
)
def test_unpublished_posts_are_kept_back(tmp_path: Path, matter: str, config: str, reason: str) -> None:
    collection = collect(site_of(tmp_path, config, {POST: f"---\n{matter}\n---\n"}))
    assert [hidden.reason for hidden in collection.hidden] == ([reason] if reason else [])
    assert len(collection.published) == (not reason)


def test_drafts_are_kept_back_unless_they_are_shown(tmp_path: Path) -> None:
    draft = {"_drafts/a.md": "---\ndate: 2026-11-01\n---\n"}
    assert [hidden.reason for hidden in collect(site_of(tmp_path, "", draft)).hidden] == ["draft"]
    (post,) = collect(site_of(tmp_path, "show_drafts: true\n", draft)).published
    assert post.url == f"{URL}2026/11/01/a.html"


def test_posts_to_come_wait_unless_told_otherwise(tmp_path: Path) -> None:
    files = {"_posts/2027-01-01-a.md": ""}
    assert len(collect(site_of(tmp_path, "", files)).held) == 1
    assert len(collect(site_of(tmp_path, "future: true\n", files)).published) == 1


def test_a_post_in_another_markup_is_left_out_and_told_of(tmp_path: Path) -> None:
    findings: list[Finding] = []
    site = site_of(tmp_path, "", {"_posts/2026-11-22-a.textile": "h1. A\n"}, findings)
    assert collect(site).published == ()
    assert [finding.message for finding in findings] == ["a post in another markup (.textile) is left out"]


# --- addresses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permalink", "link"),
    [
        ("date", "2026/11/22/hello-world.html"),
        ("pretty", "2026/11/22/hello-world/"),
        ("ordinal", "2026/326/hello-world.html"),
        ("weekdate", "2026/W47/Sun/hello-world.html"),
        ("none", "hello-world.html"),
        ("/:title", "hello-world"),
        (":title/", "hello-world/"),
        ("/blog/:year-:i_month-:i_day/:slug:output_ext", "blog/2026-11-22/hello-world.html"),
        ("/:short_year/:short_month/:long_day/:name", "26/Nov/Sunday/2026-11-22-hello-world"),
        ("/:collection/:path/", "posts/2026-11-22-hello-world/"),
        ("/:month_:day", "11_22"),
        ("/a//b/../:title/", "a/b/hello-world/"),
    ],
)
def test_the_permalink_is_a_style_or_a_template(tmp_path: Path, permalink: str, link: str) -> None:
    assert link_of(tmp_path, config=f'permalink: "{permalink}"\n') == link


@pytest.mark.parametrize(
    ("matter", "link"),
    [
        ("permalink: /about/:title/", "about/hello-world/"),
        ("permalink: pretty", "pretty"),
        ("permalink: /é ü/", "%C3%A9%20%C3%BC/"),
        ('slug: "My Slug!"', "2026/11/22/My-Slug!.html"),
        ("slug: a/b", "2026/11/22/a-b.html"),
        ("date: 2025-01-02", "2025/01/02/hello-world.html"),
        ("categories: News Old", "news/old/2026/11/22/hello-world.html"),
        ("category: Très Bien", "tr%C3%A8s%20bien/2026/11/22/hello-world.html"),
        ("categories: [C#, a/b]", "c%23/a/b/2026/11/22/hello-world.html"),
    ],
)
def test_front_matter_has_its_part_in_the_address(tmp_path: Path, matter: str, link: str) -> None:
    assert link_of(tmp_path, matter) == link


def test_the_names_of_styles_count_at_the_top_only(tmp_path: Path) -> None:
    config = "permalink: date\ncollections:\n  posts:\n    permalink: pretty\n"
    assert link_of(tmp_path, config=config) == "pretty"


def test_an_unknown_placeholder_is_an_error(tmp_path: Path) -> None:
    findings: list[Finding] = []
    collect(site_of(tmp_path, "permalink: /:nope/\n", {POST: ""}), findings)
    assert [finding.message for finding in findings] == [
        "the permalink '/:nope/' has the unknown placeholder :nope"
    ]


@pytest.mark.parametrize(
    ("text", "slug", "pretty"),
    [
        ("Hello, World!", "hello-world", "Hello,-World!"),
        ("C++ & C#", "c-c", "C++-&-C"),
        ("Été à Paris", "été-à-paris", "Été-à-Paris"),
        ("日本語 🏔️", "日本語-️", "日本語-️"),
        ("--a  b--", "a-b", "a-b"),
        ("ΟΔΟΣ", "οδοσ", "ΟΔΟΣ"),
    ],
)
def test_slugs(text: str, slug: str, pretty: str) -> None:
    assert (slugify(text), slugify(text, pretty=True, cased=True)) == (slug, pretty)


def test_titles_are_made_of_slugs() -> None:
    assert [titleize(slug) for slug in ("hello-big-WORLD", "éa_b", "-x-")] == [
        "Hello Big World",
        "Éa_b",
        " X",
    ]


# --- front matter for whole folders ------------------------------------------------------------------------


def test_the_longer_scope_wins_and_front_matter_beats_it(tmp_path: Path) -> None:
    config = (
        "defaults:\n"
        "  - {scope: {path: news}, values: {title: News, author: ann, permalink: '/n/:title/'}}\n"
        "  - {scope: {path: ''}, values: {title: All, author: bob}}\n"
        "  - {scope: {path: news, type: pages}, values: {title: Never}}\n"
    )
    post = post_of(tmp_path, "author: Cora", "news/_posts/2026-11-22-a.md", config)
    assert (post.title, [author.name for author in post.authors]) == ("News", ["Cora"])
    assert post.url == f"{URL}n/a/"


def test_a_scope_may_be_a_pattern_of_files(tmp_path: Path) -> None:
    config = "defaults: [{scope: {path: '_posts/20*'}, values: {title: Year}}]\n"
    assert post_of(tmp_path, path="_posts/2026/2026-11-22-a.md", config=config).title == "Year"


def test_categories_of_folders_defaults_and_front_matter_add_up(tmp_path: Path) -> None:
    config = "defaults: [{scope: {path: ''}, values: {categories: [all], tags: [t]}}]\n"
    post = post_of(tmp_path, "categories: [One, 1.10]\ncategory: Two", "News/_posts/2026-11-22-a.md", config)
    assert (post.categories, post.tags) == (("News", "all", "One", "1.1", "Two"), ("t",))


# --- names, titles, people ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matter", "names"),
    [
        ("tags: a b", ("a", "b")),
        ("tags: a, b", ("a,", "b")),
        ("tag: a b", ("a b",)),
        ("tag:\ntags: [b]", ("b",)),
        ("tags: [a, [b, ~], yes, 007]", ("a", "b", "true", "7")),
        ("tags: 5", ()),
    ],
)
def test_texts_of_plural_keys_are_split_at_blanks(
    tmp_path: Path, matter: str, names: tuple[str, ...]
) -> None:
    assert post_of(tmp_path, matter).tags == names


def test_categories_that_are_a_number_are_refused(tmp_path: Path) -> None:
    findings: list[Finding] = []
    collect(site_of(tmp_path, "", {POST: "---\ncategories: 5\n---\n"}), findings)
    assert [(finding.at.line, finding.rule) for finding in findings if finding.at] == [(2, "categories")]


@pytest.mark.parametrize(
    ("matter", "title"),
    [
        ("title: Hi", "Hi"),
        ("title: 1.10", "1.1"),
        ("title: yes", "true"),
        ("title: no", "Hello World"),
        ('title: "no"', "no"),
        ("title:", "Hello World"),
        ("title: 12:30", "12:30"),
    ],
)
def test_titles_are_written_as_ruby_writes_them(tmp_path: Path, matter: str, title: str) -> None:
    assert post_of(tmp_path, matter).title == title


def test_titles_come_from_headings_where_the_plugin_is_told_so(tmp_path: Path) -> None:
    config = "plugins: [jekyll-titles-from-headings]\ntitles_from_headings:\n  collections: true\n"
    assert (
        post_of(tmp_path, "title: Key", config=config, body="## A [link](x) in `code`").title
        == "A link in code"
    )
    assert post_of(tmp_path, "title: Key", config=config, body="# Any").title == "The heading"
    assert post_of(tmp_path, "title: Key", config=config, body="None.").title == "Key"


def test_authors_are_texts_tables_or_stand_among_the_data(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "_data/authors.yml": "ann:\n  name: Ann Smith\n  web: https://ann.example/\n  email: ann@example.org\n"
        },
    )
    (author,) = post_of(tmp_path, "author: ann").authors
    assert (author.name, author.id, author.url) == ("Ann Smith", "ann", "https://ann.example/")
    authors = post_of(tmp_path, "authors: [ann, {name: Bob}]").authors
    assert [author.name for author in authors] == ["Ann Smith", "Bob"]


# --- dates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "instant"),
    [
        ("2026-11-22", "2026-11-22T00:00:00+01:00"),
        ("2026-11-22 09:30:00", "2026-11-22T10:30:00+01:00"),
        ("2026-11-22 09:30", "2026-11-22T09:30:00+01:00"),
        ('"2026-11-22 09:30:00"', "2026-11-22T09:30:00+01:00"),
        ("2026-11-22 09:30:00 -0500", "2026-11-22T15:30:00+01:00"),
        ("November 22, 2026", "2026-11-22T00:00:00+01:00"),
        ("Sun, 22 Nov 2026 09:30:00 GMT", "2026-11-22T10:30:00+01:00"),
        ("2025-02-29", "2025-03-01T00:00:00+01:00"),
        ("2025-03-30 02:30", "2025-03-30T03:30:00+02:00"),
        ("2025-10-26 02:30", "2025-10-26T02:30:00+01:00"),
    ],
)
def test_dates_are_read_as_ruby_reads_them(tmp_path: Path, date: str, instant: str) -> None:
    post = post_of(tmp_path, f"date: {date}", config="timezone: Europe/Berlin\n")
    assert post.published.isoformat() == instant


@pytest.mark.parametrize(
    "text", ["", "hello", "2026-13-01", "2026-11-32", "2026-11-22 25:00", "9" * 5000, "2026-11"]
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert parse_text(text, ZoneInfo("UTC")) is None


def test_the_last_change_is_shown_and_never_an_error(tmp_path: Path) -> None:
    assert post_of(tmp_path, "last_modified_at: 2026-11-25").updated.day == 25
    findings: list[Finding] = []
    site = site_of(tmp_path, "", {POST: "---\nlast_modified_at: soon\n---\n"})
    (post,) = collect(site, findings).published
    assert post.updated == post.published
    assert [finding.message for finding in findings] == ["'soon' is not a date"]


# --- excerpts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "matter", "summary", "separator"),
    [
        ("", "", "", "\n\n"),
        ("excerpt_separator: <!--more-->\n", "", "", "<!--more-->"),
        ("", "excerpt_separator: '***'", "", "***"),
        ("", "excerpt: Short.", "Short.", "\n\n"),
    ],
)
def test_excerpts_end_at_the_separator(
    tmp_path: Path, config: str, matter: str, summary: str, separator: str
) -> None:
    wanted = Excerpting(
        marks=(), summary=summary, summary_first=True, automatic="jekyll", separator=separator
    )
    assert post_of(tmp_path, matter, config=config).excerpting == wanted


def test_without_a_separator_jekyll_makes_no_excerpt(tmp_path: Path) -> None:
    assert post_of(tmp_path, config='excerpt_separator: ""\n').excerpting.automatic == ""


# --- pages, categories, overrides --------------------------------------------------------------------------


def test_pages_documents_and_files_have_addresses(tmp_path: Path) -> None:
    files = {
        "about.md": "---\n---\n",
        "docs/index.md": "---\n---\n",
        "docs/x.md": "---\npermalink: /y/\n---\n",
        "plain.md": "no front matter",
        "_recipes/pie.md": "---\n---\n",
        "_notes/a.md": "---\n---\n",
        "a.pdf": "",
    }
    config = "permalink: pretty\ncollections:\n  recipes: {output: true}\n  notes: {}\n"
    site = site_of(tmp_path, config, files)
    assert {path: site.page_url(path) for path in files} == {
        "about.md": f"{URL}about/",
        "docs/index.md": f"{URL}docs/",
        "docs/x.md": f"{URL}y/",
        "plain.md": f"{URL}plain.md",
        "_recipes/pie.md": f"{URL}recipes/pie/",
        "_notes/a.md": None,
        "a.pdf": f"{URL}a.pdf",
    }
    assert page_addresses(site, collect(site))["docs/x.md"] == f"{URL}y/"


def test_categories_have_pages_where_jekyll_archives_makes_them(tmp_path: Path) -> None:
    assert site_of(tmp_path, "").category_page("Big News") == ""
    config = "plugins: [jekyll-archives]\njekyll-archives:\n  enabled: [categories]\n"
    assert site_of(tmp_path, config).category_page("Big News") == "category/big-news/"


def test_the_settings_win(tmp_path: Path) -> None:
    files = {POST: "---\nhidden: true\nwritten: 2024-02-03\n---\n", "_posts/2026-11-21-b.md": ""}
    site = site_of(
        tmp_path,
        "",
        files,
        site__url="https://other.example/x",
        generator__permalink="{year}/{slug}/",
        generator__hide=("hidden",),
        generator__excerpt_mark="cut",
    )
    collection = collect(site)
    assert [hidden.reason for hidden in collection.hidden] == ["hidden"]
    assert [post.url for post in collection.published] == ["https://other.example/x/2026/b/"]
    assert collection.published[0].excerpting.marks == ("cut",)
