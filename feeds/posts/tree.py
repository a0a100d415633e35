"""HTML as a tree of frozen values, read as browsers read it: the only module that knows selectolax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

MAX_DEPTH = 60
"""Elements inside each other, beyond which the deeper ones give way to what they hold."""

VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})
"""Elements that hold nothing and have no end tag."""

_SILENT = frozenset({"script", "style", "template"})

# XML 1.0 has no way to write most control characters, and a bidirectional override that is never closed
# would turn round whatever a reader shows after the post.
_UNWANTED: dict[int, str | None] = {
    **dict.fromkeys(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)),
    **dict.fromkeys((*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)),
    **dict.fromkeys(
        (*range(0xFDD0, 0xFDF0), *(n << 16 | low for n in range(17) for low in (0xFFFE, 0xFFFF)))
    ),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


_NO_ATTRIBUTES: Mapping[str, str] = {}


class Comment(NamedTuple):
    """An HTML comment, by its text."""

    text: str


class Element(NamedTuple):
    """An HTML element: lower-case tag, attributes in their order, and what it holds."""

    tag: str
    attrs: Mapping[str, str] = _NO_ATTRIBUTES
    children: tuple[Node, ...] = ()

    @property
    def classes(self) -> frozenset[str]:
        """The words of its `class` attribute."""
        return frozenset(self.attrs.get("class", "").split())


Node = str | Comment | Element


def parse_html(html: str) -> tuple[Node, ...]:
    """The nodes of a fragment of HTML, without characters that XML forbids and without bidi overrides."""
    from selectolax.lexbor import LexborHTMLParser

    parser = LexborHTMLParser(plain_characters(html), is_fragment=True)
    top: list[Node] = []
    frames: list[tuple[str, dict[str, str], list[Node]]] = [("", {}, top)]
    depth = 0
    node = parser.root
    while node is not None:
        if node.is_element_node:
            depth += 1
            if depth <= MAX_DEPTH:
                frames.append((str(node.tag), _attributes(node.attributes), []))
            if child := node.first_child:
                node = child
                continue
            depth = _close(frames, depth)
        elif node.is_text_node:
            frames[-1][2].append(plain_characters(node.text_content or ""))
        elif node.is_comment_node:
            frames[-1][2].append(Comment(plain_characters(node.comment_content or "")))
        while node is not None and (following := node.next) is None:
            node = node.parent if depth else None
            if node is not None:
                depth = _close(frames, depth)
        if node is not None:
            node = following
    return tuple(top)


def _close(frames: list[tuple[str, dict[str, str], list[Node]]], depth: int) -> int:
    if depth <= MAX_DEPTH:
        tag, attrs, children = frames.pop()
        frames[-1][2].append(Element(tag, attrs, tuple(children)))
    return depth - 1


def _attributes(attributes: Mapping[str, str | None]) -> dict[str, str]:
    return {name: plain_characters(value or "") for name, value in attributes.items()}


def find_matches(html: str, selectors: Iterable[str]) -> tuple[list[tuple[str, str]], list[list[int]]]:
    """The tag and `style` of each element of a document, and for each selector the numbers of its matches.

    A selector that is not understood has none.
    """
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    parser = LexborHTMLParser(html)
    nodes = parser.css("*")
    numbers = {node.mem_id: number for number, node in enumerate(nodes)}
    matches: list[list[int]] = []
    for selector in selectors:
        try:
            matches.append([numbers[node.mem_id] for node in parser.css(selector)])
        except SelectolaxError:
            matches.append([])
    return [(str(node.tag), node.attributes.get("style") or "") for node in nodes], matches


def plain_characters(text: str) -> str:
    """The text without control characters and bidi overrides, lone surrogates as U+FFFD, line ends as LF."""
    if text.replace("\n", " ").isprintable():
        return text
    return text.translate(_UNWANTED).replace("\r\n", "\n").replace("\r", "\n")


def serialise(nodes: Iterable[Node]) -> str:
    """The nodes as HTML, escaped as the HTML standard's serialisation does; comments are left out."""
    parts: list[str] = []
    _write(nodes, parts)
    return "".join(parts)


def _write(nodes: Iterable[Node], parts: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            parts.append(escape(node))
        elif isinstance(node, Element):
            attrs = "".join(f' {name}="{_escape_attribute(value)}"' for name, value in node.attrs.items())
            parts.append(f"<{node.tag}{attrs}>")
            if node.tag not in VOID:
                _write(node.children, parts)
                parts.append(f"</{node.tag}>")


def escape(text: str) -> str:
    """Plain text as HTML text."""
    return text.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace("<", "&lt;").replace(">", "&gt;")


def _escape_attribute(text: str) -> str:
    return escape(text).replace('"', "&quot;")


def walk(nodes: Iterable[Node]) -> Iterator[Element]:
    """Every element, each before what it holds."""
    stack = [node for node in nodes if isinstance(node, Element)][::-1]
    while stack:
        element = stack.pop()
        yield element
        stack.extend(node for node in reversed(element.children) if isinstance(node, Element))


def text_of(nodes: Iterable[Node]) -> str:
    """The text of the nodes as it stands, without that of scripts and styles."""
    parts: list[str] = []
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Element) and node.tag not in _SILENT:
            stack.extend(reversed(node.children))
    return "".join(parts)


def collapse(text: str) -> str:
    """The text on one line, each run of white space a single space."""
    return " ".join(text.split())
