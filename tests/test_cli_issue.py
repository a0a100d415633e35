"""`feeds issue`: making the file of an issue, seeing which there are, and what a build makes of them."""

import json
from pathlib import Path

import pytest
from projects import SETTINGS, blog, build_project, material_blog, post, run_here, write_files
from sites import SITES

POSTS = {
    "tide.md": post("The tide.\n", date="2026-10-05", title="Tide", categories="[Sea]"),
    "hull.md": post("The hull.\n", date="2026-11-02", title="Hull", categories="[Boats]"),
    "mast.md": post("The mast.\n", date="2026-11-20", title="Mast", categories="[Sea]"),
}
NOW = ("--now", "2026-11-22")
FILE = "content/newsletter/2026-11.md"


def feeds(root: Path, *arguments: str, code: int = 0) -> str:
    """What a command prints; it has to end as expected."""
    done = run_here(["issue", *arguments, *NOW], root)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stderr


def letter(root: Path, **choices) -> dict:
    """The letter that a build makes, as what its file says."""
    built = build_project(root, **choices)
    return json.loads((built.letters_folder / built.issue / "letter.json").read_text("utf-8"))


def sources(document: dict) -> list[str]:
    return [each["source"].removeprefix("content/posts/") for each in document["posts"]]


# --- from a period to a file to a letter ------------------------------------------------------------------


def test_a_new_file_holds_what_the_issue_would_be_without_it(tmp_path):
    blog(tmp_path, POSTS)
    before = letter(tmp_path)
    assert feeds(tmp_path, "new") == (
        "content/newsletter/2026-11.md\n"
        "  Boats\n    2026-11-02  Hull  (content/posts/hull.md)\n"
        "  Sea\n    2026-11-20  Mast  (content/posts/mast.md)\n"
        "2 posts in the issue 2026-11\n"
        "it goes out from 2026-12-01 on: write another date into the file for another day\n"
    )
    assert (tmp_path / FILE).read_text("utf-8") == (
        '---\n# subject: "Hull + 1 more (November 2026)"\n'
        '# preheader: "Also: Mast — The hull. — Every new post, with its first lines and a link."\n'
        "date: 2026-12-01\nposts:\n  Boats:\n    - content/posts/hull.md\n  Sea:\n    - content/posts/mast.md\n---\n\n"
        "<!-- What you write here stands above the posts. -->\n"
    )
    assert letter(tmp_path) == before


def test_the_file_of_a_period_that_is_over_goes_out_at_once(tmp_path):
    blog(tmp_path, POSTS)
    assert "goes out from" not in feeds(tmp_path, "new", "--period", "2026-10")
    assert "date:" not in (tmp_path / "content/newsletter/2026-10.md").read_text("utf-8")


def test_the_editors_words_and_order_are_those_of_the_letter(tmp_path):
    blog(tmp_path, POSTS)
    write_files(
        tmp_path,
        {
            FILE: "---\nsubject: Hello\nposts:\n  Old:\n  - content/posts/tide.md\n  New:\n"
            "  - content/posts/mast.md\n---\n\nDear *reader*, see [this](../posts/hull.md) and [that](/about/).\n"
        },
    )
    found = letter(tmp_path)
    assert (found["issue"], found["subject"], found["title"]) == ("2026-11", "Hello", "Blog: November 2026")
    assert sources(found) == ["tide.md", "mast.md"]
    html = (tmp_path / ".feeds/letters/2026-11/letter.html").read_text("utf-8")
    text = (tmp_path / ".feeds/letters/2026-11/letter.txt").read_text("utf-8")
    assert "<em>reader</em>" in html
    assert 'href="https://blog.example/2026/11/02/hull/"' in html
    assert 'href="https://blog.example/about/"' in html
    assert html.index(">Old<") < html.index(">New<")
    assert "Dear reader, see" in text.replace("*", "")


def test_links_of_an_introduction_count_from_its_file(tmp_path):
    material_blog(tmp_path, {"tide.md": post("# Tide\n")})
    text = "---\nposts: [docs/blog/posts/tide.md]\n---\n\n[Tide](../docs/blog/posts/tide.md), [no](../docs/no.md)\n"
    write_files(tmp_path, {"newsletter/2026-11.md": text})
    built = build_project(tmp_path)
    assert 'href="https://blog.example/blog/2026/11/01/tide/"' in (
        built.letters_folder / "2026-11/letter.html"
    ).read_text("utf-8")
    assert "newsletter/2026-11.md:5: warning: the link to ../docs/no.md leads nowhere" in "\n".join(
        map(str, built.findings)
    )


