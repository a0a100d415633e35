"""Issues as files: reading what an editor wrote, and writing a first version of it.

A file is called like its issue. Its front matter says what the issue is called and which posts it holds, in
their order; its text is the editor's introduction.
"""

from __future__ import annotations

import datetime as dt
import json
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from feeds.columns import one_line
from feeds.config.forms import near
from feeds.data import is_null, place, scalars
from feeds.errors import FeedsError, Finding, Location, ProblemsError, Severity
from feeds.generators.base import shown
from feeds.generators.issues import ISSUE_ENDING, is_issue_name
from feeds.model import Fields, Matter, Scalar, Site, Source, Value
from feeds.posts.frontmatter import parse_source, parse_text
from feeds.posts.limits import MAX_BYTES
from feeds.texts import load_bytes

KEYS = ("subject", "preheader", "date", "lead", "posts")
"""What the front matter of an issue can say."""

MAX_ID = 100
"""Bytes that the name of an issue may have: it becomes that of files and folders."""

INVITATION = "<!-- What you write here stands above the posts. -->"
"""The text of a new file; a comment, which no letter shows."""

_ID = re.compile(r"\w(?:[\w.-]*\w)?")
_POSTS_HELP = "list posts by their files: posts: [content/posts/a.md], under headings if you like"
_MATTER = Matter(yaml="1.2", optional=True)


class ListedPost(NamedTuple):
    """A post by its file, as written (relative to the project's folder, with `/`), and where it stands."""

    path: str
    at: Location


class ListedSection(NamedTuple):
    """A heading, and the posts below it; "" where posts stand under none of the editor's."""

    title: str
    posts: tuple[ListedPost, ...]


class IssueFile(NamedTuple):
    """What a file says of its issue: "" and None are left to the rules for issues without a file.

    `intro` is the editor's introduction, with a path relative to the docs folder as posts have it.
    """

    id: str
    at: Location
    intro: Source
    sections: tuple[ListedSection, ...]
    subject: str = ""
    preheader: str = ""
    date: dt.date | None = None
    lead: ListedPost | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all posts that it names, the lead too."""
        listed = [post.path for section in self.sections for post in section.posts]
        return (*listed, self.lead.path) if self.lead else tuple(listed)


def load_issue_files(site: Site) -> tuple[IssueFile, ...]:
    """The files in the folder of issues, by id.

    Raises:
        ProblemsError: everything that is wrong in them.
    """
    folder = site.issues
    if folder is None or not folder.is_dir():
        return ()
    problems: list[Finding] = []
    found: dict[str, IssueFile] = {}
    for name in sorted(path.name for path in folder.iterdir()):
        if not is_issue_name(name):
            continue
        try:
            file = _load(site, folder / name, problems.append)
            other = found.setdefault(file.id.casefold(), file)
            if other is not file:
                message = f"the issue {other.id} has the same name but for capitals"
                raise FeedsError(message, file.at, "rename one of them", rule="issue-name")
        except FeedsError as error:
            problems += error.findings
    if problems:
        raise ProblemsError(tuple(problems))
    return tuple(found.values())


def plain_path(path: str) -> str:
    """A path as it is compared: without `./`, its letters composed, which file systems do not agree on."""
    return unicodedata.normalize("NFC", posixpath.normpath(path))


def named_paths(files: Iterable[IssueFile]) -> dict[str, list[str]]:
    """The ids of the issues whose files name a post, by the post's path as written."""
    named: dict[str, list[str]] = {}
    for file in files:
        for path in file.paths:
            named.setdefault(path, []).append(file.id)
    return named


def check_id(id: str, at: Location | None = None) -> None:
    """Find out whether an issue can be called so.

    Raises:
        FeedsError: the name does not fit into addresses and the names of files.
    """
    if not _ID.fullmatch(id) or len(id.encode()) > MAX_ID:
        message = f"{id!r} cannot be the name of an issue"
        help = f"use letters, digits, hyphens and dots, {MAX_ID} bytes at most, such as 2026-11 or at-sea"
        raise FeedsError(message, at, help, rule="issue-name")


def issue_path(site: Site, id: str) -> Path:
    """The file of an issue, whether it is there or not."""
    folder = site.issues or site.root / "newsletter"
    return folder / f"{id}{ISSUE_ENDING}"


def render_issue_file(
    subject: str,
    preheader: str,
    sections: Sequence[tuple[str, Sequence[str]]],
    lead: str = "",
    date: dt.date | None = None,
) -> str:
    """The text of a new file.

    Subject and preheader stand in it as comments: they go on following the posts, and what each reader gets
    of them, until the editor writes others.

    Args:
        subject: the subject that the letter has by itself.
        preheader: what mail programs show behind it.
        sections: each heading with the paths of its posts; a single one may have the heading "".
        lead: the path of the post that stands before all others, "" for none.
        date: the day on which the issue goes out, None for as soon as the file is there.
    """
    lines = ["---", f"# subject: {_quoted(subject)}", f"# preheader: {_quoted(preheader)}"]
    lines += [f"date: {date}"] if date else []
    lines += [f"lead: {_plain(lead)}"] if lead else []
    lines.append("posts:")
    for title, paths in sections:
        lines += [f"  {_plain(title)}:"] if title else []
        lines += (f"  {'  ' if title else ''}- {_plain(path)}" for path in paths)
    return "\n".join([*lines, "---", "", INVITATION, ""])


