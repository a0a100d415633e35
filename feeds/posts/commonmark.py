"""CommonMark and what site generators add to it, set up so that its HTML can become a feed.

Nothing else in the package knows markdown-it-py and its plugins. The rules of our own that they run stand in
`commonmark_blocks`, `commonmark_links`, `commonmark_text`, `kramdown_blocks` and `kramdown_text`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Report, Source
from feeds.posts import commonmark_blocks as blocks
from feeds.posts import commonmark_links as links
from feeds.posts import commonmark_text as texts
from feeds.posts import kramdown_blocks, kramdown_text
from feeds.posts.bounds import MAX_NESTING
from feeds.posts.limits import (
    MAX_LINES,
    MAX_MARKS,
    MAX_REPEATED,
    InlineBudget,
    check_count,
    check_text,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

Extensions = Mapping[str, Mapping[str, Any]]

OPTIONS: Mapping[str, frozenset[str]] = {
    "tables": frozenset(),
    "strikethrough": frozenset({"single"}),
    "footnotes": frozenset({"inline"}),
    "definition-lists": frozenset(),
    "task-lists": frozenset(),
    "autolinks": frozenset(),
    "attributes": frozenset({"blocks", "spans"}),
    "heading-ids": frozenset(),
    "kramdown": frozenset(),
    "admonitions": frozenset(),
    "alerts": frozenset(),
    "typographer": frozenset(),
    "hard-breaks": frozenset(),
    "emoji": frozenset(),
    "math": frozenset({"inline", "block"}),
    "insert": frozenset(),
    "mark": frozenset(),
    "subscript": frozenset(),
    "superscript": frozenset(),
    "raw-html": frozenset({"keep"}),
    "indented-code": frozenset({"keep"}),
    "mdx": frozenset(),
    "highlight-comments": frozenset(),
}
"""Every extension by name, with its options.

- `strikethrough` takes `~one~` tilde too unless `single` is false; `footnotes` take `^[text]` where `inline`.
- `attributes` are `{#id .class}` after headings, after blocks where `blocks`, after links, images and code
  where `spans`.
- `math` takes lists of pairs of delimiters: `inline` ones such as `[["$", "$"]]`, `block` ones such as
  `[["$$", "$$"]]`.
- `raw-html` and `indented-code` are on unless `keep` is false.
- `mdx` has the text between tags read as Markdown too, and no indented code.
- `highlight-comments` are the lines of code that only tell Docusaurus what to colour.
- `kramdown` stands for all that kramdown's parser of GitHub's Markdown knows, whatever else is named;
  `hard-breaks` and `typographer` are added to it where its settings have them.
"""

_KRAMDOWN: Extensions = {
    "strikethrough": {"single": False},
    "footnotes": {},
    "definition-lists": {},
    "task-lists": {},
    "heading-ids": {},
    "math": {"inline": (("$$", "$$"),), "block": (("$$", "$$"),)},
}
_LANGUAGE = re.compile(r"(?:\{\s*\.)?([\w#+-][\w.#+-]*)(?!\w*=)")
_MARK = re.compile(r"[!#$&*+:<=>@\[\\\]^_`{}~-]")
_MARKED = (("insert", "+", "ins"), ("mark", "=", "mark"))


class CommonMark:
    """One Markdown parser with its extensions, used for one post after the other.

    Args:
        extensions: options by the names in `OPTIONS`.
        report: told of extensions and options that there are not.
    """

    def __init__(self, extensions: Extensions, report: Report) -> None:
        self._report = report
        self._source: Source | None = None
        known = {name: options for name, options in extensions.items() if self._is_known(name, options)}
        self._parser = _parser(_as_kramdown(known) if "kramdown" in known else known)
        self._parser.core.ruler.before("inline", "feeds-limits", self._check_blocks)
        self._parser.core.ruler.push("feeds-repeats", self._check_repeats)

    def convert(self, text: str, source: Source | None) -> str:
        """The HTML of Markdown text, which stands in `source` if that is given.

        Raises:
            FeedsError: a limit is passed.
        """
        self._source = source
        check_text(text, source.fields.path if source else "")
        check_count(text.count("\n") + 1, MAX_LINES, "lines", self._at())
        try:
            return str(self._parser.render(text, {}))
        except RecursionError:
            raise self._too_deep() from None

    def _check_blocks(self, state: Any) -> None:
        budget = InlineBudget(self._locate)
        marks = 0
        for token in state.tokens:
            if token.type == "inline":
                budget.spend(token.content)
                marks += len(_MARK.findall(token.content))
            elif token.level >= 2 * MAX_NESTING:
                raise self._too_deep()
        check_count(marks, MAX_MARKS, "signs that may be markup in its text", self._at())

    def _check_repeats(self, state: Any) -> None:
        what = "characters of addresses and titles, each definition counted wherever it is used"
        check_count(sum(_repeated(state.tokens)), MAX_REPEATED, what, self._at())

    def _too_deep(self) -> FeedsError:
        return FeedsError(
            "lists, quotes or images nest deeper in this post than Markdown can follow",
            self._at(),
            "put blank lines between them, or nest them less",
            rule="post-too-large",
        )

    def _at(self) -> Location | None:
        return Location(self._source.fields.path) if self._source else None

    def _locate(self, text: str) -> Location | None:
        """Where the first line of a text stands in the post at hand."""
        if self._source is None:
            return None
        head = text.strip().split("\n")[0][:60]
        place = self._source.body.find(head) if head else -1
        line = self._source.body_line + self._source.body.count("\n", 0, place) if place >= 0 else None
        return Location(self._source.fields.path, line)

    def _is_known(self, name: str, options: Mapping[str, Any]) -> bool:
        problems = [f"there is no Markdown extension {name}"] if name not in OPTIONS else []
        for option in sorted(set(options) - OPTIONS.get(name, set(options))):
            problems.append(f"the Markdown extension {name} has no option {option}")
        for problem in problems:
            help = f"there are {', '.join(OPTIONS)}"
            self._report(Finding(Severity.WARNING, "markdown-extension", problem, None, help))
        return name in OPTIONS


def _repeated(tokens: Iterable[Any]) -> Iterable[int]:
    """The lengths of the addresses and titles that definitions elsewhere in the post may bring in."""
    for token in tokens:
        yield sum(len(str(value)) for value in token.attrs.values())
        yield from _repeated(token.children or ())


def _as_kramdown(extensions: Extensions) -> Extensions:
    """The extensions with kramdown's own in place of those that do the same in another way."""
    others = {name: options for name, options in extensions.items() if name not in ("attributes", "tables")}
    return {**others, **_KRAMDOWN}


