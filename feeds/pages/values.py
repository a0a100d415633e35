"""What the pages that list things have in common: how they are made, and what their templates see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from feeds.index import Index, digest, program_version
from feeds.locales import language_filters
from feeds.model import Site
from feeds.templating import Templates, site_values

Words = tuple[str, Mapping[str, str]]
"""The language that some fixed phrases are in, and these by their names."""


def render_listing(
    site: Site,
    folder: str,
    path: str,
    template: str,
    values: Callable[[], Mapping[str, object]],
    spelt: Iterable[object],
    index: Index | None,
) -> bytes:
    """A page that lists things, or what the last build made of the same.

    A template of the user's may show what nothing here knows of: what it makes is always made anew.

    Args:
        site: whose page it is.
        folder: where the user's templates lie, relative to the project; "" for none.
        path: where the page lies below the output.
        template: the template's name.
        values: what it sees.
        spelt: tells by its `repr` all that the bundled one shows.
        index: what the last build made.

    Raises:
        FeedsError: the template cannot be used.
    """

    def make() -> bytes:
        filters = language_filters(site.language)
        return Templates(site.root, folder, filters).render(template, values()).encode()

    if index is None or folder:
        return make()
    key = f"page-{digest([program_version(), template, site_values(site), *spelt])}"
    return index.file(key, site.output / path, make)


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