def test_a_comment_is_no_introduction(tmp_path):
    blog(tmp_path, POSTS)
    build_project(tmp_path)
    before = (tmp_path / ".feeds/letters/2026-11/letter.html").read_bytes()
    feeds(tmp_path, "new")
    build_project(tmp_path)
    assert (tmp_path / ".feeds/letters/2026-11/letter.html").read_bytes() == before


@pytest.mark.parametrize(
    ("flags", "file", "listed"),
    [
        (("--period", "2026-10"), "2026-10", ["tide"]),
        (("--period", "2026-Q4"), "2026-Q4", ["hull", "mast", "tide"]),
        (("--since", "2026-11-10"), "2026-11-10--2026-11-20", ["mast"]),
        (("--until", "2026-11-10"), "2026-10-05--2026-11-10", ["hull", "tide"]),
        (("--posts", "content/posts/mast.md", "content/posts/hull.md"), "2026-11", ["mast", "hull"]),
        (
            ("--posts", "content/posts/mast.md", "--posts", "content/posts/tide.md"),
            "2026-10-05--2026-11-20",
            None,
        ),
        (("--posts", "content/posts/mast.md", "--id", "at-sea"), "at-sea", ["mast"]),
        (("--period", "2026-11", "--posts", "content/posts/tide.md"), "2026-11", ["tide"]),
        (("--id", "special"), "special", ["hull", "mast"]),
    ],
)
def test_what_goes_into_a_new_file_can_be_said(tmp_path, flags, file, listed):
    blog(tmp_path, POSTS)
    assert feeds(tmp_path, "new", *flags).startswith(f"content/newsletter/{file}.md\n")
    text = (tmp_path / f"content/newsletter/{file}.md").read_text("utf-8")
    found = [line.rsplit("/", 1)[1].removesuffix(".md") for line in text.split("\n") if "- content" in line]
    assert listed is None or found == listed
    made = json.loads(feeds(tmp_path, "list", file, "--json"))["issues"][0]
    assert (made["id"], made["file"]) == (file, f"content/newsletter/{file}.md")


def test_posts_can_be_named_from_the_folder_that_they_lie_in(tmp_path):
    blog(tmp_path, POSTS)
    arguments = ["issue", "new", "-C", "../..", "--posts", "mast.md", *NOW]
    assert run_here(arguments, tmp_path / "content/posts").returncode == 0
    assert "- content/posts/mast.md" in next((tmp_path / "content/newsletter").iterdir()).read_text()


def test_what_an_earlier_issue_has_is_left_out_and_told(tmp_path):
    blog(tmp_path, POSTS)
    feeds(tmp_path, "new", "--posts", "content/posts/mast.md", "--id", "at-sea")
    told = feeds(tmp_path, "new", "--period", "2026-11")
    assert "1 post in the issue 2026-11\n  left out, being in at-sea: 2026-11-20  Mast" in told
    again = feeds(
        tmp_path, "new", "--posts", "content/posts/mast.md", "content/posts/tide.md", "--id", "best"
    )
    assert "  again, after at-sea: 2026-11-20  Mast  (content/posts/mast.md)" in again
    assert "left out" not in again  # what was not named was not wanted


def test_older_posts_that_are_in_no_issue_are_told(tmp_path):
    blog(tmp_path, POSTS)
    feeds(tmp_path, "new", "--period", "2026-10")
    late = post(date="2026-10-30", title="Late")
    write_files(tmp_path, {"content/posts/late.md": late})
    told = feeds(tmp_path, "new")
    assert told.endswith("in no issue: 1 post\n  2026-10-30  Late  (content/posts/late.md)\n")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (
            (),
            "content/newsletter/2026-11.md: the newest issue, 2026-11, has a file already\n  help: edit that",
        ),
        (("--period", "2026-11"), "content/newsletter/2026-11.md: there is an issue of that name already\n"),
        (
            ("--id", "2026-11", "--period", "2026-10"),
            "content/newsletter/2026-11.md: there is an issue of that",
        ),
    ],
)
def test_a_file_is_never_written_over(tmp_path, flags, told):
    blog(tmp_path, POSTS)
    write_files(tmp_path, {FILE: "---\nposts: [content/posts/hull.md]\n---\nMine.\n"})
    assert feeds(tmp_path, "new", *flags, code=1).startswith(told)
    assert (tmp_path / FILE).read_text() == "---\nposts: [content/posts/hull.md]\n---\nMine.\n"


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--period", "november"), "'november' names no issue"),
        (("--period", "2026-11", "--since", "2026-11-01"), "an issue is chosen by its id or by its days"),
        (("--posts", "content/posts/mats.md"), "did you mean content/posts/mast.md?"),
        (("--posts", "content/posts/draft.md"), "the post 'content/posts/draft.md' is a draft"),
        (("--posts", "content/posts/mast.md", "--since", "2026-11-01"), "posts are named, or the days"),
        (("mast.md",), "'mast.md' is not understood\n  help: name posts behind --posts"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path, flags, told):
    blog(tmp_path, {**POSTS, "draft.md": post(draft="true", title="Draft")})
    assert told in feeds(tmp_path, "new", *flags, code=2)
    assert not (tmp_path / "content/newsletter").exists()


