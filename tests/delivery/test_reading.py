"""What comes back, from file to list; reading it twice changes nothing."""

import datetime as dt
import gzip

import pytest
from mail_samples import LETTER, complaint, delivery_report, mail, mbox, plain_bounce
from subscriber_samples import NOW, make_entry, make_list, put, statuses, subject, token

from feeds.delivery.optin import A_DAY, DAYS, Asker, Letterhead, expire
from feeds.delivery.reading import Reader
from feeds.delivery.subscribers import find, forget, reason_of
from feeds.delivery.transport import Lost, Outcome, Reply, open_transport
from feeds.delivery.weblog import target_pattern
from feeds.errors import FeedsError
from feeds.headers import parse_mailbox

ADA, BOB, ZOE = "ada@example.org", "bob@example.org", "zoe@example.net"
DAY = dt.timedelta(days=1)


class Desk:
    """A ledger with two subscribers, and somebody who reads what comes back to it."""

    def __init__(self, folder):
        self.folder = folder
        self.book, self.keys = make_list(folder, ADA, BOB)
        self.outbox = folder / "outbox"
        self.connect = open_transport(f"folder:{self.outbox}", {}, folder).connect
        self.findings = []

    def read(self, data, now=NOW, name="back", has_verp=False, asks=True):
        """What reading led to, how often."""
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        head = Letterhead(
            parse_mailbox("Notes <letters@notes.example>"),
            "letters@notes.example",
            "bounces+{token}@notes.example",
            lambda values: (
                f"Confirm your subscription to Notes ({values['token']})\n\nAnswer, or {values['link']}\n"
            ),
        )
        asker = Asker(self.book, self.keys, head, self.connect) if asks else None
        target = target_pattern("https://notes.example/unsubscribe?t={token}")
        self.findings.clear()
        reader = Reader(self.book, self.keys, now, self.findings.append, target, has_verp, asker)
        counts = reader.read(path, name)
        return {result.value: number for result, number in counts.items()}

    @property
    def statuses(self):
        return statuses(self.book)

    @property
    def questions(self):
        """The mails that were sent, the newest last."""
        paths = sorted(self.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_bytes().decode() for path in paths]

    @property
    def odd(self):
        return [str(finding).partition("\n")[0] for finding in self.findings]


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    with desk.book:
        yield desk


def token_in(question):
    return question.partition("(")[2].partition(")")[0]


# --- tokens ------------------------------------------------------------------------------------------------


def test_a_list_of_tokens(desk):
    ada = token(desk.keys)
    text = f"# from the form\n{ada}\n\nhttps://notes.example/unsubscribe?t={ada}\n{'a' * 40}\nhello\n"
    assert desk.read(text) == {"unsubscribed": 1, "not ours": 1, "not understood": 1}
    assert desk.statuses == {ADA: "unsubscribed", BOB: "active"}
    assert desk.odd == [
        "back:5: warning: this token is not one of this list",
        "back:6: warning: this line is not understood",
    ]
    assert desk.read(text) == {"known already": 1, "not ours": 1, "not understood": 1}


def test_the_token_of_somebody_forgotten_still_works(desk):
    ada = token(desk.keys)
    forget(desk.book, subject(desk.keys), NOW)
    assert desk.read(ada) == {"known already": 1}
    assert desk.read(token(desk.keys, "stranger@example.org")) == {"unsubscribed": 1}
    assert desk.statuses == {BOB: "active"}


# --- web logs ----------------------------------------------------------------------------------------------


def log(*requests, day="22/Nov/2026"):
    return "".join(
        f'192.0.2.7 - - [{day}:13:00:00 +0000] "{each} HTTP/1.1" 200 1 "-" "x"\n' for each in requests
    )


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_a_log(desk, pack):
    text = log(
        "GET /",
        f"GET /unsubscribe?t={token(desk.keys, BOB)}",
        f"POST /unsubscribe?t={token(desk.keys)}",
        f"POST /unsubscribe?t={token(desk.keys)}",
        f"POST /unsubscribe?t={'a' * 40}",
    )
    first = desk.read(pack(text + "what?\n"))
    assert first == {"unsubscribed": 1, "not ours": 1, "not understood": 1}
    assert desk.statuses == {ADA: "unsubscribed", BOB: "active"}
    assert desk.odd == [
        "back:5: warning: this token is not one of this list",
        "back:6: warning: this line is not understood",
    ]
    assert desk.read(pack(text)) == {"known already": 1, "not ours": 1}


