"""The front matter of a Markdown file: YAML, TOML or JSON at its top, told apart from its text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import frontmatter
from frontmatter.default_handlers import BaseHandler

from feeds.data import parse_json, parse_toml, parse_yaml
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Fields, Matter, Report, Scalar, Source, Value
from feeds.texts import after, decoded

_YAML_OPEN = re.compile(r"---[ \t]*\n")
_TABS_ALONE = re.compile(r"^[ \t]*\t[ \t]*$", re.MULTILINE)
_YAML_CLOSE = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_TOML_OPEN = re.compile(r"\+\+\+[ \t]*\n")
_TOML_CLOSE = re.compile(r"\n\+\+\+[ \t]*(?:\n|\Z)")
_LOOSE_OPEN = re.compile(r"\s*(?:(---)-*|(\+\+\+)\+*)[ \t]*(?=\n)")
_MATERIAL = Matter()
_JSON_OPEN = re.compile(r"\{[ \t]*\n")


def parse_text(data: bytes, path: str, report: Report) -> str:
    """The file's text: UTF-8 with or without a byte order mark, line feeds only, no NUL.

    Raises:
        FeedsError: the bytes are not UTF-8; the place is given.
    """
    text = decoded(data, path)
    if b"\0" in data:
        at = after(text[: text.index("\0")], path)
        report(Finding(Severity.WARNING, "nul", "a NUL character is left out", at, "remove it"))
        text = text.replace("\0", "")
    return text


def parse_source(
    text: str, path: str, shown: str, report: Report, matter: Matter = _MATERIAL
) -> Source | None:
    """A file as its front matter and its text; None when it has no front matter, and a post needs some.

    Args:
        text: the whole file, with line feeds only.
        path: relative to the docs folder.
        shown: what messages call the file.
        report: told of keys that stand twice.
        matter: how the generator reads front matter.

    Raises:
        FeedsError: the front matter is never closed, malformed, or no mapping.
    """
    if matter.headers:
        from feeds.posts.headers import split_headers

        fields, body, line = split_headers(text, shown)
        return Source(path, fields, body, line)
    skipped = 0
    if matter.loose and (found := _LOOSE_OPEN.match(text)):
        skipped = found[0].count("\n")
        text = f"{found[1] or found[2]}{text[found.end() :]}"
    kind = _kind_of(text, matter)
    if kind is not None:
        written, below = kind.split(text, shown)
        handler = _Handler(kind, written, shown, report, is_yaml_1_2=matter.yaml == "1.2")
        frontmatter.parse(text[:below], handler=handler)
        fields = _as_read_by(matter, handler.fields)
    elif matter.optional:
        fields, below = Fields(shown, {}), 0
    else:
        return None
    # As MkDocs does: blank lines between the front matter and the text belong to neither.
    while text.startswith("\n", below):
        below += 1
    return Source(path, fields, text[below:], text.count("\n", 0, below) + 1 + skipped)


def _kind_of(text: str, matter: Matter) -> _Kind | None:
    for kind in _KINDS:
        if kind.opening.match(text):
            return kind
    return _KINDS[-1] if matter.loose and text.startswith("{") else None


def _as_read_by(matter: Matter, fields: Fields) -> Fields:
    """The fields as the generator's own YAML and its own keys have them."""
    if matter.yaml == "1.1" and not matter.fold_case:
        return fields
    values, places = fields.values, fields.places
    if matter.yaml == "1.2":
        values = {key: _without_words(value) for key, value in values.items()}
    if matter.fold_case:
        values = {key.lower(): value for key, value in values.items()}
        places = {key.lower(): place for key, place in places.items()}
    return Fields(fields.path, values, places)


def _without_words(value: Value) -> Value:
    """The value as YAML 1.2 has it, where `yes` and `on` are texts."""
    if isinstance(value, dict):
        return {key: _without_words(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_words(item) for item in value]
    if value.kind == "bool" and value.lower() not in ("true", "false"):
        return Scalar(value, "str", line=value.line, column=value.column)
    return value


class _Handler(BaseHandler):
    """Makes python-frontmatter report what it would swallow.

    The library strips white space from what it is given and takes every ValueError for "no front matter", so
    this has the untouched front matter, keeps the fields with their lines, and raises FeedsError.
    """

    FM_BOUNDARY = re.compile("")  # required by the base class, whose `split` is not used

    fields: Fields

    def __init__(self, kind: _Kind, written: str, path: str, report: Report, *, is_yaml_1_2: bool) -> None:
        super().__init__()
        self.kind, self.written, self.path, self.report = kind, written, path, report
        self.is_yaml_1_2 = is_yaml_1_2

    def split(self, text: str) -> tuple[str, str]:
        return self.written, ""

    def load(self, fm: str) -> dict[str, Any]:
        if self.is_yaml_1_2:  # where blanks alone on a line are nothing, tabs too
            fm = _TABS_ALONE.sub("", fm)
        self.fields = self.kind.parse(fm, self.path, self.report)
        return dict(self.fields.values)


class _Kind(NamedTuple):
    """A way of writing front matter.

    `split` gives the front matter of a file that has the `opening`, and how many characters stand above the
    line below it; `parse` the fields.
    """

    opening: re.Pattern[str]
    split: Callable[[str, str], tuple[str, int]]
    parse: Callable[[str, str, Report], Fields]


def _split_yaml(text: str, path: str) -> tuple[str, int]:
    return _split_fenced(text, path, _YAML_CLOSE, "---")


def _split_toml(text: str, path: str) -> tuple[str, int]:
    return _split_fenced(text, path, _TOML_CLOSE, "+++")


def _split_fenced(text: str, path: str, closing: re.Pattern[str], fence: str) -> tuple[str, int]:
    opened = text.index("\n")
    end = closing.search(text, opened)
    if end is None:
        raise FeedsError(
            "the front matter is never closed",
            Location(path, 1),
            f"write {fence} on a line of its own after the last key",
            rule="front-matter",
        )
    return text[opened + 1 : end.start() + 1], end.end()


def _split_json(text: str, path: str) -> tuple[str, int]:
    try:
        _, end = json.JSONDecoder(parse_int=str).raw_decode(text)  # int() refuses more than 4,300 digits
    except (json.JSONDecodeError, RecursionError):
        end = len(text)  # parse_json says what is wrong, and where
    return text[:end], end


_KINDS = (
    _Kind(_YAML_OPEN, _split_yaml, lambda matter, path, report: parse_yaml(matter, path, 2, report=report)),
    _Kind(_TOML_OPEN, _split_toml, lambda matter, path, report: parse_toml(matter, path, 2)),
    _Kind(_JSON_OPEN, _split_json, lambda matter, path, report: parse_json(matter, path)),
)
