"""Each folder below cases/ is a project and what a build makes of it, byte for byte.

`pytest tests/test_cases.py --rewrite` writes the expectations anew; read the diff before committing it.
"""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from feeds.build import Choices, build
from feeds.config import load_settings

CASES = sorted(path for path in Path(__file__).with_name("cases").iterdir() if path.is_dir())
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_builds_what_is_expected(case: Path, tmp_path: Path, rewrite: bool) -> None:
    project = tmp_path / "project"
    shutil.copytree(case, project, ignore=shutil.ignore_patterns("expected"))
    output = tmp_path / "output"
    overrides = {"site.output": str(output / "site"), "newsletter.letters": str(output / "letters")}

    built = build(load_settings(project, overrides=overrides, environ={}), Choices(NOW))

    files = {path.relative_to(output).as_posix(): path for path in output.rglob("*") if path.is_file()}
    (output / "findings.txt").write_text("".join(f"{finding}\n" for finding in built.findings), "utf-8")
    files["findings.txt"] = output / "findings.txt"
    expected = case / "expected"
    if rewrite:
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(output, expected)
    wanted = {path.relative_to(expected).as_posix() for path in expected.rglob("*") if path.is_file()}
    assert set(files) == wanted
    for name, path in files.items():
        assert path.read_bytes() == (expected / name).read_bytes(), name
