"""The letter as the messages that leave for its readers."""

import datetime as dt
import email
import quopri
import re
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from message_samples import (
    BOUNCE,
    HTML,
    TEXT,
    TOKEN,
    make_mailing,
    make_recipient,
    make_variant,
    parts,
    read,
    sent,
)

from feeds.delivery.messages import Variant, compile_variant, envelope, message
from feeds.delivery.quoting import quote
from feeds.delivery.transport import Envelope
from feeds.errors import FeedsError
from feeds.model import UNSUBSCRIBE_URL

ONE_CLICK = f"https://notes.example/unsubscribe?t={TOKEN}"
BY_MAIL = f"mailto:requests@notes.example?subject=unsubscribe%20{TOKEN}"
VARIANT = make_variant()

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1)


# --- headers -----------------------------------------------------------------------------------------------


def test_the_headers():
    headers = dict(read(sent(VARIANT)).items())
    assert re.fullmatch(r"<[0-9a-f]{32}@notes\.example>", headers.pop("Message-ID"))
    assert headers == {
        "From": "Ada Lovelace <ada@notes.example>",
        "To": "Grace Hopper <grace@navy.example>",
        "Subject": "Release + 5 more",
        "Date": "Tue, 01 Dec 2026 07:30:00 +0000",
        "List-Id": '"Field Notes" <newsletter.notes.example>',
        "List-Unsubscribe": f"<{ONE_CLICK}>, <{BY_MAIL}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Subscribe": "<mailto:requests@notes.example?subject=subscribe>",
        "List-Help": "<mailto:ada@notes.example?subject=help>",
        "List-Owner": "<mailto:ada@notes.example>",
        "List-Archive": "<https://notes.example/newsletter/>",
        "List-Post": "NO",
        "Feedback-ID": "2026-11:newsletter:letter:e6394726f473",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "MIME-Version": "1.0",
        "Content-Type": headers["Content-Type"],
    }


@pytest.mark.parametrize(
    ("changes", "unsubscribe", "post"),
    [
        ({}, f"<{ONE_CLICK}>, <{BY_MAIL}>", "List-Unsubscribe=One-Click"),
        ({"mailbox": ""}, f"<{ONE_CLICK}>", "List-Unsubscribe=One-Click"),
        ({"unsubscribe": ""}, f"<{BY_MAIL}>", None),
    ],
)
def test_only_ways_to_unsubscribe_that_are_there_are_announced(changes, unsubscribe, post):
    headers = read(sent(make_variant(**changes)))
    assert headers["List-Unsubscribe"] == unsubscribe
    assert headers["List-Unsubscribe-Post"] == post


def test_the_way_to_unsubscribe_is_neither_encoded_nor_folded_inside_its_brackets():
    address = f"https://notes.example/{'long/' * 40}?t={{token}}&l=en"
    data = sent(make_variant(unsubscribe=address))
    header = re.search(rb"(?m)^List-Unsubscribe: (.*(?:\r\n .*)*)\r$", data)[1].decode()
    assert header.split(",\r\n ") == [f"<{address.format(token=TOKEN)}>", f"<{BY_MAIL}>"]


def test_a_letter_without_a_way_to_unsubscribe_is_refused():
    with pytest.raises(FeedsError, match="no way to unsubscribe"):
        make_variant(unsubscribe="", mailbox="")


