"""Hugo: what its configuration, its content folders and its front matter make of posts."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feeds.config import Override, load_settings
from feeds.errors import FeedsError, Finding
from feeds.generators import load_site
from feeds.generators.hugo.dates import file_date, in_zone
from feeds.generators.hugo.generator import HUGO
from feeds.generators.hugo.paths import Spelling, glob_matcher, parse_path
from feeds.model import History, Post, Site
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses

URL = "https://example.org/"
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
POST = "content/posts/hello.md"


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def matter(text: str, body: str = "Text.") -> str:
    return f"---\n{text}\n---\n{body}\n"


def site_of(
    root: Path,
    config: str = "",
    files: Mapping[str, str] | None = None,
    findings: list[Finding] | None = None,
    **overrides: Override,
) -> Site:
    """The site of a configuration, published at https://example.org/ unless that says otherwise."""
    url = "" if "baseurl" in config.lower() else f'baseURL = "{URL}"\n'
    write(root, {"hugo.toml": f"{url}{config}", **(files or {POST: matter("title: Hello")})})
    given = {name.replace("__", "."): value for name, value in overrides.items()}
    report = (findings if findings is not None else []).append
    return load_site(load_settings(root, overrides=given, environ={}), report)


def collect(site: Site, findings: list[Finding] | None = None, now: dt.datetime = NOW) -> Collection:
    report = (findings if findings is not None else []).append
    return load_posts(site, Policy(now=now), lambda source: None, report)


def post_of(
    root: Path, text: str = "title: Hello", path: str = POST, config: str = "", body: str = "Text."
) -> Post:
    """The one post of a site."""
    (post,) = collect(site_of(root, config, {path: matter(text, body)})).published
    return post


def link_of(root: Path, text: str = "title: Hello", path: str = POST, config: str = "") -> str:
    return post_of(root, text, path, config).url.removeprefix(URL)


def links_of(root: Path, config: str, files: Mapping[str, str]) -> set[str]:
    return {post.url.removeprefix(URL) for post in collect(site_of(root, config, files)).published}


class TestDetection:
    @pytest.mark.parametrize("name", ["hugo.toml", "hugo.yaml", "hugo.json", "config/_default/hugo.toml"])
    def test_its_configuration_is_found(self, tmp_path: Path, name: str) -> None:
        write(tmp_path, {name: ""})
        assert HUGO.detect(tmp_path) == tmp_path / name

    def test_a_config_toml_is_hugo_s_unless_it_is_written_for_zola(self, tmp_path: Path) -> None:
        write(tmp_path, {"config.toml": 'base_url = "https://zola.example"'})
        assert HUGO.detect(tmp_path) is None
        write(tmp_path, {"config.toml": 'baseURL = "https://hugo.example"'})
        assert HUGO.detect(tmp_path) == tmp_path / "config.toml"


