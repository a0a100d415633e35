"""The letter as a message that any mail program opens (RFC 5322, MIME)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import textwrap
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError
from feeds.model import Letter, Site
from feeds.newsletter.issues import newsletter_title
from feeds.newsletter.lines import one_line

_LINE = 76
"""Characters of a line of quoted-printable (RFC 2045, 6.7) or with an encoded word (RFC 2047, 2)."""

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_SENDER = re.compile(
    rf"(?:(?P<name>[^<>]*)(?P<bracket><))?(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>[^\s<>@]+)(?(bracket)>)",
    re.ASCII,
)
"""A mail address of RFC 5322, alone or in angle brackets behind a name (commas and colons in it are fine)."""

_WORD_BYTES = 39
"""Bytes of UTF-8 in an encoded word, which is 64 characters then, and fits on the line of any header here."""


def render_eml(site: Site, settings: NewsletterSettings, letter: Letter) -> bytes:
    """The letter as a message to no one in particular, text before HTML; the same bytes for the same letter.

    What only a delivery has is left to it: the recipient, `List-Unsubscribe` and `List-Unsubscribe-Post`
    (RFC 8058), and signatures.

    Raises:
        FeedsError: the sender or the site's address cannot stand in a header.
    """
    host = _host(site)
    newest = max(entry.post.published for entry in letter.issue.entries)
    identity = hashlib.sha256(f"{letter.issue.id}@{host}".encode()).hexdigest()[:32]
    headers = [
        _mailbox("From", *sender_of(site, settings)),
        "To: undisclosed-recipients:;",
        _text("Subject", one_line(letter.issue.subject)),
        f"Date: {format_datetime(newest.astimezone(dt.UTC))}",
        f"Message-ID: <{identity}@{host}>",
        _mailbox("List-Id", newsletter_title(site, settings), f"newsletter.{host}"),
        "Auto-Submitted: auto-generated",
    ]
    return "".join(f"{header}\r\n" for header in headers).encode("ascii") + _body(letter, identity)


def sender_of(site: Site, settings: NewsletterSettings) -> tuple[str, str]:
    """Name and mail address the letter is from: as configured, else the newsletter at the site's host.

    Raises:
        FeedsError: the configured sender is no mail address.
    """
    if not settings.sender:
        return newsletter_title(site, settings), f"newsletter@{_host(site)}"
    written = _SENDER.fullmatch(one_line(settings.sender))
    if written is None or not (domain := _ascii(written["domain"])):
        raise FeedsError(
            f"the newsletter's sender {settings.sender!r} is no mail address",
            help="write it as `Ada <ada@example.org>`",
            rule="sender",
        )
    name = (written["name"] or "").strip(' "')
    return name or newsletter_title(site, settings), f"{written['local']}@{domain}"


def _host(site: Site) -> str:
    host = _ascii(urlsplit(site.url).hostname or "")
    if not host:
        raise FeedsError(f"the site's address {site.url!r} names no host", rule="site-url")
    return host


def _ascii(domain: str) -> str:
    """A domain as headers can hold it (IDNA); "" for what is none."""
    try:
        ascii = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return ascii if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", ascii) else ""


def _body(letter: Letter, identity: str) -> bytes:
    """The MIME headers and both parts; its boundary derives from the issue and cannot stand in the parts."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=_LINE))
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    # Quoted-printable writes every "=" as "=3D", so that no line of a part begins with "=_".
    message.set_boundary(f"=_{identity}")
    del message["MIME-Version"]
    return b"MIME-Version: 1.0\r\n" + message.as_bytes()


def _mailbox(header: str, name: str, address: str) -> str:
    """A header of the form `name <address>`; the address on a line of its own if it does not fit."""
    shown = one_line(name)
    quoted = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    is_plain = shown.isascii() and "=?" not in shown and len(header) + len(quoted) < _LINE
    lines = f"{header}: {quoted if is_plain else _encoded_words(shown)}"
    is_short = len(lines.rsplit("\r\n", 1)[-1]) + len(address) + 3 <= _LINE
    joint = " " if is_short else "\r\n "
    return f"{lines}{joint}<{address}>"


def _text(name: str, text: str) -> str:
    """A header of free text, folded (RFC 5322, 2.2.3), in encoded words where it is not plain ASCII."""
    if text.isascii() and "=?" not in text and max(map(len, text.split(" "))) < _LINE - len(name) - 2:
        lines = textwrap.wrap(f"{name}: {text}", _LINE - 1, break_long_words=False, break_on_hyphens=False)
        return "\r\n ".join(lines)
    return f"{name}: {_encoded_words(text)}"


def _encoded_words(text: str) -> str:
    """The text in encoded words (RFC 2047), one a line, none of which parts the bytes of a character.

    `email` folds such headers too, but loses spaces between words on the way.
    """
    chunks = [""]
    for char in text:
        if len((chunks[-1] + char).encode()) > _WORD_BYTES:
            chunks.append("")
        chunks[-1] += char
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(chunk.encode()).decode()}?=" for chunk in chunks)
