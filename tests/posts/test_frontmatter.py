from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.data import as_bool, is_null
from feeds.errors import FeedsError, Finding, Severity
from feeds.model import Scalar, Source
from feeds.posts.frontmatter import parse_source, parse_text


def read(data: bytes | str, findings: list[Finding] | None = None) -> Source | None:
    """What a file of these bytes holds."""
    report = (findings if findings is not None else []).append
    text = parse_text(data.encode() if isinstance(data, str) else data, "docs/a.md", report)
    return parse_source(text, "a.md", "docs/a.md", report)


def post(data: bytes | str, findings: list[Finding] | None = None) -> Source:
    source = read(data, findings)
    assert source is not None
    return source


def refusal(data: bytes | str) -> str:
    """The first line of the error that these bytes bring about."""
    with pytest.raises(FeedsError) as caught:
        read(data)
    assert caught.value.help or ":" in str(caught.value.at)
    return str(caught.value).split("\n")[0]


PLAIN = post("---\ntitle: A\n---\nText\n")


def test_front_matter_and_text_are_told_apart() -> None:
    assert Source("a.md", PLAIN.fields, "Text\n", 4) == PLAIN
    assert PLAIN.fields.values == {"title": "A"}
    assert str(PLAIN.fields.at("title")) == "docs/a.md:2:1"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf---\ntitle: A\n---\nText\n", id="byte order mark"),
        pytest.param(b"---\r\ntitle: A\r\n---\r\nText\r\n", id="CRLF"),
        pytest.param(b"---\rtitle: A\r---\rText\r", id="CR alone"),
        pytest.param(b"---\ntitle: A\n...\nText\n", id="closed with dots"),
        pytest.param(b"--- \t\ntitle: A\n--- \t\nText\n", id="blanks behind the fences"),
        pytest.param(b'+++\ntitle = "A"\n+++\nText\n', id="TOML"),
        pytest.param(b'{\n"title": "A"}\nText\n', id="JSON"),
    ],
)
def test_every_way_of_writing_it_reads_the_same(data: bytes) -> None:
    source = post(data)
    assert source.fields.values == {"title": "A"}
    assert source.body == "Text\n"
    assert source.body_line == data.count(b"\r" if b"\n" not in data else b"\n")


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\na: 1\n---\nText", "Text", 4),
        ("---\na: 1\n---\n\n\nText", "Text", 6),
        ("---\na: 1\nb: 2\n---\nText", "Text", 5),
        ("---\na: 1\n---\n\n    code\n", "    code\n", 5),
        ("---\na: 1\n---\n  \nText", "  \nText", 4),
        ("---\na: 1\n---\nText\n---\nMore\n", "Text\n---\nMore\n", 4),
        ("---\na: 1\n---\n---\nA rule first\n", "---\nA rule first\n", 4),
        ("---\na: 1\n---", "", 3),
        ("---\na: 1\n---\n", "", 4),
        ("---\n---\nText", "Text", 3),
        ("---\n# a comment\n---\nText", "Text", 4),
        ("---\na: |\n  ---\n  b\n---\nText", "Text", 6),
        ("+++\na = 1\n+++\n\nText", "Text", 5),
        ('{\n"a": {"b": "}"}\n}\n\nText', "Text", 5),
        ('{\n"a": 1}, and the line goes on', ", and the line goes on", 2),
    ],
)
def test_the_text_begins_after_blank_lines_and_knows_its_line(text: str, body: str, line: int) -> None:
    source = post(text)
    assert (source.body, source.body_line) == (body, line)
    assert text.endswith(body)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Text only",
        "---",
        "----\na: 1\n----\n",
        "\n---\na: 1\n---\n",
        "--- a\n---\n",
        "{% raw %}\n",
        "+++",
        "a: 1\n",
    ],
)
def test_a_file_without_front_matter_is_none(text: str) -> None:
    assert read(text) is None


