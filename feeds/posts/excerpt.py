"""What of a post is shown as its excerpt: everything before the author's mark, else its first blocks.

Both are taken from the tree of the whole rendered post, so that link definitions and abbreviations that stand
below still count, and nothing is left open. The notes themselves stay in the post: as in Material's own list
of posts, a reference in the excerpt leads there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from feeds.posts.elements import BLOCKS, INLINE
from feeds.posts.tree import Comment, Element, Node, collapse, text_of, walk

LEAD_CHARACTERS = 600
"""About how much text an excerpt has that no author chose; whole blocks up to here."""

_MAX_LEADING_PICTURES = 3
_MEDIA = frozenset({"img", "video", "audio", "iframe", "svg", "table"})
_CUTTABLE = BLOCKS - {"pre", "summary"} | INLINE - {"abbr", "code", "kbd", "sub", "sup"} | {"font", "span"}
_FORMULAS = frozenset({"arithmatex", "keys"})
_WHOLE_PARTS = frozenset({"li", "tr"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Compiled if they are needed: ranges so wide take a millisecond.
_SENTENCE_END = r"[.!?…][\"'”’)\]]*(?=\s)|[。！？][」』）]*"
_WORD_END = r"(?<=\S)(?=\s)|(?<=[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef])(?=\w)"


class Part(NamedTuple):
    """The beginning of a post, and whether that is all of it."""

    nodes: tuple[Node, ...]
    is_whole: bool


def drop_title(nodes: Iterable[Node], title: str) -> tuple[Node, ...]:
    """The nodes without the heading that repeats the title, if they begin with one."""
    nodes = tuple(nodes)
    first = next((index for index, node in enumerate(nodes) if _shows_something(node)), None)
    heading = nodes[first] if first is not None else None
    if isinstance(heading, Element) and heading.tag == "h1" and _key(_heading_text(heading)) == _key(title):
        return tuple(node for node in nodes if node is not heading)
    return nodes


def cut_at_mark(nodes: Iterable[Node], marks: Iterable[str]) -> Part | None:
    """What stands before the first comment that is a mark, whatever it is nested in; None without one.

    Args:
        nodes: the rendered post. In code a mark is text and no comment.
        marks: the comments' texts; case and blanks do not matter.
    """
    body = _without_notes(nodes)
    before, found = _until(body, frozenset(map(_key_of_mark, marks)))
    return Part(before, _weight(before) == _weight(body)) if found else None


def before_mark(nodes: Iterable[Node], marks: Iterable[str]) -> tuple[Node, ...]:
    """The same where it is not asked what stands behind the mark: all nodes, without one."""
    return _until(_without_notes(nodes), frozenset(map(_key_of_mark, marks)))[0]


def cut_lead(nodes: Iterable[Node]) -> Part:
    """The first blocks, up to about `LEAD_CHARACTERS` of text; a longer first block is cut between words.

    A heading is never the last of them; of many pictures before any text, few are taken.
    """
    body = _without_notes(nodes)
    before = tuple(_without_last_headings(_leading(body)[0])) or _first_words(body)
    return Part(before, _weight(before) == _weight(body))


def cut_beginning(nodes: Iterable[Node]) -> Part | None:
    """The same of the beginning of a post; None where it depends on what follows."""
    kept, is_cut = _leading(_without_notes(nodes))
    return Part(tuple(_without_last_headings(kept)), is_whole=False) if is_cut else None


def _leading(body: Iterable[Node]) -> tuple[list[Node], bool]:
    """The first blocks, and whether there is no room for any other."""
    kept: list[Node] = []
    length = pictures = 0
    for node in body:
        size, shown = _size(node), _weight([node])[1]
        if length and length + size > LEAD_CHARACTERS:
            return kept, True
        if not size and pictures and pictures + shown > _MAX_LEADING_PICTURES:
            continue
        pictures += shown
        if size > LEAD_CHARACTERS:
            shortened = _shorten([node], LEAD_CHARACTERS)
            if any(map(_shows_something, shortened)):
                return [*kept, *shortened], True
            continue
        kept.append(node)
        length += size
    return kept, False


def _heading_text(node: Node) -> str:
    """What of a heading becomes the title: no references to footnotes."""
    if isinstance(node, Element) and "footnote-ref" not in node.classes:
        return "".join(map(_heading_text, node.children))
    return node if isinstance(node, str) else ""


def _key(text: str) -> str:
    """Letters and digits only: what makes two titles the same to a reader."""
    return "".join(re.findall(r"\w+", text.casefold())) or collapse(text)


def _key_of_mark(text: str) -> str:
    return collapse(text).casefold()


def _shows_something(node: Node) -> bool:
    return bool(node.strip()) if isinstance(node, str) else isinstance(node, Element)


def _weight(nodes: Iterable[Node]) -> tuple[int, int]:
    """How much there is to see: characters of text, elements that show something without text."""
    nodes = tuple(nodes)
    return len("".join(text_of(nodes).split())), sum(part.tag in _MEDIA for part in walk(nodes))


def _until(nodes: Iterable[Node], marks: frozenset[str]) -> tuple[tuple[Node, ...], bool]:
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, Comment) and _key_of_mark(node.text) in marks:
            return tuple(kept), True
        if isinstance(node, Element):
            inner, found = _until(node.children, marks)
            kept.append(Element(node.tag, node.attrs, inner))
            if found:
                return tuple(kept), True
        else:
            kept.append(node)
    return tuple(kept), False


def _without_notes(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(
        Element(node.tag, node.attrs, _without_notes(node.children)) if isinstance(node, Element) else node
        for node in nodes
        if not _is_notes(node)
    )


def _is_notes(node: Node) -> bool:
    return (
        isinstance(node, Element)
        and node.tag in ("div", "section")
        and bool(node.classes & {"footnote", "footnotes"})
    )


# --- the leading blocks ---------------------------------------------------------------------------------


def _size(node: Node) -> int:
    return len(collapse(text_of([node])))


def _without_last_headings(nodes: list[Node]) -> list[Node]:
    """The nodes without headings at their end, which announce what is not shown, unless all are headings."""
    end = len(nodes)
    while end and not (isinstance(last := nodes[end - 1], Element) and last.tag not in {*_HEADINGS, "hr"}):
        if isinstance(last, str) and last.strip():
            break
        end -= 1
    return nodes[:end] if any(map(_shows_something, nodes[:end])) else nodes


def _shorten(nodes: Iterable[Node], budget: int) -> list[Node]:
    """As many of the nodes as the budget of characters allows, the last one cut where it may be."""
    kept: list[Node] = []
    for node in nodes:
        if (size := _size(node)) <= budget:
            kept.append(node)
            budget -= size
            continue
        shows_any = any(map(_shows_something, kept))
        if isinstance(node, Element) and node.tag in _WHOLE_PARTS and shows_any:
            return kept
        beginning = _beginning(node, budget)
        if beginning is not None:
            kept.append(beginning)
        elif shows_any and isinstance(last := kept[-1], str):
            kept[-1] = f"{last.rstrip()} …"
        return kept
    return kept


def _beginning(node: Node, budget: int) -> Node | None:
    """As much of one node as fits; None if that is nothing, or the node must not be cut."""
    if isinstance(node, str):
        return shorten_text(node, budget) or None
    if isinstance(node, Element) and node.tag in _CUTTABLE and not node.classes & _FORMULAS:
        inner = _shorten(node.children, budget)
        if any(map(_shows_something, inner)):
            return Element(node.tag, node.attrs, tuple(inner))
    return None


def shorten_text(text: str, limit: int) -> str:
    """The beginning of a text, to the end of a sentence or else a word, with an ellipsis; "" if none fits."""
    window = text[: limit + 1]
    sentences = [found.end() for found in re.finditer(_SENTENCE_END, window) if found.end() <= limit]
    if sentences and sentences[-1] >= limit // 2:
        return f"{window[: sentences[-1]]} …"
    words = [found.end() for found in re.finditer(_WORD_END, window) if 0 < found.end() <= limit]
    return f"{window[: words[-1]].rstrip()}…" if words else ""


def _first_words(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The beginning of the text alone, where no block of it could be shown."""
    text = collapse(text_of(nodes))
    short = text if len(text) <= LEAD_CHARACTERS else shorten_text(text, LEAD_CHARACTERS)
    return (Element("p", {}, (short or f"{text[:LEAD_CHARACTERS]}…",)),) if text else ()
