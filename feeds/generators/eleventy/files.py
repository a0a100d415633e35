"""Which files Eleventy leaves alone, where it copies others, and how its links name pages."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urljoin

from feeds.generators.base import quoted
from feeds.generators.braces import matcher
from feeds.generators.eleventy.config import EleventyConfig, Passthrough, read_text
from feeds.texts import is_file

_LONGEST = 4_096
"""Characters of a pattern, beyond which no path could match it."""

_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


def exclusion(root: Path, config: EleventyConfig) -> Callable[[str], bool]:
    """Tells whether Eleventy leaves a path below the input folder alone; those of folders end with `/`."""
    patterns = ["**/node_modules", *config.ignored]
    for name in (".eleventyignore", *([".gitignore"] if config.gitignore else [])):
        patterns += _ignored(root, "", name)
    if config.input:
        patterns += _ignored(root, config.input, ".eleventyignore")
    matches = matcher(tuple(patterns))
    own = {config.includes, config.layouts, config.data} - {"", config.input}
    if config.output and not f"{config.input}/".startswith(f"{config.output}/"):
        own.add(config.output)

    def excluded(path: str) -> bool:
        if any(part.startswith(".") for part in path.split("/")):
            return True
        full = posixpath.join(config.input, path)
        return any(f"{full}/".startswith(f"{folder}/") for folder in own) or matches(full)

    return excluded


def _ignored(root: Path, folder: str, name: str) -> list[str]:
    """The patterns of an ignore file, which has none that take back."""
    path = root / folder / name
    if not path.is_file():
        return []
    lines = (line.strip() for line in read_text(path, posixpath.join(folder, name)).split("\n"))
    patterns = (line for line in lines if line and line[0] not in "#!" and len(line) <= _LONGEST)
    return [posixpath.join(folder, line.lstrip("/")) for line in patterns]


def media_rule(root: Path, config: EleventyConfig, url: str) -> Callable[[str, str, str], str | None]:
    """Gives the address of a file that lies beside a post: where it is copied to, if that is known."""
    copies = [(copy, matcher((copy.source,))) for copy in config.passthrough]
    moved = config.plugin("ImageTransform") or config.plugin("imageTransform")

    def rule(path: str, source: str, page: str) -> str | None:
        full = posixpath.normpath(posixpath.join(config.input, path))
        for copy, matches in copies:
            if not copy.beside and matches(full):
                return url + quoted(_copied(root, copy, full, config.input))
        if moved and full.lower().endswith(_IMAGES):
            return None  # its name is made of what is in it
        return urljoin(page, quoted(posixpath.relpath(path, posixpath.dirname(source) or ".")))

    return rule


def _copied(root: Path, copy: Passthrough, full: str, input: str) -> str:
    """The path in the output of a file that is copied."""
    if copy.target is None:
        return full.removeprefix(f"{input}/") if input else full
    if (root / copy.source).is_dir():
        inner = full.removeprefix(f"{copy.source}/") if copy.source else full
        return posixpath.join(copy.target.lstrip("/"), inner)
    if "*" in copy.source:
        return posixpath.join(copy.target.lstrip("/"), posixpath.basename(full))
    return copy.target.lstrip("/")


def link_rule(root: Path, config: EleventyConfig) -> Callable[[str, str], str]:
    """Rewrites links that name a template by its path from the project's root, or from the input folder.

    Where the plugin for it is used, the site's prefix is put before those that begin with a slash.
    """
    prefix = config.prefix.strip("/") if config.plugin("HtmlBasePlugin") else ""

    def rule(url: str, source: str) -> str:
        path, mark, rest = _parted(url)
        if not path.lower().endswith(".md") or "://" in url:
            return f"/{prefix}{url}" if prefix and url.startswith("/") and not url.startswith("//") else url
        name = posixpath.normpath(unquote(path).lstrip("/"))
        inner = name.removeprefix(f"{config.input}/") if config.input else name
        for target in (inner, name):
            if not target.startswith("..") and is_file(root / config.input / target):
                return f"/{quoted(target)}{mark}{rest}"
        return url

    return rule


def _parted(url: str) -> tuple[str, str, str]:
    at = min((at for sign in "?#" if (at := url.find(sign)) >= 0), default=len(url))
    return url[:at], url[at : at + 1], url[at + 1 :]
