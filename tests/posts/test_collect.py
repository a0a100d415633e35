from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from feeds.config import load_settings
from feeds.errors import FeedsError, Finding, Severity
from feeds.generators import load_site
from feeds.model import Site
from feeds.posts.collect import Collection, Policy, load_posts, page_addresses

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
POLICY = Policy(NOW)
HOLDING = "draft_if_future_date: true"


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def material(root: Path, posts: Mapping[str, str], options: str = "", config: str = "") -> Site:
    """A blog of Material with these posts by file name; options of its plugin, lines of its `mkdocs.yml`."""
    write(root, {f"docs/blog/posts/{name}": text for name, text in posts.items()})
    head = "site_name: Blog\nsite_url: https://example.org/\n"
    (root / "docs").mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text(
        f"{head}{config}plugins:\n  - blog:\n      {options}\n  - meta\n", "utf-8"
    )
    return load_site(load_settings(root), lambda finding: None)


def plain(root: Path, files: Mapping[str, str], zone: str = "UTC") -> Site:
    """A folder without any generator's configuration, with these files by path."""
    (root / "content").mkdir(exist_ok=True)
    write(root / "content", files)
    overrides = {"site.url": "https://example.org/", "site.timezone": zone}
    return load_site(load_settings(root, overrides=overrides), lambda finding: None)


def collect(site: Site, policy: Policy = POLICY, findings: list[Finding] | None = None) -> Collection:
    return load_posts(site, policy, lambda source: None, (findings if findings is not None else []).append)


def findings_of(site: Site, policy: Policy = POLICY) -> list[str]:
    """The first line of everything that was reported."""
    findings: list[Finding] = []
    collect(site, policy, findings)
    for finding in findings:
        assert finding.rule != "error"
        assert finding.at is not None
    return [str(finding).split("\n")[0] for finding in findings]


def paths(collection: Collection) -> list[str]:
    return [post.source.path.rpartition("/")[2] for post in collection.published]


def post(**given: str) -> str:
    lines = [f"{key}: {value}" for key, value in {"date": "2026-11-01", **given}.items()]
    return "\n".join(["---", *lines, "---", "Text", ""])


# Which files are posts


def test_the_posts_of_a_folder_are_read_in_the_order_of_their_paths(tmp_path: Path) -> None:
    site = plain(
        tmp_path, {"posts/b.md": post(), "posts/a/c.md": post(), "posts/a.md": post(), "about.md": "# About"}
    )
    found = collect(site)
    assert [each.source.path for each in found.published] == ["posts/a.md", "posts/a/c.md", "posts/b.md"]
    assert (found.held, found.drafts) == ((), 0)
    assert found.tree.pages == ("about.md", "posts/a.md", "posts/a/c.md", "posts/b.md")


def test_every_blog_of_a_site_is_read(tmp_path: Path) -> None:
    site = plain(tmp_path, {"en/posts/a.md": post(), "de/posts/b.md": post()})
    assert [each.url for each in collect(site).published] == [
        "https://example.org/de/2026/11/01/b/",
        "https://example.org/en/2026/11/01/a/",
    ]


def test_without_a_posts_folder_the_files_with_a_date_are_posts_and_the_others_no_fault(
    tmp_path: Path,
) -> None:
    files = {
        "a.md": post(),
        "b.md": "# No front matter",
        "c.md": "---\ntitle: No date\n---\n",
        "deep/d.md": post(),
    }
    site = plain(tmp_path, files)
    assert paths(collect(site)) == ["a.md", "d.md"]
    assert findings_of(site) == []


def test_a_date_from_the_folders_defaults_makes_no_page_a_post(tmp_path: Path) -> None:
    site = plain(tmp_path, {".meta.yml": "date: 2026-11-01", "a.md": "---\ntitle: A\n---\n", "b.md": post()})
    assert paths(collect(site)) == ["b.md"]


def test_a_file_of_the_posts_folder_must_have_front_matter(tmp_path: Path) -> None:
    for site in (plain(tmp_path, {"posts/a.md": "# A\n"}), material(tmp_path, {"a.md": "# A\n"})):
        findings: list[Finding] = []
        collect(site, findings=findings)
        (finding,) = findings
        assert (finding.severity, finding.rule) == (Severity.ERROR, "front-matter")
        assert str(finding).split("\n")[0].endswith("posts/a.md:1: the post has no front matter")
        assert "date: " in finding.help


def test_an_empty_folder_has_no_posts(tmp_path: Path) -> None:
    found = collect(plain(tmp_path, {}))
    assert (found.published, found.held, found.drafts) == ((), (), 0)


