"""The letter, its page and its files."""

import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import SETTINGS, make_entry, make_issue, make_letter, make_post, make_site, november

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError, ProblemsError
from feeds.newsletter import letter_outputs, page_output, render_letter
from feeds.newsletter.letter import UNSUBSCRIBE_URL

TEMPLATES = Path(__file__).parents[2] / "templates"
NOVEMBER = make_letter(make_site(), november())


class Reader(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.tags if tag in tags]


def visible(html: str) -> str:
    """What a person reads, as one line."""
    body = re.sub(r"<!--.*?-->|<style.*?</style>", "", html.partition("<body")[2], flags=re.S)
    return " ".join(re.sub(r"<[^>]*>", "", f"<body{body}").split())


# --- the letter -------------------------------------------------------------------------------------------


def test_the_letter_is_a_whole_document_in_the_sites_language():
    assert NOVEMBER.html.startswith('<!DOCTYPE html>\n<html lang="en" dir="ltr"')
    reader = Reader(NOVEMBER.html)
    assert {"lang": "en", "dir": "ltr"}.items() <= reader.all("div")[1].items()
    assert {"name": "color-scheme", "content": "light dark"} in reader.all("meta")
    assert f"<title>{NOVEMBER.issue.subject}</title>" in NOVEMBER.html


def test_headings_go_down_step_by_step():
    levels = [int(tag[1]) for tag, _ in Reader(NOVEMBER.html).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) == 4
    assert levels.count(3) == 6
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_layout_tables_are_no_tables_to_a_screen_reader_and_pictures_have_descriptions():
    reader = Reader(re.sub(r'<div class="scroll".*?</div>', "", NOVEMBER.html, flags=re.S))
    assert {table["role"] for table in reader.all("table")} == {"presentation"}
    assert all("alt" in image for image in reader.all("img"))


def test_every_address_is_absolute():
    for letter in (NOVEMBER.html, NOVEMBER.page):
        attributes = [attrs for _, attrs in Reader(letter).tags]
        urls = [
            attrs[name] for attrs in attributes for name in ("href", "src", "background") if name in attrs
        ]
        assert all(url.startswith(("https://", "#section-")) for url in urls)
        assert "@import" not in letter
        assert "url(" not in letter


def test_each_post_has_title_facts_excerpt_and_a_link_that_says_where_it_leads():
    text = visible(NOVEMBER.html)
    assert "November 20, 2026 · Ada Lovelace · 3 min read · also in Python It shows a &lt; b." in text
    assert "Continue reading Release" in text
    assert "Continue reading مقدمة" not in text  # the excerpt is the whole post
    links = [attrs["href"] for attrs in Reader(NOVEMBER.html).all("a")]
    assert links.count("https://notes.example/release/") == 2
    assert links.count("https://notes.example/arabic/") == 1


def test_posts_in_other_scripts_run_their_own_way():
    cells = {attrs["lang"]: attrs for attrs in Reader(NOVEMBER.html).all("td") if "lang" in attrs}
    assert cells["ar"]["dir"] == "rtl"
    assert "text-align:right" in cells["ar"]["style"]
    assert cells["ja"]["dir"] == "ltr"


def test_a_site_in_arabic_has_a_letter_from_right_to_left():
    letter = make_letter(make_site(language="ar"), november())
    assert letter.html.startswith('<!DOCTYPE html>\n<html lang="ar" dir="rtl"')
    assert "20 نوفمبر 2026" in visible(letter.html)


def test_contents_are_listed_when_there_is_something_to_list():
    assert "In this issue: Releases (1) · Python (2) · 日本語 (1) · More (2)" in visible(NOVEMBER.html)
    two = [make_entry(make_post("a", categories=("A",))), make_entry(make_post("b"))]
    assert "In this issue" not in make_letter(make_site(), two).html


def test_the_preheader_comes_first_and_is_followed_by_nothing_that_shows():
    body = NOVEMBER.html.partition("<body")[2].partition(">")[2]
    first = re.match(r'\s*<div class="preheader"[^>]*>(.*?)</div>', body, re.S)
    assert first
    assert first[1].rstrip("\u034f\u200c\u00a0") == NOVEMBER.issue.preheader.replace("&", "&amp;")
    assert len(first[1]) > len(NOVEMBER.issue.preheader) + 200


def test_the_footer_says_who_sends_it_and_why_and_how_to_end_it():
    text = visible(NOVEMBER.html)
    assert "You receive this e-mail because you subscribed to Field Notes." in text
    assert "Sent by Ada LovelaceField Notes12 St James's SquareLondon" in text
    links = [attrs["href"] for attrs in Reader(NOVEMBER.html).all("a")]
    assert links[:2] == [NOVEMBER.issue.url, UNSUBSCRIBE_URL]
    assert links[-3:] == [UNSUBSCRIBE_URL, NOVEMBER.issue.url, "https://notes.example/feed.xml"]


def test_a_site_without_feed_gets_no_link_to_one():
    issue = make_issue(make_site(), november())
    letter = render_letter(make_site(), SETTINGS, issue, [].append, feed="")
    assert "feed.xml" not in letter.html + letter.text + letter.page


