"""Pelican (https://docs.getpelican.com/)."""
