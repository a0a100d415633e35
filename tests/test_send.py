"""`feeds send`: each reader once, nobody forgotten, and the truth about what happened."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from delivery.servers import MailServer
from projects import blog, post, run_here

SETTINGS = """
[site]
title = "Blog"
url = "https://blog.example/"
timezone = "Europe/Berlin"
[newsletter]
sender = "Ada <ada@blog.example>"
address = "1 Lane, Town"
[send]
transport = "folder:../out"
mailbox = "list@blog.example"
unsubscribe = "https://blog.example/u?t={token}"
per_second = 0
"""
POSTS = {
    "maps.md": post("# Where north is\n\nUp.\n", date="2026-10-05", categories="[Maps]"),
    "bread.md": post("# Rye\n\nDark.\n", date="2026-10-20", categories="[Baking]"),
    "late.md": post("# Oats\n\nSoft.\n", date="2026-11-03", categories="[Baking]"),
}
NOVEMBER = "2026-11-10T12:00"
DECEMBER = "2026-12-02T12:00"


class Newsroom:
    """A project with its ledger, and the commands as its editor calls them."""

    def __init__(self, folder: Path, posts=None, settings=SETTINGS) -> None:
        self.root = blog(folder / "site", POSTS if posts is None else posts, settings)
        self.ledger = folder / "ledger.sqlite"
        self.out = folder / "out"

    def subscribe(self, *addresses: str, categories: tuple[str, ...] = ()) -> None:
        for address in addresses:
            wishes = [word for category in categories for word in ("--category", category)]
            self.call("subscribers", "add", address, *wishes)

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_here([*arguments, "--ledger", str(self.ledger)], self.root)

    def send(self, *arguments: str, now: str = NOVEMBER) -> subprocess.CompletedProcess[str]:
        words = ["--now", now, "--patience", "0", "--ledger", str(self.ledger)]
        return run_here(["send", *arguments, *words], self.root)

    def start(self, now: str = NOVEMBER) -> None:
        """Send the first issue there is to send."""
        done = self.send("--yes", "--first-run", now=now)
        assert done.returncode == 0, done.stderr

    @property
    def letters(self) -> dict[str, list[str]]:
        """What lies in the outbox: the subjects that each address got."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.out.glob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            found.setdefault(str(mail["To"]), []).append(str(mail["Subject"]))
        return {address: sorted(subjects) for address, subjects in found.items()}


@pytest.fixture
def newsroom(tmp_path):
    room = Newsroom(tmp_path)
    room.subscribe("ada@a.example", "bob@b.example")
    return room


# --- the plan ----------------------------------------------------------------------------------------------


def test_without_yes_it_says_what_would_be_sent_and_sends_nothing(newsroom):
    done = newsroom.send()
    assert done.returncode == 0
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines() if line.startswith("  ")]
    plan = dict(pair for pair in lines if len(pair) == 2)
    assert done.stdout.startswith("2026-10: ")
    assert plan["posts"] == "2 posts, 2026-10-01 to 2026-10-31"
    assert plan["recipients"] == "2"
    assert plan["transport"] == "folder:../out, 4 connections"
    assert plan["rate"] == "as fast as the transport takes them"
    assert plan["checks"].startswith("passed: period, posts, subject, words, links, size")
    assert re.search(r"of HTML, .* of text, sha256 [0-9a-f]{12}$", plan["letter"])
    assert done.stdout.endswith("nothing was sent; to send it: feeds send 2026-10 --yes --first-run\n")
    assert not newsroom.out.exists()


def test_the_hash_of_a_plan_is_that_of_what_is_sent(newsroom):
    planned = json.loads(newsroom.send("--json").stdout)["draft"]["hash"]
    newsroom.start()
    sent = json.loads(newsroom.send("2026-10", "--status", "--json").stdout)["issue"]["hash"]
    assert planned == sent


def test_the_plan_counts_readers_by_what_they_follow(newsroom):
    newsroom.subscribe("cy@c.example", "di@d.example", categories=("Maps",))
    newsroom.subscribe("ed@e.example", categories=("Chess",))
    done = newsroom.send()
    assert "recipients  4: 2 of all categories; 2 of Maps\n" in done.stdout


# --- sending -----------------------------------------------------------------------------------------------


def test_everybody_gets_the_newest_issue_that_is_over_once(newsroom):
    newsroom.start()
    subject = "Rye + 1 more (October 2026)"
    assert newsroom.letters == {"ada@a.example": [subject], "bob@b.example": [subject]}
    again = newsroom.send("--yes")
    assert again.returncode == 0
    assert re.fullmatch(
        "nothing to send: the newest issue that is over, 2026-10, was sent on [0-9-]{10}; "
        "the next, 2026-11, can be sent from 2026-12-01 on\n",
        again.stdout,
    )
    assert len(list(newsroom.out.iterdir())) == 2


