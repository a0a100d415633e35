"""Zola (https://www.getzola.org/documentation/)."""
