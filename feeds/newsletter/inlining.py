"""Moves a stylesheet's rules into the `style` attributes of a document, with premailer."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import unquote

from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity
from feeds.newsletter.stylesheet import Stylesheet

DOCTYPE = "<!DOCTYPE html>"
"""How a document has to begin: with any other spelling premailer drops the line."""

MAX_DEPTH = 200
"""Elements inside each other, beyond which a document is refused: libxml2 drops what lies below 255."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_POSITION = re.compile(r"\[(\d+):(\d+): ")
_ENCODED_HOST = re.compile(r'((?:href|src)="https?://)([^/?#"]*%[^/?#"]*)')
_HAND_WRITTEN = ["width", "height", "align", "valign", "bgcolor"]
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


def inline(html: str, sheets: Sequence[Stylesheet]) -> str:
    """The document with the rules of the stylesheets in its `style` attributes.

    What else the document holds stays: its text, its links, the conditional comments for Outlook, and,
    byte for byte, each `<style data-premailer="ignore">` (without that attribute). Nothing is fetched.

    Args:
        html: a whole document that begins with `DOCTYPE`; its URLs are absolute.
        sheets: the rules, later ones winning over earlier ones of equal weight.

    Raises:
        FeedsError: a stylesheet is malformed, or the document would lose something.
    """
    from cssselect import SelectorError
    from premailer import Premailer

    html = _CONTROLS.sub("", html)
    before = _anatomy(html)
    _refuse(html, before)
    with _cssutils() as problems:
        for sheet in sheets:
            _parse(sheet, problems)
        premailer = Premailer(
            html,
            css_text=[sheet.text for sheet in sheets],
            allow_network=False,
            cache_css_parsing=False,
            disable_validation=True,
            strip_important=False,
            align_floating_images=False,
            disable_link_rewrites=True,
            disable_basic_attributes=_HAND_WRITTEN,
        )
        try:
            inlined = premailer.transform(pretty_print=False)
        except SelectorError as error:
            raise FeedsError(f"a selector is not understood: {error}", rule="stylesheet") from None
    _compare(before, _anatomy(inlined))
    return f"{_ENCODED_HOST.sub(_ascii_host, inlined).rstrip()}\n"


def _ascii_host(found: re.Match[str]) -> str:
    """A host as names are written in addresses (IDNA): libxml2 percent-encodes them, which leads nowhere."""
    try:
        return found[1] + unquote(found[2]).encode("idna").decode("ascii")
    except UnicodeError:
        return found[0]


def _refuse(html: str, anatomy: _Anatomy) -> None:
    if not html.startswith(DOCTYPE):
        raise FeedsError(f"the letter does not begin with {DOCTYPE}", rule="inlining")
    if anatomy.deepest > MAX_DEPTH:
        raise FeedsError(
            f"the letter holds elements {anatomy.deepest} levels deep, {MAX_DEPTH} is the most",
            help="look for lists, quotes or tables nested without end in the posts",
            rule="inlining",
        )
    if anatomy.loose_style:
        raise FeedsError(
            "the letter holds a <style> or a linked style sheet that is neither inlined nor kept",
            help='write rules to be inlined in digest.css, others in <style data-premailer="ignore">',
            rule="inlining",
        )


def _parse(sheet: Stylesheet, problems: list[str]) -> None:
    """Have cssutils read a stylesheet on its own, so that what it complains of has a file and a line."""
    import cssutils

    cssutils.parseString(sheet.text, validate=False)
    if problems:
        raise ProblemsError(tuple(_finding(sheet, problem) for problem in dict.fromkeys(problems)))


def _finding(sheet: Stylesheet, problem: str) -> Finding:
    place = _POSITION.search(problem)
    at = Location(sheet.path, int(place[1]), int(place[2])) if place else Location(sheet.path)
    message = " ".join(problem[: place.start()].split() if place else problem.split())
    return Finding(Severity.ERROR, "stylesheet", f"this is not CSS: {message}", at)


@contextmanager
def _cssutils() -> Iterator[list[str]]:
    """Cut cssutils off from files and the network, and gather its errors instead of printing them."""
    from cssutils import util

    problems: list[str] = []
    log = logging.getLogger("CSSUTILS")
    fetch, handlers, level, propagate = util._defaultFetcher, log.handlers, log.level, log.propagate

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            problems.append(record.getMessage())

    def refuse(url: str) -> None:
        raise FeedsError(f"a stylesheet asks for {url}", help="write the rules themselves", rule="stylesheet")

    util._defaultFetcher = refuse
    log.handlers, log.propagate = [Collector(logging.ERROR)], False
    log.setLevel(logging.ERROR)
    try:
        yield problems
    finally:
        util._defaultFetcher = fetch
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)


class _Anatomy(HTMLParser):
    """What inlining must not change."""

    def __init__(self) -> None:
        super().__init__()
        self.begins_right = False
        self.text: list[str] = []
        self.urls: Counter[str] = Counter()
        self.comments: Counter[str] = Counter()
        self.deepest = 0
        self.loose_style = False
        self._open: list[str] = []

    def handle_decl(self, decl: str) -> None:
        self.begins_right = self.getpos() == (1, 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.urls.update(unquote(values[name] or "") for name in ("href", "src") if name in values)
        loose = tag == "style" and values.get("data-premailer") != "ignore"
        linked = tag == "link" and "stylesheet" in (values.get("rel") or "").lower()
        self.loose_style = self.loose_style or loose or linked
        if tag not in _VOID:
            self._open.append(tag)
            self.deepest = max(self.deepest, len(self._open))

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments[data] += 1


def _anatomy(html: str) -> _Anatomy:
    anatomy = _Anatomy()
    anatomy.feed(html)
    anatomy.close()
    return anatomy


def _compare(before: _Anatomy, after: _Anatomy) -> None:
    lost = [
        what
        for what, is_same in (
            ("its document type", after.begins_right),
            ("text", "".join("".join(before.text).split()) == "".join("".join(after.text).split())),
            ("links or images", before.urls == after.urls),
            ("a conditional comment", before.comments == after.comments),
        )
        if not is_same
    ]
    if lost:
        raise FeedsError(
            f"inlining the stylesheet would change {' and '.join(lost)} of the letter",
            help="look for HTML that is not well-formed, such as text directly inside a <table>",
            rule="inlining",
        )
