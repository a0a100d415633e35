"""Which posts an issue holds, under which headings, and what it is called."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import SETTINGS, make_entry, make_issue, make_post, make_site

from feeds.columns import one_line
from feeds.config import NewsletterSettings
from feeds.errors import FeedsError, Finding, Location, Severity, UsageError
from feeds.model import Fields, Source
from feeds.newsletter import Shelf, check_plans, choose, compile_issue, list_issues, narrowed, unclaimed
from feeds.newsletter.issuefiles import IssueFile, ListedPost, ListedSection
from feeds.newsletter.lines import shorten
from feeds.newsletter.planners import post_issue_id
from feeds.newsletter.subjects import automatic_preheader
from feeds.newsletter.wording import STRINGS

SITE = make_site()
DAY = dt.date(2026, 11, 20)


def plan_of(configured, posts, **choice):
    """The issue that is asked for, of all that there are."""
    return choose(SITE, configured, list_issues(SITE, configured, posts), posts, **choice)


def titles(plan) -> list[tuple[str, list[str]]]:
    return [(section.title, [post.title for post in section.posts]) for section in plan.sections]


def headings(*categories: tuple[str, ...], **configured) -> list[str]:
    posts = [make_post(f"p{n}", categories=each) for n, each in enumerate(categories)]
    return [section.title for section in plan_of(NewsletterSettings(**configured), posts).sections]


# --- which posts ------------------------------------------------------------------------------------------


def test_without_posts_there_is_no_issue():
    assert plan_of(SETTINGS, []) is None


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
    plan = plan_of(NewsletterSettings(period=period), posts)
    assert (plan.id, [post.title for post in plan.posts]) == (id, chosen)


def test_a_day_is_the_one_written_in_the_post():
    written = make_post("written", "2026-12-01T00:30:00+14:00")  # still November in UTC
    assert plan_of(NewsletterSettings(), [written]).id == "2026-12"


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
    plan = plan_of(NewsletterSettings(period="weekly"), posts, **choice)
    assert (plan.id, sorted(post.title for post in plan.posts)) == (id, sorted(chosen))


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
        plan_of(NewsletterSettings(), posts, **choice)
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
        plan_of(NewsletterSettings(), posts, issue_id=id)
    assert refused.value.help == help


# --- under which headings ---------------------------------------------------------------------------------


def test_a_post_stands_under_its_first_category_by_the_configured_order():
    posts = [
        make_post("both", categories=("Python", "Releases")),
        make_post("python", categories=("Other", "Python")),
        make_post("neither", categories=("Zebra", "Apple")),
        make_post("none"),
    ]
    assert titles(plan_of(SETTINGS, posts)) == [
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
    assert titles(plan_of(SETTINGS, posts)) == [("Posts", ["Later by its offset", "A", "B", "Old"])]


names = st.sampled_from(["Python", "python", "Releases", "More", "Élan", "日本語"])
lists = st.lists(st.lists(names, max_size=3), min_size=1, max_size=12)


@settings(deadline=None)
@given(lists, st.lists(names, max_size=3), st.sampled_from(["", "More", "Python", "Rest"]), st.randoms())
def test_every_post_is_in_exactly_one_section_whatever_their_order(categories, order, other, random):
    wanted = NewsletterSettings(categories=tuple(order), other=other)
    posts = [make_post(f"p{n:02}", categories=tuple(each)) for n, each in enumerate(categories)]
    plan = plan_of(wanted, posts)
    assert sorted(post.id for post in plan.posts) == [post.id for post in posts]
    assert len({section.title.casefold() for section in plan.sections}) == len(plan.sections)
    shuffled = list(posts)
    random.shuffle(shuffled)
    assert plan_of(wanted, shuffled) == plan


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


@given(st.lists(st.text(max_size=3), max_size=60))
def test_titles_for_which_the_preheader_has_no_room_make_no_difference(some_titles):
    titles = ["a", *some_titles, *[""] * 300]
    everything = f"{STRINGS['also']} {' · '.join(map(one_line, titles[1:]))}"
    assert automatic_preheader(titles, "", "en") == shorten(everything, 110)


def test_the_preheader_holds_what_the_subject_leaves_out():
    issue = issue_of(
        make_post("a"), make_post("b", title="How to be brief"), make_post("c", title="A second thing")
    )
    assert issue.preheader == "Also: How to be brief · A second thing — The first lines of A."
    assert issue_of(make_post("a")).preheader.startswith("The first lines of A.")


# --- every issue there is ---------------------------------------------------------------------------------

A = make_post("a", "2026-10-05T00:00:00+00:00", categories=("Python",))
B = make_post("b", "2026-11-02T00:00:00+00:00", categories=("Releases",))
C = make_post("c", "2026-11-20T00:00:00+00:00", categories=("Python",))
D = make_post("d", "2026-11-12T00:00:00+00:00")


def path(post) -> str:
    return post.source.fields.path


def file_of(id, *sections, lead=None, **said) -> IssueFile:
    """An issue's file: posts alone, or pairs of a heading and posts."""
    pairs = [each if isinstance(each, tuple) else ("", [each]) for each in sections]
    merged = [("", [post for _, posts in pairs for post in posts])] if pairs and not pairs[0][0] else pairs

    def listed(post) -> ListedPost:
        name = post if isinstance(post, str) else path(post)
        return ListedPost(name, Location(f"newsletter/{id}.md", 5))

    intro = Source(f"../newsletter/{id}.md", Fields(f"newsletter/{id}.md", {}), "", 1)
    sections = tuple(ListedSection(title, tuple(map(listed, posts))) for title, posts in merged)
    place = Location(f"newsletter/{id}.md")
    return IssueFile(id, place, intro, sections, lead=listed(lead) if lead else None, **said)


