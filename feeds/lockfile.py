"""`feeds.lock`: which id each post has for good, so that no subscriber sees a post twice.

A line a post, sorted by path: the post's file, its id, the instant it was first published at, a digest of
its title and excerpt as written, and the instant of the last change of either; tabs between them. Lines that
begin with `@` name feeds by folder and title, those that begin with `~` posts by the path that they had once,
the one that they have now, and the issues whose files name the former. The file is committed with the posts;
where two branches meet, the lines of both are right.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Post, Report, lasting_path
from feeds.output import write_file

FILE = "feeds.lock"
"""The file's name, in the project's folder: a docs folder's files would be published."""

Thing = TypeVar("Thing")

Former = Mapping[tuple[str, str], tuple[str, ...]]
"""Issues by a path that a post had, and the one that it has now."""

Named = Mapping[str, Sequence[str]]
"""The ids of the issues whose files name a path."""

_HEAD = "# The ids of published posts. Commit this file; `feeds lock` brings it up to date.\n"
_CONFLICT = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?: |$)")
_LEAD = 1000
"""Characters of a post without a mark that count as its excerpt: more than any excerpt shows."""


@dataclass(frozen=True, slots=True)
class Locked:
    """What the file says of a post: `path` is its file as messages name it, `digest` that of `digest_of`."""

    path: str
    id: str
    published: dt.datetime
    digest: str
    updated: dt.datetime


@dataclass(frozen=True, slots=True)
class Lock:
    """The whole file: posts by path, feeds (folder → title), and whether a merge left it in conflict.

    `former` has, by a path that a post had once and the path that it has now, the ids of the issues whose
    files name it by the former; a file of another issue may mean a post that has that path since. Of such
    a post both paths are the same.
    """

    posts: Mapping[str, Locked] = field(default_factory=dict)
    feeds: Mapping[str, str] = field(default_factory=dict)
    in_conflict: bool = False
    former: Former = field(default_factory=dict)


def load_lock(root: Path) -> Lock | None:
    """The project's lock; None when it has none.

    Raises:
        FeedsError: the file cannot be read, or a line of it cannot be understood.
    """
    try:
        text = (root / FILE).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise FeedsError(f"this cannot be read: {error}", Location(FILE), rule="lock") from None
    return parse_lock(text)


def parse_lock(text: str) -> Lock:
    """The lock that a text holds; lines of both sides of a merge count.

    Raises:
        FeedsError: a line is malformed, or gives a post another id than a line before it.
    """
    posts: dict[str, Locked] = {}
    feeds: dict[str, str] = {}
    former: dict[tuple[str, str], tuple[str, ...]] = {}
    in_conflict = False
    for number, line in enumerate(text.splitlines(), 1):
        if _CONFLICT.match(line):
            in_conflict = True
        elif line.startswith("@"):
            folder, _, title = line[1:].partition("\t")
            feeds[folder] = title
        elif line.startswith("~") and line.count("\t") == 2:
            past, path, issues = line[1:].split("\t")
            former[past, path] = _union(former.get((past, path), ()), issues.split())
        elif line.strip() and not line.startswith("#"):
            entry = _parse_line(line, number)
            other = posts.get(entry.path)
            if other and other.id != entry.id:
                message = f"{entry.path} has another id in a line before"
                raise FeedsError(message, Location(FILE, number), "remove one of them", rule="lock")
            posts[entry.path] = entry if not other or entry.updated > other.updated else other
    return Lock(posts, feeds, in_conflict, former)


def _union(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*some, *others}))


def _parse_line(line: str, number: int) -> Locked:
    try:
        path, id, published, digest, updated = line.split("\t")
        instants = dt.datetime.fromisoformat(published), dt.datetime.fromisoformat(updated)
        if not path or not id or None in (instants[0].tzinfo, instants[1].tzinfo):
            raise ValueError
    except ValueError:
        message = "this line has not the five parts that belong in it"
        help = "remove it and run feeds lock, or take it from an older commit"
        raise FeedsError(message, Location(FILE, number), help, rule="lock") from None
    return Locked(path, id, instants[0], digest, instants[1])


