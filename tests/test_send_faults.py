"""`feeds send` among people who err and machines that fail: no letter too many, none lost, and plain words."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest
from delivery.servers import MailServer
from projects import CHECKOUT, post, run_here
from test_send import DECEMBER, NOVEMBER, POSTS, SETTINGS, Newsroom

from feeds.cli import send
from feeds.cli.meter import Meter
from feeds.delivery.engine import Progress

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals there")
EACH = SETTINGS.replace("[newsletter]", '[newsletter]\nperiod = "post"')


@pytest.fixture
def newsroom(tmp_path):
    room = Newsroom(tmp_path)
    room.subscribe("ada@a.example", "bob@b.example")
    return room


def rewrite(room, name, *changes):
    path = room.root / "content/posts" / name
    text = path.read_text("utf-8")
    for was, instead in changes:
        assert was in text
        text = text.replace(was, instead)
    path.write_text(text, "utf-8")
    return path


def change_ledger(room, sql, *values):
    with closing(sqlite3.connect(room.ledger, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(sql, values)


# --- nobody gets a post twice unasked ----------------------------------------------------------------------


def test_a_post_that_has_another_file_address_and_day_is_still_the_one_that_went_out(newsroom):
    newsroom.start()
    path = rewrite(newsroom, "bread.md", ("date: 2026-10-20", "date: 2026-11-20\nslug: loaf"))
    path.rename(path.with_name("loaf.md"))
    plan = newsroom.send(now=DECEMBER)
    assert "  left out    'Rye': sent in an earlier issue\n" in plan.stdout
    assert "  posts       1 post, " in plan.stdout


def test_a_new_post_is_sent_though_it_says_what_an_older_one_does(newsroom):
    newsroom.start()
    twin = newsroom.root / "content/posts/rye-again.md"
    twin.write_text(POSTS["bread.md"].replace("2026-10-20", "2026-11-20"), "utf-8")
    newsroom.send("--yes", now=DECEMBER)
    assert newsroom.letters["ada@a.example"] == [
        "Rye + 1 more (November 2026)",
        "Rye + 1 more (October 2026)",
    ]


def test_one_mail_a_post_sends_no_post_again_that_was_renamed(tmp_path):
    room = Newsroom(tmp_path, settings=EACH)
    room.subscribe("ada@a.example")
    room.start()
    path = rewrite(room, "late.md", ("date: 2026-11-03", "date: 2026-11-03\nslug: porridge"))
    path.rename(path.with_name("porridge.md"))
    assert room.send("--yes").stdout == "nothing to send: every post has gone out\n"


def test_the_file_of_an_issue_that_gets_another_name_goes_out_only_by_that_name(newsroom):
    folder = newsroom.root / "content/newsletter"
    folder.mkdir()
    text = "---\nsubject: News\ndate: 2026-11-05\nposts: [content/posts/late.md]\n---\n"
    (folder / "oats.md").write_text(text, "utf-8")
    newsroom.start()
    (folder / "oats.md").rename(folder / "porridge.md")
    (folder / "porridge.md").write_text(text.replace("News", "Other news"), "utf-8")
    assert newsroom.send("--yes").stdout == (
        "nothing to send: every post of porridge went out in an earlier issue; "
        "to send it again: feeds send porridge --yes\n"
    )
    assert newsroom.send("porridge", "--yes").stdout == "porridge: 2 accepted\n"


def test_a_test_to_nobody_does_not_go_to_everybody(newsroom):
    done = newsroom.send("--yes", "--first-run", "--test", "")
    assert done.returncode == 2
    assert not newsroom.out.exists()


def test_an_issue_without_a_name_is_not_the_next_one(newsroom):
    done = newsroom.send("", "--yes", "--first-run")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "the issue has no name")
    assert not newsroom.out.exists()


def test_an_issue_named_by_the_file_of_its_post_goes_on(tmp_path):
    room = Newsroom(tmp_path, settings=EACH)
    room.subscribe("ada@a.example")
    for _ in range(2):
        done = room.send("content/posts/late.md", "--yes", "--first-run")
        assert (done.returncode, done.stdout.partition(": ")[2]) == (0, "1 accepted\n"), done.stderr
    assert room.letters == {"ada@a.example": ["Oats"]}


# --- nobody is forgotten -----------------------------------------------------------------------------------


def test_a_post_that_is_called_as_one_before_does_not_stop_those_after_it(tmp_path):
    posts = {f"{day}.md": post(f"# Weeknotes\n\nOf day {day}.\n", date=f"2026-10-{day}") for day in (11, 18)}
    room = Newsroom(tmp_path, posts, EACH)
    room.subscribe("ada@a.example")
    room.start(now="2026-10-12")
    done = room.send("--yes")
    assert (done.returncode, done.stderr.count("had the same subject: 'Weeknotes'")) == (0, 1)
    assert room.letters == {"ada@a.example": ["Weeknotes", "Weeknotes"]}


def test_an_issue_waits_for_the_first_subscriber(tmp_path):
    room = Newsroom(tmp_path)
    room.subscribe("ada@a.example")
    room.call("subscribers", "remove", "ada@a.example")
    done = room.send("--yes", "--first-run")
    assert done.returncode == 0
    assert done.stdout.startswith("nothing to send: 2026-10 waits for the first subscriber")
    room.subscribe("bob@b.example")
    room.start()
    assert list(room.letters) == ["bob@b.example"]


def test_who_follows_what_no_post_has_is_pointed_out(newsroom):
    newsroom.subscribe("cy@c.example", "di@d.example", categories=("Mapz",))
    newsroom.subscribe("ed@e.example", categories=("maps",))
    plan = newsroom.send()
    assert "  no letter   2, following nothing that is in it\n" in plan.stdout
    assert plan.stderr.startswith(
        "warning: 2 subscribers follow nothing but categories that no post has, and would get no letter: "
        "'Mapz'"
    )


def test_an_old_issue_in_doubt_does_not_keep_a_new_one_waiting(newsroom):
    newsroom.start()
    change_ledger(newsroom, "UPDATE deliveries SET state = 'unknown'")
    change_ledger(newsroom, "UPDATE issues SET expires_at = 1")
    assert newsroom.send("--yes", "--retry-unknown", now=DECEMBER).stdout == "2026-11: 2 accepted\n"


def test_an_issue_that_was_cut_off_and_became_too_old_is_closed(newsroom):
    newsroom.start()
    change_ledger(
        newsroom, "UPDATE deliveries SET state = iif(subscriber = 1, 'claimed', 'sending'), due = NULL"
    )
    change_ledger(newsroom, "UPDATE issues SET expires_at = 1")
    done = newsroom.send("--yes", now=DECEMBER)
    assert "the issue 2026-10 was not sent to 2 of 2 in time" in done.stderr
    states = json.loads(newsroom.send("2026-10", "--status", "--json").stdout)["issue"]
    assert (states["claimed"], states["sending"]) == (0, 0)
    assert states["expired"] + states["unknown"] == 2
    assert newsroom.send("--yes", now=DECEMBER).stderr == ""


# --- what is told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "code"), [("report.txt", 2), ("no/report.csv", 1), ("", 2)])
def test_a_report_that_cannot_be_written_stops_it_before_the_first_letter(newsroom, tmp_path, name, code):
    done = newsroom.send("--yes", "--first-run", "--report", str(tmp_path / name))
    assert done.returncode == code
    assert not newsroom.out.exists()


def test_as_json_a_check_that_failed_is_named(tmp_path):
    room = Newsroom(tmp_path, settings=SETTINGS.replace('address = "1 Lane, Town"', ""))
    room.subscribe("ada@a.example")
    done = room.send("--yes", "--first-run", "--json")
    assert done.returncode == 1
    found = [each["rule"] for each in json.loads(done.stdout)["findings"] if each["severity"] == "error"]
    assert found == ["no-postal-address", "preflight"]


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("UPDATE issues SET details = ?", '{"posts'),
        ("UPDATE issues SET details = ?", '{"posts": [7]}'),
        ("UPDATE deliveries SET state = ?", "acceptes"),
        ("UPDATE deliveries SET state = CAST(? AS TEXT)", b"acc\xffpted"),
        ("UPDATE subscribers SET categories = ?", '["Maps'),
        ("ALTER TABLE subscribers RENAME COLUMN categories TO ?", None),
    ],
)
def test_a_damaged_ledger_is_told_from_a_mistake_of_ours(newsroom, sql, value):
    newsroom.start()
    values = () if value is None else (value,)
    change_ledger(newsroom, sql.replace("TO ?", "TO cats"), *values)
    done = newsroom.send(now=DECEMBER)
    assert done.returncode == 1
    assert "damaged" in done.stderr or "has not the tables" in done.stderr


def test_a_home_that_nobody_has_is_told(newsroom):
    settings = newsroom.root / "feeds.toml"
    settings.write_text(f'{SETTINGS}ledger = "~nobody-of-that-name/x.sqlite"\n', "utf-8")
    done = run_here(["send"], newsroom.root)
    assert done.returncode == 1
    assert "there is no home folder" in done.stderr


def test_a_post_may_be_about_the_fields_of_other_programs_and_a_template_may_not_have_them(tmp_path):
    about = {
        "tags.md": post("# TODO: *|UNSUB|* and %%unsubscribe%%\n\nWrite *|UNSUB|*.\n", date="2026-10-05")
    }
    room = Newsroom(tmp_path, about, SETTINGS.replace("[newsletter]", '[newsletter]\ntemplates = "look"'))
    room.subscribe("ada@a.example")
    look = room.root / "look/digest.html"
    look.parent.mkdir()
    look.write_text('{% extends "feeds/digest.html" %}', "utf-8")
    assert room.send().returncode == 0
    text = '{% extends "feeds/digest.html" %}{% block intro %}<p>*|LIST:NAME|*</p>{% endblock %}'
    look.write_text(text, "utf-8")
    assert "*|LIST:NAME|* stands in the letter" in room.send().stderr


# --- terminals, signals, clocks ----------------------------------------------------------------------------


@POSIX
def test_without_a_place_for_messages_it_sends_all_the_same(newsroom):
    arguments = ["--yes", "--first-run", "--now", NOVEMBER, "--ledger", str(newsroom.ledger)]
    words = " ".join([sys.executable, "-m", "feeds", "send", *arguments])
    done = subprocess.run(
        ["sh", "-c", f"{words} 2>&- <&-"],
        cwd=newsroom.root,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "2026-10: 2 accepted\n")


def test_a_log_on_a_full_disk_does_not_stop_it(monkeypatch):
    class Full:
        def isatty(self):
            return True

        def write(self, text):
            raise OSError(28, "No space left on device")

        def flush(self):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    monkeypatch.setattr("feeds.cli.meter._OFTEN", 0)
    with Meter(silent=False) as meter:
        meter.show(Progress({}, 0))
        meter.show(Progress({}, 0))


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_finishes_what_is_in_hand(number):
    stop = threading.Event()
    with send._stopping(stop):
        os.kill(os.getpid(), number)
        assert stop.wait(5)


@POSIX
def test_a_closed_terminal_that_was_to_be_ignored_is_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stop = threading.Event()
        with send._stopping(stop):
            os.kill(os.getpid(), signal.SIGHUP)
        assert not stop.is_set()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_setting_the_clock_changes_no_wait(monkeypatch):
    clock = send._Clock()
    began = clock.now()
    assert abs(began - time.time()) < 5
    monkeypatch.setattr(time, "time", lambda: began - 1e8)
    assert 0 <= clock.now() - began < 60


# --- the ledger is taken away ------------------------------------------------------------------------------


@POSIX
def test_a_ledger_that_is_replaced_while_sending_stops_it_and_is_rescued(tmp_path):
    room = Newsroom(tmp_path, settings=SETTINGS.replace("per_second = 0", "per_second = 100"))
    names = [f"reader{number}@r.example" for number in range(150)]
    (tmp_path / "list.csv").write_text("address\n" + "\n".join(names), "utf-8")
    room.call("subscribers", "import", str(tmp_path / "list.csv"))
    old = room.ledger.read_bytes()
    with MailServer() as server:
        url = f"smtp://127.0.0.1:{server.port}"

        def replace_it():
            deadline = time.monotonic() + 20
            while not server.kept and time.monotonic() < deadline:
                time.sleep(0.002)
            (tmp_path / "older").write_bytes(old)
            (tmp_path / "older").replace(room.ledger)

        thread = threading.Thread(target=replace_it)
        thread.start()
        done = room.send("--yes", "--first-run", "--transport", url)
        thread.join()
        assert done.returncode == 3
        assert "another program has removed or replaced this file" in done.stderr
        for leftover in tmp_path.glob("ledger.sqlite-*"):
            leftover.unlink()
        (tmp_path / "ledger.sqlite.rescued-1").replace(room.ledger)
        done = room.send("--yes", "--transport", url)
        assert (done.returncode, done.stdout) == (0, "2026-10: 150 accepted\n")
        assert server.kept == dict.fromkeys(names, 1)


@pytest.mark.parametrize("now", ["9999-12-31T23:59-12:00", "0001-01-01T00:00+14:00"])
def test_an_instant_at_the_end_of_time_is_told(newsroom, now):
    done = newsroom.send(now=now)
    assert done.returncode == 2
    assert "cannot be reckoned with" in done.stderr
