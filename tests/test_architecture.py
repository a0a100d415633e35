"""The shape of the package, read from its sources: what may import what, and how long things may get."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import feeds

PACKAGE = Path(feeds.__file__).parent

FLOORS = (
    ("errors", "lazily"),
    ("model", "sight", "texts", "watch"),
    ("plainyaml",),
    ("data",),
    ("columns", "config", "history", "locales", "output", "places", "processes", "templating", "witness"),
    ("generators", "headers", "index", "record"),
    ("posts",),
    ("adopt", "delivery", "formats", "lockfile", "newsletter", "pages", "selection"),
    ("archive", "drawn", "feedfiles", "gathering", "injection"),
    ("ledgerfile", "preflight", "rendering"),
    ("planning",),
    ("publication",),
    ("compilation",),
    ("drafting",),
    ("a story",),
    ("cli",),
    ("__main__",),
)
"""From the ground up. A room imports from the floors below its own; what stands on no floor is a story."""

SLOW = {
    "babel",
    "cssutils",
    "feedgen",
    "jinja2",
    "lxml",
    "markdown",
    "markdown_it",
    "mdit_py_plugins",
    "nh3",
    "premailer",
    "pymdownx",
    "selectolax",
    "watchfiles",
}
SHADOWS = {"email", "html", "json", "markdown", "templates"}
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60


@dataclass(frozen=True)
class Module:
    """A source file; `name` is its dotted name below the package, `room` the first part of it."""

    name: str
    text: str

    @property
    def room(self) -> str:
        return self.name.split(".")[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


def load_modules(package: Path) -> list[Module]:
    modules = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        modules.append(
            Module(".".join(part for part in parts if part != "__init__"), path.read_text("utf-8"))
        )
    return modules


def imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that is imported somewhere in a piece of code."""
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            yield from ((part.lineno, alias.name) for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            assert part.level == 0, f"line {part.lineno}: relative imports hide where they lead"
            yield from ((part.lineno, f"{part.module}.{alias.name}") for alias in part.names)


def at_import(module: Module) -> Iterator[ast.stmt]:
    """The statements that run when a module is imported."""
    pending: list[ast.AST] = [module.tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        pending.extend(ast.iter_child_nodes(node))


# --- the rules: each gives one sentence for each breach ----------------------------------------------------


def floor(room: str) -> int:
    """How high a room lies."""
    story = FLOORS.index(("a story",))
    return next((height for height, rooms in enumerate(FLOORS) if room in rooms), story)


def imports_that_do_not_point_down(modules: list[Module]) -> Iterator[str]:
    rooms = {module.room for module in modules} - {""}
    for module in modules:
        own = module.room or "the package"
        used = {
            (line, name.split(".")[1]) for line, name in imports(module.tree) if name.startswith("feeds.")
        }
        for line, room in sorted(used):
            if room not in rooms or room == own or (module.room and floor(room) < floor(own)):
                continue
            yield (
                f"{module.name or '__init__'}, line {line}: {own} must not import {room}, "
                f"which does not lie below it (see FLOORS)"
            )


def libraries_in_two_modules(modules: list[Module]) -> Iterator[str]:
    users: defaultdict[str, set[str]] = defaultdict(set)
    for module in modules:
        for _, name in imports(module.tree):
            library = name.split(".")[0]
            if library != "feeds" and library not in sys.stdlib_module_names:
                users[library].add(module.name)
    for library, names in sorted(users.items()):
        if library == "click":  # every command is made of it, and nothing else is
            if others := sorted(name for name in names if name.split(".")[0] != "cli"):
                yield f"click is imported in {', '.join(others)}: only cli talks to the terminal"
        elif len(names) > 1:
            yield f"{library} is imported in {', '.join(sorted(names))}: put one function of ours before it"


def slow_libraries_at_import(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        for statement in at_import(module):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                for line, name in imports(statement):
                    if name.split(".")[0] in SLOW:
                        yield f"{module.name}, line {line}: import {name} inside the function that needs it"


def shadowing_names(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        for part in set(module.name.split(".")) & SHADOWS:
            yield f"{module.name}: call it otherwise, {part} is a library's name or the folder of templates"


def things_that_are_too_long(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        if (lines := module.text.count("\n")) > MAX_MODULE_LINES:
            yield f"{module.name} has {lines} lines: split it before {MAX_MODULE_LINES}"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    yield f"{module.name}.{node.name} has {lines} lines: split it before {MAX_FUNCTION_LINES}"


RULES = (
    imports_that_do_not_point_down,
    libraries_in_two_modules,
    slow_libraries_at_import,
    shadowing_names,
    things_that_are_too_long,
)


# --- the package keeps them, and they notice what does not -------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule):
    breaches = list(rule(load_modules(PACKAGE)))
    assert not breaches, "\n" + "\n".join(breaches)


def test_the_package_is_found():
    names = {module.name for module in load_modules(PACKAGE)}
    assert {"", "errors", "model", "data", "config", "config.keys"} <= names


GOOD = {
    "__init__.py": "",
    "errors.py": "",
    "data.py": "from feeds import __version__\nimport feeds.errors\ndef f():\n    import yaml\n",
    "posts/__init__.py": "import feeds.data\nfrom feeds.posts.load import load\n",
    "posts/load.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import markdown\n",
    "build.py": "from feeds import posts\nfrom feeds.posts.load import load\n",
    "cli/__init__.py": "import click\n",
    "cli/build.py": "import click\nfrom feeds.build import build\n",
    "__main__.py": "from feeds.cli import main\n",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_package_passes(rule, tmp_path):
    assert list(rule(load_modules(write_package(tmp_path, {})))) == []


@pytest.mark.parametrize(
    ("rule", "path", "text", "breach"),
    [
        (
            imports_that_do_not_point_down,
            "errors.py",
            "from feeds.data import parse",
            "errors, line 1: errors must not import data, which does not lie below it (see FLOORS)",
        ),
        (
            imports_that_do_not_point_down,
            "formats/rss.py",
            "def f():\n    from feeds import pages",
            "formats.rss, line 2: formats must not import pages, which does not lie below it (see FLOORS)",
        ),
        (
            imports_that_do_not_point_down,
            "preview.py",
            "import feeds.build",
            "preview, line 1: preview must not import build, which does not lie below it (see FLOORS)",
        ),
        (
            imports_that_do_not_point_down,
            "__init__.py",
            "from feeds.data import parse",
            "__init__, line 1: the package must not import data, which does not lie below it (see FLOORS)",
        ),
        (
            libraries_in_two_modules,
            "posts/parse.py",
            "def f():\n    from yaml.nodes import Node",
            "yaml is imported in data, posts.parse: put one function of ours before it",
        ),
        (
            libraries_in_two_modules,
            "build.py",
            "import click",
            "click is imported in build: only cli talks to the terminal",
        ),
        (
            slow_libraries_at_import,
            "posts/load.py",
            "try:\n    import markdown.util\nexcept ImportError:\n    pass",
            "posts.load, line 2: import markdown.util inside the function that needs it",
        ),
        (
            shadowing_names,
            "formats/json.py",
            "",
            "formats.json: call it otherwise, json is a library's name or the folder of templates",
        ),
        (things_that_are_too_long, "data.py", "#\n" * 401, "data has 401 lines: split it before 400"),
        (
            things_that_are_too_long,
            "data.py",
            "class A:\n    def f():\n" + "        pass\n" * 60,
            "data.f has 61 lines: split it before 60",
        ),
    ],
)
def test_a_breach_is_noticed(rule, path, text, breach, tmp_path):
    others = {"pages/__init__.py": ""} if "rss" in path else {}
    package = write_package(tmp_path, {**others, path: text})
    assert list(rule(load_modules(package))) == [breach]


def write_package(folder: Path, changes: dict[str, str]) -> Path:
    """The good package with some of its files replaced or added."""
    for path, text in {**GOOD, **changes}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder
