"""Reads the configuration file, and checks it and the command line against the table of keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from feeds.config.forms import FORMS, near
from feeds.config.keys import KEYS, TABLES, FilterSettings, NamedFeedSettings, Settings, one_of, written
from feeds.data import parse_toml, scalars
from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity, UsageError
from feeds.model import Fields, Scalar, Value
from feeds.texts import load_text

FILE = "feeds.toml"
PYPROJECT = "pyproject.toml"
NAMED = "feed"

Override = str | int | list[str] | tuple[str, ...] | None
"""A key's value from the command line; None for a flag that was not given."""

_COMMAND_LINE = Location("command line")

_Given = tuple[Value, Location]


def load_settings(
    root: Path,
    *,
    config: Path | None = None,
    overrides: Mapping[str, Override] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of the project in the folder `root`.

    Args:
        root: where `feeds.toml` or `pyproject.toml` may lie.
        config: the configuration file to read instead of those two.
        overrides: values from the command line by dotted key (`site.url`), which win.
        environ: the environment.

    Raises:
        UsageError: `config` does not exist or holds no settings.
        FeedsError: a file cannot be read, or both files hold settings.
        ProblemsError: all that is wrong in the file and on the command line.
    """
    document = _load_named(config, root) if config else _load_found(root)
    flags = dict(_flags(overrides or {}))
    given = [(name, value) for name, value in _given(document) if name not in flags] if document else []
    parts = _parse_tables([*given, *flags.items()])
    named = _named_feeds(document) if document else ()
    file = document.path if document else None
    return Settings(root, file, feed=named, environ={} if environ is None else environ, **parts)


def _load_named(config: Path, root: Path) -> Fields:
    name = config.as_posix()
    if config.absolute().is_relative_to(root.absolute()):
        name = config.absolute().relative_to(root.absolute()).as_posix()
    if not config.exists():
        raise UsageError(f"the configuration file {name!r} does not exist", rule="config-file")
    document = _load_file(config, name)
    if document is None:
        help = f"add the table, or name a {FILE}"
        raise UsageError(f"{name} has no table [tool.feeds]", help=help, rule="config-file")
    return document


def _load_found(root: Path) -> Fields | None:
    names = [name for name in (FILE, PYPROJECT) if (root / name).is_file()]
    documents = [document for name in names if (document := _load_file(root / name, name))]
    if len(documents) > 1:
        at = Location(PYPROJECT, *min(documents[1].places.values(), default=()))
        message = f"there are settings here under [tool.feeds], and in {FILE} too"
        raise FeedsError(message, at, "keep them in one of the two", rule="config-file")
    return documents[0] if documents else None


def _load_file(path: Path, name: str) -> Fields | None:
    """The tables of a configuration file; None for a `pyproject.toml` without `[tool.feeds]`."""
    document = parse_toml(load_text(path, name), name)
    return _own_tables(document) if path.name == PYPROJECT else document


def _own_tables(pyproject: Fields) -> Fields | None:
    tool = pyproject.values.get("tool")
    if not isinstance(tool, dict) or "feeds" not in tool:
        return None
    own = tool["feeds"]
    if not isinstance(own, dict):
        raise _not_a_table("tool.feeds", own, pyproject.at("tool.feeds"))
    prefix, places = "tool.feeds.", pyproject.places.items()
    return Fields(
        pyproject.path,
        own,
        {name.removeprefix(prefix): place for name, place in places if name.startswith(prefix)},
    )


def _named_feeds(document: Fields) -> tuple[NamedFeedSettings, ...]:
    """The tables `[[feed]]`.

    Raises:
        ProblemsError: all that is wrong with them.
    """
    value, at = document.values.get(NAMED), document.at(NAMED)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        message = f"{NAMED}: this is {_kind(value)}, and tables are wanted"
        raise FeedsError(message, at, f"write [[{NAMED}]]", rule="config-type")
    problems: list[Finding] = []
    found: dict[str, NamedFeedSettings] = {}
    for number, item in enumerate(value, 1):
        assert isinstance(item, dict)
        name = f"{NAMED} {number}"
        feed = _parse_part(NamedFeedSettings, item, name, at, problems)
        if "path" not in item:
            message, help = f"{name}: it has no path", 'write path = "essays"'
            problems.append(Finding(Severity.ERROR, "config-value", message, at, help))
        elif feed.path in found:
            message = f"{name}: another feed has the path {feed.path!r} too"
            problems.append(Finding(Severity.ERROR, "config-value", message, at, "give it one of its own"))
        found[feed.path] = feed
    if problems:
        raise ProblemsError(tuple(problems))
    return tuple(found.values())


def _parse_part(
    part: type[Any], values: Mapping[str, Value], name: str, at: Location, problems: list[Finding]
) -> Any:
    """One table by its keys; what is wrong with it is added to the problems."""
    keys = {entry.name: entry for entry in fields(part)}
    taken: dict[str, object] = {}
    for key, value in values.items():
        try:
            if key not in keys:
                meant = near(key, keys)
                help = f"did you mean {meant}?" if meant else f"there are {', '.join(keys)}"
                raise FeedsError("there is no such key", help=help, rule="config-unknown")
            if keys[key].type == "FilterSettings":
                if not isinstance(value, dict):
                    raise _wrong_type(keys[key], value)
                taken[key] = _parse_part(FilterSettings, value, f"{name}.{key}", at, problems)
            else:
                taken[key] = _parse_value(keys[key], value)
        except FeedsError as error:
            message = f"{name}.{key}: {error.message}"
            problems.append(Finding(Severity.ERROR, error.rule, message, at, error.help))
    return part(**taken)


def _given(document: Fields) -> Iterator[tuple[str, _Given]]:
    """Each value by its dotted name, with its place; what is no table of ours comes whole."""
    for table, content in document.values.items():
        if table in TABLES and isinstance(content, dict):
            for key, value in content.items():
                name = f"{table}.{key}"
                yield name, (value, document.at(name if name in document.places else table))
        elif table != NAMED:
            yield table, (content, document.at(table))


def _flags(overrides: Mapping[str, Override]) -> Iterator[tuple[str, _Given]]:
    at = _COMMAND_LINE
    for name, override in overrides.items():
        match override:
            case int():
                yield name, (Scalar(str(override), "int"), at)
            case str():
                yield name, (Scalar(override), at)
            case list() | tuple():
                yield name, ([Scalar(item) for item in override], at)


def _parse_tables(given: Iterable[tuple[str, _Given]]) -> dict[str, Any]:
    """The parts of `Settings`.

    Raises:
        ProblemsError: all that is wrong with what is given.
    """
    problems: list[Finding] = []
    values: dict[str, dict[str, object]] = {table: {} for table in TABLES}
    for name, (value, at) in given:
        table, _, key = name.partition(".")
        try:
            if table in TABLES and not key:
                raise _not_a_table(table, value)
            if name not in KEYS:
                raise _unknown(table, key, value)
            values[table][key] = _parse_value(KEYS[name], value)
        except FeedsError as error:
            problems.append(Finding(Severity.ERROR, error.rule, f"{name}: {error.message}", at, error.help))
    if problems:
        only_flags = all(problem.at is _COMMAND_LINE for problem in problems)
        raise ProblemsError(tuple(problems), UsageError.exit_code if only_flags else FeedsError.exit_code)
    return {table: TABLES[table](**keys) for table, keys in values.items()}


def _not_a_table(name: str, value: Value, at: Location | None = None) -> FeedsError:
    return FeedsError(f"this is a table, not {_kind(value)}", at, f"write [{name}]", rule="config-type")


def _unknown(table: str, key: str, value: Value) -> FeedsError:
    """No such table, or no such key in it; the help says what was probably meant."""
    keys = {name: [key.name for key in fields(part)] for name, part in TABLES.items()}
    message = "there is no such key"
    if table not in TABLES:
        message = "this stands under no table" if isinstance(value, Scalar) else "there is no such table"
    if homes := [f"[{name}]" for name, own in keys.items() if (key or table) in own]:
        help = f"it belongs under {one_of(homes)}"
    elif table not in TABLES:
        meant = near(table, TABLES)
        help = (
            f"did you mean [{meant}]?" if meant else f"there are {', '.join(f'[{name}]' for name in TABLES)}"
        )
    else:
        meant = near(key, keys[table])
        help = f"did you mean {meant}?" if meant else f"[{table}] has {', '.join(keys[table])}"
    return FeedsError(message, help=help, rule="config-unknown")


def _parse_value(key: Field[Any], value: Value) -> object:
    """What a key's value means.

    Raises:
        FeedsError: it is of another type, none of the choices, or not of the form that is wanted.
    """
    match key.type, value:
        case "str", Scalar(kind="str"):
            return _parse_text(key, value)
        case "int", Scalar(kind="int"):
            return _parse_number(key, int(value))
        case "tuple[str, ...]", list() if all(_kind(item) == "text" for item in value):
            texts = tuple(_parse_text(key, item) for item in value if isinstance(item, Scalar))
            if "" in texts:
                raise FeedsError("one of these texts is empty", help="leave it out", rule="config-value")
            if twice := next((text for text in texts if texts.count(text) > 1), None):
                raise FeedsError(f"{twice!r} stands here twice", help="leave one out", rule="config-value")
            return texts
    raise _wrong_type(key, value)


def _parse_number(key: Field[Any], number: int) -> int:
    least, most = key.metadata["least"], key.metadata["most"]
    if number < least:
        raise FeedsError(f"{number} is below {least}", help=f"write {least} or more", rule="config-value")
    if most is not None and number > most:
        raise FeedsError(f"{number} is above {most}", help=f"write {most} or less", rule="config-value")
    return number


def _parse_text(key: Field[Any], value: Scalar) -> str:
    text, choices = value.strip(), key.metadata["choices"]
    if text == key.default:
        return text
    if choices and text not in choices:
        meant = near(text, choices)
        help = f"did you mean {meant}?" if meant else "write one of those"
        raise FeedsError(f"{text!r} is not {one_of(choices)}", help=help, rule="config-choice")
    return FORMS[key.metadata["form"]](text)


def _wrong_type(key: Field[Any], value: Value) -> FeedsError:
    kinds = {"str": "text", "int": "a whole number", "FilterSettings": "a table"}
    wanted = kinds.get(str(key.type), "a list of texts")
    if key.type == "FilterSettings":
        help = f'write it like {key.name} = {{ categories = ["News"] }}'
        return FeedsError(f"this is {_kind(value)}, and {wanted} is wanted", help=help, rule="config-type")
    example: object = key.default
    if key.type == "int":
        if isinstance(value, Scalar) and re.fullmatch("[0-9]{1,9}", value):
            example = int(value)
    elif not key.metadata["choices"]:
        texts = tuple(scalars(value))
        example = texts if key.type != "str" else texts[0] if len(texts) == 1 else "…"
    elif key.type == "str":
        example = key.metadata["choices"][0]
    help = f"write it like {key.name} = {written(example)}"
    return FeedsError(f"this is {_kind(value)}, and {wanted} is wanted", help=help, rule="config-type")


def _kind(value: Value) -> str:
    if isinstance(value, Scalar):
        kinds = {"str": "text", "int": "a whole number", "float": "a decimal number", "bool": "true or false"}
        return kinds.get(value.kind, "a date or a time")
    if isinstance(value, dict):
        return "a table"
    others = [kind for item in value if (kind := _kind(item)) != "text"]
    return f"a list that holds {others[0]}" if others else "a list"
