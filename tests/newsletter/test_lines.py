"""Text on one line, cut short, or wrapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.columns import columns, one_line, wrap
from feeds.newsletter.lines import shorten


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nb", "a b"),
        ("  a \t\u2028 b\u00a0", "a b"),
        ("a\x00\x07b\x1b[0m", "ab[0m"),
        ("é 日本", "é 日本"),
    ],
)
def test_one_line(text, line):
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("fits", 4, "fits"),
        ("cut between words", 12, "cut between…"),
        ("no comma, left", 10, "no comma…"),
        ("Donaudampfschiff", 6, "Donau…"),
        ("静的サイトのブログ", 5, "静的サイ…"),
        ("ab e\u0301\u0301 cd", 6, "ab…"),
        ("family 👩‍👩‍👧 here", 10, "family…"),
        ("👩‍👩‍👧👩‍👩‍👧", 6, "👩‍👩‍👧…"),
    ],
)
def test_shorten(text, limit, short):
    assert shorten(text, limit) == short


@given(st.text(), st.integers(1, 80))
def test_a_shortened_text_fits(text, limit):
    assert len(shorten(text, limit)) <= max(limit, 1)


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("👩‍👧", 4), ("نوفمبر", 6)]
)
def test_columns(text, width):
    assert columns(text) == width


@pytest.mark.parametrize(
    ("text", "width", "wrapped"),
    [
        ("", 10, ""),
        ("short", 10, "short"),
        ("one two three four", 10, "one two\nthree four"),
        ("  indented text here", 11, "  indented\n  text here"),
        ("see https://example.org/long now", 10, "see\nhttps://example.org/long\nnow"),
        ("静的サイトのブログ。", 9, "静的サイ\nトのブロ\nグ。"),
        ("一二三四五、六", 10, "一二三四\n五、六"),
        ("aa 。。。。。", 10, "aa\n。。。。。"),
        ("para\n\npara", 10, "para\n\npara"),
    ],
)
def test_wrap(text, width, wrapped):
    assert wrap(text, width) == wrapped


@given(st.text(st.sampled_from("ab 日本。-\n"), max_size=80))
def test_wrapping_loses_and_adds_no_letters(text):
    wrapped = wrap(text, 12)
    assert "".join(wrapped.split()) == "".join(text.split())
    assert all(columns(line) <= 12 or " " not in line.strip() for line in wrapped.split("\n"))
