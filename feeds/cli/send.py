"""`feeds send`."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds.cli import options
from feeds.cli.letters import (
    account_document,
    check_report,
    draft_document,
    print_account,
    print_draft,
    print_end,
    print_issues,
    write_report,
)
from feeds.cli.meter import Meter
from feeds.cli.printing import print_json, show_findings
from feeds.errors import FeedsError, Finding, ProblemsError, Severity, UsageError

if TYPE_CHECKING:
    from feeds.config import Settings
    from feeds.delivery.accounts import Account
    from feeds.delivery.book import Book
    from feeds.delivery.engine import Summary
    from feeds.delivery.frozen import FrozenIssue
    from feeds.delivery.tokens import Keys
    from feeds.send import Order, Outlook

NOT_DELIVERED = 3
"""What the command ends with when some letters are still to be sent, or in doubt."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@click.command()
@click.argument("issue", default=None, metavar="[ISSUE]")
@options.ROOT
@options.CONFIG
@options.LEDGER
@click.option("--transport", metavar="URL", help="Who takes the letters, instead of `transport` of [send].")
@click.option("--yes", is_flag=True, help="Send. Without it, only say what would be sent.")
@click.option("--test", metavar="ADDRESS", help="Send one copy, marked as a test, to this address alone.")
@click.option("--status", is_flag=True, help="Say what became of an issue, or of all of them.")
@click.option(
    "--report", type=options.PATH, metavar="FILE", help="Write a line for each recipient: .json or .csv."
)
@click.option("--full", is_flag=True, help="Show whole addresses in what --status and --report tell.")
@click.option("--first-run", is_flag=True, help="It is right that the ledger has sent nothing yet.")
@click.option(
    "--patience",
    type=click.IntRange(0, 24 * 60),
    default=15,
    show_default=True,
    metavar="MINUTES",
    help="How long to stay for servers that put letters off; a later run goes on.",
)
@click.option("--retry-unknown", is_flag=True, help="Send letters in doubt again: somebody may get two.")
@options.NOW
@options.JSON
def command(
    issue: str | None,
    root: Path,
    config: Path | None,
    ledger: Path | None,
    transport: str | None,
    yes: bool,
    test: str | None,
    status: bool,
    report: Path | None,
    full: bool,
    first_run: bool,
    patience: int,
    retry_unknown: bool,
    now: dt.datetime | None,
    as_json: bool,
) -> None:
    """Send an issue of the newsletter to everybody who subscribed to it, each once.

    Without ISSUE it is the newest that is over and was not sent; one that was begun goes on. Nothing is sent
    without --yes.
    """
    from feeds.send import Order

    overrides = {"send.ledger": options.ledger_text(ledger), "send.transport": transport}
    at = options.clock()
    order = Order(
        now=now or at,
        at=at,
        issue=issue or "",
        first_run=first_run,
        patience=60.0 * patience,
        retry_unknown=retry_unknown,
    )
    try:
        if sum((yes, test is not None, status)) > 1:
            raise UsageError("--yes, --test and --status exclude each other", help="give one of them")
        if issue == "":  # as a variable that is not set leaves it
            raise UsageError("the issue has no name", help="leave it out for the next one")
        if report:
            check_report(report)
        settings = options.project_settings(root, config, overrides)
        if test is not None:
            code = _test(settings, order, test, as_json)
        else:
            code = _with_ledger(settings, order, (yes, status, report, full, as_json))
    except FeedsError as error:
        if as_json:
            print_json({}, error.findings, ok=False)
            sys.exit(error.exit_code)
        raise
    sys.exit(code)


def _test(settings: Settings, order: Order, address: str, as_json: bool) -> int:
    from feeds.send import send_test

    draft, reply, findings = send_test(settings, order, address)
    if as_json:
        print_json({"issue": draft.plan.id, "test": True, "reply": reply}, findings)
    else:
        click.echo(f"a test copy of {draft.plan.id} went out: {reply}")
        show_findings([*findings, *(each for checked in draft.checks for each in checked.findings)])
    return 0


def _with_ledger(settings: Settings, order: Order, wishes: tuple[bool, bool, Path | None, bool, bool]) -> int:
    """Everything that needs the ledger, which is made only where a first run was announced."""
    from feeds.ledgerfile import opened

    yes, status, report, full, as_json = wishes
    with opened(settings, order.at, create=order.first_run) as (book, keys):
        if status or (report and not yes):
            return _status(book, order, report, full, as_json)
        outlook = _outlook(settings, book, order)
        if not yes:
            return _show(settings, outlook, as_json)
        return _send(settings, book, keys, order, outlook, (report, full, as_json))


def _outlook(settings: Settings, book: Book, order: Order) -> Outlook:
    from feeds.send import look_ahead

    return look_ahead(settings, book, order)


def _status(book: Book, order: Order, report: Path | None, full: bool, as_json: bool) -> int:
    from feeds.delivery.accounts import account
    from feeds.delivery.frozen import load_issues

    accounts = [account(book, each) for each in load_issues(book)]
    if not order.issue and not report:
        if as_json:
            print_json({"issues": [account_document(each) for each in accounts]}, ())
        else:
            print_issues(accounts)
        return 0
    found = [each for each in accounts if each.issue.id == order.issue] if order.issue else accounts[-1:]
    if not found:
        known = ", ".join(each.issue.id for each in accounts[-5:])
        help = f"sent were {known}" if known else "feeds send says what would be sent"
        raise UsageError(f"the issue {order.issue or 'that you mean'} was not sent", help=help)
    _report(book, found[0], report, full)
    if as_json:
        print_json({"issue": account_document(found[0])}, ())
    else:
        print_account(book, found[0], full=full)
    return 0


