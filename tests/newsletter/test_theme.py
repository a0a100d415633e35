"""The few keys of a letter's look: accent, font, width; and the values in stylesheets."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letter_samples import SETTINGS, make_issue, make_site, november

from feeds.errors import FeedsError
from feeds.newsletter import load_look, render_letter, render_page
from feeds.newsletter.contrast import READABLE, least_contrast
from feeds.newsletter.css import Stylesheet
from feeds.newsletter.theme import COLOURS, GROUNDS, compile_theme, fill

LIGHT = [COLOURS[name] for name in GROUNDS]
DARK = [COLOURS[f"{name}_dark"] for name in GROUNDS]


def theme(**keys):
    """The theme, and what is said about it."""
    findings = []
    return compile_theme(replace(SETTINGS, **keys), findings.append), findings


# --- colours ----------------------------------------------------------------------------------------------


def test_an_accent_is_lighter_in_dark_letters():
    values, findings = theme(accent="#0f5c8c")
    assert values["accent"] == "#0f5c8c"
    assert values["accent_dark"] == "#87aec6"
    assert findings == []


def test_an_accent_that_is_too_pale_is_pointed_out_with_the_nearest_that_is_not():
    values, (finding,) = theme(accent="#ff9900")
    assert values["accent"] == "#a16000"
    assert values["accent_dark"] == "#ff9900"  # on a dark ground it can be read as it is
    assert str(finding) == (
        "warning: newsletter.accent: #ff9900 has a contrast of 1.9 to its ground, and text needs 4.5\n"
        "  help: the letter shows #a16000, the nearest darker colour that can be read: set that, or another"
    )
    assert theme(accent=values["accent"])[1] == []


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_any_accent_can_be_read_on_every_ground(accent):
    values, _ = theme(accent=accent)
    assert least_contrast(values["accent"], LIGHT) >= READABLE
    assert least_contrast(values["accent_dark"], DARK) >= READABLE


@pytest.mark.parametrize("scheme", ["", "_dark"])
def test_every_colour_of_text_can_be_read_on_every_ground(scheme):
    grounds = [COLOURS[name + scheme] for name in GROUNDS]
    for name in ("strong", "ink", "soft"):
        assert least_contrast(COLOURS[name + scheme], grounds) >= READABLE, name
    on_mark = {"": "ink", "_dark": "strong_dark"}[scheme]
    assert least_contrast(COLOURS[on_mark], [COLOURS["mark" + scheme]]) >= READABLE


@pytest.mark.parametrize("name", ["logo.svg", "logo.SVG?v=2", "logo.webp"])
def test_a_logo_that_mail_programs_do_not_show_is_pointed_out(name):
    url = f"https://notes.example/{name}"
    assert [finding.rule for finding in theme(logo=url)[1]] == ["logo-format"]
    assert theme(logo="https://notes.example/logo.png?v=.svg")[1] == []


# --- fonts and width --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("font", "everywhere", "outlook"),
    [
        ("Georgia, serif", "Georgia, serif", "Georgia, serif"),
        ("Georgia", "Georgia, sans-serif", "Georgia, sans-serif"),
        ("Source Serif Pro, serif", "Source Serif Pro, serif", "Georgia, serif"),
        ("Inter, Segoe UI, sans-serif", "Inter, Segoe UI, sans-serif", "Segoe UI, sans-serif"),
        ("Inter", "Inter, sans-serif", "Arial, sans-serif"),
        ("Source Sans 3, sans-serif", "'Source Sans 3', sans-serif", "Arial, sans-serif"),
        ("monospace", "monospace", "Consolas, monospace"),
    ],
)
def test_a_font_has_one_behind_it_that_is_there(font, everywhere, outlook):
    values, _ = theme(font=font)
    assert (values["font"], values["font_outlook"]) == (everywhere, outlook)


def test_the_keys_reach_the_letter_and_its_page():
    settings = replace(SETTINGS, accent="#7a2e1d", font="Source Sans 3, Verdana, sans-serif", width=520)
    look = load_look(make_site(), settings, [].append)
    issue = make_issue(make_site(), november())
    letter, page = render_letter(look, issue, [].append).html, render_page(look, issue)
    assert re.search(r'<h2 id="section-1" style="[^"]*color:#7a2e1d', letter)
    for html in (letter, page):
        assert re.search("""font-family: ?['"]Source Sans 3['"], ?Verdana, ?sans-serif""", html)
        assert re.search("max-width: ?520px", html)
        assert "{{" not in html
    assert "h6 { font-family: Verdana, sans-serif;" in letter
    assert 'align="center" width="520"' in letter
    assert 'width="472" height="266"' in letter  # a picture in an excerpt


# --- stylesheets ------------------------------------------------------------------------------------------


def test_a_stylesheet_names_values_of_the_theme_and_keeps_its_lines():
    values, _ = theme(accent="#7a2e1d")
    sheet = Stylesheet(
        "mail/digest.css", "/* a\n b */\nh1 { color: {{ theme.accent }}; }\np { margin: 0; }\n"
    )
    assert fill(sheet, values).text == "/* a\n b */\nh1 { color: #7a2e1d; }\np { margin: 0; }\n"
    assert fill(sheet, values).path == sheet.path


@pytest.mark.parametrize("value", ["{{ theme.acent }}", "{{ accent }}", "{{theme.accent | upper}}", "{{"])
def test_a_stylesheet_that_asks_for_something_else_is_refused_at_its_place(value):
    sheet = Stylesheet("mail/digest.css", f"p {{ margin: 0; }}\nh1 {{ color: {value}; }}")
    with pytest.raises(FeedsError, match=r"mail/digest.css:2:13: a stylesheet knows nothing but values"):
        fill(sheet, theme()[0])


@pytest.mark.parametrize("css", ["@media print{#a{margin:0}}", "a { content: '{%' }", "{# no comment #}"])
def test_css_is_not_read_as_a_template(css):
    assert fill(Stylesheet("mail/digest.css", css), theme()[0]).text == css


def test_outlooks_dark_mode_has_every_rule_of_the_others():
    look = load_look(make_site(), SETTINGS, [].append)
    css = look.head[0].text
    dark = re.search(r"@media \(prefers-color-scheme: dark\) \{\n(.*?)\n\}", css, re.S)
    assert dark
    for selectors, declarations in re.findall(r"^  (.*?) \{ (.*?) \}$", dark[1], re.M):
        for name, mark in (("background-color", "ogsb"), ("color", "ogsc"), ("border-color", "ogsc")):
            value = re.search(rf"(?:^| ){name}: \S+ !important;", declarations)
            for selector in selectors.split(", ") if value else ():
                rules = [
                    line for line in css.split("\n") if f"[data-{mark}] {selector}" in line.replace(" {", ",")
                ]
                assert any(value[0].strip() in rule for rule in rules), f"{selector} lacks {value[0]}"