@pytest.mark.parametrize(
    ("changes", "header", "value"),
    [
        ({"reply_to": "team@notes.example"}, "Reply-To", "team@notes.example"),
        ({"reply_to": "The Team <team@notes.example>"}, "Reply-To", "The Team <team@notes.example>"),
        ({"reply_to": "team@notes.example"}, "List-Owner", "<mailto:team@notes.example>"),
        ({"signup": "https://notes.example/join/"}, "List-Help", "<https://notes.example/join/>"),
        ({"signup": "https://notes.example/join/", "mailbox": ""}, "List-Subscribe", "<https://notes.example/join/>"),
        ({"mailbox": ""}, "List-Subscribe", None),
        ({"archive": ""}, "List-Archive", None),
        ({"archive": "https://bücher.example/größe/"}, "List-Archive", "<https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe/>"),
        ({"host": "bücher.example"}, "List-Id", '"Field Notes" <newsletter.xn--bcher-kva.example>'),
        ({"mailbox": "a+b%c@notes.example"}, "List-Subscribe", "<mailto:a%2Bb%25c@notes.example?subject=subscribe>"),
        ({"issue": "Über: 100 %"}, "Feedback-ID", "-ber--100--:newsletter:letter:e6394726f473"),
    ],
)  # fmt: skip
def test_what_settings_make_of_headers(changes, header, value):
    assert read(sent(make_variant(**changes)))[header] == value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"host": ""}, "the site's host '' is no domain"),
        ({"host": "no host"}, "the site's host 'no host' is no domain"),
        ({"mailbox": "nobody"}, "'nobody' in \\[send\\] mailbox is no mail address"),
        ({"reply_to": "a@b@c"}, "'a@b@c' in \\[send\\] reply_to is no mail address"),
        ({"bounces": "{token}"}, "'{token}' in \\[send\\] bounces is no mail address"),
        ({"unsubscribe": "{token}"}, "send.unsubscribe '{token}' is no web address"),
        ({"unsubscribe": f"https://notes.example/{'x' * 999}/{{token}}"}, "an address is too long for a header"),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_header_is_refused(changes, message):
    with pytest.raises(FeedsError, match=message):
        make_variant(**changes)


# --- the body ----------------------------------------------------------------------------------------------


def test_each_reader_gets_a_link_of_their_own():
    text, html = parts(sent(VARIANT))
    assert text == TEXT.replace(UNSUBSCRIBE_URL, ONE_CLICK)
    assert html == HTML.replace(UNSUBSCRIBE_URL, ONE_CLICK)


def test_the_link_is_escaped_in_html_alone():
    text, html = parts(sent(make_variant(unsubscribe="https://notes.example/?a=1&t={token}&l=en")))
    assert f"Unsubscribe: https://notes.example/?a=1&t={TOKEN}&l=en\n" in text
    assert f'<a href="https://notes.example/?a=1&amp;t={TOKEN}&amp;l=en">' in html


def test_without_a_web_address_the_link_writes_a_mail():
    text, html = parts(sent(make_variant(unsubscribe="")))
    assert f"Unsubscribe: {BY_MAIL}\n" in text
    assert html.count(f'<a href="{BY_MAIL}">') == 2


def test_a_test_copy_is_marked_and_does_no_harm():
    variant = make_variant(is_test=True)
    data = sent(variant)
    headers = read(data)
    assert headers["Subject"] == "[Test] Release + 5 more"
    assert headers["List-Unsubscribe"] == f"<{ONE_CLICK}>, <{BY_MAIL}>".replace(TOKEN, "test")
    assert headers["Feedback-ID"].startswith("2026-11:newsletter:test:")
    assert TOKEN.encode() not in data
    assert BOUNCE not in envelope(variant, make_recipient()).sender


def test_a_test_copy_needs_no_way_to_unsubscribe():
    data = sent(make_variant(is_test=True, unsubscribe="", mailbox=""))
    assert read(data)["List-Unsubscribe"] is None
    assert UNSUBSCRIBE_URL in parts(data)[0]


# --- the same message, whenever it is made -----------------------------------------------------------------


def test_a_stored_variant_makes_the_same_bytes():
    again = Variant.load(VARIANT.stored)
    assert again == VARIANT
    assert sent(again) == sent(VARIANT)
    assert again.stored == make_variant().stored


def test_a_variant_of_a_newer_release_is_refused():
    with pytest.raises(FeedsError, match="frozen by a newer release"):
        Variant.load(VARIANT.stored.replace(b'"version": 1', b'"version": 2'))


