from __future__ import annotations

import datetime as dt
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.generators.slugs import pymdownx_slugify
from feeds.model import Blog, Entry, Excerpt, Fields, Post, Site, Source, newest_first
from feeds.selection import (
    Selection,
    Wanted,
    archived,
    compile_feed,
    group_folders,
    main_posts,
    select_feeds,
)

DAY = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def never(*_: object) -> Post:
    raise AssertionError("selecting reads no file")


BLOG = Blog(("blog/posts",), "blog/", lambda path: True, lambda source: "", never)
SITE = Site(
    root=Path(),
    docs=Path(),
    docs_name="docs/",
    output=Path("site"),
    generator="material",
    title="Field Notes",
    url="https://example.org/",
    description="Walks and maps",
    language="en",
    timezone="UTC",
    author="",
    copyright="",
    blogs=(BLOG,),
    markdown=(),
    category_slug=pymdownx_slugify(),
    category_page=lambda name: f"blog/category/{name.lower()}/",
    excluded=lambda path: False,
)


def post(id: str, *categories: str, day: int = 0, **given: dt.datetime) -> Post:
    """A post some days after 22 November 2026."""
    published = given.get("published", DAY + dt.timedelta(days=day))
    updated = given.get("updated", published)
    return Post(
        id, f"https://example.org/{id}/", id.upper(), published, updated, (), categories, (), "en", "", "", False,
        Source(f"{id}.md", Fields(f"docs/{id}.md", {}), "", 1),
    )  # fmt: skip


def select(site: Site, posts: Sequence[Post], limit: int = 20) -> tuple[Selection, ...]:
    """The feeds of a site whose posts are all of its first blog."""
    return select_feeds(site, posts, {each.source.path: site.blogs[0] for each in posts}, Wanted(limit=limit))


def ids(selection: Selection) -> str:
    return " ".join(each.id for each in selection.posts)


# Order


def test_the_newest_post_comes_first() -> None:
    posts = [post("b", day=1), post("c", day=2), post("a", day=0)]
    assert [each.id for each in newest_first(posts)] == ["c", "b", "a"]


def test_posts_of_one_instant_come_by_id_whatever_their_zone() -> None:
    berlin = dt.timezone(dt.timedelta(hours=1))
    posts = [
        post("c"),
        post("a", published=DAY.astimezone(berlin)),
        post("b"),
        post("d", published=DAY.replace(tzinfo=berlin)),
    ]
    assert [each.id for each in newest_first(posts)] == ["a", "b", "c", "d"]


