"""Hugo's shortcodes in a post, as the Markdown that comes closest to what they show.

Hugo's own ones are known (https://gohugo.io/shortcodes/); those of a theme or site are templates, of which
nothing is run: what they
enclose is kept, what encloses nothing is left out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from feeds.data import is_null
from feeds.model import Scalar
from feeds.posts.scope import Scope
from feeds.posts.tree import escape

_OPEN = re.compile(r"\{\{[<%]")
_CLOSE = {"<": ">}}", "%": "%}}"}
_START = re.compile(r"\s*(?P<slash>/)?\s*(?P<name>\w[\w-]*(?:/\w[\w-]*)*(?:\.inline\b)?)")
_TOKEN = re.compile(
    r"""\s+|\\?"(?P<text>(?:\\.|[^"\\\n])*)\\?"|`(?P<raw>[^`]*)`|(?P<slash>/(?=\s*[>%]\}\}))|(?P<equals>=)|(?P<word>(?:(?![>%]\}\})[^\s="`])+)"""
)
_FENCED = re.compile(r"(?P<fence>`{3,})[^\n]*\n(?P<code>.*)\n(?P=fence)", re.DOTALL)
_IMAGE = re.compile(r"!\[(?P<text>(?:\\.|[^\]\\])*)\]\(<(?P<url>[^>]*)>\)")
_LINK = re.compile(r"\[(?P<text>(?:\\.|[^\]\\])*)\]\(<(?P<url>[^>]*)>\)")
_STRONG = re.compile(r"\*\*((?:\\.|[^*\\])+)\*\*")
_MARK = "<!--more-->"
_MAX_NESTING = 50
_MAX_LENGTH = 10_000
_MAX_MALFORMED = 100
_MAX_INDENT = 200


@dataclass(slots=True)
class _Tag:
    """One `{{< … >}}` or `{{% … %}}`; `line` counts from 1 in the post's text."""

    name: str
    line: int
    closing: bool = False
    closed: bool = False
    indent: str = ""
    listed: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    encloses: bool = False

    def get(self, name: str, place: int = -1) -> str:
        """A parameter by its name, else by its place."""
        if name in self.named:
            return self.named[name]
        return self.listed[place] if 0 <= place < len(self.listed) else ""


def expand(text: str, scope: Scope) -> str:
    """The text of a post without shortcodes, its excerpt's mark a paragraph of its own, as Hugo has it.

    Args:
        text: Markdown.
        scope: the post and its site; told of shortcodes that cannot be shown.
    """
    if _MARK in text:
        before, mark, after = text.partition(_MARK)
        before = before if before.endswith("\n\n") or not before.strip() else f"{before}\n\n"
        text = f"{before}{mark}{after if after.startswith(chr(10) * 2) else chr(10) * 2 + after}"
    if not _OPEN.search(text):
        return text
    parts = list(_parts(text, scope))
    _pair(parts, scope)
    return _assemble(parts, _Post(scope))


def _parts(text: str, scope: Scope) -> Iterator[str | _Tag]:
    """The text taken apart: what stands between shortcodes, and these."""
    place, line, counted, malformed = 0, 1, 0, 0
    last = {right: text.rfind(right) for right in _CLOSE.values()}
    last_comment = {right: text.rfind(f"*/{right}") for right in _CLOSE.values()}
    while found := _OPEN.search(text, place):
        start, place = found.start(), found.end()
        yield text[counted:start]
        line += text.count("\n", counted, start)
        right = _CLOSE[text[place - 1]]
        tag: _Tag | None = None
        if text.startswith("/*", place) and last_comment[right] > place:
            end = text.find(f"*/{right}", place)
            yield f"{found[0]}{text[place + 2 : end]}{right}"
            place = end + 2 + len(right)
        elif last[right] > place and malformed < _MAX_MALFORMED and (made := _tag(text, place, right, line)):
            tag, place = made
            head = text[max(counted, start - _MAX_INDENT) : start]
            before = head[head.rfind("\n") + 1 :]
            tag.indent = before if not before.strip() else ""
            yield tag
        else:
            malformed += 1
            if malformed == 1:
                message = "a shortcode is never closed, or is malformed"
                scope.warn("shortcode", message, line, "close it; Hugo refuses it")
        line += text.count("\n", start, place)
        counted = place
    yield text[counted:]


