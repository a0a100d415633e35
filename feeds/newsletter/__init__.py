"""Posts → an issue under headings → the letter: HTML with its CSS inlined, plain text, and a message."""

from __future__ import annotations

from feeds.newsletter.issues import (
    check_plans,
    choose,
    compile_issue,
    issue_period,
    list_issues,
    unclaimed,
)
from feeds.newsletter.letter import letter_outputs, render_letter, render_page
from feeds.newsletter.look import Look, load_look
from feeds.newsletter.message import render_eml
from feeds.newsletter.planners import Shelf, newsletter_title
from feeds.newsletter.plans import Gap, Plan, PlannedSection, narrowed, without

__all__ = [
    "Gap",
    "Look",
    "Plan",
    "PlannedSection",
    "Shelf",
    "check_plans",
    "choose",
    "compile_issue",
    "issue_period",
    "letter_outputs",
    "list_issues",
    "load_look",
    "narrowed",
    "newsletter_title",
    "render_eml",
    "render_letter",
    "render_page",
    "unclaimed",
    "without",
]
