"""Clean HTML as plain text that reads well in a letter: wrapped, its blocks told apart without any markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from feeds.columns import columns, wrap
from feeds.posts.constructs import heading_level
from feeds.posts.tree import Element, Node, collapse, parse_html, text_of, walk

_MIN_WIDTH = 20
_LINE_BREAK = "\v"
"""Stands for `<br>` while white space is collapsed; clean HTML holds no such character."""

_HEADINGS = frozenset({"h3", "h4", "h5", "h6"})
_IN_TEXT = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small strong sub sup time u var"
    " wbr".split()
)
_BLOCKS = _HEADINGS | {"blockquote", "dl", "figcaption", "figure", "hr", "ol", "p", "pre", "table", "ul"}


def html_to_text(html: str, width: int = 72) -> str:
    """Clean HTML as plain text.

    Paragraphs, items and quotes are wrapped, code and tables are not. An image is its description, a link
    its text.

    Args:
        html: what `clean_html` gives.
        width: columns; East Asian wide characters take two.
    """
    return nodes_to_text(parse_html(html), width)


def nodes_to_text(nodes: Iterable[Node], width: int = 72) -> str:
    """The same for HTML that is parsed already."""
    return "\n".join(_lines(nodes, width))


def one_line(html: str) -> str:
    """The words of clean HTML on one line: no addresses, no marks of lists, headings and tables."""
    return collapse("".join(_words(parse_html(html))))


def _words(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Element):
            inner = [node.attrs.get("alt", "")] if node.tag == "img" else _words(node.children)
            yield from inner if node.tag in _IN_TEXT else (" ", *inner, " ")


def _lines(nodes: Iterable[Node], width: int, *, tight: bool = False) -> list[str]:
    """The lines of blocks and of text between them, empty lines between two blocks unless `tight`."""
    lines: list[str] = []
    for is_block, run in groupby(nodes, _is_block):
        for part in [[node] for node in run] if is_block else [list(run)]:
            made = _block(part[0], width) if is_block else _paragraph(part, width)
            if made:
                lines += ["", *made] if lines and not tight else made
    return lines


def _block(block: Node, width: int) -> list[str]:
    assert isinstance(block, Element)
    if heading_level(block):
        lines = _paragraph(block.children, width)
        return [*lines, "~" * max(map(columns, lines))] if lines else []
    if block.tag == "blockquote":
        return [f"> {line}".rstrip() for line in _lines(block.children, _less(width, 2))]
    if block.tag == "pre":
        return [f"    {line}".rstrip() for line in text_of(block.children).strip("\n").split("\n")]
    if block.tag == "hr":
        return ["* * *"]
    if block.tag in ("ol", "ul"):
        return _list(block, width)
    if block.tag == "table":
        return _table(block, width)
    if block.tag == "dl":
        return _definitions(block, width)
    if block.tag in ("figcaption", "figure"):
        return _lines(block.children, width, tight=True)
    return _paragraph(block.children, width)


def _list(block: Element, width: int) -> list[str]:
    items = [node for node in block.children if isinstance(node, Element) and node.tag == "li"]
    loose = any(isinstance(part, Element) and part.tag == "p" for item in items for part in item.children)
    number = int(block.attrs.get("start", "1"))
    lines: list[str] = []
    for item in items:
        number = int(item.attrs.get("value", number))
        mark = "- " if block.tag == "ul" else f"{number}. "
        number += 1
        made = _lines(item.children, _less(width, len(mark)), tight=not loose) or [""]
        if lines and loose:
            lines.append("")
        lines.append(f"{mark}{made[0]}".rstrip())
        lines += [f"{' ' * len(mark)}{line}".rstrip() for line in made[1:]]
    return lines


def _definitions(block: Element, width: int) -> list[str]:
    lines: list[str] = []
    for part in block.children:
        if isinstance(part, Element) and part.tag == "dt":
            lines += _paragraph(part.children, width)
        elif isinstance(part, Element):
            made = _lines(part.children, _less(width, 4))
            lines += [f"    {line}".rstrip() for line in made]
    return lines


def _table(block: Element, width: int) -> list[str]:
    """The rows with a bar between cells, in columns where these fit, a line under the head."""
    rows = [
        [collapse(_text(cell.children)) for cell in row.children if isinstance(cell, Element)]
        for row in walk(block.children)
        if row.tag == "tr"
    ]
    sizes = [max(map(columns, cells)) for cells in _turned(rows)]
    fits = sum(sizes) + 3 * (len(sizes) - 1) <= width
    lines = [" | ".join(_padded(row, sizes) if fits else row).rstrip() for row in rows]
    if any(part.tag == "thead" for part in walk(block.children)) and lines:
        lines.insert(1, "-+-".join("-" * (size if fits else 3) for size in sizes))
    captions = [part for part in block.children if isinstance(part, Element) and part.tag == "caption"]
    return [*(line for each in captions for line in _paragraph(each.children, width)), *lines]


def _paragraph(nodes: Iterable[Node], width: int) -> list[str]:
    lines = (collapse(line) for line in _text(nodes).split(_LINE_BREAK))
    return [part for line in lines if line for part in wrap(line, width).split("\n")]


def _text(nodes: Iterable[Node]) -> str:
    return "".join(map(_word, nodes))


def _word(node: Node) -> str:
    if isinstance(node, str):
        return node.replace("\n", " ")
    if not isinstance(node, Element) or node.tag in ("rp", "wbr"):
        return ""
    if node.tag == "img":
        return f"[{alt}]" if (alt := collapse(node.attrs.get("alt", ""))) else ""
    if node.tag == "br":
        return _LINE_BREAK
    text = _text(node.children)
    if node.tag == "sup" and text.strip():
        return f"^{text.strip()}"
    if node.tag == "rt":
        return f"({text})"
    return f" {text} " if _is_block(node) or node.tag in ("li", "dt", "dd", "td", "th", "tr") else text


def _is_block(node: Node) -> bool:
    return isinstance(node, Element) and node.tag in _BLOCKS


def _less(width: int, by: int) -> int:
    return max(width - by, _MIN_WIDTH)


def _turned(rows: list[list[str]]) -> list[list[str]]:
    """The columns of rows that need not be equally long."""
    longest = max(map(len, rows), default=0)
    return [[row[index] for row in rows if index < len(row)] for index in range(longest)]


def _padded(row: list[str], sizes: list[int]) -> list[str]:
    return [cell + " " * (size - columns(cell)) for cell, size in zip(row, sizes, strict=False)]
