"""The line that tells how far a send is."""

import pytest

from feeds.cli.meter import describe, duration
from feeds.delivery.engine import Progress
from feeds.delivery.states import State


@pytest.mark.parametrize(
    ("counts", "accepted", "seconds", "line"),
    [
        ({State.PENDING: 8}, 0, 0.0, "░░░░░░░░░░░░░░░░░░░░░░░░ 0 of 8  0.0/s"),
        ({State.ACCEPTED: 4, State.PENDING: 4}, 4, 2.0, "████████████░░░░░░░░░░░░ 4 of 8  2.0/s, 2 s left"),
        ({State.ACCEPTED: 8}, 8, 2.0, "████████████████████████ 8 of 8  4.0/s, 0 s left"),
        ({}, 0, 1.0, "████████████████████████ 0 of 0  0.0/s"),
    ],
)
def test_the_line(counts, accepted, seconds, line):
    assert describe(Progress(counts, accepted), seconds) == line


@pytest.mark.parametrize(("seconds", "text"), [(3, "3 s"), (89, "89 s"), (180, "3 min"), (7500, "2 h 5 min")])
def test_durations(seconds, text):
    assert duration(seconds) == text
