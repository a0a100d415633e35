"""How long a post takes to read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Fields, Scalar, Source
from feeds.posts.minutes import count_minutes, reading_minutes

WORDS = "word " * 264


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("a few words", 1),
        (WORDS, 1),
        (WORDS + "word", 2),
        (WORDS + "[a](https://example.org/many-words-in-an-address)", 2),
        ("word " * 263 + "[a](https://example.org/many-words-in-an-address)", 1),
        ("word " * 263 + "a\n\n[here]: https://example.org/many/words", 1),
        ("word " * 263 + '<a class="b c d e">a</a>', 1),
        ("word " * 263 + "a <!-- more -->", 1),
        ("word " * 263 + "a {: .wide #name }", 1),
        (WORDS + '\n```python title="many words"\n```\n', 1),
        (WORDS + "\n```\nprint(1)\n```\n", 2),
        ("word " * 200 + "![](a.png) ![](b.png)", 2),
        ("![](a.png)" * 5, 1),
        ("<img src=a>" * 20, 2),
    ],
)
def test_minutes_are_counted_as_material_counts_them(text, minutes):
    assert count_minutes(text) == minutes


def test_the_author_knows_better():
    for value, minutes in {"12": 12, "long": 1, "0": 1}.items():
        fields = Fields("a.md", {"readtime": Scalar(value)})
        assert reading_minutes(Source("a.md", fields, "a few words", 2)) == minutes


@pytest.mark.parametrize("word", ["a", "a_1", "²", "Grüße", "漢字", "e\u0301", "мир", "\ud800a"])
def test_words_of_any_script_count(word):
    found = len(re.findall(r"\w+", word))
    assert count_minutes(f"{word} " * (264 // found)) == 1
    assert count_minutes(f"{word} " * (264 // found + 1)) == 2


@given(st.text(alphabet='ab ![](){}<>`~:\n"'))
def test_any_text_takes_a_minute_at_least(text):
    assert count_minutes(text) >= 1


@pytest.mark.parametrize("part", ["<a", "](", "[a", "{:", "```\n", "<!--"])
def test_hostile_repetitions_take_linear_time(part):
    assert count_minutes(part * 200_000) >= 1
