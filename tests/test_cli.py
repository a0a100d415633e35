"""The command as a user meets it: output, exit codes, and what it loads."""

import json
import re
import sys
from pathlib import Path

import pytest
from projects import blog, post, run

ONE = {"one.md": post("# One\n\nFirst.\n", categories="[News]"), "later.md": post("# L\n", date="2031-01-01")}
BROKEN = {"bad.md": post(date="2026-13-45")}


def test_the_version_loads_no_library_that_renders() -> None:
    probe = "import sys, feeds.cli\ntry: feeds.cli.main()\nfinally: print(sorted(sys.modules))"
    done = run_python(probe, "--version")
    modules = set(done.replace("'", "").strip("[]\n").split("\n")[-1].strip("[]").split(", "))
    slow = {"lxml", "feedgen", "markdown", "premailer", "jinja2", "pymdownx", "yaml", "frontmatter", "babel"}
    assert not slow & {name.split(".")[0] for name in modules}
    assert "feeds.cli" in modules
    assert not {name for name in modules if name.startswith("feeds.cli.")} - {"feeds.cli.printing"}


def test_help_loads_no_library_that_renders_and_reads_no_settings() -> None:
    probe = "import sys, feeds.cli\ntry: feeds.cli.main()\nfinally: print(sorted(sys.modules))"
    for arguments in (["--help"], ["build", "--help"], ["posts", "--help"]):
        modules = run_python(probe, *arguments).replace("'", "").split("\n")[-2].strip("[]").split(", ")
        assert not {"feeds.config", "feeds.model", "feeds.generators", "markdown", "lxml"} & set(modules)


def run_python(code: str, *arguments: str) -> str:
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_a_build_lists_what_it_wrote_and_what_is_next(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    done = run(["build", "--now", "2026-11-22"], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert re.match(r"  public/ +feed\.xml, atom\.xml, feed\.json.* 1 entry +[0-9.]+ kB", lines[0])
    folders = [line.split()[0] for line in lines[:-2]]
    assert {"public/category/news/", "public/newsletter/2026-11/", ".feeds/letters/2026-11/"} < set(folders)
    assert len(set(folders)) == len(folders)
    assert re.fullmatch(r"1 post, 0 drafts, 1 held back: (\d+) of \1 files written", lines[-2])
    assert lines[-1] == "next: 'L' falls due on 2031-01-01 00:00+00:00"


def test_a_build_with_nothing_to_do_says_so(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    run(["build"], tmp_path)
    done = run(["build"], tmp_path)
    first, _ = done.stdout.splitlines()
    assert re.search(r": nothing has changed, \d+ files left as they are$", first)


def test_a_problem_is_shown_with_its_place_and_a_way_out(tmp_path: Path) -> None:
    blog(tmp_path, BROKEN)
    done = run(["build"], tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "content/posts/bad.md:2:7: '2026-13-45' is not a date: month must be in 1..12",
        "  help: write it as 2026-11-22, or with a time as 2026-11-22T09:30:00+01:00",
    ]


def test_machines_get_json(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    document = json.loads(run(["build", "--json"], tmp_path).stdout)
    assert document["ok"] is True
    assert document["held"] == [
        {"path": "content/posts/later.md", "title": "L", "due": "2031-01-01T00:00:00+00:00"}
    ]
    assert {key: value for key, value in document["files"][0].items() if key != "size"} == {
        "path": "public/feed.xml",
        "entries": 1,
        "changed": True,
    }


def test_machines_get_problems_as_json_too(tmp_path: Path) -> None:
    blog(tmp_path, BROKEN)
    done = run(["build", "--json"], tmp_path)
    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr, document["ok"]) == (1, "", False)
    finding = document["findings"][0]
    assert (finding["path"], finding["line"], finding["column"]) == ("content/posts/bad.md", 2, 7)
    assert (finding["severity"], finding["rule"]) == ("error", "date")


def test_quiet_prints_nothing_when_all_is_well(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    done = run(["build", "--quiet"], tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["biuld"], 2, "Did you mean 'build'?"),
        (["post"], 2, "Did you mean 'posts'?"),
        (["build", "--bace-url", "x"], 2, "'--base-url'"),
        (["build", "--now", "yesterday"], 2, "'yesterday' is not a date such as 2026-11-22"),
        (["build", "--limit", "-1"], 2, "-1"),
        (["build", "-C", "nowhere"], 2, "there is no folder 'nowhere'"),
        (["build", "--config", "nowhere.toml"], 2, "nowhere.toml"),
        (["build", "--drafts"], 2, "help: name another folder with -o"),
        (["build", "--issue", "November"], 2, "'November' names no issue"),
        (["build", "--issue", "2020-01"], 1, "no post was published in the issue 2020-01"),
        (["build", "--generator", "wordpress"], 2, "material"),
        (["build", "--base-url", "example.org"], 2, "site.url"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    blog(tmp_path, ONE)
    done = run(arguments, tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_paths_on_the_command_line_start_from_the_current_folder(tmp_path: Path) -> None:
    blog(tmp_path / "project", ONE)
    done = run(["build", "-C", "project", "-o", "out", "--letters", "mail"], tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "out" / "feed.xml").is_file()
    assert (tmp_path / "mail" / "2026-11" / "letter.eml").is_file()
    assert "  out/  " in done.stdout


def test_the_clock_can_be_set_by_source_date_epoch(tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    assert "2 posts" in run(["build"], tmp_path, {"SOURCE_DATE_EPOCH": "1956528000"}).stdout
    done = run(["build"], tmp_path, {"SOURCE_DATE_EPOCH": "soon"})
    assert (done.returncode, "SOURCE_DATE_EPOCH" in done.stderr) == (2, True)


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_shells_get_a_completion_script(tmp_path: Path, shell: str) -> None:
    done = run(["completion", shell], tmp_path)
    assert done.returncode == 0
    assert "_FEEDS_COMPLETE" in done.stdout


def test_shells_complete_commands_and_flags(tmp_path: Path) -> None:
    def completed(words: str, number: int) -> list[str]:
        environ = {"_FEEDS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)}
        return [line.partition(",")[2] for line in run([], tmp_path, environ).stdout.splitlines()]

    assert {"build", "completion", "init", "posts"} <= set(completed("feeds ", 1))
    assert completed("feeds posts --hi", 2) == ["--hidden"]


def test_help_is_everywhere(tmp_path: Path) -> None:
    commands = ("build", "completion", "init", "posts")
    for arguments in (["--help"], ["-h"], *([name, "--help"] for name in commands)):
        done = run(arguments, tmp_path)
        assert done.returncode == 0
        assert "Usage: feeds" in done.stdout


def test_colour_is_for_terminals_only(tmp_path: Path) -> None:
    blog(tmp_path, BROKEN)
    assert "\x1b" not in run(["build"], tmp_path).stderr


def test_one_kind_of_warning_does_not_bury_the_others(tmp_path: Path) -> None:
    links = " ".join(f"[x](gone-{number}.md)" for number in range(25))
    blog(tmp_path, {"one.md": post(f"{links}\n", title="' '")})
    done = run(["build", "-q"], tmp_path)
    assert done.returncode == 0
    assert done.stderr.count("leads nowhere") == 10
    assert "the title is empty" in done.stderr
    assert done.stderr.splitlines()[-1] == "… and 15 more warnings of this kind: dead-link (--json lists all)"
