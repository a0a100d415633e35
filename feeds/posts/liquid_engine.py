"""Liquid itself (https://shopify.github.io/liquid/): the only module that knows python-liquid.

The library is told here what it leaves open: texts are taken apart in linear time, filters and loops have
limits, nothing reads the clock, and whatever cannot be understood is left out and reported.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from io import StringIO
from typing import Any, TextIO

from liquid import Environment, Mode, RenderContext, Token, TokenStream
from liquid.ast import BlockNode, IllegalNode, Node
from liquid.builtin.expressions import FilteredExpression, tokenize
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import LiquidError, LiquidTypeError, ResourceLimitError, StopRender
from liquid.parser import get_parser
from liquid.tag import Tag as LibraryTag
from liquid.template import BoundTemplate
from liquid.token import (
    TOKEN_CONTENT,
    TOKEN_EXPRESSION,
    TOKEN_ILLEGAL,
    TOKEN_OUTPUT,
    TOKEN_TAG,
)
from liquid.undefined import Undefined

from feeds.posts.liquid_dialect import Call, Dialect, Tag, Warn
from feeds.posts.liquid_filters import FILTERS, shown
from feeds.posts.liquid_scanner import Scanner

MAX_ROUNDS = 20_000
"""Rounds of all loops of a text together."""

MAX_TEXT = 1_000_000
"""Characters of a text, and of what a filter makes."""

_MAX_NUMBER = 10**100
_KINDS = {"text": TOKEN_CONTENT, "output": TOKEN_OUTPUT, "tag": TOKEN_TAG}
_WIDE = frozenset({"replace", "replace_first", "replace_last", "join", "array_to_sentence_string"})


def render(text: str, dialect: Dialect, warn: Warn) -> str:
    """A text with its Liquid expanded.

    Args:
        text: with tags and outputs.
        dialect: what these can name.
        warn: told of what is left out.
    """
    return _Engine(dialect, warn).render(text, {})


class _Engine(Environment):
    """The library's environment for one text and what it includes."""

    block_nesting_limit = 50
    context_depth_limit = 30
    loop_iteration_limit = MAX_ROUNDS
    output_stream_limit = 4 * MAX_TEXT

    def __init__(self, dialect: Dialect, warn: Warn) -> None:
        super().__init__(
            tolerance=Mode.LAX, strict_filters=False, undefined=Undefined, globals=dialect.variables
        )
        self.template_class = _Template
        self.report = warn
        self.rounds = 0
        self.outer: int | None = None
        self.starts: dict[str, list[int]] = {}
        self.told: set[tuple[str, int]] = set()
        for name, own in {**FILTERS, **dialect.filters}.items():
            self.add_filter(name, own)
        self.filters = {name: _limited(name, filter) for name, filter in self.filters.items()}
        self.tags[TOKEN_OUTPUT] = _Output(self)
        self.tags[TOKEN_ILLEGAL] = _Unknown(self)
        for name in ("include", "render"):
            self.tags.pop(name, None)
        for name, inline in dialect.tags.items():
            self.tags[name] = _OwnTag(self, name, inline)
        for name, block in dialect.blocks.items():
            self.tags[name] = _OwnBlock(self, name, block)

    def render(self, source: str, variables: Mapping[str, object]) -> str:  # type: ignore[override]
        """A text expanded; what stands in it when a limit is reached is left out from there on."""
        template = self._parsed(source)
        if template is None:
            return "".join(token.value for token in self._tokens(source) if token.kind == TOKEN_CONTENT)
        context = _Context(template, globals=template.make_globals(dict(variables)))
        buffer = context.get_buffer()
        self._run(template, context, buffer, partial=False)
        return buffer.getvalue()

    def _parsed(self, source: str) -> BoundTemplate | None:
        try:
            return self.from_string(source)
        except (LiquidError, RecursionError):
            self.tell("the tags nest too deep; they are left out", None)
            return None

    def _run(self, template: BoundTemplate, context: RenderContext, buffer: TextIO, *, partial: bool) -> None:
        try:
            template.render_with_context(context, buffer, partial=partial)
        except (StopRender, RecursionError):
            self.tell("a limit is reached here; what follows is left out", None)

    def inner(self, source: str, variables: Mapping[str, object], context: RenderContext, line: int) -> str:
        """Another text, such as an included file; what is odd in it is told of at the line that names it."""
        above, self.outer = self.outer, self.outer or line
        try:
            template = self._parsed(source)
            if template is None:
                return ""
            buffer = context.get_buffer()
            with context.extend(variables):
                self._run(template, context, buffer, partial=True)
            return buffer.getvalue()
        finally:
            self.outer = above

    def line(self, token: Token | None) -> int:
        """The line of the post's text that a token stands on."""
        if self.outer or token is None or token.start_index < 0:
            return self.outer or 1
        if token.source not in self.starts:
            self.starts[token.source] = [found.end() for found in re.finditer("\n", token.source)]
        return bisect(self.starts[token.source], token.start_index) + 1

    def tell(self, message: str, token: Token | None) -> None:
        """Report what is left out, once."""
        line = self.line(token)
        if (message, line) not in self.told:
            self.told.add((message, line))
            self.report(message, line)

    def error(self, exc: Any, msg: str | None = None, token: Token | None = None) -> None:
        error: LiquidError = exc if isinstance(exc, LiquidError) else exc(msg, token=token)
        self.tell(f"{error.message or 'this'}; it is left out", error.token or token)
        if isinstance(error, ResourceLimitError):
            raise StopRender

    def tokenizer(self) -> Callable[[str], Iterator[Token]]:
        return self._tokens

    def _tokens(self, source: str) -> Iterator[Token]:
        """Texts, outputs and tags, one after the other; comments and `raw` are dealt with here."""
        scanner = Scanner(source)
        for part in scanner.parts():
            yield Token(_KINDS[part.kind], part.text, part.start, source)
            if part.markup:
                yield Token(TOKEN_EXPRESSION, part.markup, part.start, source)
        for index in scanner.unclosed:
            self.tell("this is never closed; it stays as it is", Token("", "", index, source))
        for index in scanner.long:
            self.tell("this tag is too long; it is left out", Token("", "", index, source))


