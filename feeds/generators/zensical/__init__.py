"""Zensical (https://zensical.org/docs/)."""
