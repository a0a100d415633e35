"""Zola's shortcodes and components: what an author writes, and what subscribers see."""

import time
from pathlib import Path

import pytest
from projects import write_files

from feeds.config import load_settings
from feeds.errors import Finding
from feeds.generators import load_site
from feeds.model import Fields, Scalar, Source
from feeds.posts.scope import Scope
from feeds.posts.tera import expand


def expanded(root: Path, text: str, *, new: bool = False, findings: list[Finding] | None = None) -> str:
    """The text as a page of a site; a `new` one is written for Zola 0.23 and later."""
    files = {
        "zola.toml": 'base_url = "https://blog.example/"\ntitle = "Notes"\n',
        "content/a.png": "",
        "static/s.png": "",
    }
    if new:
        files["templates/components/note.html"] = ""
    write_files(root, files)
    site = load_site(load_settings(root, environ={}), lambda finding: None)
    source = Source("blog/a.md", Fields("content/blog/a.md", {"title": Scalar("Tides")}), text, 5)
    told = [] if findings is None else findings
    return expand(text, Scope(site, source, "https://blog.example/blog/a/", {}, {}, told.append))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{{ youtube(id="abc") }}', '<iframe src="https://www.youtube.com/embed/abc"></iframe>'),
        (
            "{{ youtube(id='abc', autoplay=true) }}",
            '<iframe src="https://www.youtube.com/embed/abc"></iframe>',
        ),
        ('{{vimeo(id="7" class="wide")}}', '<iframe src="https://player.vimeo.com/video/7"></iframe>'),
        ('{{ image(src="b.png", alt="A <b>") }}', '<img src="b.png" alt="A &lt;b&gt;">'),
        (
            '{{ figure(src="b.png", caption="Low tide") }}',
            '<figure><img src="b.png" alt="Low tide"><figcaption>Low tide</figcaption></figure>',
        ),
        ('{{ resize_image(path="a.png", width=300, op="fit_width") }}', '<img src="@/a.png" alt="">'),
        ('{{ img(src="s.png") }}', '<img src="https://blog.example/s.png" alt="">'),
        ('{{ card(url="https://a.example", title="A") }}', '<a href="https://a.example">A</a>'),
        ("a {{ toc() }} b", "a  b"),
        ('{{ admonition(type="tip", text="*a*") }}', "> *a*"),
        ('a {{ spoiler(text="b") }} c', "a b c"),
        ('{{ dual_theme_image(light_src="l.png", dark_src="d.png") }}', '<img src="l.png" alt="">'),
        ("{% wide_container() %}\n| a |\n{% end %}", "| a |"),
        ('{% quote(author="Ada") %}\nOne\n\ntwo\n{% end %}\nthree', "> One\n> \n> two\n> \n> — Ada\n\nthree"),
        ('{% note(title="Mind") %}\n*it*\n{% end %}', "> **Mind**\n> \n> *it*\n"),
        (
            '{% details(summary="More") %}\n- a\n{% end %}',
            "<details><summary>More</summary>\n\n- a\n\n</details>\n",
        ),
        ("{% mermaid() %}\ngraph LR\n{% end %}", "```mermaid\ngraph LR\n```\n"),
        ("- a\n\n  {% quote() %}\n  b\n  {% end %}", "- a\n\n  > b\n  "),
        ("a {% note() %}b{% end %} c", "a b c"),
    ],
)
def test_known_shortcodes_become_markdown(text: str, shown: str, tmp_path: Path) -> None:
    findings: list[Finding] = []
    assert expanded(tmp_path, text, findings=findings) == shown
    assert not findings


