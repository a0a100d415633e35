"""The title that stands in a post's own text: its first heading."""

from __future__ import annotations

import re
from collections.abc import Iterable

from feeds.errors import FeedsError, Location
from feeds.model import Source
from feeds.posts.rendering import Renderer
from feeds.posts.tree import Element, Node, collapse, parse_html

_BLANK_LINES = r"(?:[ \t\r]*+\n)*+"
_FIRST_LINES = re.compile(rf"{_BLANK_LINES}([^\n]*)(?:\n([^\n]*))?")
# What no Markdown extension changes, so that nothing has to be rendered: letters, digits, and what is written
# with neither, such as quotation marks, dashes and emoji; words in brackets, as long as they are not `(c)`
# or `(tm)`. It may still hold `_`, as `\w` does, or an apostrophe, which extensions of typography change.
_SIGNS = r"\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00bf\u2010-\u2027\u2030-\u205e\u2190-\u2bff\U0001f300-\U0001faff"
_WORD = rf"[\w'{_SIGNS}]++"
_NEXT = r"(?:[,;:!?.]?[ ](?:&[ ])?|-)"
_PIECE = rf"(?:{_WORD}|\((?!\w\w?\)){_WORD}(?:{_NEXT}{_WORD})*+[!?.]?\))"
_PLAIN_HEADING = re.compile(rf"{_BLANK_LINES}#[ ]++({_PIECE}(?:{_NEXT}{_PIECE})*+[!?.:]?)[ ]*+\r*+(?:\n|\Z)")
_TYPOGRAPHY = frozenset({"smarty", "typographer"})
_UNDERLINE = re.compile(r"=+[ ]*")
# Definitions and snippets vanish from the text, so that a heading below them is its first block.
_VANISHING = re.compile(r"[ ]{0,3}(?:\[|\*\[)|;*-+8<-|\ufeff")


def heading_title(source: Source, renderer: Renderer) -> str | None:
    """The text of the level-one heading that a post begins with; None if it begins with anything else.

    As MkDocs takes it (`mkdocs.structure.pages`), but emoji are kept.

    Raises:
        FeedsError: the text passes a limit, or cannot be rendered.
    """
    body = source.body
    if (found := _PLAIN_HEADING.match(body)) and _is_literal(found[1], renderer):
        return found[1]
    first, heading = _first_lines(body)
    if not (heading or _VANISHING.match(first)):
        return None
    needs_rest = _VANISHING.match(first) or ("[" in heading and "]:" in body)
    try:
        rendered = renderer.fragment(body if needs_rest else heading)
    except FeedsError as error:
        at = Location(source.fields.path, source.body_line)
        raise FeedsError(error.message, at, error.help, rule=error.rule) from error
    return _first_heading(parse_html(rendered))


def _is_literal(words: str, renderer: Renderer) -> bool:
    return "_" not in words and ("'" not in words or _TYPOGRAPHY.isdisjoint(renderer.extensions))


def is_certain(body: str) -> bool:
    """Whether the first two lines of a text tell what title it begins with, whatever follows them."""
    first, heading = _first_lines(body)
    return not _VANISHING.match(first) and "[" not in heading


def _first_lines(body: str) -> tuple[str, str]:
    """The first line that is not blank, and the Markdown of the heading that begins with it, "" for none."""
    first, second = (line.rstrip("\r") for line in _FIRST_LINES.match(body).groups(""))  # type: ignore[union-attr]
    if _UNDERLINE.fullmatch(second):
        return first, f"{first}\n{second}"
    return first, first if first.startswith("#") else ""


def _first_heading(nodes: Iterable[Node]) -> str | None:
    for node in nodes:
        if isinstance(node, str) and not node.strip():
            continue
        is_heading = isinstance(node, Element) and node.tag == "h1"
        return collapse(_text(node)) or None if is_heading else None
    return None


def _text(node: Node) -> str:
    """The text of a heading: images by their description, references to footnotes left out."""
    if isinstance(node, str):
        return node
    if not isinstance(node, Element) or "footnote-ref" in node.classes:
        return ""
    return node.attrs.get("alt", "") if node.tag == "img" else "".join(map(_text, node.children))
