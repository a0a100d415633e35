"""A stylesheet moves into the elements; all else stays as it was."""

import logging
from dataclasses import replace

import pytest
from letter_samples import SETTINGS, make_issue, make_look, make_site, november

from feeds.errors import FeedsError, ProblemsError
from feeds.newsletter import load_look, render_letter
from feeds.newsletter.css import Stylesheet
from feeds.newsletter.inlining import _compare, _cssutils, inline
from feeds.newsletter.markup import anatomy_of

KEPT = """
@media (prefers-color-scheme: dark) { .a > b { color: #fff !important } }
[data-ogsc] .a { color: #fff !important; }
@supports (display: grid) { * { color: rgb(0 0 0 / 50%) !important } }
"""


def document(body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>t</title>{head}</head>'
        f"<body>{body}</body></html>\n"
    )


def inlined(body: str, css: str, head: str = "") -> str:
    findings = []
    result = inline(document(body, head), [Stylesheet("theme/digest.css", css)], findings.append)
    assert [finding for finding in findings if finding.rule != "markup"] == []
    return result


@pytest.mark.parametrize(
    ("body", "css", "expected"),
    [
        ("<p>a</p>", "p { color: red }", '<p style="color:red">a</p>'),
        ("<p>a</p>", "h1 { color: red }", "<p>a</p>"),
        ('<p class="x">a</p>', ".x { color: red } p { color: blue }", '<p class="x" style="color:red">a</p>'),
        ('<p style="color:red">a</p>', "p { color: blue }", '<p style="color:red">a</p>'),
        ("<p>a</p>", "p { padding: 10px; padding-left: 0 }", '<p style="padding:10px; padding-left:0">a</p>'),
        ("<p>a</p>", "p { mso-line-height-rule: exactly }", '<p style="mso-line-height-rule:exactly">a</p>'),
        (
            '<img src="https://a.example/b.png" alt="" width="600">',
            "img { width: 50%; height: auto }",
            '<img src="https://a.example/b.png" alt="" width="600" style="width:50%; height:auto">',
        ),
        (
            '<table bgcolor="#ffffff"><tr><td>a</td></tr></table>',
            "table { background-color: #111111; text-align: right }",
            '<table bgcolor="#ffffff" style="background-color:#111; text-align:right">'
            "<tr><td>a</td></tr></table>",
        ),
        (
            '<a href="https://feeds.invalid/unsubscribe">a</a>',
            "",
            '<a href="https://feeds.invalid/unsubscribe">a</a>',
        ),
        ('<a href="#top">a</a>', "", '<a href="#top">a</a>'),
        (
            '<a href="https://a.example/?a=1&amp;b=%C3%BC">é</a>',
            "",
            '<a href="https://a.example/?a=1&amp;b=%C3%BC">é</a>',
        ),
        (
            '<a href="https://bücher.example/ü">a</a>',
            "",
            '<a href="https://xn--bcher-kva.example/%C3%BC">a</a>',
        ),
        ("<p>&lt;script&gt; &amp; {{ 7*7 }}</p>", "", "<p>&lt;script&gt; &amp; {{ 7*7 }}</p>"),
        ("<p>a\x00\x08b</p>", "", "<p>ab</p>"),
        ("<pre>  a\n\n  b\n</pre>", "", "<pre>  a\n\n  b\n</pre>"),
    ],
)
def test_rules_move_into_the_elements(body, css, expected):
    assert f"<body>{expected}</body>" in inlined(body, css)


def test_later_sheets_win():
    sheets = [Stylesheet("a.css", "p { color: red; margin: 0 }"), Stylesheet("b.css", "p { color: blue }")]
    assert '<p style="color:blue; margin:0">' in inline(document("<p>a</p>"), sheets, [].append)


def test_a_style_that_is_to_be_kept_stays_byte_for_byte():
    result = inlined(
        '<p class="a">a</p>', ".a { color: red }", f'<style data-premailer="ignore">{KEPT}</style>'
    )
    assert f"<style>{KEPT}</style>" in result


def test_what_is_not_inlined_though_it_could_be_shown_is_kept_in_the_head():
    result = inlined('<a href="#a" id="a">a</a>', "a { color: red } a:hover { color: blue }")
    assert '<a href="#a" id="a" style="color:red">' in result
    assert "a:hover {color:blue !important}" in result.partition("</head>")[0]


def test_conditional_comments_stay():
    start = '<!--[if mso]><table width="600"><tr><td><p>x</p><![endif]-->'
    other, end = "<!--[if !mso]><!--><p>b</p><!--<![endif]-->", "<!--[if mso]></td></tr></table><![endif]-->"
    result = inlined(f"{start}<p>a</p>{other}{end}", "p { color: red }")
    assert all(part in result for part in (start, "<!--[if !mso]><!-->", "<!--<![endif]-->", end))
    assert result.count("color:red") == 2


def test_the_result_is_a_whole_document_and_the_same_every_time():
    results = {inlined("<p>a</p>", "p { color: red }") for _ in range(3)}
    assert len(results) == 1
    assert next(iter(results)).startswith('<!DOCTYPE html>\n<html lang="en">')


