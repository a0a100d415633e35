"""Where Jekyll publishes what is no post: pages, documents of other collections, files as they are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from feeds.data import parse_yaml
from feeds.errors import FeedsError
from feeds.generators.jekyll.config import Defaults, merge
from feeds.generators.jekyll.files import Files
from feeds.generators.jekyll.permalinks import STYLES, encoded, fill, name_values, with_suffix
from feeds.generators.jekyll.values import text_of, truth
from feeds.model import Value
from feeds.texts import load_text

_FRONT_MATTER = re.compile(r"---\s*\n(.*?\n?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_MAX_TEXT = 100_000
_HTML = ".html"


@dataclass(frozen=True, slots=True)
class Pages:
    """The addresses of a site's pages.

    `collections` are the options of each by its label, `style` is `permalink` as the configuration has it,
    `markdown` are the endings of Markdown files.
    """

    files: Files
    defaults: Defaults
    collections: Mapping[str, Mapping[str, Value]]
    style: str
    url: str
    markdown: tuple[str, ...]
    known: dict[str, str | None] = field(default_factory=dict)

    def address(self, path: str) -> str | None:
        """The absolute address of the page of a file; None where it has none."""
        if path not in self.known:
            try:
                found = self._path(path)
            except FeedsError:  # a permalink or front matter that Jekyll refuses too
                found = None
            self.known[path] = None if found is None else self.url + encoded(found.removeprefix("/"))
        return self.known[path]

    def _path(self, path: str) -> str | None:
        if self.files.place(path) or self.files.excluded(path):
            return None
        values = _front_matter(self.files.source / path)
        relative = self.files.relative(path)
        label = relative.split("/")[0].removeprefix("_") if relative.startswith("_") else ""
        if values is None:
            return path if not label else None
        stem, ending = posixpath.splitext(path)
        ending = _HTML if ending in self.markdown else ending
        values = merge(self.defaults.of(relative, label or "pages"), values)
        own = values.get("permalink")
        if label:
            return self._document(label, relative, values, ending)
        folder, name = posixpath.split(stem)
        if truth(own):
            template = text_of(own)
        elif ending != _HTML:
            template = "/:path/:basename:output_ext"
        else:
            template = "/:path/" if name == "index" else with_suffix("/:path/:basename", self.style)
        texts = {"path": folder, "basename": name, "output_ext": ending}
        return fill(template, {key: partial(str, text) for key, text in texts.items()})

    def _document(self, label: str, relative: str, values: Mapping[str, Value], ending: str) -> str | None:
        options = self.collections.get(label)
        if options is None or not truth(options.get("output")):
            return None
        given = options.get("permalink")
        template = text_of(given) if truth(given) else with_suffix("/:collection/:path", self.style)
        own, slug = values.get("permalink"), values.get("slug")
        stem = posixpath.splitext(posixpath.basename(relative))[0]
        placeholders = name_values(
            relative, text_of(slug) if truth(slug) else stem, (), collection=label, ending=ending
        )
        return fill(text_of(own) if truth(own) else template, placeholders)


def post_template(style: str, collections: Mapping[str, Mapping[str, Value]]) -> str:
    """The permalink template of posts; the names of styles count at the top of the configuration only."""
    own = collections["posts"].get("permalink")
    return text_of(own) if truth(own) else STYLES.get(style, style)


def _front_matter(path: Path) -> Mapping[str, Value] | None:
    """The front matter of a page; None for a file without any, which is copied as it is."""
    try:
        text = load_text(path, path.name)[:_MAX_TEXT]
    except FeedsError:
        return None
    found = _FRONT_MATTER.match(text)
    return parse_yaml(found[1], path.name, report=lambda finding: None).values if found else None
