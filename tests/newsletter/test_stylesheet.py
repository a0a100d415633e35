"""Stylesheets are looked at before they are inlined."""

from pathlib import Path

import pytest

from feeds.errors import Severity
from feeds.newsletter.stylesheet import Stylesheet, check_head, check_inlined

BUNDLED = Path(__file__).parents[2] / "templates"


def found(css: str) -> list[tuple[str, int, str]]:
    return [
        (finding.severity.value, finding.at.line, finding.message)
        for finding in check_inlined(Stylesheet("theme/digest.css", css))
    ]


@pytest.mark.parametrize(
    "css",
    [
        "",
        "/* nothing */",
        "p { color: #abc; margin: 0 }",
        ".a p, h1.b > a { background-color: rgba(0, 0, 0, .5); mso-line-height-rule: exactly }",
        "li:first-child, li:last-child { color: red }",
        "p { width: calc(100% - 2px); color: hsl(1, 2%, 3%) }",
    ],
)
def test_what_is_inlined_well_is_let_through(css):
    assert found(css) == []


@pytest.mark.parametrize(
    ("css", "message"),
    [
        ('@import "x.css";', "an @import rule cannot be inlined"),
        ("@media print { p { color: red } }", "an @media rule cannot be inlined"),
        ("@media print { @media screen { p { color: red } } }", "an @media rule cannot be inlined"),
        ("@font-face { font-family: x }", "an @font-face rule cannot be inlined"),
        ("p:is(.a, .b) { color: red }", "rules with `:is()` are not inlined"),
        ("p:not(.a) { color: red }", "rules with `:not()` are not inlined"),
        (".a * { color: red }", "rules with `*` are not inlined"),
        ('a[href*="x"] { color: red }', "`,`, `:` and `*` in an attribute selector are not understood"),
        ('a[href="x,y"] { color: red }', "`,`, `:` and `*` in an attribute selector are not understood"),
        ('a[href="http://x"] { color: red }', "`,`, `:` and `*` in an attribute selector are not understood"),
        ("p { .a { color: red } }", "nested rules are not inlined"),
        ("& p { color: red }", "nested rules are not inlined"),
        ("p { color: #11223344 }", "the colour #11223344 is dropped"),
        ("p { color: rgb(0 0 0 / 50%) }", "rgb() without commas is dropped"),
        ("p { border: 1px solid hsl(200deg 50% 50%) }", "hsl() without commas is dropped"),
        ("p { color }", "this is not CSS: EOF reached before {} block for a qualified rule."),
        ("p", "this is not CSS: EOF reached before {} block for a qualified rule."),
        ("} p { color: red }", "this is not CSS: Unmatched }"),
    ],
)
def test_what_would_be_lost_is_an_error_at_its_line(css, message):
    assert found("h1 { color: red }\n\n" + css) == [("error", 3, message)]


@pytest.mark.parametrize(
    ("css", "message"),
    [
        ("a:hover { color: red }", "`:hover` cannot be inlined"),
        ("p::before { color: red }", "`:before` cannot be inlined"),
        ("p[class] { color: red }", "an attribute selector counts for less than a class here"),
        ("p { color: var(--x) }", "mail programs such as Gmail and Outlook do not know var()"),
        ("p { background: url(a.png) }", "images of a stylesheet are not shown by many mail programs"),
    ],
)
def test_what_many_mail_programs_do_not_know_is_a_warning(css, message):
    assert found("\n" + css) == [("warning", 2, message)]


def test_an_error_says_how_to_mend_it():
    (finding,) = check_inlined(Stylesheet("theme/digest.css", "\n  @media print {}"))
    assert str(finding) == (
        "theme/digest.css:2:3: an @media rule cannot be inlined\n"
        "  help: move it to digest-head.css, which stays in the letter's head as it is"
    )


@pytest.mark.parametrize(
    ("css", "messages"),
    [
        ("@media print { * { color: red !important } } [data-ogsc] a:hover { color: red }", []),
        ("@import url(x);", ["an @import rule fetches from elsewhere"]),
        (
            "p{} </STYLE><script>",
            ["this is not CSS: EOF reached before {} block for a qualified rule.", "`</style`"],
        ),
    ],
)
def test_the_sheet_in_the_head_may_hold_nearly_everything(css, messages):
    findings = check_head(Stylesheet("x.css", css))
    assert all(finding.severity is Severity.ERROR for finding in findings)
    assert [
        finding.message[: len(message)] for finding, message in zip(findings, messages, strict=True)
    ] == messages


def test_the_bundled_sheets_are_clean():
    inlined, head = (
        Stylesheet(name, (BUNDLED / name).read_text("utf-8")) for name in ("digest.css", "digest-head.css")
    )
    assert check_inlined(inlined) == ()
    assert check_head(head) == ()
