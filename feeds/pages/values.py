"""What the templates of the pages that list things have in common."""

from __future__ import annotations

from collections.abc import Mapping

from feeds.model import Site
from feeds.templating import site_values

Words = tuple[str, Mapping[str, str]]
"""The language that some fixed phrases are in, and these by their names."""


def page_url(site: Site, path: str) -> str:
    """The address of a page by its file below the output, which is called `index.html`."""
    return site.url + path.removesuffix("index.html")


def page_values(site: Site, path: str, words: Words) -> dict[str, object]:
    """What the template of every such page sees.

    Args:
        site: whose page it is.
        path: where the page lies below the output.
        words: the letter's phrases in the site's language, in English if there are none in that.
    """
    strings_language, strings = words
    return {
        "language": site.language or "en",
        "page_url": page_url(site, path),
        "site": site_values(site),
        "strings": strings,
        "strings_language": strings_language,
    }
