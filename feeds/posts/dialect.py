"""Python-Markdown and PyMdown Extensions, set up so that their HTML can become a feed.

Nothing else in the package knows either library.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.lazily import absent
from feeds.model import Report, Source
from feeds.posts.limits import MAX_BYTES, check_inline, check_text
from feeds.posts.signs import Signs
from feeds.posts.triggers import leading_characters, needed_characters
from feeds.watch import note_looked

# Priorities among Python-Markdown's own steps: snippets are at 32, inline markup at 20, emoji at 75.
_AFTER_SNIPPETS = 31.9
_BEFORE_INLINE = 21
_BEFORE_EMOJI = 76

# The empty group is what stays: the icon is a picture of the site's theme.
_ICON = r":(?:material|octicons|fontawesome|simple)-[a-z0-9][a-z0-9-]*:(?:\{[^}\n]*\})?()"
_LANGUAGE = re.compile(r"[\w.#+-]+")


class Dialect:
    """Markdown parsers with a site's extensions, used for one post after the other.

    Args:
        extensions: names and plain options, from `compile_extensions`.
        root: the folder that no snippet may lie outside of.
        report: told of extensions and options that do not work, and of snippets that cannot be used.
        appended: what snippets append to every text; None where that is not known.
    """

    def __init__(
        self,
        extensions: Mapping[str, Mapping[str, Any]],
        root: Path,
        report: Report,
        appended: str | None = "",
    ) -> None:
        self._extensions = extensions
        self._signs = Signs(extensions, appended)
        self._root = root.resolve()
        self._report = report
        self._source: Source | None = None
        self._snippet_bytes = 0
        self._small: Any = None
        """The parser for texts that need no more than any text does."""
        self._large: Any = None
        """The parser for the others, with the extensions that one of them has needed."""
        self._loaded: frozenset[str] = self._signs.always

    def convert(self, text: str, source: Source | None) -> str:
        """The HTML of Markdown text, which stands in `source` if that is given.

        Raises:
            FeedsError: a limit is passed, or an extension fails on the text.
        """
        self._source = source
        self._snippet_bytes = 0
        at = Location(source.fields.path) if source else None
        try:
            return str(self._parser_for(text).reset().convert(text))
        except FeedsError:
            raise
        except RecursionError:
            raise FeedsError(
                "lists, quotes or definitions nest deeper in this post than Markdown can follow",
                at,
                "put blank lines between them, or nest them less",
                rule="post-too-large",
            ) from None
        except Exception as error:
            raise FeedsError(
                f"this Markdown cannot be rendered: {type(error).__name__}: {error}",
                at,
                "look for unfinished markup, such as a `{: }` with nothing before it",
                rule="markdown",
            ) from error

    def _parser_for(self, text: str) -> Any:
        needed = self._signs.needed(text)
        if needed == self._signs.always:
            self._small = self._small or self._new_parser(needed)
            return self._small
        if self._large is None or not needed <= self._loaded:
            self._loaded |= needed
            self._large = self._new_parser(self._loaded)
        return self._large

    def _new_parser(self, names: Collection[str]) -> Any:
        from markdown import Markdown
        from markdown.inlinepatterns import SimpleTextInlineProcessor

        class Parser(Markdown):  # type: ignore[misc]
            def build_extension(self, ext_name: str, configs: Mapping[str, Any]) -> Any:
                """The extension of that name among those that are known, whatever else is installed."""
                with absent("pygments"):  # no code is coloured here
                    module = import_module(ext_name if "." in ext_name else f"markdown.extensions.{ext_name}")
                return module.makeExtension(**configs)

        parser = Parser()
        for name, options in self._extensions.items():
            if name in names:
                self._load(parser, name, options)
        if "emoji" in parser.inlinePatterns:
            icons = SimpleTextInlineProcessor(_ICON, parser)
            parser.inlinePatterns.register(icons, "feeds-icons", _BEFORE_EMOJI)
        if "snippet" in parser.preprocessors:
            self._guard_snippets(parser.preprocessors["snippet"])
        parser.preprocessors.register(_Step(self._check_lines), "feeds-limits", _AFTER_SNIPPETS)
        parser.treeprocessors.register(_Step(self._check_inline), "feeds-limits", _BEFORE_INLINE)
        _quicken(parser)
        return parser

    def _load(self, parser: Any, name: str, options: Mapping[str, Any]) -> None:
        try:
            known = parser.build_extension(name, {}).config
            for key in sorted(set(options) - set(known)):
                self._warn_of_extension(f"the Markdown extension {name} has no option {key}")
            taken = {**{key: options[key] for key in options if key in known}, **_objects(name, options)}
            parser.registerExtensions([name], {name: taken})
        except Exception as error:  # noqa: BLE001 - each extension checks its options in its own way
            self._warn_of_extension(
                f"the Markdown extension {name} cannot be loaded, posts are shown without what it does: "
                f"{type(error).__name__}: {error}"
            )

    def _guard_snippets(self, snippets: Any) -> None:
        """Have snippets say what they miss, and refuse those that lie elsewhere or add up to too much."""
        find = snippets.get_snippet_path

        def guarded(name: str) -> str | None:
            for folder in snippets.base_path:
                note_looked(str(Path(folder, name)))
            found = find(name)
            if problem := self._snippet_problem(found):
                if self._source:  # else a title is rendered by itself, and the post will say so
                    help = "the post is shown without it; its path counts from the folder of mkdocs.yml"
                    message, at = f"the snippet {name} {problem}", self._locate(name)
                    self._report(Finding(Severity.WARNING, "missing-snippet", message, at, help))
                return None
            return str(found)

        snippets.get_snippet_path = guarded

    def _snippet_problem(self, found: str | None) -> str:
        """What is wrong with the file of a snippet, "" if nothing is."""
        if found is None:
            return "is not there"
        path = Path(found).resolve()
        if not path.is_relative_to(self._root):
            return "lies outside the site"
        try:
            if not path.is_file():
                return "is not a file"
            self._snippet_bytes += path.stat().st_size
            if self._snippet_bytes > MAX_BYTES:
                return f"makes the post larger than the limit of {MAX_BYTES:,} bytes"
            path.read_text(encoding="utf-8")
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        except UnicodeDecodeError:
            return "is not UTF-8"
        return ""

    def _check_lines(self, lines: list[str]) -> list[str]:
        check_text("\n".join(lines), self._source.fields.path if self._source else "")
        return lines

    def _check_inline(self, root: Any) -> None:
        from markdown.util import AtomicString

        pieces = []
        for element in root.iter():
            pieces.append("" if isinstance(element.text, AtomicString) else element.text or "")
            if element.tail and not element.tail.isspace():
                pieces.append(element.tail)
        check_inline(pieces, self._locate)

    def _locate(self, text: str) -> Location | None:
        """Where the first line of a text stands in the post at hand."""
        if self._source is None:
            return None
        head = text.strip().split("\n")[0].split("\x02")[0][:60]
        place = self._source.body.find(head) if head else -1
        line = self._source.body_line + self._source.body.count("\n", 0, place) if place >= 0 else None
        return Location(self._source.fields.path, line)

    def _warn_of_extension(self, message: str) -> None:
        help = "mend markdown_extensions in the site's configuration"
        self._report(Finding(Severity.WARNING, "markdown-extension", message, None, help))


class _Step:
    """A step of ours among the parser's own."""

    def __init__(self, run: Any) -> None:
        self.run = run


