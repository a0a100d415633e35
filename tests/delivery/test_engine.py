"""A send from the first claim to the last record, over real connections to a real server."""

import threading
import time
from dataclasses import replace

import pytest
from ledgers import NOW, freeze_one, make_book
from sender import TERMS, TIMEOUTS, RealClock, make, send
from servers import MailServer

from feeds.delivery.accounts import report
from feeds.delivery.book import open_book
from feeds.delivery.engine import send_issue
from feeds.delivery.frozen import load_issues
from feeds.delivery.rates import Rates
from feeds.delivery.server import Server
from feeds.delivery.smtp import SmtpTransport
from feeds.delivery.states import State
from feeds.delivery.transport import Envelope
from feeds.delivery.workers import RECONNECTS
from feeds.errors import FeedsError

ONE_LINE = replace(TERMS, connections=1)


class LeapingClock:
    """Time that passes only when somebody waits; with one connection all is as with a real one, but faster."""

    def __init__(self, now=NOW):
        self._now, self._lock = now, threading.Lock()

    def now(self):
        with self._lock:
            return self._now

    def sleep(self, seconds):
        with self._lock:
            self._now += seconds


class Desk:
    """A ledger with an issue, and a server to send it to."""

    def __init__(self, path, server):
        self.path, self.server = path, server

    def freeze(self, *people, **values):
        with make_book(self.path, people) as book:
            freeze_one(book, **values)

    def send(self, terms=ONE_LINE, clock=None, **others):
        with open_book(self.path, create=False) as book:
            (issue,) = load_issues(book)
            values = {"boot": "this boot", "stop": threading.Event(), "make": make, **others}
            transport = values.pop("transport", None) or SmtpTransport(
                Server("127.0.0.1", self.server.port, timeouts=TIMEOUTS)
            )
            return send_issue(
                *(book, issue, transport, values.pop("make"), terms), clock=clock or LeapingClock(), **values
            )

    def lines(self):
        with open_book(self.path, create=False) as book:
            return {line.address: line for line in report(book, load_issues(book)[0])}

    def states(self):
        return {address: line.state for address, line in self.lines().items()}

    def ask(self, sql):
        with open_book(self.path, create=False) as book:
            return list(book.rows(sql))


@pytest.fixture
def desk(tmp_path):
    with MailServer() as server:
        yield Desk(tmp_path / "ledger.sqlite", server)


def people(kind, count, domain="host"):
    return [f"{kind}-{number}@{domain}.example" for number in range(count)]


# --- what an ordinary send does ----------------------------------------------------------------------------


def test_everybody_gets_their_own_letter_once(desk):
    desk.freeze(*people("ok", 120))
    told = []
    summary = desk.send(TERMS, RealClock(), progress=told.append)
    assert {progress.waits_until for progress in told} == {None}
    assert summary.accepted == 120
    assert summary.problem is None
    assert not summary.interrupted
    assert summary.account.counts[State.ACCEPTED] == summary.account.total == 120
    assert summary.account.waiting == 0
    assert desk.server.kept == dict.fromkeys(people("ok", 120), 1)
    assert desk.server.messages["ok-7@host.example"].startswith(
        b"To: ok-7@host.example\r\nSubject: News\r\n\r\n"
    )
    assert 1 <= desk.server.connections <= 8
    assert told[-1].counts[State.PENDING] + told[-1].counts[State.ACCEPTED] == 120


def test_a_second_send_sends_nothing(desk):
    desk.freeze(*people("ok", 5))
    desk.send()
    assert desk.send().accepted == 0
    assert set(desk.server.kept.values()) == {1}


def test_an_issue_without_recipients_is_done(desk):
    desk.freeze()
    assert desk.send().account.total == 0
    assert not desk.server.connections


