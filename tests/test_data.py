"""YAML, TOML and JSON as written: every scalar keeps its text, every problem its place."""

import subprocess
import sys
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.data import (
    MAX_DEPTH,
    as_bool,
    is_null,
    parse_json,
    parse_toml,
    parse_yaml,
    place,
    scalars,
    yaml_kind,
)
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Fields, Scalar

TOO_LARGE = "this nests deeper than 50 levels or holds more than 100,000 values"


def shown(value: Any) -> Any:
    """A value with each scalar as `(text, kind)`; text alone stands for itself."""
    if isinstance(value, Scalar):
        return str(value) if value.kind == "str" else (str(value), value.kind)
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    return [shown(item) for item in value]


def attempt(parse: Any, text: str, **options: Any) -> Fields | FeedsError:
    """The fields of a text, or what is wrong with it; no other exception."""
    try:
        fields: Fields = parse(text, "f", **options)
    except FeedsError as error:
        return error
    return fields


def refused(parse: Any, text: str, **options: Any) -> str:
    """What `parse` says of a text that it does not take."""
    with pytest.raises(FeedsError) as caught:
        parse(text, "f", **options)
    return str(caught.value)


# --- YAML: what is read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: Some text", "Some text"),
        ("a: no", ("no", "bool")),
        ("a: Yes", ("Yes", "bool")),
        ("a: 'no'", "no"),
        ("a: n", "n"),
        ("a: 1.10", ("1.10", "float")),
        ("a: 010", ("010", "int")),
        ("a: 0o10", "0o10"),
        ("a: 12:30", ("12:30", "int")),
        ("a: 1_000", ("1_000", "int")),
        ("a: 1e3", "1e3"),
        ("a: .inf", (".inf", "float")),
        ("a: " + "9" * 5000, ("9" * 5000, "int")),
        ("a: 2026-11-22", ("2026-11-22", "timestamp")),
        ("a: 2026-11-22 9:05:00 +02:00", ("2026-11-22 9:05:00 +02:00", "timestamp")),
        ("a: 2026-13-45", ("2026-13-45", "timestamp")),
        ("a: '2026-11-22'", "2026-11-22"),
        ("a: 2026-11", "2026-11"),
        ("a:", ("", "null")),
        ("a: ~", ("~", "null")),
        ("a: 'null'", "null"),
        ("a: ''", ""),
        ("a: [=, <<]", ["=", "<<"]),
        ("a: C++ # comment", "C++"),
        ("a: |\n  two\n  lines\n", "two\nlines\n"),
        ("a: >-\n  one\n  line\n", "one line"),
        ('a: "\\u00e9\\x07"', "é\x07"),
        ("a: [x, 1, {b: no}]", ["x", ("1", "int"), {"b": ("no", "bool")}]),
        ("a:\n- x\n-\n- - y", ["x", ("", "null"), ["y"]]),
        ("a: !!str 12", "12"),
        ("a: &x [1]\n", [("1", "int")]),
        ("---\na: x\n...\n", "x"),
    ],
)
def test_yaml_scalars_keep_their_text(text, value):
    assert shown(parse_yaml(text, "f").values["a"]) == value


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("no: 1", "no"),
        ("2026-11-22: 1", "2026-11-22"),
        ("1.10: 1", "1.10"),
        ("~: 1", "~"),
        ("'a b': 1", "a b"),
    ],
)
def test_yaml_keys_are_text(text, keys):
    assert list(parse_yaml(text, "f").values) == [keys]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\n\n"])
def test_yaml_of_nothing_has_no_keys(text):
    assert parse_yaml(text, "f").values == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x: &x {b: 1, c: 2}\na: {<<: *x, c: 3}", {"b": "1", "c": "3"}),
        ("x: &x {b: 1, c: 2}\na: {c: 3, <<: *x}", {"b": "1", "c": "3"}),
        ("a: {<<: [{b: 1}, {b: 2, c: 2}]}", {"b": "1", "c": "2"}),
        ("a: {'<<': 1}", {"<<": "1"}),
    ],
)
def test_yaml_merge_keys(text, value):
    assert parse_yaml(text, "f").values["a"] == value


