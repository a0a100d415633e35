"""Stylesheets are looked at before they are inlined."""

import pytest

from feeds.newsletter.css import Stylesheet
from feeds.newsletter.stylesheet import check_head, check_inlined, check_styles


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
        "p { width: 50%; color: hsl(1, 2%, 3%) }",
        "p { color: red; color: red; position: static; float: none }",
        "/* a */ .Big p { color: red /* b */ }",
        "ul > li + li ~ li { border-radius: 4px; box-shadow: 0 0 1px #000 }",
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
        ("p { color: #12345 }", "the colour #12345 is dropped"),
        ("p { background: linear-gradient(rgb(0 0 0 / 50%), red) }", "rgb() without commas is dropped"),
        (
            "p { color: #000; color: rgba(0, 0, 0, .5) }",
            "of two values of `color` in one rule only the last is inlined",
        ),
        ("p { color: unset }", "`unset` is dropped"),
        (".a\\:b { color: red }", "`\\` in a selector is not understood"),
        ("svg|a { color: red }", "rules with `|` are not inlined"),
        ("a, { color: red }", "a selector is missing"),
        ("a || b { color: red }", "rules with `||` are not inlined"),
        ("P.a { color: red }", "`P` matches no element, as their names are in small letters"),
        ("p { color: ; }", "`color` has no value"),
        ("a /* the link */ b { color: red }", "a rule with a comment in its selector is not inlined"),
        (
            "[data-ogsc] p { color: red }",
            "`[data-ogsc]` matches only inside a mail program, so that it is never inlined",
        ),
        (
            ".ExternalClass p { color: red }",
            "`ExternalClass` matches only inside a mail program, so that it is never inlined",
        ),
        ("u+.body { color: red }", "`u` matches only inside a mail program, so that it is never inlined"),
        ('@charset "utf-8";', "an @charset rule cannot be inlined"),
        ("@supports (display: grid) { p { color: red } }", "an @supports rule cannot be inlined"),
    ],
)
def test_what_would_be_lost_is_an_error_at_its_line(css, message):
    errors = [each for each in found("h1 { color: red }\n\n" + css) if each[0] == "error"]
    assert errors == [("error", 3, message)]


@pytest.mark.parametrize(
    ("css", "message"),
    [
        ("a:hover { color: red }", "`:hover` cannot be inlined"),
        ("p::before { color: red }", "`:before` cannot be inlined"),
        ("p[class] { color: red }", "an attribute selector counts for less than a class here"),
        (
            "li:first-child a { color: red }",
            "`:first-child` is inlined only at the end of a selector, on its own",
        ),
        ("p { color: var(--x) }", "Gmail, Outlook and Yahoo do not know `var()`"),
        ("p { --x: red }", "Gmail, Outlook and Yahoo do not know custom properties"),
        ("p { display: flex }", "Outlook for Windows does not know `display: flex`"),
        ("p { display: inline-grid }", "Gmail, Outlook and Yahoo do not know `display: inline-grid`"),
        ("p { position: absolute }", "Gmail and Outlook for Windows do not know `position`"),
        ("p { float: left }", "Outlook for Windows does not know `float`"),
        ("p { margin-inline: 0 }", "Gmail, Outlook and Yahoo do not know `margin-inline`"),
        ("p { width: calc(100% - 2px) }", "Outlook does not know `calc()`"),
        ("p { color: oklch(40% .2 30) }", "Gmail, Outlook and Yahoo do not know `oklch()`"),
        ("p { padding: 0 2rem }", "Outlook for Windows does not know the unit `rem`"),
        (
            "p { color: red !important }",
            "Outlook for Windows drops inlined values with `!important`; elsewhere nothing changes them",
        ),
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


def test_a_feature_is_named_once_wherever_it_stands():
    sheets = [
        Stylesheet("a.css", "p { float: left }\np { float: right; position: fixed }"),
        Stylesheet("b.css", "h1 { float: left }"),
    ]
    assert [str(finding.at) for finding in check_styles(sheets, [])] == ["a.css:1:5", "a.css:2:19"]


@pytest.mark.parametrize(
    "css",
    [
        "@media print { * { color: red !important } } [data-ogsc] a:hover { color: red }",
        "@font-face { font-family: a; src: url(https://a.example/a.woff2) }",
        "@supports (display: grid) { p { color: rgb(0 0 0 / 50%) } }",
        "/* a!important */ u + .body p { display: flex }",
    ],
)
def test_the_sheet_in_the_head_may_hold_nearly_everything(css):
    assert check_head(Stylesheet("x.css", css)) == ()


@pytest.mark.parametrize(
    ("css", "line", "message"),
    [
        ("\n@import url(x);", 2, "error: an @import rule fetches from elsewhere"),
        ("@media print {\n @import url(x);\n}", 2, "error: an @import rule fetches from elsewhere"),
        ("\np", 2, "error: this is not CSS: EOF reached before {} block for a qualified rule."),
        (
            "p { }\np { color }",
            2,
            "warning: this is not CSS: EOF reached before {} block for a qualified rule.",
        ),
        (
            "@media screen {\n@media (max-width: 9px) { }}",
            2,
            "warning: Outlook removes an @media rule inside another",
        ),
        ("p {\n a { color: red } }", 2, "warning: mail programs do not know nested rules"),
        (
            "p {\n color: red!important }",
            2,
            "warning: Outlook drops a value that has no space before its `!important`",
        ),
        ("p { } /*\n</STYLE> */", 1, "error: `</style` would end the letter's stylesheet"),
    ],
)
def test_what_is_not_read_in_the_head_is_named(css, line, message):
    (finding,) = check_head(Stylesheet("x.css", css))
    assert (finding.at.line, f"{finding.severity.value}: {finding.message}") == (line, message)


def test_a_sheet_inside_a_template_counts_its_lines_from_there():
    (finding,) = check_head(Stylesheet("digest.html", "\n@import url(x);", 40))
    assert str(finding.at) == "digest.html:41"
