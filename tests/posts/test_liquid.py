"""Liquid in posts: what readers see in its place, and what is told of."""

import datetime as dt
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.config import load_settings
from feeds.errors import Finding
from feeds.generators import load_site
from feeds.posts.collect import Policy, load_posts, page_addresses
from feeds.posts.expand import expand
from feeds.posts.liquid import expand_liquid
from feeds.posts.liquid_dialect import Call, Dialect
from feeds.posts.liquid_engine import render
from feeds.posts.liquid_filters import as_date, strftime, strip_html
from feeds.posts.scope import Scope

URL = "https://example.org/blog/"
POST = "_posts/2026-11-22-a.md"
CONFIG = "url: https://example.org\nbaseurl: /blog\ntitle: Notes\nmotto: onward\n"


def scope_of(
    root: Path, matter: str = "", files: Mapping[str, str] | None = None
) -> tuple[Scope, list[Finding]]:
    """The scope of a post of a small Jekyll site, and what it is told."""
    given = {"_config.yml": CONFIG, POST: f"---\n{matter}\n---\nText.\n", **(files or {})}
    for name, text in given.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    findings: list[Finding] = []
    site = load_site(load_settings(root), findings.append)
    policy = Policy(now=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    collection = load_posts(site, policy, lambda source: None, findings.append)
    posts = {post.source.path: post for post in collection.published}
    post = posts[POST]
    return Scope(
        site, post.source, post.url, posts, page_addresses(site, collection), findings.append
    ), findings


def shown(root: Path, text: str, matter: str = "", files: Mapping[str, str] | None = None) -> str:
    """What becomes of a text, of which nothing is told."""
    scope, findings = scope_of(root, matter, files)
    found = expand(text, scope)
    assert findings == []
    return found


def told(root: Path, text: str, files: Mapping[str, str] | None = None) -> tuple[str, list[str]]:
    """What becomes of a text, and what is told of it."""
    scope, findings = scope_of(root, files=files)
    found = expand(text, scope)
    first = scope.source.body_line
    return found, [
        f"{(finding.at.line or 0) - first + 1}: {finding.message}" for finding in findings if finding.at
    ]


def plain(text: str, **variables: object) -> str:
    """A text with Liquid of no generator."""
    return render(text, Dialect(variables), lambda message, line: None)


# --- Liquid ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no Liquid { } {% } %", "no Liquid { } {% } %"),
        ("{{ n }} and {{ n | plus: 1 }}", "2 and 3"),
        ("{% if n > 1 %}many{% else %}few{% endif %}", "many"),
        ("{% unless n %}none{% endunless %}", ""),
        (
            "{% for x in list %}{{ forloop.index }}{{ x }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
            "1a, 2b",
        ),
        ("{% case n %}{% when 1 %}one{% when 2 %}two{% endcase %}", "two"),
        ("{% assign y = list | join: '+' %}{% capture z %}[{{ y }}]{% endcapture %}{{ z }}", "[a+b]"),
        ("a {%- comment -%} {{ n }} {% comment %}{% endcomment %} {%- endcomment -%} b", "ab"),
        ("{% raw %}{{ n }} {% if %}{% endraw %}", "{{ n }} {% if %}"),
        ("{% # a remark %}x", "x"),
        ("{{ 'a' | upcase | append: 'b' | replace: 'b', 'c' }}", "Ac"),
        ("{{ missing | default: 'none' }}", "none"),
        ("{{ list | first }}{{ list.last }}{{ list | size }}{{ list.size }}", "ab22"),
        ("{{ day | date: '%-d %b %Y, %H:%M' }}", "5 Jan 2026, 09:30"),
        ("{{ '2026-01-05' | date: '%A' }}", "Monday"),
        ("{{ '<b>x</b> & y' | strip_html | escape }}", "x &amp; y"),
        ("```\n{{ n }}\n```", "```\n2\n```"),
    ],
)
def test_what_is_known_is_shown(text: str, found: str) -> None:
    day = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
    assert plain(text, n=2, list=["a", "b"], day=day) == found


