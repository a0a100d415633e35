import pytest
from html_samples import PAGE, PAGES, RENDERER, URL, make_post, make_site
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import Finding, Severity
from feeds.model import Entry, Excerpting
from feeds.posts.entries import render_entry
from feeds.posts.links import Links
from feeds.posts.scope import Scope

SITE = make_site()
LINKS = Links(SITE, PAGES)


def entry(body: str, findings: list[Finding] | None = None, *, full: bool = False, **post) -> Entry | None:
    report = (findings if findings is not None else []).append
    made = make_post(body, **post)
    scope = Scope(SITE, made.source, made.url, {}, PAGES, report)
    return render_entry(scope, made, RENDERER, LINKS, full=full)


def test_an_entry_has_the_excerpt_as_html_and_as_text():
    made = entry("# The title\n\nSee [b](b.md).\n\n<!-- more -->\n\nThe rest.")
    assert made.excerpt.html == f'<p>See <a href="{URL}blog/2026/b/">b</a>.</p>'
    assert made.excerpt.text == "See b."
    assert not made.excerpt.is_whole
    assert made.content is None


def test_an_entry_has_the_whole_text_where_a_feed_carries_it():
    made = entry("# The title\n\nFirst.\n\n<!-- more -->\n\nThe rest.", full=True)
    assert made.content == "<p>First.</p>\n<p>The rest.</p>"


@pytest.mark.parametrize(
    ("body", "description", "html", "is_whole"),
    [
        ("a\n\n<!-- more -->\n\nb", "About it", "<p>a</p>", False),
        ("a\n\nb", "About <it> & that", "<p>About &lt;it&gt; &amp; that</p>", False),
        ("a\n\nb", "", "<p>a</p>\n<p>b</p>", True),
        ("", "", "", True),
    ],
)
def test_the_mark_comes_before_the_description_and_that_before_the_first_blocks(
    body, description, html, is_whole
):
    made = entry(body, description=description)
    assert (made.excerpt.html, made.excerpt.is_whole) == (html, is_whole)


def test_the_mark_is_the_posts_own():
    body = "a\n\n<!-- more -->\n\nb\n\n<!-- truncate -->\n\nc"
    assert entry(body, excerpting=Excerpting(("truncate",))).excerpt.html == "<p>a</p>\n<p>b</p>"


def test_a_mark_with_nothing_before_it_is_pointed_out():
    findings = []
    made = entry("# The title\n\n<!-- more -->\n\nText.", findings, line=4)
    assert made.excerpt.html == "<p>Text.</p>"
    assert [str(finding).split("\n")[0] for finding in findings] == [
        "docs/blog/posts/a.md:6: warning: nothing stands before the excerpt's mark"
    ]


def test_a_link_to_no_page_is_pointed_out_once():
    findings = []
    body = (
        "a [b](b.md)\n\n[c](lost.md) and [again](lost.md#part)\n\n<!-- more -->\n\n[d](lost.md) [e](gone.md)"
    )
    made = entry(body, findings, full=True, line=4)
    assert f'<a href="{PAGE}lost.md">c</a>' in made.content
    assert [str(finding).split("\n")[0] for finding in findings] == [
        "docs/blog/posts/a.md:6: warning: the link to lost.md leads nowhere: blog/posts/lost.md is no page of the site",
        "docs/blog/posts/a.md:10: warning: the link to gone.md leads nowhere: blog/posts/gone.md is no page of the site",
    ]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("lost.md\n\n[c](lost.md)", 3),
        ("[c](  \n<lost.md>)", 1),
        ("[c][r]\n\n[r]: lost.md", 3),
        ("x\n\n<a href='lost.md'>c</a>", 3),
        ("x\n\n[a](lost.md#b) [c](lost.md)", 3),
        ("[c](lost&period;md)", None),
    ],
)
def test_a_link_to_no_page_is_pointed_out_with_its_line(body, line):
    findings = []
    entry(body, findings)
    assert [finding.at.line for finding in findings] == [line]


def test_a_post_whose_description_is_shown_need_not_be_rendered():
    findings = []
    made = entry("a\n\n![A](a.png)\n\n" + "[" * 20_000, findings, description="About it")
    assert (made.excerpt.html, made.image.url) == ("<p>About it</p>", f"{URL}blog/a.png")
    assert findings == []


def test_a_post_that_passes_a_limit_is_an_error_whatever_is_shown_of_it():
    for body, changes in (
        ("> " * 70, {"description": "About it"}),
        (f"a\n\n<!-- more -->\n\nb\n\n{'> ' * 70}", {}),
        (f"{'word ' * 300}\n\nb\n\n{'> ' * 70}", {}),
    ):
        findings = []
        assert entry(body, findings, **changes) is None
        assert findings[0].rule == "post-too-large"


def test_a_post_that_cannot_be_rendered_is_an_error_and_no_entry():
    findings = []
    assert entry("text\n\n" + "[" * 20_000, findings) is None
    assert [finding.severity for finding in findings] == [Severity.ERROR]
    assert str(findings[0].at) == "docs/blog/posts/a.md:3"


@given(st.text(), st.text())
def test_any_text_becomes_an_entry(body, description):
    made = entry(body, full=True, description=description)
    assert made is not None
    assert made.reading_minutes >= 1
    assert len(made.excerpt.text) < 5000 + len(description)