def test_pinning_and_updating_do_not_move_a_post() -> None:
    posts = [post("new", day=2), replace(post("old"), pinned=True, updated=DAY + dt.timedelta(days=9))]
    assert [each.id for each in newest_first(posts)] == ["new", "old"]


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 2)), unique_by=lambda pair: pair[0]),
    st.randoms(),
)
def test_the_order_does_not_depend_on_that_of_the_files(pairs: list[tuple[str, int]], random: object) -> None:
    posts = [post(id, day=day) for id, day in pairs]
    shuffled = list(posts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert newest_first(shuffled) == newest_first(posts)


# Feeds


def test_there_is_a_feed_of_everything_and_one_for_each_category_by_name() -> None:
    posts = (
        post("c", "Maps", "news", day=3),
        post("b", "Été", day=2),
        post("a", "News ", "Maps", day=1),
        post("o"),
    )
    found = select(SITE, posts, 20)
    assert [(each.title, ids(each)) for each in found] == [
        ("Field Notes", "c b a o"),
        ("Field Notes: Maps", "c a"),
        ("Field Notes: news", "c"),
        ("Field Notes: News ", "a"),
        ("Field Notes: Été", "b"),
    ]


@pytest.mark.parametrize(
    ("spellings", "title"),
    [(["News", "news", "News"], "News"), (["news", "NEWS"], "NEWS"), (["É", "e\u0301", "é", "é"], "é")],
)
def test_names_that_differ_in_case_alone_share_a_feed(spellings: list[str], title: str) -> None:
    posts = [post(str(number), spelling, day=-number) for number, spelling in enumerate(spellings)]
    _, found = select(SITE, posts)
    assert (found.title, found.folder) == (f"Field Notes: {title}", f"category/{title.lower()}")
    assert ids(found) == " ".join(each.id for each in posts)


def test_a_post_with_two_spellings_of_a_category_is_in_its_feed_once() -> None:
    _, found = select(SITE, [post("a", "News", "news")])
    assert ids(found) == "a"


def test_feeds_say_what_they_are_and_where_their_page_is() -> None:
    everything, maps = select(SITE, (post("a", "Maps"),), 20)
    assert everything == Selection(
        "Field Notes",
        "Walks and maps",
        "",
        "https://example.org/blog/",
        "en",
        everything.posts,
        everything.posts,
    )
    assert maps == Selection(
        "Field Notes: Maps",
        "Posts in the category Maps. Walks and maps",
        "category/maps",
        "https://example.org/blog/category/maps/",
        "en",
        maps.posts,
        maps.posts,
    )


def test_a_site_without_description_or_category_pages_or_with_several_blogs() -> None:
    site = replace(SITE, description="", category_page=lambda name: "", blogs=(BLOG, BLOG))
    everything, maps = select(site, (post("a", "Maps"),), 20)
    assert everything.description == "The posts of Field Notes"
    assert maps.description == "Posts in the category Maps. The posts of Field Notes"
    assert everything.home_url == maps.home_url == "https://example.org/"


@pytest.mark.parametrize(
    ("limit", "shown"), [(0, "c b a"), (1, "c"), (2, "c b"), (3, "c b a"), (20, "c b a")]
)
def test_a_limit_keeps_the_newest_of_every_feed(limit: int, shown: str) -> None:
    posts = newest_first([post("a", "Maps", day=1), post("b", "Maps", day=2), post("c", "Maps", day=3)])
    assert [ids(each) for each in select(SITE, posts, limit)] == [shown, shown]


def test_a_category_has_its_own_newest_posts_even_if_the_sites_feed_has_left_them_out() -> None:
    posts = newest_first([post("old", "Maps"), post("new", day=1)])
    assert [ids(each) for each in select(SITE, posts, 1)] == ["new", "old"]


def test_a_blog_without_posts_has_one_empty_feed() -> None:
    (only,) = select(SITE, (), 20)
    assert (only.title, only.folder, only.posts) == ("Field Notes", "", ())
    feed = compile_feed(SITE, only, {}, "excerpt")
    assert (feed.entries, feed.updated) == ((), dt.datetime(1970, 1, 1, tzinfo=dt.UTC))


def test_a_feed_has_its_entries_in_order_and_the_newest_change() -> None:
    posts = newest_first([post("a", updated=DAY + dt.timedelta(days=7)), post("b", day=1)])
    entries = {each.id: Entry(each, Excerpt("", "", True)) for each in posts}
    _, maps = select(SITE, (*posts, post("c", "Maps")), 0)
    feed = compile_feed(SITE, replace(maps, posts=posts), entries, "full")
    assert [entry.post.id for entry in feed.entries] == ["b", "a"]
    assert feed.updated == DAY + dt.timedelta(days=7)
    assert (feed.id, feed.folder, feed.language, feed.content) == (
        "https://example.org/category/maps/",
        "category/maps",
        "en",
        "full",
    )
    assert (
        compile_feed(SITE, replace(maps, folder="", posts=()), entries, "full").id == "https://example.org/"
    )


# Folders of categories


@pytest.mark.parametrize(
    ("names", "folders"),
    [
        (["News"], ["category/news"]),
        (["Big News", "Été", "日本"], ["category/big-news", "category/été", "category/日本"]),
        (["C++", "C#"], ["category/c-f1deb7", "category/c-040228"]),
        (["C++", "Maps"], ["category/c", "category/maps"]),
        (["News", "news"], ["category/news-69752f", "category/news-19fba0"]),
        (["Straße", "STRASSE"], ["category/straße-58a377", "category/strasse-b97805"]),
        (["e\u0301", "É"], ["category/é-bf1276", "category/é-a755f6"]),
        (["🎉"], ["category/614629"]),
        (["🎉", "!?"], ["category/614629", "category/8faf83"]),
        (["a/b"], ["category/ab"]),
    ],
)
def test_folders_of_categories(names: list[str], folders: list[str]) -> None:
    assert group_folders(SITE, "category", names) == dict(zip(names, folders, strict=True))


@pytest.mark.parametrize(
    ("slug", "folder"),
    [
        ("a/b", "category/a-b"),
        ("../../etc", "category/-..-etc"),
        ("a\\b:c*d?e\"f<g>h|i", "category/a-b-c-d-e-f-g-h-i"),
        ("tab\there\x00", "category/tab-here-"),
        (" .dots. ", "category/dots"),
        ("%2Fa", "category/%2Fa"),
        pytest.param("x" * 100, f"category/{'x' * 100}", id="100 bytes"),
        pytest.param("x" * 101, f"category/{'x' * 100}-c675a2", id="too long"),
        pytest.param("é" * 60, f"category/{'é' * 50}-f989aa", id="too long"),
        pytest.param("x" + "日" * 40, f"category/x{'日' * 33}-ac9875", id="too long"),
    ],
)  # fmt: skip
def test_any_slug_is_one_folder_that_any_disk_can_hold(slug: str, folder: str) -> None:
    site = replace(SITE, category_slug=lambda name: slug)
    assert group_folders(site, "category", ["A"]) == {"A": folder}


NAMES = st.lists(
    st.one_of(
        st.sampled_from(["C++", "C#", "c", "News", "news", "NEWS", "Straße", "strasse", "é", "e\u0301", "🎉", "…", "a/b", "ab", "a b"]),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=140),
    ),
    unique=True,
    max_size=8,
)  # fmt: skip


