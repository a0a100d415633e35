"""Tables of plain text, as wide as what is in them, or as the terminal that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.cli.printing import styled
from feeds.columns import columns, may_part
from feeds.errors import printable

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `least` is how narrow it may become where there is no room (0: it keeps its width), `from_end` whether it
    is then the beginning of a text that is left out, `wide` the width of the terminals that do have the
    column.
    """

    title: str
    least: int = 0
    from_end: bool = False
    wide: int = 0


def format_table(
    table: Sequence[Column], rows: Sequence[Sequence[str]], colours: Sequence[str], width: int | None
) -> list[str]:
    """The lines of a table, the first being its head.

    Args:
        table: the columns.
        rows: a text for each column; what would upset a terminal is escaped.
        colours: for each row that of its second text; "" for none, `dim` dims the row.
        width: how many columns of text a line may take; None for all that it needs.
    """
    cells = [[printable(text) for text in row] for row in rows]
    kept = [index for index, column in enumerate(table) if width is None or width >= column.wide]
    table = [table[index] for index in kept]
    cells = [[row[index] for index in kept] for row in cells]
    widths = [
        max(columns(text) for text in (column.title, *(row[index] for row in cells)))
        for index, column in enumerate(table)
    ]
    if width is not None:
        _narrow(table, widths, width)
    lines = [styled(_join(_fit([column.title for column in table], table, widths)), bold=True)]
    for row, colour in zip(cells, colours, strict=True):
        fitted = _fit(row, table, widths)
        if colour == "dim":
            lines.append(styled(_join(fitted), dim=True))
        else:
            lines.append(_join([fitted[0], styled(fitted[1], fg=colour or None), *fitted[2:]]))
    return lines


def clip(text: str, width: int, *, from_end: bool = False) -> str:
    """The text in at most `width` columns: its beginning, or its end, and `…` for the rest."""
    if columns(text) <= width:
        return text
    used = kept = 0
    for char in reversed(text) if from_end else text:
        used += columns(char)
        if used > width - 1:
            break
        kept += 1
    while kept:
        at = len(text) - kept if from_end else kept
        if may_part(text[at - 1], text[at]):
            break
        kept -= 1
    return f"…{text[len(text) - kept :]}" if from_end else f"{text[:kept].rstrip()}…"


def pad(text: str, width: int) -> str:
    """The text with blanks up to a width in columns."""
    return text + " " * (width - columns(text))


def _narrow(table: Sequence[Column], widths: list[int], width: int) -> None:
    """Take from the widest of the columns that may become narrower, until a line fits."""
    while len(INDENT) * len(widths) + sum(widths) > width:
        able = [index for index, column in enumerate(table) if column.least and widths[index] > column.least]
        if not able:
            return
        widths[max(able, key=lambda index: widths[index])] -= 1


def _fit(row: Sequence[str], table: Sequence[Column], widths: Sequence[int]) -> list[str]:
    return [
        pad(clip(text, width, from_end=column.from_end), width)
        for text, column, width in zip(row, table, widths, strict=True)
    ]


def _join(cells: Sequence[str]) -> str:
    return (INDENT + INDENT.join(cells)).rstrip()
