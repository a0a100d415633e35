"""A letter's HTML is looked at before it is inlined."""

from dataclasses import replace
from pathlib import Path

import pytest
from letter_samples import SETTINGS, make_entry, make_issue, make_post, make_site, november

from feeds.errors import Finding, ProblemsError
from feeds.newsletter import load_look, render_letter
from feeds.newsletter.css import Stylesheet
from feeds.newsletter.markup import MAX_DEPTH, anatomy_of, check_markup, kept_sheets, nowhere

KEPT = '<style data-premailer="ignore">'


def document(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def found(html: str, *head: Stylesheet) -> list[str]:
    anatomy = anatomy_of(html)
    findings = check_markup(anatomy, kept_sheets(anatomy, head, nowhere), nowhere)
    return [f"{finding.severity.value}: {finding.message}" for finding in findings]


@pytest.mark.parametrize(
    "body",
    [
        '<p style="color:#fff">a <img src="https://a.example/a.png" alt=""></p>',
        '<a href="#b">a</a><p id="b">b</p><a href="mailto:a@b.example">c</a>',
        "<!--[if mso]><table><tr><td><svg><![endif]-->a<!--[if mso]></td></tr></table><![endif]-->",
        "<!--[if !mso]><!--><p>a</p><!--<![endif]-->",
        "<pre>{{ not filled in }} &lt;![if x]&gt; &lt;picture&gt;</pre>",
        "<div>" * 150 + "</div>" * 150,
    ],
)
def test_what_a_letter_may_hold_is_let_through(body):
    assert found(document(body, f"{KEPT}@media print {{ p {{ color: red !important }} }}</style>")) == []


def test_the_places_of_tags():
    html = document(
        '<p\n title="a\nb">\na &amp; ü<br/>\n<!-- <b>\n -->\n\n<i>c</i></p>\n<hr>',
        f"{KEPT}\np {{ }}</style>\n",
    )
    names = ["html", "head", "style", "body", "p", "br", "i", "hr"]
    tags = anatomy_of(html).tags
    assert [tag.name for tag in tags] == names
    assert [tag.offset for tag in tags] == [html.index(f"<{name}") for name in names]


@pytest.mark.parametrize(
    "html",
    [
        "<!doctype html>",
        "<!DOCTYPE  html>",
        "\ufeff<!DOCTYPE html>",
        "<!-- hello --><!DOCTYPE html>",
        "",
    ],
)
def test_nothing_may_come_before_the_document_type(html):
    assert found(f'{html}<html lang="en"><body>a</body></html>') == [
        "error: the letter does not begin with <!DOCTYPE html>"
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<style>p { color: red }</style>", "error: the letter holds a <style> or a linked style sheet that is neither inlined nor kept"),
        ('<link rel="stylesheet" href="https://a.example/a.css">', "error: the letter holds a <style> or a linked style sheet that is neither inlined nor kept"),
        (f"{KEPT}p {{ color: red !important }}</style>", "warning: Gmail ignores a <style> outside the head"),
        ("<picture></picture>", "error: <picture> does not survive: the inliner closes a <source> behind the <img>"),
        ('<source src="https://a.example/a">', "error: <source> does not survive: the inliner closes a <source> behind the <img>"),
        ("<svg></svg>", "error: <svg> does not survive: the inliner writes its attributes in small letters, and no mail program shows it"),
        ("<![if !mso]><p>a</p><![endif]>", "error: the inliner breaks the form <![if …]>"),
        ("<!--[if mso]><table>-->", "error: a comment for Outlook is not closed by <![endif]-->"),
        ("<!--[if !mso]><!--><p>a</p>", "error: `<!--[if !mso]><!-->` and `<!--<![endif]-->` do not pair"),
        ("<div>" * 300, f"error: the letter holds elements 302 levels deep, {MAX_DEPTH} is the most"),
        ('<a href="{{ url }}">a</a>', "error: `href` holds template syntax that nothing fills in: '{{ url }}'"),
        ('<img alt="" src="https://a.example/{{ x }}.png">', "error: `src` holds template syntax that nothing fills in: 'https://a.example/{{ x }}.png'"),
        ('<a href="/about/">a</a>', "warning: `href` of a <a> leads nowhere from a mail: '/about/'"),
        ('<a href="//a.example/">a</a>', "warning: `href` of a <a> leads nowhere from a mail: '//a.example/'"),
        ('<a href="javascript:a()">a</a>', "warning: `href` of a <a> leads nowhere from a mail: 'javascript:a()'"),
        ('<a href="#b">a</a>', "warning: '#b' leads nowhere in the letter"),
        ('<img alt="" srcset="https://a.example/a.png 2x">', "warning: mail programs do not know `srcset`"),
        ('<img src="https://a.example/a.png">', "warning: an <img> has no `alt`"),
        ("<video></video>", "warning: mail programs do not show <video>"),
        ("<script></script>", "warning: mail programs remove <script>"),
        ('<p style="color: #11223344">a</p>', "error: the colour #11223344 is dropped"),
        ('<p style="float: left">a</p><b style="float: left">a</b>', "warning: Outlook for Windows does not know `float`"),
    ],
)  # fmt: skip
def test_what_would_break_or_not_be_shown_is_named(body, message):
    assert found(document(body)) == [message]


