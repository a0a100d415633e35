"""Which attributes of an element a feed carries, and in which form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from feeds.posts.links import WEB_SCHEMES

Resolve = Callable[[str], str | None]
"""Gives the absolute URL for an address as written in the post, None for one that a feed must not carry."""

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset({"href", "title"}),
    "abbr": frozenset({"title"}),
    "blockquote": frozenset({"cite"}),
    "code": frozenset({"class"}),
    "del": frozenset({"cite", "datetime"}),
    "dfn": frozenset({"title"}),
    "img": frozenset({"src", "srcset", "alt", "title", "width", "height"}),
    "ins": frozenset({"cite", "datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "q": frozenset({"cite"}),
    "td": frozenset({"align", "colspan", "rowspan"}),
    "th": frozenset({"align", "colspan", "rowspan"}),
    "time": frozenset({"datetime"}),
}
"""What is kept besides `dir` and `lang`; what is no address, number or text stands in `_VALUES`."""

LANGUAGE_CLASS = re.compile(r"language-[\w.#+-]+")
"""The one class that is kept: what a block of code is written in."""

_VALUES = {
    "align": re.compile("left|center|right"),
    "class": LANGUAGE_CLASS,
    "colspan": re.compile(r"[1-9]\d{0,2}"),
    "datetime": re.compile(r"[0-9PTWYMDHSZ:.+ -]{1,40}"),
    "dir": re.compile("ltr|rtl|auto"),
    "height": re.compile(r"[1-9]\d{0,4}"),
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}"),
    "reversed": re.compile(""),
    "rowspan": re.compile(r"[1-9]\d{0,2}"),
    "start": re.compile(r"-?\d{1,6}"),
    "type": re.compile("[1aAiI]"),
    "value": re.compile(r"-?\d{1,6}"),
    "width": re.compile(r"[1-9]\d{0,4}"),
}
_ADDRESSES = frozenset({"cite", "href", "src"})
_ALIGNMENT = re.compile(r"text-align:\s*(left|center|right)")
_CANDIDATE_END = re.compile(r"(?<=[\dwx]),|,\s")
_DESCRIPTOR = re.compile(r"\d{1,5}(?:\.\d{1,3})?[wx]")


def clean_attributes(tag: str, attrs: Mapping[str, str], resolve: Resolve) -> dict[str, str]:
    """The attributes of an element that stay, sorted by name; an image always has an `alt`."""
    if not attrs and tag != "img":
        return {}
    return dict(sorted(_kept(tag, attrs, resolve)))


def _kept(tag: str, attrs: Mapping[str, str], resolve: Resolve) -> Iterator[tuple[str, str]]:
    attrs = {"alt": "", **attrs} if tag == "img" else dict(attrs)
    if found := _ALIGNMENT.search(attrs.get("style", "")):
        attrs.setdefault("align", found[1])
    for name in (*ATTRIBUTES.get(tag, ()), "dir", "lang"):
        if name not in attrs:
            continue
        value = _value(name, attrs[name], resolve)
        if value is not None:
            yield name, value


def _value(name: str, value: str, resolve: Resolve) -> str | None:
    if name in _ADDRESSES:
        url = resolve(value)
        is_web = url is not None and url.split(":", 1)[0] in WEB_SCHEMES
        return url if is_web or name == "href" else None
    if name == "srcset":
        return _srcset(value, resolve)
    if name == "class":
        found = LANGUAGE_CLASS.search(value)
        return found[0] if found else None
    if name in _VALUES:
        value = "" if name == "reversed" else value.strip()
        return value if _VALUES[name].fullmatch(value) else None
    return " ".join(value.split())


def _srcset(value: str, resolve: Resolve) -> str | None:
    candidates = []
    for part in _CANDIDATE_END.split(value):
        url, *descriptors = part.split() or [""]
        absolute = resolve(url) if url else None
        if absolute and absolute.startswith(("http:", "https:")):
            size = [word for word in descriptors[:1] if _DESCRIPTOR.fullmatch(word)]
            candidates.append(" ".join([absolute.replace(",", "%2C"), *size]))
    return ", ".join(candidates) or None
