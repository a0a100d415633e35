"""The excerpt that Pelican takes by itself of a post."""

import pytest

from feeds.model import Excerpting
from feeds.posts.summaries import cut_pelican
from feeds.posts.tree import parse_html, serialise


def cut(html: str, words: int, **more: object) -> str:
    return serialise(cut_pelican(parse_html(html), Excerpting(words=words, **more)).nodes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("html", "words", "excerpt"),
    [
        ("<p>one two three</p>", 2, "<p>one two …</p>"),
        ("<p>one two.</p>", 2, "<p>one two …</p>"),
        ("<p>one two</p>", 2, "<p>one two …</p>"),
        ("<p>one two</p>", 3, "<p>one two</p>"),
        ("<p>one <b>two</b> three</p>", 2, "<p>one <b>two …</b></p>"),
        ("<p>one</p><p>two</p><p>three</p>", 2, "<p>one</p><p>two …</p>"),
        ("<p>it's a-b x_y</p>", 2, "<p>it's a-b …</p>"),
        ("<p>don’t go</p>", 2, "<p>don’t …</p>"),
        ("<p>中文 字</p>", 2, "<p>中文 …</p>"),
        ("<p>日本x go</p>", 3, "<p>日本x …</p>"),
        ("<p>a<br>b c</p>", 2, "<p>a<br>b …</p>"),
        ("<p>a<i>b</i> c</p>", 2, "<p>a<i>b …</i></p>"),
        ("<p>a<!-- x -->b c</p>", 1, "<p>ab …</p>"),
        ("<ul><li>a</li><li>b</li></ul>", 1, "<ul><li>a …</li></ul>"),
        ("<p>- — …</p>", 1, "<p>- — …</p>"),
        ("<p>one two</p>", 0, "<p>one two</p>"),
    ],
)
def test_so_many_words_are_taken(html: str, words: int, excerpt: str) -> None:
    assert cut(html, words) == excerpt


def test_how_a_cut_is_shown_can_be_chosen() -> None:
    assert cut("<p>one two</p>", 1, ending="[more]") == "<p>one [more]</p>"
    assert cut("<p>one two</p>", 1, ending="") == "<p>one</p>"


@pytest.mark.parametrize(
    ("html", "words", "excerpt"),
    [
        ("<h2>t</h2><p>one</p><p>two</p>", 0, "<p>one</p>"),
        ("<blockquote><p>one</p></blockquote><p>two</p>", 0, "<p>one</p>"),
        ('<p class="a">one</p><p>two</p>', 0, ""),
        ("<p>one two</p><p>three</p>", 1, "<p>one …</p>"),
    ],
)
def test_so_many_paragraphs_are_taken(html: str, words: int, excerpt: str) -> None:
    assert cut(html, words, paragraphs=1) == excerpt


@pytest.mark.parametrize(
    ("html", "words", "excerpt"),
    [
        ("<p>it's so</p>", 2, "<p>it's …</p>"),
        ("<p>HTML5-based x</p>", 2, "<p>HTML5-based …</p>"),
        ("<p>a--b c</p>", 2, "<p>a--b …</p>"),
        ("<p><code>it's</code> so</p>", 2, "<p><code>it's</code> so …</p>"),
    ],
)
def test_words_end_where_quotes_and_capitals_are_set_apart(html: str, words: int, excerpt: str) -> None:
    assert cut(html, words, typographic=True) == excerpt


def test_whether_it_is_all_of_the_post_is_known() -> None:
    assert cut_pelican(parse_html("<p>one two</p>"), Excerpting(words=3)).is_whole
    assert not cut_pelican(parse_html("<p>one two</p>"), Excerpting(words=2)).is_whole
    assert not cut_pelican(parse_html("<p>one</p><p>two</p>"), Excerpting(words=9, paragraphs=1)).is_whole
