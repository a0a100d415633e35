"""What Zensical keeps in slugs, and pymdownx, which it follows, leaves out: vowel signs, circled letters."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

# Ranges of the marks that Unicode calls alphabetic, and of circled and squared letters.
_RANGES = """
    345 363-36f 5b0-657 659-6dc 6e1-6e8 6ed-73f 7a6-7b0 816-817 81b-82c 8d4-8df 8e3-8e9 8f0-93b 93e-94c
    94e-94f 955-983 9be-9cc 9d7-9e3 a01-a03 a3e-a4c a51-a83 abe-acc ae2-afc b01-b03 b3e-b4c b56-bcc
    bd7-c04 c3e-c4c c55-c83 cbe-ccc cd5-d03 d3e-d4c d57-d83 dcf-e3a e4d eb1-eb9 ebb-ebc ecd f71-f72 f74
    f77 f79-f80 f82-f83 f8d-f92 f94-f9c f9e-fa1 fa3-fa6 fa8-fab fad-fb8 fba-fbc 102b-1036 1038 103b-109d
    1712-1713 1732-1733 1752-1773 17b6-17c8 1885-1938 1a17-1a5e 1a61-1a74 1abf-1ac0 1acc-1b04 1b35-1b43
    1b80-1ba9 1bac-1bad 1be7-1bf1 1c24-1c36 1dd3-1df4 24b6-24e9 2de0-2dff a674-a67b a69e-a69f a802
    a80b-a827 a880-a8c3 a8c5 a8ff-a92a a947-a952 a980-a983 a9b4-a9bf a9e5-aabe aaeb-aaf5 abe3-abea fb1e
    10376-10a0f 10d24-10eac 11000-11045 11073-11074 11080-110b8 110c2-11132 11145-11146 11180-111bf
    111ce-11234 11237-112e8 11300-11303 1133e-1134c 11357-11363 11435-11441 11443-11445 114b0-114c1
    115af-115be 115dc-1163e 11640-116b5 1171d-1172a 1182c-11838 11930-1193c 11940-11942 119d1-119df
    119e4-11a0a 11a35-11a3e 11a51-11a97 11c2f-11c3e 11c92-11d41 11d43 11d47-11d96 11ef3-11ef6
    16f4f-16f92 16ff0-16ff1 1bc9e 1e000-1e02a 1e947 1f130-1f149 1f150-1f169 1f170-1f189
""".split()
_FIRST = [int(each.partition("-")[0], 16) for each in _RANGES]
_LAST = [int(each.rpartition("-")[2], 16) for each in _RANGES]


def is_alphabetic(character: str) -> bool:
    """Whether Unicode calls a mark or a symbol alphabetic, such as a vowel sign of Devanagari."""
    code = ord(character)
    at = bisect_right(_FIRST, code) - 1
    if at < 0 or code > _LAST[at]:
        return False
    kind = unicodedata.category(character)
    return kind in ("Mn", "Mc") or (kind == "So" and "LATIN" in unicodedata.name(character))
