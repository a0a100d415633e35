"""The ledger file: made for one's eyes only, and refused in plain words when something is wrong with it."""

import os
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from ledgers import make_book, subscribe

from feeds.delivery.book import check_place, default_ledger, open_book
from feeds.errors import FeedsError

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")


@POSIX
def test_a_new_ledger_and_its_folder_are_for_their_owner_alone(tmp_path):
    path = tmp_path / "deep" / "er" / "ledger.sqlite"
    with make_book(path, ["a@site.example"]):
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal"), 384)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent.parent.stat().st_mode & 0o777 == 0o700


@POSIX
def test_a_ledger_that_others_could_read_is_closed_to_them(tmp_path):
    path = tmp_path / "ledger.sqlite"
    make_book(path).close()
    path.chmod(0o644)
    open_book(path, create=False).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_written_is_there_again(tmp_path):
    with make_book(tmp_path / "ledger.sqlite", ["a@site.example", "b@site.example"]):
        pass
    with open_book(tmp_path / "ledger.sqlite", create=False) as book:
        assert list(book.rows("SELECT address FROM subscribers ORDER BY id")) == [
            ("a@site.example",),
            ("b@site.example",),
        ]
        book.check()


@POSIX
def test_by_whatever_name_it_is_one_ledger_with_one_lock(tmp_path):
    path, link = tmp_path / "ledger.sqlite", tmp_path / "elsewhere" / "link"
    make_book(path).close()
    link.parent.mkdir()
    link.symlink_to(path)
    with open_book(link, create=False) as book:
        assert book.path == path.resolve()


@POSIX
@pytest.mark.parametrize("end", ["removed", "replaced"])
def test_a_ledger_that_another_program_takes_away_is_rescued(tmp_path, end):
    path = tmp_path / "ledger.sqlite"
    with make_book(path, ["a@site.example"]) as book:
        if end == "removed":
            path.unlink()
        else:
            make_book(tmp_path / "other.sqlite").close()
            (tmp_path / "other.sqlite").replace(path)
        book.change("UPDATE subscribers SET name = 'Ada'")  # what is in hand is still written down
        with pytest.raises(FeedsError, match="removed or replaced this file") as caught:
            list(book.rows("SELECT 1"))
        book.change("UPDATE subscribers SET language = 'it'")
        with pytest.raises(FeedsError, match="removed or replaced this file"), book.write():
            pass
    rescued = tmp_path / "ledger.sqlite.rescued-1"
    assert str(rescued) in caught.value.help
    assert rescued.stat().st_mode & 0o777 == 0o600
    with open_book(rescued, create=False) as book:
        assert book.one("SELECT name, language FROM subscribers") == ("Ada", "it")
    assert not list(tmp_path.glob("*.rescued-2*"))


def test_a_name_that_no_file_can_have_is_told(tmp_path):
    with pytest.raises(FeedsError, match="cannot open this file"):
        open_book(tmp_path / ("x" * 300), create=True)


