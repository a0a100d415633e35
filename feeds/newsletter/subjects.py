"""What a letter is announced with: its subject, and the line that mail programs show behind it."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.columns import one_line
from feeds.newsletter.lines import shorten
from feeds.newsletter.wording import words

SUBJECT_LENGTH = 70
"""Characters that a subject keeps to; the lists of mail programs show about as many."""

PREHEADER_LENGTH = range(40, 111)
"""Characters of the line that the lists of mail programs show behind the subject."""

_BETWEEN = " · "
_SHORTEST_LEAD = 24
_LONGEST_TITLE = 150


def automatic_subject(titles: Sequence[str], when: str, language: str, *, is_post: bool = False) -> str:
    """The first post's title, how many more there are, and the period, which no two issues share.

    Args:
        titles: those of the posts, in the order of the letter.
        when: what the issue's days are called.
        language: the site's.
        is_post: the letter is one post, and called like that.
    """
    lead = one_line(titles[0])
    if is_post:
        return shorten(lead, _LONGEST_TITLE)
    more = f" {words(language)[1]['more_posts'] % (len(titles) - 1)}" if len(titles) > 1 else ""
    tail = f"{more} ({when})"
    return shorten(lead, max(SUBJECT_LENGTH - len(tail), _SHORTEST_LEAD)) + tail


def automatic_preheader(titles: Sequence[str], excerpt: str, language: str) -> str:
    """What the subject leaves out: the other titles, else the first lines of the only post.

    Args:
        titles: those of the posts, in the order of the letter.
        excerpt: the text of the first post.
        language: the site's.
    """
    strings = words(language)[1]
    room = PREHEADER_LENGTH.stop // len(_BETWEEN) + 2  # no more could be seen, were they all empty
    others = [one_line(title) for title in titles[1:room]]
    texts = [f"{strings['also']} {_BETWEEN.join(others)}"] if others else []
    texts += [one_line(excerpt), strings["preheader_end"]]
    preheader = ""
    for text in filter(None, texts):
        preheader = f"{preheader} — {text}" if preheader else text
        if len(preheader) >= PREHEADER_LENGTH.start:
            break
    return shorten(preheader, PREHEADER_LENGTH.stop - 1)
