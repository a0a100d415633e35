"""The data that Eleventy gives a post: global data, layouts, data files of folders, front matter."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from feeds.data import parse_json, parse_toml, parse_yaml
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.generators.eleventy.config import EleventyConfig, json_object, read_text
from feeds.generators.eleventy.values import UNKNOWN
from feeds.generators.javascript.reading import Items, Js, Members, Script, Unknown, parse_javascript
from feeds.model import Fields, Report, Scalar, Source, Value
from feeds.texts import is_file

Data = dict[str, Value]

_FENCED = re.compile(r"---[ \t]*(?P<language>[A-Za-z]*)[ \t]*\r?\n")
_CLOSING = re.compile(r"^---(?:[ \t]*\r?\n|[ \t]*\Z|\r?\n?)", re.MULTILINE)
_OVERRIDE = "override:"
_MAX_LAYOUTS = 20
_LAYOUT_ENDINGS = ("", ".njk", ".liquid", ".html", ".md", ".vto", ".webc", ".hbs")
_KEPT = frozenset({"permalink", "eleventyComputed"})
_MEANT = ("tags", "permalink", "eleventyExcludeFromCollections", "draft", "date", "eleventyComputed", "title")


def unknown_in(value: Value | None) -> Scalar | None:
    """The value itself if only running the configuration would tell it."""
    return value if isinstance(value, Scalar) and value.kind == UNKNOWN else None


class Cascade:
    """Merges the data of one site's posts; data files are read once.

    Args:
        root: the project's folder.
        config: Eleventy's configuration.
        report: told of what is not known, and matters.
    """

    def __init__(self, root: Path, config: EleventyConfig, report: Report) -> None:
        self._root, self._config, self._report = root, config, report
        self._folder = lru_cache(maxsize=None)(self._folder_data)
        self._layout = lru_cache(maxsize=None)(self._layout_data)
        self._named: dict[str, Value] = {}
        self._template = lru_cache(maxsize=4)(self._load_files)
        self.globals = self._global_data()

    def merged(self, source: Source) -> Source:
        """The source with all data that Eleventy gives it, its own front matter last.

        Raises:
            FeedsError: a data file or the front matter is malformed.
        """
        source = with_front_matter(source)
        own = _cleaned(dict(source.fields.values))
        local: Data = {}
        path = posixpath.join(self._config.input, source.path)
        for data in (*self._folders(source.path), *self._template(path.removesuffix(".md"))):
            local = self._merge(local, data)
        layout = next((data["layout"] for data in (own, local, self.globals) if data.get("layout")), None)
        merged = self._merge({}, self.globals)
        if isinstance(layout, Scalar) and not unknown_in(layout):
            merged = self._merge(merged, self._layout(str(layout)))
        merged = self._merge(self._merge(merged, local), own)
        kept = {key: value for key, value in merged.items() if key in _KEPT}
        values = {key: _known(value) for key, value in merged.items() if not unknown_in(value)} | kept
        return replace(source, fields=replace(source.fields, values=values))

    def _merge(self, below: Data, over: Data) -> Data:
        return _merged(below, over) if self._config.deep_merge else {**below, **over}

    def _folders(self, path: str) -> tuple[Data, ...]:
        """The data of the folders that a file lies in, the outermost first."""
        parts = posixpath.dirname(path).split("/") if "/" in path else []
        inner = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        names = [posixpath.join(self._config.input, folder) for folder in inner]
        if self._config.input or self._config.base_name:
            names.insert(0, self._config.input)
        return tuple(data for name in names for data in self._folder(name))

    def _folder_data(self, folder: str) -> tuple[Data, ...]:
        base = self._config.base_name
        return self._load_files(posixpath.join(folder, base or posixpath.basename(folder)), bool(base))

    def _load_files(self, stem: str, suffixed: bool = False) -> tuple[Data, ...]:
        """The data of the files of one stem, the strongest last."""
        found: list[Data] = []
        for suffix in reversed(self._config.suffixes):
            if suffixed and not suffix:
                continue
            endings = [*reversed(self._config.data_endings), "json"]
            endings += ["mjs", "cjs", "js"] if suffix else []
            for ending in endings:
                path = self._root / f"{stem}{suffix}.{ending}"
                if is_file(path):
                    found.append(_cleaned(self._load(path, f"{stem}{suffix}.{ending}")))
        return tuple(found)

    def _load(self, path: Path, name: str) -> Data:
        text = read_text(path, name)
        ending = posixpath.splitext(name)[1]
        if ending == ".json":
            return json_object(text, name)
        if ending in (".yaml", ".yml"):
            return dict(parse_yaml(text, name, report=self._report).values) if text.strip() else {}
        if ending == ".toml":
            return dict(parse_toml(text, name).values)
        if ending not in (".js", ".cjs", ".mjs"):
            return {}
        return self._script_data(parse_javascript(text, name), name)

    def _script_data(self, script: Script, name: str) -> Data:
        value = script.exports.get("default")
        if isinstance(value, Members):
            for spread in value.unknown:
                self._warn(name, spread, f"`{spread.text}` may hold data that is not known")
            for key in _MEANT:
                if isinstance(given := value.get(key), Unknown) and key not in _KEPT:
                    self._warn(name, given, f"{key} is worked out by `{given.text}`, and is left out")
            return as_data(value)
        if isinstance(value, Unknown):
            self._warn(name, value, f"the data of this file is worked out by `{value.text}`, and is left out")
        return {}

    def _warn(self, name: str, value: Unknown, message: str) -> None:
        at = Location(name, value.line, value.column)
        help = "configuration is never run; write plain values, or set the keys under [generator]"
        self._report(Finding(Severity.WARNING, "javascript", message, at, help))

    def _global_data(self) -> Data:
        """What the configuration adds to every page; of data files, the keys that Eleventy itself reads."""
        found: Data = {}
        for key in _MEANT:
            found |= self._load_global(key)
        for key, value in self._config.globals.items():
            target = found
            *parents, last = key.split(".")
            for parent in parents:
                inner = target.setdefault(parent, {})
                target = inner if isinstance(inner, dict) else {}
            target[last] = _as_value(value)
        return found

    def _load_global(self, name: str) -> Data:
        """The global data of one name, of `_data/<name>.json` or `.js`."""
        found: Data = {}
        for ending in self._endings():
            shown = posixpath.join(self._config.data, f"{name}.{ending}")
            path = self._root / shown
            if path.is_file():
                loaded = self._load(path, shown)
                found = self._merge(found, {name: loaded}) if loaded else found
        return found

    def named(self, name: str) -> Value:
        """The global data of one name; marked as unknown where only running it would tell."""
        if name not in self._named:
            unknown = Scalar(f"the data of {name}", UNKNOWN)
            self._named[name] = self._merge(self._load_global(name), self.globals).get(name, unknown)
        return self._named[name]

    def site_data(self) -> GlobalData:
        """The global data by name, with what Eleventy itself tells of the site."""
        folder = self._root / self._config.data
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        names = tuple(path.stem for path in files if path.suffix.lstrip(".") in self._endings())
        places = {"input": self._config.input, "includes": self._config.includes, "data": self._config.data}
        folders: Data = {name: Scalar(f"./{place}") for name, place in places.items()}
        return GlobalData(self, names, {"eleventy": {"directories": folders}})

    def _endings(self) -> tuple[str, ...]:
        return (*reversed(self._config.data_endings), "json", "mjs", "cjs", "js")

    def _layout_data(self, name: str) -> Data:
        """The front matter of a layout and of those around it."""
        found: Data = {}
        for _ in range(_MAX_LAYOUTS):
            path = self._layout_file(name)
            if path is None:
                break
            own = _cleaned(layout_fields(path, path.relative_to(self._root).as_posix()))
            found = self._merge(own, found)
            outer = own.get("layout")
            if not isinstance(outer, Scalar) or not outer:
                break
            name = str(outer)
        found.pop("layout", None)
        return found

    def _layout_file(self, name: str) -> Path | None:
        name = self._config.aliases.get(name, name)
        folder = self._root / (self._config.layouts or self._config.includes)
        if ".." in name.split("/") or "\0" in name:
            return None
        return next((path for end in _LAYOUT_ENDINGS if (path := folder / f"{name}{end}").is_file()), None)


class GlobalData(Mapping[str, Value]):
    """The global data of a site by name; a file is read when its name is asked for."""

    def __init__(self, cascade: Cascade, names: tuple[str, ...], own: Data) -> None:
        self._cascade, self._own = cascade, own
        self._names = dict.fromkeys((*own, *cascade.globals, *names))

    def __getitem__(self, name: str) -> Value:
        if name not in self._names:
            raise KeyError(name)
        return self._own[name] if name in self._own else self._cascade.named(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def with_front_matter(source: Source) -> Source:
    """The source with front matter that is JSON or a JavaScript object, as `---json` and `---js` announce it.

    Raises:
        FeedsError: it is malformed, or of a language that is not known.
    """
    opening = _FENCED.match(source.body)
    if source.fields.values or source.body_line != 1 or not opening or not opening["language"]:
        return source
    closing = _CLOSING.search(source.body, opening.end())
    text = source.body[opening.end() : closing.start() if closing else len(source.body)]
    body = source.body[closing.end() :] if closing else ""
    fields = _fields_in(opening["language"].lower(), text, source.fields.path)
    stripped = body.lstrip("\n")
    line = 1 + source.body[: len(source.body) - len(stripped)].count("\n")
    return replace(source, fields=fields, text=stripped, body_line=line)


def _fields_in(language: str, text: str, path: str) -> Fields:
    if language in ("yaml", "yml"):
        return parse_yaml(text, path, 2)
    if language == "json":
        return parse_json(text, path, 2)
    if language == "toml":
        return parse_toml(text, path, 2)
    if language in ("js", "javascript", "node"):
        script = parse_javascript(text, path, 2)
        value = script.exports.get("default")
        members: Mapping[str, Js] = value if isinstance(value, Members) else script.variables
        return Fields(path, {key: _as_value(item) for key, item in members.items()})
    message = f"front matter in {language!r} is not known"
    raise FeedsError(
        message, Location(path, 1), "write it as YAML, JSON or a JavaScript object", rule="front-matter"
    )


def layout_fields(path: Path, name: str) -> Data:
    """The front matter of a layout or page, which need not have any.

    Raises:
        FeedsError: it is malformed.
    """
    text = read_text(path, name)
    opening = _FENCED.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing:
        return {}
    return dict(
        _fields_in(opening["language"].lower() or "yaml", text[opening.end() : closing.start()], name).values
    )


def as_data(members: Members) -> Data:
    """An object of a configuration file as data; what is not known stays in it, as such."""
    return {key: _as_value(item) for key, item in members.items()}


def _as_value(value: Js) -> Value:
    if isinstance(value, Members):
        return as_data(value)
    if isinstance(value, Items):
        return [_as_value(item) for item in value]
    if isinstance(value, Unknown):
        return Scalar(value.text, UNKNOWN, line=value.line, column=value.column)
    return value


def _cleaned(data: Data) -> Data:
    """The data with its tags as a list, as Eleventy takes a text of them apart."""
    tags = data.get("tags")
    if isinstance(tags, Scalar) and not unknown_in(tags):
        parts = tags.split(",") if tags and tags.kind != "null" else []
        data["tags"] = [Scalar(part, line=tags.line, column=tags.column) for part in parts]
    return data


def _merged(below: Value | None, over: Value) -> Data:
    """Objects merged and lists joined, all the way down; `override:key` replaces."""
    target: Data = dict(below) if isinstance(below, dict) else {}
    for key, value in over.items() if isinstance(over, dict) else ():
        name = key.removeprefix(_OVERRIDE)
        present = target.get(key)
        if isinstance(present, list) and isinstance(value, list):
            target[name] = [*present, *value]
        elif isinstance(present, dict):
            target[name] = _merged(present, value)
        else:
            target[name] = _merged({}, value) if isinstance(value, dict) else value
    return target


def _known(value: Value) -> Value:
    """The value without what is not known."""
    if isinstance(value, dict):
        return {key: _known(item) for key, item in value.items() if not unknown_in(item)}
    if isinstance(value, list):
        return [_known(item) for item in value if not unknown_in(item)]
    return value
