import pytest
from html_samples import RENDERER, make_site, make_source
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.errors import FeedsError
from feeds.generators.conventions import markdown_heading
from feeds.model import MarkdownExtension
from feeds.posts.commonmark import OPTIONS
from feeds.posts.extensions import _CORE, _PYMDOWNX
from feeds.posts.rendering import Renderer
from feeds.posts.titles import heading_title

TITLES = [
    # the text of the post → its title
    ("# Plain words\n\nText.", "Plain words"),
    ("\n\n# After blank lines", "After blank lines"),
    ("#No blank", "No blank"),
    ("# Closed #", "Closed"),
    ("Underlined\n==========\n\nText.", "Underlined"),
    ("**Bold** underlined\n===", "Bold underlined"),
    ("# A **bold** and `code` [link](x.md) title", "A bold and code link title"),
    ("# With an id {#here}", "With an id"),
    ("# Fish &amp; chips &lt;b&gt;", "Fish & chips <b>"),
    ("# A &amp;amp; B", "A &amp; B"),
    ("# Hello :smile:", "Hello 😄"),
    ("# :material-cat: Cats", "Cats"),
    ("# Grüße, Welt! 日本", "Grüße, Welt! 日本"),
    ("# Two   blanks", "Two blanks"),
    ("# A [reference][r]\n\nText.\n\n[r]: https://example.org/", "A reference"),
    ("# An [unknown][r]", "An [unknown][r]"),
    ("# A note[^1]\n\n[^1]: here", "A note"),
    ("# An ![image](a.png) in it", "An image in it"),
    ("[r]: https://example.org/\n\n# Below a definition", "Below a definition"),
    ("*[HTML]: Hypertext\n\n# HTML below an abbreviation", "HTML below an abbreviation"),
    ("# Carriage return\r\n\r\nText.", "Carriage return"),
    ("# C++ & C#", "C++ & C"),
    ("- item\n===", "- item"),
    ("# Plain above a line\n====", "Plain above a line"),
    ("# A_plain_word", "A_plain_word"),
    ("# Signs (c)", "Signs ©"),
    ("# 1 < 2", "1 < 2"),
    # no title
    ("", None),
    ("Text.\n\n# Too late", None),
    ("## Level two", None),
    ("<!-- a comment -->\n\n# Below it", None),
    ("<h1>Raw HTML</h1>", None),
    ("    # Code", None),
    ("```\n# Code\n```", None),
    ("Underlined\n----------", None),
    ("#", None),
]


@pytest.mark.parametrize(("body", "title"), TITLES)
def test_the_title_is_the_heading_that_the_text_begins_with(body, title):
    assert heading_title(make_source(body), RENDERER) == title


@pytest.mark.parametrize(("body", "title"), [case for case in TITLES if "&" not in case[0]])
def test_a_title_does_not_depend_on_what_is_rendered_for_it(body, title):
    definition = "\n\n[never-used]: https://example.org/"
    assert heading_title(make_source(body + definition), RENDERER) == title


EVERY = [*_CORE, *(f"pymdownx.{name}" for name in _PYMDOWNX)]


def renderer_with(*names: str, flavour: str = "python-markdown") -> Renderer:
    extensions = tuple(MarkdownExtension(name) for name in names)
    return Renderer(make_site(markdown=extensions, flavour=flavour), lambda finding: None)


RENDERERS = [
    RENDERER,
    renderer_with(*EVERY),
    renderer_with(*(name for name in EVERY if name != "smarty")),
    renderer_with(flavour="commonmark"),
    renderer_with(*OPTIONS, flavour="commonmark"),
]
PIECES = st.sampled_from(
    "a Ab 1 1st 24 tm it's 's '' é 日 “ 💥 ² (c) (tm) (R) (1st) (ab (abc) (x y) (it's!) x) & &amp; - -- … _a_ # +".split()
)
ENDS = st.sampled_from(["", "", "", "-", ",", ";", ":", "!", "?", "."])


@given(st.lists(st.builds(str.__add__, PIECES, ENDS), min_size=1, max_size=6), st.sampled_from(RENDERERS))
@settings(deadline=None, max_examples=300)
def test_a_title_that_is_not_rendered_is_the_one_that_would_be(words, renderer):
    heading = f"# {' '.join(words)}"
    title = heading_title(make_source(heading), renderer)
    assert title == heading_title(make_source(f"[r]: /x\n\n{heading}"), renderer)


@pytest.mark.parametrize(
    "words",
    [
        "Plain words",
        "What's new: a developers' guide",
        "Notes (part 2) & more (a lot!)",
        "A-Z, 1st; x. Y?",
        "“Ça” 🚀 –",
    ],
)
def test_most_titles_need_no_rendering(words):
    renderer = renderer_with()
    assert heading_title(make_source(f"\n# {words} \n\nText"), renderer) == words
    assert renderer._dialect is None


@given(st.text(st.sampled_from("ab1 ,;:!?.-é日_*`'\"#[]()<>&:~^=+$\\/"), min_size=1, max_size=12))
def test_the_heading_alone_gives_what_the_whole_post_gives(text):
    title = heading_title(make_source(f"# {text}"), RENDERER)
    assert title == heading_title(make_source(f"[r]: /x\n\n# {text}"), RENDERER)


def test_what_the_sites_extensions_say_holds():
    strict = Renderer(make_site(markdown=(MarkdownExtension("pymdownx.saneheaders"),)), lambda finding: None)
    assert heading_title(make_source("#No blank"), strict) is None


def test_a_snippet_that_is_missing_is_left_to_the_post_to_report():
    findings = []
    renderer = Renderer(make_site(markdown=(MarkdownExtension("pymdownx.snippets"),)), findings.append)
    assert heading_title(make_source('--8<-- "nowhere.md"\n\n# Below it'), renderer) == "Below it"
    assert findings == []


def test_a_heading_past_the_limits_names_its_post():
    with pytest.raises(FeedsError) as caught:
        heading_title(make_source("# " + "[" * 20_000, line=4), RENDERER)
    assert str(caught.value.at) == "docs/blog/posts/a.md:4"


@given(st.text())
def test_any_text_has_a_title_on_one_line_or_none(text):
    title = heading_title(make_source(text), RENDERER)
    assert title is None or (title and title == " ".join(title.split()))


@pytest.mark.parametrize(
    ("body", "heading"),
    [
        ("# Title\n\nText.", "Title"),
        ("\n\n  # Indented counts", "Indented counts"),
        ("# Title {#id}", "Title {#id}"),
        ("# Title #", "Title #"),
        ("# **Bold**", "**Bold**"),
        ("# # twice", "twice"),
        ("#No blank", None),
        ("Title\n=====", None),
        ("Text\n\n# Title", None),
        ("## Level two", None),
        ("", None),
    ],
)
def test_the_address_is_made_of_the_raw_heading(body, heading):
    assert markdown_heading(body) == heading
