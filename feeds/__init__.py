"""Turns a folder of Markdown posts into feeds and a newsletter digest."""

__version__ = "0.1.0"
