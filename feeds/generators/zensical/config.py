"""`zensical.toml` in the form of a `mkdocs.yml`, and the Markdown that Zensical takes for granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from feeds.data import parse_toml
from feeds.generators.mkdocs.config import MkDocsConfig, Plugin, config_of
from feeds.model import Fields, MarkdownExtension, Scalar, Value
from feeds.texts import load_text

FILENAME = "zensical.toml"

_YES = Scalar("true", "bool")
_DEFAULTS: Mapping[str, Mapping[str, Value]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "toc": {"permalink": _YES},
    "pymdownx.arithmatex": {"generic": _YES},
    "pymdownx.betterem": {},
    "pymdownx.caret": {},
    "pymdownx.details": {},
    "pymdownx.emoji": {},
    "pymdownx.highlight": {},
    "pymdownx.inlinehilite": {},
    "pymdownx.keys": {},
    "pymdownx.magiclink": {},
    "pymdownx.mark": {},
    "pymdownx.smartsymbols": {},
    "pymdownx.superfences": {"custom_fences": [{"name": Scalar("mermaid"), "class": Scalar("mermaid")}]},
    "pymdownx.tabbed": {"alternate_style": _YES, "combine_header_slug": _YES},
    "pymdownx.tasklist": {"custom_checkbox": _YES},
    "pymdownx.tilde": {},
}
_SLUGIFY = "pymdownx.slugs.slugify"
_FENCES = "pymdownx.superfences"
_GROUPS = ("pymdownx", "pymdownx.blocks", "zensical", "zensical.extensions")


def load_zensical(path: Path, shown: str) -> MkDocsConfig:
    """A `zensical.toml`, whose table `project` holds the keys of a `mkdocs.yml`.

    Raises:
        FeedsError: the file cannot be read, or is no TOML.
    """
    fields = parse_toml(load_text(path, shown), shown)
    project = fields.values.get("project")
    if isinstance(project, dict):
        places = {
            key.removeprefix("project."): at
            for key, at in fields.places.items()
            if key.startswith("project.")
        }
        fields = Fields(shown, project, places)
    config = config_of(_hoisted(fields))
    plugins = tuple(Plugin(plugin.name, _without_slugify(plugin.options)) for plugin in config.plugins)
    return with_defaults(replace(config, plugins=plugins))


def with_defaults(config: MkDocsConfig) -> MkDocsConfig:
    """The configuration with the Markdown extensions that Zensical adds to it."""
    chosen = {each.name: each.options for each in config.markdown if each.name != "fenced_code"}
    if "markdown_extensions" not in config.fields:
        chosen |= _DEFAULTS
    chosen.setdefault(_FENCES, {})
    return replace(
        config, markdown=tuple(MarkdownExtension(name, options) for name, options in chosen.items())
    )


def _without_slugify(options: Mapping[str, Value]) -> dict[str, Value]:
    """The options without the name of the slug function, if it is the one that Zensical has anyway."""

    def is_own(key: str, value: Value) -> bool:
        named = value.get("object") if isinstance(value, dict) and len(value) == 1 else value
        return key in ("post_slugify", "categories_slugify") and named == _SLUGIFY

    return {key: value for key, value in options.items() if not is_own(key, value)}


def _hoisted(fields: Fields) -> Fields:
    """The fields with extensions of dotted names at the top, which TOML nests: `pymdownx.tabbed`."""
    extensions = fields.values.get("markdown_extensions")
    if not isinstance(extensions, dict):
        return fields
    flat: Value = dict(_flat("", extensions))
    return replace(fields, values={**fields.values, "markdown_extensions": flat})


def _flat(prefix: str, extensions: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    for key, options in extensions.items():
        name = f"{prefix}{key}"
        if name in _GROUPS and isinstance(options, dict):
            yield from _flat(f"{name}.", options)
        else:
            yield name, options
