"""`feeds init`: what is known of a site without being told, and a feeds.toml for the rest."""

import re
import tomllib
from pathlib import Path

import pytest
from projects import SETTINGS, blog, material_blog, post, write_files
from projects import run_here as run

from feeds.config import load_settings
from feeds.config.keys import KEYS

POSTS = {
    "one.md": post("# One\n"),
    "draft.md": post("# Two\n", draft="true"),
    "later.md": post(date="2031-01-01"),
}


def facts(stdout: str) -> dict[str, list[str]]:
    """What is told of the site: for each name the value, and what follows it."""
    rows = [re.split(r" {2,}", line.strip()) for line in stdout.splitlines() if line.startswith("  ")]
    return {row[0]: row[1:] for row in rows}


def uncommented(text: str) -> str:
    """The settings with all examples filled in."""
    return re.sub(r"(?m)^# (?=\w+ = )", "", text)


def test_what_the_configuration_says_is_shown_with_its_place(tmp_path: Path) -> None:
    material_blog(tmp_path, POSTS, "site_author: Ada\ntheme:\n  language: pt\nplugins: [blog]\n")
    done = run(["init"], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "Material for MkDocs  mkdocs.yml"
    assert facts(done.stdout) == {
        "title": ["Blog", "mkdocs.yml:1"],
        "address": ["https://blog.example/", "mkdocs.yml:2"],
        "language": ["pt", "mkdocs.yml:5"],
        "time zone": ["UTC", "assumed"],
        "posts": ["docs/blog/posts", "2 posts published, 1 draft"],
        "excerpts": ["before <!-- more -->, else the description, else the first paragraphs"],
        "output": ["site/"],
    }
    assert done.stdout.splitlines()[-2:] == [
        "wrote feeds.toml for what was not found: description, timezone, sender",
        "next: feeds build",
    ]


def test_the_file_has_a_comment_for_each_thing_that_was_not_found(tmp_path: Path) -> None:
    material_blog(tmp_path, POSTS, "site_author: Ada\nsite_description: Notes.\nplugins: [blog]\n")
    run(["init"], tmp_path)
    assert (tmp_path / "feeds.toml").read_text("utf-8") == (
        "# Settings of feeds. All else is read from mkdocs.yml.\n"
        "\n"
        "[site]\n"
        "# The language of the posts, such as en or pt-BR.\n"
        '# language = "en"\n'
        "# The zone of dates that name none, such as Europe/Berlin.\n"
        '# timezone = "Europe/Berlin"\n'
        "\n"
        "[newsletter]\n"
        "# Who sends the letters, such as Ada <ada@example.org>.\n"
        '# sender = "Ada Lovelace <ada@example.org>"\n'
    )
    assert run(["build"], tmp_path).returncode == 0


def test_a_missing_address_is_named_and_can_be_filled_in(tmp_path: Path) -> None:
    blog(tmp_path, POSTS)
    (tmp_path / "feeds.toml").unlink()
    done = run(["init"], tmp_path)
    assert done.returncode == 0
    found = facts(done.stdout)
    assert found["address"] == ["not found: the site's URL is not known, and feeds need absolute links"]
    assert found["posts"] == ["content/posts", "1 post published, 1 draft, 1 held back"]
    assert done.stdout.splitlines()[-1] == "next: fill in url in feeds.toml, then feeds build"
    text = (tmp_path / "feeds.toml").read_text("utf-8")
    assert (
        '# Needed: Where the site lies, such as https://example.org/blog/.\n# url = "https://example.org/"\n'
        in text
    )
    assert run(["build"], tmp_path).returncode == 1
    assert run(["init"], tmp_path).stdout.splitlines()[-2:] == [
        "feeds.toml is there already, and stays as it is",
        'next: write url = "https://example.org/" under [site] in feeds.toml, then feeds build',
    ]
    (tmp_path / "feeds.toml").write_text(text.replace("# url =", "url ="), "utf-8")
    assert run(["build"], tmp_path).returncode == 0


def test_everything_that_would_have_to_be_run_is_asked_for_at_once(tmp_path: Path) -> None:
    settings = (
        "import os\nSITENAME = os.environ['NAME']\nSITEURL = os.environ['URL']\nTIMEZONE = 'Europe/Rome'\n"
    )
    write_files(
        tmp_path, {"pelicanconf.py": settings, "content/a.md": "Title: A\nDate: 2026-11-01\n\nText.\n"}
    )
    done = run(["init"], tmp_path)
    assert done.returncode == 0
    found = facts(done.stdout)
    assert found["title"][0].startswith("not found: SITENAME cannot be known")
    assert found["address"][0].startswith("not found: SITEURL cannot be known")
    assert found["time zone"] == ["Europe/Rome", "pelicanconf.py:4"]
    assert done.stdout.splitlines()[-1] == "next: fill in url and title in feeds.toml, then feeds build"
    text = (tmp_path / "feeds.toml").read_text("utf-8")
    assert (
        '# Needed: The site\'s name, which the titles of its feeds begin with.\n# title = "My blog"\n' in text
    )


def test_a_blog_that_is_not_configured_asks_for_the_generator(tmp_path: Path) -> None:
    config = '[project]\nsite_name = "A"\nsite_url = "https://a.example/"\n'
    write_files(tmp_path, {"zensical.toml": config, "docs/index.md": "# Home\n"})
    found = facts(run(["init"], tmp_path).stdout)
    assert found["generator"] == ["not found: the blog plugin is not configured"]
    assert "help: add [project.plugins.blog]; where" in run(["build"], tmp_path).stderr


def test_missing_posts_are_named(tmp_path: Path) -> None:
    done = run(["init"], tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "next: fill in folder in feeds.toml, then feeds build"
    assert '# folder = "content"' in (tmp_path / "feeds.toml").read_text("utf-8")


def test_a_site_in_a_folder_below_is_pointed_out(tmp_path: Path) -> None:
    material_blog(tmp_path / "website", POSTS)
    write_files(tmp_path, {"src/main.py": "print()\n"})
    done = run(["init"], tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == [
        "nothing was written: the site is in a folder below",
        "next: feeds init -C website, where Material for MkDocs is configured",
    ]
    assert not (tmp_path / "feeds.toml").exists()


@pytest.mark.parametrize("material", [True, False])
def test_every_example_is_a_setting(tmp_path: Path, material: bool) -> None:
    if material:
        material_blog(tmp_path, POSTS)
    else:
        write_files(tmp_path, {f"content/posts/{name}": text for name, text in POSTS.items()})
    run(["init"], tmp_path)
    text = uncommented((tmp_path / "feeds.toml").read_text("utf-8"))
    given = {f"{table}.{key}" for table, keys in tomllib.loads(text).items() for key in keys}
    assert {"site.timezone", "newsletter.sender"} <= given <= set(KEYS)
    write_files(tmp_path, {"feeds.toml": text})
    assert load_settings(tmp_path).site.timezone == "Europe/Berlin"
    assert run(["build"], tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("feeds.toml", SETTINGS),
        ("feeds.toml", ""),
        ("pyproject.toml", SETTINGS.replace("[site]", "[tool.feeds.site]")),
    ],
)
def test_settings_that_are_there_stay_as_they_are(tmp_path: Path, name: str, text: str) -> None:
    material_blog(tmp_path, POSTS)
    write_files(tmp_path, {name: text})
    done = run(["init"], tmp_path)
    assert done.returncode == 0
    assert f"{name} is there already, and stays as it is" in done.stdout
    assert (tmp_path / name).read_text("utf-8") == text
    assert {"feeds.toml", "pyproject.toml"} & {path.name for path in tmp_path.iterdir()} == {name}


def test_what_the_settings_say_is_shown_with_its_place(tmp_path: Path) -> None:
    material_blog(tmp_path, POSTS)
    write_files(tmp_path, {"feeds.toml": '[site]\ntitle = "Other"\n'})
    found = facts(run(["init"], tmp_path).stdout)
    assert (found["title"], found["address"]) == (
        ["Other", "feeds.toml:2"],
        ["https://blog.example/", "mkdocs.yml:2"],
    )


def test_a_dry_run_prints_the_file_and_writes_nothing(tmp_path: Path) -> None:
    material_blog(tmp_path, POSTS)
    done = run(["init", "--dry-run"], tmp_path)
    assert "\n[newsletter]\n# Who sends the letters" in done.stdout
    assert not (tmp_path / "feeds.toml").exists()


def test_what_is_given_is_written(tmp_path: Path) -> None:
    write_files(tmp_path, {f"content/posts/{name}": text for name, text in POSTS.items()})
    done = run(["init", "--base-url", "https://given.example/", "--generator", "plain"], tmp_path)
    text = (tmp_path / "feeds.toml").read_text("utf-8")
    assert tomllib.loads(text) == {
        "site": {"url": "https://given.example/"},
        "newsletter": {},
        "generator": {"name": "plain"},
    }
    assert done.stdout.splitlines()[-1] == "next: feeds build"
    assert run(["build"], tmp_path).returncode == 0


def test_of_several_generators_one_wins_and_the_choice_is_shown(tmp_path: Path) -> None:
    material_blog(tmp_path, POSTS)
    write_files(
        tmp_path,
        {"_config.yml": "title: Other\nurl: https://other.example\n", "_posts/2026-01-01-a.md": post()},
    )
    done = run(["init", "--dry-run"], tmp_path)
    assert done.stdout.splitlines()[:2] == [
        "Material for MkDocs  mkdocs.yml",
        "Jekyll too (_config.yml), which is left aside; to choose it, --generator jekyll, or "
        'name = "jekyll" under [generator]',
    ]
    done = run(["init", "--generator", "jekyll"], tmp_path)
    assert done.stdout.startswith("Jekyll  _config.yml\nMaterial for MkDocs too (mkdocs.yml)")
    assert 'name = "jekyll"' in (tmp_path / "feeds.toml").read_text("utf-8")
    assert facts(run(["init"], tmp_path).stdout)["address"] == ["https://other.example/", "_config.yml:2"]


def test_posts_with_errors_lead_to_the_command_that_shows_them(tmp_path: Path) -> None:
    material_blog(tmp_path, {**POSTS, "bad.md": post(date="2026-13-45")})
    done = run(["init"], tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "next: feeds posts, which shows 1 error"


def test_what_no_setting_can_mend_stops_it(tmp_path: Path) -> None:
    write_files(tmp_path, {"mkdocs.yml": "site_name: [\n", "docs/index.md": "# I\n"})
    done = run(["init"], tmp_path)
    assert (done.returncode, done.stderr.startswith("mkdocs.yml:")) == (1, True)
    assert not (tmp_path / "feeds.toml").exists()


def test_the_next_command_names_the_folder(tmp_path: Path) -> None:
    material_blog(tmp_path / "my site", POSTS)
    done = run(["init", "-C", "my site"], tmp_path)
    assert done.stdout.splitlines()[-1] == "next: feeds build -C 'my site'"
    assert (tmp_path / "my site" / "feeds.toml").is_file()
