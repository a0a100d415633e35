"""The last word on what a feed carries: a sanitiser with an allow-list. The only module that knows nh3."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from feeds.posts.attributes import ATTRIBUTES, LANGUAGE_CLASS
from feeds.posts.links import LINK_SCHEMES

if TYPE_CHECKING:
    from nh3 import Cleaner

TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code dd del dfn dl dt em figcaption figure h3 h4 h5 h6 hr i img"
    " ins kbd li mark ol p pre q rp rt ruby s samp small strong sub sup table tbody td tfoot th thead time tr u"
    " ul var wbr".split()
)
"""Every element that may stand in a feed."""


def guard(html: str) -> str:
    """The HTML without any element, attribute or scheme that is not allowed.

    Clean HTML is given back as it is: this only has something to do where the cleaning has missed something.
    """
    return _cleaner().clean(html)


@cache
def _cleaner() -> Cleaner:
    from nh3 import Cleaner

    return Cleaner(
        tags=set(TAGS),
        attributes={**{tag: set(names) for tag, names in ATTRIBUTES.items()}, "*": {"dir", "lang"}},
        attribute_filter=_only_language_classes,
        link_rel=None,
        url_schemes=set(LINK_SCHEMES),
    )


def _only_language_classes(tag: str, name: str, value: str) -> str | None:
    return value if name != "class" or LANGUAGE_CLASS.fullmatch(value) else None