def test_readers_of_some_categories_get_those_alone(newsroom):
    newsroom.subscribe("cy@c.example", categories=("maps",))
    newsroom.subscribe("ed@e.example", categories=("Chess",))
    newsroom.start()
    assert newsroom.letters["cy@c.example"] == ["Where north is (October 2026)"]
    assert "ed@e.example" not in newsroom.letters


def test_an_issue_that_goes_on_renders_and_chooses_nothing_again(newsroom):
    newsroom.start()
    newsroom.subscribe("late@l.example")
    (newsroom.root / "content/posts/maps.md").write_text(post("# Nowhere\n", date="2026-10-05"), "utf-8")
    done = newsroom.send("2026-10", "--yes")
    assert done.stdout == "2026-10 was sent already, and nothing is left to do:\n2026-10: 2 accepted\n"
    assert "late@l.example" not in newsroom.letters


def test_a_post_that_went_out_is_not_sent_again_when_its_date_changes(newsroom):
    newsroom.start()
    text = POSTS["bread.md"].replace("2026-10-20", "2026-11-20")
    (newsroom.root / "content/posts/bread.md").write_text(text, "utf-8")
    plan = newsroom.send(now=DECEMBER)
    assert "  left out    'Rye': sent in an earlier issue\n" in plan.stdout
    newsroom.send("--yes", now=DECEMBER)
    assert newsroom.letters["ada@a.example"] == ["Oats (November 2026)", "Rye + 1 more (October 2026)"]


def test_a_first_run_is_asked_for_once(newsroom):
    assert newsroom.send("2026-10").stdout.endswith("to send it: feeds send 2026-10 --yes --first-run\n")
    newsroom.start()
    assert newsroom.send("2026-11").stdout.endswith("to send it: feeds send 2026-11 --yes\n")


def test_older_issues_stay_unsent_once_a_newer_one_went_out(newsroom):
    newsroom.start(now=DECEMBER)
    assert newsroom.letters["ada@a.example"] == ["Oats (November 2026)"]
    assert newsroom.send("--yes", now=DECEMBER).stdout.startswith("nothing to send: ")


def test_before_any_issue_is_over_there_is_nothing_to_send(newsroom):
    done = newsroom.send("--yes", "--first-run", now="2026-10-21")
    assert (
        done.stdout
        == "nothing to send: no issue is over yet; the next, 2026-10, can be sent from 2026-11-01 on\n"
    )
    assert done.returncode == 0


def test_the_day_ends_on_the_clock_of_the_site(newsroom):
    assert newsroom.send(now="2026-10-31T22:59Z").stdout.startswith("nothing to send")
    assert newsroom.send(now="2026-10-31T23:01Z").stdout.startswith("2026-10: ")


def test_an_issue_that_is_not_over_is_pointed_out(newsroom):
    done = newsroom.send("2026-11")
    assert done.returncode == 0
    assert done.stderr.startswith("warning: the issue 2026-11 is not over: posts until 2026-11-30")


def test_unsubscribing_counts_until_the_moment_of_sending(newsroom):
    newsroom.start()
    newsroom.call("subscribers", "remove", "bob@b.example")
    newsroom.send("--yes", now=DECEMBER)
    assert len(newsroom.letters["ada@a.example"]) == 2
    assert len(newsroom.letters["bob@b.example"]) == 1


def test_a_test_copy_goes_to_one_address_and_into_no_ledger(tmp_path):
    room = Newsroom(tmp_path)
    done = run_here(["send", "--test", "ed@e.example", "--now", NOVEMBER], room.root)
    assert (done.returncode, done.stdout) == (0, "a test copy of 2026-11 went out: written\n")
    assert room.letters == {"ed@e.example": ["[Test] Oats (November 2026)"]}
    assert not room.ledger.exists()


def test_each_post_as_a_mail_of_its_own_the_oldest_that_is_new_first(tmp_path):
    room = Newsroom(tmp_path, settings=SETTINGS.replace("[newsletter]", '[newsletter]\nperiod = "post"'))
    room.subscribe("ada@a.example")
    room.start(now="2026-10-06")
    assert room.letters == {"ada@a.example": ["Where north is"]}
    room.send("--yes")
    room.send("--yes")
    assert room.letters == {"ada@a.example": ["Oats", "Rye", "Where north is"]}
    assert room.send("--yes").stdout == "nothing to send: every post has gone out\n"


def test_the_first_time_only_the_newest_post_goes_out(tmp_path):
    room = Newsroom(tmp_path, settings=SETTINGS.replace("[newsletter]", '[newsletter]\nperiod = "post"'))
    room.subscribe("ada@a.example")
    room.start()
    assert room.letters == {"ada@a.example": ["Oats"]}
    assert room.send("--yes").stdout.startswith("nothing to send")


