"""MDX, the Markdown of Docusaurus and Astro, as plain Markdown and HTML (https://mdxjs.com/docs/what-is-mdx/).

Nothing is run: components that many sites have are known by name, of all others what they enclose is kept.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from feeds.errors import FeedsError
from feeds.generators.docusaurus.paths import find_title
from feeds.generators.javascript.reading import parse_javascript
from feeds.model import Scalar
from feeds.posts.mdx_components import BLOCKS, DROPPED, Written, component, element
from feeds.posts.mdx_syntax import MAX_SPAN, Chunk, chunks_of, expression_end, module_end, read_tag
from feeds.posts.scope import Scope

_STOP = re.compile(r"[{<`\\$]|(?m:^(?=import[\s{*]|export[\s{*]))|(?m:^[ \t>]*:::.*$)")
_RUN = re.compile("`+")
_COMMENT = re.compile(r"\{\s*/\*(.*)\*/\s*\}", re.DOTALL)
_ASSET = re.compile(
    r"(?:require|useBaseUrl|withBaseUrl)\(\s*([\"'`])([^\"'`]+)\1\s*(?:,[^()]*)?\)(?:\.default)?"
)
_NAME = re.compile(r"([A-Za-z_$][\w$]*)(?:\.(?:default|src))?")
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#&|~:!$]")
_MARKS = re.compile(r"(?:[ \t]|(?:[-*+]|\d{1,9}[.)])[ \t])*")
_MATH = "math"
_LEAD = " \t>-*+.)0123456789"
"""What may stand on a line before the text of a quote or an item."""

_WASTE = 50 * MAX_SPAN
"""Characters that may be read in vain, for expressions and tags that do not end, before the rest is text."""
_DEEPEST = 200


def expand(text: str, scope: Scope) -> str:
    """The text without module code, expressions and components, and without the title that stands in it.

    The site's variable `format` is `mdx` where every post is MDX, `detect` where files that end in `.mdx`
    are, as in Astro, `md` where none is; the post's own `mdx: {format: …}` wins.
    """
    if scope.site.generator == "docusaurus" and (found := find_title(text)):
        _, start, end = found
        text = text[:start] + "\n" * text.count("\n", start, end) + text[end:]
    return _Expander(scope).run(text) if _is_mdx(scope) else text


def _is_mdx(scope: Scope) -> bool:
    own = scope.source.fields.values.get("mdx")
    format = str(own.get("format", "")) if isinstance(own, dict) else ""
    format = format or str(scope.site.variables.get("format", "detect"))
    return format == "mdx" or (format == "detect" and scope.source.path.endswith(".mdx"))


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet, and what to write where it is."""

    name: str
    closing: str


