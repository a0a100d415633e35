"""The files of issues: what an editor writes, and what is wrong in it."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letter_samples import make_site

from feeds.columns import one_line
from feeds.errors import FeedsError, ProblemsError
from feeds.newsletter.issuefiles import (
    IssueFile,
    check_id,
    issue_path,
    load_issue_files,
    named_paths,
    plain_path,
    render_issue_file,
)


def load(root: Path, **files: str) -> tuple[IssueFile, ...]:
    """The issues of a folder; `_` stands for `-` in their names."""
    folder = root / "newsletter"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.md").write_text(text, "utf-8")
    return load_issue_files(make_site(root, issues=folder))


def load_one(root: Path, text: str) -> IssueFile:
    return load(root, at_sea=text)[0]


def problems(root: Path, text: str) -> str:
    with pytest.raises(ProblemsError) as refused:
        load_one(root, text)
    return str(refused.value)


def listed(file: IssueFile) -> list[tuple[str, list[str]]]:
    return [(section.title, [post.path for post in section.posts]) for section in file.sections]


WHOLE = """---
subject: "At sea: what we found"
preheader: Three posts and a map
date: 2026-11-28
lead: docs/posts/map.md
posts:
  Boats:
    - docs/posts/hull.md
    - ./docs/posts/mast.md
  1:
    - docs/posts/map.md
---

