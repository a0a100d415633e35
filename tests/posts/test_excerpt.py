import re

import pytest
from html_samples import BLOCKS, PAGE, render, resolve
from hypothesis import given
from hypothesis import strategies as st

from feeds.posts.cleaning import clean_html, clean_nodes
from feeds.posts.excerpt import LEAD_CHARACTERS, cut_at_mark, cut_lead, drop_title, shorten_text
from feeds.posts.plaintext import html_to_text
from feeds.posts.tree import Element, parse_html, serialise, text_of, walk

LONG = "word " * 60
"""Three hundred characters: two such paragraphs fill an excerpt."""


def before_mark(html: str, mark: str = "more") -> str | None:
    part = cut_at_mark(parse_html(html), (mark,))
    return None if part is None else serialise(part.nodes)


def lead(html: str) -> tuple[str, bool]:
    part = cut_lead(parse_html(html))
    return clean_nodes(part.nodes, resolve, PAGE)[0], part.is_whole


@pytest.mark.parametrize(
    ("html", "excerpt"),
    [
        ("<p>a</p><!-- more --><p>b</p>", "<p>a</p>"),
        ("<p>a</p><!--more--><p>b</p>", "<p>a</p>"),
        ("<p>a</p><!--  MORE\n--><p>b</p>", "<p>a</p>"),
        ("<p>a <b>b<!-- more -->c</b> d</p>", "<p>a <b>b</b></p>"),
        ("<ul><li>a</li><li>b<!-- more --></li><li>c</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<div><div><p>a</p><!-- more --></div><p>b</p></div>", "<div><div><p>a</p></div></div>"),
        ("<p>a</p><!-- more --><p>b</p><!-- more --><p>c</p>", "<p>a</p>"),
        ("<!-- note --><p>a</p><!-- more --><p>b</p>", "<p>a</p>"),
        ("<pre>&lt;!-- more --&gt;</pre><!-- more --><p>b</p>", "<pre>&lt;!-- more --&gt;</pre>"),
        ("<!-- more --><p>b</p>", ""),
        ("<p>a</p><!-- more to come --><p>b</p>", None),
        ("<p>a</p>", None),
        ("", None),
    ],
)
def test_the_excerpt_is_what_stands_before_the_mark(html, excerpt):
    assert before_mark(html) == excerpt


def test_the_mark_is_the_sites_own():
    assert (
        before_mark("<p>a</p><!-- more --><p>b</p><!-- truncate --><p>c</p>", "truncate")
        == "<p>a</p><p>b</p>"
    )


@pytest.mark.parametrize(
    ("html", "is_whole"),
    [
        ("<p>a</p><!-- more --><p>b</p>", False),
        ("<p>a</p><!-- more --><img src=x>", False),
        ("<p>a</p><!-- more -->", True),
        ("<p>a</p><!-- more --> <p> </p>", True),
    ],
)
def test_an_excerpt_knows_whether_it_is_all(html, is_whole):
    assert cut_at_mark(parse_html(html), ("more",)).is_whole is is_whole


def test_notes_stay_in_the_post():
    html = render("a[^1]\n\n<!-- more -->\n\nb[^2]\n\n[^1]: one\n[^2]: two")
    part = cut_at_mark(parse_html(html), ("more",))
    assert clean_nodes(part.nodes, resolve, PAGE)[0] == f'<p>a<sup><a href="{PAGE}#fn:1">1</a></sup></p>'
    assert not part.is_whole


def test_definitions_below_the_mark_count():
    html = render(
        "a [link][r] in HTML\n\n<!-- more -->\n\nb\n\n[r]: https://example.com/\n\n*[HTML]: Hypertext"
    )
    assert "https://example.com/" in before_mark(html)
    assert "Hypertext" in before_mark(html)


@pytest.mark.parametrize(
    "body",
    [
        "`<!-- more -->`",
        "```\n<!-- more -->\n```",
        "    <!-- more -->",
        "> ```\n> <!-- more -->\n> ```",
        "!!! note\n\n    ```html\n    <!-- more -->\n    ```",
    ],
)
def test_a_mark_in_code_is_no_mark(body):
    assert before_mark(render(body)) is None


