"""What holds for the whole suite.

`pytest --rewrite` brings the files that are compared up to date. Where `CI` is set, hypothesis tries the same
examples each time: a change is judged by what it changed; new examples are found at the desk.
"""

import os

import pytest
from hypothesis import settings

# No verdict depends on how fast the machine is.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the expected files instead of comparing")


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite"))
