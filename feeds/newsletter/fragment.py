"""An excerpt's clean HTML made fit for a letter: its place among the headings, images, tables, code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser

from feeds.model import Excerpt
from feeds.posts.plaintext import html_to_text

TOP_HEADING = 4
"""A post's title is `h3`, so that the headings inside it start here."""

_SLIM = 280
"""Pixels for which every telephone has room."""

TALLEST = 360
"""Pixels that the picture above an excerpt may be high."""

_IMAGE_ATTRIBUTES = ("src", "alt", "title")
_NAMES_OF_THE_PAGE = frozenset({"class", "id", "name"})
_UNSHOWABLE = ("data:", "blob:")
_UNWRAPPED = frozenset({"abbr"})
"""Elements of which mail programs show the text and nothing else, or less."""

_TAG = re.compile(r'<!--.*?-->|<(/?)([a-z][a-z0-9]*)([^>"]*(?:"[^"]*"[^>"]*)*)>', re.DOTALL)
_ATTRIBUTE = re.compile(r'([^\s="]+)(?:="([^"]*)")?')


@lru_cache(maxsize=512)
def mail_html(html: str, width: int, top: int = TOP_HEADING) -> str:
    """The fragment as a letter shows it.

    Headings start below the title that they stand under; images are at most as wide as the column, and
    those that mail programs refuse (`data:`) leave their description; wide tables scroll on their own;
    `class` and `id`, which would meet the letter's and other posts', go, and so do the `span`s that had
    nothing else.

    Args:
        html: a clean fragment with absolute URLs.
        width: the letter's column in pixels.
        top: the level of its first headings.
    """
    ranks = sorted({int(level) for level in re.findall(r"<h([1-6])[\s>]", html)})
    headings = {f"h{level}": f"h{min(top + n, 6)}" for n, level in enumerate(ranks)}
    return _TAG.sub(_Rewriter(headings, width).tag, html)


def without_notes(excerpt: Excerpt, url: str) -> Excerpt:
    """The excerpt of the post at an address without marks of footnotes, which only the whole post has."""
    if excerpt.is_whole or f'href="{escape(url)}#' not in excerpt.html:
        return excerpt
    mark = rf'<sup[^>]*><a [^>]*href="{re.escape(escape(url))}#[^"]*"[^>]*>[^<]*</a></sup>'
    html = re.sub(mark, "", excerpt.html)
    return excerpt if html == excerpt.html else replace(excerpt, html=html, text=html_to_text(html))


def shrinking(width: int) -> str:
    """The style of an image that is so many pixels wide where there is room, even if it is not loaded."""
    return f"width: 100%; max-width: {width}px"


def links(html: str) -> Mapping[str, str]:
    """The web addresses that a fragment links to, in their order, each with the words of its first link."""
    found: dict[str, str] = {}
    for url, text in _read(html).links:
        if url.startswith(("http://", "https://")):
            found.setdefault(url, " ".join(text.split()))
    return found


def shows(html: str, url: str) -> bool:
    """Whether an image of the fragment has this address."""
    return url in _read(html).images


def scaled(width: int | None, height: int | None, most: int, tallest: int | None = None) -> tuple[int, int]:
    """Width and height of an image, scaled down to what there is room for; 0 for what is not known."""
    if not width:
        return 0, 0
    if not height:
        return min(width, most), 0
    scale = min(1, most / width, tallest / height if tallest else 1)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


class _Reader(HTMLParser):
    """The links of a fragment, with their words, an image's description being one; and its images."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.images: list[str] = []
        self._words: list[str] = []
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a":
            self._href, self._words = values.get("href") or "", []
        elif tag == "img":
            self.images.append(values.get("src") or "")
            self._words.append(values.get("alt") or "")

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.links.append((self._href, "".join(self._words)))


class _Rewriter:
    """Rewrites the tags of a clean fragment, one after the other."""

    def __init__(self, headings: dict[str, str], width: int) -> None:
        self._headings = headings
        self._width = width
        self._spans: list[bool] = []
        self._tables = 0

    def tag(self, found: re.Match[str]) -> str:
        """What stands for a tag, or a comment."""
        closing, tag, written = found.groups()
        if tag is None or tag in _UNWRAPPED:
            return ""
        if closing:
            return self._end(tag)
        attrs = (
            {name: unescape(value or "") for name, value in _ATTRIBUTE.findall(written)} if written else {}
        )
        kept = {name: value for name, value in attrs.items() if name not in _NAMES_OF_THE_PAGE}
        if tag == "img":
            return self._image(kept)
        if tag == "span":
            self._spans.append(bool(kept))
            if not kept:
                return ""
        if tag == "th" and not {"align", "style"} & set(kept):
            kept["class"] = "start"
        start = _start(self._headings.get(tag, tag), kept)
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                return f'<div class="scroll" tabindex="0">{start}'
        return start

    def _end(self, tag: str) -> str:
        if tag == "span" and not (self._spans and self._spans.pop()):
            return ""
        end = f"</{self._headings.get(tag, tag)}>"
        if tag == "table":
            self._tables -= 1
            if self._tables == 0:
                return f"{end}</div>"
        return end

    def _image(self, attrs: dict[str, str]) -> str:
        alt = attrs.get("alt", "")
        if attrs.get("src", "").startswith(_UNSHOWABLE):
            return f"<em>{escape(alt)}</em>" if alt else ""
        kept = {"alt": "", **{name: attrs[name] for name in _IMAGE_ATTRIBUTES if name in attrs}}
        width, height = scaled(_pixels(attrs.get("width")), _pixels(attrs.get("height")), self._width)
        size = {"width": width, "height": height}
        kept |= {name: str(pixels) for name, pixels in size.items() if pixels}
        return _start("img", kept | ({"style": shrinking(width)} if width > _SLIM else {}))


def _start(tag: str, attrs: Mapping[str, str]) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in attrs.items())
    return f"<{tag}{written}>"


def _pixels(text: str | None) -> int | None:
    """A number of pixels; None for anything else, such as percents."""
    return int(text) if text and re.fullmatch("[1-9][0-9]{0,5}", text) else None