def test_a_document_that_would_be_harmed_is_refused():
    with pytest.raises(ProblemsError) as refused:
        inline("<!doctype html>\n<html lang='en'><picture></picture></html>", [], [].append)
    assert [finding.message.partition(":")[0] for finding in refused.value.findings] == [
        "the letter does not begin with <!DOCTYPE html>",
        "<picture> does not survive",
    ]


def test_text_that_the_inliner_would_lose_is_noticed():
    with pytest.raises(FeedsError, match="would change its document type of the letter"):
        _compare(anatomy_of(document("<p>a</p>")), anatomy_of(f"\n{document('<p>a</p>')}"))
    with pytest.raises(FeedsError, match="would change text and links or images of the letter"):
        _compare(anatomy_of(document('<a href="#a">a</a>')), anatomy_of(document("<b></b>")))


def test_a_declaration_that_the_inliner_loses_is_reported():
    findings = []
    sheets = [Stylesheet("a.css", "p { margin-left: 9px }\n.x { margin-left: 1px }\np.x { margin: 0 }")]
    inline(document('<p class="x">a</p>'), sheets, findings.append)
    assert [str(finding).split("\n")[0] for finding in findings] == []
    sheets = [Stylesheet("a.css", "p { padding: 1px }\n.x { padding-left: 9px }\np.x { padding: 0 }")]
    inline(document('<p class="x">a</p>'), sheets, findings.append)
    assert [str(finding).split("\n")[0] for finding in findings] == [
        "a.css:3:7: warning: `padding: 0` of `p.x` did not reach a <p> of the letter"
    ]


def test_a_bundled_sheet_is_read_as_cssutils_reads_it():
    look, issue = make_look(make_site()), make_issue(make_site(), november())
    values = look.values_for(issue, look.head) | {"unsubscribe_url": "https://feeds.invalid/unsubscribe"}
    html = look.templates.render("digest.html", values).replace("</p>", "</p><pre>a</pre><h6>b</h6>")
    (bundled,) = look.inlined
    assert bundled.path == "feeds/digest.css"
    letters = {
        inline(html, [replace(bundled, path=path)], [].append, head=look.head)
        for path in (bundled.path, "theme/digest.css")
    }
    assert len(letters) == 1


def test_a_font_that_is_none_is_an_error_in_the_bundled_sheet():
    look = make_look(make_site(), replace(SETTINGS, font="-"))
    with pytest.raises(ProblemsError, match="this is not CSS") as refused:
        render_letter(look, make_issue(make_site(), november()), [].append)
    assert str(refused.value.findings[0].at).startswith("feeds/digest.css:7:")


def test_a_users_folder_may_be_called_like_the_bundled_one(tmp_path):
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/digest.css").write_text("p:: { color: red }", "utf-8")
    look = load_look(make_site(tmp_path), replace(SETTINGS, templates="feeds"), [].append)
    with pytest.raises(FeedsError, match=r"feeds/digest\.css:1:"):
        render_letter(look, make_issue(make_site(), november()), [].append)


@pytest.mark.parametrize(
    ("css", "place"),
    [
        ("h1 { color: red }\np { color: rgb(0 0 0 / 50%) }", "theme/digest.css:2:22"),
        ("h1 { color: red }\np { color }", "theme/digest.css:2:10"),
    ],
)
def test_what_cssutils_cannot_read_is_an_error_in_the_sheet(css, place):
    with pytest.raises(ProblemsError) as refused:
        inlined("<p>a</p>", css)
    assert str(refused.value.findings[0].at) == place


@pytest.mark.parametrize("css", [":hover(/**/ ", "p:nth-child(/**/ 2) { color: red }"])
def test_what_cssutils_stumbles_over_is_an_error_of_the_sheet(css):
    with pytest.raises(ProblemsError, match=r"theme/digest.css: this is not CSS: "):
        inlined("<p>a</p>", css)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a.css", "file:///etc/passwd", "other.css"])
def test_nothing_is_fetched(url):
    import cssutils

    with pytest.raises(FeedsError, match="an @import rule cannot be inlined"):
        inlined("<p>a</p>", f'@import "{url}";')
    with _cssutils(), pytest.raises(FeedsError, match="a stylesheet asks for"):
        cssutils.parseString(f'@import "{url}";')


def test_a_selector_that_is_not_understood_is_an_error_at_its_line():
    with pytest.raises(FeedsError, match="is not understood") as refused:
        inlined("<p>a</p>", 'h1 { color: red }\na[href="x,y"] { color: red }')
    assert str(refused.value.at) == "theme/digest.css:2:1"


def test_cssutils_is_left_as_it_was(capfd):
    from cssutils import util

    log = logging.getLogger("CSSUTILS")
    before = (util._defaultFetcher, log.handlers, log.level, log.propagate)
    with pytest.raises(ProblemsError):
        inlined("<p>a</p>", "p { color }")
    assert (util._defaultFetcher, log.handlers, log.level, log.propagate) == before
    assert capfd.readouterr() == ("", "")
