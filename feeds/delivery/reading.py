"""What comes back: tokens, web logs and mail, applied to the list. Reading anything twice changes nothing.

Mail is applied without waiting for the disk each time: what a power cut undoes is read again next time.
"""

from __future__ import annotations

import datetime as dt
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from feeds.delivery import subscribers
from feeds.delivery.addresses import mask
from feeds.delivery.book import Book
from feeds.delivery.bounces import Bounce, parse_bounce, parse_complaint
from feeds.delivery.mailbox import Mail, is_maildir, read_mails, sender_of
from feeds.delivery.optin import Asked, Asker, confirm
from feeds.delivery.people import Status
from feeds.delivery.requests import Request, Wish, is_automatic, parse_request
from feeds.delivery.tokens import LIST, UNSUBSCRIBE, Keys, find_tokens, read_token
from feeds.delivery.weblog import Hit, parse_line, token_of_hit
from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Report

_Line = tuple[str, dt.datetime | None, Location]
"""A token ("": there is none in the line), when it was used, if that is known, and where it stands."""

_HEAD = 64_000
_MAX_LINE = 100_000
_GZIP = b"\x1f\x8b"


class Result(Enum):
    """What one line or mail led to, as reports say it."""

    UNSUBSCRIBED = "unsubscribed"
    KNOWN = "known already"
    SUBSCRIBED = "subscribed"
    ASKED = "asked to confirm"
    LATER = "to be asked later"
    BOUNCED = "bounced"
    CAME_BACK = "came back"
    COMPLAINED = "complained"
    REFUSED = "refused for their policy"
    AUTOMATIC = "automatic"
    READ_BEFORE = "read before"
    FOREIGN = "not ours"
    NOT_UNDERSTOOD = "not understood"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads whatever may tell of readers.

    Attributes:
        book: the ledger.
        keys: its keys.
        now: when this happens.
        report: told of what is not understood, by line or mail.
        target: what a request to unsubscribe looks like in a log; None without an address for it.
        has_verp: whether each letter has an envelope sender of its own, so that bounces without a token are
            not about ours.
        asker: asks who wants to subscribe; None where there is no way to.
    """

    book: Book
    keys: Keys
    now: dt.datetime
    report: Report
    target: re.Pattern[str] | None = None
    has_verp: bool = False
    asker: Asker | None = None

    def read(self, path: Path, shown: str) -> Counter[Result]:
        """Apply what a file, or the folder of a Maildir, tells; how often it led to what.

        Raises:
            FeedsError: it cannot be read, or is nothing that is understood.
        """
        if is_maildir(path):
            return Counter(map(self._apply_mail, read_mails(path, shown, self.report)))
        kind = _kind(path, shown)
        if kind == "mail":
            return Counter(map(self._apply_mail, read_mails(path, shown, self.report)))
        if kind == "log":
            if self.target is None:
                help = "name the address at which readers unsubscribe as unsubscribe under [send]"
                raise FeedsError("this is a web server's log", Location(shown), help, rule="no-unsubscribe")
            return self._apply_tokens(self._log_tokens(path, shown))
        return self._apply_tokens(self._listed_tokens(path, shown))

    def _listed_tokens(self, path: Path, shown: str) -> Iterator[_Line]:
        for number, line in _lines(path, shown):
            if line.strip() and not line.lstrip().startswith("#"):
                yield next(find_tokens(line), ""), None, Location(shown, number)

    def _log_tokens(self, path: Path, shown: str) -> Iterator[_Line]:
        assert self.target is not None
        for number, line in _lines(path, shown):
            hit = parse_line(line)
            if hit is None:
                yield "", None, Location(shown, number)
            elif token := token_of_hit(hit, self.target):
                yield token, hit.at, Location(shown, number)

    def _apply_tokens(self, found: Iterator[_Line]) -> Counter[Result]:
        counts = Counter[Result]()
        asked: dict[str, dt.datetime | None] = {}
        for token, at, place in found:
            subject = read_token(self.keys, LIST, token, UNSUBSCRIBE) if token else None
            if not token:
                counts[Result.NOT_UNDERSTOOD] += 1
                self._odd("line", "this line is not understood", place)
            elif subject is None:
                counts[Result.FOREIGN] += 1
                self._odd("token", "this token is not one of this list", place)
            else:
                before = asked.get(subject, at)
                asked[subject] = max(before, at) if before and at else None
        counts[Result.UNSUBSCRIBED] = subscribers.unsubscribe(self.book, asked.items(), self.now)
        counts[Result.KNOWN] = len(asked) - counts[Result.UNSUBSCRIBED]
        return +counts

    def _apply_mail(self, mail: Mail) -> Result:
        if self.book.one("SELECT 1 FROM mails_read WHERE mail = ?", [mail.id]):
            return Result.READ_BEFORE
        result = self._result(mail)
        if result is not Result.LATER:
            values = [mail.id, self.now.isoformat()]
            self.book.change("INSERT OR IGNORE INTO mails_read VALUES (?, ?)", values)
        return result

    def _result(self, mail: Mail) -> Result:
        if complaint := parse_complaint(mail.message, self.keys):
            # Without a token of ours it may be from anybody: it counts as much as a mail to unsubscribe.
            status = Status.COMPLAINED if complaint.is_proven else Status.UNSUBSCRIBED
            if not complaint.subject:
                return self._strange(mail, "a complaint about somebody who is not named")
            stopped = subscribers.stop(self.book, complaint.subject, status, self.now, durable=False)
            return Result.COMPLAINED if stopped else Result.KNOWN
        if bounce := parse_bounce(mail.message, self.keys):
            return self._apply_bounce(mail, bounce)
        request = parse_request(mail.message, self.keys, self.asker.opening if self.asker else str)
        if request and request.wish is Wish.UNSUBSCRIBE and request.has_token:
            return self._unsubscribe(mail, request)
        if is_automatic(mail.message):
            return Result.AUTOMATIC
        if request is None:
            return self._strange(mail, "a mail that asks for nothing that is understood")
        if request.wish is Wish.UNSUBSCRIBE:
            return self._unsubscribe(mail, request)
        if request.wish is Wish.CONFIRM:
            done = confirm(self.book, request.subject, self.now)
            return Result.SUBSCRIBED if done else Result.KNOWN
        return self._ask(mail, request)

    def _unsubscribe(self, mail: Mail, request: Request) -> Result:
        known = subscribers.find(self.book, request.subject)
        if not request.has_token and known is None:
            if subscribers.reason_of(self.book, request.subject):
                return Result.KNOWN
            return self._strange(mail, "a wish to unsubscribe, but not from an address that gets letters")
        stopped = subscribers.stop(self.book, request.subject, Status.UNSUBSCRIBED, self.now, durable=False)
        return Result.UNSUBSCRIBED if stopped else Result.KNOWN

    def _apply_bounce(self, mail: Mail, bounce: Bounce) -> Result:
        known = bounce.subject and subscribers.find(self.book, bounce.subject)
        if not known or (self.has_verp and not bounce.is_proven):
            return self._strange(mail, "a letter came back, but not one that was sent to a subscriber")
        if bounce.is_policy:
            message = f"the server of {mask(known.address)} refuses letters for its policy ({bounce.code})"
            self._odd("bounce-policy", message, mail.at, "this is about the sender: see what the mail says")
            return Result.REFUSED
        if bounce.is_hard:
            stopped = subscribers.stop(self.book, bounce.subject, Status.BOUNCED, self.now, durable=False)
            return Result.BOUNCED if stopped else Result.KNOWN
        letter = bounce.letter or mail.id
        too_many = subscribers.bounce(self.book, bounce.subject, letter, bounce.code, self.now)
        return Result.BOUNCED if too_many else Result.CAME_BACK

    def _ask(self, mail: Mail, request: Request) -> Result:
        assert request.sender is not None
        known = subscribers.find(self.book, request.subject)
        if known and known.status is Status.ACTIVE and not subscribers.reason_of(self.book, request.subject):
            return Result.KNOWN
        if self.asker is None:
            help = "set transport and mailbox under [send], and sender under [newsletter]"
            self._odd("confirmation", "somebody asks to be subscribed, and cannot be answered", mail.at, help)
            return Result.LATER
        asked = self.asker.ask(request.sender, request.subject, self.now)
        if asked in (Asked.LATER, Asked.REFUSED):
            message = f"{mask(request.sender.sent)} wants to subscribe: {asked.value}"
            self._odd("confirmation", message, mail.at)
        return {Asked.SENT: Result.ASKED, Asked.LATER: Result.LATER, Asked.TODAY: Result.KNOWN}.get(
            asked, Result.NOT_UNDERSTOOD
        )

    def _strange(self, mail: Mail, what: str) -> Result:
        sender = sender_of(mail.message)
        who = f", from {mask(sender.sent)}" if sender else ""
        self._odd("mail", f"this is {what}{who}", mail.at)
        return Result.NOT_UNDERSTOOD

    def _odd(self, rule: str, message: str, at: Location, help: str = "") -> None:
        self.report(Finding(Severity.WARNING, rule, message, at, help))


def _kind(path: Path, shown: str) -> str:
    """What a file is, by its beginning: `mail`, `log` or `tokens`.

    Raises:
        FeedsError: it is none of these, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(_GZIP):
            with gzip.open(path) as packed:
                head = packed.read(_HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(shown, error) from None
    first = next((line for line in head.decode("utf-8", "replace").splitlines() if line.strip()), "")
    if first.startswith("From ") or re.match(r"[!-9;-~]+:([ \t]|$)", first):
        return "mail"
    text = head.decode("utf-8", "replace")
    if any(isinstance(parse_line(line), Hit) for line in text.splitlines()[:20]):
        return "log"
    if text.strip() and next(find_tokens(text), None) is None:
        message = "this is no mailbox, no web server's log of a known format, and no list of tokens"
        raise FeedsError(message, Location(shown), rule="unknown-file")
    return "tokens"


def _lines(path: Path, shown: str) -> Iterator[tuple[int, str]]:
    """The lines of a text, packed or not, with their numbers; the end of one without end is left out."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
        with gzip.open(path) if packed else path.open("rb") as lines:
            number, is_whole = 0, True
            while line := lines.readline(_MAX_LINE):
                if is_whole:
                    number += 1
                    yield number, line.decode("utf-8", "replace").rstrip("\r\n")
                is_whole = line.endswith(b"\n")
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(shown, error) from None


def _unreadable(shown: str, error: Exception) -> FeedsError:
    reason = getattr(error, "strerror", None) or "it ends too soon, or is no file"
    return FeedsError(f"cannot read this: {reason}", Location(shown), rule="unreadable")