def _quicken(parser: Any) -> None:
    """Have steps look only at texts that hold what they look for.

    With the extensions of most sites there are thirty patterns of inline markup, and few of them match in any
    one text. Blocks of HTML are read in Python, tag by tag.
    """
    from markdown.treeprocessors import InlineProcessor
    from markdown.util import AtomicString

    blocks = parser.preprocessors["html_block"]
    blocks.run = partial(_read_blocks, blocks.run)
    apply = "_InlineProcessor__applyPattern"
    if not all(hasattr(InlineProcessor, name) for name in (apply, "_InlineProcessor__handleInline")):
        return  # a version that is made in another way

    class Quick(InlineProcessor):  # type: ignore[misc]
        def _InlineProcessor__handleInline(self, data: Any, patternIndex: int = 0) -> Any:  # noqa: N802, N803
            if isinstance(data, AtomicString):
                return data
            apply_pattern, marks = getattr(self, apply), self.marks
            there = set(marks(data))
            for index in range(patternIndex, len(self.needs)):
                pattern, needed, find = self.needs[index]
                if needed is not None and needed.isdisjoint(there):
                    continue
                before, matched, start = data, True, 0
                while matched and (found := find(data, start)):
                    data, matched, start = apply_pattern(pattern, data, index, found.start())
                if data is not before:
                    there = set(marks(data))
            return data

    for step in parser.treeprocessors:
        if type(step) is InlineProcessor:
            step.__class__ = Quick
            step.needs = [(each, *_needs(each.getCompiledRegExp())) for each in step.inlinePatterns]
            needed = "".join(sorted(set().union(*(needed or () for _, needed, _ in step.needs))))
            step.marks = re.compile(f"[{re.escape(needed)}]").findall


