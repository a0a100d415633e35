"""The letter as a message that any mail program opens."""

import email
import email.policy
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import SETTINGS, make_entry, make_letter, make_post, make_site, november

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError
from feeds.newsletter import render_eml
from feeds.newsletter.message import sender_of

SITE = make_site()
NOVEMBER = make_letter(SITE, november())
EML = render_eml(SITE, SETTINGS, NOVEMBER)


def read(data: bytes):
    message = email.message_from_bytes(data, policy=email.policy.strict)
    assert not [defect for part in message.walk() for defect in part.defects]
    assert not [defect for value in message.values() for defect in value.defects]
    return message


def test_the_headers():
    message = read(EML)
    assert dict(message.items()) == {
        "From": "Ada Lovelace <ada@notes.example>",
        "To": "undisclosed-recipients:;",
        "Subject": "Release + 5 more (November 2026)",
        "Date": "Fri, 20 Nov 2026 09:00:00 +0000",
        "Message-ID": message["Message-ID"],
        "List-Id": '"Field Notes" <newsletter.notes.example>',
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }
    assert re.fullmatch(r"<[0-9a-f]{32}@notes\.example>", message["Message-ID"])


def test_text_comes_before_html_and_both_are_what_was_rendered():
    message = read(EML)
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert {part.get_content_charset() for part in (text, html)} == {"utf-8"}
    assert text.get_content().replace("\r\n", "\n") == NOVEMBER.text
    assert html.get_content().replace("\r\n", "\n") == NOVEMBER.html


def test_the_bytes_pass_any_server():
    assert EML.isascii()
    assert EML.count(b"\n") == EML.count(b"\r\n") == EML.count(b"\r")
    assert max(map(len, EML.split(b"\r\n"))) <= 76


def test_the_same_letter_is_the_same_message():
    assert render_eml(SITE, SETTINGS, make_letter(SITE, november())) == EML


def test_issues_and_sites_have_message_ids_of_their_own():
    other = make_letter(SITE, [make_entry(make_post("a", "2026-10-01T00:00:00+00:00"))])
    elsewhere = make_site(url="https://elsewhere.example/")
    messages = [(SITE, NOVEMBER), (SITE, other), (elsewhere, NOVEMBER)]
    assert len({read(render_eml(site, SETTINGS, letter))["Message-ID"] for site, letter in messages}) == 3


def test_what_only_a_delivery_has_is_left_out():
    headers = {name.lower() for name in read(EML)}
    assert not headers & {"list-unsubscribe", "list-unsubscribe-post", "bcc", "dkim-signature", "received"}


def with_subject(subject: str) -> bytes:
    return render_eml(SITE, SETTINGS, replace(NOVEMBER, issue=replace(NOVEMBER.issue, subject=subject)))


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Plain", "Plain"),
        ("Grüße aus 日本 👩‍👩‍👧", "Grüße aus 日本 👩‍👩‍👧"),
        ("a\r\nBcc: eve@evil.example\r\n\r\nbody", "a Bcc: eve@evil.example body"),
        ("looks =?utf-8?q?encoded?=", "looks =?utf-8?q?encoded?="),
        ("word " * 40, ("word " * 40).strip()),
        ("x" * 200, "x" * 200),
        ("ü" + "x" * 200, "ü" + "x" * 200),
    ],
)
def test_a_subject_arrives_as_it_was(subject, shown):
    data = with_subject(subject)
    message = read(data)
    assert message["Subject"] == shown
    assert message["Bcc"] is None
    assert max(map(len, data.split(b"\r\n"))) <= 76


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_subject_arrives_on_one_line(subject):
    message = read(with_subject(subject))
    assert "".join(message["Subject"].split()) == "".join(
        char for char in "".join(subject.split()) if char.isprintable() or ord(char) > 0x9F
    )
    assert len(message.keys()) == 9


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("", "The Site", "newsletter@notes.example"),
        ("ada@notes.example", "The Site", "ada@notes.example"),
        ("Ada <ada@notes.example>", "Ada", "ada@notes.example"),
        ('"Lovelace, Ada" <ada@notes.example>', "Lovelace, Ada", "ada@notes.example"),
        ("Ärzte ohne Grenzen <post@bücher.example>", "Ärzte ohne Grenzen", "post@xn--bcher-kva.example"),
        ("Lovelace, Ada: Notes [x] <ada@notes.example>", "Lovelace, Ada: Notes [x]", "ada@notes.example"),
        ("Ada\r\nBcc: eve <ada@notes.example>", "Ada Bcc: eve", "ada@notes.example"),
        ("Ada <ada@notes.example", None, None),
        ("ada@notes.example>", None, None),
        ("a@b.example, c@d.example", None, None),
        ("nobody", None, None),
        ("Ada <ada@>", None, None),
        ("Ada <@notes.example>", None, None),
        ("Ada <a b@notes.example>", None, None),
        ("Ada <ädä@notes.example>", None, None),
        ("Ada <a@b@c.example>", None, None),
    ],
)
def test_the_sender(sender, name, address):
    settings = NewsletterSettings(sender=sender)
    if address is None:
        with pytest.raises(FeedsError, match="is no mail address"):
            sender_of(SITE, settings)
        return
    assert sender_of(SITE, settings) == (name, address)
    message = read(render_eml(SITE, settings, NOVEMBER))
    (mailbox,) = message["From"].addresses
    assert (mailbox.display_name, mailbox.addr_spec) == (name, address)


def test_a_long_name_and_host_leave_no_overlong_line():
    site = make_site(
        url="https://a.very.long.host.name.that.goes.on.for.ever.notes.example/blog/", title="Ü " * 60
    )
    data = render_eml(site, NewsletterSettings(), NOVEMBER)
    assert read(data)["From"].addresses[0].addr_spec.startswith("newsletter@a.very.long")
    assert read(data)["List-Id"].endswith(
        "<newsletter.a.very.long.host.name.that.goes.on.for.ever.notes.example>"
    )
    assert max(map(len, data.split(b"\r\n"))) <= 110


@pytest.mark.parametrize(
    ("published", "date"),
    [
        ("2026-11-20T23:30:00-05:00", "Sat, 21 Nov 2026 04:30:00 +0000"),
        ("1883-11-18T12:00:00-04:56:02", "Sun, 18 Nov 1883 16:56:02 +0000"),
    ],
)
def test_the_date_is_that_of_the_newest_post(published, date):
    letter = make_letter(SITE, [make_entry(make_post("a", published))])
    assert read(render_eml(SITE, SETTINGS, letter))["Date"] == date


def test_a_host_in_another_script_is_written_in_ascii():
    letter_site = make_site(url="https://bücher.example/")
    assert read(render_eml(letter_site, SETTINGS, NOVEMBER))["Message-ID"].endswith("@xn--bcher-kva.example>")
