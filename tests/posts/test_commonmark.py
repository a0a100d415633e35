"""What generators that follow CommonMark make of a post's text: before → after."""

import re
from dataclasses import replace

import pytest
from html_samples import make_site, make_source
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import FeedsError, Finding
from feeds.model import MarkdownExtension
from feeds.posts.cleaning import clean_html
from feeds.posts.commonmark import OPTIONS, CommonMark
from feeds.posts.rendering import Renderer

EVERYTHING = {name: {} for name in OPTIONS if name not in ("kramdown", "mdx")}
KRAMDOWN = {"kramdown": {}, "typographer": {}}


def convert(text: str, *names: str, **options: dict[str, object]) -> str:
    """The HTML of a text with extensions by name, `_` for `-` in the names of those with options."""
    extensions = {name: {} for name in names}
    extensions |= {name.replace("_", "-"): given for name, given in options.items()}
    return CommonMark(extensions, reject).convert(text, None).strip()


def reject(finding: Finding) -> None:
    raise AssertionError(finding)


def clean(html: str) -> str:
    return clean_html(html, lambda url: url, "https://example.org/a/")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("a <!--more--> b", "<p>a <!--more--> b</p>"),
        ("<!--more-->", "<!--more-->"),
        ("~~a~~ | -- :tada: $x$ [^1]", "<p>~~a~~ | -- :tada: $x$ [^1]</p>"),
        ("[a](javascript:x)", '<p><a href="javascript:x">a</a></p>'),
        ("[a](</ü b>)", '<p><a href="/ü b">a</a></p>'),
        ("<b>raw</b>", "<p><b>raw</b></p>"),
    ],
)
def test_without_extensions_it_is_commonmark(text, html):
    assert convert(text) == html


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("tables", "|a|b|\n|-|:-:|\n|1|2|", '<td style="text-align:center">2</td>'),
        ("strikethrough", "~~a~~ and ~b~", "<s>a</s> and <s>b</s>"),
        ("footnotes", "a[^n]\n\n[^n]: note", '<a class="footnote-ref" href="#fn:1">1</a>'),
        ("definition-lists", "Term\n: what it is", "<dt>Term</dt>\n<dd>what it is</dd>"),
        ("task-lists", "- [x] done", '<li><input type="checkbox" disabled checked>done</li>'),
        ("task-lists", "- [ ] open", '<li><input type="checkbox" disabled>open</li>'),
        (
            "autolinks",
            "see https://a.example/x_y_z.",
            '<a href="https://a.example/x_y_z">https://a.example/x_y_z</a>.',
        ),
        (
            "autolinks",
            "(http://a.example/b_(c))",
            '(<a href="http://a.example/b_(c)">http://a.example/b_(c)</a>)',
        ),
        ("autolinks", "www.a.example!", '<a href="http://www.a.example">www.a.example</a>!'),
        ("autolinks", "ada@a.example", '<a href="mailto:ada@a.example">ada@a.example</a>'),
        ("autolinks", "https:// and `www.a.example`", "https:// and <code>www.a.example</code>"),
        ("autolinks", "[www.a.example](/b)", '<a href="/b">www.a.example</a>'),
        ("attributes", "## T {#id .class k=v}", "<h2>T</h2>"),
        ("attributes", "## T {not this}", "<h2>T {not this}</h2>"),
        ("heading-ids", "## T {#my-id}", "<h2>T</h2>"),
        ("heading-ids", "## T {/* #my-id */}", "<h2>T</h2>"),
        ("typographer", "\"a\" 'b' it's -- c --- d ...", "“a” ‘b’ it’s – c — d …"),
        (
            "typographer",
            '**"a"** `"b"` ("c") the \'90s',
            "<strong>“a”</strong> <code>&quot;b&quot;</code> (“c”) the ’90s",
        ),
        ("hard-breaks", "a\nb", "a<br>\nb"),
        ("emoji", ":tada: :no_such: `:tada:`", "🎉 :no_such: <code>:tada:</code>"),
        ("math", "$x_1$ costs $5 or $6", r'<span class="arithmatex">\(x_1\)</span> costs $5 or $6'),
        ("math", "$$\na_1\n$$", r'<div class="arithmatex">\[a_1\]</div>'),
        ("insert", "++a++", "<ins>a</ins>"),
        ("mark", "==a *b*==", "<mark>a <em>b</em></mark>"),
        ("subscript", "H~2~O", "<sub>2</sub>"),
        ("superscript", "x^2^", "<sup>2</sup>"),
        (
            "alerts",
            "> [!WARNING]\n> Hot",
            '<div class="admonition warning">\n<p class="admonition-title">Warning</p>',
        ),
        ("mdx", "<div>\n    *a*\n</div>", "<em>a</em>"),
        (
            "highlight-comments",
            "```js\n// highlight-next-line\na\n```",
            '<code class="language-js">a\n</code>',
        ),
    ],
)
def test_each_extension_adds_something(name, text, part):
    assert part in convert(text, name)


