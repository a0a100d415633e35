"""Posts → an issue under headings → the letter: HTML with its CSS inlined, plain text, and a message."""

from __future__ import annotations

from feeds.newsletter.issues import Plan, compile_issue, newest_issue, newsletter_title, plan_issue
from feeds.newsletter.letter import letter_outputs, page_output, render_letter
from feeds.newsletter.message import render_eml

__all__ = [
    "Plan",
    "compile_issue",
    "letter_outputs",
    "newest_issue",
    "newsletter_title",
    "page_output",
    "plan_issue",
    "render_eml",
    "render_letter",
]
