"""Markdown files as posts, and posts as entries."""
