"""How each site generator names, dates, links and hides its posts."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from importlib import import_module
from typing import overload

from feeds.config import GENERATOR_NAMES, Settings
from feeds.errors import UsageError
from feeds.generators.base import Generator
from feeds.generators.issues import with_issues
from feeds.model import Report, Site

_HUGO_ENDINGS = ("toml", "yaml", "yml", "json")
_SCRIPT_ENDINGS = ("js", "mjs", "cjs", "ts", "mts")
_SINGLE = ("material", "plain")
"""The generators that are one module; the others are packages, whose module `generator` is the way in."""


class _Generators(Sequence[Generator]):
    """The generators, each imported when it is asked for: a build needs one of them."""

    def __len__(self) -> int:
        return len(GENERATOR_NAMES)

    @overload
    def __getitem__(self, index: int) -> Generator: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Generator, ...]: ...
    def __getitem__(self, index: int | slice) -> Generator | tuple[Generator, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        name = GENERATOR_NAMES[index]
        module = f"feeds.generators.{name}" + ("" if name in _SINGLE else ".generator")
        found = getattr(import_module(module), name.upper())
        assert isinstance(found, Generator)
        return found


_SIGNS: Mapping[str, tuple[str, ...]] = {
    "zensical": ("zensical.toml",),
    "material": ("mkdocs.yml", "mkdocs.yaml"),
    "mkdocs": (),
    "hugo": ("config", *(f"{stem}.{end}" for stem in ("hugo", "config") for end in _HUGO_ENDINGS)),
    "jekyll": ("_config.yml", "_config.yaml", "_config.toml", "_posts"),
    "zola": ("zola.toml", "config.toml"),
    "pelican": ("pelicanconf.py", "publishconf.py"),
    "docusaurus": tuple(f"docusaurus.config.{end}" for end in (*_SCRIPT_ENDINGS, "cts")),
    "astro": tuple(f"astro.config.{end}" for end in (*_SCRIPT_ENDINGS, "cts")),
    "eleventy": (
        "package.json",
        *(f"{stem}.{end}" for stem in (".eleventy", "eleventy.config") for end in _SCRIPT_ENDINGS),
    ),
}
"""What lies in a folder where a generator may be at work; it is imported only where one of these does."""

GENERATORS: Sequence[Generator] = _Generators()
"""In the order in which they are looked for; the last one takes what is left."""


def load_site(settings: Settings, report: Report) -> Site:
    """The site in the project's folder: what the settings say, else what its generator's configuration says.

    Raises:
        FeedsError: the generator's configuration cannot be read, or lacks what is needed.
        UsageError: the generator that was asked for is not known.
    """
    site = _load(settings, report)
    # Themes put both into pages as they are, so that some sites have links in them; feeds want plain text.
    site = replace(site, description=_plain(site.description), copyright=_plain(site.copyright))
    return with_issues(site, settings)


def _load(settings: Settings, report: Report) -> Site:
    wanted = settings.generator.name
    if wanted:
        if wanted not in GENERATOR_NAMES:
            names = ", ".join(GENERATOR_NAMES)
            raise UsageError(f"the generator {wanted!r} is not known", help=f"choose one of {names}")
        chosen = GENERATORS[GENERATOR_NAMES.index(wanted)]
        return chosen.load_site(settings, chosen.detect(settings.root), report)
    for number, name in enumerate(GENERATOR_NAMES[:-1]):
        if any(os.path.lexists(settings.root / sign) for sign in _SIGNS[name]):
            generator = GENERATORS[number]
            if config := generator.detect(settings.root):
                return generator.load_site(settings, config, report)
    return GENERATORS[-1].load_site(settings, None, report)


def _plain(text: str) -> str:
    """A text without its markup, if it has any: an element is known by its end."""
    if not re.search(r"</[A-Za-z][A-Za-z0-9]*\s*>", text):
        return text
    return " ".join(unescape(re.sub(r"<[^<>]*>", "", text)).split())
