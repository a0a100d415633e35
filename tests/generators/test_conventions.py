from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feeds.errors import FeedsError, Finding
from feeds.generators.conventions import Conventions, is_draft, name_as_title
from feeds.generators.rules import read_post
from feeds.model import Author, Naming, Post, Reading, Source
from feeds.posts.frontmatter import parse_source

ADA = Author("Ada Lovelace", "ada", "https://ada.example/")
BOB = Author("Bob", "bob")


def address(naming: Naming) -> str:
    """A permalink that shows all that it could be made of."""
    categories = "".join(f"[{name}]" for name in naming.categories)
    return f"{naming.date:%Y-%m-%d}/{categories}{naming.slug or naming.heading}/{naming.stem}"


URL = "https://example.org/"
LENIENT = Conventions(URL, "en", {}, address)
STRICT = Conventions(URL, "en", {"ada": ADA, "bob": BOB}, address, strict=True, names_authors=True)


def source_of(matter: str, body: str = "Text\n", path: str = "posts/my-file.md") -> Source:
    source = parse_source(f"---\n{matter}\n---\n{body}", path, f"docs/{path}", lambda finding: None)
    assert source is not None
    return source


def read(
    matter: str,
    blog: Conventions = LENIENT,
    *,
    body: str = "Text\n",
    path: str = "posts/my-file.md",
    heading: str | None = None,
    dated: bool = True,
    findings: list[Finding] | None = None,
    zone: dt.tzinfo = dt.UTC,
    time: dt.time = dt.time(),
) -> Post:
    """The post with this front matter (a date is added at the end) and this heading in its text."""
    report = (findings if findings is not None else []).append
    reading = Reading(zone, time, lambda source: heading, report)
    source = source_of(f"{matter}\ndate: 2026-11-22" if dated else matter, body, path)
    return read_post(source, reading, blog.rules())


def refusal(matter: str, blog: Conventions = LENIENT, **given: Any) -> str:
    """The error's rule and first line; each says how to mend it, and in which line."""
    with pytest.raises(FeedsError) as caught:
        read(matter, blog, **given)
    assert caught.value.at is not None
    assert caught.value.at.path.startswith("docs/")
    return f"{caught.value.rule}: " + str(caught.value).split("\n")[0]


def warnings(matter: str, blog: Conventions = LENIENT, **given: Any) -> list[str]:
    findings: list[Finding] = []
    read(matter, blog, findings=findings, **given)
    return [f"{each.rule}: {str(each).splitlines()[0]}" for each in findings]


def test_a_post_has_all_that_its_front_matter_says() -> None:
    post = read(
        "title: Été\nslug: summer\nauthors: [ada]\ncategories: [News]\ntags: [a, b]\nlang: fr\ndescription: |\n  Two\n"
        "  lines\nimage: img/a.png\npin: true\nid: urn:x:1\ndate: {created: 2026-11-20, updated: 2026-11-21}",
        STRICT,
        dated=False,
    )
    assert (post.id, post.url) == ("urn:x:1", "https://example.org/2026-11-20/[News]summer/my-file")
    assert (post.title, post.description, post.image) == ("Été", "Two lines", "img/a.png")
    assert (post.published.day, post.updated.day) == (20, 21)
    assert (post.authors, post.categories, post.tags) == ((ADA,), ("News",), ("a", "b"))
    assert (post.language, post.pinned) == ("fr", True)
    assert post.source.body == "Text\n"


def test_a_post_needs_nothing_but_a_date() -> None:
    for blog in (LENIENT, STRICT):
        post = read("", blog)
        assert post.id == post.url == "https://example.org/2026-11-22/My file/my-file"
        assert (post.title, post.description, post.image, post.language) == ("My file", "", "", "en")
        assert (post.authors, post.categories, post.tags, post.pinned) == ((), (), (), False)
        assert post.updated == post.published == dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def test_keys_that_were_left_empty_are_as_good_as_missing() -> None:
    keys = [
        "slug",
        "authors",
        "author",
        "categories",
        "tags",
        "lang",
        "description",
        "image",
        "pin",
        "id",
        "updated",
    ]
    empty = read("".join(f"{key}:\n" for key in keys) + "draft: ~")
    assert replace(empty, source=read("").source) == read("")


