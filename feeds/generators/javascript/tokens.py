"""The tokens of a JavaScript or TypeScript file, with the brackets that belong together; nothing is run."""

from __future__ import annotations

import re
from typing import NamedTuple

from feeds.errors import FeedsError, Location

MAX_LENGTH = 500_000
"""Characters of a file, beyond which it is refused."""

MAX_NESTING = 100
"""Brackets inside each other, beyond which a file is refused."""

LAST = 4
"""Tokens without text at the end, so that a few can be looked at beyond any other."""

_BLANK = re.compile(r"(?:[\s\ufeff]|//[^\n]*)*")
_NAME = re.compile(r"[\w$\\#@]+")
_NUMBER = re.compile(
    r"0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?"
)
_STRINGS = {
    '"': re.compile(r'"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"'),
    "'": re.compile(r"'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'"),
}
_PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[[^\]\\\n]*(?:\\[^\n][^\]\\\n]*)*\])+/\w*")
_TEMPLATE_TEXT = re.compile(r"[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*")
_SIGN = re.compile(r"=>|\.\.\.|\?\.(?!\d)|\?\?=?|&&=?|\|\|=?|===?|!==?|<=|>=|\+\+|--|\*\*|[-+*/%&|^]=|[\s\S]")
_CLOSERS = {"(": ")", "[": "]", "{": "}", "${": "}", "`": "`"}
_BEFORE_PATTERN = frozenset(
    "( , = : [ ! & | ? { } ; + - * % ~ ^ => && || ?? === !== == != ${ ... += return typeof case in of".split()
)


class Token(NamedTuple):
    """A piece of the file.

    `kind` is `name`, `number`, `string`, `pattern`, `text` (of a template) or `sign`; `start` and `end` are
    where it lies in the file, `line` and `column` the same for messages; `pair` is the index of the token
    that opens or closes with it, -1 for none; `scope` that of the curly bracket around it, -1 for the file.
    """

    kind: str
    text: str
    start: int
    end: int
    line: int
    column: int
    pair: int
    scope: int


def tokens_of(text: str, path: str, first_line: int = 1) -> list[Token]:
    """All tokens but blanks and comments; the `LAST` ones are without text.

    What is no JavaScript, such as the text between JSX tags, becomes tokens of some kind too.

    Args:
        text: the file.
        path: what messages call it.
        first_line: the line of the first character.

    Raises:
        FeedsError: a bracket, template or comment is never closed, or the file is too large.
    """
    return _Reader(text, path, first_line).read()


class _Reader:
    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text, self.path, self.line, self.line_start = text, path, first_line, 0
        self.tokens: list[Token] = []
        self.open: list[int] = []
        self.scopes: list[int] = [-1]
        self.dead: dict[str, int] = {}
        """Up to where a quote or slash has been found to begin nothing, so that no line is searched twice."""

    def read(self) -> list[Token]:
        if len(self.text) > MAX_LENGTH:
            message = f"the file is longer than {MAX_LENGTH:,} characters"
            raise FeedsError(message, Location(self.path), "no configuration is", rule="javascript")
        at = 0
        while True:
            if self.open and self.tokens[self.open[-1]].text == "`":
                at = self._template(at)
                continue
            at = self._blank(at)
            if at >= len(self.text):
                break
            at = self._token(at)
        if self.open:
            opener = self.tokens[self.open[-1]]
            raise self._error(f"the {opener.text!r} is never closed", opener.line)
        for _ in range(LAST):
            self._add("sign", "", at, at)
        return self.tokens

    def _error(self, message: str, line: int) -> FeedsError:
        return FeedsError(f"this is not JavaScript: {message}", Location(self.path, line), rule="javascript")

    def _blank(self, at: int) -> int:
        while True:
            found = _BLANK.match(self.text, at)
            end = found.end() if found else at
            self._pass(at, end)
            if not self.text.startswith("/*", end):
                return end
            at = self.text.find("*/", end + 2) + 2
            if at < 2:
                raise self._error("the comment is never closed", self.line)
            self._pass(end, at)

    def _add(self, kind: str, text: str, start: int, end: int, pair: int = -1) -> int:
        column = start - self.line_start + 1
        self.tokens.append(Token(kind, text, start, end, self.line, column, pair, self.scopes[-1]))
        self._pass(start, end)
        return end

    def _pass(self, start: int, end: int) -> None:
        """Count the lines of a part of the file that has been read."""
        if lines := self.text.count("\n", start, end):
            self.line += lines
            self.line_start = self.text.rfind("\n", start, end) + 1

    def _token(self, at: int) -> int:
        sign = self.text[at]
        follower = self.text[at + 1 : at + 2]
        if sign.isdigit() or (sign == "." and follower.isdigit()):
            found = _NUMBER.match(self.text, at)
            if found and found.end() > at:
                return self._add("number", found[0], at, found.end())
        if found := _NAME.match(self.text, at):
            return self._add("name", found[0], at, found.end())
        if sign in _STRINGS and (end := self._whole(_STRINGS[sign], sign, at)):
            return self._add("string", self.text[at:end], at, end)
        if sign == "/" and self._may_be_pattern() and (end := self._whole(_PATTERN, sign, at)):
            return self._add("pattern", self.text[at:end], at, end)
        if sign in "([{`":
            return self._opening(sign, at, at + 1)
        if sign in ")]}":
            return self._closing(sign, at)
        found = _SIGN.match(self.text, at)
        text = found[0] if found else sign
        return self._add("sign", text, at, at + len(text))

    def _whole(self, pattern: re.Pattern[str], sign: str, at: int) -> int:
        """Where the string or pattern ends that begins here; 0 if it does not end on its line."""
        if at < self.dead.get(sign, 0):
            return 0
        if found := pattern.match(self.text, at):
            return found.end()
        end = self.text.find("\n", at)
        self.dead[sign] = len(self.text) if end < 0 else end
        return 0

    def _may_be_pattern(self) -> bool:
        before = self.tokens[-1] if self.tokens else None
        return before is None or (before.kind in ("sign", "name") and before.text in _BEFORE_PATTERN)

    def _opening(self, sign: str, start: int, end: int) -> int:
        if len(self.open) >= MAX_NESTING:
            raise self._error(f"brackets nest deeper than {MAX_NESTING}", self.line)
        self.open.append(len(self.tokens))
        self._add("sign", sign, start, end)
        if sign == "{":
            self.scopes.append(len(self.tokens) - 1)
        return end

    def _closing(self, sign: str, at: int) -> int:
        opener = self.tokens[self.open[-1]] if self.open else None
        if opener is None or _CLOSERS[opener.text] != sign:
            wanted = f"; the {opener.text!r} of line {opener.line} is open" if opener else ""
            raise self._error(f"{sign!r} closes nothing{wanted}", self.line)
        index = self.open.pop()
        if opener.text == "{":
            self.scopes.pop()
        self.tokens[index] = opener._replace(pair=len(self.tokens))
        return self._add("sign", sign, at, at + 1, index)

    def _template(self, at: int) -> int:
        found = _TEMPLATE_TEXT.match(self.text, at)
        end = found.end() if found else at
        if end > at:
            self._add("text", self.text[at:end], at, end)
        if self.text.startswith("${", end):
            return self._opening("${", end, end + 2)
        if end >= len(self.text) or self.text[end] != "`":
            raise self._error("the template is never closed", self.tokens[self.open[-1]].line)
        return self._closing("`", end)
