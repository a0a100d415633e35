"""Templates left in a post's Markdown, expanded as its generator would, so that no reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from feeds.posts.scope import Scope

Expand = Callable[[str, Scope], str]

EXPANDERS: Mapping[str, str] = {
    "hugo": "feeds.posts.shortcodes",
    "liquid": "feeds.posts.liquid",
    "liquid-eleventy": "feeds.posts.liquid_eleventy",
    "mdx": "feeds.posts.mdx",
    "nunjucks": "feeds.posts.nunjucks",
    "tera": "feeds.posts.tera",
}
"""The module of each language of templates, which has a function `expand`."""


def expand(text: str, scope: Scope) -> str:
    """The text of a post without templates.

    Args:
        text: Markdown.
        scope: the post, its site, and who is told of what cannot be expanded.
    """
    name = scope.site.templating
    if not name:
        return text
    expander: Expand = import_module(EXPANDERS[name]).expand
    return expander(text, scope)
