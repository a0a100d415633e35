from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feeds.data import parse_yaml
from feeds.errors import FeedsError
from feeds.generators.defaults import merge_defaults
from feeds.model import Fields, Scalar, Source, Value


def folder(name: str, text: str) -> tuple[str, Fields]:
    return name, parse_yaml(text, f"docs/{name}/.meta.yml")


def merged(path: str, text: str, *defaults: tuple[str, Fields]) -> Source:
    return merge_defaults(Source(path, parse_yaml(text, f"docs/{path}", 2), "Text", 9), defaults)


BLOG = folder(
    "blog/posts", "authors: [ada]\ntags: [a]\ncomments: true\nsocial: {cards: false, font: Roboto}\n"
)


@pytest.mark.parametrize(
    ("own", "values"),
    [
        ("title: A", {"title": "A", "tags": ["a"], "comments": "true"}),
        ("tags: [b]", {"tags": ["a", "b"]}),
        ("tags: [a]", {"tags": ["a", "a"]}),
        ("tags: []", {"tags": ["a"]}),
        ("comments: false", {"comments": "false"}),
        ("social: {cards: true}", {"social": {"cards": "true", "font": "Roboto"}}),
        ("", {"authors": ["ada"]}),
    ],
)
def test_lists_are_joined_mappings_merged_and_the_rest_replaced(own: str, values: dict[str, object]) -> None:
    found = merged("blog/posts/a.md", own, BLOG).fields.values
    assert {key: found[key] for key in values} == values
    assert set(found) == {"authors", "tags", "comments", "social", *values}


@pytest.mark.parametrize(
    ("name", "path", "applies"),
    [
        ("", "a.md", True),
        ("", "blog/posts/a.md", True),
        ("blog", "blog/posts/a.md", True),
        ("blog/posts", "blog/posts/2026/a.md", True),
        ("blog/posts", "blog/posts-x/a.md", True),
        ("blog/posts", "blog/posts.md", True),
        ("blog/posts", "blog/a.md", False),
        ("blog/posts", "other/blog/posts/a.md", False),
        ("Blog", "blog/posts/a.md", False),
    ],
)
def test_defaults_belong_to_every_path_that_begins_with_the_folders_name(
    name: str, path: str, applies: bool
) -> None:
    assert ("comments" in merged(path, "title: A", folder(name, "comments: true")).fields) is applies


def test_inner_folders_are_merged_over_outer_ones() -> None:
    outer, inner = folder("", "tags: [a]\nlang: en"), folder("blog", "tags: [b]\nlang: de")
    found = merged("blog/x.md", "tags: [c]", outer, inner)
    assert found.fields.values == {"tags": ["a", "b", "c"], "lang": "de"}


def test_a_source_without_defaults_is_the_very_same() -> None:
    source = Source("a.md", parse_yaml("title: A", "docs/a.md"), "Text", 4)
    assert merge_defaults(source, ()) is source
    assert merge_defaults(source, [folder("blog", "a: 1"), folder("", "")]) is source


def test_neither_the_defaults_nor_the_posts_own_fields_are_changed() -> None:
    own = parse_yaml("tags: [c]\nsocial: {cards: true}", "docs/blog/posts/a.md")
    merge_defaults(Source("blog/posts/a.md", own, "", 1), [BLOG, folder("", "tags: [z]")])
    assert own.values == {"tags": ["c"], "social": {"cards": "true"}}
    assert BLOG[1].values["tags"] == ["a"]
    assert BLOG[1].values["social"] == {"cards": "false", "font": "Roboto"}


def test_only_the_posts_own_values_know_a_line() -> None:
    values = merged("blog/posts/a.md", "tags: [b]\ndraft: true", BLOG).fields.values
    tags, draft, comments = values["tags"], values["draft"], values["comments"]
    assert isinstance(tags, list)
    assert [tag.line for tag in tags if isinstance(tag, Scalar)] == [None, 2]
    assert isinstance(draft, Scalar)
    assert draft.line == 3
    assert isinstance(comments, Scalar)
    assert (comments.kind, comments.line) == ("bool", None)


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("tags:", "docs/blog/posts/a.md:2:6: the key 'tags' is empty here"),
        ("tags: b", "docs/blog/posts/a.md:2:7: the key 'tags' is another kind of value here"),
        (
            "a: 1\ncomments: 'no'",
            "docs/blog/posts/a.md:3:11: the key 'comments' is another kind of value here",
        ),
        ("comments: [true]", "docs/blog/posts/a.md:2:12: the key 'comments' is another kind of value here"),
        ("social: off", "docs/blog/posts/a.md:2:9: the key 'social' is another kind of value here"),
        ("social: []", "docs/blog/posts/a.md:2:1: the key 'social' is another kind of value here"),
        ("social:\n  cards: 1", "docs/blog/posts/a.md:3:10: the key 'cards' is another kind of value here"),
    ],
)
def test_another_kind_of_value_is_refused(own: str, message: str) -> None:
    with pytest.raises(FeedsError) as caught:
        merged("blog/posts/a.md", own, BLOG)
    assert str(caught.value).startswith(f"{message}, and the folder's defaults give it a value\n  help: ")
    assert caught.value.rule == "meta"


def test_folders_that_disagree_name_the_inner_file() -> None:
    with pytest.raises(
        FeedsError, match=r"^docs/blog/\.meta\.yml:1:7: the key 'tags' is another kind of value"
    ):
        merged("blog/a.md", "", folder("", "tags: [a]"), folder("blog", "tags: a"))


KEYS = st.sampled_from(["tags", "draft", "title"])
LEAVES = st.sampled_from([None, True, False, 0, 1, 0.5, "", "a", "no", "2026-11-22"])
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2)
    ),
    max_size=3,
)


def plain(value: Value) -> Any:
    """The value as PyYAML constructs it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if value.kind == "str" else yaml.safe_load(value)


@given(st.lists(DOCUMENTS, min_size=2, max_size=3))
@settings(deadline=None, max_examples=200)
def test_the_outcome_is_that_of_the_library_behind_the_meta_plugin(documents: list[dict[str, Any]]) -> None:
    mergedeep = pytest.importorskip("mergedeep", reason="mkdocs-material is not installed")
    assume(any(documents[:-1]))
    texts = [json.dumps(document) for document in documents]
    expected: dict[str, Any] | None
    try:
        expected = mergedeep.merge(
            {}, *map(yaml.safe_load, texts), strategy=mergedeep.Strategy.TYPESAFE_ADDITIVE
        )
    except TypeError:
        expected = None
    found: Any
    try:
        source = merged("a.md", texts[-1], *(folder("", text) for text in texts[:-1]))
        found = plain(dict(source.fields.values))
    except FeedsError:
        found = None
    assert found == expected
    assert json.dumps(found) == json.dumps(expected)  # 1 is not True here
