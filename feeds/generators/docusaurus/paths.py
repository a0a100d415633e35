"""Addresses, dates and titles that Docusaurus makes of a post's file (`blogUtils.ts`, `markdownUtils.ts`)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_DATED = re.compile(r"(.*)(\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(.*?)(?:/index)?.mdx?", re.DOTALL)
_UNDATED = re.compile(r"(?:/index)?\.mdx?$")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "/:@!$&'()*+,;=~%"
_HEADING = re.compile(r"#[ \t]+([^ \t\n].*)(?:\n|$)")
_UNDERLINED = re.compile(r"(.*)\n=+(?:\n|$)")
_HEADING_END = re.compile(r"\s*(?:\{#*[\w-]+\}|#+)$")
_IMPORT = re.compile(r"import\s")
_LONGEST_HEADING = 2000


def file_date(path: str) -> str:
    """The date in the path of a post below its blog's folder, as it is written; "" without one."""
    found = _DATED.fullmatch(path)
    return found[2] if found else ""


def file_slug(path: str) -> str:
    """The slug that a post's path below its blog's folder gives."""
    if found := _DATED.fullmatch(path):
        return f"/{found[2].replace('-', '/')}/{found[1]}{found[3]}"
    return f"/{_UNDATED.sub('', path)}"


def file_title(path: str) -> str:
    """The title of a post that has none of its own."""
    found = _DATED.fullmatch(path)
    return found[3] if found else _UNDATED.sub("", path)


def permalink(base: str, route: str, slug: str, trailing_slash: bool | None) -> str:
    """The path of a post, not encoded.

    Args:
        base: `baseUrl`, which begins and ends with `/`.
        route: that of the blog.
        slug: of the post, its `/` at the beginning or not.
        trailing_slash: whether addresses end with `/`; None leaves that to the slug.
    """
    path = joined(base, route, slug)
    name = re.split("[#?]", path, maxsplit=1)[0]
    if trailing_slash is None or name in ("/", base):
        return path
    changed = f"{name.removesuffix('/')}/" if trailing_slash else name.removesuffix("/")
    return changed + path[len(name) :]


def joined(*parts: str) -> str:
    """The parts of a path with one `/` between them (`normalizeUrl`)."""
    kept: list[str] = []
    last, ends = len(parts) - 1, False
    for index, part in enumerate(parts):
        if not part:
            kept += ["/"] if index == last and ends else []
            continue
        if part != "/":
            starts = part.startswith("/") and not kept
            part = part if index == 0 else ("/" if starts else "") + part.lstrip("/")
            ends = part.endswith("/")
            part = re.sub("/+$", "" if index < last else "/", part)
        kept.append(part)
    text = re.sub(r"/(\?|&|#[^!/])", r"\1", "/".join(kept))
    first, *others = text.split("?")
    text = first + ("?" if others else "") + "&".join(others)
    return re.sub("^/+", "/", re.sub("([^:/]/)/+", r"\1", text))


def absolute(url: str, path: str) -> str:
    """A path of a site as an absolute, percent-encoded address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{encoded(path)}"


def encoded(path: str) -> str:
    """A path percent-encoded; what is encoded already stays as it is."""
    return quote(_STRAY_PERCENT.sub("%25", path), safe=_SAFE)


def find_title(body: str) -> tuple[str, int, int] | None:
    """The title that stands in a text, with where its heading begins and ends (`parseMarkdownContentTitle`).

    It is the first heading of level one, where nothing but imports stands before it.
    """
    at = len(body) - len(body.lstrip())
    while _IMPORT.match(body, at) and (end := body.find("\n\n", at)) >= 0:
        at = end
        while at < len(body) and body[at].isspace():
            at += 1
    line_end = body.find("\n", at)
    if (len(body) if line_end < 0 else line_end) - at > _LONGEST_HEADING:
        return None
    if found := _HEADING.match(body, at):
        title = _HEADING_END.sub("", found[1].strip())
    elif found := _UNDERLINED.match(body, at):
        title = found[1].strip()
    else:
        return None
    return re.sub("`([^`]*)`", r"\1", title).strip(), found.start(), found.end()