def held(plans) -> list[tuple[str, list[str]]]:
    return [(plan.id, [post.title for post in plan.posts]) for plan in plans]


def plans_of(posts, *files, shelf=None, **configured):
    return list_issues(SITE, NewsletterSettings(**configured), posts, files, shelf)


def test_every_issue_is_listed_the_oldest_first():
    assert held(plans_of([C, A, B])) == [("2026-10", ["A"]), ("2026-11", ["C", "B"])]


def test_the_file_of_an_issue_decides_what_it_holds():
    """The file leaves C out, and takes A, so that the period of A has nothing left."""
    plans = plans_of([A, B, C], file_of("2026-11", ("First", [B]), ("Old", [A])))
    assert held(plans) == [("2026-11", ["B", "A"])]
    assert [section.title for section in plans[0].sections] == ["First", "Old"]
    assert unclaimed(plans, [A, B, C]) == (C,)


def test_a_post_in_a_file_is_in_no_other_issue_by_itself():
    moved = make_post("a", "2026-12-24T00:00:00+00:00")  # the post of October has got a new date
    plans = plans_of([moved, B, C], file_of("2026-10", moved))
    assert held(plans) == [("2026-10", ["A"]), ("2026-11", ["C", "B"])]


def test_a_list_without_headings_is_grouped_in_its_order():
    plans = plans_of([A, B, C, D], file_of("2026-11", C, D, A, B), categories=("Releases", "Python"))
    assert titles(plans[0]) == [("Python", ["C", "A"]), ("More", ["D"]), ("Releases", ["B"])]