def test_yaml_tags_are_data_where_they_are_allowed():
    text = "a: !ENV [SITE, x]\nb: !!python/name:os.system\nc: !relative\nd: !x {e: 1}"
    assert shown(parse_yaml(text, "f", tags=True).values) == {
        "a": {"!ENV": ["SITE", "x"]},
        "b": {"tag:yaml.org,2002:python/name:os.system": ""},
        "c": {"!relative": ""},
        "d": {"!x": {"e": ("1", "int")}},
    }


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("no", "bool"),
        ("1.10", "float"),
        ("12:30", "int"),
        ("2026-11-22", "timestamp"),
        ("", "null"),
        ("=", "str"),
        ("plain text", "str"),
    ],
)
def test_what_yaml_makes_of_a_text_without_quotes(text, kind):
    assert yaml_kind(text) == kind


# --- YAML: places -----------------------------------------------------------------------------------------


def test_yaml_places():
    fields = parse_yaml("title: x\n\n'date' :  2026-11-22\ntags:\n  - a\n  - {b: c}\n", "a.md", first_line=2)
    assert fields.places == {"title": (2, 1), "date": (4, 1), "tags": (5, 1)}
    assert fields.at("date") == Location("a.md", 4, 1)
    assert fields.at("author") == Location("a.md")
    assert place(fields.values["date"], "a.md") == Location("a.md", 4, 11)
    assert place(fields.values["tags"], "a.md") == Location("a.md", 6, 5)
    assert [(item, item.line, item.column) for item in scalars(fields.values["tags"])] == [
        ("a", 6, 5),
        ("c", 7, 9),
    ]
    assert place([], "a.md") == Location("a.md")


def test_yaml_keys_that_stand_twice():
    text = "a: 1\nb: {c: 1, c: 2}\na: 2"
    assert (
        refused(parse_yaml, text)
        == "f:2:11: the key 'c' stands here twice\n  help: keep the one that is meant"
    )
    seen: list[Finding] = []
    fields = parse_yaml(text, "f", report=seen.append)
    assert shown(fields.values) == {"a": ("2", "int"), "b": {"c": ("2", "int")}}
    assert fields.at("a") == Location("f", 3, 1)
    assert [(found.severity, found.at, found.message) for found in seen] == [
        (Severity.WARNING, Location("f", 2, 11), "the key 'c' stands here twice; the last one counts"),
        (Severity.WARNING, Location("f", 3, 1), "the key 'a' stands here twice; the last one counts"),
    ]


# --- YAML: what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: Hello: you", "f:1:13: this is not YAML: mapping values are not allowed in this context"),
        ("a: 'it's'", "f:1:8: this is not YAML: did not find expected key"),
        ("a: 1\nb: @x", "f:2:4: this is not YAML: found character that cannot start any token"),
        ("a:\n\tb: 1", "f:2:1: this is not YAML: found character that cannot start any token"),
        ("a: *x", "f:1:4: this is not YAML: found undefined alias"),
        ("a: 'x", "f:1:6: this is not YAML: found unexpected end of stream"),
        ('a: "\\q"', "f:1:5: this is not YAML: found unknown escape character"),
        ("a: [", "f:2:1: this is not YAML: did not find expected node content"),
        ("a: 1\n---\nb: 2", "f:2:1: this is not YAML: but found another document"),
        ("ä: 1\nb: é\x07", "f:2:5: YAML does not allow the character U+0007"),
        ("a: \x00", "f:1:4: YAML does not allow the character U+0000"),
        ("a: \ud800", "f:1:4: YAML does not allow the character U+D800"),
        ("- a", "f:1: keys with values are wanted here, this is a list"),
        ("just text", "f:1: keys with values are wanted here, this is a single value"),
        ("a: !x 1", "f:1:4: the tag '!x' is not allowed here"),
        ("a: !!python/object/apply:os.system [ls]", "f:1:4: the tag"),
        ("[a]: 1", "f:1:1: a key must be a single value, this one is a list or a mapping"),
        ("a: {<<: 3}", "f:1:9: `<<` merges mappings, this is none"),
        ("a: {<<: [3]}", "f:1:9: `<<` merges mappings, this is none"),
    ],
)
def test_yaml_that_is_refused(text, message):
    assert refused(parse_yaml, text).startswith(message)


@pytest.mark.parametrize(
    "text", ["a: b: c", "a: 'it's'", "a: @x", "a:\n\tb: 1", "a: *x", "a: 'x", 'a: "\\q"', "a: \x07"]
)
def test_common_mistakes_in_yaml_come_with_help(text):
    assert "\n  help: " in refused(parse_yaml, text)


def test_places_count_from_the_first_line_of_the_front_matter():
    assert refused(parse_yaml, "a: 1\nb: @x", first_line=2).startswith("f:3:4: ")
    assert refused(parse_yaml, "a: 1\nb: \x07", first_line=2).startswith("f:3:4: ")