# --- what stops it before the first letter -----------------------------------------------------------------


def test_a_ledger_that_is_not_there_is_not_made_up(tmp_path):
    room = Newsroom(tmp_path)
    done = room.send("--yes")
    assert done.returncode == 1
    assert "there is no ledger here yet" in done.stderr
    assert "--first-run" in done.stderr
    assert not room.ledger.exists()


def test_a_ledger_that_has_sent_nothing_needs_to_be_told_so(newsroom):
    done = newsroom.send("--yes")
    assert done.returncode == 1
    assert "this ledger has sent no issue yet" in done.stderr
    assert not newsroom.out.exists()
    newsroom.start()


def test_a_ledger_in_the_project_is_refused(tmp_path):
    room = Newsroom(tmp_path)
    room.ledger = room.root / "ledger.sqlite"
    done = room.call("subscribers", "add", "ada@a.example")
    assert done.returncode == 1
    assert "must not lie in" in done.stderr


@pytest.mark.parametrize(
    ("was", "instead", "problem"),
    [
        ('sender = "Ada <ada@blog.example>"', "", "it is not said who sends the letter"),
        ('address = "1 Lane, Town"', "", "does not say where its sender can be reached by post"),
        (
            'mailbox = "list@blog.example"\nunsubscribe = "https://blog.example/u?t={token}"',
            "",
            "readers would have no way to unsubscribe",
        ),
        ('transport = "folder:../out"', "", "it is not said who takes the letters"),
    ],
)
def test_what_is_missing_stops_it(tmp_path, was, instead, problem):
    room = Newsroom(tmp_path, settings=SETTINGS.replace(was, instead))
    room.subscribe("ada@a.example")
    done = room.send("--yes", "--first-run")
    assert done.returncode == 1
    assert problem in done.stderr
    assert room.send("--status").stdout == "no issue was sent yet\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("---\nsubject: News TODO\nposts: [{maps}]\n---\n", "the subject holds 'TODO'"),
        ("---\nsubject: News\nposts: [{maps}]\n---\n\nTK: say hello.\n", "the introduction holds 'TK'"),
        ("---\nsubject: News\nposts: [{maps}, {draft}]\n---\n", "draft.md, which is a draft"),
        ("---\nsubject: News\nposts: [{maps}, content/posts/none.md]\n---\n", "none.md, which is no post"),
    ],
)
def test_an_issue_that_is_not_ready_stops_it(tmp_path, text, problem):
    room = Newsroom(tmp_path, {**POSTS, "draft.md": post("# Soon\n", draft="true")})
    room.subscribe("ada@a.example")
    file = room.root / "content/newsletter/special.md"
    file.parent.mkdir()
    names = {name: f"content/posts/{name}.md" for name in ("maps", "draft")}
    file.write_text(text.format(**names), "utf-8")
    done = room.send("special", "--yes", "--first-run")
    assert done.returncode == 1
    assert problem in done.stderr
    assert not room.out.exists()


def test_a_template_with_a_relative_link_stops_it(tmp_path):
    room = Newsroom(tmp_path, settings=SETTINGS.replace("[newsletter]", '[newsletter]\ntemplates = "look"'))
    room.subscribe("ada@a.example")
    look = room.root / "look/digest.html"
    look.parent.mkdir()
    look.write_text(
        '{% extends "feeds/digest.html" %}{% block intro %}<p><a href="/about/">Us</a></p>{% endblock %}',
        "utf-8",
    )
    done = room.send("--yes", "--first-run")
    assert (done.returncode, room.out.exists()) == (1, False)
    assert "the letter links to '/about/', which leads nowhere" in done.stderr


def test_a_post_to_come_stops_it(tmp_path):
    room = Newsroom(
        tmp_path, {"soon.md": post("# Soon\n", date="2026-12-24")}, SETTINGS + '[posts]\nfuture = "publish"\n'
    )
    room.subscribe("ada@a.example")
    done = room.send("2026-12", "--yes", "--first-run")
    assert done.returncode == 1
    assert "soon.md:2:1: the post is dated 2026-12-24, which is to come" in done.stderr


def test_the_subject_of_an_earlier_issue_stops_it(newsroom):
    newsroom.start()
    file = newsroom.root / "content/newsletter/again.md"
    file.parent.mkdir()
    file.write_text(
        "---\nsubject: Rye + 1 more (October 2026)\nposts: [content/posts/late.md]\n---\n", "utf-8"
    )
    done = newsroom.send("again", "--yes")
    assert done.returncode == 1
    assert "the issue 2026-10 had the same subject" in done.stderr


