"""YAML, TOML and JSON read safely: nothing is constructed or run, and every value knows its line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Fields, Report, Scalar, Value
from feeds.plainyaml import read_plain

if TYPE_CHECKING:
    import yaml

MAX_DEPTH = 50
"""Mappings and lists inside each other, beyond which a document is refused."""

MAX_NODES = 100_000
"""Values in a document once its aliases are written out, beyond which it is refused."""

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"
_YAML_KINDS = {
    "tag:yaml.org,2002:str": "str",
    "tag:yaml.org,2002:int": "int",
    "tag:yaml.org,2002:float": "float",
    "tag:yaml.org,2002:bool": "bool",
    _NULL: "null",
    "tag:yaml.org,2002:timestamp": "timestamp",
    "tag:yaml.org,2002:value": "str",  # a plain `=`
    _MERGE: "str",  # a plain `<<` that is no key
}

_YAML_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_YAML_HELP = {
    "mapping values are not allowed in this context": "align the keys; put text that holds `: ` in quotes",
    "did not find expected key": "align the keys; inside single quotes write a quote twice",
    "found character that cannot start any token": "indent with spaces; quote text starting with @, % or `",
    "found undefined alias": "put text that starts with * in quotes",
    "found unexpected end of stream": "close the quotes that were opened",
    "found unknown escape character": "write a backslash twice, or use single quotes",
}
_MAYBE_DEEP = re.compile(rf"[ \t?:-]{{{MAX_DEPTH // 2}}}")

_TOML_TEXT = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*''', re.DOTALL
)
_TOML_NAME = re.compile(
    r"[ \t]*(?:\[\[?[ \t]*(?P<table>{0})[ \t]*\]|(?P<key>{0})[ \t]*=)".format(
        r"[\w-]+(?:[ \t]*\.[ \t]*[\w-]+)*"
    )
)

_TRUE = frozenset({"true", "yes", "on", "y"})


def parse_yaml(
    text: str, path: str, first_line: int = 1, *, tags: bool = False, report: Report | None = None
) -> Fields:
    """The mapping of a YAML 1.1 document, as `Scalar`s, lists and dicts.

    Args:
        text: the document.
        path: what to call it in messages.
        first_line: the line of the file on which the document starts.
        tags: keep scalars, lists and mappings that carry a tag of their own (`!ENV`, `!!python/name:`) as
            `{"!tag": value}` instead of refusing them; the tag is data, nothing of it is run.
        report: told of keys that stand twice, of which the last wins, as PyYAML has it; without it such a
            key is an error.

    Raises:
        FeedsError: the document is no mapping, is malformed, holds a tag of its own, or is larger than
            `MAX_DEPTH` and `MAX_NODES` allow.
    """
    if plain := read_plain(text, first_line, yaml_kind):
        return Fields(path, *plain)
    value, places = _YamlReader(path, first_line, tags, report).read(text)
    return _fields(value, path, places, first_line)


def parse_yaml_value(text: str, path: str) -> Value:
    """Whatever a YAML 1.1 document holds: a mapping, a list or a single value; an empty one is a mapping.

    Raises:
        FeedsError: the document is malformed, holds a tag of its own or a key twice, or is larger than
            `MAX_DEPTH` and `MAX_NODES` allow.
    """
    value, _ = _YamlReader(path, 1, False, None).read(text)
    return value


def parse_toml(text: str, path: str, first_line: int = 1) -> Fields:
    """The tables of a TOML document, as `Scalar`s, lists and dicts; dates are spelt the ISO way.

    Raises:
        FeedsError: the document is malformed.
    """
    try:
        document = _native(tomllib.loads(text), path, first_line)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = Location(path, first_line + text.count("\n"))
        if found := re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message):
            message = message[: found.start()]
            if found[1]:
                at = Location(path, first_line + int(found[1]) - 1, int(found[2]))
        help = "put its keys under the one that is there already" if "twice" in message else ""
        raise FeedsError(f"this is not TOML: {message}", at, help, rule="toml") from None
    except ValueError:  # Python's own limit on the digits of an integer
        message = "this is not TOML: a number in it is too long"
        raise FeedsError(message, Location(path, first_line), rule="toml") from None
    except RecursionError:
        raise _too_large(Location(path, first_line)) from None
    return _fields(document, path, _toml_places(text, first_line), first_line)


def parse_json(text: str, path: str, first_line: int = 1) -> Fields:
    """The object of a JSON document, as `Scalar`s, lists and dicts.

    Raises:
        FeedsError: the document is malformed, no object, or holds a key twice.
    """

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        members: dict[str, object] = {}
        for key, value in items:
            if key in members:
                message, help = f"the key {key!r} stands here twice", "keep the one that is meant"
                raise FeedsError(message, Location(path, first_line), help, rule="duplicate-key")
            members[key] = value
        return members

    def integer(digits: str) -> Scalar:
        return Scalar(digits, "int")  # not int(), which refuses more than 4,300 digits

    try:
        document = json.loads(text, object_pairs_hook=pairs, parse_int=integer)
    except json.JSONDecodeError as error:
        at = Location(path, first_line + error.lineno - 1, error.colno)
        raise FeedsError(f"this is not JSON: {error.msg}", at, rule="json") from None
    except RecursionError:
        raise _too_large(Location(path, first_line)) from None
    return _fields(_native(document, path, first_line), path, {}, first_line)


@lru_cache(maxsize=10_000)
def yaml_kind(text: str) -> str:
    """The `kind` of the `Scalar` that YAML 1.1 makes of a text without quotes."""
    for tag, pattern in _resolvers().get(text[:1], ()):
        if pattern.match(text):
            return _YAML_KINDS.get(tag, "str")
    return "str"


@cache
def _resolvers() -> Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]:
    """PyYAML's own patterns, in its order, by the characters that a text begins with."""
    import yaml

    return yaml.resolver.Resolver.yaml_implicit_resolvers


