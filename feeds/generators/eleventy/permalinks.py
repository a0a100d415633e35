"""The address of a post by its `permalink`, which may be a template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from feeds.data import as_bool, is_null, place
from feeds.errors import FeedsError
from feeds.generators.base import quoted
from feeds.generators.eleventy.data import unknown_in
from feeds.generators.eleventy.dates import parse_eleventy_date
from feeds.generators.eleventy.paths import address, default_address, file_path_stem, file_slug
from feeds.generators.eleventy.templating import render
from feeds.generators.eleventy.values import CannotTellError, Names, Term
from feeds.model import Scalar, Source, Value

COMPUTED = "eleventyComputed"

_ASK = 'write permalink = "/blog/{file}/", or what it gives, under [generator] in feeds.toml'


@dataclass(frozen=True, slots=True)
class Permalinks:
    """What the addresses of one site's posts are made of.

    `input` is the input folder from the project's root, `engine` the one that runs over Markdown, `globals`
    the data of `_data` that templates may name; `keeps` tells whether a computed permalink only hides drafts.
    """

    input: str
    engine: str
    globals: Mapping[str, Value]
    keeps: bool

    def path(self, source: Source, date: dt.datetime | None) -> str:
        """The path of a page below the site's URL, percent-encoded.

        Args:
            source: the page, with all its data.
            date: when it was published, if that is known.

        Raises:
            FeedsError: only running the site's own code would tell it.
        """
        found = self._link(source, date)
        return quoted((found if found is not None else default_address(source.path)).lstrip("/"))

    def is_written(self, source: Source) -> bool:
        """Whether the post is written at all; `permalink: false` keeps it out."""
        value = _permalink(source)
        if isinstance(value, dict) and value:
            value = value.get("build", Scalar("false", "bool"))
        return as_bool(value) is not False if isinstance(value, Scalar) and not unknown_in(value) else True

    def data(self, source: Source, date: dt.datetime | None) -> dict[str, Term]:
        """What templates in the data of a post can name."""
        page: dict[str, Term] = {
            "fileSlug": file_slug(source.path),
            "filePathStem": file_path_stem(source.path),
            "inputPath": f"./{self.input}/{source.path}" if self.input else f"./{source.path}",
            "outputFileExtension": "html",
            "date": date,
        }
        own: dict[str, Term] = dict(source.fields.values)
        own["page"] = page  # type: ignore[assignment]
        for key, value in source.fields.values.items():
            if isinstance(value, Scalar) and value.kind == "timestamp":
                own[key] = parse_eleventy_date(value, source)
        return Names(own, self.globals, lambda name: None)

    def engine_of(self, source: Source) -> str:
        """The engine that runs over a post: its own `templateEngineOverride`, else the site's."""
        value = source.fields.values.get("templateEngineOverride")
        if not isinstance(value, Scalar) or is_null(value):
            return self.engine
        engines = [part.strip() for part in value.split(",")]
        return next((engine for engine in ("liquid", "njk") if engine in engines), "")

    def _link(self, source: Source, date: dt.datetime | None) -> str | None:
        value = _permalink(source, self.keeps)
        if isinstance(value, dict):
            value = value.get("build")
        if value is None or is_null(value) or value == "" or as_bool(value) is False:
            return None
        if unknown_in(value) or not isinstance(value, Scalar):
            raise self._error(source, value, str(value) if isinstance(value, Scalar) else "a list")
        dynamic = source.fields.values.get("dynamicPermalink")
        engine = "" if dynamic is not None and as_bool(dynamic) is False else self.engine_of(source)
        try:
            text = render(value, self.data(source, date), engine)
        except CannotTellError as error:
            raise self._error(source, value, str(error)) from None
        return address(text) if text else None

    def _error(self, source: Source, value: Value, part: str) -> FeedsError:
        at = source.fields.at("permalink")
        if not at.line and not unknown_in(value):
            at = place(value, source.fields.path)
        code = " ".join(part.split())[:80]
        message = f"the permalink is worked out by `{code}`, which only Eleventy itself can run"
        return FeedsError(message, at, _ASK, rule="permalink")


def _permalink(source: Source, keeps: bool = False) -> Value | None:
    """The permalink that counts: a computed one before that of the data."""
    values = source.fields.values
    computed = values.get(COMPUTED)
    found = computed.get("permalink") if isinstance(computed, dict) else None
    if found is not None and not is_null(found) and not (keeps and unknown_in(found)):
        return found
    return values.get("permalink")
