"""`feeds subscribers` and `feeds unsubscribe`, as people type them."""

import email
import email.policy
import json
import os
import stat
from pathlib import Path

import pytest
from projects import run, run_here, write_files

SETTINGS = """
[site]
title = "Notes"
url = "https://notes.example/"
[newsletter]
sender = "Notes <letters@notes.example>"
[send]
transport = "folder:../outbox"
mailbox = "letters@notes.example"
unsubscribe = "https://notes.example/unsubscribe?t={token}"
ledger = "../ledger.sqlite"
"""
LIST = """email,name,status
ada@example.org,Ada Lovelace,active
nobody,Bob,active
carl@example.org,Carl,unsubscribed
"""


class Project:
    """A project beside which its ledger and other private files lie."""

    def __init__(self, folder: Path) -> None:
        self.root = write_files(folder / "notes", {"feeds.toml": SETTINGS})
        self.ledger = folder / "ledger.sqlite"
        self.outbox = folder / "outbox"
        self.folder = folder

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, "utf-8", newline="")
        return f"../{name}"

    def do(self, *arguments: str, code: int = 0) -> list[str]:
        """What a command prints, errors last; it ends with this code."""
        done = run_here(
            ["subscribers", *arguments] if arguments[0] != "unsubscribe" else arguments, self.root
        )
        assert done.returncode == code, done.stderr
        return (done.stdout + done.stderr).splitlines()

    def json(self, *arguments: str, code: int = 0) -> dict:
        return json.loads("\n".join(self.do(*arguments, "--json", code=code)))


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_somebody_is_added_changed_removed_and_forgotten(project):
    assert project.do("add", "Ada@Example.org", "--name", "Ada", "--how", "at the fair") == [
        "A…@e….org added"
    ]
    assert project.do("add", "ada@example.org") == ["a…@e….org is on the list already"]
    assert project.do("add", "ada@example.org", "--category", "Maps", "--language", "en") == [
        "a…@e….org updated"
    ]
    (person,) = project.json("list", "--full")["subscribers"]
    assert (person["address"], person["categories"], person["language"]) == (
        "Ada@example.org",
        ["Maps"],
        "en",
    )
    assert person["consent_how"] == "at the fair"
    assert project.do("remove", "ada@example.org") == ["a…@e….org is unsubscribed"]
    assert project.do("remove", "ada@example.org") == ["a…@e….org was off the list already"]
    assert project.do("forget", "ada@example.org") == ["a…@e….org is forgotten"]
    assert project.do("forget", "ada@example.org") == ["a…@e….org was forgotten already"]
    assert project.do("list") == ["0 active, 1 forgotten"]


def test_who_is_off_the_list_comes_back_only_if_that_is_said(project):
    project.do("add", "ada@example.org")
    project.do("remove", "ada@example.org")
    refused = project.do("add", "ada@example.org", code=1)
    assert refused[0].startswith("a…@e….org is on the suppression list")
    assert project.do("add", "ada@example.org", "--resubscribe") == ["a…@e….org added"]


def test_the_first_subscriber_makes_the_ledger_and_nothing_else_does(project):
    for arguments in (("list",), ("remove", "a@example.org"), ("export",), ("read", "x"), ("rotate-key",)):
        assert any("there is no ledger here yet" in line for line in project.do(*arguments, code=1))
    project.do("unsubscribe", "x", code=1)
    assert not project.ledger.exists()
    project.do("add", "ada@example.org")
    if os.name == "posix":
        assert stat.S_IMODE(project.ledger.stat().st_mode) == 0o600


@pytest.mark.parametrize("place", ["ledger.sqlite", "../notes/public/ledger.sqlite"])
def test_a_ledger_in_the_project_is_refused(project, place):
    refused = project.do("add", "ada@example.org", "--ledger", place, code=1)
    assert "the ledger holds people's addresses" in refused[0]
    assert list(project.root.iterdir()) == [project.root / "feeds.toml"]


def test_the_ledger_can_be_named(project, tmp_path):
    project.do("add", "ada@example.org", "--ledger", "../other.sqlite")
    assert project.do("list", "--ledger", "../other.sqlite")[-1] == "1 active"
    assert not project.ledger.exists()


