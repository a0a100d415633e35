"""The data files of a Jekyll site, read when a template asks for them (https://jekyllrb.com/docs/datafiles/)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from feeds.data import parse_json, parse_yaml_value
from feeds.errors import FeedsError
from feeds.generators.base import shown
from feeds.generators.jekyll.values import native
from feeds.model import Report
from feeds.texts import load_text

_ENDINGS = (".yml", ".yaml", ".json", ".csv", ".tsv")
_NO_NAME = re.compile(r"[^\w\s-]+")


class DataFolder(Mapping[str, object]):
    """The files of a folder by their names without ending, and its folders; a file is read once.

    Args:
        folder: the folder, which need not be there.
        root: the project's folder, for messages.
        report: told of files that cannot be read, which are empty then.
    """

    def __init__(self, folder: Path, root: Path, report: Report) -> None:
        self._folder, self._root, self._report = folder, root, report
        self._paths: dict[str, Path] | None = None
        self._values: dict[str, object] = {}

    def __getitem__(self, key: str) -> object:
        path = self._found()[key]
        if key not in self._values:
            self._values[key] = (
                DataFolder(path, self._root, self._report) if path.is_dir() else self._load(path)
            )
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def _found(self) -> dict[str, Path]:
        if self._paths is None:
            entries = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
            self._paths = {
                re.sub(r"\s+", "_", _NO_NAME.sub("", entry.name if entry.is_dir() else entry.stem)): entry
                for entry in entries
                if self._is_inside(entry) and (entry.is_dir() or entry.suffix.lower() in _ENDINGS)
            }
        return self._paths

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self._root.resolve())
        except OSError:
            return False

    def _load(self, path: Path) -> object:
        try:
            return load_data(path, shown(path, self._root))
        except FeedsError as error:
            for finding in error.findings:
                self._report(finding)
            return None


def load_data(path: Path, name: str) -> object:
    """What a data file holds, as templates see it; None for one that cannot be read.

    Args:
        path: a YAML, JSON, CSV or TSV file.
        name: what messages call it.

    Raises:
        FeedsError: it is malformed.
    """
    try:
        text = load_text(path, name)
    except FeedsError:
        return None
    if path.suffix.lower() == ".json":
        return native(parse_json(f'{{"all":{text}}}', name).values["all"])
    if path.suffix.lower() in (".csv", ".tsv"):
        rows = csv.DictReader(text.splitlines(), delimiter="," if path.suffix.lower() == ".csv" else "\t")
        return [{str(key): value for key, value in row.items()} for row in rows]
    return native(parse_yaml_value(text, name))
