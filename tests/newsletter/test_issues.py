"""Which posts an issue holds, under which headings, and what it is called."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import SETTINGS, make_entry, make_issue, make_post, make_site

from feeds.config import NewsletterSettings
from feeds.errors import FeedsError, UsageError
from feeds.newsletter import plan_issue

DAY = dt.date(2026, 11, 20)


def titles(plan) -> list[tuple[str, list[str]]]:
    return [(section.title, [post.title for post in section.posts]) for section in plan.sections]


def headings(*categories: tuple[str, ...], **configured) -> list[str]:
    posts = [make_post(f"p{n}", categories=each) for n, each in enumerate(categories)]
    return [section.title for section in plan_issue(NewsletterSettings(**configured), posts).sections]


# --- which posts ------------------------------------------------------------------------------------------


def test_without_posts_there_is_no_issue():
    assert plan_issue(SETTINGS, []) is None


@pytest.mark.parametrize(
    ("period", "id", "chosen"),
    [
        ("monthly", "2026-11", ["A", "B"]),
        ("weekly", "2026-W48", ["A"]),
        ("quarterly", "2026-Q4", ["A", "B", "C"]),
    ],
)
def test_the_newest_issue_is_the_period_of_the_newest_post(period, id, chosen):
    posts = [
        make_post("c", "2026-10-02T00:00:00+00:00"),
        make_post("a", "2026-11-23T00:00:00+00:00"),
        make_post("b", "2026-11-22T23:59:00+00:00"),
    ]
    plan = plan_issue(NewsletterSettings(period=period), posts)
    assert (plan.period.id, [post.title for post in plan.posts]) == (id, chosen)


def test_a_day_is_the_one_written_in_the_post():
    written = make_post("written", "2026-12-01T00:30:00+14:00")  # still November in UTC
    assert plan_issue(NewsletterSettings(), [written]).period.id == "2026-12"


@pytest.mark.parametrize(
    ("choice", "id", "chosen"),
    [
        ({"issue_id": "2026-10"}, "2026-10", ["C"]),
        ({"issue_id": "2026-W44"}, "2026-W44", ["C", "B"]),
        ({"issue_id": "2026-Q4"}, "2026-Q4", ["C", "B", "A"]),
        ({"issue_id": "2026-10-30--2026-11-01"}, "2026-10-30--2026-11-01", ["C", "B"]),
        ({"since": dt.date(2026, 11, 1)}, "2026-11-01--2026-11-20", ["B", "A"]),
        ({"until": dt.date(2026, 11, 1)}, "2026-10-31--2026-11-01", ["C", "B"]),
        (
            {"since": dt.date(2026, 11, 1), "until": dt.date(2026, 11, 1)},
            "2026-11-01--2026-11-01",
            ["B"],
        ),
    ],
)
def test_an_issue_is_chosen_by_its_id_or_its_days(choice, id, chosen):
    posts = [
        make_post("a", "2026-11-20T00:00:00+00:00"),
        make_post("b", "2026-11-01T00:00:00+00:00"),
        make_post("c", "2026-10-31T00:00:00+00:00"),
    ]
    plan = plan_issue(NewsletterSettings(period="weekly"), posts, **choice)
    assert (plan.period.id, sorted(post.title for post in plan.posts)) == (id, sorted(chosen))


@pytest.mark.parametrize(
    ("choice", "message", "help"),
    [
        ({"issue_id": "november"}, "'november' names no issue", "the newest issue is 2026-11"),
        ({"issue_id": "2026-13"}, "'2026-13' names no issue", "2026-W47"),
        ({"issue_id": "2026-11", "since": DAY}, "an issue is chosen by its id or by its days", "leave one"),
        ({"since": DAY, "until": dt.date(2026, 11, 1)}, "would begin on 2026-11-20 and end on", "2026-09-01"),
        ({"since": dt.date(2027, 1, 1)}, "would begin on 2027-01-01 and end on 2026-11-20", "to 2026-11-20"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(choice, message, help):
    posts = [make_post("a", "2026-11-20T00:00:00+00:00"), make_post("b", "2026-09-01T00:00:00+00:00")]
    with pytest.raises(UsageError) as refused:
        plan_issue(NewsletterSettings(), posts, **choice)
    assert message in refused.value.message
    assert help in refused.value.help


@pytest.mark.parametrize(
    ("id", "help"),
    [
        ("2026-10", "issues that have posts: 2026-07, 2026-08, 2026-11"),
        ("2026-W40", "issues that have posts: 2026-W27, 2026-W33, 2026-W47"),
        ("2020-Q1", "issues that have posts: 2026-Q1, 2026-Q3, 2026-Q4"),
        ("2026-10-01--2026-10-02", "issues that have posts: 2026-07, 2026-08, 2026-11"),
    ],
)
def test_an_issue_without_posts_names_its_neighbours(id, help):
    posts = [make_post(day, f"2026-{day}T00:00:00+00:00") for day in ("01-05", "07-01", "08-10", "11-20")]
    with pytest.raises(FeedsError, match="no post was published in the issue") as refused:
        plan_issue(NewsletterSettings(), posts, issue_id=id)
    assert refused.value.help == help


# --- under which headings ---------------------------------------------------------------------------------


def test_a_post_stands_under_its_first_category_by_the_configured_order():
    posts = [
        make_post("both", categories=("Python", "Releases")),
        make_post("python", categories=("Other", "Python")),
        make_post("neither", categories=("Zebra", "Apple")),
        make_post("none"),
    ]
    assert titles(plan_issue(SETTINGS, posts)) == [
        ("Releases", ["Both"]),
        ("Python", ["Python"]),
        ("Zebra", ["Neither"]),
        ("More", ["None"]),
    ]


@pytest.mark.parametrize(
    ("categories", "configured", "expected"),
    [
        ([("b",), ("A",), ("c",)], {}, ["A", "b", "c"]),
        ([("news",)], {"categories": ("News",)}, ["News"]),
        ([("STRASSE",)], {"categories": ("Straße",)}, ["Straße"]),
        ([("b",), ("a",)], {"categories": ("Absent", "b")}, ["b", "a"]),
        ([(), ("zebra",)], {}, ["zebra", "More"]),
        ([(), ("zebra",)], {"other": "Und sonst"}, ["zebra", "Und sonst"]),
        ([()], {}, ["Posts"]),
        ([(), ("More",), ("zebra",)], {}, ["zebra", "More"]),
        ([(), ("News",)], {"categories": ("News",), "other": "News"}, ["News"]),
    ],
)
def test_the_order_of_headings(categories, configured, expected):
    assert headings(*categories, **configured) == expected


def test_inside_a_section_the_newest_stands_first_and_ids_part_equals():
    posts = [
        make_post("b"),
        make_post("old", "2026-11-01T00:00:00+00:00"),
        make_post("a"),
        make_post("later-by-its-offset", "2026-11-20T08:30:00-05:00"),
    ]
    assert titles(plan_issue(SETTINGS, posts)) == [("Posts", ["Later by its offset", "A", "B", "Old"])]


names = st.sampled_from(["Python", "python", "Releases", "More", "Élan", "日本語"])
lists = st.lists(st.lists(names, max_size=3), min_size=1, max_size=12)


@settings(deadline=None)
@given(lists, st.lists(names, max_size=3), st.sampled_from(["", "More", "Python", "Rest"]), st.randoms())
def test_every_post_is_in_exactly_one_section_whatever_their_order(categories, order, other, random):
    wanted = NewsletterSettings(categories=tuple(order), other=other)
    posts = [make_post(f"p{n:02}", categories=tuple(each)) for n, each in enumerate(categories)]
    plan = plan_issue(wanted, posts)
    assert sorted(post.id for post in plan.posts) == [post.id for post in posts]
    assert len({section.title.casefold() for section in plan.sections}) == len(plan.sections)
    shuffled = list(posts)
    random.shuffle(shuffled)
    assert plan_issue(wanted, shuffled) == plan


# --- what it is called ------------------------------------------------------------------------------------


def issue_of(*posts, site=None, **choice):
    return make_issue(site or make_site(), [make_entry(post) for post in posts], **choice)


@pytest.mark.parametrize(
    ("language", "choice", "title"),
    [
        ("en", {}, "Field Notes: November 2026"),
        ("de-CH", {}, "Field Notes: November 2026"),
        ("fr", {}, "Field Notes: novembre 2026"),
        ("ja", {}, "Field Notes: 2026年11月"),
        ("ar", {}, "Field Notes: نوفمبر 2026"),
        ("tlh", {}, "Field Notes: November 2026"),
        ("en", {"issue_id": "2026-Q4"}, "Field Notes: Q4 2026"),
        ("en-GB", {"issue_id": "2026-W47"}, "Field Notes: 16–22 Nov 2026"),
    ],
)
def test_the_title_names_newsletter_and_period(language, choice, title):
    issue = issue_of(make_post("a"), site=make_site(language=language), **choice)
    assert issue.title.replace(" – ", "–") == title  # the blanks differ between editions of the locale data
    assert issue.url == f"https://notes.example/newsletter/{issue.id}/"


def test_an_untitled_newsletter_is_called_like_the_site():
    assert make_issue(make_site(), [make_entry(make_post("a"))], NewsletterSettings()).title.startswith(
        "The Site:"
    )


@pytest.mark.parametrize(
    ("post_titles", "subject"),
    [
        (["Only this"], "Only this (November 2026)"),
        (["First", "Second", "Third"], "First + 2 more (November 2026)"),
        (["A\r\nBcc: eve@evil.example\x00\x1b[31m"], "A Bcc: eve@evil.example[31m (November 2026)"),
        (["word " * 30], "word word word word word word word word word word… (November 2026)"),
        (["{{ 7*7 }} <script>"], "{{ 7*7 }} <script> (November 2026)"),
    ],
)
def test_the_subject_leads_with_the_first_post(post_titles, subject):
    posts = [make_post(f"p{n}", title=title) for n, title in enumerate(post_titles)]
    assert issue_of(*posts).subject == subject


def test_issues_with_the_same_posts_have_different_subjects():
    a, b = (issue_of(make_post("a", f"2026-{month}-02T00:00:00+00:00")) for month in ("10", "11"))
    assert a.subject != b.subject


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=200), min_size=1, max_size=5))
def test_subject_and_preheader_keep_their_length_on_one_line(post_titles):
    issue = issue_of(*(make_post(f"p{n}", title=title) for n, title in enumerate(post_titles)))
    assert len(issue.subject) <= 70
    assert 40 <= len(issue.preheader) <= 110
    assert issue.preheader != issue.subject
    assert not [
        char for char in issue.subject + issue.preheader if unicodedata.category(char) in ("Cc", "Zl")
    ]


def test_the_preheader_holds_what_the_subject_leaves_out():
    issue = issue_of(
        make_post("a"), make_post("b", title="How to be brief"), make_post("c", title="A second thing")
    )
    assert issue.preheader == "Also: How to be brief · A second thing — The first lines of A."
    assert issue_of(make_post("a")).preheader.startswith("The first lines of A.")
