"""Mail into a folder: a file for each message."""

import os
import stat
from pathlib import Path

import pytest
from message_samples import make_recipient, make_variant, sent

from feeds.delivery.messages import envelope, message
from feeds.delivery.transport import Envelope, Fault, Outcome, Reply, open_transport
from feeds.errors import FeedsError

VARIANT = make_variant()


def deliver(folder: Path, before_data=lambda: None, **changes) -> Reply:
    recipient = make_recipient(**changes)
    transport = open_transport(f"folder:{folder.name}", {}, folder.parent)
    connection = transport.connect()
    reply = connection.send(envelope(VARIANT, recipient), message(VARIANT, recipient), before_data)
    connection.close()
    return reply


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_for_each_recipient_holds_the_bytes_that_a_server_would_get(tmp_path):
    folder = tmp_path / "outbox"
    for address in ("grace@navy.example", "ada@navy.example"):
        assert deliver(folder, address=address).outcome is Outcome.ACCEPTED
    names = files(folder)
    assert [name.rsplit(".", 2)[0] for name in names] == ["ada@navy.example", "grace@navy.example"]
    assert (folder / names[1]).read_bytes() == sent(VARIANT)


def test_the_same_message_replaces_itself(tmp_path):
    folder = tmp_path / "outbox"
    deliver(folder)
    deliver(folder)
    assert len(files(folder)) == 1
    deliver(folder, name="Rear Admiral Hopper")
    assert len(files(folder)) == 2


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_nobody_else_may_read_it(tmp_path):
    folder = tmp_path / "outbox"
    deliver(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_the_file_has_its_name_only_after_it_was_written_down(tmp_path):
    folder = tmp_path / "outbox"
    seen = []
    deliver(folder, lambda: seen.extend(files(folder)))
    assert [name for name in seen if name.endswith(".eml")] == []
    assert [name for name in files(folder) if not name.endswith(".eml")] == []


def test_nothing_is_left_of_a_message_that_could_not_be_written_down(tmp_path):
    def refuse() -> None:
        raise FeedsError("the ledger is locked")

    folder = tmp_path / "outbox"
    with pytest.raises(FeedsError, match="the ledger is locked"):
        deliver(folder, refuse)
    assert files(folder) == []


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("o'hara+news@navy.example", "o_hara+news@navy.example"),
        ("../../etc@navy.example", "_.._etc@navy.example"),
        ("..@navy.example", "@navy.example"),
        ("a/b\\c:d*e?@navy.example", "a_b_c_d_e_@navy.example"),
        ("jörg@notes.example", "j_rg@notes.example"),
        ("a" * 64 + "@" + "b." * 90 + "example", "a" * 64 + "@" + "b." * 42 + "b"),
    ],
)
def test_an_address_becomes_a_name_that_every_file_system_holds(address, name, tmp_path):
    folder = tmp_path / "outbox"
    connection = open_transport("folder:outbox", {}, tmp_path).connect()
    connection.send(Envelope("news@notes.example", address), [b"body"], lambda: None)
    (written,) = files(folder)
    assert written.rsplit(".", 2)[0] == name


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(Fault, match="folder:outbox cannot be written"):
        deliver(tmp_path / "outbox")


def test_a_folder_that_went_away(tmp_path):
    connection = open_transport("folder:outbox", {}, tmp_path).connect()
    (tmp_path / "outbox").rmdir()
    with pytest.raises(Fault, match="folder:outbox cannot be written"):
        connection.send(Envelope("", "ada@navy.example"), [b"body"], pytest.fail)
