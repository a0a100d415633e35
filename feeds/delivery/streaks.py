"""Telling what is wrong with us from what is wrong with one recipient: the same answer to everybody."""

from __future__ import annotations

from feeds.delivery.states import kind_of

MANY = 20
"""Refusals or delays in a row, with nothing taken between them, that are no coincidence."""

DOMAINS = 3
"""To how many domains refusals must be, once some letter was taken, to be everybody's."""

SILENT = 3
"""How many letters more than there are connections may get no answer before a run ends."""

FIRST_QUIET = 60.0
"""Seconds of quiet after so many delays in a row, doubled each time until a letter is taken."""


class Streaks:
    """What the last answers had in common; for one thread at a time.

    `taken` is how many letters were accepted before, `connections` how many may break at the same moment.
    """

    def __init__(self, taken: int = 0, connections: int = 1) -> None:
        self.quiet_until = 0.0
        self.quiet = 0.0
        """seconds of quiet since a letter was last taken"""
        self.kind = ""
        self.ours = False
        """whether the refusals in `refused` are our fault"""
        self.refused: list[int] = []
        """whom the last refusals in a row were to"""
        self.silence = 0
        """how many letters in a row got no answer"""
        self._bearable = connections + SILENT
        self._domains: set[str] = set()
        self._taken = taken
        self._delays = 0
        self._quiets = 0

    def accepted(self) -> None:
        """A letter was taken: whatever was refused before is a matter of those recipients."""
        self._taken += 1
        self._delays = self._quiets = 0
        self.quiet = 0.0
        if not self.silent:
            self.silence = 0
        if not self.ours:
            self.refused.clear()
            self._domains.clear()

    def rejected(self, number: int, domain: str, code: int, text: str) -> None:
        """A letter was refused for good; `ours` is then true where all are."""
        kind = kind_of(code, text)
        if kind != self.kind and not self.ours:
            self.kind = kind
            self.refused.clear()
            self._domains.clear()
        self.refused.append(number)
        self._domains.add(domain)
        if len(self.refused) >= MANY and (not self._taken or self._many_domains(kind)):
            self.ours = True

    def unanswered(self) -> None:
        """A letter left and no answer came; `silent` is then true where that is the rule."""
        self.silence += 1

    @property
    def silent(self) -> bool:
        """Whether so many letters in doubt are enough: each more may be a reader who gets none, or two."""
        return self.silence >= self._bearable

    def deferred(self, now: float) -> None:
        """A letter was put off; after many in a row `quiet_until` says when to go on."""
        self._delays += 1
        if self._delays >= MANY and now >= self.quiet_until:
            pause = FIRST_QUIET * 2.0**self._quiets
            self.quiet_until = now + pause
            self.quiet += pause
            self._quiets += 1
            self._delays = 0

    def ended(self) -> None:
        """The run is over: where nothing was taken and several were refused alike, it is our fault too."""
        if not self._taken and len(self.refused) > 1 and self.kind.startswith(("5.7.", "4.7.")):
            self.ours = True

    def _many_domains(self, kind: str) -> bool:
        """Old lists hold many dead addresses in a row; other refusals of many domains are of the sender."""
        return not kind.startswith("5.1.") and len(self._domains) >= DOMAINS
