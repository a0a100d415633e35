"""The bytes of whole messages, as they go over the wire; `pytest --rewrite` writes them anew."""

from pathlib import Path

import pytest
from message_samples import make_variant, read, sent

GOLDEN = Path(__file__).parent / "golden"

MESSAGES = {
    "by-web-and-mail": (make_variant(), {}),
    "by-mail-alone": (make_variant(unsubscribe="", bounces="", archive=""), {"name": ""}),
    "by-web-alone": (
        make_variant(
            mailbox="",
            unsubscribe="https://notes.example/unsubscribe?t={token}&l=en",
            signup="https://notes.example/join/",
            reply_to="The Team <team@notes.example>",
        ),
        {},
    ),
    "many-scripts": (
        make_variant(
            "Grüße: fünf Einträge, 五つの記事, пять записей — und noch ein Wort mehr",
            title="Notizen vom Hafen — Новости",
            sender=("Ärzte, Bäcker & Köche", "post@xn--bcher-kva.example"),
            host="bücher.example",
        ),
        {"name": "Ångström, Jonas", "address": "jonas@xn--ngstrm-hua.example"},
    ),
    "to-an-address-in-utf8": (make_variant(), {"name": "", "address": "jörg@notes.example"}),
    "test-copy": (make_variant(is_test=True), {}),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_bytes_are_those_of_the_golden_file(name, rewrite):
    variant, changes = MESSAGES[name]
    data = sent(variant, **changes)
    path = GOLDEN / f"{name}.eml"
    if rewrite:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert data == path.read_bytes()


@pytest.mark.parametrize("name", sorted(MESSAGES.keys() - {"to-an-address-in-utf8"}))
def test_the_golden_files_have_no_defect(name):
    # `email` calls every local part in UTF-8 a defect, which RFC 6532 allows where the server takes it.
    message = read((GOLDEN / f"{name}.eml").read_bytes())
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