def _quoted(text: str) -> str:
    """A text in double quotes, as YAML and JSON have it alike."""
    unreadable = "[\x7f-\x9f\u2028\u2029\ufffe\uffff]"
    return re.sub(unreadable, lambda c: f"\\u{ord(c[0]):04x}", json.dumps(text, ensure_ascii=False))


def _plain(text: str) -> str:
    """A path or a heading, without quotes where it can do without."""
    is_plain = re.fullmatch(r"[^\W\d_][\w./ -]*\w", text)
    return text if is_plain else _quoted(text)


def _load(site: Site, path: Path, report: Callable[[Finding], None]) -> IssueFile:
    """One file; what is wrong in it is reported.

    Raises:
        FeedsError: what makes it pointless to look further.
    """
    name = shown(path, site.root)
    check_id(path.stem, Location(name))
    text = parse_text(load_bytes(path, name, limit=MAX_BYTES), name, report)

    def doubled(finding: Finding) -> None:
        """A key that stands twice: the posts under the first would be lost."""
        message, help = finding.message.removesuffix("; the last one counts"), "write their posts under one"
        report(Finding(Severity.ERROR, finding.rule, message, finding.at, help))

    source = parse_source(text, shown(path, site.docs), name, doubled, _MATTER)
    assert source is not None
    return _Reader(source.fields, report).read(path.stem, source)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads front matter key by key, and goes on after what is wrong."""

    fields: Fields
    report: Callable[[Finding], None]

    def read(self, id: str, source: Source) -> IssueFile:
        for key in self.fields.values:
            if key not in KEYS:
                meant = near(key, KEYS)
                help = f"did you mean {meant}?" if meant else f"an issue has {', '.join(KEYS)}"
                self._wrong(f"there is no key {key!r} in an issue", self.fields.at(key), help)
        return IssueFile(
            id,
            Location(self.fields.path),
            source,
            sections=self._sections(),
            subject=self._line("subject"),
            preheader=self._line("preheader"),
            date=self._date(),
            lead=self._lead(),
        )

    def _line(self, key: str) -> str:
        """A text on one line; "" where the key is not there."""
        value = self.fields.values.get(key)
        if value is None:
            return ""
        text = one_line(value) if isinstance(value, Scalar) and not is_null(value) else ""
        if isinstance(value, Scalar) and not text and key == "subject":
            self._wrong("the subject is empty", self._at(key), "write one, or remove the line")
        elif not isinstance(value, Scalar):
            self._wrong(f"{key}: one line of text is wanted", self._at(key), "put it in double quotes")
        return text

    def _date(self) -> dt.date | None:
        value = self.fields.values.get("date")
        if is_null(value):
            return None
        try:
            return dt.datetime.fromisoformat(value if isinstance(value, Scalar) else "").date()
        except ValueError:
            what = f"{str(value)!r} is not a day" if isinstance(value, Scalar) else "a day is wanted"
            self._wrong(f"date: {what}", self._at("date"), "write it like 2026-11-30")
            return None

    def _lead(self) -> ListedPost | None:
        value = self.fields.values.get("lead")
        if value is None or is_null(value):
            return None
        if not isinstance(value, Scalar) or not value.strip():
            self._wrong("lead: the file of one post is wanted", self._at("lead"), _POSTS_HELP)
            return None
        return self._listed(value)

    def _sections(self) -> tuple[ListedSection, ...]:
        value = self.fields.values.get("posts")
        sections = tuple(self._read_posts(value)) if value is not None else ()
        seen: dict[str, ListedPost] = {}
        for post in (post for section in sections for post in section.posts):
            other = seen.setdefault(post.path, post)
            if other is not post:
                where = f" (line {other.at.line})" if other.at.line else ""
                self._wrong(f"{post.path} is listed twice{where}", post.at, "keep one of them")
        if not seen and (value is None or next(scalars(value), None) is None):
            self._wrong("the issue lists no posts", self._at("posts"), _POSTS_HELP)
        return sections

    def _read_posts(self, value: Value) -> Iterator[ListedSection]:
        if isinstance(value, list):
            yield ListedSection("", self._paths(value, ""))
        elif isinstance(value, dict):
            titles: dict[str, str] = {}
            for heading, paths in value.items():
                title = one_line(heading)
                if not title or title.casefold() in titles:
                    what = f"the heading {title!r} stands here twice" if title else "a heading is empty"
                    self._wrong(what, place(paths, self.fields.path), "give each its own")
                titles[title.casefold()] = title
                yield ListedSection(title, self._paths(paths, title))
        elif not is_null(value):
            self._wrong("posts: a list of files is wanted", self._at("posts"), _POSTS_HELP)

    def _paths(self, value: Value, title: str) -> tuple[ListedPost, ...]:
        if is_null(value):
            return ()
        found = []
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, Scalar) and isinstance(value, list) and item.strip():
                found.append(self._listed(item))
            else:
                under = f" under {title!r}" if title else ""
                at = place(item, self.fields.path)
                self._wrong(
                    f"the file of one post is wanted{under}", at, "write it like - content/posts/a.md"
                )
        return tuple(found)

    def _listed(self, value: Scalar) -> ListedPost:
        at = place(value, self.fields.path)
        return ListedPost(plain_path(value.strip()), at if at.line else self.fields.at("posts"))

    def _at(self, key: str) -> Location:
        value = self.fields.values.get(key)
        at = place(value, self.fields.path) if value is not None else Location(self.fields.path, 1)
        return at if at.line else self.fields.at(key)

    def _wrong(self, message: str, at: Location, help: str) -> None:
        self.report(Finding(Severity.ERROR, "issue-file", message, at, help))