def test_a_message_keeps_its_id_whatever_else_changes():
    def identity(variant, **changes):
        return read(sent(variant, **changes))["Message-ID"]

    first = identity(VARIANT)
    assert identity(make_variant("Another subject"), token="other", name="") == first
    assert identity(VARIANT, subject="somebody else") != first
    assert identity(make_variant(issue="2026-12")) != first
    assert identity(make_variant(host="elsewhere.example")) != first


def test_each_test_copy_has_an_id_of_its_own():
    copies = [
        make_variant(),
        make_variant(is_test=True),
        make_variant("Mended", is_test=True),
        make_variant(is_test=True, date=dt.datetime(2026, 12, 2, tzinfo=dt.UTC)),
    ]
    assert len({read(sent(copy))["Message-ID"] for copy in copies}) == 4


# --- envelopes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounces", "sender"),
    [
        ("bounces+{token}@notes.example", f"bounces+{BOUNCE}@notes.example"),
        ("bounces@notes.example", "bounces@notes.example"),
        ("b+{token}@bücher.example", f"b+{BOUNCE}@xn--bcher-kva.example"),
        ("", "ada@notes.example"),
    ],
)
def test_the_envelope_sender_tells_whose_letter_came_back(bounces, sender):
    assert envelope(make_variant(bounces=bounces), make_recipient()) == Envelope(sender, "grace@navy.example")


def test_an_envelope_sender_that_servers_would_refuse():
    with pytest.raises(FeedsError, match="more than 64 characters before its @"):
        make_variant(bounces="undeliverable-letters-of-ours+{token}@notes.example")


# --- what servers ask of the bytes -------------------------------------------------------------------------


def assert_any_server_takes(data: bytes) -> None:
    lines = data.split(b"\r\n")
    assert data.endswith(b"\r\n")
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", data)
    assert max(map(len, lines)) <= 998
    body = lines[lines.index(b"") :]
    assert max(map(len, body)) <= 76
    assert all(line.isascii() for line in body)
    assert not [line for line in body if line.startswith((b".", b"From "))]


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "a\r\nBcc: eve@evil.example\r\n\r\nbody",
        "a\nBcc: eve@evil.example",
        "a\rBcc: eve@evil.example",
        "a\x00b\x0bc\x85d\u2028e",
        "\0token\0 \0to\0 \0id\0",
        "=?utf-8?q?Bcc=3A_eve?=",
        '"quoted" \\ <eve@evil.example>, more: (x);',
        "." * 2000,
        ".\n..\n.\n",
        "\n.\r\n.\n" * 100,
        "From me\n" * 50,
        "x" * 20_000,
        "Ü" * 10_000,
        "\u202eexample" * 20,
        "\ud800 alone",
    ],
    ids=range(16),
)
def test_hostile_text_stays_text_everywhere(hostile):
    variant = make_variant(hostile, html=HTML + hostile, text=TEXT + hostile, title=hostile)
    data = sent(variant, name=hostile)
    assert_any_server_takes(data)
    headers = read(data)
    assert sorted(headers.keys()) == sorted(read(sent(VARIANT)).keys())
    assert headers["To"].addresses[0].addr_spec == "grace@navy.example"
    assert [mailbox.addr_spec for mailbox in headers["From"].addresses] == ["ada@notes.example"]


def test_a_subject_of_a_megabyte():
    data = sent(make_variant("word " * 200_000))
    assert_any_server_takes(data)
    assert data.count(b"\r\nSubject:") == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b.example\r\nBcc: eve@evil.example",
        "a@b.example>",
        "<a@b.example",
        "a b@c.example",
        "a@b.example,c@d.example",
        "a@bücher.example",
        'a"@b.example',
        "a(c)@b.example",
        f"{'a' * 250}@b.example",
        "a@b.example\0",
    ],
)
def test_an_odd_address_is_refused_and_not_shown(address):
    with pytest.raises(FeedsError, match="recipient's address cannot stand in a header") as caught:
        message(VARIANT, make_recipient(address=address))
    assert "eve" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["o'hara+news@b.example", "a.b-c_d=e@b.example", "!#$%&'*/?^`{|}~@b.example", "jörg@xn--bcher-kva.example"]
)  # fmt: skip
def test_an_unusual_address_is_taken(address):
    data = sent(VARIANT, address=address, name="")
    assert f"\r\nTo: {address}\r\n".encode() in data
    named = sent(VARIANT, address=address, name="Jörg")
    assert f"\r\nTo: =?utf-8?b?SsO2cmc=?= <{address}>\r\n".encode() in named


