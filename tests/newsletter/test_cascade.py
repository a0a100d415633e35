"""What inlining gave the elements is compared with what the stylesheets ask for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.newsletter.cascade import compare_styles, longhands
from feeds.newsletter.css import Stylesheet, declarations_of
from feeds.newsletter.inlining import inline


def document(body: str) -> str:
    return f"<!DOCTYPE html>\n<html><head></head><body>{body}</body></html>\n"


def compared(before: str, after: str, css: str, head: str = "") -> list[tuple[str, str]]:
    findings = compare_styles(
        document(before), document(after), [Stylesheet("a.css", css)], [Stylesheet("head.css", head)]
    )
    return [(str(finding.at), finding.message) for finding in findings]


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("color: red", {"color": ("color", "red")}),
        ("margin: 1px 2px", {"top": "1px", "right": "2px", "bottom": "1px", "left": "2px"}),
        ("margin: 1px 2px 3px", {"top": "1px", "right": "2px", "bottom": "3px", "left": "2px"}),
        ("margin: 0", {"top": "0", "right": "0", "bottom": "0", "left": "0"}),
    ],
)
def test_a_shorthand_stands_for_its_longhands(declaration, expected):
    (each,) = declarations_of(declaration)
    if each.name == "margin":
        expected = {f"margin-{side}": (f"margin-{side}", value) for side, value in expected.items()}
    assert longhands(each) == expected


@pytest.mark.parametrize(
    ("before", "after", "css"),
    [
        ("<p>a</p>", '<p style="color:#fff">a</p>', "p { color: #FFFFFF }"),
        (
            "<p>a</p>",
            '<p style="padding:1px; padding-left:0">a</p>',
            "p { padding: 1px } p { padding-left: 0 }",
        ),
        ('<p class="x">a</p>', '<p class="x" style="color:red">a</p>', ".x { color: red } p { color: blue }"),
        ('<p style="color:red">a</p>', '<p style="color:red">a</p>', "p { color: blue }"),
        (
            "<p>a</p>",
            '<p style="color:red !important">a</p>',
            "p { color: red !important } p { color: blue }",
        ),
        ("<p>a</p>", "<p>a</p>", "h1 { color: red } a:hover, p::before { color: red }"),
        ("<p>a</p>", '<p style="margin:0">a</p>', "p { margin-left: 9px } p { margin: 0 }"),
        ("<table><tr><td>a</table>", '<table><tr><td style="color:red">a</table>', "td { color: red }"),
    ],
)
def test_what_came_through_is_not_named(before, after, css):
    assert compared(before, after, css) == []


@pytest.mark.parametrize(
    ("before", "after", "css", "place", "message"),
    [
        (
            "<p>a</p>",
            "<p>a</p>",
            "\np { margin: 0;\n color: red }",
            "a.css:3:2",
            "`color: red` of `p` did not reach a <p> of the letter",
        ),
        (
            '<p class="x">a</p>',
            '<p class="x" style="color:blue">a</p>',
            "p[class] { color: red } p { color: blue }",
            "a.css:1:12",
            "`color: red` of `p[class]` did not reach a <p> of the letter",
        ),
        (
            "<p>a</p>",
            '<p style="margin:0; margin-left:9px">a</p>',
            "p { margin-left: 9px } p { margin: 0 }",
            "a.css:1:28",
            "`margin: 0` of `p` did not reach a <p> of the letter",
        ),
        (
            '<b style="color:red">a</b>',
            '<b style="margin:0">a</b>',
            "b { margin: 0 }",
            "None",
            "`color: red` of its own style did not reach a <b> of the letter",
        ),
        (
            '<b style="color:red">a</b>',
            '<b style="color:red">a</b>',
            "b { color: blue !important }",
            "a.css:1:5",
            "`color: blue` of `b` did not reach a <b> of the letter",
        ),
    ],
)
def test_what_was_lost_is_named_with_its_place(before, after, css, place, message):
    lost = compared(before, after, css)
    assert (place, message) in lost
    assert {each for _, each in lost} == {message} or "margin" in css


def test_one_declaration_is_named_once_however_many_elements_lack_it():
    assert len(compared("<p>a</p>" * 9, "<p>a</p>" * 9, "p { color: red }")) == 1


def test_elements_that_moved_are_pointed_out():
    (finding,) = compared("<div><p>a</p></div>", "<p>a</p>", "p { color: red }")
    assert finding[1].startswith("the letter's elements lie otherwise after inlining")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("p { color: blue !important }", []),
        ("p { margin: 0 }", []),
        ("h1 { color: blue }", []),
        ("p { color: red }", []),
        ("p { color: blue }", ["head.css:1:5"]),
        ("@media print {\n p { color: blue }\n}", ["head.css:2:6"]),
        ("[data-ogsc] p { color: blue }", ["head.css:1:17"]),
        ("p:hover { color: blue }", ["head.css:1:11"]),
    ],
)
def test_a_rule_of_the_head_that_an_inlined_style_beats_is_named(head, expected):
    found = compared("<p>a</p>", '<p style="color:red">a</p>', "p { color: red }", head)
    assert [place for place, _ in found] == expected
    assert all("does nothing to a <p>, whose own style sets it" in message for _, message in found)


SELECTORS = (
    "p",
    "b",
    ".a",
    ".b",
    "p.a",
    "div .a",
    ".a .b",
    "div > p",
    ".a.b",
    "p + p",
    "div p b",
    "#i",
    "li:first-child",
)
DECLARATIONS = ("color: red", "color: #00F", "margin-left: 0px", "margin-left: 1.50px", "font-weight: bold")
BODY = (
    '<div class="a"><p class="b" id="i">a <b class="a b">b</b></p><p style="color:green">c</p><ul><li>d</li></ul></div>'
    '<p class="a b"><b>e</b></p>'
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(SELECTORS), st.sampled_from(DECLARATIONS)), max_size=12))
def test_what_is_plain_is_inlined_as_the_cascade_says(rules):
    css = "\n".join(f"{selector} {{ {declaration} }}" for selector, declaration in rules)
    findings = []
    html = document(BODY).replace("<html>", '<html lang="en">')
    # A pseudo-class counts as a class, but not to the inliner: there alone it may differ.
    inline(html, [Stylesheet("a.css", css)], findings.append)
    assert all("`li:first-child`" in finding.message for finding in findings)
