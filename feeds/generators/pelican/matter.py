"""What Pelican knows of a file: its header over its path over the site's defaults (`pelican.readers`)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from feeds.data import is_null, parse_yaml
from feeds.errors import FeedsError
from feeds.generators.pelican.headers import split_headers
from feeds.generators.pelican.settings import PelicanConfig
from feeds.generators.python.expressions import Unknown
from feeds.generators.values import warn
from feeds.model import Fields, Report, Scalar, Source, Value
from feeds.texts import load_text

_ONCE = frozenset(
    {"tags", "date", "modified", "status", "category", "author", "save_as", "url", "authors", "slug"}
)
_EMPTY_IS_NONE = frozenset({"tags", "status", "category", "author", "authors", "slug"})
_LISTS = ("tags", "authors")
_FENCED = re.compile(r"---[ \t]*\n")
_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Matters:
    """How what is known of a file comes about.

    `defaults` holds for every file, `extra` for files and folders by their path; `name` and `path` are the
    regular expressions that read a file's name and path, `folder_is_category` tells whether its last folder
    is the category; `yaml` whether headers are YAML, as a plugin has them.
    """

    defaults: Mapping[str, Value]
    extra: tuple[tuple[str, Mapping[str, Value]], ...] = ()
    name: re.Pattern[str] | None = None
    path: re.Pattern[str] | None = None
    folder_is_category: bool = True
    yaml: bool = False

    def of_path(self, path: str) -> dict[str, Value]:
        """What a file's path tells, the defaults below it."""
        known = dict(self.defaults)
        for place, values in self.extra:
            if path == place or path.startswith(f"{place.rstrip('/')}/"):
                known |= values
        return known | self.of_name(path)

    def of_name(self, path: str) -> dict[str, Value]:
        """What the regular expressions read in a file's path, and its last folder as its category."""
        folder, basename = posixpath.split(path)
        read: dict[str, Value] = {}
        for pattern, text in ((self.name, posixpath.splitext(basename)[0]), (self.path, path)):
            found = pattern.match(text) if pattern and text else None
            for key, value in (found.groupdict() if found else {}).items():
                if value is not None:
                    read.setdefault(key.lower(), Scalar(value))
        if self.folder_is_category and (last := posixpath.basename(folder)):
            read.setdefault("category", Scalar(last))
        return _settled(read, listed=False)

    def merged(self, source: Source) -> Source:
        """A post with all that is known of it as its fields."""
        return replace(source, fields=self.fields(source.path, source.fields))

    def fields(self, path: str, header: Fields) -> Fields:
        """A file's header over what its path tells."""
        return replace(header, values=self.of_path(path) | _settled(header.values, listed=self.yaml))

    def load(self, file: Path, path: str, shown: str) -> Fields | None:
        """All that is known of a file on the disk; None for one that cannot be read."""
        try:
            text = load_text(file, shown)
        except FeedsError:
            return None  # reading it as a post or a page says why
        try:
            header = self._header(text, shown)
        except FeedsError:
            return None
        return self.fields(path, header)

    def _header(self, text: str, shown: str) -> Fields:
        if not self.yaml:
            return split_headers(text, shown)[0]
        start = _FENCED.match(text)
        end = _FENCE.search(text, start.end()) if start else None
        if not start or not end:
            return Fields(shown, {})
        fields = parse_yaml(text[start.end() : end.start()], shown, 2, report=lambda finding: None)
        return replace(fields, values={key.lower(): value for key, value in fields.values.items()})


def matters(config: PelicanConfig, *, yaml: bool, report: Report) -> Matters:
    """How the settings have what is known of a file come about."""
    defaults = {key.lower(): _value(value) for key, value in config.table("DEFAULT_METADATA").items()}
    category, date = config.get("DEFAULT_CATEGORY"), config.get("DEFAULT_DATE")
    if isinstance(category, str):
        defaults["category"] = Scalar(category)
    if isinstance(date, list | tuple) and all(isinstance(part, int) for part in date) and len(date) > 2:
        day, clock = date[:3], (*date[3:6], 0, 0, 0)[:3]
        defaults["date"] = Scalar("{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*day, *clock))
    elif isinstance(date, str) and date not in ("", "fs"):
        defaults["date"] = Scalar(date)
    elif date and date != "fs":
        raise config.wrong("DEFAULT_DATE", 'a date, (2026, 11, 22), or "fs"')
    return Matters(
        defaults=_settled(defaults, listed=True),
        extra=_extra(config, report),
        name=config.regex("FILENAME_METADATA"),
        path=config.regex("PATH_METADATA"),
        folder_is_category=config.flag("USE_FOLDER_AS_CATEGORY"),
        yaml=yaml,
    )


def _extra(config: PelicanConfig, report: Report) -> tuple[tuple[str, Mapping[str, Value]], ...]:
    """EXTRA_PATH_METADATA, of which most sites make use for `robots.txt` and its kin only."""
    given = config.names.values.get("EXTRA_PATH_METADATA")
    if isinstance(given, Unknown):
        message = "EXTRA_PATH_METADATA cannot be known without running the file, and is not read"
        warn(report, "pelican-setting", message, given.at, "write it as a plain mapping")
        return ()
    found: list[tuple[str, Mapping[str, Value]]] = []
    for path, values in sorted(config.table("EXTRA_PATH_METADATA").items()):
        if isinstance(values, dict):
            known = {str(k).lower(): _value(v) for k, v in values.items() if not isinstance(v, Unknown)}
            found.append((path, known))
    return tuple(found)


def _value(value: Any) -> Value:
    if isinstance(value, list | tuple | set):
        return [_value(item) for item in value]
    return Scalar("", "null") if value is None or isinstance(value, Unknown) else Scalar(str(value))


def _settled(values: Mapping[str, Value], *, listed: bool) -> dict[str, Value]:
    """The values as Pelican's own keys have them: of several lines the first counts, an empty one is none.

    Args:
        values: what was read.
        listed: whether a list of tags or authors is meant for one, and is not just several lines.
    """
    settled: dict[str, Value] = {}
    for key, value in values.items():
        made = value
        if isinstance(value, list) and not (listed and key in _LISTS):
            made = (value[0] if value else Scalar("")) if key in _ONCE else _joined(key, value)
        empty = isinstance(made, Scalar) and not made.strip(" \t,;" if key in _LISTS else None)
        if not (is_null(made) or (key in _EMPTY_IS_NONE and empty)):
            settled[key] = made
    return settled


def _joined(key: str, lines: list[Value]) -> Scalar:
    first = lines[0] if lines and isinstance(lines[0], Scalar) else Scalar("")
    text = ("\n" if key == "summary" else " ").join(str(line) for line in lines if isinstance(line, Scalar))
    return Scalar(text, line=first.line, column=first.column)
