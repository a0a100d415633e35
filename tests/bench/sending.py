"""How fast letters go out: `python -m tests.bench.sending [--recipients 10000] [--rounds 5]`.

Three ways to mail a letter of 30 KB over four connections to Postfix' `smtp-sink` on this machine:

    bare    smtplib's MAIL, RCPT and DATA with one finished message, again and again: nothing is personal,
            nothing is written down, nothing can be taken up after a crash
    email   smtplib's `send_message` with an `EmailMessage` for each reader, with their own address and link
    feeds   freeze and send: tokens, headers and envelope of each reader's own, and the ledger on the disk

Each run is a process of its own. The ways take turns, so that a busy machine slows all of them; what counts
are the ratios of each round. `--memory 1000000` measures instead how much memory a send takes whose ledger has
so many subscribers.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import platform
import resource
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from feeds.delivery.book import Book, open_book
from feeds.delivery.engine import send_issue
from feeds.delivery.frozen import FrozenIssue, freeze, load_letters
from feeds.delivery.ledger import Addressee
from feeds.delivery.messages import Mailing, Recipient, Variant, compile_variant, envelope, message
from feeds.delivery.rates import Rates
from feeds.delivery.smtp import open_smtp
from feeds.delivery.tokens import BOUNCE, UNSUBSCRIBE, load_keys, subject_of, token_of
from feeds.delivery.transport import Envelope
from feeds.delivery.workers import Terms
from feeds.model import UNSUBSCRIBE_URL

CONNECTIONS = 4
SENDER = "letters@notes.example"
LIST_ID = "newsletter.notes.example"
NOW = dt.datetime.now(dt.UTC)

_PARAGRAPH = (
    '<p style="margin:0 0 16px 0;font:16px/24px Georgia,serif;color:#222222">Die Fähre fährt im Winter nur '
    'zweimal am Tag; wer sie verpasst, liest im Warteraum, was hier steht: <a style="color:#0f5c8c" '
    'href="https://notes.example/2026/11/{0}/">Notiz {0}</a>.</p>\n'
)
HTML = (
    '<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8"><title>November</title></head><body>\n'
    f'<p><a href="{UNSUBSCRIBE_URL}">Abbestellen</a></p>\n'
    + "".join(_PARAGRAPH.format(number) for number in range(75))
    + f'<p><a href="{UNSUBSCRIBE_URL}">Abbestellen</a></p>\n</body></html>\n'
)
TEXT = (
    "".join(f"Notiz {number}\nhttps://notes.example/2026/11/{number}/\n\n" for number in range(75))
    + f"Abbestellen: {UNSUBSCRIBE_URL}\n"
)


class Clock:
    """The real time."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


# --- a ledger ----------------------------------------------------------------------------------------------


def make_ledger(folder: Path, count: int) -> Path:
    """A ledger with so many subscribers."""
    path = Path(tempfile.mkdtemp(dir=folder)) / "ledger.sqlite"

    def rows() -> Iterator[tuple[str, ...]]:
        for number in range(count):
            address = f"reader.number.{number}@{number % 50}.mail.example"
            yield address, address, subject_of(keys, address), f"Reader Nº {number}", "active", "2026-11-01"

    with open_book(path, create=True) as book:
        keys = load_keys(book, NOW)
        with book.write() as db:
            db.executemany(
                "INSERT INTO subscribers (address, key, subject, name, status, changed) VALUES (?, ?, ?, ?, ?, ?)",
                rows(),
            )
    return path


def make_variant() -> Variant:
    """The letter, with all that a real one has."""
    mailing = Mailing(
        issue="2026-11",
        host="notes.example",
        title="Notizen vom Hafen",
        sender=("Ada Lovelace", SENDER),
        date=dt.datetime(2026, 12, 1, 7, tzinfo=dt.UTC),
        unsubscribe="https://notes.example/unsubscribe?t={token}",
        mailbox="requests@notes.example",
        bounces="bounces+{token}@notes.example",
        archive="https://notes.example/newsletter/",
    )
    return compile_variant(mailing, "Die Fähre, und sechs Notizen mehr", HTML, TEXT)


def maker(book: Book, issue: FrozenIssue) -> Callable[[Addressee], tuple[Envelope, list[bytes]]]:
    """What makes each reader's message."""
    keys = load_keys(book, NOW)
    variants = [Variant.load(data) for data in load_letters(book, issue)]

    def make(addressee: Addressee) -> tuple[Envelope, list[bytes]]:
        token, bounce = (
            token_of(keys, LIST_ID, addressee.subject, purpose) for purpose in (UNSUBSCRIBE, BOUNCE)
        )
        recipient = Recipient(addressee.address, addressee.name, addressee.subject, token, bounce)
        variant = variants[addressee.variant]
        return envelope(variant, recipient), message(variant, recipient)

    return make


def finished_message() -> bytes:
    """One reader's message."""
    return b"".join(message(make_variant(), Recipient("ada@mail.example", "Ada", "s", "t" * 40, "b" * 40)))


# --- the three ways ----------------------------------------------------------------------------------------


def send_bare(port: int, count: int, _: Path) -> None:
    """The same bytes to everybody."""
    data = finished_message()

    def send(client: smtplib.SMTP, address: str) -> None:
        client.mail(SENDER)
        client.rcpt(address)
        code, _ = client.data(data)
        assert code == 250

    over_connections(port, count, send)


