"""How each site generator names, dates, links and hides its posts."""

from __future__ import annotations

from feeds.config import Settings
from feeds.errors import UsageError
from feeds.generators.base import Generator
from feeds.generators.material import MATERIAL
from feeds.generators.plain import PLAIN
from feeds.model import Report, Site

GENERATORS: tuple[Generator, ...] = (MATERIAL, PLAIN)
"""In the order in which they are looked for; the last one takes what is left."""


def load_site(settings: Settings, report: Report) -> Site:
    """The site in the project's folder: what the settings say, else what its generator's configuration says.

    Raises:
        FeedsError: the generator's configuration cannot be read, or lacks what is needed.
        UsageError: the generator that was asked for is not known.
    """
    wanted = settings.generator.name
    if wanted:
        chosen = [generator for generator in GENERATORS if generator.name == wanted]
        if not chosen:
            names = ", ".join(generator.name for generator in GENERATORS)
            raise UsageError(f"the generator {wanted!r} is not known", help=f"choose one of {names}")
        return chosen[0].load_site(settings, chosen[0].detect(settings.root), report)
    for generator in GENERATORS[:-1]:
        if config := generator.detect(settings.root):
            return generator.load_site(settings, config, report)
    return GENERATORS[-1].load_site(settings, None, report)
