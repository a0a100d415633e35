"""The addresses that webpack gives the files beside Docusaurus' posts: names with a digest of their bytes.

Docusaurus has `file-loader` name them `[name]-[contenthash].[ext]`; that hash is MD4 (RFC 1320).
"""

from __future__ import annotations

import hashlib
import posixpath
import struct
from pathlib import Path

from feeds.errors import FeedsError
from feeds.generators.docusaurus.paths import encoded
from feeds.texts import load_bytes

MAX_BYTES = 8_000_000
"""Bytes of a file, beyond which its address is not worked out."""

INLINED = 10_000
"""Bytes up to which Docusaurus writes a picture into the page itself, so that it has no address."""

_PICTURES = (".ico", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg")
_MASK = 0xFFFFFFFF
_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
_ORDERS = (
    (range(16), (3, 7, 11, 19), 0),
    ((0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), (3, 5, 9, 13), 0x5A827999),
    ((0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15), (3, 9, 11, 15), 0x6ED9EBA1),
)


def asset_path(file: Path) -> str | None:
    """The path of a file's copy below `baseUrl`, percent-encoded; None for one that has none.

    A picture is taken for one that is shown, any other file for one that is linked to.
    """
    try:
        data = load_bytes(file, file.name, limit=MAX_BYTES)
    except FeedsError:
        return None
    stem, ending = posixpath.splitext(file.name)
    is_picture = ending.lower() in _PICTURES
    if is_picture and len(data) <= INLINED:
        return None
    folder = "images" if is_picture else "files"
    return encoded(f"assets/{folder}/{stem}-{md4(data)}{ending}")


def md4(data: bytes) -> str:
    """The MD4 digest in hexadecimal, which not every build of OpenSSL still has."""
    try:
        return hashlib.new("md4", data, usedforsecurity=False).hexdigest()
    except ValueError:
        return _md4(data)


def _md4(data: bytes) -> str:
    state = _START
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + struct.pack("<Q", 8 * len(data))
    for words in struct.iter_unpack("<16I", padded):
        state = _block(state, words)
    return struct.pack("<4I", *state).hex()


def _block(state: tuple[int, int, int, int], words: tuple[int, ...]) -> tuple[int, int, int, int]:
    a, b, c, d = state
    for round, (order, shifts, constant) in enumerate(_ORDERS):
        for index, place in enumerate(order):
            if round == 0:
                mixed = (b & c) | (~b & d)
            elif round == 1:
                mixed = (b & c) | (b & d) | (c & d)
            else:
                mixed = b ^ c ^ d
            total = (a + mixed + words[place] + constant) & _MASK
            shift = shifts[index & 3]
            a, b, c, d = d, (total << shift | total >> (32 - shift)) & _MASK, b, c
    return (
        (state[0] + a) & _MASK,
        (state[1] + b) & _MASK,
        (state[2] + c) & _MASK,
        (state[3] + d) & _MASK,
    )