def _report(book: Book, account: Account, report: Path | None, full: bool) -> None:
    if report:
        write_report(book, account.issue, report, full=full)


def _show(settings: Settings, outlook: Outlook, as_json: bool) -> int:
    """What would be sent."""
    draft = outlook.draft
    findings = _findings(outlook)
    is_sound = draft is None or draft.is_sound
    if as_json:
        document: dict[str, object] = {
            "draft": draft_document(draft) if draft else None,
            "begun": account_document(outlook.begun) if outlook.begun else None,
            "reason": outlook.reason,
        }
        print_json(document, findings, ok=is_sound)
    else:
        if draft:
            print_draft(settings, draft, is_first=outlook.is_first)
        elif outlook.begun:
            print_account(None, outlook.begun)
        else:
            click.echo(f"nothing to send: {outlook.reason}")
        show_findings(findings, stopped=not is_sound)
    return 0 if is_sound else FeedsError.exit_code


def _send(
    settings: Settings,
    book: Book,
    keys: Keys,
    order: Order,
    outlook: Outlook,
    wishes: tuple[Path | None, bool, bool],
) -> int:
    from feeds.send import freeze_draft, lapse, transport_of

    report, full, as_json = wishes
    for stale in outlook.stale:
        lapse(book, stale.issue, _boot(), order.at.timestamp())
    findings = _findings(outlook)
    if outlook.draft is None and outlook.begun is None:
        if as_json:
            print_json({"issue": None, "reason": outlook.reason}, findings)
        else:
            click.echo(f"nothing to send: {outlook.reason}")
            show_findings(findings)
        return 0
    transport_of(settings)  # before anything is frozen
    if outlook.draft:
        try:
            issue = freeze_draft(settings, book, outlook.draft, order)
        except FeedsError as error:
            raise ProblemsError((*findings, *error.findings)) from None
        if not as_json:
            show_findings(findings)
    else:
        assert outlook.begun
        issue = outlook.begun.issue
        if not as_json and _is_through(outlook.begun, order):
            click.echo(f"{issue.id} was sent already, and nothing is left to do:")
    try:
        summary = _deliver(settings, book, keys, issue, order, silent=as_json)
    except KeyboardInterrupt:
        click.echo(f"ended amid a letter; to see to it, and go on: feeds send {issue.id} --yes", err=True)
        return NOT_DELIVERED
    problems = list(summary.problem.findings) if summary.problem else []
    code = NOT_DELIVERED if _is_unfinished(summary) else 0
    try:
        _report(book, summary.account, report, full)
    except FeedsError as error:
        problems += error.findings
        code = code or error.exit_code
    if as_json:
        found = [*findings, *problems]
        print_json({"issue": account_document(summary.account)}, found, ok=not problems)
    else:
        print_end(summary)
        show_findings(problems)
    return code


def _is_through(account: Account, order: Order) -> bool:
    """Whether a run would find no letter to send."""
    from feeds.delivery.states import State

    return not account.waiting and not (order.retry_unknown and account.counts[State.UNKNOWN])


def _is_unfinished(summary: Summary) -> bool:
    from feeds.delivery.states import State

    counts = summary.account.counts
    return bool(summary.account.waiting or counts[State.UNKNOWN] or counts[State.EXPIRED] or summary.problem)


def _deliver(
    settings: Settings, book: Book, keys: Keys, issue: FrozenIssue, order: Order, *, silent: bool
) -> Summary:
    from feeds.send import deliver

    stop = threading.Event()
    with Meter(silent=silent) as meter, _stopping(stop):
        return deliver(
            settings,
            book,
            keys,
            issue,
            replace(order, issue=issue.id),
            clock=_Clock(),
            boot=_boot(),
            stop=stop,
            progress=meter.show,
        )


class _Clock:
    """The time of this machine when it was made, and what has passed since: setting it changes no wait."""

    def __init__(self) -> None:
        self._began = time.time() - _passed()

    def now(self) -> float:
        return self._began + _passed()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def _passed() -> float:
    """Seconds since the machine was started; where that can be known, also those in which it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C, and a polite end from outside, finish the letters in hand; a second Ctrl-C ends at once.

    So does a terminal that is closed; what is ignored from the start (`nohup`) stays so.
    """

    def ask(number: int, frame: Any) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()
        if sys.stderr is not None:
            with suppress(OSError):  # the terminal is gone
                os.write(sys.stderr.fileno(), b"\nfinishing the letters in hand; Ctrl-C again ends at once\n")

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    heeded = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _boot() -> str:
    """What names this boot of this machine; "" where that cannot be known."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


def _findings(outlook: Outlook) -> list[Finding]:
    """What is to be told of an outlook: what the posts have, what the checks found, and stale issues."""
    found = list(outlook.findings)
    if outlook.draft:
        found += (each for checked in outlook.draft.checks for each in checked.findings)
    for stale in outlook.stale:
        message = f"the issue {stale.issue.id} was not sent to {stale.waiting:,} of {stale.total:,} in time"
        help = f"feeds send {stale.issue.id} --status --full names them"
        found.append(Finding(Severity.WARNING, "expired", message, None, help))
    return found
