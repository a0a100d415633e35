"""Front matter for whole folders: the `.meta.yml` files of Material's meta plugin."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from feeds.data import parse_yaml
from feeds.generators.base import walk_folders
from feeds.model import Fields
from feeds.texts import load_text

META_FILE = ".meta.yml"


def load_defaults(
    docs: Path,
    docs_name: str,
    file: str = META_FILE,
    walked: Iterable[tuple[str, Collection[str]]] | None = None,
) -> Iterator[tuple[str, Fields]]:
    """The front matter for whole folders: each `.meta.yml` with the folder it stands in ("" at the top).

    Args:
        docs: the docs folder.
        docs_name: what messages call it.
        file: the name of the files, which the plugin's `meta_file` can change.
        walked: the folders with their files, where they are known already.

    Raises:
        FeedsError: a file is not readable as YAML.
    """
    found = (folder for folder, files in walked or walk_folders(docs) if file in files)
    for folder in sorted(found, key=lambda folder: folder.split("/") if folder else []):
        name = posixpath.join(docs_name, folder, file)
        yield folder, parse_yaml(load_text(docs / folder / file, name), name)