def test_the_answers_of_servers_are_recorded(desk):
    desk.freeze(
        "ok-1@a.example", "gone-1@b.example", "full-1@c.example", "unwanted-1@d.example", "lost-1@e.example"
    )
    summary = desk.send()
    assert summary.problem is None
    assert {address: (line.state, line.code, line.reply) for address, line in desk.lines().items()} == {
        "ok-1@a.example": (State.ACCEPTED, 250, "2.0.0 taken"),
        "gone-1@b.example": (State.REJECTED, 550, "5.1.1 no such mailbox"),
        "full-1@c.example": (State.REJECTED, 552, "5.2.2 mailbox full"),
        "unwanted-1@d.example": (State.REJECTED, 554, "5.7.1 we do not want this"),
        "lost-1@e.example": (
            State.UNKNOWN,
            0,
            "no answer came to the message: Connection unexpectedly closed",
        ),
    }
    assert desk.ask("SELECT address, status FROM subscribers WHERE status != 'active'") == [
        ("gone-1@b.example", "bounced")
    ]


# --- later -------------------------------------------------------------------------------------------------


def test_a_greylisted_letter_comes_back_within_the_run(desk):
    desk.freeze("greylisted-1@a.example", "busy-1@b.example", "ok-1@c.example")
    clock = LeapingClock()
    summary = desk.send(replace(ONE_LINE, patience=900), clock)
    assert set(desk.states().values()) == {State.ACCEPTED}
    assert summary.account.waiting == 0
    assert 45 <= clock.now() - NOW <= 80


def test_a_run_has_only_so_much_patience_and_says_when_the_next_is_due(desk):
    desk.freeze("tired-1@a.example", "ok-1@c.example")
    clock = LeapingClock()
    summary = desk.send(replace(ONE_LINE, patience=600), clock, chance=lambda: 0.5)
    assert desk.states()["tired-1@a.example"] is State.DEFERRED
    assert desk.lines()["tired-1@a.example"].attempts == 4
    assert clock.now() - NOW == pytest.approx(60 + 120 + 240, abs=1)
    assert summary.account.next_at == pytest.approx(NOW + 60 + 120 + 240 + 480, abs=1)
    assert summary.account.waiting == 1
    assert summary.problem is None

    assert desk.send(clock=clock).accepted == 0  # too early
    assert desk.lines()["tired-1@a.example"].attempts == 4


def test_after_two_days_it_is_given_up(desk):
    desk.freeze("tired-1@a.example")
    clock = LeapingClock()
    while (next_at := desk.send(clock=clock).account.next_at) is not None:
        clock.sleep(next_at - clock.now())
    line = desk.lines()["tired-1@a.example"]
    assert line.state is State.REJECTED
    assert line.reply == f"4.2.1 not now (given up after {line.attempts} attempts)"
    assert 40 * 3600 < clock.now() - NOW < 48 * 3600
    assert desk.ask("SELECT status FROM subscribers") == [("active",)]


def test_where_all_are_put_off_it_does_not_hammer(desk):
    desk.freeze(*people("tired", 400))
    clock = LeapingClock()
    summary = desk.send(replace(ONE_LINE, patience=900), clock)
    assert str(summary.problem).startswith("450 4.2.1 not now: the server puts every letter off")
    assert clock.now() - NOW > 300
    tried = sum(line.attempts for line in desk.lines().values())
    assert tried < 320
    assert set(desk.states().values()) == {State.DEFERRED, State.PENDING}


def test_a_stale_issue_is_not_sent(desk):
    desk.freeze(*people("ok", 3), hours=1)
    summary = desk.send(clock=LeapingClock(NOW + 3601))
    assert summary.account.counts[State.EXPIRED] == 3
    assert not desk.server.connections or not desk.server.began


# --- limits ------------------------------------------------------------------------------------------------


def sent_at(desk):
    return sorted(line.at for line in desk.lines().values() if line.state is State.ACCEPTED)


def most_in(seconds, instants):
    return max(sum(first <= one < first + seconds for one in instants) for first in instants)


def test_no_second_has_more_than_its_limit(desk):
    desk.freeze(*people("ok", 40))
    clock = LeapingClock()
    desk.send(replace(ONE_LINE, rates=Rates(per_second=5)), clock)
    assert most_in(0.999, sent_at(desk)) <= 5
    assert clock.now() - NOW == pytest.approx(8, abs=0.5)


