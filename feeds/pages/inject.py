"""Links to the feeds in the heads of a built site's pages, where browsers and readers look for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from urllib.parse import unquote

from feeds.pages.subscribe import Listed

_OWN = re.compile(rb"<link [^<>]*data-feeds>\n")
# What a head may hold that only looks like its end, and its end.
_TOKEN = re.compile(rb"<!--|<(script|style|noscript|template|title)[\s>]|</head[\s>]|<body[\s>]")
_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)


def link_tags(listed: Iterable[Listed]) -> bytes:
    """The `<link rel="alternate">` of every address, each on a line, in characters that any encoding has."""
    lines = (
        f'<link rel="alternate" type="{address.media_type}" title="{_ascii(each.feed.title)}" '
        f'href="{_ascii(address.url)}" data-feeds>\n'
        for each in listed
        for address in each.addresses
    )
    return "".join(lines).encode("ascii")


def _ascii(text: str) -> str:
    return escape(text).encode("ascii", "xmlcharrefreplace").decode()


def inject(page: bytes, tags: bytes) -> bytes:
    """A page with the tags at the end of its head, in place of those that were put there before.

    Everything else stays as it is, byte for byte; a page without a head, or in UTF-16, stays whole.

    Args:
        page: an HTML file.
        tags: what `link_tags` gives.
    """
    opened = _HEAD.search(page)
    if opened is None or page.startswith((b"\xff\xfe", b"\xfe\xff")):
        return page
    start, end = opened.end(), _head_end(page.lower(), opened.end())
    if end is None:
        return page
    head = _OWN.sub(b"", page[start:end])
    missing = b"".join(line for line in tags.splitlines(keepends=True) if _address(line) not in head)
    return page[:start] + head + missing + page[end:]


def _head_end(page: bytes, place: int) -> int | None:
    """Where the head of a page in lower case ends: at `</head>` or `<body>`, not in what is only text."""
    while found := _TOKEN.search(page, place):
        if found[0].startswith((b"</head", b"<body")):
            return found.start()
        closing = b"</" + found[1] if found[1] else b"-->"
        closed = page.find(closing, found.end())
        if closed < 0:
            return None
        place = closed + len(closing)
    return None


def _address(line: bytes) -> bytes:
    found = re.search(rb'href="[^"]*"', line)
    return found[0] if found else line


def tags_by_page(site_url: str, listed: Sequence[Listed]) -> Callable[[str], bytes]:
    """The tags of a page by its address: those of the feeds of just what it lists first, then the site's.

    Args:
        site_url: the site's URL.
        listed: every feed, the site's own first.
    """
    main = listed[0]
    for_all = link_tags([main])
    own: dict[str, list[Listed]] = {}
    for each in listed[1:]:
        if each.feed.home_url not in (main.feed.home_url, site_url):
            own.setdefault(unquote(each.feed.home_url), []).append(each)
    return lambda path: link_tags(own.get(unquote(site_url) + path, ())) + for_all
