"""Front matter as Docusaurus validates it: js-yaml's values, and what it takes for texts and booleans."""

from __future__ import annotations

import re
import unicodedata

from feeds.data import place
from feeds.errors import FeedsError, Location
from feeds.generators.values import line
from feeds.model import Fields, Scalar, Value

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_INT = re.compile(r"[-+]?(?:0b[01]+|0x[0-9a-fA-F]+|0o[0-7]+|\d+)", re.ASCII)
_FLOAT = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?", re.ASCII)
_LONGEST = 300
"""Digits of a number, beyond which it stays a text."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


def is_empty(value: Value | None) -> bool:
    """Whether js-yaml takes a value for null."""
    return value is None or (isinstance(value, Scalar) and not value.quoted and value in _NULL)


def text_of(value: Value | None) -> str | None:
    """The text that a value is, or that JavaScript makes of a number; None for all others."""
    if not isinstance(value, Scalar) or is_empty(value) or (not value.quoted and value in _BOOL):
        return None
    return str(value) if value.quoted else _number(value) or str(value)


def text_in(fields: Fields, key: str, *, may_be_empty: bool = False) -> str | None:
    """The text of a key on one line; None where the key is missing.

    Raises:
        FeedsError: the key holds anything else, which Docusaurus refuses.
    """
    if key not in fields:
        return None
    found = text_of(fields.values[key])
    if found is None or (not found and not may_be_empty):
        raise FeedsError(f"{key} must be a text", fields.at(key), f'write {key}: "…"', rule=key)
    return line(found)


def flag_in(fields: Fields, key: str) -> bool:
    """Whether a key is true; the texts `"true"` and `"false"` count.

    Raises:
        FeedsError: the key holds anything else, which Docusaurus refuses.
    """
    if key not in fields:
        return False
    value = fields.values[key]
    if isinstance(value, Scalar) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise FeedsError(f"{key} must be true or false", fields.at(key), f"write {key}: true", rule=key)


def wrong(value: Value, fields: Fields, key: str, wanted: str) -> FeedsError:
    """The error for a value of a key that Docusaurus refuses."""
    at = place(value, fields.path)
    at = at if at.line else fields.at(key)
    return FeedsError(f"{key} must be {wanted}", at if at.line else Location(fields.path), rule=key)


def kebab_case(text: str) -> str:
    """`ES6 Modules` as `es-6-modules`, as lodash has it."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return "-".join(_WORDS.findall(re.sub("['\u2019]", "", plain))).lower()


def _number(text: str) -> str:
    """A number as JavaScript writes it; "" for what is none."""
    if len(text) > _LONGEST:
        return ""
    if _INT.fullmatch(text):
        sign, digits = ("-" if text.startswith("-") else ""), text.lstrip("+-")
        whole = int(digits) if digits.isdecimal() else int(digits, 0)
        return f"{sign if whole else ''}{whole}" if whole < 10**21 else _float(float(whole))
    return _float(float(text)) if _FLOAT.fullmatch(text) else ""


def _float(number: float) -> str:
    if number.is_integer() and abs(number) < 1e21:
        return str(int(number))
    mantissa, mark, exponent = repr(number).partition("e")
    if not mark:
        return mantissa
    power = int(exponent)
    if -7 <= power < 0:
        return f"{number:.{len(mantissa.replace('.', '').lstrip('-')) - 1 - power}f}"
    return f"{mantissa.removesuffix('.0')}e{power:+d}"
