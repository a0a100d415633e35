"""Addresses as Pelican fills them in: `{date:%Y}/{slug}.html` and its kin."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import string
from collections.abc import Mapping
from urllib.parse import quote, urljoin

from feeds.errors import FeedsError

Piece = str | dt.datetime

_DIRECTIVE = re.compile(r"%(-?)(.)", re.DOTALL)
_DIRECTIVES = frozenset("aAbBcdfGHIjmMpSUuVwWxXyYzZ%")
_NAMED = re.compile(r"%-?[aAbBpcxX]")
_NUMBER_FORM = re.compile(r"0?\d?d?", re.ASCII)
_TEXT_FORM = re.compile(r"[<>^]?\d{0,2}s?", re.ASCII)
_FIELD = re.compile(r"(\w+)(?:\.(\w+)|\[(-?\d{1,3})\])?", re.ASCII)
_DATE_PARTS = ("year", "month", "day", "hour", "minute", "second")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "/:@!$&'()*+,;=~%"
_MAX_SEGMENT = 255


def fill(pattern: str, pieces: Mapping[str, Piece]) -> str:
    """A pattern of an address with its placeholders filled in, as `str.format` does with Pelican's dates.

    Raises:
        FeedsError: a placeholder is none that Pelican could fill in either, or asks for something else of it.
    """
    made: list[str] = []
    try:
        for literal, name, form, conversion in string.Formatter().parse(pattern):
            made.append(literal)
            if name is not None:
                made.append(_piece(name, form or "", conversion, pieces))
    except (ValueError, IndexError) as error:
        raise _wrong(pattern, str(error)) from None
    return "".join(made)


def named_parts(pattern: str) -> bool:
    """Whether a pattern holds names of months or days, which depend on the machine that Pelican runs on."""
    return "{date" in pattern and bool(_NAMED.search(pattern))


def _piece(name: str, form: str, conversion: str | None, pieces: Mapping[str, Piece]) -> str:
    found = _FIELD.fullmatch(name)
    if not found or found[1] not in pieces or conversion:
        raise ValueError(f"there is no {{{name}}}")
    piece = pieces[found[1]]
    if isinstance(piece, dt.datetime):
        if found[2] in _DATE_PARTS and _NUMBER_FORM.fullmatch(form):
            return format(getattr(piece, found[2]), form)
        if found[2] or found[3]:
            raise ValueError(f"there is no {{{name}}}")
        return strftime(piece, form) if form else str(piece)
    if found[2]:
        raise ValueError(f"there is no {{{name}}}")
    if not _TEXT_FORM.fullmatch(form):
        raise ValueError(f"{form!r} is no format of a text")
    return format(piece[int(found[3])] if found[3] else piece, form)


def strftime(date: dt.datetime, form: str) -> str:
    """A date in a form; `%-d` is without leading zeros on any system (`pelican.utils.strftime`)."""

    def part(found: re.Match[str]) -> str:
        if found[2] not in _DIRECTIVES:
            return found[0]
        made = date.strftime(f"%{found[2]}")
        return made.lstrip("0") or "0" if found[1] else made

    return _DIRECTIVE.sub(part, form)


def leads_out(path: str) -> bool:
    """Whether the file of a page would lie outside of the site."""
    return posixpath.isabs(path) or posixpath.normpath(path).split("/")[0] == ".."


def check_file(path: str) -> str:
    """The path of a page's file itself.

    Raises:
        FeedsError: it leads out of the site, or no disk could hold its name.
    """
    if leads_out(path) or "\0" in path:
        raise FeedsError(f"the page {path!r} leads out of the site", help="change the slug", rule="permalink")
    if any(len(part.encode("utf-8", "replace")) > _MAX_SEGMENT for part in path.split("/")):
        raise FeedsError(
            f"the address has a part longer than {_MAX_SEGMENT} bytes",
            help="give the post a shorter slug: Slug: …",
            rule="permalink",
        )
    return path


def absolute(url: str, base: str, *, whole: bool = False) -> str:
    """An address below the site's URL, percent-encoded, made absolute as Pelican's feeds make it.

    Args:
        url: as filled in.
        base: the site's URL, with a final `/`.
        whole: whether it was written out by the author, with its query and its fragment.
    """
    return urljoin(base, quote(_STRAY_PERCENT.sub("%25", url), safe=_SAFE + ("?#" if whole else "")))


def _wrong(pattern: str, reason: str) -> FeedsError:
    return FeedsError(
        f"the address {pattern!r} cannot be filled in: {reason}",
        help='write permalink = "/{slug}.html" under [generator] in feeds.toml, or mend the setting',
        rule="permalink",
    )
