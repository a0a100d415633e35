"""The same with a real mail server between: Postfix queues, retries and bounces, and the sender is killed."""

import email
import email.policy
import random
import time

import postfix
import pytest
from servers import MailServer
from test_faults import finish, kill, lines_of, new_ledger, run, start

from feeds.delivery.states import State

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(postfix.why_not()), reason=postfix.why_not())]

SENDER = "letters@site.example"
"""Whom bounces go to, as `sender.py` has it."""


def wait_empty(relay):
    deadline = time.monotonic() + 30
    while relay.queue():
        assert time.monotonic() < deadline, relay.queue()
        time.sleep(0.2)


def test_killed_before_a_real_mail_server_nobody_gets_two_and_bounces_come_back(tmp_path):
    people = [f"ok-{number}@host{number % 9}.example" for number in range(300)]
    people += [
        "greylisted-1@late.example",
        "busy-1@late.example",
        "gone-1@nowhere.example",
        "full-1@full.example",
    ]
    ledger, chance = (
        new_ledger(tmp_path / "ledger.sqlite", random.Random(3).sample(people, len(people))),
        random.Random(),
    )
    with MailServer() as inboxes, postfix.Postfix(inboxes.port) as relay:
        for _ in range(6):
            kill(start(ledger, relay.port), inboxes, chance)
        assert run(ledger, relay.port)[0] == 0
        wait_empty(relay)
        bounce = email.message_from_bytes(inboxes.messages[SENDER], policy=email.policy.default)
        arrived, taken = dict(inboxes.kept), relay.taken()
    lines = lines_of(ledger)
    # Whom Postfix took a letter for is accepted; that two of them bounce later is told by mail.
    states = {line.state for line in lines.values()}
    assert states <= {State.ACCEPTED, State.UNKNOWN}
    assert all(
        line.reply.startswith("2.0.0 Ok: queued as ")
        for line in lines.values()
        if line.state is State.ACCEPTED
    )
    assert arrived.pop(SENDER) == len(taken.pop(SENDER)) == 2
    assert set(arrived.values()) == {1}
    assert {len(queue_ids) for queue_ids in taken.values()} == {1}
    for address, line in lines.items():
        if line.state is State.ACCEPTED and not address.startswith(("gone", "full")):
            assert arrived.get(address) == 1, address
    assert sum(line.state is State.UNKNOWN for line in lines.values()) <= 6 * 4
    assert bounce.get_content_type() == "multipart/report"
    assert "message/delivery-status" in [part.get_content_type() for part in bounce.walk()]


def test_a_mail_server_that_is_restarted_loses_nobody(tmp_path):
    people = [f"ok-{number}@host.example" for number in range(300)]
    ledger = new_ledger(tmp_path / "ledger.sqlite", people)
    with MailServer() as inboxes, postfix.Postfix(inboxes.port) as relay:
        sender = start(ledger, relay.port)
        while sum(inboxes.kept.values()) < 20 and sender.poll() is None:
            time.sleep(0.01)
        relay.stop()
        assert finish(sender)[0] == 3
        relay.start()
        assert run(ledger, relay.port)[0] == 0
        wait_empty(relay)
        taken = relay.taken()
    lines = lines_of(ledger)
    # Postfix itself may deliver one twice when it is stopped amid that; what counts is what we gave to it.
    assert {len(queue_ids) for queue_ids in taken.values()} == {1}
    assert {line.state for line in lines.values()} <= {State.ACCEPTED, State.UNKNOWN}
    assert {address for address, line in lines.items() if line.state is State.ACCEPTED} <= set(inboxes.kept)
