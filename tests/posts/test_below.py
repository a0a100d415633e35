"""A post that was changed below its mark only is told from all others, and never too many are."""

import os

import pytest
from html_samples import PAGES, RENDERER, make_post, make_site
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.errors import FeedsError
from feeds.posts.below import _decoded, is_same, note_of
from feeds.posts.entries import render_entry
from feeds.posts.frontmatter import parse_source, parse_text
from feeds.posts.links import Links
from feeds.posts.scope import Scope
from feeds.posts.titles import heading_title
from feeds.texts import decoded

EXAMPLES = int(os.environ.get("FEEDS_EXAMPLES", "150"))
NAMES = RENDERER.extensions
MARK = "<!-- more -->"
MATTER = "---\ndate: 2026-11-01\n---\n\n"
ABOVE = f"# Title\n\nOne *word*.\n\n{MARK}\n"
BELOW = "\nTwo.\n\n![Dog](dog.png)\n"


@pytest.fixture
def note(tmp_path):
    """Writes a file, and takes a note of it: for a post that is not shown, and for one that is."""

    def write_and_note(text):
        (tmp_path / "a.md").write_bytes(text.encode())
        hidden, _ = note_of(str(tmp_path / "a.md"), {"more"})
        if not hidden:
            return "", ""
        _, entry, _ = outcome(text.encode())
        return hidden, f"{hidden} {entry.below} {entry.reading_minutes}"

    return write_and_note


@pytest.fixture
def same(tmp_path):
    """Writes a file, and compares it with a note."""

    def write_and_compare(text, note):
        (tmp_path / "a.md").write_bytes(text if isinstance(text, bytes) else text.encode())
        return is_same(str(tmp_path / "a.md"), note, NAMES)

    return write_and_compare


def test_a_note_has_where_the_text_begins_and_where_the_mark_ends(note, tmp_path):
    for taken in note(MATTER + ABOVE + BELOW):
        start, end, line = map(int, taken.split(" ")[:3])
        assert (start, end, line) == (len(MATTER), len(MATTER + ABOVE), 9)
    status = note_of(str(tmp_path / "a.md"), {"more"})[1]
    assert status.st_size == len(MATTER + ABOVE + BELOW)


@pytest.mark.parametrize(
    "below",
    [
        "\nOther.\n\n![Dog](dog.png)\n",
        "\n## Heading\n\n![Dog](dog.png)\n\nMore.[^1]\n\n[^1]: A note.\n",
        "\nTwo.\n\n```\nopen and closed\n```\n\n![Dog](dog.png)\n\n![Cat](cat.png)",
    ],
)
def test_what_stands_below_the_mark_is_all_the_same(note, same, below):
    for taken in note(MATTER + ABOVE + BELOW):
        assert same(MATTER + ABOVE + below, taken)
        text = (MATTER + ABOVE + below).replace("\n", "\r\n").encode()
        assert same(b"\xef\xbb\xbf" + text, taken)


@pytest.mark.parametrize(
    "below",
    [
        "\nTwo.\n",  # no picture
        "\n![Cat](cat.png)\n\n![Dog](dog.png)\n",  # another
        "\nTwo.\n\n<!-- more -->\n\n![Dog](dog.png)\n",
        "\nTwo.\n\n```\nopen\n\n![Dog](dog.png)\n",
        "\n![Dog](dog.png)\n\n*[One]: A number\n",
        "\n: a definition\n\n![Dog](dog.png)\n",
        "\nTwo.\n\n![Cat](cat.png)\n\n![Dog](dog.png)",
        "",
        "\nword" + " word" * 300 + "\n\n![Dog](dog.png)\n",  # two minutes
        f"\nTwo.\n\n![Dog](dog.png)\n\n{'> ' * 61}deep\n",
    ],
)
def test_what_stands_below_the_mark_may_matter_where_the_excerpt_is_shown(note, same, below):
    hidden, shown = note(MATTER + ABOVE + BELOW)
    assert not same(MATTER + ABOVE + below, shown)
    assert same(MATTER + ABOVE + below, hidden)


@pytest.mark.parametrize(
    "text",
    [
        MATTER + ABOVE.replace("word", "work") + BELOW,
        MATTER.replace("01", "02") + ABOVE + BELOW,
        f"\n{MATTER}{ABOVE}{BELOW}",
        MATTER + ABOVE[:-1],
        MATTER + ABOVE.replace(MARK, "<!-- MORE -->") + BELOW,
        "",
        f"{MATTER}{ABOVE}\nTwo \0.\n",
        (MATTER + ABOVE).encode() + b"\n\xff\n",
        MATTER + ABOVE + "\n" + "word\n" * 50_000,
    ],
)
def test_anything_else_is_another_post(note, same, text):
    for taken in note(MATTER + ABOVE + BELOW):
        assert not same(text, taken)


def test_a_file_that_is_none_is_another_post(note, tmp_path):
    taken, _ = note(MATTER + ABOVE + BELOW)
    (tmp_path / "a.md").unlink()
    assert not is_same(str(tmp_path / "a.md"), taken, NAMES)
    assert not is_same("a\0b", taken, NAMES)
    assert not is_same(str(tmp_path), taken, NAMES)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "a.md")
        assert not is_same(str(tmp_path / "a.md"), taken, NAMES)
        assert note_of(str(tmp_path / "a.md"), {"more"}) == ("", None)


