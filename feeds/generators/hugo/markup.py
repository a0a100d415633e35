"""How Hugo's configuration has Markdown rendered (`markup.goldmark`)."""

from __future__ import annotations

from collections.abc import Iterator

from feeds.generators.hugo.config import HugoConfig, Table, flag_in
from feeds.model import MarkdownExtension, Scalar, Value

_SWITCHES = {
    "definitionlist": "definition-lists",
    "table": "tables",
    "strikethrough": "strikethrough",
    "linkify": "autolinks",
    "tasklist": "task-lists",
}
_EXTRAS = {"insert": "insert", "mark": "mark", "subscript": "subscript", "superscript": "superscript"}


def load_markdown(config: HugoConfig) -> tuple[MarkdownExtension, ...]:
    """The extensions that posts are rendered with."""
    return tuple(_extensions(config))


def _extensions(config: HugoConfig) -> Iterator[MarkdownExtension]:
    goldmark = ("markup", "goldmark")
    extensions = config.table(*goldmark, "extensions")
    renderer, parser = config.table(*goldmark, "renderer"), config.table(*goldmark, "parser")
    for key, name in _SWITCHES.items():
        if flag_in(extensions, key, True):
            yield MarkdownExtension(name)
    for key, name in (("typographer", "typographer"), ("footnote", "footnotes")):
        if not _is_off(extensions.get(key)):
            yield MarkdownExtension(name)
    extras = _table(extensions.get("extras"))
    for key, name in _EXTRAS.items():
        if flag_in(_table(extras.get(key)), "enable", False):
            yield MarkdownExtension(name)
    yield from _passthrough(_table(extensions.get("passthrough")))
    attribute = _table(parser.get("attribute"))
    if flag_in(attribute, "title", True):
        yield MarkdownExtension("attributes", {"blocks": flag_in(attribute, "block", False)})
    if flag_in(parser, "autoheadingid", True):
        yield MarkdownExtension("heading-ids")
    if flag_in(renderer, "hardwraps", False):
        yield MarkdownExtension("hard-breaks")
    if not flag_in(renderer, "unsafe", False):
        yield MarkdownExtension("raw-html", {"keep": False})
    if config.flag("enableemoji"):
        yield MarkdownExtension("emoji")


def _passthrough(table: Table) -> Iterator[MarkdownExtension]:
    """Formulas, which Hugo hands on as they stand between delimiters."""
    if flag_in(table, "enable", False):
        delimiters = _table(table.get("delimiters"))
        yield MarkdownExtension("math", {kind: _pairs(delimiters.get(kind)) for kind in ("inline", "block")})


def _pairs(value: Value | None) -> list[list[str]]:
    items = value if isinstance(value, list) else []
    return [[str(part) for part in pair] for pair in items if isinstance(pair, list) and len(pair) == 2]


def _table(value: Value | None) -> Table:
    return value if isinstance(value, dict) else {}


def _is_off(value: Value | None) -> bool:
    """Whether an extension is switched off: by `false`, `disable` or `enable`."""
    if isinstance(value, Scalar):
        return value.lower() == "false"
    return flag_in(_table(value), "disable", False) or not flag_in(_table(value), "enable", True)
