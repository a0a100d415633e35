"""What `[generator]` in the settings says against a generator's own rules: the same for all of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import partial

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.generators.base import quoted
from feeds.generators.globs import compile_globs
from feeds.generators.slugs import Slugify, pymdownx_slugify
from feeds.generators.values import flag
from feeds.model import Naming, Source

Permalink = Callable[[Source, Naming], str]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_INDEX = re.compile(r"(?:^|/)(?:index|_index|README)$")


def slugify_of(name: str) -> Slugify:
    """How a generator makes slugs of titles, by the names that `slug` takes."""
    if name == "hugo":
        from feeds.generators.hugo.paths import Spelling

        return Spelling().sanitise
    if name == "jekyll":
        from feeds.generators.jekyll.permalinks import slugify

        return slugify
    if name == "pelican":
        from feeds.generators.pelican import slugs

        return lambda text: slugs.slugify(text, slugs.SlugRules())[0]
    if name == "eleventy":
        from feeds.generators.eleventy.slugs import slugify as eleventy_slugify

        return eleventy_slugify
    if name == "github":
        from feeds.generators.astro.slugs import github_slug

        return github_slug
    return pymdownx_slugify()


def own_keys(given: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that the settings name, else the generator's."""
    return given or default


def own_marks(settings: Settings, *default: str) -> tuple[str, ...]:
    """The comments that end an excerpt."""
    return (settings.generator.excerpt_mark,) if settings.generator.excerpt_mark else default


def own_posts(settings: Settings, docs_name: str, default: Callable[[str], bool]) -> Callable[[str], bool]:
    """Whether a path below the docs folder is a post's: by the settings' patterns from the root, if any."""
    if not settings.generator.posts:
        return default
    try:
        matches = compile_globs(settings.generator.posts)
    except ValueError as error:
        raise FeedsError(
            f"posts under [generator] holds what is no pattern: {error}", rule="config-value"
        ) from None
    return lambda path: matches(docs_name + path)


def own_slugify(settings: Settings, default: Slugify) -> Slugify:
    """How slugs are made of titles."""
    return slugify_of(settings.generator.slug) if settings.generator.slug else default


def own_status(settings: Settings, default: Callable[[Source], str]) -> Callable[[Source], str]:
    """Why a post is not published: by the generator's rules, or by a key that the settings name."""

    def status(source: Source) -> str:
        hidden = next((key for key in settings.generator.hide if flag(source.fields, key)), "")
        return default(source) or hidden

    return status if settings.generator.hide else default


def own_permalink(
    settings: Settings, default: Permalink, *, home: str, slugify: Slugify, names: Slugify
) -> Permalink:
    """A post's path below the site's URL, percent-encoded: by the settings' pattern, else the generator's.

    Args:
        settings: the settings.
        default: the generator's rule.
        home: the blog's path below the site's URL, not encoded; patterns that begin with `/` do without it.
        slugify: makes slugs of titles.
        names: makes slugs of categories.
    """
    pattern = settings.generator.permalink
    if not pattern:
        return default
    return partial(_fill, pattern, home, own_slugify(settings, slugify), names)


def _fill(pattern: str, home: str, slugify: Slugify, names: Slugify, source: Source, naming: Naming) -> str:
    date = naming.date
    values = {
        "date": lambda: f"{date.year:04}/{date.month:02}/{date.day:02}",
        "year": lambda: f"{date.year:04}",
        "month": lambda: f"{date.month:02}",
        "day": lambda: f"{date.day:02}",
        "slug": lambda: naming.slug or slugify(naming.heading),
        "file": lambda: naming.stem,
        "path": lambda: _INDEX.sub("", posixpath.splitext(naming.path)[0]),
        "categories": lambda: "/".join(map(names, naming.categories)),
    }
    filled = _PLACEHOLDER.sub(lambda found: values[found[1]](), pattern)
    path = filled.lstrip("/") if pattern.startswith("/") else f"{home}{filled}"
    path = re.sub("//+", "/", path)
    if ".." in path.split("/") or "\0" in path:
        raise FeedsError(
            f"the address {path!r} leads out of the site", help="change the slug", rule="permalink"
        )
    return quoted(path)
