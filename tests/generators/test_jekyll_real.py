"""Random sites, built by the real Jekyll and read by us: the same posts, dates, names and addresses."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from feeds.config import load_settings
from feeds.generators import load_site
from feeds.posts.collect import Policy, load_posts, page_addresses
from feeds.posts.entries import render_entry
from feeds.posts.links import Links
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("jekyll") is None, reason="jekyll is not installed"),
]

DUMP = """---
permalink: /dump.json
---
[{% for post in site.posts %}{"path": {{ post.path | jsonify }}, "url": {{ post.url | jsonify }},
"title": {{ post.title | append: "" | jsonify }}, "date": {{ post.date | date_to_xmlschema | jsonify }},
"categories": {{ post.categories | jsonify }}, "tags": {{ post.tags | jsonify }},
"excerpt": {{ post.excerpt | jsonify }}, "content": {{ post.content | jsonify }}
}{% unless forloop.last %},{% endunless %}{% endfor %}]
"""

WORDS = st.sampled_from(
    "Hello C++ C# & a/b -- _x_y_ Été Straße 日本語 Привет İstanbul 🏔️ é ﬁ v1.2 (2024) don't “quoted” 100% ... "
    "ΟΔΥΣΣΕΥΣ +1 ẞ ! ~x @y $z a=b ǅ x.md %20 [x] {y} ² Ⅷ ٣ ़".split()
)
TITLES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"]), min_size=1, max_size=25
    ),
)
SLUGS = st.one_of(
    st.text("abcXYZ019-_. éñ日'+,&(!ΣςİßǅⅧ²٣🏔[#%?=@~$;{", min_size=1, max_size=12).filter(
        lambda name: any(map(str.isalnum, name)) and not name.endswith(("~", "."))
    ),
    st.sampled_from(
        ["a--b", "Hello-World", "v1.2.3", "x.", "été", "日本語", "a_b", "1", "index", "-x-", "a b"]
    ),
)
NAMES = st.sampled_from(["News", "C++", "c#", "Été", "a b", "日本", "news", "x/y", "R&D", "50%", "_u_", "ΑΣ"])
DAYS = st.dates(dt.date(1999, 1, 1), dt.date(2035, 12, 31))
ZONES = [
    None,
    "UTC",
    "Europe/Berlin",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
]
PLACEHOLDERS = (
    "categories slugified_categories year month day title slug name path collection output_ext hour minute second "
    "i_day i_month short_month long_month short_year w_year week w_day short_day long_day y_day"
).split()


@st.composite
def templates(draw: st.DrawFn) -> str:
    """A permalink template of some placeholders."""
    parts = draw(st.lists(st.sampled_from(PLACEHOLDERS), min_size=1, max_size=5))
    text = "".join(f"{draw(st.sampled_from(['/', '-', '_', '/x.', '']))}:{part}" for part in parts)
    return draw(st.sampled_from(["/", ""])) + text + draw(st.sampled_from(["/", "", ".html", "/index.html"]))


STYLES = st.sampled_from(
    ["date", "pretty", "ordinal", "weekdate", "none", "/:title", ":title/", "/b/:categories/:title/"]
)
PERMALINKS = st.one_of(STYLES, templates())


@st.composite
def dates(draw: st.DrawFn) -> str:
    day = draw(DAYS)
    clock = draw(st.times()).replace(microsecond=0)
    zone = draw(st.sampled_from(["Z", "+05:30", " -0800", " +14:00", "", " UTC", " PST", " +2"]))
    return draw(
        st.sampled_from(
            [
                f"{day}",
                f"{day.year}-{day.month}-{day.day}",
                f"{day} {clock}",
                f"{day}T{clock}{zone}",
                f'"{day} {clock:%H:%M}{zone}"',
                f"{day} {clock:%H:%M}{zone}",
                f"{day:%B} {day.day}, {day.year}",
                f"{day:%Y/%m/%d} {clock:%H:%M}",
                f"{day.year}-{day.month:02}-31",
            ]
        )
    )


@st.composite
def name_lists(draw: st.DrawFn) -> str:
    """Categories or tags in one of the many ways in which they are written."""
    names = draw(st.lists(NAMES, max_size=3))
    return draw(
        st.sampled_from(
            [
                json.dumps(names, ensure_ascii=False),
                json.dumps(" ".join(names), ensure_ascii=False),
                "[1.10, yes, 2026-01-01, ~, 007]",
                "" if not names else json.dumps(names[0], ensure_ascii=False),
                "a, b",
                f"[[{draw(NAMES)!r}, b], c]".replace("'", '"'),
                "",
            ]
        )
    )


@st.composite
def front_matters(draw: st.DrawFn) -> str:
    lines: list[str] = []
    options = {
        "title": TITLES.map(lambda text: json.dumps(text, ensure_ascii=False))
        | st.sampled_from(["1.10", "007", "yes", "no", "", "2026-05-06", "1_000", "~", '"no"', "0x1F"]),
        "date": dates(),
        "slug": st.sampled_from(["x", "My Slug", "a/b", "été", "C++", "100%"]).map(json.dumps),
        "categories": name_lists(),
        "category": name_lists().filter(lambda text: "[[" not in text),
        "tags": name_lists(),
        "tag": name_lists(),
        "published": st.sampled_from(["true", "false", "", '"false"', "no", "0"]),
        "permalink": templates().map(json.dumps) | st.sampled_from(["/a b/é/", "date", '"/:title.xml"', ""]),
        "draft": st.just("true"),
    }
    chances = {"title": 3, "date": 2, "categories": 2, "tags": 2, "category": 5, "tag": 5}
    for key, values in options.items():
        if not draw(st.integers(0, chances.get(key, 7))):
            lines.append(f"{key}: {draw(values)}")
    return "---\n" + "".join(f"{line}\n" for line in lines) + "---\n"


FOLDERS = st.sampled_from(
    ["", "", "news/", "news/sub/", "My Cat/Sub/", "été/", "my_posts/", "_hidden/", "skip/"]
)
INNER = st.sampled_from(["", "", "", "2020/", "a b/", "_no/", "x/_yes/", ".dot/", "skip/"])


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """A post's path and text."""
    day = draw(DAYS)
    date = draw(
        st.sampled_from([f"{day}", f"{day}", f"{day.year}-{day.month}-{day.day}", f"{day.year % 100:02}-1-5"])
    )
    ending = draw(st.sampled_from([".md", ".md", ".markdown", ".mkd", ".txt.md", ".html"]))
    magic = draw(st.sampled_from(["_posts/", "_posts/", "_posts/", "_drafts/"]))
    path = draw(FOLDERS) + magic + draw(INNER) + f"{date}-{draw(SLUGS)}{ending}"
    matter = draw(st.one_of(front_matters(), front_matters(), front_matters(), st.just("")))
    return path, f"{matter}Some *text*.\n\nMore.\n"