def render_lock(lock: Lock) -> str:
    """The file's text: the same for the same lock."""
    lines = [f"@{folder}\t{title}" for folder, title in sorted(lock.feeds.items())]
    lines += [f"~{past}\t{path}\t{' '.join(ids)}" for (past, path), ids in sorted(lock.former.items())]
    lines += [
        "\t".join(
            (entry.path, entry.id, entry.published.isoformat(), entry.digest, entry.updated.isoformat())
        )
        for _, entry in sorted(lock.posts.items())
    ]
    return _HEAD + "".join(f"{line}\n" for line in lines)


def write_lock(root: Path, lock: Lock) -> bool:
    """Write the file; False when it held just that already.

    Raises:
        FeedsError: it cannot be written.
    """
    return write_file(root / FILE, render_lock(lock).encode())


def digest_of(post: Post) -> str:
    """A digest of a post's title and excerpt as written, which no new version of this program changes."""
    rule = post.excerpting
    marks = "|".join(re.escape(mark) for mark in rule.marks)
    mark = rf"(?i)<!--\s*(?:{marks})\s*-->|\{{/\*\s*(?:{marks})\s*\*/\}}"
    parts = re.split(mark, post.source.body, maxsplit=1)
    marked = len(parts) > 1 and not (rule.summary and rule.summary_first)
    shown = parts[0] if marked else rule.summary or post.description or parts[0][:_LEAD]
    words = " ".join(f"{post.title}\n{shown}".split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def matched(posts: Sequence[Post], lock: Lock) -> dict[str, Locked]:
    """The line of each post by the post's path: its own, else that of a file that is gone and was the same.

    A file that was renamed is told by the digest, or by the address that its id is; by both together even
    where another post has its old name now.
    """
    digests = {lasting_path(post): digest_of(post) for post in posts}
    found: dict[str, Locked] = {}
    left = dict(sorted(lock.posts.items()))
    for signs_of_post, signs_of_line in _SIGNS:
        rest = [post for post in posts if lasting_path(post) not in found]
        lines = _unique((signs_of_line(entry), entry) for entry in left.values())
        keyed = ((signs_of_post(post, digests[lasting_path(post)]), post) for post in rest)
        for key, post in _unique(keyed).items():
            if entry := lines.get(key):
                found[lasting_path(post)] = left.pop(entry.path)
    return found


_Signs = tuple[str, ...]
_SIGNS: tuple[tuple[Callable[[Post, str], _Signs], Callable[[Locked], _Signs]], ...] = (
    (lambda post, digest: (lasting_path(post), digest), lambda entry: (entry.path, entry.digest)),
    (lambda post, digest: (post.url, digest), lambda entry: (entry.id, entry.digest)),
    (lambda post, digest: (lasting_path(post),), lambda entry: (entry.path,)),
    (lambda post, digest: (digest,), lambda entry: (entry.digest,)),
    (lambda post, digest: (post.url,), lambda entry: (entry.id,)),
)
"""What a post and its line have in common, the surest first."""


def _unique(pairs: Iterable[tuple[_Signs, Thing]]) -> dict[_Signs, Thing]:
    """The things whose key no other has."""
    seen: dict[_Signs, list[Thing]] = {}
    for key, thing in pairs:
        seen.setdefault(key, []).append(thing)
    return {key: things[0] for key, things in seen.items() if len(things) == 1}


def apply_lock(posts: Sequence[Post], lock: Lock, report: Report) -> tuple[Post, ...]:
    """The posts with their ids and last changes as locked; those that are not in the lock keep their own.

    Args:
        posts: all published posts.
        lock: what the file says.
        report: told of a lock that is not up to date, once, and of ids that two posts would have.
    """
    if lock.in_conflict:
        message = "a merge has left this file in conflict"
        help = "run feeds lock: the lines of both sides count"
        report(Finding(Severity.ERROR, "lock", message, Location(FILE), help))
    lines = matched(posts, lock)
    made = tuple(_locked(post, lines.get(lasting_path(post))) for post in posts)
    by_id: dict[str, Post] = {}
    for post in made:
        other = by_id.setdefault(post.id, post)
        if other is not post:
            message = f"the id {post.id} is also that of {lasting_path(other)}"
            help = f"remove the line of one of them from {FILE}"
            report(Finding(Severity.ERROR, "same-id", message, Location(lasting_path(post)), help))
    if stale := stale_paths(posts, lock):
        others = f" and {len(stale) - 1} more" if len(stale) > 1 else ""
        message = f"it is not up to date: {stale[0]}{others}"
        help = "run feeds lock, and commit it"
        report(Finding(Severity.WARNING, "stale-lock", message, Location(FILE), help))
    return made


def _locked(post: Post, entry: Locked | None) -> Post:
    if entry is None:
        return post
    return replace(post, id=entry.id, updated=max(post.updated, entry.updated))


def stale_paths(posts: Sequence[Post], lock: Lock) -> list[str]:
    """The files of posts that are not in the lock, or not as they are now."""
    return [
        lasting_path(post)
        for post in posts
        if (entry := lock.posts.get(lasting_path(post))) is None or entry.digest != digest_of(post)
    ]


def former_paths(posts: Sequence[Post], lock: Lock, named: Named) -> Former:
    """What `Lock.former` is to be, now that posts may have been renamed.

    Args:
        posts: all published posts.
        lock: what the file says.
        named: the paths that the files of issues name.
    """
    present = {lasting_path(post) for post in posts}
    moved = {entry.path: path for path, entry in matched(posts, lock).items() if entry.path != path}
    found = {(past, moved.get(path, path)): ids for (past, path), ids in lock.former.items()}
    known = {(past, id) for (past, _), ids in found.items() for id in ids}
    means: dict[str, list[str]] = {}
    for past, path in found:
        means.setdefault(past, []).append(path)
    # A file that names a path means the post that has it, or had it last, which the lock has a line for; else
    # the one that lost it before, or now.
    held = present | lock.posts.keys()
    lost = {past: paths[0] for past, paths in means.items() if len(paths) == 1 and past not in held}
    # Where that is another post than once, it is kept: else the path would mean the first again without it.
    taken = {past: past for past in means if past in held}
    for past, path in {**lost, **taken, **moved}.items():
        ids = (id for id in named.get(past, ()) if (past, id) not in known)
        found[past, path] = _union(found.get((past, path), ()), ids)
    return {(past, path): ids for (past, path), ids in found.items() if ids or past != path}


def path_finder(posts: Sequence[Post], former: Former) -> Callable[[str, str], str]:
    """Gives the path that a post has now, by the id of an issue and the path in its file."""
    present = {lasting_path(post) for post in posts}
    paths: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for (past, path), ids in former.items():
        paths.setdefault(past, []).append((path, ids))

    def path_now(issue: str, written: str) -> str:
        known = paths.get(written, [])
        named = [path for path, ids in known if issue in ids]
        alone = [path for path, _ in known] if written not in present else []
        return named[0] if named else alone[0] if len(alone) == 1 else written

    return path_now


def updated_lock(
    posts: Sequence[Post], feeds: Mapping[str, str], lock: Lock, now: dt.datetime, named: Named | None = None
) -> Lock:
    """The lock with every published post as it is now; lines of posts that are not published stay.

    Args:
        posts: all published posts, with the ids that their addresses or front matter give them.
        feeds: the title of each feed by folder.
        lock: what the file says.
        now: the instant of changes that no front matter dates.
        named: the paths that the files of issues name.
    """
    lines = matched(posts, lock)
    renamed = {entry.path for path, entry in lines.items() if entry.path != path}
    kept = {path: entry for path, entry in lock.posts.items() if path not in renamed}
    for post in posts:
        path, digest = lasting_path(post), digest_of(post)
        entry = lines.get(path)
        if entry is None:
            kept[path] = Locked(path, post.id, post.published, digest, post.updated)
            continue
        changed = entry.digest != digest
        own = post.updated if post.updated > post.published else None
        updated = own or now if changed else entry.updated
        kept[path] = replace(entry, path=path, digest=digest, updated=max(updated, entry.updated))
    return Lock(kept, {**lock.feeds, **feeds}, former=former_paths(posts, lock, named or {}))
