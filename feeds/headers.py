"""Header fields of mail (RFC 5322): whatever they are made of, they stay one field of short lines."""

from __future__ import annotations

import re
import textwrap
from binascii import b2a_base64
from urllib.parse import quote, urlsplit, urlunsplit

from feeds.columns import one_line

LINE = 76
"""Characters of a line of quoted-printable (RFC 2045, 6.7) or with an encoded word (RFC 2047, 2)."""

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_MAILBOX = re.compile(
    rf"(?:(?P<name>[^<>]*)(?P<bracket><))?(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>[^\s<>@]+)(?(bracket)>)",
    re.ASCII,
)
"""A mail address of RFC 5322, alone or in angle brackets behind a name (commas and colons in it are fine)."""

_WORD_BYTES = 39
"""Bytes of UTF-8 in an encoded word, which is 64 characters then, and fits on the line of any header here."""

_RESERVED = "!#$%&'()*+,/:;=?@[]~"
"""What stays as it is in a web address: reserved characters (RFC 3986, 2.2), and `%`, which quotes them."""


def parse_mailbox(text: str) -> tuple[str, str] | None:
    """Name ("" for none) and address, its domain in ASCII, of `Ada <ada@example.org>`; None for all else."""
    written = _MAILBOX.fullmatch(one_line(text))
    if written is None or not (domain := ascii_domain(written["domain"])):
        return None
    return (written["name"] or "").strip(' "'), f"{written['local']}@{domain}"


def ascii_domain(domain: str) -> str:
    """A domain as headers can hold it (IDNA); "" for what is none."""
    try:
        ascii = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return ascii if re.fullmatch(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*", ascii) else ""


def ascii_url(url: str) -> str:
    """A web address as headers can hold it: its host in IDNA, the rest quoted (RFC 3986); "" for none."""
    try:
        parts = urlsplit(url)
        host, port = ascii_domain(parts.hostname or ""), f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if not host:
        return ""
    path, query, fragment = (quote(part, safe=_RESERVED) for part in parts[2:])
    return urlunsplit((parts.scheme, host + port, path, query, fragment))


def mailbox_field(name: str, shown: str, address: str) -> str:
    """A field `name: shown <address>`; the address on a line of its own if it does not fit."""
    text = one_line(shown)
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    is_plain = text.isascii() and "=?" not in text and len(name) + len(quoted) < LINE
    lines = f"{name}: {quoted if is_plain else _encoded_words(text)}"
    is_short = len(lines.rsplit("\r\n", 1)[-1]) + len(address) + 3 <= LINE
    joint = " " if is_short else "\r\n "
    return f"{lines}{joint}<{address}>"


def text_field(name: str, text: str) -> str:
    """A field of free text, folded (RFC 5322, 2.2.3), in encoded words where it is not plain ASCII."""
    text = one_line(text)
    if text.isascii() and "=?" not in text and max(map(len, text.split(" "))) < LINE - len(name) - 2:
        lines = textwrap.wrap(f"{name}: {text}", LINE - 1, break_long_words=False, break_on_hyphens=False)
        return "\r\n ".join(lines)
    return f"{name}: {_encoded_words(text)}"


def _encoded_words(text: str) -> str:
    """The text in encoded words (RFC 2047), one a line, none of which parts the bytes of a character.

    `email` folds such headers too, but loses spaces between words on the way.
    """
    whole = text.encode("utf-8", "replace")
    words = [whole] if len(whole) <= _WORD_BYTES else _parted(text)
    return "\r\n ".join(f"=?utf-8?b?{b2a_base64(word, newline=False).decode()}?=" for word in words)


def _parted(text: str) -> list[bytes]:
    words = [b""]
    for char in text:
        data = char.encode("utf-8", "replace")
        if len(words[-1]) + len(data) > _WORD_BYTES:
            words.append(b"")
        words[-1] += data
    return words
