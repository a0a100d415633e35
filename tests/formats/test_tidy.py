from __future__ import annotations

import datetime as dt
from dataclasses import replace

from formats_samples import ADA, SITE, SUMMER, ZOE, make_entry, make_feed

from feeds.formats.tidy import labels, site_authors, tidy_feed
from feeds.model import Author, Entry, Media, Site


def tidy(entry: Entry, site: Site = SITE) -> Entry:
    return tidy_feed(site, make_feed(entry, content="both")).entries[0]


def test_a_missing_title_is_the_address() -> None:
    assert tidy(make_entry(title=" \x00")).post.title == "https://notes.example/blog/hello/"


def test_a_feed_without_title_has_the_sites_or_its_address() -> None:
    assert tidy_feed(SITE, make_feed(title="")).title == "Field Notes"
    assert tidy_feed(replace(SITE, title=""), make_feed(title="")).title == "https://notes.example/blog/"


def test_missing_ids_are_addresses() -> None:
    feed = tidy_feed(SITE, make_feed(make_entry(id=""), id=""))
    assert feed.id == "https://notes.example/blog/"
    assert feed.entries[0].post.id == "https://notes.example/blog/hello/"


def test_texts_are_cleaned_and_single_lines_collapsed() -> None:
    entry = make_entry(
        "<p>a\r\nb\x00</p>", "<pre>a\x0b\n\n  b</pre>", "a\n\nb", title="A\nB", tags=("c\td", "\x01")
    )
    tidied = tidy(entry)
    assert tidied.excerpt.html == "<p>a\nb</p>"
    assert tidied.content == "<pre>a\n\n  b</pre>"
    assert tidied.excerpt.text == "a b"
    assert tidied.post.title == "A B"
    assert tidied.post.tags == ("c d",)


def test_the_whole_post_is_dropped_from_a_feed_of_excerpts() -> None:
    entry = make_entry(content="<p>All of it.</p>")
    assert tidy_feed(SITE, make_feed(entry, content="excerpt")).entries[0].content is None
    assert tidy_feed(SITE, make_feed(entry, content="full")).entries[0].content == "<p>All of it.</p>"


def test_an_empty_post_is_no_content() -> None:
    assert tidy(make_entry(content="\x00")).content is None


def test_a_post_without_authors_has_the_sites() -> None:
    assert tidy(make_entry()).post.authors == (Author("The Field Notes team"),)
    assert tidy(make_entry(authors=(ZOE,))).post.authors == (ZOE,)
    assert tidy(make_entry(), replace(SITE, author="")).post.authors == ()


def test_nameless_and_repeated_authors_are_left_out() -> None:
    assert tidy(make_entry(authors=(ADA, Author(" "), ADA))).post.authors == (ADA,)
    assert site_authors(replace(SITE, author="\x00")) == ()


def test_labels_are_categories_then_tags_each_once() -> None:
    post = make_entry(categories=("Plants", "Walls"), tags=("moss", "Plants", "plants", "moss")).post
    assert labels(post) == ("Plants", "Walls", "moss", "plants")


def test_addresses_are_percent_encoded() -> None:
    picture = Media("https://notes.example/a b.png")
    entry = tidy(make_entry(url="https://notes.example/möss/", image=picture))
    post = entry.post
    assert post.url == "https://notes.example/m%C3%B6ss/"
    assert entry.image.url == "https://notes.example/a%20b.png"


def test_dates_have_whole_seconds_and_offsets_of_whole_minutes() -> None:
    amsterdam_until_1937 = dt.timezone(dt.timedelta(minutes=19, seconds=32))
    post = tidy(
        make_entry(
            published=dt.datetime(1936, 1, 1, 12, 0, 0, tzinfo=amsterdam_until_1937),
            updated=dt.datetime(2026, 7, 1, 12, 0, 0, 999_999, tzinfo=SUMMER),
        )
    ).post
    assert post.published.isoformat() == "1936-01-01T11:40:28+00:00"
    assert post.updated.isoformat() == "2026-07-01T12:00:00+02:00"
