"""All feeds in one file that feed readers import."""

import datetime as dt
from dataclasses import replace
from xml.etree.ElementTree import fromstring

from formats_samples import EMPTY, FEED, SITE

from feeds.formats import FORMATS
from feeds.formats.opml import render_opml


def test_each_feed_is_an_outline():
    root = fromstring(render_opml(SITE, [EMPTY, FEED], FORMATS["rss"]))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "Field Notes"
    assert [outline.attrib for outline in root.findall("body/outline")] == [
        {
            "type": "rss",
            "text": feed.title,
            "title": feed.title,
            "description": "What grows, and why",
            "xmlUrl": url,
            "htmlUrl": "https://notes.example/blog/",
            "language": "en",
        }
        for feed, url in (
            (EMPTY, "https://notes.example/blog/feed.xml"),
            (FEED, "https://notes.example/blog/category/plants/feed.xml"),
        )
    ]


def test_the_date_is_that_of_the_newest_change():
    summer = replace(EMPTY, updated=dt.datetime(2026, 7, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2))))
    root = fromstring(render_opml(SITE, [EMPTY, summer], FORMATS["rss"]))
    assert root.findtext("head/dateModified") == "Wed, 01 Jul 2026 12:00:00 +0200"


def test_the_format_that_is_named_is_linked():
    root = fromstring(render_opml(SITE, [EMPTY], FORMATS["json"]))
    assert [outline.get("xmlUrl") for outline in root.iter("outline")] == [
        "https://notes.example/blog/feed.json"
    ]


def test_any_title_is_text():
    odd = replace(EMPTY, title='A "b" <c> & \x00d', description="")
    (outline,) = fromstring(render_opml(SITE, [odd], FORMATS["rss"])).iter("outline")
    assert outline.get("text") == 'A "b" <c> & d'
    assert outline.get("description") is None
