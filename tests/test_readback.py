"""What a feed reader makes of the sample blog's feeds: the posts, and nothing but the posts."""

import datetime as dt
from pathlib import Path
from typing import Any

import feedparser
import pytest
from projects import CHECKOUT, NOW

from feeds.build import Choices, build
from feeds.config import load_settings
from feeds.generators import load_site
from feeds.model import Entry
from feeds.posts.collect import Policy, load_posts, page_addresses
from feeds.posts.entries import render_entry
from feeds.posts.links import Links
from feeds.posts.rendering import Renderer
from feeds.posts.scope import Scope
from feeds.posts.titles import heading_title

pytestmark = pytest.mark.skipif(not (CHECKOUT / "content").is_dir(), reason="the sample blog is not here")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample blog's feeds, without a limit."""
    folder = tmp_path_factory.mktemp("output")
    overrides = {"site.output": str(folder / "site"), "newsletter.letters": str(folder / "letters")}
    settings = load_settings(CHECKOUT, overrides={**overrides, "feeds.limit": 0}, environ={})
    build(settings, Choices(NOW))
    return folder / "site"


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    """The sample blog's published entries by their address."""
    settings = load_settings(CHECKOUT, environ={})
    site = load_site(settings, lambda finding: None)
    renderer = Renderer(site, lambda finding: None)
    posts = load_posts(
        site, Policy(NOW), lambda source: heading_title(source, renderer), lambda finding: None
    )
    pages = page_addresses(site, posts)
    links = Links(site, pages)
    scopes = (Scope(site, post.source, post.url, {}, pages, lambda finding: None) for post in posts.published)
    return {
        post.url: render_entry(scope, post, renderer, links, full=False)
        for post, scope in zip(posts.published, scopes, strict=True)
    }


def parsed(path: Path) -> Any:
    feed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert feed.bozo is False, feed.get("bozo_exception")
    return feed


def instant(text: str) -> dt.datetime:
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(text) if "," in text else dt.datetime.fromisoformat(text)


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_a_reader_gets_back_every_post(output: Path, entries: dict[str, Entry], name: str) -> None:
    found = parsed(output / name).entries
    assert {item.link for item in found} == set(entries)
    for item in found:
        entry = entries[item.link]
        assert item.id == entry.post.id
        assert item.title == entry.post.title
        assert instant(item.published) == entry.post.published
        names = [author.name for author in entry.post.authors]
        assert [author.name for author in item.authors] == names or item.author == ", ".join(names)
        assert [tag.term for tag in item.tags] == list(dict.fromkeys(entry.post.categories + entry.post.tags))
        body = item.content[0].value if "content" in item else item.summary
        assert body == entry.excerpt.html


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_a_category_feed_holds_the_posts_of_its_category(
    output: Path, entries: dict[str, Entry], name: str
) -> None:
    folders = sorted((output / "category").iterdir())
    assert len(folders) == 6
    for folder in folders:
        feed = parsed(folder / name)
        category = feed.feed.title.removeprefix("Above the Bakery: ")
        expected = {url for url, entry in entries.items() if category in entry.post.categories}
        assert {item.link for item in feed.entries} == expected


def test_ids_are_the_same_in_every_feed_and_format(output: Path) -> None:
    seen: dict[str, set[str]] = {}
    for path in (*output.rglob("feed.xml"), *output.rglob("atom.xml")):
        for item in parsed(path).entries:
            seen.setdefault(item.link, set()).add(item.id)
    assert all(len(ids) == 1 for ids in seen.values())
