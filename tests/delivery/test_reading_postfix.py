"""Letters that a real mail server could not deliver, from its own reports to the list."""

import time

import postfix
import pytest
from mail_samples import mbox
from message_samples import make_variant
from servers import MailServer
from subscriber_samples import NOW, make_list, statuses, subject, token

from feeds.delivery.messages import Recipient, envelope, message
from feeds.delivery.reading import Reader
from feeds.delivery.transport import open_transport

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not())]

GONE, FULL, FINE = "gone-1@nowhere.example", "full-1@full.example", "fine-1@home.example"


@pytest.mark.parametrize("bounces", ["bounces+{token}@notes.example", "letters@notes.example"])
def test_a_bounce_of_postfix_finds_its_subscriber(tmp_path, bounces):
    book, keys = make_list(tmp_path, GONE, FULL, FINE)
    variant = make_variant(bounces=bounces)
    returned = []
    with book, MailServer() as inboxes, postfix.Postfix(inboxes.port) as relay:
        for address in (GONE, FULL, FINE):
            reader = Recipient(
                address, "", subject(keys, address), token(keys, address), token(keys, address, "bounce")
            )
            line = open_transport(f"smtp://127.0.0.1:{relay.port}", {}, tmp_path).connect()
            line.send(envelope(variant, reader), message(variant, reader), lambda: None)
            line.close()
            sender = envelope(variant, reader).sender
            if address != FINE:
                returned.append(wait_for(inboxes, sender).decode())
        assert set(inboxes.kept) - {FINE} == {mail for mail in inboxes.kept if mail.startswith(bounces[:7])}
        findings = []
        (tmp_path / "box").write_text(mbox(*(each.replace("\r\n", "\n") for each in returned)), "utf-8")
        counts = Reader(book, keys, NOW, findings.append).read(tmp_path / "box", "box")
        assert {result.value: number for result, number in counts.items()} == {"bounced": 1, "came back": 1}
        assert statuses(book) == {GONE: "bounced", FULL: "active", FINE: "active"}
        assert findings == []


def wait_for(inboxes, address):
    """The next mail to an address."""
    deadline = time.monotonic() + 30
    while address not in inboxes.messages:
        assert time.monotonic() < deadline, dict(inboxes.kept)
        time.sleep(0.1)
    return inboxes.messages.pop(address)