def test_an_old_log_does_not_undo_a_new_consent(desk):
    text = log(f"POST /unsubscribe?t={token(desk.keys)}")
    assert desk.read(text) == {"unsubscribed": 1}
    later = NOW + 30 * DAY
    put(desk.book, desk.keys, make_entry(ADA, consent_at=later), now=later, resubscribe=True)
    assert desk.read(text, now=later) == {"known already": 1}
    assert desk.statuses[ADA] == "active"


def test_a_log_needs_an_address_to_look_for(desk):
    path = desk.folder / "access.log"
    path.write_text(log("GET /"))
    with pytest.raises(FeedsError, match="this is a web server's log"):
        Reader(desk.book, desk.keys, NOW, print).read(path, "access.log")


def test_damaged_or_missing_files_are_told(desk):
    with pytest.raises(FeedsError, match="cannot read this"):
        desk.read(gzip.compress(log("GET /").encode() * 5_000)[:-9] + b"\0" * 9)
    with pytest.raises(FeedsError, match="cannot read this"):
        Reader(desk.book, desk.keys, NOW, print).read(desk.folder / "none", "none")
    with pytest.raises(FeedsError, match="this is no mailbox, no web server's log"):
        desk.read("\x89PNG\r\n\x1a\n" + "hello\n" * 9)
    assert desk.read("") == {}


# --- mail --------------------------------------------------------------------------------------------------


def test_a_mailbox(desk):
    ours = LETTER.format(token=token(desk.keys))
    text = mbox(
        mail(Subject=f"unsubscribe {token(desk.keys, BOB)}", From="Bob <other@example.com>"),
        delivery_report("4.2.2", letter=ours, id="full", diagnostic="smtp; 452 4.2.2 full"),
        delivery_report("5.1.1", letter=ours, id="gone"),
        mail(Subject="Away until Monday", Auto_Submitted="auto-replied"),
        mail(Subject="I like your letters"),
    )
    first = desk.read(text)
    assert first == {"unsubscribed": 1, "came back": 1, "bounced": 1, "automatic": 1, "not understood": 1}
    assert desk.statuses == {ADA: "bounced", BOB: "unsubscribed"}
    assert desk.odd == [
        "back:96: warning: this is a mail that asks for nothing that is understood, from a…@e….org"
    ]
    assert desk.read(text) == {"read before": 5}


def test_a_mail_that_was_read_does_not_undo_a_new_consent(desk):
    text = mbox(mail(Subject="unsubscribe"))
    assert desk.read(text) == {"unsubscribed": 1}
    put(desk.book, desk.keys, make_entry(ADA), now=NOW + DAY, resubscribe=True)
    assert desk.read(text, now=NOW + 2 * DAY) == {"read before": 1}
    assert desk.statuses[ADA] == "active"


def test_who_writes_from_another_address_is_pointed_out(desk):
    leaving = mail(Subject="unsubscribe", From=ZOE)
    assert desk.read(mbox(leaving)) == {"not understood": 1}
    assert desk.odd == [
        "back:1: warning: this is a wish to unsubscribe, but not from an address that gets letters, "
        "from z…@e….net"
    ]
    assert reason_of(desk.book, subject(desk.keys, ZOE)) == ""
    forget(desk.book, subject(desk.keys), NOW)
    assert desk.read(mbox(mail(Subject="unsubscribe"))) == {"known already": 1}


def test_soft_bounces_add_up(desk):
    ours = LETTER.format(token=token(desk.keys))
    letters = [ours.replace("0123", f"000{number}") for number in range(4)]
    full = [
        delivery_report("5.2.2", letter=each, id=str(number), diagnostic="smtp; 552 5.2.2 mailbox full")
        for number, each in enumerate(letters)
    ]
    assert desk.read(mbox(*full[:3], full[0].replace("<0@", "<again@"))) == {"came back": 4}
    assert desk.statuses[ADA] == "active"
    assert desk.read(mbox(*full)) == {"read before": 3, "bounced": 1}
    assert desk.statuses[ADA] == "bounced"


def test_a_report_that_anybody_may_have_written_counts_little_or_nothing(desk):
    forged = [delivery_report("5.1.1", id=str(number)) for number in range(4)]
    assert desk.read(mbox(forged[0])) == {"came back": 1}
    assert desk.read(mbox(*forged[1:]), has_verp=True) == {"not understood": 3}
    assert desk.statuses[ADA] == "active"


