"""The one table of keys: what can be set, of which type and form, with which default and help line.

A field's annotation is its type, its default the default, its metadata the rest. The checks, the "did you
mean" and the reference are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

FORMAT_NAMES = ("rss", "atom", "json")
GROUPINGS = ("category", "tag", "author")
GENERATOR_NAMES = (
    "zensical",
    "material",
    "mkdocs",
    "hugo",
    "jekyll",
    "zola",
    "pelican",
    "docusaurus",
    "astro",
    "eleventy",
    "plain",
)
SLUG_NAMES = ("material", "hugo", "jekyll", "pelican", "github", "eleventy")


def key(
    default: object,
    help: str,
    *,
    form: str = "",
    choices: tuple[str, ...] = (),
    least: int = 0,
    most: int | None = None,
) -> Any:
    """One key: `form` names what its text must look like (see `forms`), `choices` all that it may be.

    `least` and `most` are the bounds of a number.
    """
    bounds = {"least": least, "most": most}
    return field(default=default, metadata={"help": help, "form": form, "choices": choices, **bounds})


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The site as a whole; what stands here wins over the generator's own configuration."""

    title: str = key("", "The site's name, which the titles of its feeds begin with.")
    url: str = key("", "Where the site lies, such as `https://example.org/blog/`.", form="web address")
    description: str = key("", "One sentence about the site.")
    language: str = key("", "The language of the posts, such as `en` or `pt-BR`.", form="language")
    timezone: str = key("", "The zone of dates that name none, such as `Europe/Berlin`.", form="time zone")
    author: str = key("", "Who wrote the posts that name no author.")
    output: str = key("", "Where feeds are written, below the project's folder.", form="folder")
    built: str = key(
        "",
        "Where the site lies once it is built, to look up every post's address there; left out, the output, "
        "if it holds the site.",
        form="folder",
    )


@dataclass(frozen=True, slots=True)
class PostsSettings:
    """Which files are posts, and when they are due."""

    folder: str = key("", "Where the Markdown files lie, below the project's folder.", form="folder")
    future: str = key(
        "",
        "Whether posts of a coming date wait for it; left out, they do what the generator does.",
        choices=("hold", "publish"),
    )
    default_time: str = key("", "The time of day of dates that have none, such as `09:00`.", form="time")
    dates: str = key(
        "",
        "Whether git tells when posts that do not say it were first and last committed; `git` is both.",
        choices=("git", "git-created", "git-updated"),
    )


@dataclass(frozen=True, slots=True)
class FeedsSettings:
    """What feeds carry."""

    formats: tuple[str, ...] = key(FORMAT_NAMES, "The formats to write.", choices=FORMAT_NAMES)
    limit: int = key(20, "How many posts a feed carries, the newest first; 0 is all of them.")
    content: str = key(
        "excerpt",
        "What a feed carries of a post: its excerpt, its full text, or both.",
        choices=("excerpt", "full", "both"),
    )
    by: tuple[str, ...] = key(
        ("category",), "What else has feeds: each category, each tag, each author.", choices=GROUPINGS
    )
    aliases: tuple[str, ...] = key(
        (),
        "Other paths of the site's feed, such as `index.xml`, for those who subscribed there; a format and a "
        "colon before one says which it is (`atom:rss/index.html`).",
        form="alias",
    )
    archive: int = key(
        0, "How many posts an archive document holds, for those that no longer fit a feed; 0 makes none."
    )
    inject: str = key(
        "no",
        "Whether links to the feeds are put into the heads of the built site's pages.",
        choices=("no", "yes"),
    )
    hub: str = key("", "The WebSub hub that is told when a feed changes.", form="address")
    max_kilobytes: int = key(
        1000, "The size of a feed, in thousands of bytes, over which it is refused; 0 allows any."
    )


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """Which posts are meant: those that have one of each list."""

    categories: tuple[str, ...] = key((), "Categories.")
    tags: tuple[str, ...] = key((), "Tags.")
    authors: tuple[str, ...] = key((), "Authors, by name or id.")
    languages: tuple[str, ...] = key((), "Languages, such as `fr`.", form="language")
    paths: tuple[str, ...] = key((), "Files, by patterns from the project's folder as in a `.gitignore`.")


