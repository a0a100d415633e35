"""What lies below the mark is not rendered where it cannot matter; what comes out is always the same."""

import os

import pytest
from html_samples import PAGES, RENDERER, make_post, make_site
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.posts.entries import render_entry
from feeds.posts.extensions import DEFAULT_EXTENSIONS
from feeds.posts.heads import split_head
from feeds.posts.links import Links
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope

EXAMPLES = int(os.environ.get("FEEDS_EXAMPLES", "150"))
EXTENSIONS = {extension.name: {} for extension in DEFAULT_EXTENSIONS}
MARK = "<!-- more -->"

PIECES = st.sampled_from(
    [
        "Words & *more* words, [a link](b.md) and `code`.",
        "A [reference][r], a [shortcut] and [r].",
        "[r]: https://r.example/ 'Title'",
        "A note[^1].",
        "[^1]: The note.",
        "HTML and CSS.",
        "*[HTML]: Hypertext",
        "![Picture](a.png)",
        "![Badge](badge.svg)",
        "![Picture][r]",
        "Text ![in](b.png) text.",
        '<img src="c.png">',
        "<div>\nraw\n</div>",
        "<div markdown>\n\n*inside*",
        "</div>",
        "<span>inline",
        "`--x=<word>` and `<script>`",
        "`--x=<script>`",
        "<https://a.example/b>",
        "<!-- a comment -->",
        "<!-- open",
        "-->",
        MARK,
        "```\n![code](d.png)\n```",
        "```python\nopen",
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


@st.composite
def posts(draw):
    """The text of a post: pieces, a mark somewhere among them, more pieces."""
    parts = [*draw(st.lists(PIECES, max_size=4)), MARK, *draw(st.lists(PIECES, max_size=5))]
    return "".join(part + draw(GAPS) for part in parts)


def outcome(body: str, renderer: Renderer) -> tuple:
    """The entry of a post and what was found in it, as values that can be compared."""
    findings, site = [], make_site()
    post = make_post(body)
    scope = Scope(site, post.source, post.url, {}, PAGES, findings.append)
    entry = render_entry(scope, post, renderer, Links(site, PAGES), full=False)
    return (entry and (entry.excerpt, entry.image, entry.reading_minutes), findings)


class Thorough(Renderer):
    """Renders every post as a whole."""

    def head(self, source, marks):
        """Nothing is certain."""


THOROUGH = Thorough(make_site(), lambda finding: None)


@settings(max_examples=EXAMPLES, deadline=None)
@given(posts())
def test_the_part_above_the_mark_is_what_it_is_in_the_whole(body):
    assert outcome(body, RENDERER) == outcome(body, THOROUGH)


@pytest.mark.parametrize(
    ("body", "picture"),
    [
        (f"One.\n\n{MARK}\n\nTwo.", ""),
        (f"One.\n\n{MARK}\n\n# Two\n\n![A](a.png)\n\nThree.", "![A](a.png)"),
        (f"One.\n\n{MARK}\n\nTwo.\n\n```\n<b>\n```\n\n![A](a.png)", "![A](a.png)"),
        (f"One `--x=<y>`.\n\n{MARK}\n\nTwo.[^1]\n\n[^1]: Three.", ""),
        (f"{MARK}\n\nTwo.", ""),
    ],
)
def test_most_posts_need_their_head_alone(body, picture):
    head = split_head(body, ("more",), EXTENSIONS)
    assert head is not None
    assert (head.text, head.picture) == (body[: body.index(MARK)] + MARK + "\n\n", picture)


@pytest.mark.parametrize(
    "body",
    [
        "One.\n\nTwo.",
        f"One.\n{MARK}\n\nTwo.",
        f"One.\n\n{MARK}\nTwo.",
        f"[One][r]\n\n{MARK}\n\nTwo.\n\n[r]: https://r.example/",
        f"One.[^1]\n\n{MARK}\n\nTwo.\n\n[^1]: Three.",
        f"HTML\n\n{MARK}\n\nTwo.\n\n*[HTML]: Hypertext",
        f"<div>\n\n{MARK}\n\nTwo.",
        f"```\nOne.\n\n{MARK}\n\n```",
        f"One.\n\n{MARK}\n\n: a definition",
        f"One.\n\n{MARK}\n\n",
        f"One.\n\n{MARK}\n\nTwo.\n\n<img src='a.png'>",
        f"<!-- other -->\n\n{MARK}\n\nTwo.",
    ],
)
def test_where_the_rest_may_matter_the_whole_is_rendered(body):
    assert split_head(body, ("more",), EXTENSIONS) is None


def test_extensions_that_are_not_known_may_do_anything():
    body = f"One.\n\n{MARK}\n\nTwo."
    assert split_head(body, ("more",), EXTENSIONS | {"pymdownx.snippets": {}}) is None
    assert split_head(body, ("more",), EXTENSIONS | {"toc": {"marker": "One."}}) is None
