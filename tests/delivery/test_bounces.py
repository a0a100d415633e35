"""Letters that came back, and complaints: whose they were, and for how long."""

import pytest
from mail_samples import LETTER, complaint, delivery_report, mail, parse, plain_bounce
from subscriber_samples import KEYS, subject, token

from feeds.delivery.bounces import parse_bounce, parse_complaint

ADA = subject(KEYS)
OUR_LETTER = LETTER.format(token=token(KEYS))
VERP = f"bounces+{token(KEYS, purpose='bounce')}@notes.example"
FOREIGN_LETTER = LETTER.format(token="a" * 40)


def bounce(text):
    return parse_bounce(parse(text), KEYS)


@pytest.mark.parametrize(
    "text",
    [
        delivery_report(letter=OUR_LETTER),
        delivery_report(to=VERP),
        delivery_report(to=VERP.upper()),
        delivery_report(to=f"Notes <{VERP}>", recipient="someone-else@example.org"),
        delivery_report(letter=OUR_LETTER).replace("text/rfc822-headers", "message/rfc822"),
        plain_bounce(OUR_LETTER),
        plain_bounce(FOREIGN_LETTER).replace("To: bounces@notes.example", f"To: {VERP}"),
    ],
)
def test_a_token_tells_whose_letter_came_back(text):
    found = bounce(text)
    assert (found.subject, found.code, found.is_proven, found.is_hard) == (ADA, "5.1.1", True, True)


@pytest.mark.parametrize("letter", ["", FOREIGN_LETTER])
def test_without_one_anybody_may_have_written_the_report(letter):
    found = bounce(delivery_report(letter=letter))
    assert (found.subject, found.is_proven, found.is_hard) == (ADA, False, False)


def test_a_token_for_something_else_proves_nothing():
    verp = f"bounces+{token(KEYS, purpose='unsubscribe')}@notes.example"
    assert not bounce(delivery_report(to=verp)).is_proven


@pytest.mark.parametrize(
    ("status", "diagnostic", "code", "kind"),
    [
        ("5.1.1", "smtp; 550 no such user", "5.1.1", "hard"),
        ("5.1.2", "dns; no such host", "5.1.2", "hard"),
        ("5.1.10", "smtp; 556 null MX", "5.1.10", "hard"),
        ("5.0.0", "smtp; 550 5.1.1 no such user", "5.1.1", "hard"),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", "5.2.2", "soft"),
        ("5.2.1", "smtp; 550 5.2.1 disabled", "5.2.1", "soft"),
        ("4.4.7", "smtp; 451 4.2.0 try again", "4.4.7", "soft"),
        ("5.7.1", "smtp; 550 5.7.1 blocked", "5.7.1", "policy"),
        ("5.7.26", "smtp; 550-5.7.26 unauthenticated", "5.7.26", "policy"),
        ("5.1.8", "smtp; 553 5.1.8 sender domain not found", "5.1.8", "policy"),
        ("nonsense", "", "", "soft"),
    ],
)
def test_what_a_code_means(status, diagnostic, code, kind):
    found = bounce(delivery_report(status, to=VERP, diagnostic=diagnostic))
    assert found.code == code
    assert kind == ("hard" if found.is_hard else "policy" if found.is_policy else "soft")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_letter_that_is_late_has_not_come_back(action):
    assert bounce(delivery_report(action=action, to=VERP)) is None


def test_each_letter_is_told_from_the_others():
    first = bounce(delivery_report("4.2.2", to=VERP, letter=OUR_LETTER, id="1"))
    again = bounce(delivery_report("4.2.2", to=VERP, letter=OUR_LETTER, id="2"))
    other = bounce(delivery_report("4.2.2", to=VERP, id="3"))
    assert first.letter == again.letter == "<0123456789abcdef@notes.example>"
    assert other.letter == "<3@mx.example.org>"
    assert bounce(plain_bounce(OUR_LETTER)).letter == "<0123456789abcdef@notes.example>"


@pytest.mark.parametrize(
    "text",
    [
        mail(
            Subject="Re: November",
            body=f"I like this.\n> https://notes.example/unsubscribe?t={token(KEYS)}\n",
        ),
        mail(From="MAILER-DAEMON@mx.example.org", Subject="failure notice", body="(#5.1.1)\n"),
        mail(Subject="Away", Auto_Submitted="auto-replied", Return_Path="<>", To=VERP),
        delivery_report(to=VERP).replace("message/delivery-status", "text/plain"),
        "",
    ],
)
def test_other_mails_are_no_bounces(text):
    assert bounce(text) is None


# --- complaints --------------------------------------------------------------------------------------------


def test_a_complaint_with_our_letter_is_proven():
    found = parse_complaint(parse(complaint(letter=OUR_LETTER)), KEYS)
    assert (found.subject, found.is_proven) == (ADA, True)


def test_a_complaint_without_it_is_not():
    found = parse_complaint(parse(complaint(recipient="<Ada@Example.org>", letter=FOREIGN_LETTER)), KEYS)
    assert (found.subject, found.is_proven) == (ADA, False)
    assert parse_complaint(parse(complaint()), KEYS).subject == ""


def test_what_was_called_no_spam_is_no_complaint():
    assert parse_complaint(parse(complaint("not-spam", OUR_LETTER)), KEYS) is None
    assert parse_complaint(parse(delivery_report()), KEYS) is None
    assert parse_complaint(parse(mail()), KEYS) is None
