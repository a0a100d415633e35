from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.record import (
    Record,
    digest_of,
    load_record,
    record_path,
    stale_files,
    with_files,
    write_record,
)

RECORD = Record(
    False, {"feed.xml": "aa", "category/été/atom.xml": "bb"}, {"https://example.org/a/": "A – “title”"}
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_record_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    for record in (RECORD, Record(), Record(preview=True)):
        write_record(tmp_path, tmp_path / "public", record)
        assert load_record(tmp_path, tmp_path / "public") == record


def test_without_a_build_before_there_is_none(tmp_path: Path) -> None:
    assert load_record(tmp_path, tmp_path / "public") is None


def test_records_lie_beside_the_sources_one_for_each_output_folder(tmp_path: Path) -> None:
    write_record(tmp_path, tmp_path / "public", RECORD)
    write_record(tmp_path, tmp_path / "preview", Record(preview=True))
    assert load_record(tmp_path, tmp_path / "public") == RECORD
    assert load_record(tmp_path, tmp_path / "preview") == Record(preview=True)
    assert not (tmp_path / "public").exists()
    assert {path.parent for path in tmp_path.rglob("*.json")} == {tmp_path / ".cache" / "feeds"}


def test_a_project_that_is_moved_keeps_its_records(tmp_path: Path) -> None:
    before, after = tmp_path / "here", tmp_path / "there"
    write_record(before, before / "public", RECORD)
    before.rename(after)
    assert load_record(after, after / "public") == RECORD
    assert load_record(after, after / "sub" / ".." / "public") == RECORD


def test_the_bytes_do_not_depend_on_the_order(tmp_path: Path) -> None:
    path = record_path(tmp_path, tmp_path / "public")
    write_record(tmp_path, tmp_path / "public", RECORD)
    first = path.read_bytes()
    backwards = Record(False, dict(reversed(list(RECORD.files.items()))), dict(RECORD.ids))
    write_record(tmp_path, tmp_path / "public", backwards)
    assert path.read_bytes() == first
    assert first.isascii()
    assert first.endswith(b"\n")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"{", id="truncated"),
        pytest.param(b"[" * 100_000, id="nested"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b'"version"', id="a text"),
        pytest.param(b"{}", id="no keys"),
        pytest.param(b'{"version": 2, "preview": false, "files": {}, "ids": {}}', id="another version"),
        pytest.param(
            b'{"version": "1", "preview": false, "files": {}, "ids": {}}', id="another type of version"
        ),
        pytest.param(b'{"version": 1, "files": {}, "ids": {}}', id="a key missing"),
        pytest.param(b'{"version": 1, "preview": false, "files": [], "ids": {}}', id="files are a list"),
        pytest.param(b'{"version": 1, "preview": false, "files": ["ab"], "ids": {}}', id="files are pairs"),
        pytest.param(
            b'{"version": 1, "preview": false, "files": {"a": 1}, "ids": {}}', id="a digest is a number"
        ),
        pytest.param(
            b'{"version": 1, "preview": false, "files": {}, "ids": {"a": null}}', id="a title is null"
        ),
        pytest.param(b'{"version": 1, "preview": false, "files": {}, "ids": 5}', id="ids are a number"),
    ],
)
def test_what_is_no_record_of_ours_is_none(data: bytes, tmp_path: Path) -> None:
    path = record_path(tmp_path, tmp_path / "public")
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert load_record(tmp_path, tmp_path / "public") is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("feed.xml", True),
        ("a/b.xml", True),
        ("a/..b.xml", True),
        ("../b.xml", False),
        ("a/../../b.xml", False),
        ("/etc/hostname", False),
        ("", False),
        (".", False),
        ("a\0b", False),
    ],
)
def test_a_record_that_leads_out_of_the_output_folder_is_none(name: str, known: bool, tmp_path: Path) -> None:
    write_record(tmp_path, tmp_path / "public", Record(files={name: "aa"}))
    assert (load_record(tmp_path, tmp_path / "public") is not None) is known


def test_a_record_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    record_path(tmp_path, tmp_path / "public").mkdir(parents=True)
    assert load_record(tmp_path, tmp_path / "public") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("version", "preview", "files", "ids"), JSON)))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_document_is_a_record_or_none(tmp_path: Path, document: dict[str, object]) -> None:
    path = record_path(tmp_path, tmp_path / "public")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 1} | document), "utf-8")
    record = load_record(tmp_path, tmp_path / "public")
    if record is not None:
        assert stale_files(tmp_path, record, {}) == ()
        write_record(tmp_path, tmp_path / "public", record)
        assert load_record(tmp_path, tmp_path / "public") == record


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="\0/."), min_size=1, max_size=5), st.text(max_size=5)
    ),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
    st.booleans(),
)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_is_read_back(
    tmp_path: Path, files: dict[str, str], ids: dict[str, str], preview: bool
) -> None:
    write_record(tmp_path, tmp_path / "public", Record(preview, files, ids))
    assert load_record(tmp_path, tmp_path / "public") == Record(preview, files, ids)


# Leftovers


def test_files_are_known_by_their_digest(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(b"<rss/>")
    assert digest_of(tmp_path / "feed.xml") == sha256(b"<rss/>")
    assert digest_of(tmp_path / "gone.xml") is None
    assert digest_of(tmp_path) is None
    assert with_files(RECORD, {"a.xml": b"a"}) == Record(False, {"a.xml": sha256(b"a")}, RECORD.ids)


def test_leftovers_are_files_of_an_earlier_build_that_nobody_has_changed(tmp_path: Path) -> None:
    written = {"kept.xml": b"k", "left.xml": b"l", "changed.xml": b"c", "gone.xml": b"g", "a/left.xml": b"a"}
    record = with_files(Record(), written)
    for name, data in {
        "kept.xml": b"k",
        "left.xml": b"l",
        "changed.xml": b"by hand",
        "a/left.xml": b"a",
        "other.xml": b"o",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert stale_files(tmp_path, record, {"kept.xml": sha256(b"new")}) == ("left.xml", "a/left.xml")
    assert stale_files(tmp_path, record, record.files) == ()
    assert stale_files(tmp_path, Record(), {}) == ()
