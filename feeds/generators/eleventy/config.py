"""Eleventy's configuration, read as text and never run (https://www.11ty.dev/docs/config/)."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feeds.data import parse_json, scalars
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.generators.javascript.reading import (
    Call,
    Items,
    Js,
    Members,
    Script,
    Unknown,
    parse_javascript,
    plain,
)
from feeds.model import Report, Scalar, Value
from feeds.texts import load_text

FILENAMES = tuple(
    f"{stem}.{ending}"
    for stem in (".eleventy", "eleventy.config")
    for ending in ("js", "mjs", "cjs", "ts", "mts")
)
PACKAGE = "package.json"

COLLECTIONS = ("posts", "post", "blog", "articles", "article", "blogposts", "blogPosts", "blog-posts")
"""What blogs call the collection of their posts, and the folder that it lies in."""

_SUFFIXES = (".11tydata", "")
_FLAG = re.compile(r"--(input|output|pathprefix|config)(?:=|\s+)(\"[^\"]*\"|'[^']*'|[^\s\"'&|;]+)")
_ADDRESS = re.compile(r"(?:\|\||\?\?|:)\s*([\"'`])(https?://[^\"'`$]+)\1")
_MAX_CHOICE = 2_000


@dataclass(frozen=True, slots=True)
class Passthrough:
    """Files that are copied: those of `source` (a path or pattern) to `target` in the output."""

    source: str
    target: str | None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class EleventyConfig:
    """What the configuration says; folders count from the project's root, "" being the root itself.

    `engine` runs over Markdown ("liquid", "njk" or ""), `globals` is data for every page, `globs` are the
    patterns of collections by their names, `text` is the whole file.
    """

    path: str
    input: str = ""
    output: str = "_site"
    includes: str = "_includes"
    layouts: str = ""
    data: str = "_data"
    prefix: str = "/"
    engine: str = "liquid"
    deep_merge: bool = True
    suffixes: tuple[str, ...] = _SUFFIXES
    base_name: str = ""
    data_endings: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    gitignore: bool = True
    globals: Mapping[str, Js] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    passthrough: tuple[Passthrough, ...] = ()
    globs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plugins: tuple[Call, ...] = ()
    excerpt_mark: str = ""
    text: str = ""

    def mentions(self, word: str) -> bool:
        """Whether a word stands in the configuration."""
        return re.search(rf"\b{re.escape(word)}\b", self.text) is not None

    def plugin(self, name: str) -> Call | None:
        """The call that adds a plugin whose name holds a text."""
        return next(
            (call for call in self.plugins if call.arguments and name in _label(call.arguments[0])), None
        )


def load_config(root: Path, found: Path | None, report: Report) -> EleventyConfig:
    """The configuration of a project, with what the scripts of its `package.json` pass to Eleventy.

    Raises:
        FeedsError: the file is malformed.
    """
    flags = _flags(root)
    if named := flags.get("config"):
        found = root / named if (root / named).is_file() else found
    if found is None or found.name == PACKAGE:
        return _config(None, "", PACKAGE, flags, report)
    name = found.relative_to(root).as_posix() if found.is_relative_to(root) else found.name
    text = read_text(found, name)
    return _config(parse_javascript(text, name), text, name, flags, report)


def read_text(path: Path, name: str) -> str:
    """The text of a file.

    Raises:
        FeedsError: it cannot be read.
    """
    return load_text(path, name)


def uses_eleventy(path: Path) -> bool:
    """Whether a `package.json` names Eleventy among what it needs."""
    try:
        return '"@11ty/eleventy"' in load_text(path, PACKAGE)
    except FeedsError:
        return False


def _flags(root: Path) -> dict[str, str]:
    """What the script that builds the site passes to Eleventy on the command line, which wins."""
    try:
        package = json.loads(load_text(root / PACKAGE, PACKAGE))
        scripts = package.get("scripts", {}) if isinstance(package, dict) else {}
    except (FeedsError, ValueError, RecursionError):
        return {}
    lines = [line for line in scripts.values() if isinstance(line, str) and "eleventy" in line]
    lines.sort(key=lambda line: "--serve" in line or "--watch" in line)
    found = _FLAG.findall(lines[0]) if lines else []
    return {name: value.strip("\"'") for name, value in found}


def _config(
    script: Script | None, text: str, path: str, flags: Mapping[str, str], report: Report
) -> EleventyConfig:
    exports = script.exports if script else {}
    calls = script.calls if script else ()
    objects = [
        value for value in (exports.get("default"), exports.get("config")) if isinstance(value, Members)
    ]
    objects += [inner for value in objects if isinstance(inner := value.get("config"), Members)]
    options: dict[str, Js] = {key: value for found in objects for key, value in found.items()}
    if (
        isinstance(unknown := exports.get("default"), Unknown)
        and not isinstance(unknown, Call)
        and "return" in unknown.text[:8]
    ):
        _warn(
            report, unknown, path, "what the configuration returns is not known, as it returns several things"
        )
    folders = _folders(options, calls, flags, path, report)
    named = {
        name: tuple(_of(calls, name)) for name in ("addPassthroughCopy", "addGlobalData", "addLayoutAlias")
    }
    prefix = flags.get("pathprefix") or _text(options.get("pathPrefix"), "/", "pathPrefix", path, report)
    return EleventyConfig(
        path=path,
        prefix=prefix or "/",
        engine=_engine(options.get("markdownTemplateEngine")),
        deep_merge=not any(_said(call, "false") for call in _of(calls, "setDataDeepMerge")),
        suffixes=_suffixes(calls),
        base_name=next(
            (str(call.arguments[0]) for call in _of(calls, "setDataFileBaseName") if _is_text(call)), ""
        ),
        data_endings=tuple(
            ending.strip()
            for call in _of(calls, "addDataExtension")
            if _is_text(call)
            for ending in str(call.arguments[0]).split(",")
        ),
        ignored=tuple(str(call.arguments[0]) for call in _of(calls, "ignores.add") if _is_text(call)),
        gitignore=not any(_said(call, "false") for call in _of(calls, "setUseGitIgnore")),
        globals={
            str(call.arguments[0]): call.arguments[1] for call in named["addGlobalData"] if _is_text(call, 2)
        },
        aliases={
            str(call.arguments[0]): str(call.arguments[1])
            for call in named["addLayoutAlias"]
            if _is_text(call, 2) and isinstance(call.arguments[1], Scalar)
        },
        passthrough=tuple(copy for call in named["addPassthroughCopy"] for copy in _copies(call)),
        globs=_globs(calls),
        plugins=tuple(_of(calls, "addPlugin")),
        excerpt_mark=_excerpt_mark(calls),
        text=text,
        **folders,
    )


def _of(calls: tuple[Call, ...], name: str) -> Iterator[Call]:
    """The calls of a method, whatever its object is called."""
    return (call for call in calls if call.name == name or call.name.endswith(f".{name}"))


def _is_text(call: Call, count: int = 1) -> bool:
    return len(call.arguments) >= count and isinstance(call.arguments[0], Scalar)


def _said(call: Call, word: str) -> bool:
    return bool(call.arguments) and call.arguments[0] == word


def _label(value: Js) -> str:
    return value.text if isinstance(value, Unknown) else str(value)


def _folders(
    options: Mapping[str, Js], calls: tuple[Call, ...], flags: Mapping[str, str], path: str, report: Report
) -> dict[str, str]:
    """The folders, those besides input and output being relative to the input."""
    given = options.get("dir")
    raw: dict[str, str] = {"input": ".", "output": "_site", "includes": "_includes", "data": "_data"}
    for key, value in given.items() if isinstance(given, Members) else ():
        raw[key] = _text(value, raw.get(key, ""), f"dir.{key}", path, report)
    for key in ("input", "output", "includes", "layouts", "data"):
        for call in _of(calls, f"set{key.capitalize()}Directory"):
            if _is_text(call):
                raw[key] = str(call.arguments[0])
    raw |= {key: flags[key] for key in ("input", "output") if key in flags}
    start = raw["input"] or "."
    folders = {key: _normal(raw[key] or ".") for key in ("input", "output")}
    inner = {
        key: _normal(posixpath.join(start, raw[key])) for key in ("includes", "data", "layouts") if key in raw
    }
    return (
        folders
        | {key: value for key, value in inner.items() if raw[key]}
        | {key: "" for key in inner if not raw[key]}
    )


def _normal(path: str) -> str:
    path = posixpath.normpath(path)
    return "" if path == "." else path


def _text(value: Js | None, default: str, what: str, path: str, report: Report) -> str:
    if isinstance(value, Unknown):
        _warn(report, value, path, f"{what} is worked out by `{value.text}`, and {default!r} is taken for it")
    return str(value) if isinstance(value, Scalar) and value.kind == "str" else default


def _warn(report: Report, value: Unknown, path: str, message: str) -> None:
    at = Location(path, value.line, value.column)
    report(
        Finding(
            Severity.WARNING, "javascript", message, at, "configuration is never run; write a plain value"
        )
    )


def _engine(value: Js | None) -> str:
    if value is None:
        return "liquid"
    return value if isinstance(value, Scalar) and value in ("liquid", "njk") else ""


def _suffixes(calls: tuple[Call, ...]) -> tuple[str, ...]:
    for call in _of(calls, "setDataFileSuffixes"):
        if call.arguments and isinstance(call.arguments[0], Items):
            return tuple(str(item) for item in call.arguments[0] if isinstance(item, Scalar))
    return _SUFFIXES


def _copies(call: Call) -> Iterator[Passthrough]:
    given, *more = call.arguments or ((),)
    options = more[0] if more and isinstance(more[0], Members) else {}
    beside = options.get("mode") == "html-relative"
    if isinstance(given, Scalar):
        yield Passthrough(_normal(str(given)), None, beside)
    elif isinstance(given, Members):
        for source, target in given.items():
            if isinstance(target, Scalar):
                yield Passthrough(_normal(source), _normal(str(target)) if target != "true" else None, beside)


def _globs(calls: tuple[Call, ...]) -> dict[str, tuple[str, ...]]:
    """The patterns that collections of posts are made of, in the calls that follow the name of each."""
    found: dict[str, tuple[str, ...]] = {}
    name = ""
    for call in calls:
        last = call.name.rpartition(".")[2]
        if last == "addCollection":
            name = str(call.arguments[0]) if _is_text(call) else ""
        elif last == "getFilteredByGlob" and name and call.arguments:
            value = plain(call.arguments[0])
            found[name] = found.get(name, ()) + (tuple(map(str, scalars(value))) if value is not None else ())
    return found


def _excerpt_mark(calls: tuple[Call, ...]) -> str:
    """The text that ends an excerpt, if the front matter's parser is told to look for one."""
    for call in _of(calls, "setFrontMatterParsingOptions"):
        options = call.arguments[0] if call.arguments else None
        if isinstance(options, Members):
            separator = options.get("excerpt_separator", options.get("excerpt"))
            if isinstance(separator, Scalar) and separator.kind == "str":
                return str(separator)
            if options.get("excerpt") == "true":
                return "---"
    return ""


def choice_of_address(value: Unknown, text: str) -> str:
    """The address that is last in `variable || "https://…"` or `test ? … : "https://…"`; "" without one."""
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: value.line - 1]) + value.column - 1
    found = _ADDRESS.search(text, start, start + _MAX_CHOICE)
    return found[2] if found and ";" not in text[start : found.start()] else ""


def json_object(text: str, name: str) -> dict[str, Value]:
    """The object of a JSON file; a list or text is none.

    Raises:
        FeedsError: it is no JSON.
    """
    if not text.strip() or not text.lstrip().startswith("{"):
        return {}
    return dict(parse_json(text, name).values)
