import pytest
from html_samples import make_site, make_source, render
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import FeedsError, Finding
from feeds.model import MarkdownExtension
from feeds.posts.rendering import Renderer


def with_extensions(tmp_path, *extensions: MarkdownExtension):
    return make_site(tmp_path, markdown=extensions)


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("**bold** and *italic*", "<strong>bold</strong> and <em>italic</em>"),
        ("before <!-- more --> after", "before <!-- more --> after"),
        ("`<!-- more -->`", "<code>&lt;!-- more --&gt;</code>"),
        ("[a][r]\n\n[r]: /x", '<a href="/x">a</a>'),
        (":smile:", "😄"),
        (
            ":material-cat: :octicons-x-16:{ .lg .middle } :fontawesome-brands-github: :simple-git: x",
            "<p>    x</p>",
        ),
        ("`:material-cat:`", "<code>:material-cat:</code>"),
        ("$x_1$", r"\(x_1\)"),
        ("```mermaid\ngraph\n```", '<pre class="mermaid"><code>graph</code></pre>'),
        ("```py\nx < 1\n```", '<pre><code class="language-py">x &lt; 1</code></pre>'),
        ('```py title="a.py" linenums="1"\nx\n```', '<span class="filename">a.py</span>'),
        ('```py linenums="1" hl_lines="1"\nx\n```', '<pre><code class="language-py">x</code></pre>'),
        ("``` go {linenos=table}\nx\n```", '<pre><code class="language-go">x</code></pre>'),
        ("~~~ unknown option\nx\n~~~", "<pre><code"),
        ("``` {.py .annotate}\nx\n```", '<pre><code class="language-py">x</code></pre>'),
    ],
)
def test_posts_become_html(body, part):
    assert part in render(body)


def test_a_code_blocks_title_cannot_hold_html():
    assert "<img" not in render('```py title="<img src=x>"\nx\n```')


def test_code_is_not_coloured_whichever_extension_makes_it(tmp_path):
    for name in ("codehilite", "pymdownx.highlight", "pymdownx.inlinehilite"):
        html = render(
            "    import os\n\n`#!py import os`\n", with_extensions(tmp_path, MarkdownExtension(name))
        )
        assert "<span" not in html


def test_one_post_leaves_nothing_behind_for_the_next():
    renderer = Renderer(make_site(), lambda finding: None)
    second = "[^1]: other\n\n# H\n\n[link][r] HTML"
    alone = Renderer(make_site(), lambda finding: None).html(make_source(second))
    renderer.html(make_source("a[^1] HTML\n\n# H\n\n[^1]: note\n\n[r]: /x\n\n*[HTML]: Hypertext"))
    assert renderer.html(make_source(second)) == alone
    with pytest.raises(FeedsError):
        renderer.html(make_source("- a\n" * 10 + "[^1]\n\n" + "[" * 20_000))
    assert renderer.html(make_source(second)) == alone


@given(st.text())
def test_any_text_is_rendered(text):
    assert isinstance(render(text), str)


def test_options_that_an_extension_does_not_have_are_named_once(tmp_path):
    findings: list[Finding] = []
    extension = MarkdownExtension("pymdownx.tasklist", {"custom_checkbox": True, "colour": "red"})
    renderer = Renderer(with_extensions(tmp_path, extension), findings.append)
    for _ in range(2):
        assert 'type="checkbox"' in renderer.html(make_source("- [x] done"))
        with pytest.raises(FeedsError):
            renderer.html(make_source("[" * 20_000))
    assert [finding.message for finding in findings] == [
        "the Markdown extension pymdownx.tasklist has no option colour"
    ]


def test_an_extension_that_cannot_be_loaded_is_left_out(tmp_path):
    findings: list[Finding] = []
    extension = MarkdownExtension("pymdownx.arithmatex", {"inline_syntax": 3})
    assert "text" in render("text", with_extensions(tmp_path, extension), findings)
    assert "pymdownx.arithmatex cannot be loaded" in findings[0].message


