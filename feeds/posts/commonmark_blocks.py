"""Blocks that generators add to CommonMark, as rules that its parser runs.

A state and its tokens are markdown-it's own; a block rule gives whether it has taken the lines from `start`
on, a rule on all tokens changes them in place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

BlockRule = Callable[[Any, int, int, bool], bool]
Pairs = Sequence[Sequence[str]]

_ADMONITION = re.compile(r"(:{3,})[ \t]*([A-Za-z][\w-]*)[ \t]*(.*)")
_ADMONITION_TITLE = re.compile(
    r"\[(.*)\][ \t]*(?:\{[^{}]*\})?|\{[^{}]*?title=(?:\"([^\"]*)\"|'([^']*)')[^{}]*\}|\{[^{}]*\}"
)
_ALERT = re.compile(r"\[!([A-Za-z]+)\][+-]?[ \t]*([^\n]*)(?:\n|$)")
_TASK = re.compile(r"\[([ xX])\][ \t\n]+(?=\S)")
_ONE = r"(?:(?:[#.][^\s{}#.=\"']+)+|[\w:-]+=(?:\"[^\"]*\"|'[^']*'|\[[^\[\]{}]*\]|[^\s{}\"'\[\]]+))"
_ATTRIBUTES = re.compile(rf"\{{[ \t]*:?[ \t]*{_ONE}(?:[ \t]+{_ONE})*[ \t]*\}}[ \t]*")
_MDX_ID = re.compile(r"\{/\*[ \t]*#[^\s*]+[ \t]*\*/\}[ \t]*")
_FENCE_TITLE = re.compile(r"(?<![\w-])title=(?:\"([^\"]*)\"|'([^']*)')")
_HIGHLIGHT_COMMENT = re.compile(
    r"[ \t]*(?://|#|--|%|<!--|/\*|\{/\*)[ \t]*highlight-(?:next-line|start|end)[ \t]*(?:-->|\*/\}?)?[ \t]*"
)


def line_of(state: Any, line: int) -> str:
    """A line without what indents it."""
    return str(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])


def new_token(like: Any, type: str, tag: str = "", nesting: int = 0, content: str = "") -> Any:
    """A token of the class that another has."""
    token = like.__class__(type, tag, nesting)
    token.content = content
    return token


# --- admonitions --------------------------------------------------------------------------------------------


def admonition(state: Any, start: int, end: int, silent: bool) -> bool:
    """`:::note[Title]` up to `:::` (Docusaurus: "Admonitions"); one with more colons can hold others."""
    line = line_of(state, start)
    if not line.startswith(":::") or state.is_code_block(start):
        return False
    found = _ADMONITION.fullmatch(line.rstrip())
    if not found:
        return False
    if silent:
        return True
    close = _admonition_end(state, start, end, len(found[1]))
    token = state.push("admonition_open", "div", 1)
    token.attrs = {"class": f"admonition {found[2].lower()}"}
    token.map = [start, close]
    _push_title(state, _admonition_title(found[3]) or found[2].capitalize(), start)
    parent, state.parentType = state.parentType, "admonition"
    last, state.lineMax = state.lineMax, close
    state.md.block.tokenize(state, start + 1, close)
    state.lineMax, state.parentType = last, parent
    state.push("admonition_close", "div", -1)
    state.line = min(close + 1, end)
    return True


def _admonition_end(state: Any, start: int, end: int, colons: int) -> int:
    for line in range(start + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return line - 1 if state.isEmpty(line - 1) else line
        text = line_of(state, line).rstrip()
        if len(text) >= colons and not text.strip(":") and text:
            return line
    return end


def _admonition_title(text: str) -> str:
    found = _ADMONITION_TITLE.fullmatch(text.strip())
    return next(filter(None, found.groups()), "") if found else text.strip()


def _push_title(state: Any, title: str, line: int) -> None:
    token = state.push("paragraph_open", "p", 1)
    token.attrs = {"class": "admonition-title"}
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = title, [line, line + 1], []
    state.push("paragraph_close", "p", -1)


def quotes_to_alerts(state: Any) -> None:
    """`> [!NOTE]` as an admonition (GitHub: "Alerts"); a title may follow on the line (Obsidian, Hugo)."""
    opened: list[bool] = []
    tokens: list[Any] = []
    for index, token in enumerate(state.tokens):
        tokens.append(token)
        if token.type == "blockquote_open":
            text = state.tokens[index + 2] if index + 2 < len(state.tokens) else None
            found = _ALERT.match(text.content) if text is not None and text.type == "inline" else None
            opened.append(found is not None)
            if found and text is not None:
                token.tag, token.attrs = "div", {"class": f"admonition {found[1].lower()}"}
                text.content = text.content[found.end() :]
                tokens += _title_tokens(token, found[2].strip() or found[1].capitalize())
        elif token.type == "blockquote_close" and opened.pop():
            token.tag = "div"
    state.tokens = tokens


def _title_tokens(like: Any, title: str) -> Iterator[Any]:
    opening = new_token(like, "paragraph_open", "p", 1)
    opening.attrs = {"class": "admonition-title"}
    yield opening
    text = new_token(like, "inline", "", 0, title)
    text.map, text.children = like.map, []
    yield text
    yield new_token(like, "paragraph_close", "p", -1)


# --- math ---------------------------------------------------------------------------------------------------


def math(pairs: Pairs) -> BlockRule:
    """The rule for formulas that stand by themselves between delimiters."""

    def rule(state: Any, start: int, end: int, silent: bool) -> bool:
        line = line_of(state, start)
        pair = next((pair for pair in pairs if line.startswith(pair[0])), None)
        if pair is None or state.is_code_block(start):
            return False
        opening, closing = pair
        first = line[len(opening) :].rstrip()
        last, parts = start, [first]
        while closing not in parts[-1]:
            last += 1
            if last >= end or (state.sCount[last] < state.blkIndent and not state.isEmpty(last)):
                return False
            parts.append(line_of(state, last).rstrip())
            if not parts[-1] and closing != "$$" and len(parts) > 100:
                return False
        before, _, after = parts[-1].partition(closing)
        if after.strip():
            return False
        if silent:
            return True
        text = "\n".join([*parts[:-1], before]).strip()
        token = state.push("feeds_html", "", 0)
        token.content = f'<div class="arithmatex">\\[{html.escape(text, quote=False)}\\]</div>\n'
        token.map = [start, last + 1]
        state.line = last + 1
        return True

    return rule


# --- marks within a block's text ----------------------------------------------------------------------------


def take_task_marks(state: Any) -> None:
    """The marks `[ ]` and `[x]` that an item begins with, taken from its text and kept beside it."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "inline" or index < 2 or tokens[index - 2].type != "list_item_open":
            continue
        if found := _TASK.match(token.content):
            token.content = token.content[found.end() :]
            token.meta["task"] = found[1] != " "


