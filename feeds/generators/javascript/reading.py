"""JavaScript and TypeScript configuration read as text: what stands there in literals, all else by name.

Nothing is run. Understood are objects, lists, strings, numbers, templates, joins of these, constants of the
same file, `export default`, `module.exports`, `exports.x`, functions that return an object, and types.
"""

from __future__ import annotations

from collections.abc import Mapping

from feeds.generators.javascript.evaluation import Evaluation
from feeds.generators.javascript.tokens import tokens_of
from feeds.generators.javascript.values import (
    Call,
    Function,
    Items,
    Js,
    Members,
    Pattern,
    Unknown,
    plain,
    unknown_error,
)

__all__ = [
    "Call",
    "Function",
    "Items",
    "Js",
    "Members",
    "Pattern",
    "Script",
    "Unknown",
    "parse_javascript",
    "plain",
    "unknown_error",
]


class Script:
    """A configuration file as read.

    `path` is what messages call it, `imports` the module that each imported name comes from.
    """

    def __init__(self, path: str, evaluation: Evaluation) -> None:
        self.path = path
        self.imports: Mapping[str, str] = evaluation.scan.imports
        self._evaluation = evaluation

    @property
    def exports(self) -> Mapping[str, Js]:
        """What the file exports, by name; `default` is that of `export default` and `module.exports`.

        Functions and `defineConfig(…)` are what they give back.
        """
        return self._evaluation.exports()

    @property
    def variables(self) -> Mapping[str, Js]:
        """The variables at the top of the file."""
        return self._evaluation.variables()

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call in the file, in its order, those inside functions too."""
        return self._evaluation.calls()


def parse_javascript(text: str, path: str, first_line: int = 1) -> Script:
    """What a configuration file says in literals.

    Args:
        text: the file, or an object alone, which counts as exported.
        path: what messages call it.
        first_line: the line of the file on which the text starts.

    Raises:
        FeedsError: a bracket, template or comment is never closed, or the file is too large.
    """
    return Script(path, Evaluation(tokens_of(text, path, first_line), text))
