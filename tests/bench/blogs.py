"""Blogs of any size to measure with: the same size and seed give the same bytes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

CATEGORIES = (
    *("Bread", "Cakes", "Design", "Éditions", "Events", "Maps"),
    *("News", "People", "Recipes", "Software", "Tools", "Travel"),
)
TAGS = tuple(
    f"{one}-{two}" for one in ("rye", "oak", "ink", "tin", "sea") for two in ("a", "b", "c", "d", "e", "f")
)
AUTHORS = ("ines", "tomasz", "hana", "yusuf")
WORDS = (
    "about above after again along although always another around away because before behind below between bread "
    "bright bring butter carry cellar change city clear close cloud corner count cover cross dark deep door draw "
    "early east evening every fall field find fire flour follow garden give glass green ground half harbour heavy "
    "hill honey house island kitchen ladder large later learn leave letter light line little long market measure "
    "might milk morning mountain name near never north number often open oven over paper past place plain plate "
    "quiet rain reach river road room salt second shelf short side slow small south spring step stone street summer "
    "table thread through time toward tree under until valley village wait wall warm water west wheel white wind "
    "window winter without wood work write year yellow young"
).split()
FOREIGN = ("naïve", "crème", "łódź", "日本語", "Ελλάδα", "привет", "🚀", "“so”", "…", "—")
MARKS = {"hugo": "<!--more-->"}
LAST_DAY = dt.date(2026, 10, 31)


def write_blog(root: Path, count: int, *, seed: int = 1, mark: str = "<!-- more -->") -> None:
    """A project without a generator's configuration: settings, authors, and posts in folders of years.

    Args:
        root: a folder that is not there yet.
        count: how many posts, of about 7,400 bytes each; one in twenty is a draft.
        seed: other seeds give other texts.
        mark: what ends an excerpt.
    """
    posts = root / "content" / "posts"
    for number in range(count):
        draw = random.Random(f"{seed} {number}")
        date = LAST_DAY - dt.timedelta(days=int(draw.random() ** 1.6 * 5400))
        folder = posts / str(date.year)
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(_post(draw, number, date, mark))
        (folder / f"{date}-{number}.md").write_text(text, "utf-8", newline="\n")
    people = "".join(f"  {name}:\n    name: {name.title()} Writer\n" for name in AUTHORS)
    (root / "content" / ".authors.yml").write_text(f"authors:\n{people}", "utf-8", newline="\n")
    (root / "feeds.toml").write_text(SETTINGS, "utf-8", newline="\n")


SETTINGS = """[site]
title = "Notes"
url = "https://notes.example/"
description = "Notes on bread and maps"

[newsletter]
sender = "Notes <letters@notes.example>"
address = "1 Mill Lane, Riverton"
"""


def _post(draw: random.Random, number: int, date: dt.date, mark: str) -> Iterator[str]:
    yield "---\n"
    if number % 20 == 7 or number % 3 == 0:
        yield f"draft: {'true' if number % 20 == 7 else 'false'}\n"
    yield f"date: {date}{draw.choice(('', '', f' {draw.randrange(6, 22):02}:30:00'))}\n"
    yield "authors:\n" + "".join(f"  - {name}\n" for name in draw.sample(AUTHORS, draw.choice((1, 1, 1, 2))))
    yield "categories:\n" + "".join(
        f"  - {name}\n" for name in draw.sample(CATEGORIES, draw.choice((1, 1, 1, 2)))
    )
    tags = draw.sample(TAGS, draw.randrange(2, 6))
    yield (
        f"tags: [{', '.join(tags)}]\n"
        if number % 4 == 0
        else "tags:\n" + "".join(f"  - {tag}\n" for tag in tags)
    )
    if number % 5 == 0:
        yield f"description: >-\n  {_words(draw, 18)}\n"
    yield f"---\n\n# {_words(draw, 6).capitalize()} {number}\n\n"
    yield f"{_paragraph(draw, 44)}\n\n{_paragraph(draw, 34)}\n\n{mark}\n\n"
    yield from _body(draw)


def _body(draw: random.Random) -> Iterator[str]:
    yield f"## {_words(draw, 4).capitalize()}\n\n"
    notes = 0
    for _ in range(10):
        yield f"{_paragraph(draw, draw.randrange(45, 85))}"
        if draw.random() < 0.1:
            notes += 1
            yield f"[^{notes}]"
        yield f"\n\n{draw.choice(_BLOCKS)(draw)}\n\n"
    yield from (f"[^{note}]: {_sentence(draw)}\n\n" for note in range(1, notes + 1))


def _words(draw: random.Random, count: int) -> str:
    words = draw.choices(WORDS, k=count)
    if draw.random() < 0.1:
        words[draw.randrange(count)] = draw.choice(FOREIGN)
    return " ".join(words)


def _sentence(draw: random.Random) -> str:
    words = _words(draw, draw.randrange(7, 19)).split(" ")
    if draw.random() < 0.35:
        place, word = draw.randrange(len(words)), draw.choice(WORDS)
        forms = (
            f"[{word} {word}](https://{word}.example/?a=1&b=2)",
            f"**{word}**",
            f"*{word}*",
            f"`{word}()`",
        )
        words[place] = draw.choice((*forms, f"<https://{word}.example/>", f"`--{word}=<{word}>`"))
    return f"{' '.join(words).capitalize()}."


def _paragraph(draw: random.Random, words: int) -> str:
    sentences: list[str] = []
    while sum(sentence.count(" ") for sentence in sentences) < words:
        sentences.append(_sentence(draw))
    return "\n".join(sentences)


_BLOCKS = (
    lambda draw: f"### {_words(draw, 3).capitalize()}",
    lambda draw: "\n".join(f"- {_sentence(draw)}" for _ in range(4)),
    lambda draw: "\n".join(f"{item}. {_sentence(draw)}" for item in range(1, 4)),
    lambda draw: "```python\nfor name in names:\n    print(name < 'm' and name)\n```",
    lambda draw: f"![{_words(draw, 3)}](../images/{draw.choice(WORDS)}.png)",
    lambda draw: f"> {_sentence(draw)}",
    lambda draw: f"| {_words(draw, 1)} | {_words(draw, 1)} |\n| --- | --- |\n| {_words(draw, 2)} | 1 |",
)
