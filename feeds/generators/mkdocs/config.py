"""`mkdocs.yml` read as data: inheritance and environment as MkDocs has them, no code ever run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feeds.data import as_bool, is_null, parse_yaml, yaml_kind
from feeds.errors import FeedsError
from feeds.generators.mkdocs.values import flag_of, text_of
from feeds.model import Fields, MarkdownExtension, Report, Scalar, Value
from feeds.texts import is_file, load_text

FILENAMES = ("mkdocs.yml", "mkdocs.yaml")

_BUILT_IN = ("toc", "tables", "fenced_code")
_MAX_PARENTS = 20


@dataclass(frozen=True, slots=True)
class Plugin:
    """One entry under `plugins`, with its options."""

    name: str
    options: Mapping[str, Value]

    @property
    def enabled(self) -> bool:
        """Whether the entry's own `enabled` leaves it on."""
        return as_bool(self.options.get("enabled", Scalar("true", "bool"))) is not False


@dataclass(frozen=True, slots=True)
class MkDocsConfig:
    """The parts of a `mkdocs.yml` that matter to a reader of its posts."""

    fields: Fields
    plugins: tuple[Plugin, ...]
    markdown: tuple[MarkdownExtension, ...]

    def text(self, key: str, default: str = "") -> str:
        """A top-level text value; `default` when missing or empty."""
        return text_of(self.fields.values, key, default)

    def plugin(self, *names: str) -> Plugin | None:
        """The first enabled plugin with one of the names."""
        return next((p for p in self.plugins if p.name in names and p.enabled), None)


def load_mkdocs(path: Path, shown: str, environ: Mapping[str, str], report: Report) -> MkDocsConfig:
    """A `mkdocs.yml` with its parents merged and `!ENV` resolved.

    Args:
        path: the file.
        shown: what messages call it.
        environ: the environment that `!ENV` looks into.
        report: told of keys that stand twice.

    Raises:
        FeedsError: a file is missing, no YAML, or inherits from itself.
    """
    values, places = _load_inherited(path, shown, environ, report, _MAX_PARENTS)
    return config_of(Fields(shown, values, places))


def config_of(fields: Fields) -> MkDocsConfig:
    """The configuration that the keys of a `mkdocs.yml` make."""
    values = fields.values
    return MkDocsConfig(
        fields, tuple(_plugins(values.get("plugins"))), _markdown(values.get("markdown_extensions"))
    )


def _load_inherited(
    path: Path, shown: str, environ: Mapping[str, str], report: Report, depth: int
) -> tuple[dict[str, Value], dict[str, tuple[int, int]]]:
    fields = parse_yaml(load_text(path, shown), shown, tags=True, report=report)
    values = {key: _resolve(value, environ) for key, value in fields.values.items()}
    places = dict(fields.places)
    parent = values.pop("INHERIT", None)
    if not isinstance(parent, Scalar) or is_null(parent):
        return values, places
    at, name = fields.at("INHERIT"), posixpath.normpath(posixpath.join(posixpath.dirname(shown), parent))
    if not depth:
        raise FeedsError("INHERIT leads back to this file", at, "remove the circle", rule="inherit")
    target = path.parent / str(parent)
    if not is_file(target):
        message = f"INHERIT names {str(parent)!r}, which does not exist"
        raise FeedsError(message, at, "the path counts from this file's folder", rule="inherit")
    base, _ = _load_inherited(target, name, environ, report, depth - 1)
    return _merge(base, values), places


def _merge(base: dict[str, Value], over: dict[str, Value]) -> dict[str, Value]:
    """As MkDocs merges a parent: mappings into each other, everything else replaced."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = _merge(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _resolve(value: Value, environ: Mapping[str, str]) -> Value:
    """The value with every `!ENV` replaced: the first variable that is set, else the last item."""
    if isinstance(value, list):
        return [_resolve(item, environ) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) != ["!ENV"]:
        return {key: _resolve(item, environ) for key, item in value.items()}
    wanted = value["!ENV"]
    items = wanted if isinstance(wanted, list) else [wanted]
    names = items[:-1] if len(items) > 1 else items
    for name in names:
        if isinstance(name, Scalar) and name in environ:
            text = environ[name]
            return Scalar(text, yaml_kind(text), line=name.line, column=name.column)
    return _resolve(items[-1], environ) if len(items) > 1 else Scalar("", "null")


def _named(value: Value | None) -> Iterator[tuple[str, dict[str, Value]]]:
    """The entries of a list or mapping of names, each with or without options."""
    if isinstance(value, dict):
        items: list[Value] = [{key: options} for key, options in value.items()]
    else:
        items = value if isinstance(value, list) else []
    for item in items:
        if isinstance(item, Scalar):
            yield str(item), {}
        elif isinstance(item, dict):
            for name, options in item.items():
                yield name, options if isinstance(options, dict) else {}


def _plugins(value: Value | None) -> Iterator[Plugin]:
    """The plugins, those of Material's group plugin in its place; a group is off unless it is enabled."""
    for name, options in _named(value):
        if name not in ("group", "material/group"):
            yield Plugin(name, options)
        elif flag_of(options, "enabled", False):
            yield from _plugins(options.get("plugins"))


def _markdown(value: Value | None) -> tuple[MarkdownExtension, ...]:
    """MkDocs' own extensions and the configured ones, each once, the last options winning."""
    options: dict[str, dict[str, Value]] = {name: {} for name in _BUILT_IN}
    for name, given in _named(value):
        options[name.removeprefix("markdown.extensions.")] = given
    return tuple(MarkdownExtension(name, given) for name, given in options.items())
