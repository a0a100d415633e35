"""Who is on the list, and who stays off it."""

import datetime as dt
import time

import pytest
from subscriber_samples import NOW, make_entry, make_list, put, read_csv, statuses, subject

from feeds.delivery.people import Status
from feeds.delivery.subscribers import (
    SOFT_BOUNCES,
    SOFT_DAYS,
    Change,
    Filter,
    active,
    bounce,
    count,
    find,
    forget,
    forgotten,
    reason_of,
    select,
    stop,
    suppressed,
    unsubscribe,
)

ADA, BOB = "ada@example.org", "bob@example.org"
LATER = NOW + dt.timedelta(days=30)


@pytest.fixture
def ledger(tmp_path):
    book, keys = make_list(tmp_path, ADA, BOB)
    with book:
        yield book, keys


def add(ledger, resubscribe=False, **fields):
    (change,) = put(*ledger, make_entry(**fields), now=LATER, resubscribe=resubscribe)
    return change


# --- onto the list -----------------------------------------------------------------------------------------


def test_the_list_streams_in_the_order_in_which_people_came(ledger):
    book, _ = ledger
    assert [person.address for person in active(book)] == [ADA, BOB]
    assert count(book, Filter()) == {"active": 2}


def test_one_mailbox_is_one_subscriber_however_it_is_written(ledger):
    assert add(ledger, address="ADA@Example.ORG") is Change.UNCHANGED
    assert statuses(ledger[0]) == {ADA: "active", BOB: "active"}


def test_what_is_said_anew_is_taken_over_and_what_is_not_said_stays(ledger):
    book, keys = ledger
    assert add(ledger, name="Ada", language="en") is Change.UPDATED
    assert add(ledger, categories=frozenset({"Maps"}), knows_categories=True) is Change.UPDATED
    assert add(ledger) is Change.UNCHANGED
    person = find(book, subject(keys))
    assert (person.name, person.language, person.categories) == ("Ada", "en", frozenset({"Maps"}))
    assert (person.consent_at, person.changed) == (NOW, LATER)
    assert add(ledger, categories=None, knows_categories=True) is Change.UPDATED
    assert find(book, subject(keys)).categories is None


def test_who_never_confirmed_is_not_taken(ledger):
    assert add(ledger, address="carl@example.org", status=Status.PENDING) is Change.PENDING
    assert "carl@example.org" not in statuses(ledger[0])


def test_filters(ledger):
    book, _ = ledger
    add(ledger, name="Ada Lovelace", language="en", categories=frozenset({"Maps"}), knows_categories=True)
    found = {
        "all": Filter(),
        "name": Filter(text="LOVE"),
        "address": Filter(text="bob@"),
        "category": Filter(category="Maps"),
        "other category": Filter(category="Baking"),
        "language": Filter(language="EN"),
        "status": Filter((Status.UNSUBSCRIBED,)),
        "a quote": Filter(text="'; DROP TABLE subscribers"),
    }
    assert {name: [person.key[0] for person in select(book, wanted)] for name, wanted in found.items()} == {
        "all": ["a", "b"],
        "name": ["a"],
        "address": ["b"],
        "category": ["a", "b"],
        "other category": ["b"],
        "language": ["a"],
        "status": [],
        "a quote": [],
    }
    assert len(list(select(book, Filter(), limit=1))) == 1


# --- off the list, and nobody comes back unasked -----------------------------------------------------------


@pytest.mark.parametrize("status", [Status.UNSUBSCRIBED, Status.BOUNCED, Status.COMPLAINED])
def test_who_is_stopped_stays_off_whoever_imports_them(ledger, status):
    book, keys = ledger
    assert stop(book, subject(keys), status, NOW)
    assert not stop(book, subject(keys), status, LATER)
    assert [person.address for person in active(book)] == [BOB]
    assert suppressed(book, [subject(keys), subject(keys, BOB)]) == {subject(keys)}
    assert add(ledger) is Change.KEPT_OUT
    assert statuses(book)[ADA] == status.value


def test_who_consents_anew_comes_back_if_that_is_said(ledger):
    book, keys = ledger
    stop(book, subject(keys), Status.UNSUBSCRIBED, NOW)
    assert add(ledger, resubscribe=True, consent_at=LATER, consent_how="at the fair") is Change.ADDED
    person = find(book, subject(keys))
    assert (person.status, person.consent_at, person.consent_how) == (Status.ACTIVE, LATER, "at the fair")
    assert reason_of(book, subject(keys)) == ""


def test_who_complained_never_comes_back_that_way(ledger):
    book, keys = ledger
    stop(book, subject(keys), Status.COMPLAINED, NOW)
    assert add(ledger, resubscribe=True) is Change.KEPT_OUT
    assert not stop(book, subject(keys), Status.UNSUBSCRIBED, LATER)
    assert reason_of(book, subject(keys)) == "complained"