@pytest.mark.parametrize(
    ("id", "said", "title", "days", "newest"),
    [
        ("2026-11", {}, "The Site: November 2026", ("2026-11-01", "2026-11-30"), "2026-11"),
        ("2026-11", {"subject": "Hi"}, "The Site: November 2026", ("2026-11-01", "2026-11-30"), "2026-11"),
        ("at-sea", {}, "The Site: Oct 5 – Nov 2, 2026", ("2026-10-05", "2026-11-02"), "2026-11"),
        ("at-sea", {"subject": "At sea"}, "The Site: At sea", ("2026-10-05", "2026-11-02"), "2026-11"),
        ("at-sea", {"date": dt.date(2026, 11, 25)}, "The Site: Oct 5 – Nov 2, 2026", None, "at-sea"),
    ],
)
def test_what_a_file_names_its_issue(id, said, title, days, newest):
    plans = plans_of([A, B, C], file_of(id, A, B, **said))
    plan = next(plan for plan in plans if plan.id == id)
    assert plan.title.replace("\u2009", " ") == title
    assert days is None or (plan.first.isoformat(), plan.last.isoformat()) == days
    assert plans[-1].id == newest
    assert plan.url == f"https://notes.example/newsletter/{id}/"


def test_subject_preheader_and_introduction_of_a_file_are_those_of_the_letter():
    file = file_of("2026-11", B, C, subject="Hello", preheader="A line")
    (plan,) = plans_of([B, C], file)
    entries = {post.id: make_entry(post) for post in (B, C)}
    intro = make_entry(B, "<p>Dear reader,</p>", "Dear reader,").excerpt
    issue = compile_issue(SITE, NewsletterSettings(), plan, entries, intro)
    assert (issue.subject, issue.preheader, issue.intro) == ("Hello", "A line", "<p>Dear reader,</p>")
    assert plan.intro == file.intro


def test_posts_without_an_entry_stand_by_their_titles():
    plan = plan_of(NewsletterSettings(), [B, C])
    issue = compile_issue(SITE, NewsletterSettings(), plan, {C.id: make_entry(C)})
    assert [(len(each.entries), each.titles) for each in issue.sections] == [(1, ()), (0, (B,))]
    assert issue.posts == plan.posts


def test_a_heading_leads_to_the_page_of_its_category():
    site = make_site(category_page=lambda name: f"category/{name.lower()}/")
    plan = choose(site, NewsletterSettings(), list_issues(site, NewsletterSettings(), [C, D]), [C, D])
    issue = compile_issue(site, NewsletterSettings(), plan, {})
    assert [each.url for each in issue.sections] == ["https://notes.example/category/python/", ""]


# --- the lead ---------------------------------------------------------------------------------------------

PINNED = make_post("pinned", "2026-11-04T00:00:00+00:00", pinned=True, categories=("Python",))
PINNED_LATER = make_post("pinned-later", "2026-11-06T00:00:00+00:00", pinned=True)


def test_the_newest_pinned_post_leads_and_stands_nowhere_else():
    plan = plan_of(NewsletterSettings(), [PINNED, PINNED_LATER, C])
    assert plan.lead == PINNED_LATER
    assert titles(plan) == [("Python", ["C", "Pinned"])]
    assert [post.title for post in plan.posts] == ["Pinned later", "C", "Pinned"]
    issue = make_issue(SITE, [make_entry(post) for post in (PINNED, PINNED_LATER, C)])
    assert issue.lead.post == PINNED_LATER
    assert issue.subject == "Pinned later + 2 more (November 2026)"


def test_a_single_post_needs_no_lead():
    assert plan_of(NewsletterSettings(), [PINNED]).lead is None


@pytest.mark.parametrize("posts", [(B, C), (B, C, PINNED), (B, PINNED)])
def test_a_file_can_name_the_lead_whether_it_lists_it_or_not(posts):
    plans = plans_of([B, C, PINNED], file_of("2026-11", *posts, lead=C))
    assert plans[0].lead == C
    assert sorted(post.title for post in plans[0].posts) == sorted({*(p.title for p in posts), "C"})
    assert C not in [post for section in plans[0].sections for post in section.posts]


# --- one mail a post --------------------------------------------------------------------------------------


