"""The words of a letter: fixed phrases, what its period is called, the direction of a script."""

from __future__ import annotations

from collections.abc import Mapping

from feeds.locales import format_days, format_skeleton
from feeds.newsletter.periods import Period

STRINGS: Mapping[str, str] = {
    "also": "Also:",
    "also_in": "also in",
    "contents": "In this issue:",
    "continue_reading": "Continue reading",
    "feed": "Feed",
    "links": "Links:",
    "more": "More",
    "more_posts": "+ %d more",
    "page_reason": "This is an issue of %s.",
    "posts": "Posts",
    "preheader_end": "Every new post, with its first lines and a link.",
    "reading_time": "%d min read",
    "reason": "You receive this e-mail because you subscribed to %s.",
    "sender": "Sent by %s",
    "unsubscribe": "Unsubscribe",
    "whole_post": "On the web",
    "view_online": "View in browser",
}
"""What the templates say in words of their own."""


def format_period(period: Period, language: str) -> str:
    """What an issue is called: `November 2026`, `Q4 2026`, or the days from and to."""
    skeleton = {"monthly": "yMMMM", "quarterly": "yQQQ"}.get(period.kind)
    if skeleton:
        return format_skeleton(period.first, skeleton, language)
    return format_days(period.first, period.last, language)
