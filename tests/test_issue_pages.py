"""The newsletter on the web: every issue as a page, and the feed of those that are over."""

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from projects import NOW, SETTINGS, blog, build_project, files_below, post, run_here, write_files
from webpages import Page

from feeds.archive import compile_issues, is_issue_page, issues_feed, next_issue_due, plan_archive
from feeds.compilation import Choices, compile_all
from feeds.config import load_settings
from feeds.generators import load_site
from feeds.model import Fields, Post, Source
from feeds.newsletter import list_issues

HOME = "https://blog.example/"
POSTS = {
    f"{month}.md": post(
        f"# Title {month}\n\nExcerpt {month}.\n\n<!-- more -->\n\nRest.\n", date=f"2026-{month}-15"
    )
    for month in ("08", "09", "10", "11")
}
MONTHS = ["2026-08", "2026-09", "2026-10", "2026-11"]


def page(root: Path, issue: str) -> Page:
    return Page((root / "public" / "newsletter" / issue / "index.html").read_text("utf-8"))


def text(root: Path, issue: str) -> str:
    return (root / "public" / "newsletter" / issue / "index.html").read_text("utf-8")


def pages(root: Path) -> list[str]:
    return [path.split("/")[1] for path in files_below(root / "public") if is_issue_page(path)]


def entries(root: Path) -> list[dict[str, str]]:
    """The items of the feed of issues."""
    document = json.loads((root / "public" / "newsletter" / "feed.json").read_bytes())
    return list(document["items"])


