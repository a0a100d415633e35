"""What an Eleventy site says of itself, in its data or to the feed plugin: title, URL, language, author."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from feeds.errors import Location
from feeds.generators.eleventy.config import EleventyConfig, choice_of_address, read_text
from feeds.generators.eleventy.data import GlobalData, unknown_in
from feeds.generators.javascript.reading import Js, Members, Unknown
from feeds.generators.values import line, warn
from feeds.model import Report, Scalar, Value

NAMES = ("metadata", "site", "meta", "siteMeta", "siteConfig", "config", "globals", "info", "client", "base")
"""What sites call the data file that says it."""

_URLS = ("url", "baseUrl", "baseURL", "siteUrl", "siteURL", "base", "origin", "domain")


@dataclass(frozen=True, slots=True)
class About:
    """The data of the names above, and where it comes from."""

    data: GlobalData
    config: EleventyConfig
    root: Path

    def text(self, *keys: str) -> str:
        """The first text that one of the keys holds."""
        for _, inner in self._tables():
            for key in keys:
                value = inner.get(key)
                if isinstance(value, Scalar) and value.kind == "str" and (found := line(value)):
                    return found
        return ""

    def url(self, report: Report) -> str:
        """The site's URL; where it depends on the surroundings, what it is without them, with a warning."""
        if found := self.text(*_URLS):
            return found if "://" in found else f"https://{found}"
        for name, inner in self._tables():
            for key in _URLS:
                unknown = unknown_in(inner.get(key))
                chosen, at = self._choice(name, unknown) if unknown is not None else ("", None)
                if chosen and at:
                    message = f"the site's URL depends on where it is built; {chosen!r} is taken for it"
                    warn(report, "site-url", message, at, "write url under [site] in feeds.toml to be sure")
                    return chosen
        return ""

    def author(self) -> str:
        """The name of who writes the site."""
        for _, inner in self._tables():
            value = inner.get("author")
            value = value.get("name") if isinstance(value, dict) else value
            if isinstance(value, Scalar) and value.kind == "str":
                return line(value)
        return ""

    def _tables(self) -> list[tuple[str, Mapping[str, Value]]]:
        found = [(name, inner) for name in NAMES if isinstance(inner := self.data.get(name), dict)]
        return [*found, *(("", table) for table in map(_told_to_plugin, self.config.plugins) if table)]

    def _choice(self, name: str, unknown: Scalar) -> tuple[str, Location]:
        stems = (posixpath.join(self.config.data, f"{name}.{ending}") for ending in ("js", "cjs", "mjs"))
        shown = next((path for path in stems if (self.root / path).is_file()), self.config.path)
        place = Unknown(str(unknown), unknown.line or 1, unknown.column or 1)
        at = Location(shown, unknown.line, unknown.column)
        return choice_of_address(place, read_text(self.root / shown, shown)), at


def _told_to_plugin(call: Unknown) -> Mapping[str, Value]:
    """The metadata among the options of a feed plugin."""
    arguments: tuple[Js, ...] = getattr(call, "arguments", ())
    options = arguments[1] if len(arguments) > 1 else None
    about = options.get("metadata") if isinstance(options, Members) else None
    return (
        {key: value for key, value in about.items() if isinstance(value, Scalar)}
        if isinstance(about, Members)
        else {}
    )
