"""Which extensions can have anything to do with a text, told by what stands in it.

A site names twenty extensions and more, and few texts have a use for any of them. The others cost time to be
loaded, and a little with each text; without them its HTML is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

_ANYTHING = re.compile(r"\\(?:begin|[^A-Za-z0-9*_#.!)\]-]|\Z)|\x02|\x03")
"""What extensions give a meaning of their own, and what the library puts for things set apart."""

# What the library reads as the extension does: emphasis between blanks or punctuation, low lines in words.
# (Each pattern begins with the character that is searched for; what stands before it is looked at then.)
_IN_WORD = r"_(?<=[^\W_]_)_*(?=[^\W_])"
_OPENING = r"(\*(?<![^\s(\"'“‘]\*)\*?)(?=\S)"
_CLOSING = r"(?<=\S)\1(?![^\s.,;:!?)\"'”’])"
_PLAIN_EMPHASIS = re.compile(rf"{_OPENING}(?:[^\n\[\]|<>`&=*_]++|{_IN_WORD})++{_CLOSING}|{_IN_WORD}")
_CODE = re.compile(r"`[^`\n]*`")
_NUMBER = re.compile(r"[0-9](?:/[2-8](?![0-9])|st|nd|rd|th)")
_SHORT_NAME = re.compile(r":[\w+-]+:")
_DEFINITION = re.compile(r":(?<![^\s>:]:)[ \t]")


def _any(*signs: str) -> Callable[[str], bool]:
    return partial(_has_any, signs)


def _has_any(signs: tuple[str, ...], text: str) -> bool:
    for sign in signs:  # noqa: SIM110 - a generator takes three times as long
        if sign in text:
            return True
    return False


_has_code = _any("``", "`#!", "`:::")  # what stands between two single marks is code for the library too
_has_symbol = _any("(tm)", "(c)", "(r)", "+/-", "=/=", "c/o", "-->", "<--")
_has_block = _any("    ", "\t", "```", "~~~")


@lru_cache(maxsize=1)  # two extensions ask
def _has_emphasis(text: str) -> bool:
    if "*" not in text and "_" not in text:
        return False
    if "``" not in text and not any(line.count("`") % 2 for line in text.split("\n")):
        text = _CODE.sub("`", text)
    return _has_any(("^", "~", "==", "\\"), text) or _has_any(("*", "_"), _PLAIN_EMPHASIS.sub("", text))


def _has_marks(text: str) -> bool:
    """Whether there may be marked text; a single sign has a part in emphasis that is not plain."""
    return "==" in text or ("=" in text and _has_emphasis(text))


def _has_symbols(text: str) -> bool:
    return _has_symbol(text) or _NUMBER.search(text) is not None


def _is_highlighted(text: str) -> bool:
    return _has_block(text) or _has_code(text)


_SIGNS: Mapping[str, Callable[[str], Any]] = {
    "abbr": _any("*["),
    "admonition": _any("!!!"),
    "attr_list": _any("{"),
    "codehilite": _any("    ", "\t", "<"),
    "def_list": _DEFINITION.search,
    "footnotes": _any("[^"),
    "tables": _any("|"),
    "toc": _any("[TOC]"),  # else it makes nothing but the names of headings, which no feed carries
    "pymdownx.arithmatex": _any("$"),
    "pymdownx.betterem": _has_emphasis,
    "pymdownx.blocks.caption": _any("///"),
    "pymdownx.caret": _any("^"),
    "pymdownx.details": _any("???"),
    "pymdownx.emoji": _SHORT_NAME.search,
    "pymdownx.highlight": _is_highlighted,
    "pymdownx.inlinehilite": _has_code,
    "pymdownx.keys": _any("++"),
    "pymdownx.mark": _has_marks,
    "pymdownx.smartsymbols": _has_symbols,
    "pymdownx.snippets": _any("8<"),
    "pymdownx.superfences": _has_block,
    "pymdownx.tabbed": _any("==="),
    "pymdownx.tasklist": _any("[ ]", "[x]", "[X]"),
    "pymdownx.tilde": _any("~"),
}
"""Whether a text holds what an extension looks for; extensions that are not here may look for anything."""

_OPTIONS: Mapping[str, Mapping[str, type]] = {
    "footnotes": {"PLACE_MARKER": str, "UNIQUE_IDS": bool},
    "codehilite": dict.fromkeys(("guess_lang", "linenums", "use_pygments"), bool),
    "tables": {"use_align_attribute": bool},
    "toc": {"anchorlink": bool, "permalink": bool, "title": str, "toc_depth": int},
    "pymdownx.arithmatex": {"generic": bool},
    "pymdownx.betterem": {"smart_enable": str},
    "pymdownx.emoji": {"alt": str, "emoji_index": str, "strict": bool},
    "pymdownx.highlight": {
        **dict.fromkeys(("anchor_linenums", "linenums", "pygments_lang_class", "use_pygments"), bool),
        "line_spans": str,
    },
    "pymdownx.inlinehilite": {"custom_inline": list},
    "pymdownx.snippets": {
        **dict.fromkeys(("check_paths", "restrict_base_path", "url_download"), bool),
        **dict.fromkeys(("auto_append", "base_path"), list),
    },
    "pymdownx.superfences": {"custom_fences": list},
    "pymdownx.tabbed": {"alternate_style": bool, "combine_header_slug": bool},
    "pymdownx.tasklist": {"clickable_checkbox": bool, "custom_checkbox": bool},
}
"""Options that sites set, of a kind that can neither fail nor change the signs."""


class Signs:
    """Tells of texts which of a site's extensions they need.

    Args:
        extensions: names and options.
        appended: what is appended to every text; None where that is not known.
    """

    def __init__(self, extensions: Mapping[str, Mapping[str, Any]], appended: str | None = "") -> None:
        self._all = frozenset(extensions)
        self._signs = {
            name: has_sign
            for name, has_sign in _SIGNS.items()
            if name in extensions and _is_common(name, extensions[name])
        }
        joins = "pymdownx.critic" in extensions  # what it takes out of a text was between the parts of a sign
        if appended is None or joins or _ANYTHING.search(appended):
            self._signs = {}
        elif appended:
            shown = {name for name, has_sign in self._signs.items() if has_sign(appended)}
            for name in shown | {"pymdownx.snippets"}:
                self._signs.pop(name, None)
        self.always = self._all.difference(self._signs)
        """Those that every text is rendered with."""

    def needed(self, text: str) -> frozenset[str]:
        """The names of the extensions without which the text's HTML might be another."""
        if _ANYTHING.search(text) or ("8<" in text and "pymdownx.snippets" in self._all):
            return self._all
        return self._all.difference([name for name, has_sign in self._signs.items() if not has_sign(text)])


def _is_common(name: str, options: Mapping[str, Any]) -> bool:
    """Whether an extension's options are known to work, and to leave the signs what they are."""
    if options.get("smart_enable", "all") not in ("all", "underscore"):
        return False
    kinds = _OPTIONS.get(name, {})
    return all(isinstance(value, kinds.get(option, ())) for option, value in options.items())
