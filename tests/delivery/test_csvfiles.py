"""Lists of other programs, and ours: before → after."""

import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from subscriber_samples import NOW, read_csv

from feeds.delivery.csvcolumns import parse_instant
from feeds.delivery.csvfiles import MAX_LINE, guard, join_categories, split_categories, unguard, write_rows
from feeds.delivery.people import Status, Subscriber
from feeds.errors import FeedsError


def people(entries):
    return [(entry.address.sent, entry.status.value, entry.name) for entry in entries]


# --- the programs people come from -------------------------------------------------------------------------


def test_mailchimp(tmp_path):
    head = (
        '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,'
        "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
    )
    row = (
        'ada@example.org,Ada,Lovelace,4,"2024-02-12 17:59:31",192.0.2.7,"2024-02-12 18:06:58",192.0.2.7,'
        '47.35,7.9,1,2,europe/zurich,ch,so,"2025-02-13 09:25:34",3399,8b66ccca37,,"""fair"""\n'
    )
    entries, problems = read_csv(tmp_path, head + row, "subscribed_email_audience_export_1.csv")
    assert people(entries) == [("ada@example.org", "active", "Ada Lovelace")]
    assert entries[0].consent_at == dt.datetime(2024, 2, 12, 18, 6, 58, tzinfo=dt.UTC)
    assert entries[0].categories is None
    assert problems == []


def test_mailchimp_in_another_language(tmp_path):
    text = "Emailadresse,Vorname,Nachname,MEMBER_RATING,OPTIN_TIME\nada@example.org,Ada,L,4,2024-02-12 17:59:31\n"
    entries, _ = read_csv(tmp_path, text)
    assert people(entries) == [("ada@example.org", "active", "Ada L")]


@pytest.mark.parametrize(
    ("name", "columns", "row", "status"),
    [
        (
            "unsubscribed_x.csv",
            "Email Address,UNSUB_TIME",
            "ada@example.org,2025-01-02 03:04:05",
            "unsubscribed",
        ),
        ("cleaned_x.csv", "Email Address,CLEAN_TIME", "ada@example.org,2025-01-02 03:04:05", "bounced"),
        ("cleaned_x.csv", "Email Address", "ada@example.org", "bounced"),
        ("unsubscribed_x.csv", "Email Address", "ada@example.org", "unsubscribed"),
        ("nonsubscribed_x.csv", "Email Address", "ada@example.org", "pending"),
    ],
)
def test_mailchimp_keeps_who_left_in_files_of_their_own(tmp_path, name, columns, row, status):
    entries, _ = read_csv(tmp_path, f"{columns}\n{row}\n", name)
    assert [entry.status.value for entry in entries] == [status]


@pytest.mark.parametrize(
    ("type", "status"),
    [
        ("regular", "active"),
        ("premium", "active"),
        ("paused", "active"),
        ("past_due", "active"),
        ("unactivated", "pending"),
        ("unsubscribed", "unsubscribed"),
        ("removed", "unsubscribed"),
        ("spammy", "unsubscribed"),
        ("undeliverable", "bounced"),
        ("complained", "complained"),
    ],
)
def test_buttondown(tmp_path, type, status):
    text = (
        "id,email_address,notes,metadata,tags,referrer_url,creation_date,type\n"
        f'sub_1,ada@example.org,,"{{}}","fair,maps",,2024-08-24T14:15:22.123456Z,{type}\n'
    )
    entries, problems = read_csv(tmp_path, text)
    assert people(entries) == [("ada@example.org", status, "")]
    assert entries[0].consent_at == dt.datetime(2024, 8, 24, 14, 15, 22, tzinfo=dt.UTC)
    assert problems == []


@pytest.mark.parametrize(
    ("word", "status"), [("enabled", "active"), ("disabled", "unsubscribed"), ("blocklisted", "unsubscribed")]
)
def test_listmonk(tmp_path, word, status):
    text = (
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        f'5f9c,ada@example.org,Ada L,"{{""city"": ""Turin""}}",{word},2024-05-01 10:22:33.123456 +0000 UTC,\n'
    )
    entries, problems = read_csv(tmp_path, text)
    assert people(entries) == [("ada@example.org", status, "Ada L")]
    assert entries[0].consent_at == dt.datetime(2024, 5, 1, 10, 22, 33, tzinfo=dt.UTC)
    assert problems == []


