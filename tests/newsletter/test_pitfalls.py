"""What premailer would do to a letter, each thing once: it is refused, pointed out, or cannot happen."""

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from letter_samples import SETTINGS, make_letter, make_site, november

from feeds.errors import FeedsError, Finding, ProblemsError
from feeds.newsletter.css import Stylesheet
from feeds.newsletter.inlining import inline
from feeds.newsletter.markup import DOCTYPE
from feeds.newsletter.stylesheet import check_head, check_styles

KEEP = '<style data-premailer="ignore">'


def document(body: str, head: str = "") -> str:
    return f'{DOCTYPE}\n<html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>\n'


def inlined(body: str, css: str = "", head: str = "") -> str:
    """The document after inlining, about which there is nothing to say."""
    findings: list[Finding] = []
    result = inline(document(body, head), [Stylesheet("digest.css", css)], findings.append)
    assert findings == []
    return result


def told(body: str, css: str = "") -> list[str]:
    """What is said about the sheet, and about the document if it is inlined nevertheless."""
    sheet = Stylesheet("digest.css", css)
    findings = list(check_styles([sheet], []))
    try:
        inline(document(body), [sheet], findings.append)
    except FeedsError as error:
        findings += error.findings
    return [f"{finding.severity.value}: {finding.message}" for finding in findings]


def refused(html: str) -> list[str]:
    with pytest.raises(ProblemsError) as error:
        inline(html, [], [].append)
    return [each.message for each in error.value.findings if each.severity.value == "error"]


def errors(css: str) -> list[str]:
    return [
        finding.message
        for finding in check_styles([Stylesheet("digest.css", css)], [])
        if finding.severity.value == "error"
    ]


def test_important_is_not_stripped_from_a_kept_sheet():
    dark = "@media (prefers-color-scheme: dark) { p { color: #fff !important } }"
    assert f"<style>{dark}</style>" in inlined("<p>a</p>", "p { color: red }", f"{KEEP}{dark}</style>")


def test_no_import_is_fetched():
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        css = f"@import url(http://127.0.0.1:{server.server_port}/a.css); p {{ color: red }}"
        messages = told("<p>a</p>", css)
        server.shutdown()
        thread.join(10)
    assert asked == []
    assert messages == ["error: an @import rule cannot be inlined"] * 2
    assert [finding.message for finding in check_head(Stylesheet("digest-head.css", css))] == [
        "an @import rule fetches from elsewhere"
    ]


@pytest.mark.parametrize(
    "beginning", ["<!doctype html>", "<!DOCTYPE  html>", "\ufeff" + DOCTYPE, "<!-- -->" + DOCTYPE]
)
def test_the_document_type_is_not_dropped(beginning):
    assert inlined("a").startswith(DOCTYPE)
    assert refused(document("a").replace(DOCTYPE, beginning)) == [f"the letter does not begin with {DOCTYPE}"]


@pytest.mark.parametrize(
    "rule", ["supports (display: grid)", "font-face", "keyframes a", "layer a", "container (width > 1px)"]
)
def test_no_rule_with_an_at_is_dropped(rule):
    css = f"@{rule} {{ }}"
    assert errors(css) == [f"an @{rule.split(' ')[0]} rule cannot be inlined"]
    assert css in inlined("<p>a</p>", "p { color: red }", f"{KEEP}{css}</style>")


@pytest.mark.parametrize("selector", ["[data-ogsc] p", "u + .body p", ".ExternalClass p"])
def test_no_rule_for_one_program_is_dropped_for_matching_nothing(selector):
    css = f"{selector} {{ color: red !important }}"
    assert ["matches only inside a mail program" in message for message in errors(css)] == [True]
    assert css in inlined("<p>a</p>", "p { color: blue }", f"{KEEP}{css}</style>")


@pytest.mark.parametrize("selector", ["*", ".a > *", '[class*="col-"]', 'a[href*="x"]'])
def test_no_rule_with_a_star_is_dropped(selector):
    assert len(errors(f"{selector} {{ color: red }}")) == 1


@pytest.mark.parametrize(
    "css",
    [
        'a[href="x,y"] { color: red }',
        'a[href="a:b"] { color: red }',
        "@media print { @media screen { a { color: red } } }",
    ],
)
def test_no_selector_and_no_nested_media_rule_crashes(css):
    assert len(errors(css)) == 1
    assert all(message.startswith(("error: ", "warning: ")) for message in told('<a href="#">a</a>', css))