def nested(levels: int) -> str:
    return "a: " + "[" * levels + "]" * levels


def test_yaml_nests_as_deep_as_it_may():
    assert parse_yaml(nested(MAX_DEPTH - 1), "f").values
    assert TOO_LARGE in refused(parse_yaml, nested(MAX_DEPTH + 1))


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BOMB, id="aliases of aliases"),
        pytest.param("a: &a [*a]", id="an alias of itself"),
        pytest.param("a: &a {<<: *a}", id="a merge of itself"),
        pytest.param("- " * 100_000, id="lists on one line"),
        pytest.param("a:\r" + "- " * 100_000, id="lists after a carriage return"),
        pytest.param("? " * 100_000, id="keys of keys"),
        pytest.param("a: " + "[a, " * 100_000, id="open brackets"),
        pytest.param("a: " + "{a: " * 100_000, id="open braces"),
        pytest.param("".join(f"{' ' * n}a:\n" for n in range(2_000)), id="ever deeper"),
        pytest.param("a: [" + "x, " * 100_001 + "]", id="many values"),
    ],
)
def test_yaml_that_is_too_large_is_refused_before_it_hurts(text):
    assert TOO_LARGE in refused(parse_yaml, text)


def test_many_merges_take_no_longer_than_many_keys():
    count = 20_000
    text = "a: {<<: [" + ",".join(f"{{k{n}: 1}}" for n in range(count)) + "]}"
    assert len(parse_yaml(text, "f").values["a"]) == count


# fmt: off
YAML_PIECES = (
    "a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "[", "]", "{", "}", ",", "&a ", "*a", "!t ", "<<: ", "=", "~",
    "'", '"', "#", "| ", "> ", "\t", "---\n", "...\n", "%YAML 1.1\n", "@", "`", "\\", "\x85", "\u2028",
    "\ufeff", "\x00", "🎉",
)
TOML_PIECES = (
    "a", "b.c", " = ", "\n", "[", "]", "[[", "]]", "{", "}", '"', "'", '"""', "'''", "#", "1",
    ",", "\\", "\\u00e9", "\r\n",
)
JSON_PIECES = ("{", "}", "[", "]", '"', ",", ":", "1", "a", "e", ".", "-", "\\", "\\ud83c", "null", "\n")
# fmt: on


def made_of(pieces: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Texts that come closer to a format's rules than any text would."""
    return st.text() | st.lists(st.sampled_from(pieces), max_size=30).map("".join)


@given(made_of(YAML_PIECES) | st.text(st.characters(codec=None)), st.booleans())
@example("é\x01", False)
@example("a: \ud800", False)
def test_any_text_is_yaml_or_a_feeds_error(text, tags):
    found = attempt(parse_yaml, text, tags=tags, report=lambda _: None)
    assert all(type(key) is str for key in found.values) if isinstance(found, Fields) else found.at


@given(st.dictionaries(st.text(), st.text() | st.lists(st.text())))
def test_text_in_quotes_is_read_as_it_was_meant(values):
    text = yaml.safe_dump(values, default_style='"', allow_unicode=True)
    assert parse_yaml(text, "f").values == values


def test_yaml_is_not_loaded_before_it_is_needed():
    program = "import sys, feeds.data; sys.exit('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# --- TOML -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a = 'no'", "no"),
        ("a = true", ("true", "bool")),
        ("a = 1_000", ("1000", "int")),
        ("a = 0x10", ("16", "int")),
        ("a = 2.50", ("2.5", "float")),
        ("a = 2026-11-22", ("2026-11-22", "timestamp")),
        ("a = 2026-11-22T09:05:00Z", ("2026-11-22 09:05:00+00:00", "timestamp")),
        ("a = 09:05:00", ("09:05:00", "timestamp")),
        ("a = ['x', 1, { b = [] }]", ["x", ("1", "int"), {"b": []}]),
        ("[a]\nb.c = 'x'", {"b": {"c": "x"}}),
        ("[[a]]\nb = 1\n[[a]]", [{"b": ("1", "int")}, {}]),
    ],
)
def test_toml_values(text, value):
    assert shown(parse_toml(text, "f").values["a"]) == value


TOML = '''\
title = "x" # a comment, no [table]
site . url = """
[fake]
fake = 1
"""
"a b" = 1
  indented = 2

[ tool . "feeds" ]  # a comment
list = [
  ["a", "]"],
  [1],
]
inline = { a = 1 }
[[feed]]
name = \'\'\'
"""
name = 2\'\'\'\'
[[feed]]
[last]
'é' = 1
'''