def test_every_value_knows_its_kind_and_place() -> None:
    values = post(
        "---\ndate: 2026-11-22\ndraft: no\ntitle: 'no'\ntags:\n  - 1.10\nempty:\n---\n"
    ).fields.values
    date, draft, title, tags = (values[key] for key in ("date", "draft", "title", "tags"))
    assert isinstance(date, Scalar)
    assert (date, date.kind, date.line, date.column) == ("2026-11-22", "timestamp", 2, 7)
    assert as_bool(draft) is False
    assert isinstance(title, Scalar)
    assert (title, title.kind, title.quoted) == ("no", "str", True)
    assert tags == ["1.10"]
    assert isinstance(tags, list)
    assert isinstance(tags[0], Scalar)
    assert (tags[0].kind, tags[0].line) == ("float", 6)
    assert is_null(values["empty"])


def test_dates_that_the_calendar_does_not_have_are_left_to_whoever_wants_a_date() -> None:
    assert post("---\ndate: 2026-02-31\n---\n").fields.values == {"date": "2026-02-31"}


def test_any_key_will_do() -> None:
    source = post("---\ncontent: A\nhandler: B\nmetadata: C\n1: D\nyes: E\n2026-11-22: F\n~: G\n---\nText")
    assert list(source.fields.values) == ["content", "handler", "metadata", "1", "yes", "2026-11-22", "~"]
    assert source.body == "Text"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: A\n", "docs/a.md:1: the front matter is never closed"),
        ("---\n\nA rule, then text.\n", "docs/a.md:1: the front matter is never closed"),
        ("+++\na = 1\n---\n", "docs/a.md:1: the front matter is never closed"),
        ("---\n\nText between two rules\n\n---\n", "docs/a.md:2: keys with values are wanted here, this is a single value"),
        ("---\n- a\n- b\n---\nText", "docs/a.md:2: keys with values are wanted here, this is a list"),
        ("---\ntitle: A: B\n---\n", "docs/a.md:2:9: this is not YAML: mapping values are not allowed in this context"),
        ("---\n\ttitle: A\n---\n", "docs/a.md:2:1: this is not YAML: found character that cannot start any token"),
        ("---\nb:\n\t- c\n---\n", "docs/a.md:3:1: this is not YAML: found character that cannot start any token"),
        ("---\na: *here\n---\n", "docs/a.md:2:4: this is not YAML: found undefined alias"),
        ("---\ntitle: 'A\n---\n", "docs/a.md:3:1: this is not YAML: found unexpected end of stream"),
        ("---\n[a, b]: c\n---\n", "docs/a.md:2:1: a key must be a single value, this one is a list or a mapping"),
        ("---\na: \x07\n---\n", "docs/a.md:2:4: YAML does not allow the character U+0007"),
        ("---\na: !mine b\n---\n", "docs/a.md:2:4: the tag '!mine' is not allowed here"),
        ("+++\na =\n+++\n", "docs/a.md:2:4: this is not TOML: Invalid value"),
        ('{\n"a": 1,\n}\n', "docs/a.md:3:1: this is not JSON: Expecting property name enclosed in double quotes"),
        ('{\n"a": 1\n', "docs/a.md:3:1: this is not JSON: Expecting ',' delimiter"),
        ('{\n"a": 1,\n"a": 2\n}\n', "docs/a.md:1: the key 'a' stands here twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where(text: str, message: str) -> None:
    assert refusal(text) == message


def test_an_empty_line_is_counted_in_the_place_of_an_error() -> None:
    assert refusal("\ufeff---\r\n\r\na: 1\r\nb: c: d\r\n---\r\n").startswith("docs/a.md:4:5: ")


def test_a_key_that_stands_twice_is_pointed_out_and_the_last_one_counts() -> None:
    findings: list[Finding] = []
    assert post("---\ntitle: A\ntags: [x]\ntitle: B\n---\n", findings).fields.values["title"] == "B"
    (finding,) = findings
    assert (finding.severity, finding.rule) == (Severity.WARNING, "duplicate-key")
    assert str(finding).startswith("docs/a.md:4:1: warning: the key 'title' stands here twice")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff", "1:1"),
        (b"---\ntitle: caf\xe9\n---\n", "2:11"),
        (b"\xef\xbb\xbf---\ntitle: caf\xe9\n---\n", "2:11"),
        ("---\r\ntitle: Zoë ".encode() + b"\xe9\r\n", "2:12"),
        (b"---\rtitle: \xe9\r", "2:8"),
        (b"ab\xc3", "1:3"),
    ],
)
def test_bytes_that_are_no_utf8_are_refused_with_line_and_column(data: bytes, place: str) -> None:
    assert refusal(data).startswith(f"docs/a.md:{place}: this is not UTF-8 text: byte 0x")


