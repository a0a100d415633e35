"""Where Zola publishes a page or section, and which dates its name and path give it."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from feeds.data import as_bool, is_null, parse_toml, parse_yaml
from feeds.errors import FeedsError
from feeds.generators.slugs import Slugify
from feeds.model import Fields, Scalar, Source
from feeds.texts import load_text

ENDING = ".md"
_NAME_DATE = re.compile(
    r"(?P<date>[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]))?)"
    r"(?:\s?[_-](?P<slug>.+))?"
)
_PATH_DATE = re.compile(r"(?:^|/)(?P<y>[0-9]{4})[/-](?P<m>[0-9]{1,2})[/-](?P<d>[0-9]{1,2})(?=[/_-]|$)")
_MATTER = re.compile(
    r"\s*(?P<fence>\+\+\+|---)[ \t]*\n(?P<matter>.*?)^(?P=fence)[ \t]*$", re.DOTALL | re.MULTILINE
)
_PATH_SAFE = "/:@!$&'()*+,;=~%"


@dataclass(frozen=True, slots=True)
class Pages:
    """What the configuration says of pages: their languages, and how their addresses are made.

    `language` is the default one, `others` are the rest; `keeps_dates` tells whether a date in a name stays
    in its address.
    """

    language: str
    others: tuple[str, ...]
    slugify: Slugify
    keeps_dates: bool

    def language_of(self, path: str) -> str:
        """The language of a page by its file's name; the default one for what names none that is known."""
        name = _stem(path)
        code = name.partition(".")[2]
        return code if code in self.others else self.language

    def name_of(self, path: str) -> str:
        """A page's name, of which its slug is made: its file's, or its folder's if that is `index`.

        Raises:
            FeedsError: the file's name ends in a language that the site does not have.
        """
        name = self._file_name(path)
        folder = posixpath.basename(posixpath.dirname(path))
        return folder if name == "index" and folder else name

    def _file_name(self, path: str) -> str:
        stem = _stem(path)
        name, dot, code = stem.partition(".")
        if not self.others or not dot or code == self.language:
            return stem
        if code not in self.others:
            raise FeedsError(
                f"the file's name says the language {code!r}, which the site does not have",
                help=f"write [languages.{code}] into the configuration, or rename the file",
                rule="language",
            )
        return name

    def page_path(self, path: str, fields: Fields) -> str:
        """The path of a page below the site's URL, as Zola writes it, with a final `/`.

        Raises:
            FeedsError: Zola would refuse the page too, or its slug is not known.
        """
        if own := _own(fields, "path"):
            whole = own.strip().removeprefix("/")
            return whole if not whole or whole.endswith("/") else f"{whole}/"
        stem, language = self._file_name(path), self.language_of(path)
        folder = posixpath.dirname(path)
        if stem.split(".")[0] == "index":
            folder = posixpath.dirname(folder)
        prefix = "" if language == self.language else f"{language}/"
        if "/" not in path and stem == "index":
            return prefix
        name = _own(fields, "slug") or self.slug_name(self.name_of(path))
        return f"{prefix}{folder}{'/' if folder else ''}{self.slugify(name)}/"

    def section_path(self, path: str) -> str:
        """The path of a section below the site's URL, by its `_index.md`."""
        language, folder = self.language_of(path), posixpath.dirname(path)
        prefix = "" if language == self.language else f"{language}/"
        return f"{prefix}{folder}/" if folder else prefix

    def slug_name(self, name: str) -> str:
        """The part of a page's name that its slug is made of: the date before it may go."""
        found = _NAME_DATE.match(name)
        return found["slug"] if found and found["slug"] and not self.keeps_dates else name

    def dated(self, source: Source) -> Source:
        """The page with a date: its own, else that of its name, else that in its `path`.

        Zola itself knows no date in a `path`; the templates of sites with dates only there take them from it.
        """
        fields = source.fields
        if not is_null(fields.values.get("date")):
            return source
        name = _NAME_DATE.match(self.name_of(source.path))
        found = name["date"] if name else _date_of_path(_own(fields, "path"))
        if not found:
            return source
        line, column = fields.places.get("path", (None, None))
        date = Scalar(found, "timestamp", line=line, column=column)
        return Source(
            source.path,
            Fields(fields.path, {**fields.values, "date": date}, fields.places),
            source.body,
            source.body_line,
        )


def is_index(path: str) -> bool:
    """Whether a page's file is its folder's, whose other files are published beside it."""
    return "/" in path and posixpath.basename(path).split(".")[0] == "index"


def is_section(path: str) -> bool:
    """Whether a file is a section's and no page's."""
    return posixpath.basename(path).startswith("_index.")


def is_draft(fields: Fields) -> bool:
    """Whether a page or section is a draft.

    Raises:
        FeedsError: `draft` is neither true nor false, which Zola refuses too.
    """
    value = fields.values.get("draft")
    found = False if value is None or is_null(value) else as_bool(value)
    if found is None:
        raise FeedsError("draft must be true or false, without quotes", fields.at("draft"), rule="draft")
    return found


def load_fields(file: Path, shown: str) -> Fields:
    """The front matter of a file that is no post; empty if it has none.

    Raises:
        FeedsError: the file cannot be read, or its front matter is malformed.
    """
    text = load_text(file, shown)
    found = _MATTER.match(text)
    if not found:
        return Fields(shown, {})
    parse = parse_toml if found["fence"] == "+++" else parse_yaml
    return parse(found["matter"], shown, text.count("\n", 0, found.start("matter")) + 1)


def encoded(path: str) -> str:
    """A path as URLs have it: sub-delimiters and what is percent-encoded already stay."""
    return quote(path, safe=_PATH_SAFE)


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(ENDING)


def _own(fields: Fields, key: str) -> str:
    value = fields.values.get(key)
    return str(value) if isinstance(value, Scalar) and not is_null(value) else ""


def _date_of_path(path: str) -> str:
    found = _PATH_DATE.search(path)
    if not found:
        return ""
    try:
        return dt.date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    except ValueError:
        return ""