class TestConfiguration:
    def test_what_the_site_is_called(self, tmp_path: Path) -> None:
        config = """
            title = "Above the Bakery"
            locale = "en_GB"
            timeZone = "Europe/Rome"
            publishDir = "dist"
            copyright = "CC BY"
            [params]
            description = "Notes"
            [params.author]
            name = "Ada"
        """
        site = site_of(tmp_path, config)
        assert (site.title, site.language, site.timezone) == ("Above the Bakery", "en-GB", "Europe/Rome")
        assert (site.description, site.author, site.copyright) == ("Notes", "Ada", "CC BY")
        assert site.output == tmp_path / "dist"

    def test_the_folder_config_is_merged_the_production_environment_last(self, tmp_path: Path) -> None:
        files = {
            "config/_default/hugo.toml": 'baseURL = "https://dev.example/"\ntitle = "One"',
            "config/_default/permalinks.yaml": "posts: /:year/:slug/",
            "config/production/config.json": f'{{"baseURL": "{URL}"}}',
            "config/staging/hugo.toml": 'baseURL = "https://staging.example/"',
            POST: matter("title: Hello\ndate: 2026-01-02"),
        }
        site = load_site(load_settings(write(tmp_path, files), environ={}), print)
        assert (site.url, site.title) == (URL, "One")
        assert [post.url for post in collect(site).published] == [f"{URL}2026/hello/"]

    def test_a_file_may_hold_its_table_bare_or_under_its_own_name_or_for_one_language(
        self, tmp_path: Path
    ) -> None:
        files = {
            "config/_default/hugo.yaml": f"baseURL: {URL}",
            "config/_default/params.toml": '[params]\ndescription = "Notes"',
            "config/_default/languages.en.toml": 'title = "English"',
            "config/_default/params.en.toml": 'author = "Ada"',
            POST: matter("title: Hello"),
        }
        site = load_site(load_settings(write(tmp_path, files), environ={}), print)
        assert (site.title, site.description, site.author) == ("English", "Notes", "Ada")

    def test_without_an_absolute_address_one_is_asked_for(self, tmp_path: Path) -> None:
        with pytest.raises(FeedsError, match="not an absolute"):
            site_of(tmp_path, 'baseURL = "/"')

    def test_an_unknown_zone_and_an_unknown_token_are_refused_as_by_hugo(self, tmp_path: Path) -> None:
        with pytest.raises(FeedsError, match="no time zone"):
            site_of(tmp_path, 'timeZone = "Mars/Base"')
        with pytest.raises(FeedsError, match=":nosuch"):
            site_of(tmp_path, '[permalinks]\nposts = "/:nosuch/"')

    def test_markdown_is_rendered_as_goldmark_is_set_up(self, tmp_path: Path) -> None:
        config = """
            enableEmoji = true
            [markup.goldmark.renderer]
            unsafe = true
            [markup.goldmark.extensions]
            table = false
            [markup.goldmark.extensions.typographer]
            disable = true
            [markup.goldmark.parser.attribute]
            block = true
        """
        names = {extension.name: extension.options for extension in site_of(tmp_path, config).markdown}
        assert "emoji" in names
        assert names["attributes"] == {"blocks": True}
        assert not names.keys() & {"tables", "typographer", "raw-html"}
        plain = {extension.name: extension.options for extension in site_of(tmp_path, "").markdown}
        assert plain["raw-html"] == {"keep": False}
        assert {"tables", "typographer", "footnotes", "definition-lists", "task-lists"} <= plain.keys()


