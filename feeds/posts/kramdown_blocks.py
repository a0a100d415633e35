"""Blocks that kramdown reads in a way of its own, as rules that the CommonMark parser runs.

Taken from kramdown's syntax page ("Structural Elements", "Extensions") and tried on kramdown itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from feeds.posts.commonmark_blocks import BlockRule, line_of

_EXTENSION = re.compile(r"\{::(\w+)(?:[ \t][^}\n]*?)?(/)?\}[ \t]*")
_STOP = re.compile(r"\{:/\w*\}[ \t]*")
_ATTRIBUTES = re.compile(r"\{:(?![:/])[^}\n]*\}[ \t]*")
_TOC = re.compile(r"(?:^|[\s{:])toc(?=[\s}])")
_ABBREVIATION = re.compile(r"\*\[([^\]\n]+)\]:(.*)")
_NUMBER = re.compile(r"\d+\)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")
_SEPARATOR = re.compile(r"[+|: \t-]*-[+|: \t-]*")
_FOOTER = re.compile(r"[+|: \t=]*=[+|: \t=]*")
_CODE = re.compile(r"(`+)(?:(?!\1)[^`]|(?<!`)`+(?!`))*?\1|<code[^>]*>.*?</code>")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)(?=\s|/?>)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_MARKDOWN = re.compile(r"[ \t\n]markdown=(?:\"(\w*)\"|'(\w*)'|(\w+))")
_SPANS = frozenset(
    "a abbr acronym b big bdo br button cite code del dfn em i img input ins kbd label mark option q rb rbc "
    "rp rt rtc ruby samp select small span strong sub sup tt u var".split()
)
_VOID = frozenset(
    "area base br col command embed hr img input keygen link meta param source track wbr".split()
)
_TEXT_ONLY = frozenset("address caption dt h1 h2 h3 h4 h5 h6 legend optgroup p summary th".split())

MAX_ABBREVIATIONS = 200
"""Abbreviations of one post that are looked for in its text; later ones stay as they are."""


# --- attributes, extensions, abbreviations ------------------------------------------------------------------


def attributes(state: Any, start: int, end: int, silent: bool) -> bool:
    """`{: .class #id}` and `{:toc}` beside a block, and definitions of attributes; `^` ends a block."""
    line = line_of(state, start)
    if state.is_code_block(start):
        return False
    if line.rstrip() != "^" and not (line.startswith("{:") and _ATTRIBUTES.fullmatch(line)):
        return False
    if not silent:
        token = state.push("kramdown_attributes", "", 0)
        token.content, token.map = line, [start, start + 1]
        state.line = start + 1
    return True


def drop_attributes(state: Any) -> None:
    """Remove what `attributes` took, and with `{:toc}` the list that stands for the table of contents."""
    kept: list[Any] = []
    until: Any = None
    for index, token in enumerate(state.tokens):
        if until is not None:
            until = None if token.nesting == -1 and token.level == until.level else until
            continue
        if token.type == "kramdown_attributes":
            if _TOC.search(token.content):
                following = state.tokens[index + 1] if index + 1 < len(state.tokens) else None
                if kept and kept[-1].type.endswith("list_close"):
                    _drop_list(kept)
                elif following is not None and following.type.endswith("list_open"):
                    until = following
            continue
        if token.type == "inline" and state.tokens[index - 2].type in ("list_item_open", "dd_open"):
            token.content = (
                _ATTRIBUTES.sub("", token.content, count=1) if token.content[:2] == "{:" else token.content
            )
        kept.append(token)
    state.tokens = kept


def _drop_list(tokens: list[Any]) -> None:
    level = tokens.pop().level
    while tokens and (last := tokens.pop()):
        if last.level == level and last.nesting == 1:
            return


def extension(state: Any, start: int, end: int, silent: bool) -> bool:
    """`{::comment}` up to `{:/}` and `{::options /}`, taken away; `{::nomarkdown}` up to `{:/}` as HTML."""
    line = line_of(state, start)
    found = _EXTENSION.fullmatch(line) if line.startswith("{::") else None
    if not found or found[1] not in ("comment", "nomarkdown", "options") or state.is_code_block(start):
        return False
    stop = start
    if not found[2]:
        stop = _stop_line(state, start, end)
        if stop >= end:
            return False
    if silent:
        return True
    if found[1] == "nomarkdown" and stop > start:
        token = state.push("html_block", "", 0)
        token.content = state.getLines(start + 1, stop, state.blkIndent, True)
    state.line = stop + 1
    return True


def _stop_line(state: Any, start: int, end: int) -> int:
    stops = state.env.get("kramdown-stops")
    if stops is None:
        lines = range(state.lineMax)
        stops = [line for line in lines if _STOP.fullmatch(line_of(state, line))]
        state.env["kramdown-stops"] = stops
    place = bisect_left(stops, start)
    return stops[place] if place < len(stops) else end


def abbreviation(state: Any, start: int, end: int, silent: bool) -> bool:
    """`*[HTML]: Hypertext …`, kept for `abbreviate`."""
    line = line_of(state, start)
    found = _ABBREVIATION.match(line) if line.startswith("*[") else None
    if not found or state.is_code_block(start):
        return False
    if not silent:
        known = state.env.setdefault("abbreviations", {})
        if len(known) < MAX_ABBREVIATIONS:
            known.setdefault(found[1].strip(), found[2].strip())
        state.line = start + 1
    return True


# --- headings, lists, tables ------------------------------------------------------------------------------


def underlined_heading(state: Any, start: int, end: int, silent: bool) -> bool:
    """A heading by the line below it; its text is one line."""
    below = line_of(state, start + 1) if start + 1 < end else ""
    if silent or not _UNDERLINE.fullmatch(below) or state.sCount[start + 1] != state.blkIndent:
        return False
    if state.is_code_block(start):
        return False
    tag = "h1" if below[0] == "=" else "h2"
    token = state.push("heading_open", tag, 1)
    token.map = [start, start + 2]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = line_of(state, start).strip(), [start, start + 1], []
    state.push("heading_close", tag, -1)
    state.line = start + 2
    return True


def lists(take: BlockRule) -> BlockRule:
    """The parser's own rule for lists, whose numbers end with a full stop only."""

    def rule(state: Any, start: int, end: int, silent: bool) -> bool:
        return not _NUMBER.match(line_of(state, start)) and take(state, start, end, silent)

    return rule


