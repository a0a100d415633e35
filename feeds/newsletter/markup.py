"""A look at a letter's HTML before it is inlined: what would break or not be shown, with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

from feeds.errors import Finding, Location, Severity
from feeds.model import Issue
from feeds.newsletter.css import Stylesheet, parse_block
from feeds.newsletter.stylesheet import check_declarations, check_head, each_feature_once
from feeds.newsletter.support import ELEMENTS
from feeds.templating import BUNDLED

DOCTYPE = "<!DOCTYPE html>"
"""How a document has to begin: with any other spelling premailer drops the line."""

MAX_DEPTH = 200
"""Elements inside each other, beyond which a document is refused: libxml2 drops what lies below 255."""

Place = Callable[[int, str], Location | None]
"""Finds the file and line from which a part of the HTML comes: by its offset, and its first characters."""

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_BROKEN = {
    "picture": "the inliner closes a <source> behind the <img>",
    "source": "the inliner closes a <source> behind the <img>",
    "svg": "the inliner writes its attributes in small letters, and no mail program shows it",
}
_ADDRESSES = ("href", "src", "background", "poster", "action")
_SCHEMES = ("https:", "http:", "mailto:", "tel:", "sms:", "cid:")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_REVEALING = re.compile(r"\[if[^\]]*\]><!")


class Tag(NamedTuple):
    """A start tag: where it begins, its name and attributes, and how deep it lies."""

    offset: int
    name: str
    attrs: dict[str, str | None]
    depth: int


@dataclass(slots=True)
class Anatomy:
    """What inlining must not change of a document, and what has to be looked at before."""

    html: str
    begins_right: bool = False
    text: list[str] = field(default_factory=list)
    urls: Counter[str] = field(default_factory=Counter)
    comments: Counter[str] = field(default_factory=Counter)
    tags: list[Tag] = field(default_factory=list)
    sheets: list[tuple[Tag, str]] = field(default_factory=list)


def anatomy_of(html: str) -> Anatomy:
    """Read a document."""
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    return reader.anatomy


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.anatomy = Anatomy(html)
        self._open: list[str] = []
        self._offset = 0

    def updatepos(self, i: int, j: int) -> int:
        """Count characters, all of which pass here in their order; the parser's own counts lines too."""
        self._offset += max(0, j - i)
        return j

    def handle_decl(self, decl: str) -> None:
        self.anatomy.begins_right = self._offset == 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name in ("href", "src"):
            if name in values:
                self.anatomy.urls[unquote(values[name] or "")] += 1
        if tag not in _VOID:
            self._open.append(tag)
        self.anatomy.tags.append(Tag(self._offset, tag, values, len(self._open)))

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.anatomy.sheets.append((self.anatomy.tags[-1], data))
        else:
            self.anatomy.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.anatomy.comments[data] += 1


def nowhere(offset: int, text: str) -> None:
    """The place of what comes from no file."""


def template_place(locate: Callable[[int, str], Location | None], issue: Issue) -> Place:
    """A finder of places in templates, by `locate`, that names a post where its excerpt is at fault."""

    def place(offset: int, text: str) -> Location | None:
        at = locate(offset, text)
        if at is None or at.path.startswith(f"{BUNDLED}/"):
            for entry in issue.entries:
                if not text.startswith("<") and escape(text) in entry.excerpt.html:
                    return Location(entry.post.source.fields.path)
        return at

    return place


def check_markup(anatomy: Anatomy, kept: Sequence[Stylesheet], place: Place) -> tuple[Finding, ...]:
    """What in a letter's HTML the inliner breaks (an error), or mail programs do not show (a warning).

    Args:
        anatomy: the HTML as its templates made it.
        kept: what of its stylesheets was not looked at before, by `kept_sheets`.
        place: finds the file and line of what is at fault.
    """
    found = [*_check_beginning(anatomy, place), *_check_comments(anatomy.html, place)]
    found += [finding for sheet in kept for finding in check_head(sheet)]
    body = next((tag.offset for tag in anatomy.tags if tag.name == "body"), len(anatomy.html))
    ids = {tag.attrs.get(name) for tag in anatomy.tags for name in ("id", "name")}
    styles: set[str] = set()
    for tag in anatomy.tags:
        found += _check_tag(tag, place, in_body=tag.offset > body)
        found += _check_addresses(tag, ids, place)
        style = tag.attrs.get("style") or ""
        if style and style not in styles:
            styles.add(style)
            for finding in check_declarations(parse_block(style), Stylesheet("", style)):
                found.append(replace(finding, at=place(tag.offset, f"<{tag.name}")))
    found += _check_depth(anatomy, place)
    return each_feature_once(found)


def _check_beginning(anatomy: Anatomy, place: Place) -> Iterator[Finding]:
    html = anatomy.html.lstrip()
    if not html.startswith(DOCTYPE):
        message = f"the letter does not begin with {DOCTYPE}"
        help = "write it so, in capitals, with nothing before it: no comment and no byte order mark"
        yield _error(message, place(0, html[:15].strip().split("\n")[0]), help)
    root = next((tag for tag in anatomy.tags if tag.name == "html"), None)
    if root is None or not root.attrs.get("lang"):
        at = place(root.offset if root else 0, "<html")
        yield _warning("the letter does not say its language", at, 'write <html lang="{{ language }}">')


