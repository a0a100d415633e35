import pytest
from html_samples import PAGE, junk_html, resolve
from hypothesis import given
from hypothesis import strategies as st

from feeds.columns import columns
from feeds.posts.cleaning import clean_html, clean_nodes
from feeds.posts.plaintext import html_to_text, nodes_to_text, one_line
from feeds.posts.tree import parse_html

CASES = {
    "paragraphs": ("<p>One.</p>\n<p>Two<br>lines.</p>", "One.\n\nTwo\nlines."),
    "white space": ("<p>a\n  b&nbsp;c</p>", "a b c"),
    "headings": ("<h3>One</h3><p>x</p><h4>日本</h4><p>y</p>", "One\n~~~\n\nx\n\n日本\n~~~~\n\ny"),
    "a tight list": ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
    "a loose list": ("<ol><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>", "1. a\n\n   b\n\n2. c"),
    "numbers": ('<ol start="9"><li>a</li><li>b</li><li value="20">c</li></ol>', "9. a\n10. b\n20. c"),
    "a quote": ("<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>", "> a\n>\n> > b"),
    "code": ("<p>x</p><pre><code>if a:\n    b\n\nc</code></pre>", "x\n\n    if a:\n        b\n\n    c"),
    "a rule": ("<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb"),
    "a table": (
        "<table><thead><tr><th>a</th><th>long</th></tr></thead>"
        "<tbody><tr><td>日本</td><td>2</td></tr></tbody></table>",
        "a    | long\n-----+-----\n日本 | 2",
    ),
    "definitions": ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", "Term\n    Meaning"),
    "a figure": (
        '<figure><img src="x" alt="A cat"><figcaption>Asleep</figcaption></figure>',
        "[A cat]\nAsleep",
    ),
    "images": ('<p><img src="x" alt="A cat"> and <img src="y" alt=""></p>', "[A cat] and"),
    "raised text": ("<p>x<sup>2</sup> H<sub>2</sub>O</p>", "x^2 H2O"),
    "ruby": ("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>", "漢(kan)"),
    "links": ('<p>see <a href="https://a.example/">this</a></p>', "see this"),
    "a link that shows its address": (
        '<p><a href="https://a.example/">https://a.example</a> <a href="mailto:a@b.example">a@b.example</a>'
        ' <a href="https://b.example/x">b.example/x</a></p>',
        "https://a.example a@b.example b.example/x",
    ),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("html", "text"), CASES.values(), ids=CASES)
def test_html_as_text(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>one two three four five</p>", ["one two three four", "five"]),
        ("<blockquote><p>one two three four five</p></blockquote>", ["> one two three four", "> five"]),
        ("<ul><li>one two three four five six</li></ul>", ["- one two three four", "  five six"]),
        ("<p>日本語の文章はどこでも折り返せます。</p>", ["日本語の文章はどこで", "も折り返せます。"]),
        (
            "<p>a https://example.org/a/very/long/address b</p>",
            ["a", "https://example.org/a/very/long/address", "b"],
        ),
        ("<pre><code>one two three four five six</code></pre>", ["    one two three four five six"]),
    ],
)
def test_lines_are_at_most_so_wide(html, lines):
    assert html_to_text(html, 20).split("\n") == lines


@pytest.mark.parametrize(
    ("text", "wide"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("👩\u200d💻", 4), ("", 0)]
)
def test_columns(text, wide):
    assert columns(text) == wide


def test_one_line_is_the_text_alone():
    html = '<h3>A</h3><p>b <a href="https://c.example/">c</a></p><ul><li>d</li></ul>'
    assert one_line(html) == "A b c d"


@given(junk_html(), st.integers(20, 100))
def test_any_clean_html_has_a_text_without_blanks_at_line_ends(html, width):
    text = html_to_text(clean_html(html, resolve, PAGE), width)
    assert all(line == line.rstrip() for line in text.split("\n"))


@given(junk_html(), st.integers(20, 100))
def test_the_text_of_what_was_cleaned_is_that_of_its_html(html, width):
    cleaned, nodes = clean_nodes(parse_html(html), resolve, PAGE)
    assert nodes_to_text(nodes, width) == html_to_text(cleaned, width)


@given(st.lists(st.text("ab日 ", min_size=1), min_size=1))
def test_no_word_is_lost_by_wrapping(words):
    html = clean_html(f"<p>{' '.join(words)}</p>", resolve, PAGE)
    assert "".join(html_to_text(html, 20).split()) == "".join("".join(words).split())
