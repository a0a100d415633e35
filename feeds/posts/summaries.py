"""The excerpts that generators take by themselves from posts without a mark: Hugo, Pelican, Jekyll."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count

from feeds.model import Excerpting
from feeds.posts.excerpt import Part
from feeds.posts.tree import VOID, Comment, Element, Node, walk

# --- Hugo -------------------------------------------------------------------------------------------------

_BLANK = re.compile(r"[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_TAG = re.compile(r"</?[A-Za-z]+>?|>|[A-Za-z]+=[\"'].*", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
# What Hugo writes as entities, its typographer's marks among them, so that they are ASCII where it counts.
_ENTITIES = {ord(char): f"&#{ord(char)};" for char in '&<>"‘’“”–—…«»'}


def cut_hugo(nodes: Iterable[Node], excerpting: Excerpting) -> Part:
    """What Hugo takes by itself: whole blocks, to the one with the paragraph that makes the words enough.

    It counts words of the HTML up to the end of each paragraph, wherever that stands, and leaves out what
    looks like a tag or an attribute (`ExtractSummaryFromHTML` in its package `page`).

    Args:
        nodes: the rendered post.
        excerpting: its `words`, and whether each character of `cjk` is one.
    """
    nodes = tuple(nodes)
    count, open_text = 0, ""
    for index, node in enumerate(nodes if excerpting.words > 0 else ()):
        *closed, open_text = (open_text + "".join(_html([node]))).split("</p>")
        count += sum(_hugo_words(text, excerpting.cjk) for text in closed)
        if closed:
            open_text = f">{open_text}"
        if count >= excerpting.words:
            rest = (each for each in nodes[index + 1 :] if not isinstance(each, str) or each.strip())
            return Part(nodes[: index + 1], is_whole=next(rest, None) is None)
    return Part(nodes, is_whole=True) if excerpting.words > 0 else Part((), is_whole=False)


def _hugo_words(html: str, cjk: bool) -> int:
    """The words of what stands before the end of a paragraph; like Hugo, without its last character."""
    return sum(_hugo_word(word, cjk) for word in _BLANK.split(html[:-1]))


def _hugo_word(word: str, cjk: bool) -> int:
    if not word or _TAG.fullmatch(word):
        return 0
    if cjk:
        word = _MARKUP.sub("", word)
        return 1 if word.isascii() else len(word)
    return 1


def _html(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node.translate(_ENTITIES)
        elif isinstance(node, Comment):
            yield f"<!-- {node.text} -->"
        else:
            attributes = "".join(f' {name}="{value}"' for name, value in node.attrs.items())
            yield f"<{node.tag}{attributes}>"
            # Hugo colours code of a known language: each word of it is then part of an attribute.
            if not (node.tag == "code" and any(name.startswith("language-") for name in node.classes)):
                yield from _html(node.children)
            if node.tag not in VOID:
                yield f"</{node.tag}>"


# --- Pelican ----------------------------------------------------------------------------------------------

_PELICAN_WORD = re.compile(
    "[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U0002a6df\U0002f800-\U0002fa1f"
    "\u3040-\u30ff\u1100-\u11ff\uac00-\ud7ff\u3130-\u318f]"
    r"|\w[\w'-]*"
)
_TYPOGRAPHIC_WORD = re.compile(_PELICAN_WORD.pattern.replace(r"[\w'-]*", r"(?:\w|-(?!-))*"))
_CAPITALS = re.compile(r"\b(?=[A-Z\d]*[A-Z]\d*[A-Z])[A-Z\d]+\b")
_CODE = frozenset({"code", "kbd", "math", "pre", "samp", "script", "style", "tt"})


def cut_pelican(nodes: Iterable[Node], excerpting: Excerpting) -> Part:
    """What Pelican takes by itself: so many words, wherever the last of them stands, and an ellipsis.

    A Chinese, Japanese or Korean character is a word, and a tag ends one
    (`pelican.utils.truncate_html_words`, `truncate_html_paragraphs`).

    Args:
        nodes: the rendered post.
        excerpting: its `words` and `paragraphs`, of which 0 is any number, and its `ending`.
    """
    whole = tuple(nodes)
    body = whole
    if excerpting.paragraphs > 0:
        # One with attributes counts, and is not shown.
        paragraphs = [part for part in walk(whole) if part.tag == "p"][: excerpting.paragraphs]
        body = tuple(part for part in paragraphs if not part.attrs)
    end = _pelican_end(body, excerpting.words, excerpting.typographic) if excerpting.words > 0 else None
    if end is None:
        return Part(body, body == whole)
    ending = f" {excerpting.ending}" if excerpting.ending else ""
    return Part(_up_to(body, count(), end, ending)[0], is_whole=False)


def _pelican_end(nodes: Iterable[Node], words: int, typographic: bool) -> tuple[int, int] | None:
    """The number of the text, and the place in it, where so many words end; None if there are fewer.

    A word counts once something follows it that is no part of it: a tag, or a character that is in no word.
    """
    last: tuple[int, int] | None = None
    pieces = _texts(nodes)
    for number, first, text, pattern in map(_as_it_is, pieces) if not typographic else _set_apart(pieces):
        end = 0
        for word in pattern.finditer(text):
            if word.start() > 0 and last:
                words -= 1
                if not words:
                    return last
            end, last = word.end(), (number, first + word.end())
        if last and (end < len(text) or not text):
            words -= 1
            if not words:
                return last
            last = None
    return None


_Piece = tuple[int, int, str, re.Pattern[str]]


def _as_it_is(piece: tuple[int, str, bool]) -> _Piece:
    return piece[0], 0, piece[1], _PELICAN_WORD


def _set_apart(pieces: Iterable[tuple[int, str, bool]]) -> Iterator[_Piece]:
    """The texts as they are once Typogrify has set quotes, dashes and capitals: those end words too."""
    for number, text, is_code in pieces:
        if is_code:
            yield number, 0, text, _PELICAN_WORD
            continue
        start = 0
        for found in _CAPITALS.finditer(text):
            for first, last in ((start, found.start()), found.span()):
                yield number, first, text[first:last], _TYPOGRAPHIC_WORD
                yield number, last, "", _TYPOGRAPHIC_WORD
            start = found.end()
        yield number, start, text[start:], _TYPOGRAPHIC_WORD


def _texts(
    nodes: Iterable[Node], numbers: Iterator[int] | None = None, is_code: bool = False
) -> Iterator[tuple[int, str, bool]]:
    """Each text with its number, and whether it is code; an empty one, numbered too, where a tag stands."""
    numbers = count() if numbers is None else numbers
    for node in nodes:
        if isinstance(node, str) and node:
            yield next(numbers), node, is_code
        elif isinstance(node, Element):
            yield next(numbers), "", True
            if node.tag not in VOID:
                yield from _texts(node.children, numbers, is_code or node.tag in _CODE)
                yield next(numbers), "", True


def _up_to(
    nodes: Iterable[Node], numbers: Iterator[int], last: tuple[int, int], ending: str
) -> tuple[tuple[Node, ...], bool]:
    """The nodes up to a place in a text, and whether it was reached."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str) and node:
            if next(numbers) == last[0]:
                return (*kept, node[: last[1]] + ending), True
        elif isinstance(node, Element):
            next(numbers)
            inner, reached = _up_to(node.children, numbers, last, ending)
            if node.tag not in VOID and not reached:
                next(numbers)
            kept.append(Element(node.tag, node.attrs, inner))
            if reached:
                return tuple(kept), True
            continue
        kept.append(node)
    return tuple(kept), False