def as_bool(value: Value) -> bool | None:
    """What a plain YAML or TOML boolean says; None for anything else, a quoted `"false"` too."""
    if isinstance(value, Scalar) and value.kind == "bool":
        return value.lower() in _TRUE
    return None


def is_null(value: Value | None) -> bool:
    """Whether a key is missing or was left empty (`key:`, `key: null`, `key: ~`)."""
    return value is None or (isinstance(value, Scalar) and value.kind == "null")


def place(value: Value, path: str) -> Location:
    """Where a value stands; for a list or mapping, where its first scalar does."""
    scalar = value if isinstance(value, Scalar) else next(scalars(value), None)
    return Location(path, scalar.line, scalar.column) if scalar is not None else Location(path)


def scalars(value: Value) -> Iterator[Scalar]:
    """Every scalar of a value, in the order of the document."""
    if isinstance(value, Scalar):
        yield value
    else:
        for item in value.values() if isinstance(value, dict) else value:
            yield from scalars(item)


def _fields(value: Value, path: str, places: dict[str, tuple[int, int]], first_line: int) -> Fields:
    if not isinstance(value, dict):
        kind = "a list" if isinstance(value, list) else "a single value"
        raise FeedsError(
            f"keys with values are wanted here, this is {kind}",
            Location(path, first_line),
            "write it as `key: value` lines",
            rule="not-a-mapping",
        )
    return Fields(path, value, places)


def _too_large(at: Location) -> FeedsError:
    return FeedsError(
        f"this nests deeper than {MAX_DEPTH} levels or holds more than {MAX_NODES:,} values",
        at,
        "split it, or remove what no template or generator reads",
        rule="data-too-large",
    )


