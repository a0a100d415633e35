"""Clean HTML as plain text that reads well in a monospaced letter: wrapped, with its links listed below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from feeds.posts.constructs import heading_level
from feeds.posts.tree import Element, Node, collapse, parse_html, text_of

_MIN_WIDTH = 20
_BREAK = "\v"
"""Stands for `<br>` while white space is collapsed; clean HTML holds no control characters."""

_NOT_AT_START = frozenset("、。，．・：；？！）」』】〉》〕｝ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ”’…")
_BLOCKS = frozenset({"blockquote", "dl", "figure", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"})


def html_to_text(html: str, width: int = 72) -> str:
    """Clean HTML as plain text.

    Paragraphs, items and quotes are wrapped; code and tables are not. A link is followed by the number under
    which its address stands at the end, unless it shows that address itself. An image is its description.

    Args:
        html: what `clean_html` gives.
        width: columns; East Asian wide characters take two.
    """
    links = _Links()
    lines = list(_blocks(parse_html(html), width, links))
    if links.numbers:
        lines += ["", *(f"[{number}] {url}" for url, number in links.numbers.items())]
    return "\n".join(lines)


def one_line(html: str) -> str:
    """The text of clean HTML on one line, without the addresses of its links."""
    return collapse(_flat(parse_html(html)))


def columns(text: str) -> int:
    """How many columns the text takes: two for an East Asian wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


@dataclass(slots=True)
class _Links:
    """The addresses met so far, each with its number."""

    numbers: dict[str, int] = field(default_factory=dict)

    def mark(self, url: str, text: str) -> str:
        """The text of a link with its number, or alone where it is the address."""
        shown = text.strip().rstrip("/")
        if shown in {url.rstrip("/"), url.partition("://")[2].rstrip("/"), url.partition(":")[2]}:
            return text
        return f"{text} [{self.numbers.setdefault(url, len(self.numbers) + 1)}]"


def _blocks(nodes: Iterable[Node], width: int, links: _Links) -> Iterator[str]:
    """The lines of a sequence of blocks, an empty one between two of them."""
    first = True
    for block in _grouped(nodes):
        lines = _block(block, width, links) if isinstance(block, Element) else _paragraph(block, width, links)
        for line in lines:
            if not first:
                yield ""
            first = True
            yield line
            break
        else:
            continue
        yield from lines
        first = False


def _grouped(nodes: Iterable[Node]) -> Iterator[Element | list[Node]]:
    """Blocks one by one, and the runs of text between them as lists."""
    run: list[Node] = []
    for node in nodes:
        if isinstance(node, Element) and node.tag in _BLOCKS:
            if run:
                yield run
                run = []
            yield node
        else:
            run.append(node)
    if run:
        yield run