# --- servers that do not take everything -------------------------------------------------------------------


def test_what_a_server_answers_is_told_and_the_rest_goes_on_later(newsroom):
    newsroom.subscribe("gone-1@c.example", "tired-1@d.example")
    with MailServer() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        done = newsroom.send("--yes", "--first-run", "--transport", url)
        assert done.returncode == 3
        assert done.stdout.startswith("2026-10: 2 accepted, 1 deferred, 1 rejected\n")
        assert "go on after" in done.stderr
        assert "feeds send 2026-10 --yes" in done.stderr
        status = newsroom.send("2026-10", "--status").stdout
        assert "  rejected  g…@c….example  550 5.1.1 no such mailbox\n" in status
        assert "  deferred  t…@d….example  450 4.2.1 not now\n" in status
        assert "gone-1@c.example" not in status
        assert "gone-1@c.example" in newsroom.send("2026-10", "--status", "--full").stdout
        assert server.kept == {"ada@a.example": 1, "bob@b.example": 1}
    listed = newsroom.call("subscribers", "list", "--full").stdout
    assert re.search(r"gone-1@c\.example\s.*bounced", listed)


def test_a_letter_in_doubt_is_told_and_only_sent_again_when_asked(newsroom):
    newsroom.subscribe("lost-1@c.example")
    with MailServer() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        done = newsroom.send("--yes", "--first-run", "--transport", url)
        assert done.returncode == 3
        assert "in doubt: 1 letter; it may have arrived" in done.stderr
        assert newsroom.send("2026-10", "--yes", "--transport", url).returncode == 3
        assert server.began["lost-1@c.example"] == 1
        done = newsroom.send("2026-10", "--yes", "--retry-unknown", "--transport", url)
        assert (done.returncode, done.stdout) == (0, "2026-10: 3 accepted\n")
        assert server.began["lost-1@c.example"] == 2


def test_a_server_that_is_not_there_is_no_loss(newsroom):
    newsroom.start()
    settings = newsroom.root / "feeds.toml"
    settings.write_text(settings.read_text("utf-8") + "expires = 1\n", "utf-8")
    done = newsroom.send("--yes", "--transport", "smtp://127.0.0.1:1", now=DECEMBER)
    assert done.returncode == 3
    assert "2 pending" in done.stdout or "2 expired" in done.stdout


def test_a_report_has_a_line_for_each_recipient(newsroom, tmp_path):
    newsroom.start()
    newsroom.send("2026-10", "--report", str(tmp_path / "report.json"))
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert [(row["address"], row["state"], row["code"]) for row in report] == [
        ("a…@a….example", "accepted", 250),
        ("b…@b….example", "accepted", 250),
    ]
    newsroom.send("2026-10", "--report", str(tmp_path / "report.csv"), "--full")
    assert "ada@a.example" in (tmp_path / "report.csv").read_text("utf-8")
    assert (tmp_path / "report.csv").stat().st_mode & 0o077 == 0
    assert newsroom.send("2026-10", "--report", str(tmp_path / "report.txt")).returncode == 2


# --- ended from outside ------------------------------------------------------------------------------------


def begin(room: Newsroom, url: str) -> subprocess.Popen[str]:
    arguments = ["send", "2026-10", "--yes", "--first-run", "--ledger", str(room.ledger), "--transport", url]
    return subprocess.Popen(
        [sys.executable, "-m", "feeds", *arguments, "--now", NOVEMBER],
        cwd=room.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ended_in_the_middle_it_goes_on_and_nobody_gets_two(tmp_path, end):
    room = Newsroom(tmp_path, settings=SETTINGS.replace("per_second = 0", "per_second = 40"))
    addresses = [f"reader{number}@r.example" for number in range(60)]
    (tmp_path / "list.csv").write_text("address\n" + "\n".join(addresses), "utf-8")
    room.call("subscribers", "import", str(tmp_path / "list.csv"))
    with MailServer() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        process = begin(room, url)
        deadline = time.monotonic() + 30
        while server.kept.total() < 10 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(end)
        _, err = process.communicate(timeout=30)
        assert process.returncode == (-end if end == signal.SIGKILL else 3), err
        if end != signal.SIGKILL:
            assert "finishing the letters in hand" in err
            assert "go on with: feeds send 2026-10 --yes" in err
        room.send("2026-10", "--yes", "--transport", url)
        counts = json.loads(room.send("2026-10", "--status", "--json").stdout)["issue"]
        assert max(server.kept.values()) == 1
        assert counts["accepted"] + counts["unknown"] == 60
        assert counts["unknown"] <= (4 if end == signal.SIGKILL else 0)
        assert server.kept.total() >= counts["accepted"]
