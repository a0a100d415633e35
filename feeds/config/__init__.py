"""The settings of a project, from `feeds.toml` or from `[tool.feeds]` of `pyproject.toml`."""

from feeds.config.keys import (
    FORMAT_NAMES,
    GENERATOR_NAMES,
    FeedsSettings,
    FilterSettings,
    GeneratorSettings,
    NamedFeedSettings,
    NewsletterSettings,
    PostsSettings,
    SendSettings,
    Settings,
    SiteSettings,
    reference,
)
from feeds.config.load import Override, load_settings

__all__ = [
    "FORMAT_NAMES",
    "GENERATOR_NAMES",
    "FeedsSettings",
    "FilterSettings",
    "GeneratorSettings",
    "NamedFeedSettings",
    "NewsletterSettings",
    "Override",
    "PostsSettings",
    "SendSettings",
    "Settings",
    "SiteSettings",
    "load_settings",
    "reference",
]