def test_an_import_that_says_so_takes_people_off(ledger):
    book, keys = ledger
    assert add(ledger, status=Status.UNSUBSCRIBED) is Change.STOPPED
    assert add(ledger, status=Status.UNSUBSCRIBED) is Change.UNCHANGED
    assert add(ledger, address="new@example.org", status=Status.BOUNCED) is Change.STOPPED
    assert statuses(book) == {ADA: "unsubscribed", BOB: "active", "new@example.org": "bounced"}
    assert suppressed(book, [subject(keys, "new@example.org")])


def test_a_consent_that_is_younger_than_the_wish_to_leave_stands(ledger):
    book, keys = ledger
    before, after = NOW - dt.timedelta(days=1), NOW + dt.timedelta(days=1)
    assert add(ledger, status=Status.UNSUBSCRIBED, changed=before) is Change.UNCHANGED
    assert unsubscribe(book, [(subject(keys), before)], LATER) == 0
    assert unsubscribe(book, [(subject(keys), after), (subject(keys, BOB), None)], LATER) == 2
    assert statuses(book) == {ADA: "unsubscribed", BOB: "unsubscribed"}


# --- forgotten ---------------------------------------------------------------------------------------------


def test_forgetting_leaves_a_hash_alone(ledger, tmp_path):
    book, keys = ledger
    add(ledger, name="Ada Lovelace", consent_how="at the fair")
    bounce(book, subject(keys), "letter", "4.2.2", NOW)
    assert forget(book, subject(keys), NOW)
    assert not forget(book, subject(keys), NOW)
    assert statuses(book) == {BOB: "active"}
    assert forgotten(book) == 1
    assert book.one("SELECT count(*) FROM bounces") == (0,)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.sqlite*"))
    assert b"bob@example.org" in kept
    assert b"ada@example.org" not in kept
    assert b"Lovelace" not in kept


def test_the_forgotten_are_not_mailed_again(ledger):
    book, keys = ledger
    forget(book, subject(keys), NOW)
    assert add(ledger) is Change.KEPT_OUT
    assert add(ledger, status=Status.UNSUBSCRIBED) is Change.UNCHANGED
    assert not stop(book, subject(keys), Status.UNSUBSCRIBED, LATER)
    assert statuses(book) == {BOB: "active"}
    assert add(ledger, resubscribe=True) is Change.ADDED


def test_who_complained_and_is_forgotten_has_complained(ledger):
    book, keys = ledger
    stop(book, subject(keys), Status.COMPLAINED, NOW)
    assert forget(book, subject(keys), NOW)
    assert reason_of(book, subject(keys)) == "complained"


# --- letters that came back --------------------------------------------------------------------------------


def test_letters_may_come_back_a_few_times(ledger):
    book, keys = ledger
    done = [bounce(book, subject(keys), f"letter {number}", "4.2.2", NOW) for number in range(SOFT_BOUNCES)]
    assert done == [False] * (SOFT_BOUNCES - 1) + [True]
    assert statuses(book)[ADA] == "bounced"


def test_one_letter_counts_once_and_old_ones_no_longer(ledger):
    book, keys = ledger
    for _ in range(SOFT_BOUNCES * 2):
        assert not bounce(book, subject(keys), "the same letter", "4.2.2", NOW)
    much_later = NOW + dt.timedelta(days=SOFT_DAYS + 1)
    for number in range(SOFT_BOUNCES - 1):
        assert not bounce(book, subject(keys), f"letter {number}", "4.2.2", much_later)
    assert statuses(book)[ADA] == "active"


# --- many --------------------------------------------------------------------------------------------------


def test_a_list_of_some_thousand_goes_through_in_blocks(tmp_path):
    rows = "".join(f"reader{number}@host{number % 50}.example.org,Ada\n" for number in range(5_000))
    entries, problems = read_csv(tmp_path, f"email,name\n{rows}{rows[:1000].rpartition(chr(10))[0]}")
    book, keys = make_list(tmp_path)
    with book:
        changes = put(book, keys, *entries)
        assert changes.count(Change.ADDED) == 5_000
        assert set(changes[5_000:]) == {Change.UNCHANGED}
        assert sum(1 for _ in active(book)) == 5_000
    assert problems == []


@pytest.mark.slow
def test_a_million_rows_are_imported_in_little_memory(tmp_path):
    resource = pytest.importorskip("resource")
    from feeds.delivery.csvfiles import read_rows
    from feeds.delivery.subscribers import enter

    path = tmp_path / "million.csv"
    with path.open("w") as file:
        file.write("Email Address,First Name,Last Name,OPTIN_TIME,TAGS\n")
        for number in range(1_000_000):
            file.write(
                f"reader.{number}@host{number % 3000}.example.org,Ada,L{number},2024-02-12 17:59:31,x\n"
            )
    book, keys = make_list(tmp_path)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with book:
        number = sum(1 for _ in enter(book, keys, read_rows(path, "million.csv", print), NOW))
        taken = time.perf_counter() - start
        assert number == sum(1 for _ in active(book)) == 1_000_000
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"a million rows: {taken:.0f} s, {grown:.0f} MB more memory")
    assert grown < 100
