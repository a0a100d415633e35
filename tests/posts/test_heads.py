"""What lies below the mark is not rendered where it cannot matter; what comes out is always the same."""

import os
from functools import cache

import pytest
from html_samples import PAGES, make_post, make_site
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Excerpting, MarkdownExtension
from feeds.posts.entries import render_entry
from feeds.posts.extensions import DEFAULT_EXTENSIONS
from feeds.posts.heads import Splitter
from feeds.posts.links import Links
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope

EXAMPLES = int(os.environ.get("FEEDS_EXAMPLES", "100"))
EXTENSIONS = {extension.name: {} for extension in DEFAULT_EXTENSIONS}
MARK = "<!-- more -->"


def split(body: str, **changes):
    """The head of a post of Material's; `changes` are options of further extensions."""
    return Splitter(EXTENSIONS | changes).head(body, ("more",))


PIECES = st.sampled_from(
    [
        "Words & *more* words, [a link](b.md) and `code`.",
        ":::note\nx\n:::",
        "{:toc}",
        "~ another definition",
        "2. two",
        "Words https://a.example/![x](y.png)",
        "^[inline note]",
        "> [!NOTE]\n> In it.",
        "{.cls}",
        "www.example.org",
        "A [reference][r], a [shortcut] and [r].",
        "[r]: https://r.example/ 'Title'",
        '[r]: /other "Title"',
        "[r]: /third\n'Title'",
        "[shortcut]: b.md",
        "- [shortcut]: c.md",
        "> [shortcut]: d.md",
        "text\n[Shortcut]: e.md",
        "> A [refe\n> rence][r] in a quote, [short\n> cut]",
        "A note[^1].",
        "Two notes[^2][^1].",
        "[^1]: The note.",
        "[^2]: Another[^1].",
        "   [^2]: Indented.",
        "[^1]:\n    Later.",
        "HTML and CSS.",
        "*[HTML]: Hypertext",
        "*[CSS]:\nSheets",
        "*[CSS] : Style",
        "![Picture](a.png)",
        "![Badge](badge.svg)",
        "![Picture][r]",
        "Text ![in](b.png) text.",
        '<img src="c.png">',
        '<img src="d.png" width=230>',
        "- ![In a list](e.png)",
        "> ![Quoted](f.png)",
        "![Titled](g.png 'x') and ![another](h.png \"y\")",
        "[![Linked](i.png)](b.md)",
        "# ![In a heading](j.png)",
        "`![code](k.png)`",
        "`\n![code](l.png) `",
        "    ![indented](m.png)",
        "[a](b ![x](n.png))",
        "| ![cell](o.png) |\n|---|\n| b |",
        "[r]: ![x](p.png)",
        "[^2]: ![in a note](q.png)",
        "![](r.png){ src=s.png }",
        "![no such](https://a.example/t.png)",
        "<div>\nraw\n</div>",
        "<div markdown>\n\n*inside*",
        "</div>",
        "<span>inline",
        "and <word> here",
        "# & <word>",
        "a <b> c",
        "x<a>y",
        "<!-- ![commented](u.png) -->",
        "<!--\n\nHidden.\n\n-->",
        "`--x=<word>` and `<script>`",
        "`--x=<script>`",
        "<https://a.example/b>",
        "<!-- a comment -->",
        "<!-- open",
        "-->",
        MARK,
        "```\n![code](d.png)\n```",
        "```python\nopen",
        '```py title="a.py" linenums="1"\n[r]: /code\n```',
        "``` py\n[^1]: code\n```",
        "```{.py}\ncode\n```",
        "```` \n```\ncode\n````",
        "- ```\n  code\n  ```",
        "~~~",
        "    indented",
        "- one\n- two",
        "- one\n\n    more of it",
        "1. one",
        "> quoted\n> text",
        "term\n: definition",
        ": another definition",
        "# Heading",
        "Heading\n=======",
        "## Another {#here .a}",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "!!! note\n    In it.",
        "??? tip\n    In it.",
        '=== "Tab"\n    In it.',
        "/// note\nx\n///",
        "[TOC]",
        "$$\nx\n$$",
        "==marked== ~~gone~~ ^^new^^ ++ctrl+c++ :smile: (c)",
        "- [ ] to do",
        "{: .class }",
        "--8<-- 'x'",
        "\\",
        "&nbsp;",
        "---",
        "***",
    ]
)
GAPS = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n", "\n\n\n", "\n \n"])
LONG = st.sampled_from(
    [
        " ".join(["Words that go on *and on* with `code`, for as long as it takes."] * 6),
        " ".join(["A sentence with [a link](b.md); “quotes” -- and more."] * 7),
        " ".join(["A sentence with [a reference][r], and HTML, and CSS."] * 7),
        "- item\n" * 40,
        "## A heading that is long enough to be read",
        "> " + "Quoted words, many of them. " * 12,
    ]
)
EXTENSIONS_OF = {
    "Hugo": (
        "attributes",
        "autolinks",
        "definition-lists",
        "footnotes",
        "heading-ids",
        "tables",
        "typographer",
    ),
    "Zola": ("alerts", "emoji", "footnotes", "heading-ids", "strikethrough", "tables", "task-lists"),
    "kramdown": ("kramdown", "tables", "typographer"),
    "Docusaurus": ("admonitions", "autolinks", "footnotes", "heading-ids", "mdx", "strikethrough", "tables"),
}
SITES = {
    "Material": make_site(),
    **{
        name: make_site(flavour="commonmark", markdown=tuple(map(MarkdownExtension, extensions)))
        for name, extensions in EXTENSIONS_OF.items()
    },
}
RULES = st.sampled_from(
    [
        Excerpting(),
        Excerpting(summary="A *summary*."),
        Excerpting(automatic="hugo", words=70),
        Excerpting(automatic="pelican", words=50),
        Excerpting(automatic="jekyll", separator="\n\n"),
    ]
)