def test_a_policy_is_about_the_sender(desk):
    ours = LETTER.format(token=token(desk.keys))
    report = delivery_report("5.7.1", letter=ours, diagnostic="smtp; 550 5.7.1 your network is blocked")
    assert desk.read(mbox(report)) == {"refused for their policy": 1}
    assert desk.statuses[ADA] == "active"
    assert "the server of a…@e….org refuses letters for its policy (5.7.1)" in desk.odd[0]


def test_a_bounce_of_no_standard_is_known_by_its_token(desk):
    assert desk.read(plain_bounce(LETTER.format(token=token(desk.keys))), name="a.eml") == {"bounced": 1}


def test_a_complaint_is_for_ever_unless_they_ask_themselves(desk):
    ours = LETTER.format(token=token(desk.keys))
    assert desk.read(mbox(complaint(letter=ours))) == {"complained": 1}
    assert desk.read(mbox(complaint(recipient=BOB, id="2"), complaint(id="3"))) == {
        "complained": 1,
        "not understood": 1,
    }
    assert desk.statuses == {ADA: "complained", BOB: "unsubscribed"}
    assert put(desk.book, desk.keys, make_entry(ADA), resubscribe=True)[0].value == "kept out"
    assert desk.read(mbox(mail(Subject="subscribe"))) == {"asked to confirm": 1}
    answer = mail(Subject=f"Re: Confirm ({token_in(desk.questions[0])})", Message_ID="<answer@example.org>")
    assert desk.read(mbox(answer)) == {"subscribed": 1}
    assert desk.statuses[ADA] == "active"


# --- subscribing by mail -----------------------------------------------------------------------------------


def ask(desk, sender=ZOE, now=NOW, id="<ask@example.net>", **headers):
    values = {"From": sender, "Subject": "subscribe", "Message_ID": id, **headers}
    return desk.read(mbox(mail(**values)), now=now)


def answer(desk, question, now=NOW, id="<answer@example.net>", **headers):
    title = f"Re: Confirm your subscription to Notes ({token_in(question)})"
    return desk.read(mbox(mail(**{"From": ZOE, "Subject": title, "Message_ID": id, **headers})), now=now)


def test_an_address_is_asked_and_then_on_the_list(desk):
    assert ask(desk) == {"asked to confirm": 1}
    assert desk.statuses[ZOE] == "pending"
    (question,) = desk.questions
    assert answer(desk, question, now=NOW + DAY) == {"subscribed": 1}
    person = find(desk.book, subject(desk.keys, ZOE))
    assert (person.status.value, person.consent_at) == ("active", NOW + DAY)
    assert (
        person.consent_how == "asked by mail on 2026-11-22, and confirmed by answering the question sent back"
    )


def test_the_question_is_a_plain_mail_that_no_program_answers(desk):
    ask(
        desk,
        sender='"Eve\\r\\nBcc: all@example.org <b>buy</b>" <zoe@example.net>',
        Subject="subscribe CHEAP PILLS",
    )
    (question,) = desk.questions
    head, _, body = question.partition("\r\n\r\n")
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    assert names == [
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Precedence",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]
    assert "To: zoe@example.net\r\n" in head
    assert "Auto-Submitted: auto-replied\r\n" in head
    assert not {"PILLS", "Bcc", "buy", "Eve"} & set(question.replace("<", " ").replace(">", " ").split())
    assert "mailto:letters@notes.example?subject=3Dconfirm%20" in body
    assert all(len(line) <= 78 for line in question.split("\r\n"))
    assert "\n" not in question.replace("\r\n", "")


def test_an_address_is_asked_once_a_day(desk):
    assert ask(desk) == {"asked to confirm": 1}
    assert ask(desk, id="<2@x>", now=NOW + DAY / 2) == {"known already": 1}
    assert ask(desk, id="<3@x>", now=NOW + DAY) == {"asked to confirm": 1}
    assert len(desk.questions) == 2


def test_there_is_an_end_to_the_questions_of_a_day(desk):
    with desk.book.write() as db:
        asked = [(f"somebody {number}", NOW.isoformat()) for number in range(A_DAY - 1)]
        db.executemany("INSERT INTO confirmations VALUES (?, ?)", asked)
    requests = [mail(From=f"reader{number}@example.net", Subject="subscribe") for number in range(3)]
    assert desk.read(mbox(*requests)) == {"asked to confirm": 1, "to be asked later": 2}
    assert desk.read(mbox(*requests), now=NOW + DAY) == {"read before": 1, "asked to confirm": 2}


def test_who_is_on_the_list_is_not_asked(desk):
    assert ask(desk, sender=ADA) == {"known already": 1}
    assert desk.questions == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@example.net"},
        {"Precedence": "list"},
        {"List_Id": "<x.example>"},
    ],
)
def test_programs_are_not_answered(desk, headers):
    assert ask(desk, **headers) == {"automatic": 1}
    assert desk.questions == []


