"""Lines of `Key: value` at the top of a post, with and without a fence."""

import random

import pytest

from feeds.model import Scalar
from feeds.posts.headers import split_headers

BARE = """\
Title: Bread: a love story
Date: 2026-11-22 09:30
Tags: rye, oven

The text.
"""


def headers(text: str) -> dict[str, object]:
    """The values as plain texts and lists of them."""
    values = split_headers(text, "a.md")[0].values
    return {
        key: str(value) if isinstance(value, Scalar) else list(map(str, value))
        for key, value in values.items()
    }


def test_lines_up_to_an_empty_one_are_the_header() -> None:
    fields, body, line = split_headers(BARE, "a.md")
    assert fields.values == {"title": "Bread: a love story", "date": "2026-11-22 09:30", "tags": "rye, oven"}
    assert (body, line) == ("The text.\n", 5)


def test_each_value_knows_its_place() -> None:
    fields, _, _ = split_headers(BARE, "a.md")
    assert str(fields.at("date")) == "a.md:2:1"
    date = fields.values["date"]
    assert isinstance(date, Scalar)
    assert (date.line, date.column, date.kind) == (2, 7, "str")


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\nTitle: A\n---\nText.", "Text.", 4),
        ("---\nTitle: A\n...\nText.", "Text.", 4),
        ("---\nTitle: A\n\nText.", "Text.", 4),
        ("--- yaml\nTitle: A\n--- end\nText.", "Text.", 4),
        ("Title: A\nText.", "Text.", 2),
        ("Title: A\n---\n---\nText.", "---\nText.", 3),
        ("Title: A\n   \n\n\nText.", "\n\nText.", 3),
        ("Title: A", "", 1),
        ("Title: A\n", "", 2),
    ],
)
def test_where_a_header_ends(text: str, body: str, line: int) -> None:
    fields, rest, first = split_headers(text, "a.md")
    assert fields.values == {"title": "A"}
    assert (rest, first) == (body, line)


@pytest.mark.parametrize(
    "text", ["", "\n", "\nTitle: A\n", "Text.", "# Title: A", "    Title: A\n", "Über: A\n", "a b: c\n"]
)
def test_a_text_without_a_header_is_all_text(text: str) -> None:
    fields, body, _ = split_headers(text, "a.md")
    assert fields.values == {}
    assert body.strip() == text.strip()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("TITLE: A\n", {"title": "A"}),
        ("   title:A  \n", {"title": "A"}),
        ("title:\n", {"title": ""}),
        ("key-1_2: a\n", {"key-1_2": "a"}),
        ("a: b\n    c\n    d\n", {"a": ["b", "c", "d"]}),
        ("a: b\n\tc\n", {"a": ["b", "c"]}),
        ("a: b\na: c\nA: d\n", {"a": ["b", "c", "d"]}),
        ("a: b\n    c: d\n", {"a": ["b", "c: d"]}),
        ("http://example.org\n", {"http": "//example.org"}),
        ('title: "A"\n', {"title": '"A"'}),
    ],
)
def test_keys_and_values(text: str, values: dict[str, object]) -> None:
    assert headers(text) == values


def test_a_long_text_is_not_looked_through() -> None:
    body = "a\n" * 1_000_000
    assert split_headers(f"Title: A\n\n{body}", "a.md")[1] == body


def test_random_tops_are_read_as_python_markdown_reads_them() -> None:
    markdown = pytest.importorskip("markdown", reason="Python-Markdown is not installed")
    lines = "--- ---x ... Title:_A tags:_a,_b ____more \tmore ___k-1:_v text _ http://a é:_x k_:v :v #_A a:_b\tc".split(
        " "
    )
    chance = random.Random(7)
    for _ in range(1_000):
        text = "\n".join(chance.choice(lines).replace("_", " ") for _ in range(chance.randint(1, 6)))
        parser = markdown.Markdown(extensions=["meta"])
        parser.Meta = {}
        rest = text.split("\n")
        if text.strip():
            for name in ("normalize_whitespace", "meta"):
                rest = parser.preprocessors[name].run(rest)
        ours = {key: [value] if isinstance(value, str) else value for key, value in headers(text).items()}
        assert ours == parser.Meta, text
        assert split_headers(text, "a.md")[1].split() == "\n".join(rest).split(), text