@given(st.lists(st.sampled_from(BLOCKS), max_size=6), st.lists(st.sampled_from(BLOCKS), max_size=4))
def test_cutting_a_post_gives_the_beginning_of_the_whole(before, after):
    """Whatever stands before the mark comes out as it does in the whole post, well-formed and clean."""
    html = render("\n\n".join([*before, "<!-- more -->", *after]))
    excerpt = before_mark(html)
    assert excerpt is not None
    assert serialise(parse_html(excerpt)) == excerpt
    whole = "".join(text_of(parse_html(html)).split())
    assert whole.startswith("".join(text_of(parse_html(excerpt)).split()))
    cleaned = clean_html(excerpt, resolve, PAGE)
    assert clean_html(cleaned, resolve, PAGE) == cleaned


@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=5), st.data())
def test_a_mark_anywhere_in_the_text_leaves_nothing_open(blocks, data):
    body = "\n\n".join(blocks)
    place = data.draw(st.integers(0, len(body)))
    excerpt = before_mark(render(f"{body[:place]}<!-- more -->{body[place:]}"))
    if excerpt is not None:
        cleaned = clean_html(excerpt, resolve, PAGE)
        assert serialise(parse_html(cleaned)) == cleaned


@pytest.mark.parametrize(
    ("html", "title", "left"),
    [
        ("<h1>The title</h1><p>a</p>", "The title", "<p>a</p>"),
        ("\n<!-- c --><h1>The <em>title</em></h1><p>a</p>", "The title", "\n<p>a</p>"),
        ("<h1>THE  TITLE!</h1><p>a</p>", "The title", "<p>a</p>"),
        ("<h1>“Quotes” – and dashes</h1><p>a</p>", '"Quotes" -- and dashes', "<p>a</p>"),
        ("<h1>日本</h1>x", "日本", "x"),
        ("<h1>!!!</h1>x", "!!!", "x"),
        ("<h1>!!!</h1>x", "???", "<h1>!!!</h1>x"),
        ("<h1>Another</h1><p>a</p>", "The title", "<h1>Another</h1><p>a</p>"),
        ("<h2>The title</h2><p>a</p>", "The title", "<h2>The title</h2><p>a</p>"),
        ("<p>a</p><h1>The title</h1>", "The title", "<p>a</p><h1>The title</h1>"),
        ("text<h1>The title</h1>", "The title", "text<h1>The title</h1>"),
        ("", "The title", ""),
    ],
)
def test_the_heading_that_repeats_the_title_goes(html, title, left):
    assert serialise(drop_title(parse_html(html), title)) == left


LEADS = {
    # the post → its excerpt, and whether that is all of it
    "a short post": ("<p>a</p><p>b</p>", "<p>a</p>\n<p>b</p>", True),
    "whole paragraphs": (f"<p>{LONG}</p><p>a</p><p>{LONG}b</p>", f"<p>{LONG.strip()}</p>\n<p>a</p>", False),
    "a heading at the end": ("<p>a</p><h2>b</h2>" + f"<p>{LONG * 2}</p>", "<p>a</p>", False),
    "a rule at the end": (f"<p>a</p><hr><h2>b</h2><p>{LONG * 2}</p>", "<p>a</p>", False),
    "a heading first": ("<h2>a</h2><p>b</p>", "<h3>a</h3>\n<p>b</p>", True),
    "headings only": ("<h2>a</h2><h3>b</h3>", "<h3>a</h3>\n<h4>b</h4>", True),
    "an image first": ('<p><img src="/a.png"></p><p>b</p>', '<p><img alt="" src="https://example.org/a.png"></p>\n<p>b</p>', True),
    "long code first": (f"<pre><code>{LONG * 3}</code></pre><p>a</p>", "<p>a</p>", False),
    "nothing": ("", "", True),
}  # fmt: skip


@pytest.mark.parametrize(("html", "excerpt", "is_whole"), LEADS.values(), ids=LEADS)
def test_without_a_mark_the_first_blocks_are_taken(html, excerpt, is_whole):
    assert lead(html) == (excerpt, is_whole)


