"""Posts as a blog reads them: made of what their addresses are made of, or of front matter."""

import datetime as dt
from collections.abc import Mapping

from feeds.errors import Finding
from feeds.model import Author, Blog, Fields, Naming, Post, Reading, Scalar, Source, Value

URL = "https://example.org/"


def read(
    blog: Blog,
    fields: Mapping[str, Value],
    path: str = "posts/a.md",
    *,
    body: str = "",
    zone: dt.tzinfo = dt.UTC,
    findings: list[Finding] | None = None,
) -> Post:
    """The post that a blog makes of these fields, the folder's defaults added."""
    report = (findings if findings is not None else []).append
    source = blog.complete(Source(path, Fields(f"docs/{path}", fields), body, 1))
    return blog.read(source, Reading(zone, dt.time(), lambda source: None, report))


def link(blog: Blog, naming: Naming, url: str = URL) -> str:
    """The path, below the site's URL, of a post that is named so."""
    date = Scalar(naming.date.isoformat(" "), "timestamp")
    fields: dict[str, Value] = {
        "title": Scalar(naming.heading),
        "date": date,
        "categories": [Scalar(name) for name in naming.categories],
    }
    if naming.slug:
        fields["slug"] = Scalar(naming.slug)
    post = read(blog, fields, f"{blog.folders[0]}/{naming.stem}.md".lstrip("/"))
    assert post.url.startswith(url)
    return post.url.removeprefix(url)


def authors(blog: Blog, *ids: str) -> dict[str, Author]:
    """Those whom the ids name."""
    date = Scalar("2026-11-22", "timestamp")
    post = read(blog, {"date": date, "title": Scalar("A"), "authors": [Scalar(id) for id in ids]})
    return {author.id: author for author in post.authors}
