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
class Excerpting:
    """Where a post's excerpt comes from.

    `marks` are the texts of the comments that end it; `summary` is what the author wrote for one in the front
    matter, as Markdown, which counts before the marks where `summary_first`. `automatic` names the
    generator's own rule for posts that have neither ("hugo", "jekyll", "pelican"), `words` its length,
    `separator` the text that ends it in the source, `paragraphs` how many it is made of (0: all), `ending`
    what shows that it was cut, `typographic` whether words count once quotes and capitals are set apart;
    without a rule the description counts, then the first paragraphs.
    """

    marks: tuple[str, ...] = ("more",)
    summary: str = ""
    summary_first: bool = False
    automatic: str = ""
    words: int = 0
    separator: str = ""
    cjk: bool = False
    paragraphs: int = 0
    ending: str = "…"
    typographic: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A post's metadata; no HTML. Datetimes are aware; URLs absolute; `published` <= `updated`.

    `due` is when the generator begins to publish it (None: at `published`), `expires` when it ceases to;
    `comments` is the address of the page where it is talked about, `rights` who holds them.
    """

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
    excerpting: Excerpting = Excerpting()
    due: dt.datetime | None = None
    expires: dt.datetime | None = None
    comments: str = ""
    rights: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, recording or other file: address, media type, bytes, pixels; "", None where not known."""

    url: str
    type: str = ""
    length: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What subscribers see of a post: clean HTML with absolute URLs, and its plain-text twin."""

    html: str
    text: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A post with its excerpt and, where a feed carries it, the whole post as clean HTML.

    `image` is the picture that stands for it, `enclosure` the file that it is published for.
    """

    post: Post
    excerpt: Excerpt
    content: str | None = None
    reading_minutes: int = 1
    image: Media | None = None
    enclosure: Media | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One set of entries that can be subscribed to, in every format.

    `folder` is the path below the site's URL ("" or "category/news"); `home_url` the page a reader opens;
    `updated` the newest change among the entries; `title` is unique among the site's feeds. `path` is where
    its file lies below the output, if not in its folder under the format's own name.

    `hub` is the WebSub hub that is told of changes. `is_complete` says that it holds every post there is;
    else older ones may lie in `archives` documents, numbered from the oldest, of which this is number
    `archive` (0: it is the one that people subscribe to).
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
    path: str = ""
    hub: str = ""
    is_complete: bool = False
    archive: int = 0
    archives: int = 0


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
    """A file to be written: path below its folder, bytes, entries in it, whether people subscribe to it."""

    path: str
    data: bytes
    entries: int | None = None
    is_topic: bool = False


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
    `variables` what those can name.

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