# Titles


@pytest.mark.parametrize("blog", [LENIENT, STRICT])
@pytest.mark.parametrize(
    ("matter", "heading", "title"),
    [
        ("title: From the field", "From the text", "From the field"),
        ("", "From the text", "From the text"),
        ("", None, "My file"),
        ("title: 'Two  words\n\n  and more '", None, "Two words and more"),
        ("title: 'no'", None, "no"),
        ("title: <b>&amp; *C++*", None, "<b>&amp; *C++*"),
        ("title: 🏔️", None, "🏔️"),
        ("slug: x\ntitle: 2026", None, "2026"),
        ("slug: x\ntitle: yes", None, "yes"),
        ("slug: x\ntitle: 1.10", None, "1.10"),
        ("slug: x\ntitle: 2026-11-22", None, "2026-11-22"),
    ],
)
def test_titles(matter: str, heading: str | None, title: str, blog: Conventions) -> None:
    assert read(matter, blog, heading=heading).title == title


@pytest.mark.parametrize(
    ("matter", "strict", "lenient"),
    [
        ("title: 2026", "title: docs/posts/my-file.md:2:1: the title is no text", None),
        ("title: no", "title: docs/posts/my-file.md:2:1: the title is no text", None),
        ("title: 2026-11-22", "title: docs/posts/my-file.md:2:1: the title is no text", None),
        ("tags: []\ntitle:", *["title: docs/posts/my-file.md:3:1: the title is no text"] * 2),
        ("title: [A]", *["title: docs/posts/my-file.md:2:1: the title is no text"] * 2),
        ("title: {de: A}", *["title: docs/posts/my-file.md:2:1: the title is no text"] * 2),
    ],
)
def test_titles_that_are_no_text(matter: str, strict: str, lenient: str | None) -> None:
    assert refusal(matter, STRICT) == strict
    if lenient:
        assert refusal(matter, LENIENT) == lenient
    else:
        assert read(matter, LENIENT).title == matter.removeprefix("title: ")


@pytest.mark.parametrize(("heading", "shown"), [("From the text", "From the text"), (None, "My file")])
def test_an_empty_title_is_pointed_out(heading: str | None, shown: str) -> None:
    assert warnings("title: ' '", heading=heading) == [
        f"title: docs/posts/my-file.md:2:1: warning: the title is empty, {shown!r} is shown"
    ]
    assert read("title: ''", heading=heading).title == shown


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("posts/my-file.md", "My file"),
        ("posts/my_file.md", "My file"),
        ("posts/My-file.md", "My file"),
        ("posts/NASA-news.md", "NASA news"),
        ("posts/2026-11-22-a.md", "2026 11 22 a"),
        ("posts/v1.2.md", "V1.2"),
        ("posts/index.md", "Index"),
        ("posts/README.md", "Index"),
        ("a.markdown", "A"),
        ("日本.md", "日本"),
    ],
)
def test_titles_from_file_names(path: str, title: str) -> None:
    assert name_as_title(path) == title
    assert read("", path=path).title == title


# Addresses


@pytest.mark.parametrize("blog", [LENIENT, STRICT])
@pytest.mark.parametrize(
    ("matter", "body", "path", "end"),
    [
        ("title: A title", "Text", "posts/a.md", "A title/a"),
        ("title: A title\nslug: s", "Text", "posts/a.md", "s/a"),
        ("slug: 's  s'", "Text", "posts/a.md", "s  s/a"),
        ("title: '  A  title '", "Text", "posts/a.md", "  A  title /a"),
        ("title: A title", "# A heading", "posts/a.md", "A title/a"),
        ("", "# A heading\n\nText", "posts/a.md", "A heading/a"),
        ("", "\n\n# A *heading* {#x}\n", "posts/a.md", "A *heading* {#x}/a"),
        ("", "Text first\n\n# A heading\n", "posts/my-file.md", "My file/my-file"),
        ("", "", "posts/x/README.md", "Index/index"),
        ("", "Text", "posts/v1.2.md", "V1.2/v1.2"),
    ],
)
def test_addresses_are_made_of_slug_title_heading_and_file(
    matter: str, body: str, path: str, end: str, blog: Conventions
) -> None:
    assert read(matter, blog, body=body, path=path).url == f"https://example.org/2026-11-22/{end}"


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2026-11-22T00:30:00+02:00", "2026-11-22"),
        ("2026-11-22T23:30:00-08:00", "2026-11-22"),
        ("2026-11-22", "2026-11-22"),
    ],
)
def test_the_day_in_an_address_is_the_day_as_written(date: str, day: str) -> None:
    assert read(f"date: {date}", dated=False).url.startswith(f"https://example.org/{day}/")


