from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.data import parse_toml, parse_yaml
from feeds.errors import FeedsError
from feeds.generators.dates import parse_date
from feeds.model import Fields, Scalar


def date_of(
    fields: Fields, *, strict: bool = False, zone: dt.tzinfo = dt.UTC, default_time: dt.time = dt.time()
) -> dt.datetime:
    return parse_date(fields.values["date"], fields, zone=zone, default_time=default_time, strict=strict)


def read(
    written: str, *, strict: bool = False, zone: dt.tzinfo = dt.UTC, default_time: dt.time = dt.time()
) -> str:
    """The date behind `date:`, the ISO way."""
    fields = parse_yaml(f"date: {written}\n", "a.md", 2)
    return date_of(fields, strict=strict, zone=zone, default_time=default_time).isoformat()


def refusal(written: str, *, strict: bool = False) -> str:
    with pytest.raises(FeedsError) as caught:
        read(written, strict=strict)
    assert caught.value.rule == "date"
    assert caught.value.help
    return str(caught.value).split("\n")[0]


BOTH = [
    ("2026-11-22", "2026-11-22T00:00:00+00:00"),
    ("2024-02-29", "2024-02-29T00:00:00+00:00"),
    ("2026-11-22 09:30:00", "2026-11-22T09:30:00+00:00"),
    ("2026-11-22T09:30:00", "2026-11-22T09:30:00+00:00"),
    ("2026-11-22t09:30:00", "2026-11-22T09:30:00+00:00"),
    ("2026-11-22   9:30:00", "2026-11-22T09:30:00+00:00"),
    ("2026-11-22T09:30:00Z", "2026-11-22T09:30:00+00:00"),
    ("2026-11-22 09:30:00 Z", "2026-11-22T09:30:00+00:00"),
    ("2026-11-22T09:30:00+01:00", "2026-11-22T09:30:00+01:00"),
    ("2026-11-22 09:30:00 +5:30", "2026-11-22T09:30:00+05:30"),
    ("2026-11-22T09:30:00-08", "2026-11-22T09:30:00-08:00"),
    ("2026-11-22T09:30:00-03:30", "2026-11-22T09:30:00-03:30"),
    ("2026-11-22T09:30:00+14:00", "2026-11-22T09:30:00+14:00"),
    ("2026-1-2 3:04:05", "2026-01-02T03:04:05+00:00"),
    ("2026-11-22T09:30:00.5", "2026-11-22T09:30:00.500000+00:00"),
    ("2026-11-22T09:30:00.", "2026-11-22T09:30:00+00:00"),
    ("2026-11-22T09:30:00.123456789Z", "2026-11-22T09:30:00.123456+00:00"),
    ("2026-11-22 # a comment", "2026-11-22T00:00:00+00:00"),
    ("!!timestamp '2026-11-22'", "2026-11-22T00:00:00+00:00"),
]
LENIENT = [
    ("'2026-11-22'", "2026-11-22T00:00:00+00:00"),
    ('"2026-11-22 09:30:00 +0100"', "2026-11-22T09:30:00+01:00"),
    ("' 2026-11-22 '", "2026-11-22T00:00:00+00:00"),
    ("2026-1-2", "2026-01-02T00:00:00+00:00"),
    ("2026-11-22 09:30", "2026-11-22T09:30:00+00:00"),
    ("2026-11-22T09:30+01:00", "2026-11-22T09:30:00+01:00"),
    ("2026-11-22 09:30:00 +0100", "2026-11-22T09:30:00+01:00"),
    ("2026-11-22T09:30:00z", "2026-11-22T09:30:00+00:00"),
]


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(("written", "meant"), BOTH)
def test_what_yaml_takes_for_a_date_is_one(written: str, meant: str, strict: bool) -> None:
    assert read(written, strict=strict) == meant


@pytest.mark.parametrize(("written", "meant"), LENIENT)
def test_what_is_only_text_to_yaml_is_a_date_unless_the_generator_refuses_it(
    written: str, meant: str
) -> None:
    assert read(written) == meant
    assert "is not a date" in (found := refusal(written, strict=True)) or "is quoted" in found


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    "written",
    ["2026-02-29", "2026-02-31", "2026-13-01", "2026-00-10", "2026-11-00", "0000-01-01", "2026-11-22T24:00:00",
     "2026-11-22T09:60:00", "2026-12-31T23:59:60", "2026-11-22T09:30:00+24:00", "2026-11-22T09:30:00+99:99"]
)  # fmt: skip
def test_days_and_times_that_do_not_exist_are_refused(written: str, strict: bool) -> None:
    assert refusal(written, strict=strict).startswith(f"a.md:2:7: '{written}' is not a date: ")


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    "written",
    ["20261122", "2026", "2026-11", "yes", "12:30", "1.10", "22.11.2026", "11/22/2026", "Nov 22, 2026", "now", "soon",
     "2026-11-22T", "2026-11-22 at 9", "2026-11-22T09", "02026-11-22", "-2026-11-22", "2026-W47-7", "٢٠٢٦-١١-٢٢",
     "2026-11-22T09:30:00 Europe/Berlin", "2026-11-22T09:30:00+01:00:00", "[2026-11-22]", "{created: 2026-11-22}", "''"]
)  # fmt: skip
def test_anything_else_is_refused(written: str, strict: bool) -> None:
    assert refusal(written, strict=strict).startswith("a.md:2")