class TestAddresses:
    @pytest.mark.parametrize(
        ("path", "link"),
        [
            ("content/posts/hello.md", "posts/hello/"),
            ("content/posts/Hello World/index.md", "posts/hello-world/"),
            ("content/Blog Posts/a  b.md", "blog-posts/a--b/"),
            ("content/posts/v1.2.md", "posts/v1.2/"),
            ("content/posts/İstanbul.md", "posts/istanbul/"),
            ("content/posts/C++ & C#.md", "posts/c++--c%23/"),
            ("content/posts/2026/01/deep.md", "posts/2026/01/deep/"),
        ],
    )
    def test_a_file_is_published_by_its_path(self, tmp_path: Path, path: str, link: str) -> None:
        assert link_of(tmp_path, path=path) == link

    @pytest.mark.parametrize(
        ("text", "link"),
        [
            ("slug: My Slug", "posts/my-slug/"),
            ("Slug: -a--b-", "posts/a--b/"),
            ("slug: 2024", "posts/2024/"),
            ("url: /own/Path/", "own/Path/"),
            ("url: own/a b.html", "own/a%20b.html"),
            ("url: /:year/:slug/\nslug: x\ndate: 2026-02-03", "2026/x/"),
        ],
    )
    def test_front_matter_names_the_last_part_or_all_of_it(
        self, tmp_path: Path, text: str, link: str
    ) -> None:
        assert link_of(tmp_path, f"title: Hello\n{text}") == link

    @pytest.mark.parametrize(
        ("pattern", "link"),
        [
            # A `+` in a title is read as a blank, once the pattern is filled in.
            ("/:year/:month/:day/:title/", "2026/02/03/c-a-b/"),
            ("/:sections/:contentbasename", "posts/sub/hello/"),
            ("/:sections[last]/:slugorcontentbasename/", "sub/hello/"),
            ("/:monthname/:weekdayname/:yearday", "february/tuesday/34/"),
            ("/:06/:1/:2/:02-x", "26/2/3/03-x/"),
            ("/a.html", "a.html/"),
        ],
    )
    def test_permalinks_are_patterns(self, tmp_path: Path, pattern: str, link: str) -> None:
        files = {
            "content/posts/sub/_index.md": matter("title: Sub"),
            "content/posts/sub/hello.md": matter('title: "C++ a/b"\ndate: 2026-02-03'),
        }
        assert links_of(tmp_path, f'[permalinks]\nposts = "{pattern}"', files) == {link}

    def test_permalinks_may_be_told_by_kind_or_with_targets(self, tmp_path: Path) -> None:
        text = "title: Hello\ndate: 2026-02-03"
        assert link_of(tmp_path, text, config='[permalinks.page]\nposts = "/:year/:slug"') == "2026/hello/"
        config = (
            '[[permalinks]]\npattern = "/t/:slug"\n[permalinks.target]\nkind = "page"\npath = "/posts/**"'
        )
        assert link_of(tmp_path, text, config=config) == "t/hello/"

    def test_the_slug_of_a_section_stands_in_the_addresses_below(self, tmp_path: Path) -> None:
        files = {"content/posts/_index.md": matter("title: All\nslug: weblog"), POST: matter("title: Hello")}
        assert links_of(tmp_path, "", files) == {"weblog/hello/"}

    @pytest.mark.parametrize("config", ["uglyURLs = true", "[uglyURLs]\nposts = true"])
    def test_ugly_addresses_end_in_html(self, tmp_path: Path, config: str) -> None:
        assert link_of(tmp_path, config=config) == "posts/hello.html"

    def test_case_and_accents(self, tmp_path: Path) -> None:
        path = "content/posts/Été.md"
        assert link_of(tmp_path, path=path, config="disablePathToLower = true") == "posts/%C3%89t%C3%A9/"
        assert link_of(tmp_path, path=path, config="removePathAccents = true") == "posts/ete/"

    def test_own_patterns_of_the_settings_win(self, tmp_path: Path) -> None:
        files = {POST: matter("title: Hello\ndate: 2026-02-03")}
        site = site_of(tmp_path, "", files, generator__permalink="{year}/{slug}/")
        assert [post.url for post in collect(site).published] == [f"{URL}2026/hello/"]


SECTIONS = {
    "content/docs/a.md": matter("title: A"),
    "content/docs/b.md": matter("title: B"),
    "content/blog/c.md": matter("title: C"),
    "content/about.md": matter("title: About"),
    "content/docs/typed.md": matter("title: Typed\ntype: blog"),
}


