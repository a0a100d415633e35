"""The built site as a witness: whether every post's address leads to one of its pages."""

from __future__ import annotations

import html
import os
import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote, unquote, urljoin, urlsplit

from feeds.errors import FeedsError, Finding, Location, Severity
from feeds.model import Post, Report

SITE_FILES = ("index.html", "sitemap.xml")
"""The files of which a built site has one at its top."""

MAX_HEAD = 64 * 1024
"""Bytes of a page that are looked through for its canonical address."""

MAX_PAGES = 100_000
"""Pages of the site among which the nearest to a dead address are looked for."""

MAX_SITEMAP = 50 * 1024 * 1024
"""Bytes of a sitemap, unpacked; the limit of https://www.sitemaps.org/protocol.html."""

_MAX_SITEMAPS = 500
_MAX_SUGGESTIONS = 100
_MAX_CANDIDATES = 12
_LEAST_LIKENESS = 0.5

_LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[\s*)?([^<\]\s]+)", re.IGNORECASE)
_HEAD_END = re.compile(r"</head|<body", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LINK = re.compile(r"<link(?=[\s/])((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_LONGEST_TAG = 4096


def find_built(output: Path, named: Path | None, own: Collection[str]) -> Path | None:
    """The folder that holds the built site: the one that is named, else the output, if the site lies there.

    Args:
        output: where the feeds are written.
        named: the folder that the settings name.
        own: the files, relative to the output, that builds of feeds wrote.

    Raises:
        FeedsError: the named folder is not there.
    """
    if named is not None:
        if not named.is_dir():
            help = "build the site first, or name the folder that holds it as built under [site]"
            raise FeedsError(f"there is no folder {str(named)!r}", help=help, rule="no-built-site")
        return named
    is_built = any(name not in own and (output / name).is_file() for name in SITE_FILES)
    return output if is_built else None


def check_permalinks(
    built: Path,
    site_url: str,
    posts: Sequence[Post],
    report: Report,
    *,
    shown: Collection[str] = (),
    own: Collection[str] = (),
) -> None:
    """Report each post whose address leads to no page, and disagreements about the addresses of those shown.

    Args:
        built: the folder that holds the built site.
        site_url: the site's address, ending with `/`.
        posts: all that are published; addresses outside the site are not looked at.
        report: told of each dead link and each other canonical address.
        shown: the ids of the posts that some feed shows.
        own: the files of the folder that are no pages of the site's generator.
    """
    inside = [post for post in posts if _lies_below(post.url, site_url)]
    prefix, pages = _look_up(built, urlsplit(site_url).path, inside)
    dead = [post for post in inside if post.id not in pages]
    if dead:
        listed = frozenset(map(_key, _sitemap_urls(built)))
        dead = [post for post in dead if _key(post.url) not in listed]
    if dead:
        _report_dead(_Pages(built, site_url, prefix, own), dead, report)
    read = pages.keys() & set(shown)
    _check_canonicals([(post, pages[post.id]) for post in inside if post.id in read], report)


def _lies_below(url: str, site_url: str) -> bool:
    one, site = urlsplit(url), urlsplit(site_url)
    return one.netloc == site.netloc and unquote(one.path).startswith(unquote(site.path))


# --- where a page lies --------------------------------------------------------------------------------------


def _look_up(built: Path, base: str, posts: Sequence[Post]) -> tuple[str, dict[str, Path]]:
    """The files of posts by their ids, and which part of their paths the folder stands for.

    The folder is what lies at the site's address, or at the root of its host: whichever has more posts.
    """
    prefixes = dict.fromkeys((unquote(base), "/"))
    best: tuple[str, dict[str, Path]] = (unquote(base), {})
    for prefix in prefixes:
        found = {post.id: page for post in posts if (page := _page(built, prefix, post.url))}
        if len(found) > len(best[1]):
            best = (prefix, found)
        if len(found) == len(posts):
            break
    return best


def _page(built: Path, prefix: str, url: str) -> Path | None:
    """The file that a web server shows at an address."""
    path = unquote(urlsplit(url).path)
    if not path.startswith(prefix):
        return None
    relative = path[len(prefix) :]
    if ".." in relative.split("/") or "\0" in relative:
        return None
    for form in dict.fromkeys((relative, normalize("NFC", relative), normalize("NFD", relative))):
        for name in _file_names(form):
            if _is_file(f"{built}/{name}"):
                return built / name
    return None


def _is_file(path: str) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - it takes a name that no disk can hold for no file


def _file_names(relative: str) -> tuple[str, ...]:
    bare = relative.rstrip("/")
    if bare != relative or not bare:
        return (f"{relative}index.html", f"{bare}.html", bare)[: 3 if bare else 1]
    return (relative, f"{relative}.html", f"{relative}/index.html")


def _key(url: str) -> str:
    """What addresses of the same page have in common: the path, however it is written."""
    path = normalize("NFC", unquote(urlsplit(url).path))
    return path.removesuffix("index.html").rstrip("/").removesuffix(".html")


def _sitemap_urls(built: Path) -> Iterator[str]:
    """The addresses in the folder's sitemap, and in those that it names and that lie in the folder too."""
    start = next(
        (
            name
            for name in ("sitemap.xml", "sitemap_index.xml", "sitemap-index.xml", "sitemap.xml.gz")
            if (built / name).is_file()
        ),
        None,
    )
    pending = [start] if start else []
    seen: set[str] = set()
    while pending and len(seen) < _MAX_SITEMAPS:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        text = _unpacked(built / name)
        named = (html.unescape(found[1]) for found in _LOCATION.finditer(text))
        urls = [url for name in named if (url := _joined("", name))]
        if re.search(r"<sitemapindex[\s>]", text[:2000]):
            pending += [local for url in urls if (local := _local_sitemap(built, url))]
        else:
            yield from urls


def _unpacked(file: Path) -> str:
    import gzip

    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            return stream.read(MAX_SITEMAP).decode("utf-8", "replace")
    except (OSError, EOFError):  # gone, unreadable, or no gzip: then it lists nothing
        return ""


def _local_sitemap(built: Path, url: str) -> str | None:
    """The file of the folder that a sitemap's address stands for."""
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part not in ("", "..", ".")]
    tails = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((tail for tail in tails if _is_file(f"{built}/{tail}")), None)


# --- dead links ---------------------------------------------------------------------------------------------


def _report_dead(pages: _Pages, dead: Sequence[Post], report: Report) -> None:
    near = {post.id: pages.nearest(post) for post in dead[:_MAX_SUGGESTIONS]}
    patterns = Counter(_pattern(pages.below_site(page), post) for post in dead if (page := near.get(post.id)))
    common, count = patterns.most_common(1)[0] if patterns else ("", 0)
    advice = "give the pattern of its addresses as permalink under [generator] in feeds.toml"
    if common and 3 * count >= 2 * len(near):
        advice = f"write permalink = {common!r} under [generator] in feeds.toml".replace("'", '"')
    for post in dead:
        page = near.get(post.id)
        nearest = f"the nearest page is {pages.url(page)}; " if page else ""
        message = f"the post's address {post.url} leads to no page of the site in {pages.folder.name}/"
        help = f"{nearest}build the site first if it is older than the post, else {advice}"
        at = Location(post.source.fields.path)
        report(Finding(Severity.ERROR, "dead-permalink", message, at, help))


def _pattern(page: str, post: Post) -> str:
    """The pattern of permalinks that gives a post the address of a page; "" if none is likely."""
    stem = posixpath.splitext(posixpath.basename(post.source.path))[0]
    slug = _last(unquote(urlsplit(post.url).path))
    parts = page.split("/")
    wanted = [("year", f"{post.published.year:04}"), ("month", f"{post.published.month:02}")]
    wanted.append(("day", f"{post.published.day:02}"))
    for index, part in enumerate(parts):
        if wanted and part == wanted[0][1]:
            parts[index] = f"{{{wanted.pop(0)[0]}}}"
        elif _last(part) in (slug, stem) and part:
            placeholder = "{slug}" if _last(part) == slug != stem else "{file}"
            parts[index] = placeholder + (".html" if part.endswith(".html") else "")
    filled = "/" + "/".join(parts)
    return filled if "{slug}" in filled or "{file}" in filled else ""


def _last(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")


@dataclass(slots=True)
class _Pages:
    """The pages of a built site, by the last part of their paths and by the words in it."""

    folder: Path
    site_url: str
    prefix: str
    own: Collection[str]
    names: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        base = unquote(urlsplit(self.site_url).path)
        listed = (path for url in _sitemap_urls(self.folder) if (path := unquote(urlsplit(url).path)))
        paths = [*self._files(), *(path.removeprefix(self.prefix).lstrip("/") for path in listed)]
        for path in dict.fromkeys(paths if base else ()):
            name = _last(path).casefold()
            self.names.setdefault(name, []).append(path)
            for word in set(_words(name)):
                self.words.setdefault(word, []).append(path)

    def _files(self) -> Iterator[str]:
        count = 0
        for folder, folders, files in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            relative = Path(folder).relative_to(self.folder).as_posix()
            start = "" if relative == "." else f"{relative}/"
            for name in sorted(files):
                if (
                    name.endswith(".html")
                    and f"{start}{name}" not in self.own
                    and not start.startswith("newsletter/")
                ):
                    yield start if name == "index.html" else f"{start}{name}"
                    count += 1
            if count > MAX_PAGES:
                return

    def nearest(self, post: Post) -> str | None:
        """The path of the page that most likely is a post's own."""
        path = unquote(urlsplit(post.url).path).removeprefix(self.prefix)
        stem = posixpath.splitext(posixpath.basename(post.source.path))[0]
        for name in (_last(path).casefold(), stem.casefold()):
            if name and (same := self.names.get(name)):
                return max(same[:_MAX_CANDIDATES], key=lambda page: (_likeness(path, page), page))
        lists = sorted((self.words[word] for word in set(_words(_last(path))) if word in self.words), key=len)
        candidates = list(dict.fromkeys(page for pages in lists for page in pages[:_MAX_CANDIDATES]))
        scored = [(_likeness(path, page), page) for page in candidates[:_MAX_CANDIDATES]]
        likeness, page = max(scored, default=(0.0, ""))
        return page if likeness >= _LEAST_LIKENESS else None

    def url(self, page: str) -> str:
        """A page's address."""
        return urljoin(self.site_url, quote(self.prefix + page, safe="/:@!$&'()*+,;=~"))

    def below_site(self, page: str) -> str:
        """A page's path below the site's address."""
        return (self.prefix + page).removeprefix(unquote(urlsplit(self.site_url).path))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one[-200:], other[-200:], autojunk=False).ratio()


# --- canonical addresses ------------------------------------------------------------------------------------


def _check_canonicals(found: Iterable[tuple[Post, Path]], report: Report) -> None:
    """Report pages that name other addresses for themselves; what is the same for many posts, once."""
    kinds: dict[str, list[tuple[Post, str]]] = {}
    for post, file in found:
        canonical = _canonical(file, post.url)
        if canonical and (kind := _difference(post.url, canonical)):
            kinds.setdefault(kind, []).append((post, canonical))
    for kind, cases in kinds.items():
        what, help = _KINDS[kind]
        told = cases if kind == "path" else cases[:1]
        for post, canonical in told:
            others = f" (so it is with {len(cases) - 1:,} more)" if kind != "path" and len(cases) > 1 else ""
            message = f"the post's page says that its address is {canonical}, not {post.url}: {what}{others}"
            at = Location(post.source.fields.path)
            report(Finding(Severity.WARNING, "canonical", message, at, help))


_KINDS = {
    "scheme": ("one is https, one is http", "mend the site's url, here or where the generator has it"),
    "host": ("another host", "mend the site's url, here or where the generator has it"),
    "slash": (
        "only the slash at the end differs",
        "let permalink under [generator] end as the pages' addresses do",
    ),
    "path": ("another page", "mend the post's address, or the canonical link in the theme"),
}


def _difference(url: str, canonical: str) -> str:
    """In what two addresses differ; "" if both lead to the same page."""
    one, other = urlsplit(url), urlsplit(canonical)
    paths = [
        normalize("NFC", unquote(parts.path)).removesuffix("index.html") or "/" for parts in (one, other)
    ]
    if paths[0].rstrip("/") != paths[1].rstrip("/"):
        return "path"
    if one.netloc.lower() != other.netloc.lower():
        return "host"
    if one.scheme != other.scheme:
        return "scheme"
    return "slash" if paths[0] != paths[1] else ""


def _canonical(file: Path, url: str) -> str:
    """The absolute address that a page's head gives as its own; "" if it gives none."""
    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_HEAD).decode("utf-8", "replace")
    except OSError:
        return ""
    end = _HEAD_END.search(text)
    head = _without_comments(text[: end.start()] if end else text)
    lowered = head.lower()
    place = lowered.find("<link")
    while place >= 0:
        if found := _LINK.match(head, place, place + _LONGEST_TAG):
            attributes = {
                part[1].lower(): part[2] or part[3] or part[4] or "" for part in _ATTRIBUTE.finditer(found[1])
            }
            if "canonical" in attributes.get("rel", "").lower().split() and attributes.get("href"):
                return _joined(url, html.unescape(attributes["href"].strip()))
        place = lowered.find("<link", place + 5)
    return ""


def _joined(base: str, url: str) -> str:
    """An absolute address; "" for what is none."""
    try:
        joined = urljoin(base, url)
        urlsplit(joined)
    except ValueError:  # http://[
        return ""
    return joined


def _without_comments(text: str) -> str:
    parts, place = [], 0
    while (start := text.find("<!--", place)) >= 0:
        parts.append(text[place:start])
        end = text.find("-->", start + 4)
        place = end + 3 if end >= 0 else len(text)
    parts.append(text[place:])
    return "".join(parts)
