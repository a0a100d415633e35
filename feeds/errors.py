"""What went wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

# C0/C1 controls, line separators and bidirectional overrides could rewrite the line a terminal shows.
_UNPRINTABLE = {
    **{c: f"\\x{c:02x}" for c in (*range(0x20), *range(0x7F, 0xA0))},
    **{c: f"\\u{c:04x}" for c in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))},
}


def printable(text: str) -> str:
    """The text with every character that would upset a terminal written as an escape."""
    return text.translate(_UNPRINTABLE).encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: path as shown to the user, line and column counted from 1."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [printable(self.path)]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


class Severity(Enum):
    """How much a finding matters: an error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: how bad, which rule (a stable kebab-case name), what, where, and how to mend it."""

    severity: Severity
    rule: str
    message: str
    at: Location | None = None
    help: str = ""

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at else ""
        label = "warning: " if self.severity is Severity.WARNING else ""
        text = f"{place}{label}{printable(self.message)}"
        return f"{text}\n  help: {printable(self.help)}" if self.help else text


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether one of the findings is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


class FeedsError(Exception):
    """A problem in the user's files; `exit_code` is what the command ends with."""

    exit_code = 1

    def __init__(
        self, message: str, at: Location | None = None, help: str = "", *, rule: str = "error"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.help = help
        self.rule = rule

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The same problem as a value that can be gathered with others."""
        return (Finding(Severity.ERROR, self.rule, self.message, self.at, self.help),)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))


class UsageError(FeedsError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class ProblemsError(FeedsError):
    """Several problems, shown together; `exit_code` is 2 where none of them lies in a file."""

    def __init__(self, findings: tuple[Finding, ...], exit_code: int = FeedsError.exit_code) -> None:
        super().__init__(f"{len(findings)} problems")
        self._findings = findings
        self.exit_code = exit_code

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every problem, in the order in which they were found."""
        return self._findings


def refuse_errors(findings: Sequence[Finding], report: Callable[[Finding], None]) -> None:
    """Report the findings; with an error among them, raise all of them as ProblemsError."""
    if has_errors(findings):
        raise ProblemsError(tuple(findings))
    for finding in findings:
        report(finding)