def test_a_file_whose_name_is_no_utf8_is_told(tmp_path: Path) -> None:
    site = plain(tmp_path, {"posts/a.md": post()})
    try:
        (tmp_path / "content/posts" / os.fsdecode(b"caf\xe9.md")).write_text(post(), "utf-8")
    except OSError:
        pytest.skip("this disk takes UTF-8 names only")
    assert findings_of(site) == ["content/posts/caf\\udce9.md: the file's name is not UTF-8"]
    assert paths(collect(site)) == ["a.md"]
    assert list(page_addresses(site, collect(site))) == ["posts/a.md"]


# Problems


def test_all_problems_are_reported_and_only_the_posts_that_have_one_left_out(tmp_path: Path) -> None:
    site = material(
        tmp_path,
        {
            "a.md": "---\ntitle: A\n",
            "b.md": post(date="soon"),
            "c.md": post(title="A: B"),
            "d.md": post(),
            "e.md": post(authors="[nobody]"),
            "f.md": post(draft="maybe"),
            "g.md": post(title="12"),
            "h.md": post(slug="../../../../../x"),
            "i.md": post(categories="[1]"),
            "j.md": "---\ntitle: J\n---\n",
            "k.md": post(tags="{a: b}"),
        },
    )
    assert paths(collect(site)) == ["d.md"]
    assert [each.removeprefix("docs/blog/posts/") for each in findings_of(site)] == [
        "a.md:1: the front matter is never closed",
        "b.md:2:7: 'soon' is not a date",
        "c.md:3:9: this is not YAML: mapping values are not allowed in this context",
        "e.md:3:1: the author 'nobody' is not in the authors' file",
        "f.md:3:1: draft must be true or false, without quotes",
        "g.md:3:1: the title is no text",
        "h.md:3:1: the address '../x' leads out of the site",
        "i.md:3:14: categories must be a list of texts, '1' is none",
        "j.md:1: the post has no date",
        "k.md:3:11: tags must be a list of texts",
    ]


def test_what_the_folders_defaults_are_at_fault_for_names_no_line_of_the_post(tmp_path: Path) -> None:
    site = material(tmp_path, {".meta.yml": "\n\n\ncategories: [1]", "a.md": post()})
    assert findings_of(site) == ["docs/blog/posts/a.md: categories must be a list of texts, '1' is none"]


def test_bytes_that_are_no_text_are_told_with_their_place(tmp_path: Path) -> None:
    site = plain(tmp_path, {"posts/a.md": post()})
    (tmp_path / "content/posts/b.md").write_bytes(b"---\ntitle: caf\xe9\n---\n")
    assert findings_of(site) == ["content/posts/b.md:2:11: this is not UTF-8 text: byte 0xe9"]


def test_warnings_leave_a_post_where_it_is(tmp_path: Path) -> None:
    site = plain(tmp_path, {"posts/a.md": post(id="12", lang="deutsch")})
    assert paths(collect(site)) == ["a.md"]
    assert findings_of(site) == [
        "content/posts/a.md:4:1: warning: 'deutsch' is no language tag",
        "content/posts/a.md:3:1: warning: id '12' is no URI; the address is the id",
    ]


def test_defaults_of_the_folder_are_part_of_a_post(tmp_path: Path) -> None:
    site = material(
        tmp_path, {".meta.yml": "categories: [News]\nlang: de", "a.md": post(categories="[Maps]")}
    )
    (found,) = collect(site).published
    assert (found.categories, found.language) == (("News", "Maps"), "de")


# Drafts


@pytest.mark.parametrize("with_drafts", [False, True])
def test_drafts_are_counted_and_left_out_unless_asked_for(with_drafts: bool, tmp_path: Path) -> None:
    files = {
        "a.md": post(),
        "b.md": post(draft="true"),
        "c.md": post(draft="true"),
        "d.md": post(draft="false"),
    }
    for site in (
        material(tmp_path, files),
        plain(tmp_path, {f"posts/{name}": text for name, text in files.items()}),
    ):
        found = collect(site, Policy(NOW, with_drafts=with_drafts))
        assert paths(found) == (["a.md", "b.md", "c.md", "d.md"] if with_drafts else ["a.md", "d.md"])
        assert found.drafts == (0 if with_drafts else 2)