@pytest.mark.parametrize(
    "title", ["{{ 7*7 }}", "<script>alert(1)</script>", "a\r\nb\x00", "</style></td>", "%s %d"]
)
def test_a_title_is_text(title):
    letter = make_letter(make_site(), [make_entry(make_post("a", title=title))])
    assert "49" not in visible(letter.html)
    for html in (letter.html, letter.page):
        assert not Reader(html).all("script")
        assert html.count("</style>") == NOVEMBER.html.count("</style>")
    shown = " ".join(title.replace("\x00", "").split())
    assert " ".join(letter.text.split()).count(shown) >= 1


@settings(deadline=None, max_examples=8)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_title_gives_a_letter(title):
    letter = make_letter(make_site(), [make_entry(make_post("a", title=title), is_whole=True)])
    assert letter == make_letter(make_site(), [make_entry(make_post("a", title=title), is_whole=True)])


# --- the text ---------------------------------------------------------------------------------------------


def test_the_text_part_reads_like_a_letter():
    entries = [
        make_entry(make_post("a", categories=("Python", "Tools")), text="One.\n\nTwo " + "words " * 20)
    ]
    assert make_letter(make_site(), entries).text == (
        "Field Notes: November 2026\n"
        "==========================\n"
        "\n"
        "View in browser:\n"
        "https://notes.example/newsletter/2026-11/\n"
        "Unsubscribe:\n"
        "https://feeds.invalid/unsubscribe\n"
        "\n"
        "\n"
        "Python\n"
        "======\n"
        "\n"
        "A\n"
        "-\n"
        "November 20, 2026 · Ada Lovelace · 3 min read · also in Tools\n"
        "\n"
        "One.\n"
        "\n"
        "Two words words words words words words words words words words words words\n"
        "words words words words words words words words\n"
        "\n"
        "Continue reading:\n"
        "https://notes.example/a/\n"
        "\n"
        "\n"
        "======================================================================\n"
        "You receive this e-mail because you subscribed to Field Notes.\n"
        "\n"
        "Unsubscribe:\n"
        "https://feeds.invalid/unsubscribe\n"
        "Feed:\n"
        "https://notes.example/feed.xml\n"
        "\n"
        "Sent by Ada Lovelace\n"
        "Field Notes\n"
        "12 St James's Square\n"
        "London\n"
    )


def test_the_text_part_has_every_link_of_the_letter_on_a_line_of_its_own():
    links = {attrs["href"] for attrs in Reader(NOVEMBER.html).all("a")}
    assert links - {"https://notes.example/"} <= set(NOVEMBER.text.split("\n"))


def test_the_text_part_is_narrow():
    assert max(map(len, NOVEMBER.text.split("\n"))) <= 76


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_is_the_letter_without_what_only_a_recipient_needs():
    page, text = NOVEMBER.page, visible(NOVEMBER.page)
    assert UNSUBSCRIBE_URL not in page
    assert "nsubscribe" not in page
    assert "preheader" not in page.partition("<body")[2]
    assert {"rel": "canonical", "href": NOVEMBER.issue.url} in Reader(page).all("link")
    assert f"<title>{NOVEMBER.issue.title}</title>" in page
    assert "This is an issue of Field Notes." in text
    assert {"https://notes.example/", "#section-4"} <= {attrs["href"] for attrs in Reader(page).all("a")}
    assert len(Reader(page).all("h3")) == 6


# --- the files --------------------------------------------------------------------------------------------


def test_the_files_of_a_letter():
    files = {output.path: output.data for output in letter_outputs(make_site(), SETTINGS, NOVEMBER)}
    assert list(files) == [f"2026-11/letter.{kind}" for kind in ("html", "txt", "json", "eml")]
    assert files["2026-11/letter.html"].decode() == NOVEMBER.html
    assert files["2026-11/letter.txt"].decode() == NOVEMBER.text
    assert page_output(NOVEMBER).path == "newsletter/2026-11/index.html"
    assert page_output(NOVEMBER).data.decode() == NOVEMBER.page
    assert page_output(NOVEMBER).entries == 6


def test_the_manifest_says_what_the_letter_holds():
    (data,) = (
        each.data for each in letter_outputs(make_site(), SETTINGS, NOVEMBER) if each.path.endswith("json")
    )
    manifest = json.loads(data)
    assert (manifest["issue"], manifest["first"], manifest["last"]) == ("2026-11", "2026-11-01", "2026-11-30")
    assert manifest["subject"] == "Release + 5 more (November 2026)"
    assert manifest["html"] == {
        "sha256": hashlib.sha256(NOVEMBER.html.encode()).hexdigest(),
        "size": len(NOVEMBER.html.encode()),
    }
    assert manifest["posts"][0] == {
        "id": "https://notes.example/id/release",
        "url": "https://notes.example/release/",
        "title": "Release",
        "source": "docs/posts/release.md",
        "section": "Releases",
    }
    assert [post["section"] for post in manifest["posts"]] == [
        "Releases", "Python", "Python", "日本語", "More", "More",
    ]  # fmt: skip


