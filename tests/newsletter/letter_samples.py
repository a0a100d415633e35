"""Posts, sites and issues to test the newsletter with."""

import datetime as dt
from pathlib import Path

from feeds.config import NewsletterSettings
from feeds.model import Author, Entry, Excerpt, Fields, Issue, Letter, Post, Site, Source
from feeds.newsletter import (
    Look,
    choose,
    compile_issue,
    list_issues,
    load_look,
    render_letter,
    render_page,
)

SETTINGS = NewsletterSettings(
    title="Field Notes",
    categories=("Releases", "Python"),
    sender="Ada Lovelace <ada@notes.example>",
    address="Field Notes\n12 St James's Square\nLondon",
)


def make_site(root: Path = Path(), **changes) -> Site:
    values = {
        "root": root,
        "docs": root / "docs",
        "docs_name": "docs/",
        "output": root / "public",
        "generator": "mkdocs",
        "title": "The Site",
        "url": "https://notes.example/",
        "description": "",
        "language": "en",
        "timezone": "UTC",
        "author": "",
        "copyright": "",
        "blogs": (),
        "markdown": (),
        "category_slug": lambda name: name.casefold().replace(" ", "-"),
        "category_page": lambda name: "",
        "excluded": lambda path: False,
    }
    return Site(**{**values, **changes})


def make_post(name: str, published: str = "2026-11-20T09:00:00+00:00", **changes) -> Post:
    moment = dt.datetime.fromisoformat(published)
    values = {
        "id": f"https://notes.example/id/{name}",
        "url": f"https://notes.example/{name}/",
        "title": name.replace("-", " ").capitalize(),
        "published": moment,
        "updated": moment,
        "authors": (Author("Ada Lovelace"),),
        "categories": (),
        "tags": (),
        "language": "en",
        "description": "",
        "image": "",
        "pinned": False,
        "source": Source(f"posts/{name}.md", Fields(f"docs/posts/{name}.md", {}), "", 1),
    }
    return Post(**{**values, **changes})


def make_entry(post: Post, html: str = "", text: str = "", *, is_whole: bool = False) -> Entry:
    text = text or f"The first lines of {post.title}."
    return Entry(post, Excerpt(html or f"<p>The first lines of {post.id}.</p>", text, is_whole), None, 3)


def make_issue(site: Site, entries: list[Entry], settings: NewsletterSettings = SETTINGS, **choice) -> Issue:
    posts = [entry.post for entry in entries]
    plan = choose(site, settings, list_issues(site, settings, posts), posts, **choice)
    return compile_issue(site, settings, plan, {entry.post.id: entry for entry in entries})


LOOKS: dict[object, Look] = {}


def make_look(site: Site, settings: NewsletterSettings = SETTINGS) -> Look:
    """A look of which nothing is to be said; with the bundled templates it is made once for all tests."""
    key = (site.root, site.title, site.url, site.language, settings)
    if key in LOOKS:
        return LOOKS[key]
    findings = []
    look = load_look(site, settings, findings.append)
    assert findings == []
    if not settings.templates:
        LOOKS[key] = look
    return look


def make_letter(site: Site, entries: list[Entry], settings: NewsletterSettings = SETTINGS) -> Letter:
    return letter_of(make_issue(site, entries, settings), site, settings)


def letter_of(issue: Issue, site: Site | None = None, settings: NewsletterSettings = SETTINGS) -> Letter:
    """The letter of an issue of which nothing is to be said."""
    findings = []
    letter = render_letter(make_look(site or make_site(), settings), issue, findings.append)
    assert findings == []
    return letter


def make_page(site: Site, entries: list[Entry], settings: NewsletterSettings = SETTINGS, **links) -> str:
    return render_page(make_look(site, settings), make_issue(site, entries, settings), **links)


def november() -> list[Entry]:
    """Six posts in four sections: code, a table, a picture, three scripts, long titles."""
    code = (
        '<p>It <a href="https://notes.example/preview/">shows</a> <code>a &lt; b</code>.</p>'
        '<pre><code class="language-python"><span class="k">def</span> main() -&gt; int: ...\n</code></pre>'
        '<h2 id="upgrading">Upgrading</h2><ul><li>one</li></ul>'
    )
    table = '<table><thead><tr><th>Name</th><th align="right">Posts</th></tr></thead></table>'
    picture = (
        '<figure><img src="https://notes.example/a.jpg" alt="A path" width="1600" height="900"></figure>'
    )
    return [
        make_entry(make_post("release", categories=("Releases", "Python")), code),
        make_entry(make_post("table", "2026-11-17T12:00:00+01:00", categories=("Python",)), table),
        make_entry(
            make_post(
                "arabic", "2026-11-12T08:00:00+03:00", title="مقدمة", categories=("Python",), language="ar"
            ),
            "<p>هذه مقالة قصيرة.</p>",
            is_whole=True,
        ),
        make_entry(
            make_post(
                "japanese",
                "2026-11-09T10:00:00+09:00",
                title="静的サイト",
                categories=("日本語",),
                language="ja",
            ),
            "<p>静的サイトのブログから。</p>",
        ),
        make_entry(make_post("walk", "2026-11-05T18:00:00+00:00"), picture),
        make_entry(make_post("note", "2026-11-02T18:00:00+00:00", title="A title " * 20, authors=())),
    ]
