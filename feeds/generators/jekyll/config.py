"""`_config.yml` read as data, and the front matter that it gives to whole folders."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from feeds.data import is_null, parse_toml, parse_yaml
from feeds.errors import FeedsError
from feeds.generators.jekyll.values import text_of, truth
from feeds.generators.values import unplaced
from feeds.model import Fields, Report, Scalar, Value
from feeds.texts import load_text

NAMES = ("_config.yml", "_config.yaml", "_config.toml")
"""The configuration files, of which Jekyll reads the first that is there."""

_TYPES = {"page": "pages", "post": "posts", "draft": "drafts"}
_EXCLUDED = (
    ".sass-cache",
    ".jekyll-cache",
    "gemfiles",
    "Gemfile",
    "Gemfile.lock",
    "node_modules",
    "vendor/bundle/",
    "vendor/cache/",
    "vendor/gems/",
    "vendor/ruby/",
)


@dataclass(frozen=True, slots=True)
class Config:
    """What the configuration says; keys that are missing or empty have Jekyll's own defaults."""

    fields: Fields

    def text(self, key: str, default: str = "") -> str:
        """The text of a key."""
        value = self.fields.values.get(key)
        return default if is_null(value) or not isinstance(value, Scalar) else text_of(value)

    def flag(self, key: str) -> bool:
        """Whether a key holds what Ruby takes for true."""
        return truth(self.fields.values.get(key))

    def texts(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """The texts of a list.

        Raises:
            FeedsError: the key holds something else.
        """
        value = self.fields.values.get(key)
        if is_null(value):
            return tuple(default)
        if not isinstance(value, list):
            raise FeedsError(
                f"{key} must be a list", self.fields.at(key), f"write {key}: [one, two]", rule="config-value"
            )
        return tuple(text_of(item) for item in value if isinstance(item, Scalar))

    def table(self, key: str) -> Mapping[str, Value]:
        """The mapping of a key; empty if it holds none."""
        value = self.fields.values.get(key)
        return value if isinstance(value, dict) else {}

    @property
    def include(self) -> tuple[str, ...]:
        """What is read although its name begins with a dot or an underscore."""
        return self.texts("include", (".htaccess",))

    @property
    def exclude(self) -> tuple[str, ...]:
        """What is not read, Jekyll's own list included."""
        return (*self.texts("exclude"), *_EXCLUDED)

    @property
    def collections(self) -> dict[str, Mapping[str, Value]]:
        """The options of the collections by their labels, `posts` first."""
        value = self.fields.values.get("collections")
        if isinstance(value, list):
            given: dict[str, Mapping[str, Value]] = {text_of(item): {} for item in value}
        else:
            given = {
                key: item if isinstance(item, dict) else {}
                for key, item in (value.items() if isinstance(value, dict) else ())
            }
        return {"posts": {}, **given}

    @property
    def plugins(self) -> frozenset[str]:
        """The plugins that are named, under the old key `gems` too."""
        value = [self.fields.values.get("plugins"), self.fields.values.get("gems")]
        return frozenset(
            str(item) for part in value if isinstance(part, list) for item in part if isinstance(item, Scalar)
        )


def load_config(path: Path, shown: str, report: Report) -> Config:
    """The configuration of a file.

    Args:
        path: the file.
        shown: what messages call it.
        report: told of keys that stand twice.

    Raises:
        FeedsError: it cannot be read.
    """
    text = load_text(path, shown)
    if path.suffix == ".toml":
        return Config(parse_toml(text, shown))
    return Config(parse_yaml(text, shown, report=report))


@dataclass(frozen=True, slots=True)
class Defaults:
    """Front matter that the configuration gives to files by path and type.

    `source` is the site's folder, `collections` the folder of its collections in it ("" for itself).
    """

    sets: tuple[Mapping[str, Value], ...]
    source: Path
    collections: str
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, path: str, kind: str) -> dict[str, Value]:
        """The front matter for a file.

        Args:
            path: relative to the folder of the collections.
            kind: the type of it, `posts`, `pages`, or the label of another collection.
        """
        merged: dict[str, Value] = {}
        last: Mapping[str, Value] | None = None
        for entry in self.sets:
            scope = entry.get("scope")
            scope = scope if isinstance(scope, dict) else {}
            values = entry["values"]
            if not isinstance(values, dict) or not self._applies(scope, path, kind):
                continue
            if last is None or _precedes(last, scope):
                merged, last = merge(merged, values), scope
            else:
                merged = merge(values, merged)
        return merged

    def _applies(self, scope: Mapping[str, Value], path: str, kind: str) -> bool:
        if "type" in scope and _TYPES.get(wanted := text_of(scope["type"]), wanted) != kind:
            return False
        prefix = text_of(scope.get("path"))
        if "*" not in prefix:
            return path.startswith(self._stripped(prefix))
        if prefix not in self.found:
            matches = glob.glob(prefix.lstrip("/"), root_dir=self.source, recursive=True)  # noqa: PTH207
            self.found[prefix] = tuple(self._stripped(Path(match).as_posix()) for match in sorted(matches))
        return path.startswith(self.found[prefix])

    def _stripped(self, path: str) -> str:
        return path.removeprefix(f"{self.collections}/") if self.collections else path


def load_defaults(config: Config, source: Path, collections: str) -> Defaults:
    """The front matter under `defaults` in the configuration."""
    value = config.fields.values.get("defaults")
    sets = [
        {key: unplaced(part) for key, part in item.items()}
        for item in (value if isinstance(value, list) else ())
        if isinstance(item, dict) and isinstance(item.get("values"), dict)
    ]
    return Defaults(tuple(sets), source, collections)


def _precedes(old: Mapping[str, Value], new: Mapping[str, Value]) -> bool:
    """Whether a scope counts more than an earlier one: by the length of its path, then if it has a type."""
    lengths = [len(text_of(scope.get("path")).strip("/")) for scope in (old, new)]
    if lengths[0] != lengths[1]:
        return lengths[1] > lengths[0]
    return "type" in new or "type" not in old


def merge(below: Mapping[str, Value], above: Mapping[str, Value]) -> dict[str, Value]:
    """Front matter with other front matter over it; empty keys hide nothing, mappings are merged."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if key in merged and is_null(value):
            continue
        merged[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
