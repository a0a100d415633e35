"""Where Hugo publishes a page: front matter's `url`, the patterns of `permalinks`, or the file's path."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from feeds.errors import FeedsError, Location
from feeds.generators.hugo.config import HugoConfig, Table, lowered, text_in
from feeds.generators.hugo.paths import ContentPath, Spelling, clean, escape_path, glob_matcher, normal
from feeds.model import Scalar, Value

_TOKEN = re.compile(r":\w+(?:\[.+?\])?")
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_GO = re.compile(r"January|Jan|Monday|Mon|2006|__2|002|01|02|03|04|05|06|15|_2|PM|pm|-0700|MST|1|2|3|4|5")
_KINDS = frozenset({"page", "home", "section", "taxonomy", "term"})
_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Section:
    """A folder that Hugo makes a section of: its path below the content folder, its page's title and slug."""

    path: str
    title: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What an address is made of; `path` as written, `date` the year 1 where there is none."""

    path: ContentPath
    kind: str = "page"
    title: str = ""
    slug: str = ""
    url: str = ""
    date: dt.datetime = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule of `permalinks`: which pages, by kind and path, and their pattern."""

    kind: Callable[[str], bool]
    path: Callable[[str], bool]
    text: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """How one site spells its addresses; `prefix` is the language's ("" or "fr")."""

    patterns: tuple[Pattern, ...]
    spelling: Spelling
    ugly: Callable[[str], bool]
    prefix: str = ""

    def of(self, page: Page) -> str:
        """The path of a page below the site's URL, percent-encoded, without a slash before it."""
        kind, link = page.kind, ""
        url = self._own(page)
        expanded = "" if url and kind != "home" else self._expanded(page)
        if url and kind != "home":
            link = _link_of_url(url, self.prefix, _same_as_index(page))
            path, mark, query = link.replace("#", "%23").partition("?")
            return escape_path(path).removeprefix("/") + mark + query
        link = self._link(page, expanded) if kind == "page" else self._section_link(page, expanded)
        prefix = f"/{self.prefix}" if self.prefix else ""
        return escape_path((prefix + link).replace("#", "%23")).removeprefix("/")

    def _own(self, page: Page) -> str:
        """The page's own `url`, its tokens filled in."""
        if ":" not in page.url:
            return page.url
        return _unescape(self._fill(page.url, page))

    def _expanded(self, page: Page) -> str:
        logical = normal(page.path.logical)
        for pattern in self.patterns:
            if pattern.kind(page.kind) and pattern.path(logical):
                filled = self._fill(pattern.text, page)
                return clean(_unescape(filled)) if filled else ""
        return ""

    def _fill(self, pattern: str, page: Page) -> str:
        text = pattern.replace("\\:", "\0")
        for token in _TOKEN.findall(text):
            text = text.replace(token, self._token(token[1:], page, pattern), 1)
        return text.replace("\0", ":")

    def _token(self, name: str, page: Page, pattern: str) -> str:
        spell = self.spelling.token
        plain = page.path.base_name
        sections = [section.path for section in page.sections]
        current = sections[-1].split("/") if sections else []
        simple: Mapping[str, Callable[[], str]] = {
            "title": lambda: spell(_flat(page.title)),
            "slug": lambda: spell(page.slug or _flat(page.title)),
            "slugorfilename": lambda: spell(page.slug or plain),
            "filename": lambda: spell(plain),
            "contentbasename": lambda: spell(plain),
            "slugorcontentbasename": lambda: spell(page.slug or plain),
            "sectionslug": lambda: self._section_slug(page.sections[0]) if sections else "",
            "sectionslugs": lambda: "/".join(map(self._section_slug, page.sections)),
        }
        if name == "section":
            return normal(page.path.section)
        if name == "sections":
            return "/" + "/".join(current)
        if name in simple:
            return _escaped(simple[name]())
        if name.startswith("sections["):
            return "/".join(_slice(current, name[8:]))
        if name.startswith("sectionslugs["):
            return _escaped("/".join(_slice([self._section_slug(each) for each in page.sections], name[12:])))
        if (written := _date_token(name, page.date)) is not None:
            return written
        raise FeedsError(
            f"the permalink pattern {pattern!r} has the token :{name}, which Hugo does not know",
            rule="permalink",
        )

    def _section_slug(self, section: Section) -> str:
        return self.spelling.token(section.slug or _flat(section.title))

    def _link(self, page: Page, expanded: str) -> str:
        path = page.path
        folder, name = self._folder(path.parent, page), path.base_name
        base = page.slug or (name if self.spelling.keep_case else normal(name))
        parts = [expanded] if expanded else [f"/{folder}", base]
        drop = _same_as_index(page)
        parts = [part for part in parts if part not in ("", "/")]
        if self.ugly(normal(path.section)) or (drop and not expanded):
            last = parts.pop() if parts else ""
            parts.append(f"{last.removesuffix('/')}.html")
        else:
            parts.append(_INDEX)
        return self._spelt(parts, drop)

    def _folder(self, folder: str, page: Page) -> str:
        """A folder in an address: sections with a slug stand there by that."""
        parts = folder.split("/") if self.spelling.keep_case else normal(folder).split("/")
        for section in page.sections:
            depth = section.path.count("/")
            if section.slug and depth < len(parts):
                parts[depth] = section.slug
        return "/".join(parts)

    def term(self, taxonomy: str, name: str) -> str:
        """The path of a taxonomy's term, percent-encoded."""
        path = ContentPath(f"{taxonomy}/{name.replace('/', '-')}".strip("/"), "_index", "", ".md", "branch")
        return self.of(Page(path, "term", name))

    def _section_link(self, page: Page, expanded: str) -> str:
        folder = self._folder(page.path.folder, page)
        parts = [part for part in (expanded or f"/{folder}",) if part not in ("", "/")]
        if page.kind != "home" and self.ugly(normal(page.path.section)):
            made = _joined(list(map(self.spelling.sanitise, parts)))
            return f"{made.rstrip('/')}.html" if page.kind == "term" else f"{made}/{_INDEX}"
        return self._spelt([*parts, _INDEX])

    def _spelt(self, parts: list[str], drop: str = "") -> str:
        made = _joined([self.spelling.sanitise(part) for part in parts if part != _INDEX]).removesuffix(drop)
        return made if parts[-1] != _INDEX or made.endswith("/") else f"{made}/"


