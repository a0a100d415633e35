"""What every generator gives: how it is recognised, and the Site that its configuration describes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.model import Report, Site


class Generator(NamedTuple):
    """A site generator: `detect` finds its configuration in a root folder, `load_site` reads it."""

    name: str
    detect: Callable[[Path], Path | None]
    load_site: Callable[[Settings, Path | None, Report], Site]


def output_folder(settings: Settings, default: Path) -> Path:
    """Where the site lies: the configured folder below the root, else the generator's own."""
    return settings.root / settings.site.output if settings.site.output else default


def site_url(settings: Settings, own: str, where: str) -> str:
    """The site's URL with a final `/`: the configured one, else the generator's own.

    Raises:
        FeedsError: there is none; or it is no absolute http(s) URL.
    """
    url = settings.site.url or own.strip()
    if not url:
        raise FeedsError(
            "the site's URL is not known, and feeds need absolute links",
            help=f'{where}write url = "https://example.org/" under [site] in feeds.toml, or use --base-url',
            rule="site-url",
        )
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no IPv6 address
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FeedsError(f"the site's URL {url!r} is not an absolute http(s) address", rule="site-url")
    if "@" in parts.netloc:
        message = "the site's URL holds a user name or password, which every feed would show"
        raise FeedsError(message, help="remove it from the address", rule="site-url")
    return parts._replace(path=parts.path.rstrip("/") + "/", query="", fragment="").geturl()


def walk_folders(top: Path) -> Iterator[tuple[str, list[str]]]:
    """Every folder below one, relative to it with `/` ("" for itself), with its files; parents come first.

    Links are followed, as generators do, but not back to a folder above.
    """
    above: dict[str, frozenset[str]] = {}
    for name, folders, files in os.walk(top, followlinks=True):
        relative = Path(name).relative_to(top).as_posix()
        seen = above.get(name, frozenset()) | {os.path.realpath(name)}
        folders[:] = sorted(f for f in folders if os.path.realpath(os.path.join(name, f)) not in seen)
        above |= {os.path.join(name, folder): seen for folder in folders}
        yield ("" if relative == "." else relative), sorted(files)


def web_address(url: str, base: str) -> str:
    """An absolute http(s) address from one that may be relative to the site; "" for any other kind."""
    try:
        absolute = urljoin(base, url.strip()) if url.strip() else ""
        return absolute if urlsplit(absolute).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def shown(path: Path, root: Path) -> str:
    """A path as messages and outputs show it: relative to the root, so that it is the same on any machine."""
    return Path(os.path.relpath(path, root)).as_posix()


def quoted(path: str) -> str:
    """A path below the site's URL, percent-encoded; `.` and `./` are the site's URL itself."""
    return quote("" if path in (".", "./") else path)
