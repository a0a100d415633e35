"""Header fields of mail: whatever they are made of, they stay one field of short lines."""

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.headers import LINE, ascii_domain, ascii_url, mailbox_field, parse_mailbox, text_field

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def read(field: str, name: str):
    message = email.message_from_string(f"{field}\r\n\r\n", policy=email.policy.strict)
    assert message.keys() == [name]
    assert message[name].defects == ()
    return message[name]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Release", "Subject: Release"),
        ("two  spaces\r\nand a line", "Subject: two spaces and a line"),
        ("Grüße", "Subject: =?utf-8?b?R3LDvMOfZQ==?="),
        ("=?utf-8?q?not_ours?=", "Subject: =?utf-8?b?PT91dGYtOD9xP25vdF9vdXJzPz0=?="),
        (
            "a subject of many words that does not fit on one line, and so goes on on the next",
            "Subject: a subject of many words that does not fit on one line, and so goes\r\n on on the next",
        ),
    ],
)
def test_a_field_of_text(text, field):
    assert text_field("Subject", text) == field


@pytest.mark.parametrize(
    ("shown", "field"),
    [
        ("Ada", 'From: "Ada" <ada@notes.example>'),
        ('Ada "the first" \\', 'From: "Ada \\"the first\\" \\\\" <ada@notes.example>'),
        ("Jörg\r\nBcc: eve", "From: =?utf-8?b?SsO2cmcgQmNjOiBldmU=?= <ada@notes.example>"),
        ("A" * 60, f'From: "{"A" * 60}"\r\n <ada@notes.example>'),
        ("A" * 70, "From: =?utf-8?b?" + "QUFB" * 13 + "?=\r\n =?utf-8?b?" + "QUFB" * 10 + "QQ==?=\r\n <ada@notes.example>"),
    ],
)  # fmt: skip
def test_a_field_of_a_mailbox(shown, field):
    assert mailbox_field("From", shown, "ada@notes.example") == field


@given(ANY_TEXT)
def test_any_text_is_one_field_of_short_lines(text):
    for name, field in (
        ("Subject", text_field("Subject", text)),
        ("From", mailbox_field("From", text, "ada@notes.example")),
    ):
        assert field.isascii()
        assert max(map(len, field.split("\r\n"))) <= LINE
        read(field, name)


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("ada@notes.example", ("", "ada@notes.example")),
        ("Ada <ada@bücher.example>", ("Ada", "ada@xn--bcher-kva.example")),
        ("bounces+{token}@notes.example", ("", "bounces+{token}@notes.example")),
        ("ada", None),
        ("a@b.example, c@d.example", None),
        ("<ada@notes.example", None),
        ("ada@no host", None),
        ("ädä@notes.example", None),
    ],
)
def test_a_mailbox_as_it_is_written(text, mailbox):
    assert parse_mailbox(text) == mailbox


@pytest.mark.parametrize(
    ("url", "ascii"),
    [
        ("https://notes.example/a?b=c&d=%20#e", "https://notes.example/a?b=c&d=%20#e"),
        ("https://bücher.example:8443/größe", "https://xn--bcher-kva.example:8443/gr%C3%B6%C3%9Fe"),
        ("https://notes.example/a b<c>\r\nd", "https://notes.example/a%20b%3Cc%3Ed"),
        ("https://notes.example/?t={token}", "https://notes.example/?t=%7Btoken%7D"),
        ("https:///nowhere", ""),
        ("https://notes.example:port/", ""),
        ("https://no host/", ""),
        ("nonsense", ""),
    ],
)
def test_a_web_address_in_ascii(url, ascii):
    assert ascii_url(url) == ascii


@pytest.mark.parametrize(
    ("domain", "ascii"),
    [
        ("notes.example", "notes.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a..b", ""),
        ("a_b.example", ""),
        (f"{'x' * 64}.example", ""),
        ("", ""),
    ],
)
def test_a_domain_in_ascii(domain, ascii):
    assert ascii_domain(domain) == ascii
