"""The built site as a witness of permalinks: pages, posts → what is reported."""

import datetime as dt
import gzip
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from projects import blog, build_project, post, run_here, write_files

from feeds.errors import FeedsError, Finding, ProblemsError, Severity
from feeds.model import Fields, Post, Source
from feeds.witness import check_permalinks, find_built

SITE = "https://a.example/"


def make_post(path: str, site: str = SITE, source: str = "posts/a.md", day: str = "2026-11-03") -> Post:
    date = dt.datetime.fromisoformat(f"{day}T00:00+00:00")
    file = Source(source, Fields(f"content/{source}", {}), "", 1)
    return Post(f"{site}{path}", f"{site}{path}", "A", date, date, (), (), (), "en", "", "", False, file)


def check(
    root: Path, pages: Mapping[str, str | bytes], posts: Sequence[Post], site: str = SITE, **more: object
) -> list[Finding]:
    findings: list[Finding] = []
    check_permalinks(write_files(root, pages), site, posts, findings.append, **more)
    return findings


def dead(root: Path, pages: Mapping[str, str | bytes], path: str, site: str = SITE) -> bool:
    return [finding.rule for finding in check(root, pages, [make_post(path, site)], site)] == [
        "dead-permalink"
    ]


class TestWhereAPageLies:
    @pytest.mark.parametrize(
        ("path", "file"),
        [
            ("a/", "a/index.html"),
            ("a/", "a.html"),
            ("a", "a/index.html"),
            ("a", "a.html"),
            ("a.html", "a.html"),
            ("a.php", "a.php"),
            ("", "index.html"),
            ("%C3%BCber%20uns/", "über uns/index.html"),
            ("%C3%BCber/", unicodedata.normalize("NFD", "über/index.html")),
            (f"{unicodedata.normalize('NFD', 'ü')}/", "ü/index.html"),
            ("a/?x=1#y", "a/index.html"),
        ],
    )
    def test_it_is_found(self, tmp_path: Path, path: str, file: str) -> None:
        assert not dead(tmp_path, {file: ""}, path)

    @pytest.mark.parametrize(
        ("path", "file"),
        [
            ("a/", "b/index.html"),
            ("a/b/", "b/index.html"),
            ("../secret/", "x"),
            ("a%00/", "x"),
            ("a" * 5000, "x"),
        ],
    )
    def test_it_is_not_there(self, tmp_path: Path, path: str, file: str) -> None:
        write_files(tmp_path, {"secret/index.html": ""})
        assert dead(tmp_path / "site", {file: ""}, path)

    @pytest.mark.parametrize("file", ["a/index.html", "sub/dir/a/index.html"])
    def test_the_folder_is_the_site_or_the_root_of_its_host(self, tmp_path: Path, file: str) -> None:
        assert not dead(tmp_path, {file: ""}, "a/", "https://a.example/sub/dir/")

    def test_posts_of_other_sites_are_not_looked_up(self, tmp_path: Path) -> None:
        posts = [make_post("x/", "https://b.example/"), make_post("x/", "https://a.example/other/")]
        assert check(tmp_path, {}, posts, "https://a.example/blog/") == []


class TestSitemaps:
    LISTED = "<urlset><url><loc>http://localhost/a/</loc></url><url><loc> https://a.example/b%C3%BC/c.html\n</loc></url></urlset>"

    @pytest.mark.parametrize("path", ["a/", "a", "bü/c", "b%C3%BC/c.html"])
    def test_a_page_may_be_listed_instead(self, tmp_path: Path, path: str) -> None:
        assert not dead(tmp_path, {"sitemap.xml": self.LISTED}, path)

    @pytest.mark.parametrize("name", ["sub.xml", "maps/sub.xml", "sub.xml.gz"])
    def test_an_index_names_others(self, tmp_path: Path, name: str) -> None:
        index = f"<sitemapindex><sitemap><loc>https://a.example/{name}</loc></sitemap></sitemapindex>"
        data = self.LISTED.encode()
        files = {"sitemap.xml": index, name: gzip.compress(data) if name.endswith(".gz") else data}
        assert not dead(tmp_path, files, "a/")

    def test_an_index_may_name_itself_or_nothing(self, tmp_path: Path) -> None:
        names = "".join(
            f"<loc>https://a.example/{name}</loc>" for name in ("sitemap.xml", "gone.xml", "../x")
        )
        assert dead(tmp_path, {"sitemap.xml": f"<sitemapindex>{names}</sitemapindex>"}, "a/")

    @pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"<loc>", gzip.compress(b"x", mtime=0)[:9]])
    def test_one_that_cannot_be_read_lists_nothing(self, tmp_path: Path, data: bytes) -> None:
        assert dead(tmp_path, {"sitemap.xml": data}, "a/")
        assert dead(tmp_path / "gz", {"sitemap.xml.gz": data}, "a/")