@pytest.mark.parametrize(
    ("name", "options", "text", "html"),
    [
        ("strikethrough", {"single": False}, "~a~", "<p>~a~</p>"),
        ("attributes", {"blocks": True}, "a\n{.note}", "<p>a</p>"),
        ("attributes", {"spans": True}, "![a](/b.png){width=50%} c", '<p><img src="/b.png" alt="a"> c</p>'),
        ("raw-html", {"keep": False}, "a<!--more-->", "<p>a<!--more--></p>"),
        ("raw-html", {"keep": False}, "<div>\na\n</div>\n\nb", "<!-- raw HTML omitted --><p>b</p>"),
        ("indented-code", {"keep": False}, "    a", "<p>a</p>"),
        (
            "math",
            {"inline": [["\\(", "\\)"]], "block": []},
            r"\(a\) $b$",
            r'<p><span class="arithmatex">\(a\)</span> $b$</p>',
        ),
    ],
)
def test_options_say_how(name, options, text, html):
    assert convert(text, **{name.replace("-", "_"): options}) == html


class TestAdmonitions:
    @pytest.mark.parametrize("title", ["[My *T*]", " My *T*", '{title="My *T*" .x}'])
    def test_the_title_stands_behind_the_name(self, title):
        html = convert(f":::tip{title}\n\nText\n\n:::\n\nafter", "admonitions")
        assert html.split("\n") == [
            '<div class="admonition tip">',
            '<p class="admonition-title">My <em>T</em></p>',
            "<p>Text</p>",
            "</div>",
            "<p>after</p>",
        ]

    def test_without_one_the_name_is_shown(self):
        assert '<p class="admonition-title">Danger</p>' in convert(":::danger\nx\n:::", "admonitions")

    def test_more_colons_hold_others(self):
        html = convert("::::note\n:::tip\nin\n:::\nout\n::::", "admonitions")
        assert html.count("</div>") == 2
        assert html.index("in") < html.index("</div>") < html.index("out")

    def test_in_a_list_they_end_with_the_item(self):
        html = convert("- a\n\n  :::note\n  b\n\nc", "admonitions")
        assert html.index("</ul>") < html.index("<p>c</p>")

    def test_readers_see_a_quote_with_a_bold_title(self):
        html = clean(convert(":::note\na\n:::", "admonitions"))
        assert html == "<blockquote>\n<p><strong>Note</strong></p>\n<p>a</p>\n</blockquote>"


class TestCode:
    @pytest.mark.parametrize(
        ("info", "language"),
        [
            ("py", "py"),
            ("js {1,3} showLineNumbers", "js"),
            ("jsx{2}", "jsx"),
            ("rust,no_run", "rust"),
            ("{.python .x}", "python"),
            ("go {linenos=table,hl_lines=[2]}", "go"),
            ("c++", "c++"),
        ],
    )
    def test_the_language_is_the_first_word(self, info, language):
        assert f'<pre><code class="language-{language}">' in convert(f"```{info}\nx\n```")

    @pytest.mark.parametrize("info", ["", "{linenos=table}", 'title="a"'])
    def test_without_a_language_there_is_no_class(self, info):
        assert "<pre><code>" in convert(f"```{info}\nx\n```")

    def test_a_title_is_shown_above(self):
        html = convert('```py title="<a>.py"\nx < 1\n```')
        assert '<span class="filename">&lt;a&gt;.py</span><pre><code class="language-py">x &lt; 1' in html
        assert clean(html).startswith("<p><strong>&lt;a&gt;.py</strong></p>\n<pre>")

    def test_a_diagram_becomes_a_link(self):
        assert "Diagram: see the post" in clean(convert("```mermaid\ngraph\n```"))