@pytest.mark.parametrize("written", ["12", "yes", "2026-11-22", "1.5"])
def test_slugs_that_are_no_text(written: str) -> None:
    assert refusal(f"slug: {written}", STRICT) == "slug: docs/posts/my-file.md:2:1: the slug is no text"
    assert read(f"slug: {written}", LENIENT).url == f"https://example.org/2026-11-22/{written}/my-file"


@pytest.mark.parametrize("written", ["[a]", "{a: b}"])
def test_slugs_that_are_several(written: str) -> None:
    for blog in (STRICT, LENIENT):
        assert refusal(f"slug: {written}", blog) == "slug: docs/posts/my-file.md:2:1: the slug is no text"


def test_an_address_that_cannot_be_is_told_with_the_place_of_the_slug() -> None:
    def refuse(naming: Naming) -> str:
        raise FeedsError("no such address", help="change the slug", rule="permalink")

    blog = Conventions(URL, "en", authors={}, permalink=refuse)
    assert refusal("title: A\nslug: b", blog) == "permalink: docs/posts/my-file.md:3:1: no such address"
    assert refusal("title: A", blog) == "permalink: docs/posts/my-file.md: no such address"


# Dates


@pytest.mark.parametrize(
    ("matter", "published", "updated"),
    [
        ("date: 2026-11-22", "2026-11-22", "2026-11-22"),
        ("date: {created: 2026-11-22}", "2026-11-22", "2026-11-22"),
        ("date:\n  created: 2026-11-22\n  updated: 2026-11-24", "2026-11-22", "2026-11-24"),
        ("date: {created: 2026-11-22, updated: }", "2026-11-22", "2026-11-22"),
        ("date: {created: 2026-11-22, updated: 2026-11-20}", "2026-11-22", "2026-11-22"),
        ("date: {created: 2026-11-22, reviewed: 2026-11-30}", "2026-11-22", "2026-11-22"),
    ],
)
def test_dates_and_updates(matter: str, published: str, updated: str) -> None:
    for blog in (STRICT, LENIENT):
        post = read(matter, blog, dated=False)
        assert (f"{post.published:%Y-%m-%d}", f"{post.updated:%Y-%m-%d}") == (published, updated)


@pytest.mark.parametrize(
    ("matter", "strict", "lenient"),
    [
        ("date: 2026-11-22\nupdated: 2026-11-24", 22, 24),
        ("date: 2026-11-22\nupdated: 2026-11-20", 22, 22),
        ("date: 2026-11-22\nupdated:", 22, 22),
        ("date: {created: 2026-11-22}\nupdated: 2026-11-24", 22, 22),
    ],
)
def test_a_key_of_its_own_for_updates_is_not_known_to_material(
    matter: str, strict: int, lenient: int
) -> None:
    assert read(matter, STRICT, dated=False).updated.day == strict
    assert read(matter, LENIENT, dated=False).updated.day == lenient


def test_zone_and_default_time_are_handed_on() -> None:
    post = read("", zone=ZoneInfo("Europe/Berlin"), time=dt.time(9))
    assert post.published.isoformat() == "2026-11-22T09:00:00+01:00"


