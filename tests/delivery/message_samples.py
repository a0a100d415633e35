"""Mailings, letters and readers to test messages with, and how a mail program reads what comes of them."""

import datetime as dt
import email
import email.policy
from email.message import EmailMessage

from feeds.delivery.messages import Mailing, Recipient, Variant, compile_variant, message
from feeds.model import UNSUBSCRIBE_URL

TOKEN = "k5qw4y3pmfzs4y3pmfzsa2lom5swg33eobzgs5dt"
BOUNCE = "mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dz"

HTML = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>November</title></head>
<body>
<p><a href="{UNSUBSCRIBE_URL}">Unsubscribe</a></p>
<h1 style="font:bold 24px/32px Georgia,serif;color:#222222;margin:0 0 16px 0">Grüße from the harbour, 港から</h1>
.A line that begins with a dot, and one
From the beginning of a mailbox.
<p>You are in? Or <a href="{UNSUBSCRIBE_URL}">out</a>?</p>
</body></html>
"""

TEXT = f"""November
========

Grüße from the harbour, 港から

Unsubscribe: {UNSUBSCRIBE_URL}
"""


def make_mailing(**changes) -> Mailing:
    values = {
        "issue": "2026-11",
        "host": "notes.example",
        "title": "Field Notes",
        "sender": ("Ada Lovelace", "ada@notes.example"),
        "date": dt.datetime(2026, 12, 1, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        "unsubscribe": "https://notes.example/unsubscribe?t={token}",
        "mailbox": "requests@notes.example",
        "bounces": "bounces+{token}@notes.example",
        "archive": "https://notes.example/newsletter/",
    }
    return Mailing(**{**values, **changes})


def make_recipient(**changes) -> Recipient:
    values = {"address": "grace@navy.example", "name": "Grace Hopper", "subject": "s7xq2", "token": TOKEN}
    return Recipient(**{**values, "bounce": BOUNCE, **changes})


def make_variant(subject: str = "Release + 5 more", html: str = HTML, text: str = TEXT, **changes) -> Variant:
    return compile_variant(make_mailing(**changes), subject, html, text)


def sent(variant: Variant, **changes) -> bytes:
    return b"".join(message(variant, make_recipient(**changes)))


def read(data: bytes) -> EmailMessage:
    """The message as the strictest parser of the standard library sees it: without a defect."""
    parsed = email.message_from_bytes(data, policy=email.policy.strict)
    assert not [defect for part in parsed.walk() for defect in part.defects]
    assert not [defect for value in parsed.values() for defect in value.defects]
    return parsed


def parts(data: bytes) -> tuple[str, str]:
    """Text and HTML as they are shown."""
    text, html = read(data).iter_parts()
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")