@pytest.mark.parametrize(
    ("subscribed", "deleted", "status"),
    [
        ("true", "", "active"),
        ("false", "", "unsubscribed"),
        ("true", "2025-01-01T00:00:00.000Z", "unsubscribed"),
    ],
)
def test_ghost(tmp_path, subscribed, deleted, status):
    text = (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,"
        f"labels,tiers\n64,ada@example.org,Ada,,{subscribed},,,2024-01-05T10:00:00.000Z,{deleted},VIP,\n"
    )
    entries, _ = read_csv(tmp_path, text)
    assert people(entries) == [("ada@example.org", status, "Ada")]


def test_ours_comes_back_as_it_went(tmp_path):
    person = Subscriber(
        1,
        "+ada@example.org",
        "",
        "",
        "=Ada",
        "en-GB",
        frozenset({"Maps, old and new", 'Say "hi"; wave'}),
        Status.UNSUBSCRIBED,
        NOW,
        NOW,
        "@the fair",
    )
    out = io.StringIO(newline="")
    assert write_rows(out, [person]) == 1
    assert out.getvalue().splitlines()[1].startswith("'+ada@example.org,'=Ada,en-GB,")
    (entry,), problems = read_csv(tmp_path, out.getvalue())
    assert problems == []
    assert (entry.address.sent, entry.name, entry.language) == (person.address, person.name, person.language)
    assert (entry.categories, entry.status) == (person.categories, person.status)
    assert (entry.changed, entry.consent_at, entry.consent_how) == (NOW, NOW, "@the fair")


# --- titles, separators, encodings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "email\nada@example.org\n",
        "email;name\nada@example.org;\n",
        "email\tname\nada@example.org\t\n",
        "sep=;\nname;email\n;ada@example.org\n",
        '"E-Mail";"Name"\r\n"ada@example.org";""\r\n',
        "ada@example.org\n",
        "\n\nemail\n\nada@example.org\n\n",
        "\ufeffemail\nada@example.org\n",
        "Contact's e-mail\nada@example.org\n",
        "correo electrónico,nombre\nada@example.org,\n",
    ],
)
def test_many_hands_write_the_same_list(tmp_path, text):
    assert people(read_csv(tmp_path, text)[0]) == [("ada@example.org", "active", "")]


@pytest.mark.parametrize(
    ("encoding", "warning"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("cp1252", ": the file is not UTF-8; it is read as Windows-1252"),
    ],
)
def test_encodings(tmp_path, encoding, warning):
    entries, problems = read_csv(tmp_path, "email,name\nada@example.org,Zoë Müller\n".encode(encoding))
    assert people(entries) == [("ada@example.org", "active", "Zoë Müller")]
    assert problems == ([warning] if warning else [])


def test_bytes_that_no_encoding_of_windows_knows_are_latin_1(tmp_path):
    entries, problems = read_csv(tmp_path, b"email,name\nada@example.org,\x81\xe9\n")
    assert people(entries) == [("ada@example.org", "active", "é")]
    assert problems == [": the file is not UTF-8; it is read as Latin-1"]


def test_a_column_may_be_named_that_holds_the_categories(tmp_path):
    text = 'email,TAGS\nada@example.org,"Maps,Baking"\nbob@example.org,\n'
    entries, _ = read_csv(tmp_path, text, category_column="TAGS")
    assert [entry.categories for entry in entries] == [frozenset({"Maps", "Baking"}), None]
    assert not read_csv(tmp_path, text)[0][0].knows_categories
    with pytest.raises(FeedsError, match="no column is called 'Topics'"):
        read_csv(tmp_path, text, category_column="Topics")


# --- what is wrong is told by line, and the rest is taken --------------------------------------------------


def test_bad_rows_are_told_by_line_and_the_good_ones_taken(tmp_path):
    text = (
        "email,name,status\n"
        "ada@example.org,Ada,active\n"
        "nobody,Bob,active\n"
        '"carl@example.org","two\nlines",active\n'
        "dora@example.org,Dora,sleeping\n"
        ",,\n"
        ",Eve,active\n"
        "frank@example.org,Frank,active\n"
    )
    entries, problems = read_csv(tmp_path, text)
    assert people(entries) == [
        ("ada@example.org", "active", "Ada"),
        ("carl@example.org", "active", "two lines"),
        ("frank@example.org", "active", "Frank"),
    ]
    assert problems == [
        "3: this is no mail address: an email address must have an @-sign",
        "6: the status 'sleeping' is not known",
        "8: this is no mail address: an email address must have an @-sign",
    ]


