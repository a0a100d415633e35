"""How well a colour can be read on another, by WCAG 2.2, and the nearest shade that can be."""

from __future__ import annotations

from collections.abc import Iterable

BLACK, WHITE = "#000000", "#ffffff"

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, success criterion 1.4.3)."""


def luminance(colour: str) -> float:
    """The relative luminance of a colour such as `#0f5c8c`: 0 for black, 1 for white (WCAG 2.2)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def least_contrast(colour: str, grounds: Iterable[str]) -> float:
    """The contrast to that ground on which the colour is read worst."""
    return min(contrast(colour, ground) for ground in grounds)


def readable_shade(colour: str, towards: str, grounds: Iterable[str], ratio: float = READABLE) -> str:
    """The colour, mixed with as little of another as gives it a contrast of `ratio` to every ground.

    The mixture grows by hundredths; where none will do, the other colour itself is what there is.
    """
    grounds = tuple(grounds)
    shades = (_mix(colour, towards, percent) for percent in range(101))
    return next((shade for shade in shades if least_contrast(shade, grounds) >= ratio), towards)


def _mix(one: str, other: str, percent: int) -> str:
    """One colour with so many hundredths of another."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent + 50) // 100:02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
