"""Markup in text that generators add to CommonMark, as rules that its parser runs.

A state and its tokens are markdown-it's own; an inline rule gives whether it has taken what begins at the
state's position, a rule on all tokens changes them in place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from feeds.posts.commonmark_blocks import Pairs, new_token
from feeds.posts.dialect import emoji_of

InlineRule = Callable[[Any, bool], bool]

_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
_EMOJI = re.compile(r":([\w+-]+):")
_HTML_ENDS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))
_TYPE = re.compile(r"-{2,3}(?!-)|\.\.\.|<<|>>|[\"']|-{4,}")
_SIGNS = {"--": "–", "---": "—", "...": "…", "<<": "«", ">>": "»"}
_DECADE = re.compile(r"\d\ds?\b")
_OPENERS = frozenset("([{<-–—/=“‘«\"'*_~")
_CLOSERS = frozenset(")]}>.,;:!?…”’»")
_SOLID = "\ufffc"


@lru_cache(maxsize=16)
def last_place(text: str, mark: str) -> int:
    """Where a mark stands for the last time, -1 if nowhere; asked again and again of the same text."""
    return text.rfind(mark)


def raw_html(take: InlineRule) -> InlineRule:
    """The parser's own rule for tags, not asked where a comment or the like is never closed."""

    def rule(state: Any, silent: bool) -> bool:
        if state.src[state.pos] != "<":
            return False
        for opening, closing in _HTML_ENDS:
            if state.src.startswith(opening, state.pos):
                return last_place(state.src, closing) > state.pos and take(state, silent)
        return take(state, silent)

    return rule


def math(pairs: Pairs) -> InlineRule:
    """The rule for formulas in text; between single dollars, none may begin or end with a blank."""

    def rule(state: Any, silent: bool) -> bool:
        for opening, closing in pairs:
            if not state.src.startswith(opening, state.pos):
                continue
            begin = state.pos + len(opening)
            if last_place(state.src, closing) < begin:
                continue
            end = state.src.find(closing, begin, state.posMax)
            text = state.src[begin:end]
            if end < 0 or not text.strip():
                continue
            after = state.src[end + len(closing) : end + len(closing) + 1]
            if opening == "$" and (text != text.strip() or after.isdigit() or text.endswith("\\")):
                continue
            if not silent:
                token = state.push("feeds_html", "", 0)
                token.content = (
                    f'<span class="arithmatex">\\({html.escape(text.strip(), quote=False)}\\)</span>'
                )
            state.pos = end + len(closing)
            return True
        return False

    return rule


def marked(sign: str, tag: str) -> InlineRule:
    """The rule for text between two doubled signs, such as `++text++`."""
    mark = sign * 2

    def rule(state: Any, silent: bool) -> bool:
        src, begin = state.src, state.pos + 2
        if not src.startswith(mark, state.pos) or last_place(src, mark) < begin:
            return False
        end = src.find(mark, begin, state.posMax)
        text = src[begin:end]
        if end < 0 or not text or text != text.strip() or sign in (text[0], text[-1]):
            return False
        if not silent:
            limit = state.posMax
            state.pos, state.posMax = begin, end
            state.push(f"{tag}_open", tag, 1)
            state.md.inline.tokenize(state)
            state.push(f"{tag}_close", tag, -1)
            state.posMax = limit
        state.pos = end + 2
        return True

    return rule


def attributes(state: Any, silent: bool) -> bool:
    """`{.class}` right after a link, an image or code, taken away."""
    if state.src[state.pos] != "{" or state.pending or not state.tokens:
        return False
    if state.tokens[-1].type not in ("code_inline", "image", "link_close"):
        return False
    found = _ATTRIBUTES.match(state.src, state.pos, state.posMax)
    if found:
        state.pos = found.end()
    return found is not None


def show_task_marks(state: Any) -> None:
    """The boxes of a task list's items."""
    for token in state.tokens:
        if token.type == "inline" and "task" in token.meta:
            checked = " checked" if token.meta["task"] else ""
            box = new_token(token, "feeds_html", content=f'<input type="checkbox" disabled{checked}>')
            token.children.insert(0, box)


def show_emoji(state: Any) -> None:
    """`:tada:` as the character."""
    for token in _texts(state.tokens):
        if token.content.count(":") > 1:
            token.content = _EMOJI.sub(lambda found: emoji_of(found[1]) or found[0], token.content)


def _texts(tokens: Sequence[Any]) -> Iterator[Any]:
    """The tokens of text, those of addresses that became links left out."""
    for block in tokens:
        yield from _texts_among(block.children or ())


def _texts_among(children: Sequence[Any]) -> Iterator[Any]:
    bare = False
    for token in children:
        if token.type == "link_open":
            bare = bool(token.info)
        elif token.type == "link_close":
            bare = False
        elif token.type == "text" and not bare:
            yield token


# --- typography ---------------------------------------------------------------------------------------------


def set_type(state: Any) -> None:
    """Dashes, ellipses and quotation marks as printers set them."""
    for token in state.tokens:
        if token.children:
            _set_paragraph(token.children)


def _set_paragraph(children: Sequence[Any]) -> None:
    """Set one paragraph's text; what a quotation mark stands beside may lie beyond a tag."""
    own = set(map(id, _texts_among(children)))
    places: list[tuple[Any, int]] = []
    parts: list[str] = []
    length = 0
    for token in children:
        if id(token) in own:
            places.append((token, length))
            parts.append(token.content)
        else:
            parts.append(_shown(token))
        length += len(parts[-1])
    whole = "".join(parts)
    for token in children:
        if token.type == "image" and token.children:
            _set_paragraph(token.children)
    for token, start in places:
        token.content = _set_text(whole, start, start + len(token.content))


def _shown(token: Any) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type in ("code_inline", "image", "feeds_html", "footnote_ref", "text_special", "text"):
        return _SOLID
    return ""


def _set_text(whole: str, start: int, end: int) -> str:
    parts, place = [], start
    for found in _TYPE.finditer(whole, start, end):
        parts.append(whole[place : found.start()])
        parts.append(_SIGNS.get(found[0]) or _quote(found[0], whole, found.start()))
        place = found.end()
    parts.append(whole[place:end])
    return "".join(parts)


def _quote(sign: str, whole: str, place: int) -> str:
    """The opening or the closing mark, by what stands on both sides; anything else as it is."""
    if sign not in "\"'":
        return sign
    before = whole[place - 1] if place else " "
    after = whole[place + 1 : place + 2] or " "
    opens = not after.isspace() and (before.isspace() or (before in _OPENERS and after not in _CLOSERS))
    if sign == '"':
        return "“" if opens else "”"
    return "‘" if opens and not _DECADE.match(whole, place + 1) else "’"
