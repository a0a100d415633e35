"""The page that lists every feed: `subscribe/index.html`."""

import datetime as dt
from pathlib import Path

import pytest
from projects import SETTINGS, blog, build_project, post
from webpages import Page

from feeds.pages import MARK

POSTS = {
    "a.md": post("Text.\n", title="Moss & <stone>", categories="[Walls]", date="2026-11-20"),
    "b.md": post("# شجرة\n\nText.\n", categories="[Trees]", date="2026-11-02", lang="ar"),
}


def page_of(root: Path, settings: str = "") -> Page:
    build_project(blog(root, POSTS, SETTINGS + settings))
    return Page((root / "public" / "subscribe" / "index.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The page of a blog without further settings."""
    return page_of(tmp_path_factory.mktemp("blog"))


def test_every_feed_is_there_with_each_address_to_be_copied(page: Page) -> None:
    names = ("feed.xml", "atom.xml", "feed.json")
    urls = [
        f"https://blog.example/{f}{name}"
        for f in ("newsletter/", "", "category/trees/", "category/walls/")
        for name in names
    ]
    assert page.texts("code") == urls
    assert page.values("button", "data-copy") == urls
    assert page.texts("h2") == ["Newsletter", "Everything", "By category"]
    assert page.texts("h3")[2:] == ["Trees", "Walls"]


def test_without_a_script_nothing_asks_to_be_clicked(page: Page) -> None:
    assert len(page.values("button", "hidden")) == len(page.texts("button"))
    assert page.values("script", "src") == page.values("link", "integrity") == []


def test_the_newest_posts_are_shown_in_their_own_language(page: Page) -> None:
    titles = [
        text for tag, attrs, text in page.elements if tag == "a" and "blog.example/2026" in str(attrs["href"])
    ]
    assert titles == ["Moss & <stone>", "شجرة", "شجرة", "Moss & <stone>"]
    assert ("ar", "rtl") in [(attrs.get("lang"), attrs.get("dir")) for _, attrs, _ in page.elements]
    assert page.values("time", "datetime")[0] == dt.datetime(2026, 11, 20, tzinfo=dt.UTC).isoformat()


def test_browsers_find_the_main_feed_and_search_engines_the_page(page: Page) -> None:
    assert page.values("link", "type") == [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
    ]
    assert "https://blog.example/subscribe/" in page.values("link", "href")


def test_the_newsletter_is_shown_with_its_newest_issue_and_where_to_sign_up(
    page: Page, tmp_path: Path
) -> None:
    issue, signup = "https://blog.example/newsletter/2026-11/", "https://blog.example/letters"
    assert issue in page.values("a", "href")
    assert "Get it by e-mail" not in page.texts("a")
    hrefs = page_of(tmp_path, f'[newsletter]\nsignup = "{signup}"\n').values("a", "href")
    assert [href for href in hrefs if href in (issue, signup)] == [issue, signup]


def test_a_template_of_ones_own_changes_what_it_likes(tmp_path: Path) -> None:
    own = '{% extends "feeds/subscribe.html" %}{% block intro %}<p class="lead">Hello.</p>{% endblock %}'
    (tmp_path / "look").mkdir()
    (tmp_path / "look" / "subscribe.html").write_text(own, "utf-8")
    page = page_of(tmp_path, '[newsletter]\ntemplates = "look"\n')
    assert "Hello." in page.texts("p")
    assert "Everything" in page.texts("h2")


def test_a_page_of_the_sites_own_is_left_alone_and_told(tmp_path: Path) -> None:
    own = tmp_path / "public" / "subscribe" / "index.html"
    own.parent.mkdir(parents=True)
    own.write_text("<html>ours</html>", "utf-8")
    built = build_project(blog(tmp_path, POSTS))
    assert own.read_text("utf-8") == "<html>ours</html>"
    assert [finding.rule for finding in built.findings] == ["foreign-page"]
    own.write_text(f"<html>{MARK} an older page of ours</html>", "utf-8")
    assert build_project(tmp_path).findings == ()
    assert "Everything" in own.read_text("utf-8")


def test_without_feeds_there_is_no_page(tmp_path: Path) -> None:
    build_project(blog(tmp_path, POSTS, f"{SETTINGS}[feeds]\nformats = []\n"))
    assert not (tmp_path / "public" / "subscribe").exists()