@pytest.mark.parametrize("token", ["", "a b", "a\r\nb", "=", "ü", "x" * 76, "a>b", "../x"])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(FeedsError, match="is no token"):
        message(VARIANT, make_recipient(token=token))


@settings(deadline=None, max_examples=60)
@given(subject=ANY_TEXT, name=ANY_TEXT, body=ANY_TEXT)
def test_any_text_arrives(subject, name, body):
    def shown(text):
        return "".join(char for char in "".join(text.split()) if char.isprintable() or ord(char) > 0x9F)

    variant = make_variant(subject, html=f"{HTML}{body}\n", text=f"{TEXT}{body}\n")
    data = sent(variant, name=name)
    assert_any_server_takes(data)
    headers = read(data)
    assert "".join(str(headers["Subject"]).split()) == shown(subject)
    assert "".join(headers["To"].addresses[0].display_name.split()) == shown(name)
    kept = f"{body}\n".replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    for content, part in zip((TEXT, HTML), list(read(data).iter_parts()), strict=True):
        raw = part.get_payload(decode=True).decode().replace("\r\n", "\n")
        assert raw.replace(ONE_CLICK, UNSUBSCRIBE_URL) == f"{content}{kept}"


@settings(deadline=None, max_examples=50)
@given(PRINTABLE, PRINTABLE)
def test_names_arrive(title, name):
    data = sent(compile_variant(make_mailing(title=title), "s", HTML, TEXT), name=name)
    headers = email.message_from_bytes(data)
    assert phrase(headers["To"]) == (name, "grace@navy.example")
    assert phrase(headers["List-Id"]) == (title, "newsletter.notes.example")


def phrase(header):
    """The name before an address, and the address; `email.policy` reads spaces between encoded words, which are none."""
    name, _, address = str(make_header(decode_header(header))).rpartition(" <")
    if header.startswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return name, address.removesuffix(">")


# --- quoted-printable with gaps ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pieces", "quoted"),
    [
        (["plain"], "plain"),
        (["ü=1\n"], "=C3=BC=3D1\r\n"),
        (["a ", "b"], "a=20=\r\nGAP=\r\nb"),
        (["line\n", "\nline"], "line\r\nGAP=\r\n\r\nline"),
        (["", ""], "GAP=\r\n"),
        (["end \nof\t\n line"], "end=20\r\nof=09\r\n line"),
        ([".\n..", "."], "=2E\r\n=2E.=\r\nGAP=\r\n=2E"),
        (["From me\nFrom", " you"], "=46rom me\r\nFrom=\r\nGAP=\r\n you"),
        (["x" * 76], "x" * 75 + "=\r\nx"),
        (["x" * 74 + "ü"], "x" * 74 + "=\r\n=C3=BC"),
        (["a\r\nb\rc"], "a\r\nb\r\nc"),
    ],
)
def test_quoted_pieces(pieces, quoted):
    assert quote(pieces, "GAP") == quoted


@given(st.lists(ANY_TEXT, min_size=1, max_size=4), st.from_regex(r"[A-Za-z0-9_-]{1,75}", fullmatch=True))
def test_quoted_pieces_read_back_as_one(pieces, value):
    encoded = quote(pieces, "\0").replace("\0", value)
    lines = [piece.replace("\r\n", "\n").replace("\r", "\n") for piece in pieces]
    assert quopri.decodestring(encoded.encode()).replace(b"\r\n", b"\n").decode() == value.join(lines)
    assert max(map(len, encoded.split("\r\n"))) <= 76