def table(state: Any, start: int, end: int, silent: bool) -> bool:
    """Lines with a `|` in each, up to a blank line: a table, with or without a line below its head."""
    if silent or state.is_code_block(start) or "|" not in line_of(state, start):
        return False
    last = start
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        line = line_of(state, last)
        has_border = "|" in _CODE.sub("", line).replace("\\|", "")
        if not (has_border or _SEPARATOR.fullmatch(line) or _FOOTER.fullmatch(line)):
            break
        last += 1
    if last < end and not state.isEmpty(last) and not _ATTRIBUTES.fullmatch(line_of(state, last)):
        return False
    parts = _table_parts(line_of(state, line) for line in range(start, last))
    if not any(rows for tag, rows in parts if tag == "tbody"):
        return False
    columns = max(len(row) for _, rows in parts for row in rows)
    if columns * sum(len(rows) for _, rows in parts) > 65_536:
        return False
    state.push("table_open", "table", 1).map = [start, last]
    for tag, rows in parts:
        _push_rows(state, tag, [row + [""] * (columns - len(row)) for row in rows], start)
    state.push("table_close", "table", -1)
    state.line = last
    return True


def _table_parts(lines: Iterator[str]) -> list[tuple[str, list[list[str]]]]:
    """The rows of a table's head, bodies and foot."""
    parts: list[tuple[str, list[list[str]]]] = []
    rows: list[list[str]] = []
    has_foot = has_head = False
    for line in map(str.rstrip, lines):
        if _SEPARATOR.fullmatch(line):
            if rows:
                parts.append(("tbody" if has_head or parts else "thead", rows))
                has_head, rows = True, []
        elif _FOOTER.fullmatch(line):
            if rows:
                parts.append(("tbody", rows))
            has_foot, rows = True, []
        else:
            rows.append(_cells(line))
    if rows:
        parts.append(("tfoot" if has_foot else "tbody", rows))
    return parts


def _cells(line: str) -> list[str]:
    """The cells of a row; a `|` in code is none of its borders."""
    cells, begin, place = [], 0, 0
    while place < len(line):
        code = _CODE.match(line, place) if line[place] in "`<" else None
        if code:
            place = code.end()
            continue
        if line[place] == "|":
            cells.append(line[begin:place])
            begin = place + 1
        place += 2 if line[place] == "\\" else 1
    cells.append(line[begin:])
    if line.startswith("|"):
        del cells[0]
    if cells and not cells[-1].strip():
        del cells[-1]
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _push_rows(state: Any, tag: str, rows: list[list[str]], line: int) -> None:
    state.push(f"{tag}_open", tag, 1)
    cell = "th" if tag == "thead" else "td"
    for row in rows:
        state.push("tr_open", "tr", 1)
        for text in row:
            state.push(f"{cell}_open", cell, 1)
            token = state.push("inline", "", 0)
            token.content, token.map, token.children = text, [line, line + 1], []
            state.push(f"{cell}_close", cell, -1)
        state.push("tr_close", "tr", -1)
    state.push(f"{tag}_close", tag, -1)


