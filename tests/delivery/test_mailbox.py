"""Mailboxes on disk, whoever wrote to them."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import mail, mbox

from feeds.delivery.mailbox import MAX_BYTES, MAX_PARTS, addresses, header, read_mails, sender_of, text_of
from feeds.errors import FeedsError


def read(path, data=None):
    """What a mailbox holds, and what was found odd about it."""
    if data is not None:
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    findings = []
    mails = list(read_mails(path, path.name, findings.append))
    return mails, [str(finding) for finding in findings]


def test_an_mbox_is_read_mail_by_mail(tmp_path):
    text = mbox(mail("One.\n\nFrom here on\n", Subject="a"), mail("Two.\n\n>From Ada\n", Subject="b"))
    text = text.replace("\n\nFrom here", "\nFrom here")
    mails, odd = read(tmp_path / "box", text)
    assert [(str(each.at), header(each.message, "Subject")) for each in mails] == [
        ("box:1", "a"),
        ("box:10", "b"),
    ]
    assert text_of(mails[1].message).startswith("Two.")
    assert odd == []


def test_a_maildir_is_read_file_by_file(tmp_path):
    for folder, name in (("cur", "2:2,S"), ("new", "1"), ("tmp", "3")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(mail(Subject=name))
    mails, _ = read(tmp_path)
    assert [str(each.at).partition("/")[2] for each in mails] == ["cur/2:2,S", "new/1"]


def test_a_single_mail_is_a_mailbox(tmp_path):
    mails, _ = read(tmp_path / "a.eml", mail(Subject="Hello"))
    assert [header(each.message, "Subject") for each in mails] == ["Hello"]


def test_a_mail_is_known_again_wherever_it_lies(tmp_path):
    text = mail(Subject="Hello")
    (first,), _ = read(tmp_path / "a.eml", text)
    (second,), _ = read(tmp_path / "box", mbox(text))
    (other,), _ = read(tmp_path / "b.eml", mail(Subject="Hello", Message_ID="<other@example.org>"))
    (stolen,), _ = read(tmp_path / "c.eml", text.replace("ada@", "eve@"))
    assert first.id == second.id
    assert len({first.id, other.id, stolen.id}) == 3


def test_mails_without_an_id_are_told_apart_by_their_bytes(tmp_path):
    ids = {read(tmp_path / "a.eml", mail(body, Message_ID=""))[0][0].id for body in ("One.", "Two.", "One.")}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Hello", "Hello"),
        ("=?utf-8?q?Zo=C3=AB?=", "Zoë"),
        ("=?utf-8?b?Wm/Dqw==?=", "Zoë"),
        ("=?nonsense?q?Zo=C3=AB?=", "=?nonsense?q?Zo=C3=AB?="),
        ("folded\n onto two", "folded onto two"),
    ],
)
def test_headers_are_decoded_as_far_as_they_can_be(tmp_path, written, read_as):
    (each,), _ = read(tmp_path / "a.eml", mail(Subject=written))
    assert header(each.message, "Subject") == read_as


def test_a_sender_is_one_address(tmp_path):
    senders = {}
    for sender in ("Ada <Ada@Example.org>", "a@example.org, b@example.org", "nobody", "ada@[::1]", ""):
        (each,), _ = read(tmp_path / "a.eml", mail(From=sender, Subject="x"))
        found = sender_of(each.message)
        senders[sender] = found and found.sent
    assert senders == {
        "Ada <Ada@Example.org>": "Ada@example.org",
        "a@example.org, b@example.org": None,
        "nobody": None,
        "ada@[::1]": None,
        "": None,
    }
    assert addresses(each.message, "To") == ["letters@notes.example"]


# --- hostile mailboxes -------------------------------------------------------------------------------------


def nested(depth: int) -> str:
    text = mail(Subject="inner")
    for level in range(depth):
        text = f"Content-Type: multipart/mixed; boundary={level}x\n\n--{level}x\n{text}\n--{level}x--\n"
    return "From: ada@example.org\n" + text


def test_mails_inside_mails_inside_mails_are_not_looked_at(tmp_path):
    mails, odd = read(tmp_path / "box", mbox(nested(5_000), nested(20), mail(Subject="next")))
    assert [header(each.message, "Subject") for each in mails] == ["", "next"]
    assert odd == [f"box:1: warning: this mail has more than {MAX_PARTS} parts and was not looked at"]


def test_a_huge_mail_is_cut_and_the_next_one_read(tmp_path):
    huge = mail("x" * 70 + "\n" * 2 + ("y" * 70 + "\n") * 40_000, Subject="huge")
    mails, _ = read(
        tmp_path / "box", mbox(huge, mail(Subject="next"), mail("z" * 3_000_000, Subject="one line"))
    )
    assert [header(each.message, "Subject") for each in mails] == ["huge", "next", "one line"]
    assert all(len(text_of(each.message)) <= MAX_BYTES + 100_000 for each in mails)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"From \n",
        b"From x\nFrom y\n\nFrom z\n",
        b"From: \xff\xfe\n\n\0\0",
        b"From x\n" + b"Subject: =?" * 50_000,
        b'From x\nContent-Type: multipart/mixed; boundary*0="\n\n--',
        b"From x\nContent-Type: multipart/report; report-type=delivery-status\n\n",
        b'From x\nContent-Type: text/plain; charset="\0"\nContent-Transfer-Encoding: base64\n\n\xff====',
        b"From x\nFrom: " + b"(" * 20_000 + b"\n\n",
        b"From x\nFrom: " + b'"a\\' * 5_000 + b"@" * 5_000 + b"\n\n",
    ],
    ids=range(10),
)
def test_broken_mails_do_no_harm(tmp_path, data):
    for each in read(tmp_path / "box", data)[0]:
        sender_of(each.message)
        header(each.message, "Subject")
        for part in each.message.walk():
            text_of(part)


@given(st.binary(max_size=500))
def test_any_bytes_are_a_mail_of_some_kind(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.eml"
    for each in read(path, b"From x\n" + data)[0]:
        assert isinstance(header(each.message, "Subject"), str)


def test_a_mailbox_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FeedsError, match="cannot read this file"):
        read(tmp_path / "none")


def test_a_packed_file_is_no_mail(tmp_path):
    mails, _ = read(tmp_path / "a.gz", gzip.compress(b"From: x@example.org\n\n"))
    assert [sender_of(each.message) for each in mails] == [None]