class _Context(RenderContext):
    """The library's context, which counts the rounds of all loops, and knows no clock."""

    def __init__(self, template: BoundTemplate, **options: Any) -> None:
        super().__init__(template, **options)
        self.scope = type(self.scope)(self.locals, self.globals, self.counters)
        self.sizes: dict[str, int] = {}
        self.size = 0

    def assign(self, key: str, val: Any) -> None:
        """Keep a value; sizes are added up here, as the library would count them anew each time."""
        size = sys.getsizeof(val, 1)
        self.size += size - self.sizes.get(key, 0)
        self.sizes[key] = size
        self.locals[key] = val
        if self.size > 4 * MAX_TEXT:
            raise ResourceLimitError("the variables of this text hold more than the limit allows", token=None)

    def raise_for_loop_limit(self, length: int = 1) -> None:
        super().raise_for_loop_limit(length)
        engine = self.env
        if isinstance(engine, _Engine):
            engine.rounds += length
            if engine.rounds > MAX_ROUNDS:
                raise ResourceLimitError("the loops of this text go round too often", token=None)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        if name not in self.env.filters and isinstance(self.env, _Engine):
            self.env.tell(f"the filter {name!r} is not known here; it is left out", token)
        return super().filter(name, token)


class _Template(BoundTemplate):
    context_class = _Context


