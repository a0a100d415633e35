"""A post's HTML made fit for feed readers and mail: few elements, absolute addresses, nothing that runs.

What comes out is a sequence of blocks, each on a line of its own, with text markup only inside paragraphs,
headings, items and cells, so that every parser reads back what was meant: cleaning it again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from feeds.posts.attributes import Resolve, clean_attributes
from feeds.posts.constructs import demote_headings, element_of, heading_level, simplify
from feeds.posts.elements import BLOCKS, DROPPED, INLINE, RENAMED
from feeds.posts.guard import guard
from feeds.posts.tree import Element, Node, parse_html, serialise, text_of

_BLANKS = re.compile(r"[ \t\n]{2,}|\t")
_CELLS = frozenset({"td", "th"})


def clean_html(html: str, resolve: Resolve, page_url: str) -> str:
    """A fragment of HTML as feeds carry it.

    Args:
        html: any HTML.
        resolve: makes addresses absolute.
        page_url: where the post is published.
    """
    return clean_nodes(parse_html(html), resolve, page_url)[0]


def clean_nodes(nodes: Iterable[Node], resolve: Resolve, page_url: str) -> tuple[str, tuple[Node, ...]]:
    """The same for HTML that is parsed already; with the nodes that it stands for."""
    plain = simplify(demote_headings(nodes), page_url)
    made = _lines(_flow(plain, _Scope(resolve)))
    html = serialise(made).strip("\n")
    guarded = guard(html)
    return guarded, made if guarded == html else parse_html(guarded)


class _Scope(NamedTuple):
    """What holds for a part of the tree: how addresses resolve, and whether it lies within a link."""

    resolve: Resolve
    in_link: bool = False


def _flow(nodes: Iterable[Node], scope: _Scope) -> list[Element]:
    """Blocks only: text that stands between blocks becomes paragraphs."""
    blocks: list[Element] = []
    for is_block, run in groupby(nodes, _is_block):
        if is_block:
            for node in run:
                blocks += _block(node, scope)
        elif text := _text(run, scope):
            blocks.append(Element("p", {}, text))
    return blocks


def _mixed(nodes: Iterable[Node], scope: _Scope) -> tuple[Node, ...]:
    """Blocks and text as they stand, for items and cells."""
    parts: list[Node] = []
    for is_block, run in groupby(nodes, _is_block):
        if is_block:
            for node in run:
                parts += _block(node, scope)
        else:
            parts += _text(run, scope)
    return tuple(parts)


def _is_block(node: Node) -> bool:
    """Whether a node makes blocks; a link never does, what it holds becomes text."""
    if not isinstance(node, Element) or node.tag == "a" or node.tag in DROPPED:
        return False
    return node.tag in BLOCKS or any(map(_is_block, node.children))


def _block(node: Node, scope: _Scope) -> list[Element]:
    """The blocks that a block element stands for: itself, or those in it."""
    assert isinstance(node, Element)
    tag = RENAMED.get(node.tag, node.tag)
    element = Element(tag, clean_attributes(tag, node.attrs, scope.resolve), node.children)
    if tag == "pre":
        return _code(element, scope)
    if tag == "hr":
        return [element_of("hr")]
    if heading_level(element):
        return _filled(element, _text(node.children, scope))
    if tag == "blockquote":
        return _filled(element, _lines(_flow(node.children, scope)))
    if make := _STRUCTURES.get(tag):
        return make(element, scope)
    return [_directed(block, element.attrs) for block in _flow(node.children, scope)]


def _directed(block: Element, attrs: Mapping[str, str]) -> Element:
    """The block with the language and direction of the element that it lay in."""
    given = {name: attrs[name] for name in ("dir", "lang") if name in attrs}
    if not given or block.tag == "hr":
        return block
    return Element(block.tag, dict(sorted({**given, **block.attrs}.items())), block.children)


def _filled(element: Element, children: Iterable[Node]) -> list[Element]:
    """The element with these children, unless it would show nothing."""
    made = Element(element.tag, element.attrs, tuple(children))
    return [made] if _has_content(made.children) else []


def _code(element: Element, scope: _Scope) -> list[Element]:
    inner = [node for node in element.children if isinstance(node, Element) and node.tag == "code"]
    attrs = clean_attributes("code", inner[0].attrs, scope.resolve) if inner else {}
    text = text_of(element.children)
    code = Element("code", attrs, (text,))
    return [Element(element.tag, element.attrs, (code,))] if text.strip() else []


def _list(element: Element, scope: _Scope) -> list[Element]:
    """A list of items; what stands between them goes into the one before."""
    items: list[Element] = []
    for is_item, run in groupby(element.children, lambda node: _is(node, "li")):
        if is_item:
            for item in run:
                assert isinstance(item, Element)
                attrs = clean_attributes("li", item.attrs, scope.resolve)
                items.append(Element("li", attrs, _mixed(item.children, scope)))
        elif stray := _mixed(run, scope):
            before = items.pop() if items else element_of("li")
            items.append(Element("li", before.attrs, before.children + stray))
    return _filled(element, _lines(items))


def _definitions(element: Element, scope: _Scope) -> list[Element]:
    return _filled(element, _lines(_definition_parts(element, scope)))


def _definition_parts(element: Element, scope: _Scope) -> Iterator[Element]:
    for child in element.children:
        if isinstance(child, Element) and child.tag == "dt":
            yield from _filled(element_of("dt"), _text(child.children, scope))
        elif isinstance(child, Element) and child.tag == "div":
            yield from _definition_parts(child, scope)
        else:
            inner = child.children if isinstance(child, Element) and child.tag == "dd" else (child,)
            yield from _filled(element_of("dd"), _mixed(inner, scope))


def _table(element: Element, scope: _Scope) -> list[Element]:
    parts: list[Element] = []
    for child in element.children:
        if isinstance(child, Element) and child.tag == "caption":
            parts += _filled(element_of("caption"), _text(child.children, scope))
        elif isinstance(child, Element) and child.tag in ("thead", "tbody", "tfoot"):
            rows = (_row(row, scope) for row in child.children if _is(row, "tr"))
            parts += _filled(element_of(child.tag), _lines(row for row in rows if row.children))
    if any(part.tag != "caption" for part in parts):
        return [Element(element.tag, element.attrs, _lines(parts))]
    return _flow(element.children, scope)


def _row(row: Node, scope: _Scope) -> Element:
    return element_of(
        "tr",
        *(
            Element(
                cell.tag, clean_attributes(cell.tag, cell.attrs, scope.resolve), _mixed(cell.children, scope)
            )
            for cell in _children(row)
            if isinstance(cell, Element) and cell.tag in _CELLS
        ),
    )


def _figure(element: Element, scope: _Scope) -> list[Element]:
    parts: list[Node] = []
    for is_caption, run in groupby(element.children, lambda node: _is(node, "figcaption")):
        if is_caption:
            for caption in run:
                assert isinstance(caption, Element)
                parts += _filled(element_of("figcaption"), _mixed(caption.children, scope))
        else:
            parts += _mixed(run, scope)
    return _filled(element, parts)


_STRUCTURES = {"dl": _definitions, "figure": _figure, "ol": _list, "table": _table, "ul": _list}


def _text(nodes: Iterable[Node], scope: _Scope) -> tuple[Node, ...]:
    """Text and its markup, without blanks around it; empty if it would show nothing."""
    parts = list(_tidy(_inline(nodes, scope)))
    while parts and _is_blank(parts[0]):
        del parts[0]
    while parts and _is_blank(parts[-1]):
        del parts[-1]
    if not _has_content(parts):
        return ()
    if isinstance(first := parts[0], str):
        parts[0] = first.lstrip()
    if isinstance(last := parts[-1], str):
        parts[-1] = last.rstrip()
    return tuple(parts)


def _inline(nodes: Iterable[Node], scope: _Scope) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Element) and node.tag not in DROPPED:
            yield from _inline_element(node, scope)


def _inline_element(node: Element, scope: _Scope) -> Iterator[Node]:
    tag = RENAMED.get(node.tag, node.tag)
    if tag in ("br", "wbr"):
        yield element_of(tag)
        return
    attrs = clean_attributes(tag, node.attrs, scope.resolve)
    if tag == "img":
        if "src" in attrs:
            yield Element(tag, attrs)
        return
    if tag == "ruby":
        yield Element(tag, attrs, tuple(_tidy(_ruby(node, scope))))
        return
    is_link = tag == "a" and not scope.in_link and "href" in attrs
    inner = tuple(_tidy(_inline(node.children, _Scope(scope.resolve, in_link=True) if is_link else scope)))
    if (is_link or tag in INLINE) and _has_content(inner):
        yield Element(tag, attrs, inner)
    elif tag in BLOCKS:
        yield from (" ", *inner, " ")
    else:
        yield from inner


def _ruby(node: Element, scope: _Scope) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Element) and child.tag in ("rt", "rp"):
            yield element_of(child.tag, *_tidy(_inline(child.children, scope)))
        else:
            yield from _inline([child], scope)


def _tidy(nodes: Iterable[Node]) -> Iterator[Node]:
    """Neighbouring texts as one, each run of blanks in them as one, a line end where it holds any."""
    for kind, run in groupby(nodes, type):
        if issubclass(kind, str):
            yield _BLANKS.sub(_one_blank, "".join(map(str, run)))
        else:
            yield from run


def _one_blank(blanks: re.Match[str]) -> str:
    return "\n" if "\n" in blanks[0] else " "


def _is(node: Node, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _is_blank(node: Node) -> bool:
    return not node.strip() if isinstance(node, str) else _is(node, "br")


def _has_content(nodes: Iterable[Node]) -> bool:
    """Whether there is anything to see: text, an image, a rule."""
    return any(
        bool(node.strip())
        if isinstance(node, str)
        else isinstance(node, Element) and (node.tag in ("hr", "img") or _has_content(node.children))
        for node in nodes
    )


def _children(node: Node) -> tuple[Node, ...]:
    return node.children if isinstance(node, Element) else ()


def _lines(blocks: Iterable[Node]) -> tuple[Node, ...]:
    """The blocks with a line end around each."""
    parts: list[Node] = ["\n"]
    for block in blocks:
        parts += (block, "\n")
    return tuple(parts) if len(parts) > 1 else ()
