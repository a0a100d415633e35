"""Which extensions a text needs, and that those it does not need change nothing that a feed carries."""

import os
from functools import lru_cache

import pytest
from html_samples import PAGE, make_site, resolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.model import MarkdownExtension
from feeds.posts.cleaning import clean_html
from feeds.posts.dialect import Dialect
from feeds.posts.extensions import DEFAULT_EXTENSIONS, compile_extensions
from feeds.posts.signs import Signs

EXAMPLES = int(os.environ.get("FEEDS_EXAMPLES", "150"))
MORE = (
    *("codehilite", "nl2br", "sane_lists", "smarty", "pymdownx.blocks.caption", "pymdownx.bracketspan"),
    *("pymdownx.magiclink", "pymdownx.progressbar", "pymdownx.snippets"),
)
SITES = {
    "Material's": make_site(),
    "many": make_site(markdown=(*DEFAULT_EXTENSIONS, *map(MarkdownExtension, MORE))),
    "few": make_site(markdown=(MarkdownExtension("pymdownx.betterem"), MarkdownExtension("footnotes"))),
}


class Fixed(Dialect):
    """Renders every text with the same extensions."""

    def __init__(self, name: str, extensions: frozenset[str]) -> None:
        super().__init__(OPTIONS[name], SITES[name].root, lambda finding: None)
        self._parser = self._new_parser(extensions)

    def _parser_for(self, text):
        return self._parser


OPTIONS = {name: compile_extensions(site, lambda finding: None) for name, site in SITES.items()}
dialect = lru_cache(50)(Fixed)


def assert_same(name: str, text: str, others: int) -> None:
    """The extensions that a text needs make of it what all do, whichever of the others are there."""
    every = sorted(OPTIONS[name])
    chosen = {each for number, each in enumerate(every) if others >> number & 1}
    made = []
    for extensions in (Signs(OPTIONS[name]).needed(text) | chosen, frozenset(every)):
        made.append(clean_html(dialect(name, extensions).convert(text, None), resolve, PAGE))
    assert made[0] == made[1]


OTHERS = st.one_of(st.just(0), st.sampled_from([1 << number for number in range(31)]), st.integers(0, 2**31))
MARKS = st.sampled_from(
    [
        *"ab1 *_`[]()!<>&:;+=~^${|}#-\n\n",
        *("**", "](a)", "![", "<b>", "&amp;", ":smile:", "++c++", "(c)", "-->", "1/2", "2nd", "a_b", "*a b*"),
        *("**a\nb**", "`a b`", "`#!py x`", "    ", "\t", "> ", "- ", "1. ", ": ", "\n: ", "[^1]", "[^1]: "),
        *("*[ab]: ", "!!! a\n", "??? a\n", '=== "a"\n', "```\n", "~~~\n", "| a | b |\n|---|---|\n"),
        *(
            "{: .a }",
            "[TOC]",
            "- [ ] a",
            "//// caption\n",
            "http://a.b",
            "$a$",
            "==a==",
            "^^a^^",
            "~~a~~",
            "--",
        ),
    ]
)
EMPHASIS = st.sampled_from(
    [
        *(
            "a",
            "b",
            " ",
            "\n",
            "\n\n",
            "*",
            "**",
            " *a",
            " **a",
            "a* ",
            "a** ",
            "*a*",
            " **a b** ",
            "_a_",
            "a_b_c",
            "é",
        ),
        *(
            "`",
            "`a <b> &amp;`",
            " `",
            "` ",
            "``",
            "[a](b_c)",
            "<http://a_b>",
            "(*a",
            "a*)",
            "a**.",
            "- ",
            "> ",
            "# ",
        ),
        *(
            "…",
            "“*a",
            "a*”",
            "\u2009",
            "2",
            ":",
            "::: ",
            "1. ",
            "*“a”*",
            " **…** ",
            "*(a)*",
            "`__a__`",
            "`*a`",
            "*`a`*",
        ),
        *("*[a](b)*", "**<b>**", "*&amp;*", '"*a*"', "*a*,", "*a *b", "~", "^", "="),
    ]
)


@pytest.mark.parametrize("name", SITES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(text=st.lists(MARKS, max_size=20).map("".join), others=OTHERS)
@example(text="[^1]:: b", others=0)
@example(text=">: b", others=0)
def test_what_a_text_does_not_need_changes_nothing(name, text, others):
    assert_same(name, text, others)


@pytest.mark.parametrize("name", SITES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(text=st.lists(EMPHASIS, max_size=12).map("".join), others=OTHERS)
def test_emphasis_and_code_are_read_as_the_extensions_read_them(name, text, others):
    assert_same(name, text, others)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        (
            "Words *emphasised* and **twice**, `code`, `__init__`, snake_case, [a](b) & <https://a.example/>.",
            (),
        ),
        ("# A heading\n\n- one\n- two\n\n> quoted: “words” -- and more", ()),
        ("*a*b", ("pymdownx.betterem",)),
        ("~~gone~~", ("pymdownx.tilde",)),
        ("*a* ~~gone~~", ("pymdownx.betterem", "pymdownx.tilde")),
        (":smile: at 10:30:", ("pymdownx.emoji",)),
        ("``` \nx\n```", ("pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.superfences")),
        ("    code", ("pymdownx.highlight", "pymdownx.superfences")),
        ("`#!py x`", ("pymdownx.highlight", "pymdownx.inlinehilite")),
        (
            "a[^1] {: .b } | (c)",
            ("attr_list", "footnotes", "pymdownx.caret", "pymdownx.smartsymbols", "tables"),
        ),
        ("[TOC]", ("toc",)),
        ("C:\\Users \\*here\\*", ("pymdownx.betterem",)),
    ],
)
def test_few_texts_need_more_than_the_library(text, needed):
    signs = Signs(OPTIONS["Material's"])
    assert signs.needed(text) - signs.always == set(needed)


@pytest.mark.parametrize(
    "extensions",
    [
        {"toc": {"baselevel": 2}},
        {"pymdownx.tabbed": {"slugify": "x"}},
        {"pymdownx.betterem": {"smart_enable": "none"}},
        {"pymdownx.arithmatex": {"inline_syntax": 3}},
        {"pymdownx.magiclink": {}},
        {"tables": {}, "pymdownx.critic": {}},
    ],
)
def test_what_may_do_or_report_anything_is_always_needed(extensions):
    assert Signs(extensions).needed("Words.") == set(extensions)


def test_what_is_appended_needs_its_extensions_for_every_text():
    extensions = {"abbr": {}, "tables": {}, "pymdownx.snippets": {}}
    assert Signs(extensions, "*[HTML]: Hypertext").needed("Words.") == {"abbr", "pymdownx.snippets"}
    assert Signs(extensions, None).needed("Words.") == set(extensions)
    for text in ('--8<-- "a.md"', "\\|", "\\ ", "\\begin{x}", "\x02", "\\"):
        assert Signs(extensions).needed(text) == set(extensions)
