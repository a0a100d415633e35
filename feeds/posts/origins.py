"""What each part of a post's metadata was made of: found by leaving things out and looking what changes.

So nothing has to be known of any generator's rules, and what is told is what its reading really did.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from feeds.errors import FeedsError, Location
from feeds.model import Blog, History, Post, Reading, Scalar, Source, Value

PARTS = (
    *("id", "url", "title", "published", "updated", "due", "expires", "authors", "categories", "tags"),
    *("language", "description", "image", "pinned", "excerpting"),
)
STATUS = "status"
"""What stands for the part that keeps a post from being published."""

_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_OTHER_HEADING = "Something else"
_OTHER_DATE = "2001-02-03"
_OTHER_INSTANT = dt.datetime(2001, 2, 3, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Origin:
    """A key of the front matter with its place, or what else a part is made of: `what` names it."""

    what: str
    at: Location | None = None


FILE, FOLDER, HEADING, GIT = map(Origin, ("the file's name", "the folder's name", "the first heading", "git"))


def find_origins(post: Post, blog: Blog, reading: Reading) -> Mapping[str, tuple[Origin, ...]]:
    """What each part of a post depends on, by the names of `Post`'s fields and `STATUS`.

    Args:
        post: the post as it was read.
        blog: what reads it.
        reading: what it was read with; it should report nothing.
    """
    found: dict[str, list[Origin]] = {}
    status = _status(blog, post.source)
    for origin, source, other in _variants(post.source, reading):
        changed = [STATUS] if _status(blog, source) != status else []
        try:
            read = blog.read(source, other)
            changed += [part for part in PARTS if getattr(read, part) != getattr(post, part)]
        except (FeedsError, ValueError, LookupError):
            pass  # what stands in for a value can be nonsense to a rule
        for part in changed:
            if origin not in found.setdefault(part, []):
                found[part].append(origin)
    return {part: tuple(origins) for part, origins in found.items()}


def _status(blog: Blog, source: Source) -> str | None:
    try:
        return blog.status(source)
    except FeedsError:
        return None


def _variants(source: Source, reading: Reading) -> Iterator[tuple[Origin, Source, Reading]]:
    """The post without each of the things that it is made of, or with another in its place."""
    fields = source.fields
    for key, value in fields.values.items():
        origin = Origin(key, fields.at(key))
        others = {name: other for name, other in fields.values.items() if name != key}
        for variant in (others, *({**others, key: stand_in} for stand_in in _stand_ins(value))):
            yield origin, _with_fields(source, variant), reading
    if _has_heading(source, reading):
        other = replace(source, text=f"# {_OTHER_HEADING}\n\n{source.body}")
        yield HEADING, other, replace(reading, heading=lambda source: _OTHER_HEADING)
    if reading.history(source):
        history = History(_OTHER_INSTANT, _OTHER_INSTANT)
        yield GIT, source, replace(reading, history=lambda source: history)
    folder, name = posixpath.split(source.path)
    stem, ending = posixpath.splitext(name)
    if stem.strip("_") in ("index", "README") and folder:
        yield FOLDER, replace(source, path=f"{folder}-x/{name}"), reading
    yield FILE, replace(source, path=posixpath.join(folder, f"{stem}-x{ending}")), reading
    if _DATED.match(name):
        dated = _DATED.sub(_OTHER_DATE, name, count=1)
        yield FILE, replace(source, path=posixpath.join(folder, dated)), reading


def _stand_ins(value: Value) -> Iterator[Value]:
    """Other values, for where a post needs a key, or would be the same without it."""
    if isinstance(value, Scalar) and value.kind == "str":
        yield Scalar(f"{value}-x", line=value.line, column=value.column)
    if isinstance(value, dict) or _DATED.search(str(value)):
        yield Scalar(_OTHER_DATE, "timestamp")


def _has_heading(source: Source, reading: Reading) -> bool:
    try:
        return reading.heading(source) is not None
    except FeedsError:
        return False


def _with_fields(source: Source, values: Mapping[str, Value]) -> Source:
    return replace(source, fields=replace(source.fields, values=values))
