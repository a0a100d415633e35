"""Slugs as Zola makes them: texts in ASCII, or what is left without characters that paths cannot hold."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from feeds.errors import FeedsError
from feeds.generators.slugs import Slugify

MODES = ("on", "safe", "off")

# What Zola's transliteration makes of letters that do not come apart into an ASCII letter and marks.
_LATIN = """
    æ ae  ð d  ø o  þ th  ß ss  ẞ ss  đ d  ħ h  ı i  ĸ k  ŀ l  ł l  ŉ -n  ŋ ng  œ oe  ŧ t  ə -
    ƒ f  ɓ b  ɗ d  ɛ e  ƙ k  ɔ o
    × x  µ u  ¢ c-  £ ps  ¥ y-  § ss  © -c-  ® -r-  ° deg  ¶ p  ¼ 1-4  ½ 1-2  ¾ 3-4
    € eur  ₴ hrn  ₹ rs  ₺ tl  ₽ rb  ₿ btc  ₩ w  ₫ d  ₪ ns
"""
_GREEK = """
    α a  β b  γ g  δ d  ε e  ζ z  η e  θ th  ι i  κ k  λ l  μ m  ν n  ξ x  Ξ ks  ο o  π p  ρ r  ς s  σ s
    τ t  υ u  φ ph  χ kh  ψ ps  ω o
"""
_CYRILLIC = """
    а a  б b  в v  г g  д d  е e  ё io  ж zh  з z  и i  й i  к k  л l  м m  н n  о o  п p  р r  с s  т t  у u
    ф f  х kh  ц ts  ч ch  ш sh  щ shch  ъ -  ы y  ь -  э e  ю iu  я ia  ѐ ie  ђ dj  ѓ gj  є ie  Є e  ѕ dz
    і i  ї yi  ј j  љ lj  њ nj  ћ tsh  ќ kj  ѝ i  ў u  џ dzh  ґ g-  ә -
"""
_WORDS = (_LATIN + _GREEK + _CYRILLIC).split()
_LETTERS = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
_HANGUL_FIRST = "g gg n d dd r m b bb s ss - j jj c k t p h".replace("-", "").split(" ")
_HANGUL_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u weo we wi yu eu yi i".split()
_HANGUL_LAST = ["", *"g gg gs n nj nh d l lg lm lb ls lt lp lh m b bs s ss ng j c k t p h".split()]
_HANGUL, _HANGUL_END = 0xAC00, 0xD7A3
# Where punctuation and symbols that are not named above become hyphens, and invisible characters nothing.
_SIGNS = (
    (0xA0, 0xC0),
    (0x2000, 0x2030),
    (0x2032, 0x204A),
    (0x204C, 0x2070),
    (0x2190, 0x21B7),
    (0x3000, 0x3003),
    (0x3008, 0x3012),
)
# Where letters come apart into those of ASCII, Greek or Cyrillic, and marks.
_LETTERS_WITH_MARKS = (
    (0xA0, 0x250),
    (0x384, 0x3D0),
    (0x400, 0x460),
    (0x1E00, 0x2000),
    (0x2070, 0x2090),
    (0x2116, 0x2117),
    (0x2122, 0x2123),
    (0xFF01, 0xFF5F),
)
_UNSAFE = str.maketrans(dict.fromkeys('<>:"/\\|?*'))


def zola_slugify(mode: str = "on") -> Slugify:
    """The function that Zola makes the last part of a path with (`slugify_paths` in its sources).

    Args:
        mode: what `[slugify]` says: `on` (ASCII letters, digits and hyphens), `safe` (without what no file's
            name may hold) or `off`.
    """
    if mode == "off":
        return lambda text: text
    if mode == "safe":
        return lambda text: text.rstrip(" .").translate(_UNSAFE)
    return _ascii


def _ascii(text: str) -> str:
    """Letters and digits in lower case, all else as single hyphens, none of them at an end.

    Raises:
        FeedsError: the text has a character whose transliteration is not known here.
    """
    plain = text if text.isascii() else "".join(c if c.isascii() else _transliterated(c, text) for c in text)
    words = "".join(c if c.isalnum() else " " for c in plain.lower()).split()
    return "-".join(words)


def _transliterated(character: str, text: str) -> str:
    found = _in_ascii(character)
    if found is None:
        raise FeedsError(
            f"the slug that Zola makes of {text!r} is not known: {character!r} has many readings",
            help='give the page its address as path = "blog/my-post", or write permalink = "/blog/{file}/" '
            "under [generator] in feeds.toml",
            rule="slug",
        )
    return found


@lru_cache(maxsize=4096)
def _in_ascii(character: str) -> str | None:
    """What Zola writes for a character; None if that is not known here."""
    known = _LETTERS.get(character) or _LETTERS.get(character.lower())
    if known:
        return known
    code = ord(character)
    if _HANGUL <= code <= _HANGUL_END:
        first, rest = divmod(code - _HANGUL, len(_HANGUL_VOWELS) * len(_HANGUL_LAST))
        vowel, last = divmod(rest, len(_HANGUL_LAST))
        return _HANGUL_FIRST[first] + _HANGUL_VOWELS[vowel] + _HANGUL_LAST[last]
    if 0x300 <= code < 0x363 or 0xFE00 <= code < 0xFE10:
        return ""
    if _within(code, _SIGNS) and (kind := unicodedata.category(character))[0] in "PSZC":
        return "" if kind == "Cf" and character != "\u200b" else "-"
    return _without_marks(character) if _within(code, _LETTERS_WITH_MARKS) else None


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code < end for first, end in ranges)


def _without_marks(character: str) -> str | None:
    """The letters that a character comes apart into, without accents; None if those are not known."""
    parts = [c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)]
    if parts == [character]:
        return None
    known = [c if c.isascii() else _LETTERS.get(c) or _LETTERS.get(c.lower()) for c in parts]
    return None if None in known else "".join(filter(None, known))
