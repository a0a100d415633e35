"""How long it takes to read a post, counted in its source: nothing is rendered only for that."""

from __future__ import annotations

import re
from math import ceil

TYPE_CHECKING = False  # what `typing` says too, which takes long to import
if TYPE_CHECKING:
    from feeds.model import Source

_WORDS_A_MINUTE = 265
_SECONDS_A_PICTURE = range(12, 3, -1)
"""For the first picture, the second, and so on; 3 for each further one."""

_PICTURE = re.compile(r"<img\b")
_UNREAD = re.compile(
    r"\n[ \t]*(?:```|~~~)[^\n]*"  # the fences of code, not what is in them
    r"|\n\[[^\]\n]+\]:[^\n]*"  # where references lead
    r'|\]\([^()\s]*(?:\s+"[^"\n]*")?\)'  # where links lead
    r"|\{[:%#.][^{}\n]*\}"  # attributes
    r"|<[A-Za-z/!][^<>]*>"  # tags and comments
)
"""What stands in Markdown and not in the page."""

_OTHER_LETTERS = re.compile(r"[^\W\x00-\x7f]+")
_LETTERS = bytes(ord("a" if chr(code).isalnum() or chr(code) == "_" else " ") for code in range(128)) * 2
"""An `a` for each letter, digit and low line of ASCII, and a blank for the rest of it."""


def reading_minutes(source: Source) -> int:
    """Minutes to read a post: as its `readtime` says, else counted as Material for MkDocs does.

    It counts 265 words a minute, and some seconds for each picture (its blog plugin's `readtime`). As words
    are counted in the source and not in the page, the result may be off by a minute.
    """
    value = source.fields.values.get("readtime")
    if isinstance(value, str) and value.isdecimal() and int(value):
        return int(value)
    return count_minutes(source.body)


def count_minutes(text: str) -> int:
    """Minutes to read a text in Markdown."""
    pictures = text.count("![") + len(_PICTURE.findall(text))
    words = _count_words(_UNREAD.sub(" ", f"\n{text}"))
    seconds = ceil((words + 1) / _WORDS_A_MINUTE * 60)
    seconds += sum(_SECONDS_A_PICTURE[:pictures]) + 3 * max(0, pictures - len(_SECONDS_A_PICTURE))
    return ceil(seconds / 60)


def _count_words(text: str) -> int:
    """How many runs of letters, digits and low lines a text has, told by what is before their first."""
    plain = text if text.isascii() else _OTHER_LETTERS.sub("a", text)
    return f" {plain}".encode("ascii", "replace").translate(_LETTERS).count(b" a")