# --- Jekyll -----------------------------------------------------------------------------------------------

_LIQUID_TAG = re.compile(r"\{%-?\s*(\w+)")
_LIQUID_BLOCKS = frozenset(
    {"capture", "case", "comment", "for", "highlight", "if", "ifchanged", "raw", "tablerow", "unless"}
)
_DEFINITION = re.compile(r"^ {0,3}((\[[^\]\n]+\]):.+)$", re.MULTILINE)
_LABEL = re.compile(r"\[[^\[\]\n]+\]")


def jekyll_head(text: str, excerpting: Excerpting) -> str | None:
    """The source of a post's excerpt as Jekyll takes it; None where that is the whole post.

    It ends before the separator; blocks of Liquid that are open there are closed, and the definitions of
    links that follow are added (`Jekyll::Excerpt`).

    Args:
        text: the post's own text, its Liquid not yet expanded.
        excerpting: its `separator`.
    """
    head, _, rest = text.partition(excerpting.separator) if excerpting.separator else (text, "", "")
    if not rest:
        return None
    for name in dict.fromkeys(reversed(_LIQUID_TAG.findall(head))):
        if name in _LIQUID_BLOCKS and f"end{name}" not in head:
            head += f"\n{{% end{name} %}}"
    labels = set(_LABEL.findall(head))
    definitions = [line for line, label in _DEFINITION.findall(rest) if label in labels]
    return "\n".join((head, "", *definitions)) if definitions else head
