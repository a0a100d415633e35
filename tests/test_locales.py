from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest
from babel.dates import format_date
from babel.dates import format_skeleton as babel_skeleton
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.locales import format_day, format_skeleton


@given(day=st.dates(), language=st.sampled_from(["en", "en-US", "en-GB", "de", "ja", "xx"]))
@example(dt.date(1, 1, 1), "en")
@example(dt.date(9999, 12, 31), "en-US")
def test_days_are_written_as_in_the_unicode_locale_data(day: dt.date, language: str) -> None:
    locale = "en" if language == "xx" else language.replace("-", "_")
    instant = dt.datetime.combine(day, dt.time(), dt.UTC)
    assert format_day(day, language) == format_date(day, "long", locale=locale)
    for skeleton in ("yMMMM", "y", "yMMMd"):
        written = babel_skeleton(skeleton, instant, locale=locale)
        assert format_skeleton(day, skeleton, language) == written


@pytest.mark.parametrize(("language", "is_loaded"), [("en", False), ("en-US", False), ("en-GB", True)])
def test_american_english_needs_no_locale_data(language: str, is_loaded: bool) -> None:
    program = (
        "import datetime, sys\nfrom feeds.locales import format_day, format_skeleton\n"
        "day = datetime.date(2026, 11, 20)\n"
        f"print(format_day(day, {language!r}), format_skeleton(day, 'yMMMM', {language!r}), sep=' / ')\n"
        "print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    day = "20 November 2026" if is_loaded else "November 20, 2026"
    assert done.stdout.split("\n")[:2] == [f"{day} / November 2026", str(is_loaded)]
