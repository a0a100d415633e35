"""An excerpt's clean HTML made fit for a letter: its place among the headings, images, tables, code."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

WIDTH = 552
"""Pixels between the margins of the letter: the most that an image is wide."""

_TOP_HEADING = 4
"""A post's title is `h3`, so that the headings inside it start here."""

_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_IMAGE_ATTRIBUTES = ("src", "alt", "title")
_NAMES_OF_THE_PAGE = frozenset({"class", "id", "name"})
_UNSHOWABLE = ("data:", "blob:")


def mail_html(html: str) -> str:
    """The fragment as a letter shows it.

    Headings start below the post's title; images are at most `WIDTH` wide and those that mail programs
    refuse (`data:`) leave their description; wide tables scroll on their own; `class` and `id`, which
    would meet the letter's and other posts', go, and so do the `span`s that had nothing else.
    """
    ranks = sorted({int(level) for level in re.findall(r"<h([1-6])[\s>]", html)})
    rewriter = _Rewriter({f"h{level}": f"h{min(_TOP_HEADING + n, 6)}" for n, level in enumerate(ranks)})
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.parts)


def links(html: str) -> tuple[str, ...]:
    """The web addresses that a fragment links to, each once, in their order."""
    collector = _Links()
    collector.feed(html)
    collector.close()
    return tuple(dict.fromkeys(collector.found))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag == "a" and href.startswith(("http://", "https://")):
            self.found.append(href)


class _Rewriter(HTMLParser):
    """Copies well-formed HTML, tag by tag."""

    def __init__(self, headings: dict[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._headings = headings
        self._spans: list[bool] = []
        self._tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value for name, value in attrs if name not in _NAMES_OF_THE_PAGE}
        if tag == "img":
            self._image(kept)
            return
        if tag == "span":
            self._spans.append(bool(kept))
            if not kept:
                return
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                self.parts.append('<div class="scroll" tabindex="0">')
        if tag == "th" and not {"align", "style"} & set(kept):
            kept["class"] = "start"
        self._start(self._headings.get(tag, tag), kept)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or (tag == "span" and not (self._spans and self._spans.pop())):
            return
        self.parts.append(f"</{self._headings.get(tag, tag)}>")
        if tag == "table":
            self._tables -= 1
            if self._tables == 0:
                self.parts.append("</div>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def _start(self, tag: str, attrs: dict[str, str | None]) -> None:
        written = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs.items())
        self.parts.append(f"<{tag}{written}>")

    def _image(self, attrs: dict[str, str | None]) -> None:
        alt = attrs.get("alt") or ""
        if (attrs.get("src") or "").startswith(_UNSHOWABLE):
            self.parts.append(f"<em>{escape(alt)}</em>" if alt else "")
            return
        kept = {"alt": "", **{name: attrs[name] for name in _IMAGE_ATTRIBUTES if name in attrs}}
        self._start("img", {**kept, **_size(attrs.get("width"), attrs.get("height"))})


def _size(width: str | None, height: str | None) -> dict[str, str | None]:
    """The attributes of an image of this size, scaled down to `WIDTH`; only numbers of pixels."""
    if not (width and re.fullmatch("[1-9][0-9]{0,5}", width)):
        return {}
    wide = min(int(width), WIDTH)
    if not (height and re.fullmatch("[1-9][0-9]{0,5}", height)):
        return {"width": str(wide)}
    return {"width": str(wide), "height": str(max(1, round(int(height) * wide / int(width))))}
