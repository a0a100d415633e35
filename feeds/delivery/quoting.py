"""Quoted-printable (RFC 2045, 6.7) for text that is encoded once, with gaps that are filled many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

WIDTH = 75
"""Characters of a line, without the `=` of a soft break; RFC 2045 allows 76 with it."""

_SOFT_BREAK = "=\r\n"
_CODES = [f"={byte:02X}" for byte in range(256)]
_PLAIN = frozenset(map(chr, range(0x20, 0x7F))) - {"="} | {"\t"}


def quote(pieces: Sequence[str], gap: str) -> str:
    """The pieces, encoded, with `gap` between them on a line of its own that its reader does not see.

    Whatever stands for the gap later needs no encoding if it is at most `WIDTH` characters of plain ASCII
    other than `=` and blanks. Line breaks of any kind become CRLF.
    """
    encoded = [_encode(piece.replace("\r\n", "\n").replace("\r", "\n")) for piece in pieces]
    for index, piece in enumerate(encoded[:-1]):
        if piece and not piece.endswith("\r\n"):
            encoded[index] += _SOFT_BREAK
    return f"{gap}{_SOFT_BREAK}".join(encoded)


def _encode(text: str) -> str:
    return "\r\n".join(_SOFT_BREAK.join(_fold(_units(line))) for line in text.split("\n"))


def _units(line: str) -> list[str]:
    """Each character of a line as it is written; only the blank that would end the line has to be encoded."""
    units = [char if char in _PLAIN else _code(char) for char in line]
    if units and units[-1] in " \t":
        units[-1] = _code(units[-1])
    return units


def _fold(units: Sequence[str]) -> Iterator[str]:
    """Lines of at most `WIDTH` characters, which part none of them.

    None begins with what servers or mailboxes would touch: a dot (RFC 5321, 4.5.2) or `From ` (RFC 2049, 3).
    """
    line: list[str] = []
    size = 0
    for index, unit in enumerate(units):
        if size + len(unit) > WIDTH:
            yield "".join(line)
            line, size = [], 0
        if not line and (unit == "." or _is_from(units[index : index + 5])):
            unit = _code(unit)
        line.append(unit)
        size += len(unit)
    yield "".join(line)


def _is_from(units: Iterable[str]) -> bool:
    return "".join(units) == "From "


def _code(char: str) -> str:
    return "".join(_CODES[byte] for byte in char.encode("utf-8", "replace"))