def appending(text: str, tmp_path) -> Renderer:
    """A renderer for a site that appends a text to every post."""
    (tmp_path / "words.md").write_text(text, "utf-8")
    options = {"base_path": ["."], "auto_append": ["words.md"]}
    snippets = MarkdownExtension("pymdownx.snippets", options)
    return Renderer(with_extensions(tmp_path, MarkdownExtension("abbr"), snippets), lambda finding: None)


class TestSnippets:
    @pytest.fixture
    def site(self, tmp_path):
        (tmp_path / "inc").mkdir()
        (tmp_path / "inc" / "hello.md").write_text("*Hello*", "utf-8")
        (tmp_path / "outside").symlink_to("/etc")
        return with_extensions(tmp_path, MarkdownExtension("pymdownx.snippets", {"base_path": "."}))

    def test_a_snippet_is_put_in(self, site):
        assert render('--8<-- "inc/hello.md"', site) == "<p><em>Hello</em></p>"

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("inc/nowhere.md", "is not there"),
            ("../../../../../../../../etc/passwd", "is not there"),
            ("/etc/passwd", "is not there"),
            ("https://example.org/x.md", "is not there"),
            ("outside/passwd", "lies outside the site"),
            ("inc", "is not a file"),
        ],
    )
    def test_a_snippet_that_cannot_be_used_is_named_with_its_line(self, site, name, problem):
        findings: list[Finding] = []
        assert "root:" not in render(f'one\n\n--8<-- "{name}"\n\ntwo', site, findings)
        assert [str(finding).split("\n")[0] for finding in findings] == [
            f"docs/blog/posts/a.md:3: warning: the snippet {name} {problem}"
        ]

    def test_a_snippet_that_is_not_text_is_named(self, site, tmp_path):
        (tmp_path / "inc" / "latin.md").write_bytes("Grüße".encode("latin-1"))
        findings: list[Finding] = []
        render('--8<-- "inc/latin.md"', site, findings)
        assert findings[0].message == "the snippet inc/latin.md is not UTF-8"

    def test_what_is_appended_to_every_post_counts(self, tmp_path):
        renderer = appending("*[HTML]: Hypertext\n\n[r]: /x", tmp_path)
        expected = '<p><abbr title="Hypertext">HTML</abbr> <a href="/x">r</a></p>'
        assert renderer.html(make_source("HTML [r]")) == expected
        head = renderer.head(make_source("HTML [r]\n\n<!-- more -->\n\nRest"), ("more",))
        assert head.text.split("\n")[0] == expected

    def test_it_is_told_which_posts_take_in_files(self, tmp_path):
        snippet, plain = make_source('--8<-- "a.md"'), make_source("text")
        renderer = appending("*[HTML]: Hypertext", tmp_path)
        assert (renderer.reads(snippet), renderer.reads(plain)) == (True, False)
        assert appending('--8<-- "a.md"', tmp_path).reads(plain)
        assert not Renderer(with_extensions(tmp_path), lambda finding: None).reads(snippet)

    def test_what_is_appended_is_part_of_what_posts_are_made_of(self, tmp_path):
        assert appending("*[HTML]: A", tmp_path).options != appending("*[HTML]: B", tmp_path).options

    def test_snippets_cannot_add_up_beyond_the_limit(self, site, tmp_path):
        (tmp_path / "inc" / "big.md").write_text("word " * 200_000, "utf-8")
        findings: list[Finding] = []
        render('--8<-- "inc/big.md"\n\n' * 6, site, findings)
        assert "larger than the limit of 4,194,304 bytes" in findings[0].message

    def test_the_limits_hold_for_what_snippets_bring(self, site, tmp_path):
        (tmp_path / "inc" / "deep.md").write_text(">" * 1000, "utf-8")
        with pytest.raises(FeedsError, match="nest too deep"):
            render('--8<-- "inc/deep.md"', site)
