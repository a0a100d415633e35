"""Kills a send at one line of its code after another: `steps.py FOLDER PORT FIRST EVERY`.

For each line number N (of those that a send runs through, in whatever thread) there is a ledger of its own: one
process begins to send from it and is killed just before the Nth line runs, the next one goes on. Prints how many
ledgers there were; each has its number in its name and in its addresses.
"""

import os
import signal
import sys
import threading
from itertools import count
from pathlib import Path

from ledgers import freeze_one, make_book
from sender import TERMS, send

ROOM = os.sep + "delivery" + os.sep
KINDS = ("ok", "greylisted", "gone", "lost", "ok")


def addresses(number):
    return [f"{kind}-{number}-{index}@host.example" for index, kind in enumerate(KINDS)]


def die_at(line):
    """Kill this process before it runs the so-manieth line of the sending's code."""
    counted = count()

    def trace(frame, event, argument):
        if ROOM not in frame.f_code.co_filename or "tests" in frame.f_code.co_filename:
            return None
        if event == "line" and next(counted) == line:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    threading.settrace(trace)
    sys.settrace(trace)


def in_a_child(work):
    """Do it in a process of its own; whether it lived to the end."""
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def run(folder, port, first, every):
    terms = TERMS.__class__(TERMS.rates, connections=2, block=3, patience=0, reconnects=(0,))
    for number in count():
        ledger = Path(folder) / f"{number}.sqlite"
        with make_book(ledger, addresses(number)) as book:
            freeze_one(book, hours=10**6)

        def begin(line=first + number * every, ledger=ledger):
            die_at(line)
            send(ledger, port, terms)

        lived = in_a_child(begin)
        assert in_a_child(lambda ledger=ledger: send(ledger, port, terms))
        if lived:
            print(number + 1)
            return


if __name__ == "__main__":
    run(sys.argv[1], *map(int, sys.argv[2:]))