def test_an_answering_machine_does_not_confirm(desk):
    ask(desk)
    (question,) = desk.questions
    assert answer(desk, question, Auto_Submitted="auto-replied") == {"automatic": 1}
    title = f"Automatic reply: Confirm your subscription to Notes ({token_in(question)})"
    assert answer(desk, question, Subject=title, id="<2@x>") == {"not understood": 1}
    assert desk.statuses[ZOE] == "pending"


def test_an_answer_counts_once(desk):
    ask(desk)
    (question,) = desk.questions
    assert answer(desk, question) == {"subscribed": 1}
    assert desk.read(mbox(mail(From=ZOE, Subject="unsubscribe"))) == {"unsubscribed": 1}
    assert answer(desk, question) == {"read before": 1}
    assert answer(desk, question, id="<replayed@x>") == {"known already": 1}
    assert desk.statuses[ZOE] == "unsubscribed"


def test_a_token_of_another_purpose_or_hand_confirms_nothing(desk):
    ask(desk)
    for number, purpose in enumerate(("unsubscribe", "bounce")):
        title = f"Re: Confirm ({token(desk.keys, ZOE, purpose)})"
        desk.read(mbox(mail(From=ZOE, Subject=title, Message_ID=f"<{number}@x>")))
    assert desk.statuses[ZOE] != "active"


def test_questions_that_nobody_answers_are_forgotten(desk):
    ask(desk)
    (question,) = desk.questions
    assert expire(desk.book, NOW + DAYS * DAY) == 0
    later = NOW + (DAYS + 1) * DAY
    assert answer(desk, question, now=later) == {"known already": 1}
    assert expire(desk.book, later) == 1
    assert ZOE not in desk.statuses


def test_who_unsubscribed_may_ask_again_and_stays_off_until_the_answer(desk):
    desk.read(mbox(mail(Subject="unsubscribe")))
    assert ask(desk, sender=ADA) == {"asked to confirm": 1}
    assert desk.statuses[ADA] == "unsubscribed"
    assert answer(desk, desk.questions[0]) == {"subscribed": 1}
    assert desk.statuses[ADA] == "active"
    assert reason_of(desk.book, subject(desk.keys)) == ""


def test_without_a_transport_the_request_waits(desk):
    text = mbox(mail(From=ZOE, Subject="subscribe"))
    assert desk.read(text, asks=False) == {"to be asked later": 1}
    assert desk.read(text) == {"asked to confirm": 1}


def test_addresses_that_cannot_be_asked_are_told(desk):
    assert ask(desk, sender="Zoë@example.net") == {"not understood": 1}
    assert desk.odd == ["back:1: warning: Z…@e….net wants to subscribe: cannot be asked"]


class Broken:
    """A line that ends in a given way."""

    def __init__(self, end):
        self.end = end

    def send(self, envelope, chunks, before_data):
        if isinstance(self.end, Exception):
            raise self.end
        return Reply(self.end, 0, "no")

    def close(self):
        """Nothing is open."""


@pytest.mark.parametrize(
    ("end", "result"),
    [
        (Lost(), "to be asked later"),
        (Outcome.DEFERRED, "to be asked later"),
        (Outcome.REJECTED, "not understood"),
        (Outcome.UNKNOWN, "asked to confirm"),
    ],
)
def test_a_question_that_does_not_leave_is_asked_again_or_given_up(desk, end, result):
    working, desk.connect = desk.connect, lambda: Broken(end)
    assert ask(desk) == {result: 1}
    desk.connect = working
    again = ask(desk)
    assert again == ({"asked to confirm": 1} if result == "to be asked later" else {"read before": 1})
    assert (ZOE in desk.statuses) == (result != "not understood")


def test_a_fault_of_ours_stops_and_the_request_waits(desk):
    working, desk.connect = desk.connect, lambda: Broken(FeedsError("the login was refused"))
    with pytest.raises(FeedsError, match="the login was refused"):
        ask(desk)
    desk.connect = working
    assert ask(desk) == {"asked to confirm": 1}