@pytest.mark.parametrize(
    "address", ["nobody", "ada@localhost", "ada@example.org\r\nBcc: eve@example.org", ""]
)
def test_what_is_no_address_is_refused(project, address):
    assert project.do("add", address, code=2)[0].startswith("this is no mail address")
    assert not project.ledger.exists()


@pytest.mark.parametrize("command", ["remove", "forget"])
def test_who_is_not_on_the_list_cannot_leave_it(project, command):
    project.do("add", "ada@example.org")
    assert project.do(command, "bob@example.org", code=1)[0] == "b…@e….org is not on the list"


def test_categories_are_replaced_and_can_be_given_up(project):
    project.do("add", "ada@example.org", "--category", "Maps")
    project.do("add", "ada@example.org", "--category", "Baking", "--category", "Feeds")
    assert project.json("list")["subscribers"][0]["categories"] == ["Baking", "Feeds"]
    assert project.do("add", "ada@example.org", "--all-categories") == ["a…@e….org updated"]
    assert project.json("list")["subscribers"][0]["categories"] is None
    told = project.do("add", "ada@example.org", "--all-categories", "--category", "Maps", code=2)
    assert "--category and --all-categories exclude each other" in "\n".join(told)


def test_a_category_that_nobody_writes_in_is_pointed_out(project):
    settings = SETTINGS.replace("[send]", 'categories = ["Maps", "Baking"]\n[send]')
    write_files(project.root, {"feeds.toml": settings})
    assert project.do("add", "ada@example.org", "--category", "maps") == ["a…@e….org added"]
    assert project.do("add", "ada@example.org", "--category", "Map")[1:] == [
        "warning: the newsletter's settings name no category 'Map'",
        "  help: did you mean Maps?",
    ]


# --- lists -------------------------------------------------------------------------------------------------


def test_a_list_is_taken_over_but_for_its_bad_rows(project):
    name = project.file("list.csv", LIST)
    assert project.do("import", name, code=1) == [
        "1 added, 1 stopped",
        "../list.csv:3: warning: this is no mail address: an email address must have an @-sign",
        "  help: write it like ada@example.org",
    ]
    assert project.do("list") == [
        "  address    status        name  language  categories  since",
        "  a…@e….org  active        A…              all",
        "  c…@e….org  unsubscribed  C…              all",
        "1 active, 1 unsubscribed",
    ]
    again = project.json("import", name, code=1)
    assert (again["unchanged"], again["added"], again["ok"]) == (2, 0, False)
    assert [finding["line"] for finding in again["findings"]] == [3]


def test_with_strict_a_bad_row_stops_it_all(project):
    name = project.file("list.csv", LIST)
    refused = project.do("import", name, "--strict", code=1)
    assert refused[0] == "../list.csv:3: this is no mail address: an email address must have an @-sign"
    assert not project.ledger.exists()
    good = project.file("good.csv", LIST.replace("nobody", "bob@example.org"))
    assert project.do("import", good, "--strict") == ["2 added, 1 stopped"]


def test_an_import_brings_nobody_back(project):
    name = project.file("list.csv", "email\nada@example.org\nbob@example.org\ncarl@example.org\n")
    assert project.do("import", name, "--how", "moved from another service") == ["3 added"]
    project.do("remove", "ada@example.org")
    project.do("forget", "bob@example.org")
    assert project.do("import", name)[0] == "1 unchanged, 2 kept out"
    assert project.do("list")[-1] == "1 active, 1 unsubscribed, 1 forgotten"
    assert project.do("import", name, "--resubscribe")[0] == "2 added, 1 unchanged"


def test_who_never_confirmed_is_not_taken(project):
    name = project.file("list.csv", "email,status\nada@example.org,unconfirmed\n")
    assert project.do("import", name) == [
        "1 pending",
        "  pending: they never confirmed that they want letters, and were not taken",
    ]


