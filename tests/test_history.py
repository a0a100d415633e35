"""Dates from git: real repositories, made here, and what is read of them."""

import datetime as dt
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import SETTINGS, build_project, post, write_files

from feeds.errors import FeedsError
from feeds.history import load_history
from feeds.model import History

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

TEXT = "".join(f"Line {number} of a text that is long enough to be known again.\n" for number in range(20))
ENVIRON = {"PATH": os.environ.get("PATH", os.defpath)}


class Repository:
    """A repository whose commits have the dates that they are given; no configuration of the user counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, date: str = "2026-01-01T00:00:00+00:00", stdin: bytes = b"") -> str:
        environ = {
            **ENVIRON,
            "HOME": "/nowhere",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@blog.example",
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_NAME": "Bob",
            "GIT_COMMITTER_EMAIL": "bob@blog.example",
            "GIT_COMMITTER_DATE": "2026-06-06T06:06:06+06:00",
        }
        command = ["git", "-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environ, input=stdin, capture_output=True, check=True, timeout=60
        )
        return os.fsdecode(done.stdout)

    def commit(self, date: str, files: dict[str, str | None] | None = None) -> None:
        """Write files, or remove those that are None, and commit everything."""
        for name, text in (files or {}).items():
            if text is None:
                (self.folder / name).unlink()
            else:
                write_files(self.folder, {name: text})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "A change.", date=instant(date).isoformat())


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


def instant(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def span(created: str, updated: str) -> History:
    return History(instant(created), instant(updated))


def history_of(repository: Repository, docs: str = "", dates: str = "git") -> Callable[[str], History | None]:
    return load_history(repository.folder, repository.folder / docs, ENVIRON, dates)


def refused(root: Path, docs: Path | None = None, **environ: str) -> FeedsError:
    with pytest.raises(FeedsError) as caught:
        load_history(root, docs or root, {**ENVIRON, **environ})
    return caught.value


# --- first and last commit --------------------------------------------------------------------------------


def test_a_file_has_the_dates_of_its_first_and_last_commit(repository: Repository) -> None:
    repository.commit("2026-01-01T10:00+01:00", {"a.md": TEXT, "b.md": "B"})
    repository.commit("2026-02-02T23:30-05:00", {"a.md": TEXT + "More.\n"})
    history = history_of(repository)
    assert history("a.md") == span("2026-01-01T10:00+01:00", "2026-02-02T23:30-05:00")
    assert history("b.md") == span("2026-01-01T10:00+01:00", "2026-01-01T10:00+01:00")


def test_the_offset_is_that_of_the_author(repository: Repository) -> None:
    repository.commit("2026-01-01T10:00+05:30", {"a.md": "A"})
    found = history_of(repository)("a.md")
    assert found is not None
    assert found.created is not None
    assert found.created.isoformat() == "2026-01-01T10:00:00+05:30"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("git", span("2026-01-01", "2026-02-02")),
        ("git-created", History(instant("2026-01-01"), None)),
        ("git-updated", History(None, instant("2026-02-02"))),
    ],
)
def test_one_of_the_two_can_be_asked_for(repository: Repository, dates: str, expected: History) -> None:
    repository.commit("2026-01-01", {"a.md": TEXT})
    repository.commit("2026-02-02", {"a.md": TEXT + "More.\n"})
    assert history_of(repository, dates=dates)("a.md") == expected


def test_the_dates_do_not_depend_on_the_order_of_rebased_commits(repository: Repository) -> None:
    repository.commit("2026-03-03", {"a.md": TEXT})
    repository.commit("2026-01-01", {"a.md": TEXT + "Written before, put on top.\n"})
    assert history_of(repository)("a.md") == span("2026-01-01", "2026-03-03")


def test_a_file_that_came_back_is_the_same(repository: Repository) -> None:
    repository.commit("2026-01-01", {"a.md": TEXT})
    repository.commit("2026-02-02", {"a.md": None})
    repository.commit("2026-03-03", {"a.md": TEXT})
    assert history_of(repository)("a.md") == span("2026-01-01", "2026-03-03")


def test_what_is_not_committed_is_told_apart(repository: Repository) -> None:
    repository.commit("2026-01-01", {"a.md": "A", ".gitignore": "ignored.md\n"})
    write_files(repository.folder, {"new.md": "N", "ignored.md": "I", "staged.md": "S", "a.md": "Changed."})
    repository.git("add", "staged.md")
    history = history_of(repository)
    assert history("a.md") == span("2026-01-01", "2026-01-01")
    assert [history(name) for name in ("new.md", "ignored.md", "staged.md")] == [History(None, None)] * 3
    assert history_of(repository, dates="git-updated")("new.md") is None


def test_a_repository_without_a_commit_knows_no_file(repository: Repository) -> None:
    write_files(repository.folder, {"a.md": "A"})
    assert history_of(repository)("a.md") == History(None, None)


# --- names ------------------------------------------------------------------------------------------------


def test_a_chain_of_renames_is_followed(repository: Repository) -> None:
    repository.commit("2026-01-01", {"drafts/idea.md": TEXT})
    repository.commit("2026-02-02", {"drafts/idea.md": None, "posts/idea.md": TEXT})
    repository.commit("2026-03-03", {"posts/idea.md": None, "docs/blog/idea.md": TEXT + "And more.\n"})
    history = history_of(repository, "docs")
    assert history("blog/idea.md") == span("2026-01-01", "2026-03-03")


def test_a_new_file_under_the_old_name_is_another(repository: Repository) -> None:
    repository.commit("2026-01-01", {"next.md": TEXT})
    repository.commit("2026-02-02", {"next.md": None, "first.md": TEXT})
    repository.commit("2026-03-03", {"next.md": "Another text."})
    history = history_of(repository)
    assert history("first.md") == span("2026-01-01", "2026-02-02")
    assert history("next.md") == span("2026-03-03", "2026-03-03")


def test_two_files_may_swap_their_names(repository: Repository) -> None:
    other = TEXT.upper()
    repository.commit("2026-01-01", {"a.md": TEXT})
    repository.commit("2026-02-02", {"b.md": other})
    repository.commit("2026-03-03", {"a.md": None, "b.md": None, "c.md": other, "d.md": TEXT})
    repository.commit("2026-04-04", {"c.md": None, "d.md": None, "b.md": TEXT, "a.md": other})
    history = history_of(repository)
    assert history("b.md") == span("2026-01-01", "2026-04-04")
    assert history("a.md") == span("2026-02-02", "2026-04-04")


def test_a_copy_is_a_new_file(repository: Repository) -> None:
    repository.commit("2026-01-01", {"a.md": TEXT})
    repository.commit("2026-02-02", {"b.md": TEXT, "a.md": TEXT + "Changed in the same commit.\n"})
    assert history_of(repository)("b.md") == span("2026-02-02", "2026-02-02")


@pytest.mark.parametrize(
    "name", ["ÿ é 日本.md", 'quo"te\\.md', "tab\there.md", "line\nbreak.md", "\x01odd.md"]
)
def test_any_name_is_found(repository: Repository, name: str) -> None:
    try:
        repository.commit("2026-01-01", {f"posts/{name}": TEXT})
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this disk has no such names")
    assert history_of(repository, "posts")(name) == span("2026-01-01", "2026-01-01")


# --- merges -----------------------------------------------------------------------------------------------


def branched(repository: Repository) -> None:
    """A file that is renamed on a branch and changed on the trunk, and one that comes with the branch."""
    repository.commit("2026-01-01", {"a.md": TEXT})
    repository.git("checkout", "--quiet", "-b", "branch")
    repository.commit("2026-02-02", {"a.md": None, "b.md": TEXT, "new.md": "N"})
    repository.git("checkout", "--quiet", "main")
    repository.commit("2026-03-03", {"a.md": f"First.\n{TEXT}"})


def test_a_merge_brings_the_dates_of_its_branches(repository: Repository) -> None:
    branched(repository)
    repository.git("merge", "--quiet", "--no-ff", "branch", "-m", "M", date="2026-04-04T00:00:00+00:00")
    history = history_of(repository)
    assert history("new.md") == span("2026-02-02", "2026-02-02")
    assert history("b.md") == span(
        "2026-01-01", "2026-04-04"
    )  # neither parent has this text: the merge made it


def test_what_a_merge_itself_adds_has_its_date(repository: Repository) -> None:
    branched(repository)
    repository.git("merge", "--quiet", "--no-commit", "--no-ff", "branch")
    repository.commit("2026-05-05", {"merged.md": "M"})
    assert history_of(repository)("merged.md") == span("2026-05-05", "2026-05-05")


def test_a_merge_of_many_branches_is_read(repository: Repository) -> None:
    repository.commit("2026-01-01", {"a.md": TEXT})
    for number in (2, 3, 4):
        repository.git("checkout", "--quiet", "-b", f"branch-{number}", "main")
        repository.commit(f"2026-0{number}-01", {f"{number}.md": f"{number}"})
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "branch-2", "branch-3", "branch-4", "-m", "M")
    history = history_of(repository)
    assert history("3.md") == span("2026-03-01", "2026-03-01")
    assert history("a.md") == span("2026-01-01", "2026-01-01")


# --- places -----------------------------------------------------------------------------------------------


def test_the_repository_may_begin_above_the_project(repository: Repository) -> None:
    repository.commit("2026-01-01", {"sites/blog/docs/a.md": "A"})
    root = repository.folder / "sites" / "blog"
    assert load_history(root, root / "docs", ENVIRON)("a.md") == span("2026-01-01", "2026-01-01")


def test_a_submodule_has_a_history_of_its_own(repository: Repository, tmp_path: Path) -> None:
    library = Repository(tmp_path / "posts")
    library.commit("2025-05-05", {"a.md": "A"})
    repository.commit("2026-01-01", {"docs/index.md": "I"})
    repository.git("submodule", "--quiet", "add", str(library.folder), "docs/posts")
    repository.commit("2026-02-02")
    history = history_of(repository, "docs")
    assert history("posts/a.md") == span("2025-05-05", "2025-05-05")
    assert history("index.md") == span("2026-01-01", "2026-01-01")
    write_files(repository.folder, {"docs/posts/new.md": "N"})
    assert history("posts/new.md") == History(None, None)


def test_links_are_followed(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.commit("2025-05-05", {"posts/a.md": "A"})
    repository.commit("2026-01-01", {"docs/index.md": "I"})
    (repository.folder / "docs" / "posts").symlink_to(other.folder / "posts")
    (repository.folder / "docs" / "b.md").symlink_to(other.folder / "posts" / "a.md")
    history = history_of(repository, "docs")
    assert history("posts/a.md") == history("b.md") == span("2025-05-05", "2025-05-05")


def test_a_linked_work_tree_is_read(repository: Repository, tmp_path: Path) -> None:
    repository.commit("2026-01-01", {"a.md": "A"})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "tree"))
    assert load_history(tmp_path / "tree", tmp_path / "tree", ENVIRON)("a.md") == span(
        "2026-01-01", "2026-01-01"
    )


# --- what stands in the way -------------------------------------------------------------------------------


def test_a_shallow_clone_is_refused(repository: Repository, tmp_path: Path) -> None:
    repository.commit("2026-01-01", {"a.md": TEXT})
    repository.commit("2026-02-02", {"a.md": TEXT + "More.\n"})
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth", "1", repository.folder.as_uri(), str(clone))
    error = refused(clone)
    assert (error.rule, "shallow" in error.message) == ("git-shallow", True)
    assert "fetch-depth: 0" in error.help
    assert "GIT_DEPTH" in error.help


def test_a_partial_clone_fetches_nothing_and_is_refused(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit("2026-01-01", {"a.md": TEXT})
    repository.commit("2026-02-02", {"a.md": None, "b.md": TEXT + "Renamed and changed.\n"})
    repository.commit("2026-03-03", {"b.md": TEXT})
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--filter=blob:none", repository.folder.as_uri(), str(clone))
    error = refused(clone)
    assert (error.rule, error.help) == ("git-partial", "clone it without --filter")


def test_no_repository_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert "lies in no repository" in error.message
    assert "remove dates under [posts]" in error.help


def test_no_git_is_refused(tmp_path: Path) -> None:
    assert "not installed" in refused(tmp_path, PATH=str(tmp_path)).message


def test_a_broken_repository_is_refused(repository: Repository) -> None:
    repository.commit("2026-01-01", {"a.md": "A"})
    (repository.folder / ".git" / "HEAD").write_text("nonsense")
    assert refused(repository.folder).message.startswith("git cannot tell the dates: ")


def test_a_repository_of_another_user_is_explained(repository: Repository) -> None:
    repository.commit("2026-01-01", {"a.md": "A"})
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can give files away")
    for path in (repository.folder, repository.folder / ".git"):
        os.chown(path, 12345, 12345)
    error = refused(repository.folder, HOME="/nowhere")
    assert "safe.directory" in error.help


def test_the_environment_does_not_lead_elsewhere(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.commit("2020-01-01", {"a.md": "A"})
    repository.commit("2026-01-01", {"a.md": "A"})
    environ = {**ENVIRON, "GIT_DIR": str(other.folder / ".git"), "GIT_AUTHOR_DATE": "2000-01-01"}
    found = load_history(repository.folder, repository.folder, environ)("a.md")
    assert found == span("2026-01-01", "2026-01-01")


def test_nothing_that_a_repository_configures_is_run(repository: Repository, tmp_path: Path) -> None:
    repository.commit("2026-01-01", {"a.md": TEXT, ".gitattributes": "*.md diff=evil filter=evil\n"})
    repository.commit("2026-02-02", {"a.md": None, "b.md": TEXT + "More.\n"})
    raw = repository.git("cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n\n", 1
    )
    signed = repository.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.encode()).strip()
    repository.git("update-ref", "HEAD", signed)
    trap = tmp_path / "trap"
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\necho $0 $* >> {trap}\n")
    script.chmod(0o755)
    traps = {
        "core.fsmonitor": script,
        "core.pager": script,
        "pager.log": script,
        "core.hooksPath": tmp_path,
        "diff.external": script,
        "diff.evil.command": script,
        "diff.evil.textconv": script,
        "filter.evil.clean": script,
        "filter.evil.smudge": script,
        "gpg.program": script,
        "log.showSignature": "true",
        "core.sshCommand": script,
        "core.askPass": script,
        "alias.log": f"!{script}",
        "alias.rev-parse": f"!{script}",
        "diff.orderFile": tmp_path / "missing",
    }
    for key, value in traps.items():
        repository.git("config", key, str(value))
    repository.git("log", "-1")
    assert trap.exists()  # the trap works for those who are not careful
    trap.unlink()
    assert history_of(repository)("b.md") == span("2026-01-01", "2026-02-02")
    assert not trap.exists()


def test_the_users_own_settings_do_not_change_the_dates(repository: Repository) -> None:
    repository.commit("2026-01-01", {"a.md": TEXT, "docs/x.md": "X"})
    repository.commit("2026-02-02", {"a.md": None, "b.md": TEXT + "More.\n"})
    for key, value in {
        "diff.renames": "false",
        "diff.renameLimit": "1",
        "log.showRoot": "false",
        "log.date": "relative",
        "log.follow": "true",
        "log.diffMerges": "first-parent",
        "color.ui": "always",
        "format.pretty": "oneline",
        "core.quotePath": "true",
        "diff.relative": "true",
    }.items():
        repository.git("config", key, value)
    assert history_of(repository)("b.md") == span("2026-01-01", "2026-02-02")
    assert history_of(repository, "docs")("x.md") == span("2026-01-01", "2026-01-01")


# --- in a build -------------------------------------------------------------------------------------------

DATED = SETTINGS + '[posts]\ndates = "git"\n'


def test_git_fills_what_the_front_matter_leaves_out(repository: Repository) -> None:
    undated, dated = "---\ntitle: One\n---\n\nText.\n", post(title="Two", date="2026-01-15")
    files = {"feeds.toml": DATED, "content/posts/one.md": undated, "content/posts/two.md": dated}
    repository.commit("2026-02-02T08:00+01:00", files)
    repository.commit("2026-03-03", {"content/posts/two.md": dated + "More.\n"})
    build_project(repository.folder)
    atom = (repository.folder / "public" / "atom.xml").read_text("utf-8")
    assert "<published>2026-02-02T08:00:00+01:00</published>" in atom
    assert "<published>2026-01-15T00:00:00+00:00</published>" in atom
    assert "<updated>2026-03-03T00:00:00+00:00</updated>" in atom


def test_a_post_without_any_date_can_be_committed_or_dated(repository: Repository) -> None:
    repository.commit("2026-02-02", {"feeds.toml": DATED, "content/posts/one.md": post()})
    write_files(repository.folder, {"content/posts/new.md": "---\ntitle: New\n---\n\nText.\n"})
    with pytest.raises(FeedsError) as caught:
        build_project(repository.folder)
    (finding,) = caught.value.findings
    assert (str(finding.at), finding.rule) == ("content/posts/new.md:1", "no-date")
    assert "no commit" in finding.message
    assert finding.help.startswith("commit the file, or write date:")


PROJECTS = {
    "zola": {
        "config.toml": 'base_url = "https://blog.example/"\n',
        "content/posts/one.md": "+++\n+++\nText.\n",
    },
    "eleventy": {
        "eleventy.config.js": "module.exports = {};\n",
        "posts/one.md": "---\ntags: posts\n---\nText.\n",
    },
    "docusaurus": {
        "docusaurus.config.js": "module.exports = {presets: [['classic', {}]], baseUrl: '/'};\n",
        "blog/one.md": "---\ntitle: One\n---\nText.\n",
    },
    "pelican": {
        "pelicanconf.py": "PATH = 'content'\nTIMEZONE = 'UTC'\n",
        "content/one.md": "Title: One\n\nText.\n",
    },
    "mkdocs": {"mkdocs.yml": "site_name: Blog\n", "docs/one.md": "---\ntitle: One\n---\nText.\n"},
}
"""A project of each generator that publishes a post without a date in one way or another."""


@pytest.mark.parametrize("generator", PROJECTS)
def test_git_fills_the_gaps_of_any_generator(repository: Repository, generator: str) -> None:
    settings = f'{DATED}[generator]\nname = "{generator}"\n'
    repository.commit("2026-02-02T08:00+01:00", {"feeds.toml": settings, **PROJECTS[generator]})
    build_project(repository.folder, output="out")
    (path,) = (repository.folder / "out").glob("atom.xml")
    assert "<published>2026-02-02T08:00:00+01:00</published>" in path.read_text("utf-8")


@pytest.mark.slow
def test_ten_thousand_files_are_one_walk(repository: Repository) -> None:
    stream = [b"feature done\n"]
    for commit in range(1000):
        stamp = 1767225600 + commit * 3600
        stream.append(b"commit refs/heads/main\ncommitter B <b@blog.example> %d +0100\ndata 1\nx\n" % stamp)
        for number in range(commit * 10, commit * 10 + 10):
            text = b"Post %d.\n" % number
            stream.append(b"M 100644 inline posts/%d.md\ndata %d\n%s" % (number, len(text), text))
    stream.append(b"done\n")
    repository.git("fast-import", "--quiet", stdin=b"".join(stream))
    started = time.monotonic()
    history = history_of(repository, "")
    found = [history(f"posts/{number}.md") for number in range(10_000)]
    assert found[9_999] == span("2026-02-11T16:00+01:00", "2026-02-11T16:00+01:00")
    assert None not in found
    assert time.monotonic() - started < 30
