"""Liquid in the posts of Eleventy: its filters, the site's data, and shortcodes, which are the site's own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from datetime import UTC

from feeds.generators.eleventy.paths import file_path_stem, file_slug
from feeds.generators.eleventy.slugs import slug, slugify
from feeds.generators.eleventy.values import CannotTellError
from feeds.model import Scalar, Value
from feeds.posts.liquid import expand_liquid, page_variables, plain
from feeds.posts.liquid_dialect import Call, Dialect, Tag
from feeds.posts.nunjucks_shortcodes import paired, parse_arguments, single
from feeds.posts.nunjucks_values import load_include, page_address, prefixed
from feeds.posts.scope import Scope

_TAG = re.compile(r"\{%-?\s*(end)?([A-Za-z_]\w*)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_BUILT_IN = frozenset(
    "assign block break capture case comment continue cycle decrement echo else elsif for if ifchanged "
    "increment inline_comment layout liquid raw tablerow unless when".split()
)
_TEXT = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w./-]+))""")


def expand(text: str, scope: Scope) -> str:
    """The text of a post without Liquid.

    Args:
        text: Markdown.
        scope: the post, and who is told of what is removed.
    """
    override = scope.source.fields.values.get("templateEngineOverride")
    if isinstance(override, Scalar) and override.kind == "str" and "liquid" not in override:
        return text
    return expand_liquid(text, _dialect(text, scope), scope) if "{" in text else text


def _dialect(text: str, scope: Scope) -> Dialect:
    names = set(_NAME.findall(text)) if "{%" in text or "{{" in text else set()
    found = _TAG.findall(text)
    ends = {name for end, name in found if end}
    own = {name for end, name in found if not end} - _BUILT_IN - {"include", "render"}
    tags: dict[str, Tag] = {name: _shortcode(scope) for name in own - ends}
    tags |= {"include": _include(scope), "render": _include(scope)}
    return Dialect(
        variables=_variables(names, scope),
        tags=tags,
        blocks={name: _block(scope) for name in own & ends},
        filters=_filters(scope),
    )


def _variables(names: set[str], scope: Scope) -> dict[str, object]:
    """What the names in a text mean; data of the site that it does not name is not read."""
    site = scope.site.variables
    told = {name: site[name] for name in sorted(names) if name in site}
    known = {name: _plain(value) for name, value in told.items() if isinstance(value, Scalar | list | dict)}
    values = page_variables(scope)
    values.pop("url")
    post = scope.posts.get(scope.source.path)
    page = {
        "url": "/" + scope.page_url.removeprefix(scope.site.url),
        "fileSlug": file_slug(scope.source.path),
        "filePathStem": file_path_stem(scope.source.path),
        "inputPath": f"./{scope.site.docs_name}{scope.source.path}",
        "outputFileExtension": "html",
        "date": post.published.astimezone(UTC) if post else None,
    }
    return {**known, **values, "page": page}


def _plain(value: Value) -> object:
    return plain(value)


def _filters(scope: Scope) -> Mapping[str, Callable[..., object]]:
    def address(value: object, *rest: object) -> str:
        return prefixed(str(value), scope)

    def input_path(value: object) -> str:
        try:
            return page_address(str(value), scope)
        except CannotTellError:
            return ""

    return {
        "slugify": lambda value, *rest: slugify(str(value)),
        "slug": lambda value, *rest: slug(str(value)),
        "url": address,
        "inputPathToUrl": input_path,
    }


def _shortcode(scope: Scope) -> Tag:
    def tag(call: Call) -> str:
        shown = single(call.name, parse_arguments(call.markup, {}, {}))
        if shown is None:
            call.warn(f"the shortcode {call.name!r} is removed, as it is a function of the site's own")
        return shown or ""

    return tag


def _block(scope: Scope) -> Tag:
    def tag(call: Call) -> str:
        if call.name in ("css", "js"):
            return ""
        shown = paired(call.name, parse_arguments(call.markup, {}, {}), call.body)
        if shown is None:
            call.warn(f"the shortcode {call.name!r} is the site's own; its content is shown without it")
        return call.body if shown is None else shown

    return tag


def _include(scope: Scope) -> Tag:
    def tag(call: Call) -> str:
        found = _TEXT.match(call.markup)
        name = next((part for part in found.groups() if part), "") if found else ""
        endings = ("",) if posixpath.splitext(name)[1] else (".liquid", ".html", ".md")
        text = next((text for end in endings if (text := load_include(name + end, scope)) is not None), None)
        if text is None:
            call.warn(f"the include {name!r} is removed: there is no such file")
            return ""
        return call.render(text, {})

    return tag
