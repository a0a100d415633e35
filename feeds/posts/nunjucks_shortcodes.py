"""What shortcodes of Eleventy sites usually show, by their names; they are functions of each site's own."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from feeds.generators.eleventy.templating import value_of
from feeds.generators.eleventy.values import CannotTellError, Filter, Term, as_text
from feeds.posts.tera_shortcodes import with_body

_PART = re.compile(
    r"""\s*,?\s*(?:(?P<key>[A-Za-z_]\w*)\s*[=:]\s*)?"""
    r"""(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s,"'{}]+)""",
    re.DOTALL,
)
_IMAGE = re.compile(r"image|img|picture|photo|figure|(?:^|[^a-z])pic(?:$|[^a-z])", re.IGNORECASE)
_FILE = re.compile(r"[^\s<>]+\.(?:png|jpe?g|gif|webp|avif|svg)(?:[?#]\S*)?", re.IGNORECASE)
_VIDEOS = {"youtube": "https://www.youtube.com/watch?v={}", "vimeo": "https://vimeo.com/{}"}
_VIDEO_ID = re.compile(r"[\w-]{6,20}")
_HIGHLIGHT = frozenset({"highlight", "codeblock"})
_MAX_PARTS = 100
_MAX_LENGTH = 4_000


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a shortcode, as texts."""

    positional: tuple[str, ...]
    named: Mapping[str, str]

    def get(self, *keys: str) -> str:
        """The first of the named ones that is there."""
        return next((self.named[key] for key in keys if self.named.get(key)), "")


def parse_arguments(text: str, data: Mapping[str, Term], filters: Mapping[str, Filter]) -> Arguments:
    """The arguments of a tag: texts, and names that are known; others are left out."""
    positional: list[str] = []
    named: dict[str, str] = {}
    text, at = " ".join(text[:_MAX_LENGTH].split()), 0
    while at < len(text) and len(positional) + len(named) < _MAX_PARTS:
        found = _PART.match(text, at)
        if not found:
            at += 1
            continue
        at = found.end()
        try:
            value = as_text(value_of(found["value"], data, "njk", filters))
        except CannotTellError:
            continue
        if found["key"]:
            named[found["key"]] = value
        else:
            positional.append(value)
    return Arguments(tuple(positional), named)


def single(name: str, arguments: Arguments) -> str | None:
    """What a shortcode without an end shows; None if that is not known."""
    if _IMAGE.search(name):
        return _image(arguments)
    service = next((service for service in _VIDEOS if service in name.lower()), "")
    first = arguments.positional[0] if arguments.positional else arguments.get("id", "url", "src", "videoId")
    if first.startswith(("https://", "http://")) and not first.split("?")[0].endswith(".js"):
        label = arguments.get("title", "text", "label") or next(iter(arguments.positional[1:]), "") or first
        return f'<a href="{html.escape(first)}">{html.escape(label)}</a>'
    if service and _VIDEO_ID.fullmatch(first):
        address = _VIDEOS[service].format(first)
        label = arguments.get("title") or next(iter(arguments.positional[1:]), "") or "Video"
        return f'<a href="{html.escape(address)}">{html.escape(label)}</a>'
    return None


def paired(name: str, arguments: Arguments, body: str) -> str | None:
    """What a shortcode with an end shows; None if that is not known."""
    if name in _HIGHLIGHT:
        return code_block(body, (arguments.positional or ("",))[0])
    if name in ("block", "call", "filter"):
        return body
    if _IMAGE.search(name) and (shown := _image(arguments)):
        return f"<figure>{shown}<figcaption>\n\n{body.strip()}\n\n</figcaption></figure>"
    keys = dict(zip(("title", "author"), arguments.positional, strict=False))
    return with_body(name, {**keys, **arguments.named}, body)


def code_block(code: str, language: str) -> str:
    """A fence around code that no line in it ends."""
    longest = max(map(len, re.findall(r"`{3,}|~{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    word = re.sub(r"[^\w.+#-].*", "", language, flags=re.DOTALL)
    return f"\n{fence}{word}\n{code.strip(chr(10))}\n{fence}\n"


def _image(arguments: Arguments) -> str | None:
    texts = list(arguments.positional)
    source = arguments.get("src", "url", "path", "image", "file")
    source = source or next((text for text in texts if _FILE.fullmatch(text)), "")
    if not source:
        return None
    rest = [text for text in texts if text != source]
    caption = arguments.get("caption", "figcaption")
    alt = arguments.get("alt", "altText", "description") or next(iter(rest), "") or caption
    shown = f'<img src="{html.escape(source)}" alt="{html.escape(alt)}">'
    return f"<figure>{shown}<figcaption>{html.escape(caption)}</figcaption></figure>" if caption else shown