def test_a_missing_ledger_is_made_only_on_request(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with pytest.raises(FeedsError, match=r"there is no ledger here yet(.|\n)*--first-run"):
        open_book(path, create=False)
    assert not path.exists()
    open_book(path, create=True).close()
    open_book(path, create=False).close()


def test_an_empty_file_is_a_missing_ledger(tmp_path):
    path = tmp_path / "ledger.sqlite"
    path.touch()
    with pytest.raises(FeedsError, match="there is no ledger here yet"):
        open_book(path, create=False)


def write_text(path):
    path.write_text("To whom it may concern\n" * 100, "utf-8")


def write_foreign(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE notes (text)")
        db.commit()


def write_newer(path):
    make_book(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (write_text, "this is no ledger of feeds"),
        (write_foreign, "this is a database of another program"),
        (write_newer, "this ledger was written by a newer version of feeds"),
        (Path.mkdir, "this is no file"),
    ],
)
@pytest.mark.parametrize("create", [True, False])
def test_what_is_no_ledger_of_ours_is_left_alone(tmp_path, write, message, create):
    path = tmp_path / "ledger.sqlite"
    write(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(FeedsError, match=message):
        open_book(path, create=create)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_transaction_is_whole_or_nothing(tmp_path):
    with make_book(tmp_path / "ledger.sqlite", ["a@site.example"]) as book:

        def change_twice():
            with book.write() as db:
                db.execute("UPDATE subscribers SET status = 'unsubscribed'")
                db.execute("UPDATE subscribers SET status = 'of no kind'")

        with pytest.raises(sqlite3.IntegrityError):
            change_twice()
        assert book.one("SELECT status FROM subscribers") == ("active",)
        assert book.change("UPDATE subscribers SET status = 'unsubscribed'") == 1
        assert list(book.rows("SELECT status FROM subscribers")) == [("unsubscribed",)]


def test_only_what_is_to_be_durable_waits_for_the_disk(tmp_path):
    levels = {False: 1, True: 2}  # SQLite's NORMAL and FULL
    with make_book(tmp_path / "ledger.sqlite") as book:
        for durable in (True, False, True):
            with book.write(durable=durable) as db:
                assert db.execute("PRAGMA synchronous").fetchone() == (levels[durable],)
        assert book.one("PRAGMA synchronous") == (levels[False],)
        assert book.one("PRAGMA journal_mode") == ("wal",)


def test_reading_goes_on_undisturbed_while_rows_change(tmp_path):
    people = [f"{number:04}@site.example" for number in range(500)]
    with make_book(tmp_path / "ledger.sqlite", people) as book:
        seen = []
        for (address,) in book.rows("SELECT address FROM subscribers ORDER BY id"):
            seen.append(address)
            book.change("UPDATE subscribers SET address = 'x' || id WHERE address = ?", (people[-len(seen)],))
        assert seen == people


def test_several_threads_write(tmp_path):
    with make_book(tmp_path / "ledger.sqlite", ["0"]) as book:

        def add():
            for _ in range(50):
                with book.write(durable=False) as db:
                    (value,) = db.execute("SELECT address FROM subscribers").fetchone()
                    db.execute("UPDATE subscribers SET address = ?", (str(int(value) + 1),))

        threads = [threading.Thread(target=add) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert book.one("SELECT address FROM subscribers") == ("200",)


def test_a_locked_ledger_is_said_to_be_locked(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with make_book(path, ["a@site.example"]), open_book(path, create=False, wait=0) as second:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(FeedsError, match="another program is writing to this file"):
                second.change("UPDATE subscribers SET name = 'A'")
            assert list(second.rows("SELECT name FROM subscribers")) == [("",)]
            other.execute("ROLLBACK")
        assert second.change("UPDATE subscribers SET name = 'A'") == 1


def test_an_id_is_never_given_twice(tmp_path):
    with make_book(tmp_path / "ledger.sqlite", ["a@site.example", "b@site.example"]) as book:
        book.change("DELETE FROM subscribers WHERE id = 2")
        subscribe(book, ["c@site.example"])
        assert list(book.rows("SELECT id FROM subscribers")) == [(1,), (3,)]


def test_who_is_forgotten_leaves_no_trace_in_the_files(tmp_path):
    def traces(address):
        return sum(file.read_bytes().count(address) for file in tmp_path.iterdir())

    with make_book(
        tmp_path / "ledger.sqlite", [f"reader-{number:02}@site.example" for number in range(50)]
    ) as book:
        assert traces(b"reader-07@site.example")
        book.change("DELETE FROM subscribers WHERE id = 8")
        book.scrub()
        assert not traces(b"reader-07@site.example")
        assert traces(b"reader-08@site.example")


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("https://ada.example/", "ada.example"),
        ("https://ada.example/blog/", "ada.example-blog"),
        ("https://Ada.example:8080/a b/", "ada.example-8080-a-b"),
        ("", "site"),
        ("https://x.example/" + "y" * 500, "x.example-" + "y" * 90),
        ("https://x.example/../../etc/passwd", "x.example-..-..-etc-passwd"),
    ],
)
def test_each_site_has_a_ledger_in_the_users_data_folder(site, name):
    path = default_ledger(site)
    assert path.name == f"{name}.sqlite"
    assert path.parent.name == "feeds"


def test_a_ledger_in_the_repository_or_the_output_is_refused(tmp_path):
    site = tmp_path / "site"
    (site / "public").mkdir(parents=True)
    (tmp_path / "link").symlink_to(site, target_is_directory=True)
    check_place(tmp_path / "site.sqlite", [site])
    check_place(tmp_path / "site-2" / "ledger.sqlite", [site, site / "public"])
    for inside in (
        site / "l.sqlite",
        site / "public/l.sqlite",
        tmp_path / "link/l.sqlite",
        site / "x/../l.sqlite",
    ):
        with pytest.raises(FeedsError, match="the ledger holds people's addresses: it must not lie in"):
            check_place(inside, [site])


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_said_to_be_so(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(FeedsError, match="cannot open this file: Permission denied"):
        open_book(tmp_path / "ledger.sqlite", create=True)