# --- the parser -------------------------------------------------------------------------------------------


def _parser(extensions: Extensions) -> MarkdownIt:
    from markdown_it import MarkdownIt

    options = {"html": True, "breaks": "hard-breaks" in extensions, "maxNesting": 2 * MAX_NESTING + 4}
    parser = MarkdownIt("js-default", options)
    parser.options["strikethrough_single_tilde"] = bool(
        extensions.get("strikethrough", {}).get("single", True)
    )
    # Where a link may lead is decided where it is made absolute, and there it is encoded.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    for name, rule in (("tables", "table"), ("strikethrough", "strikethrough")):
        if name not in extensions:
            parser.disable(rule)
    if "mdx" in extensions or not extensions.get("indented-code", {}).get("keep", True):
        parser.disable("code")
    if "mdx" in extensions:
        parser.disable("html_block")
    _use_plugins(parser, extensions)
    _use_block_rules(parser, extensions)
    _use_text_rules(parser, extensions)
    _use_renderers(parser, extensions)
    return parser


def _use_plugins(parser: MarkdownIt, extensions: Extensions) -> None:
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.subscript import sub_plugin
    from mdit_py_plugins.superscript import superscript_plugin

    for name, plugin in (
        ("definition-lists", deflist_plugin),
        ("subscript", sub_plugin),
        ("superscript", superscript_plugin),
    ):
        if name in extensions:
            parser.use(plugin)
    if "footnotes" in extensions:
        parser.use(footnote_plugin, inline=bool(extensions["footnotes"].get("inline")))


def _use_block_rules(parser: MarkdownIt, extensions: Extensions) -> None:
    block, core = parser.block.ruler, parser.core.ruler
    interrupting: Any = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    if "admonitions" in extensions:
        block.before("fence", "feeds-admonition", blocks.admonition, interrupting)
    if "math" in extensions:
        rule = blocks.math(extensions["math"].get("block", (("$$", "$$"),)))
        block.before("fence", "feeds-math", rule, {} if "kramdown" in extensions else interrupting)
    if "kramdown" in extensions:
        _use_kramdown(parser, interrupting)
    if "alerts" in extensions:
        core.after("block", "feeds-alerts", blocks.quotes_to_alerts)
    if "task-lists" in extensions:
        core.after("block", "feeds-tasks", blocks.take_task_marks)
    if {"attributes", "heading-ids"} & set(extensions):
        core.after("block", "feeds-headings", blocks.strip_heading_attributes)
    if extensions.get("attributes", {}).get("blocks"):
        core.after("block", "feeds-attributes", blocks.strip_block_attributes)