CUTS = {
    # a first block that is too long → how what is shown ends
    "a sentence": ("<p>" + "A sentence of words. " * 60 + "</p>", "A sentence of words. …</p>"),
    "a word": (f"<p>{LONG * 3}</p>", "word word…</p>"),
    "emphasis": (f"<p>a <em>{LONG * 3}</em> b</p>", "word word…</em></p>"),
    "a quote": (f"<blockquote><p>{LONG * 3}</p></blockquote>", "word…</p>\n</blockquote>"),
    "before a link": (f'<p>{LONG * 2}<a href="/x">{LONG}</a></p>', "word word …</p>"),
    "before code": (f"<p>{LONG * 2}<code>{LONG}</code></p>", "word word …</p>"),
    "a list": ("<ul>" + f"<li>{LONG}</li>" * 3 + "</ul>", "word</li>\n</ul>"),
    "a table": (f"<table><tbody>{f'<tr><td>{LONG}</td></tr>' * 3}</tbody></table>", "word</td></tr>\n</tbody>\n</table>"),
    "Japanese": ("<p>" + "日本語の文章です" * 200 + "</p>", "…</p>"),
    "Japanese sentences": ("<p>" + "日本語の文章です。" * 200 + "</p>", "。 …</p>"),
    "a word without end": ("<p>" + "a" * 5000 + "</p>", "aaa…</p>"),
    "a link without end": (f'<p><a href="/x">{LONG * 3}</a></p>', "word word…</p>"),
    "code alone": (f"<pre><code>{LONG * 3}</code></pre>", "word word…</p>"),
}  # fmt: skip


@pytest.mark.parametrize(("html", "end"), CUTS.values(), ids=CUTS)
def test_a_first_block_that_is_too_long_is_cut_between_words(html, end):
    excerpt, is_whole = lead(html)
    assert excerpt.endswith(end)
    assert not is_whole
    assert len(html_to_text(excerpt, 10_000)) <= LEAD_CHARACTERS + 20


def test_of_many_pictures_few_are_taken():
    excerpt, is_whole = lead('<p><img src="/a.png"></p>' * 9 + "<p>text</p>")
    assert excerpt.count("<img") == 3
    assert excerpt.endswith("<p>text</p>")
    assert not is_whole
    assert lead(f"<p>{'<img src=/a.png>' * 9}</p>")[0].count("<img") == 9


def test_formulas_are_not_cut():
    formula = f'<span class="arithmatex">\\({LONG}\\)</span>'
    assert lead(f"<p>{LONG}{LONG[:-20]}{formula}</p>")[0].endswith("word …</p>")


@given(st.lists(st.sampled_from(BLOCKS), max_size=12))
def test_a_lead_is_short_clean_and_the_beginning_of_the_post(blocks):
    html = render("\n\n".join(blocks))
    part = cut_lead(parse_html(html))
    cleaned, _ = clean_nodes(part.nodes, resolve, PAGE)
    assert clean_html(cleaned, resolve, PAGE) == cleaned
    assert len(text_of(part.nodes).split()) <= LEAD_CHARACTERS
    tags = [node.tag for node in part.nodes if isinstance(node, Element)]
    assert not tags or tags[-1] not in ("h1", "h2") or set(tags) <= {"h1", "h2", "hr"}
    assert all(element.tag != "script" for element in walk(part.nodes))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("one two three", 7, "one two…"),
        ("one two three", 8, "one two…"),
        ("one two three", 6, "one…"),
        ("One. Two. Three.", 9, "One. Two. …"),
        ('He said "no." Then left.', 15, 'He said "no." …'),
        ("toolongword", 5, ""),
        ("one", 0, ""),
    ],
)
def test_text_is_cut_at_sentences_or_words(text, limit, short):
    assert shorten_text(text, limit) == short


@given(st.text("ab .!日。", max_size=80), st.integers(0, 60))
def test_cut_text_is_the_beginning_of_the_text(text, limit):
    short = shorten_text(text, limit)
    beginning = re.sub(r" ?…$", "", short)
    assert text.startswith(beginning)
    assert len(beginning) <= limit
