"""What of a post is shown as its excerpt: everything before the author's mark, else its first blocks.

Both are taken from the tree of the whole rendered post, so that link definitions and abbreviations that stand
below still count, and nothing is left open. The notes themselves stay in the post: as in Material's own list of
posts, a reference in the excerpt leads there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from feeds.posts.tree import Comment, Element, Node, collapse, text_of, walk

LEAD_CHARACTERS = 600
"""About how much text an excerpt has that no author chose; whole blocks up to here."""

_MAX_LEADING_PICTURES = 3
_MEDIA = frozenset({"img", "video", "audio", "iframe", "svg", "table"})
_UNCUTTABLE = frozenset(
    "a abbr audio button code iframe img kbd label math pre script select style sub summary sup svg video".split()
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？][」』）]*")
_WORD_END = re.compile(r"(?<=\S)(?=\s)|(?<=[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef])(?=\w)")


@dataclass(frozen=True, slots=True)
class Part:
    """The beginning of a post, and whether that is all of it."""

    nodes: tuple[Node, ...]
    is_whole: bool


def drop_title(nodes: Iterable[Node], title: str) -> tuple[Node, ...]:
    """The nodes without the heading that repeats the title, if they begin with one."""
    nodes = tuple(nodes)
    first = next((index for index, node in enumerate(nodes) if _shows_something(node)), None)
    heading = nodes[first] if first is not None else None
    if isinstance(heading, Element) and heading.tag == "h1" and _key(text_of([heading])) == _key(title):
        return tuple(node for node in nodes if node is not heading)
    return nodes


def cut_at_mark(nodes: Iterable[Node], mark: str) -> Part | None:
    """What stands before the first comment that is the mark, whatever it is nested in; None without one.

    Args:
        nodes: the rendered post. In code the mark is text and no comment.
        mark: the comment's text; case and blanks do not matter.
    """
    body = _without_notes(nodes)
    before, found = _until(body, _key_of_mark(mark))
    return Part(before, _weight(before) == _weight(body)) if found else None


def cut_lead(nodes: Iterable[Node]) -> Part:
    """The first blocks, up to about `LEAD_CHARACTERS` of text; a first block that is longer is cut between words.

    A heading is never the last of them; of many pictures before any text, few are taken.
    """
    body = _without_notes(nodes)
    kept: list[Node] = []
    length = pictures = 0
    for node in body:
        size, shown = _size(node), _weight([node])[1]
        if length and length + size > LEAD_CHARACTERS:
            break
        if not size and pictures and pictures + shown > _MAX_LEADING_PICTURES:
            continue
        pictures += shown
        if size > LEAD_CHARACTERS:
            shortened, _ = _shorten([node], LEAD_CHARACTERS)
            if any(map(_shows_something, shortened)):
                kept += shortened
                break
            continue
        kept.append(node)
        length += size
    before = tuple(_without_last_headings(kept)) or _first_words(body)
    return Part(before, _weight(before) == _weight(body))


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


def _until(nodes: Iterable[Node], mark: str) -> tuple[tuple[Node, ...], bool]:
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, Comment) and _key_of_mark(node.text) == mark:
            return tuple(kept), True
        if isinstance(node, Element):
            inner, found = _until(node.children, mark)
            kept.append(replace(node, children=inner))
            if found:
                return tuple(kept), True
        else:
            kept.append(node)
    return tuple(kept), False


def _without_notes(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(
        replace(node, children=_without_notes(node.children)) if isinstance(node, Element) else node
        for node in nodes
        if not _is_notes(node)
    )


def _is_notes(node: Node) -> bool:
    return (
        isinstance(node, Element)
        and node.tag in ("div", "section")
        and bool(node.classes & {"footnote", "footnotes"})
    )


# --- the leading blocks --------------------------------------------------------------------------------------


def _size(node: Node) -> int:
    return len(collapse(text_of([node])))


def _without_last_headings(nodes: list[Node]) -> list[Node]:
    """The nodes without headings at their end, which would announce what is not shown, unless all are headings."""
    end = len(nodes)
    while end and not (isinstance(last := nodes[end - 1], Element) and last.tag not in {*_HEADINGS, "hr"}):
        if isinstance(last, str) and last.strip():
            break
        end -= 1
    return nodes[:end] if any(map(_shows_something, nodes[:end])) else nodes


def _shorten(nodes: Iterable[Node], budget: int) -> tuple[list[Node], int]:
    """As many of the nodes as the budget of characters allows, the last one cut; and what is left of it.

    What is left is -1 once something has been cut off.
    """
    kept: list[Node] = []
    for node in nodes:
        size = _size(node)
        if size <= budget:
            kept.append(node)
            budget -= size
            continue
        if isinstance(node, str):
            kept.append(shorten_text(node, budget))
        elif isinstance(node, Element) and node.tag not in _UNCUTTABLE:
            inner, _ = _shorten(node.children, budget)
            if any(map(_shows_something, inner)):
                kept.append(replace(node, children=tuple(inner)))
        elif kept and isinstance(last := kept[-1], str) and last.strip():
            kept[-1] = f"{last.rstrip()} …"
        return kept, -1
    return kept, budget


def shorten_text(text: str, limit: int) -> str:
    """The beginning of a text, up to the end of a sentence or else of a word, and an ellipsis; "" if no word fits."""
    window = text[: limit + 1]
    sentences = [found.end() for found in _SENTENCE_END.finditer(window) if found.end() <= limit]
    if sentences and sentences[-1] >= limit // 2:
        return f"{window[: sentences[-1]]} …"
    words = [found.end() for found in _WORD_END.finditer(window) if 0 < found.end() <= limit]
    return f"{window[: words[-1]].rstrip()}…" if words else ""


def _first_words(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The beginning of the text alone, where no block of it could be shown."""
    text = collapse(text_of(nodes))
    short = text if len(text) <= LEAD_CHARACTERS else shorten_text(text, LEAD_CHARACTERS)
    return (Element("p", {}, (short or f"{text[:LEAD_CHARACTERS]}…",)),) if text else ()
