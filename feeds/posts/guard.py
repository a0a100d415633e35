"""The last word on what a feed carries: a sanitiser with an allow-list. The only module that knows nh3."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from feeds.posts.attributes import ATTRIBUTES, LANGUAGE_CLASS
from feeds.posts.elements import ALLOWED
from feeds.posts.links import LINK_SCHEMES

if TYPE_CHECKING:
    from nh3 import Cleaner


def guard(html: str) -> str:
    """The HTML without any element, attribute or scheme that is not allowed.

    Clean HTML is given back as it is: this only has something to do where the cleaning has missed something.
    """
    return _cleaner(has_classes="class" in html.lower()).clean(html)


@cache
def _cleaner(*, has_classes: bool) -> Cleaner:
    """One that looks at each attribute, where there may be classes, and a quicker one."""
    from nh3 import Cleaner

    return Cleaner(
        tags=set(ALLOWED),
        attributes={**{tag: set(names) for tag, names in ATTRIBUTES.items()}, "*": {"dir", "lang"}},
        attribute_filter=_only_language_classes if has_classes else None,
        link_rel=None,
        url_schemes=set(LINK_SCHEMES),
    )


def _only_language_classes(tag: str, name: str, value: str) -> str | None:
    return value if name != "class" or LANGUAGE_CLASS.fullmatch(value) else None
