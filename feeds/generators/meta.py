"""Front matter for whole folders: the `.meta.yml` files of Material's meta plugin."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from feeds.data import parse_yaml
from feeds.errors import FeedsError, Location
from feeds.model import Fields

META_FILE = ".meta.yml"


def load_defaults(docs: Path, docs_name: str) -> Iterator[tuple[str, Fields]]:
    """The front matter for whole folders: each `.meta.yml` with the folder it stands in ("" at the top).

    Raises:
        FeedsError: a file is not readable as YAML.
    """
    for path in sorted(docs.rglob(META_FILE), key=lambda path: path.parent):
        name = posixpath.join(docs_name, path.relative_to(docs).as_posix())
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise FeedsError(f"cannot read this file: {error}", Location(name), rule="meta") from None
        folder = path.parent.relative_to(docs).as_posix()
        yield ("" if folder == "." else folder), parse_yaml(text, name)