def test_a_name_that_fits_no_address_is_refused(tmp_path):
    blog(tmp_path, POSTS)
    assert "'../x' cannot be the name of an issue" in feeds(tmp_path, "new", "--id", "../x", code=1)


def test_without_posts_there_is_nothing_to_make_an_issue_of(tmp_path):
    blog(tmp_path, {"later.md": post(date="2030-01-01")})
    assert feeds(tmp_path, "new", code=1).startswith("no post is published")
    assert feeds(tmp_path, "list").startswith("there is no issue")


# --- which issues there are -------------------------------------------------------------------------------


def test_the_issues_are_listed_the_newest_first(tmp_path):
    blog(tmp_path, POSTS)
    write_files(tmp_path, {FILE: "---\nposts: [content/posts/hull.md]\n---\n"})
    assert feeds(tmp_path, "list") == (
        "  issue    kind    days                     posts  title\n"
        "  2026-11  file    2026-11-01 – 2026-11-30  1      Blog: November 2026\n"
        "  2026-10  period  2026-10-01 – 2026-10-31  1      Blog: October 2026\n"
        "2 issues, 1 with a file; in no issue: 1 post\n"
        "  2026-11-20  Mast  (content/posts/mast.md)\n"
    )
    assert "  Boats\n    2026-11-02  Hull  (content/posts/hull.md)\n" in feeds(tmp_path, "list", "-v")


@pytest.mark.parametrize("wanted", ["2026-11", "content/posts/mast.md", "./content/posts/hull.md"])
def test_one_issue_is_shown_by_its_id_or_a_post_in_it(tmp_path, wanted):
    blog(tmp_path, POSTS)
    assert feeds(tmp_path, "list", wanted) == (
        "2026-11  Blog: November 2026\n"
        "  Boats\n    2026-11-02  Hull  (content/posts/hull.md)\n"
        "  Sea\n    2026-11-20  Mast  (content/posts/mast.md)\n"
    )


def test_an_issue_that_is_not_there_is_told(tmp_path):
    blog(tmp_path, POSTS)
    assert feeds(tmp_path, "list", "2026-12", code=2).startswith("there is no issue '2026-12'")
    failed = run_here(["issue", "list", "2026-12", "--json", *NOW], tmp_path)
    assert (failed.returncode, json.loads(failed.stdout)["ok"]) == (2, False)


def test_issues_as_json(tmp_path):
    blog(tmp_path, {**POSTS, "draft.md": post(draft="true", title="Draft")})
    lines = "---\nlead: content/posts/mast.md\ndate: 2026-11-21\nposts:\n"
    listed = "  Boats: [content/posts/hull.md, content/posts/draft.md]\n---\n"
    write_files(tmp_path, {FILE: lines + listed})
    found = json.loads(feeds(tmp_path, "list", "--json"))
    assert found["ok"] is True
    assert [(each["id"], each["file"]) for each in found["issues"]] == [("2026-10", None), ("2026-11", FILE)]
    newest = found["issues"][-1]
    assert newest["lead"]["path"] == "content/posts/mast.md"
    assert [(each["title"], len(each["posts"])) for each in newest["sections"]] == [("Boats", 1)]
    assert newest["missing"] == [{"path": "content/posts/draft.md", "reason": "is a draft"}]
    assert (newest["date"], newest["url"]) == ("2026-11-21", "https://blog.example/newsletter/2026-11/")
    assert found["in_no_issue"] == []
    assert [each["rule"] for each in found["findings"]] == ["issue-unpublished"]


# --- what a build says of the files -----------------------------------------------------------------------


def build(root: Path, *flags: str) -> tuple[int, str]:
    done = run_here(["build", *NOW, *flags], root)
    return done.returncode, done.stderr


