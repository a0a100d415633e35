"""Mail to a server by SMTP: what each answer means, and what is never done."""

import base64
import contextlib
import dataclasses
import socket
import ssl
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from message_samples import make_recipient, make_variant, sent
from scripted_server import AUTHORITY, HANG_UP, STALL, scripted_server

from feeds.delivery.messages import envelope, message
from feeds.delivery.server import Server, Timeouts, parse_server
from feeds.delivery.smtp import SmtpConnection, SmtpTransport
from feeds.delivery.transport import Envelope, Fault, Lost, Outcome, Reply, open_transport
from feeds.errors import FeedsError

ACCEPTED, DEFERRED, REJECTED, UNKNOWN = Outcome
TO_ADA = Envelope("news@notes.example", "ada@navy.example")
TO_BOB = Envelope("news@notes.example", "bob@navy.example")
BODY = [b"Subject: one\r\n", b"\r\n.dot\r\n", b"..dots\r\n.\r\nend\r\n"]

IMPATIENT = Timeouts(connect=20, greeting=20, command=20, data=20, block=20, end=20, quit=2)
PIPELINING = pytest.mark.parametrize("offers", [(), ("PIPELINING",)], ids=["one by one", "at once"])


def server_of(server, environ=None, **changes) -> Server:
    scheme = changes.pop("scheme", "smtp")
    found = parse_server(f"{scheme}://127.0.0.1:{server.port}", environ or {}, Path())
    return dataclasses.replace(found, **{"timeouts": IMPATIENT, **changes})


@contextlib.contextmanager
def connected(server, environ=None, **changes):
    connection = SmtpConnection(server_of(server, environ, **changes))
    try:
        yield connection
    finally:
        connection.close()


def send(connection, to=TO_ADA, body=BODY) -> tuple[Reply, bool]:
    """The answer, and whether the message was about to leave."""
    started = []
    reply = connection.send(to, body, lambda: started.append(True))
    assert len(started) <= 1
    return reply, bool(started)


# --- a message goes through --------------------------------------------------------------------------------


@PIPELINING
def test_a_message_arrives_byte_for_byte(offers):
    data = sent(make_variant())
    with scripted_server(*offers) as server, connected(server) as connection:
        recipient = make_recipient()
        reply, _ = send(connection, envelope(make_variant(), recipient), message(make_variant(), recipient))
    assert reply == Reply(ACCEPTED, 250, "2.0.0 queued as 4F2A")
    assert server.messages == [data]
    assert server.verbs == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


@PIPELINING
def test_lines_of_dots_arrive(offers):
    with scripted_server(*offers) as server, connected(server) as connection:
        send(connection)
        send(connection, body=[b".\r\n", b".", b"\r\n..\r\n"])
        send(connection, body=[b"no line end"])
        send(connection, body=[b"split\r", b"\n.in\r\n", b".odd", b"\r", b"\n", b".", b".places\r\n"])
    assert server.messages == [
        b"".join(BODY),
        b".\r\n.\r\n..\r\n",
        b"no line end\r\n",
        b"split\r\n.in\r\n.odd\r\n..places\r\n",
    ]


def test_commands_go_out_one_by_one_unless_the_server_takes_them_at_once():
    with scripted_server() as server, connected(server) as connection:
        send(connection)
    assert b"MAIL FROM:<news@notes.example>\r\n" in server.reads
    with scripted_server("PIPELINING") as server, connected(server) as connection:
        send(connection)
    group = b"MAIL FROM:<news@notes.example>\r\nRCPT TO:<ada@navy.example>\r\nDATA\r\n"
    assert group in server.reads


def test_what_a_server_does_not_offer_is_not_used():
    with scripted_server() as server, connected(server) as connection:
        send(connection)
    assert "MAIL FROM:<news@notes.example>" in server.commands
    with scripted_server("SIZE 100000") as server, connected(server) as connection:
        send(connection)
    size = len(b"".join(BODY))
    assert f"MAIL FROM:<news@notes.example> SIZE={size}" in server.commands


def test_the_null_sender_is_written_as_such():
    with scripted_server() as server, connected(server) as connection:
        send(connection, Envelope("", "ada@navy.example"))
    assert "MAIL FROM:<>" in server.commands


def test_a_message_starts_only_once_the_server_waits_for_it():
    with scripted_server() as server, connected(server) as connection:
        heard = []
        connection.send(TO_ADA, BODY, lambda: heard.append(server.verbs[-1]))
    assert heard == ["DATA"]