def test_blank_lines_before_the_document_type_do_no_harm(tmp_path):
    assert found(f"\n {document('a')}") == []
    assert findings_of(tmp_path, f"\n\n{EXTENDS}") == []


def test_a_letter_says_its_language():
    assert found("<!DOCTYPE html><html><body>a</body></html>") == [
        "warning: the letter does not say its language"
    ]


def test_a_kept_style_is_looked_at_unless_its_sheet_was_before():
    css = "/* a */ p { color }"
    assert found(document("", f"{KEPT}{css}</style>")) == [
        "warning: this is not CSS: EOF reached before {} block for a qualified rule."
    ]
    assert found(document("", f"{KEPT}p {{ color }}</style>"), Stylesheet("head.css", css)) == []


# --- places in templates ------------------------------------------------------------------------------------


def findings_of(root: Path, digest: str, entries=None) -> list[Finding]:
    """What is found in a letter made with a template of one's own."""
    (root / "mail").mkdir()
    (root / "mail/digest.html").write_text(digest, "utf-8")
    (root / "mail/part.html").write_text("<p>\n<svg></svg></p>\n", "utf-8")
    site, findings = make_site(root), []
    look = load_look(site, replace(SETTINGS, templates="mail"), findings.append)
    try:
        render_letter(look, make_issue(site, entries or november()), findings.append)
    except ProblemsError as error:
        findings += error.findings
    return findings


EXTENDS = '{% extends "feeds/digest.html" %}\n'


@pytest.mark.parametrize(
    ("digest", "place"),
    [
        (EXTENDS + "{% block intro %}\n<p>a</p>\n\n<p><svg></svg></p>\n{% endblock %}", "mail/digest.html:5"),
        (
            EXTENDS + "{% block intro %}\n{% for n in [1, 2] %}\n<p>{{ n }}</p>\n{% endfor %}\n"
            "<!-- a -->\n<svg></svg>\n{% endblock %}",
            "mail/digest.html:7",
        ),
        (EXTENDS + "{% block intro %}\n{{ '<svg></svg>' | safe }}\n{% endblock %}", "mail/digest.html:3"),
        (
            EXTENDS + "{% macro a() %}\n<b>\n<svg></svg></b>\n{% endmacro %}\n"
            "{% block intro %}\n<p>\n{{ a() }}</p>\n{% endblock %}",
            "mail/digest.html:4",
        ),
        (EXTENDS + '{% block intro %}\n<p></p>\n{% include "part.html" %}\n{% endblock %}', "mail/digest.html:4"),
        (
            EXTENDS + "{% block head %}\n" + KEPT + "\np { color: red }\n@import url(a.css);\n</style>{% endblock %}",
            "mail/digest.html:5",
        ),
        ("\n<!-- Ours -->\n" + EXTENDS, "mail/digest.html:2"),
    ],
)  # fmt: skip
def test_an_error_names_the_line_of_the_template(tmp_path, digest, place):
    (finding,) = findings_of(tmp_path, digest)
    assert str(finding.at) == place


def test_a_warning_does_not_stop_the_letter(tmp_path):
    digest = EXTENDS + '{% block intro %}\n<p><a href="/about/">Us</a></p>\n{% endblock %}'
    (finding,) = findings_of(tmp_path, digest)
    assert str(finding).startswith(
        "mail/digest.html:3: warning: `href` of a <a> leads nowhere from a mail: '/about/'"
    )


def test_a_kept_rule_that_an_inlined_style_beats_is_named(tmp_path):
    style = f"{KEPT}\n.facts {{\n  color: red;\n}}\n</style>"
    (finding,) = findings_of(tmp_path, EXTENDS + f"{{% block head %}}\n{style}\n{{% endblock %}}")
    assert str(finding).startswith("mail/digest.html:5: warning: `color` of `.facts` does nothing")


def test_what_a_post_holds_is_said_of_the_post(tmp_path):
    entries = [
        make_entry(make_post("a"), '<p><a href="/x?a=1&amp;b=2">x</a></p>'),
        make_entry(make_post("b")),
    ]
    (finding,) = findings_of(tmp_path, EXTENDS, entries)
    assert str(finding.at) == "docs/posts/a.md"
