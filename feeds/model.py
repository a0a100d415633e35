"""The nouns: frozen values that the steps hand to each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feeds.errors import Finding, Location

Report = Callable[[Finding], None]
"""Where a step leaves what it noticed: `list.append` of the story that called it."""


class Scalar(str):
    """A YAML, TOML or JSON scalar as its source text, with what the format takes it for and where it stands.

    `kind` is one of `str`, `int`, `float`, `bool`, `null`, `timestamp`; `quoted` tells `"no"` from `no`.
    """

    __slots__ = ("column", "kind", "line", "quoted")

    kind: str
    quoted: bool
    line: int | None
    column: int | None

    def __new__(
        cls,
        text: str,
        kind: str = "str",
        *,
        quoted: bool = False,
        line: int | None = None,
        column: int | None = None,
    ) -> Scalar:
        """A scalar; `line` and `column` count from 1 and are None where the format does not tell them."""
        self = super().__new__(cls, text)
        self.kind, self.quoted, self.line, self.column = kind, quoted, line, column
        return self


Value = Scalar | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Fields:
    """Front matter or a configuration file: values, and line and column (from 1) of each top-level key."""

    path: str
    values: Mapping[str, Value]
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def at(self, key: str) -> Location:
        """Where a key stands; the file alone when that is not known."""
        return Location(self.path, *self.places.get(key, (None, None)))

    def __contains__(self, key: str) -> bool:
        return key in self.values


@dataclass(frozen=True, slots=True)
class Source:
    """A Markdown file: path relative to the docs folder (with `/`), fields, text, and the text's first line.

    `fields.path` is the path that messages show, relative to the project's root.
    """

    path: str
    fields: Fields
    body: str
    body_line: int


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post; everything but the name may be empty. `id` is the key in the authors' file."""

    name: str
    id: str = ""
    url: str = ""
    email: str = ""
    avatar: str = ""


@dataclass(frozen=True, slots=True)
class MarkdownExtension:
    """A Python-Markdown extension by its import name, with plain options (no functions, no classes)."""

    name: str
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    """A published post's metadata; no HTML. Datetimes are aware; URLs absolute; `published` <= `updated`."""

    id: str
    url: str
    title: str
    published: dt.datetime
    updated: dt.datetime
    authors: tuple[Author, ...]
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    description: str
    image: str
    pinned: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What subscribers see of a post: clean HTML with absolute URLs, and its plain-text twin."""

    html: str
    text: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A post with its excerpt and, where a feed carries it, the whole post as clean HTML."""

    post: Post
    excerpt: Excerpt
    content: str | None = None
    reading_minutes: int = 1


@dataclass(frozen=True, slots=True)
class Feed:
    """One set of entries that can be subscribed to, in every format.

    `folder` is the path below the site's URL ("" or "category/news"); `home_url` the page a reader opens;
    `updated` the newest change among the entries; `title` is unique among the site's feeds.
    """

    id: str
    title: str
    description: str
    folder: str
    home_url: str
    language: str
    updated: dt.datetime
    entries: tuple[Entry, ...]
    content: str = "excerpt"


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of an issue with its entries, newest first."""

    title: str
    slug: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """A newsletter's issue: which posts, under which headings, from day `first` to day `last`."""

    id: str
    title: str
    subject: str
    preheader: str
    first: dt.date
    last: dt.date
    url: str
    sections: tuple[Section, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry once, in the order of the letter."""
        return tuple(entry for section in self.sections for entry in section.entries)


@dataclass(frozen=True, slots=True)
class Letter:
    """An issue as it goes out: `html` with its CSS inlined, `text` its twin, `page` the issue on the site."""

    issue: Issue
    html: str
    text: str
    page: str


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written: path below its folder (with `/`), bytes, and how many entries it holds."""

    path: str
    data: bytes
    entries: int | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """What generators make permalinks of.

    `stem` is the file's name without its ending, `heading` what the generator takes for the title when it
    names the page, `date` the date as written.
    """

    stem: str
    slug: str
    heading: str
    date: dt.datetime
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blog:
    """One blog of the site: where its posts lie and where they are published.

    `posts` is relative to `Site.docs`, with `/`; `home` the blog's path below the site's URL ("", "blog/");
    `permalink` gives the path of a post below the site's URL, percent-encoded. `defaults` are front matter
    for whole folders; `shows_drafts` whether the generator is told to publish drafts and posts to come;
    `holds_future` whether the generator leaves out posts dated after the build; `strict`
    whether it refuses front matter that YAML does not type as it wants; `names_authors` whether authors must
    stand in the authors' file.
    """

    posts: str
    home: str
    authors: Mapping[str, Author]
    permalink: Callable[[Naming], str]
    defaults: tuple[tuple[str, Fields], ...] = ()
    shows_drafts: bool = False
    holds_future: bool = False
    strict: bool = False
    names_authors: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """What the configuration and the generator say about the site; an argument of every step.

    `url` ends with `/`; `docs` is the folder whose files the site's URLs mirror (`docs_name`: how messages
    name it, relative to `root`, "" or ending with `/`); `category_slug` gives the last part of a category's
    address, `category_page` the path of its page ("" when the site has none); `excluded` tells which files of
    `docs` are not published, and of a path that ends with `/` whether nothing in that folder is; `markdown`
    are the extensions that the generator renders posts with; `excerpt_mark` is the text of the comment that
    ends an excerpt; `directory_urls` tells whether a page `a.md` is published as `a/` or as `a.html`.
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
    excerpt_mark: str = "more"
    directory_urls: bool = True
