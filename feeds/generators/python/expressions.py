"""What expressions of a Python file give, where they are plainly made of literals; nothing is ever run."""

from __future__ import annotations

import ast
import copy
import operator
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from feeds.errors import FeedsError, Location
from feeds.generators.python.texts import NotUnderstood, formatted, percent, plain

MAX_TEXT = 20_000
"""Characters of a text that is put together, beyond which it counts as unknown."""

MAX_STEPS = 500_000
"""Parts of expressions and values that are looked at, beyond which the file is refused."""

MAX_DEPTH = 60
"""Expressions inside each other, beyond which they count as unknown."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a name holds that cannot be known without running the file, by its place."""

    at: Location


@dataclass(slots=True)
class Names:
    """A file's names: `values` are Python's own literals or `Unknown`, `places` where they were set last.

    `missing` are modules whose names were to be taken over and that do not lie beside the file.
    """

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    missing: list[tuple[str, Location]] = field(default_factory=list)


_CONSTANTS = {
    "os.curdir": ".",
    "os.pardir": "..",
    "os.sep": "/",
    "os.extsep": ".",
    "os.path.sep": "/",
}
_PATHS: dict[str, Callable[..., str]] = {
    "join": posixpath.join,
    "dirname": posixpath.dirname,
    "basename": posixpath.basename,
    "normpath": posixpath.normpath,
    # The files of a project are named from its folder, so that a path and its absolute form are the same.
    "abspath": posixpath.normpath,
    "realpath": posixpath.normpath,
    "expanduser": str,
}
_TEXT_METHODS: dict[str, Callable[..., Any]] = {
    name: getattr(str, name) for name in ("strip", "lstrip", "rstrip", "lower", "upper", "title", "split")
}
_DOTTED_PATHS = {f"os.path.{name}": made for name, made in _PATHS.items()}


