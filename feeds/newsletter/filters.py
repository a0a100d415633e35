"""What the letter's templates do with values: `{{ value | name }}`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import chain

from feeds.columns import columns, one_line, wrap
from feeds.locales import format_day, language_filters
from feeds.model import Entry, Excerpt, Post, Section, Site
from feeds.newsletter.fragment import (
    TALLEST,
    TOP_HEADING,
    links,
    mail_html,
    scaled,
    shows,
    shrinking,
    without_notes,
)
from feeds.newsletter.lines import WIDTH, shorten
from feeds.templating import Html


def letter_filters(site: Site, column: int) -> Mapping[str, Callable[..., object]]:
    """The filters of the letter's templates.

    Args:
        site: days are written in its language.
        column: the width of the letter's text in pixels, beyond which no image goes.
    """

    def mail(html: str, top: int = TOP_HEADING) -> Html:
        return Html(mail_html(html, column, top))

    def title_lines(posts: Sequence[Post]) -> Html:
        """An item of a list for each post: its title, linked, and its day.

        Pages of old issues have thousands of them, which a loop in a template would take seconds for.
        """
        return Html("\n".join(_title_lines(posts, site.language or "en")))

    def picture(entry: Entry) -> Mapping[str, object] | None:
        return _picture(entry, column)

    return {
        **language_filters(site.language),
        "excerpt": _excerpt,
        "mail_html": mail,
        "one_line": one_line,
        "other_categories": _other_categories,
        "other_links": _other_links,
        "picture": picture,
        "shorten": shorten,
        "title_lines": title_lines,
        "underlined": _underlined,
        "wrap": _wrapped,
    }


def _excerpt(entry: Entry) -> Excerpt:
    """What the letter shows of an entry."""
    return without_notes(entry.excerpt, entry.post.url)


def _title_lines(posts: Sequence[Post], language: str) -> Iterator[str]:
    shown = [
        (post.url, post.language or language, post.title, format_day(post.published, language))
        for post in posts
    ]
    escaped = iter(_escaped([*chain.from_iterable(shown)]))
    for url, spoken, title, day in zip(escaped, escaped, escaped, escaped, strict=True):
        link = f'<a href="{url}" lang="{spoken}" dir="auto">{title}</a>'
        yield f'<li>{link} <span class="count">{day}</span></li>'


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    """The texts as HTML: made of one, which takes a fraction of the time."""
    escaped = escape("\0".join(texts)).split("\0")
    return escaped if len(escaped) == len(texts) else [escape(text) for text in texts]


def _other_categories(post: Post, section: Section | None = None) -> tuple[str, ...]:
    """Those of the post's categories under whose heading it does not stand."""
    heading = section.title.casefold() if section else None
    return tuple(category for category in post.categories if category.casefold() != heading)


def _other_links(html: str, text: str, url: str = "") -> Mapping[str, str]:
    """The addresses in some HTML that its text does not spell out, with their words; not the post's own."""
    return {link: words for link, words in links(html).items() if link not in text and link != url}


def _picture(entry: Entry, column: int) -> Mapping[str, object] | None:
    """Address, width and style of the picture that stands for an entry; None if its excerpt shows it anyway.

    A height would leave a hole where images are blocked.
    """
    image = entry.image
    if image is None or not image.url.startswith("https://") or shows(entry.excerpt.html, image.url):
        return None
    width, _ = scaled(image.width, image.height, column, TALLEST)
    return {"url": image.url, "width": width or column, "style": shrinking(width or column)}


def _wrapped(text: str, indent: str = "") -> str:
    """The text in lines as wide as the text part; those after the first begin with an indentation."""
    return wrap(text, WIDTH - len(indent)).replace("\n", f"\n{indent}")


def _underlined(text: str, char: str) -> str:
    """The text, and below it a line of characters as long as its longest."""
    longest = max(columns(line) for line in text.split("\n"))
    return f"{text}\n{char * longest}"
