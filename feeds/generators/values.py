"""What front matter holds, as texts, lists of names, people and tags of languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeGuard

from feeds.data import as_bool, is_null, place, scalars
from feeds.errors import Finding, Location, Severity
from feeds.generators.base import web_address
from feeds.model import Author, Fields, Report, Scalar, Source, Value

_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TRUE_WORDS = frozenset({"true", "yes", "on", "1"})
_FALSE_WORDS = frozenset({"false", "no", "off", "0"})

Split = Callable[[str], list[str]]
"""How a generator takes one text for several names."""


def warn(report: Report, rule: str, message: str, at: Location, help: str = "") -> None:
    """Report a warning."""
    report(Finding(Severity.WARNING, rule, message, at, help))


def line(text: str) -> str:
    """The text on one line, without characters that would turn round whatever stands after it."""
    if text.isprintable() and "  " not in text and text.strip() == text:
        return str(text)
    return " ".join(_TURNING.sub("", text).split())


def turned(text: str) -> str:
    """The text as written, but for characters that would turn round whatever stands after it."""
    return str(text) if text.isprintable() else _TURNING.sub("", text)


def first_key(fields: Fields, keys: tuple[str, ...]) -> str | None:
    """The first of the keys that holds something; None if none does."""
    for key in keys:
        if not is_null(fields.values.get(key)):
            return key
    return None


def text(fields: Fields, *keys: str) -> str:
    """The text of the first of the keys that holds one, on one line; "" if none does."""
    for key in keys:
        value = fields.values.get(key)
        if isinstance(value, Scalar) and value.kind != "null" and (found := line(value)):
            return found
    return ""


def table(fields: Fields, key: str) -> Mapping[str, Value]:
    """The mapping that a key holds; empty if it holds none."""
    value = fields.values.get(key)
    return value if isinstance(value, dict) else {}


def flag(fields: Fields, key: str, *, words: bool = True) -> bool | None:
    """What a key says, true or false; None where it is missing, empty, or neither.

    Args:
        fields: the front matter.
        key: the key.
        words: whether texts such as `"false"` and `yes` count, which need be no booleans in YAML.
    """
    value = fields.values.get(key)
    if value is None or is_null(value):
        return None
    found = as_bool(value)
    if found is None and words and isinstance(value, Scalar):
        word = value.strip().lower()
        found = True if word in _TRUE_WORDS else False if word in _FALSE_WORDS else None
    return found


def names(value: Value | None, split: Split | None = None) -> tuple[str, ...]:
    """The texts of a list, nested or not, or of a single text, each once, in their order.

    Args:
        value: what the key holds.
        split: how a single text is taken apart; None takes it for one name.
    """
    if value is None or isinstance(value, dict):
        return ()
    if split and isinstance(value, Scalar):
        return distinct(split(str(value))) if value.kind != "null" else ()
    return distinct([item for item in flat(value) if item.kind != "null"])


def distinct(given: Iterable[str]) -> tuple[str, ...]:
    """The texts, each on one line and once, in their order, without empty ones."""
    return tuple({name: None for text in given if (name := line(text))})


def flat(value: Value) -> Sequence[Scalar]:
    """Every scalar of a value, in the order of the document; itself if it is a list of nothing else."""
    return value if _is_flat(value) else [*scalars(value)]


def _is_flat(value: Value) -> TypeGuard[list[Scalar]]:
    return isinstance(value, list) and set(map(type, value)) <= {Scalar}


def unplaced(value: Value) -> Value:
    """The value without its line, which counts in another file than the post's."""
    if isinstance(value, dict):
        return {key: unplaced(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unplaced(item) for item in value]
    return Scalar(value, value.kind, quoted=value.quoted)


def own_id(source: Source, report: Report, keys: tuple[str, ...] = ("id", "guid")) -> str:
    """An id of the author's own: a URI, or a UUID, which becomes one (RFC 4287, section 4.2.6); else ""."""
    for key in keys:
        value = source.fields.values.get(key)
        if isinstance(value, Scalar) and not is_null(value):
            text = value.strip()
            if _UUID.fullmatch(text):
                return f"urn:uuid:{text.lower()}"
            if _URI.fullmatch(text):
                return text
            at = source.fields.at(key)
            warn(report, "id", f"{key} {text!r} is no URI; the address is the id", at)
    return ""


def own_language(source: Source, report: Report) -> str:
    """The language tag of a post that names one; else ""."""
    for key in ("lang", "language"):
        value = source.fields.values.get(key)
        if isinstance(value, Scalar) and not is_null(value):
            tag = value.strip().replace("_", "-")
            if _LANGUAGE.fullmatch(tag):
                return tag
            warn(report, "language", f"{str(value)!r} is no language tag", source.fields.at(key))
    return ""


def items(value: Value) -> list[Value]:
    """The items of a list, nested or not; a single value is the only one."""
    if not isinstance(value, list):
        return [value]
    return [inner for item in value for inner in items(item)] if list in map(type, value) else value


def people(
    value: Value | None,
    source: Source,
    *,
    known: Mapping[str, Author],
    base: str,
    report: Report,
    split: Split | None = None,
) -> tuple[Author, ...]:
    """The authors that a value names: by their id, by their name, or as tables of `name`, `url`, `email`.

    Args:
        value: what the key holds.
        source: the post, for places in messages.
        known: the authors of the site by id.
        base: the site's URL, for relative addresses.
        report: told of names that are not among a site's known ones.
        split: how a single text is taken apart; None takes it for one name.
    """
    if value is None:
        return ()
    given = [item for item in items(value) if not is_null(item)]
    if split and isinstance(value, Scalar):
        given = [Scalar(part, line=value.line, column=value.column) for part in split(value)]
    found = [_person(item, source, known, base, report) for item in given]
    found = [author for author in found if author.name]
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _person(value: Value, source: Source, known: Mapping[str, Author], base: str, report: Report) -> Author:
    if isinstance(value, dict):
        given = {
            key: line(item) for key, item in value.items() if isinstance(item, Scalar) and not is_null(item)
        }
        return Author(
            given.get("name", ""),
            url=web_address(given.get("url", ""), base),
            email=given.get("email", ""),
            id=given.get("id", ""),
        )
    name = line(value) if isinstance(value, Scalar) else ""
    if name in known:
        return known[name]
    if name and known:
        at = place(value, source.fields.path)
        warn(report, "author", f"the author {name!r} is not in the authors' file; shown as written", at)
    return Author(name)
