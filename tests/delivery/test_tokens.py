"""Tokens: short, without an address, and ours alone."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from subscriber_samples import KEYS, NOW

from feeds.delivery.book import open_book
from feeds.delivery.tokens import (
    BOUNCE,
    CONFIRM,
    LIST,
    MAX_KEYS,
    UNSUBSCRIBE,
    Keys,
    find_tokens,
    load_keys,
    make_token,
    read_token,
    rotate_key,
    subject_of,
    token_of,
)
from feeds.errors import FeedsError

ADA = "ada@example.org"
TOKEN = make_token(KEYS, LIST, ADA, UNSUBSCRIBE)


def test_a_token_tells_whose_it_is_without_saying_it():
    assert re.fullmatch("[a-z2-7]{40}", TOKEN)
    assert read_token(KEYS, LIST, TOKEN, UNSUBSCRIBE) == subject_of(KEYS, ADA)
    assert token_of(KEYS, LIST, subject_of(KEYS, ADA), UNSUBSCRIBE) == TOKEN
    assert "ada" not in TOKEN


@pytest.mark.parametrize("text", [TOKEN.upper(), f"  {TOKEN}\n", TOKEN.title()])
def test_capitals_and_blanks_do_not_matter(text):
    assert read_token(KEYS, LIST, text, UNSUBSCRIBE) == subject_of(KEYS, ADA)


def test_a_token_for_one_purpose_list_or_ledger_is_none_for_another():
    assert read_token(KEYS, LIST, TOKEN, CONFIRM) is None
    assert read_token(KEYS, LIST, TOKEN, BOUNCE) is None
    assert read_token(KEYS, "another", TOKEN, UNSUBSCRIBE) is None
    assert read_token(Keys(b"s" * 32, {1: b"other" * 8}), LIST, TOKEN, UNSUBSCRIBE) is None


@given(st.integers(0, 39), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_that_was_changed_anywhere_is_refused(place, letter):
    forged = TOKEN[:place] + letter + TOKEN[place + 1 :]
    assert read_token(KEYS, LIST, forged, UNSUBSCRIBE) == (subject_of(KEYS, ADA) if forged == TOKEN else None)


@given(st.text(max_size=60))
def test_any_text_is_refused(text):
    assert read_token(KEYS, LIST, text, UNSUBSCRIBE) is None


@pytest.mark.parametrize("text", ["", "=", "é" * 40, "a" * 39, "a" * 41, "a" * 400, "1" * 40, "\0" * 40])
def test_what_is_no_token_is_refused(text):
    assert read_token(KEYS, LIST, text, UNSUBSCRIBE) is None


def test_addresses_have_each_a_subject_of_their_own():
    subjects = {subject_of(KEYS, f"reader{number}@example.org") for number in range(5_000)}
    assert len(subjects) == 5_000
    assert subject_of(Keys(b"t" * 32, KEYS.signing), ADA) != subject_of(KEYS, ADA)


@pytest.mark.parametrize(
    "text",
    [
        f"https://example.org/unsubscribe?t={TOKEN}",
        f"https://example.org/unsubscribe?t={TOKEN}&utm_source=x",
        f"bounces+{TOKEN}@example.org",
        f"Re: unsubscribe {TOKEN.upper()}",
        f"<mailto:box@example.org?subject=unsubscribe%20{TOKEN}>".replace("%20", " "),
    ],
)
def test_tokens_are_found_in_links_and_subjects(text):
    assert list(find_tokens(text)) == [TOKEN]


def test_longer_words_hold_no_token():
    assert list(find_tokens(f"a{TOKEN} {TOKEN}9 {'b' * 80}")) == []


def test_keys_do_not_show_themselves():
    assert repr(KEYS) == "Keys(current=1)"


# --- the keys of a ledger ----------------------------------------------------------------------------------


def test_a_ledger_makes_its_keys_once(tmp_path):
    with open_book(tmp_path / "a.sqlite", create=True) as book:
        keys = load_keys(book, NOW)
        assert load_keys(book, NOW) == keys
        assert {len(secret) for secret in (keys.subject, *keys.signing.values())} == {32}
    with open_book(tmp_path / "b.sqlite", create=True) as book:
        assert load_keys(book, NOW) != keys


def test_a_new_key_signs_and_former_ones_still_verify(tmp_path):
    with open_book(tmp_path / "a.sqlite", create=True) as book:
        before = load_keys(book, NOW)
        old = make_token(before, LIST, ADA, UNSUBSCRIBE)
        assert rotate_key(book, NOW)
        after = load_keys(book, NOW)
        new = make_token(after, LIST, ADA, UNSUBSCRIBE)
        assert new != old
        assert read_token(after, LIST, old, UNSUBSCRIBE) == read_token(after, LIST, new, UNSUBSCRIBE)
        assert read_token(before, LIST, new, UNSUBSCRIBE) is None
        assert subject_of(before, ADA) == subject_of(after, ADA)


def test_a_key_that_is_young_enough_stays(tmp_path):
    with open_book(tmp_path / "a.sqlite", create=True) as book:
        load_keys(book, NOW)
        assert not rotate_key(book, NOW + dt.timedelta(days=364), older_than=365)
        assert rotate_key(book, NOW + dt.timedelta(days=365), older_than=365)
        assert load_keys(book, NOW).current == 2


def test_keys_run_out_in_words(tmp_path):
    with open_book(tmp_path / "a.sqlite", create=True) as book:
        load_keys(book, NOW)
        book.change("INSERT INTO keys VALUES (?, x'00', ?)", [MAX_KEYS, NOW.isoformat()])
        with pytest.raises(FeedsError, match="can have no more"):
            rotate_key(book, NOW)
