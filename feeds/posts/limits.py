"""What is refused because Markdown would take minutes or gigabytes for it: counts, never seconds.

Python-Markdown looks for the end of each opening bracket, delimiter and block once more from where it starts,
so that a few kilobytes of `[` cost as much as a thousand posts. Each limit below is far beyond what people
write, and keeps the worst post to a few seconds on a slow machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from feeds import texts
from feeds.errors import FeedsError, Location
from feeds.model import Source
from feeds.posts.bounds import (
    MAX_BLOCK_REACH,
    MAX_BLOCKS,
    MAX_FOOTNOTES,
    MAX_NESTING,
    MAX_TAG_REACH,
    is_within_all,
)

MAX_BYTES = texts.MAX_BYTES
"""Size of a post's file, and characters of its text with all snippets in it."""

MAX_PIECES = 30_000
"""Paragraphs, list items, headings and table cells of one post."""

MAX_BRACKET_REACH = 5_000_000
"""Characters from each `[` or `](` to its end, added up; if never closed, to the end of the paragraph."""

MAX_DELIMITER_PAIRS = 250_000
"""Pairs of `^` and `~` within a paragraph, added up over the post."""

MAX_MARKUP_REACH = 200_000_000
"""Marks of inline markup times the length of their paragraph, added up over the post."""

MAX_LINES = 50_000
"""Lines of one post in CommonMark, each of which a dozen rules look at."""

MAX_MARKS = 200_000
"""Characters of one post in CommonMark that may be markup of its text."""

MAX_REPEATED = 4 * MAX_BYTES
"""Characters of addresses and titles of one post, those that definitions bring in counted at each use."""

_BRACKET = re.compile(r"\\.|`+|\]\(|[\[\]()]", re.DOTALL)
_MARK = re.compile(r"[<*_`^~\\${]|:(?=[\w+-]{1,40}:)|==|\+\+")

# Compiled where they are used: few posts are looked at so closely.
_FENCE = r"[> \t]*(`{3,}|~{3,})"
_NESTED_QUOTES = rf"[ \t]*(?:>[ \t]*){{{MAX_NESTING + 1}}}"
_NESTED_MARKERS = rf"[ \t>]*(?:(?:[-*+]|\d{{1,9}}[.)])[ \t]+){{{MAX_NESTING + 1}}}"
_RULE = r"[ \t>]*([-*_])(?:[ \t]*\1)*[ \t]*$"
_DEEP_ITEM = rf"[ ]{{{4 * (MAX_NESTING + 1)},}}(?:[-*+]|\d{{1,9}}[.)])[ \t]"
_FOOTNOTE = r"[ ]{0,3}\[\^[^\]]*\]:"
_OPENS_BLOCK = r"[>\s]*(?:[#=!?:{$\\]|\*\[|\[(?![^\]]*\]: )|[-*_+][ \t]*(?:[-*_+]|$)|<[^>]*$)"
_TAG = r"</?[A-Za-z]|>"


def check_limits(source: Source) -> None:
    """Refuse a post whose lines Markdown could not turn into blocks in reasonable time.

    Raises:
        FeedsError: a limit is passed; the message names it.
    """
    check_text(source.body, source.fields.path, source.body_line)


def check_text(text: str, path: str, first_line: int | None = None) -> None:
    """The same for any Markdown; `first_line` is where it stands in the file, None when it does not.

    Raises:
        FeedsError: a limit is passed.
    """

    def at(index: int) -> Location:
        return Location(path, None if first_line is None else first_line + index)

    if (size := len(text) + 1) > MAX_BYTES:
        raise _refusal(f"the post has {size:,} characters", f"{MAX_BYTES:,}", Location(path))
    if is_within_all(text):
        return
    lines = text.split("\n")
    prose = list(_without_fences(lines))
    _check_tags(prose, at)
    if (
        sum(not kept and re.match(_FENCE, line) is not None for kept, line in zip(prose, lines, strict=True))
        > 2 * MAX_BLOCKS
    ):
        raise _refusal("too many blocks of code", f"{MAX_BLOCKS:,}", Location(path))
    if sum(re.match(_FOOTNOTE, line) is not None for line in prose) > MAX_FOOTNOTES:
        raise _refusal("too many footnotes", f"{MAX_FOOTNOTES:,}", Location(path))
    reach = 0
    for number, (start, run) in enumerate(_runs(prose), 1):
        if number > MAX_BLOCKS:
            raise _refusal("too many paragraphs", f"{MAX_BLOCKS:,}", at(start))
        openers = 0
        for index, line in enumerate(run, start):
            if _nests_too_deep(line):
                raise _refusal("lists or quotes nest too deep here", f"{MAX_NESTING} levels", at(index))
            openers += re.match(_OPENS_BLOCK, line) is not None
        reach += openers * sum(map(len, run))
        if reach > MAX_BLOCK_REACH:
            what = f"too many lines, {openers:,}, open a block of their own with no blank line between them"
            raise _refusal(what, f"{MAX_BLOCK_REACH:,} such lines times characters", at(start))


