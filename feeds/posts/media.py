"""Embedded media as what a feed reader or a mail program can show: an image, or a link with a name."""

from __future__ import annotations

from urllib.parse import unquote, urljoin, urlsplit

from feeds.posts.tree import Element, Node, collapse, walk

_VIDEO_HOSTS = (
    "youtube.com",
    "youtube-nocookie.com",
    "youtu.be",
    "vimeo.com",
    "dailymotion.com",
    "twitch.tv",
    "loom.com",
    "ted.com",
    "bilibili.com",
)
_AUDIO_HOSTS = ("soundcloud.com", "spotify.com", "podcasts.apple.com", "bandcamp.com", "buzzsprout.com")
_DARK_ONLY = ("#only-dark", "#gh-dark-mode-only")
_LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src")


def picture(element: Element, page_url: str) -> tuple[Node, ...]:
    """The image of a `picture`, which every reader can show."""
    return tuple(part for part in walk(element.children) if part.tag == "img")[:1]


def dark_twin(element: Element, page_url: str) -> tuple[Node, ...] | None:
    """Nothing for the one of two images that a site shows in its dark scheme alone."""
    return () if element.attrs.get("src", "").endswith(_DARK_ONLY) else None


def lazy_image(element: Element, page_url: str) -> tuple[Node, ...] | None:
    """An image whose address a script would have put in its place."""
    source = next((element.attrs[name] for name in _LAZY_SOURCES if element.attrs.get(name)), "")
    current = element.attrs.get("src", "").strip().lower()
    if not source or (current and not current.startswith("data:")):
        return None
    attrs = {**element.attrs, "src": source}
    if srcset := attrs.get("data-srcset"):
        attrs["srcset"] = srcset
    return (Element("img", {name: value for name, value in attrs.items() if not name.startswith("data-")}),)


def video(element: Element, page_url: str) -> tuple[Node, ...]:
    """A link to the film."""
    return _link("Video", element, page_url)


def audio(element: Element, page_url: str) -> tuple[Node, ...]:
    """A link to the recording."""
    return _link("Audio", element, page_url)


def frame(element: Element, page_url: str) -> tuple[Node, ...]:
    """A link to what another site shows in a frame."""
    host = _host(_source(element), page_url)
    if _is_one_of(host, _VIDEO_HOSTS):
        return _link("Video", element, page_url)
    return _link("Audio" if _is_one_of(host, _AUDIO_HOSTS) else "Embedded", element, page_url)


def fallback(element: Element, page_url: str) -> tuple[Node, ...]:
    """What an `object` holds for programs that cannot show it."""
    return element.children


def _link(kind: str, element: Element, page_url: str) -> tuple[Node, ...]:
    source = _source(element)
    name = collapse(element.attrs.get("title") or element.attrs.get("aria-label") or "")
    name = name or _name(source, page_url)
    return (Element("a", {"href": source}, (f"{kind}: {name}" if name else kind,)),) if source else ()


def _source(element: Element) -> str:
    own = element.attrs.get("src") or element.attrs.get("data-src") or ""
    inner = (part.attrs.get("src", "") for part in walk(element.children) if part.tag == "source")
    return (own or next(inner, "")).strip()


def _name(url: str, page_url: str) -> str:
    """The other site's name; for a file of this site the file's."""
    host = _host(url, page_url)
    return host if host != _host(page_url, "") else unquote(url.split("?")[0].rpartition("/")[2])


def _host(url: str, page_url: str) -> str:
    try:
        return (urlsplit(urljoin(page_url, url)).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _is_one_of(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)