def test_each_post_can_be_an_issue_that_looks_like_it():
    plans = plans_of([C, A, B], period="post")
    assert [plan.posts for plan in plans] == [(A,), (B,), (C,)]
    plan = plans[-1]
    assert (plan.title, plan.url, plan.sections, plan.lead) == ("C", C.url, (), C)
    assert (plan.is_post, plan.has_page) == (True, False)
    issue = compile_issue(SITE, NewsletterSettings(period="post"), plan, {C.id: make_entry(C)})
    assert (issue.subject, issue.title, issue.sections) == ("C", "C", ())
    assert issue.lead.post == C
    assert issue.preheader.startswith("The first lines of C.")


@pytest.mark.parametrize("wanted", ["c-ee6a39", path(C), f"./{path(C)}"])
def test_the_issue_of_a_post_is_found_by_its_id_or_its_file(wanted):
    plan = plan_of(NewsletterSettings(period="post"), [A, B, C], issue_id=wanted)
    assert plan.posts == (C,)


@pytest.mark.parametrize(
    ("id", "slug"),
    [
        ("https://notes.example/2026/11/High%20Tide/", "high-tide"),
        ("https://notes.example/a/v1.2_final.html", "v1-2-final"),
        ("https://notes.example/a/index.html", "a"),
        ("https://notes.example/静的サイト/", "静的サイト"),
        ("https://notes.example/" + "x" * 300 + "/", "x" * 90),
        ("https://notes.example/con/", "con"),
        ("urn:1234", "urn-1234"),
        ("tag:notes.example,2026:/blog/tide", "tide"),
    ],
)
def test_the_id_of_a_posts_issue_is_made_of_its_id(id, slug):
    found = post_issue_id(make_post("a", id=id))
    assert found.rpartition("-")[0] == slug
    assert len(found.encode()) <= 100


@given(st.text(min_size=1, max_size=300).map(lambda text: text.encode("utf-8", "replace").decode()))
def test_the_id_of_a_posts_issue_is_safe_on_any_disk(id):
    found = post_issue_id(make_post("a", id=id))
    assert len(found.encode()) <= 100
    assert not set(found) & set('/\\:*?"<>| .')
    assert found == post_issue_id(make_post("b", "2020-01-01T00:00:00+00:00", id=id))


def test_a_digest_of_posts_that_are_mailed_one_by_one_can_still_be_asked_for():
    plan = plan_of(NewsletterSettings(period="post"), [A, B, C], issue_id="2026-11")
    assert [post.title for post in plan.posts] == ["C", "B"]
    assert plan.has_page


def test_a_file_of_one_post_is_that_post_where_posts_are_mailed_one_by_one():
    plans = plans_of([A, C], file_of("hello", C, subject="Hello", preheader="There"), period="post")
    plan = plans[-1]
    assert (plan.id, plan.title, plan.url, plan.sections) == ("hello", "Hello", C.url, ())
    assert [post.title for each in plans for post in each.posts] == ["A", "C"]


# --- what a file lists in vain ----------------------------------------------------------------------------


def findings_of(plans, chosen) -> list[Finding]:
    found: list[Finding] = []
    check_plans(plans, chosen, found.append, [path(post) for post in (A, B, C)])
    return found


def test_a_post_that_is_gone_stops_only_the_issue_that_is_made():
    old, new = file_of("2026-10", A, "docs/posts/gone.md"), file_of("2026-11", B, "docs/posts/cc.md")
    plans = plans_of([A, B, C], old, new)
    missing, meant = findings_of(plans, plans[-1])
    assert str(missing).startswith(
        "newsletter/2026-10.md:5: warning: the post docs/posts/gone.md does not exist, and is left out of the "
        "issue 2026-10\n"
    )
    assert str(meant) == (
        "newsletter/2026-11.md:5: the post docs/posts/cc.md does not exist\n"
        "  help: did you mean docs/posts/c.md?"
    )
    assert [each.severity for each in findings_of(plans, plans[0])] == [Severity.ERROR, Severity.WARNING]