def test_a_new_connection_is_made_after_some_messages():
    with scripted_server() as server:
        connection = SmtpConnection(server_of(server), limit=2)
        for _ in range(5):
            assert send(connection)[0].outcome is ACCEPTED
        connection.close()
    assert (len(server.messages), server.connections) == (5, 3)
    assert server.verbs.count("QUIT") == 3


def test_an_old_server_that_knows_no_extensions():
    with scripted_server(answers={"EHLO": "502 what?"}) as server, connected(server) as connection:
        assert send(connection)[0].outcome is ACCEPTED
    assert server.verbs[:2] == ["EHLO", "HELO"]


# --- what answers mean -------------------------------------------------------------------------------------


@PIPELINING
@pytest.mark.parametrize(
    ("where", "answer", "outcome", "started"),
    [
        ("RCPT", "550 5.1.1 no such user", REJECTED, False),
        ("RCPT", "553 5.1.3 bad syntax", REJECTED, False),
        ("RCPT", "450 4.2.0 greylisted", DEFERRED, False),
        ("RCPT", "452 4.5.3 too many", DEFERRED, False),
        ("MAIL", "451 4.3.0 later", DEFERRED, False),
        ("DATA", "451 4.3.0 later", DEFERRED, False),
        ("DATA", "554 5.5.1 no valid recipients", REJECTED, False),
        ("MESSAGE", "451 4.7.1 later", DEFERRED, True),
        ("MESSAGE", "421 4.3.2 going down", DEFERRED, True),
        ("MESSAGE", "552 5.3.4 too big", REJECTED, True),
        ("MESSAGE", HANG_UP, UNKNOWN, True),
        ("MESSAGE", STALL, UNKNOWN, True),
        ("MESSAGE", "hello?", UNKNOWN, True),
        ("MESSAGE", "354 go on", UNKNOWN, True),
    ],
)  # fmt: skip
def test_what_becomes_of_a_message(offers, where, answer, outcome, started):
    timeouts = dataclasses.replace(IMPATIENT, end=0.2) if answer is STALL else IMPATIENT
    with (
        scripted_server(*offers, answers={where: answer}) as server,
        connected(server, timeouts=timeouts) as connection,
    ):
        reply, was_started = send(connection)
    assert (reply.outcome, was_started) == (outcome, started)
    if answer[:3].isdigit() and outcome is not UNKNOWN:
        assert f"{reply.code} {reply.text}" == answer


@PIPELINING
@pytest.mark.parametrize(
    ("where", "answer"),
    [
        ("MAIL", "421 4.7.0 too many connections"),
        ("RCPT", "421 4.3.2 going down"),
        ("DATA", "421 4.3.2 going down"),
        ("MAIL", HANG_UP),
        ("RCPT", HANG_UP),
        ("DATA", HANG_UP),
        ("RCPT", "hello?"),
        ("RCPT", "354 go on"),
        ("DATA", "250 already done"),
    ],
)
def test_a_line_that_breaks_before_the_message_is_lost(offers, where, answer):
    with scripted_server(*offers, answers={where: answer}) as server, connected(server) as connection:
        with pytest.raises(Lost):
            connection.send(TO_ADA, BODY, pytest.fail)
        with pytest.raises(Lost, match="closed"):
            connection.send(TO_ADA, BODY, pytest.fail)
    assert server.messages == []


def test_a_server_that_never_answers_is_lost():
    timeouts = dataclasses.replace(IMPATIENT, command=0.2)
    with (
        scripted_server(answers={"MAIL": STALL}) as server,
        connected(server, timeouts=timeouts) as connection,
        pytest.raises(Lost, match="timed out"),
    ):
        connection.send(TO_ADA, BODY, pytest.fail)


def test_half_a_message_is_no_message():
    """The end of it surely never left, so that it may be sent again."""
    body = [b"x" * 70 + b"\r\n"] * 200_000
    with scripted_server(answers={"BODY": HANG_UP}) as server, connected(server) as connection:
        reply, started = send(connection, body=body)
        assert (reply.outcome, reply.code, started) == (DEFERRED, 0, True)
        with pytest.raises(Lost):
            send(connection)


