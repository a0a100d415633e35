"""Mails as readers, their servers and their programs write them."""

from email.message import Message
from email.parser import Parser
from hashlib import sha256
from textwrap import dedent

LETTER = """\
Return-Path: <bounces@notes.example>
From: Notes <letters@notes.example>
To: ada@example.org
Subject: November
Message-ID: <0123456789abcdef@notes.example>
List-Unsubscribe: <https://notes.example/unsubscribe?t={token}>,
 <mailto:letters@notes.example?subject=unsubscribe%20{token}>
"""


def parse(text: str) -> Message:
    return Parser().parsestr(text)


def mail(body: str = "Hello.\n", **headers: str) -> str:
    """A mail of a reader; `_` in a header's name stands for `-`."""
    values = {
        "From": "Ada <ada@example.org>",
        "To": "letters@notes.example",
        "Message-ID": f"<{sha256((body + str(headers)).encode()).hexdigest()[:16]}@example.org>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return "".join(f"{name}: {value}\n" for name, value in values.items() if value) + f"\n{body}"


def delivery_report(
    status: str = "5.1.1",
    *,
    action: str = "failed",
    recipient: str = "ada@example.org",
    to: str = "bounces@notes.example",
    letter: str = "",
    diagnostic: str = "smtp; 550 5.1.1 no such user",
    id: str = "1",
) -> str:
    """What a mail server writes of a letter that it could not deliver (RFC 3464)."""
    returned = f"--x\nContent-Type: text/rfc822-headers\n\n{letter}\n" if letter else ""
    return (
        f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nTo: {to}\n"
        f"Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMessage-ID: <{id}@mx.example.org>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n'
        "--x\nContent-Type: text/plain\n\nYour letter could not be delivered.\n\n"
        "--x\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.org\nArrival-Date: Sun, 22 Nov 2026 12:00:00 +0000\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {diagnostic}\n\n{returned}--x--\n"
    )


def complaint(kind: str = "abuse", letter: str = "", recipient: str = "", id: str = "1") -> str:
    """What a mailbox provider writes when a reader calls a letter spam (RFC 5965)."""
    named = f"Original-Rcpt-To: {recipient}\n" if recipient else ""
    returned = f"--x\nContent-Type: message/rfc822\n\n{letter}\nHello.\n" if letter else ""
    return (
        f"From: feedback@provider.example\nTo: letters@notes.example\nMessage-ID: <{id}@provider.example>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type="feedback-report"; boundary="x"\n\n'
        "--x\nContent-Type: text/plain\n\nThis is a report of abuse.\n\n"
        f"--x\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: Some/1.0\nVersion: 1\n"
        f"{named}\n{returned}--x--\n"
    )


def plain_bounce(letter: str) -> str:
    """What qmail writes, which follows no standard."""
    text = """\
        Hi. This is the program at mx.example.org. The letter could not be delivered, and this is final.

        <ada@example.org>:
        Sorry, there is no mailbox of that name here. (#5.1.1)

        --- Below this line is a copy of the letter.

        """
    head = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: bounces@notes.example\nSubject: failure notice\n"
    return f"{head}Message-ID: <q@mx.example.org>\n\n{dedent(text)}{letter}"


def mbox(*mails: str) -> str:
    return "".join(f"From someone Sun Nov 22 12:00:00 2026\n{each.rstrip()}\n\n" for each in mails)