def _tag(text: str, place: int, right: str, line: int) -> tuple[_Tag, int] | None:
    """The shortcode that begins before a place, and where it ends; None if it is malformed."""
    start = place
    opening = _START.match(text, place)
    if not opening:
        return None
    tag, place = _Tag(opening["name"], line, closing=opening["slash"] is not None), opening.end()
    wants: str | None = None
    while not text.startswith(right, place):
        found = _TOKEN.match(text, place)
        if not found or place - start > _MAX_LENGTH:
            return None
        place = found.end()
        if found["slash"]:
            tag.closed = True
        elif found["equals"]:
            wants = tag.listed.pop() if tag.listed else ""
        elif found.lastgroup:
            value = found[found.lastgroup]
            value = value.replace('\\"', '"') if found.lastgroup == "text" else value
            if wants is None:
                tag.listed.append(value)
            else:
                tag.named[wants], wants = value, None
    return tag, place + len(right)


def _pair(parts: Sequence[str | _Tag], scope: Scope) -> None:
    """Find out which shortcodes enclose something: those that are closed further down."""
    stack: list[_Tag] = []
    waiting: dict[str, int] = {}
    for tag in parts:
        if not isinstance(tag, _Tag) or tag.closed:
            continue
        if not tag.closing:
            stack.append(tag)
            waiting[tag.name] = waiting.get(tag.name, 0) + 1
        elif waiting.get(tag.name):
            while True:
                opened = stack.pop()
                waiting[opened.name] -= 1
                if opened.name == tag.name:
                    opened.encloses = tag.encloses = True
                    break
        else:
            scope.warn("shortcode", f"the shortcode {tag.name} is closed, but was never opened", tag.line)


class _Post:
    """The post at hand, what was told of it, and its site's pages, looked up only where that is needed."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.told: set[str] = set()

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """The address of every page by its path in lower case."""
        return {page.lower(): url for page, url in self.scope.pages.items()}

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The address of every page by its name alone, "" for a name that several have."""
        found: dict[str, str] = {}
        for page, url in self.scope.pages.items():
            name = _page_name(page)
            found[name] = url if found.get(name, url) == url else ""
        return found


def _assemble(parts: Sequence[str | _Tag], post: _Post) -> str:
    frames: list[tuple[_Tag | None, list[str]]] = [(None, [])]
    deeper = 0
    for part in parts:
        if isinstance(part, str):
            frames[-1][1].append(part)
        elif not part.closing:
            if not part.encloses:
                frames[-1][1].append(_shown(part, "", post))
            elif len(frames) > _MAX_NESTING:
                deeper += 1
            else:
                frames.append((part, []))
        elif part.encloses:
            if deeper:
                deeper -= 1
                continue
            opened, inner = frames.pop()
            if opened:
                frames[-1][1].append(_shown(opened, "".join(inner), post))
    return "".join(frames[0][1])


def _shown(tag: _Tag, inner: str, post: _Post) -> str:
    """What a shortcode shows, as Markdown."""
    if tag.name.endswith(".inline"):
        inner = ""
    elif make := _KNOWN.get(tag.name.lower()):
        shown = make(tag, inner, post)
        return _as_html(shown) if post.scope.source.path.lower().endswith((".html", ".htm")) else shown
    if tag.encloses and inner.strip():
        return inner
    if tag.name not in post.told:
        post.told.add(tag.name)
        help = "it is a template of the site or its theme, of which nothing is run"
        post.scope.warn("shortcode", f"the shortcode {tag.name} is left out", tag.line, help)
    return ""