def test_what_is_exported_can_be_imported(project):
    project.do("import", project.file("list.csv", "email,name\n+ada@example.org,=1+1\nbob@example.org,Böb\n"))
    project.do("remove", "bob@example.org")
    assert project.do("export", "../out.csv") == ["2 subscribers written to ../out.csv"]
    out = project.folder / "out.csv"
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text("utf-8").splitlines()[1].startswith("'+ada@example.org,'=1+1,")
    assert [line.rstrip() for line in project.do("export")] == out.read_text("utf-8").splitlines()
    assert project.do("import", "../out.csv", "--ledger", "../new.sqlite") == ["1 added, 1 stopped"]
    people = [
        project.json("list", "--full", *more)["subscribers"] for more in ((), ("--ledger", "../new.sqlite"))
    ]
    assert [{**each, "changed": ""} for each in people[0]] == [{**each, "changed": ""} for each in people[1]]
    assert len(project.do("export", "--status", "active")) == 2


def test_an_export_is_the_same_in_any_locale(project):
    project.do("add", "ada@example.org", "--name", "Zoë")
    done = run(
        ["subscribers", "export"], project.root, {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONIOENCODING": ""}
    )
    assert "Zoë" in done.stdout


def test_an_export_into_the_project_is_pointed_out(project):
    project.do("add", "ada@example.org")
    assert "lies in the project" in "\n".join(project.do("export", "out.csv"))
    assert project.do("export", "../none/out.csv", code=1)[0].startswith(
        "../none/out.csv: cannot write this file"
    )


def test_a_list_is_shown_in_part_and_masked(project):
    rows = "".join(f"reader{number}@example.org\n" for number in range(60))
    project.do("import", project.file("list.csv", f"email\n{rows}"))
    lines = project.do("list")
    assert lines[-2:] == ["  … and 10 more (--limit 0 shows all)", "60 active"]
    assert not any("reader" in line for line in lines)
    assert len(project.do("list", "--limit", "0")) == 62
    assert len(project.json("list", "--limit", "0", "--full")["subscribers"]) == 60
    assert project.do("list", "reader59", "--full")[1].startswith("  reader59@example.org  active")
    assert project.do("list", "--status", "bounced") == ["0 active"]


def test_files_that_hold_no_list_are_refused(project):
    assert "cannot read this file" in project.do("import", "../none.csv", code=1)[0]
    assert "no column holds mail addresses" in project.do("import", "feeds.toml", code=1)[0]
    assert not project.ledger.exists()


# --- what comes back ---------------------------------------------------------------------------------------


def question(project):
    (path,) = project.outbox.iterdir()
    return path.read_bytes().decode()


def unsubscribe_token(project, address="ada@example.org"):
    from feeds.delivery.book import open_book
    from feeds.delivery.tokens import LIST, UNSUBSCRIBE, load_keys, make_token

    with open_book(project.ledger, create=False) as book:
        return make_token(load_keys(book, None), LIST, address, UNSUBSCRIBE)


def test_a_token_or_the_link_it_stands_in_unsubscribes(project):
    project.do("add", "ada@example.org")
    token = unsubscribe_token(project)
    link = f"https://notes.example/unsubscribe?t={token}"
    assert project.do("unsubscribe", link) == ["a…@e….org is unsubscribed"]
    assert project.do("unsubscribe", token) == ["a…@e….org was unsubscribed already"]
    assert project.do("list")[-1] == "0 active, 1 unsubscribed"
    project.do("forget", "ada@example.org")
    assert project.do("unsubscribe", token) == [
        "somebody whose address is forgotten was unsubscribed already"
    ]


@pytest.mark.parametrize(
    "text", ["", "hello", "a" * 40, "https://notes.example/unsubscribe?t=" + "a" * 40, "\0"]
)
def test_a_forged_token_is_refused_without_a_word_more(project, text):
    project.do("add", "ada@example.org")
    assert project.do("unsubscribe", text, code=1) == ["this is no token of this list"]
    assert project.do("list")[-1] == "1 active"


def test_links_go_on_working_when_the_key_changes(project):
    project.do("add", "ada@example.org")
    token = unsubscribe_token(project)
    assert project.do("rotate-key", "--older-than", "365") == ["the key is young enough"]
    assert project.do("rotate-key") == ["tokens are signed with a new key from now on"]
    assert unsubscribe_token(project) != token
    assert project.do("unsubscribe", token) == ["a…@e….org is unsubscribed"]


def test_a_file_that_is_missing_keeps_no_wish_in_another_waiting(project):
    project.do("add", "ada@example.org")
    tokens = project.file("tokens.txt", unsubscribe_token(project) + "\n")
    lines = project.do("read", "../gone.log", tokens, code=1)
    assert lines[0] == "../tokens.txt: 1 unsubscribed"
    assert lines[1].startswith("../gone.log: ")
    result = project.json("read", "../gone.log", tokens, code=1)
    assert (result["ok"], [found["path"] for found in result["findings"]]) == (False, ["../gone.log"])


def test_a_reader_subscribes_and_unsubscribes_by_mail(project):
    project.do("add", "ada@example.org")
    asking = "From: Zoe <zoe@example.net>\nTo: letters@notes.example\nSubject: subscribe\nMessage-ID: <1@x>\n\nHi\n"
    box = project.file("box", f"From x\n{asking}\n")
    assert project.do("read", box) == ["../box: 1 asked to confirm"]
    assert project.do("read", box) == ["../box: 1 read before"]
    mail = question(project)
    assert "Subject: Confirm your subscription to Notes" in mail
    token = mail.partition("(")[2].partition(")")[0]
    answer = asking.replace("subscribe", f"Re: Confirm your subscription to Notes ({token})").replace(
        "<1@x", "<2@x"
    )
    assert project.do("read", project.file("a.eml", answer)) == ["../a.eml: 1 subscribed"]
    leaving = asking.replace("Subject: subscribe", "Subject: unsubscribe").replace("<1@x", "<3@x")
    numbers = project.json(
        "read",
        project.file("b.eml", leaving),
        project.file("tokens", f"hello\n{unsubscribe_token(project)}\n"),
    )
    assert (numbers["unsubscribed"], numbers["not_understood"], numbers["ok"]) == (2, 1, True)
    assert [finding["path"] for finding in numbers["findings"]] == ["../tokens"]
    assert project.do("list")[-1] == "0 active, 2 unsubscribed"


def test_the_question_can_have_words_of_your_own(project):
    write_files(
        project.root,
        {
            "feeds.toml": SETTINGS.replace("[send]", 'templates = "letter"\n[send]'),
            "letter/confirm.txt": "Bestätige {{ title }} ({{ token }})\n\nEinfach antworten.\n",
        },
    )
    project.do("add", "ada@example.org")
    asking = "From: zoe@example.net\nTo: letters@notes.example\nSubject: subscribe\nMessage-ID: <1@x>\n\nHi\n"
    project.do("read", project.file("a.eml", asking))
    mail = email.message_from_string(question(project), policy=email.policy.default)
    assert mail["Subject"].startswith("Bestätige Notes (")
    assert mail.get_content().split() == ["Einfach", "antworten."]
    token = mail["Subject"].partition("(")[2].rstrip(")")
    answer = f"From: zoe@example.net\nSubject: AW: =?utf-8?q?Best=C3=A4tige_Notes_=28{token}=29?=\n\nJa\n"
    assert project.do("read", project.file("b.eml", answer)) == ["../b.eml: 1 subscribed"]


def test_a_broken_template_keeps_nobody_on_the_list(project):
    write_files(
        project.root,
        {
            "feeds.toml": SETTINGS.replace("[send]", 'templates = "letter"\n[send]'),
            "letter/confirm.txt": "{{ nope }}",
        },
    )
    project.do("add", "ada@example.org")
    leaving = "From: ada@example.org\nSubject: unsubscribe\nMessage-ID: <1@x>\n\n\n"
    asking = "From: zoe@example.net\nSubject: subscribe\nMessage-ID: <2@x>\n\n\n"
    lines = project.do("read", project.file("box", f"From x\n{leaving}From x\n{asking}"), code=1)
    assert lines[0].startswith("letter/confirm.txt:1: 'nope' is undefined")
    assert project.do("list")[-1] == "0 active, 1 unsubscribed"


def test_commands_work_as_users_start_them(project):
    done = run(["subscribers", "add", "ada@example.org"], project.root)
    assert (done.returncode, done.stdout) == (0, "a…@e….org added\n")
    done = run(["subscribers", "--help"], project.root)
    assert "rotate-key" in done.stdout
