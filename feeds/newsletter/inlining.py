"""Moves a stylesheet's rules into the `style` attributes of a document, with premailer."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import unquote

from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity, refuse_errors
from feeds.lazily import absent, postponed
from feeds.model import Report
from feeds.newsletter.cascade import compare_styles
from feeds.newsletter.css import Stylesheet, parse_sheet, plain_rules, rules_of
from feeds.newsletter.markup import Anatomy, Place, anatomy_of, check_markup, kept_sheets, nowhere
from feeds.templating import BUNDLED

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_POSITION = re.compile(r"\[(\d+):(\d+): |\('\w+', .*, (\d+), (\d+)\)")
_ENCODED_HOST = re.compile(r'((?:href|src)="https?://)([^/?#"]*%[^/?#"]*)')
_NAME = re.compile(r"\.?[\w-]+")
_HAND_WRITTEN = ["width", "height", "align", "valign", "bgcolor"]


def inline(
    html: str,
    sheets: Sequence[Stylesheet],
    report: Report,
    *,
    head: Sequence[Stylesheet] = (),
    place: Place = nowhere,
) -> str:
    """The document with the rules of the stylesheets in its `style` attributes.

    What else the document holds stays: its text, its links, the conditional comments for Outlook, and,
    byte for byte, each `<style data-premailer="ignore">` (without that attribute). Nothing is fetched. The
    document is looked at before, and compared with what the stylesheets ask for after it.

    Args:
        html: a whole document that begins with `<!DOCTYPE html>`; its URLs are absolute.
        sheets: the rules, later ones winning over earlier ones of equal weight.
        report: told of what mail programs will not show, and of each declaration that was lost.
        head: the stylesheets that stand in the document's head.
        place: finds the file and line from which a part of the HTML comes.

    Raises:
        FeedsError: a stylesheet is malformed, or the document would lose something.
    """
    styled = move_styles(html, sheets, report, head=head, place=place)
    check_styled(styled, sheets, report, head=head)
    return styled.html


class Styled(NamedTuple):
    """A document with its styles in its elements, and what that has to be compared with.

    `inlined` is it as the inliner wrote it, `before` what it was before, `kept` those sheets of its head that
    were not known.
    """

    html: str
    inlined: str
    before: Anatomy
    kept: tuple[Stylesheet, ...]


def move_styles(
    html: str, sheets: Sequence[Stylesheet], report: Report, *, head: Sequence[Stylesheet], place: Place
) -> Styled:
    """What `inline` makes, not yet compared with what it was made of."""
    before = anatomy_of(html)
    kept = kept_sheets(before, head, place)
    refuse_errors(check_markup(before, kept, place), report)
    html = _CONTROLS.sub("", html)
    if html != before.html:
        before = anatomy_of(html)
    inlined = _inlined(html, sheets)
    return Styled(f"{_ENCODED_HOST.sub(_ascii_host, inlined).rstrip()}\n", inlined, before, kept)


def check_styled(
    styled: Styled, sheets: Sequence[Stylesheet], report: Report, *, head: Sequence[Stylesheet]
) -> None:
    """Compare what `move_styles` made with what it was made of, and with what the stylesheets ask for."""
    _compare(styled.before, anatomy_of(styled.inlined))
    for finding in compare_styles(styled.before.html, styled.inlined, sheets, (*head, *styled.kept)):
        report(finding)


def _inlined(html: str, sheets: Sequence[Stylesheet]) -> str:
    # For stylesheets that are fetched, as here none is.
    with postponed("requests", "urllib.request", "importlib.metadata"), absent("cssutils._fetchgae"):
        from premailer import Premailer

    paths = [sheet.path for sheet in sheets]
    parsed = {
        # A folder of the user's may be called like the bundled one: then there are two of a path.
        sheet.text: _in_use(sheet, html)
        if sheet.path.startswith(f"{BUNDLED}/") and paths.count(sheet.path) == 1
        else _parse(sheet)
        for sheet in sheets
    }

    class Inliner(Premailer):  # type: ignore[misc]
        """Takes the stylesheets as they were read to be checked: reading them takes longer than all else."""

        def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:
            return parsed[css_body]

    with _cssutils() as problems:
        premailer = Inliner(
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
        inlined = str(premailer.transform(pretty_print=False))
    if problems:
        for sheet in sheets:
            _parse(sheet)  # which tells where
    return inlined


def _ascii_host(found: re.Match[str]) -> str:
    """A host as names are written in addresses (IDNA): libxml2 percent-encodes them, which leads nowhere."""
    try:
        return found[1] + unquote(found[2]).encode("idna").decode("ascii")
    except UnicodeError:
        return found[0]


def _in_use(sheet: Stylesheet, html: str) -> list[Any]:
    """The rules of a bundled sheet whose elements and classes the document has somewhere.

    They are read without cssutils, which takes long. A user's sheet is read with it, and as a whole, so that
    what is wrong in it is found whatever the letter shows.
    """
    small = html.lower()

    @cache
    def is_there(name: str) -> bool:
        return (name[1:] if name.startswith(".") else f"<{name}") in small

    def can_match(selector: str) -> bool:
        return all(map(is_there, _NAME.findall(selector)))

    return [rule for rule in _bundled_rules(sheet.text) if any(map(can_match, rule.selectorText.split(",")))]


@lru_cache(maxsize=16)
def _bundled_rules(text: str) -> tuple[Any, ...]:
    """The rules of a sheet, with as much of cssutils' interface as premailer makes use of."""

    def rule(selectors: str, declared: Sequence[tuple[str, str, bool]]) -> SimpleNamespace:
        properties = [
            SimpleNamespace(name=name, value=value, priority="important" if is_important else "")
            for name, value, is_important in declared
        ]
        style = SimpleNamespace(getProperties=lambda: properties)
        return SimpleNamespace(type=1, STYLE_RULE=1, MEDIA_RULE=4, selectorText=selectors, style=style)

    return tuple(rule(selectors, declared) for selectors, declared in plain_rules(text))