def _use_kramdown(parser: MarkdownIt, interrupting: Any) -> None:
    from markdown_it.rules_block import hr, list_block

    block = parser.block.ruler
    block.at("hr", hr)
    block.at("lheading", kramdown_blocks.underlined_heading)
    block.at("list", kramdown_blocks.lists(list_block), {"alt": ["paragraph", "reference", "blockquote"]})
    block.at("html_block", kramdown_blocks.html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    block.before("html_block", "kramdown-extension", kramdown_blocks.extension, interrupting)
    block.before("html_block", "kramdown-attributes", kramdown_blocks.attributes, interrupting)
    block.before("html_block", "kramdown-abbreviation", kramdown_blocks.abbreviation, interrupting)
    block.before("paragraph", "kramdown-table", kramdown_blocks.table)
    parser.core.ruler.after("block", "kramdown-attributes", kramdown_blocks.drop_attributes)
    parser.core.ruler.after("block", "kramdown-links", kramdown_text.allow_blanks_in_links)


def _use_text_rules(parser: MarkdownIt, extensions: Extensions) -> None:
    from markdown_it.rules_inline import emphasis, html_inline

    inline, core = parser.inline.ruler, parser.core.ruler
    raw_html = texts.raw_html(html_inline)
    inline.at("html_inline", kramdown_text.raw_html(raw_html) if "kramdown" in extensions else raw_html)
    if "autolinks" in extensions:
        inline.push("feeds-web-address", links.web_address)
        inline.push("feeds-mail-address", links.mail_address)
        core.after("inline", "feeds-hosts", links.link_hosts)
    if "math" in extensions:
        options = extensions["math"]
        pairs = (*options.get("block", (("$$", "$$"),)), *options.get("inline", (("$", "$"),)))
        inline.before("escape", "feeds-math", texts.math(pairs))
    for name, sign, tag in _MARKED:
        if name in extensions:
            inline.before("emphasis", f"feeds-{name}", texts.marked(sign, tag))
    if extensions.get("attributes", {}).get("spans"):
        inline.before("emphasis", "feeds-attributes", texts.attributes)
    if "kramdown" in extensions:
        inline.at("emphasis", kramdown_text.emphasis(emphasis.tokenize))
        inline.before("escape", "kramdown-break", kramdown_text.line_break)
        inline.before("emphasis", "kramdown-extension", kramdown_text.extension)
        inline.before("emphasis", "kramdown-attributes", kramdown_text.attributes)
        core.after("inline", "kramdown-abbreviations", kramdown_text.abbreviate)
    if "task-lists" in extensions:
        core.after("inline", "feeds-task-boxes", texts.show_task_marks)
    if "emoji" in extensions:
        core.after("inline", "feeds-emoji", texts.show_emoji)
    if "typographer" in extensions:
        core.after("inline", "feeds-typographer", texts.set_type)


# --- what it writes ---------------------------------------------------------------------------------------


def _use_renderers(parser: MarkdownIt, extensions: Extensions) -> None:
    hides_comments = "highlight-comments" in extensions
    rules: dict[str, Any] = {
        "fence": lambda self, tokens, index, *_: _fence(tokens[index], hides_comments),
        "feeds_html": lambda self, tokens, index, *_: tokens[index].content,
        "footnote_ref": lambda self, tokens, index, *_: _footnote_ref(tokens[index]),
        "footnote_anchor": lambda self, tokens, index, *_: "",
        "footnote_block_open": lambda self, tokens, index, *_: '<div class="footnotes">\n<ol>\n',
        "footnote_block_close": lambda self, tokens, index, *_: "</ol>\n</div>\n",
    }
    if not extensions.get("raw-html", {}).get("keep", True):
        for name in ("html_block", "html_inline"):
            rules[name] = lambda self, tokens, index, *_: blocks.comments_of(tokens[index].content)
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)


def _fence(token: Any, hides_comments: bool) -> str:
    """A fence as plain code, not highlighted: no feed carries the style sheet."""
    info = token.info.strip()
    found = _LANGUAGE.match(info)
    language = found[1] if found else ""
    text = blocks.without_highlight_comments(token.content) if hides_comments else token.content
    code = html.escape(text, quote=False)
    if language == "mermaid":
        return f'<pre class="mermaid"><code>{code}</code></pre>\n'
    title = blocks.fence_title(info)
    name = f'<span class="filename">{html.escape(title)}</span>' if title else ""
    attribute = f' class="language-{html.escape(language)}"' if language else ""
    return f'<div class="highlight">{name}<pre><code{attribute}>{code}</code></pre></div>\n'


def _footnote_ref(token: Any) -> str:
    number = token.meta["id"] + 1
    return f'<sup id="fnref:{number}"><a class="footnote-ref" href="#fn:{number}">{number}</a></sup>'
