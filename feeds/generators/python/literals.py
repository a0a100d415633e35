"""A Python file of settings read as data: literals, and what is plainly made of them; nothing is ever run."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from feeds.errors import FeedsError, Location
from feeds.generators.python.expressions import Expressions, Names, Unknown
from feeds.generators.python.texts import NotUnderstood

MAX_BYTES = 100_000
"""Characters of a file, beyond which it is refused."""


def read_python(text: str, path: str, load: Callable[[str], Names | None] = lambda module: None) -> Names:
    """The names that a Python file sets at its top level.

    Understood are literals, names set before, joins with `+` and `%`, f-strings, `.format`, `os.path.join`
    and its kin, comprehensions over known lists, `+=`, items set by subscript, `append`, `extend`, `insert`,
    `update`, and `from module import *`. Names set under a condition or in a loop are unknown.

    Args:
        text: the file's text.
        path: what messages call it; also what `__file__` is.
        load: gives the names of a module that everything is imported from; None where it is no file beside.

    Raises:
        FeedsError: it is no Python, or larger than a file of settings can be.
    """
    if len(text) > MAX_BYTES:
        raise FeedsError(
            f"the file has more than {MAX_BYTES:,} characters", Location(path), rule="limit-size"
        )
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        at = Location(path, error.lineno, error.offset)
        raise FeedsError(f"this is not Python: {error.msg}", at, rule="python") from None
    except (ValueError, RecursionError, MemoryError):
        message = "this nests too deeply, or holds what Python cannot read"
        raise FeedsError(message, Location(path), rule="python") from None
    reader = _Reader(path, load)
    for statement in tree.body:
        reader.statement(statement)
    return reader.names


class _Reader(Expressions):
    def __init__(self, path: str, load: Callable[[str], Names | None]) -> None:
        super().__init__(path)
        self.load = load

    # --- statements ---------------------------------------------------------------------------------------

    def statement(self, node: ast.stmt) -> None:
        """Take over what a statement sets."""
        if isinstance(node, ast.Assign):
            value = self.value(node.value)
            for target in node.targets:
                self.assign(target, value)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.assign(node.target, self.value(node.value))
        elif isinstance(node, ast.AugAssign):
            self.augment(node)
        elif isinstance(node, ast.Expr):
            self.call(node.value)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.imported(node)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self.names.values.pop(target.id, None)
                else:
                    self.forget(target)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.set(node.name, Unknown(self.at(node)), node)
        elif isinstance(node, ast.Try):
            self.attempt(node)
        else:
            self.forget(node)

    def attempt(self, node: ast.Try) -> None:
        """What is tried is taken over if it is nothing but imports; else its names are unknown."""
        stars = [part for part in node.body if isinstance(part, ast.ImportFrom)]
        if len(stars) == len(node.body):
            missing = len(self.names.missing)
            for part in stars:
                self.imported(part)
            del self.names.missing[missing:]  # an import that may fail is meant to
        else:
            self.forget(node)

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        """Take over the names of a file beside this one."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                self.modules[name] = alias.name if alias.asname else name
                self.names.values.pop(name, None)
            return
        module = f"{'.' * node.level}{node.module or ''}"
        for alias in node.names:
            if alias.name != "*":
                name = alias.asname or alias.name
                self.modules[name] = f"{module}.{alias.name}"
                found = self.load(module)
                if found and alias.name in found.values:
                    self.set(name, found.values[alias.name], node)
                elif name.isupper():
                    self.set(name, Unknown(self.at(node)), node)
                else:
                    self.names.values.pop(name, None)
                continue
            found = self.load(module)
            if found is None:
                self.names.missing.append((module, self.at(node)))
                continue
            self.names.values |= {k: v for k, v in found.values.items() if not k.startswith("_")}
            self.names.places |= found.places
            self.names.missing += found.missing

    def assign(self, target: ast.expr, value: Any) -> None:
        """Set what stands left of `=`."""
        if isinstance(target, ast.Name):
            self.set(target.id, value, target)
        elif isinstance(target, ast.Tuple | ast.List):
            items = value if isinstance(value, list | tuple) else ()
            plain = len(items) == len(target.elts) and not any(
                isinstance(part, ast.Starred) for part in target.elts
            )
            for index, part in enumerate(target.elts):
                self.assign(part, items[index] if plain else Unknown(self.at(target)))
        elif isinstance(target, ast.Subscript):
            try:
                holder, key = self.known(target.value), self.known(target.slice)
                holder[key] = self.copied(value)
            except (NotUnderstood, TypeError, LookupError, ValueError):
                self.forget(target)
        else:
            self.forget(target)

    def augment(self, node: ast.AugAssign) -> None:
        """Set what stands left of `+=`."""
        try:
            if not isinstance(node.target, ast.Name):
                raise NotUnderstood
            before, more = self.known(node.target), self.known(node.value)
            if isinstance(node.op, ast.BitOr) and isinstance(before, dict):
                before.update(self.copied(more))
            elif isinstance(node.op, ast.Add) and isinstance(before, list):
                before.extend(self.copied(more))
            else:
                self.set(node.target.id, self.joined(node.op, before, more), node)
        except (NotUnderstood, TypeError, ValueError):
            self.forget(node)

    def call(self, node: ast.expr) -> None:
        """A call for its effect: lists and mappings may be added to; whatever else it names is unknown."""
        if isinstance(node, ast.Constant):
            return
        try:
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.keywords:
                raise NotUnderstood
            holder = self.known(node.func.value)
            arguments = [self.copied(self.known(argument)) for argument in node.args]
            allowed = ("append", "extend", "insert", "remove") if isinstance(holder, list) else ("update",)
            if not isinstance(holder, list | dict) or node.func.attr not in allowed:
                raise NotUnderstood
            getattr(holder, node.func.attr)(*arguments)
        except (NotUnderstood, TypeError, ValueError):
            self.forget(node)

    def forget(self, node: ast.AST) -> None:
        """Every name that a piece of code sets or may change is unknown from here on."""
        pending = [(node, False)]
        while pending:
            part, touched = pending.pop()
            self.step()
            if isinstance(part, ast.Name):
                holds = isinstance(self.names.values.get(part.id), list | dict)
                if not isinstance(part.ctx, ast.Load) or (touched and holds):
                    self.set(part.id, Unknown(self.at(part)), part)
            elif isinstance(part, ast.ImportFrom) and any(alias.name == "*" for alias in part.names):
                self.names.missing.append((part.module or ".", self.at(part)))
            elif isinstance(part, ast.FunctionDef | ast.ClassDef):
                self.set(part.name, Unknown(self.at(part)), part)
            changes = isinstance(part, ast.Call) or (
                isinstance(part, ast.Subscript | ast.Attribute) and not isinstance(part.ctx, ast.Load)
            )
            pending += [(child, touched or changes) for child in ast.iter_child_nodes(part)]

    def set(self, name: str, value: Any, node: ast.AST) -> None:
        """Set a name."""
        self.names.values[name] = value
        self.names.places[name] = self.at(node)
