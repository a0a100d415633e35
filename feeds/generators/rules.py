"""How a generator makes a post's metadata of its file: one rule for each part, put together in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from feeds.data import is_null
from feeds.errors import FeedsError, Location
from feeds.generators.base import web_address
from feeds.generators.dates import parse_date
from feeds.generators.values import (
    Split,
    first_key,
    flag,
    line,
    names,
    own_id,
    own_language,
    people,
    text,
    warn,
)
from feeds.model import Author, Excerpting, Naming, Post, Reading, Scalar, Source, Value

MAX_CATEGORIES = 200
"""Categories of one post, each of which makes feeds that name all the others."""

UNDATED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""What stands for the date of a post that its generator publishes without one."""


class Dates(NamedTuple):
    """When a post was published and changed, and from when until when it is public; all aware."""

    published: dt.datetime
    updated: dt.datetime | None = None
    due: dt.datetime | None = None
    expires: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one blog. Each takes a post's source; `permalink` takes what it may be made of too.

    `permalink` gives the path below the site's `url`, percent-encoded, or an absolute URL; `heading` what
    the generator takes for the title when it names the page; `naming` may add to what permalinks are made of.
    """

    url: str
    language: str
    permalink: Callable[[Source, Naming], str]
    dates: Callable[[Source, Reading], Dates]
    title: Callable[[Source, Reading], str]
    categories: Callable[[Source, Reading], tuple[str, ...]]
    tags: Callable[[Source, Reading], tuple[str, ...]]
    authors: Callable[[Source, Reading], tuple[Author, ...]]
    slug: Callable[[Source], str]
    heading: Callable[[Source], str] | None = None
    excerpting: Callable[[Source], Excerpting] = lambda source: Excerpting()
    descriptions: tuple[str, ...] = ("description",)
    images: tuple[str, ...] = ("image",)
    stem: Callable[[str], str] = lambda path: stem_of(path)


def stem_of(path: str) -> str:
    """A file's name without its ending."""
    name = path.rpartition("/")[2]
    stem = name.rpartition(".")[0]
    return stem if stem.strip(".") else name


def read_post(source: Source, reading: Reading, rules: Rules) -> Post:
    """The metadata of a post; its image still as written.

    Raises:
        FeedsError: a key holds what the generator cannot understand either.
    """
    fields = source.fields
    dates = rules.dates(source, reading)
    categories = _limited(rules.categories(source, reading), source)
    tags = rules.tags(source, reading)
    title = rules.title(source, reading)
    authors = rules.authors(source, reading)
    language = own_language(source, reading.report) or rules.language
    naming = Naming(
        path=source.path,
        stem=rules.stem(source.path),
        slug=rules.slug(source),
        heading=rules.heading(source) if rules.heading else title,
        date=dates.published,
        categories=categories,
        tags=tags,
        authors=tuple([author.name for author in authors]),
        language=language,
    )
    try:
        link = rules.permalink(source, naming)
    except FeedsError as error:
        raise FeedsError(error.message, error.at or fields.at("slug"), error.help, rule=error.rule) from None
    url = link if link.startswith(("http://", "https://")) else rules.url + link
    comments = text(fields, "comments")
    return Post(
        id=own_id(source, reading.report) or url,
        url=url,
        title=title,
        published=dates.published,
        updated=max(dates.published, dates.updated) if dates.updated else dates.published,
        authors=authors,
        categories=categories,
        tags=tags,
        language=language,
        description=text(fields, *rules.descriptions),
        image=text(fields, *rules.images),
        pinned=bool(flag(fields, "pin", words=False) or flag(fields, "featured", words=False)),
        source=source,
        excerpting=rules.excerpting(source),
        due=dates.due,
        expires=dates.expires,
        comments=web_address(comments, "") if "://" in comments else "",
        rights=text(fields, "rights", "copyright"),
    )


def _limited(categories: tuple[str, ...], source: Source) -> tuple[str, ...]:
    if len(categories) > MAX_CATEGORIES:
        raise FeedsError(
            f"the post has {len(categories):,} categories; the limit is {MAX_CATEGORIES}",
            source.fields.at("categories"),
            "each has three feeds of its own; make tags of most of them",
            rule="limit-categories",
        )
    return categories


# --- rules that several generators share ------------------------------------------------------------------


