from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from formats_samples import BOTH, EMPTY, FEED, FULL, MOSS, SITE, make_entry, make_feed

from feeds.formats.jsonfeed import render
from feeds.model import Feed, Site


def read(feed: Feed, site: Site = SITE) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render(site, feed))
    return document


def values(document: object) -> Iterator[object]:
    yield document
    if isinstance(document, dict):
        document = list(document.values())
    if isinstance(document, list):
        for value in document:
            yield from values(value)


def test_the_feeds_head() -> None:
    head = read(FEED)
    del head["items"]
    assert head == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Field Notes – Plants",
        "home_page_url": "https://notes.example/blog/",
        "feed_url": "https://notes.example/blog/category/plants/feed.json",
        "description": "What grows, and why",
        "language": "en",
        "authors": [{"name": "The Field Notes team"}],
    }


def test_a_whole_item() -> None:
    assert read(BOTH)["items"][0] == {
        "id": "tag:notes.example,2026:moss",
        "url": "https://notes.example/blog/moss/",
        "title": "Moss & <more>: ½ a year",
        "content_html": MOSS.content,
        "summary": "Moss & more, on ten walls.",
        "image": "https://notes.example/blog/moss/wall.jpg",
        "date_published": "2026-05-02T18:05:00+02:00",
        "date_modified": "2026-06-03T07:00:30+00:00",
        "authors": [
            {
                "name": "Ada Lovelace",
                "url": "https://ada.example/",
                "avatar": "https://ada.example/me.png",
            },
            {"name": "Zoë Ångström"},
        ],
        "tags": ["Plants", "C++ & C#", "moss", "plants"],
        "attachments": [
            {
                "url": "https://notes.example/audio/moss.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": 1234567,
            }
        ],
    }


def test_a_hub_is_one_for_websub() -> None:
    assert read(replace(FEED, hub="https://hub.example/"))["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example/"}
    ]


def test_an_item_of_which_little_is_known() -> None:
    assert read(make_feed(make_entry()), replace(SITE, author=""))["items"] == [
        {
            "id": "tag:notes.example,2026:hello",
            "url": "https://notes.example/blog/hello/",
            "title": "Hello",
            "content_html": "<p>Hello.</p>",
            "date_published": "2026-05-01T09:30:00+02:00",
        }
    ]


def test_an_excerpt_alone_is_the_content_and_needs_no_summary() -> None:
    item = read(FEED)["items"][0]
    assert item["content_html"] == MOSS.excerpt.html
    assert "summary" not in item


def test_beside_a_whole_post_the_excerpt_is_the_summary_in_plain_text() -> None:
    for feed in (FULL, BOTH):
        item = read(feed)["items"][0]
        assert item["content_html"] == MOSS.content
        assert item["summary"] == "Moss & more, on ten walls."


def test_a_summary_has_no_marks_of_lists_and_headings() -> None:
    entry = make_entry("<h3>Tools</h3>\n<ul>\n<li>a knife</li>\n</ul>", "<p>All.</p>")
    (item,) = read(make_feed(entry, content="both"))["items"]
    assert item["summary"] == "Tools a knife"


def test_a_post_of_which_only_the_excerpt_is_known_has_that() -> None:
    for content in ("full", "both"):
        item = read(make_feed(make_entry("<p>Hello.</p>"), content=content))["items"][0]
        assert item["content_html"] == "<p>Hello.</p>"
        assert "summary" not in item


def test_only_an_item_in_another_language_says_so() -> None:
    moss, flechte = read(FEED)["items"]
    assert "language" not in moss
    assert flechte["language"] == "de"


def test_nothing_is_null_and_no_list_but_that_of_the_items_is_empty() -> None:
    bare = read(make_feed(description="", language=""), replace(SITE, author=""))
    assert bare.pop("items") == []
    for document in (bare, read(BOTH), read(make_feed(make_entry()))):
        assert not [value for value in values(document) if value in (None, "", [], {})]


def test_mail_addresses_are_not_told() -> None:
    assert b"ada@notes.example" not in render(SITE, FEED)


def test_an_empty_feed_has_no_items() -> None:
    assert read(EMPTY)["items"] == []


def test_the_file_is_readable_as_text() -> None:
    text = render(SITE, FEED).decode("utf-8")
    assert text.startswith('{\n  "version": ')
    assert text.endswith("}\n")
    assert "Flechten sind „zwei“ 🌿." in text