@pytest.mark.parametrize(
    ("matter", "message"),
    [
        ("title: A", "no-date: docs/posts/my-file.md:1: the post has no date"),
        ("title: A\ndate:", "no-date: docs/posts/my-file.md:3:1: the post has no date"),
        ("title: A\ndate: {updated: 2026-11-22}", "no-date: docs/posts/my-file.md:3:1: date has no created: in it"),
        ("title: A\ndate: {created: }", "no-date: docs/posts/my-file.md:3:1: date has no created: in it"),
        ("title: A\ndate: {}", "no-date: docs/posts/my-file.md:3:1: date has no created: in it"),
        ("date: soon", "date: docs/posts/my-file.md:2:7: 'soon' is not a date"),
        ("date: 2026-02-30", "date: docs/posts/my-file.md:2:7: '2026-02-30' is not a date: day is out of range for month"),
        ("date: [2026-11-22]", "date: docs/posts/my-file.md:2:8: a date is wanted here"),
        ("date:\n  created: 2026-11-22\n  updated: soon", "date: docs/posts/my-file.md:4:12: 'soon' is not a date"),
        ("date:\n  created: soon", "date: docs/posts/my-file.md:3:12: 'soon' is not a date"),
    ],
)  # fmt: skip
def test_dates_that_are_missing_or_none(matter: str, message: str) -> None:
    for blog in (STRICT, LENIENT):
        assert refusal(matter, blog, dated=False).startswith(message)


def test_a_quoted_date_is_refused_only_where_material_refuses_it() -> None:
    assert refusal("date: '2026-11-22'", STRICT, dated=False).endswith("the date '2026-11-22' is quoted")
    assert read("date: '2026-11-22'", LENIENT, dated=False).published.day == 22


# Categories and tags


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("[News, C++]", ("News", "C++")),
        ("\n  - News\n  - C++", ("News", "C++")),
        ("[b, a, b]", ("b", "a")),
        ("['2026', 'no']", ("2026", "no")),
        ("[]", ()),
        ("['', ' ']", ()),
    ],
)
def test_categories_keep_their_order_and_come_once(written: str, names: tuple[str, ...]) -> None:
    for blog in (STRICT, LENIENT):
        assert read(f"categories: {written}", blog).categories == names


def test_slugs_are_made_of_categories_as_material_reads_them() -> None:
    matter = "categories: ['a  b', 'c\u00a0d']"
    assert read(matter, STRICT).url == "https://example.org/2026-11-22/[a  b][c\u00a0d]My file/my-file"
    assert read(matter, LENIENT).url == "https://example.org/2026-11-22/[a b][c d]My file/my-file"


@pytest.mark.parametrize(
    ("written", "strict", "names"),
    [
        ("News", "2:13: categories must be a list of texts", ("News",)),
        ("2026", "2:13: categories must be a list of texts", ("2026",)),
        ("[2026]", "2:14: categories must be a list of texts, '2026' is none", ("2026",)),
        ("[a, no]", "2:17: categories must be a list of texts, 'no' is none", ("a", "no")),
        ("[a, 1.10]", "2:17: categories must be a list of texts, '1.10' is none", ("a", "1.10")),
        (
            "\n  - a\n  - 2026-11-22",
            "4:5: categories must be a list of texts, '2026-11-22' is none",
            ("a", "2026-11-22"),
        ),
        ("[a, null]", "2:17: categories must be a list of texts, 'null' is none", ("a",)),
        ("[a, [b, c]]", "2:14: categories must be a list of texts", ("a", "b", "c")),
        ("[[]]", "2:1: categories must be a list of texts", ()),
    ],
)
def test_categories_that_are_no_list_of_texts(written: str, strict: str, names: tuple[str, ...]) -> None:
    matter = f"categories: {written}"
    assert refusal(matter, STRICT) == f"categories: docs/posts/my-file.md:{strict}"
    assert read(matter, LENIENT).categories == names


def test_a_mapping_of_categories_is_refused() -> None:
    for blog in (STRICT, LENIENT):
        message = "categories: docs/posts/my-file.md:2:17: categories must be a list of texts"
        assert refusal("categories: {a: b}", blog) == message
    assert refusal("tags: {}") == "tags: docs/posts/my-file.md:2:1: tags must be a list of texts"


def test_lists_inside_a_list_are_pointed_out() -> None:
    message = "docs/posts/my-file.md:2:8: warning: tags must be a list of texts; the lists inside it are taken as one"
    assert warnings("tags: [a, [b]]", STRICT) == [f"tags: {message}"]


