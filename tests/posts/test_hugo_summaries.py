"""The excerpts that Hugo takes by itself, as it takes them from the same HTML."""

import pytest

from feeds.model import Excerpting
from feeds.posts.summaries import cut_hugo
from feeds.posts.tree import parse_html, serialise

TEN = "a0 a1 a2 a3 a4 a5 a6 a7 a8 a9"


def summary(html: str, words: int = 10, *, cjk: bool = False) -> tuple[str, bool]:
    part = cut_hugo(parse_html(html), Excerpting(automatic="hugo", words=words, cjk=cjk))
    return serialise(part.nodes).strip(), part.is_whole


@pytest.mark.parametrize(
    ("html", "excerpt"),
    [
        (f"<p>{TEN}</p>\n<p>b</p>", f"<p>{TEN}</p>"),
        (
            "<p>a b c dd</p>\n<p>e f g hh</p>\n<p>i j k ll</p>\n<p>m</p>",
            "<p>a b c dd</p>\n<p>e f g hh</p>\n<p>i j k ll</p>",
        ),
        # The last word of a paragraph does not count when it has one letter only.
        ("<p>a b c d e f g h i j</p>\n<p>k l</p>\n<p>m</p>", "<p>a b c d e f g h i j</p>\n<p>k l</p>"),
        # Headings, lists and quotes count, but an excerpt ends with a block that holds a paragraph.
        (f'<h2 id="x">{TEN} b</h2>\n<p>c</p>\n<p>d</p>', f'<h2 id="x">{TEN} b</h2>\n<p>c</p>'),
        (f"<ul>\n<li>{TEN} b</li>\n</ul>\n<p>c</p>\n<p>d</p>", f"<ul>\n<li>{TEN} b</li>\n</ul>\n<p>c</p>"),
        (
            f"<blockquote>\n<p>{TEN}</p>\n<p>b</p>\n</blockquote>\n<p>c</p>",
            f"<blockquote>\n<p>{TEN}</p>\n<p>b</p>\n</blockquote>",
        ),
        # Tags and attributes are no words; those in code of a known language stand behind attributes.
        (
            '<p><a href="x">a</a> <b>b</b> c d e f</p>\n<p>g h i j k l</p>\n<p>m</p>',
            '<p><a href="x">a</a> <b>b</b> c d e f</p>\n<p>g h i j k l</p>',
        ),
        (
            f'<pre><code class="language-go">{TEN} b</code></pre>\n<p>c</p>\n<p>d</p>',
            f'<pre><code class="language-go">{TEN} b</code></pre>\n<p>c</p>\n<p>d</p>',
        ),
    ],
)
def test_the_excerpt_ends_with_the_block_that_makes_the_words_enough(html: str, excerpt: str) -> None:
    assert summary(html) == (excerpt, excerpt == html)


def test_a_short_post_is_shown_whole() -> None:
    assert summary("<p>a b</p>\n<p>c</p>") == ("<p>a b</p>\n<p>c</p>", True)
    assert summary(f"<p>{TEN}</p>\n") == (f"<p>{TEN}</p>", True)


def test_with_cjk_each_character_is_a_word() -> None:
    html = "<p>日本語の文章です。長い文。</p>\n<p>b</p>"
    assert summary(html) == (html, True)
    assert summary(html, cjk=True) == ("<p>日本語の文章です。長い文。</p>", False)


def test_a_length_of_nothing_gives_nothing() -> None:
    assert summary("<p>a</p>", words=0) == ("", False)