@pytest.mark.parametrize(
    "text",
    [
        MATTER + "One.\n\nTwo.\n",  # no mark
        MATTER + "One.\n\n<!-- other -->\n\nTwo.\n",
        MATTER + f"One.\n\n<!-- other -->\n\n{MARK}\n\nTwo.\n",
        MATTER + f"One.\n\n{MARK}",
        MATTER + f"{MARK}\n\n# Title\n",
        MATTER + f"# [Title]\n\n{MARK}\n\n[Title]: a.md\n",
        MATTER + f"[r]: a.md\n\n{MARK}\n\n# Title\n",
        MATTER + f"One \0.\n\n{MARK}\n\nTwo.\n",
        f"One.\n\n{MARK}\n\nTwo.\n",
        f"+++\ndate = 2026-11-01\n+++\n\nOne.\n\n{MARK}\n\nTwo.\n",
        f"---\ndate: 2026-11-01\n\n{MARK}\n",
        MATTER + "One.\n\n" + "word\n" * 1000 + f"\n{MARK}\n\nTwo.\n",  # far down
        "",
    ],
)
def test_nothing_is_noted_where_what_follows_may_matter(note, text):
    assert note(text) == ("", "")


# --- whatever the texts ------------------------------------------------------------------------------------


def outcome(data: bytes) -> tuple:
    """What a file is read as, and its entry, as values that can be compared; with the entry and what was found."""
    findings, site = [], make_site()
    try:
        source = parse_source(
            parse_text(data, "docs/a.md", findings.append), "a.md", "docs/a.md", findings.append
        )
        title = heading_title(source, RENDERER)
        post = make_post(source.body, line=source.body_line)
        scope = Scope(site, post.source, post.url, {}, PAGES, findings.append)
        entry = render_entry(scope, post, RENDERER, Links(site, PAGES), full=False)
    except FeedsError as error:
        return (error.findings, findings), None, findings
    shown = entry and (entry.excerpt, entry.image, entry.reading_minutes)
    return (source.fields, source.body_line, title, shown, findings), entry, findings


PIECES = st.sampled_from(
    [
        "Words & *more* words, [a link](b.md) and `code`.",
        "A [reference][r], a [shortcut] and [r].",
        "[r]: https://r.example/ 'Title'",
        "[shortcut]: nowhere.md",
        "A note[^1].",
        "[^1]: The note.",
        "HTML and CSS.",
        "*[HTML]: Hypertext",
        "![Picture](a.png)",
        "![Badge](badge.svg)",
        "Text ![in](b.png) text.",
        '<img src="c.png">',
        "<div markdown>\n\n*inside*",
        "</div>",
        "`--x=<word>` and <word>",
        "<!-- open",
        "-->",
        MARK,
        "```\n![code](d.png)\n```",
        "```python\nopen",
        "    indented",
        "- one\n- two",
        "term\n: definition",
        ": another definition",
        "# Heading",
        "Heading\n=======",
        "title: Other",
        "---",
        "[TOC]",
        "--8<-- 'a.md'",
    ]
)
GAPS = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n", "\n\n\n"])


@st.composite
def posts(draw):
    """The text of a post: pieces, a mark somewhere among them, more pieces."""
    plain = st.sampled_from(
        ["Words.", "HTML and CSS.", "A [reference][r].", "A note[^1].", "![Picture](a.png)"]
    )
    above = draw(st.lists(plain | PIECES, min_size=1, max_size=2))
    below = draw(st.lists(plain | PIECES, max_size=4))
    return "".join(part + draw(GAPS) for part in (*above, MARK, *below))


CHANGES = st.sampled_from(
    [
        lambda data: data,
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data + b"\0",
        lambda data: data + b"\xe9",
        lambda data: data + b"\n\n" + b"word " * 300,
        lambda data: data.replace(b"more", b"More"),
        lambda data: data.replace(b"-->\n", b"-->  \n", 1),
        lambda data: data.replace(b"\n\n", b"\n", 1),
    ]
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_what_is_the_same_gives_the_same(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("posts") / "a.md"
    old, other = data.draw(posts()), data.draw(posts())
    above, mark, _ = old.partition(MARK)
    new = data.draw(st.sampled_from([above + mark + other.partition(MARK)[2], other, old]))
    before, after = (data.draw(CHANGES)((MATTER + text).encode()) for text in (old, new))
    path.write_bytes(before)
    hidden, _ = note_of(str(path), {"more"})
    was, entry, findings = outcome(before)
    lines = [finding.at.line or 10**9 if finding.at else 0 for finding in findings]
    if not hidden or entry is None or max(lines, default=0) > int(hidden.split(" ")[2]):
        return
    path.write_bytes(after)
    if entry.below and is_same(str(path), f"{hidden} {entry.below} {entry.reading_minutes}", NAMES):
        assert outcome(after)[0] == was
    if is_same(str(path), hidden, NAMES):
        assert outcome(after)[0][:3] == was[:3]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=40).map(lambda data: data.replace(b"\0", b"")))
def test_texts_are_read_as_posts_are(data):
    try:
        text = decoded(data, "a.md")
    except FeedsError:
        text = ""
    assert _decoded(data) == text
