"""Markup in text that kramdown reads in a way of its own, as rules that the CommonMark parser runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from feeds.posts.commonmark_blocks import new_token
from feeds.posts.commonmark_text import InlineRule, last_place

_ATTRIBUTES = re.compile(r"\{:(?![:/])[^{}\n]*\}")
_EXTENSION = re.compile(r"\{::(\w+)(?:[ \t][^}\n]*?)?(/)?\}")
_LINK = re.compile(r"(`+)(?!`)[^`]*\1(?!`)|\]\(([^\s()<>\"'`]+(?: [^\s()<>\"'`]+)+)(?=\)|[ ]+[\"'])")
_STOP = re.compile(r"\{:/\w*\}")
_BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|applet|body|blockquote|caption|col|colgroup|dd|div|dl|dt|fieldset|figcaption|footer|"
    r"form|h[1-6]|header|hgroup|hr|html|head|iframe|legend|menu|li|main|map|nav|ol|optgroup|p|pre|section|summary|"
    r"table|tbody|td|th|thead|tfoot|tr|ul)(?=[\s/>])",
    re.IGNORECASE,
)


def allow_blanks_in_links(state: Any) -> None:
    """Addresses with blanks in them, as `[text](a file.html)`, written as CommonMark has them."""
    for token in state.tokens:
        if token.type == "inline" and "](" in token.content:
            token.content = _LINK.sub(
                lambda found: f"](<{found[2]}>" if found[2] else found[0], token.content
            )


def line_break(state: Any, silent: bool) -> bool:
    """Two backslashes at the end of a line."""
    if not state.src.startswith("\\\\\n", state.pos):
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += 3
    return True


def attributes(state: Any, silent: bool) -> bool:
    """`{: .class}` right after markup, taken away."""
    if not state.src.startswith("{:", state.pos) or state.pending or not state.tokens:
        return False
    found = _ATTRIBUTES.match(state.src, state.pos, state.posMax)
    if found:
        state.pos = found.end()
    return found is not None


def extension(state: Any, silent: bool) -> bool:
    """`{::comment}…{:/}` and `{::options /}` taken away, `{::nomarkdown}…{:/}` as HTML."""
    found = (
        _EXTENSION.match(state.src, state.pos, state.posMax)
        if state.src.startswith("{::", state.pos)
        else None
    )
    if not found or found[1] not in ("comment", "nomarkdown", "options"):
        return False
    if found[2]:
        state.pos = found.end()
        return True
    stop = (
        _STOP.search(state.src, found.end(), state.posMax)
        if last_place(state.src, "{:/") >= found.end()
        else None
    )
    if not stop:
        return False
    if found[1] == "nomarkdown" and not silent:
        state.push("html_inline", "", 0).content = state.src[found.end() : stop.start()]
    state.pos = stop.end()
    return True


def raw_html(take: InlineRule) -> InlineRule:
    """The rule for tags, but tags of blocks within a text are text."""

    def rule(state: Any, silent: bool) -> bool:
        return not _BLOCK_TAG.match(state.src, state.pos) and take(state, silent)

    return rule


def emphasis(take: InlineRule) -> InlineRule:
    """The rule for `*` and `_`, where `*` opens before and closes after anything that is no blank."""

    def rule(state: Any, silent: bool) -> bool:
        begin, known = state.pos, len(state.delimiters)
        if not take(state, silent):
            return False
        if state.src[begin] == "*":
            before, after = state.src[begin - 1 : begin] or " ", state.src[state.pos : state.pos + 1] or " "
            for delimiter in state.delimiters[known:]:
                delimiter.open, delimiter.close = not after.isspace(), not before.isspace()
        return True

    return rule


def abbreviate(state: Any) -> None:
    """Each abbreviation in the text with what it stands for."""
    known = {name: full for name, full in state.env.get("abbreviations", {}).items() if name in state.src}
    if not known:
        return
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)")
    for block in state.tokens:
        if block.children:
            block.children = [
                made for token in block.children for made in _abbreviated(token, pattern, known)
            ]


def _abbreviated(token: Any, pattern: re.Pattern[str], known: Mapping[str, str]) -> Iterator[Any]:
    if token.type != "text":
        yield token
        return
    place = 0
    for found in pattern.finditer(token.content):
        if found.start() > place:
            yield new_token(token, "text", content=token.content[place : found.start()])
        opening = new_token(token, "abbr_open", "abbr", 1)
        opening.attrs = {"title": known[found[0]]} if known[found[0]] else {}
        yield opening
        yield new_token(token, "text", content=found[0])
        yield new_token(token, "abbr_close", "abbr", -1)
        place = found.end()
    yield new_token(token, "text", content=token.content[place:])
