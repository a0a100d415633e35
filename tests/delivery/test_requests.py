"""What readers' mails ask for, and what programs write."""

import pytest
from mail_samples import mail, parse
from subscriber_samples import KEYS, subject, token

from feeds.delivery.requests import is_automatic, parse_request

TOKEN = token(KEYS)
CONFIRM = token(KEYS, purpose="confirm")
EVE = "Eve <eve@example.org>"


def wish(**headers):
    found = parse_request(parse(mail(**headers)), KEYS)
    return found and (found.wish.value, found.subject == subject(KEYS), found.has_token)


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": f"unsubscribe {TOKEN}"},
        {"Subject": TOKEN},
        {"Subject": f"Re: AW: unsubscribe {TOKEN.upper()}"},
        {"To": f"letters+{TOKEN}@notes.example"},
        {"To": f"letters+unsubscribe-{TOKEN}@notes.example", "Subject": "anything"},
        {"Delivered_To": f"letters+{TOKEN}@notes.example"},
        {"From": EVE, "Subject": f"unsubscribe {TOKEN}"},
        {"From": "", "Subject": f"unsubscribe {TOKEN}"},
        {"Subject": f"=?utf-8?q?unsubscribe_{TOKEN}?="},
    ],
)
def test_a_token_unsubscribes_whoever_sends_it(headers):
    assert wish(**headers) == ("unsubscribe", True, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "unsubscribe"},
        {"Subject": "Re: Unsubscribe me, please"},
        {"To": "letters+unsubscribe@notes.example", "Subject": "x"},
        {"Subject": f"unsubscribe {'a' * 40}"},
    ],
)
def test_without_one_the_sender_counts(headers):
    assert wish(**headers) == ("unsubscribe", True, False)
    assert wish(**headers, From=EVE) == ("unsubscribe", False, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "subscribe"},
        {"Subject": "Subscribe to Notes"},
        {"To": "letters+subscribe@notes.example", "Subject": "Hello"},
    ],
)
def test_subscribing(headers):
    assert wish(**headers) == ("subscribe", True, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": f"Re: Confirm your subscription to Notes ({CONFIRM})"},
        {"Subject": f"RE: Re[2]: Confirm your subscription\n to Notes ({CONFIRM})"},
        {"Subject": f"回复：Confirm your subscription to Notes ({CONFIRM})"},
        {"Subject": f"confirm {CONFIRM}"},
        {"To": f"letters+confirm-{CONFIRM}@notes.example", "Subject": "yes"},
        {"From": EVE, "Subject": f"Re: Confirm your subscription ({CONFIRM})"},
    ],
)
def test_an_answer_confirms(headers):
    assert wish(**headers) == ("confirm", True, True)


@pytest.mark.parametrize(
    "title",
    [
        f"Automatic reply: Confirm your subscription to Notes ({CONFIRM})",
        f"Auto: Confirm your subscription to Notes ({CONFIRM})",
        f"Out of office Re: Confirm your subscription ({CONFIRM})",
        f"Abwesenheit: Confirm your subscription ({CONFIRM})",
        f"Re: Confirm your subscription ({TOKEN[:-1]})",
        f"Confirm your subscription ({token(KEYS, purpose='bounce')})",
    ],
)
def test_an_answering_machine_or_a_foreign_token_does_not(title):
    assert wish(Subject=title) is None


def test_a_question_in_another_language_is_answered_in_it():
    text = parse(mail(Subject=f"AW: Bestätigung für Notes ({CONFIRM})"))
    assert parse_request(text, KEYS) is None
    assert parse_request(text, KEYS, lambda: "bestätigung").wish.value == "confirm"


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "I like how you subscribe to my views"},
        {"Subject": ""},
        {"Subject": "subscribe", "From": ""},
        {"Subject": "subscribe", "From": "a@example.org, b@example.org"},
        {"Subject": "subscribed"},
        {"Subject": "unsubscribe", "From": "nobody"},
    ],
)
def test_other_mails_ask_for_nothing(headers):
    assert wish(**headers) is None


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ({}, False),
        ({"Auto_Submitted": "no"}, False),
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"Auto_Submitted": "auto-generated; owner-email=x"}, True),
        ({"Precedence": "auto_reply"}, True),
        ({"Precedence": "BULK"}, True),
        ({"X_Autoreply": "yes"}, True),
        ({"List_Id": "<list.example>"}, True),
        ({"Return_Path": "<>"}, True),
        ({"Return_Path": "<ada@example.org>"}, False),
        ({"From": "Mail Delivery <MAILER-DAEMON@mx.example>"}, True),
        ({"From": "postmaster@mx.example"}, True),
    ],
)
def test_programs_say_so(headers, automatic):
    assert is_automatic(parse(mail(**headers))) == automatic