# --- Hugo's own shortcodes --------------------------------------------------------------------------------


def _figure(tag: _Tag, inner: str, post: _Post) -> str:
    caption = " ".join(part for part in (tag.get("caption"), _credit(tag)) if part)
    alt = tag.get("alt") or _plain(tag.get("caption"))
    shown = f"![{_literal(alt)}]({_target(tag.get('src', 0))})"
    if link := tag.get("link"):
        shown = f"[{shown}]({_target(link)})"
    title = f"**{_literal(tag.get('title'))}**" if tag.get("title") else ""
    lines = [shown, *(part for part in (title, " ".join(caption.split())) if part)]
    return f"\\\n{tag.indent}".join(lines)


def _credit(tag: _Tag) -> str:
    name, link = tag.get("attr"), tag.get("attrlink")
    return f"[{name}]({_target(link)})" if name and link else name


def _highlight(tag: _Tag, inner: str, post: _Post) -> str:
    code = inner.strip("\r\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
    language = re.sub(r"[^\w.#+-]", "", tag.get("lang", 0))
    lines = [line.removeprefix(tag.indent) for line in code.split("\n")]
    body = "\n".join(tag.indent + line for line in (f"{fence}{language}", *lines, fence))
    return f"{body.removeprefix(tag.indent)}\n" if tag.indent or not inner else f"{body}\n"


def _details(tag: _Tag, inner: str, post: _Post) -> str:
    return f"**{tag.get('summary') or 'Details'}**\n\n{inner.strip(chr(10))}\n"


def _qr(tag: _Tag, inner: str, post: _Post) -> str:
    text = tag.get("text") or inner.strip()
    return f"<{text}>" if re.fullmatch(r"https?://[^\s<>]+", text) else _literal(text)


def _video(label: str, base: str) -> Callable[[_Tag, str, _Post], str]:
    def make(tag: _Tag, inner: str, post: _Post) -> str:
        id = tag.get("id", 0)
        return f"[{_literal(tag.get('title') or label)}]({_target(base + id)})" if id else ""

    return make


def _x(tag: _Tag, inner: str, post: _Post) -> str:
    user, id = tag.get("user"), tag.get("id", 0)
    if not id:
        return ""
    who = f"@{_literal(user)} on X" if user else "A post on X"
    url = f"https://x.com/{user or 'i'}/status/{id}"
    return f"[{who}]({_target(url)})"


def _gist(tag: _Tag, inner: str, post: _Post) -> str:
    user, id = tag.get("user", 0), tag.get("id", 1)
    return f"[Gist {_literal(id)} by {_literal(user)}]({_target(f'https://gist.github.com/{user}/{id}')})"


def _param(tag: _Tag, inner: str, post: _Post) -> str:
    """A parameter of the page, else of the site."""
    name = tag.get("name", 0).lower()
    for table in (post.scope.source.fields.values, post.scope.site.variables.get("params")):
        found: object = table
        for key in name.split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, Scalar) and not is_null(found):
            return str(found)
    post.scope.warn("shortcode", f"the parameter {name!r} is neither the post's nor the site's", tag.line)
    return ""


def _ref(tag: _Tag, inner: str, post: _Post) -> str:
    path, mark, anchor = tag.get("path", 0).partition("#")
    url = _find_page(path, tag.get("lang", 1), post) if path else post.scope.page_url
    if url is None:
        message = f"{tag.name} names {path!r}, which is no published page"
        post.scope.warn("shortcode", message, tag.line, "mend the path; Hugo refuses it")
        return ""
    return url + mark + anchor