def test_all_that_is_wrong_in_posts_and_issues_is_told_at_once(tmp_path):
    blog(tmp_path, {**POSTS, "bad.md": post(date="2026-13-45")})
    write_files(tmp_path, {FILE: "---\nsubjct: Hi\nposts: []\n---\n"})
    code, told = build(tmp_path)
    assert code == 1
    assert "content/posts/bad.md:2:7: " in told
    assert "content/newsletter/2026-11.md:2:1: there is no key 'subjct' in an issue" in told
    assert "content/newsletter/2026-11.md:3:1: the issue lists no posts" in told
    assert not (tmp_path / "public").exists()


def test_a_path_that_leads_nowhere_stops_the_newest_issue_only(tmp_path):
    blog(tmp_path, POSTS)
    write_files(tmp_path, {FILE: "---\nposts:\n- content/posts/hull.md\n- content/posts/mats.md\n---\n"})
    code, told = build(tmp_path)
    assert code == 1
    assert told == (
        "content/newsletter/2026-11.md:4:3: the post content/posts/mats.md does not exist\n"
        "  help: did you mean content/posts/mast.md?\n"
    )
    code, told = build(tmp_path, "--issue", "2026-10")
    assert code == 0
    assert "content/newsletter/2026-11.md:4:3: warning: the post content/posts/mats.md does not exist" in told


def test_a_draft_in_an_issue_is_pointed_out(tmp_path):
    blog(
        tmp_path, {**POSTS, "draft.md": post(draft="true", title="Draft"), "far.md": post(date="2030-01-01")}
    )
    listed = "---\nposts: [content/posts/hull.md, content/posts/draft.md, content/posts/far.md]\n---\n"
    write_files(tmp_path, {FILE: listed})
    code, told = build(tmp_path)
    assert code == 0
    assert "the post content/posts/draft.md is a draft, and is left out of the issue 2026-11" in told
    assert "the post content/posts/far.md waits for 2030-01-01, and is left out" in told
    assert sources(letter(tmp_path)) == ["hull.md"]
    preview = letter(tmp_path, drafts=True, future=True, output="preview")
    assert sources(preview) == ["hull.md", "draft.md", "far.md"]


def test_an_issue_of_drafts_alone_cannot_be_asked_for(tmp_path):
    blog(tmp_path, {**POSTS, "draft.md": post(draft="true", title="Draft")})
    write_files(tmp_path, {"content/newsletter/2026-12.md": "---\nposts: [content/posts/draft.md]\n---\n"})
    code, told = build(tmp_path, "--issue", "2026-12")
    assert code == 1
    assert "content/newsletter/2026-12.md: no post of the issue 2026-12 is published" in told


def test_the_newest_issue_is_the_newest_of_files_and_periods(tmp_path):
    blog(tmp_path, POSTS)
    write_files(tmp_path, {"content/newsletter/2026-10.md": "---\nposts: [content/posts/tide.md]\n---\n"})
    assert letter(tmp_path)["issue"] == "2026-11"
    listed = "---\ndate: 2026-12-01\nposts: [content/posts/tide.md]\n---\n"
    write_files(tmp_path, {"content/newsletter/again.md": listed})
    assert letter(tmp_path)["issue"] == "again"


# --- the lock, the lead, one mail a post ------------------------------------------------------------------


def test_a_renamed_post_is_found_by_the_file_that_names_its_former_path(tmp_path):
    blog(tmp_path, POSTS)
    run_here(["lock", *NOW], tmp_path)
    feeds(tmp_path, "new")
    (tmp_path / "content/posts/mast.md").rename(tmp_path / "content/posts/sail.md")
    assert sources(letter(tmp_path)) == ["hull.md", "sail.md"]
    run_here(["lock", *NOW], tmp_path)
    assert sources(letter(tmp_path)) == ["hull.md", "sail.md"]
    assert run_here(["lock", "--check", *NOW], tmp_path).returncode == 0
    write_files(tmp_path, {"content/posts/mast.md": post(date="2026-11-21", title="Another mast")})
    run_here(["lock", *NOW], tmp_path)
    assert sources(letter(tmp_path)) == ["hull.md", "sail.md"]
    assert "in no issue: 1 post\n  2026-11-21  Another mast" in feeds(tmp_path, "list")


