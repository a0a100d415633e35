"""A letter that Gmail would cut off is shortened, or refused."""

import re
from dataclasses import replace
from functools import cache
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import SETTINGS, make_entry, make_issue, make_look, make_post, make_site

from feeds.errors import FeedsError
from feeds.model import UNSUBSCRIBE_URL, Issue
from feeds.newsletter import render_letter, render_page
from feeds.newsletter.budget import (
    LARGE,
    LINK,
    TARGET,
    TITLES,
    TOO_LARGE,
    Cost,
    fit,
    letter_size,
    shorten_issue,
)

SITE = make_site()


def issue_of(*sections: tuple[str, tuple[int, ...]]) -> Issue:
    """An issue whose sections have entries of so many characters, newest first."""
    entries = [
        make_entry(
            make_post(f"{title}{n}", f"2026-11-{20 - n // 24:02}T{23 - n % 24:02}:00:00+00:00", categories=(title,)),
            f"<p>{'x' * size}</p>",
        )
        for title, sizes in sections
        for n, size in enumerate(sizes)
    ]  # fmt: skip
    return make_issue(SITE, entries, replace(SETTINGS, categories=tuple(title for title, _ in sections)))


def shape(issue: Issue) -> list[tuple[str, list[str], list[str], int]]:
    """What each section shows: entries, titles, and how many more."""
    return [
        (
            section.title,
            [entry.post.title for entry in section.entries],
            [post.title for post in section.titles],
            section.more,
        )
        for section in issue.sections
    ]


def shortened(issue: Issue, excess: int) -> Issue:
    return shorten_issue(issue, [Cost(entry, len(entry.excerpt.html)) for entry in issue.entries], excess)


def plain(issue: Issue) -> str:
    """A letter without any style."""
    shown = "".join(
        f"<h2>{escape(section.title)}</h2>{''.join(map(whole, section.entries))}"
        + "".join(f'<p><a href="{post.url}">{escape(post.title)}</a></p>' for post in section.titles)
        + (f"<p>{section.more} more</p>" if section.more else "")
        for section in issue.sections
    )
    return f"<html><body>{whole(issue.lead) if issue.lead else ''}{shown}{UNSUBSCRIBE_URL}</body></html>"


def whole(entry) -> str:
    return f'<h3><a href="{entry.post.url}">{escape(entry.post.title)}</a></h3>{entry.excerpt.html}'


def styled(html: str, issue: Issue) -> str:
    return html.replace("<p>", f'<p style="{"margin:0;" * 20}">')


# --- the rule ---------------------------------------------------------------------------------------------


def test_the_largest_section_gives_its_last_entries():
    issue = issue_of(("A", (9000, 9000, 9000)), ("B", (9000, 9000)))
    assert shape(shortened(issue, 1)) == [("A", ["A0", "A1"], ["A2"], 0), ("B", ["B0", "B1"], [], 0)]
    # Now both are as large, and the later one gives.
    assert shape(shortened(issue, 9000)) == [("A", ["A0", "A1"], ["A2"], 0), ("B", ["B0"], ["B1"], 0)]
    assert shape(shortened(issue, 18000)) == [("A", ["A0"], ["A1", "A2"], 0), ("B", ["B0"], ["B1"], 0)]


def test_a_section_keeps_its_first_entry_while_others_can_give():
    issue = issue_of(("A", (90_000,)), ("B", (100, 4000)))
    assert shape(shortened(issue, 1)) == [("A", ["A0"], [], 0), ("B", ["B0"], ["B1"], 0)]
    assert shape(shortened(issue, 9000)) == [("A", [], ["A0"], 0), ("B", ["B0"], ["B1"], 0)]


def test_the_lead_is_never_shortened():
    issue = issue_of(("A", (5000, 5000)))
    first, second = issue.entries
    section = replace(issue.sections[0], entries=(second,))
    leading = shortened(replace(issue, lead=first, sections=(section,)), 10**9)
    assert leading.lead == first
    assert shape(leading) == [("A", [], [], 1)]


def test_beyond_ten_titles_posts_are_counted():
    issue = issue_of(("A", (9000,) * 20))
    ((_, entries, titles, more),) = shape(shortened(issue, 9000 * 14))
    assert (entries, more) == (["A0", "A1", "A2", "A3", "A4"], 5)
    assert titles == [f"A{n}" for n in range(5, 15)]
    assert len(titles) == TITLES


def test_once_no_entry_is_left_titles_are_counted():
    issue = issue_of(("A", (10,) * 3), ("B", (10,) * 2))
    assert shape(shortened(issue, 10**9)) == [("A", [], [], 3), ("B", [], [], 2)]


# --- the letter -------------------------------------------------------------------------------------------


sizes = st.lists(st.lists(st.integers(1, 30_000), min_size=1, max_size=25).map(tuple), min_size=1, max_size=6)


@settings(deadline=None, max_examples=30)
@given(sizes, st.booleans())
def test_any_issue_fits_and_loses_no_post(sections, has_lead):
    issue = issue_of(*((chr(65 + n), each) for n, each in enumerate(sections)))
    if has_lead:
        first = issue.sections[0]
        issue = replace(
            issue,
            lead=first.entries[0],
            sections=(replace(first, entries=first.entries[1:]), *issue.sections[1:]),
        )
    findings = []
    shown, html = fit(issue, plain, styled, "shorten", findings.append)
    assert letter_size(html) <= TOO_LARGE
    assert shown.lead == issue.lead
    for before, after in zip(issue.sections, shown.sections, strict=True):
        shown_posts = [*(entry.post for entry in after.entries), *after.titles]
        assert shown_posts == [entry.post for entry in before.entries][: len(shown_posts)]
        assert len(shown_posts) + after.more == len(before.entries)
        assert after.entries == before.entries[: len(after.entries)]
    whole_size = letter_size(styled(plain(issue), issue))
    if whole_size <= TOO_LARGE:
        assert shown == issue
    else:
        assert letter_size(html) <= TARGET
    assert len(findings) == (whole_size > LARGE)
    assert fit(issue, plain, styled, "shorten", [].append) == (shown, html)


