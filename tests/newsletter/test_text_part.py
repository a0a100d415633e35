"""The letter's text part, for those who read without HTML."""

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import (
    SETTINGS,
    make_entry,
    make_issue,
    make_letter,
    make_look,
    make_post,
    make_site,
    november,
)
from projects import CHECKOUT, build_project

from feeds.columns import columns, one_line
from feeds.model import UNSUBSCRIBE_URL

EXPECTED = Path(__file__).parent / "expected" / "above-the-bakery.txt"
NOVEMBER = make_letter(make_site(), november())


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
        f"{'-' * 72}\n"
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
    links = set(map(unescape, re.findall(r'<a [^>]*href="([^"]+)"', NOVEMBER.html)))
    assert links - {"https://notes.example/"} <= set(map(str.strip, NOVEMBER.text.split("\n")))


def test_the_text_part_is_narrow():
    assert max(map(columns, NOVEMBER.text.split("\n"))) <= 76


def test_a_real_letter_reads_as_if_it_were_written_by_hand(tmp_path):
    shutil.copytree(CHECKOUT / "content", tmp_path / "content")
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    build_project(tmp_path, issue="2026-11")
    text = (tmp_path / ".feeds" / "letters" / "2026-11" / "letter.txt").read_text("utf-8")
    assert text == EXPECTED.read_text("utf-8")


@settings(deadline=None, max_examples=20)
@given(
    st.text(st.sampled_from("aé 静的サ。「」ー한عב😀\u0301"), min_size=1, max_size=200),
    st.text(st.sampled_from("ab 静的サ。 "), max_size=60),
)
def test_no_line_is_wider_than_the_letter_in_any_script(title, name):
    look, newsletter = make_look(make_site()), f"x{name}"
    post = make_post("a", title=title, categories=(f"c {name}", "Tools"))
    issue = make_issue(make_site(), [make_entry(post, text="one")], replace(SETTINGS, title=newsletter))
    values = look.values_for(issue, ()) | {"unsubscribe_url": UNSUBSCRIBE_URL}
    values |= {"newsletter": one_line(newsletter), "sender": one_line(newsletter)}
    text = look.templates.render("digest.txt", values)
    words = re.sub(r"\S{39,}", "", text)  # what has no place to break, such as an address
    assert all(columns(line) <= 76 for line in words.split("\n"))
