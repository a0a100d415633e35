import pytest
from html_samples import junk_html
from hypothesis import given
from hypothesis import strategies as st

from feeds.posts.tree import (
    MAX_DEPTH,
    Comment,
    Element,
    collapse,
    escape,
    find_matches,
    parse_html,
    serialise,
    text_of,
    walk,
)


def test_html_is_read_as_browsers_read_it():
    assert parse_html("a<!-- c --><p>b<div>d") == (
        "a",
        Comment("c"),
        Element("p", {}, ("b",)),
        Element("div", {}, ("d",)),
    )


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("", ""),
        ("<br/>x<img src=a>", '<br>x<img src="a">'),
        ("<p title='\"&lt;'>a &amp; b&nbsp;&lt;c", '<p title="&quot;&lt;">a &amp; b&nbsp;&lt;c</p>'),
        ("<!-- gone -->x", "x"),
        ("<b>1<i>2</b>3</i>", "<b>1<i>2</i></b><i>3</i>"),
        ("a\r\nb\rc&#13;d", "a\nb\nc\nd"),
        ("a\x00\x08b\x7f\x85c\ufffe&#x1;", "abc"),
        ("invoice \u202egnp.exe \u2066x\u2069", "invoice gnp.exe x"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
        ("👩\u200d💻 e\u0301 ü 日本", "👩\u200d💻 e\u0301 ü 日本"),
    ],
)
def test_what_is_read_is_written_as_well_formed_html(html, written):
    assert serialise(parse_html(html)) == written


@given(junk_html())
def test_well_formed_html_is_read_back_as_it_was_written(html):
    text = text_of(parse_html(html))
    assert text_of(parse_html(escape(text))) == text
    assert not set(text) & set("\x00\x01\u202e\ud83d\r")


def test_deep_elements_give_way_to_what_they_hold():
    nodes = parse_html("<div>" * 10_000 + "x" + "</div>" * 10_000 + "y")
    depth = 0
    level = [node for node in nodes if isinstance(node, Element)]
    while level:
        depth += 1
        level = [node for node in level[0].children if isinstance(node, Element)]
    assert depth == MAX_DEPTH
    assert text_of(nodes) == "xy"


def test_walk_gives_every_element_before_what_it_holds():
    assert [element.tag for element in walk(parse_html("<p><b><i>x</i></b></p><ul><li>y"))] == [
        "p", "b", "i", "ul", "li",
    ]  # fmt: skip


def test_elements_are_found_by_selectors_and_by_their_numbers():
    html = (
        '<!DOCTYPE html><html><head></head><body><p style="color:red">a</p><ul><li>b<li>c</ul></body></html>'
    )
    elements, matches = find_matches(html, ["p", "ul > li", "li:first-child", "h1", "p:is("])
    assert elements == [
        ("html", ""), ("head", ""), ("body", ""), ("p", "color:red"), ("ul", ""), ("li", ""), ("li", ""),
    ]  # fmt: skip
    assert matches == [[3], [5, 6], [5], [], []]


def test_text_leaves_out_scripts_and_comments():
    assert text_of(parse_html("a<script>b</script><style>c</style><!-- d --><p>e")) == "ae"


@given(st.text())
def test_collapsed_text_is_one_line_without_double_spaces(text):
    line = collapse(text)
    assert line == line.strip()
    assert "\n" not in line
    assert "  " not in line