def test_what_is_unfinished_in_a_draft_is_no_fault(tmp_path: Path) -> None:
    site = material(
        tmp_path, {"a.md": "---\ndraft: true\ntitle:\n---\n", "b.md": post(draft="true", date="soon")}
    )
    assert findings_of(site) == []
    assert collect(site).drafts == 2


def test_the_folders_defaults_can_make_drafts(tmp_path: Path) -> None:
    site = material(
        tmp_path, {"new/.meta.yml": "draft: true", "new/a.md": post(), "new/b.md": post(draft="false")}
    )
    found = collect(site)
    assert (paths(found), found.drafts) == (["b.md"], 1)


# Posts to come


TO_COME = "2026-11-22T12:00:01Z"


@pytest.mark.parametrize(
    ("options", "future", "draft", "outcome"),
    [
        # what Material does: it publishes, unless told otherwise, and an explicit draft: leaves the date out of account
        ("", "", "", "published"),
        ("", "", "false", "published"),
        (HOLDING, "", "", "held"),
        (HOLDING, "", "false", "published"),
        (HOLDING, "", "~", "held"),
        # what the settings say wins
        ("", "hold", "", "held"),
        ("", "hold", "false", "held"),
        (HOLDING, "hold", "false", "held"),
        ("", "publish", "", "published"),
        (HOLDING, "publish", "", "published"),
    ],
)
def test_posts_to_come_are_held_back_as_the_generator_does_or_the_settings_say(
    options: str, future: str, draft: str, outcome: str, tmp_path: Path
) -> None:
    text = post(date=TO_COME, **({"draft": draft} if draft else {}))
    site = material(tmp_path, {"a.md": text}, options)
    found = collect(site, Policy(NOW, future))
    assert (len(found.published), len(found.held)) == ((1, 0) if outcome == "published" else (0, 1))
    warning = "docs/blog/posts/a.md:2:1: warning: the post is dated 2026-11-22, which is to come, and is published all the same"
    assert findings_of(site, Policy(NOW, future)) == ([warning] if outcome == "published" else [])
    shown = Policy(NOW, future, with_future=True)
    assert (paths(collect(site, shown)), collect(site, shown).held) == (["a.md"], ())
    assert findings_of(site, shown) == []


@pytest.mark.parametrize(("future", "held"), [("", 1), ("hold", 1), ("publish", 0)])
def test_a_plain_folder_holds_posts_to_come_back(future: str, held: int, tmp_path: Path) -> None:
    site = plain(tmp_path, {"posts/a.md": post(date=TO_COME, draft="false")})
    assert len(collect(site, Policy(NOW, future)).held) == held


@pytest.mark.parametrize(
    ("date", "held"),
    [
        ("2026-11-22T12:00:00Z", False),
        ("2026-11-22T12:00:01Z", True),
        ("2026-11-22T13:00:00+01:00", False),
        ("2026-11-22T11:59:59-00:01", True),
        ("2026-11-22", False),
        ("2026-11-23", True),
    ],
)
def test_a_post_is_due_at_its_instant(date: str, held: bool, tmp_path: Path) -> None:
    assert bool(collect(plain(tmp_path, {"posts/a.md": post(date=date)})).held) is held


@pytest.mark.parametrize(
    ("zone", "time", "held"),
    [
        ("UTC", dt.time(12), False),
        ("UTC", dt.time(12, 0, 1), True),
        ("Europe/Berlin", dt.time(13), False),
        ("America/New_York", dt.time(8), True),
        ("Asia/Tokyo", dt.time(20), False),
    ],
)
def test_zone_and_default_time_decide_when_a_day_is_due(
    zone: str, time: dt.time, held: bool, tmp_path: Path
) -> None:
    site = plain(tmp_path, {"posts/a.md": post(date="2026-11-22")}, zone)
    assert bool(collect(site, Policy(NOW, default_time=time)).held) is held


def test_posts_that_are_held_back_come_in_the_order_in_which_they_fall_due(tmp_path: Path) -> None:
    dates = {"a": "2027-03-01", "b": "2027-01-01", "c": "2027-02-01"}
    site = plain(tmp_path, {f"posts/{name}.md": post(date=date) for name, date in dates.items()})
    assert [each.source.path for each in collect(site).held] == ["posts/b.md", "posts/c.md", "posts/a.md"]


def test_an_update_to_come_does_not_hold_a_post_back(tmp_path: Path) -> None:
    (found,) = collect(plain(tmp_path, {"posts/a.md": post(updated="2027-01-01")})).published
    assert found.updated.year == 2027


# Addresses and ids