def test_footnotes_come_last_and_are_left_out_of_excerpts():
    html = convert("a[^x] b[^y] c[^x]\n\n[^y]: *two*\n[^x]: one\n\n    more", "footnotes")
    assert html.index("one") < html.index("more") < html.index("<em>two</em>")
    assert '<div class="footnotes">' in html
    assert "↩" not in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n{: .note #x}", "<p>a</p>"),
        ("{: .note}\na", "<p>a</p>"),
        ("*a*{: .x} `b`{:.y}", "<p><em>a</em> <code>b</code></p>"),
        ('[a](/b){:target="_blank"}', '<p><a href="/b">a</a></p>'),
        ("text {: .x}", "<p>text {: .x}</p>"),
        ("* {: .x} a", "<ul>\n<li>a</li>\n</ul>"),
        ("* TOC\n{:toc}\n\na", "<p>a</p>"),
        ("{:name: .x}\n\na\n{: name}", "<p>a</p>"),
        ("# T {#id}", "<h1>T</h1>"),
        ("a\nb\n---", "<p>a\nb\n—</p>"),
        ("a\n---", "<h2>a</h2>"),
        ("{::comment}\nno\n{:/comment}\n\na", "<p>a</p>"),
        ("a{::comment}no{:/} b", "<p>a b</p>"),
        ('{::options auto_ids="false" /}\n\na', "<p>a</p>"),
        ("{::nomarkdown}\n*a*\n{:/}", "*a*"),
        ("$$a_1$$ b", r'<p><span class="arithmatex">\(a_1\)</span> b</p>'),
        ("$$\na\n$$", '<div class="arithmatex">\\[a\\]</div>'),
        ("HTML\n\n*[HTML]: Hypertext", '<p><abbr title="Hypertext">HTML</abbr></p>'),
        ("XHTML5\n\n*[HTML]: Hypertext", "<p>XHTML5</p>"),
        ("<div>\n*a*\n\n*b*\n</div>", "<div>\n*a*\n\n*b*\n</div>"),
        (
            '<div markdown="1" class="x">\n*a*\n\nb\n</div>',
            '<div class="x">\n<p><em>a</em></p>\n<p>b</p>\n</div>',
        ),
        ('<p markdown="1">*a*</p>', "<p>\n<em>a</em></p>"),
        ("<div>a</div> *b*", "<div>a</div>\n<p><em>b</em></p>"),
        ("a <div> b", "<p>a &lt;div&gt; b</p>"),
        ("**a:**b", "<p><strong>a:</strong>b</p>"),
        ("1) a", "<p>1) a</p>"),
        ("a\\\\\nb", "<p>a<br>\nb</p>"),
        ("[a](b c.html)", '<p><a href="b c.html">a</a></p>'),
        ("- [x] a", '<ul>\n<li><input type="checkbox" disabled checked>a</li>\n</ul>'),
        ("https://a.example", "<p>https://a.example</p>"),
        ('"a" -- b', "<p>“a” – b</p>"),
        ("a\n^\nb", "<p>a</p>\n<p>b</p>"),
    ],
)
def test_kramdown_reads_its_own_markup(text, html):
    assert convert(text, *KRAMDOWN) == html


def test_kramdowns_own_rules_win():
    html = convert("~a~ and\nb | c\n--|--\n", *KRAMDOWN, "tables", "strikethrough", "attributes")
    assert html == "<p>~a~ and\nb | c\n–|–</p>"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a | b\nc | d", [["td a", "td b"], ["td c", "td d"]]),
        ("|a|b|\n|---+---|\n|c|", [["th a", "th b"], ["td c", "td "]]),
        ("|a|\n|=\n|b|", [["td a"], ["td b"]]),
        ("|`a|b`|c\\|d|", [["td a|b", "td c|d"]]),
    ],
)
def test_kramdowns_tables_need_no_head(text, rows):
    html = convert(text, *KRAMDOWN).replace("<code>", "").replace("</code>", "")
    cells = re.compile(r"<(t[dh])>(.*)</")
    found = [[" ".join(cell) for cell in cells.findall(row)] for row in html.split("<tr>")[1:]]
    assert found == rows