def test_a_date_that_is_not_understood_is_left_out(tmp_path):
    entries, problems = read_csv(tmp_path, "email,created_at\nada@example.org,02/12/2024\n")
    assert entries[0].consent_at is None
    assert problems == ["2: '02/12/2024' is no date that is understood; it is left out"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-02-12 17:59:31", "2024-02-12T17:59:31+00:00"),
        ("2024-02-12T17:59:31.000Z", "2024-02-12T17:59:31+00:00"),
        ("2024-02-12 17:59:31.5 +0200 CEST", "2024-02-12T15:59:31+00:00"),
        ("2024-02-12T17:59:31+02:00", "2024-02-12T15:59:31+00:00"),
        ("2024-02-12", "2024-02-12T00:00:00+00:00"),
        ("2024-02-30", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_instants(text, instant):
    found = parse_instant(text)
    assert (found and found.isoformat()) == instant


def test_where_columns_differ_fewer_letters_go_out(tmp_path):
    text = "email,status,unsubscribed_at,complained_at\nada@example.org,active,2025-01-01,2025-01-02\n"
    assert [entry.status for entry in read_csv(tmp_path, text)[0]] == [Status.COMPLAINED]


# --- hostile files -----------------------------------------------------------------------------------------


def test_a_file_without_addresses_is_refused(tmp_path):
    with pytest.raises(FeedsError, match="no column holds mail addresses"):
        read_csv(tmp_path, "title,price\nBread,3\n")
    assert read_csv(tmp_path, "") == ([], [])


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 20, b"\0" * 1000, b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_text_is_refused_or_holds_nobody(tmp_path, data):
    try:
        entries, _ = read_csv(tmp_path, data)
    except FeedsError:
        return
    assert entries == []


def test_a_nul_in_a_row_spoils_that_row_alone(tmp_path):
    entries, problems = read_csv(tmp_path, "email,name\na\0da@example.org,\nbob@example.org,B\0b\n")
    assert people(entries) == [("bob@example.org", "active", "Bb")]
    assert len(problems) == 1


def test_a_huge_cell_is_told_and_the_next_row_taken(tmp_path):
    text = f"email,name\nada@example.org,{'x' * 200_000}\nbob@example.org,Bob\n"
    entries, problems = read_csv(tmp_path, text)
    assert people(entries) == [("bob@example.org", "active", "Bob")]
    assert problems == ["2: this is no CSV: field larger than field limit (131072)"]


def test_a_huge_line_ends_it(tmp_path):
    with pytest.raises(FeedsError, match="this line is longer than 1,000,000 characters"):
        read_csv(tmp_path, "email\n" + "x" * (MAX_LINE + 1))


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_list_in_silence(tmp_path):
    rows = "".join(f"reader{number}@example.org,x\n" for number in range(50))
    entries, problems = read_csv(tmp_path, f'email,name\nada@example.org,"Ada\n{rows}')
    assert entries == []
    assert problems == ["2: a quotation mark in this row is never closed"]


@pytest.mark.parametrize("name", ["Ada\r\nBcc: eve@example.org", "=HYPERLINK(1)", "\u202eada", "Ada\x1b[2J"])
def test_no_name_reaches_a_header_or_a_sheet_as_it_is(tmp_path, name):
    (entry,), _ = read_csv(tmp_path, f'email,name\nada@example.org,"{name}"\n')
    assert entry.name.isprintable()
    out = io.StringIO()
    write_rows(out, [Subscriber(1, "ada@example.org", "", "", entry.name)])
    assert out.getvalue().splitlines()[1].split(",")[1][0] not in "=+-@\t"


@pytest.mark.parametrize(
    ("cell", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("'=1", "''=1"),
        ("Ada", "Ada"),
        ("'tis", "'tis"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell, guarded):
    assert guard(cell) == guarded
    assert unguard(guarded) == cell


@given(st.text(max_size=30))
def test_a_guard_comes_off_again(cell):
    assert unguard(guard(cell)) == cell
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.frozensets(st.text(st.characters(categories=["L", "P", "N"]), min_size=1), min_size=1))
def test_categories_fit_one_cell(categories):
    assert split_categories(join_categories(categories)) == categories


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    try:
        read_csv(tmp_path_factory.getbasetemp(), b"email,name\n" + data)
    except FeedsError as error:
        assert error.message