@st.composite
def marked_posts(draw):
    """The text of a post: pieces, a mark somewhere among them, more pieces."""
    parts = [*draw(st.lists(PIECES, max_size=4)), MARK, *draw(st.lists(PIECES, max_size=6))]
    return "".join(part + draw(GAPS) for part in parts)


@st.composite
def long_posts(draw):
    """The text of a post of a few thousand characters."""
    parts = draw(st.lists(st.one_of(LONG, LONG, PIECES), min_size=3, max_size=14))
    return "".join(part + draw(GAPS) for part in parts)


class Thorough(Renderer):
    """Renders every post as a whole."""

    def head(self, source, marks):
        """Nothing is certain."""

    def is_unmarked(self, source):
        """Nothing is certain."""


@cache
def renderer(flavour: str, kind: type[Renderer]) -> Renderer:
    return kind(SITES[flavour], lambda finding: None)


def outcome(body: str, flavour: str, kind: type[Renderer], rule: Excerpting, description: str = "") -> tuple:
    """The entry of a post and what was found in it, as values that can be compared."""
    findings, site = [], SITES[flavour]
    post = make_post(body, description=description, excerpting=rule)
    scope = Scope(site, post.source, post.url, {}, PAGES, findings.append)
    entry = render_entry(scope, post, renderer(flavour, kind), Links(site, PAGES), full=False)
    return (entry and (entry.excerpt, entry.image, entry.reading_minutes), findings)


def assert_same(body: str, flavour: str, rule: Excerpting, description: str = "") -> None:
    expected = outcome(body, flavour, Thorough, rule, description)
    if expected[0] is not None:  # else there is something in the rest that no parser can read
        assert outcome(body, flavour, Renderer, rule, description) == expected


