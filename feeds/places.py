"""Where in a site's configuration a value stands, whatever language that is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from feeds.errors import Location

_KEYS = {
    "title": r"site_?name|site_?title|title|name",
    "url": r"site_?url|base_?url|url|site|root_?url|host",
    "description": r"site_?description|description|tagline|sub_?title",
    "language": r"(?:default_?)?(?:content_?)?lang\w*|locale|default_?locale",
    "timezone": r"time_?zone",
    "author": r"site_?author|author|name",
    "output": r"output\w*|publish_?dir|site_?dir|destination|out_?dir|dir",
}
"""What generators call the settings, as patterns."""

_BESIDE = ("_data/*", "src/_data/*", "src/consts.*", "src/config.*", "src/site.config.*")
"""Where projects keep such values outside their configuration, as far as there is a custom."""

_ENDINGS = (".toml", ".yml", ".yaml", ".json", ".js", ".mjs", ".cjs", ".ts", ".mts", ".py")
_MAX_BYTES = 1_000_000


def find_place(root: Path, file: str, key: str, value: str) -> Location | None:
    """The line in which a value is given, in a configuration file or those that go with it; None if none is.

    Args:
        root: the project's folder.
        file: the configuration file, relative to it; "" for none.
        key: which setting it is, by its name in ours.
        value: the value.
    """
    wanted = _values(key, value)
    if not file or not wanted:
        return None
    for path in _files(root, file):
        try:
            text = path.read_text("utf-8-sig") if path.stat().st_size <= _MAX_BYTES else ""
        except (OSError, UnicodeDecodeError):
            continue
        for one in wanted:
            pattern = rf"""(?i)^[^#]*?\b(?:{_KEYS[key]})["']?\s*[:=].*?(?<!\w){re.escape(one)}(?!\w)"""
            for number, line in enumerate(text.split("\n"), 1):
                if len(line) < 1000 and one.casefold() in line.casefold() and re.search(pattern, line):
                    return Location(path.relative_to(root).as_posix(), number)
    return None


def _values(key: str, value: str) -> list[str]:
    """What may be written for a value: addresses with and without what follows the host."""
    if key == "url":
        parts = urlsplit(value)
        return list(dict.fromkeys([value.rstrip("/"), f"{parts.scheme}://{parts.netloc}", parts.netloc]))
    if key == "language":
        return list(dict.fromkeys([value, value.replace("-", "_"), value.split("-")[0]]))
    return [value.rstrip("/")] if value.strip("/") else []


def _files(root: Path, file: str) -> Iterator[Path]:
    yield root / file
    folder = (root / file).parent
    if folder != root:
        yield from (path for path in sorted(folder.iterdir()) if path.suffix in _ENDINGS)
    for pattern in _BESIDE:
        yield from (path for path in sorted(root.glob(pattern)) if path.suffix in _ENDINGS)
