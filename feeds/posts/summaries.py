"""The excerpts that generators take by themselves from posts without a mark: Hugo, Pelican, Jekyll."""

from __future__ import annotations
