"""Docusaurus' blog plugin (https://docusaurus.io/docs/blog)."""