def test_toml_places():
    assert parse_toml(TOML, "f").places == {
        "title": (1, 1),
        "site": (2, 1),
        "site.url": (2, 1),
        "a b": (6, 1),
        "indented": (7, 3),
        "tool": (9, 3),
        "tool.feeds": (9, 3),
        "tool.feeds.list": (10, 1),
        "tool.feeds.inline": (14, 1),
        "feed": (15, 3),
        "feed.name": (16, 1),
        "last": (20, 2),
        "last.é": (21, 1),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = \nc = 2", "f:2:5: this is not TOML: Invalid value"),
        ('a = 1\n\nb = "x\n"', "f:3:7: this is not TOML: Illegal character"),
        ("a = [1,\n", "f:2: this is not TOML: Invalid value"),
        ("a = 1\na = 2\n", "f:2:6: this is not TOML: Cannot overwrite a value"),
        ("a = 2026-02-30", "f:1:5: this is not TOML: Invalid date or datetime"),
        ("a = " + "9" * 5_000, "f:1: this is not TOML: a number in it is too long"),
        ("a = 0x" + "f" * 5_000, "f:1: this is not TOML: a number in it is too long"),
        ("a = " + "[" * 100_000, f"f:1: {TOO_LARGE}"),
        ("a" + ".a" * 60 + " = 1", f"f:1: {TOO_LARGE}"),
    ],
)
def test_toml_that_is_refused(text, message):
    assert refused(parse_toml, text).splitlines()[0].startswith(message)


def test_toml_places_count_from_the_first_line_of_the_front_matter():
    assert parse_toml("a = 1\nb = 2", "f", first_line=2).at("b") == Location("f", 3, 1)
    assert refused(parse_toml, "a = 1\nb = \n", first_line=2).startswith("f:3:5: ")


@given(made_of(TOML_PIECES))
def test_any_text_is_toml_or_a_feeds_error(text):
    found = attempt(parse_toml, text)
    lines = text.split("\n")
    if isinstance(found, Fields):
        assert all(column <= len(lines[line - 1]) for line, column in found.places.values())
    else:
        assert found.at


# --- JSON -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "no"}', "no"),
        ('{"a": false}', ("false", "bool")),
        ('{"a": null}', ("null", "null")),
        ('{"a": 10}', ("10", "int")),
        ('{"a": ' + "9" * 5_000 + "}", ("9" * 5_000, "int")),
        ('{"a": 1.5e3}', ("1500.0", "float")),
        ('{"a": [{"b": "\\ud83c\\udf89"}]}', [{"b": "🎉"}]),
    ],
)
def test_json_values(text, value):
    assert shown(parse_json(text, "f").values["a"]) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,\n "b": }', "f:2:7: this is not JSON: Expecting value"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "f:1: the key 'c' stands here twice"),
        ("[1]", "f:1: keys with values are wanted here, this is a list"),
        ("null", "f:1: keys with values are wanted here, this is a single value"),
        ('{"a": "\\ud83c"}', "f:1: U+D83C is half a character, which no file can hold"),
        ('{"a": ' + "[" * 60 + "]" * 60 + "}", f"f:1: {TOO_LARGE}"),
        ("[" * 100_000, f"f:1: {TOO_LARGE}"),
    ],
)
def test_json_that_is_refused(text, message):
    assert refused(parse_json, text).splitlines()[0] == message


@given(made_of(JSON_PIECES))
def test_any_text_is_json_or_a_feeds_error(text):
    found = attempt(parse_json, text)
    assert isinstance(found, Fields) or found.at


# --- what a value says ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, True) for text in ("true", "True", "yes", "YES", "on")),
        *((text, False) for text in ("false", "no", "Off")),
        *((text, None) for text in ("'true'", "1", "y", "", "maybe", "[true]", "{true: true}")),
    ],
)
def test_what_a_boolean_says(text, said):
    assert as_bool(parse_yaml(f"a: {text}", "f").values["a"]) is said


@pytest.mark.parametrize(
    ("text", "null"),
    [("", True), ("~", True), ("null", True), ("'null'", False), ("''", False), ("[]", False)],
)
def test_what_was_left_empty(text, null):
    assert is_null(parse_yaml(f"a: {text}", "f").values["a"]) is null


def test_what_is_missing_was_left_empty():
    assert is_null(parse_yaml("", "f").values.get("a"))
