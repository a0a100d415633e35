"""Components that many Docusaurus and Astro sites have, as the plain HTML that stands for them."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Attributes = Mapping[str, str]

DROPPED = frozenset({"head", "script", "style", "template", "browseronly", "tocinline"})
"""Elements that show nothing of what they enclose, or nothing that can be known."""

BLOCKS = frozenset("article aside center details div figure footer header main nav p section".split())
"""Elements of HTML that Markdown may stand in."""

_RENAMED = {"classname": "class", "htmlfor": "for"}
_NOT_WRITTEN = frozenset({"key", "ref", "style", "dangerouslysetinnerhtml"})
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_VIDEO_IDS = ("id", "videoId", "videoID", "youTubeId", "youtubeId", "youtubeID", "vid", "videoid")


@dataclass(frozen=True, slots=True)
class Written:
    """What stands for an element: at its beginning, and at its end."""

    opening: str = ""
    closing: str = ""


def element(name: str, attributes: Attributes) -> Written:
    """An element of HTML with the attributes that HTML has; a fragment has no name and is nothing."""
    if name in ("", "p"):  # Markdown makes paragraphs of its own
        return Written()
    written = []
    for key, value in attributes.items():
        lower = _RENAMED.get(key.lower(), key.lower())
        if lower not in _NOT_WRITTEN and not lower.startswith("on"):
            written.append(f' {lower}="{html.escape(value)}"')
    if name in _VOID:
        return Written(f"<{name}{''.join(written)}>")
    return Written(f"<{name}{''.join(written)}>", f"</{name}>")


def component(name: str, attributes: Attributes) -> Written | None:
    """A component by its name; None for one that is not known and has nothing to show by itself."""
    if known := _KNOWN.get(name.rpartition(".")[2].lower()):
        return known(attributes)
    return _image(attributes)


def _children(attributes: Attributes) -> Written:
    return Written()


def _tab(attributes: Attributes) -> Written:
    label = attributes.get("label") or attributes.get("value") or attributes.get("title") or ""
    return Written(f"<p><strong>{html.escape(label)}</strong></p>\n\n" if label else "")


def _admonition(attributes: Attributes) -> Written:
    kind = attributes.get("type") or attributes.get("kind") or "note"
    title = attributes.get("title") or kind.capitalize()
    return Written(
        f'<div class="admonition {html.escape(kind)}">\n'
        f'<p class="admonition-title">{html.escape(title)}</p>\n\n',
        "\n\n</div>",
    )


def _details(attributes: Attributes) -> Written:
    summary = attributes.get("summary") or attributes.get("title") or "Details"
    return Written(f"<details>\n<summary>{html.escape(summary)}</summary>\n\n", "\n\n</details>")


def _link(attributes: Attributes) -> Written:
    address = attributes.get("to") or attributes.get("href") or ""
    return Written(f'<a href="{html.escape(address)}">', "</a>") if address else Written()


def _card(attributes: Attributes) -> Written:
    title = attributes.get("title") or attributes.get("label") or ""
    address = attributes.get("href") or attributes.get("to") or ""
    name = html.escape(title or address)
    shown = f'<a href="{html.escape(address)}">{name}</a>' if address else f"<strong>{name}</strong>"
    more = html.escape(attributes.get("description", ""))
    return Written(f"<p>{shown}{': ' + more if more else ''}</p>\n\n") if name else Written()


def _image(attributes: Attributes) -> Written | None:
    """A picture, whatever the component is called."""
    keys = ("src", "img", "image", "sources", "light", "source")
    source = next((attributes[key] for key in keys if attributes.get(key)), "")
    if not source:
        return None
    texts = (attributes.get(key) for key in ("alt", "title", "caption"))
    alt = next((text for text in texts if text), "")
    return Written(f'<img src="{html.escape(source)}" alt="{html.escape(alt)}">')


def _video(attributes: Attributes) -> Written | None:
    id = next((attributes[key] for key in _VIDEO_IDS if attributes.get(key)), "")
    address = attributes.get("url") or attributes.get("src") or id
    if not address:
        return None
    if "/" not in address and "." not in address:
        address = f"https://www.youtube.com/watch?v={address}"
    return _film(address, attributes)


def _vimeo(attributes: Attributes) -> Written | None:
    address = attributes.get("url") or attributes.get("id") or attributes.get("videoId") or ""
    if not address:
        return None
    return _film(address if "/" in address else f"https://vimeo.com/{address}", attributes)


def _tweet(attributes: Attributes) -> Written | None:
    address = attributes.get("url") or attributes.get("id") or attributes.get("tweetId") or ""
    if not address:
        return None
    address = address if "/" in address else f"https://x.com/i/status/{address}"
    return Written(f'<a href="{html.escape(address)}">{html.escape(attributes.get("title") or address)}</a>')


def _film(address: str, attributes: Attributes) -> Written:
    title = attributes.get("title") or attributes.get("alt") or ""
    name = f"Video: {title}" if title else "Video"
    return Written(f'<a href="{html.escape(address)}">{html.escape(name)}</a>')


_KNOWN: Mapping[str, Callable[[Attributes], Written | None]] = {
    **dict.fromkeys(
        ("tabs", "highlight", "translate", "steps", "filetree", "cardgrid", "center", "fragment", "icon"),
        _children,
    ),
    **dict.fromkeys(("tabitem", "tab"), _tab),
    **dict.fromkeys(("admonition", "aside", "callout", "note"), _admonition),
    "details": _details,
    "link": _link,
    **dict.fromkeys(("card", "linkcard", "linkbutton"), _card),
    **dict.fromkeys(("image", "img", "idealimage", "themedimage", "picture", "figure"), _image),
    **dict.fromkeys(
        (
            "youtube",
            "youtubeembed",
            "youtubevideo",
            "liteyoutubeembed",
            "liteyoutube",
            "reactplayer",
            "video",
            "videoplayer",
        ),
        _video,
    ),
    "vimeo": _vimeo,
    **dict.fromkeys(("tweet", "twittertweetembed", "tweetembed"), _tweet),
}
