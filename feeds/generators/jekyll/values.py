"""Values as Jekyll's Ruby takes them: which texts are numbers, and how it writes them again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from feeds.data import is_null
from feeds.model import Scalar, Value

_BOOLEAN = re.compile(r"(?i:(yes|true|on)|no|false|off)")
_INTEGER = re.compile(r"([-+]?)(?:0b([01_,]+)|0x([\da-fA-F_,]+)|(0[0-7_,]*)|([1-9](?:[\d_,]*)))")
_FLOAT = re.compile(r"[-+]?(?:\d[\d_,]*)?\.\d*(?:[eE][-+]\d+)?")
_DIGITS = 300
_STAMP = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|\s+)(\d\d?):(\d\d):(\d\d)(?:\.\d*)?(?:\s*(?:(Z)|([-+])(\d\d?):?(\d\d)?))?"
)


def native(value: Value | None) -> object:
    """A value as Ruby holds it: None, a boolean, a number, a text, a list or a mapping; dates stay texts."""
    if value is None:
        return None
    if isinstance(value, Scalar):
        return _scalar(value)
    if isinstance(value, dict):
        return {key: native(item) for key, item in value.items()}
    return [native(item) for item in value]


def _scalar(value: Scalar) -> object:
    text = str(value)
    if is_null(value):
        return None
    if value.quoted or not text:
        return text
    if found := _BOOLEAN.fullmatch(text):
        return bool(found[1])
    if len(text) < _DIGITS and (number := _INTEGER.fullmatch(text)):
        return _integer(number)
    if len(text) < _DIGITS and _FLOAT.fullmatch(text) and any(map(str.isdigit, text)):
        return float(re.sub("[_,]", "", text))
    return text


def _integer(found: re.Match[str]) -> int:
    sign, binary, hexadecimal, octal, decimal = (re.sub("[_,]", "", part or "") for part in found.groups())
    digits, base = next(
        (
            (digits, base)
            for digits, base in ((binary, 2), (hexadecimal, 16), (octal, 8), (decimal, 10))
            if digits
        ),
        ("0", 10),
    )
    return int(f"{sign}{digits}", base)


def truth(value: Value | None) -> bool:
    """Whether Ruby takes a value for true: everything but `false` and nothing."""
    found = native(value)
    return found is not None and found is not False


def written(value: object) -> str:
    """What Ruby writes for a value (`to_s`)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_inspected, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_inspected(key)}=>{_inspected(item)}' for key, item in value.items())}}}"
    return str(value)


def _float(value: float) -> str:
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa if '.' in mantissa else f'{mantissa}.0'}{exponent}{power}" if exponent else text


def _inspected(value: object) -> str:
    if value is None:
        return "nil"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return written(value)


def text_of(value: Value | None) -> str:
    """What a template shows of a value: "" for nothing."""
    return written(native(value))


def flat(value: object) -> Iterator[object]:
    """The items of a list, nested or not; another value is the only one."""
    if isinstance(value, list):
        for item in value:
            yield from flat(item)
    else:
        yield value


def stamp(value: Scalar) -> dt.datetime | None:
    """The instant of an unquoted timestamp with seconds, in UTC where it names no zone; None for other texts.

    Its offset is of whole hours with minutes after them, which count forward unless the hours are negative:
    `-00:30` is half an hour ahead, as Ruby's YAML reads it.
    """
    found = None if value.quoted else _STAMP.fullmatch(value)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    zulu, sign, hours, minutes = found.groups()[6:]
    zone = dt.UTC
    if not zulu and sign:
        offset = dt.timedelta(hours=int(hours) * (-1 if sign == "-" else 1))
        part = dt.timedelta(minutes=int(minutes or 0))
        zone = dt.timezone(offset - part if offset < dt.timedelta() else offset + part)
    try:
        return _rolled(year, month, day, hour, minute, second, zone)
    except (ValueError, OverflowError):
        return None


def _rolled(
    year: int, month: int, day: int, hour: int, minute: int, second: int, zone: dt.tzinfo
) -> dt.datetime:
    """A date and time of day; days that the month does not have, hour 24 and second 60 roll over."""
    if not (1 <= day <= 31 and hour <= 24 and minute < 60 and second <= 60) or (
        hour == 24 and minute + second
    ):
        raise ValueError
    date = dt.datetime(year, month, 1, tzinfo=zone)
    return date + dt.timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)