def test_a_paragraph_with_a_bar_in_one_line_is_no_table_in_kramdown():
    assert "<table" not in convert("a | b\nc", *KRAMDOWN)


def test_names_and_options_that_there_are_not_are_told():
    findings: list[Finding] = []
    CommonMark({"tabels": {}, "footnotes": {"inlined": True}}, findings.append)
    assert [finding.message for finding in findings] == [
        "there is no Markdown extension tabels",
        "the Markdown extension footnotes has no option inlined",
    ]


def test_the_renderer_takes_the_kind_of_markdown_from_the_site(tmp_path):
    site = make_site(tmp_path, flavour="commonmark", markdown=(MarkdownExtension("task-lists"),))
    html = Renderer(site, reject).html(make_source("1) a\n2) [x] b"))
    assert html == '<ol>\n<li>a</li>\n<li><input type="checkbox" disabled checked>b</li>\n</ol>\n'


def test_a_post_in_html_stays_as_it_is(tmp_path):
    source = replace(make_source("<div>\n\n    *a*\n</div>"), path="blog/posts/a.html")
    site = make_site(tmp_path, flavour="commonmark")
    assert Renderer(site, reject).html(source) == source.body


def test_one_post_leaves_nothing_behind_for_the_next():
    parser = CommonMark({**EVERYTHING, **KRAMDOWN}, reject)
    second = "[^1]: other\n\n[link][r] HTML {::comment}\n"
    alone = CommonMark({**EVERYTHING, **KRAMDOWN}, reject).convert(second, None)
    parser.convert("a[^1] HTML\n\n[^1]: note\n\n[r]: /x\n\n*[HTML]: Hypertext\n\n{::comment}\n{:/}", None)
    assert parser.convert(second, None) == alone


MARKUP = st.text(st.sampled_from("ab |-:`*_~[](){}<>/!#^$&\"'.=+1\n\t\\:divsmarkdown"), max_size=60)


@given(MARKUP)
def test_any_text_is_rendered(text):
    for extensions in (EVERYTHING, KRAMDOWN, {"mdx": {}}):
        assert isinstance(CommonMark(extensions, reject).convert(text, None), str)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 20_000, "brackets that nest"),
        ("![" * 2_000 + "](x)" * 2_000, "brackets that nest"),
        ("\n".join("  " * depth + "- a" for depth in range(300)), "nest too deep"),
        ("\n".join("  " * depth + "- a" for depth in range(80)), "nest deeper"),
        ("word\n" * 60_000, "lines"),
        ("a\n\n" * 11_000, "paragraphs"),
        ("&" * 210_000, "signs that may be markup"),
        ("|a" * 31_000 + "|\n" + "|-" * 31_000, "table cells"),
        (f"[a]: /{'x' * 100_000}\n\n" + "[a] " * 1_000, "each definition counted"),
        ("*[A]: " + "x" * 50_000 + "\n\n" + "A " * 2_000, "each definition counted"),
    ],
)
def test_what_would_take_minutes_is_refused(text, message):
    extensions = KRAMDOWN if text.startswith("*[A]") else EVERYTHING
    with pytest.raises(FeedsError, match=message) as caught:
        CommonMark(extensions, reject).convert(text, make_source("x"))
    assert caught.value.at is not None
    assert caught.value.at.path == "docs/blog/posts/a.md"


@pytest.mark.parametrize(
    "piece",
    [
        "*a ",
        "_",
        "`a ",
        "<",
        "a <!-- ",
        "<?",
        "{: ",
        "{::comment}",
        "$",
        "http://",
        "a@b.c",
        "\"'",
        "==a",
        "|",
    ],
)
def test_other_runs_of_markup_are_quick(piece):
    for extensions in (EVERYTHING, KRAMDOWN):
        assert CommonMark(extensions, reject).convert(piece * 1_500, None)
