"""Limits of what stands where in a post, and how nearly every post is told to be within them."""

from __future__ import annotations

import re

MAX_NESTING = 60
"""Lists or quotes inside each other on one line: markers in a row, or indentation divided by four."""

MAX_BLOCKS = 10_000
"""Runs of lines with blank lines around them in one post."""

MAX_BLOCK_REACH = 50_000_000
"""Lines that open a block times the characters up to the next blank line, added up over the post."""

MAX_TAG_REACH = 15_000_000
"""Characters between each `<` before a letter and the next `>`, added up."""

MAX_FOOTNOTES = 1_000
"""Definitions of footnotes in one post."""

_MAY_NEST = re.compile(rf"\n[ \t>*+.)\d-]{{{MAX_NESTING + 1}}}")


def is_within_all(text: str) -> bool:
    """Whether none of them can be passed by a post, as can be seen without telling what is what."""
    size, lines = len(text) + 1, text.count("\n") + 1
    return (
        lines <= min(MAX_BLOCKS, MAX_FOOTNOTES)
        and lines * size <= MAX_BLOCK_REACH
        and text.count("<") * size <= MAX_TAG_REACH
        and not _MAY_NEST.search(f"\n{text}")
    )
