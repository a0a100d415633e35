"""Slugs as Material for MkDocs makes them: those of PyMdown Extensions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote

from feeds.data import as_bool
from feeds.model import Scalar, Value

Slugify = Callable[[str], str]
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

_TAGS = re.compile(r"</?[^>]*>")
_NO_SLUG = re.compile(r"[^\w\- ]")
_CASES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "lower-ascii": lambda text: re.sub("[A-Z]+", lambda found: found[0].lower(), text),
    "fold": str.casefold,
}
_FORMS: dict[str, Form] = {"NFC": "NFC", "NFD": "NFD", "NFKC": "NFKC", "NFKD": "NFKD"}
_APPLY = re.compile(r"tag:yaml\.org,2002:python/object/apply:pymdownx\.slugs\.slugify")


def pymdownx_slugify(
    separator: str = "-",
    *,
    case: str = "lower",
    percent_encode: bool = False,
    normalize: Form = "NFC",
    keeps: Callable[[str], bool] = lambda character: False,
) -> Slugify:
    """The slug function that `pymdownx.slugs.slugify(case=…)` makes, with its separator fixed.

    It is written here anew so that reading ten thousand posts loads no Markdown library.

    Args:
        separator: what a blank becomes; runs of blanks are not squeezed.
        case: `none`, `lower`, `lower-ascii` or `fold`.
        percent_encode: whether the result is percent-encoded.
        normalize: the Unicode normalisation form.
        keeps: what else stays, besides letters, digits, `_` and `-`.
    """
    change = _CASES.get(case, str)

    def slugify(text: str) -> str:
        plain = _TAGS.sub("", unicodedata.normalize(normalize, text)).strip()
        slug = _NO_SLUG.sub(lambda found: found[0] if keeps(found[0]) else "", change(plain))
        slug = slug.replace(" ", separator)
        return quote(slug) if percent_encode else slug

    return slugify


def known_slugify(value: Value, separator: str) -> Slugify | None:
    """The slug function that a `mkdocs.yml` makes with a Python tag; None for one that is not known.

    Understood is `!!python/object/apply:pymdownx.slugs.slugify` with or without keywords, as the
    documentation of PyMdown Extensions writes it.
    """
    if not isinstance(value, dict) or len(value) != 1:
        return None
    (tag, argument), *_ = value.items()
    if not _APPLY.fullmatch(tag):
        return None
    keywords = argument.get("kwds", {}) if isinstance(argument, dict) else {}
    options = keywords if isinstance(keywords, dict) else {}
    return pymdownx_slugify(
        separator,
        case=_text(options, "case", "none"),
        percent_encode=as_bool(options.get("percent_encode", Scalar("", "null"))) or False,
        normalize=_FORMS.get(_text(options, "normalize", "NFC"), "NFC"),
    )


def _text(options: dict[str, Value], key: str, default: str) -> str:
    value = options.get(key)
    return str(value) if isinstance(value, Scalar) else default
