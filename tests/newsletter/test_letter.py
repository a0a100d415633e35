"""The letter, its page and its files."""

import hashlib
import json
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import (
    SETTINGS,
    letter_of,
    make_entry,
    make_issue,
    make_letter,
    make_page,
    make_post,
    make_site,
    november,
)

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError, ProblemsError
from feeds.model import UNSUBSCRIBE_URL, Media
from feeds.newsletter import letter_outputs, load_look, render_letter, render_page
from feeds.newsletter.filters import letter_filters

NOVEMBER = make_letter(make_site(), november())
PAGE = make_page(make_site(), november())


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
    for letter in (NOVEMBER.html, PAGE):
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
    assert "20 نوفمبر 2026 · Ada Lovelace · 3 دقائق قراءة" in visible(letter.html)
    assert "إلغاء الاشتراك" in letter.text


def test_a_language_without_words_of_its_own_has_english_ones_that_say_so():
    letter = make_letter(make_site(language="fa"), november())
    assert '<p class="small" lang="en" dir="ltr"' in letter.html
    assert '<span lang="en" dir="ltr">3 min read</span>' in letter.html
    hebrew = make_letter(make_site(language="he"), november()).html
    assert '<p class="small" lang="en"' not in hebrew
    assert '<span lang="he" dir="rtl">3 דקות קריאה</span>' in hebrew


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
    look = load_look(make_site(), SETTINGS, [].append, feed="")
    letter = render_letter(look, make_issue(make_site(), november()), [].append)
    assert "feed.xml" not in letter.html + letter.text + render_page(look, letter.issue)


@pytest.mark.parametrize(
    "title", ["{{ 7*7 }}", "<script>alert(1)</script>", "a\r\nb\x00", "</style></td>", "%s %d"]
)
def test_a_title_is_text(title):
    entries = [make_entry(make_post("a", title=title))]
    letter, page = make_letter(make_site(), entries), make_page(make_site(), entries)
    assert "49" not in visible(letter.html)
    for html, usual in ((letter.html, NOVEMBER.html), (page, PAGE)):
        assert not Reader(html).all("script")
        assert html.count("</style>") == usual.count("</style>")
    shown = " ".join(title.replace("\x00", "").split())
    assert " ".join(letter.text.split()).count(shown) >= 1


@settings(deadline=None, max_examples=3)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_title_gives_a_letter(title):
    letter = make_letter(make_site(), [make_entry(make_post("a", title=title), is_whole=True)])
    assert letter == make_letter(make_site(), [make_entry(make_post("a", title=title), is_whole=True)])