def strip_heading_attributes(state: Any) -> None:
    """`{#id .class}` and `{/* #id */}` taken from the end of headings."""
    for index, token in enumerate(state.tokens):
        if token.type != "inline" or state.tokens[index - 1].type != "heading_open":
            continue
        begin = token.content.rfind("{")
        if begin >= 0 and any(form.fullmatch(token.content, begin) for form in (_ATTRIBUTES, _MDX_ID)):
            token.content = token.content[:begin].rstrip()


def strip_block_attributes(state: Any) -> None:
    """`{.class}` taken from the line below a block, where it is the last of a paragraph or one of its own."""
    for index, token in enumerate(state.tokens):
        if token.type == "inline" and state.tokens[index - 1].type == "paragraph_open":
            before, _, last = token.content.rpartition("\n")
            if _ATTRIBUTES.fullmatch(last):
                token.content = before


# --- code and raw HTML --------------------------------------------------------------------------------------


def fence_title(info: str) -> str:
    """The file name that a fence gives as `title="a.py"`."""
    found = _FENCE_TITLE.search(info)
    return (found[1] or found[2] or "") if found else ""


def without_highlight_comments(code: str) -> str:
    """Code without the lines that only say what to colour (Docusaurus: "Highlighting with comments")."""
    if "highlight-" not in code:
        return code
    return "".join(
        line for line in code.splitlines(True) if not _HIGHLIGHT_COMMENT.fullmatch(line.rstrip("\n"))
    )


def comments_of(text: str) -> str:
    """The comments in raw HTML, one of which may end the excerpt, else one that tells of what is left out.

    Its words are goldmark's, which count where Hugo measures its summaries.
    """
    kept, place = [], text.find("<!--")
    while place >= 0 and (end := text.find("-->", place + 4)) >= 0:
        kept.append(text[place : end + 3])
        place = text.find("<!--", end)
    return "".join(kept) or "<!-- raw HTML omitted -->"
