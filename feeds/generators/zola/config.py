"""What Zola's configuration says of slugs, taxonomies, Markdown and ignored files."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Callable, Mapping

from feeds.data import as_bool, scalars
from feeds.errors import FeedsError
from feeds.generators.slugs import Slugify, pymdownx_slugify
from feeds.generators.values import table, text
from feeds.generators.zola.pages import encoded
from feeds.generators.zola.slugs import MODES, zola_slugify
from feeds.model import Fields, MarkdownExtension, Scalar, Value

CATEGORIES = ("categories", "category")
"""The names of taxonomies that are categories; the terms of others are tags."""

_ALWAYS = ("tables", "footnotes", "task-lists", "heading-ids", "attributes")
_OPTIONAL = {
    "smart_punctuation": "typographer",
    "render_emoji": "emoji",
    "github_alerts": "alerts",
    "definition_list": "definition-lists",
}
_TEMPORARY = (".swp", ".swx", ".tmp", ".DS_STORE", ".DS_Store", "~")
_MAX_GLOBS = 1000


def slug_mode(fields: Fields, key: str) -> str:
    """How `[slugify]` has `paths` or `taxonomies` made.

    Raises:
        FeedsError: the mode is none that Zola knows.
    """
    mode = text_in(table(fields, "slugify"), key) or "on"
    if mode not in MODES:
        message = f"{key} under [slugify] is {mode!r}; it may be {', '.join(MODES)}"
        raise FeedsError(message, fields.at("slugify"), rule="slugify")
    return mode


def category_rules(fields: Fields, language: str) -> tuple[Slugify, Callable[[str], str]]:
    """The last part of a category's address, and the path of its page, percent-encoded ("" without one)."""
    own, otherwise = zola_slugify(slug_mode(fields, "taxonomies")), pymdownx_slugify()

    def slug(name: str) -> str:
        try:
            return own(name) or otherwise(name)
        except FeedsError:  # a script that is not transliterated here: only our own address is made of it
            return otherwise(name)

    taxonomy = _taxonomy(fields, language)
    root = text(fields, "taxonomy_root").strip("/")

    def page(name: str) -> str:
        try:
            return encoded(posixpath.join(root, own(taxonomy), own(name)) + "/") if taxonomy else ""
        except FeedsError:
            return ""

    return slug, page


def _taxonomy(fields: Fields, language: str) -> str:
    """The name of the taxonomy of categories in the default language; "" where it has no pages."""
    options = table(fields, "languages").get(language)
    given = [
        fields.values.get("taxonomies"),
        options.get("taxonomies") if isinstance(options, dict) else None,
    ]
    for item in (item for value in given if isinstance(value, list) for item in value):
        if isinstance(item, dict) and text_in(item, "name") in CATEGORIES:
            rendered = as_bool(item.get("render", Scalar("true", "bool"))) is not False
            return text_in(item, "name") if rendered else ""
    return ""


def markdown_of(options: Mapping[str, Value]) -> tuple[MarkdownExtension, ...]:
    """What posts are rendered with, by `[markdown]`."""
    chosen = [
        name for key, name in _OPTIONAL.items() if as_bool(options.get(key, Scalar("", "null"))) is True
    ]
    return (
        *map(MarkdownExtension, (*_ALWAYS, *chosen)),
        MarkdownExtension("strikethrough", {"single": True}),
    )


def exclusion(value: Value | None, content: str) -> Callable[[str], bool]:
    """What `ignored_content` names, by globs whose `*` crosses folders, and editors' temporary files."""
    patterns = [glob for item in scalars(value or []) for glob in _braces(str(item))]
    matches = re.compile("|".join(map(fnmatch.translate, patterns))).match if patterns else None

    def excluded(path: str) -> bool:
        if path.endswith("/"):
            return False  # Zola looks at the files of a folder that a glob matches, one by one
        if path.endswith(_TEMPORARY):
            return True
        return bool(matches and matches(f"/{content}/{path}"))

    return excluded


def _braces(glob: str) -> list[str]:
    """A glob without `{a,b}`, once for each choice."""
    found: list[str] = []
    waiting = [glob]
    while waiting and len(found) + len(waiting) < _MAX_GLOBS:
        text = waiting.pop()
        choice = re.search(r"\{([^{}]*)\}", text)
        if choice:
            waiting += [text[: choice.start()] + part + text[choice.end() :] for part in choice[1].split(",")]
        else:
            found.append(text)
    return found


def text_in(values: Mapping[str, Value], key: str) -> str:
    """The text of a key, on one line; "" if it holds none."""
    return text(Fields("", values), key)
