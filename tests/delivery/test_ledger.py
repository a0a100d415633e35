"""One row for each recipient: frozen, claimed, marked, written off; and what is left of it after a crash."""

import json
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import NOW, freeze_one, make_book, subscribe

from feeds.delivery.accounts import account, report
from feeds.delivery.book import open_book
from feeds.delivery.frozen import FrozenIssue, audiences, find_issue, freeze, load_issues, load_letters
from feeds.delivery.ledger import (
    Result,
    claim_block,
    end_run,
    expire,
    load_limits,
    mark_sending,
    record,
    release,
    reopen,
    resume,
)
from feeds.delivery.rates import Rates
from feeds.delivery.states import Event, State
from feeds.errors import FeedsError

HERE, LATER = "boot of today", "boot of tomorrow"


@pytest.fixture
def book(tmp_path):
    with make_book(tmp_path / "ledger.sqlite", [f"{name}@site.example" for name in "abcde"]) as book:
        yield book


def claim(book, issue, run, size=50, now=NOW, rates=None):
    return claim_block(book, issue, run, size, now, load_limits(book, rates or Rates(), now))


def settle(book, issue, run, addressee, event, **values):
    mark_sending(book, issue, run, addressee, NOW)
    record(
        book, issue, Result(addressee, event, NOW, values.pop("code", 250), values.pop("reply", ""), **values)
    )


def states(book, issue):
    return "".join(
        {State.PENDING: ".", State.UNKNOWN: "?"}.get(line.state, line.state[0])
        for line in report(book, issue)
    )


# --- freezing ----------------------------------------------------------------------------------------------


def test_a_frozen_issue_has_a_row_for_each_active_subscriber(book):
    book.change("UPDATE subscribers SET status = 'unsubscribed' WHERE id = 2")
    book.change("UPDATE subscribers SET status = 'pending' WHERE id = 4")
    issue = freeze_one(book)
    assert [line.address[0] for line in report(book, issue)] == ["a", "c", "e"]
    assert account(book, issue).counts[State.PENDING] == 3


def test_later_subscribers_are_not_among_its_recipients(book):
    issue = freeze_one(book)
    subscribe(book, ["f@site.example"])
    assert account(book, issue).total == 5


def test_everybody_gets_the_letter_of_what_they_follow(book):
    maps, both = json.dumps(["Maps"]), json.dumps(["Maps", "Type"])
    book.change("UPDATE subscribers SET categories = ? WHERE id IN (1, 3)", (maps,))
    book.change("UPDATE subscribers SET categories = ? WHERE id = 4", (both,))
    assert audiences(book) == {maps: 2, None: 2, both: 1}
    issue = freeze_one(book, audience={None: 0, maps: 1, both: None}, letters=(b"all", b"maps"))
    assert [(line.address[0], line.variant) for line in report(book, issue)] == [
        ("a", 1),
        ("b", 0),
        ("c", 1),
        ("e", 0),
    ]
    assert load_letters(book, issue) == (b"all", b"maps")


def test_an_issue_is_frozen_once(book):
    issue = freeze_one(book)
    with pytest.raises(FeedsError, match="another send has begun the issue 2026-11"):
        freeze_one(book)
    assert account(book, issue).total == 5
    assert find_issue(book, "2026-11") == issue
    assert find_issue(book, "2026-12") is None


def test_nobody_is_left_out_because_they_changed_what_they_follow_meanwhile(book):
    book.change("UPDATE subscribers SET categories = '[\"Maps\"]' WHERE id = 3")
    with pytest.raises(FeedsError, match="the subscribers changed while the letters were made"):
        freeze_one(book)
    assert load_issues(book) == ()
    assert list(book.rows("SELECT * FROM deliveries")) == []


def test_a_frozen_letter_that_changed_is_not_sent(book):
    issue = freeze_one(book)
    book.change("UPDATE variants SET data = ?", (b"another",))
    with pytest.raises(FeedsError, match="a letter of issue 2026-11 is not what was frozen"):
        load_letters(book, issue)


def test_what_the_caller_keeps_with_an_issue_comes_back(book):
    details = json.dumps({"posts": ["https://site.example/ä/"]})
    issue = freeze(book, FrozenIssue(0, "2026-11", "Näws", "h", NOW, NOW + 9, details), [b""], {None: 0})
    assert load_issues(book) == (issue,)
    assert issue.number == 1
    assert json.loads(issue.details)["posts"] == ["https://site.example/ä/"]


# --- a run -------------------------------------------------------------------------------------------------