@pytest.mark.parametrize(
    ("text", "found", "message"),
    [
        ("a\n{% gallery x %} b", "a\n b", "2: the tag {% gallery %} is not known here; it is left out"),
        ("{% box %}in it{% endbox %}", "in it", "1: the tag {% box %} is not known here; it is left out"),
        ("\n\n{{ site.github.url }}", "\n\n", "3: {{ site.github.url }} is not known here; it is left out"),
        ("{{ 'a' | sparkle }}", "a", "1: the filter 'sparkle' is not known here; it is left out"),
        ("x {{ open", "x {{ open", "1: this is never closed; it stays as it is"),
        ("{{ 'a' 'b' }}!", "!", "1: expected end of expression, found string; it is left out"),
        ("{{ " + "x" * 3000 + " }}!", "!", "1: this tag is too long; it is left out"),
    ],
)
def test_what_is_not_known_is_left_out_and_told_of(
    tmp_path: Path, text: str, found: str, message: str
) -> None:
    assert told(tmp_path, text) == (found, [message])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<div>{{ '*a* b' | markdownify }}</div>", "<div><p><em>a</em> b</p>\n</div>"),
        ("{{ missing | markdownify }}", ""),
        (
            "{% capture x %}# A\n\n- b{% endcapture %}{{ x | markdownify | strip_newlines }}",
            "<h1>A</h1><ul><li>b</li></ul>",
        ),
    ],
)
def test_markdown_is_made_html_where_the_template_asks_for_it(tmp_path: Path, text: str, found: str) -> None:
    assert shown(tmp_path, text) == found


def test_much_markdown_made_html_in_a_loop_comes_to_an_end(tmp_path: Path) -> None:
    text = (
        "{% capture x %}"
        + "a " * 2000
        + "{% endcapture %}{% for i in (1..99) %}{{ x | markdownify }}{% endfor %}"
    )
    started = time.monotonic()
    assert "markdownify: there is too much of it" in told(tmp_path, text)[1][0]
    assert time.monotonic() - started < 10


def test_nothing_reads_the_clock() -> None:
    assert plain("{{ 'now' | date: '%Y' }}{{ now }}{{ today }}{{ site.time }}") == ""


def test_tags_of_a_dialect_see_the_values_and_can_render() -> None:
    def shout(call: Call) -> str:
        return f"{call.value(call.markup)}! {call.body.upper()} {call.render('{{ n }}{{ m }}', {'m': 3})}"

    dialect = Dialect({"n": 2}, blocks={"shout": shout})
    text = "{% shout n %}a{{ n }}{% endshout %}"
    assert render(text, dialect, lambda message, line: None) == "2! A2 23"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "{{ " * 30_000,
        "{% raw %}" * 30_000,
        "{% comment %}" * 30_000,
        "{% if x %}" * 20_000,
        "{% x " * 30_000,
        "{{ a }}" * 10_000,
        "{% for a in (1..1000) %}" * 30 + "x",
        "{% for a in (1..9999999999) %}x{% endfor %}",
        "{{ (1..9999999999) | join }}",
        "{% for a in (1..19999) %}{% endfor %}" * 1_000,
        "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 60,
        "{% assign a = 9 %}" + "{% assign a = a | times: a %}" * 60,
        "{% assign a = 'xxxxxxxxxx' | replace: 'x', 'xxxxxxxxxx' %}"
        + "{% assign a = a | replace: 'x', a %}" * 9,
        "{{ a" + "[a" * 900 + " }}",
        "{{ " + "(" * 1_900 + " }}",
        "{{ '" + "<" * 1_900 + "' | strip_html }}",
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    start = time.process_time()
    assert len(plain(text)) <= 4_000_000
    assert time.process_time() - start < 10