def _escaped(text: str) -> str:
    """Ready to be unescaped as a query once the pattern is filled."""
    return text.replace("%", "%25").replace("+", "%2B")


def _unescape(text: str) -> str:
    return unquote(text.replace("+", " "), errors="replace")


def _flat(title: str) -> str:
    return title.replace("/", "-").replace("\\", "-")


def _joined(parts: list[str]) -> str:
    link = ""
    for part in parts:
        link += part if part.startswith("/") or link.endswith("/") else f"/{part}"
    return link


def _same_as_index(page: Page) -> str:
    """`index` for a page of that name, which is no bundle: it is dropped from the end of its link."""
    name = page.slug or normal(page.path.base_name)
    return name if page.kind == "page" and page.path.kind == "single" and name == "index" else ""


def _link_of_url(url: str, prefix: str, drop: str) -> str:
    """The link of a page with a `url` of its own: relative ones get the language's prefix."""
    relative = not url.startswith("/")
    if ".." in url:
        url = clean(f"/{url}")
    parts = [part for part in url.split("/") if part]
    if url.endswith("/") or "." not in url:
        parts.append(_INDEX)
    is_index = parts[-1:] == [_INDEX]
    link = _joined(parts[:-1] if is_index else parts).removesuffix(drop)
    link = f"{link}/" if is_index and not link.endswith("/") else link
    if relative and prefix:
        link = f"/{prefix}{link}"
    return link


def _slice(parts: Sequence[str], cut: str) -> Sequence[str]:
    """Some of the parts, by a cut such as `[1]`, `[1:]` or `[last]`, leniently, as Hugo takes it."""
    if len(cut) < 3 or cut[-1] != "]" or not parts:
        return []
    low, colon, high = cut.lower()[1:-1].partition(":")
    first = _place(low, parts, 0, -1)
    if not colon:
        return [parts[first]] if first >= 0 and parts[first] else []
    last = _place(high, parts, len(parts), len(parts))
    return [] if first < 0 or last < 0 else parts[first:last]


def _place(text: str, parts: Sequence[str], default: int, beyond: int) -> int:
    if not text:
        return default
    if text == "last":
        return len(parts) - 1
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    return number if number < len(parts) else beyond


def _date_token(name: str, date: dt.datetime) -> str | None:
    """A part of a date: by one of Hugo's names, or by a layout of Go's; None for what is neither."""
    named = {
        "year": str(date.year),
        "month": f"{date.month:02}",
        "monthname": _MONTHS[date.month - 1],
        "day": f"{date.day:02}",
        "weekday": str(date.isoweekday() % 7),
        "weekdayname": _DAYS[date.weekday()],
        "yearday": str(date.timetuple().tm_yday),
    }
    if name in named:
        return named[name]
    return _GO.sub(lambda found: _go_part(found[0], date), name) if _GO.search(name) else None


