"""Nunjucks and Liquid of Eleventy's posts go in; Markdown that shows no trace of them comes out."""

import time
from collections.abc import Callable

import pytest

from feeds.config import load_settings
from feeds.errors import Finding
from feeds.generators import load_site
from feeds.model import Fields, Scalar, Site, Source
from feeds.posts import liquid_eleventy, nunjucks
from feeds.posts.scope import Scope

Expand = Callable[[str, Scope], str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("site")
    files = {
        ".eleventy.js": 'module.exports = { markdownTemplateEngine: "njk", pathPrefix: "/p/" };',
        "_data/metadata.json": '{"url": "https://example.org/", "title": "Hills & dales"}',
        "_data/broken.js": "module.exports = () => fetch('https://example.org/');",
        "_includes/note.md": "noted: {{ title }}",
        "_includes/loop.md": 'x{% include "loop.md" %}',
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return load_site(load_settings(root, environ={}), lambda finding: None)


def told(site: Site, text: str, expand: Expand = nunjucks.expand, **fields: str) -> tuple[str, list[str]]:
    """The text without templates, and the warnings with their lines."""
    findings: list[Finding] = []
    values = {"title": Scalar("A & <b>"), **{key: Scalar(value) for key, value in fields.items()}}
    source = Source("posts/2026-01-02-a.md", Fields("posts/2026-01-02-a.md", values), text, 5)
    pages = {"posts/b.md": "https://example.org/p/b/"}
    scope = Scope(site, source, "https://example.org/p/posts/a/", {}, pages, findings.append)
    return expand(text, scope), [
        f"{finding.at.line}: {finding.message}" for finding in findings if finding.at
    ]


BOTH = pytest.mark.parametrize("expand", [nunjucks.expand, liquid_eleventy.expand])


@BOTH
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain { text } and {x}", "plain { text } and {x}"),
        ("{{ '/x/' | url }} {{ page.url }}", "/p/x/ /posts/a/"),
        ("{{ page.fileSlug }} {{ page.filePathStem }}", "a /posts/a"),
        ("{{ 'Hello World' | slugify }}", "hello-world"),
        ("{{ 'posts/b.md' | inputPathToUrl }}", "https://example.org/p/b/"),
        ("{% raw %}{{ kept }}{% endraw %}", "{{ kept }}"),
        ("`{{ 'even in code' }}`", "`even in code`"),
        ('{% image "./a.png", "A hill" %}', '<img src="./a.png" alt="A hill">'),
        ('{% highlight "js" %}\nlet a;\n{% endhighlight %}', "\n```js\nlet a;\n```\n"),
        ('{% youtube "dQw4w9WgXcQ" %}', '<a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">Video</a>'),
        ("{% css %}p { color: red }{% endcss %}Text", "Text"),
        ("{% if title %}yes{% else %}no{% endif %}", "yes"),
    ],
)
def test_what_is_known_is_put_in(site: Site, expand: Expand, text: str, shown: str) -> None:
    assert told(site, text, expand) == (shown, [])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "{{ title }} {{ title | safe }} {{ metadata.title }}",
            "A &amp; &lt;b&gt; A & <b> Hills &amp; dales",
        ),
        ("{% set x = 'a' %}{{ x | upper }}{% set y %}b{% endset %}{{ y }}", "Ab"),
        ("a  {%- set x = 1 -%}  b{# gone #}", "ab"),
        ('{% include "note.md" %}', "noted: A &amp; &lt;b&gt;"),
        ("{% if not title %}a{% elif 1 == 1 %}b{% else %}c{% endif %}", "b"),
        (
            '{% figure src="b.jpg", alt="B", caption="C" %}',
            '<figure><img src="b.jpg" alt="B"><figcaption>C</figcaption></figure>',
        ),
        ("## A heading {#id}", "## A heading {#id}"),
        ("{{ never closed", "{{ never closed"),
        ("{% macro f() %}{{ x }}{% endmacro %}text", "text"),
    ],
)
def test_nunjucks_has_ways_of_its_own(site: Site, text: str, shown: str) -> None:
    assert told(site, text) == (shown, [])


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "{{ unknown }}",
        "{{ broken.x }}",
        "{{ title | ownFilter }}",
        '{% ownCode "x" %}',
        '{% include "../../secret" %}',
    ],
)
def test_the_rest_is_removed_and_told_with_its_line(site: Site, expand: Expand, text: str) -> None:
    shown, warnings = told(site, f"One\n\n{text}\nTwo", expand)
    assert "{" not in shown
    assert (shown.split()[0], shown.split()[-1]) == ("One", "Two")
    assert [warning.split(":")[0] for warning in warnings] == ["7"]


@BOTH
def test_a_shortcode_around_text_leaves_the_text(site: Site, expand: Expand) -> None:
    shown, warnings = told(site, "{% mine %}The *text*.{% endmine %}", expand)
    assert (shown, len(warnings)) == ("The *text*.", 1)


@BOTH
def test_files_that_include_themselves_end(site: Site, expand: Expand) -> None:
    shown, warnings = told(site, '{% include "loop.md" %}', expand)
    assert set(shown) == {"x"}
    assert warnings


def test_a_loop_is_removed_with_what_it_repeats(site: Site) -> None:
    shown, warnings = told(site, "a{% for p in collections.posts %}{{ p.url }}{% endfor %}b")
    assert (shown, len(warnings)) == ("ab", 1)


def test_a_post_may_do_without_templates(site: Site) -> None:
    assert told(site, "{{ kept }}", templateEngineOverride="md") == ("{{ kept }}", [])


@pytest.mark.parametrize(
    "text",
    [
        "{{ " * 50_000,
        "{% " * 50_000,
        "{%- x -%}" * 10_000,
        "{% raw %}" * 50_000,
        "{% endx %}" * 50_000,
        "{% set a %}" * 20_000 + "{% endset %}" * 20_000,
        "{# " * 50_000,
        "{% image " + '"a", ' * 20_000 + "%}",
        "{% image " + " " * 50_000 + "{ %}",
        '{% image "' + '\\"' * 50_000 + " %}",
        '{{ "' + '\\"' * 50_000 + "}}",
        "{% highlight %}" * 5_000 + "{% endhighlight %}" * 5_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_texts_take_no_longer_than_others(site: Site, text: str) -> None:
    start = time.perf_counter()
    told(site, text)
    assert time.perf_counter() - start < 3
