"""Hugo's paths: what a file's name says, and how texts become parts of addresses."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_to_bytes

MARKDOWN = (".md", ".markdown", ".mdown")
"""What Hugo reads as Markdown."""

HTML = (".html", ".htm")
"""What Hugo publishes as it stands, below its front matter."""

OTHER_MARKUP = (".adoc", ".asciidoc", ".ad", ".org", ".pandoc", ".pdc", ".rst")
"""Content in other languages than Markdown, which is not read here."""

_ALLOWED = frozenset("./\\_#+~-@")
_BLANKS = frozenset("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | set(
    map(chr, range(0x2000, 0x200B))
)
_HEX = frozenset("0123456789abcdefABCDEF")
_VALID = frozenset("!$&'()*+,;=:@[]-_.~/%") | set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)
_PATH_SAFE = "$&+,/:;=@"


@dataclass(frozen=True, slots=True)
class ContentPath:
    """What Hugo reads in the path of a content file, from the top of the content folder.

    `folder` is where it lies ("" at the top), `name` the file's name without its ending and language,
    `language` "" where the name tells none, `kind` "leaf" (`index.md`), "branch" (`_index.md`) or "single".
    """

    folder: str
    name: str
    language: str
    ending: str
    kind: str

    @property
    def base_name(self) -> str:
        """The name, for a bundle that of its folder."""
        return self.name if self.kind == "single" else posixpath.basename(self.folder)

    @property
    def parent(self) -> str:
        """The folder, for a bundle the one above its own."""
        return self.folder if self.kind == "single" else posixpath.dirname(self.folder)

    @property
    def logical(self) -> str:
        """The path that templates and targets of cascades know the page by, such as `/posts/a`."""
        return f"/{self.folder}" if self.kind != "single" else posixpath.join("/", self.folder, self.name)

    @property
    def section(self) -> str:
        """The first folder; "" for what lies at the top, or is a bundle there."""
        first, _, rest = self.folder.partition("/")
        return "" if self.kind == "leaf" and not rest else first


def parse_path(path: str, languages: frozenset[str]) -> ContentPath:
    """A path below the content folder, such as `posts/a.fr.md`, taken apart (`paths.PathParser`)."""
    folder, file = posixpath.split(path)
    parts = file.split(".")
    ending = f".{parts[-1]}" if len(parts) > 1 else ""
    end = len(parts) - 1 if ending else len(parts)
    language = ""
    if len(parts) > 2:
        for index in range(len(parts) - 2, -1, -1):
            if parts[index] in languages:
                language = parts[index]
                end = index or end
                break
    name = ".".join(parts[:end])
    kind = {"index": "leaf", "_index": "branch"}.get(name, "single")
    return ContentPath(folder, name, language, ending, kind)


def normal(path: str) -> str:
    """A path in lower case with hyphens for blanks, as Hugo compares paths."""
    return lower(path).replace(" ", "-")


def lower(text: str) -> str:
    """The text in lower case, each character by itself, as Go has it."""
    return text.lower() if text.isascii() else "".join(char.lower()[:1] for char in text)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How addresses are spelt: `disablePathToLower` and `removePathAccents` of the configuration."""

    keep_case: bool = False
    no_accents: bool = False

    def sanitise(self, text: str) -> str:
        """What of a text may stand in an address; runs of blanks become a hyphen."""
        made = _sanitise(text)
        if self.no_accents and not made.isascii():
            kept = (char for char in unicodedata.normalize("NFD", made) if unicodedata.category(char) != "Mn")
            made = unicodedata.normalize("NFC", "".join(kept))
        return made if self.keep_case else lower(made)

    def token(self, text: str) -> str:
        """A text as permalink patterns take it in, after Hugo has escaped and unescaped it as a query."""
        path, mark, fragment = self.sanitise(text).partition("#")
        return unescape_query(path + (mark + fragment if fragment else ""))


def _sanitise(text: str) -> str:
    made: list[str] = []
    pending = hyphen = False
    for index, char in enumerate(text):
        if _is_allowed(text, index, char):
            hyphen = char == "-"
            if pending and not hyphen:
                made.append("-")
            pending = False
            made.append(char)
        elif made and not hyphen and char in _BLANKS:
            pending = True
    if "".join(made) == text:
        return text
    return "".join(made)


def _is_allowed(text: str, index: int, char: str) -> bool:
    if char in _ALLOWED:
        return True
    if char == "%":
        return len(text) > index + 2 and text[index + 1] in _HEX and text[index + 2] in _HEX
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"


def unescape_query(text: str) -> str:
    """The text with `%20` and `+` read as in a query."""
    return unquote(text.replace("+", " "), errors="replace")


def escape_path(path: str) -> str:
    """A path in ASCII, as Go's `url.URL.EscapedPath` writes it: a valid encoding stays as it is."""
    if all(char in _VALID for char in path) and not re.search(r"%(?![0-9A-Fa-f]{2})", path):
        return path
    return quote(unquote_to_bytes(path), safe=_PATH_SAFE + "-_.~")


def clean(path: str) -> str:
    """The shortest path that means the same (`path.Clean` of Go)."""
    made = posixpath.normpath(path) if path else "."
    return made[1:] if made.startswith("//") else made


def glob_matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a path matches a pattern of Hugo's: `*` within a part, `**` across, `?`, `[a-z]`, `{a,b}`."""
    made: list[str] = []
    depth = index = 0
    while index < len(pattern):
        char = pattern[index]
        index += 1
        if char == "*":
            wide = pattern[index : index + 1] == "*"
            while pattern[index : index + 1] == "*":
                index += 1
            made.append(".*" if wide else "[^/]*")
        elif char == "?":
            made.append("[^/]")
        elif char == "[" and (end := pattern.find("]", index + 1)) > 0:
            inner = pattern[index:end].replace("\\", "\\\\").replace("[", "\\[")
            made.append(f"[{'^' + inner[1:] if inner[0] == '!' else inner}]")
            index = end + 1
        elif char == "{":
            depth += 1
            made.append("(?:")
        elif char == "}" and depth:
            depth -= 1
            made.append(")")
        elif char == "," and depth:
            made.append("|")
        else:
            if char == "\\" and index < len(pattern):
                char, index = pattern[index], index + 1
            made.append(re.escape(char))
    try:
        compiled = re.compile("".join(made) + ")" * depth, re.DOTALL)
    except re.error:
        return lambda path: False
    return lambda path: compiled.fullmatch(path) is not None
