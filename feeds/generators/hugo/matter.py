"""The front matter of Hugo's section pages, and what is handed down to the pages below (`cascade`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feeds.data import is_null, parse_json, parse_toml, parse_yaml
from feeds.generators.hugo.config import Table, lowered, text_in
from feeds.generators.hugo.paths import glob_matcher, lower
from feeds.generators.values import unplaced
from feeds.model import Fields, Scalar, Source, Value
from feeds.texts import load_head

_FENCES = {
    "---": re.compile(r"^---[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_MAX_BYTES = 1_000_000
_WORDS = frozenset({"yes", "no", "on", "off", "y", "n"})
_RESERVED = frozenset(
    "title linktitle summary description slug url type draft published date lastmod modified publishdate "
    "pubdate expirydate unpublishdate headless build _build aliases cascade markup weight layout".split()
)
"""Keys that Hugo itself reads, and only at the top."""


@dataclass(frozen=True, slots=True)
class Cascade:
    """Values for pages that lack them: those of a kind, a path and a language that its target names."""

    kind: Callable[[str], bool]
    path: Callable[[str], bool]
    language: Callable[[str], bool]
    values: Table


def load_matter(path: Path, name: str) -> Fields:
    """The front matter of a file, with keys in lower case; empty where there is none.

    Raises:
        FeedsError: it cannot be read.
    """
    text = load_head(path, name, _MAX_BYTES).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    head = text.lstrip()
    line = text[: len(text) - len(head)].count("\n") + 2
    fields = Fields(name, {})
    fence = _FENCES.get(head[:3])
    if fence and (end := fence.search(head, 3)):
        inner = head[head.find("\n") + 1 : end.start()]
        fields = (
            parse_yaml(inner, name, line, report=lambda finding: None)
            if head[0] == "-"
            else parse_toml(inner, name, line)
        )
    elif head.startswith("{"):
        try:
            end_at = json.JSONDecoder(parse_int=str).raw_decode(head)[1]
        except (json.JSONDecodeError, RecursionError):
            end_at = len(head)
        fields = parse_json(head[:end_at], name, line - 1)
    values = {key.lower(): _as_yaml_12(lowered(value)) for key, value in fields.values.items()}
    return Fields(name, values, {key.lower(): at for key, at in fields.places.items()})


def _as_yaml_12(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _as_yaml_12(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_yaml_12(item) for item in value]
    if value.kind == "bool" and value.lower() in _WORDS:
        return Scalar(value, line=value.line, column=value.column)
    return value


def cascades_of(value: Value | None, language: str = "") -> tuple[Cascade, ...]:
    """What a key `cascade` hands down, in its order: one table, or several with targets of their own.

    Args:
        value: what the key holds.
        language: of the site whose configuration it stands in, "" for all.
    """
    tables = value if isinstance(value, list) else [value]
    return tuple(_cascade(lowered(table), language) for table in tables if isinstance(table, dict))


def _cascade(table: Value, language: str) -> Cascade:
    given = dict(table) if isinstance(table, dict) else {}
    target = given.pop("target", given.pop("_target", None))
    wanted = target if isinstance(target, dict) else {}
    params = given.pop("params", None)
    values = {**(params if isinstance(params, dict) else {}), **given}
    kind, path = text_in(wanted, "kind").lower(), lower(text_in(wanted, "path"))
    own = text_in(wanted, "lang") or _languages(wanted) or language
    environment = text_in(wanted, "environment")
    elsewhere = bool(environment) and not glob_matcher(environment.lower())("production")
    return Cascade(
        (lambda name: False) if elsewhere else glob_matcher(kind) if kind else lambda name: True,
        glob_matcher(path) if path else lambda name: True,
        glob_matcher(own) if own else lambda name: True,
        values,
    )


def _languages(target: Table) -> str:
    """The languages of `sites.matrix.languages` as one pattern."""
    found: Value | None = dict(target)
    for key in ("sites", "matrix", "languages"):
        found = found.get(key) if isinstance(found, dict) else None
    names = [str(item) for item in found if isinstance(item, Scalar)] if isinstance(found, list) else []
    return f"{{{','.join(names)}}}" if names else str(found) if isinstance(found, Scalar) else ""


def hand_down(source: Source, kind: str, logical: str, language: str, cascades: Sequence[Cascade]) -> Source:
    """The source with what it lacks and the cascades give it; of several the first counts.

    What stands under `params` is raised to the top, where templates find it.

    Args:
        source: a page, its keys in lower case.
        kind: "page", "section", "home" …
        logical: the page's path, such as `/posts/a`.
        language: its language's key.
        cascades: its own, then those of its sections, the nearest first, then the configuration's.
    """
    values = dict(source.fields.values)
    for cascade in (*cascades_of(values.get("cascade")), *cascades):
        if cascade.kind(kind) and cascade.path(lower(logical)) and cascade.language(language):
            for key, value in cascade.values.items():
                values.setdefault(key, unplaced(value))
    params = values.get("params")
    raised = {key.lower(): value for key, value in params.items()} if isinstance(params, dict) else {}
    values |= {key: value for key, value in raised.items() if key not in _RESERVED}
    return replace(source, fields=replace(source.fields, values=values))


def go_text(value: Value | None) -> str:
    """A value as Hugo casts it to text: numbers in their shortest form; "" for none, lists and tables."""
    if not isinstance(value, Scalar) or is_null(value):
        return ""
    if value.quoted or value.kind not in ("int", "float", "bool"):
        return str(value)
    digits = value.replace("_", "")
    if value.kind == "bool":
        return value.lower()
    try:
        if value.kind == "float":
            number = float(digits)
            return str(int(number)) if number.is_integer() and abs(number) < 1e21 else repr(number)
        based = re.fullmatch(r"([-+]?)0o?([0-7]+)", digits)
        return str(int(based[1] + based[2], 8) if based else int(digits, 0))
    except ValueError:  # `.inf`, a sexagesimal number, or one with too many digits
        return str(value)


def go_bool(value: Value | None) -> bool | None:
    """A value as Hugo casts it to a switch; None for what it cannot."""
    if value is None or not isinstance(value, Scalar):
        return None
    if is_null(value):
        return False
    if value.kind in ("int", "float") and not value.quoted:
        return value.strip("+-0._") != ""
    return {
        **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
        **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
    }.get(str(value))


def is_draft(values: Mapping[str, Value]) -> bool:
    """Whether Hugo takes a page for a draft: `draft`, or the undocumented `published` in its place."""
    if "draft" in values:
        return go_bool(values["draft"]) is True
    return "published" in values and go_bool(values["published"]) is False


def build_option(values: Mapping[str, Value], name: str) -> str:
    """What `build` says of `list` or `render`: "always", "never", "local" or "link"."""
    table = values.get("build", values.get("_build"))
    value = table.get(name) if isinstance(table, dict) else None
    word = go_text(value)
    if word == "0" or (isinstance(value, Scalar) and value.kind == "bool" and word == "false"):
        return "never"
    return word if word in ("never", "local", "link") else "always"
