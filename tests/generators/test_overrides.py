"""What the settings say wins with every generator, in the same words."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from projects import NOW, build_project, files_below
from sites import SITES, Sample

from feeds.config import load_settings
from feeds.errors import Finding
from feeds.generators import load_site
from feeds.model import History, Post, Site
from feeds.posts.collect import Collection, Policy, load_posts

EVERY = pytest.mark.parametrize("name", SITES)
URL = "https://tides.example/"


def settings_of(name: str, **tables: Mapping[str, str]) -> str:
    """A feeds.toml with these tables of keys, which names the generator and, where nothing else does, the site."""
    given = {"generator": {"name": f'"{name}"'}, **tables}
    if name == "plain":
        given["site"] = {"title": '"Tides"', "url": f'"{URL}"', **given.get("site", {})}
    if "generator" in tables:
        given["generator"] = {"name": f'"{name}"', **tables["generator"]}
    return "\n".join(
        f"[{table}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
        for table, keys in given.items()
    )


def collect(
    root: Path, name: str, files: Mapping[str, str] | None = None, **tables: Mapping[str, str]
) -> tuple[Site, Collection]:
    SITES[name].write(root, files, settings_of(name, **tables))
    settings = load_settings(root, environ={})
    findings: list[Finding] = []
    site = load_site(settings, findings.append)
    time = dt.time.fromisoformat(settings.posts.default_time or "00:00")
    policy = Policy(NOW, future=settings.posts.future, default_time=time)
    found = load_posts(site, policy, lambda source: None, findings.append)
    errors = [finding for finding in findings if finding.severity.name == "ERROR"]
    assert not errors, errors
    return site, found


def one(root: Path, name: str, text: str = "", **tables: Mapping[str, str]) -> Post:
    """The only post of a site with these settings."""
    sample = SITES[name]
    (post,) = collect(root, name, {sample.name: text or sample.post()}, **tables)[1].published
    return post


def undated(sample: Sample, **keys: str) -> str:
    """A post without the keys of dates that its generator knows."""
    return sample.post(**{"date": "", "pubDate": "", **keys})


@EVERY
def test_without_settings_a_post_lies_where_its_generator_puts_it(name: str, tmp_path: Path) -> None:
    assert one(tmp_path, name).url == URL + SITES[name].url


# [generator]


@EVERY
@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/x/{year}/{month}/{day}/{slug}/", "x/2026/11/01/high-tide/"),
        ("/{slug}.html", "high-tide.html"),
        ("/{date}/{slug}", "2026/11/01/high-tide"),
    ],
)
def test_permalink_gives_the_address(name: str, pattern: str, path: str, tmp_path: Path) -> None:
    if name in ("zensical", "material", "plain") and "." not in path:
        path = f"{path.rstrip('/')}/"  # a page of theirs is a folder
    assert one(tmp_path, name, generator={"permalink": f'"{pattern}"'}).url == URL + path


@EVERY
def test_a_permalink_without_a_slash_counts_from_the_blog(name: str, tmp_path: Path) -> None:
    url = one(tmp_path, name, generator={"permalink": '"at/{slug}/"'}).url
    home = {"docusaurus": "blog/", "zensical": "blog/", "material": "blog/", "astro": "blog/"}.get(name, "")
    assert url == f"{URL}{home}at/high-tide/"


@EVERY
@pytest.mark.parametrize(
    ("slug", "path"), [("github", "high--low"), ("hugo", "high-low"), ("eleventy", "high-and-low")]
)
def test_slug_names_the_way_of_making_slugs(name: str, slug: str, path: str, tmp_path: Path) -> None:
    text = SITES[name].post(title='"High & Low"')
    url = one(tmp_path, name, text, generator={"permalink": '"/{slug}/"', "slug": f'"{slug}"'}).url
    named_by_files = name in ("jekyll", "zola")
    assert url == f"{URL}{'high-tide' if named_by_files else path}/"


@EVERY
def test_posts_tells_which_files_are_posts(name: str, tmp_path: Path) -> None:
    sample = SITES[name]
    other = sample.name.replace("high", "low")
    posts = {sample.name: sample.post(), other: sample.post(title="Low tide")}
    patterns = f'["{sample.folder}/*low-*.md"]'
    found = collect(tmp_path, name, posts, generator={"posts": patterns})[1]
    assert [post.title for post in found.published] == ["Low tide"]


@EVERY
def test_date_names_the_key_of_the_date(name: str, tmp_path: Path) -> None:
    text = undated(SITES[name], released="2026-10-05")
    assert one(tmp_path, name, text, generator={"date": '["released"]'}).published.date() == dt.date(
        2026, 10, 5
    )


@EVERY
def test_updated_names_the_key_of_the_last_change(name: str, tmp_path: Path) -> None:
    text = SITES[name].post(edited="2026-11-05")
    assert one(tmp_path, name, text, generator={"updated": '["edited"]'}).updated.date() == dt.date(
        2026, 11, 5
    )


@EVERY
def test_hide_names_keys_that_keep_a_post_back(name: str, tmp_path: Path) -> None:
    sample = SITES[name]
    posts = {sample.name: sample.post(secret="true")}
    found = collect(tmp_path, name, posts, generator={"hide": '["secret"]'})[1]
    assert [hidden.reason for hidden in found.hidden] == ["secret"]
    assert not found.published


@EVERY
def test_excerpt_mark_ends_the_excerpt(name: str, tmp_path: Path) -> None:
    sample = SITES[name]
    text = sample.post("Before.\n\n<!-- cut here -->\n\nAfter.\n")
    sample.write(tmp_path, {sample.name: text}, settings_of(name, generator={"excerpt_mark": '"cut here"'}))
    site = build_project(tmp_path).site
    content = json.loads((site.output / "feed.json").read_text("utf-8"))["items"][0]["content_html"]
    assert "Before." in content
    assert "After." not in content


# [site]


@EVERY
def test_url_wins_with_its_path(name: str, tmp_path: Path) -> None:
    post = one(tmp_path, name, site={"url": '"https://other.example/sub/"'})
    assert post.url == f"https://other.example/sub/{SITES[name].url}"


@EVERY
def test_title_language_and_author_win(name: str, tmp_path: Path) -> None:
    site, found = collect(
        tmp_path, name, site={"title": '"Ebb"', "language": '"fr"', "author": '"Ada"', "description": '"Sea"'}
    )
    assert (site.title, site.language, site.author, site.description) == ("Ebb", "fr", "Ada", "Sea")
    assert [post.language for post in found.published] == ["fr"]


@EVERY
def test_timezone_completes_dates(name: str, tmp_path: Path) -> None:
    text = SITES[name].post(**dict.fromkeys(set(SITES[name].keys) - {"title"}, "2026-11-05 10:00:00"))
    site, found = collect(tmp_path, name, {SITES[name].name: text}, site={"timezone": '"America/New_York"'})
    assert site.timezone == "America/New_York"
    (post,) = found.published
    universal = name in ("jekyll", "docusaurus", "astro", "eleventy")  # as YAML itself has it
    moment = dt.datetime(2026, 11, 5, 10 if universal else 15, tzinfo=dt.UTC)
    assert post.published == moment


# [posts]


@EVERY
def test_folder_may_name_where_posts_lie_anyway(name: str, tmp_path: Path) -> None:
    sample = SITES[name]
    whole = {"zensical": "docs", "material": "docs", "plain": "content", "jekyll": "."}
    folder = whole.get(name, sample.folder)
    assert one(tmp_path, name, posts={"folder": f'"{folder}"'}).title == "High tide"


@EVERY
@pytest.mark.parametrize(("future", "counts"), [("hold", (0, 1)), ("publish", (1, 0))])
def test_future_holds_posts_to_come_or_publishes_them(
    name: str, future: str, counts: tuple[int, int], tmp_path: Path
) -> None:
    sample = SITES[name]
    file = sample.name.replace("2026-11-01", "2027-11-01")
    text = sample.post(**dict.fromkeys(set(sample.keys) - {"title"}, "2027-11-01"))
    found = collect(tmp_path, name, {file: text}, posts={"future": f'"{future}"'})[1]
    assert (len(found.published), len(found.held)) == counts


@EVERY
def test_default_time_completes_dates(name: str, tmp_path: Path) -> None:
    assert one(tmp_path, name, posts={"default_time": '"09:30"'}).published.time() == dt.time(9, 30)


@EVERY
def test_a_generator_that_is_named_is_the_one_that_is_found(name: str, tmp_path: Path) -> None:
    SITES[name].write(tmp_path / "a", settings=settings_of(name))
    SITES[name].write(tmp_path / "b", settings="" if name not in ("plain", "mkdocs") else settings_of(name))
    built = [build_project(tmp_path / folder).site for folder in ("a", "b")]
    assert files_below(built[0].output) == files_below(built[1].output)


@EVERY
def test_dates_asks_git_for_what_posts_do_not_say(name: str, tmp_path: Path) -> None:
    sample = SITES[name]
    file = sample.name.removeprefix("2026-11-01-") if name == "docusaurus" else sample.name
    says = name in ("jekyll", "zensical", "material")  # in the file's name, or it would be no post
    text = sample.post() if says else undated(sample)
    sample.write(tmp_path, {file: text}, settings_of(name, posts={"dates": '"git"'}))
    created, updated = (dt.datetime(2026, 11, day, 8, tzinfo=dt.UTC) for day in (3, 9))
    findings: list[Finding] = []
    site = load_site(load_settings(tmp_path, environ={}), findings.append)
    history = History(created, updated)
    found = load_posts(site, Policy(NOW), lambda source: None, findings.append, lambda source: history)
    assert [(post.published, post.updated) for post in found.published] == [
        (dt.datetime(2026, 11, 1, tzinfo=dt.UTC) if says else created, updated)
    ]