def test_no_hour_has_more_than_its_limit_and_a_restart_changes_nothing(desk):
    desk.freeze(*people("ok", 25))
    clock, stop = LeapingClock(), threading.Event()
    terms = replace(ONE_LINE, rates=Rates(per_hour=10))
    desk.send(terms, clock, stop=stop, progress=lambda told: told.accepted >= 7 and stop.set())
    assert 7 <= len(sent_at(desk)) <= 10
    told = []
    desk.send(terms, clock, progress=told.append)
    assert max(progress.waits_until or 0 for progress in told) > NOW + 3600
    assert len(sent_at(desk)) == 25
    assert most_in(3600, sent_at(desk)) == 10


def test_one_domain_is_spared_while_others_go_on(desk):
    desk.freeze(*people("ok", 12, "big"), *people("ok", 4, "small"))
    desk.send(replace(ONE_LINE, rates=Rates(per_domain=5)))
    lines = desk.lines()
    assert len(sent_at(desk)) == 16
    big = sorted(lines[address].at for address in people("ok", 12, "big"))
    assert most_in(3600, big) == 5
    assert max(lines[address].at for address in people("ok", 4, "small")) < NOW + 60


# --- while it goes on --------------------------------------------------------------------------------------


def test_ctrl_c_finishes_what_is_in_hand_and_the_next_run_the_rest(desk):
    desk.freeze(*people("ok", 200))
    stop = threading.Event()
    summary = desk.send(
        TERMS, RealClock(), stop=stop, progress=lambda told: told.accepted >= 20 and stop.set()
    )
    counts = summary.account.counts
    assert summary.interrupted
    assert summary.problem is None
    assert 20 <= counts[State.ACCEPTED] < 200
    assert counts[State.ACCEPTED] + counts[State.PENDING] == 200
    assert desk.ask("SELECT end FROM runs") == [("stopped",)]

    assert desk.send(TERMS, RealClock()).account.counts[State.ACCEPTED] == 200
    assert desk.server.kept == dict.fromkeys(people("ok", 200), 1)


def test_who_unsubscribes_or_is_forgotten_during_a_send_gets_nothing(desk):
    desk.freeze(*people("ok", 60))
    done = []

    def unsubscribe(progress):
        if not done:
            done.append(True)
            with open_book(desk.path, create=False) as other:
                other.change("UPDATE subscribers SET status = 'unsubscribed' WHERE id = 58")
                other.change(
                    "INSERT INTO suppressions VALUES ('subject of ok-58@host.example', 'forgotten', '')"
                )
                other.change("DELETE FROM subscribers WHERE id = 60")

    summary = desk.send(replace(ONE_LINE, block=5), progress=unsubscribe)
    assert summary.account.counts[State.SUPPRESSED] == 3
    assert set(people("ok", 60)) - set(desk.server.kept) == {
        f"ok-{number}@host.example" for number in (57, 58, 59)
    }


def test_an_exception_while_it_is_told_leaves_the_ledger_in_order(desk):
    desk.freeze(*people("ok", 50))

    def fail(progress):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        desk.send(progress=fail)
    assert set(desk.states().values()) <= {State.PENDING, State.ACCEPTED}
    assert desk.send().account.counts[State.ACCEPTED] == 50
    assert set(desk.server.kept.values()) == {1}


def test_a_server_that_was_never_there_is_given_up_soon(desk):
    desk.freeze(*people("ok", 3))
    desk.server.stop()
    clock = LeapingClock()
    summary = desk.send(replace(ONE_LINE, reconnects=RECONNECTS), clock)
    assert f"smtp://127.0.0.1:{desk.server.port} cannot be reached: " in str(summary.problem)
    assert clock.now() - NOW == pytest.approx(7, abs=0.1)
    assert set(desk.states().values()) == {State.PENDING}


# --- whose fault it is -------------------------------------------------------------------------------------


def test_a_sender_that_is_refused_stops_the_run_and_nobody_is_written_off(desk):
    desk.freeze(*people("ok", 30))
    summary = desk.send(
        make=lambda addressee: (Envelope("refused-us@site.example", addressee.address), (b"a",))
    )
    assert "the mail server refuses the sender: 550 5.7.1 sender not allowed" in str(summary.problem)
    assert set(desk.states().values()) == {State.PENDING}
    assert len(desk.server.began) == 0


