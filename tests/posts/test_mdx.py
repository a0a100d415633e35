"""MDX goes in; Markdown and HTML that any renderer understands come out."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.config import load_settings
from feeds.errors import Finding
from feeds.generators import load_site
from feeds.generators.docusaurus.generator import DOCUSAURUS
from feeds.model import Fields, Scalar, Site, Source, Value
from feeds.posts.mdx import expand
from feeds.posts.scope import Scope


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "blog").mkdir()
    overrides = {"site.url": "https://blog.example/", "generator.name": DOCUSAURUS.name}
    return load_site(load_settings(tmp_path, overrides=overrides, environ={}), lambda finding: None)


def told(
    site: Site, text: str, path: str = "blog/a.mdx", values: Mapping[str, Value] | None = None
) -> tuple[str, list[str]]:
    """The text without MDX, and the warnings."""
    found: list[Finding] = []
    source = Source(path, Fields(path, values or {}), text, 5)
    scope = Scope(site, source, "https://blog.example/blog/a", {}, {}, found.append)
    return expand(text, scope), [f"{finding.at}: {finding.message}" for finding in found]


def plain(site: Site, text: str) -> str:
    """The text without MDX, blank lines squeezed; nothing is warned of."""
    expanded, warnings = told(site, text)
    assert not warnings
    return squeezed(expanded)


def squeezed(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip())


@pytest.mark.parametrize(
    "text",
    [
        "Plain *words*, a < b and 3 > 2, <https://blog.example> and <me@blog.example>.\n",
        "`{code}` and ``<Tag />`` stay\n",
        "```js title=\"a.js\" {1,3}\nimport a from 'b'\n<Tag>{x}</Tag>\n```\n",
        "- item\n\n  ~~~\n  {x}\n  ~~~\n",
        "> ```\n> {x}\n> ```\n",
        "\\{not an expression\\} \\<nor a tag>\n",
        "### A heading {#its-id}\n",
        ':::tip[A title]\n\ntext\n\n:::\n\n:::note{title="x"}\ny\n:::\n',
        "<!-- a {comment} -->\n",
        "Words that import nothing\nimport is a word here\n",
    ],
)
def test_what_is_no_mdx_stays_as_it_is(site: Site, text: str) -> None:
    assert told(site, text) == (text, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\n{/* truncate */}\n\nb\n", "a\n<!-- truncate -->\nb"),
        ("{ /* a -- b */ }x\n", "<span></span><!-- a - - b -->x"),
        ("{'lit'} {\"two\"} {`three`} {5}\n", "lit two three 5"),
        ("{'a' + ' b'}\n", "a b"),
        ("{'*'}\n", "&#42;"),
        ("export const version = '1.2'\n\nAt {version}.\n", "At 1.2."),
        ("import A from 'a'\nimport {\n  b,\n} from 'b'\n\nText\n", "Text"),
        ("export const f = () => {\n\n  return <p/>\n}\n\nText\n", "Text"),
    ],
)
def test_expressions_and_module_code(site: Site, text: str, expected: str) -> None:
    assert plain(site, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<div className='x' style={{a: 1}} onClick={f}>\n  **b**\n</div>\n",
            '<div class="x">\n  **b**\n</div>',
        ),
        (
            "<br/> a <img src={require('./a.png').default} alt=\"A\" />\n",
            '<br> a <img src="./a.png" alt="A">',
        ),
        ("<img src={useBaseUrl('/img/a.png')} />\n", '<img src="/img/a.png">'),
        ("import pic from './a.png'\n\n<Image src={pic} alt='A' />\n", '<img src="./a.png" alt="A">'),
        (
            "<ThemedImage sources={{light: useBaseUrl('/l.png'), dark: '/d.png'}} />\n",
            '<img src="/l.png" alt="">',
        ),
        ("<>a</>\n", "a"),
        ("<i>a<b>b</i>\n", "<i>a<b>b</b></i>"),
        (
            "<Tabs>\n<TabItem value='js' label='JavaScript'>\n\n```js\n{x}\n```\n\n</TabItem>\n</Tabs>\n",
            "<p><strong>JavaScript</strong></p>\n```js\n{x}\n```",
        ),
        (
            "<Admonition type='tip' title='Mind'>\n\n*this*\n\n</Admonition>\n",
            '<div class="admonition tip">\n<p class="admonition-title">Mind</p>\n*this*\n</div>',
        ),
        ("<Link to='/x'>there</Link>\n", '<a href="/x">there</a>'),
        ("<Highlight color='#fff'>lit</Highlight>\n", "lit"),
        ("<YouTube id='abc' />\n", '<a href="https://www.youtube.com/watch?v=abc">Video</a>'),
        (
            "<ReactPlayer url='https://v.example/1' title='T' />\n",
            '<a href="https://v.example/1">Video: T</a>',
        ),
        ("<head>\n<title>x</title>\n</head>\n\nText\n", "Text"),
        ("<style>{`a { b: c }`}</style>\n\nText\n", "Text"),
    ],
)
def test_known_components_become_html(site: Site, text: str, expected: str) -> None:
    assert plain(site, text) == expected


def test_unknown_components_and_expressions_are_left_out_with_a_warning(site: Site) -> None:
    text = "Text\n\n<Chart data={[1, 2]} />\n\n<Box>\n**kept**\n</Box>\n\n{props.total} <Chart />\n"
    expanded, warnings = told(site, text)
    assert squeezed(expanded) == "Text\n**kept**\n "[:-2]
    assert warnings == [
        "blog/a.mdx:7: the component Chart is left out",
        "blog/a.mdx:9: the component Box is left out, what it encloses is kept",
        "blog/a.mdx:13: the expression {props.total} is left out",
    ]


def test_code_that_other_programs_must_not_see_as_mdx_is_mdx(site: Site) -> None:
    assert plain(site, "```mdx-code-block\n<Link to='/x'>a</Link>\n```\n") == '<a href="/x">a</a>'


def test_the_title_in_the_text_is_not_part_of_it(site: Site) -> None:
    assert told(site, "# A title\n\nText\n") == ("\n\nText\n", [])
    assert told(site, "import a from 'b'\n\nA title\n=====\nText\n")[0].strip() == "Text"
    assert told(site, "Text\n\n# Later\n")[0] == "Text\n\n# Later\n"


@pytest.mark.parametrize(
    ("format", "path", "own", "is_mdx"),
    [
        ("mdx", "blog/a.md", "", True),
        ("detect", "blog/a.md", "", False),
        ("detect", "blog/a.mdx", "", True),
        ("md", "blog/a.mdx", "", False),
        ("mdx", "blog/a.md", "md", False),
        ("md", "blog/a.md", "mdx", True),
    ],
)
def test_which_files_are_mdx(site: Site, format: str, path: str, own: str, is_mdx: bool) -> None:
    site = replace(site, variables={"format": format})
    values: dict[str, Value] = {"mdx": {"format": Scalar(own)}} if own else {}
    assert told(site, "{'a'}\n", path, values)[0] == ("a\n" if is_mdx else "{'a'}\n")


def test_formulas_keep_their_braces_where_the_site_has_them(site: Site) -> None:
    from feeds.model import MarkdownExtension

    with_math = replace(site, markdown=(*site.markdown, MarkdownExtension("math")))
    text = "$\\frac{a}{b}$ and\n\n$$\n{x}\n$$\n"
    assert told(with_math, text) == (text, [])


HOSTILE = {
    "braces": "{" * 100_000,
    "tags": "<a " * 50_000,
    "attributes": "<A " + "b='" * 50_000,
    "open elements": "<A>" * 20_000,
    "closing": "</A>" * 50_000,
    "backticks": "` `` ``` " * 10_000,
    "comments": "{/* " * 10_000,
    "templates": "{`${" * 20_000,
    "modules": "import {\n\n" * 3_000,
    "dollars": "$" * 50_000,
    "escapes": "\\" * 100_001,
    "fences": "```\n" * 30_001,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_posts_are_read_in_little_time(site: Site, name: str) -> None:
    started = time.process_time()
    told(site, HOSTILE[name])
    assert time.process_time() - started < 5
