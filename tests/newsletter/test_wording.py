"""Words, dates and the direction of script."""

import datetime as dt
import re

import pytest

from feeds.locales import direction, format_day, language_filters
from feeds.newsletter.periods import parse_period
from feeds.newsletter.phrases import PHRASES
from feeds.newsletter.wording import STRINGS, format_period, known_names, learn_names, words


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("", "ltr"),
        ("en", "ltr"),
        ("ja-JP", "ltr"),
        ("ar", "rtl"),
        ("AR-EG", "rtl"),
        ("he", "rtl"),
        ("fa_IR", "rtl"),
        ("ur", "rtl"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
    ],
)
def test_direction(language, expected):
    assert direction(language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "November 3, 2026"),
        ("en-GB", "3 November 2026"),
        ("de", "3. November 2026"),
        ("pt-BR", "3 de novembro de 2026"),
        ("ja", "2026年11月3日"),
        ("zh-Hans-CN", "2026年11月3日"),
        ("de-XX", "3. November 2026"),
        ("", "November 3, 2026"),
        ("not a tag", "November 3, 2026"),
    ],
)
def test_days_are_written_in_the_language(language, expected):
    assert format_day(dt.date(2026, 11, 3), language) == expected


def test_templates_write_the_day_of_a_date_and_of_an_instant_as_it_was_written():
    day = language_filters("de")["day"]
    assert day(dt.date(2026, 11, 3)) == "3. November 2026"
    assert day(dt.datetime.fromisoformat("2026-11-03T00:30:00+14:00")) == "3. November 2026"


@pytest.mark.parametrize("id", ["2026-11", "2026-Q4", "2026-W47", "2026-12-30--2027-01-03"])
@pytest.mark.parametrize("language", ["en", "fr", "ru", "pt-BR"])
def test_periods_hold_no_special_spaces(id, language):
    assert not set(format_period(parse_period(id), language)) & set("\u00a0\u2009\u202f")


def test_names_of_periods_are_known_by_their_ids_and_can_be_learnt():
    november = parse_period("2026-11")
    assert format_period(november, "fr") == known_names("fr")["2026-11"] == "novembre 2026"
    learn_names("x-made-up", {"2026-11": "Mistmonth"})
    assert format_period(november, "x-made-up") == "Mistmonth"
    assert known_names("x-unheard-of") == {}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-GB", ("en-GB", "Unsubscribe")),
        ("de", ("de", "Abbestellen")),
        ("pt_BR", ("pt_BR", "Cancelar a assinatura")),
        ("HE", ("HE", "ביטול הרישום")),
        ("zh-Hans-CN", ("zh-Hans-CN", "退订")),
        ("zh-TW", ("en", "Unsubscribe")),
        ("fa", ("en", "Unsubscribe")),
        ("", ("en", "Unsubscribe")),
    ],
)
def test_a_letter_speaks_the_language_of_its_site(language, expected):
    spoken, strings = words(language)
    assert (spoken, strings["unsubscribe"]) == expected


@pytest.mark.parametrize("language", PHRASES)
def test_every_language_says_everything(language):
    phrases = PHRASES[language]
    assert list(phrases) == list(STRINGS)
    for name, phrase in phrases.items():
        assert phrase.strip() == phrase != "", name
        assert re.findall("%.", phrase) == re.findall("%.", STRINGS[name]), name
