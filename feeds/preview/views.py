"""The ways in which a letter can be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feeds.preview.rewriting import Look


@dataclass(frozen=True, slots=True)
class LetterView:
    """One way to look at a letter: what people call it, and how it is shown."""

    label: str
    about: str
    dark: bool = False
    styles: bool = True
    images: bool = True
    narrow: bool = False

    def look(self, pictures: Mapping[str, str]) -> Look:
        """How the letter is rewritten for it."""
        return Look(self.dark, self.styles, self.images, pictures)


LOOKS: Mapping[str, LetterView] = {
    "wide": LetterView("Wide", "As on a computer."),
    "narrow": LetterView("Narrow", "As on a telephone, 375 pixels wide.", narrow=True),
    "dark": LetterView("Dark", "As in mail programs that follow the letter's own dark colours.", dark=True),
    "unstyled": LetterView("No styles", "As where all styles are taken out.", styles=False),
    "imageless": LetterView("No images", "As where images are blocked, which is common.", images=False),
}
"""By their name in addresses."""

TEXT = "text"
"""The name of the letter's text part, which is no HTML."""


def look_of(name: str) -> str:
    """The name if there is such a look, else an empty text."""
    return name if name in LOOKS else ""
