"""Tables in the terminal: whole where there is room, cut where there is not, wide characters counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.cli.tables import Column, clip, format_table
from feeds.columns import columns

COLUMNS = (
    Column("date"),
    Column("status"),
    Column("title", least=10),
    Column("address", least=10, from_end=True),
    Column("categories", least=8, wide=100),
)
ROW = (
    "2026-11-20",
    "published",
    "Figures that stand in line",
    "/2026/11/20/figures-that-stand-in-line/",
    "Type",
)
WIDE = ("2025-04-08", "draft", "行末の句読点はどこへ行くのか", "/2025/04/08/line-ends/", "Typography")


def lines(width: int | None, *rows: tuple[str, ...]) -> list[str]:
    return format_table(COLUMNS, rows, [""] * len(rows), width)


def test_what_is_piped_has_its_full_width() -> None:
    head, *body = lines(None, ROW, WIDE)
    assert [line.index("/20") for line in body] == [55, 55 - 14]  # wide characters take two columns each
    assert body[0].endswith("Type")
    assert "\t" not in "".join([head, *body])


def test_a_narrow_terminal_gets_shorter_titles_and_the_ends_of_addresses() -> None:
    _, first, second = lines(80, ROW, WIDE)
    assert first == "  2026-11-20  published  Figures that stand in line  …igures-that-stand-in-line/"
    assert second == "  2025-04-08  draft      行末の句読点はどこへ行く…   /2025/04/08/line-ends/"
    assert columns(first) == 80


def test_a_wide_terminal_has_every_column() -> None:
    assert lines(100, ROW)[1].endswith("Type")
    assert not lines(99, ROW)[1].endswith("Type")


@given(
    st.lists(st.tuples(*[st.text(max_size=60)] * 3), min_size=1, max_size=4),
    st.integers(min_value=60, max_value=140),
)
def test_no_line_is_wider_than_the_terminal(texts: list[tuple[str, str, str]], width: int) -> None:
    rows = [("2026-11-20", "published", *each) for each in texts]
    assert all(columns(line) <= width for line in lines(width, *rows) if "\x1b" not in line)


@pytest.mark.parametrize(
    ("text", "width", "from_end", "expected"),
    [
        ("short", 5, False, "short"),
        ("longer", 5, False, "long…"),
        ("longer", 5, True, "…nger"),
        ("日本語", 5, False, "日本…"),
        ("日本語", 4, False, "日…"),
        ("日本語", 4, True, "…語"),
        ("two words", 5, False, "two…"),
        ("cafe\u0301 au lait", 5, False, "cafe\u0301…"),
        ("ab cafe\u0301", 2, True, "…e\u0301"),
    ],
)
def test_texts_are_cut_between_characters(text: str, width: int, from_end: bool, expected: str) -> None:
    assert clip(text, width, from_end=from_end) == expected


def test_what_would_upset_a_terminal_is_escaped() -> None:
    (_, line) = lines(None, ("2026-11-20", "published", "a\x1b[31mb\nc\td", "/a/", ""))
    assert "a\\x1b[31mb\\x0ac\\x09d" in line