@PIPELINING
def test_after_a_refusal_the_next_message_goes_on_the_same_line(offers):
    answers = {"RCPT TO:<bob": "550 5.1.1 no such user", "MESSAGE": ["554 5.7.1 spam?", "250 ok"]}
    with scripted_server(*offers, answers=answers) as server, connected(server) as connection:
        outcomes = [send(connection, to)[0].outcome for to in (TO_BOB, TO_ADA, TO_BOB, TO_ADA)]
    assert outcomes == [REJECTED, REJECTED, REJECTED, ACCEPTED]
    assert server.connections == 1
    assert "RSET" in server.verbs


def test_a_server_that_waits_for_a_message_to_nobody_gets_an_empty_one():
    answers = {
        "RCPT TO:<bob": "550 5.1.1 no such user",
        "DATA": "354 go on",
        "MESSAGE": ["554 5.5.1 nobody", "250 ok"],
    }
    with scripted_server("PIPELINING", answers=answers) as server, connected(server) as connection:
        assert send(connection, TO_BOB) == (Reply(REJECTED, 550, "5.1.1 no such user"), False)
        assert send(connection, TO_ADA)[0].outcome is ACCEPTED
    assert server.messages == [b"", b"".join(BODY)]


def test_a_refusal_counts_though_the_server_hangs_up_after_it():
    answers = {"RCPT": "550 5.1.1 no such user", "DATA": HANG_UP}
    with scripted_server("PIPELINING", answers=answers) as server, connected(server) as connection:
        assert send(connection)[0].outcome is REJECTED


def test_nothing_is_sent_when_it_cannot_be_written_down_first():
    def refuse() -> None:
        raise FeedsError("the disk is full")

    with scripted_server() as server, connected(server) as connection:
        with pytest.raises(FeedsError, match="the disk is full"):
            connection.send(TO_ADA, BODY, refuse)
        with pytest.raises(Lost):
            send(connection)
    assert server.messages == []
    assert server.verbs[-1] == "DATA"


@PIPELINING
@pytest.mark.parametrize(
    ("where", "answer", "fault"),
    [
        ("MAIL", "550 5.7.1 not yours", "refuses the sender: 550 5.7.1 not yours"),
        ("MAIL", "530 5.7.0 authentication required", "wants a login"),
        ("RCPT", "530 5.7.0 authentication required", "wants a login"),
    ],
)
def test_what_would_happen_to_all_stops_the_run(offers, where, answer, fault):
    with (
        scripted_server(*offers, answers={where: answer}) as server,
        connected(server) as connection,
        pytest.raises(Fault, match=fault),
    ):
        connection.send(TO_ADA, BODY, pytest.fail)
    assert server.messages == []


def test_a_message_larger_than_the_server_takes():
    with (
        scripted_server("SIZE 20") as server,
        connected(server) as connection,
        pytest.raises(Fault, match=r"has 38 bytes; smtp://127\.0\.0\.1:\d+ takes at most 20"),
    ):
        connection.send(TO_ADA, BODY, pytest.fail)
    assert "MAIL" not in server.verbs


def test_no_address_and_no_control_character_of_an_answer_is_kept():
    answer = "550-5.1.1 <ada@navy.example> is unknown\r\n550 5.1.1 \x1b[31mask bob@navy.example"
    with scripted_server(answers={"RCPT": answer}) as server, connected(server) as connection:
        reply, _ = send(connection)
    assert reply.text == "5.1.1 <…> is unknown 5.1.1 \\x1b[31mask <…>"


# --- addresses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipient",
    ["ada@navy.example>\r\nRCPT TO:<eve@evil.example", "ada@navy.example\nDATA", "a b@navy.example", "ada", "a\0@b.example"],
)  # fmt: skip
def test_an_address_cannot_become_a_command(recipient):
    with scripted_server() as server, connected(server) as connection:
        reply, started = send(connection, Envelope("news@notes.example", recipient))
        assert (reply.outcome, started) == (REJECTED, False)
        with pytest.raises(Fault, match="sender cannot stand in a command"):
            connection.send(Envelope(recipient, "ada@navy.example"), BODY, pytest.fail)
    assert server.verbs == ["EHLO"]


def test_an_address_in_utf8_needs_a_server_that_takes_it():
    to = Envelope("news@notes.example", "jörg@notes.example")
    with scripted_server() as server, connected(server) as connection:
        reply, _ = send(connection, to)
    assert reply == Reply(REJECTED, 0, "the server takes only addresses in ASCII (no SMTPUTF8)")
    with scripted_server("8BITMIME", "SMTPUTF8") as server, connected(server) as connection:
        assert send(connection, to)[0].outcome is ACCEPTED
        send(connection)
    assert server.commands[1:3] == [
        "MAIL FROM:<news@notes.example> BODY=8BITMIME SMTPUTF8",
        "RCPT TO:<jörg@notes.example>",
    ]
    assert "MAIL FROM:<news@notes.example>" in server.commands