@dataclass(frozen=True, slots=True)
class NamedFeedSettings:
    """A feed of your own choice, beside those of the site and its categories; one table for each."""

    title: str = key("", "The feed's title; left out, the site's title and the path.")
    description: str = key("", "One sentence about it.")
    path: str = key("", "The folder of its files below the output, such as `essays`.", form="feed path")
    include: FilterSettings = key(  # noqa: RUF009 - a frozen value
        FilterSettings(),
        'Only posts that have one of each list: `{ categories = ["News"], languages = ["en"] }`; there are '
        "`categories`, `tags`, `authors`, `languages` and `paths`.",
    )
    exclude: FilterSettings = key(  # noqa: RUF009
        FilterSettings(), "No post that has anything of any list, in the same form."
    )


@dataclass(frozen=True, slots=True)
class NewsletterSettings:
    """What an issue of the newsletter holds, and what its letters look like."""

    title: str = key("", "The newsletter's name; left out, the site's title.")
    period: str = key(
        "monthly",
        "How often an issue appears; `post` makes one of each post.",
        choices=("weekly", "monthly", "quarterly", "post"),
    )
    issues: str = key(
        "",
        "Where the files of issues lie; left out, `content/newsletter` beside posts in `content`, else "
        "`newsletter`, or `_newsletter` where the generator reads the whole project.",
        form="folder",
    )
    categories: tuple[str, ...] = key((), "The order of the categories in an issue.")
    other: str = key("", "The heading of posts without a category.")
    sender: str = key("", "Who sends the letters, such as `Ada <ada@example.org>`.", form="mail address")
    address: str = key("", "The postal address at the foot of a letter.", form="lines of text")
    signup: str = key("", "The page on which readers sign up for it.", form="address")
    accent: str = key(
        "#0f5c8c",
        "The colour of links and rules, such as `#0f5c8c`; dark letters show a lighter one.",
        form="colour",
    )
    logo: str = key(
        "", "The picture at the head of a letter, PNG, JPEG or GIF, up to 48 pixels high.", form="address"
    )
    font: str = key(
        "", "The fonts of a letter, first the one you want, such as `Georgia, serif`.", form="fonts"
    )
    width: int = key(600, "The width of a letter in pixels, 480 to 680.", least=480, most=680)
    images: str = key(
        "no", "Whether a letter shows each post's picture above its excerpt.", choices=("no", "yes")
    )
    overflow: str = key(
        "shorten",
        "What becomes of a letter that Gmail would cut off: its largest sections end with titles alone, or "
        "it is refused.",
        choices=("shorten", "fail"),
    )
    pages: int = key(
        200,
        "How many posts the pages of issues show with their excerpts, those of the newest issues first; "
        "older issues list titles. 0 is all of them.",
    )
    templates: str = key("", "Where your own templates lie, below the project's folder.", form="folder")
    letters: str = key(".feeds/letters", "Where letters are written.", form="folder")