def test_a_run_claims_marks_and_records(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, HERE, NOW)
    taken = claim(book, issue, run, 3).taken
    assert [addressee.address[0] for addressee in taken] == ["a", "b", "c"]
    assert states(book, issue) == "ccc.."
    mark_sending(book, issue, run, taken[0], NOW)
    assert states(book, issue) == "scc.."
    record(book, issue, Result(taken[0], Event.ACCEPT, NOW + 1, 250, "2.0.0 queued as 4F1"))
    record(book, issue, Result(taken[1], Event.REJECT, NOW + 1, 550, "5.1.1 nobody here"))
    record(book, issue, Result(taken[2], Event.DEFER, NOW + 1, 450, "4.2.0 later", NOW + 61))
    assert states(book, issue) == "ard.."
    lines = list(report(book, issue))
    assert [(line.attempts, line.code, line.reply, line.due) for line in lines[:4]] == [
        (1, 250, "2.0.0 queued as 4F1", None),
        (1, 550, "5.1.1 nobody here", None),
        (1, 450, "4.2.0 later", NOW + 61),
        (0, None, "", 0),
    ]
    assert account(book, issue).next_at == NOW + 61


def test_who_waited_long_enough_comes_before_who_was_not_tried(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, HERE, NOW)
    (first,) = claim(book, issue, run, 1).taken
    record(book, issue, Result(first, Event.DEFER, NOW, 450, "", NOW + 60))
    assert [addressee.address[0] for addressee in claim(book, issue, run, 1, NOW + 59).taken] == ["b"]
    again = claim(book, issue, run, 2, NOW + 60).taken
    assert [(addressee.address[0], addressee.attempts, addressee.state) for addressee in again] == [
        ("a", 1, State.DEFERRED),
        ("c", 0, State.PENDING),
    ]
    assert again[0].first_at == NOW


def test_a_letter_is_marked_only_by_the_run_that_claimed_it(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, HERE, NOW)
    taken = claim(book, issue, run).taken
    resume(book, issue, HERE, NOW)  # another run took over
    for addressee in taken[:2]:
        with pytest.raises(FeedsError, match="another program has changed the letters"):
            mark_sending(book, issue, run, addressee, NOW)
    assert states(book, issue) == "....."


def test_unsubscribing_counts_until_the_block_is_claimed(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, HERE, NOW)
    assert len(claim(book, issue, run, 1).taken) == 1
    book.change("UPDATE subscribers SET status = 'unsubscribed' WHERE id = 2")
    book.change("INSERT INTO suppressions VALUES ('subject of c@site.example', 'complained', '')")
    book.change("DELETE FROM subscribers WHERE id = 4")
    block = claim(book, issue, run)
    assert [addressee.address[0] for addressee in block.taken] == ["e"]
    assert block.suppressed == 3
    assert states(book, issue) == "csssc"  # s: suppressed
    assert [line.state for line in report(book, issue, {State.SUPPRESSED})] == [State.SUPPRESSED] * 3
    assert [line.address for line in report(book, issue)][3] == ""


def test_what_is_given_back_is_claimed_again(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, HERE, NOW)
    limits = load_limits(book, Rates(per_hour=9), NOW)
    taken = claim_block(book, issue, run, 50, NOW, limits).taken
    assert limits.whole.room(NOW) == 4
    release(book, issue, taken, NOW, limits)
    assert limits.whole.room(NOW) == 9
    assert states(book, issue) == "....."
    assert len(claim(book, issue, run).taken) == 5


def test_a_stale_issue_expires_but_what_is_in_doubt_stays_so(book):
    issue = freeze_one(book, hours=1)
    run, _ = resume(book, issue, HERE, NOW)
    first, second, third = claim(book, issue, run, 3).taken
    settle(book, issue, run, first, Event.ACCEPT)
    settle(book, issue, run, second, Event.LOSE)
    record(book, issue, Result(third, Event.DEFER, NOW, 450, "", NOW + 60))
    assert expire(book, issue, NOW + 3599) == 0
    assert expire(book, issue, NOW + 3600) == 3
    assert states(book, issue) == "a?eee"
    assert claim(book, issue, run, now=NOW + 9999).seen == 0


def test_addresses_that_do_not_exist_leave_the_list_and_full_mailboxes_stay(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, HERE, NOW)
    for addressee, reply in zip(
        claim(book, issue, run).taken,
        ("5.1.1 nobody", "5.2.2 full", "5.7.1 no", "nobody", "5.1.2 no host"),
        strict=True,
    ):
        record(book, issue, Result(addressee, Event.REJECT, NOW, 550, reply))
    end_run(book, issue, run, NOW, "done")
    assert [row[0] for row in book.rows("SELECT status FROM subscribers ORDER BY id")] == [
        *("bounced", "active", "active", "active", "bounced")
    ]
    assert sorted(book.rows("SELECT subject, reason, at FROM suppressions")) == [
        ("subject of a@site.example", "bounced", "2027-01-15T08:00:00+00:00"),
        ("subject of e@site.example", "bounced", "2027-01-15T08:00:00+00:00"),
    ]


