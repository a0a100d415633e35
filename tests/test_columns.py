import textwrap
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.columns import columns, wrap

ANY = "ab  -é”’…—яΩ漢字、「」\u0301\u200d\U0001f469\U0001f3fb\xad\u3000"


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("Grüße", 5),
        ("“a” – b…", 8),
        ("日本", 4),
        ("e\u0301", 1),
        ("👍🏽", 4),
        ("a\xadb", 2),
        ("мир", 3),
    ],
)
def test_columns_are_those_of_a_terminal(text, width):
    assert columns(text) == width


@given(st.text(max_size=30))
def test_a_text_takes_the_columns_of_its_characters(text):
    def one(char):
        if unicodedata.category(char) in ("Cf", "Me", "Mn"):
            return 0
        return 2 if unicodedata.east_asian_width(char) in "WF" else 1

    assert columns(text) == sum(map(one, text))


@given(st.lists(st.text("abcäя”–.,;", min_size=1, max_size=12), min_size=1), st.integers(5, 40))
def test_lines_of_latin_and_cyrillic_end_at_blanks(words, width):
    text = " ".join(words)
    assert wrap(text, width).split("\n") == textwrap.wrap(
        text, width, break_long_words=False, break_on_hyphens=False
    )


@given(st.text(ANY, max_size=60), st.integers(4, 30))
def test_no_character_is_lost(text, width):
    lines = wrap(text, width).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line == line.rstrip() for line in lines)


@given(st.text("ab 漢字、", max_size=60), st.integers(4, 30))
def test_no_line_is_too_long_that_could_end_earlier(text, width):
    for line in wrap(text, width).split("\n"):
        assert columns(line) <= width + 2 or " " not in line.strip()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("  one two three", ["  one", "  two", "  three"]),
        ("one  two", ["one  two"]),
        ("one   twelve", ["one", "twelve"]),
        ("a-very-long-word b", ["a-very-long-word", "b"]),
        ("日本語の文", ["日本語の", "文"]),
        ("日本語だ。文", ["日本語", "だ。文"]),
        ("a e\u0301e\u0301 bcd ef", ["a e\u0301e\u0301 bcd", "ef"]),
        ("       ", [""]),
        ("one\n two", ["one", " two"]),
    ],
)
def test_a_line_is_broken_at_eight_columns(text, lines):
    assert wrap(text, 8).split("\n") == lines