def test_two_posts_at_one_address_are_an_error_that_names_both(tmp_path: Path) -> None:
    files = {
        "a.md": post(slug="same"),
        "b.md": post(slug="other"),
        "c.md": post(title="C", slug="same"),
        "d.md": post(slug="same"),
    }
    assert findings_of(material(tmp_path, files)) == [
        "docs/blog/posts/c.md:4:1: the address https://example.org/blog/2026/11/01/same/ is also that of docs/blog/posts/a.md",
        "docs/blog/posts/d.md:3:1: the address https://example.org/blog/2026/11/01/same/ is also that of docs/blog/posts/a.md",
    ]


def test_two_posts_with_one_id_are_an_error_that_names_both(tmp_path: Path) -> None:
    files = {
        "posts/a.md": post(id="urn:x:1"),
        "posts/b.md": post(id="urn:x:2"),
        "posts/c.md": post(id="urn:x:1"),
    }
    assert findings_of(plain(tmp_path, files)) == [
        "content/posts/c.md:3:1: the id urn:x:1 is also that of content/posts/a.md"
    ]


def test_an_id_that_is_another_posts_address_is_an_error(tmp_path: Path) -> None:
    files = {"posts/a.md": post(), "posts/moved.md": post(id="https://example.org/2026/11/01/a/")}
    findings: list[Finding] = []
    collect(plain(tmp_path, files), findings=findings)
    assert [(each.rule, str(each.at)) for each in findings] == [("same-id", "content/posts/moved.md:3:1")]
    assert (
        findings[0].message == "the id https://example.org/2026/11/01/a/ is also that of content/posts/a.md"
    )


def test_ids_tell_posts_at_one_address_apart_no_more_than_addresses_do(tmp_path: Path) -> None:
    files = {"posts/a.md": post(slug="s", id="urn:x:1"), "posts/b.md": post(slug="s", id="urn:x:2")}
    assert len(findings_of(plain(tmp_path, files))) == 1


def test_only_published_posts_can_be_in_each_others_way(tmp_path: Path) -> None:
    files = {"posts/a.md": post(slug="s"), "posts/b.md": post(slug="s", draft="true")}
    assert findings_of(plain(tmp_path, files)) == []
    assert len(findings_of(plain(tmp_path, files), Policy(NOW, with_drafts=True))) == 1


def test_pages_have_their_address_and_published_posts_their_permalink(tmp_path: Path) -> None:
    site = plain(
        tmp_path,
        {
            "index.md": "# Home",
            "about me.md": "# About",
            "guide/README.md": "# Guide",
            "posts/a.md": post(slug="s"),
            "posts/later.md": post(date="2027-01-01"),
            "posts/draft.md": post(draft="true"),
        },
    )
    assert page_addresses(site, collect(site)) == {
        "index.md": "https://example.org/",
        "about me.md": "https://example.org/about%20me/",
        "guide/README.md": "https://example.org/guide/",
        "posts/a.md": "https://example.org/2026/11/01/s/",
    }


def test_pages_that_the_generator_makes_can_be_linked_to(tmp_path: Path) -> None:
    site = material(tmp_path, {"a.md": post(categories='["Big News"]')})
    assert page_addresses(site, collect(site))["blog/category/big-news.md"] == (
        "https://example.org/blog/category/big-news/"
    )


def test_drafts_are_published_where_the_plugin_is_told_so(tmp_path: Path) -> None:
    posts = {"a.md": post(draft="true"), "b.md": post(date="2031-01-01")}
    site = material(tmp_path, posts, "draft: true\n      draft_if_future_date: true")
    assert len(collect(site).published) == 2


def test_pages_without_directory_urls_end_in_html(tmp_path: Path) -> None:
    site = material(tmp_path, {"a.md": post()}, config="use_directory_urls: false\n")
    write(tmp_path, {"docs/index.md": "", "docs/é.md": ""})
    assert page_addresses(site, collect(site)) == {
        "index.md": "https://example.org/index.html",
        "é.md": "https://example.org/%C3%A9.html",
        "blog/posts/a.md": "https://example.org/blog/2026/11/01/a.html",
    }


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    site = plain(tmp_path, {f"posts/{n}.md": post(date=f"2026-11-{n:02}") for n in range(1, 30)})
    assert collect(site) == collect(site)


def test_a_folder_that_is_gone_is_an_error_at_once(tmp_path: Path) -> None:
    site = plain(tmp_path, {})
    (tmp_path / "content").rmdir()
    with pytest.raises(FeedsError, match="cannot read this folder"):
        collect(site)
