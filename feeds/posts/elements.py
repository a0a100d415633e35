"""Which elements feeds carry, and what becomes of the others."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALLOWED = _names("""
    a abbr b bdi bdo blockquote br caption cite code dd del dfn dl dt em figcaption figure h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q rp rt ruby s samp small strong sub sup table tbody td tfoot th thead time
    tr u ul var wbr
""")
"""Every element that may stand in a feed."""

INLINE = _names("""
    abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small strong sub sup time u var
""")
"""Those of them that mark up text and say nothing when they hold none."""

BLOCKS = _names("""
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre
    search section summary table tbody td tfoot th thead tr ul
""")
"""Elements that begin on a line of their own; those not allowed give way to what they hold."""

DROPPED = _names("""
    applet area audio base basefont bgsound button canvas col colgroup command datalist embed frame frameset
    head iframe input keygen link map math meta noembed noframes noscript param script select source style
    svg template textarea title track video
""")
"""Elements that go with all they hold."""

RENAMED = {"acronym": "abbr", "dir": "ul", "menu": "ul", "strike": "s", "tt": "code"}
"""Elements of old HTML by their successors."""