def _go_part(part: str, date: dt.datetime) -> str:
    """A part of a layout of Go's package `time`."""
    hour = date.hour % 12 or 12
    offset = int((date.utcoffset() or dt.timedelta()).total_seconds()) // 60
    sign = "-" if offset < 0 else "+"
    return {
        "January": _MONTHS[date.month - 1],
        "Jan": _MONTHS[date.month - 1][:3],
        "Monday": _DAYS[date.weekday()],
        "Mon": _DAYS[date.weekday()][:3],
        "2006": f"{date.year:04}",
        "06": f"{date.year % 100:02}",
        "01": f"{date.month:02}",
        "1": str(date.month),
        "02": f"{date.day:02}",
        "_2": f"{date.day:2}",
        "2": str(date.day),
        "002": f"{date.timetuple().tm_yday:03}",
        "__2": f"{date.timetuple().tm_yday:3}",
        "15": f"{date.hour:02}",
        "03": f"{hour:02}",
        "3": str(hour),
        "04": f"{date.minute:02}",
        "4": str(date.minute),
        "05": f"{date.second:02}",
        "5": str(date.second),
        "PM": "PM" if date.hour >= 12 else "AM",
        "pm": "pm" if date.hour >= 12 else "am",
        "-0700": f"{sign}{abs(offset) // 60:02}{abs(offset) % 60:02}",
        "MST": date.tzname() or "UTC",
    }[part]


# --- the configuration ------------------------------------------------------------------------------------


def load_addresses(config: HugoConfig, table: Table, prefix: str) -> Addresses:
    """How a site spells its addresses.

    Args:
        config: the whole configuration.
        table: that of the language, whose keys win.
        prefix: the language's part of addresses.

    Raises:
        FeedsError: `permalinks` holds what Hugo refuses too.
    """
    values = {**config.values, **table}
    patterns = _patterns(values.get("permalinks"), config.at("permalinks"))
    spelling = Spelling(
        keep_case=_is_true(values.get("disablepathtolower")),
        no_accents=_is_true(values.get("removepathaccents")),
    )
    return Addresses(patterns, spelling, _ugly(config.values.get("uglyurls")), prefix)


def _is_true(value: Value | None) -> bool:
    return isinstance(value, Scalar) and value.lower() == "true"


def _ugly(value: Value | None) -> Callable[[str], bool]:
    """Whether the pages of a section are files that end in `.html`: one switch, or one for each section."""
    if isinstance(value, dict):
        sections = {key for key, item in value.items() if _is_true(item)}
        return lambda section: section in sections
    return lambda section: _is_true(value)


def _patterns(value: Value | None, at: Location) -> tuple[Pattern, ...]:
    """The rules, in the order in which they are tried; the most special path first where Hugo has none."""
    if isinstance(value, list):
        return tuple(_pattern(item, at) for item in value)
    found: list[tuple[str, str, str]] = []
    for key, item in value.items() if isinstance(value, dict) else ():
        if isinstance(item, Scalar):
            found += [("page", key, str(item)), ("term", key, str(item))]
        elif isinstance(item, dict) and key in _KINDS:
            found += [(key, path, str(text)) for path, text in item.items() if isinstance(text, Scalar)]
        else:
            raise FeedsError(f"permalinks: {key!r} is no kind of page", at, rule="permalink")
    found.sort(key=lambda rule: (-len(rule[1].strip(" /").split("/")) if rule[1].strip(" /") else 0, rule[1]))
    return tuple(_rule(kind, path, text, at) for kind, path, text in found)


def _rule(kind: str, path: str, text: str, at: Location) -> Pattern:
    section = path.strip(" /")
    glob = f"/{{{section},{section}/**}}" if section else "/*"
    return Pattern(lambda wanted: wanted == kind, glob_matcher(glob), _checked(text, at))


def _pattern(value: Value, at: Location) -> Pattern:
    rule = lowered(value)
    text = text_in(rule, "pattern") if isinstance(rule, dict) else ""
    if not text or not isinstance(rule, dict):
        raise FeedsError("permalinks: a rule has no pattern", at, rule="permalink")
    target = rule.get("target")
    given = target if isinstance(target, dict) else {}
    kind, path = text_in(given, "kind").lower(), text_in(given, "path").lower()
    return Pattern(
        glob_matcher(kind) if kind else lambda wanted: True,
        glob_matcher(path) if path else lambda wanted: True,
        _checked(text, at),
    )


def _checked(text: str, at: Location) -> str:
    """The pattern itself, unless it holds a token that there is not."""
    probe = Addresses((), Spelling(), lambda section: False)
    try:
        probe._fill(text, Page(ContentPath("", "a", "", ".md", "single")))
    except FeedsError as error:
        raise FeedsError(
            error.message, at, "see the list of tokens in Hugo's manual", rule=error.rule
        ) from None
    return text