@dataclass(slots=True)
class _Expander:
    scope: Scope
    out: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    waste: int = 0
    last_comment: int = -1

    def run(self, text: str) -> str:
        chunks = list(chunks_of(text))
        if not any(sign in chunk.text for chunk in chunks if not chunk.is_code for sign in "{<") and (
            not re.search(r"^(?:import|export)\b", text, re.MULTILINE)
        ):
            return text if "mdx-code-block" not in text else "".join(chunk.text for chunk in chunks)
        for chunk in chunks:
            if chunk.is_code:
                self.out.append(chunk.text)
            else:
                self._text(chunk)
        self.out += [opened.closing for opened in reversed(self.open)]
        return "".join(self.out)

    def _text(self, chunk: Chunk) -> None:
        text, at = chunk.text, 0
        runs = _runs(text)
        self.last_comment = text.rfind("-->")
        has_math = any(extension.name == _MATH for extension in self.scope.site.markdown)
        while found := _STOP.search(text, at):
            start = found.start()
            self.out.append(text[at:start])
            at = start
            sign = text[at : at + 1] if found[0] else ""
            if found[0].lstrip(" \t>").startswith(":::"):
                end = found.end()
            elif not sign:
                end = self._module(text, at)
            elif sign == "`":
                end = _code_end(text, at, runs)
            elif sign == "{":
                end = self._expression(text, at, chunk.line)
            elif sign == "<":
                end = self._markup(text, at, chunk.line)
            elif sign == "$":
                end = _math_end(text, at) if has_math else at + 1
            else:
                end = min(at + 2, len(text))
            if end < 0:  # it is written already
                at = -end
            else:
                end = max(end, at + 1)
                self.out.append(text[at:end])
                at = end
        self.out.append(text[at:])

    # --- module code ------------------------------------------------------------------------------------

    def _module(self, text: str, at: int) -> int:
        before = text.rfind("\n", 0, max(at - 1, 0)) + 1
        if (at and text[before : at - 1].strip()) or self.waste > _WASTE:  # a line within a paragraph
            return at
        end, read = module_end(text, at)
        self.waste += read - end
        try:
            script = parse_javascript(text[at:end], self.scope.source.fields.path)
            self.imports.update(script.imports)
            values = script.variables
        except FeedsError:
            values = {}
        self.constants |= {name: str(value) for name, value in values.items() if isinstance(value, Scalar)}
        return -end if end > at else at

    # --- expressions ------------------------------------------------------------------------------------

    def _expression(self, text: str, at: int, line: int) -> int:
        if text.startswith("{#", at) or self.waste > _WASTE:
            return at + 1
        end = expression_end(text, at)
        if not end:
            self.waste += min(MAX_SPAN, len(text) - at)
            return at + 1
        if found := _COMMENT.fullmatch(text, at, end):
            self._comment(f"<!--{found[1].replace('--', '- -')}-->", text, at, end)
            return -end
        inner = text[at + 1 : end - 1].strip()
        value = self.known(inner)
        if value is None and inner:
            shown = " ".join(inner.split())
            self._warn(f"{{{shown[:40]}}}", "the expression {} is left out", text, at, line)
        self.out.append(_MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", value or ""))
        return -end

    def _comment(self, comment: str, text: str, at: int, end: int) -> None:
        """Write a comment; a line of text that began with one would be HTML as a whole in CommonMark."""
        lead = text[text.rfind("\n", 0, at) + 1 : at]
        begins = not lead.strip(_LEAD) or lead.rstrip().endswith(">")
        self.out.append(f"<span></span>{comment}" if begins and not _is_flow(text, at, end) else comment)

    def known(self, expression: str) -> str | None:
        """The text that an expression stands for, or the path of the file that it names; None without one."""
        if found := _ASSET.fullmatch(expression):
            return found[2]
        if found := _NAME.fullmatch(expression):
            name = found[1]
            if name == expression and name in self.constants:
                return self.constants[name]
            return self.imports.get(name) if "." in self.imports.get(name, "").rpartition("/")[2] else None
        if len(expression) > MAX_SPAN or not expression or expression[0] in "{[(<":
            return None
        try:
            value = parse_javascript(f"export default {expression}\n", "").exports.get("default")
        except FeedsError:
            return None
        return str(value) if isinstance(value, Scalar) and value.kind not in ("null", "bool") else None

    # --- elements ---------------------------------------------------------------------------------------

    def _markup(self, text: str, at: int, line: int) -> int:
        if text.startswith("<!--", at):
            if at + 4 > self.last_comment:
                return at + 1
            end = text.find("-->", at + 4) + 3
            self._comment(text[at:end], text, at, end)
            return -end
        if self.waste > _WASTE:
            return at + 1
        tag = read_tag(text, at)
        if tag is None:
            self.waste += 1 if not text[at + 1 : at + 2].isalpha() else min(MAX_SPAN, len(text) - at)
            return at + 1
        if tag.closes:
            self._close(tag.name, text, at, tag.end)
            return -tag.end
        if tag.name.lower() in DROPPED:
            closing = f"</{tag.name}>"
            end = tag.end if tag.is_whole else text.find(closing, tag.end) + len(closing)
            self.waste += 0 if end >= tag.end else len(text) - tag.end
            return -max(end, tag.end)
        attributes = self._attributes(tag.attributes)
        written = element(tag.name, attributes) if _is_html(tag.name) else component(tag.name, attributes)
        if written is None:
            what = "is left out" if tag.is_whole else "is left out, what it encloses is kept"
            self._warn(tag.name, f"the component {{}} {what}", text, at, line)
            written = Written()
        is_flow = _is_flow(text, at, tag.end) or tag.name in BLOCKS
        opening, closing = written.opening, written.closing
        self._write(opening + (closing if tag.is_whole and tag.name not in _VOID else ""), text, at, is_flow)
        if not tag.is_whole and tag.name not in _VOID and len(self.open) < _DEEPEST:
            self.open.append(_Open(tag.name, closing))
        return -tag.end

    def _close(self, name: str, text: str, at: int, end: int) -> None:
        names = [opened.name for opened in self.open]
        if name not in names:
            return
        closing = ""
        while self.open:
            opened = self.open.pop()
            closing += opened.closing
            if opened.name == name:
                break
        self._write(closing, text, at, _is_flow(text, at, end) or name in BLOCKS)

    def _write(self, markup: str, text: str, at: int, is_flow: bool) -> None:
        """Write markup, between blank lines where Markdown is to be read around it."""
        start = text.rfind("\n", 0, at) + 1
        lead = text[start:at]
        if not is_flow or lead.lstrip(" \t").startswith(">"):
            self.out.append(markup)
            return
        marks = _MARKS.match(lead)
        indent = re.sub(r"\S", " ", marks[0]) if marks else ""
        self.out.append(f"\n\n{indent}{markup}\n\n{indent}" if markup else f"\n\n{indent}")

    def _attributes(self, given: Mapping[str, str | bool]) -> dict[str, str]:
        """The attributes whose values are known, as texts."""
        found = {}
        for name, value in given.items():
            if isinstance(value, bool):
                found[name] = ""
            elif value.startswith("{"):
                known = self.known(value[1:-1].strip())
                sources = _ASSET_IN.search(value) if known is None else None
                if known is not None or sources:
                    found[name] = known if known is not None else sources[2] if sources else ""
            else:
                found[name] = html.unescape(value[1:-1])
        return found

    def _warn(self, key: str, message: str, text: str, at: int, line: int) -> None:
        if key not in self.told:
            self.told.add(key)
            number = line + text.count("\n", 0, at)
            help = "write it as Markdown or plain HTML"
            self.scope.warn("mdx", message.format(key), number, help)


_ASSET_IN = re.compile(_ASSET.pattern)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def _is_html(name: str) -> bool:
    return not name or (name[0].islower() and "." not in name)


def _is_flow(text: str, start: int, end: int) -> bool:
    """Whether a tag stands by itself on its lines."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    line_end = text.find("\n", end)
    after = text[end : len(text) if line_end < 0 else line_end]
    return not before.strip(" \t>") and not after.strip()


def _runs(text: str) -> dict[int, list[int]]:
    """Where backticks stand, by how many stand together."""
    runs: dict[int, list[int]] = {}
    for found in _RUN.finditer(text):
        runs.setdefault(len(found[0]), []).append(found.start())
    return runs


def _code_end(text: str, at: int, runs: Mapping[int, list[int]]) -> int:
    """The end of the code span that begins at a place, or of the backticks if none does."""
    found = _RUN.match(text, at)
    end = found.end() if found else at + 1
    places = runs.get(end - at, [])
    index = bisect_left(places, end)
    if index == len(places) or text.find("\n\n", end, places[index]) >= 0:
        return end
    return places[index] + end - at


def _math_end(text: str, at: int) -> int:
    """The end of the formula that begins at a place, or of the dollars if none does."""
    mark = "$$" if text.startswith("$$", at) else "$"
    limit = at + MAX_SPAN if mark == "$$" else text.find("\n\n", at)
    end = text.find(mark, at + len(mark), limit if limit >= 0 else len(text))
    return end + len(mark) if end >= 0 else at + len(mark)
