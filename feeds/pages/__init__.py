"""What people look at on the site."""

from feeds.pages.subscribe import MARK, SUBSCRIBE, Address, Listed, NewsletterLink, render_subscribe

__all__ = ["MARK", "SUBSCRIBE", "Address", "Listed", "NewsletterLink", "render_subscribe"]
