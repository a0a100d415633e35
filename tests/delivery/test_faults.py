"""Nobody gets a letter twice, nobody is forgotten: a sender that is killed again and again, and servers that fail.

The sender is a program of its own, killed with SIGKILL; the servers are real and remember what they were given.
FEEDS_KILLS sets how often it is killed in the long form (200 for the whole bench), FEEDS_SEED repeats a run.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from ledgers import freeze_one, make_book
from servers import MailServer
from steps import addresses as addresses_of_step

from feeds.delivery.accounts import account, report
from feeds.delivery.book import open_book
from feeds.delivery.frozen import load_issues
from feeds.delivery.runlock import run_lock
from feeds.delivery.states import State

SENDER = Path(__file__).with_name("sender.py")
STEPS = Path(__file__).with_name("steps.py")
NO_KILL = sys.platform == "win32"
END_STATES = {State.ACCEPTED, State.DEFERRED, State.REJECTED, State.UNKNOWN}
MISFITS = ("greylisted", "busy", "hangup", "lost", "gone", "full", "unwanted", "tired")

pytestmark = pytest.mark.skipif(NO_KILL, reason="there is no SIGKILL here")


def addresses(count, misfits=2):
    """Mostly ordinary addresses, and some of each kind that something goes wrong with, well mixed."""
    odd = [f"{kind}-{number}@{kind}{number}.example" for kind in MISFITS for number in range(misfits)]
    odd.append("silent-0@silent.example")
    usual = [f"ok-{number}@host{number % 50}.example" for number in range(count - len(odd))]
    return random.Random(count).sample(usual + odd, count)


def new_ledger(path, people):
    with make_book(path, people) as book:
        freeze_one(book, frozen_at=time.time())
    return path


def start(ledger, port, *options):
    return subprocess.Popen(
        [sys.executable, str(SENDER), str(ledger), str(port), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(sender):
    """Its exit code and what it printed; a traceback is never among it."""
    out, err = sender.communicate(timeout=60)
    assert not err, err
    return sender.returncode, out


def run(ledger, port, *options):
    return finish(start(ledger, port, *options))


def kill(sender, server, chance, most=40):
    """Kill a sender at some instant, as it starts or after some letters; False when it was done before."""
    begun, letters = server.began.total(), chance.randint(0, most)
    if chance.random() < 0.1:
        time.sleep(chance.uniform(0, 0.3))
    else:
        while server.began.total() < begun + letters and sender.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.01))
    done = sender.poll() is not None
    sender.send_signal(signal.SIGKILL)
    sender.communicate(timeout=60)
    return not done


def lines_of(ledger):
    with open_book(ledger, create=False) as book:
        (issue,) = load_issues(book)
        return {line.address: line for line in report(book, issue)}


def wait_idle(server):
    deadline = time.monotonic() + 20
    while not server.idle() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.idle()


def check(ledger, server, people, kept=None):
    """What has to hold at the end: told against what the server remembers."""
    lines, kept = lines_of(ledger), server.kept if kept is None else kept
    assert sorted(lines) == sorted(people), "somebody was lost, or invented"
    assert not [address for address, count in kept.items() if count > 1], "somebody got it twice"
    for address, line in lines.items():
        assert line.state in END_STATES, (address, line)
        if line.state is State.ACCEPTED:
            assert kept[address] == 1, (address, line)
        elif line.state is State.UNKNOWN:
            assert server.began[address], (address, line)
        else:
            assert not kept[address], (address, line)
            assert (line.due is not None) == (line.state is State.DEFERRED), (address, line)
    return [address for address, line in lines.items() if line.state is State.UNKNOWN]


def bench(folder, recipients, kills, seed):
    """Send and kill, issue after issue, until that was done so often; what came out, in figures."""
    chance, figures, people = (
        random.Random(seed),
        dict.fromkeys(("kills", "issues", "letters", "unknown"), 0),
        addresses(recipients),
    )
    while figures["kills"] < kills:
        ledger = new_ledger(folder / f"{figures['issues']}.sqlite", people)
        with MailServer(patience=1.0) as server:
            while figures["kills"] < kills and kill(start(ledger, server.port), server, chance):
                figures["kills"] += 1
            code, out = run(ledger, server.port)
            assert code == 3, out  # some are put off until later
            assert json.loads(out)["problem"] is None
            wait_idle(server)
            unknown = check(ledger, server, people)
        figures["issues"] += 1
        figures["letters"] += server.kept.total()
        figures["unknown"] += len(unknown)
    # Each kill leaves no more in doubt than there are connections; the servers' own silence is the rest.
    assert figures["unknown"] <= 4 * figures["kills"] + 3 * figures["issues"]
    return figures


def seed():
    return os.environ.get("FEEDS_SEED") or str(random.randrange(10**9))


def test_a_sender_that_is_killed_sends_to_nobody_twice_and_forgets_nobody(tmp_path):
    chosen = seed()
    print("FEEDS_SEED", chosen)
    assert bench(tmp_path, recipients=400, kills=10, seed=chosen)["kills"] == 10


@pytest.mark.slow
def test_a_long_send_is_killed_many_times(tmp_path):
    chosen, kills = seed(), int(os.environ.get("FEEDS_KILLS", "60"))
    print("FEEDS_SEED", chosen)
    figures = bench(tmp_path, recipients=2000, kills=kills, seed=chosen)
    print(figures)
    assert figures["kills"] == kills


def kill_at_lines(folder, first, every):
    """Kill a send at some lines of its code, each in a ledger of its own; how many there were."""
    with MailServer() as server:
        done = subprocess.run(
            [sys.executable, str(STEPS), *map(str, (folder, server.port, first, every))],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        wait_idle(server)
        for number in range(int(done.stdout)):
            people = addresses_of_step(number)
            kept = {address: server.kept[address] for address in people}
            unknown = check(folder / f"{number}.sqlite", server, people, kept)
            assert len(unknown) <= 1 + 2, unknown  # the server that loses it, and one for each connection
    return int(done.stdout)


def test_it_may_be_killed_at_any_line_of_the_code(tmp_path):
    every = 211
    assert kill_at_lines(tmp_path, random.randrange(every), every) > 5


@pytest.mark.slow
def test_it_may_be_killed_at_every_line_of_the_code(tmp_path):
    every = int(os.environ.get("FEEDS_EVERY", "23"))
    lines = kill_at_lines(tmp_path, random.randrange(every), every)
    print(f"killed at {lines} lines")
    assert lines * every > 1000


def test_what_is_in_doubt_is_sent_again_only_when_asked_for(tmp_path):
    people = [f"lost-{number}@host.example" for number in range(5)]
    ledger = new_ledger(tmp_path / "ledger.sqlite", people)
    with MailServer() as server:
        assert run(ledger, server.port)[0] == 0
        assert {line.state for line in lines_of(ledger).values()} == {State.UNKNOWN}
        assert run(ledger, server.port)[0] == 0
        assert set(server.kept.values()) == {1}

        assert run(ledger, server.port, "retry")[0] == 0
    assert {line.state for line in lines_of(ledger).values()} == {State.ACCEPTED}
    assert set(server.kept.values()) == {2}


def test_two_senders_of_one_ledger_are_kept_apart(tmp_path):
    people = [f"ok-{number}@host.example" for number in range(100)]
    ledger = new_ledger(tmp_path / "ledger.sqlite", people)
    with MailServer() as server:
        with run_lock(ledger):
            code, out = run(ledger, server.port)
        assert code == 1
        assert "another send from this ledger is running" in out
        assert not server.connections
        assert run(ledger, server.port)[0] == 0
        assert check(ledger, server, people) == []


def test_a_sender_that_was_killed_keeps_no_other_out(tmp_path):
    people = [f"ok-{number}@host.example" for number in range(200)]
    ledger = new_ledger(tmp_path / "ledger.sqlite", people)
    with MailServer() as server:
        sender = start(ledger, server.port, "connections=1")
        while not server.kept:
            time.sleep(0.002)
        sender.kill()
        sender.communicate(timeout=60)
        assert run(ledger, server.port)[0] == 0
        wait_idle(server)
        assert len(check(ledger, server, people)) <= 1


def test_a_full_disk_stops_it_and_room_lets_it_go_on(tmp_path):
    people = addresses(400, misfits=1)
    ledger = new_ledger(tmp_path / "ledger.sqlite", people)
    with MailServer(patience=1.0) as server:
        code, out = run(ledger, server.port, "full=300000")
        assert code == 3
        problem = json.loads(out)["problem"]
        assert "ledger.sqlite" in problem
        assert "disk" in problem
        assert 0 < sum(server.kept.values()) < 380

        assert json.loads(run(ledger, server.port)[1])["problem"] is None
        wait_idle(server)
        assert len(check(ledger, server, people)) <= 4 + 2  # one for each connection, and two silent servers


def test_a_ledger_that_another_program_holds_stops_it(tmp_path):
    people = [f"ok-{number}@host.example" for number in range(400)]
    ledger = new_ledger(tmp_path / "ledger.sqlite", people)
    with MailServer() as server:
        with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            code, out = run(ledger, server.port, "wait=0.2")
            assert code == 1
            assert "another program is writing to this file" in out
            assert not server.began
            other.execute("ROLLBACK")

            sender = start(ledger, server.port, "wait=0.2")
            while not server.kept:
                time.sleep(0.002)
            other.execute("PRAGMA busy_timeout = 5000")
            other.execute("BEGIN IMMEDIATE")
            code, out = finish(sender)
            assert code == 3
            assert "another program is writing to this file" in json.loads(out)["problem"]
        assert run(ledger, server.port)[0] == 0
        assert len(check(ledger, server, people)) <= 4


@pytest.mark.parametrize("where", ["the whole", "the middle"])
def test_a_damaged_ledger_stops_it_before_the_first_letter(tmp_path, where):
    ledger = new_ledger(tmp_path / "ledger.sqlite", [f"ok-{number}@host.example" for number in range(900)])
    data = bytearray(ledger.read_bytes())
    start_at = 0 if where == "the whole" else 4096 * (len(data) // 8192)
    data[start_at : start_at + 20_000] = random.Random(1).randbytes(20_000)
    ledger.write_bytes(data)
    with MailServer() as server:
        code, out = run(ledger, server.port)
    assert code == 1
    assert "ledger.sqlite: this file is damaged" in out or "ledger.sqlite: this is no ledger" in out
    assert not server.began


def test_a_server_that_goes_away_stops_it_and_nobody_is_lost(tmp_path):
    people = [f"ok-{number}@host.example" for number in range(300)]
    ledger = new_ledger(tmp_path / "ledger.sqlite", people)
    with MailServer() as server:
        server.stop()
        time.sleep(0.05)
        code, out = run(ledger, server.port)
        assert code == 3
        assert "cannot be reached" in json.loads(out)["problem"]
        assert {line.state for line in lines_of(ledger).values()} == {State.PENDING}
        server.start()
        assert run(ledger, server.port)[0] == 0
        assert check(ledger, server, people) == []


def test_a_server_that_wants_fewer_connections_gets_fewer(tmp_path):
    people = [f"ok-{number}@host.example" for number in range(200)]
    ledger = new_ledger(tmp_path / "ledger.sqlite", people)
    with MailServer(at_most=2) as server:
        assert run(ledger, server.port, "connections=6")[0] == 0
        assert check(ledger, server, people) == []
    with open_book(ledger, create=False) as book:
        assert account(book, load_issues(book)[0]).counts[State.ACCEPTED] == 200
