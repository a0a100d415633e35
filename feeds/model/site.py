"""The site, its blogs, and how their generator reads posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feeds.errors import Finding
from feeds.model.post import Post
from feeds.model.source import Source

Report = Callable[[Finding], None]
"""Where a step leaves what it noticed: `list.append` of the story that called it."""


@dataclass(frozen=True, slots=True)
class MarkdownExtension:
    """A Python-Markdown extension by its import name, with plain options (no functions, no classes)."""

    name: str
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matter:
    """How a generator reads front matter.

    `yaml` is the version of YAML: in 1.1 `yes` and `on` are booleans, in 1.2 they are texts. `fold_case`
    tells whether `Title` is the key `title`, `headers` whether lines of `Key: value` without a fence are
    front matter, `optional` whether a file without any is read all the same, `loose` whether blank lines may
    stand before a fence, and more of its characters in it.
    """

    yaml: str = "1.1"
    fold_case: bool = False
    headers: bool = False
    optional: bool = False
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Naming:
    """What generators make permalinks of.

    `path` is the file's path below the docs folder, `stem` its name without its ending, `slug` the author's
    own, "" without one; `heading` what the generator takes for the title when it names the page, `date` the
    date as written.
    """

    path: str
    stem: str
    slug: str
    heading: str
    date: dt.datetime
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """When a file was first and last committed, with the author's offset; None for what is not asked of git.

    Both are None for a file that was never committed.
    """

    created: dt.datetime | None
    updated: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What front matter is read with.

    `zone` and `time` complete dates, `heading` gives the title that stands in a text, `history` what git
    knows of a file where dates are to come from there, None elsewhere; `report` is told of what is odd.
    """

    zone: dt.tzinfo
    time: dt.time
    heading: Callable[[Source], str | None]
    report: Report
    history: Callable[[Source], History | None] = lambda source: None


NO_POST = "no post"
"""The status of a file that lies among the posts and is none."""


@dataclass(frozen=True, slots=True)
class Blog:
    """One blog of the site, in one language: which files are its posts, and how its generator reads them.

    `folders` is where they lie, relative to `Site.docs`, with `/` ("" for all of it); `is_post` tells by the
    path whether a file is one. `status` gives why a post is not published ("draft", "unlisted" …), "" for one
    that is, `NO_POST` for what is none; `read` gives the metadata, and raises FeedsError where the generator
    would refuse the post too. `borrows` tells which files of other blogs it publishes too, for want of a
    translation; `read` gives those a source path of its own. `home` is the blog's path below the site's URL
    ("", "blog/"), percent-encoded. `complete` adds what the configuration says of whole folders, before both.
    `shows_drafts` tells whether the generator is told to publish drafts and posts to come, `holds_future`
    whether it leaves out posts dated after the build, but for those that `ignores_date` names. `language` and
    `title` ("": the site's) are those of its feeds, which lie in the folder `feeds` ("": with the site's).
    """

    folders: tuple[str, ...]
    home: str
    is_post: Callable[[str], bool]
    status: Callable[[Source], str]
    read: Callable[[Source, Reading], Post]
    borrows: Callable[[str], bool] = lambda path: False
    matter: Matter = Matter()
    complete: Callable[[Source], Source] = lambda source: source
    shows_drafts: bool = False
    holds_future: bool = False
    ignores_date: Callable[[Source], bool] = lambda source: False
    language: str = ""
    title: str = ""
    feeds: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What the configuration and the generator say about the site; an argument of every step.

    `url` ends with `/`; `docs` is the folder that the paths of posts and pages count from (`docs_name`: how
    messages name it, relative to `root`, "" or ending with `/`); `category_slug` gives the last part of a
    category's address, `category_page` the path of its page ("" when the site has none); `excluded` tells
    which files of `docs` are not published, and of a path that ends with `/` whether nothing in that folder
    is; `endings` are those of pages, all other files are media. `flavour` is the kind of Markdown
    ("python-markdown" or "commonmark"), `markdown` the extensions that the generator renders posts with,
    `templating` the language of the templates in posts ("hugo", "liquid", "nunjucks", "mdx", "tera" or ""),
    `variables` what those can name. `issues` is the folder of the newsletter's issues, which holds no posts.

    `page_url` gives the absolute address of a page that is no post by its path, None where it has none.
    `media_url` gives that of another file that a post names by its path beside the post's source: by its
    path, that of the source, and the post's address; None where it cannot be known. Without such a rule the
    address counts from the post's own, as in a browser. `rewrite_link` turns a generator's own form of link,
    in the post of a path, into one that counts from the docs folder (`/a/b.md`) or from the post's file.
    """

    root: Path
    docs: Path
    docs_name: str
    output: Path
    generator: str
    title: str
    url: str
    description: str
    language: str
    timezone: str
    author: str
    copyright: str
    blogs: tuple[Blog, ...]
    markdown: tuple[MarkdownExtension, ...]
    category_slug: Callable[[str], str]
    category_page: Callable[[str], str]
    excluded: Callable[[str], bool]
    page_url: Callable[[str], str | None] = lambda path: None
    media_url: Callable[[str, str, str], str | None] | None = None
    rewrite_link: Callable[[str, str], str] = lambda url, source: url
    endings: tuple[str, ...] = (".md", ".markdown")
    flavour: str = "python-markdown"
    templating: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)
    issues: Path | None = None