def test_quotes_are_named_as_what_is_wrong() -> None:
    assert refusal("'2026-11-22'", strict=True) == "a.md:2:7: the date '2026-11-22' is quoted"
    assert refusal("'soon'", strict=True) == "a.md:2:7: 'soon' is not a date"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1000-01-01", True), ("9998-12-31", True), ("0999-12-31", False), ("9999-01-01", False)],
)
def test_years_that_nobody_means_are_refused(written: str, meant: bool) -> None:
    if meant:
        assert read(written).startswith(written)
    else:
        assert refusal(written) == f"a.md:2:7: the year of '{written}' cannot be meant"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-22", "2026-11-22T09:00:00+01:00"),
        ("2026-07-01", "2026-07-01T09:00:00+02:00"),
        ("2026-11-22 00:00:00", "2026-11-22T00:00:00+01:00"),
        ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00+00:00"),
        ("2026-11-22T12:00:00-08:00", "2026-11-22T12:00:00-08:00"),
    ],
)
def test_the_zone_and_the_default_time_fill_in_only_what_is_missing(written: str, meant: str) -> None:
    assert read(written, zone=ZoneInfo("Europe/Berlin"), default_time=dt.time(9)) == meant


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-03-29 01:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00"),  # the clock jumps from 2:00 to 3:00
        ("2026-03-29 03:00:00", "2026-03-29T01:00:00"),
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00"),  # comes twice; the first is meant
    ],
)
def test_the_hours_of_a_clock_change_are_read_one_way_always(written: str, utc: str) -> None:
    fields = parse_yaml(f"date: {written}\n", "a.md")
    read_date = date_of(fields, zone=ZoneInfo("Europe/Berlin"))
    assert read_date.astimezone(dt.UTC).replace(tzinfo=None).isoformat() == utc


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-22", "2026-11-22T00:00:00+00:00"),
        ("2026-11-22T09:30:00", "2026-11-22T09:30:00+00:00"),
        ("2026-11-22 09:30:00.25+01:00", "2026-11-22T09:30:00.250000+01:00"),
        ("'2026-11-22'", "2026-11-22T00:00:00+00:00"),
    ],
)
def test_toml_dates_are_dates(written: str, meant: str) -> None:
    assert date_of(parse_toml(f"date = {written}\n", "a.md")).isoformat() == meant


def test_a_toml_time_is_no_date() -> None:
    with pytest.raises(FeedsError, match=r"'09:30:00' is not a date"):
        date_of(parse_toml("date = 09:30:00\n", "a.md"))


@st.composite
def almost_dates(draw: st.DrawFn) -> str:
    """Texts that are dates to YAML, or only just none."""
    number = st.sampled_from(["0", "1", "9", "00", "01", "12", "13", "23", "28", "31", "59", "60", "99"])
    text = draw(st.sampled_from(["2026", "2024", "0999", "1000", "9999", "202"]))
    text += "".join("-" + draw(number) for _ in range(draw(st.sampled_from([2, 2, 2, 1]))))
    if draw(st.booleans()):
        text += draw(st.sampled_from(["T", "t", " ", "  ", ""])) + draw(number)
        text += "".join(":" + draw(number) for _ in range(draw(st.sampled_from([2, 2, 2, 1, 0]))))
        text += draw(st.sampled_from(["", "", ".", ".5", ".1234567"])) + draw(st.sampled_from(["", " "]))
        text += draw(
            st.sampled_from(["", "Z", "z", "+1", "-08", "+05:30", "+0530", "-99", "+24:00", "+00:99"])
        )
    return text


def of_pyyaml(written: str) -> dt.datetime | None:
    """The date as Material has it: what PyYAML constructs, in UTC where it has no zone; None for no date."""
    try:
        value = yaml.load(f"date: {written}", yaml.SafeLoader)["date"]
    except ValueError:
        return None
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return dt.datetime.combine(value, dt.time(), dt.UTC) if isinstance(value, dt.date) else None


@given(almost_dates())
@example("2026-11-22 09:30")
@example("2026-11-22T09:30:00.1234567+05:30")
@settings(deadline=None, max_examples=600)
def test_strict_is_exactly_what_pyyaml_reads(written: str) -> None:
    expected = of_pyyaml(written)
    if expected is None or not 1000 <= expected.year <= 9998:
        with pytest.raises(FeedsError):
            read(written, strict=True)
    else:
        found = date_of(parse_yaml(f"date: {written}\n", "a.md"), strict=True)
        assert (found, found.utcoffset()) == (expected, expected.utcoffset())


@given(st.one_of(almost_dates(), st.text("0123456789-:TtZz+. ", max_size=30)))
@settings(deadline=None, max_examples=300)
def test_whatever_is_a_date_when_strict_is_the_same_date_when_lenient(written: str) -> None:
    try:
        fields = parse_yaml(f"date: {written}\n", "a.md")
        strict = date_of(fields, strict=True)
    except FeedsError:
        return
    assert date_of(fields) == strict


@given(st.one_of(almost_dates(), st.text("0123456789-W٣", min_size=8, max_size=10)))
@example("2026-W01-1")
@example("2026-02-31")
@settings(deadline=None, max_examples=300)
def test_a_day_alone_is_the_day_of_the_same_text_with_blanks_around_it(written: str) -> None:
    def outcome(text: str) -> str:
        fields = Fields("a.md", {"date": Scalar(text, quoted=True)})
        try:
            return date_of(fields, zone=ZoneInfo("Europe/Berlin"), default_time=dt.time(9)).isoformat()
        except FeedsError as error:
            return error.message.replace(repr(text), "it")

    assert outcome(written) == outcome(f" {written} ")
