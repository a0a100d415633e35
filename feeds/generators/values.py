"""What front matter holds, as texts, lists of names, people and tags of languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from feeds.data import as_bool, is_null, place, scalars
from feeds.errors import Finding, Location, Severity
from feeds.generators.base import web_address
from feeds.model import Author, Fields, Report, Scalar, Source, Value

_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_TRUE_WORDS = frozenset({"true", "yes", "on", "1"})
_FALSE_WORDS = frozenset({"false", "no", "off", "0"})

Split = Callable[[str], list[str]]
"""How a generator takes one text for several names."""


def warn(report: Report, rule: str, message: str, at: Location, help: str = "") -> None:
    """Report a warning."""
    report(Finding(Severity.WARNING, rule, message, at, help))


def line(text: str) -> str:
    """The text on one line, without characters that would turn round whatever stands after it."""
    return " ".join((text if text.isascii() else text.translate(_TURNING)).split())


def turned(text: str) -> str:
    """The text as written, but for characters that would turn round whatever stands after it."""
    return str(text) if text.isascii() else text.translate(_TURNING)


def first_key(fields: Fields, keys: tuple[str, ...]) -> str | None:
    """The first of the keys that holds something; None if none does."""
    return next((key for key in keys if not is_null(fields.values.get(key))), None)


def text(fields: Fields, *keys: str) -> str:
    """The text of the first of the keys that holds one, on one line; "" if none does."""
    for key in keys:
        value = fields.values.get(key)
        if isinstance(value, Scalar) and not is_null(value) and (found := line(value)):
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
    found: list[str] = []
    for item in scalars(value):
        if item.kind != "null":
            found += split(str(item)) if split and isinstance(value, Scalar) else [str(item)]
    return tuple(dict.fromkeys(name for name in map(line, found) if name))


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


def items(value: Value) -> Iterator[Value]:
    """The items of a list, nested or not; a single value is the only one."""
    if isinstance(value, list):
        for item in value:
            yield from items(item)
    else:
        yield value


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
    given: list[Value] = [item for item in items(value) if not is_null(item)]
    if split and isinstance(value, Scalar):
        given = [Scalar(part, line=value.line, column=value.column) for part in split(value)]
    found = (_person(item, source, known, base, report) for item in given)
    return tuple(dict.fromkeys(author for author in found if author.name))


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
    name = line(next(scalars(value), Scalar("")))
    if name in known:
        return known[name]
    if name and known:
        at = place(value, source.fields.path)
        warn(report, "author", f"the author {name!r} is not in the authors' file; shown as written", at)
    return Author(name)