def _read_blocks(read: Callable[[list[str]], list[str]], lines: list[str]) -> list[str]:
    """Set blocks of HTML apart, if there can be any."""
    text = "\n".join(lines)
    return read(lines) if "<" in text or "&" in text else text.split("\n")


def _needs(pattern: re.Pattern[str]) -> tuple[frozenset[str] | None, Callable[..., Any]]:
    """Which characters a pattern needs, and what finds where in a text it may match next."""
    leading = leading_characters(pattern)
    first = "" if leading is None else f"[{re.escape(''.join(sorted(leading)))}]"
    return needed_characters(pattern), re.compile(first).search


def _objects(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an extension that are functions."""
    if name == "pymdownx.emoji":
        from pymdownx.emoji import to_alt

        index = _gemoji if options.get("emoji_index") == "gemoji" else _twemoji
        return {"emoji_index": index, "emoji_generator": to_alt}
    if name == "pymdownx.superfences":
        from pymdownx.superfences import fence_code_format

        anything = {"name": "*", "class": "", "format": _format_code, "validator": _accept_options}
        named = [{**fence, "format": fence_code_format} for fence in options.get("custom_fences", ())]
        return {"custom_fences": [anything, *named], "relaxed_headers": True}
    return {}


def _gemoji(*_: object) -> dict[str, Any]:
    """GitHub's short names, not copied as the library does: nothing changes them."""
    from pymdownx import gemoji_db

    return {"name": gemoji_db.name, "emoji": gemoji_db.emoji, "aliases": gemoji_db.aliases}


def _twemoji(*_: object) -> dict[str, Any]:
    """Those of Twemoji."""
    from pymdownx import twemoji_db

    return {"name": twemoji_db.name, "emoji": twemoji_db.emoji, "aliases": twemoji_db.aliases}


def _accept_options(language: str, inputs: dict[str, Any], options: dict[str, Any], *_: object) -> bool:
    """Take every option of a fence (`title=`, `hl_lines=` …): one not known would make it a paragraph."""
    options.update(inputs)
    return True


def _format_code(
    source: str, language: str | None, _class: str, options: dict[str, Any], *_: object, **__: object
) -> str:
    """A fence as plain code, not highlighted: no feed carries the style sheet."""
    title = options.get("title")
    name = f'<span class="filename">{html.escape(title)}</span>' if isinstance(title, str) else ""
    named = language and _LANGUAGE.fullmatch(language)
    attribute = f' class="language-{language}"' if named else ""
    code = html.escape(source, quote=False)
    return f'<div class="highlight">{name}<pre><code{attribute}>{code}</code></pre></div>'


def emoji_of(name: str) -> str | None:
    """The character that GitHub's short name stands for, such as `tada`; None if it is none."""
    index = _gemoji()
    short = f":{name}:"
    known = index["emoji"].get(index["aliases"].get(short, short))
    codes = (known.get("unicode_alt") or known.get("unicode")) if known else None
    return "".join(chr(int(code, 16)) for code in codes.split("-")) if codes else None
