"""Links to the feeds in the heads of the site's pages: `feeds build --inject`."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import SETTINGS, blog, build_project, material_blog, post, run_here, write_files

from feeds.pages.inject import inject

TAG = b'<link rel="alternate" type="application/rss+xml" title="Blog" href="https://blog.example/feed.xml" data-feeds>\n'
OTHER = TAG.replace(b"feed.xml", b"other.xml")

PAGES = {
    "<html><head><title>A</title></head><body>a</body></html>": "<html><head><title>A</title>@</head><body>a</body></html>",
    "<HTML><HEAD LANG=en>\n</HEAD>": "<HTML><HEAD LANG=en>\n@</HEAD>",
    "<head>\r\n  <meta charset=utf-8>\r\n  </head>\r\n": "<head>\r\n  <meta charset=utf-8>\r\n  @</head>\r\n",
    "<head><title>A</title><body>no end": "<head><title>A</title>@<body>no end",
    "<head><!-- </head> --><script>'</head>'</script><style>/* </head> */</style></head>": "<head><!-- </head> --><script>'</head>'</script><style>/* </head> */</style>@</head>",
    "<head><title></head></title></head>": "<head><title></head></title>@</head>",
    "<header>no head</header>": "<header>no head</header>",
    "<p>A fragment": "<p>A fragment",
    "<head><!-- never closed </head>": "<head><!-- never closed </head>",
    '<head><link href="https://blog.example/feed.xml" rel=alternate></head>': '<head><link href="https://blog.example/feed.xml" rel=alternate></head>',
}


@pytest.mark.parametrize(("page", "expected"), PAGES.items(), ids=range(len(PAGES)))
def test_the_links_stand_at_the_end_of_the_head_and_nothing_else_changes(page: str, expected: str) -> None:
    made = inject(page.encode(), TAG)
    assert made == expected.encode().replace(b"@", TAG)
    assert inject(made, TAG) == made


def test_links_that_were_put_there_before_are_replaced() -> None:
    before = inject(b"<head>\n  <title>A</title>\n</head>", OTHER)
    assert inject(before, TAG) == inject(b"<head>\n  <title>A</title>\n</head>", TAG)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "shift_jis", "utf-8-sig"])
def test_the_encoding_of_a_page_does_not_matter(encoding: str) -> None:
    page = "<head><title>ø¥¤</title></head>".replace("¤", "").replace(
        "ø", "" if encoding == "shift_jis" else "ø"
    )
    data = page.encode(encoding)
    assert inject(data, TAG).replace(TAG, b"") == data


def test_a_page_in_utf_16_is_left_alone() -> None:
    data = "<head></head>".encode("utf-16")
    assert inject(data, TAG) == data


@given(
    st.lists(
        st.sampled_from(
            [
                b"<head>",
                b"</head>",
                b"<!--",
                b"-->",
                b"<script>",
                b"</script>",
                b"<title>",
                b"</title>",
                b"<body>",
                b"\n",
                b" x ",
                TAG,
                OTHER,
                b"\xff",
            ]
        )
    )
)
def test_any_page_is_only_added_to_and_once(parts: list[bytes]) -> None:
    page = b"".join(parts)
    made = inject(page, TAG)
    assert inject(made, TAG) == made
    assert made.replace(TAG, b"").replace(OTHER, b"") == page.replace(TAG, b"").replace(OTHER, b"")


def site(root: Path, settings: str = "") -> Path:
    write_files(
        root / "public",
        {
            "index.html": "<html><head><title>Home</title></head></html>",
            "2026/11/01/a/index.html": "<html><head><title>Ä</title></head></html>",
            "raw.txt": "<head></head>",
        },
    )
    return blog(
        root,
        {"a.md": post("# A\n\nText.\n", slug="a", categories="[News]")},
        SETTINGS.replace("Blog", "Ä & B") + settings,
    )


def test_every_page_of_the_site_leads_to_the_feeds(tmp_path: Path) -> None:
    site(tmp_path, '[feeds]\ninject = "yes"\n')
    assert build_project(tmp_path).injected == 2
    home = (tmp_path / "public" / "index.html").read_text("ascii")
    assert home.count("data-feeds") == 3
    assert 'title="&#196; &amp; B" href="https://blog.example/feed.xml"' in home
    assert (tmp_path / "public" / "raw.txt").read_text() == "<head></head>"
    assert build_project(tmp_path).injected == 0


def test_a_page_leads_first_to_the_feed_of_just_what_it_lists(tmp_path: Path) -> None:
    head = "<html><head></head></html>"
    pages = (
        "index.html",
        "blog/index.html",
        "blog/category/été/index.html",
        "blog/myindex.html",
        "blog/2026/11/01/a/index.html",
    )
    material_blog(
        tmp_path,
        {"a.md": post("# A\n\nText.\n\n<!-- more -->\n", categories="[Été]", tags="[x]")},
        "plugins: [blog, tags]\n",
    )
    settings = '[feeds]\nformats = ["rss"]\nby = ["category", "tag"]\ninject = "yes"\n'
    write_files(tmp_path, {"feeds.toml": settings, **{f"site/{page}": head for page in pages}})
    assert build_project(tmp_path).injected == 5
    links = {page: re.findall('href="([^"]*)"', (tmp_path / "site" / page).read_text()) for page in pages}
    main = "https://blog.example/feed.xml"
    assert links == {
        "index.html": [main],
        "blog/index.html": [main],
        "blog/category/été/index.html": ["https://blog.example/category/%C3%A9t%C3%A9/feed.xml", main],
        "blog/myindex.html": [main],
        "blog/2026/11/01/a/index.html": [main],
    }


def test_pages_of_our_own_are_left_alone(tmp_path: Path) -> None:
    site(tmp_path, '[feeds]\ninject = "yes"\n')
    build_project(tmp_path)
    for page in ("subscribe/index.html", "newsletter/2026-11/index.html"):
        assert "data-feeds" not in (tmp_path / "public" / page).read_text("utf-8")
    assert not any(file.changed for file in build_project(tmp_path).written)


def test_nothing_is_put_anywhere_unless_asked_for(tmp_path: Path) -> None:
    site(tmp_path)
    build_project(tmp_path)
    assert "data-feeds" not in (tmp_path / "public" / "index.html").read_text("utf-8")
    done = run_here(["build", "--inject"], tmp_path)
    assert "links to the feeds put into 2 pages\n" in done.stdout