class Expressions:
    """Reads the expressions of one file: `path` is what messages call it, `names` what was set so far."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.names = Names()
        self.steps = 0
        self.modules: dict[str, str] = {}

    def at(self, node: ast.AST) -> Location:
        """Where a piece of code stands."""
        line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
        return Location(self.path, line, None if column is None else column + 1)

    def value(self, node: ast.expr) -> Any:
        """What an expression gives, `Unknown` for what is not understood; containers keep what is."""
        try:
            return self.made(node, {}, 0)
        except (NotUnderstood, TypeError, ValueError, LookupError, AttributeError):
            return Unknown(self.at(node))

    def known(self, node: ast.expr) -> Any:
        """The value of an expression that must be known."""
        value = self.value(node)
        if isinstance(value, Unknown):
            raise NotUnderstood
        return value

    def step(self, count: int = 1) -> None:
        """Count work done."""
        self.steps += count
        if self.steps > MAX_STEPS:
            message = "this is larger than a file of settings can be"
            raise FeedsError(message, Location(self.path), "split off what is no setting", rule="limit-size")

    def part(self, node: ast.expr, local: Mapping[str, Any], depth: int) -> Any:
        """An item of a container: unknown by itself, so that the others count."""
        try:
            return self.made(node, local, depth)
        except (NotUnderstood, TypeError, ValueError, LookupError, AttributeError):
            return Unknown(self.at(node))

    def made(self, node: ast.expr, local: Mapping[str, Any], depth: int) -> Any:
        """The value of an expression."""
        self.step()
        if depth > MAX_DEPTH:
            raise NotUnderstood
        depth += 1
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return self.name(node.id, local)
            case ast.Attribute() if (dotted := self.dotted(node)) in _CONSTANTS:
                return _CONSTANTS[dotted]
            case ast.Attribute(attr="parent" | "name" | "stem"):
                return getattr(self.path_of(self.made(node.value, local, depth)), node.attr)
            case ast.Tuple() | ast.List() | ast.Set():
                items = list(self.spread(node.elts, local, depth))
                return tuple(items) if isinstance(node, ast.Tuple) else items
            case ast.Dict():
                return self.mapping(node, local, depth)
            case ast.UnaryOp(op=ast.USub()):
                return -self.number(self.made(node.operand, local, depth))
            case ast.UnaryOp(op=ast.Not()):
                return not self.settled(self.made(node.operand, local, depth))
            case ast.BinOp():
                return self.operation(node, local, depth)
            case ast.JoinedStr():
                return self.bounded("".join(self.piece(part, local, depth) for part in node.values))
            case ast.Call():
                return self.called(node, local, depth)
            case ast.Subscript():
                holder = self.settled(self.made(node.value, local, depth))
                return holder[self.settled(self.made(node.slice, local, depth))]
            case ast.ListComp() | ast.DictComp() | ast.GeneratorExp() | ast.SetComp():
                return self.comprehension(node, local, depth)
            case ast.IfExp():
                test = self.settled(self.made(node.test, local, depth))
                return self.made(node.body if test else node.orelse, local, depth)
            case _:
                raise NotUnderstood

    def name(self, name: str, local: Mapping[str, Any]) -> Any:
        """What a name holds."""
        if name in local:
            return local[name]
        if name in self.names.values:
            value = self.names.values[name]
            self.step(_size(value, MAX_STEPS - self.steps) if isinstance(value, list | tuple | dict) else 1)
            return value
        if name == "__file__":
            return self.path
        raise NotUnderstood

    def spread(self, nodes: list[ast.expr], local: Mapping[str, Any], depth: int) -> Iterator[Any]:
        """The items of a list, starred ones unpacked."""
        for node in nodes:
            if isinstance(node, ast.Starred):
                items = self.made(node.value, local, depth)
                if not isinstance(items, list | tuple):
                    raise NotUnderstood
                yield from items
            else:
                yield self.part(node, local, depth)

    def mapping(self, node: ast.Dict, local: Mapping[str, Any], depth: int) -> dict[Any, Any]:
        """A mapping."""
        made: dict[Any, Any] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            if key is None:
                made.update(self.settled(self.made(item, local, depth)))
            else:
                made[self.settled(self.made(key, local, depth))] = self.part(item, local, depth)
        return made

    def operation(self, node: ast.BinOp, local: Mapping[str, Any], depth: int) -> Any:
        """A chain of `a + b + c` is as deep as it is long, so that it is not descended into."""
        chain: list[tuple[ast.operator, ast.expr]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            self.step()
            chain.append((left.op, left.right))
            left = left.left
        value = self.settled(self.made(left, local, depth))
        for op, right in reversed(chain):
            value = self.joined(op, value, self.settled(self.made(right, local, depth)))
        return value

    def joined(self, op: ast.operator, left: Any, right: Any) -> Any:
        """The two sides of an operator put together."""
        if isinstance(op, ast.Add) and isinstance(left, str) and isinstance(right, str):
            return self.bounded(left + right)
        if isinstance(op, ast.Add) and isinstance(left, list | tuple) and type(left) is type(right):
            self.step(len(left) + len(right))
            return operator.add(left, right)
        if isinstance(op, ast.Div) and isinstance(left, PurePosixPath):
            self.bounded(plain(left) + plain(right))
            return left / plain(right)
        if isinstance(op, ast.BitOr) and isinstance(left, dict) and isinstance(right, dict):
            return {**left, **right}
        if isinstance(op, ast.Mod) and isinstance(left, str):
            return self.bounded(percent(left, right))
        raise NotUnderstood

    def piece(self, node: ast.expr, local: Mapping[str, Any], depth: int) -> str:
        """A part of an f-string."""
        if isinstance(node, ast.Constant):
            return str(node.value)
        if isinstance(node, ast.FormattedValue) and node.format_spec is None and node.conversion == -1:
            return plain(self.made(node.value, local, depth))
        raise NotUnderstood

    def called(self, node: ast.Call, local: Mapping[str, Any], depth: int) -> Any:
        """What one of the known functions gives."""
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            raise NotUnderstood
        dotted = self.dotted(node.func)
        arguments = [self.settled(self.made(argument, local, depth)) for argument in node.args]
        if (
            dotted in _DOTTED_PATHS
            and arguments
            and all(isinstance(part, str | PurePosixPath) for part in arguments)
        ):
            return self.bounded(_DOTTED_PATHS[dotted](*map(str, arguments)))
        if dotted in ("pathlib.Path", "pathlib.PurePath") and not node.keywords:
            return PurePosixPath(*map(plain, arguments))
        if dotted in ("str", "list", "tuple", "dict", "set") and not node.keywords and len(arguments) < 2:
            return self.converted(dotted, arguments)
        if dotted == "dict" and not arguments and all(word.arg for word in node.keywords):
            return {str(word.arg): self.part(word.value, local, depth) for word in node.keywords}
        if not isinstance(node.func, ast.Attribute):
            raise NotUnderstood
        text = self.made(node.func.value, local, depth)
        if isinstance(text, PurePosixPath) and not arguments and not node.keywords:
            return self.path_method(text, node.func.attr)
        if not isinstance(text, str):
            raise NotUnderstood
        if node.func.attr == "format" and all(word.arg for word in node.keywords):
            words = {str(word.arg): self.made(word.value, local, depth) for word in node.keywords}
            return self.bounded(formatted(text, arguments, words))
        if node.keywords:
            raise NotUnderstood
        if node.func.attr == "replace" and len(arguments) == 2 and all(isinstance(a, str) for a in arguments):
            if len(arguments[1]) * text.count(arguments[0]) > MAX_TEXT:
                raise NotUnderstood
            return self.bounded(text.replace(*arguments))
        if node.func.attr == "join" and len(arguments) == 1:
            return self.bounded(text.join(plain(part) for part in arguments[0]))
        if node.func.attr in _TEXT_METHODS:
            return _TEXT_METHODS[node.func.attr](text, *arguments)
        raise NotUnderstood

    def path_of(self, value: Any) -> PurePosixPath:
        """A value that must be a path."""
        if not isinstance(value, PurePosixPath):
            raise NotUnderstood
        return value

    def path_method(self, path: PurePosixPath, name: str) -> Any:
        """What a method of a path gives; its absolute form is itself, as files are named from the project."""
        if name in ("resolve", "absolute", "expanduser"):
            return path
        if name != "as_posix":
            raise NotUnderstood
        return path.as_posix()

    def converted(self, name: str, arguments: list[Any]) -> Any:
        """A value as another of the built-in types."""
        if name == "str":
            return plain(arguments[0]) if arguments else ""
        if name == "dict":
            return dict(arguments[0]) if arguments else {}
        items = list(arguments[0]) if arguments else []
        return tuple(items) if name == "tuple" else items

    def comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        local: Mapping[str, Any],
        depth: int,
    ) -> Any:
        """A list or mapping made of another list."""
        loop = node.generators[0]
        if len(node.generators) > 1 or loop.ifs or loop.is_async or not isinstance(loop.target, ast.Name):
            raise NotUnderstood
        items = self.made(loop.iter, local, depth)
        if not isinstance(items, list | tuple):
            raise NotUnderstood
        scopes = [{**local, loop.target.id: item} for item in items]
        if isinstance(node, ast.DictComp):
            return {
                self.settled(self.made(node.key, scope, depth)): self.part(node.value, scope, depth)
                for scope in scopes
            }
        return [self.part(node.elt, scope, depth) for scope in scopes]

    def dotted(self, node: ast.expr) -> str:
        """The full name of what `os.path.join` or an imported name of it means; "" for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self.names.values:
            return ""
        return ".".join([self.modules.get(node.id, node.id), *reversed(parts)])

    def copied(self, value: Any) -> Any:
        """A value of its own, so that nothing can come to hold itself."""
        self.step(_size(value, MAX_STEPS - self.steps))
        return copy.deepcopy(value)

    def settled(self, value: Any) -> Any:
        """A value that must be known."""
        if isinstance(value, Unknown):
            raise NotUnderstood
        return value

    def number(self, value: Any) -> Any:
        """A value that must be a number."""
        if not isinstance(value, int | float):
            raise NotUnderstood
        return value

    def bounded(self, text: str) -> str:
        """A text that must not be too long."""
        self.step(len(text) // 100)
        if len(text) > MAX_TEXT:
            raise NotUnderstood
        return text


def _size(value: Any, budget: int) -> int:
    """How many values a container holds, those inside it too; not more than the budget and a little."""
    count, pending = 0, [value]
    while pending and count <= budget:
        count += 1
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, list | tuple):
            pending.extend(item)
    return count