@st.composite
def defaults(draw: st.DrawFn) -> dict[str, object]:
    """One entry of `defaults`."""
    scope: dict[str, object] = {
        "path": draw(st.sampled_from(["", "news", "_posts", "my", "**/2020", "_posts/2*", "/news"]))
    }
    if draw(st.booleans()):
        scope["type"] = draw(st.sampled_from(["posts", "post", "pages", "drafts"]))
    values = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "permalink": PERMALINKS,
                "categories": st.sampled_from(["one two", ["One", "b"]]),
                "category": NAMES,
                "tags": st.sampled_from(["one two", ["One", "b"]]),
                "title": TITLES,
                "published": st.booleans(),
            },
        )
    )
    return {"scope": scope, "values": values}


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, object]:
    optional = {
        "baseurl": st.sampled_from(["/sub", "", "/a b"]),
        "permalink": PERMALINKS,
        "future": st.booleans(),
        "unpublished": st.booleans(),
        "show_drafts": st.booleans(),
        "collections_dir": st.just("news"),
        "timezone": st.sampled_from(ZONES),
        "exclude": st.just(["skip", "news/_posts/*b*"]),
        "include": st.just(["_hidden"]),
        "defaults": st.lists(defaults(), max_size=3),
        "collections": PERMALINKS.map(lambda link: {"posts": {"permalink": link}}),
    }
    chosen = {key: draw(values) for key, values in optional.items() if draw(st.integers(0, 2)) == 0}
    return {"url": "https://example.org", **chosen}


POLICY = Policy(now=dt.datetime.now(dt.UTC))


@dataclass(frozen=True)
class Published:
    """What both sides must agree on."""

    url: str
    title: str
    date: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]


def names(values: list[object]) -> tuple[str, ...]:
    texts = (" ".join(written(value).split()) for value in values)
    return tuple(dict.fromkeys(text for text in texts if text))