# --- encryption and logins ---------------------------------------------------------------------------------

LOGIN = {"FEEDS_SMTP_USER": "ada", "FEEDS_SMTP_PASSWORD": "pässword"}
TRUST = {"FEEDS_SMTP_CA_FILE": AUTHORITY}
PLAIN = "AUTH PLAIN " + base64.b64encode("\0ada\0pässword".encode()).decode()


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_an_encrypted_line_with_a_login(scheme):
    offers = ("STARTTLS", "AUTH LOGIN PLAIN")
    with (
        scripted_server(*offers, security=scheme) as server,
        connected(server, {**LOGIN, **TRUST}, scheme=scheme) as connection,
    ):
        assert send(connection)[0].outcome is ACCEPTED
    before = ["EHLO", "STARTTLS", "EHLO"] if scheme == "smtp+starttls" else ["EHLO"]
    assert server.verbs == [*before, "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
    assert server.commands[len(before)] == PLAIN


def test_a_login_in_two_steps():
    with (
        scripted_server("AUTH LOGIN", answers={"AUTH": "334 VXNlcm5hbWU6"}) as server,
        connected(server, LOGIN) as connection,
    ):
        assert send(connection)[0].outcome is ACCEPTED
    user, password = (base64.b64decode(command).decode() for command in server.commands[2:4])
    assert (user, password) == ("ada", "pässword")


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_that_nobody_vouches_for(scheme):
    with (
        scripted_server("STARTTLS", "AUTH PLAIN", security=scheme) as server,
        pytest.raises(Fault, match=r"certificate of .* cannot be trusted") as caught,
    ):
        SmtpConnection(server_of(server, LOGIN, scheme=scheme))
    assert "FEEDS_SMTP_CA_FILE" in caught.value.help
    assert "AUTH" not in server.verbs


def test_a_certificate_for_another_name():
    with scripted_server(security="smtps") as server:
        there = parse_server(f"smtps://127.1:{server.port}", TRUST, Path())
        with pytest.raises(Fault, match=r"cannot be trusted: .*127\.1"):
            SmtpConnection(dataclasses.replace(there, timeouts=IMPATIENT))


def test_a_server_that_no_longer_offers_to_encrypt():
    with scripted_server("AUTH PLAIN") as server, pytest.raises(Fault, match="does not offer STARTTLS"):
        SmtpConnection(server_of(server, {**LOGIN, **TRUST}, scheme="smtp+starttls"))
    assert server.verbs == ["EHLO"]


def test_what_is_said_in_clear_after_the_offer_is_forgotten():
    """An answer that somebody slips in ahead of the encryption must not count after it (RFC 3207, 4.2)."""
    slipped = "220 go ahead\r\n250-mail.example\r\n250 AUTH PLAIN"
    with (
        scripted_server("STARTTLS", answers={"STARTTLS": slipped}) as server,
        pytest.raises(Fault, match="offers no login that we know"),
    ):
        SmtpConnection(server_of(server, {**LOGIN, **TRUST}, scheme="smtp+starttls"))


def test_an_unencrypted_server_behind_an_encrypted_url():
    with scripted_server() as server, pytest.raises(Fault, match="no encrypted connection"):
        SmtpConnection(server_of(server, TRUST, scheme="smtps"))


@pytest.mark.parametrize(
    ("offers", "answers", "raised", "text"),
    [
        ("AUTH PLAIN", {"AUTH": "535 5.7.8 wrong password"}, Fault, "refuses the login: 535 5.7.8 wrong"),
        ("AUTH PLAIN", {"AUTH": "454 4.7.0 later"}, Lost, "454 4.7.0 later"),
        ("AUTH GSSAPI", {}, Fault, "offers no login that we know"),
        ("AUTH PLAIN", {"GREETING": "554 5.7.1 go away"}, Fault, "does not let us in: 554 5.7.1 go away"),
        ("AUTH PLAIN", {"GREETING": "421 4.7.0 busy"}, Lost, "421 4.7.0 busy"),
        ("AUTH PLAIN", {"GREETING": HANG_UP}, Lost, "closed"),
        ("AUTH PLAIN", {"EHLO": "421 4.7.0 busy"}, Lost, "421 4.7.0 busy"),
        ("AUTH PLAIN", {"EHLO": "550 no", "HELO": "550 no"}, Fault, "does not let us in: 550 no"),
    ],
)
def test_a_line_that_does_not_come_about(offers, answers, raised, text):
    with scripted_server(offers, answers=answers) as server, pytest.raises(raised, match=text) as caught:
        SmtpConnection(server_of(server, LOGIN))
    assert "pässword" not in str(caught.value)


def test_no_server_at_all():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Lost, match="refused"):
        SmtpTransport(Server("127.0.0.1", port, timeouts=IMPATIENT)).connect()
    with pytest.raises((Fault, Lost)):
        SmtpTransport(Server("nobody.invalid", port, timeouts=IMPATIENT)).connect()