def _find_page(path: str, language: str, post: _Post) -> str | None:
    """The address of a page that `ref` names: from the top, from the post's own folder, or by its name alone.

    Args:
        path: as written, with or without its ending.
        language: the key of the language that is meant, "" for the post's own.
        post: the post, and what it can see.
    """
    scope = post.scope
    roots = scope.site.variables.get("roots")
    folders = [str(each) for each in roots] if isinstance(roots, tuple) else [""]
    source = scope.source.path
    root = max(
        (each for each in folders if source.startswith(f"{each}/" if each else "")), key=len, default=""
    )
    own = posixpath.dirname(source)
    bare = path.strip("/").removesuffix(".md")
    tops = [root, *(each for each in folders if each != root)]
    bases = [posixpath.join(top, bare) for top in tops]
    if not path.startswith("/"):
        beside = [own, posixpath.dirname(own)] if posixpath.basename(source).startswith("index.") else [own]
        bases = [posixpath.normpath(posixpath.join(each, bare)) for each in beside] + bases
    if not bare:
        return scope.pages.get(posixpath.join(root, "_index.md"), scope.site.url)
    suffix = language or _language(source)
    names = [name for base in bases for name in _file_names(base, suffix)]
    found = next((url for name in names if (url := scope.pages.get(name))), None)
    if found is None and bare != bare.lower():  # paths are one in any case
        found = next((url for name in names if (url := post.folded.get(name.lower()))), None)
    return found or (None if "/" in path.strip("/") else post.named.get(bare.lower()) or None)


def _file_names(base: str, language: str) -> Iterator[str]:
    """The files that a path without an ending may stand for."""
    for name in (base, f"{base}/index", f"{base}/_index", re.sub(r"/?(?:_index|index)$", "", base)):
        for ending in (f".{language}.md" if language else ".md", ".md", ".html", ".markdown", ""):
            yield name + ending


def _page_name(path: str) -> str:
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return (posixpath.basename(posixpath.dirname(path)) if stem in ("index", "_index") else stem).lower()


def _language(path: str) -> str:
    parts = posixpath.basename(path).split(".")
    return parts[-2] if len(parts) > 2 and len(parts[-2]) <= 7 else ""


def _as_html(markdown: str) -> str:
    """What shortcodes make, as HTML, for posts that are written in it."""
    if code := _FENCED.fullmatch(markdown.strip()):
        return f"<pre><code>{escape(code['code'])}</code></pre>"
    made = _IMAGE.sub(lambda found: f'<img src="{found["url"]}" alt="{_bare(found["text"])}">', markdown)
    made = _LINK.sub(lambda found: f'<a href="{found["url"]}">{_bare(found["text"])}</a>', made)
    made = _STRONG.sub(lambda found: f"<strong>{_bare(found[1])}</strong>", made)
    return made.replace("\\\n", "<br>\n")


def _bare(text: str) -> str:
    """A text that Markdown's marks are escaped in, as text of HTML; a picture stays what it is."""
    if text.startswith("<img "):
        return text
    return escape(re.sub(r"\\(.)", r"\1", text)).replace('"', "&quot;")


def _target(url: str) -> str:
    safe = re.sub('[<> "]', lambda found: f"%{ord(found[0]):02X}", " ".join(url.split()))
    return f"<{safe}>"


def _literal(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>!&])", r"\\\1", " ".join(text.split()))


def _plain(markdown: str) -> str:
    """Markdown as text, as far as a description of a picture needs it."""
    return re.sub(r"[*_`]|\]\([^()\s]*\)|\[|\]", "", markdown)


_Make = Callable[[_Tag, str, _Post], str]
_KNOWN: Mapping[str, _Make] = {
    "comment": lambda tag, inner, post: "",
    "details": _details,
    "figure": _figure,
    "gist": _gist,
    "highlight": _highlight,
    "instagram": _video("A post on Instagram", "https://www.instagram.com/p/"),
    "param": _param,
    "qr": _qr,
    "ref": _ref,
    "relref": _ref,
    "tweet": _x,
    "twitter": _x,
    "vimeo": _video("Vimeo video", "https://vimeo.com/"),
    "x": _x,
    "youtube": _video("YouTube video", "https://www.youtube.com/watch?v="),
}
