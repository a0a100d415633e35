from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymdownx.slugs import slugify

from feeds.data import parse_yaml
from feeds.generators.slugs import known_slugify, pymdownx_slugify
from feeds.model import Value

APPLY = "!!python/object/apply:pymdownx.slugs.slugify"


def option(written: str) -> Value:
    """The value of a plugin's option, as `mkdocs.yml` is read."""
    return parse_yaml(f"post_slugify: {written}\n", "mkdocs.yml", tags=True).values["post_slugify"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("A & B", "a--b"),
        ("What's new in v1.2?", "whats-new-in-v12"),
        ("C++ vs C#", "c-vs-c"),
        ("foo_bar  baz", "foo_bar--baz"),
        ("a -- b", "a----b"),
        ("Été à Paris", "été-à-paris"),
        ("日本語の題", "日本語の題"),
        ("Straße İzmir", "straße-izmir"),
        ("🏔️ Sunshine", "-sunshine"),
        ("a <b>bold</b> word", "a-bold-word"),
        ("1 < 2 and 3 > 2", "1--2"),
        ("  outer blanks  ", "outer-blanks"),
        ("no\u00a0break", "nobreak"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_slugs_of_titles(title: str, slug: str) -> None:
    assert pymdownx_slugify()(title) == slug


@given(st.text(), st.sampled_from(["-", "_", "", "--"]))
@settings(deadline=None, max_examples=300)
def test_a_slug_is_what_material_gets_from_the_same_library(title: str, separator: str) -> None:
    assert pymdownx_slugify(separator)(title) == slugify(case="lower")(title, separator)


@given(
    st.text(),
    st.sampled_from(["none", "lower", "lower-ascii", "fold"]),
    st.booleans(),
    st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
)
@settings(deadline=None, max_examples=300)
def test_every_keyword_does_what_it_does_in_the_library(
    title: str, case: str, percent: bool, form: str
) -> None:
    made = known_slugify(
        option(
            f"{APPLY} {{kwds: {{case: {case}, percent_encode: {str(percent).lower()}, normalize: {form}}}}}"
        ),
        "-",
    )
    assert made is not None
    assert made(title) == slugify(case=case, percent_encode=percent, normalize=form)(title, "-")


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        (f"{APPLY}\n  kwds:\n    case: lower", "été-ß-c"),
        (f"{APPLY} {{kwds: {{case: lower}}}}", "été-ß-c"),
        (f"{APPLY} {{kwds: {{case: fold}}}}", "été-ss-c"),
        (f"{APPLY} {{kwds: {{case: lower-ascii}}}}", "Été-ẞ-c"),
        (f"{APPLY} {{kwds: {{percent_encode: true}}}}", "%C3%89t%C3%A9-%E1%BA%9E-C"),
        (f"{APPLY} {{kwds: {{}}}}", "Été-ẞ-C"),
        (f"{APPLY} {{}}", "Été-ẞ-C"),
        (f"{APPLY} []", "Été-ẞ-C"),
        (APPLY, "Été-ẞ-C"),
    ],
)
def test_the_tag_of_the_documentation_is_understood(written: str, slug: str) -> None:
    made = known_slugify(option(written), "-")
    assert made is not None
    assert made("Été ẞ C++") == slug


@pytest.mark.parametrize(
    "written",
    [
        "!!python/name:pymdownx.slugs.uslugify",
        "!!python/name:os.system",
        "!!python/object/apply:os.system [ls]",
        "!!python/object/apply:pymdownx.slugs.slugify_ascii {}",
        "!!python/object/apply:my.pymdownx.slugs.slugify {}",
        "!mine {kwds: {case: lower}}",
        "pymdownx.slugs.slugify",
        "{a: b, c: d}",
        "{}",
        "[]",
        "",
    ],
)
def test_any_other_function_is_not_known(written: str) -> None:
    assert known_slugify(option(written), "-") is None