def test_a_draft_in_a_file_is_pointed_out_and_can_not_be_sent():
    shelf = Shelf({path(B): B}, {"docs/posts/later.md": "waits for 2026-12-01"})
    plans = plans_of([B], file_of("2026-11", B, "docs/posts/later.md"), shelf=shelf)
    (finding,) = findings_of(plans, plans[0])
    assert (finding.severity, finding.rule) == (Severity.WARNING, "issue-unpublished")
    assert "waits for 2026-12-01" in finding.message
    assert plans[0].gaps[0].reason == "waits for 2026-12-01"


def test_a_file_without_a_published_post_is_no_issue_yet():
    found: list[Finding] = []
    shelf = Shelf({path(A): A}, {"docs/posts/draft.md": "is a draft"})
    file = file_of("2026-11", "docs/posts/draft.md")
    assert held(list_issues(SITE, SETTINGS, [A], [file], shelf, found.append)) == [("2026-10", ["A"])]
    assert [finding.rule for finding in found] == ["issue-unpublished"]


def test_a_post_that_readers_get_again_is_pointed_out():
    plans = plans_of([A, B], file_of("2026-10", A), file_of("2026-11", A, B))
    assert [finding.rule for finding in findings_of(plans, plans[-1])] == ["issue-again"]
    assert findings_of(plans, plans[0]) == []


def test_a_post_under_two_names_is_taken_once():
    shelf = Shelf({path(A): A}, path_now=lambda issue, name: path(A))
    plans = plans_of([A], file_of("2026-10", "docs/old-name.md", A), shelf=shelf)
    assert plans[0].posts == (A,)
    assert plans[0].gaps[0].reason == "is listed under its new name too"


def test_periods_asked_for_leave_out_what_files_hold():
    plans = plans_of([A, B, C], file_of("2026-11", C))
    posts = [A, B, C]
    quarter = choose(SITE, NewsletterSettings(), plans, posts, issue_id="2026-Q4")
    assert [post.title for post in quarter.posts] == ["A", "B"]
    with pytest.raises(FeedsError, match="every post of the issue 2026-W47 is in an issue already: 2026-11"):
        choose(SITE, NewsletterSettings(), plans, posts, issue_id="2026-W47")


def test_issues_that_are_offered_instead_have_posts_of_their_own():
    posts = [A, B, C]
    plans = plans_of(posts, file_of("at-sea", B, C))
    with pytest.raises(FeedsError, match="no post was published") as refused:
        choose(SITE, NewsletterSettings(), plans, posts, issue_id="2026-12")
    assert refused.value.help == "issues that have posts: 2026-10, at-sea"


@pytest.mark.parametrize(
    ("said", "day", "is_over"),
    [
        (None, "2026-11-30", False),
        (None, "2026-12-01", True),
        ({}, "2026-11-03", True),
        ({"date": dt.date(2026, 11, 28)}, "2026-11-27", False),
        ({"date": dt.date(2026, 11, 28)}, "2026-11-28", True),
    ],
)
def test_when_an_issue_is_over(said, day, is_over):
    files = [] if said is None else [file_of("2026-11", C, **said)]
    assert plans_of([C], *files)[-1].is_over(dt.date.fromisoformat(day)) is is_over


# --- for readers of some categories -----------------------------------------------------------------------


def test_readers_of_some_categories_get_what_is_left():
    plan = plan_of(SETTINGS, [PINNED, PINNED_LATER, B, C, D])
    assert plan.lead == PINNED_LATER
    python = narrowed(plan, {"PYTHON"})
    assert (python.lead, titles(python)) == (PINNED, [("Python", ["C"])])
    assert narrowed(plan, {"Releases"}).lead is None
    assert titles(narrowed(plan, {"Releases"})) == [("Releases", ["B"])]
    assert narrowed(plan, {"Baking"}) is None
    assert narrowed(plan, frozenset()) is None
    assert narrowed(plan, None) is plan


def test_a_single_post_is_for_those_who_follow_one_of_its_categories():
    plan = plans_of([C], period="post")[0]
    assert narrowed(plan, {"python"}) == plan
    assert narrowed(plan, {"Releases"}) is None