class TestWhichPagesArePosts:
    def test_those_of_the_main_sections_by_folder_or_type(self, tmp_path: Path) -> None:
        assert links_of(tmp_path, 'mainSections = ["blog"]', SECTIONS) == {"blog/c/", "docs/typed/"}

    def test_params_may_name_them(self, tmp_path: Path) -> None:
        assert links_of(tmp_path, '[params]\nmainSections = ["blog"]', SECTIONS) >= {"blog/c/"}

    def test_else_those_of_the_section_with_the_most_pages_drafts_apart(self, tmp_path: Path) -> None:
        findings: list[Finding] = []
        site = site_of(tmp_path, "", SECTIONS, findings)
        assert {post.url for post in collect(site).published} == {
            f"{URL}docs/{name}/" for name in ("a", "b", "typed")
        }
        assert [finding.rule for finding in findings] == ["main-section"]
        drafts = {
            name: text.replace("---\n", "---\ndraft: true\n", 1)
            for name, text in SECTIONS.items()
            if "docs" in name
        }
        assert links_of(tmp_path, "", {**SECTIONS, **drafts}) == {"blog/c/"}

    def test_or_those_that_the_settings_name(self, tmp_path: Path) -> None:
        site = site_of(tmp_path, "", SECTIONS, generator__posts=("content/docs/[ab].md",))
        assert {post.title for post in collect(site).published} == {"A", "B"}

    def test_section_pages_and_what_lies_in_bundles_are_none(self, tmp_path: Path) -> None:
        files = {
            "content/posts/_index.md": matter("title: All"),
            "content/posts/a/index.md": matter("title: A"),
            "content/posts/a/note.md": matter("title: Note"),
            "content/posts/a/deeper/index.md": matter("title: Deeper"),
        }
        assert links_of(tmp_path, "", files) == {"posts/a/"}

    def test_hidden_and_ignored_files_are_left_out(self, tmp_path: Path) -> None:
        files = {
            name: matter("title: X")
            for name in (POST, "content/posts/.a.md", "content/posts/#b.md", "content/posts/c.draft.md")
        }
        assert links_of(tmp_path, "ignoreFiles = ['\\.draft\\.md$']", files) == {"posts/hello/"}

    def test_content_in_other_languages_than_markdown_is_pointed_out(self, tmp_path: Path) -> None:
        findings: list[Finding] = []
        site = site_of(
            tmp_path, "", {POST: matter("title: A"), "content/posts/b.org": "#+TITLE: B"}, findings
        )
        assert [post.title for post in collect(site).published] == ["A"]
        assert [(finding.rule, str(finding.at)) for finding in findings] == [
            ("markup", "content/posts/b.org")
        ]

    def test_mounted_folders_are_content(self, tmp_path: Path) -> None:
        config = '[[module.mounts]]\nsource = "notes"\ntarget = "content/posts"'
        assert links_of(tmp_path, config, {"notes/a.md": matter("title: A"), "content/posts/b.md": ""}) == {
            "posts/a/"
        }


class TestStatus:
    @pytest.mark.parametrize(
        "text",
        [
            "draft: true",
            'draft: "true"',
            "draft: 1",
            "published: false",
            "headless: true",
            "build: {list: never}",
            "build: {render: never}",
        ],
    )
    def test_what_is_not_published(self, tmp_path: Path, text: str) -> None:
        found = collect(site_of(tmp_path, "", {POST: matter(f"title: Hello\n{text}")}))
        assert (found.published, len(found.hidden)) == ((), 1)

    @pytest.mark.parametrize(
        "text", ["draft: yes", 'draft: "yes"', "draft:", "DRAFT: false", "build: {render: link}"]
    )
    def test_what_is(self, tmp_path: Path, text: str) -> None:
        assert link_of(tmp_path, f"title: Hello\n{text}") == "posts/hello/"

    def test_drafts_are_published_where_the_configuration_says_so(self, tmp_path: Path) -> None:
        assert link_of(tmp_path, "title: Hello\ndraft: true", config="buildDrafts = true") == "posts/hello/"

    def test_the_day_of_publication_counts_not_the_date(self, tmp_path: Path) -> None:
        files = {
            "content/posts/a.md": matter("title: A\ndate: 2027-01-01"),
            "content/posts/b.md": matter("title: B\ndate: 2027-01-01\npublishDate: 2020-01-01"),
            "content/posts/c.md": matter("title: C\ndate: 2020-01-01\npublishDate: 2027-01-01"),
            "content/posts/d.md": matter("title: D\ndate: 2020-01-01\nexpiryDate: 2021-01-01"),
        }
        found = collect(site_of(tmp_path, "", files))
        assert [post.title for post in found.published] == ["B"]
        assert {post.title for post in found.held} == {"A", "C"}
        assert [post.title for post in found.expired] == ["D"]
        assert (
            len(collect(site_of(tmp_path, "buildFuture = true\nbuildExpired = true", files)).published) == 4
        )


