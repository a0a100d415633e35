"""How long it takes to read a post, counted in its source: nothing is rendered only for that."""

from __future__ import annotations

import re
from math import ceil

from feeds.model import Scalar, Source

_WORDS_A_MINUTE = 265
_SECONDS_A_PICTURE = range(12, 3, -1)
"""For the first picture, the second, and so on; 3 for each further one."""

_WORD = re.compile(r"\w+")
_PICTURE = re.compile(r"!\[|<img\b")
_UNREAD = re.compile(
    r"^[ \t]*(?:`{3,}|~{3,})[^\n]*$"  # the fences of code, not what is in them
    r"|^\[[^\]\n]+\]:[^\n]*$"  # where references lead
    r'|\]\([^()\s]*(?:\s+"[^"\n]*")?\)'  # where links lead
    r"|\{[:%#.][^{}\n]*\}"  # attributes
    r"|<[A-Za-z/!][^<>]*>",  # tags and comments
    re.MULTILINE,
)
"""What stands in Markdown and not in the page."""


def reading_minutes(source: Source) -> int:
    """Minutes to read a post: as its `readtime` says, else counted as Material for MkDocs does.

    It counts 265 words a minute, and some seconds for each picture (its blog plugin's `readtime`). As words
    are counted in the source and not in the page, the result may be off by a minute.
    """
    value = source.fields.values.get("readtime")
    if isinstance(value, Scalar) and value.isdecimal() and int(value):
        return int(value)
    return count_minutes(source.body)


def count_minutes(text: str) -> int:
    """Minutes to read a text in Markdown."""
    pictures = len(_PICTURE.findall(text))
    words = len(_WORD.findall(_UNREAD.sub(" ", text)))
    seconds = ceil((words + 1) / _WORDS_A_MINUTE * 60)
    seconds += sum(_SECONDS_A_PICTURE[:pictures]) + 3 * max(0, pictures - len(_SECONDS_A_PICTURE))
    return ceil(seconds / 60)
