"""What every generator gives: how it is recognised, and the Site that its configuration describes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from feeds.config import Settings
from feeds.errors import FeedsError
from feeds.model import Report, Site


@dataclass(frozen=True, slots=True)
class Generator:
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
    return parts._replace(path=parts.path.rstrip("/") + "/", query="", fragment="").geturl()


def shown(path: Path, root: Path) -> str:
    """A path as messages show it: relative to the root where it lies below it."""
    relative = os.path.relpath(path, root)
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()


def quoted(path: str) -> str:
    """A path below the site's URL, percent-encoded; `.` and `./` are the site's URL itself."""
    return quote("" if path in (".", "./") else path)
