"""What a generator adds to Liquid: variables, tags and filters; and what its tags can ask of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """A tag as it stands in a text.

    `markup` is what follows its name, `body` what stands between it and its end, already expanded. `value`
    gives the value of an expression; `render` expands another text, which sees these variables too; `warn`
    reports what cannot be done, at the tag's line.
    """

    name: str
    markup: str
    body: str
    value: Callable[[str], object]
    render: Callable[[str, Mapping[str, object]], str]
    warn: Callable[[str], None]


Tag = Callable[[Call], str]
"""Gives the text that stands in place of a tag."""

Warn = Callable[[str, int], None]
"""Reports a message for a line of the text, which counts from 1."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """Liquid of one generator: `blocks` are tags with an end; `filters` come on top of Liquid's own."""

    variables: Mapping[str, object] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    blocks: Mapping[str, Tag] = field(default_factory=dict)
    filters: Mapping[str, Callable[..., object]] = field(default_factory=dict)
