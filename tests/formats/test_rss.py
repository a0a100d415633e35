from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest
from formats_samples import ADA, BOTH, EMPTY, FEED, FULL, MOSS, SITE, ZOE, make_entry, make_feed

from feeds.formats.feedgen_adapter import NAMESPACES
from feeds.formats.rss import render
from feeds.model import Feed, Media, Site

CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
LINK = "{http://www.w3.org/2005/Atom}link"
UPDATED = "{http://www.w3.org/2005/Atom}updated"
CONTENT = "{http://search.yahoo.com/mrss/}content"
DC = "{http://purl.org/dc/elements/1.1/}"
THUMBNAIL = "{http://search.yahoo.com/mrss/}thumbnail"


def channel(feed: Feed, site: Site = SITE) -> Element:
    found = fromstring(render(site, feed)).find("channel")
    assert found is not None
    return found


def items(feed: Feed, site: Site = SITE) -> list[Element]:
    return channel(feed, site).findall("item")


def test_the_channel_links_to_its_page_and_once_to_itself() -> None:
    head = channel(FEED)
    assert head.findtext("link") == "https://notes.example/blog/"
    assert [link.attrib for link in head.findall(LINK)] == [
        {
            "href": "https://notes.example/blog/category/plants/feed.xml",
            "rel": "self",
            "type": "application/rss+xml",
        }
    ]


def test_the_channel_says_nothing_of_the_library_that_wrote_it() -> None:
    head = channel(FEED)
    assert head.findtext("generator") == "feeds"
    assert head.find("docs") is None


def test_the_channels_head() -> None:
    head = channel(FEED)
    assert head.findtext("language") == "en"
    assert head.findtext("copyright") == "© 2024–2026 Field Notes"
    assert head.findtext("lastBuildDate") == "Wed, 03 Jun 2026 07:00:30 +0000"


def test_a_channel_without_description_repeats_its_title() -> None:
    assert channel(make_feed(description="")).findtext("description") == "Field Notes"


def test_the_channels_texts_are_cleaned() -> None:
    head = channel(make_feed(title="A\x00\nB"), replace(SITE, copyright="© A\x0b\nB"))
    assert head.findtext("title") == "A B"
    assert head.findtext("copyright") == "© A B"


def test_what_is_not_known_is_left_out() -> None:
    head = channel(make_feed(language=""), replace(SITE, copyright=""))
    assert head.find("language") is None
    assert head.find("copyright") is None


def test_excerpts_stand_in_the_description() -> None:
    item = items(FEED)[0]
    assert item.findtext("description") == MOSS.excerpt.html
    assert item.find(ENCODED) is None


def test_whole_posts_stand_in_the_description() -> None:
    item = items(FULL)[0]
    assert item.findtext("description") == MOSS.content
    assert item.find(ENCODED) is None


def test_with_both_the_whole_post_stands_behind_the_excerpt() -> None:
    texts = [(part.tag, part.text) for part in items(BOTH)[0] if part.tag in ("description", ENCODED)]
    assert texts == [("description", MOSS.excerpt.html), (ENCODED, MOSS.content)]


def test_a_post_of_which_only_the_excerpt_is_known_has_that() -> None:
    for content in ("full", "both"):
        item = items(make_feed(make_entry("<p>Hello.</p>"), content=content))[0]
        assert item.findtext("description") == "<p>Hello.</p>"
        assert item.find(ENCODED) is None


def test_a_post_without_text_has_no_description() -> None:
    assert items(make_feed(make_entry("", ""), content="both"))[0].find("description") is None


def test_entries_keep_their_order() -> None:
    assert [item.findtext("title") for item in items(FEED)] == ["Moss & <more>: ½ a year", "Flechten"]


def test_only_an_id_that_is_the_address_is_a_permalink() -> None:
    guids = [guid for item in items(FEED) for guid in item.findall("guid")]
    assert [(guid.text, guid.get("isPermaLink")) for guid in guids] == [
        ("tag:notes.example,2026:moss", "false"),
        ("https://notes.example/blog/flechten/", "true"),
    ]


def test_dates_keep_their_offset_and_a_change_has_its_own() -> None:
    moss, flechte = items(FEED)
    assert moss.findtext("pubDate") == "Sat, 02 May 2026 18:05:00 +0200"
    assert moss.findtext(UPDATED) == "2026-06-03T07:00:30+00:00"
    assert flechte.findtext("pubDate") == "Wed, 07 Jan 2026 08:00:00 +0000"
    assert flechte.find(UPDATED) is None


