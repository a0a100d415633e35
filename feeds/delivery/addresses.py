"""Mail addresses: checked without asking the network, brought into one form, and masked for eyes and logs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from feeds.errors import FeedsError

MAX_NAME = 200
"""Characters of a name that are kept."""

_PLAIN_LOCAL = re.compile(r"(?=.{1,64}$)[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*")
"""Local parts that need no closer look."""

_PLAIN_LENGTH = 200
_SPACES = re.compile(r"\s+")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address.

    `sent` is how it goes out: the local part as it was given, the domain in ASCII (IDNA). `key` is the same
    in lower case; two addresses of one key are one mailbox to us.
    """

    sent: str
    key: str

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only servers that offer SMTPUTF8 take mail for it (RFC 6531)."""
        return not self.sent.isascii()


def parse_address(text: str) -> Address:
    """The address that a text holds; blanks around it do not count, and its domain is not looked up.

    Raises:
        FeedsError: it is no address that mail could be sent to; the message does not hold the address.
    """
    local, _, domain = text.strip().rpartition("@")
    if not _PLAIN_LOCAL.fullmatch(local) or len(local) + len(domain) > _PLAIN_LENGTH:
        local, domain = _validated(text.strip())
    else:
        domain = _domain(domain)
    sent = f"{local}@{domain}"
    return Address(sent, sent.lower())


@lru_cache(maxsize=10_000)
def _domain(domain: str) -> str:
    """A domain in ASCII: most addresses of a list share a few."""
    return _validated(f"a@{domain}")[1]


def _validated(text: str) -> tuple[str, str]:
    """Local part and ASCII domain of an address (RFC 5322, 6531 and 5891)."""
    import email_validator

    try:
        found = email_validator.validate_email(text, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError as error:
        reason = str(error).rstrip(".")
        message = f"this is no mail address: {reason[:1].lower()}{reason[1:]}"
        raise FeedsError(message, help="write it like ada@example.org", rule="address") from None
    return found.local_part, found.ascii_domain


def mask(address: str) -> str:
    """An address as reports and logs show it: `ada@mail.example.org` is `a…@m….org`."""
    local, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:1]}…"
    host, dot, ending = domain.rpartition(".")
    return f"{local[:1]}…@{host[:1]}…{dot}{ending}" if dot else f"{local[:1]}…@{domain[:1]}…"


def clean_line(text: str) -> str:
    """A text on one line, without control and format characters, which could do harm in a header."""
    if not text.isprintable():
        text = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return _SPACES.sub(" ", text).strip()


def clean_name(text: str) -> str:
    """A person's name that is safe in a header, and not longer than `MAX_NAME`."""
    return clean_line(text)[:MAX_NAME].rstrip()