class _YamlReader:
    """Walks PyYAML's node tree, which is made of text and marks only."""

    def __init__(self, path: str, first_line: int, tags: bool, report: Report | None) -> None:
        self.path = path
        self.first_line = first_line
        self.tags = tags
        self.report = report
        self.count = 0

    def read(self, text: str) -> tuple[Value, dict[str, tuple[int, int]]]:
        import yaml

        if found := _YAML_UNREADABLE.search(text):
            line_start = text.rfind("\n", 0, found.start()) + 1
            line = self.first_line + text.count("\n", 0, found.start())
            at = Location(self.path, line, found.start() - line_start + 1)
            message = f"YAML does not allow the character U+{ord(found[0]):04X}"
            raise FeedsError(message, at, "remove it, or write it as an escape in double quotes", rule="yaml")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self._check_depth(text, loader)
            node = yaml.compose(text, Loader=loader)
        except yaml.MarkedYAMLError as error:
            at = self._mark(error.problem_mark or error.context_mark)
            problem = error.problem or error.context or "malformed"
            if "nesting depth" in problem:  # PyYAML's own limit, of 1,000
                raise _too_large(at) from None
            raise FeedsError(
                f"this is not YAML: {problem}", at, _YAML_HELP.get(problem, ""), rule="yaml"
            ) from None
        except RecursionError:
            raise _too_large(Location(self.path, self.first_line)) from None
        if node is None or node.tag == _NULL:
            return {}, {}
        places = {}
        if isinstance(node, yaml.MappingNode):
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode):
                    at = self._mark(key.start_mark)
                    places[key.value] = (at.line or 1, at.column or 1)
        return self._value(node, 0), places

    def _mark(self, mark: Any) -> Location:
        if mark is None:
            return Location(self.path, self.first_line)
        return Location(self.path, mark.line + self.first_line, mark.column + 1)

    def _check_depth(self, text: str, loader: type[yaml.SafeLoader]) -> None:
        """Refuse deep nesting before `compose`, which recurses in C and has no limit, sees it."""
        import yaml

        if text.count("[") + text.count("{") <= MAX_DEPTH and not _MAYBE_DEEP.search(text):
            return
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise _too_large(self._mark(event.start_mark))

    def _value(self, node: yaml.Node, depth: int) -> Value:
        import yaml

        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_NODES:
            raise _too_large(self._mark(node.start_mark))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        known = node.tag in ("tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")
        value: Value
        if isinstance(node, yaml.MappingNode):
            value = self._mapping(node, depth)
        else:
            value = [self._value(item, depth + 1) for item in node.value]
        return value if known else self._tagged(node, value)

    def _scalar(self, node: yaml.ScalarNode) -> Value:
        at = self._mark(node.start_mark)
        quoted = bool(node.style)
        kind = _YAML_KINDS.get(node.tag)
        scalar = Scalar(node.value, kind or "str", quoted=quoted, line=at.line, column=at.column)
        return scalar if kind else self._tagged(node, scalar)

    def _tagged(self, node: yaml.Node, value: Value) -> Value:
        if not self.tags:
            raise FeedsError(
                f"the tag {node.tag!r} is not allowed here",
                self._mark(node.start_mark),
                "write plain values: text, numbers, dates, lists and mappings",
                rule="yaml-tag",
            )
        return {node.tag: value}

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Value]:
        import yaml

        merged: dict[str, Value] = {}
        own: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                value = self._value(value_node, depth + 1)
                for base in value if isinstance(value, list) else [value]:
                    if not isinstance(base, dict):
                        message = "`<<` merges mappings, this is none"
                        raise FeedsError(message, self._mark(value_node.start_mark), rule="yaml")
                    for name, item in base.items():
                        merged.setdefault(name, item)
                continue
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                raise FeedsError(
                    "a key must be a single value, this one is a list or a mapping",
                    self._mark(key_node.start_mark),
                    rule="yaml-key",
                )
            if key in own:
                self._duplicate(key, self._mark(key_node.start_mark))
            own[key] = self._value(value_node, depth + 1)
        return {**merged, **own}

    def _duplicate(self, key: str, at: Location) -> None:
        message, help = f"the key {key!r} stands here twice", "keep the one that is meant"
        if self.report is None:
            raise FeedsError(message, at, help, rule="duplicate-key")
        self.report(Finding(Severity.WARNING, "duplicate-key", f"{message}; the last one counts", at, help))


def _native(value: object, path: str, line: int, depth: int = 0) -> Value:
    """The values of tomllib and json as ours."""
    if depth > MAX_DEPTH:
        raise _too_large(Location(path, line))
    if isinstance(value, dict):
        return {str(key): _native(item, path, line, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_native(item, path, line, depth + 1) for item in value]
    if value is None:
        return Scalar("null", "null")
    if isinstance(value, Scalar):
        return value
    if isinstance(value, bool):
        return Scalar("true" if value else "false", "bool")
    if isinstance(value, int):
        return Scalar(str(value), "int")
    if isinstance(value, float):
        return Scalar(repr(value), "float")
    if isinstance(value, str):
        if half := re.search("[\ud800-\udfff]", value):
            message = f"U+{ord(half[0]):04X} is half a character, which no file can hold"
            raise FeedsError(
                message, Location(path, line), "write both halves of the escape", rule="surrogate"
            )
        return Scalar(value, "str", quoted=True)
    return Scalar(str(value), "timestamp")


def _toml_places(text: str, first_line: int) -> dict[str, tuple[int, int]]:
    """The line and column of each key and table of valid TOML, by dotted name; where it first appears."""
    places: dict[str, tuple[int, int]] = {}
    table, depth = "", 0
    shapes = _TOML_TEXT.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), text).split("\n")
    for number, (line, shape) in enumerate(zip(text.split("\n"), shapes, strict=True), first_line):
        if depth == 0 and (found := _TOML_NAME.match(shape)):
            start, end = found.span("table" if found["table"] else "key")
            name = re.sub(r"\s*\.\s*|[\"']", lambda part: part[0].strip("\"' \t"), line[start:end])
            if found["table"]:
                table = name
            elif table:
                name = f"{table}.{name}"
            parts = name.split(".")
            for end in range(1, len(parts) + 1):
                places.setdefault(".".join(parts[:end]), (number, start + 1))
        depth += len(re.findall(r"[\[{]", shape)) - len(re.findall(r"[\]}]", shape))
    return places
