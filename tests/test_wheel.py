"""The wheel alone builds a blog in another folder: templates included, the checkout not needed."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from projects import CHECKOUT, SETTINGS, blog, post

pytest.importorskip("hatchling", reason="the wheel's builder is not installed")
pytestmark = pytest.mark.skipif(not (CHECKOUT / "pyproject.toml").is_file(), reason="no checkout here")

ONE = {"one.md": post("# One\n\nFirst.\n\n<!-- more -->\n\nRest.\n")}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a wheel that is built from the checkout, as an installer would lay them down."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("feeds-*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "installed")
    return folder / "installed"


def run_installed(unpacked: Path, code: str, cwd: Path) -> str:
    """Run Python with the wheel's files before everything else that is installed."""
    env = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


BUILD = "import sys; sys.argv[1:] = ['build']; import feeds.cli; feeds.cli.main()"


def test_it_holds_the_package_and_the_templates_and_nothing_else(unpacked: Path) -> None:
    assert {path.name.partition("-")[0] for path in unpacked.iterdir()} == {"feeds"}
    assert (unpacked / "feeds" / "templates" / "digest.html").is_file()
    where = run_installed(unpacked, "import feeds; print(feeds.__file__)", unpacked.parent)
    assert Path(where.strip()) == unpacked / "feeds" / "__init__.py"


def test_it_builds_with_the_bundled_templates(unpacked: Path, tmp_path: Path) -> None:
    blog(tmp_path, ONE)
    run_installed(unpacked, BUILD, tmp_path)
    assert "First." in (tmp_path / ".feeds/letters/2026-11/letter.html").read_text("utf-8")


def test_it_builds_with_templates_that_extend_the_bundled_ones(unpacked: Path, tmp_path: Path) -> None:
    blog(tmp_path, ONE, SETTINGS + '[newsletter]\ntemplates = "mail"\n')
    (tmp_path / "mail").mkdir()
    template = '{% extends "feeds/digest.html" %}{% block intro %}<p>Hello there.</p>{% endblock %}'
    (tmp_path / "mail" / "digest.html").write_text(template, "utf-8")
    run_installed(unpacked, BUILD, tmp_path)
    letter = (tmp_path / ".feeds/letters/2026-11/letter.html").read_text("utf-8")
    assert "Hello there." in letter
    assert "First." in letter