class TestTheNearestPage:
    def test_it_has_the_same_name(self, tmp_path: Path) -> None:
        pages = {f"{name}index.html": "" for name in ("posts/2025/bread/", "posts/2026/bread/", "posts/")}
        finding = check(tmp_path / "public", pages, [make_post("blog/2026/bread/")])[0]
        assert finding.severity is Severity.ERROR
        assert str(finding.at) == "content/posts/a.md"
        assert finding.message.endswith("/blog/2026/bread/ leads to no page of the site in public/")
        assert "the nearest page is https://a.example/posts/2026/bread/; build the site first" in finding.help

    def test_or_the_name_of_the_file(self, tmp_path: Path) -> None:
        wrong = make_post("x/the-title/", source="posts/oven.md")
        assert "https://a.example/oven.html" in check(tmp_path, {"oven.html": ""}, [wrong])[0].help

    def test_or_a_similar_one(self, tmp_path: Path) -> None:
        pages = {"a/how-we-bake-bread/index.html": "", "a/how-to-fly/index.html": ""}
        assert "/a/how-we-bake-bread/;" in check(tmp_path, pages, [make_post("a/how-we-bake/")])[0].help

    def test_or_there_is_none(self, tmp_path: Path) -> None:
        assert check(tmp_path, {"x/index.html": ""}, [make_post("a/b/")])[0].help.startswith(
            "build the site first"
        )

    def test_pages_of_the_newsletter_and_of_feeds_are_none(self, tmp_path: Path) -> None:
        pages = {"newsletter/b/index.html": "", "subscribe/b.html": ""}
        found = check(tmp_path, pages, [make_post("a/b/")], own=["subscribe/b.html"])
        assert "nearest" not in found[0].help

    @pytest.mark.parametrize(
        ("page", "pattern"),
        [
            ("posts/2026/11/03/{}/index.html", "/posts/{year}/{month}/{day}/{slug}/"),
            ("{}.html", "/{slug}.html"),
            ("2026/{}/index.html", "/{year}/{slug}/"),
        ],
    )
    def test_what_many_have_in_common_becomes_the_pattern_to_write(
        self, tmp_path: Path, page: str, pattern: str
    ) -> None:
        slugs = [f"post-{number}" for number in range(5)]
        posts = [make_post(f"blog/{slug}/", source=f"posts/{index}.md") for index, slug in enumerate(slugs)]
        found = check(tmp_path, {page.format(slug): "" for slug in slugs}, posts)
        assert len(found) == 5
        assert all(
            f'else write permalink = "{pattern}" under [generator] in feeds.toml' in each.help
            for each in found
        )

    def test_files_may_have_given_the_names(self, tmp_path: Path) -> None:
        posts = [make_post("x/title/", source="posts/oven.md")]
        assert '"/p/{file}/"' in check(tmp_path, {"p/oven/index.html": ""}, posts)[0].help


def canonical(root: Path, head: str, path: str = "a/", **more: object) -> list[str]:
    one = make_post(path)
    found = check(root, {"a/index.html": head}, [one], shown=[one.id], **more)
    return [f"{finding.rule}: {finding.message.partition(': ')[2]}" for finding in found]


