"""What a build writes, leaves alone, removes and refuses."""

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from projects import SETTINGS, blog, build_project, files_below, material_blog, post, write_files

from feeds.errors import FeedsError, ProblemsError, Severity, UsageError

ONE = {"one.md": post("# One\n\nFirst.\n\n<!-- more -->\n\nRest.\n", categories="[News]")}


def items(root: Path, feed: str = "feed.json") -> list[str]:
    return [item["title"] for item in json.loads((root / "public" / feed).read_bytes())["items"]]


def rules(root: Path, **choices: object) -> list[str]:
    return [finding.rule for finding in build_project(root, **choices).findings]


def test_one_post_makes_feeds_a_page_and_a_letter(tmp_path: Path) -> None:
    build_project(blog(tmp_path, ONE))
    assert set(files_below(tmp_path / "public")) == {
        *("feed.xml", "atom.xml", "feed.json", "feed.css", "feeds.opml"),
        "subscribe/index.html",
        *("category/news/feed.xml", "category/news/atom.xml", "category/news/feed.json"),
        *("newsletter/feed.xml", "newsletter/atom.xml", "newsletter/feed.json"),
        *("newsletter/index.html", "newsletter/2026-11/index.html"),
    }
    assert set(files_below(tmp_path / ".feeds" / "letters")) == {
        f"2026-11/letter.{ending}" for ending in ("html", "txt", "json", "eml")
    }


