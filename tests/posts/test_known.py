"""What is known of files comes back as it was, whatever it is; what cannot is not remembered."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import NOW, blog, post

from feeds.build import Choices, build
from feeds.config import load_settings
from feeds.errors import Finding, Location, Severity
from feeds.generators import load_site
from feeds.index import FILE, Index
from feeds.model import Author, Excerpting, Post, Site
from feeds.posts.known import Known, KnownFile
from feeds.posts.load import Body, digest_of, let_go
from feeds.sight import state_of

ZONE = ZoneInfo("Europe/Rome")
DIGEST = "0123456789abcdef"
HALF = dt.timezone(dt.timedelta(hours=-3, minutes=-30))
ADDRESS = st.text(min_size=1)
INSTANT = st.datetimes(dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29)).flatmap(
    lambda naive: st.sampled_from([naive.replace(tzinfo=zone, fold=0) for zone in (ZONE, dt.UTC, HALF)])
)
NAMES = st.lists(st.text(), max_size=3).map(tuple)


def load():
    pytest.fail("it is known")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    root = blog(tmp_path_factory.mktemp("known"), {"a.md": post("One.\n"), "b.md": post("Two.\n")})
    return load_site(load_settings(root, environ={}), lambda finding: None)


POST = Post(
    id="https://blog.example/a/",
    url="https://blog.example/a/",
    title="A",
    published=dt.datetime(2026, 11, 1, tzinfo=ZONE),
    updated=dt.datetime(2026, 11, 2, tzinfo=ZONE),
    authors=(Author("Ada"),),
    categories=("News",),
    tags=("a", "b"),
    language="en",
    description="",
    image="",
    pinned=False,
    source=let_go("posts/a.md", "content/posts/a.md", 5, Body(load, DIGEST)),
)


@st.composite
def posts(draw) -> Post:
    """A post of the file `posts/a.md`."""
    published, id = draw(INSTANT), draw(ADDRESS)
    return Post(
        id=id,
        url=draw(st.one_of(st.just(id), ADDRESS)),
        title=draw(st.text()),
        published=published,
        updated=draw(st.one_of(st.just(published), INSTANT)),
        authors=tuple(draw(st.lists(st.builds(Author, *[st.text()] * 5), max_size=2))),
        categories=draw(NAMES),
        tags=draw(NAMES),
        language=draw(st.text()),
        description=draw(st.text()),
        image=draw(st.text()),
        pinned=draw(st.booleans()),
        source=let_go("posts/a.md", "content/posts/a.md", draw(st.integers(1)), Body(load, DIGEST)),
        excerpting=draw(st.builds(Excerpting, NAMES, st.text(), st.booleans(), st.text(), st.integers())),
        due=draw(st.none() | INSTANT),
        expires=draw(st.none() | INSTANT),
        comments=draw(st.text()),
        rights=draw(st.text()),
    )


FINDINGS = st.builds(
    Finding,
    st.sampled_from(Severity),
    st.text(),
    st.text(),
    st.none() | st.builds(Location, st.text(), st.none() | st.integers(1), st.none() | st.integers(1)),
    st.text(),
)


def shown(found: KnownFile) -> tuple[object, ...]:
    """All that there is to a file, as it can be compared."""
    post = found.post
    parts = [getattr(post, name) for name in Post.__slots__ if name != "source"] if post else []
    instants = [(each, each.tzinfo) for each in parts if isinstance(each, dt.datetime)]
    source = (post.source.path, post.source.fields.path, post.source.body_line) if post else ()
    return (found.status, found.title, parts, list(map(str, instants)), source, found.findings, found.digest)


@settings(max_examples=300, deadline=None)
@given(posts() | st.none(), st.text(), st.text(), st.lists(FINDINGS, max_size=2).map(tuple))
def test_a_file_comes_back_as_it_was(site, post, status, title, findings):
    found = KnownFile(status, title, post, findings, digest=DIGEST, state=(1, 2, 3, 4))
    known = Known(site, ZONE, is_alone=True)
    data = known.packed(found)
    if data is not None:
        assert shown(known.unpacked("posts/a.md", data, load)) == shown(found)
    texts = str((status, title, [getattr(post, name) for name in Post.__slots__] if post else ""))
    assert data is not None or any(sign in texts for sign in (r"\n", r"\x1d", r"\x1e", r"\x1f"))


@pytest.mark.parametrize("text", ["a\nb", "a\x1db", "a\x1eb", "a\x1fb"])
@pytest.mark.parametrize("name", ["title", "tags"])
def test_a_text_that_would_be_parted_is_not_remembered(name, text, site):
    value = (text,) if name == "tags" else text
    found = KnownFile("", "", replace(POST, **{name: value}), digest=DIGEST, state=(1, 2, 3, 4))
    assert Known(site, ZONE, is_alone=True).packed(found) is None


def test_a_file_is_found_by_the_next_build_unless_it_changes(site, tmp_path):
    path = site.docs / "posts/a.md"
    found = KnownFile("", "", POST, digest=digest_of(path.read_bytes()), state=state_of(path.stat()))
    for name in ("posts/a.md", "posts/b.md", "posts/gone.md"):
        index = Index(tmp_path / FILE)
        known = Known(site, ZONE, True, index, "key")
        known.unpacked(name, known.packed(found), load)
        known.remember()
        index.save()
        index = Index(tmp_path / FILE)
        again = Known(site, ZONE, True, index, "key").find(name, load)
        assert (again and shown(again)) == (shown(found) if name == "posts/a.md" else None)


@pytest.mark.parametrize("name", ["a\nb.md", "a\x1eb.md", "a\x1fb.md"])
def test_a_name_that_would_be_parted_takes_nothing_else_with_it(name, tmp_path):
    root = blog(tmp_path, {name: post("# One\n"), "c.md": post("# Two\n", date="2026-11-02")})
    first, second = (
        build(load_settings(root, environ={}), Choices(NOW), index=Index(tmp_path / "cache" / FILE))
        for _ in range(2)
    )
    assert [post.title for post in second.collection.published] == ["One", "Two"]
    assert second.findings == first.findings
    assert second.is_settled