def test_the_same_posts_give_the_same_files():
    again = make_letter(make_site(), november()[::-1])
    assert letter_outputs(make_site(), SETTINGS, again) == letter_outputs(make_site(), SETTINGS, NOVEMBER)


# --- what is pointed out ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraphs", "message"),
    [
        (1, None),
        (600, "KB of HTML; Gmail cuts off what is beyond 100 KB"),
        (900, "KB of HTML; Gmail cuts it off"),
    ],
)
def test_a_letter_near_the_limit_of_gmail_names_the_longest_posts(paragraphs, message):
    entries = [
        make_entry(make_post("short")),
        make_entry(make_post("long"), "<p>" + "long " * 20 + "</p>\n" * 1),
    ]
    entries[1] = make_entry(make_post("long"), ("<p>" + "long " * 20 + "</p>\n") * paragraphs)
    findings = []
    render_letter(make_site(), SETTINGS, make_issue(make_site(), entries), findings.append)
    if message is None:
        assert findings == []
        return
    (finding,) = findings
    assert finding.rule == "letter-size"
    assert message in finding.message
    assert str(finding.at) == "docs/posts/long.md"
    assert "docs/posts/long.md (" in finding.help


def test_a_letter_without_postal_address_is_pointed_out():
    findings = []
    issue = make_issue(make_site(), november())
    render_letter(make_site(), NewsletterSettings(sender="a@b.example"), issue, findings.append)
    assert [finding.rule for finding in findings] == ["no-postal-address"]


# --- the user's templates ---------------------------------------------------------------------------------


EXTENDS = '{% extends "feeds/digest.html" %}\n'
INTRO = "{% block intro %}\n\nHello, {{ newsletter }}!\n{% endblock %}"


def with_templates(root: Path, **files: str):
    """The letter with files such as `digest_html` in the user's folder."""
    (root / "mail").mkdir()
    for name, text in files.items():
        (root / "mail" / name.replace("_", ".")).write_text(text, "utf-8")
    return make_letter(make_site(root), november(), replace(SETTINGS, templates="mail"))


def test_a_template_of_ones_own_changes_one_block(tmp_path):
    letter = with_templates(
        tmp_path, digest_html=EXTENDS + INTRO, digest_txt='{% extends "feeds/digest.txt" %}' + INTRO
    )
    assert visible(letter.html).replace("Hello, Field Notes! ", "") == visible(NOVEMBER.html)
    assert visible(letter.page).replace("Hello, Field Notes! ", "") == visible(NOVEMBER.page)
    assert letter.text.replace("Hello, Field Notes!", "").split() == NOVEMBER.text.split()


def test_a_stylesheet_of_ones_own_is_added(tmp_path):
    letter = with_templates(tmp_path, digest_css="h1 { color: #123456 }")
    heading = next(attrs for attrs in Reader(letter.html).all("h1"))
    assert "color:#123456" in heading["style"]
    assert "font-size:30px" in heading["style"]


def test_a_stylesheet_that_cannot_be_inlined_is_an_error_at_its_line(tmp_path):
    with pytest.raises(ProblemsError, match=r"mail/digest.css:2:1: an @media rule cannot be inlined"):
        with_templates(tmp_path, digest_css="\n@media print { h1 { color: red } }")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "digest_html",
            EXTENDS + "{% block intro %}{{ nme }}{% endblock %}",
            "mail/digest.html:2: 'nme' is undefined",
        ),
        (
            "digest_html",
            "<!DOCTYPE html><p>Hi</p>",
            "the letter that digest.html makes has no link to unsubscribe",
        ),
        ("digest_txt", "Hi", "the letter that digest.txt makes has no link to unsubscribe"),
        (
            "digest_html",
            EXTENDS + '{% block intro %}<a href="{{ unsubscribe_url }}">x</a>{% endblock %}',
            "the issue's page on the site would show the link to unsubscribe",
        ),
    ],
)
def test_a_template_that_will_not_do_is_refused(tmp_path, name, text, message):
    with pytest.raises(FeedsError) as refused:
        with_templates(tmp_path, **{name: text})
    assert message in str(refused.value)


# --- the bundled look -------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("sheet", "grounds"),
    [
        ("digest.css", {"#ffffff", "#f1f1ee", "#f4f4f1"}),
        ("digest-head.css", {"#15181a", "#1d2124", "#282d31"}),
    ],
)
def test_every_colour_of_text_can_be_read_on_every_ground(sheet, grounds):
    css = re.sub(r"[^\n]*mark \{[^\n]*", "", (TEMPLATES / sheet).read_text("utf-8"))
    assert set(re.findall(r"background-color: (#\w+)", css)) <= grounds
    colours = set(re.findall(r"[ {]color: (#\w+)", css))
    assert len(colours) >= 4
    assert {c: g for c in colours for g in grounds if contrast(c, g) < 4.5} == {}


def test_outlooks_dark_mode_has_every_rule_of_the_others():
    css = (TEMPLATES / "digest-head.css").read_text("utf-8")
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
