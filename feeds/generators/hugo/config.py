"""Hugo's configuration as data: files merged as Hugo merges them, nothing ever run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feeds.data import as_bool, is_null, parse_json, parse_toml, parse_yaml, scalars
from feeds.errors import FeedsError, Location
from feeds.generators.base import shown, walk_folders
from feeds.model import Fields, Report, Scalar, Value
from feeds.texts import load_bytes, load_text

NAMES = ("hugo", "config")
ENDINGS = (".toml", ".yaml", ".yml", ".json")
FOLDER = "config"
_ENVIRONMENTS = ("_default", "production")
_ALIASES = {"menu": "menus", "indexes": "taxonomies"}

Table = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class HugoConfig:
    """What the configuration says, with keys in lower case; `path` is the file that messages name."""

    path: str
    values: Table
    fields: Fields

    def at(self, key: str) -> Location:
        """Where a top-level key stands; the file alone when that is not known."""
        return self.fields.at(key)

    def table(self, *keys: str) -> Table:
        """The table that lies under the keys, one below the other; empty if there is none."""
        found: Value = dict(self.values)
        for key in keys:
            found = found.get(key, {}) if isinstance(found, dict) else {}
        return found if isinstance(found, dict) else {}

    def text(self, key: str, default: str = "") -> str:
        """A top-level text."""
        return text_in(self.values, key, default)

    def flag(self, key: str, default: bool = False) -> bool:
        """A top-level switch."""
        return flag_in(self.values, key, default)


def text_in(table: Table, key: str, default: str = "") -> str:
    """A text of a table; `default` when it is missing, empty, or no text."""
    value = table.get(key)
    return str(value) if isinstance(value, Scalar) and not is_null(value) and value else default


def flag_in(table: Table, key: str, default: bool) -> bool:
    """A switch of a table, quoted or not; `default` when it is missing or neither."""
    value = table.get(key)
    if isinstance(value, Scalar) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    found = as_bool(value) if value is not None else None
    return default if found is None else found


def texts_in(table: Table, key: str) -> tuple[str, ...] | None:
    """The texts of a list, or a single one; None when the key is missing."""
    value = table.get(key)
    return None if value is None else tuple(str(item) for item in scalars(value) if not is_null(item))


def config_file(root: Path) -> Path | None:
    """The configuration of a folder, a file at its top or the main one in `config/_default`, or None.

    `config.toml` is Zola's name too, and other tools have one: such a file, or one that names no key of
    Hugo's, is left to them.
    """
    for name in NAMES:
        for ending in ENDINGS:
            path = root / f"{name}{ending}"
            if path.is_file() and (name == "hugo" or _is_hugo(path)):
                return path
    folder = root / FOLDER / _ENVIRONMENTS[0]
    for name in (*NAMES, "module", "params", "languages"):
        for ending in ENDINGS:
            if (folder / f"{name}{ending}").is_file():
                return folder / f"{name}{ending}"
    return None


def _is_hugo(path: Path) -> bool:
    """Whether a `config.*` is Hugo's: it says `baseURL` or lies beside Hugo's folders, and is not Zola's."""
    try:
        text = load_bytes(path, path.name).decode("utf-8-sig", "replace").lower()
    except FeedsError:
        return False
    beside = any((path.parent / name).is_dir() for name in ("archetypes", "layouts"))
    return "base_url" not in text and ("baseurl" in text or beside)


def load_config(root: Path, path: Path, report: Report) -> HugoConfig:
    """The configuration: the file at the root, then `config/_default/`, then `config/production/`.

    Args:
        root: the project's folder.
        path: what `config_file` found.
        report: told of keys that stand twice.

    Raises:
        FeedsError: a file cannot be read or is malformed.
    """
    name = shown(path, root)
    values: dict[str, Value] = {}
    main = Fields(name, {})
    if path.parent == root:
        main = _load(path, name, report)
        _merge(values, _lowered(main.values))
    for environment in _ENVIRONMENTS:
        for file in _files(root / FOLDER / environment):
            fields = _load(file, shown(file, root), report)
            if file == path:
                main = fields
            _merge(values, _placed(file.name, _lowered(fields.values)))
    for old, new in _ALIASES.items():
        if old in values:
            values[new] = values[old]
    places = {key.lower(): place for key, place in main.places.items()}
    return HugoConfig(name, values, Fields(name, values, places))


def _files(folder: Path) -> Iterator[Path]:
    for below, names in walk_folders(folder):
        yield from (folder / below / name for name in names if name.lower().endswith(ENDINGS))


def _load(path: Path, name: str, report: Report) -> Fields:
    text = load_text(path, name)
    if name.lower().endswith(".toml"):
        return parse_toml(text, name)
    if name.lower().endswith(".json"):
        return parse_json(text, name)
    return parse_yaml(text, name, report=report)


def _lowered(table: Table) -> dict[str, Value]:
    """The table with all its keys in lower case, as Hugo has them."""
    return {key.lower(): lowered(value) for key, value in table.items()}


def lowered(value: Value) -> Value:
    """The value with the keys of all tables in it in lower case."""
    if isinstance(value, dict):
        return _lowered(value)
    return [lowered(item) for item in value] if isinstance(value, list) else value


def _placed(file: str, values: dict[str, Value]) -> dict[str, Value]:
    """What a file of the folder says: `params.toml` is the table `params`, `params.de.toml` a language's."""
    stem = posixpath.splitext(file)[0]
    if stem in NAMES:
        return values
    name, _, language = stem.lower().rpartition(".") if "." in stem else (stem.lower(), "", "")
    inner: Value = values[name] if len(values) == 1 and name in values else values
    if not language:
        return {name: inner}
    below: dict[str, Value] = {name: inner} if name in ("menu", "menus", "params") else {}
    return {"languages": {language: below or inner}}


def _merge(values: dict[str, Value], over: Mapping[str, Value]) -> None:
    for key, value in over.items():
        below = values.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged = dict(below)
            _merge(merged, value)
            values[key] = merged
        else:
            values[key] = value
