"""The benchmark of sending runs; its figures are for people to judge."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SINK = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin")


@pytest.mark.slow
@pytest.mark.skipif(SINK is None, reason="smtp-sink comes with Postfix")
@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--recipients", "200", "--rounds", "1"], r"feeds : bare +letters/s +\d+\.\d\d"),
        (["--memory", "2000"], r"frozen, and 1,000 letters sent, in .*: \d+ MB at most"),
    ],
)
def test_the_benchmark_runs(options, line, tmp_path):
    command = [sys.executable, "-m", "tests.bench.sending", "--folder", str(tmp_path), *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert re.search(line, run.stdout)
