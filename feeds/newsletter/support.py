"""What mail programs are certain not to know, by caniemail.com: only what a layout or its meaning hangs on.

A rounded corner or a shadow that is missing harms nobody and is not listed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from feeds.newsletter.css import Declaration

OUTLOOK = "Outlook for Windows"
GMAIL = "Gmail and Outlook for Windows"
NEARLY_ALL = "Gmail, Outlook and Yahoo"

_LOGICAL = re.compile(
    "(margin|padding|border)-(inline|block)(-.*)?|((min|max)-)?(inline|block)-size|inset(-.*)?"
)

_PROPERTIES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "position": (GMAIL, lambda value: value != "static"),
    "visibility": (GMAIL, lambda value: value != "visible"),
    "float": (OUTLOOK, lambda value: value != "none"),
    "object-fit": (OUTLOOK, lambda value: True),
    "writing-mode": (OUTLOOK, lambda value: True),
    "columns": (OUTLOOK, lambda value: True),
    "column-count": (OUTLOOK, lambda value: True),
    "aspect-ratio": (NEARLY_ALL, lambda value: True),
    "clip-path": (NEARLY_ALL, lambda value: True),
    "transform": (NEARLY_ALL, lambda value: True),
}
_DISPLAYS = {
    "flex": OUTLOOK,
    "inline-flex": OUTLOOK,
    "grid": NEARLY_ALL,
    "inline-grid": NEARLY_ALL,
}
_FUNCTIONS = {
    **dict.fromkeys(("calc", "min", "max", "clamp"), "Outlook"),
    **dict.fromkeys(("var", "light-dark", "color-mix", "color"), NEARLY_ALL),
    **dict.fromkeys(("lab", "lch", "oklab", "oklch", "hwb"), NEARLY_ALL),
    **dict.fromkeys(("linear-gradient", "radial-gradient", "conic-gradient"), "Outlook"),
}
_UNITS = frozenset({"rem", "ch", "vw", "vh", "vmin", "vmax"})

ELEMENTS = {
    **dict.fromkeys(("math", "audio", "video", "canvas", "object", "embed", "iframe"), "do not show"),
    **dict.fromkeys(("form", "input", "button", "select", "textarea"), "do not show, or block,"),
    **dict.fromkeys(("script", "base"), "remove"),
}
"""Elements that do not belong in a letter, and what mail programs do with them."""


def unsupported(declaration: Declaration) -> Iterator[tuple[str, str]]:
    """The features of a declaration that some programs do not know: its name, and which those are."""
    name, value = declaration.name, declaration.value
    if name == "display" and value in _DISPLAYS:
        yield f"`display: {value}`", _DISPLAYS[value]
    elif name in _PROPERTIES and _PROPERTIES[name][1](value):
        yield f"`{name}`", _PROPERTIES[name][0]
    elif name.startswith("--"):
        yield "custom properties", NEARLY_ALL
    elif _LOGICAL.fullmatch(name):
        yield f"`{name}`", NEARLY_ALL


def unsupported_token(token: Any) -> tuple[str, str] | None:
    """The same of one token of a value."""
    if token.type == "function" and token.lower_name in _FUNCTIONS:
        return f"`{token.lower_name}()`", _FUNCTIONS[token.lower_name]
    if token.type == "dimension" and token.lower_unit in _UNITS:
        return f"the unit `{token.lower_unit}`", OUTLOOK
    return None
