"""Where pages are published, compared with MkDocs itself."""

import datetime as dt
import posixpath
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.errors import FeedsError
from feeds.generators.addresses import page_address, permalink_rule
from feeds.generators.slugs import pymdownx_slugify
from feeds.model import Naming

NAMES = st.text(st.sampled_from("aZ09_-/. %ü日\0"), max_size=12)
SLUGS = NAMES | st.sampled_from(
    ["index", "README", "a/index", "an-index", "..", "x" * 252, "ü" * 126, "ü" * 127]
)


@pytest.mark.parametrize(
    ("path", "pretty", "plain"),
    [
        ("a.md", "a/", "a.html"),
        ("b/a.md", "b/a/", "b/a.html"),
        ("index.md", "", "index.html"),
        ("README.md", "", "index.html"),
        ("b/index.md", "b/", "b/index.html"),
        ("b/README.md", "b/", "b/index.html"),
        ("b/v1.2.md", "b/v1.2/", "b/v1.2.html"),
        ("b/é ü.md", "b/é ü/", "b/é ü.html"),
    ],
)
def test_pages_are_published_where_mkdocs_publishes_them(path: str, pretty: str, plain: str) -> None:
    files = pytest.importorskip("mkdocs.structure.files", reason="mkdocs is not installed")
    for directory_urls, expected in ((True, pretty), (False, plain)):
        assert page_address(posixpath.splitext(path)[0], directory_urls) == quote(expected)
        real = files.File(path, "docs", "site", directory_urls).dest_uri
        assert (f"{expected}index.html" if directory_urls else expected) == real


def address(pattern: str, slug: str, folder: str = "blog", *, directory_urls: bool = True) -> str:
    """Where a post with this slug is published."""
    day = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    naming = Naming("blog/posts/a.b.md", "a.b", slug, "A heading", day, ("C++ & C", "Über uns"))
    rule = permalink_rule(
        pattern,
        folder=folder,
        date=lambda date: f"{date:%Y/%m/%d}",
        slugify=pymdownx_slugify(),
        categories=pymdownx_slugify(),
        max_categories=2,
        directory_urls=directory_urls,
    )
    return rule(naming)


@pytest.mark.parametrize(
    ("pattern", "slug", "path"),
    [
        ("{date}/{slug}", "", "blog/2026/01/02/a-heading/"),
        ("{date}/{slug}", "own", "blog/2026/01/02/own/"),
        ("/{year}-{month}-{day}/{file}/", "", "blog/2026-01-02/a.b/"),
        ("{categories}/{slug}", "index", "blog/c--c/%C3%BCber-uns/"),
        ("{path}", "", "blog/blog/posts/a.b/"),
        ("100%/{slug}{slug}", "x", "blog/100%25/xx/"),
        ("fixed", "", "blog/fixed/"),
    ],
)
def test_an_address_is_made_of_what_its_pattern_names(pattern: str, slug: str, path: str) -> None:
    assert address(pattern, slug) == path


@given(NAMES, SLUGS, st.sampled_from(["", ".", "blog", "a/b", "ü", "../up", "/top"]), st.booleans())
@example("", "README", "", False)
@example("2026/", "ü" * 100, "blog", True)
def test_a_plain_address_is_the_one_that_all_the_rules_give(
    before: str, slug: str, folder: str, directory_urls: bool
) -> None:
    filled = posixpath.normpath(f"{before}{slug or 'a-heading'}".strip("/"))
    path = posixpath.normpath(posixpath.join(folder, filled))
    leaves = path == ".." or path.startswith(("../", "/")) or "\0" in path
    if leaves or any(len(part.encode()) > 252 for part in path.split("/")):
        with pytest.raises(FeedsError):
            address(f"{before}{{slug}}", slug, folder, directory_urls=directory_urls)
    else:
        expected = page_address(path, directory_urls)
        assert address(f"{before}{{slug}}", slug, folder, directory_urls=directory_urls) == expected