@pytest.mark.parametrize(
    ("url", "environ", "message"),
    [
        ("smtp://mail.example", LOGIN, "the password would go to mail.example in clear"),
        ("smtp://localhost.evil.example", LOGIN, "in clear"),
        ("smtps://mail.example", {"FEEDS_SMTP_USER": "ada"}, "set FEEDS_SMTP_PASSWORD too"),
        ("smtps://mail.example", {"FEEDS_SMTP_PASSWORD": "x"}, "set FEEDS_SMTP_USER too"),
        ("smtps://mail.example", {**LOGIN, "FEEDS_SMTP_PASSWORD_FILE": "f"}, "there are two passwords"),
        ("smtps://mail.example", {"FEEDS_SMTP_PASSWORD_FILE": "none"}, "FEEDS_SMTP_PASSWORD_FILE: none"),
        ("smtps://mail.example", {"FEEDS_SMTP_CA_FILE": "none"}, "FEEDS_SMTP_CA_FILE: none"),
        ("smtps://mail.example", {"FEEDS_SMTP_CA_FILE": "not.pem"}, "FEEDS_SMTP_CA_FILE: not.pem"),
        ("smtp://ada:secret@mail.example", {}, "is no transport"),
        ("smtp://", {}, "is no transport"),
        ("smtp://mail.example:port", {}, "is no transport"),
        ("smtp+starttls://mail.example:465", {}, "all is encrypted from the first byte"),
        ("http://mail.example", {}, "is no transport"),
        ("", {}, "is no transport"),
    ],
)  # fmt: skip
def test_a_url_or_environment_that_cannot_work(url, environ, message, tmp_path):
    (tmp_path / "not.pem").write_text("no certificate\n")
    with pytest.raises(Fault) as caught:
        open_transport(url, environ, tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("smtp://localhost", "smtp://localhost:25"),
        ("smtps://mail.example", "smtps://mail.example:465"),
        ("smtp+starttls://mail.example", "smtp+starttls://mail.example:587"),
        ("smtp+starttls://mail.example:2525", "smtp+starttls://mail.example:2525"),
        ("smtp://[::1]:2525", "smtp://[::1]:2525"),
        ("smtp://bücher.example", "smtp://xn--bcher-kva.example:25"),
    ],
)
def test_how_a_server_is_called(url, name):
    assert open_transport(url, {}, Path()).name == name


def test_a_password_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("pässword\n", "utf-8")
    environ = {"FEEDS_SMTP_USER": "ada", "FEEDS_SMTP_PASSWORD_FILE": "secret"}
    server = parse_server("smtp://127.0.0.1", environ, tmp_path)
    assert server.password == "pässword"
    assert "pässword" not in repr(server)
    assert isinstance(parse_server("smtps://127.0.0.1", environ, tmp_path).tls, ssl.SSLContext)


# --- a server that is not ours -----------------------------------------------------------------------------


class Inbox:
    """Keeps what aiosmtpd hands over."""

    def __init__(self) -> None:
        self.mail: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mail.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


def test_another_server_gets_the_same():
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    try:
        connection = open_transport(f"smtp://127.0.0.1:{port}", {}, Path()).connect()
        for address in ("grace@navy.example", "jörg@notes.example"):
            recipient = make_recipient(address=address)
            variant = make_variant()
            reply, _ = send(connection, envelope(variant, recipient), message(variant, recipient))
            assert reply.outcome is ACCEPTED
        connection.close()
    finally:
        controller.stop()
    (_, first, data), (_, second, utf8) = inbox.mail
    assert (first, second) == (["grace@navy.example"], ["jörg@notes.example"])
    assert data == sent(make_variant())
    assert utf8 == sent(make_variant(), address="jörg@notes.example")
