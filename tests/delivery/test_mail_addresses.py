"""Mail addresses: one form for each mailbox, none of them in a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.delivery.addresses import MAX_NAME, clean_line, clean_name, mask, parse_address
from feeds.errors import FeedsError


@pytest.mark.parametrize(
    ("text", "sent", "key"),
    [
        ("ada@example.org", "ada@example.org", "ada@example.org"),
        ("  Ada.Lovelace@EXAMPLE.org\n", "Ada.Lovelace@example.org", "ada.lovelace@example.org"),
        ("ada+news@example.org", "ada+news@example.org", "ada+news@example.org"),
        ("jo@münchen.de", "jo@xn--mnchen-3ya.de", "jo@xn--mnchen-3ya.de"),
        ("Jörg@example.org", "Jörg@example.org", "jörg@example.org"),
        ("=odd'but{legal}@example.org", "=odd'but{legal}@example.org", "=odd'but{legal}@example.org"),
    ],
)
def test_an_address_goes_out_as_given_and_is_compared_in_small_letters(text, sent, key):
    address = parse_address(text)
    assert (address.sent, address.key) == (sent, key)
    assert address.needs_smtputf8 == (not sent.isascii())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@localhost",
        "a..da@example.org",
        "ada@exa mple.org",
        "ada@example.org, bob@example.org",
        "Ada <ada@example.org>",
        "ada@example.org\r\nBcc: eve@example.org",
        "ada\0@example.org",
        "ada\x1b[2J@example.org",
        "ada@[127.0.0.1]",
        '"a b"@example.org',
        f"{'x' * 65}@example.org",
        f"ada@{'x.' * 130}org",
        "ada@-example-.org",
    ],
)
def test_what_no_mail_can_go_to_is_refused_without_repeating_it(text):
    with pytest.raises(FeedsError, match="this is no mail address") as caught:
        parse_address(text)
    assert "ada" not in caught.value.message
    assert caught.value.message.isprintable()


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text):
    try:
        address = parse_address(text)
    except FeedsError:
        return
    assert parse_address(address.sent) == address
    assert address.sent.isprintable()
    assert not set(address.sent) & set("\r\n\0<>,; ")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ada@mail.example.org", "a…@m….org"),
        ("ada@example.org", "a…@e….org"),
        ("ada@localhost", "a…@l…"),
        ("ada", "a…"),
        ("", "…"),
    ],
)
def test_a_masked_address_names_nobody(address, shown):
    assert mask(address) == shown


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("Ada\r\nBcc: eve@example.org", "Ada Bcc: eve@example.org"),
        ("Ada\0\x07\x1b[31m", "Ada[31m"),
        ("Ada\u202egro.live", "Adagro.live"),
        ("李 明", "李 明"),
        ("x" * 300, "x" * MAX_NAME),
    ],
)
def test_a_name_is_one_harmless_line(text, name):
    assert clean_name(text) == name


@given(st.text())
def test_a_clean_line_is_printable_and_stays_as_it_is(text):
    line = clean_line(text)
    assert "\n" not in line
    assert "\r" not in line
    assert clean_line(line) == line