@given(NAMES, st.randoms())
@settings(deadline=None, max_examples=200)
def test_folders_differ_on_every_disk_and_do_not_depend_on_the_order(
    names: list[str], random: object
) -> None:
    folders = group_folders(SITE, "category", names)
    assert set(folders) == set(names)
    assert len({unicodedata.normalize("NFD", folder).casefold() for folder in folders.values()}) == len(names)
    for folder in folders.values():
        first, last = folder.split("/")
        assert first == "category"
        assert last not in ("", ".", "..")
        assert len(last.encode()) <= 120
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group_folders(SITE, "category", shuffled) == folders


# Languages and blogs


FRENCH = replace(BLOG, home="fr/blog/", language="fr", title="Carnets", feeds="fr")
POSTS = (post("c", "Maps"), post("b", "Maps"), post("a"))


def test_another_language_has_a_set_of_feeds_of_its_own() -> None:
    site = replace(SITE, blogs=(BLOG, FRENCH))
    of = dict(zip(("c.md", "b.md", "a.md"), (BLOG, FRENCH, FRENCH), strict=True))
    found = select_feeds(site, POSTS, of, Wanted())
    assert [(each.title, each.folder, each.language, ids(each)) for each in found] == [
        ("Field Notes", "", "en", "c"),
        ("Field Notes: Maps", "category/maps", "en", "c"),
        ("Carnets", "fr", "fr", "b a"),
        ("Carnets: Maps", "fr/category/maps", "fr", "b"),
    ]
    assert {each.home_url for each in found[2:]} == {"https://example.org/fr/blog/"}
    assert main_posts(site, POSTS, of) == POSTS[:1]


def test_each_of_several_blogs_has_its_feeds_besides_those_of_all() -> None:
    news, notes = replace(BLOG, home="news/", feeds="news"), replace(BLOG, home="notes/", feeds="notes")
    of = dict(zip(("c.md", "b.md", "a.md"), (news, notes, notes), strict=True))
    found = select_feeds(replace(SITE, blogs=(news, notes)), POSTS, of, Wanted())
    assert [(each.title, each.folder, ids(each)) for each in found if "category" not in each.folder] == [
        ("Field Notes", "", "c b a"),
        ("Field Notes (news)", "news", "c"),
        ("Field Notes (notes)", "notes", "b a"),
    ]


def test_a_site_without_a_blog_in_its_language_has_them_all_in_its_own_feeds() -> None:
    site = replace(SITE, blogs=(replace(FRENCH, feeds=""),))
    assert [ids(each) for each in select(site, POSTS)] == ["c b a", "c b"]


# Archives


@given(st.integers(0, 30), st.integers(1, 7), st.integers(0, 7))
def test_a_full_archive_document_never_changes_when_posts_are_added(count: int, size: int, more: int) -> None:
    posts = newest_first([post(f"p{number:02}", day=number) for number in range(count + more)])

    def documents(number: int) -> tuple[tuple[Post, ...], ...]:
        everything = posts[len(posts) - number :]
        return archived(replace(select(SITE, ())[0], posts=(), everything=everything), size)

    before, after = documents(count), documents(count + more)
    assert [each for each in before if len(each) == size] == list(after[: count // size])
    assert [each for page in reversed(after) for each in page] == list(posts)
    assert all(len(page) == size for page in after[:-1])


def test_a_feed_that_shows_everything_needs_no_archive() -> None:
    (everything,) = select(SITE, (post("a"),), 20)
    assert archived(everything, 5) == ()
    assert archived(replace(everything, posts=()), 0) == ()


def test_the_id_of_a_feed_is_an_address_whatever_its_folder_is_called() -> None:
    maps = select(SITE, [post("a", "Été à la mer")])[1]
    entries = {"a": Entry(post("a", "Été à la mer"), Excerpt("", "", True))}
    found = compile_feed(SITE, maps, entries, "excerpt").id
    assert found == "https://example.org/category/%C3%A9t%C3%A9-%C3%A0-la-mer/"


# Size


def test_twenty_thousand_posts_with_five_thousand_tags_take_no_time() -> None:
    count, tags = 20_000, 5_000
    posts = newest_first(
        replace(
            post(f"p{number}", day=-(number % 4_000)), tags=(f"t{number % tags}", f"t{number * 7 % tags}")
        )
        for number in range(count)
    )
    blogs = {each.source.path: BLOG for each in posts}
    began = time.perf_counter()
    found = select_feeds(SITE, posts, blogs, Wanted(("tag",), limit=5))
    assert len(found) == tags + 1
    assert sum(len(page) for each in found for page in archived(each, 10)) >= count
    assert time.perf_counter() - began < 10
