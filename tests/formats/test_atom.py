from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from formats_samples import ADA, BOTH, EMPTY, FEED, FULL, MOSS, SITE, make_entry, make_feed

from feeds.formats.atom import render
from feeds.model import Feed, Site

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CONTENT = "{http://search.yahoo.com/mrss/}content"
THUMBNAIL = "{http://search.yahoo.com/mrss/}thumbnail"


def root(feed: Feed, site: Site = SITE) -> Element:
    return fromstring(render(site, feed))


def entries(feed: Feed, site: Site = SITE) -> list[Element]:
    return root(feed, site).findall(f"{ATOM}entry")


def text(element: Element, path: str) -> str | None:
    return element.findtext("/".join(ATOM + name for name in path.split("/")))


def texts(element: Element) -> dict[str, str | None]:
    """What the entry says, by element, with the type it is said to be."""
    found = (part for name in ("summary", "content") for part in element.findall(ATOM + name))
    return {f"{part.tag.removeprefix(ATOM)} {part.get('type')}": part.text for part in found}


def test_the_feed_links_to_itself_and_to_its_page() -> None:
    assert [link.attrib for link in root(FEED).findall(f"{ATOM}link")] == [
        {
            "href": "https://notes.example/blog/category/plants/atom.xml",
            "rel": "self",
            "type": "application/atom+xml",
        },
        {"href": "https://notes.example/blog/", "rel": "alternate", "type": "text/html"},
    ]


def test_an_entrys_link_says_what_it_links_to() -> None:
    assert [link.attrib for link in entries(FEED)[1].findall(f"{ATOM}link")] == [
        {"href": "https://notes.example/blog/flechten/", "rel": "alternate", "type": "text/html"}
    ]


def test_the_feeds_head() -> None:
    feed = root(FEED)
    assert text(feed, "id") == "tag:notes.example,2026:feed"
    assert text(feed, "title") == "Field Notes – Plants"
    assert text(feed, "subtitle") == "What grows, and why"
    assert text(feed, "updated") == "2026-06-03T07:00:30+00:00"
    assert text(feed, "rights") == "© 2024–2026 Field Notes"
    assert text(feed, "author/name") == "The Field Notes team"


def test_the_generator_is_named_without_a_version() -> None:
    generator = root(FEED).find(f"{ATOM}generator")
    assert generator is not None
    assert (generator.text, generator.attrib) == ("feeds", {})


def test_what_is_not_known_is_left_out() -> None:
    feed = root(make_feed(description="", language=""), replace(SITE, copyright=""))
    assert feed.find(f"{ATOM}subtitle") is None
    assert feed.find(f"{ATOM}rights") is None
    assert LANG not in feed.attrib


def test_where_no_author_is_known_it_is_the_site() -> None:
    feed = root(make_feed(make_entry(), title="Hellos"), replace(SITE, author=""))
    assert text(feed, "author/name") == text(feed, "entry/author/name") == "Field Notes"
    feed = root(make_feed(make_entry(), title="Hellos"), replace(SITE, author="", title=""))
    assert text(feed, "author/name") == text(feed, "entry/author/name") == "Hellos"


def test_titles_are_text_which_is_the_default() -> None:
    title = entries(make_feed(make_entry(title="What <b> & &amp; do")))[0].find(f"{ATOM}title")
    assert title is not None
    assert (title.text, title.attrib) == ("What <b> & &amp; do", {})


def test_excerpts_are_contents_for_some_readers_show_nothing_else() -> None:
    assert texts(entries(FEED)[0]) == {"content html": MOSS.excerpt.html}


def test_whole_posts_are_contents() -> None:
    assert texts(entries(FULL)[0]) == {"content html": MOSS.content}


def test_both_are_both() -> None:
    assert texts(entries(BOTH)[0]) == {"summary html": MOSS.excerpt.html, "content html": MOSS.content}


def test_a_post_of_which_only_the_excerpt_is_known_has_that() -> None:
    for content in ("full", "both"):
        feed = make_feed(make_entry("<p>Hello.</p>"), content=content)
        assert texts(entries(feed)[0]) == {"content html": "<p>Hello.</p>"}


def test_a_post_without_text_has_neither() -> None:
    assert texts(entries(make_feed(make_entry("", ""), content="both"))[0]) == {}


def test_entries_keep_their_order() -> None:
    assert [text(entry, "id") for entry in entries(FEED)] == [
        "tag:notes.example,2026:moss",
        "https://notes.example/blog/flechten/",
    ]


def test_dates_keep_their_offset() -> None:
    moss, flechte = entries(FEED)
    assert text(moss, "published") == "2026-05-02T18:05:00+02:00"
    assert text(moss, "updated") == "2026-06-03T07:00:30+00:00"
    assert text(flechte, "published") == text(flechte, "updated") == "2026-01-07T08:00:00+00:00"


def test_each_entry_names_its_authors() -> None:
    moss, flechte = entries(FEED)
    people = [
        {part.tag.removeprefix(ATOM): part.text for part in person}
        for person in moss.findall(f"{ATOM}author")
    ]
    assert people == [{"name": ADA.name, "email": ADA.email, "uri": ADA.url}, {"name": "Zoë Ångström"}]
    assert text(flechte, "author/name") == "The Field Notes team"


def test_categories_and_tags_are_categories() -> None:
    assert [category.attrib for category in entries(FEED)[0].findall(f"{ATOM}category")] == [
        {"term": name, "label": name} for name in ("Plants", "C++ & C#", "moss", "plants")
    ]


def test_only_an_entry_in_another_language_says_so() -> None:
    moss, flechte = entries(FEED)
    assert root(FEED).get(LANG) == "en"
    assert LANG not in moss.attrib
    assert flechte.get(LANG) == "de"


def test_the_image_is_media_and_a_thumbnail() -> None:
    moss, flechte = entries(FEED)
    picture = {"url": "https://notes.example/blog/moss/wall.jpg", "width": "640", "height": "480"}
    assert [image.attrib for image in moss.findall(THUMBNAIL)] == [picture]
    assert [image.attrib for image in moss.findall(CONTENT)] == [
        {**picture, "medium": "image", "type": "image/jpeg", "fileSize": "48000"}
    ]
    assert flechte.find(THUMBNAIL) is None


def test_enclosures_comments_and_rights_are_an_entrys_own() -> None:
    moss, flechte = entries(FEED)
    links = {link.get("rel"): link for link in moss.findall(f"{ATOM}link")}
    enclosure = {"rel": "enclosure", "type": "audio/mpeg", "length": "1234567"}
    assert links["enclosure"].attrib == {**enclosure, "href": "https://notes.example/audio/moss.mp3"}
    assert links["replies"].get("href") == "https://talk.notes.example/moss"
    assert text(moss, "rights") == "© 2026 Ada Lovelace"
    assert [link.get("rel") for link in flechte.findall(f"{ATOM}link")] == ["alternate"]


def test_an_empty_feed_has_a_head_only() -> None:
    assert entries(EMPTY) == []
    assert text(root(EMPTY), "updated") == "2026-01-01T00:00:00+00:00"