def test_widths_heights_and_alignments_written_by_hand_stay():
    table = '<table width="600" height="9" align="center" bgcolor="#ffffff"><tr><td valign="top">a</td></tr></table>'
    css = "table { width: 50%; height: auto; text-align: right; background-color: #000000 } td { vertical-align: bottom }"
    result = inlined(table, css)
    assert '<table width="600" height="9" align="center" bgcolor="#ffffff" style="' in result
    assert '<td valign="top" style="' in result
    assert inlined("<p>a</p>", "p { text-align: right }").count("align=") == 0


def test_no_template_syntax_is_left_in_an_address():
    assert refused(document('<a href="{{ unsubscribe_url }}">a</a>')) == [
        "`href` holds template syntax that nothing fills in: '{{ unsubscribe_url }}'"
    ]
    assert 'href="https://feeds.invalid/unsubscribe"' in inlined(
        '<a href="https://feeds.invalid/unsubscribe">a</a>'
    )
    assert "{{ name }}" in inlined("<p>{{ name }}</p>")


def test_addresses_are_not_joined_with_another():
    body = '<p id="top"><a href="#top">a</a><a href="mailto:a@b.example">b</a><img alt="" src="cid:c"></p>'
    assert body in inlined(body)
    assert told('<a href="about/">a</a>') == ["warning: `href` of a <a> leads nowhere from a mail: 'about/'"]


def test_hosts_of_other_scripts_are_not_percent_encoded():
    assert '<a href="https://xn--bcher-kva.example/%C3%BC%20b">' in inlined(
        '<a href="https://bücher.example/ü b">a</a>'
    )


@pytest.mark.parametrize(
    ("body", "css"),
    [
        ('<p class="a">a</p>', "p[class] { color: red } p { color: blue }"),
        ('<p><a class="k" href="https://a.example/b.c.d">a</a></p>', 'a[href="https://a.example/b.c.d"] { color: red } p a.k { color: blue }'),
        ("<ul><li>a</li></ul>", "li:first-child { color: red } ul li { color: blue }"),
    ],
)  # fmt: skip
def test_a_specificity_that_is_counted_wrong_is_noticed(body, css):
    messages = told(body, css)
    assert any(
        "counts for less than a class" in each or "did not reach" in each or "not understood" in each
        for each in messages
    )


@pytest.mark.parametrize("selector", ["a:hover", "li:first-of-type", "p::before", "li:first-child a"])
def test_a_pseudo_class_that_is_not_inlined_is_pointed_out(selector):
    (finding,) = check_styles([Stylesheet("digest.css", f"{selector} {{ color: red }}")], [])
    assert "inlined" in finding.message


@pytest.mark.parametrize(
    "selector", [":is(h1, h2) a", "p:is(.a, .b)", "p:not(.x)", "tr:nth-child(even)", ":where(p)", "p:has(a)"]
)
def test_no_rule_with_a_function_is_dropped(selector):
    assert [message.split("`")[0] for message in errors(f"{selector} {{ color: red }}")] == ["rules with "]


@pytest.mark.parametrize("colour", ["rgb(0 0 0 / 50%)", "#11223344", "#1234", "hsl(200deg 50% 50%)"])
def test_no_colour_is_dropped(colour):
    for property in ("color", "border-top", "background"):
        assert len(errors(f"p {{ {property}: {colour} }}")) == 1
    assert len([each for each in told(f'<p style="color: {colour}">a</p>') if each.startswith("error")]) == 1


def test_variables_which_nothing_resolves_are_pointed_out():
    assert told("<p>a</p>", "p { color: var(--c) }") == [
        "warning: Gmail, Outlook and Yahoo do not know `var()`"
    ]


@pytest.mark.parametrize(
    ("css", "count"),
    [
        ("p { color: #000; color: rgba(0, 0, 0, .5) }", 1),
        ("p { color: red; b { color: blue } }", 1),
        ("p { color: red;;; } } h1 { color: red }", 1),
    ],
)
def test_no_second_value_no_nested_rule_and_no_rule_after_a_mistake_is_dropped(css, count):
    assert len(errors(css)) == count
    assert 'style="color:red"' in inlined("<h1>a</h1>", "p { color: blue;;; } h1 { color: red }")


def test_classes_stay_for_the_kept_rules():
    assert '<p class="a b" style="color:red">' in inlined('<p class="a b">a</p>', ".a { color: red }")