class TestCascades:
    def test_sections_hand_values_down_and_own_values_win(self, tmp_path: Path) -> None:
        files = {
            "content/_index.md": matter("cascade:\n  categories: [Far]\n  params: {author: Ada}"),
            "content/posts/_index.md": matter(
                "cascade:\n- categories: [Near]\n  target: {path: '/posts/a*'}"
            ),
            "content/posts/a.md": matter("title: A"),
            "content/posts/b.md": matter("title: B"),
            "content/posts/abc.md": matter("title: C\ncategories: [Own]"),
        }
        posts = {post.title: post for post in collect(site_of(tmp_path, "", files)).published}
        assert {title: post.categories for title, post in posts.items()} == {
            "A": ("Near",),
            "B": ("Far",),
            "C": ("Own",),
        }
        assert {author.name for post in posts.values() for author in post.authors} == {"Ada"}

    def test_a_section_that_cannot_be_read_is_an_error_as_it_may_hide_posts(self, tmp_path: Path) -> None:
        findings: list[Finding] = []
        files = {POST: matter("title: New"), "content/posts/_index.md": matter("cascade: [")}
        collect(site_of(tmp_path, "", files, findings), findings)
        assert [(finding.rule, str(finding.at and finding.at.path)) for finding in findings][:1] == [
            ("yaml", "content/posts/_index.md")
        ]

    def test_the_configuration_does_too_and_targets_name_kinds(self, tmp_path: Path) -> None:
        config = (
            '[[cascade]]\ndraft = true\n[cascade.target]\nkind = "{page,section}"\npath = "/posts/old/**"'
        )
        files = {POST: matter("title: New"), "content/posts/old/a.md": matter("title: Old")}
        assert links_of(tmp_path, config, files) == {"posts/hello/"}


class TestFields:
    def test_keys_in_any_case_and_the_table_params(self, tmp_path: Path) -> None:
        post = post_of(tmp_path, "Title: Hello\nTAGS: [a, b]\nparams:\n  author: Ada\n  images: [cover.png]")
        assert (post.title, post.tags, post.image) == ("Hello", ("a", "b"), "cover.png")
        assert [author.name for author in post.authors] == ["Ada"]

    def test_toml_json_and_no_front_matter_at_all(self, tmp_path: Path) -> None:
        files = {
            "content/posts/a.md": '+++\ntitle = "A"\ndate = 2026-01-02T03:04:05Z\n[params]\nauthor = "Ada"\n+++\nText.',
            "content/posts/b.md": '{"title": "B", "date": "2026-01-02"}\nText.',
            "content/posts/c.md": "Just text.",
            "content/posts/d.md": "\n------\ntitle: D\n---\nText.",
        }
        posts = collect(site_of(tmp_path, "", files)).published
        assert [post.title for post in posts] == ["A", "B", "c", "D"]

    def test_numbers_and_words_as_titles(self, tmp_path: Path) -> None:
        assert post_of(tmp_path, "title: 1.10").title == "1.1"
        assert post_of(tmp_path, "title: yes").title == "yes"

    def test_a_taxonomy_of_another_name_gives_categories(self, tmp_path: Path) -> None:
        config = '[taxonomies]\ntopic = "topics"\ntag = "tags"'
        assert post_of(tmp_path, "title: A\ntopics: [X]\ntags: [t]", config=config).categories == ("X",)

    def test_people_as_text_list_and_table(self, tmp_path: Path) -> None:
        post = post_of(tmp_path, "title: A\nauthors:\n- Ada\n- name: Bo\n  url: /bo/")
        assert [(author.name, author.url) for author in post.authors] == [("Ada", ""), ("Bo", f"{URL}bo/")]

    def test_the_excerpt_s_mark_counts_only_without_blanks(self, tmp_path: Path) -> None:
        assert post_of(tmp_path, body="One.\n\n<!--more-->\n\nTwo.").excerpting.marks == ("more",)
        assert post_of(tmp_path, body="One.\n\n<!-- more -->\n\nTwo.").excerpting.marks == ()

    def test_the_automatic_summary(self, tmp_path: Path) -> None:
        rule = post_of(
            tmp_path, "title: A\nsummary: Short.", config="summaryLength = 20\nhasCJKLanguage = true"
        ).excerpting
        assert (rule.automatic, rule.words, rule.summary, rule.cjk) == ("hugo", 20, "Short.", False)
        assert post_of(tmp_path, config="hasCJKLanguage = true", body="日本語").excerpting.cjk