def test_who_subscribed_again_since_is_not_taken_off_for_an_old_refusal(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, HERE, NOW)
    record(book, issue, Result(claim(book, issue, run, 1).taken[0], Event.REJECT, NOW, 550, "5.1.1 nobody"))
    book.change("UPDATE subscribers SET changed = '2027-01-15T08:00:01+00:00'")
    end_run(book, issue, run, NOW + 60, "done")
    assert set(book.rows("SELECT status FROM subscribers")) == {("active",)}


def test_refusals_that_were_our_fault_are_taken_back(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, HERE, NOW)
    taken = claim(book, issue, run).taken
    for addressee in taken:
        record(book, issue, Result(addressee, Event.REJECT, NOW, 550, "5.7.1 no"))
    reopen(book, issue, [addressee.number for addressee in taken[:4]], NOW)
    assert states(book, issue) == "....r"


# --- limits by the hour ------------------------------------------------------------------------------------


def test_limits_by_the_hour_survive_a_restart(tmp_path):
    path = tmp_path / "ledger.sqlite"
    rates = Rates(per_hour=3)
    with make_book(path, [f"{name}@site.example" for name in "abcde"]) as book:
        issue = freeze_one(book)
        run, _ = resume(book, issue, HERE, NOW)
        assert len(claim(book, issue, run, 2, rates=rates).taken) == 2
    with open_book(path, create=False) as book:
        assert load_limits(book, rates, NOW + 60).whole.room(NOW + 60) == 1
        assert load_limits(book, rates, NOW + 3750).whole.room(NOW + 3750) == 3


def test_a_domain_that_had_its_share_waits_and_others_do_not(tmp_path):
    people = [f"{name}@big.example" for name in "abcd"] + ["e@small.example"]
    with make_book(tmp_path / "ledger.sqlite", people) as book:
        issue = freeze_one(book)
        run, _ = resume(book, issue, HERE, NOW)
        block = claim(book, issue, run, rates=Rates(per_domain=2))
        assert [addressee.address for addressee in block.taken] == [
            "a@big.example",
            "b@big.example",
            "e@small.example",
        ]
        assert block.seen == 5
        assert claim(book, issue, run, now=NOW + 60, rates=Rates(per_domain=2)).seen == 0
        assert states(book, issue) == "cc..c"
        late = claim(book, issue, run, now=NOW + 3750, rates=Rates(per_domain=2))
        assert [addressee.address for addressee in late.taken] == ["c@big.example", "d@big.example"]


# --- after a crash -----------------------------------------------------------------------------------------


def begin(book, issue):
    """A run with one letter accepted, one marked, three claimed."""
    run, _ = resume(book, issue, HERE, NOW)
    taken = claim(book, issue, run).taken
    settle(book, issue, run, taken[0], Event.ACCEPT)
    mark_sending(book, issue, run, taken[1], NOW)


def test_a_clock_that_was_ahead_for_a_while_delays_nothing(book):
    issue, ahead = freeze_one(book), NOW + 1e8
    run, _ = resume(book, issue, HERE, ahead)
    for addressee in claim(book, issue, run, 2, now=ahead, rates=Rates(per_hour=2)).taken:
        mark_sending(book, issue, run, addressee, ahead)
        record(book, issue, Result(addressee, Event.DEFER, ahead, 450, "later", ahead + 60))
    run, _ = resume(book, issue, HERE, NOW)
    assert load_limits(book, Rates(per_hour=2), NOW).whole.room(NOW) == 2
    assert len(claim(book, issue, run).taken) == 5


def test_after_a_kill_only_the_letter_on_its_way_is_in_doubt(book):
    issue = freeze_one(book)
    begin(book, issue)
    _, recovered = resume(book, issue, HERE, NOW)
    assert states(book, issue) == "a?..."
    assert (recovered.released, recovered.unknown, recovered.retried) == (3, 1, 0)


@pytest.mark.parametrize("boot", [LATER, ""])
def test_after_a_power_cut_the_whole_block_is_in_doubt(book, boot):
    issue = freeze_one(book)
    begin(book, issue)
    _, recovered = resume(book, issue, boot, NOW)
    assert states(book, issue) == "a????"
    assert (recovered.released, recovered.unknown) == (0, 4)


def test_a_machine_that_cannot_tell_its_boots_apart_doubts_the_whole_block(book):
    issue = freeze_one(book)
    run, _ = resume(book, issue, "", NOW)
    claim(book, issue, run, 2)
    resume(book, issue, "", NOW)
    assert states(book, issue) == "??..."


