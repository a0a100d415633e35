"""What Material and PyMdown make for browsers with scripts and styles, as plain HTML that says the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from feeds.posts import media
from feeds.posts.tree import Element, Node, collapse, text_of, walk

Rule = Callable[[Element, str], "tuple[Node, ...] | None"]
"""Gives the nodes for an element whose children are simplified already; None leaves it as it is."""

MIN_HEADING = 3
"""The post's own headings begin here: feeds and letters have theirs above them."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source)-([\w.#+-]+)")
# In code, only a comment holds an annotation: `f(1)!` is code. (Material: "Code annotations")
_ANNOTATION = re.compile(r"((?:#|//|--|;|%|/\*|<!--)[ \t]*\(\d+\))!(?!!)")


def simplify(nodes: Iterable[Node], page_url: str) -> tuple[Node, ...]:
    """The nodes with every known construct replaced.

    Args:
        nodes: a post's HTML as its generator makes it.
        page_url: the post's address, where a diagram can be seen.
    """
    return tuple(_simplify(nodes, page_url))


def _simplify(nodes: Iterable[Node], page_url: str) -> Iterator[Node]:
    for node in nodes:
        if not isinstance(node, Element):
            yield node
            continue
        element = Element(node.tag, node.attrs, tuple(_simplify(node.children, page_url)))
        for rule in _RULES.get(element.tag, ()):
            made = rule(element, page_url)
            if made is not None:
                yield from made
                break
        else:
            yield element