def send_email(port: int, count: int, _: Path) -> None:
    """An `EmailMessage` for each reader."""

    def send(client: smtplib.SMTP, address: str) -> None:
        link = f"https://notes.example/unsubscribe?t={address}"
        letter = EmailMessage()
        letter["From"], letter["Subject"], letter["To"] = SENDER, "Die Fähre", address
        letter["List-Unsubscribe"] = f"<{link}>"
        letter.set_content(TEXT.replace(UNSUBSCRIBE_URL, link), cte="quoted-printable")
        letter.add_alternative(HTML.replace(UNSUBSCRIBE_URL, link), subtype="html", cte="quoted-printable")
        client.send_message(letter)

    over_connections(port, count, send)


def over_connections(port: int, count: int, send: Callable[[smtplib.SMTP, str], None]) -> None:
    """The same loop in a thread for each connection."""

    def run(start: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
            client.ehlo()
            for number in range(start, count, CONNECTIONS):
                send(client, f"reader.number.{number}@{number % 50}.mail.example")

    threads = [threading.Thread(target=run, args=(start,)) for start in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def send_feeds(port: int, count: int, ledger: Path) -> None:
    """As `feeds send` does once the letters are rendered: freeze, claim, send, record."""
    with open_book(ledger, create=False) as book:
        now = NOW.timestamp()
        issue = FrozenIssue(0, "2026-11", "November", "hash", now, now + 1e6, "{}")
        issue = freeze(book, issue, [make_variant().stored], {None: 0})
        stop = threading.Event()
        summary = send_issue(
            book,
            issue,
            open_smtp(f"smtp://127.0.0.1:{port}", {}, Path()),
            maker(book, issue),
            Terms(Rates(), connections=CONNECTIONS),
            clock=Clock(),
            boot="",
            stop=stop,
            progress=lambda progress: stop.set() if progress.accepted >= count else None,
        )
    assert summary.problem is None, summary.problem
    assert summary.accepted >= count, summary


WAYS: dict[str, Callable[[int, int, Path], None]] = {
    "bare": send_bare,
    "email": send_email,
    "feeds": send_feeds,
}


# --- measuring ---------------------------------------------------------------------------------------------


def run_here(way: str, port: int, count: int, ledger: Path) -> None:
    """One run; prints seconds, CPU seconds, and the most memory that the process had, in MB."""
    began, cpu = time.perf_counter(), time.process_time()
    WAYS[way](port, count, ledger)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(json.dumps([time.perf_counter() - began, time.process_time() - cpu, peak]))


def run(way: str, port: int, count: int, ledger: Path) -> tuple[float, float, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.sending", "--run", way, "--port", str(port)]
    command += ["--recipients", str(count), "--ledger", str(ledger)]
    seconds, cpu, peak = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return seconds, cpu, peak


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """`smtp-sink` on loopback; its port."""
    program = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        sys.exit("this needs smtp-sink, which comes with Postfix")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    as_user = ["-u", "nobody"] if os.getuid() == 0 else []
    process = subprocess.Popen([program, *as_user, f"127.0.0.1:{port}", "100"])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def compare(count: int, rounds: int, folder: Path) -> None:
    """All ways in turns."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.system()}", flush=True)
    print(
        f"{count:,} readers, {len(finished_message()):,} bytes each, {CONNECTIONS} connections\n", flush=True
    )
    # The slow way has its rate after a tenth of the letters.
    counts = {"bare": count, "email": max(200, count // 10), "feeds": count}
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    costs: dict[str, list[float]] = {way: [] for way in WAYS}
    with sink() as port:
        for number in range(rounds):
            ledger = make_ledger(folder, count)
            for way in sorted(WAYS, reverse=bool(number % 2)):
                seconds, cpu, peak = run(way, port, counts[way], ledger)
                rates[way].append(counts[way] / seconds)
                costs[way].append(1e6 * cpu / counts[way])
                line = (
                    f"{rates[way][-1]:7,.0f} letters/s  {costs[way][-1]:6,.0f} µs of CPU each  {peak:4.0f} MB"
                )
                print(f"round {number + 1}  {way:5}  {line}", flush=True)
            shutil.rmtree(ledger.parent)
    print("\nmedian (least to most) of the rounds:")
    for title, values in (("letters/s", rates), ("CPU", costs)):
        for other in ("bare", "email"):
            pairs = zip(values["feeds"], values[other], strict=True)
            ratios = sorted(ours / theirs for ours, theirs in pairs)
            spread = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
            print(f"  feeds : {other:5}  {title:9}  {spread}")


def measure_memory(count: int, folder: Path) -> None:
    """Freeze for a large ledger, and send the first thousand letters."""
    ledger = make_ledger(folder, count)
    print(f"{count:,} subscribers in a file of {ledger.stat().st_size / 1e6:.0f} MB", flush=True)
    with sink() as port:
        seconds, cpu, peak = run("feeds", port, 1000, ledger)
    print(f"frozen, and 1,000 letters sent, in {seconds:.1f} s ({cpu:.1f} s of CPU): {peak:.0f} MB at most")


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, metavar="SUBSCRIBERS")
    parser.add_argument("--folder", type=Path, help="where ledgers are made; the disk counts")
    parser.add_argument("--run", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--ledger", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_here(options.run, options.port, options.recipients, options.ledger)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        if options.memory:
            measure_memory(options.memory, Path(folder))
        else:
            compare(options.recipients, options.rounds, Path(folder))


if __name__ == "__main__":
    main()
