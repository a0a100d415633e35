"""Web servers' logs: who asked by a POST to be unsubscribed, and was answered that all is well (RFC 8058).

A GET unsubscribes nobody: scanners of mail fetch every link. Understood are the Common and the Combined Log
Format (httpd.apache.org, "Log Files"), with or without the host before them, and a JSON object a line, as
Caddy, Traefik and many set-ups of nginx write it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from feeds.delivery.tokens import TOKEN_LENGTH

_LINE = re.compile(
    r"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}(?::\d\d){3} [+-]\d{4})\] "
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3})\b'
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_METHODS = ("method", "request_method", "requestmethod", "verb")
_TARGETS = ("request_uri", "uri", "requestpath", "path", "url", "target")
_STATUSES = ("status", "status_code", "downstreamstatus", "response_code")
_TIMES = ("time_iso8601", "time", "timestamp", "@timestamp", "ts", "startutc", "date")


@dataclass(frozen=True, slots=True)
class Hit:
    """One request: `target` is its path and query, `at` when it came, if that is known."""

    method: str
    target: str
    status: int
    at: dt.datetime | None


def parse_line(line: str) -> Hit | None:
    """The request that a line of a log tells of; None if it is in no format that is understood."""
    if line.startswith("{"):
        return _parse_json(line)
    found = _LINE.search(line)
    if not found:
        return None
    method, _, rest = found["request"].partition(" ")
    return Hit(method, rest.partition(" ")[0], int(found["status"]), _time(found["time"]))


def token_of_hit(hit: Hit, pattern: re.Pattern[str]) -> str:
    """The token that a request unsubscribes with; "" where it does not."""
    if hit.method.upper() != "POST" or not 200 <= hit.status < 300:
        return ""
    found = pattern.fullmatch(re.sub(r"^https?://[^/]*", "", hit.target))
    return found["token"].lower() if found else ""


def target_pattern(address: str) -> re.Pattern[str]:
    """What the requests to an unsubscribe address, which has `{token}` in it, look like."""
    parts = urlsplit(address)
    before, _, after = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}".partition("{token}")
    token = rf"(?P<token>[A-Za-z2-7]{{{TOKEN_LENGTH}}})"
    return re.compile(rf"{re.escape(before)}{token}{re.escape(after)}(?:[?&].*)?")


def _parse_json(line: str) -> Hit | None:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    fields = {str(name).lower(): value for name, value in document.items()}
    request = fields.get("request")
    if isinstance(request, dict):
        fields |= {str(name).lower(): value for name, value in request.items()}
    elif isinstance(request, str):
        words = request.split(" ")
        fields = {"method": words[0], "uri": words[1] if len(words) > 1 else ""} | fields
    method, target = _text(fields, _METHODS), _text(fields, _TARGETS)
    status = _text(fields, _STATUSES)
    if not (method and target and re.fullmatch(r"\d{3}", status)):
        return None
    return Hit(method, target, int(status), _json_time(_text(fields, _TIMES)))


def _text(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    values = (fields[name] for name in names if isinstance(fields.get(name), str | int | float))
    return str(next(values, ""))


def _json_time(text: str) -> dt.datetime | None:
    try:
        if re.fullmatch(r"\d{9,10}(\.\d+)?", text):
            return dt.datetime.fromtimestamp(float(text), dt.UTC)
        found = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _time(text: str) -> dt.datetime | None:
    """A time as in `27/Nov/2026:18:20:00 +0100`, whatever the language of the machine that reads it."""
    day, month, year, hour, minute, second, zone = re.split(r"[/: ]", text)
    if month not in _MONTHS:
        return None
    try:
        iso = f"{year}-{_MONTHS.index(month) + 1:02}-{day}T{hour}:{minute}:{second}{zone}"
        return dt.datetime.fromisoformat(iso)
    except ValueError:
        return None
