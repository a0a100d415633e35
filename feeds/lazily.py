"""Modules that libraries import, and that are hardly ever used: loaded when they are, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any, Protocol


class _Loader(Protocol):
    def exec_module(self, module: ModuleType) -> None: ...


_pending: dict[str, _Loader] = {}
_lock = RLock()


class _Postponed(ModuleType):
    """A module of which no more is there than where it lies; whatever else is asked for loads it."""

    def __getattr__(self, name: str) -> Any:
        with _lock:
            if loader := _pending.pop(self.__name__, None):
                loader.exec_module(self)
                self.__class__ = ModuleType  # type: ignore[assignment]
        return ModuleType.__getattribute__(self, name)


class _Finder:
    """Finds some modules, and has them postponed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in self._names else None
        if spec and spec.loader:
            _pending[fullname] = spec.loader
            spec.loader = self  # type: ignore[assignment]
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Nothing, for now."""
        module.__loader__ = _pending[module.__name__]  # type: ignore[assignment]
        module.__spec__.loader = module.__loader__  # type: ignore[union-attr]
        module.__class__ = _Postponed


@contextmanager
def postponed(*names: str) -> Iterator[None]:
    """Have modules that are imported meanwhile loaded only when something in them is asked for.

    Whoever does ask, then or later, gets the whole module, as ever; `from module import name` asks at once.
    It is what `importlib.util.LazyLoader` does, which gives in to a second `import` though.

    Args:
        names: such as `requests`.
    """
    finder = _Finder(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Have modules taken for not installed by those that are imported meanwhile, and can do without.

    Args:
        names: such as `pytz`; what is loaded already stays.
    """
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