class TestCanonicalAddresses:
    @pytest.mark.parametrize(
        "head",
        [
            "",
            '<link rel="canonical" href="https://a.example/a/">',
            "<LINK HREF=https://a.example/a/ REL=canonical>",
            "<link rel=canonical href=/a/>",
            "<link\n  href='https://a.example/%61/'\n  rel='canonical' />",
            '<link rel="canonical" href="https://a.example/a/index.html">',
            '<link rel="stylesheet" href="/x.css"><link rel="canonical">',
            '<!-- <link rel="canonical" href="/b/"> --><title>x</title>',
            '</head><body><link rel="canonical" href="/b/">',
            " " * 70_000 + '<link rel="canonical" href="/b/">',
            '<link rel="canonical" href="',
            '<link rel="canonical" href="/b/',
        ],
    )
    def test_nothing_to_say(self, tmp_path: Path, head: str) -> None:
        assert canonical(tmp_path, head) == []

    @pytest.mark.parametrize(
        ("href", "what"),
        [
            ("http://a.example/a/", "one is https, one is http"),
            ("https://a.example/a", "only the slash at the end differs"),
            ("https://www.a.example/a/", "another host"),
            ("https://a.example/b/", "another page"),
            ("/a/b&amp;c/", "another page"),
        ],
    )
    def test_other_addresses_are_told_apart(self, tmp_path: Path, href: str, what: str) -> None:
        head = f'<meta charset=utf-8><link title=">" href="{href}" rel="alternate canonical">'
        assert canonical(tmp_path, head) == [f"canonical: {what}"]

    def test_only_posts_that_are_shown_are_read(self, tmp_path: Path) -> None:
        head = '<link rel="canonical" href="/b/">'
        assert check(tmp_path, {"a/index.html": head}, [make_post("a/")]) == []

    def test_what_is_wrong_with_the_whole_site_is_told_once(self, tmp_path: Path) -> None:
        posts = [make_post(f"{number}/") for number in range(4)]
        pages = {
            f"{number}/index.html": f"<link rel=canonical href=http://a.example/{number}/>"
            for number in range(4)
        }
        found = check(tmp_path, pages, posts, shown=[each.id for each in posts])
        assert len(found) == 1
        assert found[0].severity is Severity.WARNING
        assert found[0].message.endswith("(so it is with 3 more)")


class TestWhichFolder:
    @pytest.mark.parametrize("name", ["index.html", "sitemap.xml"])
    def test_the_output_if_it_holds_a_site(self, tmp_path: Path, name: str) -> None:
        assert find_built(write_files(tmp_path, {name: ""}), None, ()) == tmp_path

    def test_not_if_only_feeds_wrote_into_it(self, tmp_path: Path) -> None:
        files = {"index.html": "", "newsletter/2026-11/index.html": "", "feed.xml": ""}
        assert find_built(write_files(tmp_path, files), None, files) is None

    def test_a_named_one_must_be_there(self, tmp_path: Path) -> None:
        assert find_built(tmp_path / "no", tmp_path, ()) == tmp_path
        with pytest.raises(FeedsError, match="there is no folder"):
            find_built(tmp_path, tmp_path / "no", ())


class TestABuild:
    def test_nothing_is_written_while_links_are_dead(self, tmp_path: Path) -> None:
        blog(tmp_path, {"one.md": post("# One\n"), "two.md": post("# Two\n")})
        write_files(tmp_path, {"public/index.html": "", "public/2026/11/01/one/index.html": ""})
        with pytest.raises(ProblemsError) as caught:
            build_project(tmp_path)
        assert [(found.rule, str(found.at)) for found in caught.value.findings] == [
            ("dead-permalink", "content/posts/two.md")
        ]
        assert not (tmp_path / "public" / "feed.xml").exists()

    def test_the_folder_can_be_named(self, tmp_path: Path) -> None:
        blog(tmp_path, {"one.md": post("# One\n")})
        write_files(tmp_path, {"elsewhere/index.html": ""})
        done = run_here(["build", "--built", "elsewhere"], tmp_path)
        assert done.returncode == 1
        assert "leads to no page of the site in elsewhere/" in done.stderr
        assert run_here(["build", "--built", "nowhere"], tmp_path).returncode == 1
        write_files(tmp_path, {"elsewhere/2026/11/01/one.html": "<link rel=canonical href=/x/>"})
        done = run_here(["build", "--built", "elsewhere"], tmp_path)
        assert done.returncode == 0
        assert "another page" in done.stderr

    def test_its_own_pages_are_no_site(self, tmp_path: Path) -> None:
        blog(tmp_path, {"one.md": post("# One\n")})
        for _ in range(2):
            assert not build_project(tmp_path).findings

    def test_previews_are_not_looked_up(self, tmp_path: Path) -> None:
        blog(tmp_path, {"one.md": post("# One\n", draft="true")})
        settings = (tmp_path / "feeds.toml").read_text()
        write_files(tmp_path, {"feeds.toml": settings + 'built = "site"\n', "site/index.html": ""})
        assert build_project(tmp_path, output="preview", drafts=True).posts == 1


@pytest.mark.parametrize("url", ["https://[", "//[", "https://a.example]/", "http://[::1/a/"])
def test_addresses_that_are_none_say_nothing(url: str, tmp_path: Path) -> None:
    assert canonical(tmp_path, f'<link rel="canonical" href="{url}">') == []
    sitemap = f"<urlset><url><loc>{url}</loc></url></urlset>"
    assert dead(tmp_path / "listed", {"sitemap.xml": sitemap}, "a/")
    index = f"<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>"
    assert dead(tmp_path / "index", {"sitemap.xml": index}, "a/")
