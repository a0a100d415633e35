"""The Markdown that Pelican renders with: the setting MARKDOWN as extensions of Python-Markdown."""

from __future__ import annotations

from typing import Any

from feeds.generators.pelican.settings import DEFAULTS, PelicanConfig
from feeds.generators.python.expressions import Unknown
from feeds.generators.values import warn
from feeds.model import MarkdownExtension, Report, Scalar, Value

_PREFIX = "markdown.extensions."
_MAX_DEPTH = 20


def markdown_extensions(config: PelicanConfig, report: Report) -> tuple[MarkdownExtension, ...]:
    """The extensions by name with their options; the one that reads headers is left out, as they are read.

    Args:
        config: the site's settings.
        report: told of extensions that cannot be known without running the file.
    """
    given = config.names.values.get("MARKDOWN", DEFAULTS["MARKDOWN"])
    if "MD_EXTENSIONS" in config.names.values or not isinstance(given, dict):
        if isinstance(given, Unknown):
            message = "MARKDOWN cannot be known without running the file; Pelican's own extensions are used"
            warn(report, "pelican-setting", message, given.at, "write it as a plain mapping")
        given = DEFAULTS["MARKDOWN"]
    configs = given.get("extension_configs")
    options: dict[str, Any] = configs if isinstance(configs, dict) else {}
    listed = given.get("extensions")
    names: dict[str, Any] = {}
    for name in [*(listed if isinstance(listed, list | tuple) else ()), *options]:
        if isinstance(name, Unknown):
            message = "a Markdown extension that is made by code is left out"
            warn(report, "markdown-extension", message, name.at, "name it by its text")
        elif isinstance(name, str) and name.removeprefix(_PREFIX) != "meta":
            names[name.removeprefix(_PREFIX)] = options.get(name, {})
    return tuple(
        MarkdownExtension(name, {str(k): _option(v) for k, v in given.items() if not isinstance(v, Unknown)})
        if isinstance(given, dict)
        else MarkdownExtension(name)
        for name, given in names.items()
    )


def _option(value: Any, depth: int = 0) -> Value:
    """An option as data of a configuration has it."""
    if depth > _MAX_DEPTH or value is None or isinstance(value, Unknown):
        return Scalar("null", "null")
    if isinstance(value, dict):
        return {str(key): _option(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_option(item, depth + 1) for item in value]
    if isinstance(value, bool):
        return Scalar("true" if value else "false", "bool")
    if isinstance(value, int | float):
        return Scalar(str(value), "int" if isinstance(value, int) else "float")
    return Scalar(str(value), "str", quoted=True)
