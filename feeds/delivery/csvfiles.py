"""Lists of subscribers as CSV: read from whatever program wrote them, written so that no cell is a formula.

Rows are read one at a time, so that a file may be of any length (RFC 4180, and what is found besides it).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from feeds.delivery.addresses import clean_line, clean_name, parse_address
from feeds.delivery.csvcolumns import OWN_COLUMNS, Layout, find_layout, name_of, parse_instant, status_of
from feeds.delivery.people import Entry, Subscriber
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Report

MAX_LINE = 1_000_000
"""Characters of a line, beyond which a file is no list of subscribers."""

_DELIMITERS = ",;\t"
_MAX_BREAKS = 20
"""Line breaks in one cell, beyond which a quotation mark is missing."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


def read_rows(path: Path, shown: str, report: Report, *, category_column: str = "") -> Iterator[Entry]:
    """The good rows of a file, in their order; what is wrong with the others is reported as errors, by line.

    Args:
        path: the file.
        shown: what messages call it.
        report: told of bad rows (errors), and of what was guessed or left out (warnings).
        category_column: the title of the column that holds the categories followed; "" for `categories`.

    Raises:
        FeedsError: the file cannot be read, or no column of it holds addresses.
    """
    with _open_text(path, shown, report) as file:
        numbered = _cells(file, shown, report)
        first = next(numbered, None)
        if first is None:
            return
        line, titles = first
        if category_column and category_column not in titles:
            message = f"no column is called {category_column!r}"
            raise FeedsError(message, Location(shown, line), f"there are {', '.join(titles)}", rule="csv")
        layout = _plain_list(titles) or find_layout(titles, path.name, category_column)
        if "address" not in layout.columns:
            help = "give the column with the addresses the title address in the first line"
            raise FeedsError("no column holds mail addresses", Location(shown, line), help, rule="csv")
        if "@" in titles[layout.columns["address"]]:
            yield from _rows([first], layout, shown, report)
        yield from _rows(numbered, layout, shown, report)


def write_rows(file: TextIO, subscribers: Iterable[Subscriber]) -> int:
    """Write subscribers as CSV with the columns `OWN_COLUMNS`; how many they were."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(OWN_COLUMNS)
    number = 0
    for one in subscribers:
        number += 1
        cells = (
            one.address,
            one.name,
            one.language,
            join_categories(one.categories),
            one.status.value,
            one.changed.isoformat() if one.changed else "",
            one.consent_at.isoformat() if one.consent_at else "",
            one.consent_how,
        )
        writer.writerow(map(guard, cells))
    return number


def guard(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what could begin one."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """A cell without the apostrophe that `guard` put before it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def join_categories(categories: frozenset[str] | None) -> str:
    """Categories in one cell, with `;` between them; "" for all."""
    if categories is None:
        return ""
    cell = io.StringIO()
    csv.writer(cell, delimiter=";", lineterminator="").writerow(sorted(categories))
    return cell.getvalue()


def split_categories(cell: str, delimiter: str = ";") -> frozenset[str] | None:
    """The categories of a cell; None, which is all, if it is empty."""
    names = next(csv.reader([clean_line(cell)], delimiter=delimiter), [])
    return frozenset(name.strip() for name in names if name.strip()) or None


def _rows(
    numbered: Iterable[tuple[int, list[str]]], layout: Layout, shown: str, report: Report
) -> Iterator[Entry]:
    for line, cells in numbered:
        at = Location(shown, line)
        try:
            yield _row([unguard(cell) for cell in cells], layout, at, report)
        except FeedsError as error:
            report(Finding(Severity.ERROR, "subscriber-row", error.message, at, error.help))


def _row(cells: Sequence[str], layout: Layout, at: Location, report: Report) -> Entry:
    if any(cell.count("\n") > _MAX_BREAKS for cell in cells):
        raise FeedsError("a quotation mark in this row is never closed", help="write it twice, or close it")
    address = parse_address(layout.cell(cells, "address"))
    try:
        status = status_of(layout, cells)
    except ValueError as error:
        help = "write active, unsubscribed, bounced or complained, or give the column another title"
        raise FeedsError(f"the status {str(error)[:40]!r} is not known", help=help) from None
    language = layout.cell(cells, "language").replace("_", "-")
    instants = {}
    for name in ("changed", "consent_at"):
        instants[name] = parse_instant(text := layout.cell(cells, name))
        if text and not instants[name]:
            message = f"{text[:40]!r} is no date that is understood; it is left out"
            help = "write it like 2026-11-22T09:30:00Z"
            report(Finding(Severity.WARNING, "subscriber-date", message, at, help))
    return Entry(
        address,
        status,
        clean_name(name_of(layout, cells)),
        language if _LANGUAGE.fullmatch(language) else "",
        split_categories(layout.cell(cells, "categories"), layout.delimiter),
        "categories" in layout.columns,
        instants["changed"],
        instants["consent_at"],
        clean_name(layout.cell(cells, "consent_how")),
    )


def _plain_list(cells: Sequence[str]) -> Layout | None:
    """The layout of a file that has no titles, because its first line holds an address already."""
    places = [index for index, cell in enumerate(cells) if re.fullmatch(r"\s*[^\s@]+@[^\s@]+\s*", cell)]
    return Layout({"address": places[0]}) if len(places) == 1 else None


def _cells(file: TextIO, shown: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file that hold anything, with the lines at which they begin."""
    lines = _lines(file, shown)
    head = next(lines, "")
    first = 0
    if named := re.fullmatch(r'"?sep=(.)"?\s*', head):  # as Excel writes it
        first, head = 1, next(lines, "")
    delimiter = named[1] if named else max(_DELIMITERS, key=lambda mark: len(_split(head, mark)))
    reader = csv.reader(_chain(head, lines), delimiter=delimiter)
    while True:
        line = first + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            report(
                Finding(Severity.ERROR, "subscriber-row", f"this is no CSV: {error}", Location(shown, line))
            )
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _chain(head: str, lines: Iterator[str]) -> Iterator[str]:
    yield head
    yield from lines


def _lines(file: TextIO, shown: str) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE:
            message = f"this line is longer than {MAX_LINE:,} characters"
            raise FeedsError(message, Location(shown, number), "is this a CSV file?", rule="csv")
        yield line


@contextmanager
def _open_text(path: Path, shown: str, report: Report) -> Iterator[TextIO]:
    try:
        with open(path, encoding=_encoding(path, shown, report), newline="") as file:
            yield file
    except OSError as error:
        raise FeedsError(
            f"cannot read this file: {error.strerror}", Location(shown), rule="unreadable"
        ) from None
    except UnicodeError:
        help = "save it as UTF-8"
        raise FeedsError("the file is not the text that it begins as", Location(shown), help) from None


def _encoding(path: Path, shown: str, report: Report) -> str:
    """The encoding of a file: by its byte order mark, else UTF-8, else the one of Windows, with a warning."""
    with open(path, "rb") as file:
        head = file.read(4)
        for bom, name in _BOMS:
            if head.startswith(bom):
                return name
        for name in ("utf-8", "cp1252"):
            file.seek(0)
            decoder = codecs.getincrementaldecoder(name)()
            try:
                while chunk := file.read(1 << 20):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            break
        else:
            name = "latin-1"
    if name != "utf-8":
        message = f"the file is not UTF-8; it is read as {'Windows-1252' if name == 'cp1252' else 'Latin-1'}"
        help = "look at the names with feeds subscribers list --full, or save the file as UTF-8"
        report(Finding(Severity.WARNING, "encoding", message, Location(shown), help))
    return name
