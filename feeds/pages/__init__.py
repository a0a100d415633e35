"""What people look at on the site."""

from feeds.pages.archive import ARCHIVE, ListedIssue, Newsletter, render_archive
from feeds.pages.subscribe import MARK, SUBSCRIBE, Address, Listed, NewsletterLink, render_subscribe

__all__ = [
    "ARCHIVE",
    "MARK",
    "SUBSCRIBE",
    "Address",
    "Listed",
    "ListedIssue",
    "Newsletter",
    "NewsletterLink",
    "render_archive",
    "render_subscribe",
]