@pytest.mark.parametrize("byte", [0xE9, 0xFF, 0xC3])
def test_the_byte_that_is_no_utf8_is_named_behind_a_byte_order_mark_too(byte: int) -> None:
    assert refusal(b"\xef\xbb\xbfab" + bytes([byte])).endswith(f"byte 0x{byte:02x}")


def test_a_nul_is_left_out_with_a_warning() -> None:
    findings: list[Finding] = []
    source = post("---\r\ntitle: A\0B\r\n---\r\nTe\0xt", findings)
    assert (source.fields.values, source.body) == ({"title": "AB"}, "Text")
    assert [str(each).split("\n")[0] for each in findings] == [
        "docs/a.md:2:9: warning: a NUL character is left out"
    ]


@pytest.mark.parametrize("tag", ["apply:os.system", "new:os.system", "name:os.system", "module:antigravity"])
def test_python_tags_are_refused_and_never_run(tag: str, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    kind = "object/" if tag.startswith(("apply", "new")) else ""
    text = f"---\ntitle: !!python/{kind}{tag} ['touch {proof}']\n---\nText"
    assert refusal(text).startswith("docs/a.md:2:8: the tag ")
    assert not proof.exists()


def doubled(steps: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, steps)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"---\n{doubled(9)}\n---\n", id="aliases that multiply"),
        pytest.param(f"---\na: {'[' * 60}{']' * 60}\n---\n", id="nested lists"),
        pytest.param(f"---\na: {'[' * 100_000}\n---\n", id="nested lists that never end"),
        pytest.param(
            "---\n" + "\n".join(f"{' ' * n}a:" for n in range(200)) + "\n---\n", id="nested mappings"
        ),
        pytest.param("---\n" + "- " * 20_000 + "a\n---\n", id="nested dashes"),
        pytest.param(f"+++\na = {'[' * 400}{']' * 400}\n+++\n", id="nested TOML"),
        pytest.param('{\n"a": ' + "[" * 100_000, id="nested JSON"),
    ],
)
def test_data_that_would_fill_the_memory_is_refused(text: str) -> None:
    with pytest.raises(FeedsError) as caught:
        read(text)
    assert caught.value.rule == "data-too-large"


def test_aliases_that_stay_small_are_read() -> None:
    assert post("---\na: &x [b]\nc: *x\n---\n").fields.values == {"a": ["b"], "c": ["b"]}


def test_numbers_of_any_length_stay_text() -> None:
    digits = "7" * 5000
    assert post(f'{{\n"a": {digits}\n}}\nText').fields.values == {"a": digits}
    assert post(f"---\na: {digits}\n---\nText").fields.values == {"a": digits}


PIECES = st.sampled_from(
    ["---", "...", "+++", "{", "}", "\n", "\n\n", " ", "\t", ": ", "- ", "title", "[", "]", "'", '"', "#", "|", ">", "&a",
     "*a", "!!str", "!x", "<<", "= ", ",", "\\", "%", "?", "é", "\ufeff", "\u2028", "\x85", "\x00", "\x1b", "日本", "🏔️"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda parts: "---\n" + "".join(parts))
)


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused_and_nothing_of_its_body_is_lost(text: str) -> None:
    try:
        source = parse_source(text, "a.md", "docs/a.md", lambda finding: None)
    except FeedsError as error:
        assert error.at is not None
        assert error.at.path == "docs/a.md"
        assert error.at.line is not None
        assert error.at.line <= text.count("\n") + text.count("\x85") + text.count("\u2028") + 1
        return
    if source is not None:
        assert text.endswith(source.body)
        before = text[: len(text) - len(source.body)]
        assert source.body_line == before.count("\n") + 1
        assert not source.body.startswith("\n")


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = parse_text(data, "docs/a.md", lambda finding: None)
    except FeedsError as error:
        assert error.rule == "encoding"
    else:
        assert "\r" not in text
        assert "\0" not in text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0\ufeff")))
@settings(deadline=None)
def test_text_without_line_ends_of_another_system_comes_as_it_is(text: str) -> None:
    assert parse_text(text.encode(), "docs/a.md", lambda finding: None) == text
