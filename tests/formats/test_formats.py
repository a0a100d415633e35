from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from formats_samples import ANY_TEXT, BOTH, EMPTY, FEED, SITE, make_entry, make_feed
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.formats import FORMATS, feed_path, feed_url
from feeds.formats.text import clean, clean_line
from feeds.formats.tidy import tidy_feed
from feeds.model import Author, Feed, Media, Post

HERE = Path(__file__).parent
XML = ("rss", "atom")


def python(code: str) -> str:
    """What another Python prints."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(HERE)!r})\n{code}"]
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode()


def test_the_formats_by_name() -> None:
    assert [(name, format.name, format.filename, format.media_type) for name, format in FORMATS.items()] == [
        ("rss", "rss", "feed.xml", "application/rss+xml"),
        ("atom", "atom", "atom.xml", "application/atom+xml"),
        ("json", "json", "feed.json", "application/feed+json"),
    ]


@pytest.mark.parametrize(
    ("folder", "path", "url"),
    [
        ("", "feed.xml", "feed.xml"),
        ("category/news", "category/news/feed.xml", "category/news/feed.xml"),
        ("category/news/", "category/news/feed.xml", "category/news/feed.xml"),
        ("tag/zürich & 100%", "tag/zürich & 100%/feed.xml", "tag/z%C3%BCrich%20%26%20100%25/feed.xml"),
        ("tag/c#?", "tag/c#?/feed.xml", "tag/c%23%3F/feed.xml"),
    ],
)
def test_where_a_feed_lies(folder: str, path: str, url: str) -> None:
    feed = make_feed(folder=folder)
    assert feed_path(feed, FORMATS["rss"]) == path
    assert feed_url(SITE, feed, FORMATS["rss"]) == f"https://notes.example/blog/{url}"


@pytest.mark.parametrize("format", FORMATS.values(), ids=list(FORMATS))
def test_the_whole_file(format: Any, rewrite: bool) -> None:
    golden, made = HERE / "golden" / format.filename, format.render(SITE, BOTH)
    if rewrite:
        golden.write_bytes(made)
    assert made == golden.read_bytes()


@pytest.mark.parametrize("name", XML)
def test_xml_files_begin_and_end_as_they_should(name: str) -> None:
    document = FORMATS[name].render(SITE, FEED)
    assert document.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')
    assert document.endswith(b">\n")
    assert b"\r" not in document
    assert b"<![CDATA[" not in document


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("content", ["excerpt", "full", "both"])
def test_a_reader_shows_what_was_meant(name: str, content: str) -> None:
    feed = replace(FEED, content=content)
    parsed = feedparser.parse(
        FORMATS[name].render(SITE, feed), sanitize_html=False, resolve_relative_uris=False
    )
    assert not parsed.bozo
    assert parsed.feed.link == FEED.home_url
    for shown, entry in zip(parsed.entries, tidy_feed(SITE, feed).entries, strict=True):
        post = entry.post
        assert (shown.id, shown.link, shown.title) == (post.id, post.url, post.title)
        assert shown.published_parsed[:6] == post.published.utctimetuple()[:6]
        if name == "atom" or post.updated != post.published:
            assert shown.updated_parsed[:6] == post.updated.utctimetuple()[:6]
        assert [author.name for author in shown.authors] == [author.name for author in post.authors]
        assert [tag.term for tag in shown.get("tags", [])] == list(dict.fromkeys(post.categories + post.tags))
        # feedparser shows a content without a summary in place of it.
        assert shown.summary == (entry.content if content == "full" else entry.excerpt.html)
        if content == "both":
            assert [part.value for part in shown.content] == [entry.content]


@pytest.mark.parametrize("name", XML)
def test_an_empty_feed_is_a_feed(name: str) -> None:
    parsed = feedparser.parse(FORMATS[name].render(SITE, EMPTY))
    assert not parsed.bozo
    assert parsed.version in ("rss20", "atom10")
    assert parsed.entries == []


def test_every_format_has_the_same_ids() -> None:
    def ids(document: bytes) -> list[str]:
        return [entry.id for entry in feedparser.parse(document).entries]

    items = json.loads(FORMATS["json"].render(SITE, FEED))["items"]
    assert [item["id"] for item in items] == [entry.post.id for entry in FEED.entries]
    assert ids(FORMATS["rss"].render(SITE, FEED)) == ids(FORMATS["atom"].render(SITE, FEED))
    assert ids(FORMATS["rss"].render(SITE, FEED)) == [item["id"] for item in items]


def test_the_bytes_do_not_depend_on_the_hash_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from formats_samples import BOTH, SITE\n"
        "from feeds.formats import FORMATS\n"
        "print([format.render(SITE, BOTH) for format in FORMATS.values()])"
    )
    printed = []
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        printed.append(python(code))
    assert printed[0] == printed[1]


def test_slow_libraries_are_not_loaded_before_a_feed_is_written() -> None:
    code = "import feeds.formats\nprint({'feedgen', 'lxml', 'dateutil'} & set(sys.modules))"
    assert python(code).strip() == "set()"


@st.composite
def feeds(draw: st.DrawFn) -> Feed:
    """A feed of one entry in which every text may be any text."""
    entry = make_entry(
        draw(ANY_TEXT),
        draw(st.none() | ANY_TEXT),
        draw(ANY_TEXT),
        id=draw(ANY_TEXT),
        title=draw(ANY_TEXT),
        authors=tuple(Author(*draw(st.tuples(*[ANY_TEXT] * 5))) for _ in range(2)),
        categories=(draw(ANY_TEXT), draw(ANY_TEXT)),
        tags=(draw(ANY_TEXT),),
        language=draw(ANY_TEXT),
        image=Media(draw(ANY_TEXT), draw(ANY_TEXT)),
        enclosure=Media(draw(ANY_TEXT), draw(ANY_TEXT), draw(st.none() | st.integers(0))),
        comments=draw(ANY_TEXT),
        rights=draw(ANY_TEXT),
    )
    return make_feed(
        entry,
        title=draw(ANY_TEXT),
        description=draw(ANY_TEXT),
        folder=draw(st.sampled_from(["", "tag/ä b"])),
        language=draw(ANY_TEXT),
        content=draw(st.sampled_from(["excerpt", "full", "both"])),
    )


def expected(feed: Feed) -> tuple[Post, str, str | None]:
    """The post, its summary and its content as a reader should find them."""
    entry = tidy_feed(SITE, feed).entries[0]
    raw = feed.entries[0]
    assert entry.post.title == (clean_line(raw.post.title) or entry.post.url)
    assert entry.excerpt.html == clean(raw.excerpt.html)
    return entry.post, entry.excerpt.html, entry.content


@given(feeds())
@settings(deadline=None, max_examples=60)
def test_any_text_makes_rss_that_reads_back_equal(feed: Feed) -> None:
    post, summary, content = expected(feed)
    item = ElementTree.fromstring(FORMATS["rss"].render(SITE, feed)).find("channel/item")
    assert item is not None
    assert item.findtext("title") == post.title
    assert item.findtext("guid") == post.id
    names = [category.text for category in item.findall("category")]
    assert names == list(dict.fromkeys(post.categories + post.tags))
    creators = [creator.text for creator in item.findall("{http://purl.org/dc/elements/1.1/}creator")]
    assert creators == [author.name for author in post.authors]
    whole_only = content is not None and (feed.content == "full" or not summary)
    assert item.findtext("description", "") == (content if whole_only else summary)


@given(feeds())
@settings(deadline=None, max_examples=60)
def test_any_text_makes_atom_that_reads_back_equal(feed: Feed) -> None:
    post, summary, content = expected(feed)
    names = {"": "http://www.w3.org/2005/Atom"}
    entry = ElementTree.fromstring(FORMATS["atom"].render(SITE, feed)).find("entry", names)
    assert entry is not None
    assert entry.findtext("title", None, names) == post.title
    id = entry.findtext("id", None, names)
    assert (
        id == post.id if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$", post.id) else id.startswith(f"{SITE.url}#")
    )
    terms = [category.get("term") for category in entry.findall("category", names)]
    assert terms == list(dict.fromkeys(post.categories + post.tags))
    authors = [name.text for name in entry.findall("author/name", names)]
    assert authors == [author.name for author in post.authors]
    assert entry.findtext("content", None, names) == ((summary or None) if content is None else content)
    wants_summary = summary and content is not None and feed.content == "both"
    assert entry.findtext("summary", None, names) == (summary if wants_summary else None)


@given(feeds())
@settings(deadline=None, max_examples=60)
def test_any_text_makes_json_that_reads_back_equal(feed: Feed) -> None:
    post, summary, content = expected(feed)
    item = json.loads(FORMATS["json"].render(SITE, feed).decode("utf-8", "strict"))["items"][0]
    assert (item["id"], item["title"]) == (post.id, post.title)
    assert item["content_html"] == (summary if content is None else content)
    assert item.get("tags", []) == list(dict.fromkeys(post.categories + post.tags))
    assert [author["name"] for author in item["authors"]] == [author.name for author in post.authors]