def dates_of(
    published: tuple[str, ...] = ("date",),
    updated: tuple[str, ...] = ("updated",),
    due: tuple[str, ...] = (),
    expires: tuple[str, ...] = (),
    *,
    parse: Callable[[Value, Source, Reading], dt.datetime] | None = None,
    otherwise: Callable[[Source, Reading], dt.datetime] | None = None,
) -> Callable[[Source, Reading], Dates]:
    """The rule that reads dates from keys, the first that holds something, and else from git where asked for.

    Args:
        published: keys of the date; a mapping of `created` and `updated` in it is understood.
        updated: keys of the last change.
        due: keys of the instant from which the generator publishes the post, where it is not the date.
        expires: keys of the instant until which it does.
        parse: makes a date of a value, in place of `parse_date`.
        otherwise: gives the date of a post that has none, and tells so; left out, that is an error.
    """
    read = parse or parse_value

    def rule(source: Source, reading: Reading) -> Dates:
        fields = source.fields

        def of(keys: tuple[str, ...]) -> dt.datetime | None:
            key = first_key(fields, keys)
            return read(fields.values[key], source, reading) if key else None

        key = first_key(fields, published)
        value = fields.values[key] if key else None
        nested = value if isinstance(value, dict) else {}
        if nested:
            value = nested.get("created")
            if value is None or is_null(value):
                raise FeedsError("date has no created: in it", fields.at(key or ""), rule="no-date")
        history = reading.history(source)
        if value is not None:
            date = read(value, source, reading)
        elif history and history.created:
            date = history.created
        elif otherwise:
            date = otherwise(source, reading)
        else:
            raise no_date(source, published[0], uncommitted=history is not None)
        changed = nested.get("updated")
        later = of(updated) if changed is None or is_null(changed) else read(changed, source, reading)
        if later is None and history:
            later = history.updated
        return Dates(date, later, of(due), of(expires))

    return rule


def parse_value(value: Value, source: Source, reading: Reading) -> dt.datetime:
    """A date in the zone of the site, if it names none, quoted or not.

    Raises:
        FeedsError: it is none.
    """
    return parse_date(value, source.fields, zone=reading.zone, default_time=reading.time, strict=False)


def no_date(source: Source, key: str = "date", *, uncommitted: bool = False) -> FeedsError:
    """The error for a post that has no date and needs one; `uncommitted` when git was asked for it."""
    fields = source.fields
    at = fields.at(key) if key in fields else Location(fields.path, 1)
    message, help = "the post has no date", f"write {key}: 2026-11-22 into its front matter"
    if uncommitted:
        message, help = f"{message}, and git has no commit of it", f"commit the file, or {help}"
    return FeedsError(message, at, help, rule="no-date")


def undated(source: Source, reading: Reading) -> dt.datetime:
    """The date that stands for none, where the generator publishes such a post all the same."""
    at = Location(source.fields.path, 1)
    help = "write date: 2026-11-22 into its front matter"
    warn(reading.report, "no-date", "the post has no date; subscribers see it as from 1970", at, help)
    return UNDATED


def title_of(
    *keys: str, otherwise: Callable[[Source, Reading], str] | None = None
) -> Callable[[Source, Reading], str]:
    """The rule that takes the title from a key, else what `otherwise` gives, else the file's name."""

    def rule(source: Source, reading: Reading) -> str:
        if found := text(source.fields, *keys):
            return found
        if otherwise and (found := line(otherwise(source, reading))):
            return found
        name = stem_of(source.path)
        at = Location(source.fields.path, 1)
        warn(reading.report, "title", f"the post has no title, {name!r} is shown", at, "write title: …")
        return name

    return rule


def names_of(*keys: str, split: Split | None = None) -> Callable[[Source, Reading], tuple[str, ...]]:
    """The rule that takes names from the first of the keys that holds some."""

    def rule(source: Source, reading: Reading) -> tuple[str, ...]:
        key = first_key(source.fields, keys)
        return names(source.fields.values[key], split) if key else ()

    return rule


def people_of(
    *keys: str, known: Mapping[str, Author], base: str, split: Split | None = None
) -> Callable[[Source, Reading], tuple[Author, ...]]:
    """The rule that takes authors from the first of the keys that holds some."""

    def rule(source: Source, reading: Reading) -> tuple[Author, ...]:
        key = first_key(source.fields, keys)
        value = source.fields.values[key] if key else None
        return people(value, source, known=known, base=base, report=reading.report, split=split)

    return rule


def slug_of(*keys: str) -> Callable[[Source], str]:
    """The rule that takes the slug from a key, verbatim; "" where there is none."""

    def rule(source: Source) -> str:
        value = source.fields.values.get(first_key(source.fields, keys) or "")
        return str(value) if isinstance(value, Scalar) else ""

    return rule


def excerpting_of(base: Excerpting, *keys: str) -> Callable[[Source], Excerpting]:
    """The rule that takes the author's own excerpt from a key that the generator honours."""
    return partial(_with_summary, base, keys)


def _with_summary(base: Excerpting, keys: tuple[str, ...], source: Source) -> Excerpting:
    for key in keys:
        value = source.fields.values.get(key)
        if isinstance(value, Scalar) and not is_null(value) and value.strip():
            return replace(base, summary=str(value))
    return base
