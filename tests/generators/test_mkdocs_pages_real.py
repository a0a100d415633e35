"""Random docs folders, built by the real MkDocs and read by us: the same dated pages, titles and addresses."""

import datetime as dt
import json
import logging
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.config import load_settings
from feeds.generators import load_site
from feeds.posts.collect import Policy, load_posts
from feeds.posts.rendering import Renderer
from feeds.posts.titles import heading_title

pytest.importorskip("mkdocs", reason="MkDocs is not installed")

SITE_URL = "https://example.org/sub/"
FOLDERS = st.sampled_from(
    ["", "news/", "news/2024/", "a b/", "Été/", "templates/", "deep/templates/", ".hidden/"]
)
STEMS = st.one_of(
    st.sampled_from(
        ["index", "README", "readme", "my-page", "my_page", "My-Page", "v1.2", "a.fr", "C++", "100%"]
    ),
    st.text("abcXYZ019-_ éñ日", min_size=1, max_size=8).filter(lambda name: any(map(str.isalnum, name))),
)
ENDINGS = st.sampled_from([".md", ".md", ".md", ".markdown", ".mkd", ".txt"])
HEADINGS = st.sampled_from(
    [
        "# One",
        "# *Two* and `three`",
        "Under\n=====",
        "## Second",
        "Text.\n\n# Late",
        "# A & B",
        "#Close",
        "# Ü {#id}",
        "",
    ]
)
TITLES = st.sampled_from([None, None, "Plain", "C++ & C#", "日本語", "A: b", "  wide   spaced "])
DATES = st.sampled_from(
    ["date: 2026-01-31", "date: 2026-01-31 10:30:00", "date:\n  created: 2026-01-31", "", ""]
)
PATTERNS = st.lists(
    st.sampled_from(["news/", "*.mkd", "/index.md", "my*", "!news/2024/", "a b/*.md", "README.md"]),
    max_size=3,
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page with a date or without, whose title stands in the front matter, in the text, or only in its name."""
    lines = [draw(DATES)]
    if title := draw(TITLES):
        lines.append(f"title: {json.dumps(title, ensure_ascii=False)}")
    matter = "\n".join(line for line in lines if line)
    body = f"{draw(HEADINGS)}\n\nSome text.\n"
    return f"---\n{matter}\n---\n{body}" if matter else body


@st.composite
def sites(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, str]]:
    """The keys of a `mkdocs.yml`, and the files of the docs folder by path."""
    files = draw(
        st.dictionaries(st.tuples(FOLDERS, STEMS, ENDINGS).map("".join), pages(), min_size=3, max_size=12)
    )
    folded = {name.casefold(): name for name in files}
    files = {name: files[name] for name in folded.values()}
    options: dict[str, object] = {"use_directory_urls": draw(st.booleans())}
    for key in ("exclude_docs", "draft_docs", "not_in_nav"):
        if patterns := draw(PATTERNS):
            options[key] = "\n".join(patterns)
    if draw(st.booleans()):
        named = draw(st.lists(st.sampled_from(sorted(files)), unique=True))
        options["nav"] = [
            draw(st.sampled_from([name, {"In the menu": name}, {"Part": [{"Below": name}]}]))
            for name in named
        ]
    return options, files


@dataclass(frozen=True)
class Published:
    """What both sides must agree on."""

    url: str
    title: str


def write_site(root: Path, options: dict[str, object], files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    config = {"site_name": "Random", "site_url": SITE_URL, "plugins": [], **options}
    (root / "mkdocs.yml").write_text(json.dumps(config), "utf-8")


def real_pages(root: Path) -> dict[str, Published]:
    """The dated pages that MkDocs publishes, by path."""
    from mkdocs.config import load_config
    from mkdocs.structure.files import InclusionLevel, get_files, set_exclusions
    from mkdocs.structure.nav import get_navigation
    from mkdocs.structure.pages import Page

    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site"))
    files = get_files(config)
    set_exclusions(files, config)
    get_navigation(files, config)
    found = {}
    for file in files.documentation_pages(inclusion=InclusionLevel.is_included):
        page = file.page or Page(None, file, config)
        page.read_source(config)
        page.render(config, files)
        if page.meta.get("date"):
            found[file.src_uri] = Published(page.canonical_url, " ".join(unescape(page.title).split()))
    return found


def our_pages(root: Path) -> dict[str, Published]:
    findings: list[object] = []
    wanted = {"generator.name": "mkdocs"}
    site = load_site(load_settings(root, overrides=wanted, environ={}), findings.append)
    renderer = Renderer(site, findings.append)
    policy = Policy(dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    found = load_posts(site, policy, lambda source: heading_title(source, renderer), findings.append)
    return {post.source.path: Published(post.url, post.title) for post in found.published}


def check(site: tuple[dict[str, object], dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_site(root, *site)
        assert our_pages(root) == real_pages(root)


@given(sites())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_dated_page_of_a_random_site_has_the_title_and_address_that_mkdocs_gives_it(
    site: tuple[dict[str, object], dict[str, str]],
) -> None:
    check(site)


@pytest.mark.slow
@given(sites())
@settings(max_examples=800, deadline=None, suppress_health_check=list(HealthCheck))
def test_many_random_sites_have_the_titles_and_addresses_that_mkdocs_gives_them(
    site: tuple[dict[str, object], dict[str, str]],
) -> None:
    check(site)
