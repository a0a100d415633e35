"""What the letter's templates do with values: `{{ value | name }}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from feeds.columns import columns, wrap
from feeds.locales import direction, format_day
from feeds.model import Entry, Post, Section, Site
from feeds.newsletter.fragment import links, mail_html
from feeds.newsletter.lines import WIDTH, shorten
from feeds.newsletter.wording import STRINGS
from feeds.templating import Html


def letter_filters(site: Site) -> Mapping[str, Callable[..., object]]:
    """The filters of the letter's templates; days are written in the site's language."""

    def day(value: dt.datetime) -> str:
        """The calendar day as written in the post."""
        return format_day(value.date(), site.language)

    def facts(entry: Entry, section: Section) -> str:
        """Day, authors, reading time and further categories on one line."""
        authors = ", ".join(author.name for author in entry.post.authors)
        others = ", ".join(_other_categories(entry.post, section))
        parts = [
            day(entry.post.published),
            authors,
            STRINGS["reading_time"] % entry.reading_minutes,
            others and f"{STRINGS['also_in']} {others}",
        ]
        return " · ".join(filter(None, parts))

    return {
        "day": day,
        "direction": direction,
        "facts": facts,
        "mail_html": _mail_html,
        "other_categories": _other_categories,
        "other_links": _other_links,
        "shorten": shorten,
        "underlined": _underlined,
        "wrap": _wrapped,
    }


def _mail_html(html: str) -> Html:
    return Html(mail_html(html))


def _other_categories(post: Post, section: Section) -> tuple[str, ...]:
    """Those of the post's categories under whose heading it does not stand."""
    heading = section.title.casefold()
    return tuple(category for category in post.categories if category.casefold() != heading)


def _other_links(entry: Entry) -> tuple[str, ...]:
    """The addresses in the excerpt's HTML that its text does not spell out."""
    shown = entry.excerpt.text
    return tuple(url for url in links(entry.excerpt.html) if url not in shown and url != entry.post.url)


def _wrapped(text: str) -> str:
    return wrap(text, WIDTH)


def _underlined(text: str, char: str) -> str:
    """The text, and below it a line of characters as long as its longest."""
    longest = max(columns(line) for line in text.split("\n"))
    return f"{text}\n{char * longest}"