def ids(root: Path) -> list[str]:
    return [entry["id"].removeprefix(f"{HOME}newsletter/").rstrip("/") for entry in entries(root)]


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    """A copy of that project, to change."""
    return shutil.copytree(built, tmp_path / "copy")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built in a fresh checkout."""
    root = blog(tmp_path_factory.mktemp("blog"), POSTS, f'{SETTINGS}timezone = "Europe/Rome"\n')
    build_project(root)
    return root


# --- pages ---------------------------------------------------------------------------------------------------


def test_a_fresh_checkout_has_the_page_of_every_issue(built: Path) -> None:
    assert pages(built) == MONTHS


def test_a_page_knows_its_address_its_neighbours_and_the_list_of_all(built: Path) -> None:
    middle = page(built, "2026-09")
    canonical = [attrs["href"] for _, attrs, _ in middle.elements if attrs.get("rel") == "canonical"]
    assert canonical == [f"{HOME}newsletter/2026-09/"]
    links = set(middle.values("a", "href"))
    assert {f"{HOME}newsletter/2026-08/", f"{HOME}newsletter/2026-10/", f"{HOME}newsletter/"} <= links
    assert f"{HOME}newsletter/2026-07/" not in page(built, "2026-08").values("a", "href")
    newest = [url for url in page(built, "2026-11").values("a", "href") if "newsletter" in url]
    assert set(newest) == {f"{HOME}newsletter/2026-10/", f"{HOME}newsletter/"}


@pytest.mark.parametrize(("limit", "whole"), [(2, MONTHS[2:]), (0, MONTHS)])
def test_the_newest_issues_show_excerpts_and_older_ones_titles(
    limit: int, whole: list[str], tmp_path: Path
) -> None:
    build_project(blog(tmp_path, POSTS, f"{SETTINGS}[newsletter]\npages = {limit}\n"))
    assert [month for month in MONTHS if f"Excerpt {month[-2:]}." in text(tmp_path, month)] == whole
    for month in MONTHS:
        assert f"{HOME}2026/{month[-2:]}/15/title-{month[-2:]}/" in page(tmp_path, month).values("a", "href")


def test_a_post_of_which_only_the_title_is_shown_is_not_rendered(tmp_path: Path) -> None:
    posts = {**POSTS, "08.md": post("# Old\n\nSee [nothing](nowhere.md).\n", date="2026-08-15")}
    settings = f"{SETTINGS}[feeds]\nlimit = 1\nby = []\n[newsletter]\npages = %d\n"
    built = build_project(blog(tmp_path, posts, settings % 1))
    assert [finding.rule for finding in built.findings] == []
    assert "Old" in text(tmp_path, "2026-08")
    built = build_project(blog(tmp_path, posts, settings % 0))
    assert [finding.rule for finding in built.findings] == ["dead-link"]


def test_an_issue_is_never_parted(tmp_path: Path) -> None:
    more = {
        f"{day}.md": post(f"# Day {day}\n\nText {day}.\n", date=f"2026-10-{day}") for day in range(16, 20)
    }
    build_project(blog(tmp_path, {**POSTS, **more}, f"{SETTINGS}[newsletter]\npages = 2\n"))
    assert all(f"Text {day}." in text(tmp_path, "2026-10") for day in range(16, 20))
    assert "Excerpt 09." not in text(tmp_path, "2026-09")


def test_the_letter_that_is_chosen_changes_no_page(tmp_path: Path) -> None:
    blog(tmp_path, POSTS, f"{SETTINGS}[newsletter]\npages = 1\n")
    build_project(tmp_path)
    before = files_below(tmp_path / "public")
    built = build_project(tmp_path, issue="2026-08")
    assert built.issue == "2026-08"
    assert files_below(tmp_path / "public") == before


def test_the_pages_of_many_issues_are_one_line_of_what_is_printed(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    printed = run_here(["build", "--now", "2026-11-22"], tmp_path).stdout.splitlines()
    rows = [line.split() for line in printed if "newsletter" in line]
    assert [row[0] for row in rows] == ["public/newsletter/", "public/newsletter/*/"]
    assert rows[1][1:4] == ["index.html", "4", "issues"]


def test_days_of_ones_own_have_a_page_that_no_list_names(tmp_path: Path) -> None:
    build_project(blog(tmp_path, POSTS), since=dt.date(2026, 9, 10), until=dt.date(2026, 10, 20))
    span = "2026-09-10--2026-10-20"
    assert span in pages(tmp_path)
    files = files_below(tmp_path / "public")
    named = [path for path, data in files.items() if span.encode() in data and "/" + span not in f"/{path}"]
    assert named == []


def test_pages_of_issues_that_are_gone_stay_as_mails_link_to_them(copied: Path) -> None:
    (copied / "content" / "posts" / "08.md").unlink()
    build_project(copied)
    assert pages(copied) == MONTHS
    assert f"{HOME}newsletter/2026-08/" not in Page(
        (copied / "public" / "newsletter" / "index.html").read_text("utf-8")
    ).values("a", "href")


def test_with_a_letter_a_post_there_is_no_archive_and_old_pages_stay(copied: Path) -> None:
    each = f'{SETTINGS}[newsletter]\nperiod = "post"\n'
    assert (copied / "public" / "newsletter" / "feed.xml").exists()
    build_project(blog(copied, POSTS, each))
    assert pages(copied) == MONTHS
    left = {path for path in files_below(copied / "public") if path.startswith("newsletter/")}
    assert left == {f"newsletter/{month}/index.html" for month in MONTHS}


def test_what_the_site_has_there_of_its_own_is_left_alone_and_told(tmp_path: Path) -> None:
    own = {
        "newsletter/index.html": "<html>our list</html>",
        "newsletter/2026-09/index.html": "<html>our September</html>",
        "newsletter/atom.xml": "<feed>ours</feed>",
    }
    for path, data in own.items():
        file = tmp_path / "public" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(data, "utf-8")
    built = build_project(blog(tmp_path, POSTS))
    assert {path: (tmp_path / "public" / path).read_text("utf-8") for path in own} == own
    assert [finding.rule for finding in built.findings] == ["foreign-page"] * 3
    assert not (tmp_path / "public" / "newsletter" / "feed.xml").exists()
    assert b"newsletter/atom.xml" not in files_below(tmp_path / "public")["subscribe/index.html"]
    assert pages(tmp_path) == MONTHS


def test_pages_are_known_as_ours_when_the_record_is_lost(tmp_path: Path) -> None:
    settings = f'{SETTINGS}[feeds]\nformats = ["rss", "atom"]\n'
    build_project(blog(tmp_path, POSTS, settings))
    for record in (tmp_path / ".cache" / "feeds").iterdir():
        record.unlink()
    blog(tmp_path, {"12.md": post("# Another\n\nText.\n", date="2026-08-20")})
    built = build_project(tmp_path)
    assert [finding.rule for finding in built.findings] == []
    assert "Another" in text(tmp_path, "2026-08")


# --- the feed of issues --------------------------------------------------------------------------------------


def test_the_feed_has_an_entry_for_each_issue_that_is_over(built: Path) -> None:
    assert ids(built) == ["2026-10", "2026-09", "2026-08"]
    october = entries(built)[0]
    assert october["url"] == october["id"] == f"{HOME}newsletter/2026-10/"
    assert october["title"] == "Title 10 (October 2026)"
    assert october["date_published"] == "2026-11-01T00:00:00+01:00"
    assert f'<a href="{HOME}2026/10/15/title-10/">Title 10</a>' in october["content_html"]
    assert "Excerpt" not in october["content_html"]


def test_an_issue_enters_the_feed_at_midnight_after_its_last_day(tmp_path: Path) -> None:
    blog(tmp_path, POSTS, f'{SETTINGS}timezone = "Asia/Tokyo"\n')
    midnight = dt.datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    build_project(tmp_path, now=midnight - dt.timedelta(seconds=1))
    before = files_below(tmp_path / "public")
    assert ids(tmp_path) == MONTHS[2::-1]
    build_project(tmp_path, now=midnight)
    assert ids(tmp_path) == MONTHS[::-1]
    changed = {path for path, data in files_below(tmp_path / "public").items() if data != before[path]}
    assert changed == {
        "feeds.opml",
        *(f"newsletter/{name}" for name in ("feed.xml", "atom.xml", "feed.json")),
    }


def test_the_build_knows_when_the_clock_alone_will_change_it(tmp_path: Path) -> None:
    blog(tmp_path, POSTS, f'{SETTINGS}timezone = "Asia/Tokyo"\n')

    def due(now: dt.datetime) -> dt.datetime | None:
        settings = load_settings(tmp_path, environ={})
        site = load_site(settings, lambda finding: None)
        return compile_all(settings, site, Choices(now), None, []).due

    midnight = dt.datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert due(NOW) == midnight
    assert due(midnight) is None


def test_the_feed_keeps_to_the_limit_of_feeds_and_says_whether_that_is_all(tmp_path: Path) -> None:
    build_project(blog(tmp_path, POSTS, f"{SETTINGS}[feeds]\nlimit = 2\n"))
    assert ids(tmp_path) == ["2026-10", "2026-09"]
    assert b"fh:complete" not in files_below(tmp_path / "public")["newsletter/atom.xml"]
    build_project(blog(tmp_path, POSTS, f"{SETTINGS}[feeds]\nlimit = 3\n"))
    assert b"fh:complete" in files_below(tmp_path / "public")["newsletter/atom.xml"]


def test_an_entry_stays_as_it_is_when_its_page_comes_to_show_titles_alone(tmp_path: Path) -> None:
    posts = {**POSTS, "a.md": post("# Lead\n\nText.\n", date="2026-10-20", pin="true")}
    build_project(blog(tmp_path, posts))
    before = entries(tmp_path)
    assert "<p><b>" in before[0]["content_html"]
    build_project(blog(tmp_path, posts, f"{SETTINGS}[newsletter]\npages = 1\n"))
    assert "Text." not in text(tmp_path, "2026-10")
    assert entries(tmp_path) == before


def test_the_first_issue_has_a_feed_while_it_is_under_way(tmp_path: Path) -> None:
    build_project(blog(tmp_path, {"11.md": POSTS["11.md"]}))
    assert entries(tmp_path) == []
    assert pages(tmp_path) == ["2026-11"]


def test_every_format_says_the_same(tmp_path: Path) -> None:
    posts = {**POSTS, "a.md": post("# A <b> & 'c'\n\nText.\n", date="2026-10-20", categories='["R & D"]')}
    build_project(blog(tmp_path, posts))
    wanted = [(entry["id"], entry["title"], entry["content_html"]) for entry in entries(tmp_path)]
    for name in ("feed.xml", "atom.xml"):
        read = feedparser.parse((tmp_path / "public" / "newsletter" / name).read_bytes(), sanitize_html=False)
        assert not read.bozo
        shown = [
            (entry.id, entry.title, entry.content[0].value if "content" in entry else entry.summary)
            for entry in read.entries
        ]
        assert [each[0] for each in shown] == [each[0] for each in wanted]
        assert [each[2] for each in shown] == [each[2] for each in wanted]
    assert "R &amp; D" in wanted[0][2]


def test_an_entry_lists_as_many_titles_as_readers_look_through(tmp_path: Path) -> None:
    root = blog(tmp_path, {f"{n:02}.md": post(f"# Title {n}\n", date="2026-10-01") for n in range(60)})
    build_project(root)
    content = entries(root)[0]["content_html"]
    assert content.count("<li>") == 50
    assert content.endswith(
        '<p><a href="https://blog.example/newsletter/2026-10/">10 more on the site</a></p>'
    )


def test_the_feed_is_listed_where_feeds_are(built: Path) -> None:
    files = files_below(built / "public")
    assert f'xmlUrl="{HOME}newsletter/feed.xml"'.encode() in files["feeds.opml"]
    subscribe = Page(files["subscribe/index.html"].decode())
    assert f"{HOME}newsletter/feed.xml" in subscribe.texts("code")
    assert f"{HOME}newsletter/" in subscribe.values("a", "href")


def test_without_feeds_there_are_pages_and_their_list(tmp_path: Path) -> None:
    build_project(blog(tmp_path, POSTS, f"{SETTINGS}[feeds]\nformats = []\n"))
    assert set(files_below(tmp_path / "public")) == {
        "newsletter/index.html",
        *(f"newsletter/{month}/index.html" for month in MONTHS),
    }
    listing = (tmp_path / "public" / "newsletter" / "index.html").read_text("utf-8")
    assert "feed" not in re.sub(r"(?s)<head>.*</head>", "", listing)
    assert "subscribe/" not in listing


DAYS = st.dates(dt.date(2025, 12, 1), dt.date(2027, 2, 1))
INSTANTS = st.datetimes(
    dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 31), timezones=st.just(dt.UTC), allow_imaginary=False
)


def dated(day: dt.date, number: int) -> Post:
    moment = dt.datetime.combine(day, dt.time(12), dt.UTC)
    url = f"{HOME}{number}/"
    source = Source(f"{number}.md", Fields(f"{number}.md", {}), "", 1)
    return Post(url, url, f"T{number}", moment, moment, (), ("C",), (), "en", "", "", False, source)


@tried(deadline=None, max_examples=50)
@given(
    days=st.lists(DAYS, min_size=1, max_size=12),
    period=st.sampled_from(["weekly", "monthly", "quarterly"]),
    zone=st.sampled_from(["UTC", "Asia/Tokyo", "America/Los_Angeles"]),
    now=INSTANTS,
    limit=st.integers(0, 8),
)
def test_the_feed_holds_what_is_over_and_changes_when_it_is_said_to(
    built: Path, days: list[dt.date], period: str, zone: str, now: dt.datetime, limit: int
) -> None:
    overrides = {"newsletter.period": period, "site.timezone": zone, "feeds.limit": 0}
    settings = load_settings(built, overrides=overrides, environ={})
    site = load_site(settings, lambda finding: None)
    posts = [dated(day, number) for number, day in enumerate(days)]
    plans = list_issues(site, settings.newsletter, posts)
    archive = plan_archive(site, plans, limit, now)
    issues = compile_issues(site, settings, archive, {}, {})

    def shown(instant: dt.datetime) -> list[str]:
        return [entry.post.id for entry in issues_feed(site, settings, archive, issues, instant).entries]

    today = now.astimezone(ZoneInfo(zone)).date()
    assert shown(now) == [plan.url for plan in reversed(plans) if plan.last < today]
    due = next_issue_due(site, plans, now)
    if due is None:
        assert len(shown(now)) == len(plans)
    else:
        assert shown(due - dt.timedelta(microseconds=1)) == shown(now)
        assert len(shown(due)) > len(shown(now))
    whole = [plan for plan in plans if plan.id in archive.whole]
    assert whole == list(plans[len(plans) - len(whole) :])
    assert len(whole) == len(plans) or sum(len(plan.posts) for plan in whole) >= limit > 0
    assert not limit or sum(len(plan.posts) for plan in whole[1:]) < limit


# --- issues with files ---------------------------------------------------------------------------------------


def filed(date: str) -> dict[str, str]:
    """A project in which October has a file."""
    issue = f"""---
