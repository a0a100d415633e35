"""Text that XML 1.0 and JSON can carry, and that every reader takes for the same text."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

# XML 1.0 section 2.2: the controls and noncharacters it forbids, and U+007F to U+009F, which it discourages;
# surrogates, and the other ends of lines.
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# No-break and other typographic spaces are the author's and stay.
_BLANKS = re.compile("[ \t\n]+")
_AUTHORITY = re.compile("[^/?#]*//[^/?#]*")
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def clean(text: str) -> str:
    r"""The text without characters that XML 1.0 forbids or discourages, and with `\n` for every line end.

    Two surrogates that make a pair become their character, a lone one becomes U+FFFD.
    """
    if not _UNCLEAN.search(text):
        return text
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNCLEAN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(maxsize=4096)
def clean_line(text: str) -> str:
    """The clean text on one line, runs of blanks as one."""
    return _BLANKS.sub(" ", clean(text)).strip(" ")


@lru_cache(maxsize=4096)
def clean_uri(url: str) -> str:
    """The address in RFC 3986's characters: others are percent-encoded, what already is stays as it is."""
    url = _STRAY_PERCENT.sub("%25", clean(url).strip(" \t\n"))
    authority = found[0] if (found := _AUTHORITY.match(url)) else ""
    # Brackets are allowed around an IPv6 address and nowhere else.
    return quote(authority, safe="%:/@[]!$&'()*+,;=") + quote(url[len(authority) :], safe="%:/@!$&'()*+,;=?#")