def written(value: object) -> str:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def write_site(root: Path, config: dict[str, object], posts: dict[str, str]) -> None:
    (root / "_config.yml").write_text(json.dumps(config, ensure_ascii=False), "utf-8")
    for path, text in posts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def dumped(root: Path) -> list[dict[str, Any]]:
    """What the real Jekyll publishes."""
    (root / "dump.json").write_text(DUMP, "utf-8")
    run = subprocess.run(
        ["jekyll", "build", "--quiet", "--disable-disk-cache"],
        cwd=root,
        env={**os.environ, "TZ": "UTC", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assume(run.returncode == 0)  # what Jekyll itself cannot build tells nothing
    (root / "dump.json").unlink()
    found: list[dict[str, Any]] = json.loads((root / "_site/dump.json").read_text("utf-8"))
    return found


def by_jekyll(root: Path) -> dict[str, Published]:
    """What the real Jekyll publishes, by path."""
    return {
        post["path"]: Published(
            unquote(post["url"]),
            " ".join(post["title"].split()),
            post["date"].replace("Z", "+00:00"),
            names(post["categories"]),
            names(post["tags"]),
        )
        for post in dumped(root)
    }


def by_us(root: Path) -> dict[str, Published]:
    """What we publish, by path as Jekyll counts it."""
    site = load_site(load_settings(root), lambda finding: None)
    posts = load_posts(site, POLICY, lambda source: None, lambda finding: None).published
    config = json.loads((root / "_config.yml").read_text("utf-8"))
    collections = f"{config['collections_dir']}/" if "collections_dir" in config else "/"
    return {
        post.source.path.removeprefix(collections): Published(
            unquote(post.url.removeprefix(site.url.rstrip("/"))),
            post.title,
            post.published.isoformat(),
            post.categories,
            post.tags,
        )
        for post in posts
    }


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(configurations(), st.lists(files(), min_size=30, max_size=45).map(dict))
def test_random_sites_are_read_as_jekyll_reads_them(config: dict[str, object], posts: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_site(root, config, posts)
        assert by_us(root) == by_jekyll(root)


BLOCKS = st.sampled_from(
    [
        "A paragraph with *stress*, **weight**, `code` and a [link][one].",
        'Two lines\nof one paragraph -- with a dash and "quotes" ...',
        "# A heading",
        "Set\n===",
        "* one\n* two\n  more",
        "1. one\n\n   more of one\n2. two",
        "> quoted\n> twice",
        "    indented code\n\n    more",
        "```ruby\nputs 1\nputs 2\n```",
        "~~~\n{{ page.title }}\n~~~",
        "<div>\n<p>raw <b>HTML</b></p>\n</div>",
        "a | b\n--|--\n1 | 2",
        "![picture](/a.png) and <https://example.org/x>",
        "[one]: https://example.org/one\n[two]: https://example.org/two",
        "See [two] and [post]({% post_url 2020-01-01-known %}).",
        "{% highlight ruby %}\nx = 1\n\ny = 2\n{% endhighlight %}",
        "{% raw %}{{ kept }}\n\n{% end %}{% endraw %}",
        "{% if page.title %}Titled {{ page.title | upcase }}\n\nand more.{% endif %}",
        "{% comment %}never\n\nseen{% endcomment %}",
        "{% for word in site.data.words %}{{ word }} {% endfor %}",
        "{% include note.html text='noted' %}",
        "{% assign x = 'a,b' | split: ',' %}{{ x | join: '-' }}",
        "<!--more-->",
        "<!-- more -->",
        "Text with a note[^1].\n\n[^1]: The note.",
        "A paragraph\n{: .lead}",
        "Term\n: Its meaning",
        "***",
        "~~struck~~ and a\\\\ break  \nafter it",
        "Ünï ©️ 日本語 &amp; &copy; 1 < 2",
    ]
)


def words(html: str) -> list[str]:
    """The words that a reader sees."""
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", " ", html)
    quotes = str.maketrans(
        {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": " ", "\xa0": " "}
    )
    return re.findall(r"\w+", unescape(text).translate(quotes))


def likeness(ours: list[str], theirs: list[str]) -> float:
    return 1.0 if ours == theirs else SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def excerpts(root: Path) -> dict[str, tuple[str, str]]:
    """The excerpt and the whole of each post as we publish them, by path."""
    site = load_site(load_settings(root), lambda finding: None)
    collection = load_posts(site, POLICY, lambda source: None, lambda finding: None)
    pages = page_addresses(site, collection)
    posts = {post.source.path: post for post in collection.published}
    renderer, links = Renderer(site, lambda finding: None), Links(site, pages)
    found = {}
    for path, post in posts.items():
        scope = Scope(site, post.source, post.url, posts, pages, lambda finding: None)
        entry = render_entry(scope, post, renderer, links, full=True)
        assert entry is not None
        found[path] = (entry.excerpt.html, entry.content or "")
    return found


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["\n\n", "<!--more-->", "\n\n\n", ""]),
    st.lists(st.lists(BLOCKS, min_size=1, max_size=5, unique=True), min_size=30, max_size=40),
)
def test_excerpts_are_those_of_jekyll(separator: str, bodies: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        posts = {
            f"_posts/2021-01-01-n{number}.md": "---\ntitle: Post\n---\n" + "\n\n".join(body) + "\n"
            for number, body in enumerate(bodies)
        }
        posts["_posts/2020-01-01-known.md"] = "Known.\n"
        posts["_includes/note.html"] = "<i>{{ include.text }}</i>"
        posts["_data/words.yml"] = "[alpha, beta]"
        write_site(root, {"url": "https://example.org", "excerpt_separator": separator}, posts)
        theirs = {post["path"]: post for post in dumped(root)}
        ours = excerpts(root)
        assert set(ours) == set(theirs)
        for path, (excerpt, content) in ours.items():
            assert likeness(words(content), words(theirs[path]["content"])) >= 0.98
            if wanted := words(theirs[path]["excerpt"] or ""):
                assert likeness(words(excerpt), wanted) >= 0.98