@pytest.mark.parametrize("written", ["[a, b]", "[[a], b, a]", "['a', \"b\"]", "[' a ', 'b']"])
def test_tags_are_read_leniently_for_the_blog_plugin_leaves_them_alone(written: str) -> None:
    assert read(f"tags: {written}", STRICT).tags == ("a", "b")
    assert read("tags: 2026", STRICT).tags == ("2026",)


# Authors


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("authors: [ada]", (ADA,)),
        ("authors: [bob, ada, bob]", (BOB, ADA)),
        ("authors: []", ()),
        ("author: ada", ()),
    ],
)
def test_material_knows_authors_by_the_key_in_their_file(written: str, authors: tuple[Author, ...]) -> None:
    assert read(written, STRICT).authors == authors


@pytest.mark.parametrize(
    ("written", "message", "help"),
    [
        ("authors: [adda]", "author: docs/posts/my-file.md:2:1: the author 'adda' is not in the authors' file", "did you mean 'ada'?"),
        ("authors: [zoë]", "author: docs/posts/my-file.md:2:1: the author 'zoë' is not in the authors' file", "add them to .authors.yml"),
        ("authors: ada", "authors: docs/posts/my-file.md:2:10: authors must be a list of texts", "write authors: [one, two], or each on a line with a dash"),
        ("authors: [{name: Ada}]", "authors: docs/posts/my-file.md:2:18: authors must be a list of texts", "write authors: [one, two], or each on a line with a dash"),
        ("authors: [1]", "authors: docs/posts/my-file.md:2:11: authors must be a list of texts, '1' is none", 'put it in quotes: "1"'),
    ],
)  # fmt: skip
def test_authors_that_material_does_not_know(written: str, message: str, help: str) -> None:
    assert refusal(written, STRICT) == message
    with pytest.raises(FeedsError) as caught:
        read(written, STRICT)
    assert caught.value.help == help


def test_authors_are_left_out_where_the_plugin_leaves_them_out() -> None:
    blog = Conventions(URL, "en", authors={}, permalink=address, strict=True, names_authors=False)
    assert read("authors: [whoever]", blog).authors == ()
    assert read("authors: nonsense", blog).authors == ()


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("author: Ada  Lovelace", (Author("Ada Lovelace"),)),
        ("author: Ada, Bob", (Author("Ada, Bob"),)),
        ("author: 7", (Author("7"),)),
        ("authors: Ada", (Author("Ada"),)),
        ("authors: [Ada, Bob]", (Author("Ada"), Author("Bob"))),
        ("authors: [Ada, [Bob], Ada]", (Author("Ada"), Author("Bob"))),
        ("author: [Ada]", (Author("Ada"),)),
        ("author: {name: Ada, url: https://ada.example/}", (Author("Ada", url="https://ada.example/"),)),
        ("authors: [{name: Ada, email: a@b.c, id: x, title: Ms}]", (Author("Ada", "x", email="a@b.c"),)),
        ("authors: [{name: Ada, url: }]", (Author("Ada"),)),
        ("authors: [{url: /}, {name: }, {name: ~}, {}, '', ~]", ()),
        ("authors: [Ada]\nauthor: Bob", (Author("Ada"),)),
        ("authors:\nauthor: Bob", ()),
    ],
)
def test_authors_in_any_shape(written: str, authors: tuple[Author, ...]) -> None:
    assert read(written, LENIENT).authors == authors
    assert warnings(written, LENIENT) == []


def test_authors_are_looked_up_where_there_is_a_file_of_them() -> None:
    blog = Conventions(URL, "en", authors={"ada": ADA}, permalink=address)
    assert read("authors: [ada, {name: Guest}]", blog).authors == (ADA, Author("Guest"))
    assert read("author: ada", blog).authors == (ADA,)
    assert read("authors: [ada, Zoë]", blog).authors == (ADA, Author("Zoë"))
    assert warnings("tags: []\nauthors: [ada, Zoë]", blog) == [
        "author: docs/posts/my-file.md:3:16: warning: the author 'Zoë' is not in the authors' file; shown as written"
    ]


# Drafts


