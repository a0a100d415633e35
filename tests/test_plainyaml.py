"""The quick reading of front matter is PyYAML's own, or none."""

import os

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.data import _YAML_KINDS, _YamlReader, yaml_kind
from feeds.model import Scalar
from feeds.plainyaml import read_plain

EXAMPLES = int(os.environ.get("FEEDS_EXAMPLES", "300"))


def flat(value):
    """A value with all that is known of it."""
    if isinstance(value, Scalar):
        return (str(value), value.kind, value.quoted, value.line, value.column)
    if isinstance(value, list):
        return [flat(item) for item in value]
    return {key: flat(item) for key, item in value.items()}


ORDINARY = st.sampled_from(
    [
        "a",
        "two words",
        "2026-11-22",
        "2026-11-22 10:00:00",
        "true",
        "No",
        "1_000",
        "0x1f",
        "1.5",
        "~",
        "null",
        "é中🚀",
        "a: b",
        "a:b",
        "a #b",
        "a#b",
        "'q'",
        '"q"',
        "'it''s'",
        '"\\n"',
        "https://a.example/?b=c",
        "<<",
        "=",
        "12:30:45",
        ".inf",
        "[a, b]",
        "{a: b}",
        "a, b",
        "-a",
        "a ",
        "a\xa0b",
        "\xa0a",
        "a\u3000",
        "a\u2028b",
        "a\x85b",
        "a\x7fb",
        "\ufeffa",
        "a\tb",
        "a\t",
        "a:",
        "a :",
        "a # b",
        "'a' # b",
        "[a, 'b, c'] ",
        "[]",
        "[a,]",
        "[a]b",
        "-",
        "- a",
        ">-",
        "&x",
        "*x",
        "!t x",
        "%",
        "@",
        "|",
        ">",
    ]
)
ODD = st.text("ab1-:#,[]{}'\"\\ .>|&*!?%@`~=<_+/é", max_size=8)
VALUES = st.one_of(ORDINARY, ORDINARY, ODD)
INDENTS = st.sampled_from(["", "  ", "    "])
PARTS = st.one_of(
    VALUES.map(lambda value: f" {value}"),
    st.builds(
        lambda indent, values: "".join(f"\n{indent}- {value}" for value in values),
        INDENTS,
        st.lists(VALUES, min_size=1, max_size=3),
    ),
    st.lists(VALUES, min_size=1, max_size=3).map(lambda values: f" [{', '.join(values)}]"),
    st.builds(
        lambda value, end: f" >-\n  {value}{end}",
        VALUES,
        st.sampled_from(["", "", "\n", "\n  x", "\n# x", "\n- x", " "]),
    ),
    st.sampled_from(
        ["", "", " ", "  ", "\n", "\n  ", "\n# a\n- b", "\n- a\n  - b", "\n- a\n\n- b", "\n-", "\n- "]
    ),
)
BETWEEN = st.sampled_from(["\n"] * 5 + ["\n\n", "\n# a: b\n", "\n #\n", " \n", "\n \n", "\n---\n", ""])
DOCUMENTS = st.lists(st.tuples(PARTS, BETWEEN), min_size=1, max_size=4).map(
    lambda parts: "".join(f"k{number}:{part}{end}" for number, (part, end) in enumerate(parts))
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    DOCUMENTS | st.text("ab:-# \n[]'\"", max_size=30) | st.text(max_size=5).map(lambda text: f"a: {text}\n")
)
def test_what_is_read_is_read_as_pyyaml_does(text):
    if (found := read_plain(text, 2, yaml_kind)) is None:
        return
    values, places = _YamlReader("a.md", 2, False, None).read(text)
    assert (flat(found[0]), found[1]) == (flat(values), places)
    assert list(found[0]) == list(values)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    VALUES
    | st.from_regex(r"[0-9yYnNtToOfF~<=.+-][0-9a-zA-Z_:. +-]{0,12}", fullmatch=True)
    | st.text(max_size=9)
)
def test_a_text_without_quotes_is_what_pyyaml_takes_it_for(text):
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))
    assert _YAML_KINDS.get(tag, "str") == yaml_kind(text)


@pytest.mark.parametrize(
    "text",
    [
        "date: 2026-11-22\n",
        "title: Two words\ndraft: false\n",
        "tags: [a, 'b c', \"d\"]\n",
        "tags:\n  - a\n  - 'b c'\n",
        "tags:\n- a\n",
        "description: >-\n  One line: of text\ndate: 2026-11-22\n",
        "empty:\n# a comment\n\nother: x\n",
        "tags:\n  - a\n# a comment\n  - b\n",
        "title: Café#1 at 10:30\n",
        "title: no line feed",
        "description: >-\n  Text",
    ],
)
def test_most_front_matter_is_read(text):
    assert read_plain(text, 2, yaml_kind) is not None


@pytest.mark.parametrize(
    "text",
    [
        "a: &x b\n",
        "a: {b: c}\n",
        "a:\n  b: c\n",
        "a: b\na: c\n",
        "a: |\n  b\n",
        "a: b\n  c\n",
        "a:\tb\n",
        "- a\n",
        "",
        "a: !x b\n",
        "a:\n  - b\n - c\n",
        "a:\n  - b\n  c\n",
        "a: >-\n  b\n  c\n",
        "a: \x7f\n",
        "a: b\u2028c\n",
        "a: \ufeff\n",
    ],
)
def test_anything_else_is_left_to_pyyaml(text):
    assert read_plain(text, 2, yaml_kind) is None