@pytest.mark.parametrize("flavour", SITES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(body=marked_posts())
def test_the_part_above_the_mark_is_what_it_is_in_the_whole(flavour, body):
    assert_same(body, flavour, Excerpting())


@pytest.mark.parametrize("flavour", SITES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(body=long_posts(), rule=RULES, description=st.sampled_from(["", "", "About *it*"]))
def test_the_beginning_is_what_it_is_in_the_whole(flavour, body, rule, description):
    assert_same(body, flavour, rule, description)


@pytest.mark.parametrize("flavour", SITES)
@pytest.mark.parametrize("rule", [Excerpting(), Excerpting(automatic="hugo", words=70)])
def test_of_a_long_post_without_a_mark_the_beginning_is_rendered(flavour, rule):
    body = "Words of a *paragraph* that is not long.\n\n" * 100
    head = renderer(flavour, Renderer).beginning(make_post(body).source, 1000)
    assert len(head.source) < 1100
    made, found = outcome(body, flavour, Renderer, rule)
    assert (made[0].is_whole, found) == (False, [])
    assert made[0].html.startswith("<p>Words of a <em>paragraph</em> that is not long.</p>\n<p>Words")


@pytest.mark.parametrize(
    "body",
    [
        "Words.\n\n" * 20,
        "Words.\n\n" * 200 + "--8<-- 'a.md'",
        "<div>\n\n" + "Words.\n\n" * 200,
        "Words\n" * 300,
        "1. One\n\n" * 200,
    ],
)
def test_other_posts_are_rendered_as_a_whole(body):
    assert Splitter(EXTENSIONS).beginning(body, 1000) is None


def test_only_a_post_without_comments_has_certainly_no_mark():
    splitter = Splitter(EXTENSIONS)
    assert splitter.is_unmarked("Words, 1 < 2, <b>bold</b>.")
    for body in (
        f"One.\n\n{MARK}",
        "`<!-- more -->`",
        "<!more>",
        "</ more>",
        "{/* more */}",
        "--8<-- 'a.md'",
    ):
        assert not splitter.is_unmarked(body)
    assert not Splitter(EXTENSIONS, "appended").is_unmarked("Words.")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"One.\n\n{MARK}\n\nTwo.", "One.\n\n"),
        (f"One.\n{MARK}\nTwo.", "One.\n"),
        (f"One `--x=<y>`.\n\n{MARK}\n\n---\n\nTwo.[^1]\n\n[^1]: Three.", "One `--x=<y>`.\n\n"),
        (f"```\nOne\n```\n\n{MARK}\n\n<div>Two</div>\n\nThree.", None),
        (f"```\nOne\n```\n\n{MARK}\n\nTwo.\n\n<div>Three</div>", "```\nOne\n```\n\n"),
        (f"{MARK}\n\nTwo.", ""),
        (f"[One](a.md).\n\n{MARK}\n\nTwo [r].\n\n[r]: b.md", "[One](a.md).\n\n"),
        (f"[One][r].\n\n{MARK}\n\nTwo.\n\n[R]: b.md", f"[One][r].\n\n\n\n{MARK}\n\n[R]: b.md"),
        (f"One[^a].\n\n{MARK}\n\nTwo.\n\n[^a]: Three.", f"One[^a].\n\n\n\n{MARK}\n\n[^a]: note"),
        (f"HTML.\n\n{MARK}\n\nCSS.\n\n*[CSS]: Sheets", "HTML.\n\n"),
        (f"HTML.\n\n{MARK}\n\nTwo.\n\n*[HTML]: Text", f"HTML.\n\n\n\n{MARK}\n\n*[HTML]: Text"),
    ],
)
def test_most_posts_need_their_head_alone_or_what_is_defined_below(body, text):
    head = split(body)
    assert (head and head.text) == text


@pytest.mark.parametrize(
    "body",
    [
        "One.\n\nTwo.",
        f"One. {MARK}\n\nTwo.",
        f"[One][r]\n\n{MARK}\n\nTwo.\n\n[r]:\nhttps://r.example/",
        f"[One][r]\n\n{MARK}\n\nTwo.\n\n> [r]: https://r.example/",
        f"One.[^1]\n\n{MARK}\n\nTwo.\n\n- [^1]: Three.",
        f"[One][r]\n\n{MARK}\n\nTwo.\n\n[r]: b.md\n---",
        f"One.[^1]\n\n{MARK}\n\nTwo.\n\n[^1]: Three.\n: four",
        f"HTML\n\n{MARK}\n\nTwo.\n\n<div>\n*[HTML]: Hypertext\n</div>",
        f"<div>\n\n{MARK}\n\nTwo.",
        f"```\nOne.\n\n{MARK}\n\n```",
        f"One.\n\n{MARK}\n\n: a definition",
        f"One.\n\n{MARK}\n\n",
        f"<!-- other -->\n\n{MARK}\n\nTwo.",
    ],
)
def test_where_the_rest_may_matter_the_whole_is_rendered(body):
    assert split(body) is None


def test_extensions_that_are_not_known_may_do_anything():
    body = f"One.\n\n{MARK}\n\nTwo."
    assert split(body, **{"pymdownx.critic": {}}) is None
    assert Splitter(EXTENSIONS, None).head(body, ("more",)) is None
    assert split(body, toc={"marker": "One."}) is None


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("Two.", []),
        ('Two.\n\n![A](a.png)\n\nThree ![B — “b”](b.png "B").', ["a.png", "b.png"]),
        ("```\n![A](a.png)\n```\n\n[![B](b.svg)](c.md)", ["b.svg"]),
        ('<img src="a.png" width=20>\n\n![B](b.png)', ["a.png", "b.png"]),
        ("![A](a.png)\n\n<div>\n\n![B](b.png)", ["a.png", None]),
        ("![A][a]\n\n[a]: a.png", [None]),
        ("Two `![A](a.png)`", [None]),
        ("    ![A](a.png)", [None]),
        ("[^1]: ![A](a.png)", [None]),
        ("```\n![A](a.png)", [None]),
        ("<image src=a.png>", [None]),
    ],
)
def test_pictures_below_the_mark_are_found_where_that_is_certain(rest, found):
    assert list(Splitter(EXTENSIONS).pictures(rest)) == found
