"""What of a post's Markdown has to be rendered for its excerpt, where that can be told for certain.

An excerpt that ends at the author's mark is a tenth of the post or less. The rest is rendered for nothing but
what it may say about the part above: definitions of links, notes and abbreviations, something opened above
and closed below. Where it says nothing, or can be told apart, the part above alone gives the same HTML;
anywhere else the whole post is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

_KNOWN = frozenset(
    (
        *("abbr", "admonition", "attr_list", "codehilite", "def_list", "footnotes", "md_in_html", "nl2br"),
        *("sane_lists", "smarty", "tables", "toc", "pymdownx.arithmatex", "pymdownx.betterem"),
        *("pymdownx.blocks.caption", "pymdownx.bracketspan", "pymdownx.caret", "pymdownx.details"),
        *("pymdownx.emoji", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys"),
        *("pymdownx.magiclink", "pymdownx.mark", "pymdownx.smartsymbols", "pymdownx.snippets"),
        *("pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde"),
    )
)
_KNOWN_OF_COMMONMARK = frozenset(
    (
        *("admonitions", "alerts", "attributes", "autolinks", "definition-lists", "emoji", "footnotes"),
        *("hard-breaks", "heading-ids", "highlight-comments", "indented-code", "insert", "kramdown", "mark"),
        *("mdx", "raw-html", "strikethrough", "subscript", "superscript", "tables", "task-lists"),
        "typographer",
    )
)
"""The extensions whose work ends with the block that they find it in, save what `_REACHING` names."""

_REACHING = re.compile(
    r"```|~~~"  # code
    r"|///|8<|\[TOC\]"  # blocks, snippets, the list of contents
    r"|\x02|\x03"  # what the library itself puts for things set apart
    r"|<(?!https?://[^\s<>\"'`]*>|[ =\d])"  # HTML
)
_REACHING_IN_COMMONMARK = rf"{_REACHING.pattern}|:::|\{{:|\$\$"
_MARK = re.compile(r"<!--([^\n]*?)-->[ ]*$", re.MULTILINE)
_SHOWS_TEXT = re.compile(r"(?:\A|\n\n)(?:#{1,6}[ ]+|[-*+>][ ]+|\*\*)?[^\W_]")
_PICTURE = re.compile(r"!\[|<[iI][mM](?:[gG]|[aA][gG][eE])\b")
# Names of no meaning, as in `--file=<name>`, and others that open nothing where they stand behind a word.
_PLACEHOLDER = re.compile(
    r"<(?:(?<=[^\s`]<)|(?<=[^\s`][ ]<))(?!(?:script|style|textarea|title|iframe|xmp|svg|math)>)[a-z]{1,20}>"
)
_VOID = re.compile(r'<(?:br|img)(?:[ ]+[\w-]+(?:=(?:"[^"<>]*"|[\w./:%-]+))?)*[ ]*/?>')
_LABEL = re.compile(r"\*\[(?P<word>[^\]]*)|\[(?P<id>[^\[\]]*)\]:")

# Compiled where they are used, since in many a build they are not.
_COMMENT = r"<(?:[!?]|/[^A-Za-z])|\{/\*|8<"
_PARAGRAPH = r"(?<=\n\n)(?:#{1,6}[ ]+)?[^\W\d_]"
_MAX_TRIES = 8
_INFO = r"(?:[ ]?[\w+.#-]+)?(?:[ ](?:title|linenums|hl_lines)=\"[^\"`~{}\n]*\")*"
_CODE = rf"\n(```|~~~){_INFO}\n(?:(?![^\n]*(?:```|~~~))[^\n]*\n)*\1(?=\n|\Z)"
_GAP = r"\n(?:[ \t]*\n)+"
_LINK = r"(?m:\[[^\[\]\n]+\]:[ ]+[^\s<>]+(?:[ ]+\"[^\"\n]*\")?[ ]*$(?!\n[ ]*[\"'(]))"
_ABBREVIATION = r"(?m:\*\[[^\\\[\]\n]+\]:[ ]+\S[^\n]*$)"
_NOTE = r"\[\^[^\[\]\n]+\]:"
_NOTHING_ELSE = f"(?:(?:{_LINK}|{_ABBREVIATION})\n)*"
_PLAIN_LINES = r"(?:(?:\*?\[[^\]\n]*\]:|[ ]*[^\W_])[^\n]*(?:\n|\Z))*"
_IMAGE = r"(?<![^\s\[(>|*_])!\[[^\[\]]*\]\(([\w./:?=%+,@~-]+)(?:[ ]+\"[^\"\n]*\")?\)"
_SOURCE = r'<img[^<>]*?[ ]src="([^"&]*)"'
_OBSCURE = r"(?m:^[ \t])|[`$\\{]|\+\+|\]:|\[\^|\]\([^()\n]*!\["


class Head:
    """The part of a post that has to be rendered, as Markdown or as HTML; and the Markdown of the rest.

    `source` is the Markdown that the HTML was made of.
    """

    __slots__ = ("rest", "source", "text")

    def __init__(self, text: str, rest: str, source: str = "") -> None:
        self.text, self.rest, self.source = text, rest, source


class Splitter:
    """Tells what of posts has to be rendered.

    Args:
        extensions: the site's Markdown extensions by name, with their options.
        appended: what is appended to every post; None where that is not known.
        is_commonmark: whether the extensions are those of `commonmark`.
    """

    def __init__(
        self,
        extensions: Mapping[str, Mapping[str, object]],
        appended: str | None = "",
        *,
        is_commonmark: bool = False,
    ) -> None:
        self._is_commonmark = is_commonmark
        self._reaching = re.compile(_REACHING_IN_COMMONMARK) if is_commonmark else _REACHING
        known = _KNOWN_OF_COMMONMARK if is_commonmark else _KNOWN
        is_known = extensions.keys() <= known and not extensions.get("toc", {}).get("marker")
        self._is_known = is_known and appended is not None and not _PICTURE.search(appended)
        self._has_appended = bool(appended)
        self._has_words = not extensions.keys().isdisjoint(("abbr", "kramdown"))
        self._has_notes = not extensions.keys().isdisjoint(("footnotes", "kramdown"))

    def head(self, body: str, marks: Collection[str]) -> Head | None:
        """What stands above the mark; None where the whole post has to be rendered.

        There is more text behind the mark, always. If anything follows the part above, it is the mark, and
        behind it what the part above may use.

        Args:
            body: the post's Markdown.
            marks: the texts of the comments that end an excerpt.
        """
        start = body.find("<!--") if self._is_known else -1
        mark = _MARK.match(body, start) if start >= 0 and body[start - 1 : start] in ("", "\n") else None
        if mark is None or " ".join(mark[1].split()).casefold() not in {each.casefold() for each in marks}:
            return None
        above, below = body[:start], body[mark.end() :]
        if self._is_commonmark and not (above[-2:] in ("", "\n\n") and below.startswith("\n\n")):
            return None
        return self._split(above, below.lstrip("\n"), mark[0])

    def beginning(self, body: str, least: int) -> Head | None:
        """The beginning of a post, of `least` characters or somewhat more; None where the whole is needed.

        There is more text behind it, always.
        """
        if not self._is_known or self._has_appended:
            return None
        for found in islice(re.compile(_PARAGRAPH).finditer(body, least), _MAX_TRIES):
            if head := self._split(body[: found.start()], body[found.start() :].lstrip("\n")):
                return head
        return None

    def is_unmarked(self, body: str) -> bool:
        """Whether a post certainly has no comment in it, and so no mark."""
        return self._is_known and not self._has_appended and not re.search(_COMMENT, body)

    def _split(self, above: str, rest: str, mark: str = "") -> Head | None:
        if self._reaches(above) or "///" in rest or "8<" in rest or not _is_apart(rest):
            return None
        definitions = self._definitions(above, rest)
        if definitions is None:
            return None
        is_followed = definitions or self._has_appended
        return Head("\n\n".join((above, mark, *definitions)) if is_followed else above, rest)

    def _reaches(self, text: str) -> bool:
        """Whether a text may hold something that what follows it has a part in."""
        prose = self._plain(text)
        if prose is None:
            return True
        # A note is moved to the end, and a picture in it.
        return "[^" in prose and "]:" in prose and _PICTURE.search(prose) is not None

    def _plain(self, text: str) -> str | None:
        """The text without code and what only looks like HTML; None if anything in it may reach further."""
        prose = _without_code(text)
        return None if self._reaching.search(_VOID.sub("", prose)) else prose

    def _definitions(self, above: str, rest: str) -> list[str] | None:
        """Definitions from the rest that the part above may use; None where they cannot be told apart."""
        if not any(self._defined(above, rest)):
            return []
        prose = self._plain(rest)
        if prose is None:
            return None
        definitions = []
        for block in re.split(_GAP, prose.strip("\n")):
            for start, pattern in self._defined(above, block):
                found = re.compile(pattern).match(block, start)
                if found is None or not _is_definition(block, start, pattern):
                    return None
                definitions.append(f"{found[0]} note" if pattern == _NOTE else found[0])
        return definitions

    def _defined(self, above: str, text: str) -> Iterator[tuple[int, str]]:
        """Where a text may define something that the part above may use, and how that should be written."""
        if "]:" not in text and "*[" not in text:
            return
        used = _squeezed(above)
        for found in _LABEL.finditer(text):
            word, id = found["word"], found["id"]
            if word is not None:
                if self._has_words and word.strip() in above:
                    yield found.start(), _ABBREVIATION
            elif id.startswith("^") and self._has_notes:
                if "[^" in above:
                    yield found.start(), _NOTE
            elif f"[{_squeezed(id)}]" in used:
                yield found.start(), _LINK

    def pictures(self, rest: str) -> Iterator[str | None]:
        """The addresses of the pictures in what is not rendered, in order; None where that is not certain."""
        if not _PICTURE.search(rest):
            return
        parts = re.split(_GAP, _without_code(rest))
        for number, part in enumerate(parts):
            if count := len(_PICTURE.findall(part)):
                is_tag = not self._is_commonmark and _VOID.fullmatch(part)
                found = re.findall(_SOURCE if is_tag else _IMAGE, part)
                opened = self._reaching.search(_VOID.sub("", "\n\n".join(parts[: number + 1])))
                yield from (None,) if opened or len(found) != count or re.search(_OBSCURE, part) else found


def _is_apart(text: str) -> bool:
    """Whether a text shows something, and cannot be part of what stands before it."""
    found = _SHOWS_TEXT.search(text)
    is_more = text.lstrip()[:1] in (":", "~", "{")  # definitions of the term above, its attributes
    return found is not None and "<" not in text[: found.start()] and not is_more


def _is_definition(block: str, start: int, pattern: str) -> bool:
    """Whether what is written like a definition is one: but for notes, nothing else may stand before it."""
    if not re.fullmatch(_PLAIN_LINES, block):
        return False  # such as one that is a heading by the line below it
    if pattern == _NOTE:
        return block[start - 1 : start] in ("", "\n")
    return re.compile(_NOTHING_ELSE).fullmatch(block, 0, start) is not None


def _without_code(text: str) -> str:
    """The text without blocks of code in their plainest form, and without placeholders."""
    if "```" in text or "~~~" in text:
        text = re.sub(_CODE, "", f"\n{text}").removeprefix("\n")
    return _PLACEHOLDER.sub("", text) if "<" in text else text


def _squeezed(text: str) -> str:
    return "".join(text.replace(">", "").split()).casefold()
