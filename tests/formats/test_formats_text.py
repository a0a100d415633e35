from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from formats_samples import ANY_TEXT
from hypothesis import given, settings

from feeds.formats.text import clean, clean_line, clean_uri


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tab\tand\nline", "tab\tand\nline"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("nul\x00, bell\x07, page\x0c, delete\x7f", "nul, bell, page, delete"),
        ("\x80 to \x9f, which Windows text leaves behind", " to , which Windows text leaves behind"),
        ("no characters: \ufffe\uffff", "no characters: "),
        ("half of a pair: \ud83d", "half of a pair: \ufffd"),
        ("a pair in two halves: \ud83c\udf3f", "a pair in two halves: 🌿"),
        ("Übung, 苔, 🌿, a\u0301, \u200d", "Übung, 苔, 🌿, a\u0301, \u200d"),
    ],
)
def test_clean(before: str, after: str) -> None:
    assert clean(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  two\n\t words \r\n", "two words"),
        ("Oui\u00a0!", "Oui\u00a0!"),
        ("\x00\n", ""),
    ],
)
def test_clean_line(before: str, after: str) -> None:
    assert clean_line(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("https://a.example/b/?c=d&e=f;g#h", "https://a.example/b/?c=d&e=f;g#h"),
        ("https://a.example/zürich und 苔/", "https://a.example/z%C3%BCrich%20und%20%E8%8B%94/"),
        ("https://a.example/z%C3%BCrich/", "https://a.example/z%C3%BCrich/"),
        ("https://a.example/100%/50%2", "https://a.example/100%25/50%252"),
        ('https://a.example/"<a>|b[1]', "https://a.example/%22%3Ca%3E%7Cb%5B1%5D"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        (" https://a.example/\n", "https://a.example/"),
    ],
)
def test_clean_uri(before: str, after: str) -> None:
    assert clean_uri(before) == after


@given(ANY_TEXT)
@settings(deadline=None)
def test_clean_text_survives_xml_and_cleaning_again(text: str) -> None:
    element = ElementTree.Element("a")
    element.text = clean(text)
    assert (ElementTree.fromstring(ElementTree.tostring(element, "utf-8")).text or "") == clean(text)
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(ANY_TEXT)
@settings(deadline=None)
def test_clean_uri_has_only_uri_characters_and_is_stable(text: str) -> None:
    url = clean_uri(text)
    assert re.fullmatch(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", url)
    assert clean_uri(url) == url