@settings(max_examples=50, deadline=None)
@given(
    st.text("{}%-| 'ax.,:[]()=\n", max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "{% if x %}",
                "{% endif %}",
                "{% for a in x %}",
                "{% endfor %}",
                "{{ a }}",
                "{% raw %}",
                "{% endraw %}",
                "{%-",
                "-%}",
                "{% else %}",
                "{% case x %}",
                "{% when 1 %}",
                "{% endcase %}",
                "{% comment %}",
                "{% highlight %}",
                "text",
                "{% break %}",
                "{{ x | split: x }}",
                "{% capture y %}",
                "{% endcapture %}",
                "{% tablerow a in x %}",
                "{% cycle %}",
                "{% liquid x %}",
            ]
        ),
        max_size=9,
    ).map("".join)
)
def test_any_text_is_expanded(text: str) -> None:
    assert isinstance(plain(text, x=["a"]), str)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("%Y-%m-%dT%H:%M:%S%:z", "2026-01-05T09:03:07+05:30"),
        ("%-d.%-m.%y %k:%M %l%P %I %p", "5.1.26  9:03  9am 09 AM"),
        ("%A %^a %B %b %e %j %u %w", "Monday MON January Jan  5 005 1 1"),
        ("%F %T %D %R %z %s %%", "2026-01-05 09:03:07 01/05/26 09:03 +0530 1767583987 %"),
        ("%G-W%V %C %q", "2026-W02 20 %q"),
    ],
)
def test_dates_are_written_as_ruby_writes_them(pattern: str, text: str) -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert strftime(dt.datetime(2026, 1, 5, 9, 3, 7, tzinfo=zone), pattern) == text


def test_what_is_a_date() -> None:
    assert as_date("2026-01-05 09:30:00 +0200") == dt.datetime(2026, 1, 5, 7, 30, tzinfo=dt.UTC)
    assert as_date(dt.date(2026, 1, 5)) == dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    assert [as_date(value) for value in ("now", "2026-13-01", 5, None)] == [None] * 4


def test_html_is_stripped_with_what_is_not_read() -> None:
    assert strip_html("<p>a<!-- b -->c<script>d</script><style>e</style> <b>f</b> < g") == "ac f < g"


# --- Jekyll's ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ site.title }} {{ site.motto }}", "Notes onward"),
        ("{{ site.url }}{{ site.baseurl }}{{ page.url }}", f"{URL}2026/11/22/a.html"),
        ("{{ page.title }}, {{ page.n | plus: 1 }}, {{ page.tags | join: '/' }}", "A title, 3, x/y"),
        ("{{ page.date | date_to_string }}", "22 Nov 2026"),
        ("{{ page.date | date_to_xmlschema }}", "2026-11-22T00:00:00+00:00"),
        ("{{ page.date | date_to_long_string: 'ordinal', 'US' }}", "November 22nd, 2026"),
        ("{{ '/a b.png' | relative_url }}", "/blog/a%20b.png"),
        ("{{ 'a.png' | absolute_url }}", f"{URL}a.png"),
        ("{{ 'https://other.example/' | absolute_url }}", "https://other.example/"),
        (
            "{{ 'A b!' | slugify }} {{ 'a,b' | cgi_escape }} {{ page.tags | array_to_sentence_string }}",
            "a-b a%2Cb x and y",
        ),
        ("{{ site.data.people.first.name }} {{ site.data.deep.more.x }}", "Ann 1"),
        ("{% assign p = site.data.people | where: 'id', 'b' | first %}{{ p.name }}", "Bob"),
        ("{% for p in site.posts limit: 1 %}{{ p.title }}{% endfor %}", "A title"),
        ("{{ page.tags | jsonify }}", '["x", "y"]'),
        ("{% seo %}{% feed_meta %}", ""),
        ("{% gist ann/123 %}", "[https://gist.github.com/ann/123](https://gist.github.com/ann/123)"),
    ],
)
def test_jekyll_names_the_site_the_page_and_the_data(tmp_path: Path, text: str, found: str) -> None:
    files = {
        "_data/people.yml": "- {id: a, name: Ann}\n- {id: b, name: Bob}\n",
        "_data/deep/more.json": '{"x": 1}',
    }
    assert shown(tmp_path, text, "title: A title\nn: 2\ntags: x y", files) == found