def test_a_second_build_touches_nothing(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    before = {path: path.stat() for path in tmp_path.rglob("*")}
    built = build_project(tmp_path, now=dt.datetime(2026, 11, 30, 23, 59, tzinfo=dt.UTC))
    assert not any(file.changed for file in (*built.written, *built.letters))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == {
        path: status.st_mtime_ns for path, status in before.items()
    }


def test_a_changed_post_rewrites_only_the_files_that_show_it(tmp_path: Path) -> None:
    two = post("# Two\n\nSecond.\n", categories="[Other]", date="2026-10-01")
    blog(tmp_path, {**ONE, "two.md": two})
    build_project(tmp_path)
    blog(tmp_path, {"two.md": two.replace("Second", "Another")})
    built = build_project(tmp_path)
    changed = {file.path for file in (*built.written, *built.letters) if file.changed}
    names = ("feed.xml", "atom.xml", "feed.json")
    category = {f"category/other/{name}" for name in names}
    assert changed == {*names, *category, "newsletter/2026-10/index.html"}


def test_a_change_below_the_mark_rewrites_nothing(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    blog(tmp_path, {"one.md": str(ONE["one.md"]).replace("Rest.", "The rest.")})
    assert not any(file.changed for file in build_project(tmp_path).written)


def test_drafts_never_leak(tmp_path: Path) -> None:
    draft = post("# Secret\n\nNot yet.\n", draft="true", categories="[Secrets]")
    blog(tmp_path, {**ONE, "draft.md": draft})
    build_project(tmp_path)
    written = files_below(tmp_path / "public") | files_below(tmp_path / ".feeds")
    assert not [name for name, data in written.items() if b"ecret" in data or b"Not yet" in data]
    assert "category/secrets/feed.xml" not in written


def test_a_post_to_come_is_held_back_until_its_date(tmp_path: Path) -> None:
    blog(tmp_path, {**ONE, "later.md": post("# Later\n\nSoon.\n", date="2026-12-24")})
    assert [held.title for held in build_project(tmp_path).held] == ["Later"]
    assert items(tmp_path) == ["One"]
    assert build_project(tmp_path, now=dt.datetime(2026, 12, 24, tzinfo=dt.UTC)).held == ()
    assert items(tmp_path) == ["Later", "One"]


def test_material_publishes_posts_to_come_unless_it_is_told_otherwise(tmp_path: Path) -> None:
    later = {"later.md": post("# Later\n\nSoon.\n", date="2030-01-01")}
    assert rules(material_blog(tmp_path / "a", later)) == ["future"]
    config = "plugins: [{blog: {draft_if_future_date: true}}]\n"
    material_blog(tmp_path / "b", later, config)
    assert [post.title for post in build_project(tmp_path / "b").held] == ["Later"]


def test_the_limit_is_of_entries_in_a_feed(tmp_path: Path) -> None:
    posts = {f"{day}.md": post(f"# Day {day}\n\nText.\n", date=f"2026-01-{day}") for day in range(10, 31)}
    blog(tmp_path, posts)
    build_project(tmp_path)
    assert len(items(tmp_path)) == 20
    build_project(tmp_path, limit=0)
    assert len(items(tmp_path)) == 21
    build_project(tmp_path, limit=2)
    assert items(tmp_path) == ["Day 30", "Day 29"]


def test_a_feed_whose_category_is_emptied_stays_for_its_subscribers(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    blog(tmp_path, {"one.md": str(ONE["one.md"]).replace("[News]", "[Olds]")})
    for _ in range(2):
        built = build_project(tmp_path)
        assert built.removed == ()
        feed = json.loads((tmp_path / "public" / "category" / "news" / "feed.json").read_bytes())
        assert (feed["title"], feed["items"]) == ("Blog: News", [])


def test_a_feed_that_is_no_longer_wanted_is_removed_and_nothing_else(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    public = tmp_path / "public"
    (public / "category" / "news" / "index.html").write_text("the site's own page", "utf-8")
    blog(tmp_path, ONE, f"{SETTINGS}[feeds]\nby = []\n")
    built = build_project(tmp_path)
    assert built.removed == tuple(f"category/news/{name}" for name in ("atom.xml", "feed.json", "feed.xml"))
    assert [path.name for path in (public / "category" / "news").iterdir()] == ["index.html"]


def test_a_leftover_that_somebody_changed_is_not_removed(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    (tmp_path / "public" / "category" / "news" / "feed.xml").write_text("mine now", "utf-8")
    blog(tmp_path, ONE, f"{SETTINGS}[feeds]\nby = []\n")
    assert "category/news/feed.xml" not in build_project(tmp_path).removed


def test_tags_and_authors_can_have_feeds_too(tmp_path: Path) -> None:
    text = post("# One\n\nText.\n", tags="[c++, c#, open-source, été]", authors="[Zoë Ångström]")
    blog(tmp_path, {"one.md": text}, f'{SETTINGS}[feeds]\nby = ["tag", "author"]\nformats = ["json"]\n')
    paths = {file.path for file in build_project(tmp_path).written if file.path.endswith("feed.json")}
    assert paths == {
        "feed.json",
        "newsletter/feed.json",
        "tag/c-951a4d/feed.json",
        "tag/c-cedb1b/feed.json",
        "tag/open-source/feed.json",
        "tag/été/feed.json",
        "author/zoë-ångström/feed.json",
    }


def test_a_feed_of_ones_own_choice(tmp_path: Path) -> None:
    posts = {
        "a.md": post("# A\n\nText.\n", categories="[News]", tags="[weeknotes]"),
        "b.md": post("# B\n\nText.\n", categories="[News]", lang="de"),
        "c.md": post("# C\n\nText.\n", categories="[Essays]"),
    }
    named = """
    [[feed]]
    title = "Everything but weeknotes"
    path = "no-weeknotes"
    exclude = { tags = ["weeknotes"] }

    [[feed]]
    path = "mine"
    include = { categories = ["News", "Essays"], languages = ["en"], paths = ["content/posts/[bc].md"] }
    """
    blog(tmp_path, posts, f'{SETTINGS}[feeds]\nby = []\nformats = ["json"]\n{named}')
    build_project(tmp_path)

    def titles(folder: str) -> tuple[str, list[str]]:
        feed = json.loads((tmp_path / "public" / folder / "feed.json").read_bytes())
        return feed["title"], [item["title"] for item in feed["items"]]

    assert titles("no-weeknotes") == ("Everything but weeknotes", ["B", "C"])
    assert titles("mine") == ("Blog: mine", ["C"])


def test_old_paths_of_the_feed_are_written_too(tmp_path: Path) -> None:
    aliases = '["feed_rss_created.xml", "atom:rss/index.html", "old.json"]'
    blog(tmp_path, ONE, f"{SETTINGS}[feeds]\naliases = {aliases}\n")
    build_project(tmp_path)
    public = tmp_path / "public"
    rss, atom = (
        (public / "feed_rss_created.xml").read_text("utf-8"),
        (public / "rss" / "index.html").read_text("utf-8"),
    )
    assert '<atom:link href="https://blog.example/feed_rss_created.xml" rel="self"' in rss
    assert '<link href="https://blog.example/rss/index.html" rel="self"' in atom
    assert json.loads((public / "old.json").read_bytes())["feed_url"] == "https://blog.example/old.json"
    plain = (public / "feed.xml").read_text("utf-8")
    assert rss.replace("feed_rss_created.xml", "feed.xml") == plain


@pytest.mark.parametrize(
    ("alias", "message"),
    [
        ("feed.xml", "two files have the path feed.xml"),
        ("Feed.XML", "two files have the path Feed.XML"),  # one file on Windows and macOS
        ("feeds.opml", "two files have the path feeds.opml"),
        ("newsletter/2026-11/index.html", "two files have the path newsletter/2026-11/index.html"),
        ("category", "the file category would stand where a folder of feeds is"),
    ],
)
def test_two_files_at_one_path_are_refused(alias: str, message: str, tmp_path: Path) -> None:
    blog(tmp_path, ONE, f'{SETTINGS}[feeds]\naliases = ["{alias}"]\n')
    with pytest.raises(ProblemsError) as caught:
        build_project(tmp_path)
    assert [finding.message for finding in caught.value.findings] == [message]
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize(
    ("size", "allowed", "rule"),
    [
        (300, 1000, "large-feed"),
        (300, 200, "feed-too-large"),
        (300, 0, "large-feed"),
        (100, 1000, ""),
        (100, 90, "feed-too-large"),
    ],
)
def test_a_feed_should_not_be_large(size: int, allowed: int, rule: str, tmp_path: Path) -> None:
    posts = {"a.md": post("# A\n\n" + "word " * (size * 200) + "\n\n<!-- more -->\n")}
    blog(tmp_path, posts, f'{SETTINGS}[feeds]\nformats = ["json"]\nmax_kilobytes = {allowed}\n')
    if rule == "feed-too-large":
        with pytest.raises(ProblemsError) as caught:
            build_project(tmp_path)
        findings = caught.value.findings
    else:
        findings = build_project(tmp_path).findings
    assert [finding.rule for finding in findings if finding.rule.endswith(("feed", "large"))] == [
        rule
    ] * bool(rule)


def test_pages_of_issues_are_never_removed(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    blog(tmp_path, {"two.md": post("# Two\n\nText.\n", date="2026-12-01")})
    build_project(tmp_path, now=dt.datetime(2026, 12, 2, tzinfo=dt.UTC))
    pages = sorted(path.parent.name for path in (tmp_path / "public" / "newsletter").glob("*/*.html"))
    assert pages == ["2026-11", "2026-12"]


def test_a_post_that_vanishes_is_named_once(tmp_path: Path) -> None:
    blog(tmp_path, {**ONE, "two.md": post("# Two\n\nText.\n")})
    build_project(tmp_path)
    (tmp_path / "content" / "posts" / "two.md").unlink()
    built = build_project(tmp_path)
    assert [finding.message for finding in built.findings] == [
        "the post 'Two' was published as https://blog.example/2026/11/01/two/ and is gone"
    ]
    assert rules(tmp_path) == []


@pytest.mark.parametrize(
    ("drafts", "help"),
    [
        (0, "are the posts in another folder?"),
        (1, "1 post is a draft or to come"),
        (2, "2 posts are drafts or to come"),
    ],
)
def test_a_blog_without_posts_is_told_of(tmp_path: Path, drafts: int, help: str) -> None:
    (tmp_path / "content" / "posts").mkdir(parents=True)
    blog(tmp_path, {f"{number}.md": post("# A\n", draft="true") for number in range(drafts)})
    (finding,) = build_project(tmp_path).findings
    assert finding.message == "no published post was found in content/posts, so the feeds are empty"
    assert finding.help == help


@pytest.mark.parametrize(
    ("id", "found"),
    [("urn:x:1", ["other-feed"]), ("https://blog.example/2026/11/01/one/", [])],
)
def test_another_program_s_feed_is_replaced_and_its_ids_told_of(
    tmp_path: Path, id: str, found: list[str]
) -> None:
    blog(tmp_path, ONE)
    entry = f'<entry><id>{id}</id><link href="https://blog.example/2026/11/01/one/"/></entry>'
    (tmp_path / "public").mkdir()
    feed = tmp_path / "public" / "feed.xml"
    feed.write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>', "utf-8")
    assert rules(tmp_path) == found
    assert "<rss" in feed.read_text("utf-8")
    assert rules(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "content", "found"),
    [
        ("{{< boat >}} a\n\n<!--more-->\n\nb", "excerpt", ["shortcode"]),
        ("a\n\n<!--more-->\n\n{{< boat >}} b", "excerpt", []),
        ("a\n\n<!--more-->\n\n{{< boat >}} b", "full", ["shortcode"]),
        ("{{< boat >}} a", "excerpt", ["shortcode"]),
    ],
)
def test_templates_are_told_of_where_a_feed_would_show_them(
    tmp_path: Path, text: str, content: str, found: list[str]
) -> None:
    settings = f'[feeds]\ncontent = "{content}"\n'
    config = 'baseURL = "https://blog.example/"\n'
    files = {"hugo.toml": config, "feeds.toml": settings, "content/posts/a.md": post(text, title="A")}
    assert rules(write_files(tmp_path, files)) == found


def test_a_post_that_has_another_id_is_not_called_gone(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    blog(tmp_path, {name: text.replace("---\n", "---\nid: urn:x:1\n", 1) for name, text in ONE.items()})
    (finding,) = build_project(tmp_path).findings
    assert finding.message.endswith(", and has another id now")


def test_a_post_that_moves_can_keep_its_id(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    moved = post("# One, renamed\n\nFirst.\n", id="https://blog.example/2026/11/01/one/")
    blog(tmp_path, {"one.md": moved})
    assert rules(tmp_path) == []
    item = json.loads((tmp_path / "public" / "feed.json").read_bytes())["items"][0]
    assert item["id"] == "https://blog.example/2026/11/01/one/"
    assert item["url"] == "https://blog.example/2026/11/01/one-renamed/"


def test_all_problems_are_shown_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    build_project(tmp_path)
    before = files_below(tmp_path)
    bad = {"a.md": post(date="2026-13-45"), "b.md": "no front matter\n", "c.md": post(title="[x]")}
    blog(tmp_path, bad)
    with pytest.raises(ProblemsError) as caught:
        build_project(tmp_path)
    places = [str(finding.at) for finding in caught.value.findings]
    assert places == ["content/posts/a.md:2:7", "content/posts/b.md:1", "content/posts/c.md:3:1"]
    assert {name: data for name, data in files_below(tmp_path).items() if "posts/" not in name} == {
        name: data for name, data in before.items() if "posts/" not in name
    }


def test_what_is_wrong_with_letter_and_posts_is_shown_at_once(tmp_path: Path) -> None:
    deep = post(f"# Old\n\n{'>' * 200}\n", date="2026-09-01")
    settings = f'{SETTINGS}[newsletter]\ntemplates = "nowhere"\n'
    blog(tmp_path, {**ONE, "old.md": deep}, settings=settings)
    with pytest.raises(ProblemsError) as caught:
        build_project(tmp_path)
    assert [finding.rule for finding in caught.value.findings] == ["templates-folder", "post-too-large"]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are not listed here")
def test_a_letter_that_was_begun_is_not_made_when_a_post_cannot_be(tmp_path: Path) -> None:
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text()
    deep = post(f"# Old\n\n{'>' * 200}\n", date="2026-09-01")
    with pytest.raises(ProblemsError):
        build_project(blog(tmp_path, {**ONE, "old.md": deep}))
    assert children.read_text() == before


def test_strict_makes_errors_of_warnings(tmp_path: Path) -> None:
    blog(tmp_path, {"one.md": post("# One\n\nText.\n", title="' '")})
    with pytest.raises(ProblemsError) as caught:
        build_project(tmp_path, strict=True)
    assert [finding.severity for finding in caught.value.findings] == [Severity.WARNING]
    assert not (tmp_path / "public").exists()
    assert build_project(tmp_path).findings != ()


def test_an_empty_blog_has_an_empty_feed_and_no_letter(tmp_path: Path) -> None:
    blog(tmp_path, {"draft.md": post(draft="true")})
    built = build_project(tmp_path)
    assert [file.entries for file in built.written] == [0, 0, 0, None, None, None]
    assert built.issue is None
    assert not (tmp_path / ".feeds").exists()


PREVIEWED = {
    **ONE,
    "draft.md": post("# Draft\n\nText.\n", draft="true"),
    "later.md": post("# Later\n\nText.\n", date="2027-01-01"),
}


class TestPreviews:
    def test_show_drafts_and_posts_to_come_in_a_folder_of_their_own(self, tmp_path: Path) -> None:
        blog(tmp_path, PREVIEWED)
        output = str(tmp_path / "preview")
        build_project(tmp_path, output=output, drafts=True)
        build_project(tmp_path, output=output, drafts=True, future=True)
        titles = json.loads((tmp_path / "preview" / "feed.json").read_bytes())["items"]
        assert [item["title"] for item in titles] == ["Later", "Draft", "One"]
        assert not (tmp_path / ".feeds").exists()

    def test_need_an_output_of_their_own(self, tmp_path: Path) -> None:
        blog(tmp_path, PREVIEWED)
        with pytest.raises(UsageError, match="of its own"):
            build_project(tmp_path, drafts=True)

    def test_refuse_a_folder_that_holds_a_build_without_them(self, tmp_path: Path) -> None:
        blog(tmp_path, PREVIEWED)
        build_project(tmp_path)
        with pytest.raises(UsageError, match="holds a build without them"):
            build_project(tmp_path, output=str(tmp_path / "public"), drafts=True)

    def test_refuse_it_even_when_the_record_is_lost(self, tmp_path: Path) -> None:
        blog(tmp_path, PREVIEWED)
        build_project(tmp_path)
        for record in (tmp_path / ".cache" / "feeds").iterdir():
            record.unlink()
        with pytest.raises(UsageError, match="holds a build without them"):
            build_project(tmp_path, output=str(tmp_path / "public"), future=True)

    def test_leave_nothing_behind_when_the_folder_is_built_without_them(self, tmp_path: Path) -> None:
        blog(tmp_path, PREVIEWED)
        output = str(tmp_path / "preview")
        build_project(tmp_path, output=output, drafts=True, future=True)
        build_project(tmp_path, output=output)
        left = files_below(tmp_path / "preview")
        assert not [name for name, data in left.items() if b"Draft" in data or b"Later" in data]
        assert ".letters/2027-01/letter.html" not in left


def test_the_newest_issue_or_any_other_can_be_written(tmp_path: Path) -> None:
    posts = {f"{month}.md": post(f"# M{month}\n\nText.\n", date=f"2026-0{month}-15") for month in (1, 2, 3)}
    blog(tmp_path, posts)
    assert build_project(tmp_path).issue == "2026-03"
    assert build_project(tmp_path, issue="2026-01").issue == "2026-01"
    assert build_project(tmp_path, issue="2026-Q1").issue == "2026-Q1"
    span = build_project(tmp_path, since=dt.date(2026, 1, 15), until=dt.date(2026, 2, 15))
    assert span.issue == "2026-01-15--2026-02-15"
    document = json.loads((tmp_path / ".feeds/letters" / span.issue / "letter.json").read_bytes())
    assert len(document["posts"]) == 2


def test_templating_in_a_post_is_text(tmp_path: Path) -> None:
    body = "{{ 7*7 }} {% raw %} {# note #} ${7*7} %(x)s {0}"
    blog(tmp_path, {"one.md": post(f"{body}\n", title=f"'{body}'")})
    build_project(tmp_path, now=dt.datetime(2026, 12, 2, tzinfo=dt.UTC))
    for name, data in (files_below(tmp_path / "public") | files_below(tmp_path / ".feeds")).items():
        text = data.decode()
        # A message is encoded, letter.json holds hashes, the style sheet and the list of feeds show no post.
        if not name.endswith((".eml", "letter.json", ".css", ".opml")):
            assert "49" not in text, name
            assert "{{ 7*7 }} {% raw %} {# note #} ${7*7} %(x)s {0}" in text, name


def test_a_blog_without_an_address_says_how_to_give_one(tmp_path: Path) -> None:
    blog(tmp_path, ONE, settings="")
    with pytest.raises(FeedsError, match="URL is not known") as caught:
        build_project(tmp_path)
    assert "--base-url" in caught.value.help


def test_the_output_cannot_be_written(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    (tmp_path / "public").write_text("a file where the folder should be", "utf-8")
    with pytest.raises(FeedsError, match="it is no folder"):
        build_project(tmp_path)


def test_settings_name_formats_and_content(tmp_path: Path) -> None:
    blog(tmp_path, ONE, SETTINGS + '[feeds]\nformats = ["json"]\ncontent = "full"\n')
    build_project(tmp_path)
    assert not (tmp_path / "public" / "feed.xml").exists()
    item = json.loads((tmp_path / "public" / "feed.json").read_bytes())["items"][0]
    assert "Rest." in item["content_html"]


def test_an_image_in_the_front_matter_becomes_absolute(tmp_path: Path) -> None:
    material_blog(tmp_path, {"one.md": post("# One\n\nText.\n", image="img/p.png")})
    build_project(tmp_path)
    document = json.loads((tmp_path / "site" / "feed.json").read_bytes())
    assert document["items"][0]["image"] == "https://blog.example/blog/img/p.png"


def test_the_reading_time_can_be_given(tmp_path: Path) -> None:
    material_blog(tmp_path, {"one.md": post("# One\n\nText.\n", readtime="12")})
    build_project(tmp_path)
    assert "12 min read" in (tmp_path / ".feeds/letters/2026-11/letter.txt").read_text("utf-8")


def test_links_to_what_is_not_published_are_pointed_out(tmp_path: Path) -> None:
    draft = post("# Draft\n", draft="true")
    blog(tmp_path, {"one.md": post("# One\n\nSee [this](draft.md).\n"), "draft.md": draft})
    assert rules(tmp_path) == ["dead-link"]


def test_addresses_may_end_in_html(tmp_path: Path) -> None:
    blog(tmp_path, ONE, SETTINGS + '[generator]\npermalink = "posts/{slug}.html"\n')
    build_project(tmp_path)
    document = json.loads((tmp_path / "public" / "feed.json").read_bytes())
    assert document["items"][0]["url"] == "https://blog.example/posts/one.html"


def test_nothing_is_written_when_the_letters_cannot_be(tmp_path: Path) -> None:
    blog(tmp_path, ONE, SETTINGS + '[newsletter]\nletters = "feeds.toml"\n')
    with pytest.raises(FeedsError, match="it is no folder"):
        build_project(tmp_path)
    assert not (tmp_path / "public").exists()


class TestDraftsByFolder:
    """Folder defaults hide whole folders; each way to say so is followed."""

    POST = post("# Hidden\n\nText.\n")
    HIDE = "draft: true\n"

    def published(self, root: Path, plugins: str) -> int:
        material_blog(root, ONE, f"plugins: {plugins}\n")
        return build_project(root).posts

    def test_by_the_file_of_the_meta_plugin(self, tmp_path: Path) -> None:
        write_files(tmp_path / "docs/blog/posts/wip", {".meta.yml": self.HIDE, "s.md": self.POST})
        assert self.published(tmp_path, "[blog, meta]") == 1

    def test_by_a_file_of_another_name(self, tmp_path: Path) -> None:
        write_files(tmp_path / "docs/blog/posts/wip", {"all.yml": self.HIDE, "s.md": self.POST})
        assert self.published(tmp_path, "[blog, {meta: {meta_file: all.yml}}]") == 1

    def test_by_a_plugin_in_a_group(self, tmp_path: Path) -> None:
        write_files(tmp_path / "docs/blog/posts/wip", {".meta.yml": self.HIDE, "s.md": self.POST})
        assert self.published(tmp_path, "[blog, {group: {enabled: true, plugins: [meta]}}]") == 1
        assert self.published(tmp_path, "[blog, {group: {plugins: [meta]}}]") == 2

    def test_in_a_folder_that_is_linked_to(self, tmp_path: Path) -> None:
        write_files(tmp_path / "wip", {".meta.yml": self.HIDE, "s.md": self.POST})
        (tmp_path / "docs/blog/posts").mkdir(parents=True)
        (tmp_path / "docs/blog/posts/wip").symlink_to("../../../wip")
        assert self.published(tmp_path, "[blog, meta]") == 1


def test_a_preview_is_refused_where_the_settings_name_the_output(tmp_path: Path) -> None:
    blog(tmp_path, PREVIEWED, SETTINGS + 'output = "out"\n')
    with pytest.raises(UsageError, match="of its own"):
        build_project(tmp_path, drafts=True)


def test_a_preview_is_refused_in_a_folder_that_holds_a_site(tmp_path: Path) -> None:
    blog(tmp_path, PREVIEWED)
    write_files(tmp_path / "site", {"index.html": "a site"})
    with pytest.raises(UsageError, match="holds a build without them"):
        build_project(tmp_path, output=str(tmp_path / "site"), drafts=True)


def test_a_preview_that_failed_half_way_leaves_nothing_for_good(tmp_path: Path) -> None:
    blog(tmp_path, {**PREVIEWED, "draft.md": post("# Draft\n", draft="true", categories="[Hidden]")})
    output = tmp_path / "preview"
    (output / "newsletter" / "2026-11" / "index.html").mkdir(parents=True)
    with pytest.raises(FeedsError):
        build_project(tmp_path, output=str(output), drafts=True)
    assert (output / "category" / "hidden").exists()
    (output / "newsletter" / "2026-11" / "index.html").rmdir()
    build_project(tmp_path, output=str(output))
    assert not (output / "category" / "hidden").exists()


def test_a_post_that_is_gone_does_not_fail_strict_builds_for_ever(tmp_path: Path) -> None:
    blog(tmp_path, {**ONE, "two.md": post("# Two\n\nText.\n")})
    build_project(tmp_path)
    (tmp_path / "content" / "posts" / "two.md").unlink()
    assert rules(tmp_path, strict=True) == ["lost-id"]
    assert rules(tmp_path, strict=True) == []


def test_no_two_feeds_share_a_file(tmp_path: Path) -> None:
    blog(tmp_path, {"one.md": post("# One\n", categories='["C++", "C#", "c-f1deb7"]')})
    paths = [file.path for file in build_project(tmp_path).written]
    assert len(paths) == len(set(paths)) == 5 * 3 + 5


def test_addresses_of_authors_are_web_addresses(tmp_path: Path) -> None:
    people = '[{name: A, url: "javascript:alert(1)"}, {name: B, url: /about}]'
    blog(tmp_path, {"one.md": post("# One\n", authors=people)})
    build_project(tmp_path)
    document = json.loads((tmp_path / "public" / "feed.json").read_bytes())
    assert document["items"][0]["authors"] == [
        {"name": "A"},
        {"name": "B", "url": "https://blog.example/about"},
    ]
