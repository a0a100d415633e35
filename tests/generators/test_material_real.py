"""Random blogs, built by the real mkdocs-material and read by us: the same posts at the same addresses."""

import datetime as dt
import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.config import load_settings
from feeds.generators import load_site
from feeds.posts.collect import Policy, load_posts
from feeds.posts.rendering import Renderer
from feeds.posts.titles import heading_title

pytest.importorskip("material", reason="mkdocs-material is not installed")

SITE_URL = "https://example.org/sub/"

WORDS = st.sampled_from(
    [
        "Hello",
        "C++",
        "C#",
        "&",
        "a/b",
        "--",
        "_x_y_",
        "Été",
        "Straße",
        "日本語",
        "Привет",
        "İstanbul",
        "🏔️",
        "👩\u200d💻",
        "é",
        "ﬁ",
        "v1.2",
        "(2024)",
        "don't",
        "“quoted”",
        "100%",
        "...",
        "a  b",
        "ŒUVRE",
        "\xa0",
        "+1",
        "ẞ",
        "!",
    ]
)
TITLES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), min_size=1, max_size=25),
).filter(lambda text: any(map(str.isalnum, text)))
PLAIN_HEADINGS = (
    st.lists(
        st.sampled_from("Hello|World|Été|日本語|🏔️|v1.2|a, b|don't|(2024)|C++|A & B|x: y".split("|")),
        min_size=1,
        max_size=5,
    )
    .map(" ".join)
    .filter(lambda text: any(map(str.isalnum, text)))
)
DAYS = st.dates(dt.date(1999, 1, 1), dt.date(2030, 12, 31))
STEMS = st.text("abcXYZ019-_ éñ日", min_size=1, max_size=12).filter(lambda name: any(map(str.isalnum, name)))


@st.composite
def dates(draw: st.DrawFn) -> str:
    day = draw(DAYS)
    shape = draw(st.sampled_from(["day", "naive", "zoned", "dict"]))
    clock = draw(st.times()).strftime("%H:%M:%S")
    zone = draw(st.sampled_from(["Z", "+05:30", "-08:00", "+14:00"]))
    return {
        "day": f"date: {day}",
        "naive": f"date: {day} {clock}",
        "zoned": f"date: {day}T{clock}{zone}",
        "dict": f"date:\n  created: {day}\n  updated: {day + dt.timedelta(days=3)}",
    }[shape]


@st.composite
def posts(draw: st.DrawFn) -> str:
    """A post with its title in the front matter, in its first heading, or only in its file's name."""
    lines = [draw(dates())]
    body = "Some text.\n"
    where = draw(st.sampled_from(["field", "heading", "name", "both"]))
    if where in ("field", "both"):
        lines.append(f"title: {json.dumps(draw(TITLES), ensure_ascii=False)}")
    if where in ("heading", "both"):
        body = f"# {draw(PLAIN_HEADINGS)}\n\n{body}"
    if draw(st.booleans()):
        lines.append(
            f"slug: {json.dumps(draw(st.sampled_from(['x', 'My Slug', 'a/b', 'été', 'C++', '100%'])))}"
        )
    names = draw(
        st.lists(st.sampled_from(["News", "C++", "C#", "Été", "a b", "日本"]), unique=True, max_size=3)
    )
    if names:
        lines.append(f"categories: {json.dumps(names, ensure_ascii=False)}")
    if (draft := draw(st.sampled_from([None, None, None, True, False]))) is not None:
        lines.append(f"draft: {str(draft).lower()}")
    return "---\n" + "\n".join(lines) + f"\n---\n{body}"


@st.composite
def blogs(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, str]]:
    """The options of the blog plugin, and the posts by path below the posts' folder."""
    options: dict[str, object] = {
        "blog_dir": draw(st.sampled_from(["blog", ".", "news/all"])),
        "post_url_format": draw(
            st.sampled_from(["{date}/{slug}", "{slug}", "/{slug}", "{categories}/{slug}", "{date}/{file}"])
        ),
        "post_url_date_format": draw(st.sampled_from(["yyyy/MM/dd", "yyyy", "yyyy/MMM", "d-M-yy"])),
        "post_url_max_categories": draw(st.integers(1, 3)),
        "draft_if_future_date": draw(st.booleans()),
    }
    files = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(["", "2024/", "deep/er/"]), STEMS).map("".join),
            posts(),
            min_size=3,
            max_size=12,
        )
    )
    folded = {name.casefold(): name for name in files}
    return options, {name: files[name] for name in folded.values()}


@dataclass(frozen=True)
class Published:
    """What both sides must agree on."""

    url: str
    published: dt.datetime
    categories: tuple[str, ...]


def write_blog(
    root: Path, options: dict[str, object], files: dict[str, str], *, language: str, pretty: bool
) -> None:
    folder = root / "docs" / str(options["blog_dir"]) / "posts"
    for name, text in files.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    config = {
        "site_name": "Random",
        "site_url": SITE_URL,
        "use_directory_urls": pretty,
        "theme": {"name": "material", "language": language},
        "plugins": [{"blog": options}],
    }
    (root / "mkdocs.yml").write_text(json.dumps(config), "utf-8")


def real_posts(root: Path) -> dict[str, Published]:
    """The posts as the blog plugin itself resolves them, by path."""
    from mkdocs.config import load_config
    from mkdocs.structure.files import get_files

    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site"))
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)
    files = get_files(config)
    blog = config.plugins["material/blog"]
    blog.on_files(files, config=config)
    return {
        post.file.src_uri: Published(
            post.canonical_url, post.config.date.created, tuple(post.config.categories)
        )
        for post in blog.blog.posts
    }


def our_posts(root: Path) -> dict[str, Published]:
    findings: list[object] = []
    site = load_site(load_settings(root, environ={}), findings.append)
    renderer = Renderer(site, findings.append)
    found = load_posts(
        site, Policy(dt.datetime.now(dt.UTC)), lambda source: heading_title(source, renderer), findings.append
    )
    return {
        post.source.path: Published(post.url, post.published, post.categories) for post in found.published
    }


def check(blog: tuple[dict[str, object], dict[str, str]], language: str, pretty: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_blog(root, *blog, language=language, pretty=pretty)
        assert our_posts(root) == real_posts(root)


LANGUAGES = st.sampled_from(["en", "de", "fr", "zh-Hant"])


@given(blogs(), LANGUAGES, st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_post_of_a_random_blog_has_the_address_that_material_gives_it(
    blog: tuple[dict[str, object], dict[str, str]], language: str, pretty: bool
) -> None:
    check(blog, language, pretty)


@pytest.mark.slow
@given(blogs(), LANGUAGES, st.booleans())
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
def test_many_random_blogs_have_the_addresses_that_material_gives_them(
    blog: tuple[dict[str, object], dict[str, str]], language: str, pretty: bool
) -> None:
    check(blog, language, pretty)
