"""Where pages are published, compared with MkDocs itself."""

import posixpath
from urllib.parse import quote

import pytest

from feeds.generators.addresses import page_address


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
