"""Hugo's shortcodes: before → after."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import Finding
from feeds.model import Fields, Scalar, Site, Source, Value
from feeds.posts.scope import Scope
from feeds.posts.shortcodes import expand

PAGES = {
    "posts/a.md": "https://example.org/posts/a/",
    "posts/b/index.md": "https://example.org/posts/b/",
    "posts/c.fr.md": "https://example.org/fr/posts/c/",
    "docs/_index.md": "https://example.org/docs/",
    "docs/guide.md": "https://example.org/manual/",
}


def scope_of(
    findings: list[Finding], fields: Mapping[str, Value] | None = None, path: str = "posts/a.md"
) -> Scope:
    site = Site(
        root=Path(),
        docs=Path("content"),
        docs_name="content/",
        output=Path("public"),
        generator="hugo",
        title="Blog",
        url="https://example.org/",
        description="",
        language="en",
        timezone="UTC",
        author="",
        copyright="",
        blogs=(),
        markdown=(),
        category_slug=str,
        category_page=str,
        excluded=lambda path: False,
        templating="hugo",
        variables={"params": {"phone": Scalar("555"), "deep": {"er": Scalar("value")}}, "roots": ("",)},
    )
    source = Source(path, Fields(f"content/{path}", dict(fields or {})), "", 5)
    return Scope(site, source, "https://example.org/posts/a/", {}, PAGES, findings.append)


def expanded(text: str, findings: list[Finding] | None = None, **fields: Value) -> str:
    return expand(text, scope_of(findings if findings is not None else [], fields))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{{< figure src="a.png" alt="A tree" >}}', "![A tree](<a.png>)"),
        ("{{% figure src=a.png %}}", "![](<a.png>)"),
        (
            '{{< figure src="a b.png" title="Oak" caption="An *old* one" link="/trees/" attr="Bo" attrlink="/bo/" >}}',
            "[![An old one](<a%20b.png>)](</trees/>)\\\n**Oak**\\\nAn *old* one [Bo](</bo/>)",
        ),
        ("{{< youtube 0RKpf3rK57I >}}", "[YouTube video](<https://www.youtube.com/watch?v=0RKpf3rK57I>)"),
        ('{{< youtube id=abc title="A talk" >}}', "[A talk](<https://www.youtube.com/watch?v=abc>)"),
        ("{{< vimeo 19899678 >}}", "[Vimeo video](<https://vimeo.com/19899678>)"),
        ('{{< x user="ada" id="12" >}}', "[@ada on X](<https://x.com/ada/status/12>)"),
        ("{{< tweet 12 >}}", "[A post on X](<https://x.com/i/status/12>)"),
        ("{{< instagram CxOWiQNP2MO >}}", "[A post on Instagram](<https://www.instagram.com/p/CxOWiQNP2MO>)"),
        ("{{< gist ada 12 >}}", "[Gist 12 by ada](<https://gist.github.com/ada/12>)"),
        ('{{< qr text="https://gohugo.io" />}}', "<https://gohugo.io>"),
        ("{{< qr >}}\n*plain*\n{{< /qr >}}", "\\*plain\\*"),
        ("Call {{< param phone >}}, {{% param deep.er %}}.", "Call 555, value."),
        ("{{< comment >}}never seen{{< /comment >}}", ""),
        ("{{< highlight go >}}\nx := `1`\n{{< /highlight >}}", "```go\nx := `1`\n```\n"),
        ("{{< highlight md >}}\n```\n{{< /highlight >}}", "````md\n```\n````\n"),
        ('{{< details summary="More" >}}\nText.\n{{< /details >}}', "**More**\n\nText.\n"),
    ],
)
def test_hugo_s_own_shortcodes_become_plain_markdown(before: str, after: str) -> None:
    assert expanded(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[a]({{< ref "a.md" >}})', "[a](https://example.org/posts/a/)"),
        ("[b]({{% relref b %}})", "[b](https://example.org/posts/b/)"),
        ('{{< ref "/docs/guide.md#how" >}}', "https://example.org/manual/#how"),
        ('{{< ref path="/docs" >}}', "https://example.org/docs/"),
        ('{{< ref "guide" >}}', "https://example.org/manual/"),
        ('{{< ref "/Posts/B" >}}', "https://example.org/posts/b/"),
        ('{{< ref "/" >}}', "https://example.org/"),
        ('{{< ref "#top" >}}', "https://example.org/posts/a/#top"),
        ('{{< ref path="/posts/c.md" lang="fr" >}}', "https://example.org/fr/posts/c/"),
    ],
)
def test_references_become_addresses(before: str, after: str) -> None:
    assert expanded(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{{< figure src="a.png" title="A & B" >}}',
            '<img src="a.png" alt=""><br>\n<strong>A &amp; B</strong>',
        ),
        ("{{< youtube abc >}}", '<a href="https://www.youtube.com/watch?v=abc">YouTube video</a>'),
        ('{{< figure src="a.png" link="/b/" >}}', '<a href="/b/"><img src="a.png" alt=""></a>'),
        ("{{< highlight go >}}\na < b\n{{< /highlight >}}", "<pre><code>a &lt; b</code></pre>"),
        ('<a href="{{< ref b >}}">', '<a href="https://example.org/posts/b/">'),
    ],
)
def test_in_a_post_of_html_they_become_html(before: str, after: str) -> None:
    assert expand(before, scope_of([], path="posts/page.html")) == after


def test_a_reference_that_leads_nowhere_is_pointed_out() -> None:
    findings: list[Finding] = []
    assert expanded('One.\n[x]({{< ref "gone.md" >}})', findings) == "One.\n[x]()"
    assert [str(finding.at) for finding in findings] == ["content/posts/a.md:6"]
    assert "gone.md" in findings[0].message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{< tabs >}}One {{< tab name=x >}}two{{< /tab >}} three{{< /tabs >}}", "One two three"),
        ("{{% alert color=info %}}\nMind **this**.\n{{% /alert %}}", "\nMind **this**.\n"),
        ('{{< box\n  title="a > b"\n  text=`raw "text"` >}}x{{< / box >}}', "x"),
        ('{{< a "quoted \\"text\\"" >}}in{{</a>}}', "in"),
    ],
)
def test_of_unknown_ones_what_they_enclose_stays(before: str, after: str) -> None:
    assert expanded(before) == after


@pytest.mark.parametrize(
    "text", ["{{< chart data=x >}}", "{{% chart %}}", "{{< chart />}}", "{{< ns/chart 1.5 >}}"]
)
def test_those_that_enclose_nothing_are_left_out_and_pointed_out_once(text: str) -> None:
    findings: list[Finding] = []
    assert expanded(f"One {text} two.\n\n{text}", findings) == "One  two.\n\n"
    assert [(finding.rule, str(finding.at)) for finding in findings] == [
        ("shortcode", "content/posts/a.md:5")
    ]


def test_templates_inside_a_post_are_never_shown() -> None:
    assert expanded("{{< time.inline >}}{{ now }}{{< /time.inline >}}") == ""


def test_a_shortcode_that_is_commented_out_is_shown_as_an_example() -> None:
    assert (
        expanded("Write `{{</* figure src=a */>}}` or {{%/* x */%}}.")
        == "Write `{{< figure src=a >}}` or {{% x %}}."
    )


def test_a_parameter_of_the_post_counts_before_the_site_s() -> None:
    assert expanded("{{< param phone >}}", phone=Scalar("911")) == "911"


def test_code_is_no_shelter_as_with_hugo() -> None:
    assert expanded("```\n{{< param phone >}}\n```") == "```\n555\n```"


def test_the_excerpt_s_mark_stands_alone_as_with_hugo() -> None:
    assert expanded("One <!--more--> two.") == "One \n\n<!--more-->\n\n two."
    assert expanded("One.\n\n<!--more-->\n\nTwo.") == "One.\n\n<!--more-->\n\nTwo."


@pytest.mark.parametrize("text", ["{{< open", "{{< >}}", '{{< a "b >}}', "{{</* never", "{{< /closed >}}"])
def test_what_hugo_refuses_is_pointed_out(text: str) -> None:
    findings: list[Finding] = []
    expanded(text, findings)
    assert not findings or findings[0].rule == "shortcode"


@given(st.text(st.sampled_from('{}<%>/* \n"`=ab\\.')))
def test_no_text_is_too_odd(text: str) -> None:
    expanded(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{< " * 30_000,
        "{{< a >}}" * 30_000,
        "{{< a >}}" * 10_000 + "{{< /a >}}" * 10_000,
        "{{</* " * 30_000,
        '{{< a "' * 20_000 + ">}}",
        "{{< a `" * 20_001 + ">}}",
        "{{< a " + "x=" * 50_000,
        "{{< /a >}}" * 30_000,
    ],
)
def test_the_time_it_takes_grows_with_the_text_and_no_faster(text: str) -> None:
    start = time.perf_counter()
    expanded(text)
    assert time.perf_counter() - start < 5
