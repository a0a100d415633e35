"""Web servers' logs: only a POST that was answered well unsubscribes."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.delivery.weblog import parse_line, target_pattern, token_of_hit

TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcdefgh"
PATTERN = target_pattern("https://notes.example/unsubscribe?t={token}")
AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def combined(request=f"POST /unsubscribe?t={TOKEN} HTTP/1.1", status=200, agent="Mail/1.0"):
    return f'192.0.2.7 - - [22/Nov/2026:13:00:00 +0100] "{request}" {status} 12 "-" "{agent}"'


@pytest.mark.parametrize(
    "line",
    [
        combined(),
        combined().rpartition(' "-"')[0],
        "notes.example:443 " + combined(),
        combined(f"POST https://notes.example/unsubscribe?t={TOKEN} HTTP/2.0", 204),
        json.dumps(
            {
                "time_iso8601": "2026-11-22T13:00:00+01:00",
                "request": f"POST /unsubscribe?t={TOKEN} HTTP/1.1",
                "status": "200",
            }
        ),
        json.dumps(
            {
                "ts": 1795348800.5,
                "request": {"method": "POST", "uri": f"/unsubscribe?t={TOKEN}"},
                "status": 200,
            }
        ),
        json.dumps(
            {
                "StartUTC": "2026-11-22T12:00:00Z",
                "RequestMethod": "POST",
                "RequestPath": f"/unsubscribe?t={TOKEN}",
                "DownstreamStatus": 200,
            }
        ),
    ],
)
def test_formats(line):
    hit = parse_line(line)
    assert token_of_hit(hit, PATTERN) == TOKEN
    assert hit.at.replace(microsecond=0) == AT


@pytest.mark.parametrize(
    "line",
    [
        combined(f"GET /unsubscribe?t={TOKEN} HTTP/1.1"),
        combined(f"HEAD /unsubscribe?t={TOKEN} HTTP/1.1"),
        combined(status=302),
        combined(status=403),
        combined(status=500),
        combined("POST /unsubscribe?t=short HTTP/1.1"),
        combined(f"POST /other?t={TOKEN} HTTP/1.1"),
        combined(f"POST /unsubscribe?x={TOKEN} HTTP/1.1"),
        combined("-"),
        combined("", 400),
        combined("GET / HTTP/1.1", agent=f'x\\" POST /unsubscribe?t={TOKEN} HTTP/1.1\\" 200'),
    ],
)
def test_what_unsubscribes_nobody(line):
    assert token_of_hit(parse_line(line), PATTERN) == ""


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://notes.example/u/{token}", f"/u/{TOKEN}"),
        ("https://notes.example/u/{token}/", f"/u/{TOKEN}/?utm_source=x"),
        ("https://notes.example/?a=b&t={token}", f"/?a=b&t={TOKEN}&c=d"),
        ("https://notes.example/go.php?t={token}&l=n", f"/go.php?t={TOKEN}&l=n"),
        ("https://notes.example?t={token}", f"/?t={TOKEN.upper()}"),
    ],
)
def test_addresses(address, target):
    hit = parse_line(combined(f"POST {target} HTTP/1.1"))
    assert token_of_hit(hit, target_pattern(address)) == TOKEN


@pytest.mark.parametrize(
    "line",
    ["", "hello", "{", "{}", "[1]", '{"a": ' * 2_000, '{"request": 3, "status": []}', "[22/Nov/2026] GET /"],
)
def test_other_lines_are_not_understood(line):
    assert parse_line(line) is None


def test_a_date_that_is_none_is_left_out():
    assert parse_line(combined().replace("22/Nov", "32/Nov")).at is None
    assert parse_line(combined().replace("22/Nov", "22/Nev")).at is None


@given(st.text(max_size=200))
def test_any_line_is_read_or_left(line):
    for text in (line, combined(line.replace('"', ""))):
        hit = parse_line(text)
        assert hit is None or token_of_hit(hit, PATTERN) in ("", TOKEN)