def test_a_path_that_the_lock_knows_as_another_posts_waits_for_the_lock(tmp_path):
    blog(tmp_path, POSTS)
    run_here(["lock", *NOW], tmp_path)
    (tmp_path / "content/posts/mast.md").rename(tmp_path / "content/posts/sail.md")
    write_files(tmp_path, {"content/posts/mast.md": post(date="2026-11-21", title="Another mast")})
    assert "help: run feeds lock first" in feeds(tmp_path, "new", code=1)
    run_here(["lock", *NOW], tmp_path)
    assert "3 posts in the issue 2026-11" in feeds(tmp_path, "new")


@pytest.mark.parametrize("key", ["pin", "featured"])
def test_a_featured_post_leads_the_letter(tmp_path, key):
    posts = {**POSTS, "hull.md": post(date="2026-11-02", title="Hull", **{key: "true"})}
    blog(tmp_path, posts)
    assert letter(tmp_path)["subject"] == "Hull + 1 more (November 2026)"
    feeds(tmp_path, "new")
    assert "\nlead: content/posts/hull.md\n" in (tmp_path / FILE).read_text("utf-8")
    assert letter(tmp_path)["subject"] == "Hull + 1 more (November 2026)"


def test_one_mail_a_post(tmp_path):
    blog(tmp_path, POSTS, f'{SETTINGS}[newsletter]\nperiod = "post"\n')
    found = letter(tmp_path)
    assert (found["subject"], found["title"]) == ("Mast", "Mast")
    assert found["url"] == "https://blog.example/2026/11/20/mast/"
    assert not (tmp_path / "public/newsletter").exists()
    assert letter(tmp_path, issue="content/posts/tide.md")["subject"] == "Tide"
    told = feeds(tmp_path, "list")
    assert told.startswith(
        f"  issue        kind  days        posts  title\n  {found['issue']}  post  2026-11-20  1"
    )
    feeds(tmp_path, "new")
    text = (tmp_path / f"content/newsletter/{found['issue']}.md").read_text()
    assert "posts:\n  - content/posts/mast.md\n" in text
    assert letter(tmp_path) == found


# --- issues are no posts ----------------------------------------------------------------------------------


def test_files_of_issues_are_no_posts_of_a_folder_without_any_configuration(tmp_path):
    """Here every file with a date is a post, and an issue may have one."""
    dated = "---\ndate: 2026-11-21\nposts: [content/tide.md]\n---\nHello\n"
    files = {"feeds.toml": SETTINGS, "content/tide.md": POSTS["tide.md"], FILE: dated}
    write_files(tmp_path, {**files, "content/newsletter/index.md": post(title="About the newsletter")})
    built = build_project(tmp_path)
    assert (built.posts, built.issue) == (2, "2026-11")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SITES))
def test_files_of_issues_are_no_posts_of_any_generator(tmp_path, name):
    sample = SITES[name]
    sample.write(tmp_path)
    flags = list(sample.flags)
    made = run_here(["issue", "new", *NOW, *flags], tmp_path)
    assert made.returncode == 0, made.stderr
    file = tmp_path / made.stdout.split("\n")[0]
    whole = ("astro", "docusaurus", "eleventy", "jekyll")
    folder = "content/newsletter" if name == "plain" else "_newsletter" if name in whole else "newsletter"
    assert file.relative_to(tmp_path).as_posix() == f"{folder}/2026-11.md"
    file.write_text(file.read_text().replace("date: 2026-12-01", "date: 2026-11-20"))
    listing = json.loads(run_here(["posts", "--json", *NOW, *flags], tmp_path).stdout)
    assert [each["path"] for each in listing["posts"]] == [f"{sample.folder}/{sample.name}"]
    found = json.loads(run_here(["issue", "list", "--json", *NOW, *flags], tmp_path).stdout)
    assert [(each["file"], each["date"]) for each in found["issues"]] == [
        (file.relative_to(tmp_path).as_posix(), "2026-11-20")
    ]


def test_the_folder_of_issues_can_be_another(tmp_path):
    blog(tmp_path, POSTS, f'{SETTINGS}[newsletter]\nissues = "content/letters"\n')
    assert feeds(tmp_path, "new").startswith("content/letters/2026-11.md\n")
    assert build_project(tmp_path).posts == 3


def test_a_build_does_not_depend_on_the_order_of_the_files(tmp_path):
    for number, order in enumerate((sorted(POSTS), sorted(POSTS, reverse=True))):
        root = tmp_path / str(number)
        blog(root, {name: POSTS[name] for name in order})
        feeds(root, "new")
        build_project(root)
    first, second = (
        {each.name: each.read_bytes() for each in (tmp_path / name / ".feeds/letters/2026-11").iterdir()}
        for name in "01"
    )
    assert first == second
