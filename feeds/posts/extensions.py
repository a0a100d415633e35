"""Which Python-Markdown extensions a site's posts are rendered with, and with which options.

A configuration names extensions as import paths, and importing one runs it. So only those of Python-Markdown
and of PyMdown Extensions are taken over. Their options stay as the site has them, save those that make HTML
for browsers with the site's scripts and styles, which no feed reader has.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from feeds.data import as_bool
from feeds.errors import Finding, Severity
from feeds.model import MarkdownExtension, Report, Scalar, Site

Options = dict[str, Any]

DEFAULT_EXTENSIONS = (
    MarkdownExtension("abbr"),
    MarkdownExtension("admonition"),
    MarkdownExtension("attr_list"),
    MarkdownExtension("def_list"),
    MarkdownExtension("footnotes"),
    MarkdownExtension("md_in_html"),
    MarkdownExtension("tables"),
    MarkdownExtension("toc"),
    MarkdownExtension("pymdownx.arithmatex"),
    MarkdownExtension("pymdownx.betterem", {"smart_enable": "all"}),
    MarkdownExtension("pymdownx.caret"),
    MarkdownExtension("pymdownx.details"),
    MarkdownExtension("pymdownx.emoji"),
    MarkdownExtension("pymdownx.highlight"),
    MarkdownExtension("pymdownx.inlinehilite"),
    MarkdownExtension("pymdownx.keys"),
    MarkdownExtension("pymdownx.mark"),
    MarkdownExtension("pymdownx.smartsymbols"),
    MarkdownExtension("pymdownx.superfences", {"custom_fences": [{"name": "mermaid", "class": "mermaid"}]}),
    MarkdownExtension("pymdownx.tabbed", {"alternate_style": True}),
    MarkdownExtension("pymdownx.tasklist", {"custom_checkbox": True}),
    MarkdownExtension("pymdownx.tilde"),
)
"""What Material for MkDocs recommends, for sites whose generator names no extensions."""

_ALWAYS = ("toc", "tables", "pymdownx.superfences", "pymdownx.highlight")

_CORE = frozenset(
    [
        "abbr",
        "admonition",
        "attr_list",
        "codehilite",
        "def_list",
        "footnotes",
        "legacy_attrs",
        "legacy_em",
        "md_in_html",
        "nl2br",
        "sane_lists",
        "smarty",
        "tables",
        "toc",
        "wikilinks",
    ]
)
_PYMDOWNX = frozenset(
    [
        "arithmatex",
        "betterem",
        "blocks.admonition",
        "blocks.caption",
        "blocks.definition",
        "blocks.details",
        "blocks.html",
        "blocks.tab",
        "bracketspan",
        "caret",
        "critic",
        "details",
        "emoji",
        "escapeall",
        "fancylists",
        "highlight",
        "inlinehilite",
        "keys",
        "magiclink",
        "mark",
        "progressbar",
        "quotes",
        "saneheaders",
        "smartsymbols",
        "snippets",
        "superfences",
        "tabbed",
        "tasklist",
        "tilde",
    ]
)
_BUNDLES = {
    "extra": ("abbr", "attr_list", "def_list", "footnotes", "md_in_html", "tables"),
    "pymdownx.extra": (
        "pymdownx.betterem", "pymdownx.superfences", "footnotes", "attr_list", "def_list", "tables", "abbr",
        "md_in_html",
    ),
}  # fmt: skip
# superfences reads what fenced_code reads; front matter is gone by then; the others rewrite addresses or drop
# comments, the excerpt's mark among them.
_NOT_NEEDED = frozenset(
    {
        "fenced_code",
        "meta",
        "pymdownx.b64",
        "pymdownx.pathconverter",
        "pymdownx.striphtml",
        "pymdownx._bypassnorm",
    }
)

_FORCED: Mapping[str, Options] = {
    "codehilite": {"use_pygments": False, "linenums": False, "guess_lang": False},
    "footnotes": {"UNIQUE_IDS": False},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.emoji": {"strict": False, "alt": "unicode"},
    "pymdownx.highlight": {"use_pygments": False, "linenums": False},
    "pymdownx.inlinehilite": {"custom_inline": []},
    "pymdownx.snippets": {"restrict_base_path": True, "url_download": False, "check_paths": False},
    "toc": {"permalink": False, "anchorlink": False},
}
# Python objects that only shape ids, icons and highlighting, none of which reach a feed.
_KNOWN_OBJECTS = (
    "pymdownx.",
    "material.extensions.emoji.",
    "materialx.emoji.",
    "zensical.extensions.emoji.",
    "markdown.extensions.toc.",
)
_STAND_INS = {"pymdownx.emoji.gemoji": "gemoji"}
_OBJECT = ("tag:yaml.org,2002:python/name:", "tag:yaml.org,2002:python/object/apply:")


class _UnknownObject(NamedTuple):
    """A value that only Python could make; it stands in for an option that is left out."""

    name: str


def compile_extensions(site: Site, report: Report) -> dict[str, Options]:
    """The extensions to load, in order, each with its options as plain values.

    Args:
        site: its `markdown`, or `DEFAULT_EXTENSIONS` where that is empty.
        report: told once of each extension and option that is left out.
    """
    chosen: dict[str, Options] = {}
    for extension in site.markdown or DEFAULT_EXTENSIONS:
        name = extension.name.removeprefix("markdown.extensions.")
        if name in _NOT_NEEDED:
            continue
        if name in _BUNDLES:
            for part in _BUNDLES[name]:
                options = extension.options.get(part) or extension.options.get(f"markdown.extensions.{part}")
                chosen.setdefault(part, {}).update(_plain_options(part, options or {}, report))
        elif name in _CORE or name.removeprefix("pymdownx.") in _PYMDOWNX:
            chosen.setdefault(name, {}).update(_plain_options(name, extension.options, report))
        else:
            _warn(report, f"the Markdown extension {name} is not run here, what it adds to posts is missing")
    for name in _ALWAYS:
        chosen.setdefault(name, {})
    for name, options in chosen.items():
        options.update(_FORCED.get(name, {}))
    if "pymdownx.snippets" in chosen:
        _confine_snippets(chosen["pymdownx.snippets"], site, report)
    fences = chosen["pymdownx.superfences"]
    fences["custom_fences"] = [
        {"name": str(fence["name"]), "class": str(fence["class"])}
        for fence in fences.get("custom_fences") or []
        if isinstance(fence, dict) and fence.get("name") and fence.get("class")
    ]
    return chosen


def _plain_options(extension: str, options: object, report: Report) -> Options:
    """Options as plain values, without those that only Python can make."""
    plain: Options = {}
    for key, value in options.items() if isinstance(options, Mapping) else ():
        made = plain_value(value)
        if isinstance(made, _UnknownObject):
            if made.name in _STAND_INS:
                plain[str(key)] = _STAND_INS[made.name]
            elif not made.name.startswith(_KNOWN_OBJECTS):
                _warn(
                    report, f"the option {key} of {extension} is left out: {made.name} would have to be run"
                )
        else:
            plain[str(key)] = made
    return plain


def plain_value(value: object) -> Any:
    """A value of a configuration file as bool, int, float, str, None, list or dict."""
    if isinstance(value, Scalar):
        return _plain_scalar(value)
    if isinstance(value, Mapping):
        name = str(next(iter(value), ""))
        if name.startswith(_OBJECT):
            return _UnknownObject(name.split(":")[-1])
        if name == "!relative":
            return str(value[name]) or "$docs_dir"
        if name.startswith(("tag:", "!")):
            return _UnknownObject(name)
        items = {str(key): plain_value(item) for key, item in value.items()}
        return {key: item for key, item in items.items() if not isinstance(item, _UnknownObject)}
    if isinstance(value, list | tuple):
        return [item for item in map(plain_value, value) if not isinstance(item, _UnknownObject)]
    return value


def _plain_scalar(value: Scalar) -> bool | int | float | str | None:
    text = str(value)
    if value.kind == "null":
        return None
    if value.kind == "bool":
        return as_bool(value)
    try:
        if value.kind == "int":
            return int(text, 0)
        if value.kind == "float":
            return float(text)
    except ValueError:  # YAML's 010, 1:30 and .inf
        return text
    return text


def _confine_snippets(options: Options, site: Site, report: Report) -> None:
    """Make the folders of snippets absolute, and drop those outside the site and what cannot be appended."""
    root = site.root.resolve()
    named = options.get("base_path", ["."])
    folders = []
    for name in [named] if isinstance(named, str) else named or []:
        path = str(name).replace("$config_dir", str(root)).replace("$docs_dir", str(site.docs))
        folder = (root / path).resolve()
        if folder.is_relative_to(root):
            folders.append(folder)
        else:
            _warn(report, f"the snippets' folder {name} lies outside the site and is not read")
    options["base_path"] = list(map(str, folders))
    kept = []
    for name in options.get("auto_append") or []:
        if _is_there(folders, str(name)):
            kept.append(str(name))
        else:
            _warn(report, f"{name}, which pymdownx.snippets should append to every post, is not there")
    options["auto_append"] = kept


def appended_text(extensions: Mapping[str, Mapping[str, Any]]) -> str | None:
    """What pymdownx.snippets appends to every post, "" if that is nothing; None where that is not certain."""
    options = extensions.get("pymdownx.snippets", {})
    texts = []
    for name in options.get("auto_append", ()):
        files = [Path(folder, name) for folder in options["base_path"]]
        try:
            texts.append(next(file for file in files if file.is_file()).read_text("utf-8"))
        except (OSError, StopIteration, UnicodeDecodeError):
            return None
    return None if any("8<" in text for text in texts) else "\n\n".join(texts)


def _is_there(folders: list[Path], name: str) -> bool:
    return any((folder / name).is_file() for folder in folders)


def _warn(report: Report, message: str) -> None:
    help = "nothing to do if no post needs it"
    report(Finding(Severity.WARNING, "markdown-extension", message, None, help))