@pytest.mark.parametrize(
    ("written", "strict", "lenient"),
    [
        ("true", True, True),
        ("yes", True, True),
        ("On", True, True),
        ("false", False, False),
        ("no", False, False),
        ("", False, False),
        ("null", False, False),
        ("'true'", None, True),
        ("' YES '", None, True),
        ("'false'", None, False),
        ("'no'", None, False),
        ("1", None, True),
        ("0", None, False),
        ("maybe", None, None),
        ("[true]", None, None),
    ],
)
def test_drafts(written: str, strict: bool | None, lenient: bool | None) -> None:
    source = source_of(f"title: A\ndraft: {written}")
    for blog, expected in ((STRICT, strict), (LENIENT, lenient)):
        if expected is None:
            with pytest.raises(
                FeedsError, match=r"my-file\.md:3:1: draft must be true or false, without quotes"
            ):
                is_draft(source, blog.strict)
        else:
            assert is_draft(source, blog.strict) is expected


def test_a_post_that_does_not_say_draft_is_none() -> None:
    assert not is_draft(source_of("title: A"), strict=True)
    assert not is_draft(source_of("published: false"), strict=False)


@pytest.mark.parametrize(
    ("written", "pinned"),
    [("true", True), ("false", False), ("'true'", False), ("1", False), ("[true]", False)],
)
def test_a_post_is_pinned_by_a_plain_true(written: str, pinned: bool) -> None:
    assert read(f"pin: {written}").pinned is pinned


# Ids


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("id: tag:example.org,2026:a", "tag:example.org,2026:a"),
        ("id: https://old.example/a?b=1#c", "https://old.example/a?b=1#c"),
        ("id: URN:isbn:1", "URN:isbn:1"),
        ("id: ' urn:x:1 '", "urn:x:1"),
        ("guid: urn:x:1", "urn:x:1"),
        ("id: urn:x:1\nguid: urn:x:2", "urn:x:1"),
        ("id: 6BA7B810-9dad-11d1-80b4-00c04fd430c8", "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ("id: not a uri\nguid: urn:x:2", "urn:x:2"),
    ],
)
def test_ids_of_the_authors_own(written: str, id: str) -> None:
    post = read(written)
    assert (post.id, post.url) == (id, "https://example.org/2026-11-22/My file/my-file")


@pytest.mark.parametrize(
    "written", ["42", "my-post", "'urn:with blank'", "'urn:'", "'<urn:a>'", "6ba7b810-9dad", "'1:2'", "''"]
)
def test_what_is_no_uri_is_no_id(written: str) -> None:
    post = read(f"id: {written}")
    assert post.id == post.url
    shown = written.strip("'")
    assert warnings(f"title: A\nid: {written}") == [
        f"id: docs/posts/my-file.md:3:1: warning: id {shown!r} is no URI; the address is the id"
    ]


@pytest.mark.parametrize("written", ["id: [a]", "id:", "guid: {a: b}"])
def test_an_id_that_is_no_text_is_none(written: str) -> None:
    post = read(written)
    assert post.id == post.url


# Languages and plain texts


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("lang: de", "de"),
        ("lang: pt-BR", "pt-BR"),
        ("lang: pt_BR", "pt-BR"),
        ("lang: zh-Hant-TW", "zh-Hant-TW"),
        ("language: fr", "fr"),
        ("lang: de\nlanguage: fr", "de"),
        ("lang: no", "no"),
        ("lang: '  de '", "de"),
        ("lang: deutsch\nlanguage: de", "de"),
    ],
)
def test_languages(written: str, language: str) -> None:
    assert read(written).language == language


@pytest.mark.parametrize("written", ["deutsch", "'d'", "de-", "'de DE'", "12", "''"])
def test_what_is_no_language_is_pointed_out(written: str) -> None:
    assert read(f"lang: {written}").language == "en"
    shown = written.strip("'")
    assert warnings(f"title: A\nlang: {written}") == [
        f"language: docs/posts/my-file.md:3:1: warning: {shown!r} is no language tag"
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("One line", "One line"),
        ("|\n  Two\n\n  lines", "Two lines"),
        ("12", "12"),
        ("[a]", ""),
        ("", ""),
        ("''", ""),
    ],
)
def test_descriptions_are_one_line(written: str, text: str) -> None:
    assert read(f"description: {written}").description == text
    assert read(f"image: {written}").image == text