def _check_comments(html: str, place: Place) -> Iterator[Finding]:
    """Conditional comments for Outlook: each of the two forms that the inliner leaves alone has its end."""
    opened = 0
    for comment in _COMMENT.finditer(html):
        text = comment[1].strip()
        if text == "<![endif]":
            opened -= 1
        elif _REVEALING.match(text):
            opened += 1
        elif text.startswith("[if") and not text.endswith("<![endif]"):
            message = "a comment for Outlook is not closed by <![endif]-->"
            yield _error(message, place(comment.start(), comment[0][:12]), "Outlook hides all that follows")
    if opened:
        at = place(html.find("<!--[if !"), "<!--[if !")
        yield _error("`<!--[if !mso]><!-->` and `<!--<![endif]-->` do not pair", at)
    bare = re.search(r"<!\[(?!CDATA)", _COMMENT.sub(lambda found: " " * len(found[0]), html))
    if bare:
        message = "the inliner breaks the form <![if …]>"
        at = place(bare.start(), html[bare.start() : bare.start() + 8])
        yield _error(message, at, "write <!--[if !mso]><!--> … <!--<![endif]-->")


def kept_sheets(anatomy: Anatomy, head: Sequence[Stylesheet], place: Place) -> tuple[Stylesheet, ...]:
    """Each `<style data-premailer="ignore">` that holds something else than the known sheets of the head."""
    known = _bare("".join(sheet.text for sheet in head))
    found = []
    for tag, css in anatomy.sheets:
        if tag.attrs.get("data-premailer") == "ignore" and _bare(css) != known:
            at = place(tag.offset, "<style") or Location("digest.html")
            found.append(Stylesheet(at.path, css, at.line))
    return tuple(found)


def _bare(css: str) -> str:
    return re.sub(r"/\*.*?\*/|\s+", "", css, flags=re.DOTALL)


def _check_tag(tag: Tag, place: Place, *, in_body: bool) -> Iterator[Finding]:
    name, values = tag.name, tag.attrs
    linked = name == "link" and "stylesheet" in (values.get("rel") or "").lower()
    if linked or (name == "style" and values.get("data-premailer") != "ignore"):
        message = "the letter holds a <style> or a linked style sheet that is neither inlined nor kept"
        help = 'write rules to be inlined in digest.css, others in <style data-premailer="ignore">'
        yield _error(message, place(tag.offset, f"<{name}"), help)
    elif name == "style" and in_body:
        message = "Gmail ignores a <style> outside the head"
        yield _warning(message, place(tag.offset, "<style"), "put it into the block `head`")
    elif name in _BROKEN:
        at = place(tag.offset, f"<{name}")
        yield _error(f"<{name}> does not survive: {_BROKEN[name]}", at, "show a PNG or JPEG with <img>")
    elif name in ELEMENTS:
        message = f"mail programs {ELEMENTS[name]} <{name}>"
        yield _warning(message, place(tag.offset, f"<{name}"), "link to a page that has it")
    elif name == "img" and "alt" not in values:
        help = 'say what it shows in alt="…"; alt="" where it only decorates'
        yield _warning("an <img> has no `alt`", place(tag.offset, "<img"), help)


def _check_addresses(tag: Tag, ids: set[str | None], place: Place) -> Iterator[Finding]:
    for name in _ADDRESSES:
        if name not in tag.attrs:
            continue
        url = (tag.attrs[name] or "").strip()
        if url.lower().startswith(_SCHEMES) and "{" not in url:
            continue
        if "{{" in url or "{%" in url:
            message = f"`{name}` holds template syntax that nothing fills in: {url!r}"
            yield _error(message, place(tag.offset, url), "the inliner would write its spaces as %20")
        elif url.startswith("#"):
            if url[1:] not in ids:
                yield _warning(f"{url!r} leads nowhere in the letter", place(tag.offset, url))
        elif not url.lower().startswith(_SCHEMES):
            message = f"`{name}` of a <{tag.name}> leads nowhere from a mail: {url!r}"
            at = place(tag.offset, url or f"<{tag.name}")
            yield _warning(message, at, "write the whole address, with https://")
    if "srcset" in tag.attrs:
        yield _warning("mail programs do not know `srcset`", place(tag.offset, "srcset"))


def _check_depth(anatomy: Anatomy, place: Place) -> Iterator[Finding]:
    deepest = max(anatomy.tags, key=lambda tag: tag.depth, default=None)
    if deepest and deepest.depth > MAX_DEPTH:
        first = next(tag for tag in anatomy.tags if tag.depth > MAX_DEPTH)
        yield _error(
            f"the letter holds elements {deepest.depth} levels deep, {MAX_DEPTH} is the most",
            place(first.offset, f"<{first.name}"),
            "look for lists, quotes or tables nested without end, or elements that are never closed",
        )


def _error(message: str, at: Location | None, help: str = "") -> Finding:
    return Finding(Severity.ERROR, "markup", message, at, help)


def _warning(message: str, at: Location | None, help: str = "") -> Finding:
    return Finding(Severity.WARNING, "markup", message, at, help)
