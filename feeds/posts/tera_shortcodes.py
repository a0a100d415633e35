"""What the shortcodes and components show that many Zola sites and themes have, by their names."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Mapping

from feeds.posts.scope import Scope
from feeds.texts import is_file

Args = Mapping[str, str]

_IMAGE_KEYS = ("src", "path", "url", "image", "file", "img", "filename")
_IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
_BODY_KEYS = ("body", "text", "content", "translated", "quote")
_TITLES = ("title", "summary", "header", "heading", "name")
_NOTES = frozenset(
    "note info tip hint warning warn danger caution important admonition alert callout notice aside error "
    "question example success".split()
)
_QUOTES = frozenset({"quote", "multilingual_quote", "blockquote", "pullquote", "cite"})
_FOLDED = frozenset({"details", "detail", "spoiler", "collapse", "collapsible", "expand", "accordion"})
_CODE = {"mermaid": "mermaid", "diagram": "mermaid", "graphviz": "dot", "code": "", "pre": ""}
_MATH = frozenset({"math", "katex", "latex"})
_WRAPPERS = ("container", "center", "wrapper", "column", "grid", "wide")
_PLAIN = frozenset(
    {"center", "centered", "div", "section", "container", "box", "lead", "small", "columns", "references"}
)
_EMBEDS = {
    "youtube": "https://www.youtube.com/embed/{}",
    "vimeo": "https://player.vimeo.com/video/{}",
    "streamable": "https://streamable.com/e/{}",
}
_SILENT = frozenset({"toc", "clear", "br", "newline"})


def inline(name: str, args: Args, scope: Scope, *, alone: bool = True) -> str | None:
    """What a shortcode without a body shows, `alone` or in a line of text; None if it is not known."""
    key = name.lower()
    if key in _SILENT:
        return ""
    if (pattern := _EMBEDS.get(key)) and (id := _first(args, "id", "video", "src")):
        return f'<iframe src="{html.escape(pattern.format(id))}"></iframe>'
    if (address := args.get("url", "")).startswith(("http://", "https://")) and not _is_image(address, key):
        label = _first(args, "title", "text", "name", "label") or address
        return f'<a href="{html.escape(address)}">{html.escape(label)}</a>'
    if (body := _first(args, *_BODY_KEYS)) and (shown := with_body(name, args, body)) is not None:
        return shown if alone else body
    source = _first(args, *_IMAGE_KEYS) or _first(args, *(key for key in args if key.endswith("src")))
    if source and _is_image(source, key):
        return _image(source, args, scope)
    return None


def with_body(name: str, args: Args, body: str) -> str | None:
    """What a shortcode with a body shows; None if it is not known."""
    key = name.lower()
    show = next((show for names, show in _BODIES if key in names), None)
    if show is None and any(word in key for word in _WRAPPERS):
        return body
    return show(key, args, textwrap.dedent(body)) if show else None


def _first(args: Args, *keys: str) -> str:
    return next((args[key] for key in keys if args.get(key)), "")


def _is_image(source: str, name: str) -> bool:
    path = source.split("?")[0].lower()
    return path.endswith(_IMAGE_ENDINGS) or any(
        word in name for word in ("image", "img", "figure", "fig", "photo")
    )


def _image(source: str, args: Args, scope: Scope) -> str:
    caption = _first(args, "caption", "figcaption", "title")
    alt = _first(args, "alt", "description") or caption
    shown = f'<img src="{html.escape(_located(source, scope))}" alt="{html.escape(alt)}">'
    if link := _first(args, "link", "href"):
        shown = f'<a href="{html.escape(link)}">{shown}</a>'
    return f"<figure>{shown}<figcaption>{html.escape(caption)}</figcaption></figure>" if caption else shown


def _located(source: str, scope: Scope) -> str:
    """The address of an image, which templates look for in the content and in `static/` too."""
    site = scope.site
    if source.startswith(("/", "@/", "http:", "https:", "data:")):
        return source
    if is_file(site.docs / source):
        return f"@/{source}"
    if is_file(site.root / "static" / source):
        return f"{site.url}{source}"
    return source


def _quote(name: str, args: Args, body: str) -> str:
    who = _first(args, "author", "cite", "by", "name", "source")
    text = f"{body}\n\n— {who}" if who else body
    return textwrap.indent(text, "> ", lambda line: True)


def _note(name: str, args: Args, body: str) -> str:
    title = _first(args, *_TITLES)
    return textwrap.indent(f"**{title}**\n\n{body}" if title else body, "> ", lambda line: True)


def _fold(name: str, args: Args, body: str) -> str:
    return f"<details><summary>{html.escape(_first(args, *_TITLES))}</summary>\n\n{body}\n\n</details>"


def _code(name: str, args: Args, body: str) -> str:
    language = _first(args, "lang", "language") or _CODE[name]
    fence = "```"
    while fence in body:
        fence += "`"
    return f"{fence}{language}\n{body}\n{fence}"


def _math(name: str, args: Args, body: str) -> str:
    return f"$$\n{body}\n$$" if args.get("block") == "true" else f"${body}$"


def _as_it_is(name: str, args: Args, body: str) -> str:
    return body


_BODIES: tuple[tuple[frozenset[str], Callable[[str, Args, str], str]], ...] = (
    (_QUOTES, _quote),
    (_NOTES, _note),
    (_FOLDED, _fold),
    (frozenset(_CODE), _code),
    (_MATH, _math),
    (_PLAIN, _as_it_is),
)
