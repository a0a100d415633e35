"""`feeds init`: what is known of a project without being told, from where, and what is not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feeds.config import Override, Settings
from feeds.config.keys import KEYS, TABLES, written
from feeds.errors import FeedsError, Finding, Location
from feeds.generators import GENERATORS, load_site
from feeds.model import Excerpting, Site
from feeds.places import find_place
from feeds.posts.listing import Listing, list_posts

LABELS = {"material": "Material for MkDocs", "mkdocs": "MkDocs", "plain": "A folder of Markdown"}
"""What generators are called where their name with a capital is not it."""

_EXAMPLES: Mapping[str, object] = {
    "site.title": "My blog",
    "site.url": "https://example.org/",
    "site.description": "What I see from my window.",
    "site.language": "en",
    "site.timezone": "Europe/Berlin",
    "site.author": "Ada Lovelace",
    "posts.folder": "content",
    "newsletter.sender": "Ada Lovelace <ada@example.org>",
}
_WRITTEN = re.compile(r'(\w+) = ("[^"\n]*"|\[[^\]\n]*\]|\d+)')
_TABLE = re.compile(r"\[(\w+)\]")
_FOLDERS = "docs-folder"
_DEFAULTS = {"title": "Blog", "language": "en", "timezone": "UTC"}
"""What generators take for what nothing says."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of the site: its key in the settings, its value, and where that stands.

    `at` is None where that is not known; `assumed` tells that nobody said so.
    """

    key: str
    value: str
    at: Location | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A key without which nothing can be built: an example in TOML, and why it is missing."""

    key: str
    example: str
    message: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in a project.

    `generator` and `config` are what it is made with and its configuration file ("" without one), `others`
    further generators whose configuration is here, with it, and `elsewhere` those in a folder below, where
    there is nothing here; `missing` is what must be said before anything can be built, and `listing` the
    posts, None where they cannot be read before it is.
    """

    settings: Settings
    generator: str
    config: str
    others: tuple[tuple[str, str], ...]
    elsewhere: tuple[tuple[str, str], ...] = ()
    facts: tuple[Fact, ...] = ()
    excerpt: Excerpting | None = None
    missing: tuple[Missing, ...] = ()
    listing: Listing | None = None
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The keys that could not be found, those first that must be."""
        wanted = [missing.key for missing in self.missing]
        wanted += [f"site.{fact.key}" for fact in self.facts if fact.assumed or not fact.value]
        if not self.settings.newsletter.sender:
            wanted.append("newsletter.sender")
        return tuple(dict.fromkeys(wanted))


def survey(load: Callable[[Mapping[str, Override]], Settings], now: dt.datetime) -> Survey:
    """Look at a project as a build would, with examples in the place of what is missing.

    Args:
        load: gives the project's settings with further values by dotted key.
        now: decides which posts are due.

    Raises:
        FeedsError: what no line in the settings can mend.
    """
    missing: dict[str, Missing] = {}
    while True:
        settings = load({})
        stand_ins = {key: _value(each.example) for key, each in missing.items()}
        findings: list[Finding] = []
        try:
            site = load_site(load(stand_ins), findings.append)
            break
        except FeedsError as error:
            found = _missing(error)
            if found is None or found.key in missing:
                raise
            missing[found.key] = found
            if found.key == "posts.folder":
                found_here = _generator(settings, "")
                elsewhere = () if found_here[1] else tuple(_elsewhere(settings.root))
                return Survey(settings, *found_here, elsewhere, missing=tuple(missing.values()))
    listing = list_posts(load(stand_ins), site, now, findings)
    name, config, others = _generator(settings, site.generator)
    shown = next((row.post for row in listing.rows if row.post), None)
    return Survey(
        settings=settings,
        generator=name,
        config=config,
        others=others,
        facts=tuple(_facts(settings, site, config, missing)),
        excerpt=shown.excerpting if shown else None,
        missing=tuple(missing.values()),
        listing=listing,
        findings=listing.findings,
    )


def compile_settings(found: Survey, given: Mapping[str, str]) -> str:
    """The text of a `feeds.toml`: what was given, and everything that could not be found as a comment.

    Args:
        found: what was found.
        given: what its author said on the command line, by dotted key.
    """
    examples = {missing.key: missing.example for missing in found.missing}
    read = f"All else is read from {found.config}." if found.config else "All else is found in the posts."
    lines = [f"# Settings of feeds. {read}"]
    needed = [key for key in examples if key not in given]
    optional = [key for key in found.unknown if key not in given and key not in needed]
    for table in TABLES:
        keys = [key for key in (*given, *needed, *optional) if key.startswith(f"{table}.")]
        if keys:
            lines += ["", f"[{table}]"]
        for key in keys:
            if key in given:
                lines.append(f"{_name(key)} = {written(given[key])}")
                continue
            help = KEYS[key].metadata["help"].replace("`", "")
            lines.append(f"# {'Needed: ' if key in needed else ''}{help}")
            lines.append(f"# {_name(key)} = {examples.get(key) or written(_EXAMPLES[key])}")
    return "\n".join(lines) + "\n"


def label(generator: str) -> str:
    """What a generator is called."""
    return LABELS.get(generator, generator.capitalize())


def _missing(error: FeedsError) -> Missing | None:
    """The key that an error asks for in its help, with an example; None if it asks for none."""
    tables = _TABLE.findall(error.help)
    for name, example in _WRITTEN.findall(error.help):
        for table in tables:
            key = f"{table}.{name}"
            if key in KEYS:
                better = _EXAMPLES.get(key)
                return Missing(key, written(better) if better and "…" in example else example, error.message)
    if error.rule == _FOLDERS:
        return Missing("posts.folder", written(_EXAMPLES["posts.folder"]), error.message)
    return None


def _value(example: str) -> Override:
    if example.startswith("["):
        return re.findall('"([^"]*)"', example)
    return int(example) if example.isdecimal() else example.strip('"')


def _generator(settings: Settings, name: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """The generator that was taken, its configuration file, and the others that were found."""
    root, last = settings.root, GENERATORS[-1].name
    configs = {
        generator.name: config.relative_to(root).as_posix() if config.is_relative_to(root) else str(config)
        for generator in GENERATORS
        if (config := generator.detect(root))
    }
    chosen = name or settings.generator.name or next(iter(configs), last)
    own = configs.get(chosen, "" if chosen == last else next(iter(configs.values()), ""))
    others = tuple((other, config) for other, config in configs.items() if config != own)
    return chosen, own, others


def _elsewhere(root: Path) -> Iterator[tuple[str, str]]:
    """The generators whose configuration lies in a folder directly below, with that folder."""
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")):
        found = next((generator for generator in GENERATORS if generator.detect(folder)), None)
        if found:
            yield found.name, folder.name


def _facts(settings: Settings, site: Site, config: str, missing: Mapping[str, Missing]) -> Iterator[Fact]:
    for key in ("title", "url", "description", "language", "timezone", "author", "output"):
        value: str = str(getattr(site, key))
        if key == "output":
            value = f"{_relative(site.output, site.root)}/"
        if f"site.{key}" in missing:
            yield Fact(key, "")
            continue
        own = bool(getattr(settings.site, key))
        at = find_place(site.root, settings.file if own and settings.file else config, key, value)
        yield Fact(key, value, at, assumed=not own and at is None and value == _DEFAULTS.get(key))


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _name(key: str) -> str:
    return key.partition(".")[2]
