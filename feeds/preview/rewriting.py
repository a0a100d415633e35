"""A letter as a mail program shows it that is dark, or knows no styles, or shows no images."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_TRUE, _FALSE = "(min-width: 0px)", "(max-width: 0px)"
"""Conditions of a media query that always and never hold."""

_QUERY = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_SCHEME = re.compile(r"(?<![\w-])color-scheme\s*:\s*[^;}]+", re.IGNORECASE)
_URL = re.compile(r"""url\(\s*(?:"[^"]*"|'[^']*'|[^"')]*)\s*\)""", re.IGNORECASE)
_SCHEME_METAS = frozenset({"color-scheme", "supported-color-schemes"})
_FETCHED = frozenset({"background", "poster", "src", "srcset"})


@dataclass(frozen=True, slots=True)
class Look:
    """How HTML is to be shown; `pictures` are other addresses of images, by their own."""

    dark: bool = False
    styles: bool = True
    images: bool = True
    pictures: Mapping[str, str] = field(default_factory=dict)


def rewrite(html: str, look: Look) -> str:
    """The same HTML so that any browser shows it with this look, whatever its own; links open a tab."""
    rewriter = _Rewriter(look)
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.parts)


class _Rewriter(HTMLParser):
    """Writes down what it reads as it stands, but for what the look is about."""

    def __init__(self, look: Look) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._look = look
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._in_style = True
            if not self._look.styles:
                return
        changed = self._attributes(tag, attrs)
        written = self.get_starttag_text() or ""
        if changed != attrs:
            inner = "".join(
                f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in changed
            )
            written = f"<{tag}{inner}>"
        self.parts.append(written)
        if tag == "head":
            self.parts.append('<base target="_blank">')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._in_style = False  # never in HTML, but then it holds nothing

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._in_style = False
            if not self._look.styles:
                return
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self.parts.append(data)
        elif self._look.styles:
            self.parts.append(self._css(data))

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def handle_pi(self, data: str) -> None:
        self.parts.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.parts.append(f"<![{data}]>")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
        look, kept = self._look, list[tuple[str, str | None]]()
        is_scheme = tag == "meta" and str(dict(attrs).get("name")).lower() in _SCHEME_METAS
        for name, value in attrs:
            if (name == "style" and not look.styles) or (name in _FETCHED and not look.images):
                continue
            if name == "style":
                value = self._css(value or "")
            elif name == "media":
                value = self._query(value or "")
            elif name == "content" and is_scheme:
                value = self._scheme
            elif name == "src" and tag == "img":
                value = look.pictures.get(value or "", value)
            kept.append((name, value))
        return kept

    @property
    def _scheme(self) -> str:
        return "dark" if self._look.dark else "light"

    def _css(self, css: str) -> str:
        css = _SCHEME.sub(f"color-scheme: {self._scheme}", self._query(css))
        return css if self._look.images else _URL.sub("none", css)

    def _query(self, text: str) -> str:
        return _QUERY.sub(lambda found: _TRUE if found[1].lower() == self._scheme else _FALSE, text)