class TestDates:
    @pytest.mark.parametrize(
        ("text", "date"),
        [
            ("2026-01-02", "2026-01-02T00:00:00+01:00"),
            ("2026-01-02T03:04:05", "2026-01-02T03:04:05+01:00"),
            ("2026-01-02 03:04:05 -0700", "2026-01-02T03:04:05-07:00"),
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00"),
            ("02 Jan 2026", "2026-01-02T00:00:00+01:00"),
            ("Fri, 02 Jan 2026 03:04:05 +0100", "2026-01-02T03:04:05+01:00"),
            ("1767322800", "2026-01-02T03:00:00+00:00"),
        ],
    )
    def test_the_forms_that_hugo_reads(self, tmp_path: Path, text: str, date: str) -> None:
        post = post_of(tmp_path, f"title: A\ndate: {text}", config='timeZone = "Europe/Berlin"')
        assert post.published.isoformat() == date

    @pytest.mark.parametrize("text", ["2018-2-9", "2026-01-02 03:04", "yesterday", "2026-02-30"])
    def test_those_that_it_refuses(self, tmp_path: Path, text: str) -> None:
        findings: list[Finding] = []
        assert not collect(
            site_of(tmp_path, "", {POST: matter(f"title: A\ndate: {text}")}), findings
        ).published
        assert [(finding.rule, finding.at and finding.at.line) for finding in findings] == [("date", 3)]

    def test_the_configuration_tells_where_they_come_from(self, tmp_path: Path) -> None:
        config = '[frontmatter]\ndate = ["date", ":filename", ":default"]'
        post = post_of(tmp_path, "title: A", "content/posts/2026-01-02-hello.md", config)
        assert (post.published.date(), post.url) == (dt.date(2026, 1, 2), f"{URL}posts/hello/")
        post = post_of(tmp_path, "title: A\ndate: 2026-03-04", "content/posts/2026-01-02-hello.md", config)
        assert (post.published.date(), post.url) == (dt.date(2026, 3, 4), f"{URL}posts/2026-01-02-hello/")

    def test_the_last_change(self, tmp_path: Path) -> None:
        post = post_of(tmp_path, "title: A\ndate: 2026-01-02\nlastmod: 2026-02-03")
        assert post.updated.date() == dt.date(2026, 2, 3)

    def test_a_post_without_a_date_is_published_all_the_same(self, tmp_path: Path) -> None:
        findings: list[Finding] = []
        config = '[permalinks]\nposts = "/:year/:slug/"'
        (post,) = collect(site_of(tmp_path, config, {POST: matter("title: A")}), findings).published
        assert post.url == f"{URL}1/a/"
        assert [finding.rule for finding in findings] == ["no-date"]

    def test_git_is_asked_where_the_settings_say_so(self, tmp_path: Path) -> None:
        day = dt.datetime(2026, 5, 6, tzinfo=dt.UTC)
        config = 'enableGitInfo = true\n[frontmatter]\ndate = ["date", ":git"]'
        site, findings = site_of(tmp_path, config), []
        load_posts(site, Policy(NOW), lambda source: None, findings.append)
        assert [finding.rule for finding in findings] == ["no-date"]
        found = load_posts(site, Policy(NOW), lambda source: None, print, lambda source: History(day, day))
        assert [post.published for post in found.published] == [day]

    def test_the_time_of_the_file_is_not_asked(self, tmp_path: Path) -> None:
        findings: list[Finding] = []
        config = '[frontmatter]\ndate = ["date", ":fileModTime"]'
        assert not collect(site_of(tmp_path, config), findings).published
        assert [finding.rule for finding in findings] == ["no-date"]

    @pytest.mark.parametrize(
        ("name", "found"),
        [
            ("2026-01-02-hello", ("2026-01-02", "hello")),
            ("2026-01-02_hello", ("2026-01-02", "hello")),
            ("2026-01-02-03-04-05-hello", ("2026-01-02T03:04:05", "hello")),
            ("2026-01-02-v1.2", ("2026-01-02", "v1")),
            ("2026-1-2-hello", ("", "")),
            ("2026-13-02-hello", ("", "")),
        ],
    )
    def test_dates_of_file_names(self, name: str, found: tuple[str, str]) -> None:
        assert file_date(name) == found

    def test_times_that_clocks_leave_out_or_show_twice_are_taken_as_go_takes_them(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        assert in_zone(dt.datetime(2026, 3, 29, 2, 30), berlin).isoformat() == "2026-03-29T03:30:00+02:00"
        assert in_zone(dt.datetime(2026, 10, 25, 2, 30), berlin).isoformat() == "2026-10-25T02:30:00+01:00"


class TestLanguages:
    CONFIG = (
        'title = "Site"\n[languages.en]\nweight = 1\n[languages.fr]\ntitle = "Le site"\nlocale = "fr-CH"\n'
    )

    def test_each_language_has_a_blog_and_feeds_of_its_own(self, tmp_path: Path) -> None:
        files = {"content/posts/a.md": matter("title: A"), "content/posts/a.fr.md": matter("title: Ah")}
        site = site_of(tmp_path, self.CONFIG, files)
        assert [(blog.language, blog.title, blog.feeds) for blog in site.blogs] == [
            ("en", "", ""),
            ("fr-CH", "Le site", "fr"),
        ]
        posts = {post.title: (post.url, post.language) for post in collect(site).published}
        assert posts == {"A": (f"{URL}posts/a/", "en"), "Ah": (f"{URL}fr/posts/a/", "fr-CH")}

    def test_languages_may_have_folders_and_the_default_a_part_of_the_address(self, tmp_path: Path) -> None:
        config = (
            "defaultContentLanguageInSubdir = true\n[languages.en]\ncontentDir = 'content/en'\n"
            "[languages.fr]\ncontentDir = 'content/fr'\n"
        )
        files = {
            "content/en/posts/a.md": matter("title: A"),
            "content/fr/posts/b.md": matter("title: B\nurl: x/"),
        }
        assert links_of(tmp_path, config, files) == {"en/posts/a/", "fr/x/"}

    def test_a_language_with_a_host_of_its_own(self, tmp_path: Path) -> None:
        config = f'[languages.en]\nbaseURL = "{URL}"\n[languages.fr]\nbaseURL = "https://fr.example/"\n'
        found = links_of(tmp_path, config, {"content/posts/a.fr.md": matter("title: A")})
        assert found == {"https://fr.example/posts/a/"}

    def test_one_that_is_switched_off_is_not_published(self, tmp_path: Path) -> None:
        files = {"content/posts/a.md": matter("title: A"), "content/posts/a.fr.md": matter("title: Ah")}
        assert links_of(tmp_path, 'disableLanguages = ["fr"]\n' + self.CONFIG, files) == {"posts/a/"}


PAGES = {
    "content/posts/_index.md": matter("title: All"),
    "content/posts/a/index.md": matter("title: A\nslug: first"),
    "content/posts/a/My Img.PNG": "",
    "content/posts/b.md": matter("title: B"),
    "content/posts/chart.png": "",
    "content/docs/guide.md": matter("title: Guide\nurl: /manual/"),
    "content/docs/_index.md": matter("title: Docs"),
    "content/docs/hidden.md": matter("title: Hidden\ndraft: true"),
}


class TestPagesAndFiles:
    def test_every_page_has_an_address(self, tmp_path: Path) -> None:
        site = site_of(tmp_path, 'mainSections = ["posts"]', PAGES)
        found = page_addresses(site, collect(site))
        assert {path: url.removeprefix(URL) for path, url in found.items()} == {
            "posts/_index.md": "posts/",
            "posts/a/index.md": "posts/first/",
            "posts/b.md": "posts/b/",
            "docs/_index.md": "docs/",
            "docs/guide.md": "manual/",
        }

    def test_files_move_with_the_page_or_section_they_lie_beside(self, tmp_path: Path) -> None:
        media = site_of(tmp_path, 'mainSections = ["posts"]', PAGES).media_url
        assert media is not None
        assert (
            media("posts/a/My Img.PNG", "posts/a/index.md", f"{URL}posts/first/")
            == f"{URL}posts/first/My%20Img.PNG"
        )
        assert media("posts/a/My Img.PNG", "posts/b.md", f"{URL}posts/b/") == f"{URL}posts/first/My%20Img.PNG"
        assert media("posts/chart.png", "posts/b.md", f"{URL}posts/b/") == f"{URL}posts/chart.png"

    def test_the_page_of_a_category(self, tmp_path: Path) -> None:
        site = site_of(tmp_path)
        assert (site.category_page("C++ & Été"), site.category_slug("C++ & Été")) == (
            "categories/c++--%C3%A9t%C3%A9/",
            "c++--été",
        )
        assert site_of(tmp_path, 'disableKinds = ["term"]').category_page("News") == ""

    @pytest.mark.parametrize("config", ["defaultContentLanguageInSubdir = true", "uglyURLs = true"])
    def test_the_slug_of_a_category_is_its_name_alone(self, tmp_path: Path, config: str) -> None:
        assert site_of(tmp_path, config).category_slug("Big News") == "big-news"


class TestTexts:
    @pytest.mark.parametrize(
        ("text", "made"),
        [
            ("C++ & C#", "c++-c#"),
            ("a -- b", "a--b"),
            ("a   b", "a-b"),
            ("don't", "dont"),
            ("100% sure", "100-sure"),
            ("a%20b", "a%20b"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            (" \xa0é\t", "é"),
        ],
    )
    def test_what_may_stand_in_an_address(self, text: str, made: str) -> None:
        assert Spelling().sanitise(text) == made

    def test_what_a_name_tells(self) -> None:
        found = parse_path("posts/a.fr.md", frozenset({"en", "fr"}))
        assert (found.name, found.language, found.logical, found.section) == ("a", "fr", "/posts/a", "posts")
        assert parse_path("posts/a.b.md", frozenset({"en"})).name == "a.b"
        assert parse_path("posts/a/index.md", frozenset()).base_name == "a"
        assert parse_path("about/index.md", frozenset()).section == ""

    @pytest.mark.parametrize(
        ("pattern", "path", "matches"),
        [
            ("/posts/*", "/posts/a", True),
            ("/posts/*", "/posts/a/b", False),
            ("/posts/**", "/posts/a/b", True),
            ("/{posts,news}/**", "/news/a", True),
            ("/p?sts/[0-9]*", "/posts/2024", True),
            ("/posts/[!a]*", "/posts/a", False),
            ("/a.b", "/aXb", False),
        ],
    )
    def test_patterns_of_paths(self, pattern: str, path: str, matches: bool) -> None:
        assert glob_matcher(pattern)(path) is matches