def test_the_lead_stands_before_all_sections_and_names_its_categories():
    lead, *rest = november()
    issue = make_issue(make_site(), rest)
    html = letter_of(replace(issue, lead=lead)).html
    text = visible(html)
    assert "Release November 20, 2026 · Ada Lovelace · 3 min read · Releases, Python It shows" in text
    assert text.index("Release November") < text.index("Python Table November")
    levels = [int(tag[1]) for tag, _ in Reader(html).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[:4] == [1, 2, 3, 2]  # the issue, the lead, a heading in it, the first section


def test_a_letter_of_one_post_is_called_like_it():
    (entry,) = [make_entry(make_post("alone", categories=("Python",)), "<p>Text.</p><h2>Part</h2>")]
    issue = replace(make_issue(make_site(), [entry]), title="Alone", lead=entry, sections=())
    letter = letter_of(issue)
    assert visible(letter.html).count("Alone November 20, 2026 · Ada Lovelace · 3 min read · Python") == 1
    assert [tag for tag, _ in Reader(letter.html).tags if re.fullmatch("h[1-6]", tag)] == ["h1", "h2"]
    assert letter.text.startswith(
        "Alone\n"
        "=====\n"
        "\n"
        "View in browser:\n"
        "https://notes.example/newsletter/2026-11/\n"
        "\n"
        "\n"
        "November 20, 2026 · Ada Lovelace · 3 min read · Python\n"
        "\n"
        "The first lines of Alone.\n"
    )


def test_the_editors_introduction_opens_the_letter():
    intro = '<h2>Rain</h2><p>A <a href="https://rain.example/">wet</a> month.</p>'
    issue = replace(make_issue(make_site(), november()), intro=intro, intro_text="Rain\n\nA wet month.")
    letter = letter_of(issue)
    assert "November 2026 RainA wet month. In this issue:" in visible(letter.html)
    assert {"https://rain.example/"} < {attrs["href"] for attrs in Reader(letter.html).all("a")}
    assert letter.text.startswith(
        "Field Notes: November 2026\n"
        "==========================\n"
        "\n"
        "Rain\n"
        "\n"
        "A wet month.\n"
        "\n"
        "Links:\n"
        "- wet\n"
        "  https://rain.example/\n"
        "\n"
        "In this issue:\n"
        "- Releases (1)\n"
    )


def test_a_section_ends_with_titles_and_how_many_more_there_are():
    issue = make_issue(make_site(), november())
    url = "https://notes.example/category/releases/"
    older = make_post("older", "2026-11-01T08:00:00+00:00", title="An  older\nnote")
    first = replace(issue.sections[0], titles=(older,), more=12, url=url)
    letter = letter_of(replace(issue, sections=(first, *issue.sections[1:])))
    assert "In this issue: Releases (14) ·" in visible(letter.html)
    assert "An older note November 1, 2026 12 more on the site: Releases Python" in visible(letter.html)
    assert {older.url, url} < {attrs["href"] for attrs in Reader(letter.html).all("a")}
    assert (
        "\n"
        "Also:\n"
        "- An older note · November 1, 2026\n"
        "  https://notes.example/older/\n"
        "\n"
        "12 more on the site:\n"
        "https://notes.example/category/releases/\n"
    ) in letter.text


@pytest.mark.parametrize("title", ["A <b> & \"c\" 'd'", "a\0b", ""])
def test_titles_alone_are_escaped(title):
    filters = letter_filters(make_site(language=""), 552)
    posts = [
        make_post("a", title="A"),
        make_post("b", title=title, language='"'),
        make_post("c", language=""),
    ]
    lines = filters["title_lines"](posts).split("\n")
    assert lines == [
        f'<li><a href="https://notes.example/{name}/" lang="{language}" dir="auto">{escape(shown)}</a> '
        '<span class="count">November 20, 2026</span></li>'
        for name, language, shown in (("a", "en", "A"), ("b", "&quot;", title), ("c", "en", "C"))
    ]


PICTURE = "https://notes.example/a.jpg"


@pytest.mark.parametrize(
    ("image", "html", "shown"),
    [
        (Media(PICTURE, width=1600, height=900), "<p>a</p>", "552"),
        (Media(PICTURE, width=300, height=200), "<p>a</p>", "300"),
        (Media(PICTURE, width=600, height=1200), "<p>a</p>", "180"),  # no higher than 360
        (Media(PICTURE), "<p>a</p>", "552"),
        (Media(PICTURE), f'<p><img src="{PICTURE}" alt="A path"></p>', None),  # the excerpt shows it
        (Media("http://notes.example/a.jpg"), "<p>a</p>", None),  # mail programs want https
        (None, "<p>a</p>", None),
    ],
)
def test_pictures_are_as_wide_as_there_is_room(image, html, shown):
    entry = replace(make_entry(make_post("a"), html), image=image)
    settings = replace(SETTINGS, images="yes")
    letter = letter_of(make_issue(make_site(), [entry]), settings=settings)
    pictures = [attrs for attrs in Reader(letter.html).all("img") if attrs["alt"] == ""]
    assert [picture["width"] for picture in pictures] == ([shown] if shown else [])
    assert all(picture["src"] == PICTURE for picture in pictures)
    assert all(f"width:100%; max-width:{shown}px" in picture["style"] for picture in pictures)
    assert PICTURE not in letter_of(make_issue(make_site(), [entry])).html or not shown


def test_a_logo_stands_for_the_name_and_on_a_light_plate():
    settings = replace(SETTINGS, logo="https://notes.example/logo.png")
    html = letter_of(make_issue(make_site(), november()), settings=settings).html
    (logo,) = (image for image in Reader(html).all("img") if image["src"] == settings.logo)
    assert (logo["alt"], logo["height"]) == ("Field Notes", "48")
    assert "background-color:#fff" in logo["style"]
    plate = ".logo { background-image: linear-gradient(#ffffff, #ffffff); }"
    assert plate in html
    assert plate not in NOVEMBER.html


def test_a_mark_of_a_footnote_goes_where_the_note_is_not():
    post = make_post("a")
    mark = f'<sup><a href="{post.url}#fn:1">1</a></sup>'
    entry = make_entry(post, f"<p>True.{mark} And so on.</p>", "True.^1 And so on.")
    letter = make_letter(make_site(), [entry])
    assert "True. And so on." in visible(letter.html)
    assert "True. And so on." in letter.text
    whole = make_letter(make_site(), [replace(entry, excerpt=replace(entry.excerpt, is_whole=True))])
    assert "True.1 And so on." in visible(whole.html)


def test_without_a_style_sheet_the_letter_keeps_its_shape():
    bare = re.sub(r"<style.*?</style>", "", NOVEMBER.html, flags=re.S)
    reader = Reader(bare)
    assert all("style" in attrs for attrs in reader.all("h1", "h2", "h3", "p", "a", "img"))
    assert {"max-width:600px"} == {table["style"] for table in reader.all("table") if "style" in table} - {
        "background-color:#f4f3ef", "border-collapse:collapse; word-break:normal",
    }  # fmt: skip
    assert bare.count("<!--[if mso]>") == bare.count("<![endif]-->") == 3
    assert '<table role="presentation" align="center" width="600"' in bare


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_is_the_letter_without_what_only_a_recipient_needs():
    page, text = PAGE, visible(PAGE)
    assert UNSUBSCRIBE_URL not in page
    assert "nsubscribe" not in page
    assert "preheader" not in page.partition("<body")[2]
    assert {"rel": "canonical", "href": NOVEMBER.issue.url} in Reader(page).all("link")
    assert f"<title>{NOVEMBER.issue.title}</title>" in page
    assert "This is an issue of Field Notes." in text
    assert {"https://notes.example/", "#section-4"} <= {attrs["href"] for attrs in Reader(page).all("a")}
    assert len(Reader(page).all("h3")) == 6


def test_the_page_has_its_styles_in_its_head_alone():
    assert PAGE.count("<style>") == 1
    assert {tag for tag, attrs in Reader(PAGE).tags if "style" in attrs} == {"img"}  # its own width
    assert "h1 { margin: 0 0 14px; font-size: 34px;" in PAGE
    assert "@media (prefers-color-scheme: dark)" in PAGE
    assert "/*" not in PAGE


def test_the_page_links_to_its_neighbours_and_to_all_issues():
    archive = "https://notes.example/newsletter/"
    page = make_page(
        make_site(),
        november(),
        archive_url=archive,
        newer=("December", f"{archive}2026-12/"),
        older=("October", f"{archive}2026-10/"),
    )
    text, links = visible(page), Reader(page).all("link")
    assert "Next: DecemberPrevious: October This is an issue of Field Notes." in text
    assert "The Site &nbsp;·&nbsp; All issues Field Notes November 2026" in text
    assert {"rel": "next", "href": f"{archive}2026-12/"} in links
    assert {"rel": "prev", "href": f"{archive}2026-10/"} in links
    assert archive in {attrs["href"] for attrs in Reader(page).all("a")}
    assert "Next:" not in visible(PAGE)


# --- the files --------------------------------------------------------------------------------------------


def test_the_files_of_a_letter():
    files = {output.path: output.data for output in letter_outputs(make_site(), SETTINGS, NOVEMBER)}
    assert list(files) == [f"2026-11/letter.{kind}" for kind in ("html", "txt", "json", "eml")]
    assert files["2026-11/letter.html"].decode() == NOVEMBER.html
    assert files["2026-11/letter.txt"].decode() == NOVEMBER.text


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


def test_a_letter_without_postal_address_is_pointed_out():
    findings = []
    look = load_look(make_site(), NewsletterSettings(sender="a@b.example"), findings.append)
    render_letter(look, make_issue(make_site(), november()), findings.append)
    assert [finding.rule for finding in findings] == ["no-postal-address"]


# --- the user's templates ---------------------------------------------------------------------------------


EXTENDS = '{% extends "feeds/digest.html" %}\n'
INTRO = "{% block intro %}\n\nHello, {{ newsletter }}!\n{% endblock %}"


def with_templates(root: Path, **files: str):
    """The letter, and its page, with files such as `digest_html` in the user's folder."""
    (root / "mail").mkdir()
    for name, text in files.items():
        (root / "mail" / name.replace("_", ".")).write_text(text, "utf-8")
    settings = replace(SETTINGS, templates="mail")
    return make_letter(make_site(root), november(), settings), make_page(
        make_site(root), november(), settings
    )


def test_a_template_of_ones_own_changes_one_block(tmp_path):
    letter, page = with_templates(
        tmp_path, digest_html=EXTENDS + INTRO, digest_txt='{% extends "feeds/digest.txt" %}' + INTRO
    )
    assert visible(letter.html).replace("Hello, Field Notes! ", "") == visible(NOVEMBER.html)
    assert visible(page).replace("Hello, Field Notes! ", "") == visible(PAGE)
    assert letter.text.replace("Hello, Field Notes!", "").split() == NOVEMBER.text.split()


def test_a_stylesheet_of_ones_own_is_added(tmp_path):
    letter, page = with_templates(tmp_path, digest_css="h1 { color: #123456 }")
    heading = next(attrs for attrs in Reader(letter.html).all("h1"))
    assert "color:#123456" in heading["style"]
    assert "font-size:34px" in heading["style"]
    assert "h1 { color: #123456 }" in page


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


def test_a_template_of_ones_own_changes_the_words(tmp_path):
    words = '{% set strings = dict(strings, unsubscribe="Enough", reading_time="%d min") %}\n'
    letter, _ = with_templates(
        tmp_path, digest_html=EXTENDS + words, digest_txt=words + '{% extends "feeds/digest.txt" %}'
    )
    assert "View in browser · Enough" in visible(letter.html)
    assert "November 20, 2026 · Ada Lovelace · 3 min · also in Python" in visible(letter.html)
    assert "November 20, 2026 · Ada Lovelace · 3 min · also in Python" in letter.text
    assert "\nEnough:\nhttps://feeds.invalid/unsubscribe\n" in letter.text
