"""Sends an issue of a ledger, as a program of its own that can be killed: `sender.py LEDGER PORT [option...]`.

Prints what became of it as JSON.
"""

import json
import sys
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path

from feeds.delivery.book import open_book
from feeds.delivery.engine import Summary, send_issue
from feeds.delivery.frozen import load_issues
from feeds.delivery.rates import Rates
from feeds.delivery.server import Server, Timeouts
from feeds.delivery.smtp import SmtpTransport
from feeds.delivery.transport import Envelope
from feeds.delivery.workers import Terms
from feeds.errors import FeedsError

BODY = b"Subject: News\r\n\r\n" + b"Nothing much happened this month.\r\n" * 20
TIMEOUTS = Timeouts(connect=5, greeting=5, command=5, data=5, block=5, end=0.7, quit=0.2)
TERMS = Terms(Rates(), connections=4, block=50, patience=0, reconnects=(0, 0.2, 0.5))


class RealClock:
    def now(self):
        return time.time()

    def sleep(self, seconds):
        time.sleep(seconds)


def make(addressee):
    head = f"To: {addressee.address}\r\n".encode()
    return Envelope("letters@site.example", addressee.address), (head, BODY)


def send(
    ledger, port, terms=TERMS, boot="this boot", clock=None, stop=None, wait=5.0, server=None
) -> Summary:
    """Send the only issue of a ledger to a server on loopback."""
    server = server or Server("127.0.0.1", port, timeouts=TIMEOUTS)
    with open_book(Path(ledger), create=False, wait=wait) as book:
        (issue,) = load_issues(book)
        return send_issue(
            *(book, issue, SmtpTransport(server), make, terms),
            clock=clock or RealClock(),
            boot=boot,
            stop=stop or threading.Event(),
        )


def main(ledger, port, *options) -> int:
    values = dict(option.partition("=")[::2] for option in options)
    terms = replace(
        TERMS,
        retry_unknown="retry" in values,
        patience=float(values.get("patience", 0)),
        connections=int(values.get("connections", 4)),
    )
    if "full" in values:  # this program may write no file beyond so many bytes
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(values["full"]), int(values["full"])))
    try:
        summary = send(ledger, int(port), terms, wait=float(values.get("wait", 5)))
    except FeedsError as error:
        print(error)
        return error.exit_code
    print(json.dumps({**asdict(summary), "problem": summary.problem and str(summary.problem)}))
    return 0 if summary.problem is None and not summary.account.waiting else 3


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