# --- raw HTML -----------------------------------------------------------------------------------------------


def html_block(state: Any, start: int, end: int, silent: bool) -> bool:
    """A block element up to its end tag, whatever blank lines lie within; read inside with `markdown="1"`."""
    taken = _take_element(state, start, end, silent)
    if silent or not taken:
        return taken
    while state.line == start and _take_element(state, start, end, False):
        pass
    if state.line == start:  # other text on the same line
        rules = state.md.block.ruler.getRules("")
        any(rule(state, start, end, False) for rule in rules if rule is not html_block)
    return True


def _take_element(state: Any, start: int, end: int, silent: bool) -> bool:
    place = state.bMarks[start] + state.tShift[start]
    if state.src[place : place + 1] != "<" or state.is_code_block(start):
        return False
    limit = state.eMarks[end - 1]
    if state.src.startswith("<!--", place):
        stop = state.src.find("-->", place + 4, limit)
        if stop >= 0 and not silent:
            _push_html(state, start, place, stop + 3)
        return bool(stop >= 0)
    found = _TAG.match(state.src, place, limit)
    if not found or found[1] or (name := found[2].lower()) in _SPANS:
        return False
    if silent:
        return True
    if name in _VOID or found[3].endswith("/"):
        _push_html(state, start, place, found.end())
        return True
    inner, after = _element_end(state, name, found.end(), limit)
    wanted = _MARKDOWN.search(found[3])
    mode = next(filter(None, wanted.groups()), "") if wanted else ""
    if mode in ("1", "block", "span"):
        tags = (f"<{found[2]}{_MARKDOWN.sub('', found[3])}>", f"</{found[2]}>")
        is_text = mode == "span" or (mode == "1" and name in _TEXT_ONLY)
        _push_element(state, tags, (start, found.end(), inner, after), is_text)
    else:
        _push_html(state, start, place, after)
    return True


def _element_end(state: Any, name: str, begin: int, limit: int) -> tuple[int, int]:
    """Where an element's end tag begins and ends; the limit for one that is never closed."""
    known = state.env.setdefault("kramdown-ends", {})
    if name not in known:
        ends: dict[int, tuple[int, int]] = {}
        opened: list[int] = []
        for found in re.finditer(rf"<(/?){re.escape(name)}(?![\w:.-])[^<>]*>", state.src, re.IGNORECASE):
            if not found[1]:
                opened.append(found.end())
            elif opened:
                ends[opened.pop()] = found.span()
        known[name] = ends
    inner, after = known[name].get(begin, (limit, limit))
    return (inner, after) if after <= limit else (limit, limit)


def _push_html(state: Any, start: int, begin: int, after: int) -> None:
    token = state.push("html_block", "", 0)
    token.content = state.src[begin:after] + "\n"
    line = _line_at(state, after)
    token.map = [start, line + 1]
    _go_on(state, line, after)


def _push_element(
    state: Any, tags: tuple[str, str], places: tuple[int, int, int, int], is_text: bool
) -> None:
    start, begin, inner, after = places
    state.push("html_block", "", 0).content = tags[0] + "\n"
    if is_text:
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = state.src[begin:inner].strip(), [start, start + 1], []
    else:
        first, last = _line_at(state, begin), _line_at(state, inner)
        _begin_line(state, first, begin)
        limit, state.eMarks[last] = state.eMarks[last], inner
        state.md.block.tokenize(state, first, last + 1)
        state.eMarks[last] = limit
    state.push("html_block", "", 0).content = tags[1] + "\n"
    _go_on(state, _line_at(state, after), after)


def _line_at(state: Any, place: int) -> int:
    return int(min(bisect_left(state.eMarks, place), state.lineMax - 1))


def _go_on(state: Any, line: int, place: int) -> None:
    """Have the parser go on with what stands behind a tag."""
    if state.src[place : state.eMarks[line]].strip():
        _begin_line(state, line, place)
        state.line = line
    else:
        state.line = line + 1


def _begin_line(state: Any, line: int, place: int) -> None:
    rest = state.src[place : state.eMarks[line]]
    blanks = len(rest) - len(rest.lstrip())
    state.bMarks[line], state.tShift[line] = place, blanks
    state.sCount[line] = state.blkIndent