def demote_headings(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The nodes with their headings moved down together, so that the highest is `MIN_HEADING`."""
    nodes = tuple(nodes)
    levels = [level for element in walk(nodes) if (level := heading_level(element))]
    shift = MIN_HEADING - min(levels, default=MIN_HEADING)
    return tuple(_demote(nodes, shift)) if shift > 0 else nodes


def _demote(nodes: Iterable[Node], shift: int) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Element):
            level = heading_level(node)
            tag = f"h{min(level + shift, 6)}" if level else node.tag
            yield Element(tag, node.attrs, tuple(_demote(node.children, shift)))
        else:
            yield node


def heading_level(element: Element) -> int:
    """1 for `h1` to 6 for `h6`, 0 for anything else."""
    return _HEADINGS.get(element.tag, 0)


def element_of(tag: str, *children: Node) -> Element:
    """An element without attributes."""
    return Element(tag, {}, children)


def _bold(children: tuple[Node, ...]) -> tuple[Node, ...]:
    return (element_of("p", element_of("strong", *children)),) if text_of(children).strip() else ()


def _elements(element: Element) -> list[Element]:
    return [node for node in element.children if isinstance(node, Element)]


# --- blocks ---------------------------------------------------------------------------------------------


def _tabs(element: Element, page_url: str) -> tuple[Node, ...] | None:
    """Each tab as a heading and its content, in either of the two markups of pymdownx.tabbed."""
    if "tabbed-set" not in element.classes:
        return None
    labels: list[Element] = []
    bodies: list[Element] = []
    for part in _elements(element):
        if part.tag == "label":
            labels.append(part)
        elif "tabbed-labels" in part.classes:
            labels += _elements(part)
        elif "tabbed-content" in part.classes:
            blocks = [block for block in _elements(part) if "tabbed-block" in block.classes]
            bodies += blocks or [part]
    made: list[Node] = []
    for index, body in enumerate(bodies):
        if index < len(labels) and text_of(labels[index].children).strip():
            made.append(element_of("h4", *labels[index].children))
        made += body.children
    return tuple(made)


def _admonition(element: Element, page_url: str) -> tuple[Node, ...] | None:
    if "admonition" not in element.classes:
        return None
    made: list[Node] = []
    for node in element.children:
        is_title = isinstance(node, Element) and "admonition-title" in node.classes
        made += _bold(node.children) if is_title and isinstance(node, Element) else (node,)
    return (element_of("blockquote", *made),)


def _details(element: Element, page_url: str) -> tuple[Node, ...]:
    summary = [node for node in _elements(element) if node.tag == "summary"][:1]
    rest = tuple(node for node in element.children if not any(node is found for found in summary))
    return (element_of("blockquote", *(_bold(summary[0].children) if summary else ()), *rest),)


def _table_of_contents(element: Element, page_url: str) -> tuple[Node, ...] | None:
    return () if "toc" in element.classes else None


def _footnotes(element: Element, page_url: str) -> tuple[Node, ...] | None:
    return element.children if {"footnote", "footnotes"} & element.classes else None


def _code_block(element: Element, page_url: str) -> tuple[Node, ...]:
    """Plain code, whatever coloured it; a diagram becomes a link to the post, where a script draws it."""
    if "mermaid" in element.classes:
        return _diagram(element, page_url) or ()
    if "arithmatex" in element.classes:
        return (element_of("p", element_of("code", text_of(element.children).strip())),)
    inner = [part for part in walk(element.children) if part.tag == "code"]
    classes = " ".join([*(part.attrs.get("class", "") for part in inner[:1]), element.attrs.get("class", "")])
    language = _LANGUAGE.search(classes)
    attrs = {"class": f"language-{language[1]}"} if language else {}
    text = _ANNOTATION.sub(r"\1", _code_text(element.children)).strip("\n")
    direction = {name: value for name, value in element.attrs.items() if name in ("dir", "lang")}
    return (Element("pre", direction, (Element("code", attrs, (text,)),)),) if text.strip() else ()


def _code_text(nodes: Iterable[Node]) -> str:
    parts = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Element) and "linenos" not in node.classes:
            parts.append("\n" if node.tag == "br" else _code_text(node.children))
    return "".join(parts)


def _diagram(element: Element, page_url: str) -> tuple[Node, ...] | None:
    if "mermaid" not in element.classes:
        return None
    return (element_of("p", Element("a", {"href": page_url}, ("Diagram: see the post",))),)


def _code_table(element: Element, page_url: str) -> tuple[Node, ...] | None:
    """The code of a table that holds line numbers in its first column."""
    if not {"highlighttable", "codehilitetable", "rouge-table"} & element.classes:
        return None
    blocks = [part for part in walk(element.children) if part.tag == "pre"]
    titles = [part for part in walk(element.children) if part.tag == "p"]
    return (*titles, *blocks[-1:])


def _block_math(element: Element, page_url: str) -> tuple[Node, ...] | None:
    if "arithmatex" not in element.classes:
        return None
    return (element_of("p", element_of("code", collapse(text_of(element.children)))),)


# --- in the text ----------------------------------------------------------------------------------------


def _span(element: Element, page_url: str) -> tuple[Node, ...] | None:
    if "arithmatex" in element.classes:
        return (element_of("code", collapse(text_of(element.children))),)
    if "filename" in element.classes:
        return _bold(element.children)
    return None


def _math_ml(element: Element, page_url: str) -> tuple[Node, ...]:
    sources = [part for part in walk(element.children) if part.tag == "annotation"]
    tex = element.attrs.get("alttext") or (text_of(sources[0].children) if sources else "")
    text = collapse(tex or text_of(element.children))
    return (element_of("code", text),) if text else ()


def _check_box(element: Element, page_url: str) -> tuple[Node, ...]:
    if element.attrs.get("type", "").lower() != "checkbox":
        return ()
    return ("☑ " if "checked" in element.attrs else "☐ ",)


def _label(element: Element, page_url: str) -> tuple[Node, ...] | None:
    """The box of a task list's item with its blank; the item's text has one of its own."""
    if "task-list-control" not in element.classes:
        return None
    return (text_of(element.children).strip(),)


def _anchor(element: Element, page_url: str) -> tuple[Node, ...] | None:
    """Links that only work, or only mean something, on the page itself."""
    return () if {"headerlink", "footnote-backref"} & element.classes else None


def _emoji(element: Element, page_url: str) -> tuple[Node, ...] | None:
    if {"emojione", "twemoji", "gemoji", "emoji"} & element.classes:
        return (element.attrs.get("alt", ""),)
    return None


def _svg(element: Element, page_url: str) -> tuple[Node, ...]:
    titles = [part for part in walk(element.children) if part.tag == "title"]
    return (collapse(text_of(titles[0].children)),) if titles else ()


_RULES: dict[str, tuple[Rule, ...]] = {
    "div": (_tabs, _admonition, _table_of_contents, _footnotes, _block_math, _diagram),
    "section": (_footnotes,),
    "details": (_details,),
    "pre": (_code_block,),
    "listing": (_code_block,),
    "plaintext": (_code_block,),
    "xmp": (_code_block,),
    "table": (_code_table,),
    "span": (_span,),
    "math": (_math_ml,),
    "input": (_check_box,),
    "label": (_label,),
    "a": (_anchor,),
    "img": (_emoji, media.dark_twin, media.lazy_image),
    "svg": (_svg,),
    "picture": (media.picture,),
    "video": (media.video,),
    "audio": (media.audio,),
    "iframe": (media.frame,),
    "embed": (media.frame,),
    "object": (media.fallback,),
}
