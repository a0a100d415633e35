"""Texts, names and headings as front matter and files give them."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.data import scalars
from feeds.generators.conventions import markdown_heading
from feeds.generators.rules import stem_of
from feeds.generators.values import flat, items, line, names, turned
from feeds.model import Scalar, Value

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXTS = (
    st.text(st.sampled_from(f"ab \t\n\r\x0b\x1c\x85\u00a0\u2003\u2028é日👩\u200d\u00ad\0{TURNING}"))
    | st.text()
)
SCALARS = st.builds(Scalar, TEXTS, st.sampled_from(["str", "null", "int"]))
VALUES: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain words", "plain words"),
        ("  two \n lines ", "two lines"),
        ("no\u00a0break", "no break"),
        ("a\u202e turned", "a turned"),
        ("a\u200djoiner", "a\u200djoiner"),
    ],
)
def test_a_text_is_shown_on_one_line(text: str, shown: str) -> None:
    assert line(text) == shown


@given(TEXTS)
def test_a_text_that_is_on_one_line_already_is_not_changed_by_being_put_there(text: str) -> None:
    without = "".join(character for character in text if character not in TURNING)
    assert line(Scalar(text)) == " ".join(without.split())
    assert turned(Scalar(text)) == without
    assert type(line(Scalar(text))) is str


@given(VALUES)
@example([])
@example([Scalar("a"), [Scalar("b")]])
def test_a_list_of_texts_is_taken_as_it_is(value: Value) -> None:
    assert list(flat(value)) == list(scalars(value))
    is_flat = isinstance(value, list) and all(isinstance(item, Scalar) for item in value)
    assert (flat(value) is value) == is_flat


@given(VALUES)
def test_names_are_the_texts_of_a_value_each_once(value: Value) -> None:
    texts = [] if isinstance(value, dict) else [line(item) for item in scalars(value) if item.kind != "null"]
    assert names(value) == tuple(dict.fromkeys(text for text in texts if text))


def test_a_single_text_is_taken_apart_where_the_generator_does() -> None:
    assert names(Scalar("a, b ,a"), lambda text: text.split(",")) == ("a", "b")
    assert names([Scalar("a, b")], lambda text: text.split(",")) == ("a, b",)
    assert names(Scalar("~", "null"), lambda text: text.split(",")) == ()


def test_items_are_those_of_the_lists_inside_a_list_too() -> None:
    a, b = Scalar("a"), Scalar("b")
    c: Value = {"name": Scalar("c")}
    assert items(a) == [a]
    assert items([a, c]) == [a, c]
    assert items([[a, [b]], [], c]) == [a, b, c]


@given(st.text(st.sampled_from("ab./")))
@example("a/.md")
@example("..a.md")
def test_a_stem_is_what_stands_before_the_ending(path: str) -> None:
    assert stem_of(path) == posixpath.splitext(posixpath.basename(path))[0]


@given(st.text(st.sampled_from("#a \t\n\r\x0b\x1c\x85\u00a0\u2028")) | st.text())
def test_the_heading_that_an_address_is_made_of_is_the_first_line_that_is_not_blank(body: str) -> None:
    first = body.lstrip().split("\n", 1)[0].strip()
    assert markdown_heading(body) == (first.lstrip("# ") if first.startswith("# ") else None)