def test_one_refusal_for_all_stops_the_run_and_is_taken_back(desk):
    desk.freeze(*people("refused", 60))
    summary = desk.send(TERMS, RealClock())
    assert "550 5.7.1 sender not allowed: the last" in str(summary.problem)
    assert "about the sender" in str(summary.problem)
    assert set(desk.states().values()) == {State.PENDING}
    assert desk.ask("SELECT count(*) FROM subscribers WHERE status = 'active'") == [(60,)]


def test_the_last_two_of_a_long_list_may_be_refused_alike(desk):
    desk.freeze(*people("ok", 3), *people("refused", 2))
    desk.send(replace(ONE_LINE, block=3), stop=(stop := threading.Event()), progress=lambda told: stop.set())
    assert desk.send().problem is None
    assert list(desk.states().values()) == [State.ACCEPTED] * 3 + [State.REJECTED] * 2


def test_even_a_short_list_is_not_written_off_for_a_fault_of_ours(desk):
    desk.freeze(*people("refused", 3))
    assert "about the sender" in str(desk.send().problem)
    assert set(desk.states().values()) == {State.PENDING}


def test_a_server_that_never_answers_does_not_put_everybody_in_doubt(desk):
    desk.freeze(*people("ok", 2), *people("lost", 30))
    summary = desk.send()
    assert "Connection unexpectedly closed: so it went with the last 4 letters" in str(summary.problem)
    assert summary.account.counts[State.UNKNOWN] == 4
    assert summary.account.counts[State.PENDING] == 26
    assert desk.send().account.counts[State.UNKNOWN] == 8


def test_many_dead_addresses_in_a_row_are_dead_once_the_server_takes_others(desk):
    desk.freeze("ok-1@a.example", *people("gone", 40), "ok-2@a.example")
    summary = desk.send()
    assert summary.problem is None
    assert summary.account.counts[State.REJECTED] == 40
    assert desk.ask("SELECT count(*) FROM suppressions WHERE reason = 'bounced'") == [(40,)]


def test_a_server_that_knows_nobody_is_the_wrong_one(desk):
    desk.freeze(*people("gone", 40))
    assert "5.1.1" in str(desk.send().problem)
    assert set(desk.states().values()) == {State.PENDING}
    assert desk.ask("SELECT count(*) FROM suppressions") == [(0,)]


def test_a_message_that_cannot_be_made_refuses_that_recipient_only(desk):
    desk.freeze(*people("ok", 5))

    def choosy(addressee):
        if addressee.number == 3:
            raise FeedsError("this address cannot be written in a header")
        return make(addressee)

    summary = desk.send(make=choosy)
    assert summary.account.counts[State.ACCEPTED] == 4
    line = desk.lines()["ok-2@host.example"]
    assert (line.state, line.reply) == (State.REJECTED, "this address cannot be written in a header")


class Broken:
    """A transport with a mistake in it, before or after the message has left."""

    name = "broken"

    def __init__(self, after_data):
        self._after_data = after_data

    def connect(self):
        return self

    def send(self, envelope, chunks, before_data):
        if self._after_data:
            before_data()
        raise ZeroDivisionError

    def close(self):
        pass


@pytest.mark.parametrize(("after_data", "state"), [(False, State.PENDING), (True, State.UNKNOWN)])
def test_a_mistake_in_a_transport_is_not_hidden_and_nothing_is_claimed_to_be_known(desk, after_data, state):
    desk.freeze("ok-1@host.example")
    with pytest.raises(ZeroDivisionError):
        desk.send(transport=Broken(after_data))
    assert desk.states() == {"ok-1@host.example": state}


def test_the_rate_of_a_real_clock_is_kept_over_several_connections(desk):
    desk.freeze(*people("ok", 12))
    began = time.monotonic()
    desk.send(replace(TERMS, rates=Rates(per_second=20)), RealClock())
    assert time.monotonic() - began >= 12 / 20
    assert len(sent_at(desk)) == 12


def test_the_sender_of_the_fault_bench_is_this_engine(desk):
    desk.freeze(*people("ok", 3), frozen_at=time.time())
    assert send(desk.path, desk.server.port).accepted == 3