def test_links_to_posts_and_files(tmp_path: Path) -> None:
    files = {
        "news/_posts/2026-01-02-b-c.md": "",
        "_posts/deep/2026-01-03-d.md": "",
        "about.md": "---\n---\n",
        "x.pdf": "",
    }
    text = (
        "{% post_url news/2026-01-02-b-c %} {% post_url deep/2026-01-03-d %} {% link about.md %} "
        "{% link _posts/2026-11-22-a.md %} {% link /x.pdf %}"
    )
    assert shown(tmp_path, text, files=files).replace(URL, "/") == (
        "/news/2026/01/02/b-c.html /2026/01/03/d.html /about.html /2026/11/22/a.html /x.pdf"
    )
    assert told(tmp_path, "[x]({% post_url 2020-01-01-nope %})") == (
        "[x]()",
        ["1: there is no post '2020-01-01-nope'; the link is left out"],
    )


def test_includes_have_parameters_and_see_the_page(tmp_path: Path) -> None:
    files = {
        "_includes/note.html": "<i>{{ include.text | upcase }} {{ page.title }} {{ include.n }}</i>{% include sub/x.html %}",
        "_includes/sub/x.html": "!",
        "_posts/part.txt": "part",
    }
    text = "{% include note.html text='it \\'is\\'' n=page.n %} {% include {{ page.file }} %} {% include_relative part.txt %}"
    found = shown(tmp_path, text, "title: T\nn: 4\nfile: sub/x.html", files)
    assert found == "<i>IT 'IS' T 4</i>! ! part"


@pytest.mark.parametrize("name", ["../_config.yml", "/etc/passwd", "nope.html", "a/../../x", "link.html"])
def test_includes_stay_among_the_includes(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", "utf-8")
    root = tmp_path / "site"
    (root / "_includes").mkdir(parents=True)
    (root / "_includes/link.html").symlink_to(secret)
    found, messages = told(root, f"{{% include {name} %}}")
    assert found == ""
    assert len(messages) == 1


def test_includes_that_include_themselves_end(tmp_path: Path) -> None:
    found, messages = told(
        tmp_path, "a\n{% include loop.html %}", {"_includes/loop.html": "x{% include loop.html %}"}
    )
    assert found.startswith("a\nx")
    assert messages
    assert all(message.startswith("2: ") for message in messages)


def test_code_stands_on_one_line_whatever_it_holds(tmp_path: Path) -> None:
    found = shown(tmp_path, '* {% highlight c++ linenos %}\na *b* <c>\n\n{{ "d" }}\n{% endhighlight %}')
    assert found == ('* <pre><code class="language-c--">a &#42;b&#42; &#60;c&#62;&#10;&#10;d</code></pre>')


def test_a_post_may_do_without_liquid(tmp_path: Path) -> None:
    assert shown(tmp_path, "{{ page.title }}", "render_with_liquid: false") == "{{ page.title }}"


def test_data_that_cannot_be_read_is_told_of_once(tmp_path: Path) -> None:
    scope, findings = scope_of(tmp_path, files={"_data/bad.yml": "a: [", "_data/t.csv": "a,b\n1,2\n"})
    assert expand("{{ site.data.bad.a }}{{ site.data.bad.b }}{{ site.data.t[0].b }}", scope) == "2"
    assert sum("bad.yml" in str(finding) for finding in findings) == 1


def test_other_generators_have_liquid_alone(tmp_path: Path) -> None:
    scope, _ = scope_of(tmp_path)
    assert expand_liquid("{{ x }}", Dialect({"x": 1}), scope) == "1"