class _OutputNode(OutputNode):
    """`{{ … }}`: an unknown name is told of, and shows nothing."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.expression.evaluate(context)
        if isinstance(value, Undefined) and isinstance(context.env, _Engine):
            context.env.tell(f"{{{{ {self.expression} }}}} is not known here; it is left out", self.token)
        return buffer.write(shown(value))


class _Output(Output):
    node_class = _OutputNode

    def parse(self, stream: TokenStream) -> OutputNode:
        token = stream.eat(TOKEN_OUTPUT)
        expression = stream.expect(TOKEN_EXPRESSION)
        tokens = TokenStream(tokenize(expression.value, expression))
        return self.node_class(token, FilteredExpression.parse(self.env, tokens))


def _markup(stream: TokenStream) -> tuple[Token, str]:
    """A tag and what follows its name; the stream stands at the last token of it."""
    token = stream.current
    if stream.peek.kind != TOKEN_EXPRESSION:
        return token, ""
    stream.next()
    return token, stream.current.value


class _Unknown(LibraryTag):
    """A tag of a plugin, or an end without a beginning: left out, and told of."""

    name = TOKEN_ILLEGAL
    block = False

    def parse(self, stream: TokenStream) -> Node:
        token, _ = _markup(stream)
        if isinstance(self.env, _Engine) and not token.value.startswith("end"):
            self.env.tell(f"the tag {{% {token.value} %}} is not known here; it is left out", token)
        return IllegalNode(token)


class _OwnNode(Node):
    """A tag of the dialect, with the block that it holds."""

    def __init__(self, token: Token, markup: str, tag: Tag, block: BlockNode | None) -> None:
        super().__init__(token)
        self.blank = False
        self.markup, self.tag, self.block = markup, tag, block

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        engine = context.env
        if not isinstance(engine, _Engine):
            return 0
        body: StringIO | None = None
        if self.block:
            body = context.get_buffer(buffer)
            self.block.render(context, body)
        line = engine.line(self.token)
        call = Call(
            name=self.token.value,
            markup=self.markup,
            body=body.getvalue() if body else "",
            value=lambda text: _value(text, engine, context),
            render=lambda text, variables: engine.inner(text, variables, context, line),
            warn=lambda message: engine.tell(message, self.token),
        )
        return buffer.write(self.tag(call))


class _OwnTag(LibraryTag):
    block = False

    def __init__(self, env: Environment, name: str, tag: Tag) -> None:
        super().__init__(env)
        self.name, self.tag = name, tag

    def parse(self, stream: TokenStream) -> Node:
        token, markup = _markup(stream)
        return _OwnNode(token, markup, self.tag, None)


class _OwnBlock(LibraryTag):
    def __init__(self, env: Environment, name: str, tag: Tag) -> None:
        super().__init__(env)
        self.name, self.end, self.tag = name, f"end{name}", tag

    def parse(self, stream: TokenStream) -> Node:
        token, markup = _markup(stream)
        stream.next()
        block = get_parser(self.env).parse_block(stream, (self.end,))
        if not stream.current.is_tag(self.end) and isinstance(self.env, _Engine):
            self.env.tell(f"the tag {{% {self.name} %}} is never closed", token)
        return _OwnNode(token, markup, self.tag, block)


def _value(text: str, engine: _Engine, context: RenderContext) -> object:
    """The value of an expression; None for one that is unknown or none."""
    token = Token(TOKEN_EXPRESSION, text, 0, text)
    try:
        expression = FilteredExpression.parse(engine, TokenStream(tokenize(text, token)))
        value = expression.evaluate(context)
    except LiquidError:
        return None
    return None if isinstance(value, Undefined) else value


def _limited(name: str, filter: Callable[..., object]) -> Callable[..., object]:
    """A filter whose result has a limit, and which raises only errors of the library."""

    @wraps(filter, updated=())
    def limited(left: object, *arguments: object, **keywords: object) -> object:
        if name in _WIDE:
            _check(_size(left) * max(map(_size, arguments), default=1))
        try:
            found = filter(_plain(left), *arguments, **keywords)
        except (ArithmeticError, AttributeError, LookupError, ValueError, RecursionError) as error:
            raise LiquidTypeError(f"{name}: {error}", token=None) from None
        _check(_size(found))
        return found

    for mark in ("with_context", "with_environment", "validate"):
        if hasattr(filter, mark):
            setattr(limited, mark, getattr(filter, mark))
    return limited


def _plain(value: object) -> object:
    """A value that filters may take whole: ranges have a limit too, and what is unknown is nothing."""
    if isinstance(value, Undefined):
        return None
    if isinstance(value, range):
        _check(len(value))
    return value


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return MAX_TEXT + 1 if abs(value) > _MAX_NUMBER else 1
    if isinstance(value, Sequence):
        return sum(len(item) if isinstance(item, str) else 1 for item in value[: MAX_TEXT + 1]) + len(value)
    return 1


def _check(size: int) -> None:
    if size > MAX_TEXT:
        raise ResourceLimitError("a filter makes more than the limit allows", token=None)
