"""The page that lists every issue of the newsletter: `newsletter/index.html`."""

import datetime as dt
import json
from pathlib import Path

import pytest
from projects import SETTINGS, blog, build_project, post, write_files
from webpages import Page

from feeds.pages import ListedIssue

HOME = "https://blog.example/newsletter/"
POSTS = {
    f"{day}.md": post(f"# Post {day}\n\nText.\n", date=day)
    for day in ("2024-12-30", "2025-03-02", "2025-03-09", "2026-10-01", "2026-11-02", "2026-11-20")
}


def page_of(root: Path, settings: str = "", posts: dict[str, str] = POSTS) -> Page:
    build_project(blog(root, posts, SETTINGS + settings))
    return Page((root / "public" / "newsletter" / "index.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The page of a blog in English without further settings."""
    return page_of(tmp_path_factory.mktemp("blog"))


def issues(page: Page) -> list[str]:
    """The ids of the issues that the headings link to."""
    found = zip(page.elements, page.elements[1:], strict=False)
    return [
        str(attrs["href"]).removeprefix(HOME).rstrip("/")
        for (above, _, _), (_, attrs, _) in found
        if above == "h3"
    ]


def test_every_issue_is_listed_by_year_the_newest_first(page: Page) -> None:
    assert page.texts("h2") == ["2026", "2025", "2024"]
    assert issues(page) == ["2026-11", "2026-10", "2025-03", "2024-12"]
    assert page.texts("h1") == ["Blog"]
    assert page.values("time", "datetime") == ["2026-11-20", "2026-10-01", "2025-03-09", "2024-12-30"]


def test_an_issue_is_listed_with_its_first_titles_and_none_is_counted_alone(tmp_path: Path) -> None:
    posts = {
        f"{month}-{day}.md": post(f"# Post {month}-{day}\n\nText.\n", date=f"2026-{month:02}-{day}")
        for month, number in ((8, 1), (9, 4), (10, 5))
        for day in range(10, 10 + number)
    }
    page = page_of(tmp_path, posts=posts)
    titles = [text for text in page.texts("a") if text.startswith(("Post", "+"))]
    october = ["Post 10-14", "Post 10-13", "Post 10-12", "+ 2 more"]
    assert titles == [*october, "Post 9-13", "Post 9-12", "Post 9-11", "Post 9-10", "Post 8-10"]
    assert [text for text in page.texts("span") if "post" in text] == ["5 posts", "4 posts", "1 post"]


@pytest.mark.parametrize(
    ("first", "last", "year"),
    [
        ("2025-12-29", "2026-01-04", 2026),  # week 1 of 2026
        ("2026-12-28", "2027-01-03", 2026),  # week 53 of 2026
        ("2026-10-01", "2026-12-31", 2026),
    ],
)
def test_an_issue_stands_in_the_year_of_most_of_its_days(first: str, last: str, year: int) -> None:
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    assert ListedIssue("", "", *days, days[0], ()).year == year


def test_years_can_be_jumped_to_where_there_are_many(page: Page, tmp_path: Path) -> None:
    assert page.values("nav", "aria-label") == []
    more = {**POSTS, "old.md": post("# Old\n\nText.\n", date="2023-01-01")}
    page = page_of(tmp_path, posts=more)
    targets = page.values("h2", "id")
    assert [url for url in page.values("a", "href") if url.startswith("#")] == [f"#{id}" for id in targets]
    assert len(targets) == len(set(targets)) == 4


def test_it_says_how_to_subscribe(page: Page, tmp_path: Path) -> None:
    assert {f"{HOME}feed.xml", f"{HOME}atom.xml", f"{HOME}feed.json"} <= set(page.values("a", "href"))
    assert "https://blog.example/subscribe/" in page.values("a", "href")
    assert "Get it by e-mail" not in page.texts("a")
    page = page_of(tmp_path, '[newsletter]\nsignup = "https://blog.example/letters"\n')
    assert "https://blog.example/letters" in page.values("a", "href")


def test_browsers_find_the_feed_of_issues_and_search_engines_the_page(page: Page) -> None:
    found = [(attrs.get("rel"), attrs["href"]) for tag, attrs, _ in page.elements if tag == "link"]
    assert found == [
        ("canonical", HOME),
        ("alternate", f"{HOME}feed.xml"),
        ("alternate", f"{HOME}atom.xml"),
        ("alternate", f"{HOME}feed.json"),
    ]


def test_names_of_issues_and_dates_are_in_the_language_of_the_site(tmp_path: Path) -> None:
    page = page_of(tmp_path, 'language = "he"\n')
    assert next((a.get("lang"), a.get("dir")) for tag, a, _ in page.elements if tag == "html") == (
        "he",
        "rtl",
    )
    assert "נובמבר 2026" in page.texts("a")
    assert any("20 בנובמבר 2026" in text for text in page.texts("time"))


@pytest.mark.parametrize(
    ("language", "title", "lead", "count", "marked"),
    [
        ("de", "Blog: Alle Ausgaben", "Alle Ausgaben (4)", "Beiträge: 2", False),
        ("en-GB", "Blog: All issues", "Every issue of the newsletter, the newest first: 4 so far.", "2 posts", False),
        ("fa", "Blog: All issues", "Every issue of the newsletter, the newest first: 4 so far.", "2 posts", True),
    ],
)  # fmt: skip
def test_words_are_those_of_the_letter_and_english_ones_say_so(
    language: str, title: str, lead: str, count: str, marked: bool, tmp_path: Path
) -> None:
    page = page_of(tmp_path, f'language = "{language}"\n')
    assert page.texts("title") == [title]
    assert page.texts("p")[0] == lead
    assert count in page.texts("span")
    said = next(attrs for tag, attrs, _ in page.elements if tag == "p")
    assert (said.get("lang") == "en") == marked
    (feeds,) = [attrs for _, attrs, text in page.elements if text == "All feeds"]
    assert (feeds.get("lang") == "en") == (language != "en-GB")
    subscribe = Page((tmp_path / "public" / "subscribe" / "index.html").read_text("utf-8"))
    assert title.removeprefix("Blog: ") in subscribe.texts("a")
    feed = json.loads((tmp_path / "public" / "newsletter" / "feed.json").read_bytes())
    assert feed["title"] == title


def test_a_title_in_another_language_says_so(tmp_path: Path) -> None:
    posts = {"a.md": post("# شجرة\n\nText.\n", date="2026-11-02", lang="ar")}
    page = page_of(tmp_path, posts=posts)
    assert ("ar", "rtl", "شجرة") in [(a.get("lang"), a.get("dir"), t) for _, a, t in page.elements]


def test_markup_in_titles_is_text(tmp_path: Path) -> None:
    posts = {"a.md": post(title="'<b>Bold</b> & co'", date="2026-11-02")}
    page = page_of(tmp_path, '[newsletter]\ntitle = "News <i>"\n', posts)
    assert "<b>Bold</b> & co" in page.texts("a")
    assert "News <i>" in page.texts("h1")


def test_a_template_of_ones_own_changes_what_it_likes(tmp_path: Path) -> None:
    own = '{% extends "feeds/archive.html" %}{% block intro %}<p>Hello, {{ count }}.</p>{% endblock %}'
    write_files(tmp_path, {"look/archive.html": own})
    page = page_of(tmp_path, '[newsletter]\ntemplates = "look"\n')
    assert "Hello, 4." in page.texts("p")
    assert issues(page) == ["2026-11", "2026-10", "2025-03", "2024-12"]
