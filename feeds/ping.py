"""`feeds ping`: the WebSub hub is told which feeds have changed since it was told last (w3.org/TR/websub)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.generators import load_site
from feeds.record import load_record, write_record

TIMEOUT = 10.0
"""Seconds to wait for the hub's answer."""

PAUSES = (1.0, 4.0)
"""Seconds before each further try, where the hub did not answer or asked for patience."""

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Pinged:
    """What the hub said of one feed: `problem` is "" where it took the news."""

    url: str
    problem: str = ""


def ping(
    settings: Settings,
    *,
    output: Path | None = None,
    dry_run: bool = False,
    sleep: Callable[[float], None],
    told: Callable[[Pinged], None] = lambda pinged: None,
) -> tuple[Pinged, ...]:
    """Tell the hub of every feed whose bytes have changed since it was told last.

    A feed that it was told of is not told again; one that failed is, the next time.

    Args:
        settings: the project's settings.
        output: the folder of the last build, if not that of the settings.
        dry_run: only say which feeds it would be told of.
        sleep: waits, in seconds.
        told: called after each feed.

    Raises:
        FeedsError: there is no hub, or no build before.
    """
    hub = settings.feeds.hub
    if not hub:
        help = 'write hub = "https://pubsubhubbub.appspot.com/" under [feeds]'
        raise FeedsError("no hub is configured", help=help, rule="hub")
    site = load_site(settings, lambda finding: None)
    folder = output or site.output
    record = load_record(settings.root, folder)
    if record is None or record.preview:
        message = f"no build of {str(folder)!r} is on record here"
        raise FeedsError(
            message, help="run feeds build first, and keep .cache/ between runs", rule="no-build"
        )
    done: list[Pinged] = []
    left = set(record.changed)
    pauses: Sequence[float] = PAUSES
    try:
        for path in sorted(record.changed):
            url = site.url + quote(path)
            problem, may_pass = ("", False) if dry_run else _publish(hub, url, sleep, pauses)
            if may_pass:
                pauses = ()  # A hub that is down is not waited for once more with every feed.
            pinged = Pinged(url, problem)
            done.append(pinged)
            if not dry_run and not pinged.problem:
                left.discard(path)
            told(pinged)
    finally:
        # Whatever ends the run, what the hub has been told of is not told again.
        if len(left) < len(record.changed):
            write_record(settings.root, folder, replace(record, changed=frozenset(left)))
    return tuple(done)


def _publish(
    hub: str, topic: str, sleep: Callable[[float], None], pauses: Sequence[float]
) -> tuple[str, bool]:
    """Tell the hub of one feed: what went wrong at last ("": nothing), and whether it may pass."""
    problem, may_pass = _post(hub, topic)
    for pause in pauses:
        if not may_pass:
            break
        sleep(pause)
        problem, may_pass = _post(hub, topic)
    return problem, may_pass


def _post(hub: str, topic: str) -> tuple[str, bool]:
    """One request: what went wrong, and whether it may go better another time."""
    data = urlencode({"hub.mode": "publish", "hub.url": topic}).encode()
    request = Request(hub, data, {"User-Agent": "feeds", "Accept": "*/*"})
    try:
        with urlopen(request, timeout=TIMEOUT):
            return "", False
    except HTTPError as error:
        with error:
            said = " ".join(error.read(200).decode("utf-8", "replace").split())
        problem = f"the hub answered {error.code} {error.reason}" + (f": {said}" if said else "")
        return problem, error.code in _TRANSIENT
    except URLError as error:
        return f"the hub cannot be reached: {error.reason}", True
    except (TimeoutError, ConnectionError, HTTPException) as error:
        return f"the hub did not answer: {error or type(error).__name__}", True