We were **away**.
"""


def test_a_file_says_what_its_issue_is(tmp_path):
    file = load_one(tmp_path, WHOLE)
    assert (file.id, file.subject, file.preheader) == (
        "at-sea",
        "At sea: what we found",
        "Three posts and a map",
    )
    assert file.date == dt.date(2026, 11, 28)
    assert file.lead.path == "docs/posts/map.md"
    assert listed(file) == [
        ("Boats", ["docs/posts/hull.md", "docs/posts/mast.md"]),
        ("1", ["docs/posts/map.md"]),
    ]
    assert str(file.sections[0].posts[1].at) == "newsletter/at-sea.md:9:7"
    assert file.intro.body == "We were **away**.\n"
    assert file.intro.path == "../newsletter/at-sea.md"


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("---\nposts: [docs/a.md, docs/b.md]\n---\n", [("", ["docs/a.md", "docs/b.md"])]),
        ('+++\nposts = ["docs/a.md"]\n+++\n', [("", ["docs/a.md"])]),
        (
            '+++\n[posts]\n"At sea" = ["docs/a.md"]\nHere = []\n+++\n',
            [("At sea", ["docs/a.md"]), ("Here", [])],
        ),
        ('{\n"posts": ["docs/a.md"]\n}\n', [("", ["docs/a.md"])]),
        ("---\r\nposts:\r\n- docs/a.md\r\n---\r\n", [("", ["docs/a.md"])]),
        ("---\nposts:\n  yes: [docs/a.md]\n---\n", [("yes", ["docs/a.md"])]),
        ("---\nposts: [docs/日本.md]\n---\n", [("", ["docs/日本.md"])]),
        ("---\nposts: [docs/e\u0301te\u0301.md]\n---\n", [("", ["docs/\u00e9t\u00e9.md"])]),
    ],
)
def test_posts_are_listed_with_and_without_headings_in_any_front_matter(tmp_path, text, sections):
    assert listed(load_one(tmp_path, text)) == sections


def test_what_a_file_does_not_say_is_left_to_the_rules(tmp_path):
    file = load_one(tmp_path, "---\npreheader:\nlead:\ndate:\nposts: [docs/a.md]\n---\n")
    assert (file.subject, file.preheader, file.date, file.lead) == ("", "", None, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "---\nsubjct: Hi\nposts: [docs/a.md]\n---\n",
            "newsletter/at-sea.md:2:1: there is no key 'subjct' in an issue\n  help: did you mean subject?",
        ),
        (
            "---\ntitle: Hi\nposts: [docs/a.md]\n---\n",
            "newsletter/at-sea.md:2:1: there is no key 'title' in an issue\n"
            "  help: an issue has subject, preheader, date, lead, posts",
        ),
        (
            '---\nsubject: "  "\nposts: [docs/a.md]\n---\n',
            "newsletter/at-sea.md:2:10: the subject is empty\n  help: write one, or remove the line",
        ),
        ("---\nsubject:\nposts: [docs/a.md]\n---\n", "newsletter/at-sea.md:2:9: the subject is empty"),
        (
            "---\nsubject: [a]\nposts: [docs/a.md]\n---\n",
            "newsletter/at-sea.md:2:11: subject: one line of text",
        ),
        (
            "---\ndate: soon\nposts: [docs/a.md]\n---\n",
            "newsletter/at-sea.md:2:7: date: 'soon' is not a day\n  help: write it like 2026-11-30",
        ),
        ("---\ndate: [2026]\nposts: [docs/a.md]\n---\n", "newsletter/at-sea.md:2:8: date: a day is wanted"),
        ('---\nlead: ""\nposts: [docs/a.md]\n---\n', "newsletter/at-sea.md:2:7: lead: the file of one post"),
        (
            "---\nposts:\n- docs/a.md\n- docs/b.md\n- docs/./a.md\n---\n",
            "newsletter/at-sea.md:5:3: docs/a.md is listed twice (line 3)\n  help: keep one of them",
        ),
        (
            "---\nposts:\n  One:\n  - docs/a.md\n  Two:\n  - docs/a.md\n---\n",
            "newsletter/at-sea.md:6:5: docs/a.md is listed twice (line 4)",
        ),
        (
            "---\nposts:\n  One:\n  - docs/a.md\n  one:\n  - docs/b.md\n---\n",
            "newsletter/at-sea.md:6:5: the heading 'one' stands here twice",
        ),
        (
            "---\nposts:\n  One:\n  - docs/a.md\n  One:\n  - docs/b.md\n---\n",
            "newsletter/at-sea.md:5:3: the key 'One' stands here twice\n  help: write their posts under one",
        ),
        ('---\nposts:\n  "": [docs/a.md]\n---\n', "newsletter/at-sea.md:3:8: a heading is empty"),
        (
            "---\nposts:\n  One: docs/a.md\n---\n",
            "newsletter/at-sea.md:3:8: the file of one post is wanted under 'One'\n"
            "  help: write it like - content/posts/a.md",
        ),
        ("---\nposts: [[docs/a.md]]\n---\n", "newsletter/at-sea.md:2:10: the file of one post is wanted"),
        ("---\nposts: docs/a.md\n---\n", "newsletter/at-sea.md:2:8: posts: a list of files is wanted"),
        ("---\nposts: []\n---\n", "newsletter/at-sea.md:2:1: the issue lists no posts"),
        ("---\nsubject: Hi\n---\n", "newsletter/at-sea.md:1: the issue lists no posts"),
        ("Hello\n", "newsletter/at-sea.md:1: the issue lists no posts"),
        (
            "---\nlead: [docs/a.md]\nposts: [docs/a.md]\n---\n",
            "newsletter/at-sea.md:2:8: lead: the file of one",
        ),
        ("---\nposts: [docs/a.md]\n", "newsletter/at-sea.md:1: the front matter is never closed"),
        ("---\nposts: [docs/a.md\n---\n", "newsletter/at-sea.md:3:1: this is not YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, problem):
    found = problems(tmp_path, text)
    assert found.startswith(problem), found
    assert found.count("newsletter/") == 1, found


def test_all_that_is_wrong_in_all_files_is_told_at_once(tmp_path):
    with pytest.raises(ProblemsError) as refused:
        load(
            tmp_path,
            a="---\nsubject:\ndat: 1\n---\n",
            b="---\nposts: [x.md]\n---\n",
            c="---\nposts: 1\n---\n",
        )
    assert [(each.at.path, each.at.line) for each in refused.value.findings] == [
        ("newsletter/a.md", 3),
        ("newsletter/a.md", 1),
        ("newsletter/a.md", 2),
        ("newsletter/c.md", 2),
    ]


@pytest.mark.parametrize("name", ["my issue", "a+b", "-a", "x" * 101, "2026,11"])
def test_a_file_whose_name_fits_no_address_is_refused(tmp_path, name):
    (tmp_path / "newsletter").mkdir()
    (tmp_path / "newsletter" / f"{name}.md").write_text("---\nposts: [a.md]\n---\n")
    with pytest.raises(ProblemsError, match="cannot be the name of an issue"):
        load(tmp_path)


@pytest.mark.parametrize("id", ["2026-11", "2026-11-03--2026-11-20", "at-sea", "v1.2", "日本", "a"])
def test_good_names(id):
    check_id(id)


@pytest.mark.parametrize("id", ["", ".", "..", "../a", "a/b", "a\\b", "a b", "a\n", "con:", "a."])
def test_bad_names(id):
    with pytest.raises(FeedsError):
        check_id(id)


def test_other_files_in_the_folder_are_no_issues(tmp_path):
    names = ("index", "README", "_draft", ".hidden")
    assert load(tmp_path, **{name.replace("-", "_"): "Hello\n" for name in names[:2]}) == ()
    for name in names[2:]:
        (tmp_path / "newsletter" / f"{name}.md").write_text("Hello\n")
    (tmp_path / "newsletter/notes.txt").write_text("Hello\n")
    (tmp_path / "newsletter/more").mkdir()
    assert load(tmp_path) == ()


def test_without_a_folder_there_are_none(tmp_path):
    assert load_issue_files(make_site(tmp_path, issues=tmp_path / "nowhere")) == ()
    assert load_issue_files(make_site(tmp_path)) == ()


def test_the_paths_that_issues_name(tmp_path):
    text = "---\nlead: docs/b.md\nposts: [docs/a.md]\n---\n"
    assert named_paths(load(tmp_path, one=text, two=text)) == {
        "docs/a.md": ["one", "two"],
        "docs/b.md": ["one", "two"],
    }


def test_a_new_file_reads_well():
    sections = [("Boats", ["docs/hull.md"]), ("C: a primer", ["docs/1.md", "docs/日本 #2.md"])]
    assert render_issue_file('It\'s "here"', "And: more", sections, "docs/hull.md") == (
        '---\n# subject: "It\'s \\"here\\""\n# preheader: "And: more"\nlead: docs/hull.md\nposts:\n'
        '  Boats:\n    - docs/hull.md\n  "C: a primer":\n    - docs/1.md\n    - "docs/日本 #2.md"\n---\n\n'
        "<!-- What you write here stands above the posts. -->\n"
    )


headings = st.lists(st.text(min_size=1, max_size=12), max_size=3, unique_by=str.casefold)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=30), st.text(max_size=30), headings)
def test_what_is_written_is_read_back(tmp_path_factory, subject, preheader, titles):
    def clean(text: str) -> str:
        return one_line(one_line(text.encode("utf-8", "replace").decode()))

    subject, preheader = clean(subject) or "S", clean(preheader)
    names = list({clean(title).casefold(): clean(title) for title in titles if clean(title)}.values())
    sections = [(name, [plain_path(f"docs/{name.replace('/', '-')} {n}.md")]) for n, name in enumerate(names)]
    sections = sections or [("", ["docs/a.md"])]
    root = tmp_path_factory.mktemp("issue")
    text = render_issue_file(subject, preheader, sections, date=dt.date(2026, 12, 1))
    file = load_one(root, text)
    assert (file.subject, file.preheader, file.date) == ("", "", dt.date(2026, 12, 1))
    file = load_one(root, text.replace("# subject", "subject", 1).replace("# preheader", "preheader", 1))
    assert (file.subject, file.preheader) == (subject, preheader)
    assert listed(file) == sections


def test_where_a_file_lies(tmp_path):
    site = make_site(tmp_path, issues=tmp_path / "_newsletter")
    assert issue_path(site, "2026-11") == tmp_path / "_newsletter/2026-11.md"
