"""Which characters a pattern needs or begins with, and that looking for those alone changes no HTML."""

import re

import pytest
from html_samples import make_site
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.treeprocessors import InlineProcessor

from feeds.posts.dialect import Dialect
from feeds.posts.extensions import compile_extensions
from feeds.posts.triggers import leading_characters, needed_characters

SITE = make_site()


@pytest.mark.parametrize(
    ("pattern", "flags", "needed"),
    [
        ("a", 0, "a"),
        ("[ab]c*", 0, "ab"),
        (r"\w+\*", 0, "*"),
        ("a|b", 0, "ab"),
        ("a|.", 0, None),
        ("(?:a+)?b{2,}", 0, "b"),
        ("a*", 0, None),
        ("[^a]", 0, None),
        (r"(?<!\\)\$(?=x)", 0, "$"),
        ("a\\[", re.IGNORECASE, "["),
        ("a", re.IGNORECASE, None),
        ("(?i:a)!", 0, "!"),
        ("(?P<x>a)(?P=x)", 0, "a"),
        ("[a-c]", 0, "abc"),
        (r"[\w-]", 0, None),
    ],
)
def test_a_pattern_needs_one_of_these_characters(pattern, flags, needed):
    found = needed_characters(re.compile(pattern, flags))
    assert found == (None if needed is None else frozenset(needed))


@pytest.mark.parametrize(
    ("pattern", "leading"),
    [
        ("ab", "a"),
        ("[ab]c", "ab"),
        (r"(?<![^x])\b(?=b)a", "a"),
        ("(?:ab|c)d", "ac"),
        ("(?:ab|)c", None),
        ("a?b", None),
        ("(?:a+)b", "a"),
        ("(?:a*)+b", None),
        ("(?>a)b", "a"),
        (r"(a)\1", "a"),
        ("(?i)ab", None),
        (r"(?i)\[a", "["),
        ("^", None),
        (".a", None),
    ],
)
def test_every_match_begins_with_one_of_these_characters(pattern, leading):
    assert leading_characters(re.compile(pattern)) == (None if leading is None else frozenset(leading))


PARTS = ["a", "[bc]", r"\[", "(?<!b)", "(?=c)", r"\b", "(?:ab|c)", "a?", "b*", "(?:c|)", "(?:a+b)+", "."]


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join), st.text("abc[ ", max_size=8))
def test_no_match_begins_with_another(pattern, text):
    leading = leading_characters(compiled := re.compile(pattern))
    assert leading is None or all(found[0][:1] in leading for found in compiled.finditer(text))


@given(
    st.sampled_from(["a+b|[cd]", "(?:x|y)z?", r"\[.*\]|!a", "(?i)1|-"]), st.text("abcdxyz[]!A1-", max_size=6)
)
def test_no_text_without_them_matches(pattern, text):
    compiled = re.compile(pattern)
    needed = needed_characters(compiled)
    if compiled.search(text):
        assert needed is None or needed & set(text)


OPTIONS = compile_extensions(SITE, lambda finding: None)
DIALECT = Dialect(OPTIONS, SITE.root, lambda finding: None)
QUICK, PLAIN = DIALECT._new_parser(OPTIONS), DIALECT._new_parser(OPTIONS)
for step in PLAIN.treeprocessors:
    if isinstance(step, InlineProcessor):
        step.__class__ = InlineProcessor
del PLAIN.preprocessors["html_block"].run


def test_the_steps_are_told_apart():
    names = [[type(step).__name__ for step in each.treeprocessors] for each in (QUICK, PLAIN)]
    assert names[0].count("Quick") == names[1].count("InlineProcessor") >= 2


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"ab *_`[]()!<>&:;+=~^$\\|{}\n",
                "**",
                "](a)",
                "![",
                "<b>",
                "&amp;",
                ":smile:",
                "++c++",
                "(c)",
                "-->",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_any_text_gives_the_same_html(text):
    assert QUICK.reset().convert(text) == PLAIN.reset().convert(text)