def _without_fences(lines: list[str]) -> Iterator[str]:
    """The lines, those of fenced code empty."""
    closers = _last_fences(lines)
    fence = ""
    for index, line in enumerate(lines):
        if fence:
            fence = "" if line.strip("> \t") == fence else fence
            yield ""
            continue
        found = re.match(_FENCE, line)
        if found and closers.get(found[1], -1) > index:
            fence = found[1]
        yield "" if fence else line


def _runs(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines without a blank one, each with the index of its first line."""
    start = 0
    for index, line in enumerate([*lines, ""]):
        if not line.strip():
            if index > start:
                yield start, lines[start:index]
            start = index + 1


def _check_tags(lines: list[str], at: Callable[[int], Location]) -> None:
    text = "\n".join(lines)
    end, reach = len(text), 0
    for found in reversed(list(re.finditer(_TAG, text))):
        if found[0] == ">":
            end = found.start()
            continue
        reach += end - found.start()
        if reach > MAX_TAG_REACH:
            what = f"too many HTML tags are opened here and not closed: {reach:,} characters until a `>`"
            raise _refusal(what, f"{MAX_TAG_REACH:,}", at(text.count("\n", 0, found.start())))


def _last_fences(lines: list[str]) -> dict[str, int]:
    """Where each kind of fence (```` ``` ````, `~~~~` …) closes for the last time."""
    last = {}
    for index, line in enumerate(lines):
        if "```" in line or "~~~" in line:
            text = line.strip("> \t")
            if not text.strip("`") or not text.strip("~"):
                last[text] = index
    return last


def _nests_too_deep(line: str) -> bool:
    if re.match(_NESTED_QUOTES, line) or re.match(_DEEP_ITEM, line):
        return True
    return bool(re.match(_NESTED_MARKERS, line)) and not re.match(_RULE, line)


def check_count(used: int, limit: int, what: str, at: Location | None) -> None:
    """Refuse a post that has more of something than the limit allows.

    Raises:
        FeedsError: the limit is passed.
    """
    if used > limit:
        raise _refusal(f"the post has {used:,} {what}", f"{limit:,}", at)


def check_inline(pieces: Sequence[str], locate: Callable[[str], Location | None]) -> None:
    """Refuse a post whose inline markup Markdown could not read in reasonable time.

    Args:
        pieces: its paragraphs, headings, items and cells.
        locate: says where in the file a piece of text stands.

    Raises:
        FeedsError: a limit is passed.
    """
    if not _may_pass(pieces):
        return
    budget = InlineBudget(locate)
    for piece in pieces:
        budget.spend(piece)


def _may_pass(pieces: Sequence[str]) -> bool:
    """Whether a limit of inline markup could be passed if all of it stood in one piece, which costs most."""
    text = "".join(pieces)
    return (
        len(pieces) > MAX_PIECES
        or (text.count("[") + text.count("(")) * len(text) > MAX_BRACKET_REACH
        or text.count("^") ** 2 + text.count("~") ** 2 > MAX_DELIMITER_PAIRS
        or len(text) ** 2 > MAX_MARKUP_REACH
    )


@dataclass(slots=True)
class InlineBudget:
    """What the inline markup of one post has used up; told of each paragraph, heading, item and cell.

    `locate` says where in the file a piece of text stands.
    """

    locate: Callable[[str], Location | None]
    pieces: int = 0
    brackets: int = 0
    delimiters: int = 0
    markup: int = 0

    def spend(self, text: str) -> None:
        """Count one piece of text.

        Raises:
            FeedsError: a limit is passed.
        """
        self.pieces += 1
        self.brackets += _bracket_reach(text)
        self.delimiters += text.count("^") ** 2 + text.count("~") ** 2
        self.markup += len(_MARK.findall(text)) * len(text)
        for used, limit, what in (
            (self.pieces, MAX_PIECES, "paragraphs, list items and table cells"),
            (self.brackets, MAX_BRACKET_REACH, "characters within brackets that nest or are never closed"),
            (self.delimiters, MAX_DELIMITER_PAIRS, "pairs of `^` or `~` in one paragraph"),
            (self.markup, MAX_MARKUP_REACH, "marks of markup times the length of their paragraph"),
        ):
            if used > limit:
                raise _refusal(f"too much markup: {used:,} {what}", f"{limit:,}", self.locate(text))


def _bracket_reach(text: str) -> int:
    """Characters from each `[` and each `(` of a link to what closes it, else to the end of the text.

    What stands between backticks may be code: a bracket there closes only one that was opened there.
    """
    if "[" not in text:
        return 0
    total = part = 0
    open_brackets: dict[str, list[tuple[int, int]]] = {"]": [], ")": []}
    for found in _BRACKET.finditer(text):
        mark, place = found[0], found.start()
        part += mark[0] == "`"
        closed = open_brackets.get(mark[0], ())
        if closed and (part % 2 == 0 or closed[-1][1] == part):
            total += place - open_brackets[mark[0]].pop()[0]
        if mark == "[":
            open_brackets["]"].append((place, part))
        elif mark == "](" or (mark == "(" and open_brackets[")"]):
            open_brackets[")"].append((place, part))
    return total + sum(len(text) - place for opened in open_brackets.values() for place, _ in opened)


def _refusal(what: str, limit: str, at: Location | None) -> FeedsError:
    return FeedsError(
        what, at, f"the limit is {limit}: split the post, or mend the markup", rule="post-too-large"
    )
