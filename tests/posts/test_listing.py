"""Every file that is a post: what became of it, and what it would be."""

import datetime as dt
from pathlib import Path

import pytest
from projects import NOW, SETTINGS, blog, material_blog, post, write_files

from feeds.config import load_settings
from feeds.errors import Finding, Severity
from feeds.generators import load_site
from feeds.posts.listing import Listing, list_posts, render_excerpt


def listing(root: Path, now: dt.datetime = NOW) -> Listing:
    settings = load_settings(root, environ={})
    findings: list[Finding] = []
    return list_posts(settings, load_site(settings, findings.append), now, findings)


def statuses(found: Listing) -> list[tuple[str, str]]:
    return [(row.path.rpartition("/")[2], row.status) for row in found.rows]


def test_published_posts_held_ones_drafts_and_errors(tmp_path: Path) -> None:
    posts = {
        "a.md": post("# A\n"),
        "b.md": post("# B\n", date="2026-11-10"),
        "c.md": post("# C\n", draft="true", date="2026-11-05"),
        "d.md": "---\ndraft: true\n---\n\n# D\n",
        "e.md": post("# E\n", date="2031-01-01"),
        "f.md": post("# F\n", date="soon"),
    }
    found = listing(blog(tmp_path, posts))
    assert statuses(found) == [
        *(("e.md", "held"), ("b.md", "published"), ("c.md", "draft"), ("a.md", "published")),
        *(("d.md", "draft"), ("f.md", "error")),
    ]
    assert [found.count(status) for status in ("published", "draft", "held", "expired")] == [2, 2, 1, 0]
    assert [post.title for post in found.held] == ["E"]
    assert found.folders == ("content/posts",)


def test_a_post_that_stands_in_for_its_translation_is_listed_with_either_address(tmp_path: Path) -> None:
    config = "i18n: { defaultLocale: 'en', locales: ['en', 'fr'] }, presets: [['classic', { blog: {} }]]"
    site = f"export default {{ title: 'T', url: 'https://t.example', baseUrl: '/', {config} }};"
    files = {"docusaurus.config.js": site, "blog/2026-01-02-a.md": "# A\n"}
    write_files(tmp_path, {**files, "blog/2026-01-03-b.md": "---\ndraft: true\n---\n"})
    found = listing(tmp_path)
    assert [(row.path, row.status, row.post and row.post.url) for row in found.rows] == [
        ("blog/2026-01-03-b.md", "draft", "https://t.example/blog/2026/01/03/b"),
        ("blog/2026-01-02-a.md", "published", "https://t.example/blog/2026/01/02/a"),
        ("blog/2026-01-02-a.md", "published", "https://t.example/fr/blog/2026/01/02/a"),
    ]
    assert found.collection.drafts == 1


def test_a_draft_tells_what_it_would_be_and_finds_no_fault(tmp_path: Path) -> None:
    posts = {"a.md": post("# A\n", draft="true", title="' '"), "b.md": "---\ndraft: true\n---\n\n# B\n"}
    found = listing(blog(tmp_path, posts))
    dated, undated = found.rows
    assert dated.post is not None
    assert dated.post.published.isoformat() == "2026-11-01T00:00:00+00:00"
    assert undated.post is None
    assert found.findings == ()


def test_files_that_are_no_posts_are_left_out(tmp_path: Path) -> None:
    blog(tmp_path, {})
    (tmp_path / "content" / "posts").mkdir(parents=True)
    (tmp_path / "content" / "about.md").write_text("# About\n", "utf-8")
    assert listing(tmp_path).rows == ()


def test_what_is_found_in_a_file_hangs_on_its_row(tmp_path: Path) -> None:
    found = listing(blog(tmp_path, {"a.md": post("Text.\n", title="' '"), "b.md": post("# B\n")}))
    by_name = {row.path: row.findings for row in found.rows}
    assert [finding.rule for finding in by_name["content/posts/a.md"]] == ["title"]
    assert by_name["content/posts/b.md"] == ()
    assert len(found.findings) == 1


@pytest.mark.parametrize(
    ("option", "expected"), [("draft_if_future_date: true", "held"), ("draft: false", "published")]
)
def test_what_the_generator_does_with_posts_to_come(tmp_path: Path, option: str, expected: str) -> None:
    config = f"plugins:\n  - blog:\n      {option}\n"
    found = listing(material_blog(tmp_path, {"a.md": post("# A\n", date="2031-01-01")}, config))
    assert statuses(found) == [("a.md", expected)]


def test_the_settings_count_as_in_a_build(tmp_path: Path) -> None:
    settings = SETTINGS + '[posts]\nfuture = "publish"\ndefault_time = "09:30"\n'
    found = listing(blog(tmp_path, {"a.md": post("# A\n", date="2031-01-01")}, settings))
    (row,) = found.rows
    assert row.status == "published"
    assert row.post is not None
    assert row.post.published.isoformat() == "2031-01-01T09:30:00+00:00"


def test_an_excerpt_is_rendered_for_any_post(tmp_path: Path) -> None:
    text = "# A\n\nTo [b](b.md), and [nowhere](gone.md).\n\n<!-- more -->\n\nRest.\n"
    found = listing(blog(tmp_path, {"a.md": post(text, draft="true"), "b.md": post("# B\n")}))
    row = next(row for row in found.rows if row.status == "draft")
    assert row.post is not None
    excerpt, findings = render_excerpt(found, row.post)
    assert excerpt is not None
    assert (excerpt.is_whole, "https://blog.example/2026/11/01/b/" in excerpt.html) == (False, True)
    assert [(finding.severity, finding.rule) for finding in findings] == [(Severity.WARNING, "dead-link")]