def test_what_is_in_doubt_is_sent_again_only_on_request(book):
    issue = freeze_one(book)
    begin(book, issue)
    resume(book, issue, HERE, NOW)
    assert resume(book, issue, HERE, NOW)[1].retried == 0
    assert states(book, issue) == "a?..."
    assert resume(book, issue, HERE, NOW, retry_unknown=True)[1].retried == 1
    assert states(book, issue) == "a...."


def test_what_is_in_doubt_does_not_expire_instead(book):
    issue = freeze_one(book, hours=1)
    begin(book, issue)
    _, recovered = resume(book, issue, HERE, NOW + 3600, retry_unknown=True)
    expire(book, issue, NOW + 3600)
    assert states(book, issue) == "a?eee"
    assert recovered.retried == 0


def test_another_issues_letters_are_not_touched(book):
    issue, other = freeze_one(book), freeze_one(book, "2026-12")
    begin(book, issue)
    resume(book, other, LATER, NOW)
    assert states(book, issue) == "asccc"


def test_a_power_cut_may_undo_marks_and_results_but_no_claim(tmp_path):
    """Whatever part of the log had reached the disk beyond the last sync, nobody is claimed a second time."""
    people = [f"{name}@site.example" for name in "abcde"]
    with make_book(tmp_path / "ledger.sqlite", people) as book:
        issue = freeze_one(book)
        run, _ = resume(book, issue, HERE, NOW)
        first = claim(book, issue, run, 3).taken
        synced = (tmp_path / "ledger.sqlite-wal").stat().st_size
        for addressee in first:
            settle(book, issue, run, addressee, Event.ACCEPT)
        whole = (tmp_path / "ledger.sqlite-wal").stat().st_size
        seen = set()
        for size in (*range(synced, whole, 1400), whole):  # torn in the middle of a page, too
            cut = tmp_path / f"cut-{size}"
            cut.mkdir()
            shutil.copy(tmp_path / "ledger.sqlite", cut)
            log = (tmp_path / "ledger.sqlite-wal").read_bytes()[:size]
            (cut / "ledger.sqlite-wal").write_bytes(log)
            with open_book(cut / "ledger.sqlite", create=False) as left:
                left.check()
                again, _ = resume(left, issue, LATER, NOW)
                assert [one.address[0] for one in claim(left, issue, again).taken] == ["d", "e"]
                seen.add(states(left, issue))
    assert {"???cc", "a??cc", "aa?cc", "aaacc"} <= seen


ACTIONS = ("claim", "send", "answer", "refuse", "delay", "kill", "power cut", "stop")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(ACTIONS), max_size=40))
def test_whatever_happens_and_whenever_nobody_gets_two_and_nobody_is_lost(tmp_path_factory, actions):
    """A world in which a letter that was marked has arrived, unless the server said that it did not."""
    folder = tmp_path_factory.mktemp("world")
    people = [f"{name}@site.example" for name in "abcdefg"]
    arrived, boot, now = dict.fromkeys(people, 0), 0, NOW
    with make_book(folder / "ledger.sqlite", people) as book:
        issue = freeze_one(book, hours=10**6)
        run, _ = resume(book, issue, str(boot), now)
        claimed, marked = [], []
        for action in [*actions, "kill"]:
            now += 3600
            if action == "claim":
                claimed += claim(book, issue, run, 2, now).taken
            elif action == "send" and claimed:
                mark_sending(book, issue, run, claimed[0], now)
                arrived[claimed[0].address] += 1
                marked.append(claimed.pop(0))
            elif action == "answer" and marked:
                record(book, issue, Result(marked.pop(0), Event.ACCEPT, now, 250, ""))
            elif action in ("refuse", "delay") and marked:
                addressee = marked.pop(0)
                arrived[addressee.address] -= 1
                event, due = (Event.REJECT, None) if action == "refuse" else (Event.DEFER, now + 60)
                record(book, issue, Result(addressee, event, now, 450, "", due))
            elif action == "stop":
                release(book, issue, claimed, now, load_limits(book, Rates(), now))
                claimed = []
            elif action in ("kill", "power cut"):
                boot += action == "power cut"
                claimed, marked = [], []
                run, _ = resume(book, issue, str(boot), now)
        lines = list(report(book, issue))
    assert [line.address for line in lines] == people
    for line in lines:
        assert arrived[line.address] <= 1
        assert line.state in {State.PENDING, State.ACCEPTED, State.REJECTED, State.DEFERRED, State.UNKNOWN}
        if line.state is not State.UNKNOWN:
            assert arrived[line.address] == (line.state is State.ACCEPTED)
