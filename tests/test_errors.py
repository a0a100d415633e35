"""What users are shown: `path:line:column: what is wrong`, and under it how to mend it."""

import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity, UsageError, printable


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (Location("a.md"), "a.md"),
        (Location("a.md", 4), "a.md:4"),
        (Location("a.md", 4, 7), "a.md:4:7"),
        (Location("a.md", None, 7), "a.md"),
        (Location("ä \n.md", 1), "ä \\x0a.md:1"),
    ],
)
def test_a_place(location, shown):
    assert str(location) == shown


@pytest.mark.parametrize(
    ("finding", "shown"),
    [
        (Finding(Severity.ERROR, "date", "date: 'x' is not a date"), "date: 'x' is not a date"),
        (Finding(Severity.WARNING, "date", "odd"), "warning: odd"),
        (Finding(Severity.ERROR, "date", "odd", Location("a.md", 4, 7)), "a.md:4:7: odd"),
        (
            Finding(Severity.WARNING, "date", "odd", Location("a.md"), "mend"),
            "a.md: warning: odd\n  help: mend",
        ),
        (Finding(Severity.ERROR, "date", "a\nb", None, "c\x1b[2Jd"), "a\\x0ab\n  help: c\\x1b[2Jd"),
    ],
)
def test_a_finding(finding, shown):
    assert str(finding) == shown


def test_an_error_is_a_finding_that_can_be_gathered():
    error = FeedsError("odd", Location("a.md", 4), "mend", rule="date")
    assert error.findings == (Finding(Severity.ERROR, "date", "odd", Location("a.md", 4), "mend"),)
    assert str(error) == "a.md:4: odd\n  help: mend"


def test_several_problems_are_shown_one_below_the_other():
    first = Finding(Severity.ERROR, "a", "one", Location("a.md", 1), "mend")
    second = Finding(Severity.WARNING, "b", "two", Location("b.md"))
    error = ProblemsError((first, second))
    assert error.findings == (first, second)
    assert str(error) == "a.md:1: one\n  help: mend\nb.md: warning: two"


def test_exit_codes():
    assert [FeedsError("").exit_code, ProblemsError(()).exit_code, UsageError("").exit_code] == [1, 1, 2]


@pytest.mark.parametrize(
    "error",
    [
        FeedsError("odd", Location("a.md", 4), "mend", rule="date"),
        UsageError("odd", help="mend"),
        ProblemsError((Finding(Severity.ERROR, "a", "one"),)),
    ],
)
def test_errors_survive_the_way_to_another_process(error):
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.findings) == (type(error), error.findings)


# --- what a terminal is sent --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße, 世界 🎉", "Grüße, 世界 🎉"),
        ("a\tb\r\nc", "a\\x09b\\x0d\\x0ac"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x7f\x85\x9b", "\\x7f\\x85\\x9b"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("user\u202egpj.exe", "user\\u202egpj.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("\udcff.md", "\\udcff.md"),
    ],
)
def test_what_upsets_a_terminal_is_written_as_an_escape(text, shown):
    assert printable(text) == shown


OVERRIDES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters(codec=None)))
def test_printable_text_is_one_line_of_visible_order(text):
    shown = printable(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(c) for c in shown} & OVERRIDES
    assert printable(shown) == shown