def test_comments_for_outlook_stay_and_the_form_that_breaks_is_refused():
    body = "<!--[if mso]><table><tr><td><![endif]--><p>a</p><!--[if mso]></td></tr></table><![endif]-->"
    assert body in inlined(body)
    revealed = "<!--[if !mso]><!--><p>a</p><!--<![endif]-->"
    assert revealed in inlined(revealed)
    assert refused(document("<![if !mso]><p>a</p><![endif]>")) == ["the inliner breaks the form <![if …]>"]


@pytest.mark.parametrize(
    "html",
    ['<picture><source srcset="https://a.example/a"><img alt=""></picture>', '<svg viewBox="0 0 1 1"></svg>'],
)
def test_elements_that_break_are_refused(html):
    assert all("does not survive" in message for message in refused(document(html))[:1])


def test_elements_nested_without_end_are_not_dropped():
    deep = "<div>" * 190 + "the end" + "</div>" * 190
    assert deep in inlined(deep)
    (message,) = refused(document("<b>" * 300))
    assert message.endswith("levels deep, 200 is the most")


def test_characters_come_through():
    assert "<p>a b\u00a0©…\u200c\u034f é 日本 😀</p>" in inlined(
        "<p>a b&nbsp;&copy;&hellip;&zwnj;&#847; é 日本 😀</p>"
    )
    assert "<p>ab</p>" in inlined("<p>a\x00\x07b</p>")
    assert '<meta charset="utf-8">' in make_letter(make_site(), november()).html


def test_nothing_is_printed(capfd):
    inlined("<p>a</p>", "p { mso-line-height-rule: exactly; -webkit-text-size-adjust: 100%; nonsense: 1 }")
    told("<p>a</p>", "p { color: #11223344 }")
    assert capfd.readouterr() == ("", "")


def test_no_space_is_added():
    body = "<div><p>a<b>b</b> <i>c</i></p><p>d</p></div><pre>  e\n\n  f</pre>"
    assert f"<body>{body}</body>" in inlined(body)


def test_an_empty_document_is_refused_in_words():
    assert refused("") == [f"the letter does not begin with {DOCTYPE}"]


def test_a_fragment_is_no_letter_and_a_style_in_the_body_is_pointed_out():
    assert refused("<p>a</p>") == [f"the letter does not begin with {DOCTYPE}"]
    assert told(f"{KEEP}p {{ color: red !important }}</style>") == [
        "warning: Gmail ignores a <style> outside the head"
    ]


@pytest.mark.parametrize("media", ["", ' media="screen"', ' media="print"'])
def test_a_sheet_that_is_neither_kept_nor_looked_at_is_refused(media):
    (message,) = refused(document("a", f"<style{media}>p {{ color: red }}</style>"))
    assert message.startswith("the letter holds a <style>")


def test_a_style_written_by_hand_wins_and_what_it_beats_against_the_rules_is_named():
    hand = '<p style="color:red">a</p>'
    assert hand in inlined(hand, "p { color: blue }")
    assert told(hand, "p { color: blue !important }")[1:] == [
        "warning: `color: blue` of `p` did not reach a <p> of the letter"
    ]
    assert '"padding:10px; padding-left:0"' in inlined("<p>a</p>", "p { padding: 10px; padding-left: 0 }")


PIECES = ("p", ".a", "*", " ", ">", ",", ":hover", "::before", "[a=b]", "{", "}", "(", ")", "color", ":", ";", "red", "#12", "!important", "@media print", "@import", "/*", "*/", '"', "\\", "é", "<!--", "-->", "\n")  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
@example(":hover(/**/ ")
def test_whatever_a_sheet_holds_it_is_inlined_or_refused_in_words(css):
    check_head(Stylesheet("digest-head.css", css))
    assert all(message.startswith(("error: ", "warning: ")) for message in told('<p class="a">a</p>', css))


# --- all of it, by a user's files ---------------------------------------------------------------------------


def test_a_sheet_of_ones_own_is_refused_with_all_that_is_wrong_in_it(tmp_path: Path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/digest.css").write_text('@import "a.css";\n:is(h1, h2) { color: #11223344 }\n', "utf-8")
    (tmp_path / "mail/digest-head.css").write_text("\n@import url(b.css);", "utf-8")
    with pytest.raises(ProblemsError) as error:
        make_letter(make_site(tmp_path), november(), replace(SETTINGS, templates="mail"))
    assert [str(finding.at) for finding in error.value.findings] == [
        "mail/digest.css:1:1",
        "mail/digest.css:2:1",
        "mail/digest.css:2:15",
        "mail/digest-head.css:2:1",
    ]