def test_a_letter_is_inlined_three_times_at_most():
    issue = issue_of(*((chr(65 + n), (3000, 2000, 9000, 300) * 6) for n in range(8)))
    runs = []

    def counted(html: str, shown: Issue) -> str:
        runs.append(html)
        return styled(html, shown)

    _, html = fit(issue, plain, counted, "shorten", [].append)
    assert 0.8 * TARGET <= letter_size(html) <= TARGET
    assert len(runs) <= 3


def test_the_order_in_which_posts_come_changes_nothing():
    entries = [
        make_entry(make_post(f"p{n}", categories=("AB"[n % 2],)), f"<p>{'x' * 400 * n}</p>")
        for n in range(40)
    ]
    one, other = (make_issue(SITE, each) for each in (entries, entries[::-1]))
    assert fit(one, plain, styled, "shorten", [].append) == fit(other, plain, styled, "shorten", [].append)


def test_a_template_that_shows_titles_alone_is_shortened_too():
    def titles(issue: Issue) -> str:
        shown = [post.title for post in issue.posts]
        return f"<html><body>{''.join(f'<p>{escape(title) * 40}</p>' for title in shown)}</body></html>"

    issue = issue_of(("Aaaaaaaaaaaaaaaaaaaa", (10,) * 60), ("Bbbbbbbbbbbbbbbbbbbbbbbb", (10,) * 90))
    findings = []
    _, html = fit(issue, titles, styled, "shorten", findings.append)
    assert letter_size(html) <= TARGET
    assert len(findings) == 1


def test_a_style_that_inlining_adds_to_the_head_changes_nothing_about_the_bytes():
    def headed(html: str, shown: Issue) -> str:
        return styled(html, shown).replace("<html>", "<html><head><style></style></head>")

    issue = issue_of(*((name, (9000, 3000) * 9) for name in "ABC"))
    one, _ = fit(issue, plain, headed, "shorten", [].append)
    other, _ = fit(issue, plain, styled, "shorten", [].append)
    assert one == other


def test_each_link_to_unsubscribe_counts_as_long_as_a_readers_own():
    assert letter_size("é") == 2
    assert letter_size(f"{UNSUBSCRIBE_URL} {UNSUBSCRIBE_URL}") == 2 * LINK + 1


# --- a real letter ----------------------------------------------------------------------------------------


@cache
def made(count: int, words: int = 60, **changes):
    """Letter and findings of an issue of so many posts in three categories."""
    entries = [
        make_entry(
            make_post(
                f"post-{n}", f"2026-11-{28 - n % 28:02}T{n // 28:02}:00:00+00:00", categories=("Abc"[n % 3],)
            ),
            f"<p>{'word ' * words}</p>",
            text="word " * words,
        )
        for n in range(count)
    ]
    findings = []
    look = make_look(SITE, replace(SETTINGS, **changes))
    issue = make_issue(SITE, entries)
    letter = render_letter(look, issue, findings.append)
    assert letter.issue == issue
    return letter, findings, render_page(look, issue)


def test_a_letter_of_usual_size_is_left_alone():
    letter, findings, _ = made(20)
    assert letter_size(letter.html) < LARGE
    assert findings == []
    assert letter.html.count("<h3") == 20


def test_a_letter_near_the_limit_names_what_costs_most():
    letter, (finding,), _ = made(7, 2200, overflow="fail")
    assert LARGE < letter_size(letter.html) <= TOO_LARGE
    assert finding.rule == "letter-size"
    assert re.fullmatch(
        r"the letter 2026-11 has \d\d KB of HTML; Gmail cuts off what is beyond 100 KB", finding.message
    )
    assert re.match(r"these cost most: docs/posts/post-\d\.md \(1\d,\d{3} bytes\), ", finding.help)
    assert str(finding.at).startswith("docs/posts/post-")


def test_a_letter_that_is_not_to_be_shortened_is_refused():
    with pytest.raises(FeedsError, match=r"has \d{3} KB of HTML; Gmail cuts it off") as refused:
        made(90, 100, overflow="fail")
    assert refused.value.help.startswith("these cost most: docs/posts/post-")
    assert 'overflow = "shorten"' in refused.value.help


def test_a_letter_that_is_too_large_is_shortened_alike_in_both_parts_and_the_page_is_whole():
    letter, (finding,), page = made(150)
    assert 0.8 * TARGET < letter_size(letter.html) <= TARGET
    assert re.fullmatch(
        r"the letter 2026-11 is too large for Gmail, and shows 30 by their titles alone and \d+ only counted",
        finding.message,
    )
    counted = sum(map(int, re.findall(r"(\d+) more on the site", letter.text)))
    for part in (letter.html, letter.text):
        shown = {n for n in range(150) if f"https://notes.example/post-{n}/" in part}
        assert len(shown) + counted == 150
    assert all(f"https://notes.example/post-{n}/" in page for n in range(150))


def test_the_bytes_of_an_entry_are_those_in_the_letter():
    letter, (finding,), _ = made(7, 2200)
    sizes = [int(size.replace(",", "")) for size in re.findall(r"\(([\d,]+) bytes\)", finding.help)]
    assert len(sizes) == 5
    assert all(11_000 < size < 12_500 for size in sizes)
    assert sum(sizes) < letter_size(letter.html) * 5 / 7