def test_authors_are_creators_whether_their_mail_is_known_or_not() -> None:
    item = items(make_feed(make_entry(authors=(ADA, ZOE))))[0]
    assert [creator.text for creator in item.findall(CREATOR)] == ["Ada Lovelace", "Zoë Ångström"]
    assert item.find("author") is None
    assert b"ada@notes.example" not in render(SITE, make_feed(make_entry(authors=(ADA,))))


def test_categories_and_tags_are_categories() -> None:
    names = [category.text for category in items(FEED)[0].findall("category")]
    assert names == ["Plants", "C++ & C#", "moss", "plants"]


def test_the_image_is_media_and_a_thumbnail() -> None:
    moss, flechte = items(FEED)
    picture = {"url": "https://notes.example/blog/moss/wall.jpg", "width": "640", "height": "480"}
    assert [image.attrib for image in moss.findall(THUMBNAIL)] == [picture]
    assert [image.attrib for image in moss.findall(CONTENT)] == [
        {**picture, "medium": "image", "type": "image/jpeg", "fileSize": "48000"}
    ]
    assert flechte.find(THUMBNAIL) is None


def test_an_enclosure_has_its_length_and_its_type() -> None:
    moss, flechte = items(FEED)
    (enclosure,) = moss.findall("enclosure")
    sound = {"url": "https://notes.example/audio/moss.mp3", "length": "1234567", "type": "audio/mpeg"}
    assert enclosure.attrib == sound
    assert flechte.find("enclosure") is None
    unknown = make_entry(enclosure=Media("https://notes.example/a.zip", "application/zip"))
    assert items(make_feed(unknown))[0].find("enclosure").get("length") == "0"


def test_comments_and_rights_are_an_items_own() -> None:
    moss, flechte = items(FEED)
    assert moss.findtext("comments") == "https://talk.notes.example/moss"
    assert moss.findtext(f"{DC}rights") == "© 2026 Ada Lovelace"
    assert flechte.find("comments") is None


@pytest.mark.parametrize(
    ("given", "links", "marks"),
    [
        ({}, {}, []),
        ({"hub": "https://hub.example/"}, {"hub": "https://hub.example/"}, []),
        ({"is_complete": True}, {}, ["complete"]),
        ({"archives": 3}, {"prev-archive": "https://notes.example/blog/archive/3/feed.xml"}, []),
        (
            {"archives": 3, "archive": 2, "hub": "https://hub.example/"},
            {
                "current": "https://notes.example/blog/feed.xml",
                "prev-archive": "https://notes.example/blog/archive/1/feed.xml",
            },
            ["archive"],
        ),
        ({"archives": 3, "archive": 1}, {"current": "https://notes.example/blog/feed.xml"}, ["archive"]),
    ],
)
def test_hubs_and_archives_are_links_of_the_channel(given, links, marks) -> None:
    found = channel(replace(EMPTY, **given))
    rels = {link.get("rel"): link.get("href") for link in found.findall(f"{{{NAMESPACES['atom']}}}link")}
    own = rels.pop("self")
    assert rels == links
    folder = f"archive/{given['archive']}/" if "archive" in given else ""
    assert own == f"https://notes.example/blog/{folder}feed.xml"
    history = f"{{{NAMESPACES['fh']}}}"
    assert [
        element.tag.removeprefix(history) for element in found if element.tag.startswith(history)
    ] == marks


def test_browsers_get_a_style_sheet() -> None:
    lines = render(SITE, EMPTY).split(b"\n")
    assert lines[1] == b'<?xml-stylesheet type="text/css" href="https://notes.example/blog/feed.css"?>'


def test_plain_text_is_spelled_for_readers_that_take_it_for_html() -> None:
    document = render(
        SITE,
        make_feed(
            make_entry(title="What <b> & &amp; do", categories=("Q&A",)),
            title="R&D",
            description="All of <b>",
        ),
    )
    assert b"<description>All of &#x3C;b&gt;</description>" in document
    assert b"<description>&lt;p&gt;Hello.&lt;/p&gt;</description>" in document
    assert b"<title>What &#x3C;b&gt; &#x26; &#x26;amp; do</title>" in document
    assert b"<title>R&#x26;D</title>" in document
    assert b"<category>Q&#x26;A</category>" in document


def test_an_empty_feed_has_a_head_only() -> None:
    assert items(EMPTY) == []
    assert channel(EMPTY).findtext("lastBuildDate") == "Thu, 01 Jan 2026 00:00:00 +0000"


def test_namespaces_are_declared_where_they_are_used() -> None:
    assert b"xmlns:media" in render(SITE, FEED)
    assert b"xmlns:media" not in render(SITE, EMPTY)
