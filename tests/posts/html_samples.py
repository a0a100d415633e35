"""A site, posts and pieces of HTML to test rendering and cleaning with."""

import datetime as dt
from pathlib import Path

from hypothesis import strategies as st

from feeds.errors import Finding
from feeds.generators.addresses import media_rule
from feeds.generators.mkdocs.values import MARKDOWN_ENDINGS
from feeds.model import Excerpting, Fields, Post, Site, Source
from feeds.posts.links import Links
from feeds.posts.rendering import Renderer

URL = "https://example.org/base/"
PAGE = f"{URL}blog/2026/a/"
PATH = "blog/posts/a.md"
PAGES = {
    "index.md": URL,
    "about.md": f"{URL}about/",
    "blog/posts/b.md": f"{URL}blog/2026/b/",
    "blog/posts/with space.md": f"{URL}blog/2026/with%20space/",
}


def make_site(root: Path = Path("/nowhere"), **changes) -> Site:
    values = {
        "root": root,
        "docs": root / "docs",
        "docs_name": "docs/",
        "output": root / "site",
        "generator": "material",
        "title": "A blog",
        "url": URL,
        "description": "",
        "language": "en",
        "timezone": "UTC",
        "author": "",
        "copyright": "",
        "blogs": (),
        "media_url": media_rule(URL, (("blog/posts", "blog/"),)),
        "endings": MARKDOWN_ENDINGS,
        "markdown": (),
        "category_slug": str,
        "category_page": str,
        "excluded": lambda path: False,
    }
    return Site(**{**values, **changes})


def make_source(body: str, line: int = 1) -> Source:
    return Source(PATH, Fields(f"docs/{PATH}", {}), body, line)


def make_post(
    body: str,
    title: str = "The title",
    description: str = "",
    line: int = 1,
    excerpting: Excerpting | None = None,
) -> Post:
    day = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    return Post(
        PAGE,
        PAGE,
        title,
        day,
        day,
        (),
        (),
        (),
        "en",
        description,
        "",
        False,
        make_source(body, line),
        excerpting or Excerpting(),
    )


def resolve(url: str) -> str | None:
    return Links(make_site(), PAGES).resolve(url, PATH, PAGE)


RENDERER = Renderer(make_site(), lambda finding: None)
"""With the extensions that a site gets whose generator names none."""


def render(body: str, site: Site | None = None, findings: list[Finding] | None = None) -> str:
    report = (findings if findings is not None else []).append
    return (Renderer(site, report) if site else RENDERER).html(make_source(body))


TAGS = (
    "a abbr annotation audio b base blockquote body br button caption code dd del details div dl dt em embed"
    " figcaption figure font form frameset h1 h2 h5 head hr i iframe image img input ins kbd label li link"
    " listing math menu meta nobr noscript object ol option p picture plaintext pre q ruby rp rt script section"
    " select source span strong style sub summary sup svg table tbody td template textarea tfoot th thead title"
    " tr u ul video wbr x-y xmp"
).split()
ATTRIBUTES = (
    "align=center",
    "alt=x",
    "checked type=checkbox",
    "cite=z",
    'class="admonition"',
    'class="admonition-title"',
    'class="arithmatex"',
    'class="filename"',
    'class="footnote"',
    'class="footnote-ref"',
    'class="headerlink"',
    'class="highlight"',
    'class="highlighttable"',
    'class="language-py"',
    'class="mermaid"',
    'class="tabbed-block"',
    'class="tabbed-content"',
    'class="tabbed-labels"',
    'class="tabbed-set"',
    'class="toc"',
    'class="twemoji"',
    "colspan=2",
    'data-src="b.png"',
    "datetime=2026",
    "dir=rtl",
    'href="#y"',
    'href="b.md"',
    'href="javascript:alert(1)"',
    "href",
    'id="fn:1"',
    "lang=en",
    'onclick="alert(1)"',
    "reversed",
    'src=" https://e.example/x y"',
    'src="a.png"',
    'src="data:image/png;base64,AA"',
    'srcset="a 1x, b 2x,c"',
    "start=3",
    'style="text-align: right"',
    'title="t  t"',
    "value=2",
    "width=3 height=x",
)
TEXTS = (
    "word",
    " y ",
    "\n",
    "\n\n",
    "&nbsp;",
    "&lt;b&gt;",
    "&amp;amp;",
    "<!-- more -->",
    "<!-- c",
    "-->",
    "<",
    ">",
    '"',
    "&",
    "&#x1;",
    "&#0;",
    "\u202e",
    "\ud83d",
    "\x00",
    "日本",
    "# (1)!",
    "<![CDATA[x]]>",
    "<?pi?>",
    "\t",
)


def junk_html() -> st.SearchStrategy[str]:
    """Tags, attributes and text in any order, most of it malformed."""
    start = st.builds(
        lambda tag, attrs: f"<{' '.join([tag, *attrs])}>",
        st.sampled_from(TAGS),
        st.lists(st.sampled_from(ATTRIBUTES), max_size=2),
    )
    end = st.sampled_from(TAGS).map("</{}>".format)
    return st.lists(st.one_of(start, end, st.sampled_from(TEXTS)), max_size=14).map("".join)


BLOCKS = (
    "A paragraph with *emphasis*, `code` and a [link](b.md).",
    "# The title",
    "## A heading",
    "- one\n- two\n\n    nested",
    "1. one\n2. two[^1]",
    "> quoted\n> twice",
    '```py title="a.py"\nx = 1  # (1)!\n<!-- more -->\n```',
    "    indented <!-- more -->",
    '!!! note "Title"\n\n    inside',
    "??? tip\n\n    hidden",
    '=== "One"\n\n    first\n\n=== "Two"\n\n    second',
    "- [ ] open\n- [x] done",
    "| a | b |\n|---|--:|\n| 1 | 2 |",
    "Term\n:   Meaning",
    "$$\nx_1 < y\n$$",
    "```mermaid\ngraph LR\n```",
    "![alt](img/a.png){ width=300 }",
    "<div><p>raw <b>html</p></div>",
    '<iframe src="https://www.youtube.com/embed/x"></iframe>',
    "[^1]: A note.",
    "*[HTML]: Hypertext\n\nHTML[^1]",
    "---",
    "++ctrl+c++ :smile: :material-cat:",
)
