"""The colours, fonts and measures of a letter: what the configuration says, made fit to be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Report
from feeds.newsletter.contrast import BLACK, READABLE, WHITE, least_contrast, readable_shade
from feeds.newsletter.css import Stylesheet

COLOURS: Mapping[str, str] = {
    "ground": "#f4f3ef",
    "paper": "#ffffff",
    "code": "#f5f4f0",
    "mark": "#fff1a8",
    "strong": "#17191b",
    "ink": "#2b2f33",
    "soft": "#5d6365",
    "line": "#dedcd5",
    "ground_dark": "#121416",
    "paper_dark": "#1b1e21",
    "code_dark": "#272b2f",
    "mark_dark": "#5c4f0e",
    "strong_dark": "#f4f4f1",
    "ink_dark": "#dcdedb",
    "soft_dark": "#a3aaa9",
    "line_dark": "#3b4044",
}
"""What is not the accent: grounds, from the page's to that of code; text, from headings to dates; rules."""

GROUNDS = ("paper", "ground", "code")
"""The colours on which the accent stands; each has a `_dark` twin."""

MARGIN = 24
"""Pixels between the edge of the paper and what stands on it."""

_DARK_RATIO = 6.0
"""More than must be: thin bright strokes on a dark ground are harder to read than the figure says."""

_FONTS = "-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
_GENERIC = {"serif": "Georgia, serif", "sans-serif": "Arial, sans-serif", "monospace": "Consolas, monospace"}
_ON_WINDOWS = frozenset(
    {
        "arial",
        "calibri",
        "cambria",
        "consolas",
        "courier new",
        "georgia",
        "palatino linotype",
        "segoe ui",
        "tahoma",
        "times new roman",
        "trebuchet ms",
        "verdana",
    }
)
"""Fonts of every Windows. Outlook there takes the first of a list, and without it Times New Roman."""

_UNSHOWN = (".avif", ".svg", ".svgz", ".webp")
"""Images that Gmail or Outlook do not know (caniemail.com)."""

_VALUE = re.compile(r"\{\{\s*(?:theme\.(\w+)\s*\}\})?")


def compile_theme(settings: NewsletterSettings, report: Report) -> dict[str, str | int]:
    """The values that templates and stylesheets know as `theme.…`.

    These are `accent` and `accent_dark`, every name of `COLOURS`, `logo` (an address or ""), `font`,
    `font_outlook`, `width` and `column` (pixels of the letter, and of the text in it). The accent for dark
    letters is the given one, mixed with white until it can be read.

    Args:
        settings: the keys `accent`, `logo`, `font` and `width`.
        report: told if the accent is too pale for light letters, which show a darker one then, and if the
            logo is of a kind that many mail programs do not show.
    """
    light = [COLOURS[name] for name in GROUNDS]
    dark = [COLOURS[f"{name}_dark"] for name in GROUNDS]
    accent = readable_shade(settings.accent, BLACK, light)
    if accent != settings.accent:
        report(_too_pale(settings.accent, accent, least_contrast(settings.accent, light)))
    if urlsplit(settings.logo).path.lower().endswith(_UNSHOWN):
        report(_unshown(settings.logo))
    font = _stack(settings.font or _FONTS)
    return {
        **COLOURS,
        "accent": accent,
        "accent_dark": readable_shade(settings.accent, WHITE, dark, _DARK_RATIO),
        "logo": settings.logo,
        "font": ", ".join(map(_quoted, font)),
        "font_outlook": _outlook(font),
        "width": settings.width,
        "column": settings.width - 2 * MARGIN,
    }


def fill(sheet: Stylesheet, theme: Mapping[str, str | int]) -> Stylesheet:
    """The stylesheet with the theme's values in place of `{{ theme.accent }}` and the like; lines stay.

    Raises:
        FeedsError: it asks for something else.
    """

    def value(found: re.Match[str]) -> str:
        if found[1] in theme:
            return str(theme[found[1]])
        line = sheet.text.count("\n", 0, found.start()) + 1
        column = found.start() - sheet.text.rfind("\n", 0, found.start())
        raise FeedsError(
            "a stylesheet knows nothing but values of the theme, such as {{ theme.accent }}",
            Location(sheet.path, line, column),
            f"there are {', '.join(f'theme.{name}' for name in theme)}",
            rule="stylesheet",
        )

    return replace(sheet, text=_VALUE.sub(value, sheet.text))


def _too_pale(accent: str, shown: str, ratio: float) -> Finding:
    return Finding(
        Severity.WARNING,
        "accent-contrast",
        f"newsletter.accent: {accent} has a contrast of {ratio:.1f} to its ground, and text needs {READABLE}",
        help=f"the letter shows {shown}, the nearest darker colour that can be read: set that, or another",
    )


def _unshown(logo: str) -> Finding:
    return Finding(
        Severity.WARNING,
        "logo-format",
        f"newsletter.logo: many mail programs do not show {logo}",
        help="give the address of a PNG, JPEG or GIF",
    )


def _stack(fonts: str) -> tuple[str, ...]:
    """The families of a list, with a generic one at its end."""
    families = tuple(family.strip() for family in fonts.split(","))
    return families if families[-1].lower() in _GENERIC else (*families, "sans-serif")


def _quoted(family: str) -> str:
    """A family as CSS wants it: words that begin with a digit need quotes."""
    return f"'{family}'" if re.search(r"(^|[ -])[0-9]", family) else family


def _outlook(families: tuple[str, ...]) -> str:
    """What Outlook on Windows shows, which cannot choose by itself."""
    generic = families[-1].lower()
    found = next((family for family in families if family.lower() in _ON_WINDOWS), "")
    return f"{found}, {generic}" if found else _GENERIC[generic]
