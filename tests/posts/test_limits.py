import pytest
from html_samples import make_source, render
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import FeedsError
from feeds.posts.limits import (
    MAX_BLOCK_REACH,
    MAX_BLOCKS,
    MAX_BRACKET_REACH,
    MAX_BYTES,
    MAX_DELIMITER_PAIRS,
    MAX_FOOTNOTES,
    MAX_MARKUP_REACH,
    MAX_NESTING,
    MAX_PIECES,
    MAX_TAG_REACH,
    InlineBudget,
    check_inline,
    check_limits,
)

REFUSED_LINES = {
    # what the post is made of → what the message names, and the limit
    "five megabytes": ("a" * (5 * 1024 * 1024), "characters", MAX_BYTES),
    "ten thousand quotes inside each other": (">" * 10_000 + " deep", "nest too deep", MAX_NESTING),
    "five hundred lists inside each other": (
        "".join("    " * level + "- x\n" for level in range(500)),
        "nest too deep",
        MAX_NESTING,
    ),
    "a hundred list marks in other digits": ("\u0661. " * 100 + "x", "nest too deep", MAX_NESTING),
    "a hundred list marks in a row": ("1. " * 100 + "x", "nest too deep", MAX_NESTING),
    "tags that are never closed": ("<a " * 10_000, "HTML tags", MAX_TAG_REACH),
    "headings without end": ("# a\n" * 10_000, "open a block", MAX_BLOCK_REACH),
    "rules without end": ("---\n" * 10_000, "open a block", MAX_BLOCK_REACH),
    "twenty thousand paragraphs": ("a\n\n" * 20_000, "paragraphs", MAX_BLOCKS),
    "two thousand footnotes": ("[^1]: a\n" * 2_000, "footnotes", MAX_FOOTNOTES),
}

REFUSED_MARKUP = {
    "brackets inside each other": ("[" * 20_000 + "x" + "]" * 20_000, "brackets", MAX_BRACKET_REACH),
    "images that are never closed": ("![" * 5_000, "brackets", MAX_BRACKET_REACH),
    "links that are never closed": ("[a](" * 5_000, "brackets", MAX_BRACKET_REACH),
    "brackets after an escaped one": ("[x](\\) " * 5_000, "brackets", MAX_BRACKET_REACH),
    "brackets after a backtick": ("` " + "[" * 5_000, "brackets", MAX_BRACKET_REACH),
    "stars": ("*" * 40_000 + "a", "marks of markup", MAX_MARKUP_REACH),
    "underscores and stars": ("_a*" * 20_000, "marks of markup", MAX_MARKUP_REACH),
    "runs of backticks, each longer": (
        "".join("`" * length + " " for length in range(1, 600)),
        "marks of markup",
        MAX_MARKUP_REACH,
    ),
    "carets": ("a^b " * 2_000, "pairs of `^`", MAX_DELIMITER_PAIRS),
    "a table of twenty thousand rows": (
        "| a | b | c |\n|---|---|---|\n" + "".join(f"| {row} | x | y |\n" for row in range(20_000)),
        "table cells",
        MAX_PIECES,
    ),
}

ACCEPTED = {
    "a line of a megabyte": "word " * 200_000,
    "a word of a megabyte": "a" * 1_000_000,
    "a thousand links in a list": "".join(f"- [text {n}](https://example.org/{n})\n" for n in range(1000)),
    "a table of five hundred rows": "| a | b |\n|---|---|\n" + "| *x* | `y` |\n" * 500,
    "brackets in fenced code": "```json\n" + "[" * 20_000 + "\n```",
    "brackets in fenced code in a quote": "> ~~~~\n> " + "[" * 20_000 + "\n> ~~~~",
    "comparisons in the text": "if a <b and c> d " * 500,
    "two thousand paragraphs with a heading each": "## Heading\n\nA *few* words.\n\n" * 1000,
    "ten thousand raw elements inside each other": "<div>" * 10_000 + "x" + "</div>" * 10_000,
    "lists ten deep": "".join("    " * level + "- x\n" for level in range(10)),
    "a line of dashes with blanks": "- " * 100,
    "two hundred footnotes": "".join(f"a[^{n}]\n\n[^{n}]: b\n\n" for n in range(200)),
    "five thousand definitions of links": "See [7].\n\n"
    + "".join(f"[{n}]: https://example.org/a/long/path/{n}\n" for n in range(5000)),
    "unclosed brackets here and there": "the interval [0, 1) is half open. " * 20,
}


@pytest.mark.parametrize(("body", "named", "limit"), REFUSED_LINES.values(), ids=REFUSED_LINES)
def test_lines_that_would_take_minutes_are_refused_before_anything_is_rendered(body, named, limit):
    with pytest.raises(FeedsError) as caught:
        check_limits(make_source(body))
    assert named in str(caught.value)
    assert f"{limit:,}" in caught.value.help
    assert caught.value.rule == "post-too-large"
    assert caught.value.at.path == "docs/blog/posts/a.md"


@pytest.mark.parametrize(("body", "named", "limit"), REFUSED_MARKUP.values(), ids=REFUSED_MARKUP)
def test_markup_that_would_take_minutes_is_refused_before_it_is_looked_at(body, named, limit):
    with pytest.raises(FeedsError) as caught:
        render(body)
    assert named in str(caught.value)
    assert f"{limit:,}" in caught.value.help


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=ACCEPTED)
def test_large_posts_that_people_write_are_rendered(body):
    assert render(body)


def test_the_line_is_named():
    with pytest.raises(FeedsError) as caught:
        check_limits(make_source("one\n\ntwo\n\n" + ">" * 200, line=5))
    assert str(caught.value.at) == "docs/blog/posts/a.md:9"


def test_the_line_of_too_much_markup_is_named():
    with pytest.raises(FeedsError) as caught:
        render("one\n\ntwo\n\nthree " + "[" * 20_000)
    assert str(caught.value.at) == "docs/blog/posts/a.md:5"


@pytest.mark.parametrize("opening", ["```\n", "~~~\n", "````\n```\n"])
def test_a_fence_that_is_never_closed_hides_nothing(opening):
    with pytest.raises(FeedsError):
        check_limits(make_source(opening + "# a\n" * 10_000))


RUNS = st.builds(
    str.__mul__, st.sampled_from(["[", "](", "(", "^", "~", "*", "a", "`"]), st.integers(0, 2000)
)


@given(st.lists(st.lists(RUNS, max_size=4).map("".join), max_size=6))
def test_pieces_are_refused_together_as_they_are_one_by_one(pieces):
    def refusal(check):
        try:
            check()
        except FeedsError as error:
            return str(error)
        return None

    budget = InlineBudget(lambda text: None)
    one_by_one = refusal(lambda: [budget.spend(piece) for piece in pieces])
    assert refusal(lambda: check_inline(pieces, lambda text: None)) == one_by_one