subject: "Harvest"
date: {date}
posts:
  Picked:
    - content/posts/09.md
    - content/posts/10.md
---

A word *before*, with [a link](../posts/08.md).
"""
    return {"content/newsletter/2026-10.md": issue}


def test_an_issue_with_a_file_enters_the_feed_on_its_date_with_its_introduction(tmp_path: Path) -> None:
    write_files(blog(tmp_path, POSTS), filed("2026-11-05"))
    build_project(tmp_path)
    assert ids(tmp_path) == ["2026-10", "2026-08"]
    entry = entries(tmp_path)[0]
    assert (entry["title"], entry["date_published"]) == ("Harvest", "2026-11-05T00:00:00+00:00")
    link = f'<a href="{HOME}2026/08/15/title-08/">a link</a>'
    assert f"<p>A word <em>before</em>, with {link}.</p>" in entry["content_html"]
    assert "<h3>Picked</h3>" in entry["content_html"]
    assert "<em>before</em>" in text(tmp_path, "2026-10")


def test_an_introduction_stands_on_a_page_of_titles_too(tmp_path: Path) -> None:
    write_files(blog(tmp_path, POSTS, f"{SETTINGS}[newsletter]\npages = 1\n"), filed("2026-11-05"))
    build_project(tmp_path)
    shown = text(tmp_path, "2026-10")
    assert "<em>before</em>" in shown
    assert "Excerpt 10." not in shown


def test_an_issue_whose_date_is_to_come_is_in_no_list(tmp_path: Path) -> None:
    root = write_files(blog(tmp_path, POSTS), filed("2026-12-24"))
    build_project(root)
    files = files_below(root / "public")
    named = {path for path, data in files.items() if b"newsletter/2026-10/" in data}
    assert named == {"newsletter/2026-10/index.html"}, "the letter's own page, which nothing links to"
    build_project(root, now=dt.datetime(2026, 12, 24, tzinfo=dt.UTC))
    assert ids(root) == ["2026-10", "2026-11", "2026-08"]
    preview = root / "preview"
    build_project(root, output=str(preview), future=True)
    assert b"newsletter/2026-10/" in files_below(preview)["newsletter/index.html"]


def test_changes_of_the_feed_are_what_a_hub_is_told_of(copied: Path) -> None:
    built = build_project(copied, now=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    record = json.loads(built.record.read_bytes())
    assert {f"newsletter/{name}" for name in ("feed.xml", "atom.xml", "feed.json")} <= set(record["changed"])