@dataclass(frozen=True, slots=True)
class SendSettings:
    """How letters reach their readers, and how those unsubscribe."""

    transport: str = key(
        "",
        "Who takes the letters: `smtp+starttls://host:587`, `smtps://host:465`, `smtp://localhost:25`, or "
        "`folder:outbox` for a file each. User and password come from the environment.",
        form="transport",
    )
    ledger: str = key(
        "",
        "The file that knows the subscribers and what was sent to whom; left out, one in your data folder. "
        "Never in the repository.",
        form="folder",
    )
    unsubscribe: str = key(
        "",
        "The address at which a reader unsubscribes with one click, such as "
        "`https://example.org/unsubscribe?t={token}`.",
        form="token address",
    )
    mailbox: str = key(
        "", "The mail address that takes requests to subscribe and to unsubscribe.", form="mail address"
    )
    bounces: str = key(
        "",
        "The envelope sender, to which undeliverable letters return; with `{token}` in it each has its own, "
        "such as `bounces+{token}@example.org`.",
        form="token mailbox",
    )
    reply_to: str = key("", "Where answers to a letter go, if not to its sender.", form="mail address")
    connections: int = key(4, "How many connections send at once, 1 to 50.", least=1, most=50)
    per_second: int = key(10, "The most letters a second; 0 sets no limit.")
    per_hour: int = key(0, "The most letters an hour; 0 sets no limit.")
    per_domain: int = key(0, "The most letters an hour to addresses of one domain; 0 sets no limit.")
    expires: int = key(
        72, "Hours after which an issue that was begun is no longer sent, 1 to 8760.", least=1, most=8760
    )


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """Which generator publishes the posts, and what it does otherwise than its configuration says."""

    name: str = key(
        "", "The generator; left out, the one whose configuration is found.", choices=GENERATOR_NAMES
    )
    posts: tuple[str, ...] = key(
        (), "Which files are posts, such as `content/blog/**`, by patterns as in a `.gitignore`."
    )
    permalink: str = key(
        "",
        "A post's address, made of `{date}`, `{year}`, `{month}`, `{day}`, `{slug}`, `{file}`, `{path}` and "
        "`{categories}`; below its blog, or below the site if it begins with `/`.",
        form="pattern",
    )
    slug: str = key("", "The generator whose way of making slugs of titles the site has.", choices=SLUG_NAMES)
    date: tuple[str, ...] = key((), "The keys of a post's date, the first that is there counts.")
    updated: tuple[str, ...] = key((), "The keys of the date of its last change.")
    hide: tuple[str, ...] = key((), "Keys that keep a post out of everything where they are true.")
    excerpt_mark: str = key("", "The text of the comment that ends an excerpt.")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a project.

    `root` is the project's folder, `file` its configuration file as messages name it (None: it has none),
    `environ` the environment, from which secrets come.
    """

    root: Path
    file: str | None = None
    site: SiteSettings = field(default_factory=SiteSettings)
    posts: PostsSettings = field(default_factory=PostsSettings)
    feeds: FeedsSettings = field(default_factory=FeedsSettings)
    newsletter: NewsletterSettings = field(default_factory=NewsletterSettings)
    send: SendSettings = field(default_factory=SendSettings)
    generator: GeneratorSettings = field(default_factory=GeneratorSettings)
    feed: tuple[NamedFeedSettings, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)


TABLES: Mapping[str, type[Any]] = {
    "site": SiteSettings,
    "posts": PostsSettings,
    "feeds": FeedsSettings,
    "newsletter": NewsletterSettings,
    "send": SendSettings,
    "generator": GeneratorSettings,
}
KEYS: Mapping[str, Field[Any]] = {
    f"{table}.{entry.name}": entry for table, part in TABLES.items() for entry in fields(part)
}
"""Every key by its dotted name."""


def reference() -> str:
    """Every table and key as Markdown: type, default and help line."""
    lines: list[str] = []
    headed = {f"[{table}]": part for table, part in TABLES.items()}
    for table, part in {**headed, "[[feed]]": NamedFeedSettings}.items():
        lines += [f"### `{table}`", "", f"{part.__doc__}", ""]
        lines += ["| Key | Type | Default | Meaning |", "| --- | --- | --- | --- |"]
        for entry in fields(part):
            default, help = written(entry.default), entry.metadata["help"]
            lines.append(f"| `{entry.name}` | {_type_name(entry)} | `{default}` | {help} |")
        lines.append("")
    return "\n".join(lines)


def one_of(choices: Sequence[str], mark: str = "") -> str:
    """`a`, `b` or `c`, each between two `mark`s."""
    *others, last = [f"{mark}{choice}{mark}" for choice in choices]
    return f"{', '.join(others)} or {last}" if others else last


def written(value: object) -> str:
    """A value as it is written in TOML."""
    if isinstance(value, FilterSettings):
        return "{}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _type_name(entry: Field[Any]) -> str:
    if entry.type == "int":
        return "whole number"
    if entry.type == "FilterSettings":
        return "table"
    choices = entry.metadata["choices"]
    kind = one_of(choices, "`") if choices else entry.metadata["form"] or "text"
    return f"list of {kind}" if entry.type == "tuple[str, ...]" else kind