@lru_cache(maxsize=16)
def _parse(sheet: Stylesheet) -> Any:
    """Have cssutils read a stylesheet on its own, so that what it complains of has a file and a line."""
    import cssselect
    import cssutils

    for rule in parse_sheet(sheet.text):
        if rule.type == "at-rule":
            message = f"an @{rule.lower_at_keyword} rule cannot be inlined"
            raise FeedsError(message, sheet.at(rule), rule="stylesheet")
    with _cssutils() as problems:
        try:
            parsed = cssutils.parseString(sheet.text, validate=False)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # It stumbles over comments in the brackets of a selector, well-formed or not.
            problems.append(str(error))
    if problems:
        raise ProblemsError(tuple(_finding(sheet, problem) for problem in dict.fromkeys(problems)))
    for rule in rules_of(sheet):
        try:
            # premailer parts lists of selectors at every comma, even one inside quotes.
            for part in rule.selector.split(","):
                cssselect.parse(part)
        except cssselect.SelectorError as error:
            message = f"the selector `{rule.selector}` is not understood: {error}"
            raise FeedsError(message, rule.at, rule="stylesheet") from None
    return parsed


def _finding(sheet: Stylesheet, problem: str) -> Finding:
    place = _POSITION.search(problem)
    line, column = filter(None, place.groups()) if place else (None, None)
    at = Location(sheet.path, line and int(line), column and int(column))
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


def _compare(before: Anatomy, after: Anatomy) -> None:
    lost = [
        what
        for what, is_same in (
            ("its document type", after.begins_right),
            ("text", "".join("".join(before.text).split()) == "".join("".join(after.text).split())),
            ("a kept <style>", {css for _, css in before.sheets} <= {css for _, css in after.sheets}),
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