@pytest.mark.parametrize(
    "text",
    [
        "plain text with {braces}",
        "`{{ #include <cmath> }}`",
        "${{ secrets.KEY }}",
        "{{ not_a_call }}",
        "{% if page.draft %}",
        "{{ bad(a=b=c) }}",
        "{# a remark #}",
        "{{ open( }",
    ],
)
def test_what_is_no_valid_call_stays_as_it_is(text: str, tmp_path: Path) -> None:
    assert expanded(tmp_path, text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{{/* youtube(id="abc") */}}', '{{ youtube(id="abc") }}'),
        (
            '{%/* quote(author="Ada") */%}\n{{ toc() }}\n{%/* end */%}',
            '{% quote(author="Ada") %}\n{{ toc() }}\n{% end %}',
        ),
    ],
)
def test_escaped_shortcodes_are_shown(text: str, shown: str, tmp_path: Path) -> None:
    assert expanded(tmp_path, text) == shown


def test_shortcodes_nest(tmp_path: Path) -> None:
    text = '{% quote() %}\n{% mermaid() %}\na\n{% end %}\n{{ image(src="b.png") }}\n{% end %}'
    assert expanded(tmp_path, text) == '> ```mermaid\n> a\n> ```\n> \n> <img src="b.png" alt="">\n'


@pytest.mark.parametrize(
    ("text", "shown", "message", "line"),
    [
        ('a\n\n{{ chart(data="x") }}b', "a\n\nb", "the shortcode 'chart' is left out", 7),
        ("{% fancy() %}\n*a*\n{% end %}", "*a*", "only the body of the shortcode 'fancy' is shown", 5),
        ("{% quote() %}\na", "> a\n", "'quote' is never closed", 5),
    ],
)
def test_what_cannot_be_shown_is_told(text: str, shown: str, message: str, line: int, tmp_path: Path) -> None:
    findings: list[Finding] = []
    assert expanded(tmp_path, text, findings=findings) == shown
    (finding,) = findings
    assert (finding.message, str(finding.at)) == (message, f"content/blog/a.md:{line}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            '{{< youtube id="abc" autoplay={true} />}}',
            '<iframe src="https://www.youtube.com/embed/abc"></iframe>',
        ),
        ('{% <quote author="Ada"> %}\nOne\n{% </quote> %}', "> One\n> \n> — Ada\n"),
        ('{{< zap.image src="b.png" lazy />}}', '<img src="b.png" alt="">'),
        ("{% raw %}{{ secrets.KEY }}{% endraw %}", "{{ secrets.KEY }}"),
        ("a{# a remark #}b", "ab"),
        ("{{ page.title }} in {{ config.title | upper }}", "Tides in Notes"),
        ('[b]({{ get_url(path="@/blog/b.md") }})', "[b](@/blog/b.md)"),
        ('![s]({{ get_url(path="s.png") }})', "![s](https://blog.example/s.png)"),
    ],
)
def test_since_components_a_post_is_a_template(text: str, shown: str, tmp_path: Path) -> None:
    findings: list[Finding] = []
    assert expanded(tmp_path, text, new=True, findings=findings) == shown
    assert not findings


@pytest.mark.parametrize("text", ["{{ now() | date }}", "{% set a = 1 %}", "{{ page.extra.what }}"])
def test_templates_that_are_not_run_are_left_out_and_told(text: str, tmp_path: Path) -> None:
    findings: list[Finding] = []
    assert expanded(tmp_path, f"a {text}b", new=True, findings=findings) == "a b"
    assert [finding.rule for finding in findings] == ["shortcode"]


@pytest.mark.parametrize(
    "text",
    [
        "{{" * 200_000,
        "{%" * 200_000,
        "{{ a(b=[" * 50_000,
        '{{ a(b="' * 50_000,
        "{% a() %}" * 20_000,
        "{% quote() %}\n" * 20_000 + "{% end %}\n" * 20_000,
        "{{ a(" + "b=1," * 100_000,
        "{{ a(" + "b=1 " * 100_000 + ") }",
        "{% </a> %}" * 20_000,
        "{{/*" * 100_000,
    ],
)
def test_hostile_posts_take_no_longer_than_others(text: str, tmp_path: Path) -> None:
    started = time.perf_counter()
    expanded(tmp_path, text)
    assert time.perf_counter() - started < 5
