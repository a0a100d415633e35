"""Work beside a process: the same result with and without, whatever becomes of the others."""

import os
import signal
import threading
import time

import pytest

from feeds import processes
from feeds.processes import Beside, spread
from feeds.watch import Watch

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no copies of a process here")


@pytest.fixture(params=[1, 2, 5])
def processors(request, monkeypatch):
    monkeypatch.setattr(processes, "_processors", lambda: request.param)
    return request.param


def double(numbers):
    return [2 * number for number in numbers]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 1_000])
def test_what_is_spread_comes_back_in_its_order(processors, count):
    assert spread(double, range(count), 1) == [2 * number for number in range(count)]


def test_a_slice_of_fewer_than_is_worth_while_gets_no_process(processors):
    me = os.getpid()
    assert spread(lambda numbers: [os.getpid() for _ in numbers], range(9), 5) == [me] * 9


def test_each_process_takes_a_slice(monkeypatch):
    monkeypatch.setattr(processes, "_processors", lambda: 3)
    workers = spread(lambda numbers: [os.getpid() for _ in numbers], range(9), 1)
    assert workers[:3] == [os.getpid()] * 3
    assert len({*workers}) == 3
    assert workers == sorted(workers, key=workers.index)


def test_more_than_a_pipe_holds_comes_back_whole(processors):
    assert spread(lambda numbers: ["x" * 1_000_000 for _ in numbers], range(6), 1) == ["x" * 1_000_000] * 6


@pytest.mark.parametrize(
    "fail", [lambda: os._exit(3), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0]
)
def test_what_a_process_cannot_do_is_done_here(processors, fail):
    me = os.getpid()

    def work(numbers):
        if os.getpid() != me:
            fail()
        return double(numbers)

    assert spread(work, range(100), 1) == double(range(100))


def test_what_cannot_be_handed_over_is_made_here(processors):
    made = spread(lambda numbers: [lambda number=number: number for number in numbers], range(20), 1)
    assert [each() for each in made] == list(range(20))


def test_an_error_is_that_of_the_work_itself(processors):
    def work(numbers):
        if 7 in numbers:
            raise ValueError("seven")
        return double(numbers)

    with pytest.raises(ValueError, match="seven"):
        spread(work, range(10), 1)
    with pytest.raises(ValueError, match="seven"):
        Beside(work, [7]).result()


def test_a_process_whose_work_is_not_wanted_any_more_is_ended(monkeypatch):
    monkeypatch.setattr(processes, "_processors", lambda: 2)
    started = time.monotonic()
    beside = Beside(time.sleep, 60)
    beside.stop()
    beside.stop()
    assert time.monotonic() - started < 10
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_where_another_thread_runs_there_are_no_copies():
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    try:
        assert Beside(lambda _: os.getpid(), None).result() == os.getpid()
    finally:
        wait.set()
        thread.join()


def test_files_that_another_process_opens_are_seen(processors, tmp_path):
    files = [tmp_path / f"{number}.txt" for number in range(4)]
    for file in files:
        file.write_text(file.name, "utf-8")
    with Watch() as watch:
        assert spread(lambda files: [file.read_text("utf-8") for file in files], files, 1) == [
            file.name for file in files
        ]
    assert {str(file) for file in files} <= watch.opened


def test_waiting_that_is_interrupted_ends_the_process(monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "_processors", lambda: 2)
    before = signal.signal(signal.SIGALRM, interrupt)
    started = time.monotonic()
    try:
        beside = Beside(time.sleep, 60)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(KeyboardInterrupt):
            beside.result()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - started < 10
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_process_whose_children_nobody_is_told_of_waits_for_them(monkeypatch):
    monkeypatch.setattr(processes, "_processors", lambda: 2)
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert spread(double, range(10), 1) == double(range(10))
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_where_no_more_files_can_be_open_the_work_is_done_here(monkeypatch):
    import resource

    monkeypatch.setattr(processes, "_processors", lambda: 3)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        made = spread(double, range(10), 1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert made == double(range(10))
